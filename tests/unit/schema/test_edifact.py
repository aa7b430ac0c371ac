"""UN/EDIFACT schemas: what is shipped, read as trees, and what a tree says of repetition and code lists."""

import pickle
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.errors import SchemaUnknown
from hub.schema import edifact
from hub.schema.catalog import Catalog
from hub.schema.dependencies import settled
from hub.schema.model import DataType, Dependency, Kind, Node, Rule, Schema

ROOT = Path(__file__).resolve().parents[3] / "schemas" / "edifact"
YEARS = [*range(94, 100), *range(22)]
PROMISED = ["D.93A", *(f"D.{year:02}{letter}" for year in YEARS for letter in ("ABC" if year == 1 else "AB"))]
SOME = ["D.93A", "D.94B", "D.95B", "D.99B", "D.02B", "D.16B", "S1", "S2", "S3", "S4"]


def outline(node: Node) -> Iterator[str]:
    """The segments and groups below ``node``: ``SG1 C5 (NAD M1 CTA C1)``."""
    for child in node.children:
        text = f"{child.key} {'M' if child.min else 'C'}{child.max}"
        yield f"{text} ({' '.join(outline(child))})" if child.kind is Kind.GROUP else text


def find(schema: Schema, *keys: str) -> Node:
    """The node at a path of keys."""
    node = schema.root
    for key in keys:
        child = node.child(key)
        assert child, f"{node.key} has no {key}"
        node = child
    return node


def test_what_was_promised_is_shipped() -> None:
    assert edifact.directories(ROOT) == [*PROMISED, "S1", "S2", "S3", "S4"]
    assert len(PROMISED) == 58


def test_every_message_that_was_imported_is_listed() -> None:
    counted = 0
    for line in (ROOT / "directories.txt").read_text().splitlines():
        found = re.match(r"(\d\d[A-Z]) \S+ sha256:\S+ (\d+)\+(\d+) messages", line)
        if found:
            listed = edifact.messages(ROOT, f"D.{found[1]}")
            assert len(listed) == int(found[2]) + int(found[3])
            counted += len(listed)
    assert counted == 11_052


def test_interactive_messages() -> None:
    schema = edifact.load(ROOT, "D.02B", "IHCEBI")
    assert " ".join(outline(schema.root)) == (
        "UIH M1 MSD M1 SG1 C9 (PRT M1 NAA C9 CON C9 FRM C9) SG2 C1 (DTI M1 ICI C1 FRM C9 "
        "SG3 C999 (BCD M1 HDS C9 DTI C1 PRT C9 FRM C9))"
    )
    assert [node.tag for node in find(schema, "SG1", "NAA").children][:3] == ["3035", "E082", "3124"]
    assert schema.codes["0325"] == {"D": "Duplicate"}
    assert "FL" in schema.codes["3035"]


def test_paxlst_d02b_has_its_groups() -> None:
    schema = edifact.load(ROOT, "D.02B", "PAXLST")
    assert schema.id == "edifact:D.02B:PAXLST"
    assert schema.root.kind is Kind.MESSAGE
    assert " ".join(outline(schema.root)) == (
        "UNH M1 BGM M1 RFF C1 DTM C9 SG1 C5 (NAD M1 CTA C1 COM C9) "
        "SG2 M10 (TDT M1 DTM M1 SG3 C99 (LOC M1 DTM C5)) "
        "SG4 C99999 (NAD M1 ATT C9 DTM C9 MEA C9 GEI C5 FTX C5 LOC C25 COM C1 EMP C9 NAT C9 RFF C1 "
        "SG5 C5 (DOC M1 DTM C5 GEI C9 RFF C9 LOC C2 CPI C1 QTY C9) SG6 C99 (GID M1 FTX C9 QTY C9) "
        "SG7 C1 (TDT M1 FTX C1)) CNT C1 AUT C1"
    )


def test_cuscar_d95b_is_read_once_and_without_its_deleted_rows() -> None:
    schema = edifact.load(ROOT, "D.95B", "CUSCAR")
    assert [child.key for child in schema.root.children] == [
        "UNH", "BGM", "DTM", "RFF", "NAD", "FTX", "SG1", "GIS", "SG2", "CNT", "SG4", "SG13",
    ]  # fmt: skip
    assert [child.key for child in find(schema, "SG4", "SG5").children] == [
        "RFF", "CNT", "MOA", "LOC", "GIS", "CUX", "CPI", "SG6", "SG7", "SG9", "SG10",
    ]  # fmt: skip
    assert find(schema, "SG4").max == 9999
    assert find(schema, "SG4", "SG5", "SG10").min == 1


