"""Short ways to read EDIFACT in tests: ``check(...)`` gives the findings as one line each."""

from collections.abc import Callable

import pytest

from hub.formats.edifact.reader import read
from hub.model.finding import Finding
from hub.model.message import Reading
from hub.schema.catalog import Catalog

Read = Callable[..., Reading]
Check = Callable[..., list[str]]


def line(finding: Finding) -> str:
    """``code severity segment:element:component path``, as far as they are set."""
    place = finding.place
    at = ":".join("" if part is None else str(part) for part in (place.segment, place.element, place.component))
    return f"{finding.code[8:]} {finding.severity} {at.rstrip(':')} {place.path or ''}".rstrip()


def interchange(*segments: str, head: str = "UNB+UNOC:3+A+B+261123:1200+7", una: str = "") -> bytes:
    """Segments between UNB and UNZ, UNH and UNT of a PAXLST around them; ``segments`` may bring their own UNH."""
    body = list(segments)
    if not body or not body[0].startswith(("UNH", "UNG")):
        body = ["UNH+1+PAXLST:D:02B:UN", *body]
        body.append(f"UNT+{len(body) + 1}+1")
    return (una + "".join(f"{segment}'" for segment in [head, *body, "UNZ+1+7"])).encode("latin-1")


PAXLST = (
    "BGM+745",
    "NAD+MS+++CREW DESK",
    "TDT+20+OA123",
    "DTM+189:2611231200:201",
    "LOC+125+CNSHA",
    "NAD+FL+++LI:XIA",
    "ATT+2++F",
    "DTM+329:900101",
    "LOC+178+CNSHA",
    "NAT+2+CHN",
    "DOC+39+E1234567",
    "DTM+36:301231",
    "LOC+91+CHN",
    "CNT+42:1",
)


@pytest.fixture(name="wrap")
def _wrap() -> Callable[..., bytes]:
    return interchange


@pytest.fixture(name="paxlst")
def _paxlst() -> tuple[str, ...]:
    """The segments of a passenger list in which nothing is wrong."""
    return PAXLST


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
