"""The documentation and the project agree: links lead somewhere, files that are named exist, commands can be called."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer.main import get_command

from hub.cli import app

ROOT = Path(__file__).parents[3]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
FILE = re.compile(r"`((?:hub|tests|tools|bench|docs|schemas|mappings|partners)/[\w./-]+)`")
WRITTEN = re.compile(r"^`([^`\n]+)`\n\n```", re.MULTILINE)  # a file whose text the page gives
COMMAND = re.compile(r"(?:^\s*\$ \S*|`|\bdo \S*/|^\s+)hub ((?:[a-z]+ ?)+)", re.MULTILINE)
TARGET = re.compile(r"(?:^ {4}|`)make ([a-z]+)\b", re.MULTILINE)


def links(text: str) -> Iterator[str]:
    """The relative links of a page, without their anchors."""
    for link in LINK.findall(re.sub(r"```.*?```", "", text, flags=re.DOTALL)):
        if "://" not in link and not link.startswith("#"):
            yield link.partition("#")[0]


def commands() -> set[str]:
    """Every command, as it is called: ``map run``."""
    found = set()
    top = get_command(app)
    assert isinstance(top, typer.core.TyperGroup)
    for name, command in top.commands.items():
        inner = getattr(command, "commands", None)
        found |= {f"{name} {each}" for each in inner} if inner else {name}
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    missing = [link for link in links(page.read_text("utf-8")) if not (page.parent / link).exists()]
    assert not missing


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_files_that_are_named_exist(page: Path) -> None:
    text = page.read_text("utf-8")
    named = set(FILE.findall(text)) - set(WRITTEN.findall(text))
    assert not [name for name in sorted(named) if not (ROOT / name).exists()]


def test_commands_in_the_readme_exist() -> None:
    known = commands()
    shown = [words.split() for words in COMMAND.findall((ROOT / "README.md").read_text("utf-8"))]
    unknown = [words for words in shown if words[0] not in known and " ".join(words[:2]) not in known]
    assert len(shown) > len(known)
    assert not unknown


def test_the_readme_tells_every_command() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    table = text[text.index("## Commands") : text.index("## What is checked")]
    assert not [command for command in sorted(commands()) if f"`hub {command}" not in table]


def test_make_targets_in_the_readme_exist() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    named = set(TARGET.findall((ROOT / "README.md").read_text("utf-8")))
    assert {"run", "test"} <= named
    assert not [target for target in sorted(named) if not re.search(rf"^{target}:", makefile, re.MULTILINE)]


def test_every_decision_is_listed() -> None:
    folder = ROOT / "docs" / "decisions"
    listed = set(links((folder / "README.md").read_text("utf-8")))
    assert listed == {file.name for file in folder.glob("[0-9]*.md")}
    for file in folder.glob("[0-9]*.md"):
        assert file.read_text("utf-8").startswith(f"# {file.name[:3]} "), file.name
