"""X12 maps in the XML form of pyx12, read into Nodes: ``<folder>/850.xml``, with ``dataele.xml``, ``codes.xml`` and
``maps.xml`` beside it. What is wrong with a map is told with file and line, all of it at once."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from lxml import etree

from hub.errors import ConfigError
from hub.schema.model import DataType, Dependency, Kind, Node, Rule
from hub.schema.xmlparser import parse

_TYPES = {"AN": DataType.ALPHANUMERIC, "ID": DataType.ALPHANUMERIC, "R": DataType.DECIMAL, "B": DataType.BINARY}
_TYPES |= dict.fromkeys(("DT", "TM", *(f"N{places}" for places in range(10))), DataType.NUMERIC)
_DAY = 8  # CCYYMMDD; shorter dates, of whatever century, are digits
_RULES = {
    "P": Rule.ALL_OR_NONE,
    "R": Rule.AT_LEAST_ONE,
    "E": Rule.AT_MOST_ONE,
    "C": Rule.FIRST_NEEDS_ALL,
    "L": Rule.FIRST_NEEDS_ONE,
}
"""What the letter of a syntax note means."""

_NOTE = re.compile(r"[PRECL](\d\d){2,20}")
_SET = "ISA_LOOP/GS_LOOP/ST_LOOP"
_CONTROL = "x12.control.*.xml"
ACKNOWLEDGMENT = "TA1"


@dataclass(frozen=True, slots=True)
class DataElement:
    """A data element: its type in X12 (``AN``, ``ID``, ``N0`` …, ``R``, ``DT``, ``TM``, ``B``) and lengths."""

    number: str
    type: str
    least: int
    most: int
    title: str


@dataclass(frozen=True, slots=True)
class TransactionMap:
    """What one map says."""

    root: Node
    codes: frozenset[str]  # names of the lists that it uses
    own: Mapping[str, frozenset[str]]  # lists that stand in the map itself, by name
    file: Path


class MapFolder:
    """The maps of one version. Safe to share between threads: what is read twice is read alike."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cached_property
    def sets(self) -> dict[str, tuple[str, ...]]:
        """Transaction set → functional groups (GS01) that it may come in, as ``maps.xml`` says; sorted."""
        found: dict[str, tuple[str, ...]] = {}
        for entry in _tree(self.folder / "maps.xml").iterfind("version/map"):
            number, group = entry.get("abbr", ""), entry.get("fic", "")
            if group not in found.get(number, ()):
                found[number] = (*found.get(number, ()), group)
        return dict(sorted(found.items()))

    @cached_property
    def elements(self) -> dict[str, DataElement]:
        """All data elements, by number."""
        return {
            one.get("ele_num", ""): DataElement(
                one.get("ele_num", ""),
                one.get("data_type", ""),
                _whole(one.get("min_len")),
                _whole(one.get("max_len")),
                one.get("name", ""),
            )
            for one in _tree(self.folder / "dataele.xml").iterfind("data_ele")
        }

    @cached_property
    def codes(self) -> dict[str, frozenset[str]]:
        """The code lists of ``codes.xml``, by name."""
        return {
            one.findtext("id", ""): frozenset(code.text or "" for code in one.iterfind("version/code"))
            for one in _tree(self.folder / "codes.xml").iterfind("codeset")
        }

    @cached_property
    def tags(self) -> frozenset[str]:
        """The tags of all segments in all maps."""
        return frozenset(
            segment.get("xid", "")
            for number in self.sets
            for segment in _tree(self.folder / f"{number}.xml").iter("segment")
        )

    def load(self, number: str) -> TransactionMap:
        """The map of a transaction set, or of TA1, which is no set. Raises ConfigError with all that is wrong."""
        file = self.folder / f"{number}.xml"
        if number == ACKNOWLEDGMENT:
            file = next(iter(sorted(self.folder.glob(_CONTROL))), self.folder / "x12.control.xml")
        return _Reader(self, file).read(number)


def _tree(file: Path) -> etree._Element:
    """The XML of ``file``. Raises ConfigError when it cannot be read."""
    try:
        parsed = parse(file.read_bytes())
    except OSError as error:
        raise ConfigError([f"{file}:1: (file): cannot be read: {error.strerror}"]) from error
    if parsed.root is None:
        what = "; ".join(str(finding.params) for finding in parsed.findings)
        raise ConfigError([f"{file}:{parsed.findings[0].place.line or 1}: (file): is no sound XML {what}"])
    return parsed.root


