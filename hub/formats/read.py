"""READ for every format: detect the syntax, hand the bytes to its codec. Never raises on any bytes.

A codec is imported with the first transmission of its syntax: what one command reads is mostly of one. Processes that
serve import all of them beforehand, see CODECS.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

from hub.formats import detect
from hub.model.finding import Finding
from hub.model.message import Reading, Syntax
from hub.schema.catalog import Catalog

if TYPE_CHECKING:
    from hub.formats.edifact.guided import Choose

CODECS = (
    "hub.formats.csv.reader",
    "hub.formats.edifact.reader",
    "hub.formats.json.reader",
    "hub.formats.x12.reader",
    "hub.formats.xlsx.reader",
    "hub.formats.xml.reader",
    "hub.schema.csv",
    "hub.schema.edifact",
    "hub.schema.x12",
    "hub.schema.xsd_tree",
)
"""What is imported as it is needed."""


def read(
    data: bytes,
    catalog: Catalog,
    *,
    expected: tuple[str, ...] = (),
    charset: str | None = None,
    x12_charset: str | None = None,
    guides: "Choose | None" = None,
    verified: bool = False,
) -> Reading:
    """All that is in ``data``.

    ``expected`` names the schema ids that the sender may send: the choice among the layouts of CSV and XLSX, and needed
    for one without a header. ``charset`` is the sender's character set where EDIFACT's own (UNB 0001) does not say it,
    ``x12_charset`` what X12 values are in beyond ASCII. ``guides`` chooses the implementation guideline that an EDIFACT
    message is read by. ``verified``: ``data`` is what an XML signature covered, without it.
    """
    syntax = detect.detect(data, lambda head: _is_csv(head, catalog, expected))
    match syntax:
        case Syntax.EDIFACT:
            return _whole(data, _edifact(data, catalog, charset, guides))
        case Syntax.XML:
            return _xml(data, catalog, verified)
        case Syntax.CSV:
            return _csv(data, catalog, expected)
        case Syntax.XLSX:
            return _xlsx(data, catalog, expected)
        case Syntax.X12:
            return _whole(data, _x12(data, catalog, x12_charset))
        case Syntax.JSON:
            return _json(data, catalog)
        case Syntax.UNKNOWN:
            return _nothing(syntax, detect.unreadable(data))


def _edifact(data: bytes, catalog: Catalog, charset: str | None, guides: "Choose | None") -> Reading:
    from hub.formats.edifact import reader

    return reader.read(data, catalog, charset=charset, guides=guides)


def _x12(data: bytes, catalog: Catalog, charset: str | None) -> Reading:
    from hub.formats.x12 import reader

    return reader.read(data, catalog, charset=charset)


def _whole(data: bytes, reading: Reading) -> Reading:
    """``reading``, with a finding about each interchange of another syntax in what it passed over."""
    if not reading.findings:
        return reading
    stray = [one for one in reading.findings if one.code.endswith((".text-before", ".text-after"))]
    spans = ((one.place.offset or 0, int(dict(one.params)["length"])) for one in stray)
    mixed = [found for at, length in spans if (found := detect.mixed(data, at, at + length))]
    return replace(reading, findings=(*reading.findings, *mixed)) if mixed else reading


def _xml(data: bytes, catalog: Catalog, verified: bool) -> Reading:
    from hub.formats.xml import reader

    return reader.read(data, catalog, verified=verified)


def _json(data: bytes, catalog: Catalog) -> Reading:
    from hub.formats.json import reader

    return reader.read(data, catalog)


def _csv(data: bytes, catalog: Catalog, expected: tuple[str, ...]) -> Reading:
    from hub.formats.csv import reader

    return reader.read(data, catalog, expected=expected)


def _xlsx(data: bytes, catalog: Catalog, expected: tuple[str, ...]) -> Reading:
    from hub.formats.xlsx import reader

    return reader.read(data, catalog, expected=expected)


def _is_csv(head: bytes, catalog: Catalog, expected: tuple[str, ...]) -> bool:
    from hub.formats.csv import layouts

    return layouts.choose(head, catalog, expected) is not None


def _nothing(syntax: Syntax, finding: Finding) -> Reading:
    return Reading(syntax, findings=(finding,))
