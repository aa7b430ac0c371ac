"""The facts of one directory, as values that can be compared between directories."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table. ``tag`` is a segment, ``SG5``, a composite or an element; ``children`` only in messages.

    ``form`` is what the row itself says of an element's representation (``an..35``), else empty.
    """

    tag: str
    mandatory: bool
    max: int = 1
    children: tuple["Row", ...] = ()
    form: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A message, segment or composite: its name, rows and dependency notes.

    A note is its rule and the rows' positions, from 1: ``("D5", (4, 3))``.
    """

    title: str
    rows: tuple[Row, ...]
    notes: tuple[tuple[str, tuple[int, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Element:
    """A data element: its name, representation (``an..35``), and whether a code list stands under it."""

    title: str
    form: str
    coded: bool = False


@dataclass(slots=True)
class Side:
    """The batch or the interactive side of a directory: its tables by tag."""

    messages: dict[str, Table] = field(default_factory=dict)
    segments: dict[str, Table] = field(default_factory=dict)
    composites: dict[str, Table] = field(default_factory=dict)


@dataclass(slots=True)
class Directory:
    """All facts of one directory. Elements and code lists are common to both sides.

    ``problems`` tells what could not be read or does not fit together, ``notes`` what was read in spite of its print.
    """

    name: str  # "02B"
    batch: Side = field(default_factory=Side)
    interactive: Side = field(default_factory=Side)
    elements: dict[str, Element] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)  # element → value → short name
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
