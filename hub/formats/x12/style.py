"""How an interchange is written: separators, line ends, character set, and the names inside its groups."""

from dataclasses import dataclass, field, replace

from hub.formats.x12.isa import Separators
from hub.model.partner import X12Style

VERSION = "004010"
"""What is written when nobody says otherwise."""

_REPEATS = "00402"  # the first interchange version in which ISA11 is the repetition separator


@dataclass(frozen=True, slots=True)
class Style:
    """``newline`` ends the line after each segment; ``charset`` (a Python codec) is what both sides agreed on beyond
    ASCII; ``sender`` and ``receiver`` are GS02 and GS03 where they are not ISA's; ``version`` is GS08 where a guide
    narrows the schema's own (``004010VICS``); ``group_ref`` numbers the first group (None: as the interchange)."""

    separators: Separators = field(default_factory=Separators)
    newline: str = ""
    charset: str = "ascii"
    sender: str = ""
    receiver: str = ""
    version: str = ""
    group_ref: int | None = None

    def separators_for(self, interchange: str) -> Separators:
        """The separators in an interchange version: before 00402 nothing repeats inside a segment."""
        return self.separators if interchange >= _REPEATS else replace(self.separators, repetition="")

    @classmethod
    def of(cls, partner: X12Style) -> "Style":
        """The style that a partner's configuration asks for."""
        return cls(
            Separators(*partner.separators),
            newline=partner.newline,
            charset=partner.charset or "ascii",
            sender=partner.sender,
            receiver=partner.receiver,
        )


STYLE = Style()
