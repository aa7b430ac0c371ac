"""Derives ``schemas/edifact/lists/countries.txt`` from the code table of countries.

Usage: ``python -m tools.import_lists``, after ``python -m tools.import_codes``. The rows of that table with two letters
are those of ISO 3166-1; the others are codes of China's own, and left out.
"""

from pathlib import Path

from hub.schema import codes

SCHEMAS = Path(__file__).parent.parent / "schemas"
TABLE = SCHEMAS / "codes" / "countries.tsv"
OUT = SCHEMAS / "edifact" / "lists" / "countries.txt"
HEAD = """\
# ISO 3166-1, two and three letters; from the table of countries of China's national single window as collected in 2022,
# with the codes that ISO reserves for users. Made by tools/import_lists.py.
=title ISO 3166-1
=pattern AA|Q[M-Z]|X[A-Z]|ZZ|AA[A-Z]|Q[M-Z][A-Z]|X[A-Z][A-Z]|ZZ[A-Z]
"""


def text() -> str:
    """The list: two letters and three letters of every country, each with its English name."""
    rows = sorted((row.extra["alpha-2"], row.value, row.en) for row in codes.load(TABLE).rows if "alpha-2" in row.extra)
    return HEAD + "".join(f"{code}\t{name}\n" for two, three, name in rows for code in (two, three))


def main() -> None:
    """Write the list."""
    OUT.write_text(text(), "utf-8")
    print(f"{OUT.name}: {len(text().splitlines())} lines")


if __name__ == "__main__":
    main()
