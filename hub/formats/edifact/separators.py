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


SEPARATORS = Separators()
LEVEL_B = Separators("\x1f", "\x1d", ",", "", "", "\x1c")
"""Character set level B's own separators IS1, IS3 and IS4 (ISO 9735:1988 §5.2)."""


@lru_cache(maxsize=64)
def usable(separators: Separators) -> bool:
    """Whether a text can be taken apart by ``separators``: distinct, and none a letter or a digit."""
    used = [separators.component, separators.element, separators.terminator]
    used += [char for char in (separators.release, separators.repetition) if char]
    return len(set(used)) == len(used) and not any(char.isalnum() for char in used)


@lru_cache(maxsize=64)
def from_una(text: str) -> Separators:
    """The separators that the six characters after ``UNA`` name; a blank stands for "not used" in places 4 and 5."""
    component, element, decimal, release, repetition, terminator = list(text)
    return Separators(component, element, decimal, release.strip(), repetition.strip(), terminator)


def advice(text: str, following: str) -> tuple[Separators, str]:
    """The separators that ``text``, all between ``UNA`` and the first segment, names, and a finding's key or nothing.

    Six characters, and perhaps blanks, are as it must be (ISO 9735-1 §5). Of fewer, the last is the terminator if
    segments of ``following``, the text behind it, end with it; what is not named is taken to be the default. Of more,
    a sixth that ``following`` lacks is none: word processors make ' a typographic one, three bytes in UTF-8.
    """
    marks = text.rstrip(BLANKS)
    if len(text) >= 6 and (text[5] not in "\r\n" or not _closes(marks, following)):
        if len(marks) <= 6:
            return from_una(text[:6]), ""
        meant = text[5] not in following and _closes(SEPARATORS.terminator, following)
        return from_una(text[:5] + (SEPARATORS.terminator if meant else text[5])), "una-length"
    named, terminator = (marks[:-1], marks[-1:]) if _closes(marks, following) else (text[:5], SEPARATORS.terminator)
    default = f"{SEPARATORS.component}{SEPARATORS.element}{SEPARATORS.decimal}{SEPARATORS.release} "
    return from_una(named[:5] + default[len(named[:5]) :] + terminator), "una-length"


def _closes(marks: str, following: str) -> bool:
    """Whether the last of ``marks`` ends a segment of ``following`` that a service segment comes behind."""
    last = marks[-1:]
    return last not in marks[:-1] and bool(re.search(re.escape(last) + "[ \t\r\n]*U[NI][GHTZ]", following))


@lru_cache(maxsize=256)
def for_version(separators: Separators, version: str, advised: bool) -> Separators:
    """``separators`` as ``version`` (UNB 0002) means them: before version 4 nothing repeats, whatever UNA holds in the
    place that it reserves; from version 4 on ``*`` does where no UNA says otherwise."""
    if version < "4":
        return replace(separators, repetition="") if separators.repetition else separators
    if advised or separators.element != SEPARATORS.element:
        return separators
    return replace(separators, repetition="*")


@lru_cache(maxsize=64)
def _released(release: str) -> re.Pattern[str]:
    return re.compile(re.escape(release) + "([\0-\xff])")


@lru_cache(maxsize=64)
def _protected(release: str) -> re.Pattern[str]:
    return re.compile(re.escape(release) + "([\u0100-\u01ff])")


@lru_cache(maxsize=64)
def _before_break(release: str) -> re.Pattern[str]:
    return re.compile(re.escape(release) + "([\r\n]+)(?=[^\r\n])")


def protect(text: str, release: str) -> str:
    """``text`` (characters below 256) with every released character moved out of the way of a split.

    A release character at the end of a line releases what comes in the next one: lines break anywhere.
    One replacement for each released character that occurs, not for each occurrence: files can be full of them.
    """
    if not release or release not in text:
        return text
    text = text.replace(release + release, release + chr(256 + ord(release)))
    if f"{release}\r" in text or f"{release}\n" in text:
        text = _before_break(release).sub(lambda match: match[1] + release, text)
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
