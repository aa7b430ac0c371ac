"""READ for EDIFACT: bytes → Reading. Whatever the bytes are, the answer is a value; all that is wrong is a finding."""

from itertools import islice

from hub.formats.edifact.frames import Span, spans
from hub.formats.edifact.interchange import InterchangeReader
from hub.formats.edifact.limits import Limits
from hub.formats.edifact.remarks import Lines, Remarks
from hub.formats.edifact.separators import BLANKS
from hub.model.finding import Severity
from hub.model.message import Reading, Syntax
from hub.schema.catalog import Catalog

ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO

_UTF_8_MARK = "\u00ef\u00bb\u00bf"
_UTF_16_MARKS = ("\u00ff\u00fe", "\u00fe\u00ff")
LIMITS = Limits()


def read(data: bytes, catalog: Catalog, *, charset: str | None = None, limits: Limits = LIMITS) -> Reading:
    """All interchanges of the transmission ``data``, taken apart and checked against the schemas of ``catalog``.

    ``charset`` (a Python codec name such as ``gb18030``) overrules the syntax identifier of UNB for partners who are
    known to send something else. Raises HubError when there is no such charset; never for what ``data`` holds.
    """
    lines = Lines(data)
    remarks = Remarks(lines, limits.findings)
    if len(data) > limits.size:
        remarks.add("too-large", ERROR, 0, size=str(len(data)), limit=str(limits.size))
        return Reading(Syntax.EDIFACT, (), remarks.all())
    text = data.decode("latin-1")
    found = list(islice(spans(text), limits.interchanges + 1))
    end = len(text)
    if len(found) > limits.interchanges:
        end = found.pop().start
        remarks.add("limit-interchanges", ERROR, end, limit=str(limits.interchanges))
    _between(text, found, end, remarks)
    for span in found:
        if span.fault == "interactive":
            remarks.add("interactive", ERROR, span.header, tag="UIB")
    interchanges = tuple(
        InterchangeReader(data, text, span, lines, limits, catalog, charset).read()
        for span in found
        if span.fault != "interactive"
    )
    return Reading(Syntax.EDIFACT, interchanges, remarks.all())


def _between(text: str, found: list[Span], end: int, remarks: Remarks) -> None:
    """Findings about what, up to ``end``, belongs to no interchange."""
    if not found:
        key = "encoding-utf-16" if text.startswith(_UTF_16_MARKS) else "no-interchange"
        remarks.add(key, ERROR, 0)
        return
    at = 0
    if text.startswith(_UTF_8_MARK):
        remarks.add("byte-order-mark", INFO, 0)
        at = len(_UTF_8_MARK)
    for span in found:
        _stray(text, at, span.start, "text-before" if span is found[0] else "text-after", remarks)
        at = span.end
    _stray(text, at, end, "text-after", remarks)


def _stray(text: str, start: int, end: int, key: str, remarks: Remarks) -> None:
    piece = text[start:end]
    stray = piece.strip(BLANKS + "\0\x1a")
    if stray:
        remarks.add(key, WARNING, start + piece.index(stray[0]), length=str(len(stray)))
