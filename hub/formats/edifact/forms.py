"""The two forms of EDIFACT, batch and interactive: which segments frame interchange and message, what stands where."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from hub.formats.edifact.service import unb, unh, unt, unz
from hub.formats.edifact.tables import SegmentTable, segment_table
from hub.schema import edifact
from hub.schema.catalog import Catalog
from hub.schema.model import Schema


@lru_cache(maxsize=64)
def _table(root: Path, tag: str) -> SegmentTable:
    return segment_table(edifact.segment(root, "S4", tag), {})


def service_table(tag: str, catalog: Catalog) -> SegmentTable:
    """The service segment ``tag`` of syntax version 4: those that no earlier version has. Raises SchemaUnknown."""
    return _table(catalog.root / "edifact", tag)


@dataclass(frozen=True, slots=True)
class Form:
    """One of the two. Numbers are element positions; ``marks`` are the tags that structure an interchange."""

    marks: tuple[str, ...]
    header: str  # of the interchange
    trailer: str
    message: str  # the message's header
    end: str  # and its trailer
    identifier: str  # the composite that names the message type
    identifier_at: int  # where it stands in the header
    agency_at: int  # index of 0051 in it
    association_at: int  # index of 0057 in it
    reference: str  # the message's reference
    longest_reference: int  # its characters
    reference_at: int  # where it stands in the header
    end_reference_at: int  # … and in the trailer
    end_count_at: int  # 0074 in the trailer
    control: str  # the path of the reference in the interchange's trailer
    control_at: int
    count_at: int  # 0036 in the interchange's trailer


BATCH = Form(
    marks=("UNG", "UNH", "UNT", "UNE", "UNZ"),
    header="UNB",
    trailer="UNZ",
    message="UNH",
    end="UNT",
    identifier="S009",
    identifier_at=2,
    agency_at=3,
    association_at=4,
    reference="0062",
    longest_reference=14,
    reference_at=1,
    end_reference_at=2,
    end_count_at=1,
    control="0020",
    control_at=2,
    count_at=1,
)
INTERACTIVE = Form(
    marks=("UIH", "UIT", "UIR", "UIZ"),
    header="UIB",
    trailer="UIZ",
    message="UIH",
    end="UIT",
    identifier="S306",
    identifier_at=1,
    agency_at=4,
    association_at=5,
    reference="0340",
    longest_reference=35,
    reference_at=2,
    end_reference_at=1,
    end_count_at=2,
    control="S302/0300",
    control_at=1,
    count_at=2,
)

_BATCH = {"UNB": unb, "UNH": unh, "UNT": unt, "UNZ": unz}


def form_of(schema: Schema) -> Form:
    """The form of a message type, which its first segment tells."""
    first = schema.root.children[:1]
    return INTERACTIVE if first and first[0].tag == INTERACTIVE.message else BATCH


def frame_table(tag: str, catalog: Catalog) -> SegmentTable:
    """The segment ``tag`` that frames an interchange or a message."""
    found = _BATCH.get(tag)
    return found() if found is not None else service_table(tag, catalog)
