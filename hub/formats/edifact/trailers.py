"""Findings about trailers: counts and references that are not their headers'."""

from hub.formats.remarks import Remarks, differs
from hub.model.finding import Severity


def counts(remarks: Remarks, tag: str, offset: int, declared: str, counted: int, at: int, element: str) -> None:
    """A finding when the trailer ``tag`` at ``offset`` declares, in ``element`` at position ``at``, another count."""
    if differs(declared, counted):
        remarks.add(
            f"{tag.lower()}-count", Severity.ERROR, offset, segment=0, tag=tag, element=at, path=f"{tag}/{element}",
            declared=declared, counted=str(counted),
        )  # fmt: skip


def refers(remarks: Remarks, tag: str, offset: int, declared: str, expected: str, at: int, element: str) -> None:
    """A finding when the reference that trailer ``tag`` repeats is another than its header's."""
    if declared != expected:
        remarks.add(
            f"{tag.lower()}-ref", Severity.ERROR, offset, segment=0, tag=tag, element=at, path=f"{tag}/{element}",
            declared=declared, expected=expected,
        )  # fmt: skip
