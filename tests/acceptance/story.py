"""Scenario files: plain words, read line by line. What the lines mean is in ``steps.py``.

    System: Cross-border e-commerce, import

    Background:
      Given the platform, xiangmai, sends the order

    Scenario: the order alone waits
      When order 1 comes
      Then there is no case 1

A line begins with Given, When, Then, And or But; ``#`` begins a remark. What stands under ``Background`` comes before
each scenario of the file.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

WORDS = ("Given", "When", "Then", "And", "But")


class StoryError(Exception):
    """A scenario file that cannot be read, or a line of it that does not hold; the message names file and line."""


@dataclass(frozen=True)
class Line:
    """One step: what it says without its first word, and where it stands."""

    text: str
    where: str


@dataclass(frozen=True)
class Scenario:
    """One scenario with the steps of its file's background before its own."""

    system: str
    name: str
    lines: tuple[Line, ...]

    @property
    def title(self) -> str:
        """A readable name for the test."""
        return f"{self.system}: {re.sub(r'[^0-9A-Za-z]+', '-', self.name).strip('-')}"


def scenarios(file: Path) -> list[Scenario]:
    """The scenarios of ``file``. Raises StoryError with the first line that is out of place."""
    background: list[Line] = []
    found: dict[str, list[Line]] = {}
    into: list[Line] | None = None
    for number, text in _lines(file):
        where = f"{file.name}:{number}"
        if text == "Background:":
            into = background
        elif text.startswith("Scenario:"):
            name = text.removeprefix("Scenario:").strip()
            if not name or name in found:
                raise StoryError(f"{where}: a scenario needs a name of its own: {text}")
            into = found[name] = []
        elif text.startswith("System:"):
            continue
        else:
            word, _, rest = text.partition(" ")
            if word not in WORDS or into is None:
                raise StoryError(f"{where}: a step begins with {', '.join(WORDS)}: {text}")
            into.append(Line(rest.strip(), where))
    return [Scenario(file.stem, name, (*background, *own)) for name, own in found.items()]


def _lines(file: Path) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
        text = line.strip()
        if text and not text.startswith("#"):
            yield number, text
