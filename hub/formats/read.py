"""READ for every format: detect the syntax, hand the bytes to its codec. Never raises on any bytes."""

from hub.formats import detect
from hub.formats.csv import layouts
from hub.formats.csv import reader as csv
from hub.formats.edifact import reader as edifact
from hub.formats.json import reader as json
from hub.formats.xml import reader as xml
from hub.model.finding import Finding, Place
from hub.model.message import Reading, Syntax
from hub.schema.catalog import Catalog


def read(data: bytes, catalog: Catalog, *, expected: tuple[str, ...] = (), charset: str | None = None) -> Reading:
    """All that is in ``data``.

    ``expected`` names the schema ids that the sender may send: the choice among CSV layouts, and needed for one without
    a header. ``charset`` is the sender's character set where EDIFACT's own (UNB 0001) does not say it.
    """
    syntax = detect.detect(data, lambda head: layouts.choose(head, catalog, expected) is not None)
    match syntax:
        case Syntax.EDIFACT:
            return edifact.read(data, catalog, charset=charset)
        case Syntax.XML:
            return xml.read(data, catalog)
        case Syntax.CSV:
            return csv.read(data, catalog, expected=expected)
        case Syntax.X12:
            return _nothing(syntax, Finding("detect.x12-not-installed", Place(offset=0)))
        case Syntax.JSON:
            return json.read(data, catalog)
        case Syntax.UNKNOWN:
            return _nothing(syntax, detect.unreadable(data))


def _nothing(syntax: Syntax, finding: Finding) -> Reading:
    return Reading(syntax, findings=(finding,))
