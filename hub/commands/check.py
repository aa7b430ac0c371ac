"""`hub check`: detect, validate, and say what is wrong where, for any number of files and folders."""

import json
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import repeat
from pathlib import Path
from typing import Any

from hub.commands import longfile
from hub.commands.chosen import Wish, checked, choice
from hub.config.shipped import shipped
from hub.errors import HubError
from hub.formats.read import read
from hub.model.finding import Language
from hub.model.message import Reading, Syntax
from hub.schema.catalog import Catalog

MAX_BYTES = 64 * 1024 * 1024
PLAIN = Wish()
MANY = 8  # files from which on worker processes pay
MAX_CHUNK = 16  # files that a worker takes at once


@dataclass(frozen=True, slots=True)
class Checked:
    """One file: what was read, or why it could not be read at all."""

    file: str
    reading: Reading | None
    problem: str = ""

    @property
    def valid(self) -> bool:
        """Read, and without an error."""
        return self.reading is not None and self.reading.valid

    @property
    def exit_code(self) -> int:
        """0 valid, 1 with findings, 2 unreadable."""
        unreadable = self.reading is None or not self.reading.interchanges
        return 0 if self.valid else 2 if unreadable else 1

    def as_json(self) -> dict[str, Any]:
        """The object that ``--json`` prints for the file."""
        reading = self.reading or Reading(Syntax.UNKNOWN)
        messages = [message.type for interchange in reading.interchanges for message in interchange.messages]
        result: dict[str, Any] = {
            "file": self.file,
            "syntax": reading.syntax.value,
            "messages": messages,
            "valid": self.valid,
            "findings": [finding.as_json() for finding in reading.all_findings()],
        }
        return result | ({"problem": self.problem} if self.problem else {})


def files(paths: Iterable[Path]) -> Iterator[Path]:
    """Every file named, and every file below every folder named, in order of name."""
    for path in paths:
        if path.is_dir():
            yield from sorted(one for one in path.rglob("*") if one.is_file())
        else:
            yield path


def check(path: Path, schemas: Path, wish: Wish = PLAIN) -> Checked:
    """One file against the schemas of the folder ``schemas``, read as ``wish`` says."""
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            return Checked(str(path), None, f"{size} bytes are more than the {MAX_BYTES} that are read at once")
        catalog = _catalog(schemas)
        guides = choice(catalog, wish)
        data = path.read_bytes()
        reading = read(data, catalog, charset=wish.charset, x12_charset=wish.x12_charset, guides=guides)
        return Checked(str(path), reading)
    except OSError as error:
        return Checked(str(path), None, str(error.strerror))


@dataclass(frozen=True, slots=True)
class Look:
    """How files are looked at, and results printed: as JSON, or for people in a language, with the terminal's colours
    (None: without). ``wish`` says how they are read."""

    language: Language
    as_json: bool
    colours: str | None = None
    wish: Wish = PLAIN


@dataclass(frozen=True, slots=True)
class Report:
    """What is printed about a file, and its exit code: all that a worker process need send back."""

    text: str
    exit_code: int


def report(path: Path, schemas: Path, look: Look) -> Report:
    """Check one file and put the result into words."""
    result = check(path, schemas, look.wish)
    if look.as_json:
        return Report(f"{json.dumps(result.as_json(), ensure_ascii=False)}\n", result.exit_code)
    from hub.commands import findings

    return Report(findings.told(result, look.language, look.colours), result.exit_code)


def check_all(paths: list[Path], schemas: Path, look: Look, workers: int | None = None) -> Iterable[Report]:
    """Every file, in order; many of them in ``workers`` processes (None: one for each core), which start at once."""
    if any(map(_is_long, paths)):
        return (part for path in paths for part in _parts(path, schemas, look))
    workers = min(workers or os.cpu_count() or 1, len(paths) // MANY + 1)
    if workers == 1:
        return (report(path, schemas, look) for path in paths)
    from concurrent.futures import ProcessPoolExecutor

    pool = ProcessPoolExecutor(workers)
    chunk = min(MAX_CHUNK, len(paths) // (4 * workers) + 1)
    found = pool.map(report, paths, repeat(schemas), repeat(look), chunksize=chunk)
    pool.shutdown(wait=False)  # once all is done
    return found


def _is_long(path: Path) -> bool:
    try:
        return longfile.is_long(path)
    except OSError:
        return False  # which reading it tells


def _parts(path: Path, schemas: Path, look: Look) -> Iterator[Report]:
    """The report on one file; on a long one in many parts, while it is read."""
    if not _is_long(path):
        yield report(path, schemas, look)
        return
    catalog = _catalog(schemas)
    file = longfile.LongFile(path, catalog, choice(catalog, look.wish), look.wish.charset)
    if look.as_json:
        texts = longfile.as_json(file)
    else:
        from hub.commands.findings import Say

        say = Say(look.colours, look.language)
        texts = longfile.in_words(file, say.finding, say.verdict)
    for text in texts:
        yield Report(text, 0)
    yield Report("", file.exit_code)


def print_all(paths: list[Path], schemas: Path, look: Look) -> int:
    """Check and print every file, with a bar on standard error where a person waits; the gravest exit code."""
    results = check_all(paths, schemas, look)
    worst = 0
    for result in results if look.as_json else _tracked(results, len(paths)):
        sys.stdout.write(result.text)
        sys.stdout.flush()
        worst = max(worst, result.exit_code)
    return worst


def _tracked(results: Iterable[Report], count: int) -> Iterable[Report]:
    if count <= MANY or not sys.stderr.isatty():
        return results
    from hub.commands.progress import tracked

    return tracked(results, "checking", count)


@cache
def _catalog(schemas: Path) -> Catalog:
    return Catalog(schemas)


def wished(home: Path, guides: list[str], partner: str = "") -> Wish:
    """The guidelines ``guides`` of a home and, with a ``partner``, what is agreed with it. Raises HubError for what is
    not there, ConfigError for what is wrong."""
    wish = Wish(tuple(guides), guides_of(home))
    return checked(_catalog(schemas_of(home)), _agreed(wish, home, partner) if partner else wish)


def _agreed(wish: Wish, home: Path, partner: str) -> Wish:
    from hub.config.configuration import load_configuration

    partners = load_configuration(home).partners
    if partner not in partners:
        raise HubError(f"there is no partner {partner!r} here; there are {', '.join(sorted(partners)) or 'none'}")
    edifact, x12 = partners[partner].edifact, partners[partner].x12
    return replace(
        wish,
        ids=wish.ids + (edifact.guides if edifact else ()),
        agreed=True,
        charset=edifact.style.charset if edifact else None,
        x12_charset=x12.style.charset if x12 else None,
    )


def schemas_of(home: Path) -> Path:
    """The schemas that a home uses, or those that came with the hub where there is no home."""
    if not (home / "hub.toml").exists():
        return shipped("schemas")
    from hub.config.settings import load_settings

    return load_settings(home).paths.schemas


def guides_of(home: Path) -> Path | None:
    """The folder of a home's own guidelines; None where there is no home."""
    if not (home / "hub.toml").exists():
        return None
    from hub.config.settings import load_settings

    return load_settings(home).paths.guides
