"""Imports UN/EDIFACT directories: ``python -m tools.import_untdid FOLDER [--only 95B,02A-03B]``.

FOLDER holds the ZIPs as UNECE publishes them (``d93a.zip`` … ``d21b.zip``). Facts only are written: structures, status,
repetitions, formats, dependency notes, code values and short names. The same input always gives the same bytes.
``report.txt`` tells what could not be read, and what was read in spite of its print.
"""

import argparse
import hashlib
import re
import shutil
import sys
from pathlib import Path

from hub.schema.edifact_text import covers, order
from tools.untdid import reading, writing
from tools.untdid.facts import Directory

HEAD = """\
# UN/EDIFACT directories as published by UNECE (https://unece.org/trade/uncefact/unedifact/download): facts only.
# Remade by: python -m tools.import_untdid FOLDER (directories.txt tells which)
"""
SHIPPED = "93A-21B"
_FILES = ("segments.txt", "composites.txt", "elements.txt", "directories.txt", "report.txt")
_FOLDERS = ("messages", "interactive", "codes")


def main(arguments: list[str] | None = None) -> int:
    """Import, print a line per directory and one per problem; 0 when every directory named was read."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default=SHIPPED, help="directories and ranges of them (default: %(default)s)")
    parser.add_argument("--out", type=Path, default=Path("schemas/edifact"))
    options = parser.parse_args(arguments)
    paths = _paths(options.folder, options.only)
    absent = sorted(set(re.split("[,-]", options.only)) - {_name(path) for path in paths}, key=order)
    if absent:
        print(f"{options.folder} has no ZIP of {', '.join(absent)}; name others with --only", file=sys.stderr)
        return 1
    directories = [_read(path) for path in paths]
    _clear(options.out)
    size = writing.write(directories, options.out, HEAD)
    (options.out / "directories.txt").write_text(HEAD + _index(directories, paths), "utf-8")
    (options.out / "report.txt").write_text(HEAD + "".join(map(_report, directories)), "utf-8")
    print(f"{len(directories)} directories, {size:,} bytes")
    return 0


def _paths(folder: Path, only: str) -> list[Path]:
    """The ZIPs in ``folder`` that ``only`` names, oldest first."""
    found = [path for path in folder.glob("d[0-9][0-9][a-z].zip") if covers(only, _name(path))]
    return sorted(found, key=lambda path: order(_name(path)))


def _name(path: Path) -> str:
    return path.stem[1:].upper()


def _read(path: Path) -> Directory:
    directory = reading.read(path)
    print(f"D.{directory.name}: {_counts(directory)}\n{_report(directory)}", end="")
    return directory


def _counts(directory: Directory) -> str:
    batch, interactive = directory.batch, directory.interactive
    return (
        f"{len(batch.messages)}+{len(interactive.messages)} messages, {len(batch.segments)}+"
        f"{len(interactive.segments)} segments, {len(batch.composites)}+{len(interactive.composites)} composites, "
        f"{len(directory.elements)} elements, {len(directory.codes)} code lists with "
        f"{sum(map(len, directory.codes.values()))} codes"
    )


def _report(directory: Directory) -> str:
    lines = [f"problem: {problem}" for problem in directory.problems] + [f"note: {note}" for note in directory.notes]
    return "".join(f"D.{directory.name}: {line}\n" for line in lines)


def _index(directories: list[Directory], paths: list[Path]) -> str:
    lines = []
    for directory, path in zip(directories, paths, strict=True):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        lines.append(f"{directory.name} {path.name} sha256:{digest} {_counts(directory)}\n")
    return "".join(lines)


def _clear(folder: Path) -> None:
    """Remove what an earlier import wrote, so that nothing stale stays; what is authored (service/) is not touched."""
    for name in _FILES:
        (folder / name).unlink(missing_ok=True)
    for name in _FOLDERS:
        shutil.rmtree(folder / name, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
