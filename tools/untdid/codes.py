"""The code list part (UNCL) of a directory: each value and its short name, without the descriptions.

The layout tells them apart. Until D.99A a value stands before column 10, where its name begins, and the description is
indented by three more; from D.99B the value begins at column 5 and its name at column 11.
"""

import re

from tools.untdid.structures import blocks

_OLD = re.compile(r"(?P<mark>[*+#|X -]{3})(?=.{7}\S)(?P<value> {0,5}\S{1,6} {0,5}) (?P<name>\S.*)")
_NEW = re.compile(r"(?P<mark>[*+#|X -]{5})(?P<value>\S+) +(?P<name>\S.*)")
_FORM = re.compile(r"^\s*Repr:", re.MULTILINE)


def read(text: str) -> tuple[dict[str, dict[str, str]], list[str]]:
    """Element → value → short name, and what could not be understood. The layout is the one that fits more lines."""
    readings = [_read(text, new_layout) for new_layout in (True, False)]
    return max(readings, key=lambda reading: sum(map(len, reading[0].values())))


def _read(text: str, new_layout: bool) -> tuple[dict[str, dict[str, str]], list[str]]:
    found: dict[str, dict[str, str]] = {}
    problems: list[str] = []
    for tag, _, lines in blocks(text):
        start = next((at for at, line in enumerate(lines) if _FORM.match(line)), len(lines))
        codes = _List(new_layout)
        for line in lines[start + 1 :]:
            codes.take(line.rstrip())
        if codes.names:
            found[tag] = codes.names
        problems += [f"{tag}: {problem}" for problem in codes.problems]
    return found, problems


class _List:
    def __init__(self, new_layout: bool) -> None:
        self._row, self._column = (_NEW, 11) if new_layout else (_OLD, 10)
        self._last = ""
        self.names: dict[str, str] = {}
        self.problems: list[str] = []

    def take(self, line: str) -> None:
        """One line: a value with its name, more of that name, or a description (which is passed over)."""
        match = self._row.fullmatch(line)
        indent = len(line) - len(line.lstrip())
        if match and not match["value"].strip().endswith(":"):
            self._value(match)
        elif indent == self._column and self._last:
            self.names[self._last] += " " + line.strip()
        else:
            self._last = ""

    def _value(self, match: re.Match[str]) -> None:
        value, deleted = match["value"].strip(), "-" in match["mark"]
        if value in self.names:
            self.problems.append(f"value {value!r} is listed twice")
        self._last = "" if deleted or value in self.names else value
        if self._last:
            self.names[value] = " ".join(match["name"].split())
