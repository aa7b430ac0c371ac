r"""Regular expressions that cost no more than the length of the text times that of the pattern, whatever both are.

They are written as in Python, and match whole texts: literals, ``.``, ``\d``, ``\w``, ``\s``, ``[A-Z_]``, ``[^0-9]``,
``(one|two)`` and ``? * + {m} {m,} {m,n}``. There are no anchors, no look-around and no references back. ``\d`` and
``\w`` are ASCII. The expression becomes an automaton (Thompson's construction), which is walked in all its states at
once, so that no text makes it go back.

>>> Expression(r"[A-Z]{3}-?\d+").matches("ABC-12"), Expression("(a*)*b").matches("a" * 1000)
(True, False)
"""

import string
from collections.abc import Callable, Iterable

from hub.rules.values import LONGEST

_STATES = 2_000
_DEPTH = 20
_MOST = 1_000
_KEPT = 2_000
_FEW = 50
_MARKS = frozenset("()[]{}|?*+^$")
_WORD = frozenset(string.ascii_letters + string.digits + "_")
_CLASSES = {"d": frozenset(string.digits), "w": _WORD, "s": frozenset(string.whitespace)}
_States = frozenset[int]
_Takes = Callable[[str], bool]
_Part = Callable[[int], int]
"""Adds the states of a part before the state that follows it; returns its first state."""


class Expression:
    """A compiled pattern. Raises ValueError, which says what to mend, for a pattern that is none."""

    __slots__ = ("_jumps", "_start", "_steps", "_takes")

    def __init__(self, pattern: str) -> None:
        self._takes: list[tuple[_Takes, int] | None] = [None]  # state 0 is the end
        self._jumps: list[tuple[int, ...]] = [()]
        parser = _Parser(pattern, self)
        whole = parser.choice(0)
        if parser.left:
            raise ValueError(
                f"is no pattern: unexpected {parser.left[0]!r}; write \\{parser.left[0]} for the character"
            )
        self._start = self._reached([whole(0)])
        self._steps: dict[tuple[_States, str], _States] = {}

    def matches(self, text: str) -> bool:
        """Whether the whole of ``text`` is as the pattern says; never for a text of more than 1,000 characters."""
        if len(text) > LONGEST:
            return False
        here = self._start
        for char in text:
            here = self._steps.get((here, char)) or self._step(here, char)
            if not here:
                return False
        return 0 in here

    def _step(self, here: _States, char: str) -> _States:
        """Where ``char`` leads; remembered, as long as that takes little room, since numbers are much alike."""
        steps = (self._takes[state] for state in here)
        found = self._reached(step[1] for step in steps if step and step[0](char))
        if len(self._steps) < _KEPT and len(here) + len(found) < _FEW:
            self._steps[here, char] = found
        return found

    def add(self, takes: tuple[_Takes, int] | None, jumps: tuple[int, ...]) -> int:
        """A new state: what it takes and where that leads, or where it goes without taking anything."""
        if len(self._takes) > _STATES:
            raise ValueError("is too long a pattern; write a shorter one, or smaller numbers of repetitions")
        self._takes.append(takes)
        self._jumps.append(jumps)
        return len(self._takes) - 1

    def lead(self, state: int, to: int) -> None:
        """Let ``state`` go on to ``to`` besides."""
        self._jumps[state] += (to,)

    def _reached(self, states: Iterable[int]) -> _States:
        """``states``, and those that can be reached from them without a character."""
        found: set[int] = set()
        left = list(states)
        while left:
            state = left.pop()
            if state not in found:
                found.add(state)
                left += self._jumps[state]
        return frozenset(found)


