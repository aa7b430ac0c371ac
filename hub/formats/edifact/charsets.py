"""Character sets by syntax identifier (UNB 0001, ISO 9735-1 annex A): which codec, and which bytes it admits.

>>> charset("UNOC").codec
'iso8859-1'
>>> list(charset("UNOB").grave(b"CAF\\xc9 \\x00", b""))
[3, 5]
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from hub.errors import HubError

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
    "UNOX": "utf-8",  # code extension (ISO 2022) is not carried out; in practice these files are UTF-8
    "UNOY": "utf-8",
}
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

    def clean(self, data: bytes, separators: bytes) -> bool:
        """Whether every byte of ``data`` belongs."""
        if data.translate(None, self.admits + separators):
            return False
        return self.codec != "utf-8" or next(_undecodable(data), None) is None

    def grave(self, data: bytes, separators: bytes) -> Iterator[int]:
        """The offsets of the bytes that cannot be accepted."""
        for match in _others(self.admits + self.mild + separators).finditer(data):
            yield match.start()
        if self.codec == "utf-8":
            yield from _undecodable(data)

    def decode(self, text: str) -> str:
        """``text``, whose characters are bytes, as this character set reads it.

        Bytes that do not fit are taken for UTF-8 and, failing that, for Latin-1: no byte is ever lost.
        """
        raw = text.encode("latin-1")
        for codec in (self.codec, "utf-8"):
            try:
                return raw.decode(codec)
            except UnicodeDecodeError:
                continue
        return text

    def encode(self, value: str) -> bytes:
        """``value`` in this character set. Raises UnicodeEncodeError for a character that it lacks."""
        return value.encode(self.codec)


@lru_cache(maxsize=64)
def _others(admitted: bytes) -> re.Pattern[bytes]:
    return re.compile(b"[^" + re.escape(admitted) + b"]")


def _undecodable(data: bytes) -> Iterator[int]:
    start = len(data) if data.isascii() else 0
    while start < len(data):
        try:
            codecs.utf_8_decode(memoryview(data)[start:], "strict", True)
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
