"""The little language inside a mapping's strings, parsed into frozen values: paths, conditions and function pipelines.

Nothing here knows a schema; ``hub.mapping.resolve`` looks the names up. Text, nesting and size are bounded, so that a
hostile mapping costs no more than an honest one.

>>> parse_path("SG8/RFF[1153='BM']/1154").steps[1].name
'RFF'
>>> parse_pipeline("date('%Y%m%d'), limit(35)")
(Call(name='date', args=('%Y%m%d',)), Call(name='limit', args=(35,)))
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

MAX_TEXT = 1_000  # characters of one path, condition or pipeline
MAX_DEPTH = 16  # nested brackets

_TOKEN = re.compile(r"""(?P<text>'[^']*'|"[^"]*")|(?P<mark>!=|<=|>=|[=<>()\[\],/^])|(?P<name>[\w@#~$.\-]+)""")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_OPERATORS = ("=", "!=", "<", "<=", ">", ">=")


class SyntaxProblem(ValueError):
    """The text is not of the mapping language; the message says where and what was expected."""


class Start(StrEnum):
    """Where a path begins."""

    HERE = "here"  # the group of the innermost loop
    ROOT = "root"  # the message
    CONTEXT = "context"  # $hub, $partner, $lane, $case
    INDEX = "index"  # $index: the ordinal of the loop
    STANDING = "standing"  # $here: inside the filter of an `each`, the group where its block stands


@dataclass(frozen=True, slots=True)
class Step:
    """One name of a path with the filters behind it: a number picks the n-th, a condition keeps those that meet it."""

    name: str
    tests: "tuple[int | Condition, ...]" = ()


@dataclass(frozen=True, slots=True)
class Path:
    """A path as written. ``up`` counts the ``^``; the first step of a CONTEXT path is ``hub``, ``partner`` …"""

    text: str
    start: Start = Start.HERE
    up: int = 0
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Exists:
    """True when the path leads to at least one value or group."""

    path: Path


@dataclass(frozen=True, slots=True)
class Compare:
    """``left operator right``; ``count`` compares how many there are. ``right`` is a text, a number or another path."""

    left: Path
    operator: str
    right: str | Decimal | Path
    count: bool = False


@dataclass(frozen=True, slots=True)
class Among:
    """True when a value of the path is one of ``values``."""

    path: Path
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """True when ``part`` is not."""

    part: "Condition"


@dataclass(frozen=True, slots=True)
class Both:
    """``and``."""

    parts: "tuple[Condition, ...]"


@dataclass(frozen=True, slots=True)
class Either:
    """``or``."""

    parts: "tuple[Condition, ...]"


Condition = Exists | Compare | Among | Not | Both | Either


@dataclass(frozen=True, slots=True)
class Call:
    """One function of a pipeline with its literal arguments."""

    name: str
    args: tuple[str | int | Decimal, ...] = ()


def parse_path(text: str) -> Path:
    """``text`` as a path. Raises SyntaxProblem."""
    parser = _Parser(text)
    path = parser.path()
    parser.end()
    return path


def parse_condition(text: str) -> Condition:
    """``text`` as a condition. Raises SyntaxProblem."""
    parser = _Parser(text)
    condition = parser.condition()
    parser.end()
    return condition


def parse_pipeline(text: str) -> tuple[Call, ...]:
    """``text`` as function calls separated by commas. Raises SyntaxProblem."""
    parser = _Parser(text)
    calls = [parser.call()]
    while parser.take(","):
        calls.append(parser.call())
    parser.end()
    return tuple(calls)


def _tokens(text: str) -> list[tuple[str, str]]:
    if len(text) > MAX_TEXT:
        raise SyntaxProblem(f"longer than {MAX_TEXT} characters; split it")
    found, at = [], 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        match = _TOKEN.match(text, at)
        if match is None:
            raise SyntaxProblem(f"{text[at]!r} at column {at + 1} has no meaning here; texts stand in '…'")
        found.append((match.lastgroup or "", match.group()))
        at = match.end()
    return found


