"""The service characters of an interchange: UNA in all its forms, the defaults, and the release character.

While an interchange is taken apart, a released character stands as itself plus 256, behind its release character.
Lengths stay as on the wire, offsets stay true, and every split is a plain ``str.split``.

>>> [unprotect(part, "?") for part in protect("A?+B+C??", "?").split("+")]
['A+B', 'C?']
"""

import re
from dataclasses import dataclass, replace
from functools import lru_cache

BLANKS = " \t\r\n"
"""What real files put between segments; ISO 9735 knows none of it."""


@dataclass(frozen=True, slots=True)
class Separators:
    """The six service characters. An empty ``release`` or ``repetition`` means that there is none."""

    component: str = ":"
    element: str = "+"
    decimal: str = "."
    release: str = "?"
    repetition: str = ""
    terminator: str = "'"

    def una(self) -> bytes:
        """The service string advice, nine bytes (ISO 9735-1 §7.1)."""
        return (
            f"UNA{self.component}{self.element}{self.decimal}{self.release or ' '}{self.repetition or ' '}"
            f"{self.terminator}"
        ).encode("latin-1")

    def usable(self) -> bool:
        """Whether a text can be taken apart by these: distinct, and none a letter or a digit."""
        used = [self.component, self.element, self.terminator]
        used += [char for char in (self.release, self.repetition) if char]
        return len(set(used)) == len(used) and not any(char.isalnum() for char in used)


SEPARATORS = Separators()
LEVEL_B = Separators("\x1f", "\x1d", ",", "", "", "\x1c")
"""Character set level B's own separators IS1, IS3 and IS4 (ISO 9735:1988 §5.2)."""

BY_LINE = Separators(terminator="\n")
"""What a file without terminators is read by, for want of better."""


def from_una(text: str) -> Separators:
    """The separators that the six characters after ``UNA`` name; a blank stands for "not used" in places 4 and 5."""
    component, element, decimal, release, repetition, terminator = list(text)
    return Separators(component, element, decimal, release.strip(), repetition.strip(), terminator)


def for_version(separators: Separators, version: str, advised: bool) -> Separators:
    """``separators`` as ``version`` (UNB 0002) means them: without a UNA, ``*`` repeats from version 4 on."""
    if advised or separators is not SEPARATORS:
        return separators
    return replace(separators, repetition="*" if version >= "4" else "")


@lru_cache(maxsize=64)
def _released(release: str) -> re.Pattern[str]:
    return re.compile(re.escape(release) + "([\0-\xff])")


@lru_cache(maxsize=64)
def _protected(release: str) -> re.Pattern[str]:
    return re.compile(re.escape(release) + "([\u0100-\u01ff])")


def protect(text: str, release: str) -> str:
    """``text`` (characters below 256) with every released character moved out of the way of a split.

    One replacement for each released character that occurs, not for each occurrence: files can be full of them.
    """
    if not release or release not in text:
        return text
    text = text.replace(release + release, release + chr(256 + ord(release)))
    pattern = _released(release)
    while (match := pattern.search(text)) is not None:
        text = text.replace(match[0], release + chr(256 + ord(match[1])))
    return text


def unprotect(text: str, release: str) -> str:
    """The value that ``text``, a piece of a protected text, stands for: release characters gone."""
    if not release or release not in text:
        return text
    pattern = _protected(release)
    while (match := pattern.search(text)) is not None:
        text = text.replace(match[0], chr(ord(match[1]) - 256))
    return text