def test_cusres_d16b_has_its_groups() -> None:
    schema = edifact.load(ROOT, "D.16B", "CUSRES")
    assert " ".join(outline(schema.root)) == (
        "UNH M1 BGM M1 DTM C9 FTX C99 TDT C9 LOC C99 GEI C10 EQD C999 SG1 C99 (NAD M1 SG2 C9 (CTA M1 COM C9)) "
        "SG3 C999 (RFF M1 DTM C9 LOC C9) SG4 C99999 (ERP M1 RFF C9 ERC C99 FTX C99) SG5 C99 (TAX M1 MOA C99 GEI C99) "
        "SG6 C99999 (DOC M1 PAC C9 RFF C9 PCI C9 FTX C99 TDT C9 LOC C9 DTM C9 GEI C99 MEA C99 EQD C999 "
        "SG7 C9 (NAD M1 SG8 C9 (CTA M1 COM C9)) SG9 C99 (MOA M1 SG10 C9 (CUX M1 DTM C1)) "
        "SG11 C99 (TAX M1 MOA C99 GEI C99) SG12 C9999 (CST M1 FTX C9 SG13 C999999 (TAX M1 MOA C99 GEI C99 MEA C9 "
        "RFF C9)) SG14 C9999 (ERP M1 RFF C9 ERC C9999 FTX C9)) CNT C9 SG15 C9 (AUT M1 DTM C9)"
    )
    assert find(schema, "BGM", "C002", "1001").codes == "1001"


def test_neighbouring_components_become_slots() -> None:
    name = find(edifact.load(ROOT, "D.02B", "PAXLST"), "SG4", "NAD", "C080", "3036")
    assert (name.kind, name.min, name.max, name.slots) == (Kind.ELEMENT, 1, 5, 5)
    assert (name.type, name.min_length, name.max_length, name.codes) == (DataType.ALPHANUMERIC, 0, 35, None)


def test_neighbouring_elements_and_composites_become_slots() -> None:
    special = edifact.segment(ROOT, "D.02B", "ALI").child("4183")
    assert special
    assert (special.min, special.max, special.slots) == (0, 5, 5)
    component = edifact.segment(ROOT, "D.16B", "PNA").child("C816")
    assert component
    assert (component.kind, component.max, component.slots) == (Kind.COMPOSITE, 5, 5)


def test_a_repetition_count_in_the_segment_table_takes_one_position() -> None:
    before = edifact.segment(ROOT, "D.95B", "ADR").child("C517")
    since = edifact.segment(ROOT, "D.02B", "ADR").child("C517")
    assert before
    assert since
    assert (before.max, before.slots) == (1, 1)
    assert (since.max, since.slots) == (5, 1)


def test_a_component_that_a_note_repeats() -> None:
    cell = edifact.segment(ROOT, "D.95B", "ARR").children[-1].child("9424")
    assert cell
    assert (cell.max, cell.slots) == (100, 100)


def test_a_tag_that_comes_again_gets_a_number() -> None:
    keys = [child.key for child in edifact.segment(ROOT, "D.95B", "LIN").children]
    assert keys == ["1082", "1229", "C212", "C829", "1222", "7083"]
    schema = edifact.load(ROOT, "D.96A", "BAPLIE")
    repeated = [child.key for child in find(schema, "SG3").children if child.tag == "LOC"]
    assert repeated == ["LOC", "LOC~2"]


def test_a_dependency_note_counts_positions_on_the_wire() -> None:
    assert edifact.segment(ROOT, "D.02B", "TDT").depends == (Dependency(Rule.FIRST_NEEDS_ALL, (4, 3)),)
    assert edifact.segment(ROOT, "D.02A", "TDT").depends == ()


def test_representations() -> None:
    unb = edifact.segment(ROOT, "S3", "UNB")
    date = find(Schema("", unb, {}), "S004", "0017")
    assert (date.type, date.min_length, date.max_length) == (DataType.NUMERIC, 6, 6)
    newer = find(Schema("", edifact.segment(ROOT, "S4", "UNB"), {}), "S004", "0017")
    assert (newer.min_length, newer.max_length) == (8, 8)


def test_unh_depends_on_the_syntax_version() -> None:
    def components(version: str) -> list[str]:
        return [child.key for child in find(Schema("", edifact.segment(ROOT, version, "UNH"), {}), "S009").children]

    assert components("S3") == ["0065", "0052", "0054", "0051", "0057"]
    assert components("S4") == ["0065", "0052", "0054", "0051", "0057", "0110", "0113"]
    assert [child.key for child in edifact.segment(ROOT, "S3", "UNH").children] == ["0062", "S009", "0068", "S010"]
    newest = [child.key for child in edifact.segment(ROOT, "S4", "UNH").children]
    assert newest == ["0062", "S009", "0068", "S010", "S016", "S017", "S018"]


