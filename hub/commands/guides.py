"""`hub guide`: which implementation guidelines there are, what they say, and whether their files are right."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape

from hub.commands.check import guides_of, schemas_of
from hub.errors import ConfigError
from hub.guides.guideline import Guideline
from hub.guides.library import Guides
from hub.guides.table import Head, Rule, Widening
from hub.model.finding import Language
from hub.schema.catalog import Catalog

_NAMES = (("association", "0057"), ("agency", "0051"), ("subset", "0115"), ("guideline", "0121"))
_SAID = ("path", "element", "at", "when", "messages", "text", "mend", "codes", "key", "severity", "contrl")


def library(home: Path) -> Guides:
    """The guidelines of a home, and those that came with the hub."""
    return Guides(Catalog(schemas_of(home)), guides_of(home))


def list_guides(home: Path, console: Console, language: Language, *, as_json: bool) -> None:
    """Print every guideline: its id and title, its messages, and what in UNH chooses it."""
    guides = library(home)
    heads = {id: guides.get(id).head for id in guides.ids()}
    if as_json:
        print(json.dumps({id: head.model_dump(by_alias=True) for id, head in heads.items()}, ensure_ascii=False))
        return
    for id, head in heads.items():
        console.print(f"[bold]{escape(id)}[/]  {escape(getattr(head.title, language.value))}")
        console.print(f"  {escape(', '.join(head.messages))}")
        console.print(f"  [dim]{escape(_chosen(head))}[/]")


def show_guide(home: Path, id: str, console: Console, language: Language) -> None:
    """Print what the guideline ``id`` widens and demands."""
    guideline = library(home).get(id)
    head = guideline.head
    console.print(f"[bold]{escape(id)}[/]  {escape(getattr(head.title, language.value))}")
    console.print(f"[dim]{escape(head.source)}, {head.date}; {escape(_chosen(head))}[/]")
    console.print(escape(", ".join(head.messages)))
    for widening in guideline.file.widen:
        for line in _widening(widening, language):
            console.print(escape(line))
    for rule in guideline.file.rule:
        for line in _rule(id, rule, language):
            console.print(escape(line))


def check_guides(home: Path, files: list[Path], console: Console) -> int:
    """Check the guidelines of ``files``, or all that are installed; 1 when one is wrong."""
    catalog = Catalog(schemas_of(home))
    worst = 0
    for file in files or library(home).files().values():
        try:
            guideline = Guideline(file, catalog)
            guideline.check()
        except ConfigError as error:
            worst = 1
            for problem in error.problems:
                console.print(escape(problem))
        else:
            rows = f"{len(guideline.file.widen)} widenings, {len(guideline.file.rule)} rules"
            console.print(f"ok  {escape(guideline.id)}  {rows}, {len(guideline.types)} messages")
    return worst


def _chosen(head: Head) -> str:
    """By what in UNH it is chosen."""
    named = [(tag, getattr(head, key)) for key, tag in _NAMES]
    words = [f"{tag} {', '.join(names)}" for tag, names in named if names]
    return f"UNH: {'; '.join(words)}" if words else "--guide"


def _widening(widening: Widening, language: Language) -> Iterator[str]:
    places = ", ".join(widening.path or widening.element or ())
    yield f"+ {places}{_only(widening.messages)}  {_facts(widening)}".rstrip()
    for code, texts in widening.codes.items():
        yield f"    {code:6}  {getattr(texts, language.value)}"


def _rule(id: str, rule: Rule, language: Language) -> Iterator[str]:
    where = f"{rule.at}: " if rule.at else ""
    place = ", ".join(rule.path or ())
    codes = f"codes {' '.join(rule.codes)}" if rule.codes else ""
    when = f"when {rule.when}" if rule.when else ""
    words = (f"- {where}{place}{_only(rule.messages)}", _facts(rule), codes, when)
    yield "  ".join(word for word in words if word)
    text = f"  {getattr(rule.text, language.value)}" if rule.text else ""
    key = rule.key or next(iter(_said(rule)), "codes")
    yield f"    guide.{id}.{key} ({rule.severity}){text}"


def _facts(row: Widening | Rule) -> str:
    """``required  form n..8``."""
    return "  ".join(name if value is True else f"{name} {value}" for name, value in _said(row).items())


def _said(row: Widening | Rule) -> dict[str, Any]:
    """What a row demands or allows, without the places and words."""
    said = row.model_dump(by_alias=True, exclude_defaults=True)
    return {name: value for name, value in said.items() if name not in _SAID}


def _only(messages: list[str]) -> str:
    return f" ({', '.join(messages)})" if messages else ""
