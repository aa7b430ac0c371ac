"""A twin's journals: one JSON value a line, durable when written; a line cut by a crash counts for nothing."""

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any


def entries(file: Path) -> list[Any]:
    """The values in ``file``, in order. The last line may have been cut by a crash; then it is taken away."""
    if not file.exists():
        return []
    whole, _, cut = file.read_bytes().rpartition(b"\n")
    if cut:
        os.truncate(file, len(whole) + 1 if whole else 0)
    return [json.loads(line) for line in whole.splitlines()]


def append(file: Path, values: Iterable[Any]) -> None:
    """Write ``values`` at the end of ``file``; they are safe when this returns."""
    text = "".join(f"{json.dumps(value, ensure_ascii=False)}\n" for value in values)
    with file.open("a", encoding="utf-8") as journal:
        journal.write(text)
        journal.flush()
        os.fsync(journal.fileno())
