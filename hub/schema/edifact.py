"""UN/EDIFACT messages as Schemas: ``edifact:D.02B:PAXLST`` from the directories, ``edifact:S4:CONTRL`` from ISO 9735.

A Library reads the compact text under ``schemas/edifact`` (see ``hub.schema.edifact_text``) as it is asked: the tables
of a directory at its first message, a code list at its first look-up. UNT and the envelope segments are in no message.
Messages of a directory carry the widest UNH and UNS (syntax version 4), which begin as those of versions 1–3 do;
``Library.segment("S3", "UNH")`` gives those of one version.

Interactive messages have ids like the others (``edifact:D.02B:SKDREQ``: no directory has a type of both kinds). Theirs
are the segments and composites of the interactive directory, kept under ``interactive``; they begin with UIH.
"""

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import cache, cached_property
from pathlib import Path

from hub.errors import SchemaUnknown
from hub.schema import edifact_text
from hub.schema.edifact_lists import Assigned, EdifactSchema, Lists
from hub.schema.edifact_tables import Tables
from hub.schema.model import Node, Schema

_DIRECTORY = re.compile(r"D\.(\d\d[A-Z])|(S[1-4])")
_HEAD = re.compile(r"^[A-Z]{6} (\S+) ", re.MULTILINE)
_SERVICE = "service"
_INTERACTIVE = "interactive"
_WIDEST = "S4"


def load(root: Path, directory: str, message: str) -> Schema:
    """The message type ``message`` (``PAXLST``) of ``directory`` (``D.02B`` or ``S4``). Raises SchemaUnknown."""
    return library(root).load(directory, message)


def directories(root: Path) -> list[str]:
    """The directories installed under ``root``, oldest first, then the service versions: ``["D.93A", …, "S1", …]``."""
    return library(root).directories()


def messages(root: Path, directory: str) -> list[str]:
    """The message types of ``directory``, sorted. Raises SchemaUnknown."""
    return library(root).messages(directory)


def segment(root: Path, directory: str, tag: str) -> Node:
    """The segment ``tag`` of ``directory``, e.g. ``segment(root, "S3", "UNB")``. Raises SchemaUnknown."""
    return library(root).segment(directory, tag)


@cache
def library(root: Path) -> "Library":
    """The Library of ``root``; one in each process, so that each directory is read once."""
    return Library(root)


class CodeLists(Mapping[str, Mapping[str, str]]):
    """The code lists that a message of directory ``name`` uses; each is read from its file at the first look-up.

    Lists of service elements (0001 … 0999) are those of the widest syntax version, unless ``name`` is a version itself.
    """

    def __init__(self, root: Path, name: str, lists: frozenset[str]) -> None:
        self._root, self._name, self._lists = root, name, lists
        self._read: dict[str, dict[str, str]] = {}

    def __getitem__(self, key: str) -> Mapping[str, str]:
        found = self._read.get(key)
        if found is None:
            if key not in self._lists:
                raise KeyError(key)
            found = self._read[key] = self._load(key)
        return found

    def _load(self, key: str) -> dict[str, str]:
        folder, name = self._root, self._name
        if key.startswith("0"):
            folder, name = folder / _SERVICE, name if name.startswith("S") else _WIDEST
        return dict(edifact_text.lines(edifact_text.read(folder / "codes" / f"{key}.txt"), name, "\t"))

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._lists))

    def __len__(self) -> int:
        return len(self._lists)


