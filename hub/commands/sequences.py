"""`hub sequences`: the numbers of partners who agreed to leave none out."""

from pathlib import Path
from typing import Any

from hub.commands.columns import columns
from hub.commands.home import reading
from hub.sequences.values import Gap, shown
from hub.store import sequences as store

MOST = 10_000
_HEAD = ("partner", "sequence", "last", "missing")


def list_sequences(home: Path) -> list[dict[str, Any]]:
    """Each sequence: its last number, and what is missing before it."""
    with reading(home) as connection:
        rows = store.every(connection, MOST)
        gaps = store.missing(connection, [(row["partner"], row["name"]) for row in rows])
    missing: dict[tuple[str, str], list[Gap]] = {}
    for row in gaps:
        gap = Gap(row["low"], row["high"], row["seen_at"], row["due_at"])
        missing.setdefault((row["partner"], row["name"]), []).append(gap)
    return [_told(row, sorted(missing.get((row["partner"], row["name"]), []))) for row in rows]


def table(rows: list[dict[str, Any]]) -> list[str]:
    """In columns."""
    return columns(_HEAD, [tuple(str(row[name] or "–") for name in _HEAD) for row in rows])


def _told(row: store.Row, gaps: list[Gap]) -> dict[str, Any]:
    return {"partner": row["partner"], "sequence": row["name"], "last": row["last"], "missing": shown(gaps)}
