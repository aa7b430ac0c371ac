"""Derives ``schemas/edifact/lists/countries.txt`` from the national single window's table of countries.

Usage: ``python -m tools.import_lists FOLDER`` (the folder with ``SwCountry.json``). That table has the two- and
three-letter codes of ISO 3166-1 but four territories, which are added, and codes of its own, which are left out.
"""

import json
import sys
from pathlib import Path

OUT = Path(__file__).parent.parent / "schemas" / "edifact" / "lists" / "countries.txt"
HEAD = """\
# ISO 3166-1, two and three letters; from the table of countries of China's national single window as collected in 2022,
# with the codes that ISO reserves for users. Made by tools/import_lists.py.
=title ISO 3166-1
=pattern AA|Q[M-Z]|X[A-Z]|ZZ|AA[A-Z]|Q[M-Z][A-Z]|X[A-Z][A-Z]|ZZ[A-Z]
"""
BESIDES = (
    ("AX", "ALA", "Åland Islands"),
    ("BL", "BLM", "Saint Barthélemy"),
    ("GG", "GGY", "Guernsey"),
    ("JE", "JEY", "Jersey"),
)
FOREIGN = ("NN", "UN")  # "others", United Nations: not countries of the standard


def rows(folder: Path) -> list[tuple[str, str, str]]:
    """Two letters, three letters and English name of every country, sorted."""
    table = json.loads((folder / "SwCountry.json").read_text("utf-8"))
    found = [(row["GB_CODE_V2"], row["GB_CODE_V3"], " ".join(row["GB_ENAME"].split())) for row in table]
    return sorted({*(row for row in found if row[0] not in FOREIGN), *BESIDES})


def main() -> None:
    """Write the list."""
    lines = [f"{code}\t{name}" for two, three, name in rows(Path(sys.argv[1])) for code in (two, three)]
    OUT.write_text(HEAD + "\n".join(lines) + "\n", "utf-8")
    print(f"{OUT.name}: {len(lines)} codes")


if __name__ == "__main__":
    main()
