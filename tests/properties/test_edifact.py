"""What must hold for every EDIFACT Document and for every damaged interchange."""

from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from hub.formats.edifact.contrl import answerable, contrl
from hub.formats.edifact.limits import Limits
from hub.formats.edifact.reader import read
from hub.formats.edifact.scrutiny import Scrutiny
from hub.formats.edifact.segments import recognise
from hub.formats.edifact.separators import SEPARATORS, Separators
from hub.formats.edifact.steps import message_table
from hub.formats.edifact.style import Style
from hub.formats.edifact.writer import rewrap, write
from hub.formats.remarks import Remarks
from hub.formats.source import Lines, Memory
from hub.model.finding import Finding, Severity
from hub.model.message import Envelope, Reading
from hub.schema.catalog import Catalog
from hub.schema.dependencies import settled
from hub.schema.model import DataType, Kind, Node, Schema

TYPES = (
    "edifact:D.02B:PAXLST",
    "edifact:D.95B:CUSCAR",
    "edifact:D.96A:CUSRES",
    "edifact:S4:CONTRL",
    "edifact:S3:CONTRL",
)
ORDERED = (*TYPES[:4], "edifact:D.96A:ORDERS", "edifact:D.01B:INVOIC", "edifact:D.99B:IFTMIN", "edifact:D.00B:CODECO")
ENVELOPE = Envelope(sender="A'B", recipient="C", control_ref="42", prepared_at="2611231200", syntax_id="UNOW")
UNCOMPARED = "7"  # a control total that nobody adds up
PRINTABLE = st.characters(min_codepoint=0x20, max_codepoint=0x9FFF, exclude_categories=("Cc", "Cs", "Cn", "Co"))
SEPARATOR_SETS = (
    SEPARATORS,
    Separators("=", "^", ",", "!", "", "~"),
    Separators("\x1f", "\x1d", ".", "\\", "", "\x1c"),
)


def leaf(node: Node, schema: Schema) -> st.SearchStrategy[str]:
    """Values that ``node`` may hold."""
    if node.codes and schema.codes.get(node.codes):
        return st.sampled_from(sorted(schema.codes[node.codes]))
    low, high = max(node.min_length, 1), min(node.max_length or 20, max(node.min_length, 12))
    if node.type is DataType.NUMERIC:
        return st.text("0123456789", min_size=low, max_size=high)
    alphabet = st.sampled_from("ABCXYZ") if node.type is DataType.ALPHA else PRINTABLE
    return st.text(alphabet, min_size=low, max_size=high)


@st.composite
def part(draw: st.DrawFn, node: Node, schema: Schema, last: bool, repeats: bool) -> Any:
    """What a composite or element may be in the Document; ``repeats`` when there is a repetition separator."""
    if node.kind is Kind.COMPOSITE:
        one: st.SearchStrategy[Any] = inner(node, schema, repeats)
    else:
        one = leaf(node, schema)
    if node.max == 1:
        return draw(one)
    most = node.slots if node.slots > 1 else min(node.max or 3, 3) if repeats or last else 1
    return draw(st.lists(one, min_size=1, max_size=most))


@st.composite
def inner(draw: st.DrawFn, node: Node, schema: Schema, repeats: bool) -> dict[str, Any]:
    """What a segment or composite may hold: all that is mandatory, some of the rest."""
    present = [child for child in node.children if child.min or draw(st.integers(0, 3)) == 0]
    present = present or [node.children[0]]
    counts = settled(node, [child.slots if child in present else 0 for child in node.children])
    there = [child for child, count in zip(node.children, counts, strict=True) if count]
    return {child.key: draw(part(child, schema, child is node.children[-1], repeats)) for child in there}


