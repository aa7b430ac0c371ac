"""The segment table of a message (section 4.3.1), with its groups drawn as brackets at the right-hand side.

A group opens with its own row, whose bracket begins with a ``+`` in the group's column; a ``+`` in that column at the
end of a segment's row closes it. Where the drawing is skewed, counting the ``+`` of a row still tells how many close.
"""

import re

from tools.untdid.facts import Row, Table

_TABLE = re.compile(r"^4\.(?:3\.1|2\.2)[ *+#|X-]*\s+segment table", re.IGNORECASE | re.MULTILINE)
_TITLE = re.compile(r"(?:STANDARD MESSAGE[^\n]*|DRAFT RECOMMENDATION)\s*\n\s*(\S.*?)[ \t]*\n[ \t]*\n", re.DOTALL)
_ROW = re.compile(
    r"(?:\d{4,5})?(?: *(?P<mark>[*+#|XS-]{1,2}))? +"
    r"(?:-{3,} *Segment group +(?P<group>\d+) *-+|(?P<tag>[A-Z]{3})\s.*?)"
    r"\s+(?P<status>[MC]) +(?P<max>\d+)(?P<bracket>[ +|-]*)",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"\d{4,5}[ *+#|XS-]+[A-Z]{3} ")
_NAME_COLUMN = 11


def read(text: str) -> tuple[Table, list[str]]:
    """The message described by ``text`` (``| + -`` for boxes), and what is wrong with its description."""
    tables = list(_TABLE.finditer(text))
    if not tables:
        return Table("", ()), ["has no segment table"]
    title = _TITLE.search(text)
    lines = text[tables[-1].end() :].split("\n")
    rows, problems = _rows(lines, by_column=True)
    if problems:
        counted = _rows(lines, by_column=False)
        rows, problems = counted if len(counted[1]) < len(problems) else (rows, problems)
    return Table(" ".join(title[1].split()) if title else "", tuple(rows)), problems


def _rows(lines: list[str], by_column: bool) -> tuple[list[Row], list[str]]:
    builder, held = _Builder(by_column), ""
    for line in lines:
        if held:  # a long name goes on in the next line, where the status then stands
            line, held = held[:_NAME_COLUMN] + line[_NAME_COLUMN:], ""
        match = _ROW.fullmatch(line.rstrip())
        if match and builder.add(match):
            break
        if not match and _NUMBERED.match(line):
            held = line
    return builder.finish()


class _Builder:
    def __init__(self, by_column: bool) -> None:
        self._by_column = by_column
        self._open: list[tuple[int, Row, list[Row]]] = [(-1, Row("", True), [])]
        self._ended = False
        self._problems: list[str] = []

    def add(self, match: re.Match[str]) -> bool:
        """Take one row; True when it was the message's last segment (UNT; some files repeat the table after it)."""
        if match["mark"] == "-":  # deleted in this directory
            return False
        pluses = [match.start("bracket") + at for at, char in enumerate(match["bracket"]) if char == "+"]
        mandatory, times = match["status"].upper() == "M", int(match["max"])
        if match["group"]:
            self._open.append((pluses[0] if pluses else -1, Row(f"SG{int(match['group'])}", mandatory, times), []))
            return False
        self._ended = match["tag"] == "UNT"
        if match["tag"] == "UNH":  # D.94B DOCINF begins its table twice
            self._open = [(-1, Row("", True), [])]
        if not self._ended:
            self._open[-1][2].append(Row(match["tag"], mandatory, times))
            for column in pluses:
                self._close(column)
        return self._ended

    def _close(self, column: int) -> None:
        if len(self._open) == 1 or (self._by_column and self._open[-1][0] != column):
            self._problems.append("a bracket closes a group that is not open")
            return
        _, group, rows = self._open.pop()
        if not rows or not rows[0].mandatory or rows[0].children:
            self._problems.append(f"{group.tag} does not begin with a mandatory segment")
        self._open[-1][2].append(Row(group.tag, group.mandatory, group.max, tuple(rows)))

    def finish(self) -> tuple[list[Row], list[str]]:
        while len(self._open) > 1:
            self._problems.append(f"{self._open[-1][1].tag} is never closed")
            self._close(self._open[-1][0])
        if not self._ended:
            self._problems.append("does not end with UNT")
        return self._open[0][2], self._problems
