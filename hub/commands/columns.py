"""Rows in columns as wide as what they hold: nothing is cut, so that an id can be copied and lines can be searched."""

from collections.abc import Sequence

from rich.cells import cell_len


def columns(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """One line a row, below ``head``.

    >>> columns(("id", "state"), [("CS-1", "open")])
    ['id    state', 'CS-1  open']
    """
    every = (head, *rows)
    widths = [max(cell_len(row[place]) for row in every) for place in range(len(head))]
    return ["  ".join(_filled(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in every]


def _filled(cell: str, width: int) -> str:
    return cell + " " * (width - cell_len(cell))