@st.composite
def group(draw: st.DrawFn, node: Node, schema: Schema, repeats: bool) -> dict[str, Any]:
    """A whole message or group; the header and what would make the structure ambiguous are left out."""
    found: dict[str, Any] = {}
    for child in node.children:
        if child.tag == "UNH" or not (child.min or child is node.children[0] or draw(st.integers(0, 4)) == 0):
            continue
        one = group(child, schema, repeats) if child.kind is Kind.GROUP else inner(child, schema, repeats)
        found[child.key] = draw(one if child.max == 1 else st.lists(one, min_size=1, max_size=2))
    return found


@st.composite
def messages(draw: st.DrawFn, catalog: Catalog) -> tuple[dict[str, Any], Schema, Envelope, Style]:
    """A Document with its schema, and a way to write it."""
    schema = catalog.get(draw(st.sampled_from(TYPES)))
    version = draw(st.sampled_from("1234"))
    document = draw(group(schema.root, schema, version == "4"))
    charset = draw(st.sampled_from((None, "gb18030")))
    style = Style(draw(st.sampled_from(SEPARATOR_SETS)), crlf=draw(st.booleans()), charset=charset)
    totals = document.get("CNT", [])
    for total in totals if isinstance(totals, list) else [totals]:
        total["C270"]["6069"] = UNCOMPARED
    return document, schema, replace(ENVELOPE, syntax_version=version), style


RELAXED = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], max_examples=60)


@RELAXED
@given(st.data())
def test_what_is_written_is_read_again(catalog: Catalog, data: st.DataObject) -> None:
    document, schema, envelope, style = data.draw(messages(catalog))
    written = write(document, schema, envelope, message_ref="1", style=style)
    reading = read(written, catalog, charset=style.charset)
    found = {finding.code for finding in reading.all_findings()}
    assert found <= {"edifact.value-date"}  # random dates are of no form
    message = reading.interchanges[0].messages[0]
    assert message.document is not None
    assert {key: value for key, value in message.document.items() if key != "UNH"} == document
    assert write(message.document, schema, envelope, message_ref="1", style=style) == written
    again = rewrap(written, message, envelope)
    assert read(again, catalog, charset=style.charset).interchanges[0].messages[0].document == message.document


SOUND = (
    "UNA:+.?*'UNB+UNOC:4+A+B+20261123:1200+7'UNG+PAXLST+A+B+20261123:1200+1+UN+D:02B'UNH+1+PAXLST:D:02B:UN'BGM+745'"
    "NAD+MS+++O?'NEIL'COM+1:TE'TDT+20+OA1'DTM+189:261123:101'LOC+125+CNSHA'NAD+FL+++MÜLLER:XIA'ATT+2++F*M'MEA+WT++KGM:1.5'"
    "NAT+2+CHN'DOC+39:110:111+E1'DTM+36:301231'LOC+91+CHN'CNT+42:1'UNT+16+1'UNE+1+1'UNZ+1+7'"
).encode("latin-1")


def survives(data: bytes, catalog: Catalog) -> Reading:
    """``data`` gives a Reading, whose findings all have a place and a text, and whose CONTRLs are sound."""
    reading = read(data, catalog)
    for finding in reading.all_findings():
        assert finding.place.offset is not None
        assert 0 <= finding.place.offset <= len(data)
        assert finding.standard("contrl")
        shown = finding.as_json()
        assert shown["en"]
        assert shown["zh"]
    for interchange in reading.interchanges:
        if answerable(interchange):
            answer = contrl(interchange, envelope=ENVELOPE, control_ref="9", catalog=catalog)
            assert read(answer, catalog).valid
    return reading


def faults(segments: list[str], catalog: Catalog) -> list[Finding]:
    """The errors about an interchange of these segments, whose last but one is UNT, its count put right."""
    *head, unt, unz = segments
    tag, _, rest = unt.partition("+")
    count = len(head) - next(index for index, text in enumerate(head) if text.startswith("UNH")) + 1
    text = "".join(f"{one}'" for one in [*head, f"{tag}+{count}+{rest.partition('+')[2]}", unz])
    findings = read(text.encode("latin-1"), catalog).all_findings()
    return [finding for finding in findings if finding.severity is Severity.ERROR]


