"""UTF-16 taken for what it says: its text as UTF-8, page by page, with the offsets that it has in the transmission.

An interchange in ISO 10646 of two octets (UNOY with 0133 = 5 or 8) may be so throughout, or only from behind S001 on
(ISO 9735-1 §6); both begin with a byte order mark or show by their zero bytes what they are.
"""

import re
from bisect import bisect_right

from hub.formats.source import Source

_PAGE = 1 << 16
_MARKS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_BEGINNINGS = {b"U\0N\0": "utf-16-le", b"U\0I\0": "utf-16-le", b"\0U\0N": "utf-16-be", b"\0U\0I": "utf-16-be"}
_SWITCH = re.compile(rb"(?:UNA.{6}\s*)?U[NI]B(.)UNOY(?:[^\0]{0,30}?)(?=(\0)?\1(\0)?)", re.DOTALL)


def recoded(source: Source) -> Source:
    """``source`` itself, or its text as UTF-8 when it is UTF-16."""
    head = source.read(0, 200)
    codec = _MARKS.get(head[:2])
    if codec is not None:
        return Recoded(source, 0, 2, codec)
    codec = _BEGINNINGS.get(head[:4])
    if codec is not None:
        return Recoded(source, 0, 0, codec)
    match = _SWITCH.match(head)
    if match is None or (match[2] is None and match[3] is None):
        return source
    return Recoded(source, match.end(), match.end(), "utf-16-be" if match[2] is not None else "utf-16-le")


class Recoded(Source):
    """The first ``plain`` bytes of ``inner`` as they are, then those from ``begin`` on, in ``codec``, as UTF-8.

    Half a character, and half a pair of surrogates, become bytes that are not UTF-8: nothing is lost, and they are
    found.
    """

    def __init__(self, inner: Source, plain: int, begin: int, codec: str) -> None:
        self.codec = codec
        self._inner = inner
        self._plain = plain
        self._theirs = [begin]  # where each page begins in ``inner``
        self._ours = [plain]  # … and here
        self._kept = (-1, b"")  # the page decoded last
        while self._theirs[-1] < inner.size:
            raw = self._raw(self._theirs[-1])
            self._ours.append(self._ours[-1] + len(self._utf_8(raw)))
            self._theirs.append(self._theirs[-1] + len(raw))
        super().__init__(self._ours[-1])

    def read(self, start: int, end: int) -> bytes:
        parts = [self._inner.read(start, min(end, self._plain))] if start < self._plain else []
        page = max(bisect_right(self._ours, start) - 1, 0)
        while page < len(self._ours) - 1 and self._ours[page] < end:
            begin = self._ours[page]
            parts.append(self._page(page)[max(start - begin, 0) : end - begin])
            page += 1
        return b"".join(parts)

    def original(self, offset: int) -> int:
        if offset < self._plain or len(self._ours) == 1:
            return offset
        page = min(bisect_right(self._ours, offset) - 1, len(self._ours) - 2)
        before = self._page(page)[: offset - self._ours[page]].decode("utf-8", "ignore")
        return self._theirs[page] + len(before.encode(self.codec))

    def place(self, original: int) -> int:
        """The inverse of :meth:`original`."""
        if original < self._theirs[0]:
            return min(original, self._plain)
        page = min(bisect_right(self._theirs, original) - 1, len(self._theirs) - 2)
        before = self._inner.read(self._theirs[page], original)
        return self._ours[page] + len(self._utf_8(before))

    def _page(self, page: int) -> bytes:
        if self._kept[0] != page:
            self._kept = (page, self._utf_8(self._inner.read(self._theirs[page], self._theirs[page + 1])))
        return self._kept[1]

    def _raw(self, start: int) -> bytes:
        """Some bytes from ``start`` on, a pair of surrogates not taken apart."""
        raw = self._inner.read(start, start + _PAGE)
        last = int.from_bytes(raw[-2:], "little" if self.codec.endswith("le") else "big")
        return raw[:-2] if len(raw) == _PAGE and 0xD800 <= last < 0xDC00 else raw

    def _utf_8(self, raw: bytes) -> bytes:
        whole = len(raw) - len(raw) % 2
        text = raw[:whole].decode(self.codec, "surrogatepass")
        return text.encode("utf-8", "surrogatepass") + (b"\xff" if whole < len(raw) else b"")
