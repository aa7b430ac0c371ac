"""TOML that remembers its lines: every problem becomes ``file:line: key: what and how to mend``.

tomllib gives values without places; after it has accepted the text, a short scan of the same text notes where each key
and each array item begins.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from hub.errors import ConfigError

Key = str | int
KeyPath = tuple[Key, ...]
M = TypeVar("M", bound="Table")


class Table(BaseModel):
    """The base of every configuration table: frozen, unknown keys refused. ``-`` in a TOML key is ``_`` here."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", alias_generator=lambda name: name.replace("_", "-"), populate_by_name=False
    )


@dataclass(frozen=True, slots=True)
class LocatedToml:
    """A TOML file's ``data`` and where each key path (``("route", 1, "to")``) stands."""

    file: str
    data: dict[str, Any]
    lines: dict[KeyPath, int]

    def line(self, path: KeyPath) -> int:
        """The 1-based line of ``path``, or of its nearest parent that is written down."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def problem(self, path: KeyPath, what: str) -> str:
        """``file:line: key: what``; ``what`` says what is wrong and how to mend it."""
        return f"{self.file}:{self.line(path)}: {'.'.join(map(str, path)) or '(file)'}: {what}"


def load(path: Path, *, max_bytes: int = 8_000_000) -> LocatedToml:
    """Read and parse ``path``. Raises ConfigError for a file that is absent, too large, not UTF-8 or not TOML."""
    return parse(text(path, max_bytes=max_bytes), str(path))


def text(path: Path, *, max_bytes: int = 8_000_000) -> str:
    """The text of ``path``. Raises ConfigError for a file that is absent, too large or not UTF-8."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        what = f"cannot be read ({error.strerror}); check its name and rights"
        raise ConfigError([f"{path}:1: (file): {what}"]) from error
    if len(raw) > max_bytes:
        raise ConfigError([f"{path}:1: (file): larger than {max_bytes} bytes; split it"])
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise ConfigError([f"{path}:{line}: (file): not UTF-8; save the file as UTF-8"]) from error


def parse(text: str, file: str) -> LocatedToml:
    """Parse TOML ``text``; problems carry the name ``file``. Raises ConfigError with the line when it is not TOML."""
    text = text.replace("\r\n", "\n")
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        line = message.rpartition("at line ")[2].split(",")[0] if "at line " in message else str(text.count("\n") + 1)
        raise ConfigError([f"{file}:{line}: (file): not TOML: {message.split(' (at')[0]}"]) from error
    return LocatedToml(file, data, _Lines(text).scan())


def validate(model: type[M], toml: LocatedToml, data: Any = None, at: KeyPath = (), context: Any = None) -> M:
    """``data`` (default: the whole file) as a frozen ``model``; ``at`` is where ``data`` stands in the file, and
    ``context`` is what the model's validators need to know besides.

    Raises ConfigError with every problem at once.
    """
    try:
        return model.model_validate(toml.data if data is None else data, context=context)
    except ValidationError as error:
        problems = []
        for item in error.errors(include_url=False):
            path = at + _real(tuple(item["loc"]), toml.data if data is None else data)
            problems.append((toml.line(path), toml.problem(path, _plain(item["type"], item["msg"]))))
        raise ConfigError([text for _, text in sorted(problems)]) from error


def _real(path: KeyPath, data: Any) -> KeyPath:
    """``path`` without the branch names that pydantic adds for unions: steps that the data has, and a last new one."""
    real: list[Key] = []
    for index, step in enumerate(path):
        if isinstance(data, dict) and (step in data or index == len(path) - 1):
            real.append(step)
            data = data.get(str(step))
        elif isinstance(data, list) and isinstance(step, int):
            real.append(step)
            data = data[step] if step < len(data) else None
    return tuple(real)


def _plain(kind: str, message: str) -> str:
    if kind == "extra_forbidden":
        return "unknown key; remove it or mend its spelling"
    if kind == "missing":
        return "missing; add it"
    if kind == "model_type":
        return "must be a table; write its keys under it"
    message = message.removeprefix("Value error, ")
    return message[0].lower() + message[1:]


class _Lines:
    """Notes the line of each key and array item in a text that tomllib has accepted."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._line = 1
        self._lines: dict[KeyPath, int] = {}
        self._counts: dict[KeyPath, int] = {}

    def scan(self) -> dict[KeyPath, int]:
        table: KeyPath = ()
        while self._skip("\n"):
            if self._text[self._at] == "[":
                table = self._header()
            else:
                self._pair(table)
        return self._lines

    def _header(self) -> KeyPath:
        line, many = self._line, self._text.startswith("[[", self._at)
        self._at += 2 if many else 1
        keys = self._keys()
        self._at += 2 if many else 1
        path: KeyPath = ()
        for index, key in enumerate(keys):
            path += (key,)
            last = index == len(keys) - 1
            if many and last:
                self._counts[path] = self._counts.get(path, -1) + 1
            if path in self._counts:
                self._lines.setdefault(path, line)
                path += (self._counts[path],)
            self._lines.setdefault(path, line)
        return path

    def _pair(self, table: KeyPath) -> None:
        line = self._line
        path = table
        for key in self._keys():
            path += (key,)
            self._lines.setdefault(path, line)
        self._at += 1  # "="
        self._skip("")
        self._value(path)

    def _value(self, path: KeyPath) -> None:
        char = self._text[self._at]
        if char == "[":
            self._array(path)
        elif char == "{":
            self._at += 1
            while self._skip("\n,") and self._text[self._at] != "}":
                self._pair(path)
            self._at += 1
        elif char in "\"'":
            self._string()
        else:
            while self._at < len(self._text) and self._text[self._at] not in ",]}\n#":
                self._at += 1

    def _array(self, path: KeyPath) -> None:
        self._at += 1
        index = 0
        while self._skip("\n,") and self._text[self._at] != "]":
            self._lines[(*path, index)] = self._line
            self._value((*path, index))
            index += 1
        self._at += 1

    def _keys(self) -> list[str]:
        keys: list[str] = []
        while True:
            self._skip("")
            if self._text[self._at] in "\"'":
                start = self._at
                self._string()
                keys.append(next(iter(tomllib.loads(f"{self._text[start : self._at]} = 0"))))
            else:
                start = self._at
                while self._text[self._at] not in " \t.=]":
                    self._at += 1
                keys.append(self._text[start : self._at])
            self._skip("")
            if self._text[self._at] != ".":
                return keys
            self._at += 1

    def _string(self) -> None:
        quote = self._text[self._at]
        long = self._text.startswith(quote * 3, self._at)
        close = quote * 3 if long else quote
        self._at += len(close)
        while not self._text.startswith(close, self._at):
            if quote == '"' and self._text[self._at] == "\\":
                self._at += 1
            self._line += self._text[self._at] == "\n"
            self._at += 1
        self._at += len(close)
        while long and self._text.startswith(quote, self._at):  # a long string may end in up to two quotes of its own
            self._at += 1

    def _skip(self, also: str) -> bool:
        """Pass blanks, comments and the characters of ``also``; False at the end of the text."""
        while self._at < len(self._text):
            char = self._text[self._at]
            if char == "#":
                end = self._text.find("\n", self._at)
                self._at = len(self._text) if end < 0 else end
            elif char in " \t" or char in also:
                self._line += char == "\n"
                self._at += 1
            else:
                return True
        return False
