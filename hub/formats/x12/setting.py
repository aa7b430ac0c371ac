"""What is known about an interchange while it is read: its segments, separators, characters, bounds, schemas."""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from hub.formats.source import Lines
from hub.formats.x12.frames import Cut
from hub.formats.x12.isa import Separators
from hub.formats.x12.limits import Limits
from hub.formats.x12.remarks import Remarks
from hub.schema.catalog import Catalog

_EXTENDED = r"A-Z0-9!\"&'()*+,\-./:;?= a-z%~@\[\]_{}\\|<>#$"
"""The basic and extended character sets without the national characters (X12.6)."""
_OTHERS = re.compile(f"[^{_EXTENDED}]")


@lru_cache(maxsize=64)
def _plain(separators: Separators) -> re.Pattern[str]:
    marks = separators.element + separators.component + separators.repetition
    return re.compile(f"[{_EXTENDED}{re.escape(marks)}]*")


def plainly(text: str) -> str:
    """``text`` with a blank for each character that not everyone may send."""
    return _OTHERS.sub(" ", text)


@dataclass(slots=True)
class Setting:
    """The setting of one interchange. ``charset`` is what was agreed with the sender; without, values are ASCII and
    anything else is a finding. ``judged`` counts the segments that pyx12 was asked about."""

    cut: Cut
    separators: Separators
    charset: str | None
    lines: Lines
    limits: Limits
    catalog: Catalog
    version: str = ""  # ISA12
    judged: int = 0
    pattern: re.Pattern[str] = field(init=False)  # of a segment that holds only what everyone may send

    def __post_init__(self) -> None:
        self.pattern = _plain(self.separators)

    def remarks(self) -> Remarks:
        """A collector of findings about a part of the interchange."""
        return Remarks(self.lines, self.limits.findings)

    def plain(self, text: str) -> bool:
        """Whether a segment holds nothing but characters that everyone may send."""
        return self.pattern.fullmatch(text) is not None

    def value(self, text: str) -> str:
        """A value as text: ``text`` has a character for every byte."""
        return text if text.isascii() else self.decoded(text)[0]

    def decoded(self, text: str) -> tuple[str, bool]:
        """``text`` in the agreed character set, and whether it is of that set. What is not agreed on is read as UTF-8
        where it can be, else as Latin-1, so that nothing turns into a question mark."""
        data = text.encode("latin-1")
        try:
            return data.decode(self.charset or "utf-8"), self.charset is not None
        except UnicodeDecodeError:
            return text, False

    def offset(
        self, index: int, element: int | None = None, component: int | None = None, repetition: int | None = None
    ) -> int:
        """The byte offset of segment ``index``, or of an element, component or repetition of it."""
        return self.cut.element(index, self.separators, element, component, repetition)