@pytest.mark.parametrize("version", ["S1", "S2", "S3", "S4"])
def test_contrl_of_every_syntax_version(version: str) -> None:
    schema = edifact.load(ROOT, version, "CONTRL")
    assert " ".join(outline(schema.root)) == (
        "UNH M1 UCI M1 SG1 C999999 (UCM M1 SG2 C999 (UCS M1 UCD C99)) "
        "SG3 C999999 (UCF M1 SG4 C999999 (UCM M1 SG5 C999 (UCS M1 UCD C99)))"
    )
    assert schema.codes["0083"]["8"] == "Interchange received"
    assert ("19" in schema.codes["0085"]) is (version != "S4")
    assert ("45" in schema.codes["0085"]) is (version == "S4")


@pytest.mark.parametrize("version", ["S3", "S4"])
def test_autack_and_keyman(version: str) -> None:
    assert " ".join(outline(edifact.load(ROOT, version, "AUTACK").root)) == (
        "UNH M1 SG1 M99 (USH M1 USA C3 SG2 C2 (USC M1 USA C3 USR C1)) USB M1 SG3 M9999 (USX M1 USY M9) "
        "SG4 M99 (UST M1 USR C1)"
    )
    keyman = edifact.load(ROOT, version, "KEYMAN")
    assert " ".join(outline(keyman.root)) == (
        "UNH M1 SG1 C999 (USE M1 USX C1 SG2 M9 (USF M1 USA C1 SG3 C1 (USC M1 USA C3 USR C1))) "
        "SG4 C99 (USL M1 SG5 M9999 (USC M1 USA C3 USR C1))"
    )
    assert keyman.codes["0579"]["130"] == "Revocation request"


def test_composites_of_security_repeat_in_places_before_version_4_and_by_separator_since() -> None:
    before, since = (edifact.segment(ROOT, version, "USC") for version in ("S3", "S4"))
    assert [(node.max, node.slots) for node in before.children if node.tag == "S501"] == [(4, 4)]
    assert [(node.max, node.slots) for node in since.children if node.tag == "S501"] == [(4, 1)]
    assert before.depends == (Dependency(Rule.FIRST_NEEDS_ALL, (19, 18)),)
    assert since.depends == (Dependency(Rule.FIRST_NEEDS_ALL, (11, 10)),)


def test_every_service_segment_of_version_4() -> None:
    tags = [f"UC{letter}" for letter in "DFIMS"] + [f"UG{letter}" for letter in "HT"]
    tags += [f"UI{letter}" for letter in "BHRTZ"] + [f"UN{letter}" for letter in "ABEGHOPSTZ"]
    tags += [f"US{letter}" for letter in "ABCDEFHLRTUXY"]
    assert all(edifact.segment(ROOT, "S4", tag).children for tag in tags)
    interactive = edifact.segment(ROOT, "S4", "UIH")
    assert [child.key for child in interactive.children] == ["S306", "0340", "S302", "S301", "S300", "0035"]


def test_dependency_notes_of_service_segments_and_composites() -> None:
    assert edifact.segment(ROOT, "S4", "UNG").depends == (Dependency(Rule.ALL_OR_NONE, (1, 6, 7)),)
    place = edifact.segment(ROOT, "S4", "UCD").child("S011")
    assert place
    assert place.depends == (Dependency(Rule.AT_MOST_ONE, (2, 3)),)
    assert edifact.segment(ROOT, "S3", "UNG").depends == ()


def test_positions_of_dependency_notes_are_those_of_the_table() -> None:
    def wide(node: Node) -> int:
        return sum(max(child.slots, 1) for child in node.children)

    def check(node: Node) -> None:
        for note in node.depends:
            assert len(set(note.positions)) == len(note.positions) >= 2
            assert max(note.positions) <= wide(node)
        for child in node.children:
            check(child)

    for message in edifact.messages(ROOT, "S4"):
        check(edifact.load(ROOT, "S4", message).root)
    for tag in ("UIB", "UIR", "UNG", "UCM"):
        check(edifact.segment(ROOT, "S4", tag))


