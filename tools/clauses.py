"""Checks that docs/clauses.md and the citations in the code name the same clauses of the same standards.

A citation is a standard and one or more clauses, on one line of code or comment: ``ISO 9735-1 §8.2``,
``RFC 6962 §2.1, §2.1.1``. A row of docs/clauses.md is ``| clause | what | yes/partly/no | where |``; ``where`` lists
files of the project in backquotes. Usage: ``python -m tools.clauses``; exit code 1 when something disagrees.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CODE = ("hub", "tools")
CITED = re.compile(r"\b([A-Z][\w/-]*(?: [\w.:-]*\d[\w.:-]*)?) (§\d+(?:\.\d+)*(?:(?:, | and |–)§?\d+(?:\.\d+)*)*)")
CLAUSE = re.compile(r"\d+(?:\.\d+)*")
VERDICTS = ("yes", "partly", "no")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of docs/clauses.md."""

    line: int
    clause: str
    verdict: str
    where: tuple[str, ...]


def citations(text: str) -> Iterator[str]:
    """Every ``standard §clause`` in ``text``.

    >>> list(citations("leaves (RFC 6962 §2.1, §2.1.1) and ISO 9735-1 §8.2."))
    ['RFC 6962 §2.1', 'RFC 6962 §2.1.1', 'ISO 9735-1 §8.2']
    """
    for standard, clauses in CITED.findall(text):
        for number in CLAUSE.findall(clauses):
            yield f"{standard} §{number}"


def cited(root: Path) -> dict[str, set[str]]:
    """Clause → the files (relative to ``root``) that cite it."""
    found: dict[str, set[str]] = {}
    for folder in CODE:
        for file in sorted((root / folder).rglob("*.py")):
            if file != Path(__file__).resolve():
                for clause in citations(file.read_text("utf-8")):
                    found.setdefault(clause, set()).add(file.relative_to(root).as_posix())
    return found


def rows(table: str) -> Iterator[Row]:
    """The rows of docs/clauses.md whose first cell is a clause."""
    for number, line in enumerate(table.splitlines(), 1):
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 4 and "§" in cells[0]:
            yield Row(number, cells[0], cells[2], tuple(re.findall(r"`([^`]+)`", cells[3])))


def problems(found: dict[str, set[str]], listed: list[Row]) -> Iterator[str]:
    """What disagrees, one line each, with what to do."""
    seen: set[str] = set()
    for row in listed:
        place = f"docs/clauses.md:{row.line}: {row.clause}"
        if row.clause in seen:
            yield f"{place}: listed twice; merge the rows"
        seen.add(row.clause)
        if row.verdict not in VERDICTS:
            yield f"{place}: {row.verdict!r} is not one of {', '.join(VERDICTS)}"
        citing = found.get(row.clause, set())
        if row.verdict != "no" and not citing:
            yield f"{place}: no code cites it; cite it where it is done, or write no"
        for file in row.where:
            if file not in citing:
                yield f"{place}: `{file}` does not cite it; mend the file or the row"
        for file in sorted(citing.difference(row.where)):
            yield f"{place}: `{file}` cites it too; add the file to the row"
    for clause in sorted(found.keys() - seen):
        yield f"docs/clauses.md: {clause} is cited in {', '.join(sorted(found[clause]))} and not listed; add a row"


def main() -> int:
    """Print what disagrees; 1 if anything does."""
    root = Path(__file__).resolve().parent.parent
    found, listed = cited(root), list(rows((root / "docs/clauses.md").read_text("utf-8")))
    wrong = list(problems(found, listed))
    print("\n".join([*wrong, f"clauses: {len(listed)} listed, {len(found)} cited, {len(wrong)} problems"]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