class Library:
    """All EDIFACT directories under one folder. Safe to share between threads: what is read twice is read alike."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._tables: dict[tuple[Path, str], Tables] = {}
        self._elements: dict[tuple[Path, str], dict[str, str]] = {}

    def directories(self) -> list[str]:
        """``D.93A`` …, then ``S1`` …"""
        return list(self._names)

    def messages(self, directory: str) -> list[str]:
        """The message types of ``directory``, batch and interactive, sorted. Raises SchemaUnknown."""
        name = self._name(directory)
        return [message for message, ranges in self._index.items() if edifact_text.covers(ranges, name)]

    def segment(self, directory: str, tag: str) -> Node:
        """One segment, of batch messages, as a mandatory node that occurs once. Raises SchemaUnknown."""
        name = self._name(directory)
        return self._side(self._folder(name), name).segment(tag)

    def load(self, directory: str, message: str) -> Schema:
        """The Schema of ``message`` in ``directory``. Raises SchemaUnknown with what is installed nearby."""
        name = self._name(directory)
        found = self._entry(name, message) if re.fullmatch(r"[A-Z]{6}", message) else None
        if found is None:
            raise SchemaUnknown(self._absent(directory, message))
        folder, entry = found
        root = self._side(folder, name).message(message, entry)
        source = f"ISO 9735, syntax version {name[1:]}" if name.startswith("S") else f"UN/EDIFACT {directory}, UNECE"
        codes = CodeLists(self._root, name, _code_lists(root))
        return EdifactSchema(f"edifact:{directory}:{message}", root, codes, source, self._lists)

    def _entry(self, name: str, message: str) -> tuple[Path, edifact_text.Entry] | None:
        """What describes ``message``, and on which side of the directory: the folder with the segments."""
        for folder in (self._folder(name), self._root / _INTERACTIVE):
            path = folder / "messages" / f"{message}.txt"
            if path.is_file():
                entry = edifact_text.entries(edifact_text.read(path), name).get(message)
                if entry:
                    return folder, entry
        return None

    def _side(self, folder: Path, name: str) -> Tables:
        """The tables in ``folder`` that hold for the directory ``name``; built once."""
        tables = self._tables.get((folder, name))
        if tables is None:
            service = None if name.startswith("S") else self._side(self._root / _SERVICE, _WIDEST)
            elements = self._described(self._folder(name), name)
            tables = self._tables[folder, name] = Tables(folder, name, elements, service)
        return tables

    def _described(self, folder: Path, name: str) -> dict[str, str]:
        elements = self._elements.get((folder, name))
        if elements is None:
            text = edifact_text.read(folder / "elements.txt")
            elements = self._elements[folder, name] = dict(edifact_text.lines(text, name))
        return elements

    def _folder(self, name: str) -> Path:
        return self._root / _SERVICE if name.startswith("S") else self._root

    def _name(self, directory: str) -> str:
        """``D.02B`` → ``02B``, ``S4`` → ``S4``. Raises SchemaUnknown when it is not installed."""
        match = _DIRECTORY.fullmatch(directory)
        if not match or directory not in self._names:
            near = ", ".join(get_close_matches(directory[:20], self._names, 3, cutoff=0.0))
            raise SchemaUnknown(f"EDIFACT directory {directory[:20]} is not installed; the nearest are {near}")
        return match[1] or match[2]

    @cached_property
    def _names(self) -> tuple[str, ...]:
        names = []
        for folder, prefix in ((self._root, "D."), (self._root / _SERVICE, "")):
            path = folder / "directories.txt"
            lines = edifact_text.read(path).split("\n") if path.is_file() else []
            names += [prefix + line.split(" ", 1)[0] for line in lines]
        return tuple(names)

    @cached_property
    def _index(self) -> dict[str, str]:
        """Message type → the ranges of all its entries together; sorted."""
        found: dict[str, list[str]] = {}
        for folder in (self._root, self._root / _INTERACTIVE, self._root / _SERVICE):
            for path in folder.glob("messages/*.txt"):
                found.setdefault(path.stem, []).extend(_HEAD.findall(path.read_text("utf-8")))
        return {message: ",".join(found[message]) for message in sorted(found)}

    @cached_property
    def _lists(self) -> Mapping[str, Assigned]:
        return Lists(self._root / "lists").by_element()

    def _absent(self, directory: str, message: str) -> str:
        if message in self._index:
            return f"{directory} has no {message}; directories that have: {self._index[message]}"
        near = " or ".join(get_close_matches(message[:20], self._index, 3))
        return f"no installed directory has a message {message[:20]}" + (f"; is it {near}?" if near else "")


def _code_lists(root: Node) -> frozenset[str]:
    """The names of all code lists below ``root``; what nodes share is looked through once."""
    names: set[str] = set()
    seen: set[int] = set()
    left = [root.children]
    while left:
        for node in left.pop():
            if node.codes:
                names.add(node.codes)
            if node.children and id(node.children) not in seen:
                seen.add(id(node.children))
                left.append(node.children)
    return frozenset(names)