def test_code_lists_are_those_of_the_directory() -> None:
    old, new = edifact.load(ROOT, "D.95B", "CUSCAR"), edifact.load(ROOT, "D.16B", "CUSCAR")
    assert old.codes["1001"]["380"] == new.codes["1001"]["380"] == "Commercial invoice"
    assert len(old.codes["1001"]) < len(new.codes["1001"])


def test_every_code_list_that_a_node_names_can_be_read() -> None:
    schema = edifact.load(ROOT, "D.16B", "CUSRES")
    assert len(schema.codes) > 20
    assert all(len(schema.codes[name]) > 0 for name in schema.codes)
    assert schema.codes.get("3036") is None  # a name has no codes


def test_a_code_list_is_read_only_when_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    schema = edifact.Library(ROOT).load("D.02B", "PAXLST")
    read: list[str] = []
    real = edifact.edifact_text.read
    monkeypatch.setattr(edifact.edifact_text, "read", lambda path: read.append(path.name) or real(path))
    assert schema.codes["3035"]["FL"] == "Passenger"
    assert "ZZZ" in schema.codes["3035"]
    assert read == ["3035.txt"]


def test_a_schema_survives_the_way_to_another_process() -> None:
    schema = edifact.load(ROOT, "D.02B", "PAXLST")
    copy = pickle.loads(pickle.dumps(schema))
    assert copy.root == schema.root
    assert copy.codes["3035"] == schema.codes["3035"]


def test_every_group_begins_with_a_mandatory_segment_that_nearly_always_occurs_once() -> None:
    def triggers(node: Node) -> Iterator[Node]:
        for child in node.children:
            if child.kind is Kind.GROUP:
                yield child.children[0]
                yield from triggers(child)

    twice = set()
    for directory in SOME:
        for message in edifact.messages(ROOT, directory):
            for trigger in triggers(edifact.load(ROOT, directory, message).root):
                assert (trigger.kind, trigger.min) == (Kind.SEGMENT, 1), f"{directory} {message}"
                if trigger.max != 1:
                    twice.add((directory, message, trigger.tag))
    assert twice == {("D.93A", "SANCRT", "PAC"), ("D.94B", "SANCRT", "PAC"), ("D.94B", "REMADV", "NAD")}  # as printed


@pytest.mark.parametrize(
    ("directory", "message", "hint"),
    [
        ("D.02B", "PAXLIS", "is it PAXLST?"),
        ("D.95B", "BALANC", "D.95B has no BALANC; directories that have: "),
        ("D.77Q", "PAXLST", "D.77Q is not installed"),
        ("D.02B", "../PAXLST", "no installed directory has a message ../PAXLST"),
        ("../D.02B", "PAXLST", "is not installed"),
    ],
)
def test_what_is_not_installed_is_refused_with_a_hint(directory: str, message: str, hint: str) -> None:
    with pytest.raises(SchemaUnknown) as caught:
        edifact.load(ROOT, directory, message)
    assert hint in str(caught.value)


def test_an_unknown_segment_is_refused() -> None:
    with pytest.raises(SchemaUnknown, match="segment XXX is not described"):
        edifact.segment(ROOT, "D.02B", "XXX")


def test_the_catalogue_lists_what_it_can_load(catalog: Catalog) -> None:
    ids = catalog.ids()
    assert {"edifact:D.02B:PAXLST", "edifact:S4:CONTRL", "xsd:manifest:MT1401"} <= set(ids)
    assert len(ids) == len(set(ids))
    for id in ids:
        if not id.startswith("edifact:D."):
            assert catalog.get(id).id == id


@pytest.mark.parametrize("id", ["", "edifact", "edifact:D.02B", "edifact:D.02B:PAXLST:x", "tarot:a:b", "edifact::"])
def test_the_catalogue_refuses_what_is_no_id(catalog: Catalog, id: str) -> None:
    with pytest.raises(SchemaUnknown):
        catalog.get(id)


def test_threads_get_the_same_schema() -> None:
    catalog = Catalog(ROOT.parent)
    start, found = threading.Barrier(8), []

    def ask() -> None:
        start.wait()
        found.append(catalog.get("edifact:D.02B:CUSCAR"))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert all(schema is found[0] for schema in found)


def test_notes_that_contradict_each_other_settle():
    """UCM of syntax version 4: a message (0062, S009) or a package (0800, S020), each with all that belongs to it."""
    ucm = edifact.segment(ROOT, "S4", "UCM")
    counts = settled(ucm, [1] * len(ucm.children))
    used = {child.key for child, count in zip(ucm.children, counts, strict=True) if count}
    assert {"0062", "S009"} <= used
    assert not used & {"0800", "S020"}
