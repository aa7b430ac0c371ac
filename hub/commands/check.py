"""`hub check`: detect, validate, and say what is wrong where, for any number of files and folders."""

import json
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from io import StringIO
from itertools import repeat
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape

from hub.commands import longfile
from hub.config.settings import FILE, default_settings, load_settings
from hub.formats.read import read
from hub.model.finding import Finding, Language, Severity
from hub.model.message import Reading, Syntax
from hub.schema.catalog import Catalog

MAX_BYTES = 64 * 1024 * 1024
MANY = 8  # files from which on worker processes pay
MAX_CHUNK = 16  # files that a worker takes at once
_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "dim"}


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


def check(path: Path, schemas: Path) -> Checked:
    """One file against the schemas of the folder ``schemas``."""
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            return Checked(str(path), None, f"{size} bytes are more than the {MAX_BYTES} that are read at once")
        return Checked(str(path), read(path.read_bytes(), _catalog(schemas)))
    except OSError as error:
        return Checked(str(path), None, str(error.strerror))


@dataclass(frozen=True, slots=True)
class Look:
    """How results are printed: as JSON, or for people in a language, with the terminal's colours (None: without)."""

    language: Language
    as_json: bool
    colours: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What is printed about a file, and its exit code: all that a worker process need send back."""

    text: str
    exit_code: int


def report(path: Path, schemas: Path, look: Look) -> Report:
    """Check one file and put the result into words."""
    result = check(path, schemas)
    if look.as_json:
        return Report(f"{json.dumps(result.as_json(), ensure_ascii=False)}\n", result.exit_code)
    console = _console(look.colours)
    with console.capture() as text:
        show(result, console, look.language)
    return Report(text.get(), result.exit_code)


def check_all(paths: list[Path], schemas: Path, look: Look, workers: int | None = None) -> Iterable[Report]:
    """Every file, in order; many of them in ``workers`` processes (None: one for each core), which start at once."""
    if any(map(_is_long, paths)):
        return (part for path in paths for part in _parts(path, schemas, look))
    workers = min(workers or os.cpu_count() or 1, len(paths) // MANY + 1)
    if workers == 1:
        return (report(path, schemas, look) for path in paths)
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
    file = longfile.LongFile(path, _catalog(schemas))
    if look.as_json:
        texts = longfile.as_json(file)
    else:
        say = _Say(_console(look.colours), look.language)
        texts = longfile.in_words(file, say.finding, say.verdict)
    for text in texts:
        yield Report(text, 0)
    yield Report("", file.exit_code)


@dataclass(frozen=True, slots=True)
class _Say:
    """Puts what is known of a long file into words."""

    console: Console
    language: Language

    def finding(self, finding: Finding) -> str:
        """One line."""
        return self._said(f"  {line(finding, self.language)}")

    def verdict(self, file: longfile.LongFile) -> str:
        """The last line: as for other files the first."""
        verdict = "[red]not valid[/]" if file.exit_code else "[green]valid[/]"
        types = ", ".join(f"{count} {type_}" for type_, count in file.types.items())
        return self._said(f"[bold]{escape(str(file.path))}[/]: {verdict} {escape(types or file.problem)}")

    def _said(self, markup: str) -> str:
        with self.console.capture() as text:
            self.console.print(markup)
        return text.get()


def show(result: Checked, console: Console, language: Language) -> None:
    """Print one file's result in lines for people."""
    verdict = "[green]valid[/]" if result.valid else "[red]not valid[/]"
    types = [
        message.type for one in (result.reading.interchanges if result.reading else ()) for message in one.messages
    ]
    console.print(f"[bold]{escape(result.file)}[/]: {verdict} {escape(', '.join(types) or result.problem)}")
    for finding in result.reading.all_findings() if result.reading else ():
        console.print(f"  {line(finding, language)}")


def line(finding: Finding, language: Language) -> str:
    """A finding as one line of markup: where, how grave, what, and what to do."""
    colour = _COLOURS[finding.severity]
    where = escape(place(finding))
    return (
        f"{where} [{colour}]{finding.severity.value}[/] {finding.code}: "
        f"{escape(finding.text(language))} [dim]→ {escape(finding.mend(language))}[/]"
    )


def place(finding: Finding) -> str:
    """Where a finding is, in a few words.

    >>> from hub.model.finding import Place
    >>> place(Finding("edifact.x", Place(line=3, segment=7, tag="DTM", element=1, component=2)))
    'line 3 segment 7 DTM 1.2'
    """
    at = finding.place
    words = [f"line {at.line}" if at.line else "", f"segment {at.segment}" if at.segment else "", at.tag or ""]
    if at.element:
        words.append(f"{at.element}.{at.component}" if at.component else str(at.element))
    if not any(words):
        words = [at.path or f"byte {at.offset or 0}"]
    return " ".join(word for word in words if word)


@cache
def _console(colours: Any) -> Console:
    """What puts results into words; making one takes as long as checking a file."""
    return Console(file=StringIO(), highlight=False, soft_wrap=True, color_system=colours, force_terminal=bool(colours))


@cache
def _catalog(schemas: Path) -> Catalog:
    return Catalog(schemas)


def schemas_of(home: Path) -> Path:
    """The schemas that a home uses, or those that came with the hub where there is no home."""
    settings = load_settings(home) if (home / FILE).exists() else default_settings(home)
    return settings.paths.schemas
