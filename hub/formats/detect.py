"""How is a transmission written? Its first bytes tell; where they do not, `unreadable` says what stands there instead.

>>> detect(b"UNA:+.? 'UNB+UNOC:3+A+B"), detect(b"<a/>"), detect(b"PK...")
(<Syntax.EDIFACT: 'edifact'>, <Syntax.XML: 'xml'>, <Syntax.UNKNOWN: 'unknown'>)
"""

import re
from collections.abc import Callable

from hub.model.finding import Finding, Place
from hub.model.message import Syntax

_HEAD = 4096  # bytes that are looked at
_BLANKS = b" \t\r\n"
_UTF8_BOM = b"\xef\xbb\xbf"
_UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")
# UNA and its six characters; UNB, UNG and UNH (interactive: UIB, UIH) with any separator but a letter or digit
# (ISO 9735-1 §7, §8).
_EDIFACT = re.compile(rb"UNA.{6}|U[NI][BGH][^A-Za-z0-9]", re.DOTALL)
_X12 = re.compile(rb"ISA[^A-Za-z0-9]")
_INSIDE = re.compile(
    rb"(?<![A-Za-z0-9])(?:ISA([^A-Za-z0-9\s])[^\r\n]{2}\1|UNA[^\r\n]{6}\s*UNB|UNB([^A-Za-z0-9\s])UN[A-Z]{2}[^A-Za-z0-9])"
)
"""An interchange header that does not stand at the beginning."""
_ARCHIVES = {
    b"PK\x03\x04": "ZIP",
    b"PK\x05\x06": "ZIP",
    b"\x1f\x8b": "gzip",
    b"BZh": "bzip2",
    b"\xfd7zXZ\x00": "xz",
    b"7z\xbc\xaf\x27\x1c": "7-Zip",
    b"Rar!\x1a\x07": "RAR",
    b"\x28\xb5\x2f\xfd": "Zstandard",
}
_ZIP = b"PK\x03\x04"
_WORKBOOK = b"xl/workbook"  # the list of parts, at the end, names it
_TAIL = 1 << 17  # bytes from the end that are looked at
_BINARIES = {
    b"%PDF-": "PDF",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "Microsoft Office",
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"\x7fELF": "ELF",
    b"MZ": "EXE",
}
_CONTROLS = frozenset(range(32)) - frozenset(b"\t\n\r\x0b\x0c\x1a\x1c\x1d\x1e\x1f")  # what no text syntax uses


def detect(data: bytes, is_csv: Callable[[bytes], bool] = lambda data: False) -> Syntax:
    """The syntax of ``data``. ``is_csv`` is asked last: does the header belong to a layout that is installed?"""
    head = data[:_HEAD].removeprefix(_UTF8_BOM).lstrip(_BLANKS)
    if _EDIFACT.match(head) or _EDIFACT.match(_narrowed(data)):
        return Syntax.EDIFACT
    if _X12.match(head):
        return Syntax.X12
    if head[:1] == b"<" or _is_utf16_xml(data):
        return Syntax.XML
    if head[:1] in (b"{", b"["):
        return Syntax.JSON
    if data.startswith(_ZIP) and _WORKBOOK in data[-_TAIL:]:
        return Syntax.XLSX
    if head and not _starts(head, _ARCHIVES) and not _starts(head, _BINARIES) and is_csv(data):
        return Syntax.CSV
    return Syntax.UNKNOWN


def mixed(data: bytes, start: int, end: int) -> Finding | None:
    """What is to be said of ``data[start:end]``, which its reader passed over, if an interchange of another syntax
    begins there: that is more than stray text, and must not be lost without a word."""
    match = _INSIDE.search(data, start, end)
    if match is None:
        return None
    other = "X12" if match[0].startswith(b"ISA") else "EDIFACT"
    line = data.count(b"\n", 0, match.start()) + 1
    return Finding("detect.mixed", Place(line=line, offset=match.start()), params=(("other", other),))


def unreadable(data: bytes) -> Finding:
    """Why `detect` did not know ``data``: empty, an archive, binary, or text of no syntax that the hub reads."""
    head = data[:_HEAD]
    start = head.removeprefix(_UTF8_BOM).lstrip(_BLANKS)
    if not start and len(data) <= _HEAD:
        return Finding("detect.empty", Place(offset=0))
    named = _starts(head, _ARCHIVES)
    if named:
        return Finding("detect.archive", Place(offset=0), params=(("kind", named),))
    named = _starts(head, _BINARIES)
    if named:
        return Finding("detect.binary", Place(offset=0), params=(("kind", named),))
    at = next((at for at, byte in enumerate(head) if byte in _CONTROLS), None)
    if at is not None:
        return Finding("detect.binary", Place(offset=at), params=(("kind", f"0x{head[at]:02X}"),))
    shown = start[:40].decode("utf-8", "replace").replace("\n", " ").replace("\r", " ")
    return Finding("detect.unknown", Place(line=1, offset=0), params=(("start", shown),))


def _narrowed(data: bytes) -> bytes:
    """The beginning of ``data``, if it is UTF-16, with one byte for each of its letters."""
    head = data[:200].removeprefix(_UTF16_BOMS[0]).removeprefix(_UTF16_BOMS[1])
    return head.replace(b"\0", b"").lstrip(_BLANKS) if head.startswith((b"U\0", b"\0U")) else b""


def _is_utf16_xml(data: bytes) -> bool:
    return data.startswith(_UTF16_BOMS) and data[2:66].replace(b"\0", b"").lstrip(_BLANKS).startswith(b"<")


def _starts(head: bytes, marks: dict[bytes, str]) -> str | None:
    return next((name for mark, name in marks.items() if head.startswith(mark)), None)
