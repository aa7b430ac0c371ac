"""The published files that tables are made of, and the form in which hub/schema/codefiles.py reads a table."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

WORDS = Path(__file__).parent / "words.txt"
COLLECTED = "2022-06-04"
WINDOW = "The parameters of China's international trade single window, as collected by guoyunhe/singlewindow: "
ENGLISH = " The English is this project's own."
MADE = "# Made by tools/import_codes.py: do not mend it here.\n"


class Missing(Exception):
    """A published file has not what a table needs of it."""


@dataclass(frozen=True)
class Reference:
    """The folder of published files: ``codes/*.json``, ``ceb/*.txt``."""

    folder: Path

    def rows(self, name: str) -> list[dict[str, str]]:
        """The rows of ``codes/NAME.json``: texts trimmed, each run of blanks one blank; what is empty is left out."""
        rows = json.loads((self.folder / "codes" / f"{name}.json").read_text("utf-8"))
        return [{key: tidy(text) for key, text in row.items() if tidy(text)} for row in rows]

    def text(self, name: str) -> str:
        """The text of the file ``name``."""
        return (self.folder / name).read_text("utf-8")


@dataclass(frozen=True)
class Sheet:
    """A table to be written. ``about`` is a line for people; ``rows`` have a cell for each of ``columns``."""

    name: str
    about: str
    source: str
    columns: tuple[str, ...]
    rows: Sequence[Sequence[str]]
    date: str = COLLECTED

    def written(self) -> str:
        """The text of its file. Raises Missing when a row does not fit."""
        for row in self.rows:
            if len(row) != len(self.columns) or not row[0] or any(set(cell) & set("\t\n\r") for cell in row):
                raise Missing(f"{self.name}: {row} does not fit the columns {self.columns}")
        head = f"{MADE}# {self.about}\n=source {self.source}\n=date {self.date}\n"
        return head + "".join("\t".join(cells) + "\n" for cells in (self.columns, *self.rows))


Maker = Callable[[Reference], Sheet]


def tidy(text: object) -> str:
    """``text`` with each run of blanks, wide ones too, as one blank."""
    return " ".join(str(text).split())


def words(table: str) -> dict[str, str]:
    """Code → English for ``table``: its section of ``words.txt``, a line for each code."""
    _, _, rest = WORDS.read_text("utf-8").partition(f"\n[{table}]\n")
    section = rest.partition("\n[")[0]
    lines = (line.partition(" ") for line in section.split("\n") if line)
    return {code: text for code, _, text in lines}


def with_english(table: str, codes: Iterable[str]) -> dict[str, str]:
    """Code → English for all ``codes``. Raises Missing with those that have none, and words that nothing needs."""
    found, wanted = words(table), set(codes)
    odd = sorted(wanted ^ set(found))
    if odd:
        raise Missing(f"tools/codes/words.txt [{table}]: {', '.join(odd)} stand on one side only")
    return found


def plain(name: str, about: str, file: str, code: str, zh: str) -> Maker:
    """A maker of a table of codes and names; the English is in ``words.txt``."""

    def make(reference: Reference) -> Sheet:
        rows = {row[code]: row[zh] for row in reference.rows(file)}
        english = with_english(name, rows)
        lines = [(value, text, english[value]) for value, text in sorted(rows.items())]
        return Sheet(name, about, f"{WINDOW}{file}.{ENGLISH}", ("code", "zh", "en"), lines)

    return make
