"""Findings told to people: one line each, coloured on a terminal."""

from dataclasses import dataclass
from functools import cache
from io import StringIO
from typing import Any

from rich.console import Console
from rich.markup import escape

from hub.commands.check import Checked
from hub.commands.longfile import LongFile
from hub.model.finding import Finding, Language, Severity

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "dim"}


def told(result: Checked, language: Language, colours: str | None = None) -> str:
    """One file's result as the text that a terminal with these colours shows; None: without colours."""
    console = _console(colours)
    with console.capture() as text:
        show(result, console, language)
    return text.get()


@dataclass(frozen=True, slots=True)
class Say:
    """Puts what is known of a long file into words."""

    colours: str | None
    language: Language

    def finding(self, finding: Finding) -> str:
        """One line."""
        return self._said(f"  {line(finding, self.language)}")

    def verdict(self, file: LongFile) -> str:
        """The last line: as for other files the first."""
        verdict = "[red]not valid[/]" if file.exit_code else "[green]valid[/]"
        types = ", ".join(f"{count} {type_}" for type_, count in file.types.items())
        return self._said(f"[bold]{escape(str(file.path))}[/]: {verdict} {escape(types or file.problem)}")

    def _said(self, markup: str) -> str:
        console = _console(self.colours)
        with console.capture() as text:
            console.print(markup)
        return text.get()


@cache
def _console(colours: Any) -> Console:
    """What puts results into words; making one takes as long as checking a file."""
    return Console(file=StringIO(), highlight=False, soft_wrap=True, color_system=colours, force_terminal=bool(colours))


def show(result: Checked, console: Console, language: Language) -> None:
    """Print one file's result: its verdict, and a line for each finding."""
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
