"""READ for X12: bytes → Reading. Whatever the bytes are, the answer is a value; all that is wrong is a finding."""

from itertools import islice

from hub.formats.source import Lines, Memory
from hub.formats.x12.frames import BLANKS, Span, spans
from hub.formats.x12.interchange import InterchangeReader
from hub.formats.x12.limits import Limits
from hub.formats.x12.remarks import Remarks
from hub.model.finding import Severity
from hub.model.message import Interchange, Reading, Syntax
from hub.schema.catalog import Catalog

ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO

_UTF_8_MARK = "\u00ef\u00bb\u00bf"
LIMITS = Limits()


def read(data: bytes, catalog: Catalog, *, charset: str | None = None, limits: Limits = LIMITS) -> Reading:
    """All interchanges of the transmission ``data``, taken apart and checked against the maps of ``catalog``.

    ``charset`` is the Python codec that was agreed on with the sender; without one, values are ASCII. Raises
    LookupError when there is no such codec; never for what ``data`` holds.
    """
    "".encode(charset or "ascii")
    lines = Lines(Memory(data))
    remarks = Remarks(lines, limits.findings)
    if len(data) > limits.size:
        remarks.add("too-large", ERROR, 0, size=str(len(data)), limit=str(limits.size))
        return Reading(Syntax.X12, (), remarks.all())
    text = data.decode("latin-1")
    found = list(islice(spans(text), limits.interchanges + 1))
    end = len(text)
    if len(found) > limits.interchanges:
        end = found.pop().start
        remarks.add("limit-interchanges", ERROR, end, limit=str(limits.interchanges))
    _between(text, found, end, remarks)
    interchanges = _interchanges(text, found, lines, limits, catalog, charset, remarks)
    return Reading(Syntax.X12, interchanges, remarks.all())


def _interchanges(
    text: str, found: list[Span], lines: Lines, limits: Limits, catalog: Catalog, charset: str | None, remarks: Remarks
) -> tuple[Interchange, ...]:
    read = []
    for span in found:
        header = span.header
        if header is None:
            remarks.add("isa-unreadable", ERROR, span.start, segment=0, tag="ISA", path="ISA")
            continue
        fault = header.separators.fault()
        if fault is not None:
            key, element = fault
            remarks.add(key, ERROR, header.end - 1, segment=0, tag="ISA", element=element, path="ISA", value="")
            continue
        read.append(InterchangeReader(text, span, header, lines, limits, catalog, charset).read())
    return tuple(read)


def _between(text: str, found: list[Span], end: int, remarks: Remarks) -> None:
    """Findings about what, up to ``end``, belongs to no interchange."""
    at = 0
    if text.startswith(_UTF_8_MARK):
        remarks.add("byte-order-mark", INFO, 0)
        at = len(_UTF_8_MARK)
    if not found:
        remarks.add("no-interchange", ERROR, at)
        return
    for span in found:
        _stray(text, at, span.start, "text-before" if span is found[0] else "text-after", remarks)
        at = span.end
    _stray(text, at, end, "text-after", remarks)


def _stray(text: str, start: int, end: int, key: str, remarks: Remarks) -> None:
    piece = text[start:end]
    stray = piece.strip(BLANKS + "\0\x1a")
    if stray:
        remarks.add(key, WARNING, start + piece.index(stray[0]), length=str(len(stray)))
