"""What must hold for every X12 Document and for every damaged interchange; and that our fast path and pyx12 agree."""

import random
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.formats import samples
from hub.formats.source import Lines, Memory
from hub.formats.x12.acknowledgment import acknowledge, answers, parse
from hub.formats.x12.frames import Cut
from hub.formats.x12.isa import Separators
from hub.formats.x12.limits import Limits
from hub.formats.x12.reader import read
from hub.formats.x12.segments import recognise
from hub.formats.x12.sets import SetReader
from hub.formats.x12.setting import Setting
from hub.formats.x12.steps import set_table
from hub.formats.x12.structure import Structure
from hub.formats.x12.style import Style
from hub.formats.x12.validator import Walk, validator
from hub.formats.x12.writer import write
from hub.model.finding import Severity
from hub.model.message import Document, Envelope, Reading
from hub.model.partner import Acknowledge
from hub.schema.catalog import Catalog
from hub.schema.sampling import Extent, Sampling
from hub.schema.x12 import X12Schema
from tests.conftest import ROOT

ENVELOPE = Envelope("TRADER", "ZZ", "HUBCSX", "ZZ", "42", "202611231200")
HUB = Envelope("HUBCSX", "ZZ", "TRADER", "ZZ", "7", "202611231201")
SEPARATORS = (
    Separators(),
    Separators("|", ">", "~", "\n"),
    Separators("\x1d", "\x1f", "\x1e", "\x1c"),
    Separators("^", "<", "`", "!"),
    Separators("+", "{", "}", "'"),
)
QUIET = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@cache
def catalog() -> Catalog:
    return Catalog(ROOT / "schemas")


@cache
def types() -> list[str]:
    return [one for one in catalog().ids() if one.startswith("x12:")]


def schema(type_: str) -> X12Schema:
    found = catalog().get(type_)
    assert isinstance(found, X12Schema)
    return found


@dataclass(frozen=True)
class Drawn:
    """A Document by how it was made, which is shorter to tell."""

    type: str
    extent: Extent
    seed: int

    @property
    def schema(self) -> X12Schema:
        return schema(self.type)

    def document(self) -> Document:
        return samples.drawn(self.schema, Sampling(self.extent, dice=random.Random(self.seed)))


DRAWN = st.builds(
    Drawn,
    st.deferred(lambda: st.sampled_from(types())),
    st.sampled_from([Extent.VARIED, Extent.MINIMAL]),
    st.integers(0, 1 << 32),
)


def grave(reading: Reading) -> list[str]:
    return [one.code for one in reading.all_findings() if one.severity is not Severity.INFO]


def content(reading: Reading) -> list[Any]:
    return [(one.envelope, [(m.type, m.ref, m.document) for m in one.messages]) for one in reading.interchanges]


def setting_of(chosen: X12Schema, document: Document) -> tuple[Setting, range]:
    """A written Document, cut into segments: the setting, and where its set stands (without SE)."""
    data = write(document, chosen, ENVELOPE, message_ref="").decode("latin-1")
    start = data.index("~") + 1
    cut = Cut(data[start:], start, "~", 10_000)
    separators = Separators(repetition="^" if chosen.version >= "005010" else "")
    setting = Setting(cut, separators, None, Lines(Memory(data.encode())), Limits(), catalog())
    end = next(index for index, text in enumerate(cut.texts) if text.startswith("SE*"))
    return setting, range(1, end)


@QUIET
@given(DRAWN, st.sampled_from(SEPARATORS), st.sampled_from(["", "\r\n", "\n"]))
def test_what_is_written_is_read_again(drawn: Drawn, separators: Separators, newline: str) -> None:
    chosen, document = drawn.schema, drawn.document()
    style = Style(separators, newline if separators.terminator != "\n" else "")
    reading = read(write(document, chosen, ENVELOPE, message_ref="", style=style), catalog())
    (interchange,) = reading.interchanges
    (message,) = interchange.messages
    assert not grave(reading)
    assert (message.type, message.document) == (chosen.id, document)
    assert interchange.envelope == replace(
        ENVELOPE, control_ref="000000042", prepared_at="2611231200", syntax_version=chosen.version[:5]
    )


@QUIET
@given(DRAWN)
def test_both_ways_to_a_document_lead_to_the_same_one(drawn: Drawn) -> None:
    """What the fast path reads, pyx12 walks without a lapse, and to the same places."""
    chosen, document = drawn.schema, drawn.document()
    setting, indices = setting_of(chosen, document)
    remarks, table = setting.remarks(), set_table(chosen)
    assert SetReader(setting)._straight(table, indices, remarks) == document
    assert Structure(setting, table, indices, remarks).read() == document
    assert not remarks.all()


@QUIET
@given(DRAWN, st.data())
def test_what_the_fast_path_takes_pyx12_walks_without_a_lapse(drawn: Drawn, data: st.DataObject) -> None:
    """Segments dropped, repeated and moved: nothing that pyx12 objects to gets by unseen."""
    chosen, document = drawn.schema, drawn.document()
    setting, indices = setting_of(chosen, document)
    order = list(indices)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(1, len(order) - 1)) if len(order) > 1 else 0
        to = data.draw(st.integers(1, len(order)))
        match data.draw(st.sampled_from(["drop", "copy", "move"])):
            case "drop" if at:
                order.pop(at)
            case "copy" if at:
                order.insert(to, order[at])
            case "move" if at:
                order.insert(min(to, len(order) - 1), order.pop(at))
    remarks = setting.remarks()
    straight = SetReader(setting)._straight(set_table(chosen), order, remarks)
    walk = Walk(validator(chosen))
    tags = [setting.cut.texts[index].partition("*")[0] for index in order] + ["SE"]
    lapses = [lapse for number, tag in enumerate(tags, 1) for lapse in walk.step(tag, number)[1]]
    assert straight is None or not lapses
    if straight is None:
        judged = Structure(setting, set_table(chosen), order, remarks).read()
        assert bool(lapses) == bool(remarks.all())
        assert judged.keys() <= {child.key for child in chosen.root.children}