class _Parser:
    """Recursive descent; each part, once it is told what follows, adds its states to the expression."""

    def __init__(self, pattern: str, states: Expression) -> None:
        self.left = pattern
        self._states = states

    def choice(self, depth: int) -> _Part:
        """``branch|branch``."""
        if depth > _DEPTH:
            raise ValueError("is no pattern: too many brackets within brackets")
        branches = [self._branch(depth)]
        while self._took("|"):
            branches.append(self._branch(depth))
        if len(branches) == 1:
            return branches[0]
        return lambda after: self._states.add(None, tuple(branch(after) for branch in branches))

    def _branch(self, depth: int) -> _Part:
        parts: list[_Part] = []
        while self.left and self.left[0] not in "|)":
            parts.append(self._repeated(self._atom(depth)))

        def build(after: int) -> int:
            for part in reversed(parts):
                after = part(after)
            return after

        return build

    def _repeated(self, part: _Part) -> _Part:
        if not self.left or self.left[0] not in "?*+{":
            return part
        least, most = self._bounds()
        if self.left[:1] and self.left[0] in "?*+{":
            raise ValueError(
                f"is no pattern: {self.left[0]!r} after a repetition; put brackets around what is repeated"
            )

        def build(after: int) -> int:
            if most is None:
                after = self._loop(part, after)
            for _ in range(most - least if most is not None else 0):
                after = self._states.add(None, (part(after), after))
            for _ in range(least):
                after = part(after)
            return after

        return build

    def _loop(self, part: _Part, after: int) -> int:
        """``part`` any number of times, then ``after``."""
        state = self._states.add(None, (after,))
        self._states.lead(state, part(state))
        return state

    def _bounds(self) -> tuple[int, int | None]:
        mark, self.left = self.left[0], self.left[1:]
        if mark != "{":
            return {"?": (0, 1), "*": (0, None), "+": (1, None)}[mark]
        inside, closed, self.left = self.left.partition("}")
        low, comma, high = inside.partition(",")
        numbers = [text for text in (low, high) if text]
        if not closed or not low or not all(text.isascii() and text.isdigit() and len(text) < 5 for text in numbers):
            raise ValueError("is no pattern: write a repetition as {2}, {2,} or {2,5}")
        least, most = int(low), int(high) if high else None if comma else int(low)
        if least > _MOST or (most is not None and not least <= most <= _MOST):
            raise ValueError(f"is no pattern: {{{inside}}} is no repetition of up to {_MOST} times")
        return least, most

    def _atom(self, depth: int) -> _Part:
        if self._took("("):
            inside = self.choice(depth + 1)
            if not self._took(")"):
                raise ValueError("is no pattern: a bracket is not closed")
            return inside
        if self._took("["):
            return self._taking(self._class())
        if self._took("."):
            return self._taking(lambda char: True)
        if self.left[0] in _MARKS:
            raise _unexpected(self.left[0])
        chars = self._char()
        return self._taking(chars.__contains__)

    def _taking(self, takes: _Takes) -> _Part:
        return lambda after: self._states.add((takes, after), ())

    def _char(self) -> frozenset[str]:
        r"""One character, or what ``\d`` and its like stand for."""
        if not self.left:
            raise ValueError("is no pattern: it ends too early")
        char, self.left = self.left[0], self.left[1:]
        if char != "\\":
            return frozenset(char)
        if not self.left:
            raise ValueError("is no pattern: it ends with \\")
        char, self.left = self.left[0], self.left[1:]
        if char not in _CLASSES and char.isalnum():
            raise ValueError(f"is no pattern: \\{char} is not known; there are \\d, \\w and \\s")
        return _CLASSES.get(char, frozenset(char))

    def _class(self) -> _Takes:
        """``[A-Z_]``, its bracket already taken."""
        negated = self._took("^")
        chars: set[str] = set()
        ranges: list[tuple[str, str]] = []
        while not self._took("]"):
            low = self._char()
            if self.left[:1] == "-" and self.left[1:2] != "]" and len(low) == 1:
                self._took("-")
                ranges.append(_range(low, self._char()))
            else:
                chars |= low
        if not chars and not ranges:
            raise ValueError("is no pattern: [] holds nothing")
        held = frozenset(chars)
        return lambda char: (char in held or any(low <= char <= high for low, high in ranges)) is not negated

    def _took(self, mark: str) -> bool:
        if not self.left.startswith(mark):
            return False
        self.left = self.left[len(mark) :]
        return True


def _range(low: frozenset[str], high: frozenset[str]) -> tuple[str, str]:
    (first,) = low
    last = max(high)
    if len(high) != 1 or first > last:
        raise ValueError(f"is no pattern: {first}-{last} is no range of characters")
    return first, last


def _unexpected(mark: str) -> ValueError:
    return ValueError(f"is no pattern: unexpected {mark!r}; write \\{mark} for the character")
