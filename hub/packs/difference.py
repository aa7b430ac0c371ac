"""What differs between two packs, as the people who write mappings think of it: rows by their target, tables by their
codes, other configuration by its keys, samples by their names."""

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from hub.config import located
from hub.config.located import Table
from hub.errors import ConfigError
from hub.mapping.syntax import SyntaxProblem, parse_path
from hub.mapping.table import Block, File
from hub.packs.pack import Pack

_MAX_DEPTH = 40


class How(StrEnum):
    """What became of something."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. ``what`` is a target path, a code or a key; ``before`` and ``after`` may be empty texts."""

    file: str
    how: How
    what: str
    before: str = ""
    after: str = ""

    def as_json(self) -> dict[str, str]:
        """As plain JSON values."""
        return {
            "file": self.file,
            "how": self.how.value,
            "what": self.what,
            "before": self.before,
            "after": self.after,
        }


def difference(before: Pack, after: Pack) -> list[Change]:
    """What leads from one pack to the other, file by file. Empty when they hold the same."""
    found: list[Change] = []
    for path in sorted({*before.files, *after.files}):
        old, new = before.files.get(path), after.files.get(path)
        if old == new:
            continue
        if old is None or new is None:
            found.append(Change(path, How.ADDED if old is None else How.REMOVED, "(file)"))
        else:
            found += _within(path, old, new) or [Change(path, How.CHANGED, "(comments and layout)")]
    return found


def _within(path: str, old: bytes, new: bytes) -> list[Change]:
    if not path.endswith(".toml"):
        return [Change(path, How.CHANGED, "(content)", f"{len(old)} bytes", f"{len(new)} bytes")]
    facts = [_facts(path, data) for data in (old, new)]
    if facts[0] is None or facts[1] is None:
        return [Change(path, How.CHANGED, "(content)", f"{len(old)} bytes", f"{len(new)} bytes")]
    return list(_changes(path, facts[0], facts[1]))


def _changes(path: str, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Change]:
    for what in dict.fromkeys([*old, *new]):
        before, after = old.get(what, ""), new.get(what, "")
        if what not in old:
            yield Change(path, How.ADDED, what, "", after)
        elif what not in new:
            yield Change(path, How.REMOVED, what, before)
        elif before != after:
            yield Change(path, How.CHANGED, what, before, after)


def _facts(path: str, data: bytes) -> dict[str, str] | None:
    """What a TOML file says, as flat texts; None when it is none."""
    try:
        text = data.decode()
        if "/" not in path and "[mapping]" in text:
            return dict(_mapping(located.validate(File, located.parse(text, path))))
        return dict(_flat(tomllib.loads(text), ""))
    except (ConfigError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError):
        return None


def _mapping(file: File) -> Iterator[tuple[str, str]]:
    head = file.mapping
    yield from (("[mapping] from", str(head.from_)), ("[mapping] to", head.to), ("[mapping] version", head.version))
    seen: Counter[str] = Counter()
    for block in file.block:
        yield from _block(block, "", seen)
    for name, table in file.tables.items():
        yield from ((f"table {name}: {code}", value) for code, value in table.items())


def _block(block: Block, above: str, seen: Counter[str]) -> Iterator[tuple[str, str]]:
    """The rows of a block by their full target path; one that comes again has a number behind it."""
    here = f"{above}/{block.into}" if above and block.into else above or block.into or ""
    if block.each or block.when:
        yield _numbered(f"block {here or '(message)'}", seen), _said(block, "each", "when")
    for row in block.rows:
        target = f"{here}/{_plain(row.to)}" if here else _plain(row.to)
        yield (
            _numbered(target, seen),
            _said(row, "to", "from_", "const", "with_", "table", "otherwise", "default", "required", "when"),
        )
    for inner in block.block:
        yield from _block(inner, here, seen)


def _plain(path: str) -> str:
    try:
        return "/".join(step.name for step in parse_path(path).steps)
    except SyntaxProblem:
        return path


def _numbered(name: str, seen: Counter[str]) -> str:
    seen[name] += 1
    return name if seen[name] == 1 else f"{name} ({seen[name]})"


def _said(table: Table, *names: str) -> str:
    default = {name: type(table).model_fields[name].default for name in names}
    given = [(name.rstrip("_"), getattr(table, name)) for name in names if getattr(table, name) != default[name]]
    return ", ".join(f"{name} = {value}" for name, value in given)


def _flat(value: Any, name: str, depth: int = 0) -> Iterator[tuple[str, str]]:
    if depth > _MAX_DEPTH or not isinstance(value, (dict, list)) or not value:
        yield name, str(value)
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _flat(inner, f"{name}.{key}" if name else str(key), depth + 1)
    elif all(not isinstance(one, (dict, list)) for one in value):
        yield name, ", ".join(map(str, value))
    else:
        for number, inner in enumerate(value):
            yield from _flat(inner, f"{name}[{number}]", depth + 1)
