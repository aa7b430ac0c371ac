"""How much of a stranger's X12 is looked at: every bound is a number here, and passing one is a finding."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of one reading."""

    size: int = 64 * 1024 * 1024  # bytes of the transmission
    interchanges: int = 1_000  # in one transmission
    groups: int = 10_000  # in one interchange
    messages: int = 100_000  # in one interchange
    segments: int = 100_000  # in one transaction set
    all_segments: int = 1_000_000  # in one interchange
    elements: int = 200  # in one segment; components in one element
    findings: int = 200  # about one set, group or envelope; further ones are counted only
    judged: int = 20_000  # segments of one interchange that pyx12 is asked about; its answers take 0.1 ms each
