"""Short ways to read X12 in tests: ``check(...)`` gives the findings as one line each."""

from collections.abc import Callable

import pytest

from hub.formats.x12.reader import read
from hub.model.finding import Finding
from hub.model.message import Reading
from hub.schema.catalog import Catalog

Read = Callable[..., Reading]
Check = Callable[..., list[str]]

ORDER = (
    "BEG*00*SA*PO1**20261123",
    "CUR*BY*USD",
    "REF*IA*100183",
    "PER*BD*BUYER*TE*3125550100",
    "N1*ST*WAREHOUSE*92*T100",
    "N3*EAST POINT DRIVE",
    "N4*LAREDO*TX*78045*US",
    "PO1*1*10*EA*19.95**BP*00543",
    "PID*F****WIDGET",
    "MEA***12.5*KG:1",
    "CTT*1",
)


def isa(version: str = "00401", **changed: str) -> str:
    """ISA, 105 characters without its terminator; ``changed`` names elements: ``ISA13="000000001"``."""
    fields = ["00", " " * 10, "00", " " * 10, "ZZ", "TRADER".ljust(15), "ZZ", "HUBCSX".ljust(15), "261123", "1200"]
    fields += ["^" if version >= "00402" else "U", version, "000000042", "0", "T", ":"]
    for name, value in changed.items():
        fields[int(name[3:]) - 1] = value
    return "*".join(["ISA", *fields])


def transaction(*body: str, number: str = "850", ref: str = "0001", convention: str = "") -> list[str]:
    """ST to SE around ``body``."""
    return [f"ST*{number}*{ref}{convention}", *body, f"SE*{len(body) + 2}*{ref}"]


def interchange(
    *body: str,
    number: str = "850",
    group: str = "PO",
    version: str = "004010",
    head: str | None = None,
    end: str = "~",
    tail: str = "IEA*1*000000042",
) -> bytes:
    """Segments in their envelope. ``body`` may bring its own ST and SE, or its own GS and GE."""
    segments = list(body)
    if not segments or not segments[0].startswith(("ST*", "GS*", "TA1*")):
        segments = transaction(*segments, number=number, convention=f"*{version}" if version >= "005010" else "")
    if not segments[0].startswith(("GS*", "TA1*")):
        sets = sum(segment.startswith("ST*") for segment in segments)
        segments = [f"GS*{group}*TRADER*HUBCSX*20261123*1200*7*X*{version}", *segments, f"GE*{sets}*7"]
    first = isa(version[:5]) if head is None else head
    return "".join(f"{segment}{end}" for segment in [first, *segments, tail]).encode("latin-1")


def line(finding: Finding) -> str:
    """``code severity segment:element:component path``, as far as they are set."""
    place = finding.place
    at = ":".join("" if part is None else str(part) for part in (place.segment, place.element, place.component))
    return f"{finding.code[4:]} {finding.severity} {at.rstrip(':')} {place.path or ''}".rstrip()


@pytest.fixture(name="isa")
def _isa() -> Callable[..., str]:
    return isa


@pytest.fixture(name="transaction")
def _transaction() -> Callable[..., list[str]]:
    return transaction


@pytest.fixture(name="wrap")
def _wrap() -> Callable[..., bytes]:
    return interchange


@pytest.fixture(name="order")
def _order() -> tuple[str, ...]:
    """The segments of a purchase order in which nothing is wrong."""
    return ORDER


@pytest.fixture(name="read")
def _read(catalog: Catalog) -> Read:
    return lambda data, **options: read(data, catalog, **options)


@pytest.fixture(name="check")
def _check(catalog: Catalog) -> Check:
    """The findings about an interchange of these segments (or about these bytes)."""

    def check(*segments: str | bytes, **options: str) -> list[str]:
        data = segments[0] if isinstance(segments[0], bytes) else interchange(*map(str, segments), **options)
        return [line(finding) for finding in read(data, catalog).all_findings()]

    return check