class _Reader:
    """Reads one map."""

    def __init__(self, maps: MapFolder, file: Path) -> None:
        self._maps = maps
        self._file = file
        self._problems: list[str] = []
        self._codes: set[str] = set()
        self._own: dict[str, frozenset[str]] = {}

    def read(self, number: str) -> TransactionMap:
        tree = _tree(self._file)
        control = number == ACKNOWLEDGMENT
        around = _find(tree, "ISA_LOOP" if control else _SET)
        children: tuple[Node, ...] = ()
        if around is None:
            self._problem(tree, f"the map has no {_SET}; put the set's segments there")
        elif control:
            found = [one for one in around.iterfind("segment") if one.get("xid") == ACKNOWLEDGMENT]
            # Each TA1 is a message.
            children = tuple(replace(self._segment(one, ACKNOWLEDGMENT), min=1, max=1) for one in found)
        else:
            children = tuple(child for child in self._children(around) if child.tag != "SE")
        if not children:
            self._problem(tree, "the map has no segments")
        if self._problems:
            raise ConfigError(self._problems)
        root = Node(number, number, Kind.MESSAGE, tree.get("name", ""), min=1, children=children)
        return TransactionMap(root, frozenset(self._codes), self._own, self._file)

    def _children(self, around: etree._Element) -> Iterator[Node]:
        """The segments and loops in ``around``, by their position; a tag that comes again gets the key ``TAG~2``."""
        seen: dict[str, int] = {}
        last = 0
        members = [child for child in around if child.tag in ("segment", "loop")]
        for child in sorted(members, key=self._position):
            tag, position = child.get("xid", ""), self._position(child)
            if position <= last:
                self._problem(child, f"pos {position} comes twice; number segments and loops of a loop one by one")
            last = position
            seen[tag] = seen.get(tag, 0) + 1
            key = tag if seen[tag] == 1 else f"{tag}~{seen[tag]}"
            yield self._loop(child, key) if child.tag == "loop" else self._segment(child, key)

    def _loop(self, loop: etree._Element, key: str) -> Node:
        children = tuple(self._children(loop))
        if not children or children[0].kind is not Kind.SEGMENT or not children[0].min or children[0].max != 1:
            self._problem(loop, f"loop {loop.get('xid')} must begin with a segment of usage R and max_use 1")
        most = self._most(loop, "repeat")
        return Node(
            loop.get("xid", ""), key, Kind.GROUP, loop.get("name", ""), self._least(loop), most, children=children
        )

    def _segment(self, segment: etree._Element, key: str) -> Node:
        elements = self._elements(segment)
        return Node(
            segment.get("xid", ""),
            key,
            Kind.SEGMENT,
            segment.get("name", ""),
            self._least(segment),
            self._most(segment, "max_use"),
            children=elements,
            depends=tuple(self._notes(segment, len(elements))),
        )

    def _notes(self, segment: etree._Element, width: int) -> Iterator[Dependency]:
        for note in segment.iterfind("syntax"):
            text = note.text or ""
            positions = tuple(int(text[at : at + 2]) for at in range(1, len(text), 2)) if _NOTE.fullmatch(text) else ()
            if not positions or max(positions) > width or min(positions) < 1:
                self._problem(note, f"the syntax note {text!r} is none of {width} elements; write such as P0304")
            else:
                yield Dependency(_RULES[text[0]], positions)

    def _elements(self, around: etree._Element) -> tuple[Node, ...]:
        members = [child for child in around if child.tag in ("element", "composite")]
        found = []
        for at, child in enumerate(sorted(members, key=lambda one: _whole(one.get("seq"))), 1):
            if _whole(child.get("seq")) != at:
                self._problem(child, f"seq {child.get('seq')} where {at} belongs; leave none out")
            found.append(self._composite(child) if child.tag == "composite" else self._element(child))
        return tuple(found)

    def _composite(self, composite: etree._Element) -> Node:
        return Node(
            composite.get("data_ele", ""),
            composite.get("xid", ""),
            Kind.COMPOSITE,
            composite.get("name", ""),
            self._least(composite),
            self._most(composite, "repeat"),
            children=self._elements(composite),
        )

    def _element(self, element: etree._Element) -> Node:
        number, key = element.get("data_ele", ""), element.get("xid", "")
        known = self._maps.elements.get(number)
        if known is None:
            self._problem(element, f"{key} is data element {number}, which dataele.xml does not have; add it there")
            known = DataElement(number, "AN", 1, 1, "")
        elif not known.least <= known.most or known.type not in _TYPES:
            self._problem(
                element,
                f"{key} is data element {number}, whose type or lengths in dataele.xml cannot be; write such as "
                'data_type="AN" min_len="1" max_len="30"',
            )
        return Node(
            number,
            key,
            Kind.ELEMENT,
            element.get("name") or known.title,
            self._least(element),
            self._most(element, "repeat"),
            type=_type(known),
            min_length=known.least,
            max_length=known.most,
            codes=self._list(element, key),
        )

    def _list(self, element: etree._Element, key: str) -> str | None:
        """The name of the element's code list; one that stands in the map is called after the element."""
        values = element.find("valid_codes")
        if values is None:
            return None
        name = values.get("external")
        if name is None:
            self._own[key] = frozenset(code.text or "" for code in values.iterfind("code"))
            return key
        if name not in self._maps.codes:
            self._problem(element, f"codes.xml has no list {name}; add it, or leave valid_codes out")
        self._codes.add(name)
        return name

    def _least(self, one: etree._Element) -> int:
        usage = one.get("usage", "")
        if usage not in ("R", "S"):
            self._problem(
                one, f"usage {usage!r}; write R (required) or S (situational), and leave out what is not used"
            )
        return 1 if usage == "R" else 0

    def _most(self, one: etree._Element, attribute: str) -> int | None:
        text = one.get(attribute, "1")
        if text == ">1":
            return None
        if not _whole(text):
            self._problem(one, f'{attribute} {text!r}; write a number from 1 on, or ">1"')
        return _whole(text) or 1

    def _position(self, one: etree._Element) -> int:
        return _whole(one.get("pos"))

    def _problem(self, one: etree._Element, what: str) -> None:
        self._problems.append(f"{self._file}:{one.sourceline}: {one.get('xid', '(map)')}: {what}")


def _whole(text: str | None) -> int:
    """``text`` as a number; 0 when it is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


def _type(known: DataElement) -> DataType:
    if known.type == "DT" and known.least == known.most == _DAY:
        return DataType.DATE
    return _TYPES.get(known.type, DataType.ALPHANUMERIC)


def _find(tree: etree._Element, path: str) -> etree._Element | None:
    found: etree._Element | None = tree
    for name in path.split("/"):
        if found is not None:
            found = next((child for child in found.iterfind("loop") if child.get("xid") == name), None)
    return found
