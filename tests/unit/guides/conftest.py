"""Guidelines from a few lines of TOML, and what they say of a message of a few segments."""

from collections.abc import Callable
from pathlib import Path

import pytest

from hub.formats.edifact.guided import Choose
from hub.formats.edifact.reader import read
from hub.guides.guideline import Guideline
from hub.model.finding import Finding
from hub.model.message import Reading
from hub.schema.catalog import Catalog

HEAD = """[guide]
title = { zh = "试验", en = "Trial" }
source = "a test"
date = "2026-11-24"
messages = ["D.02B:PAXLST"]
"""
PAXLST = (
    "BGM+745",
    "NAD+MS+++CREW DESK",
    "TDT+20+OA123",
    "DTM+189:2611231200:201",
    "LOC+125+SHA",
    "NAD+FL+++LI:XIA",
    "ATT+2++F",
    "DTM+329:900101",
    "DOC+39:110:111+E1",
    "NAD+FL+++WU:BO",
    "ATT+2++M",
    "DTM+329:880808",
    "CNT+42:2",
)

Make = Callable[..., Guideline]
Judge = Callable[..., list[str]]


def wrap(*segments: str, names: str = "PAXLST:D:02B:UN") -> bytes:
    """The segments as one message in an interchange."""
    body = "".join(f"{segment}'" for segment in segments)
    return f"UNB+UNOC:3+A+B+261123:1200+7'UNH+1+{names}'{body}UNT+{len(segments) + 2}+1'UNZ+1+7'".encode()


def line(finding: Finding) -> str:
    """``code segment:element:component path``; a guideline's code without its id."""
    place = finding.place
    at = ":".join("" if part is None else str(part) for part in (place.segment, place.element, place.component))
    code = finding.code.removeprefix("guide.trial.")
    return f"{code} {at.rstrip(':')} {place.path or ''}".rstrip()


@pytest.fixture(name="make")
def _make(tmp_path: Path, catalog: Catalog) -> Make:
    """A guideline of these lines, behind a head."""

    def make(text: str, head: str = HEAD, name: str = "trial") -> Guideline:
        file = tmp_path / f"{name}.toml"
        file.write_text(f"{head}\n{text}", "utf-8")
        return Guideline(file, catalog)

    return make


def always(guideline: Guideline) -> Choose:
    """The choice of this guideline for all that it is for."""
    return lambda type, names: guideline.guide(type) if type in guideline.types else None


@pytest.fixture(name="reading")
def _reading(make: Make, catalog: Catalog) -> Callable[..., Reading]:
    def reading(text: str, *segments: str, head: str = HEAD, names: str = "PAXLST:D:02B:UN") -> Reading:
        guideline = make(text, head)
        guideline.check()
        return read(wrap(*segments, names=names), catalog, guides=always(guideline))

    return reading


@pytest.fixture(name="judge")
def _judge(reading: Callable[..., Reading]) -> Judge:
    """The findings about these segments, read by a guideline of these lines."""
    return lambda text, *segments, **names: [line(one) for one in reading(text, *segments, **names).all_findings()]
