"""Where the elements of a document stand: paths by local names, as people write them, and those that libxml2 writes."""

import re
from typing import Any

from lxml import etree

_STEP = re.compile(r"([^\[]+)(?:\[(\d+)\])?")


class Places:
    """The places in one document. Siblings are counted once for each parent, since a file may be wide and full of
    faults."""

    def __init__(self) -> None:
        self._numbers: dict[Any, dict[Any, int]] = {}  # parent → child → its number among those of its name, 0 if alone

    def path(self, element: Any) -> str:
        """The XPath of ``element`` by local names, with an index where siblings share the name.

        >>> from hub.schema.xmlparser import parse
        >>> Places().path(parse(b"<a><b/><b><c/></b></a>").root[1][0])
        '/a/b[2]/c'
        """
        steps = []
        while element is not None:
            number = self._number(element)
            steps.append(etree.QName(element).localname + (f"[{number}]" if number else ""))
            element = element.getparent()
        return "/" + "/".join(reversed(steps))

    def _number(self, element: Any) -> int:
        parent = element.getparent()
        if parent is None:
            return 0
        if parent not in self._numbers:
            self._numbers[parent] = _numbered(parent)
        return self._numbers[parent][element]


def _numbered(parent: Any) -> dict[Any, int]:
    counts: dict[Any, int] = {}
    numbers: dict[Any, int] = {}
    for child in parent:
        counts[child.tag] = numbers[child] = counts.get(child.tag, 0) + 1
    return {child: number if counts[child.tag] > 1 else 0 for child, number in numbers.items()}


def element(root: Any, node_path: str) -> Any:
    """The element that libxml2 calls ``node_path``: ``*`` is any element, and an index counts among those."""
    current = root
    for step in node_path.split("/")[2:]:
        found = _STEP.match(step)
        if not found:
            break
        name, number = found.group(1), int(found.group(2) or 1)
        if name == "*":
            current = current[number - 1] if number <= len(current) else current
            continue
        same = (child for child in current.iterchildren(etree.Element) if name == _written(child))
        current = next((child for at, child in enumerate(same, 1) if at == number), current)
    return current


def _written(element: Any) -> str:
    name = etree.QName(element).localname
    return f"{element.prefix}:{name}" if element.prefix else name


def counterpart(element: Any, root: Any) -> Any:
    """The element of the whole tree ``root`` that stands where ``element`` stands in a tree still growing."""
    positions: list[int] = []
    while element.getparent() is not None:
        positions.append(element.getparent().index(element))
        element = element.getparent()
    for position in reversed(positions):
        root = root[position]
    return root