@RELAXED
@given(st.data())
def test_one_segment_wrong_is_one_fault(catalog: Catalog, data: st.DataObject) -> None:
    """A segment deleted, doubled, inserted or exchanged: hardly ever two findings, and where it happened."""
    schema = catalog.get(data.draw(st.sampled_from(ORDERED)))
    document = data.draw(group(schema.root, schema, False))
    plain = Style(SEPARATORS, una=False)
    written = write(document, schema, replace(ENVELOPE, sender="A", syntax_version="3"), message_ref="1", style=plain)
    segments = written.decode("latin-1").replace("?'", "").split("'")[:-1]  # UNB UNH … UNT UNZ
    assume(len(segments) > 5)
    assume(not faults(segments, catalog))
    at = data.draw(st.integers(2, len(segments) - 3))  # segment number ``at`` of the message
    deed = data.draw(st.sampled_from(["delete", "double", "insert", "swap", "unknown"]))
    match deed:
        case "delete":
            del segments[at]
        case "double":
            segments.insert(at, segments[at])
        case "insert":
            segments.insert(at, data.draw(st.sampled_from(segments[2:-2])))
        case "swap":
            segments[at : at + 2] = reversed(segments[at : at + 2])
        case _:
            segments.insert(at, "XQX+1")
    if segments[-2].startswith("UNT"):
        found = faults(segments, catalog)
        assert len(found) <= (1 if deed == "unknown" else 2), found
        assert all(abs((finding.place.segment or 0) - at) <= 4 for finding in found)
        assert deed != "unknown" or [(one.place.segment, one.place.tag) for one in found] == [(at, "XQX")]


@given(st.integers(0, len(SOUND) - 1), st.integers(0, 255))
def test_any_byte_changed(catalog: Catalog, at: int, byte: int) -> None:
    survives(SOUND[:at] + bytes([byte]) + SOUND[at + 1 :], catalog)


@given(st.integers(0, len(SOUND)), st.integers(0, 60), st.binary(max_size=10))
def test_any_piece_replaced(catalog: Catalog, at: int, length: int, piece: bytes) -> None:
    survives(SOUND[:at] + piece + SOUND[at + length :], catalog)


@given(st.lists(st.sampled_from(SOUND[9:].decode("latin-1").split("'")), max_size=25))
def test_segments_in_any_order(catalog: Catalog, segments: list[str]) -> None:
    survives(
        "".join(f"{segment}'" for segment in ["UNB+UNOC:4+A+B+20261123:1200+7", *segments]).encode("latin-1"), catalog
    )


@given(st.binary(max_size=300), st.sampled_from([b"", b"UNB+UNOA:3+", b"UNA", b"UNA:+.? 'UNB", SOUND[:120]]))
def test_any_bytes(catalog: Catalog, tail: bytes, head: bytes) -> None:
    survives(head + tail, catalog)


@given(st.integers(0, len(SOUND)))
def test_cut_anywhere(catalog: Catalog, length: int) -> None:
    reading = survives(SOUND[:length], catalog)
    assert reading.valid == (length >= len(SOUND) - 1)


@given(st.sampled_from(["NAD", "ATT", "DTM", "LOC", "DOC", "FTX"]), st.text("ABF12+:.,- ", max_size=40))
def test_fast_and_slow_reading_agree(catalog: Catalog, tag: str, text: str) -> None:
    table = message_table(catalog.get("edifact:D.02B:PAXLST")).positions(tag)[0].table
    segment = f"{tag}+{text}"
    fast = recognise(table, segment, "+", ":")
    remarks = Remarks(Lines(Memory(segment.encode())), Limits().findings, "edifact")
    scrutiny = Scrutiny(
        SEPARATORS, str, remarks, version="3", strict_repetition=True, own_codes=False, limit=Limits().elements
    )
    slow = scrutiny.segment(table, segment, 1, 0, tag)
    if fast is not None:
        assert remarks.all() == ()
        assert slow == fast
