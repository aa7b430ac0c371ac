"""Code extension (ISO 2022), as UNOX has it: escape sequences that call in other sets of characters.

Before a text is cut, the bytes of such characters are veiled: byte b of set n becomes character 0x200 + 0x100 n + b. So
no byte of theirs is taken for a separator, and a piece of the text can be decoded by itself. Lengths stay the same.

>>> text = veil("NAD+\\x1b$B%+%'\\x1b(B+'", Shifts())
>>> text.count("+"), text.count("'"), decode(text[4:-2], str)
(2, 1, 'カェ')
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

HIDDEN = 0x200
_CONTROL, _BAD = 9, 10
_DOUBLE = {1: ("euc_jp", b""), 2: ("euc_jp", b"\x8f"), 3: ("gb2312", b""), 4: ("euc_kr", b"")}
_SINGLE = {7: "iso8859-1", 8: "iso8859-7"}
_KANA = 6
_SETS = {
    "$@": 1, "$B": 1, "$(@": 1, "$(B": 1, "$(D": 2, "$A": 3, "$(A": 3, "$(C": 4, "(B": 0, "(J": 0, "(I": _KANA,
}  # fmt: skip
_RIGHT = {"$)A": 3, "$)C": 4, "$)B": 1}
_OTHER = {".A": 7, ".F": 8}
_ESCAPE = re.compile("\x1b(\\$\\([@ABCD]|\\$\\)[ABC]|\\$[@AB]|\\([BJI]|\\.[AF]|N[\x20-\xff])|([\x0e\x0f\x1b])")
_PIECE = re.compile("[\x21-\x7e]{1,2}")
_RUN = re.compile("[\0-\u01ff]+|[\u0200-\uffff]+")


@dataclass(slots=True)
class Shifts:
    """The sets that were made ready for shifts: one for SO (ISO 2022's G1), one for ESC N (G2)."""

    right: int = 4
    other: int = 7


def veil(text: str, shifts: Shifts) -> str:
    """``text``, whose characters are bytes and which begins in ASCII, with the bytes of other sets veiled.

    What is no character, or comes behind an unknown escape sequence, is veiled as bad: see :func:`bad`.
    """
    if "\x1b" not in text and "\x0e" not in text:
        return text
    parts, at, held = [], 0, 0
    for match in _ESCAPE.finditer(text):
        parts.append(_veiled(text[at : match.start()], held))
        name, control = match[1], match[2]
        marked = _CONTROL
        if control is not None:
            marked = _BAD if control == "\x1b" else _CONTROL
            held = shifts.right if control == "\x0e" else 0 if control == "\x0f" else held
        elif name in _SETS:
            held = _SETS[name]
        elif name in _RIGHT:
            shifts.right = _RIGHT[name]
        elif name in _OTHER:
            shifts.other = _OTHER[name]
        if name is not None and name[0] == "N":
            parts.append(_moved(match[0][:2], _CONTROL) + _moved(name[1], shifts.other))
        else:
            parts.append(_moved(match[0], marked))
        at = match.end()
    parts.append(_veiled(text[at:], held))
    return "".join(parts)


def decode(text: str, plain: Callable[[str], str]) -> str:
    """A piece of a veiled text; ``plain`` reads what belongs to no other set."""
    return "".join(plain(run[0]) if run[0][0] < "\u0200" else _decoded(run[0]) for run in _RUN.finditer(text))


def bad(text: str) -> Iterator[int]:
    """Where in a veiled text something is no character."""
    low = chr(HIDDEN + 0x100 * _BAD)
    return (at for at, char in enumerate(text) if char >= low)


def _moved(text: str, number: int) -> str:
    return "".join(chr(HIDDEN + 0x100 * number + ord(char)) for char in text)


def _veiled(text: str, held: int) -> str:
    if not held or not text:
        return text
    return _PIECE.sub(lambda match: _pair(match[0], held), text)


def _pair(text: str, held: int) -> str:
    """Two bytes of set ``held``, or of the one-byte Katakana."""
    if held == _KANA:
        return "".join(_moved(char, _KANA if char <= "_" else _BAD) for char in text)
    return _moved(text, held if len(text) == 2 and _double(text, held) else _BAD)


def _double(text: str, held: int) -> str:
    """The character of two 7-bit bytes; nothing when there is none."""
    codec, before = _DOUBLE[held]
    raw = before + bytes(ord(char) | 0x80 for char in text)
    try:
        return raw.decode(codec)
    except UnicodeDecodeError:
        return ""


def _decoded(text: str) -> str:
    found, at = [], 0
    while at < len(text):
        number, byte = divmod(ord(text[at]) - HIDDEN, 0x100)
        if number in _DOUBLE:
            pair = "".join(chr((ord(char) - HIDDEN) & 0xFF) for char in text[at : at + 2])
            found.append(_double(pair, number))
            at += 1
        elif number == _KANA:
            found.append(chr(0xFF61 + byte - 0x21))
        elif number in _SINGLE:
            found.append(bytes([byte | 0x80]).decode(_SINGLE[number], "ignore"))
        elif number == _BAD:
            found.append(chr(byte))
        at += 1
    return "".join(found)
