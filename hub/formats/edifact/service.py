"""The service segments around messages (UNB, UNG, UNE, UNT, UNZ) as segment tables, after ISO 9735-1 annex C.

One table serves all syntax versions where a later one only widens an element; UNG differs in what is mandatory.
"""

from functools import lru_cache

from hub.formats.edifact.tables import SegmentTable, segment_table
from hub.schema.model import DataType, Kind, Node

_TYPES = {"a": DataType.ALPHA, "n": DataType.NUMERIC, "an": DataType.ALPHANUMERIC}


def _element(line: str) -> Node:
    """``0017 M n6..8`` → an element's node."""
    tag, status, form = line.split()
    letters = form.rstrip("0123456789.")
    low, _, high = form[len(letters) :].rpartition("..")
    return Node(
        tag,
        tag,
        Kind.ELEMENT,
        min=int(status == "M"),
        type=_TYPES[letters],
        min_length=int(low or ("0" if ".." in form else high)),
        max_length=int(high),
    )


def _node(text: str) -> Node:
    """``S004 M: 0017 M n6..8, 0019 M n4`` → a composite's node; without a colon an element's."""
    head, _, parts = text.partition(":")
    if not parts:
        return _element(head)
    tag, status = head.split()
    children = tuple(_element(part) for part in parts.split(","))
    return Node(tag, tag, Kind.COMPOSITE, min=int(status == "M"), children=children)


def _segment(tag: str, *lines: str) -> SegmentTable:
    return segment_table(Node(tag, tag, Kind.SEGMENT, children=tuple(_node(line) for line in lines)), {})


@lru_cache(maxsize=1)
def unb() -> SegmentTable:
    """Interchange header."""
    return _segment(
        "UNB",
        "S001 M: 0001 M an4, 0002 M an1, 0080 C an..6, 0133 C an..3, 0076 C an..2",
        "S002 M: 0004 M an..35, 0007 C an..4, 0008 C an..35, 0042 C an..35",
        "S003 M: 0010 M an..35, 0007 C an..4, 0014 C an..35, 0046 C an..35",
        "S004 M: 0017 M n6..8, 0019 M n4",
        "0020 M an..14",
        "S005 C: 0022 M an..14, 0025 C an2",
        "0026 C an..14",
        "0029 C a1",
        "0031 C n1",
        "0032 C an..35",
        "0035 C n1",
    )


@lru_cache(maxsize=2)
def ung(version: str) -> SegmentTable:
    """Group header: nearly all of it is mandatory before version 4 (ISO 9735:1988 annex B)."""
    must = "M" if version < "4" else "C"
    return _segment(
        "UNG",
        f"0038 {must} an..6",
        f"S006 {must}: 0040 M an..35, 0007 C an..4",
        f"S007 {must}: 0044 M an..35, 0007 C an..4",
        f"S004 {must}: 0017 M n6..8, 0019 M n4",
        "0048 M an..14",
        f"0051 {must} an..3",
        f"S008 {must}: 0052 M an..3, 0054 M an..3, 0057 C an..6",
        "0058 C an..14",
    )


@lru_cache(maxsize=1)
def une() -> SegmentTable:
    """Group trailer."""
    return _segment("UNE", "0060 M n..6", "0048 M an..14")


@lru_cache(maxsize=1)
def unt() -> SegmentTable:
    """Message trailer."""
    return _segment("UNT", "0074 M n..10", "0062 M an..14")


@lru_cache(maxsize=1)
def unz() -> SegmentTable:
    """Interchange trailer."""
    return _segment("UNZ", "0036 M n..6", "0020 M an..14")


@lru_cache(maxsize=1)
def unh() -> SegmentTable:
    """Message header, for messages whose schema is not known."""
    return _segment(
        "UNH",
        "0062 M an..14",
        "S009 M: 0065 M an..6, 0052 M an..3, 0054 M an..3, 0051 M an..3, 0057 C an..6, 0110 C an..6, 0113 C an..6",
        "0068 C an..35",
        "S010 C: 0070 M n..2, 0073 C a1",
        "S016 C: 0115 M an..14, 0116 C an..3, 0118 C an..3, 0051 C an..3",
        "S017 C: 0121 M an..14, 0122 C an..3, 0124 C an..3, 0051 C an..3",
        "S018 C: 0127 M an..14, 0128 C an..3, 0130 C an..3, 0051 C an..3",
    )
