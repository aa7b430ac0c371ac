"""The segment table of a message (section 4.3.1), with its groups drawn as brackets at the right-hand side.

A group opens with its own row, whose bracket begins with a ``+`` in the group's column; a ``+`` in that column at the
end of a segment's row closes it.
"""

import re
from dataclasses import dataclass
from itertools import takewhile

from tools.untdid.facts import Row, Table

_TABLE = re.compile(r"^4\.(?:3\.1|2\.2)[ *+#|X-]*\s+segment table", re.IGNORECASE | re.MULTILINE)
_TITLE = re.compile(r"(?:STANDARD MESSAGE[^\n]*|DRAFT RECOMMENDATION)\s*\n\s*(\S.*?)[ \t]*\n[ \t]*\n", re.DOTALL)
_ROW = re.compile(
    r"(?P<pos>\d{4,5})?(?: *(?P<mark>[*+#|XS-]{1,2}))? +"
    r"(?:-{3,} *Segment group +(?P<group>\d+) *-+|(?P<tag>[A-Z]{3})\s.*?)"
    r"\s+(?P<status>[MC]) +(?P<max>\d+)(?P<bracket>[ +|-]*)",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"\d{4,5}[ *+#|XS-]+[A-Z]{3} ")
_NAME_COLUMN = 11
_FIRST, _LAST = ("UNH", "UIH"), ("UNT", "UIT")


@dataclass(frozen=True, slots=True)
class Reading:
    """A message as read. ``problems`` are left in the table, ``notes`` tell what was read in spite of its print."""

    table: Table
    problems: list[str]
    notes: list[str]


def read(text: str) -> Reading:
    """The message described by ``text`` (``| + -`` for boxes), and what is wrong with its description."""
    tables = list(_TABLE.finditer(text))
    if not tables:
        return Reading(Table("", ()), ["has no segment table"], [])
    title = _TITLE.search(text)
    builder = _rows(text[tables[-1].end() :].split("\n"))
    table = Table(" ".join(title[1].split()) if title else "", tuple(builder.rows))
    return Reading(table, builder.problems, builder.notes)


def _rows(lines: list[str]) -> "_Builder":
    builder, held = _Builder(), ""
    for line in takewhile(lambda line: not line.startswith("Informative annex"), lines):
        if held:  # a long name goes on in the next line, where the status then stands
            line, held = held[:_NAME_COLUMN] + line[_NAME_COLUMN:], ""
        match = _ROW.fullmatch(line.rstrip())
        if match and builder.ended:
            builder.notes.append("rows follow its last segment; left out")  # D.95B CUSCAR
            break
        if match:
            builder.add(match)
        elif _NUMBERED.match(line):
            held = line
    builder.finish()
    return builder


class _Builder:
    """The rows of one table, as they come; ``rows`` are complete after `finish`."""

    def __init__(self) -> None:
        self._begin()
        self.ended = False
        self.problems: list[str] = []
        self.notes: list[str] = []

    def _begin(self) -> None:
        self.rows: list[Row] = []
        self._open: list[tuple[int, Row, list[Row]]] = [(-1, Row("", True), self.rows)]
        self._position = 0

    def add(self, match: re.Match[str]) -> None:
        """Take one row; ``ended`` tells whether it was the message's last segment."""
        if match["tag"] in _FIRST:
            if self._open[0][2]:
                self.notes.append("its table begins twice; read from the second beginning")
            self._begin()  # D.94B DOCINF
        self._follow(match["pos"])
        if match["mark"] == "-":  # deleted in this directory
            return
        pluses = [match.start("bracket") + at for at, char in enumerate(match["bracket"]) if char == "+"]
        mandatory, times = match["status"].upper() == "M", int(match["max"])
        if match["group"]:
            self._open.append((pluses[0] if pluses else -1, Row(f"SG{int(match['group'])}", mandatory, times), []))
            return
        self.ended = match["tag"] in _LAST
        if not self.ended:
            self._open[-1][2].append(Row(match["tag"], mandatory, times))
            for column in pluses:
                self._close(column)

    def _follow(self, position: str | None) -> None:
        """Rows are numbered in tens; one that is missing was lost in print."""
        if position:
            at = int(position)
            if at > self._position + 10 and self._position:
                self.notes.append(f"no row between {self._position:04} and {at:04}")
            self._position = at

    def _close(self, column: int) -> None:
        if len(self._open) == 1 or self._open[-1][0] != column:
            self.problems.append(f"a bracket closes a group that is not open, at {self._position:04}")
            return
        _, group, rows = self._open.pop()
        if not rows or not rows[0].mandatory or rows[0].children:
            self.problems.append(f"{group.tag} does not begin with a mandatory segment")
        self._open[-1][2].append(Row(group.tag, group.mandatory, group.max, tuple(rows)))

    def finish(self) -> None:
        """Close what is still open."""
        while len(self._open) > 1:
            self.problems.append(f"{self._open[-1][1].tag} is never closed")
            self._close(self._open[-1][0])
        if not self.ended:
            self.problems.append("does not end with UNT")
