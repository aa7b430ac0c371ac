"""Headers of interchanges and groups, written from what an Envelope or a Group says."""

from collections.abc import Iterable

from hub.formats.edifact.pen import Pen

Places = dict[str, tuple[int, int]]


def _places(*elements: str) -> Places:
    """``S001: 0001 0002`` → where each of its components stands; a lone ``0020`` is an element."""
    found: Places = {}
    for at, element in enumerate(elements):
        name, _, components = element.partition(": ")
        for index, component in enumerate(components.split() or [name]):
            found[f"{name}/{component}" if components else name] = (at, index)
    return found


UNB = _places(
    "S001: 0001 0002 0080 0133 0076",
    "S002: 0004 0007 0008 0042",
    "S003: 0010 0007 0014 0046",
    "S004: 0017 0019",
    "0020",
    "S005: 0022 0025",
    "0026",
    "0029",
    "0031",
    "0032",
    "0035",
)
UNG = _places(
    "0038", "S006: 0040 0007", "S007: 0044 0007", "S004: 0017 0019", "0048", "0051", "S008: 0052 0054 0057", "0058"
)
UIB = _places(
    "S001: 0001 0002 0080 0133 0076",
    "S302: 0300 0303 0051 0304",
    "S303: 0306 0303 0051",
    "S018: 0127 0128 0130 0051",
    "S305: 0311 0342 0344 0051",
    "S002: 0004 0007 0008 0042",
    "S003: 0010 0007 0014 0046",
    "S300: 0338 0314 0336",
    "0325",
    "0035",
)


def heading(pen: Pen, tag: str, places: Places, values: Iterable[tuple[str, str]]) -> str:
    """The segment ``tag`` with ``values`` by their paths; what has no place in it is left out."""
    elements: dict[int, dict[int, str]] = {}
    for path, value in values:
        place = places.get(path)
        if place is not None and value:
            elements.setdefault(place[0], {})[place[1]] = value
    written = []
    for at in range(max(elements, default=-1) + 1):
        parts = elements.get(at, {})
        written.append(pen.composite([parts.get(index, "") for index in range(max(parts, default=0) + 1)], tag))
    return pen.segment(tag, written)