class _Parser:
    """Recursive descent over the tokens of one text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = _tokens(text)
        self._at = 0
        self._depth = 0

    def take(self, *marks: str) -> str:
        """The next token when it is one of ``marks``, else an empty string."""
        kind, value = self._peek()
        if kind != "text" and value in marks:
            self._at += 1
            return value
        return ""

    def end(self) -> None:
        if self._at < len(self._tokens):
            raise SyntaxProblem(f"{self._peek()[1]!r} is too much; remove it")

    def condition(self) -> Condition:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise SyntaxProblem(f"more than {MAX_DEPTH} brackets deep; say it more simply")
        parts = [self._conjunction()]
        while self.take("or"):
            parts.append(self._conjunction())
        self._depth -= 1
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def _conjunction(self) -> Condition:
        parts = [self._negation()]
        while self.take("and"):
            parts.append(self._negation())
        return parts[0] if len(parts) == 1 else Both(tuple(parts))

    def _negation(self) -> Condition:
        negative = False
        while self.take("not"):
            negative = not negative
        part = self._primary()
        return Not(part) if negative else part

    def _primary(self) -> Condition:
        if self.take("("):
            inner = self.condition()
            self._need(")")
            return inner
        if self._function("exists"):
            path = self.path()
            self._need(")")
            return Exists(path)
        if self._function("count"):
            path = self.path()
            self._need(")")
            return self._comparison(path, count=True)
        return self._comparison(self.path())

    def _comparison(self, left: Path, count: bool = False) -> Condition:
        operator = self.take(*_OPERATORS)
        if operator:
            right = self._right()
            if count and not isinstance(right, Decimal):
                raise SyntaxProblem("count(…) is compared with a number, as in count(DGS) > 1")
            return Compare(left, operator, right, count)
        negative = bool(self.take("not"))
        if not self.take("in"):
            raise SyntaxProblem(f"after {left.text!r} comes =, !=, <, <=, >, >=, in (…); or write exists({left.text})")
        among = Among(left, self._list())
        return Not(among) if negative else among

    def _list(self) -> tuple[str, ...]:
        self._need("(")
        values = [self._literal()]
        while self.take(","):
            values.append(self._literal())
        self._need(")")
        return tuple(str(value) for value in values)

    def _right(self) -> str | Decimal | Path:
        kind, value = self._peek()
        if kind == "text" or _NUMBER.fullmatch(value):
            literal = self._literal()
            return literal if isinstance(literal, str) else Decimal(literal)
        return self.path()

    def path(self) -> Path:
        first = self._at
        if self._peek()[1].startswith("$"):
            return self._dollar(first)
        start = Start.ROOT if self.take("/") else Start.HERE
        up = self._ups() if start is Start.HERE else 0
        if self._peek()[1].startswith("$"):
            return self._dollar(first, up)
        if start is Start.HERE and self.take("."):
            return Path(self._source(first), start, up, ())
        if up and not self._more():
            return Path(self._source(first), start, up, ())
        steps = [self._step()]
        while self.take("/"):
            steps.append(self._step())
        return Path(self._source(first), start, up, tuple(steps))

    def _ups(self) -> int:
        up = 0
        while self.take("^"):
            up += 1
            if not self.take("/"):
                break
        return up

    def _more(self) -> bool:
        return self._peek()[0] == "name"

    def _dollar(self, first: int, up: int = 0) -> Path:
        name = self._name()[1:]
        if name == "index":
            return Path(self._source(first), Start.INDEX, up, ())
        if up:
            raise SyntaxProblem("only $index may follow ^")
        if name == "here":
            self._need("/")
            inner = self.path()
            return Path(self._source(first), Start.STANDING, inner.up, inner.steps)
        steps = [Step(name)]
        while self.take("/"):
            steps.append(Step(self._name()))
        return Path(self._source(first), Start.CONTEXT, 0, tuple(steps))

    def _step(self) -> Step:
        name = self._name()
        tests: list[int | Condition] = []
        while self.take("["):
            tests.append(self._test())
            self._need("]")
        return Step(name, tuple(tests))

    def _test(self) -> "int | Condition":
        kind, value = self._peek()
        closing = self._tokens[self._at + 1 : self._at + 2] == [("mark", "]")]
        if kind == "name" and value.isdecimal() and closing:
            self._at += 1
            if not 1 <= int(value) <= 99_999:
                raise SyntaxProblem(f"[{value}] counts from 1 to 99999")
            return int(value)
        return self.condition()

    def call(self) -> Call:
        name = self._name()
        args: list[str | int | Decimal] = []
        if self.take("(") and not self.take(")"):
            args.append(self._literal())
            while self.take(","):
                args.append(self._literal())
            self._need(")")
        return Call(name, tuple(args))

    def _literal(self) -> str | int | Decimal:
        kind, value = self._peek()
        self._at += 1
        if kind == "text":
            return value[1:-1]
        if kind == "name" and _NUMBER.fullmatch(value):
            return Decimal(value) if "." in value else int(value)
        raise SyntaxProblem(f"a text in '…' or a number is expected, not {value or 'the end'!r}")

    def _function(self, name: str) -> bool:
        if self._tokens[self._at : self._at + 2] != [("name", name), ("mark", "(")]:
            return False
        self._at += 2
        return True

    def _name(self) -> str:
        kind, value = self._peek()
        if kind != "name":
            raise SyntaxProblem(f"a name is expected, not {value or 'the end'!r}")
        self._at += 1
        return value

    def _need(self, mark: str) -> None:
        if not self.take(mark):
            raise SyntaxProblem(f"{mark!r} is expected, not {self._peek()[1] or 'the end'!r}")

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._at] if self._at < len(self._tokens) else ("", "")

    def _source(self, first: int) -> str:
        return _plain(self._tokens[first : self._at])


def _plain(tokens: list[tuple[str, str]]) -> str:
    words = ("and", "or", "not", "in")
    return "".join(f" {value} " if kind == "name" and value in words else value for kind, value in tokens)
