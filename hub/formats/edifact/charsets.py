"""Character sets by syntax identifier (UNB 0001, ISO 9735-1 annex A): which codec, and which bytes it admits.

>>> charset("UNOC").codec
'iso8859-1'
>>> list(charset("UNOB").grave(b"CAF\\xc9 \\x00", b""))
[3, 5]
"""

import codecs
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from hub.errors import HubError
from hub.formats.edifact import iso2022
from hub.formats.edifact.iso2022 import HIDDEN, Shifts

_CODECS = {
    "UNOA": "ascii",
    "UNOB": "ascii",
    "UNOC": "iso8859-1",
    "UNOD": "iso8859-2",
    "UNOE": "iso8859-5",
    "UNOF": "iso8859-7",
    "UNOG": "iso8859-3",
    "UNOH": "iso8859-4",
    "UNOI": "iso8859-6",
    "UNOJ": "iso8859-8",
    "UNOK": "iso8859-9",
    "UNOL": "iso8859-15",
    "UNOW": "utf-8",
    "UNOX": "iso2022_jp_2",  # code extension; what uses none of it is UTF-8 in practice
    "UNOY": "utf-8",
}
_PAIR = re.compile("[\x81-\xfe][\x40-\x7e\x80-\xfe]")
_LONG = {
    "gb18030": re.compile("[\x81-\xfe](?:[0-9][\x81-\xfe][0-9]|[\x40-\x7e\x80-\xfe])"),
    "gbk": _PAIR,
    "big5": _PAIR,
    "shift_jis": re.compile("[\x81-\x9f\xe0-\xfc][\x40-\x7e\x80-\xfc]"),
    "cp949": re.compile("[\x81-\xfe][A-Za-z\x81-\xfe]"),
}
"""Characters of two or four bytes, where the later ones may be those of ASCII characters."""

_SECOND = re.compile(b"[0-9\x40-\x7e]")
_SECOND_SEEN = {HIDDEN + byte: byte for byte in range(0x80)}
_UNVEILED = dict.fromkeys(range(HIDDEN, HIDDEN + 256 * 12), " ")
_LEVEL_A = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .,-()/='+:?!\"%&*;<>\t\r\n")
_PRINTABLE = frozenset(range(0x20, 0x7F)) | frozenset(b"\t\r\n")


@dataclass(frozen=True, slots=True)
class Charset:
    """One character set: the Python ``codec``, the bytes that it ``admits``, and those that are only a ``mild`` offence
    (ASCII that level A lacks). ``known`` is False when the syntax identifier is not one of ISO 9735."""

    codec: str
    admits: bytes
    mild: bytes = b""
    known: bool = True

    @property
    def extended(self) -> bool:
        """Whether characters come by escape sequences (ISO 2022)."""
        return self.codec.startswith("iso2022")

    def veil(self, separators: bytes) -> Callable[[str], str] | None:
        """What keeps ``separators`` in the bytes of a longer character from being seen; None when none can be there."""
        if self.extended:
            shifts = Shifts()
            return lambda text: iso2022.veil(text, shifts)
        pattern = _LONG.get(self.codec)
        if pattern is None or not _SECOND.search(separators):
            return None
        return lambda text: pattern.sub(_second_veiled, text)

    def clean(self, data: bytes, separators: bytes) -> bool:
        """Whether every byte of ``data`` belongs."""
        if data.translate(None, self.admits + separators):
            return False
        return not self._long or next(_undecodable(data, self.codec), None) is None

    @property
    def _long(self) -> bool:
        """Whether characters may have several bytes."""
        return not (self.codec.startswith("iso8859") or self.codec == "ascii")

    def grave(self, data: bytes, separators: bytes) -> Iterator[int]:
        """The offsets of the bytes that cannot be accepted."""
        if self.extended:
            yield from self._grave(data, separators)
            return
        for match in _others(self.admits + self.mild + separators).finditer(data):
            yield match.start()
        if self._long:
            yield from _undecodable(data, self.codec)

    def _grave(self, data: bytes, separators: bytes) -> Iterator[int]:
        """The same under code extension, ``data`` beginning in ASCII."""
        text = iso2022.veil(data.decode("latin-1"), Shifts())
        yield from iso2022.bad(text)
        plain = text.translate(_UNVEILED).encode("latin-1")
        for match in _others(self.admits + separators).finditer(plain):
            yield match.start()
        yield from _undecodable(plain, "utf-8")

    def decode(self, text: str) -> str:
        """``text``, whose characters are bytes, as this character set reads it.

        Bytes that do not fit are taken for UTF-8 and, failing that, for Latin-1: no byte is ever lost.
        """
        if self.extended:
            return iso2022.decode(text, _plain)
        if self.codec in _LONG:
            text = text.translate(_SECOND_SEEN)
        raw = text.encode("latin-1")
        for codec in (self.codec, "utf-8"):
            try:
                return raw.decode(codec)
            except UnicodeDecodeError:
                continue
        return text

    @property
    def overlaps(self) -> bool:
        """Whether a byte of a longer character may look like an ASCII character."""
        return self.extended or self.codec in _LONG

    def encode(self, value: str) -> bytes:
        """``value`` in this character set. Raises UnicodeEncodeError for a character that it lacks."""
        return value.encode(self.codec)


