r"""A text that matches an XSD pattern (XML Schema 1.0 part 2, appendix F), for samples.

Characters are taken from printable ASCII, a few beyond it, and from the ends of the ranges that the pattern names.

>>> example(r"[A-Z]{4}\d{7}", random.Random(1))
'IDPY7631706'
>>> example(r"(19|20)\d\d-(0[1-9]|1[0-2])", random.Random(1))
'2037-02'
"""

import random
import re
import unicodedata
from collections.abc import Callable

Write = Callable[[random.Random], str]

_MOST = 4  # repetitions beyond the least, where the pattern has no end or a far one
_PLAIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_OTHERS = "".join(map(chr, range(0x20, 0x7F))) + "\t\n\r" + "é中文海关"
_ALPHABET = frozenset(_PLAIN + _OTHERS)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}
_BOUNDS = re.compile(r"\{(\d+)(,?)(\d*)\}")


def written(compiled: re.Pattern[str]) -> str:
    r"""The pattern as the schema writes it, of one that xmlschema has compiled.

    >>> written(re.compile(r"^(?:[A-Z]{3})$(?!\n\Z)"))
    '[A-Z]{3}'
    """
    return compiled.pattern.removeprefix("^(?:").removesuffix(r")$(?!\n\Z)")


def example(pattern: str, dice: random.Random) -> str:
    """One text that ``pattern`` matches. Raises ValueError for one that is no XSD pattern."""
    parser = _Parser(pattern)
    write = parser.choice()
    if parser.left():
        raise ValueError(f"{pattern!r} is not a pattern: unexpected {pattern[parser.at]!r} at {parser.at}")
    return write(dice)


def _class_of(letter: str) -> frozenset[str]:
    r"""The characters of ``\d``, ``\w`` … and, for a capital letter, all others."""
    tests: dict[str, Callable[[str], bool]] = {
        "d": str.isdecimal,
        "w": lambda char: unicodedata.category(char)[0] not in "PZC",
        "s": lambda char: char in " \t\n\r",
        "i": lambda char: char.isalpha() or char in "_:",
        "c": lambda char: char.isalnum() or char in "_:-.",
    }
    found = frozenset(filter(tests[letter.lower()], _ALPHABET))
    return found if letter.islower() else _ALPHABET - found


class _Parser:
    """Recursive descent over the pattern; what it returns writes a text when it is given the dice."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0

    def left(self) -> bool:
        """Whether something of the pattern is left."""
        return self.at < len(self.pattern)

    def choice(self) -> Write:
        """``branch|branch``."""
        branches = [self._branch()]
        while self._took("|"):
            branches.append(self._branch())
        return lambda dice: dice.choice(branches)(dice)

    def _branch(self) -> Write:
        pieces = []
        while self.left() and self.pattern[self.at] not in "|)":
            pieces.append(self._piece())
        return lambda dice: "".join(piece(dice) for piece in pieces)

    def _piece(self) -> Write:
        atom = self._atom()
        low, high = self._quantity()
        return lambda dice: "".join(atom(dice) for _ in range(dice.randint(low, high)))

    def _quantity(self) -> tuple[int, int]:
        for mark, bounds in (("?", (0, 1)), ("*", (0, _MOST)), ("+", (1, 1 + _MOST))):
            if self._took(mark):
                return bounds
        match = _BOUNDS.match(self.pattern, self.at)
        if not match:
            return 1, 1
        self.at = match.end()
        low, comma, high = int(match[1]), match[2], match[3]
        return low, min(int(high), low + _MOST) if high else low + _MOST if comma else low

    def _atom(self) -> Write:
        if self._took("("):
            inner = self.choice()
            self._must(")")
            return inner
        chars = self._class() if self._took("[") else self._single()
        shown = sorted(chars & frozenset(_PLAIN)) or sorted(chars)
        if not shown:
            raise ValueError(f"{self.pattern!r}: no character that could stand at {self.at}")
        return lambda dice: dice.choice(shown)

    def _single(self) -> frozenset[str]:
        char = self._char()
        if char == ".":
            return _ALPHABET - frozenset("\n\r")
        return self._escaped() if char == "\\" else frozenset(char)

    def _escaped(self) -> frozenset[str]:
        char = self._char()
        if char in "pP":
            self._must("{")
            end = self.pattern.index("}", self.at)
            name, self.at = self.pattern[self.at : end], end + 1
            found = frozenset(one for one in _ALPHABET if unicodedata.category(one).startswith(name))
            return found if char == "p" else _ALPHABET - found
        if char in "dDwWsSiIcC":
            return _class_of(char)
        return frozenset(_ESCAPES.get(char, char))

    def _class(self) -> frozenset[str]:
        """A character class after its ``[``, with subtraction: ``[^a-z-[aeiou]]``."""
        negated = self._took("^")
        found: frozenset[str] = frozenset()
        while not self._took("]"):
            if self.pattern.startswith("-[", self.at):
                self.at += 2
                found -= self._class()
                continue
            found |= self._range()
        return _ALPHABET - found if negated else found

    def _range(self) -> frozenset[str]:
        first = self._escaped() if self._took("\\") else frozenset(self._char())
        after = self.pattern[self.at : self.at + 2]
        if len(first) > 1 or after[:1] != "-" or after[1:] in ("]", "["):
            return first
        self.at += 1
        (low,) = first
        (high,) = self._escaped() if self._took("\\") else frozenset(self._char())
        return frozenset(char for char in _ALPHABET if low <= char <= high) | {low, high}

    def _char(self) -> str:
        if not self.left():
            raise ValueError(f"{self.pattern!r} is not a pattern: it ends too early")
        self.at += 1
        return self.pattern[self.at - 1]

    def _took(self, text: str) -> bool:
        if not self.pattern.startswith(text, self.at):
            return False
        self.at += len(text)
        return True

    def _must(self, text: str) -> None:
        if not self._took(text):
            raise ValueError(f"{self.pattern!r} is not a pattern: {text!r} is missing at {self.at}")
