"""A bar for long work, where a person waits for it at a terminal."""

from collections.abc import Iterable
from typing import TypeVar

from rich.console import Console
from rich.progress import track

T = TypeVar("T")


def tracked(items: Iterable[T], what: str, count: int) -> Iterable[T]:
    """``items``, with a bar on standard error that says how many of ``count`` are done."""
    return track(items, what, count, console=Console(stderr=True))
