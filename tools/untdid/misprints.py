"""Misprints of the directories that are mended before reading, each with the evidence."""

import re
from typing import NamedTuple


class Misprint(NamedTuple):
    """In the segment table of ``message``, row ``row`` ends in ``old`` and should end in ``new`` (or not be, if empty).

    ``why`` tells what is wrong, and how we know.
    """

    directory: str
    message: str
    row: str
    old: str
    new: str
    why: str


_EARLY = "a group is closed a row too early, at {} (D.09B has it right)"
_STS = "STS, row 0700, stands behind the groups that its brackets end (D.01B has it in SG14)"

MISPRINTS = (
    Misprint(
        "94B",
        "CUSEXP",
        "0340",
        "----+||",
        "----+||\n0350   PAC Package                                   M   1         |||",
        "SG9 has lost its trigger, row 0350 (D.95A has PAC M 1)",
    ),
    Misprint(
        "99B", "BOPBNK", "0160", "1----------+|", "1           |", "row 0160 closes no open group (as D.00A shows)"
    ),
    Misprint(
        "01A", "AVLREQ", "0210", "C   9           |", "M   1           |", "SSR C 9 opens SG1 (D.01B has SSR M 1)"
    ),
    Misprint(
        "01A",
        "SLSRPT",
        "0670",
        "9--------++++",
        "9        ||||\n0675   STS Status                                    C   9--------++++",
        _STS,
    ),
    Misprint("01A", "SLSRPT", "0700", "9--------++++", "", _STS),
    Misprint("09A", "GOVCBR", "1130", "1------------+||||", "1            |||||", _EARLY.format("1130")),
    Misprint("09A", "GOVCBR", "1140", "9-------------++++", "9------------+++++", _EARLY.format("1130")),
    Misprint("09A", "GOVCBR", "2470", "1-----------+|||||", "1           ||||||", _EARLY.format("2470")),
    Misprint("09A", "GOVCBR", "2480", "99-----------++++|", "99----------+++++|", _EARLY.format("2470")),
    Misprint("09A", "GOVCBR", "6360", "1--------------+||", "1              |||", _EARLY.format("6360")),
    Misprint("09A", "GOVCBR", "9440", "1------------+||||", "1            |||||", _EARLY.format("9440")),
    Misprint("09A", "GOVCBR", "9450", "99------------++||", "99-----------+++||", _EARLY.format("9440")),
)


def mended(directory: str, message: str, text: str) -> tuple[str, list[str]]:
    """``text`` with its known misprints mended, and what was mended. Raises ValueError when one is not found."""
    notes = []
    for misprint in MISPRINTS:
        if (misprint.directory, misprint.message) == (directory, message):
            row = re.compile(rf"^({misprint.row} .*){re.escape(misprint.old)}[ \t]*$", re.MULTILINE)
            found = list(row.finditer(text))
            if len(found) != 1:
                raise ValueError(f"D.{directory} {message} has not one row {misprint.row} that ends in {misprint.old}")
            instead = found[0][1] + misprint.new if misprint.new else ""
            text = text[: found[0].start()] + instead + text[found[0].end() :]
            notes.append(f"mended: {misprint.why}")
    return text, list(dict.fromkeys(notes))
