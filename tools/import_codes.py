"""Makes the code tables that come from published lists: every ``schemas/codes/*.tsv``.

Usage: ``python -m tools.import_codes --reference DIR [--out DIR]``. DIR holds ``codes/*.json`` (the single window's
parameters) and ``ceb/errors-and-signature.txt``. The same input gives the same bytes. English that no list has, and
the few codes known from elsewhere, are in ``tools/codes/words.txt``; a code without its word is refused.
"""

import argparse
import sys
from pathlib import Path

from tools.codes import ceb, goods, places, trade
from tools.codes.sheet import Missing, Reference, Sheet

OUT = Path(__file__).parent.parent / "schemas" / "codes"
MAKERS = (*places.MAKERS, *trade.MAKERS, *goods.MAKERS, *ceb.MAKERS)


def sheets(folder: Path) -> list[Sheet]:
    """All tables, made from the published files in ``folder``. Raises Missing."""
    reference = Reference(folder)
    return [make(reference) for make in MAKERS]


def main() -> int:
    """Write them all, and print their sizes; 1 when something is missing."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--reference", type=Path, required=True, help="the folder of published files")
    parser.add_argument("--out", type=Path, default=OUT, help="where to write the tables")
    given = parser.parse_args()
    try:
        made = sheets(given.reference)
        texts = {sheet.name: sheet.written() for sheet in made}
    except Missing as error:
        print(error, file=sys.stderr)
        return 1
    for sheet in made:
        data = texts[sheet.name].encode()
        (given.out / f"{sheet.name}.tsv").write_bytes(data)
        print(f"{sheet.name:28} {len(sheet.rows):5} rows {len(data):8,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
