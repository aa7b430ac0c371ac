"""No value is passed over in silence, and no part read twice costs more than all parts may."""

import pytest

from hub.formats.xlsx import package
from hub.formats.xlsx.book import MOST_FORMATS
from hub.formats.xlsx.reader import read
from hub.schema.catalog import Catalog
from tests.unit.formats.xlsx.boxes import OFFICE, TOP, by_hand, changed, inline

ROW = inline({"A2": "M", "C2": "1", "E2": "800"})
CHOICE = '<x:AlternateContent xmlns:x="urn:x"><x:Choice>{}</x:Choice></x:AlternateContent>'


def _codes(data: bytes, catalog: Catalog) -> list[str]:
    return [finding.code for finding in read(data, catalog).all_findings()]


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="G2" t="inlineStr"><v>lost</v></c>',
        '<c r="G2" t="str"><is><t>lost</t></is></c>',
        '<c r="G2"><is><t>lost</t></is></c>',
        '<c r="G2" t="inlineStr"><is><t>not <b>lost</b></t></is></c>',
        '<c r="G2" t="inlineStr"><is><t>not</t></is><is><t>lost</t></is></c>',
        '<c r="G2"><v>1</v><v>2</v></c>',
        '<c r="G2"><v>1<w>2</w></v></c>',
        CHOICE.format('<c r="G2"><v>1</v></c>'),
    ],
)
def test_a_cell_that_would_be_read_in_part_is_not_read(catalog: Catalog, cell: str) -> None:
    assert _codes(by_hand(f'{TOP}<row r="2">{ROW}{cell}</row>'), catalog) == ["xlsx.malformed"]


def test_a_row_that_may_be_one_of_several_is_not_read(catalog: Catalog) -> None:
    row = CHOICE.format('<row r="3"><c r="A3"><v>1</v></c></row>')
    assert _codes(by_hand(f'{TOP}<row r="2">{ROW}</row>{row}'), catalog) == ["xlsx.malformed"]


@pytest.mark.parametrize("strings", ["<si><t>a</t></si><x/><si><t>b</t></si>", "<si><t>a</t><x>b</x></si>"])
def test_strings_that_would_be_counted_wrongly_are_not_read(catalog: Catalog, strings: str) -> None:
    assert _codes(by_hand(f'{TOP}<row r="2">{ROW}</row>', strings=strings), catalog) == ["xlsx.malformed"]


def test_extensions_hold_no_values(catalog: Catalog) -> None:
    cell = '<c r="G2"><v>1</v><extLst><ext uri="x"/></extLst></c><extLst/>'
    assert _codes(by_hand(f'{TOP}<row r="2">{ROW}{cell}</row>'), catalog) == []


def test_a_sheet_that_is_named_often_counts_as_often(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "MOST_ELEMENTS", 1_000)
    once = by_hand(f'{TOP}<row r="2">{ROW}</row>')
    assert _codes(once, catalog) == []
    again = f'<sheet xmlns:r="{OFFICE}" name="T" r:id="r0"/>'.encode() * 30
    often = changed(once, "xl/workbook.xml", lambda part: part.replace(b"</sheets>", again + b"</sheets>"))
    assert _codes(often, catalog) == ["xlsx.too-large"]


def test_number_formats_are_counted(catalog: Catalog) -> None:
    formats = "".join(f'<numFmt numFmtId="{at}" formatCode="0"/>' for at in range(MOST_FORMATS + 1))
    data = by_hand(f'{TOP}<row r="2">{ROW}</row>', styles=f"<numFmts>{formats}</numFmts>")
    assert _codes(data, catalog) == ["xlsx.too-large"]