@lru_cache(maxsize=64)
def _others(admitted: bytes) -> re.Pattern[bytes]:
    return re.compile(b"[^" + re.escape(admitted) + b"]")


def _plain(text: str) -> str:
    """What is in no other set: UTF-8 or, failing that, Latin-1."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return text


def _second_veiled(match: re.Match[str]) -> str:
    """A long character whose bytes below 0x80 are not seen as separators."""
    return "".join(char if char >= "\x80" else chr(HIDDEN + ord(char)) for char in match[0])


def _undecodable(data: bytes, codec: str) -> Iterator[int]:
    start = len(data) if data.isascii() else 0
    decode = codecs.getdecoder(codec)
    while start < len(data):
        try:
            decode(memoryview(data)[start:])
            return
        except UnicodeDecodeError as error:
            yield start + error.start
            start += error.end


@lru_cache(maxsize=64)
def charset(syntax_id: str) -> Charset:
    """The character set of ``syntax_id`` (``UNOA`` …); an unknown one is read as UTF-8 or Latin-1, ``known`` False."""
    codec = _CODECS.get(syntax_id)
    if codec is None:
        return Charset("iso8859-1", bytes(sorted(_PRINTABLE | frozenset(range(0x80, 0x100)))), known=False)
    if syntax_id == "UNOA":
        return Charset(codec, bytes(sorted(_LEVEL_A)), bytes(sorted(_PRINTABLE - _LEVEL_A)))
    return named(codec)


@lru_cache(maxsize=64)
def named(codec: str) -> Charset:
    """The character set of a Python codec name. Raises HubError for one that is unknown or does not contain ASCII."""
    try:
        name = codecs.lookup(codec).name
        plain = bytes(sorted(_PRINTABLE)).decode(name) == bytes(sorted(_PRINTABLE)).decode("ascii")
    except (LookupError, UnicodeDecodeError) as error:
        raise HubError(f"{codec}: not a character set that EDIFACT can be read in; name one such as utf-8") from error
    if not plain:
        raise HubError(f"{codec}: EDIFACT needs a character set that contains ASCII; name one such as utf-8")
    return Charset(name, bytes(sorted(_PRINTABLE | {byte for byte in range(0x80, 0x100) if _graphic(byte, name)})))


def _graphic(byte: int, codec: str) -> bool:
    """Whether ``byte`` may appear in ``codec``; in a multi-byte codec every high byte may."""
    try:
        return bytes([byte]).decode(codec).isprintable() or byte in (0xA0, 0xAD)
    except UnicodeDecodeError:
        return not codec.startswith("iso8859") and codec != "ascii"