VALUES = st.one_of(
    st.sampled_from(
        ["", " ", "0", "-1", "1.5", ".5", "1.", "1-2-3", "20261123", "20260230", "1260", "1200", "A ", "^", "`"]
    ),
    st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E, exclude_characters="*:~"), max_size=12),
    st.from_regex(r"[0-9]{1,12}(\.[0-9]{1,4})?", fullmatch=True),
    st.from_regex(r"[A-Z0-9]{1,6}", fullmatch=True),
)


@settings(QUIET, max_examples=300)
@given(st.sampled_from(["x12:004010:850", "x12:004010:309", "x12:005010:999", "x12:004010:310"]), st.data())
def test_what_is_recognised_pyx12_finds_nothing_wrong_with(type_: str, data: st.DataObject) -> None:
    chosen = schema(type_)
    table = set_table(chosen)
    position = table.by_path[data.draw(st.sampled_from(sorted(table.by_path)))]
    width = data.draw(st.integers(0, position.table.width + 1))
    dice = random.Random(data.draw(st.integers(0, 1 << 32)))
    elements = []
    for at in range(width):
        leaf = position.table.row[at].leaf if at < position.table.width else None
        if leaf is not None and data.draw(st.integers(0, 5)):
            codes = sorted(leaf.codes) if leaf.codes else []
            elements.append(dice.choice(codes) if codes else dice.choice(["1", "12", "123", "AB", "20261123", "1200"]))
        else:
            elements.append(data.draw(VALUES))
    text = "*".join([position.tag, *elements])
    setting = Setting(Cut("", 0, "~", 1), Separators(repetition=""), None, Lines(Memory(b"")), Limits(), catalog())
    values = recognise(position.table, text.split("*"), ":", "") if setting.plain(text) else None
    if values is not None:
        components = [value.split(":") if ":" in value else [] for value in elements]
        assert validator(chosen).segment(position.path, elements, components) == []


@QUIET
@given(DRAWN, st.data())
def test_any_single_byte_changed_gives_findings_or_an_equal_reading(drawn: Drawn, data: st.DataObject) -> None:
    chosen, document = drawn.schema, drawn.document()
    written = bytearray(write(document, chosen, ENVELOPE, message_ref=""))
    before = read(bytes(written), catalog())
    at = data.draw(st.integers(0, len(written) - 1))
    way = data.draw(st.sampled_from(["set", "drop", "add"]))
    byte = data.draw(st.integers(0, 255))
    if way == "set":
        written[at] = byte
    elif way == "drop":
        del written[at]
    else:
        written.insert(at, byte)
    after = read(bytes(written), catalog())
    assert grave(after) or after.all_findings() or _sound(after, before)
    _acknowledged(after)


def _sound(after: Reading, before: Reading) -> bool:
    """Nothing was found: either nothing changed, or one value became another that is as good."""
    return len(after.interchanges) == 1 and len(content(after)[0][1]) == len(content(before)[0][1])


def _acknowledged(reading: Reading) -> None:
    """Whatever was read, each answer to it is sound."""
    for interchange in reading.interchanges:
        for want in Acknowledge:
            refused = any(one.severity is Severity.ERROR for one in interchange.findings)
            if not answers(interchange, want, refused):
                continue
            answer = read(acknowledge(interchange, want, envelope=HUB, catalog=catalog()), catalog())
            assert not grave(answer)
            assert all(parse(message) is not None for message in answer.interchanges[0].messages)


HEAD = "ISA*00*          *00*          *ZZ*TRADER         *ZZ*HUBCSX         *261123*1200*^*00501*000000042*1*T*:~"


@QUIET
@given(
    st.lists(
        st.one_of(
            st.sampled_from(
                ["GS*PO*A*B*20261123*1200*1*X*005010", "ST*850*0001", "SE*2*0001", "GE*1*1", "IEA*1*000000042", "BEG"]
                + [
                    "TA1*000000001*261123*1200*A*000",
                    "BIN*9*abc",
                    "",
                    "*",
                    "ST",
                    "GS",
                    "ISA*",
                    "ISA",
                    "^",
                    ":",
                    HEAD[:-1],
                ]
            ),
            st.text(st.characters(max_codepoint=0xFF), max_size=20),
        ),
        max_size=30,
    )
)
def test_no_segments_raise(segments: list[str]) -> None:
    data = (HEAD + "~".join(segments)).encode("latin-1")
    reading = read(data, catalog())
    assert reading.valid or reading.all_findings()
    for finding in reading.all_findings():
        assert finding.place.offset is not None
        assert finding.place.line is not None
    _acknowledged(reading)


@given(st.binary(max_size=300))
def test_no_bytes_raise(data: bytes) -> None:
    for start in (b"", b"ISA", b"ISA*", HEAD.encode()):
        reading = read(start + data, catalog())
        assert reading.valid or reading.all_findings()
