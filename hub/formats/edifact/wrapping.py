"""Lines broken inside a segment: files that were wrapped at a fixed width, as records of 80 columns are.

>>> unwrapped("FTX+AAI+++GENERAL CAR\\r\\nGO", Wrap("'", "+", ":"), 0)
('FTX+AAI+++GENERAL CARGO', [(21, 2)])
>>> unwrapped("NAD+BY+1   \\n+ACME\\nLTD", Wrap("'", "+", ":", 6), 1)
('NAD+BY+1+ACME LTD', [(8, 4), (14, 4)])
"""

import re
from typing import NamedTuple

from hub.formats.edifact.separators import BLANKS

Joins = list[tuple[int, int]]
"""(index in the text without line breaks, how much further on the same character is in the text with them)."""

_LINE = re.compile("([\r\n]+)")
_LINES = 1000  # in one segment, to be looked at one by one
_TRIMMED = 4  # blanks at a record's end that a program may have cut off


class Wrap(NamedTuple):
    """What tells data from padding at a line's end: the separators, and the ``width`` of records (0: no records)."""

    terminator: str
    element: str
    component: str
    width: int = 0


def unwrapped(text: str, wrap: Wrap, column: int) -> tuple[str, Joins]:
    """``text``, a segment that begins in ``column`` (from 0) of its line, without the line breaks in it.

    Blanks around a line break go too where a separator stands beside them. In records, one to four columns that a line
    lacks are blanks that were cut off. From more lines than any file of records has the breaks are just taken out.
    """
    marks = (wrap.element, wrap.component, wrap.terminator)
    lines = _LINE.split(text, _LINES)
    if len(lines) > 2 * _LINES:
        return text.replace("\r", "").replace("\n", ""), []
    before = lines[0]
    parts, length, last = [before], len(before), ""
    begin = 0  # the index in ``text`` where the line at hand begins
    joins: Joins = []
    for line, feed in zip(lines[2::2], lines[1::2], strict=True):
        columns = column + len(before)
        kept, rest = parts[-1].rstrip(BLANKS), line.lstrip(BLANKS)
        last = kept[-1:] or last
        if last in marks or (rest[:1] or wrap.terminator) in marks:
            length -= len(parts[-1]) - len(kept)
            parts[-1] = kept
        else:
            rest = line
            lacking = wrap.width - columns if 0 < wrap.width - columns <= _TRIMMED else 0
            parts.append(" " * lacking)
            length += lacking
        begin += len(before) + len(feed)
        joins.append((length, begin + len(line) - len(rest) - length))
        parts.append(rest)
        length += len(rest)
        before, column = line, 0
    return "".join(parts), joins
