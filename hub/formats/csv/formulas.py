"""Cells that a spreadsheet would run: a value that begins like a formula gets an apostrophe, which reading takes off.

Officers open these files in spreadsheets, and a passenger may well be called ``=HYPERLINK(…)``. Numbers are let be
(``-5`` is no formula), so only text columns are guarded. A value that already looks guarded gets one apostrophe more,
so that reading gives back exactly what was written.

>>> unguard(guard("=1+1")), guard("'=1"), guard("it's")
('=1+1', "''=1", "it's")
"""

import re

# Full-width signs count too: Excel in East Asian locales takes them for the plain ones.
_FORMULA = re.compile("'*[=+\\-@\t\r＝＋－＠]")
_GUARDED = re.compile("'+[=+\\-@\t\r＝＋－＠]")


def guard(value: str) -> str:
    """``value`` as it may stand in a cell."""
    return f"'{value}" if _FORMULA.match(value) else value


def unguard(cell: str) -> str:
    """The value that stands in ``cell``."""
    return cell[1:] if _GUARDED.match(cell) else cell
