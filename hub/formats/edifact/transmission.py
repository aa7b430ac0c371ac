"""A transmission, interchange by interchange, and what lies between them."""

from collections.abc import Iterator
from dataclasses import replace

from hub.formats.edifact.blocks import Blocks, Follows
from hub.formats.edifact.guided import Choose
from hub.formats.edifact.heads import REACH, Head, find, syntax_of
from hub.formats.edifact.interchange import Event, InterchangeReader
from hub.formats.edifact.limits import Limits
from hub.formats.edifact.recoding import recoded
from hub.formats.edifact.separators import BLANKS
from hub.formats.remarks import Remarks
from hub.formats.source import Lines, Memory, Source
from hub.model.finding import Finding, Severity
from hub.model.message import Interchange
from hub.schema.catalog import Catalog

ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO

_MARK = "\u00ef\u00bb\u00bf"
_WINDOW = 1 << 16
_REMEMBERED = 100_000  # interchanges of one transmission, so that none comes twice
_IGNORED = BLANKS + "\0\x1a"


class Transmission:
    """Reads all of ``source``; ``guides`` chooses a guideline for each message. ``findings`` are about what is in no
    interchange, once all events were taken."""

    def __init__(
        self, source: Source, catalog: Catalog, charset: str | None, limits: Limits, guides: Choose | None = None
    ) -> None:
        self._source = source = recoded(source)
        self._catalog = catalog
        self._charset = charset
        self._limits = limits
        self._guides = guides
        self._lines = Lines(source)
        self._remarks = Remarks(self._lines, limits.findings, "edifact")
        self._stray = _Stray()
        self._opening = ""
        self._identities: set[tuple[str, str, str, str]] = set()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """About the transmission itself."""
        return self._remarks.all()

    def events(self) -> Iterator[Event]:
        """Every interchange, piece by piece."""
        at, count = 0, 0
        while (head := self._next(at)) is not None:
            self._strayed("text-after" if count else "text-before")
            if count == self._limits.interchanges:
                self._remarks.add("limit-interchanges", ERROR, head.start, limit=str(count))
                return
            reader = InterchangeReader(
                self._source,
                head,
                self._opening,
                self._lines,
                self._limits,
                self._catalog,
                self._charset,
                self._guides,
            )
            for event in reader.events():
                yield self._single(event, head) if isinstance(event, Interchange) else event
            at, count = reader.end, count + 1
        if count:
            self._strayed("text-after")
        else:
            self._remarks.add("no-interchange", ERROR, 0)

    def _single(self, interchange: Interchange, head: Head) -> Interchange:
        """``interchange``, with a finding when another one in this transmission has the same sender, recipient and
        reference (ISO 9735-1 annex C, 0020)."""
        envelope = interchange.envelope
        identity = (envelope.sender, envelope.sender_qualifier, envelope.recipient, envelope.control_ref)
        if not envelope.control_ref or identity not in self._identities:
            if len(self._identities) < _REMEMBERED:
                self._identities.add(identity)
            return interchange
        remarks = Remarks(self._lines, 1, "edifact")
        ref = envelope.control_ref
        remarks.add(
            "interchange-duplicate", ERROR, head.header, segment=0, tag="UNB", element=5, path="UNB/0020", ref=ref
        )
        return replace(interchange, findings=interchange.findings + remarks.all())

    def _next(self, at: int) -> Head | None:
        """The next interchange from offset ``at`` on; what lies before it goes to ``_stray``."""
        self._stray = _Stray()
        size = self._source.size
        while at < size:
            text = self._source.text(at, at + _WINDOW)
            final = at + len(text) >= size
            marked = self._marked(text, at) if not self._stray.length else 0
            head = find(text, marked, at)
            if head is not None and (final or head.start - at <= _WINDOW - REACH):
                self._stray.see(text[marked : head.start - at], at + marked)
                self._opening = text[head.header - at : head.header - at + REACH]
                return head
            ahead = len(text) if final else max(_WINDOW - REACH, 1)
            self._stray.see(text[marked:ahead], at + marked)
            at += ahead
        return None

    def _marked(self, text: str, at: int) -> int:
        """How much of ``text`` a byte order mark takes: at the beginning of the file or of one that was appended."""
        begin = len(text) - len(text.lstrip(_IGNORED))
        if not text.startswith(_MARK, begin):
            return 0
        self._remarks.add("byte-order-mark", INFO, at + begin)
        return begin + len(_MARK)

    def _strayed(self, key: str) -> None:
        stray = self._stray
        if stray.length:
            self._remarks.add(key, WARNING, stray.first, length=str(stray.length))


class _Stray:
    """Text that is in no interchange: where it begins, and how long it is without the blanks around it."""

    __slots__ = ("first", "length")

    def __init__(self) -> None:
        self.first = -1
        self.length = 0

    def see(self, text: str, offset: int) -> None:
        """More of it, at ``offset``."""
        begin = len(text) - len(text.lstrip(_IGNORED))
        end = len(text.rstrip(_IGNORED))
        if begin < end:
            if self.first < 0:
                self.first = offset + begin
            self.length = offset + end - self.first


def enclosing(data: bytes, offset: int) -> Head | None:
    """The head of the interchange of ``data`` that the byte ``offset`` is in; its offsets are those of ``data``."""
    source = Memory(data)
    text, at = source.text(0, source.size), 0
    while (head := find(text, at, 0)) is not None and head.start <= offset:
        version = syntax_of(text[head.header : head.header + REACH], head)[1:2]
        blocks = Blocks(source, head, head.separators, version >= ["4"])
        at, follows = head.header, Follows.MORE
        while follows is Follows.MORE:
            at, follows = blocks.beyond(at, source.size)
        if offset < at:
            return head
    return None
