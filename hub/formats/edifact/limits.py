"""How much of a stranger's EDIFACT is looked at: every bound is a number here, and passing one is a finding."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of one reading."""

    size: int = 64 * 1024 * 1024  # bytes of the transmission
    interchanges: int = 1_000  # in one transmission
    messages: int = 100_000  # in one interchange
    segments: int = 100_000  # in one message
    message: int = 16 * 1024 * 1024  # bytes of one message, of an object, of what stands between messages
    all_segments: int = 1_000_000  # in one interchange
    elements: int = 500  # in one segment
    block: int = 256 * 1024  # bytes that are read at a time, unless one message needs more
    findings: int = 200  # about one message, group or envelope; further ones are counted only
