"""What holds for a whole interchange while it is read: its bytes, separators, character set, and the bounds."""

from collections.abc import Callable
from functools import lru_cache
from itertools import islice

from hub.formats.edifact.charsets import Charset
from hub.formats.edifact.frames import Cut
from hub.formats.edifact.guided import Choose
from hub.formats.edifact.limits import Limits
from hub.formats.edifact.scrutiny import Scrutiny
from hub.formats.edifact.segments import Values, recognise
from hub.formats.edifact.separators import SEPARATORS, Separators, unprotect
from hub.formats.edifact.tables import SegmentTable
from hub.formats.remarks import Remarks
from hub.formats.source import Lines, Source
from hub.model.finding import Severity
from hub.schema.catalog import Catalog

NOTHING = Cut("", 0, SEPARATORS, 1)
"""No segments."""


class Setting:
    """The circumstances of one interchange, and the part of it that lies on the desk: ``cut`` of the bytes ``data``.

    ``clean`` turns a piece of protected text into the value it stands for; ``advised``: a UNA names the separators.
    """

    def __init__(
        self,
        separators: Separators,
        advised: bool,
        charset: Charset,
        version: str,
        source: Source,
        lines: Lines,
        limits: Limits,
        catalog: Catalog,
        guides: Choose | None = None,
    ) -> None:
        self.separators = separators
        self.advised = advised
        self.charset = charset
        self.version = version
        self.source = source
        self.lines = lines
        self.limits = limits
        self.catalog = catalog
        self.guides = guides
        release = separators.release
        self.clean: Callable[[str], str] = lambda piece: charset.decode(unprotect(piece, release))
        self._admitted = service_bytes(separators)
        self.cut = NOTHING
        self._data = b""
        self._start = 0
        self._spotless = True

    def lay(self, cut: Cut, data: bytes, start: int) -> None:
        """Put ``cut`` on the desk: the segments of ``data``, the bytes from offset ``start`` on."""
        self.cut = cut
        self._data = data
        self._start = start
        self._spotless = self.charset.clean(data, self._admitted)

    def original(self, offset: int) -> int:
        """Where ``offset`` is in the transmission as it came."""
        return self.source.original(offset)

    def remarks(self) -> Remarks:
        """A fresh list of findings."""
        return Remarks(self.lines, self.limits.findings, "edifact")

    def scrutiny(self, remarks: Remarks, own_codes: bool = False) -> Scrutiny:
        """The slow reader of segments whose findings go to ``remarks``."""
        return Scrutiny(
            self.separators,
            self.clean,
            remarks,
            version=self.version,
            strict_repetition=self.advised,
            own_codes=own_codes,
            limit=self.limits.elements,
            real=self.cut.real if self.cut.broken else None,
        )

    def service(self, table: SegmentTable, index: int, number: int, remarks: Remarks) -> Values:
        """Service segment ``index`` of the interchange, ``number`` of its message (0 outside), read by ``table``."""
        text = self.cut.texts[index]
        values = None
        if text.isascii() and (self.separators.repetition or "\uffff") not in text:
            values = recognise(table, text, self.separators.element, self.separators.component)
        if values is None:
            values = self.scrutiny(remarks).segment(table, text, number, self.cut.offset(index), table.tag)
        return values

    def characters(self, first: int, last: int, numbered: int, remarks: Remarks) -> None:
        """Findings about the bytes of segments [first, last) that the character set lacks.

        ``numbered`` is the number of segment ``first`` in its message, 0 outside one.
        """
        if self._spotless or first >= last:
            return
        start, end = self.cut.offset(first), self.cut.end(last - 1)
        data = self._data[start - self._start : end - self._start]
        seen = None
        for at in islice(self.charset.grave(data, self._admitted), 10 * self.limits.findings):
            index = self.cut.at(start + at)
            element, component = self.cut.position(index, start + at, self.separators)
            if (index, element, component) != seen:
                number = numbered + index - first if numbered else 0
                self._strange("char-invalid", Severity.ERROR, start + at, index, number, remarks, data[at])
            seen = (index, element, component)
        self._mild(data, start, first, numbered, remarks)

    def _mild(self, data: bytes, start: int, first: int, numbered: int, remarks: Remarks) -> None:
        """One finding about all the ASCII that level A lacks: lower case is everywhere in real UNOA files."""
        mild = bytes(byte for byte in self.charset.mild if byte not in self._admitted)
        count = len(data) - len(data.translate(None, mild))
        if count:
            at = min(found for found in (data.find(byte) for byte in mild) if found >= 0)
            index = self.cut.at(start + at)
            number = numbered + index - first if numbered else 0
            self._strange("char-level", Severity.WARNING, start + at, index, number, remarks, data[at], count)

    def _strange(
        self,
        key: str,
        severity: Severity,
        offset: int,
        index: int,
        number: int,
        remarks: Remarks,
        byte: int,
        count: int = 1,
    ) -> None:
        element, component = self.cut.position(index, offset, self.separators)
        tag = self.cut.texts[index][:3]
        remarks.add(
            key,
            severity,
            offset,
            segment=number,
            tag=tag if tag.isalnum() and tag.isascii() else "???",
            element=element,
            component=component,
            byte=f"0x{byte:02X}",
            count=str(count),
            charset=self.charset.codec,
        )


@lru_cache(maxsize=64)
def service_bytes(separators: Separators) -> bytes:
    """The separators as bytes: in any character set they are themselves."""
    chars = (
        separators.component,
        separators.element,
        separators.decimal,
        separators.release,
        separators.repetition,
        separators.terminator,
    )
    return "".join(chars).encode("latin-1")
