"""Every known difference between our import of the directories and the peer's: who is right, and why.

Who is right was looked up in the ZIP that UNECE publishes.
"""

from typing import NamedTuple


class Explanation(NamedTuple):
    """In ``directories``, the messages or segments ``what`` differ; ``right`` is ``ours`` or ``theirs``."""

    directories: str  # ranges: "94A", "93A-21B"
    what: frozenset[str]
    right: str
    why: str


def _about(directories: str, what: str, right: str, why: str) -> Explanation:
    return Explanation(directories, frozenset(what.split()), right, why)


EXPLANATIONS = (
    _about(
        "93A",
        "QALITY",
        "ours",
        "the peer loses the rows whose names run into the status column (SPS C 1, four times DTM C 10)",
    ),
    _about(
        "94A",
        "IFCSUM IFTMAN IFTMBC IFTMBF IFTMBP IFTMCS IFTMIN",
        "ours",
        "the peer keeps group 18 (IFCSUM: 35) and its FTX, whose rows are marked as deleted (-); GDS stands alone now "
        "(in IFTMCS as M 9, so printed)",
    ),
    _about("94A", "PRICAT", "ours", "the peer keeps PIT, whose row is marked as deleted (-); LIN takes its place"),
    _about("94A", "SLSRPT", "ours", "the peer keeps QTY and a group of NAD, whose rows are marked as deleted (-)"),
    _about(
        "01A",
        "INVOIC PRICAT SLSRPT",
        "ours",
        "the peer has what D.01B prints. The ZIP of D.01A prints what we have, with change marks beside it: probably a "
        "slip that D.01B mends",
    ),
    _about("95A", "COHAOR", "ours", "the ZIP has it, the peer has not"),
    _about("95A", "LIN", "ours", "the peer keeps 5495, whose row is marked as deleted (-); C829 takes its place"),
    _about(
        "93A-21B",
        "ARR",
        "ours",
        "component 9424 of C770 is printed twice, but the composite's note says that it occurs 100 times",
    ),
)
