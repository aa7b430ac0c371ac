"""How an interchange is written: separators, UNA, line ends, character set."""

from dataclasses import dataclass, replace

from hub.formats.edifact.charsets import Charset, charset, named
from hub.formats.edifact.separators import SEPARATORS, Separators, from_una
from hub.model.message import Envelope
from hub.model.partner import EdifactStyle

VERSION, IDENTIFIER = "3", "UNOC"
"""What is written when the envelope does not say: the syntax that every partner reads."""

_REPEATS = "*"  # from syntax version 4 on, unless UNA says otherwise


@dataclass(frozen=True, slots=True)
class Style:
    """``una`` writes a service string advice even where the defaults would do; ``crlf`` ends the line after each
    segment; ``charset`` (a Python codec name) overrules the one that the envelope's syntax identifier means."""

    separators: Separators = SEPARATORS
    una: bool = True
    crlf: bool = False
    charset: str | None = None

    def separators_for(self, version: str) -> Separators:
        """The separators in ``version``: from 4 on ``*`` repeats unless another is named, or it has another meaning."""
        if version < "4":
            return replace(self.separators, repetition="")
        taken = self.separators.repetition or _REPEATS in self.separators.una().decode("latin-1")
        return self.separators if taken else replace(self.separators, repetition=_REPEATS)

    def charset_for(self, envelope: Envelope) -> Charset:
        """The character set to encode in."""
        return named(self.charset) if self.charset else charset(envelope.syntax_id or IDENTIFIER)

    @classmethod
    def of(cls, partner: EdifactStyle) -> "Style":
        """The style that a partner's configuration asks for."""
        crlf = partner.newline == "\r\n"
        return cls(from_una(partner.separators), una=partner.una, crlf=crlf, charset=partner.charset)


STYLE = Style()
