"""Document → XLSX, by a layout of CSV: one sheet, every value as text; the same Document gives the same bytes.

Every cell is a string, so nothing in it is worked out, no leading zero is lost and no long number is rounded; values
that begin like a formula are guarded as in CSV, since the sheet may be saved as that.
"""

import io
import re
import zipfile
from xml.sax.saxutils import escape  # noqa: TID251 - writes, and reads nothing

from hub.errors import WriteError
from hub.formats.csv.writer import rows
from hub.formats.xlsx.reader import LONGEST
from hub.formats.xlsx.sheet import name
from hub.model.message import Document
from hub.schema.csv import CsvSchema

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_CONTENT_TYPES = f"""{_XML}<Types xmlns="{_PACKAGE}/content-types">\
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>\
<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>\
<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/>\
<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/></Types>"""
_STYLES = f"""{_XML}<styleSheet xmlns="{_MAIN}"><fonts count="2"><font/><font><b/></font></fonts>\
<fills count="2"><fill><patternFill patternType="none"/></fill>\
<fill><patternFill patternType="gray125"/></fill></fills>\
<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>\
<cellXfs count="3"><xf/><xf numFmtId="49" applyNumberFormat="1"/>\
<xf numFmtId="49" fontId="1" applyNumberFormat="1" applyFont="1"/></cellXfs>\
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"""
_TEXT, _BOLD = 1, 2  # of the styles above: both as text (number format 49, §18.8.30)
_OLDEST = (1980, 1, 1, 0, 0, 0)  # that a ZIP file can name
_HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_x(?=[0-9A-Fa-f]{4}_)")
_NAME_BARS = re.compile(r"[\[\]:*?/\\'\x00-\x1f]")
_LONGEST_NAME = 31


def write(document: Document, schema: CsvSchema) -> bytes:
    """``document`` as a workbook. Raises WriteError naming the record and column of what does not fit."""
    title = _NAME_BARS.sub("_", schema.root.tag)[:_LONGEST_NAME]
    parts = {
        "[Content_Types].xml": _CONTENT_TYPES,
        "_rels/.rels": _relations(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        f'<sheet name="{escape(title)}" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _relations(("worksheet", "worksheets/sheet1.xml"), ("styles", "styles.xml")),
        "xl/styles.xml": _STYLES,
        "xl/worksheets/sheet1.xml": _sheet(document, schema),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for part, content in parts.items():
            package.writestr(zipfile.ZipInfo(part, _OLDEST), content.encode(), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _relations(*targets: tuple[str, str]) -> str:
    each = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{each}</Relationships>'


def _sheet(document: Document, schema: CsvSchema) -> str:
    made = "".join(_row(number, row, schema) for number, row in enumerate(rows(document, schema), 1))
    top = (
        '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" '
        'state="frozen"/></sheetView></sheetViews>'
        if schema.header
        else ""
    )
    return f'{_XML}<worksheet xmlns="{_MAIN}">{top}<sheetData>{made}</sheetData></worksheet>'


def _row(number: int, row: list[str], schema: CsvSchema) -> str:
    style = _BOLD if schema.header and number == 1 else _TEXT
    cells = "".join(_cell(value, column, number, style, schema) for column, value in enumerate(row, 1) if value)
    return f'<row r="{number}">{cells}</row>'


def _cell(value: str, column: int, row: int, style: int, schema: CsvSchema) -> str:
    where = name(column, row)
    if len(value) > LONGEST:
        raise WriteError(
            f"{schema.id}: cell {where}: {len(value)} characters; a cell holds {LONGEST}; take csv or json"
        )
    shown = escape(_HIDDEN.sub(_escaped, value))
    space = "" if value == value.strip() and "\n" not in value else ' xml:space="preserve"'
    return f'<c r="{where}" s="{style}" t="inlineStr"><is><t{space}>{shown}</t></is></c>'


def _escaped(found: re.Match[str]) -> str:
    """What XML cannot hold, and what would be read as an escape (29500-1 §22.9.2.19)."""
    character = found.group(0)
    if character == "_x":
        return "_x005F_x"
    if character == "\0" or "\ud800" <= character <= "\udfff":
        raise WriteError(f"the character U+{ord(character):04X} cannot stand in a workbook")
    return f"_x{ord(character):04X}_"
