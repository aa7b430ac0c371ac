"""`hub check` of EDIFACT files too large to be read at once: message by message, findings printed as they are found."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from hub.formats.detect import detect
from hub.model.finding import Finding, Severity, worst
from hub.model.message import Message, Reading, Syntax
from hub.schema.catalog import Catalog

if TYPE_CHECKING:
    from hub.formats.edifact.guided import Choose

LARGE = 16 * 1024 * 1024
"""Bytes from which on a file is not held in memory."""


class LongFile:
    """One large file. ``exit_code`` is known when all of its findings were taken: 0 valid, 1 not, 2 unreadable."""

    def __init__(
        self, path: Path, catalog: Catalog, guides: "Choose | None" = None, charset: str | None = None
    ) -> None:
        self.path = path
        self.types: Counter[str] = Counter()
        self.problem = ""
        self._catalog = catalog
        self._guides = guides
        self._charset = charset
        self._valid = True

    @property
    def exit_code(self) -> int:
        """What the command ends with."""
        return 2 if self.problem or not self.types else 0 if self._valid else 1

    def findings(self) -> Iterator[Finding]:
        """Every finding, in the order of the file; about an interchange itself behind those about its messages."""
        from hub.formats.edifact.stream import stream

        try:
            for event in stream(self.path, self._catalog, charset=self._charset, guides=self._guides):
                if isinstance(event, Message):
                    self.types[event.type] += 1
                    self._valid &= event.valid
                found = getattr(event, "findings", ())
                if isinstance(event, Reading) or not isinstance(event, Message):
                    self._valid &= worst(found) is not Severity.ERROR
                yield from found
        except OSError as error:
            self.problem = str(error.strerror or error)


def is_long(path: Path) -> bool:
    """Whether the file at ``path`` is large, and EDIFACT. Raises OSError."""
    if path.stat().st_size <= LARGE:
        return False
    with path.open("rb") as file:
        return detect(file.read(1 << 13)) is Syntax.EDIFACT


def as_json(file: LongFile) -> Iterator[str]:
    """The object that ``--json`` prints, on one line, in pieces. ``messages`` are the types; ``counts`` says how many
    messages there are of each."""
    yield f'{{"file": {json.dumps(str(file.path), ensure_ascii=False)}, "syntax": "edifact", "findings": ['
    before = ""
    for finding in file.findings():
        yield before + json.dumps(finding.as_json(), ensure_ascii=False)
        before = ", "
    rest = {"messages": list(file.types), "counts": dict(file.types), "valid": file.exit_code == 0}
    rest |= {"problem": file.problem} if file.problem else {}
    yield f"], {json.dumps(rest, ensure_ascii=False)[1:]}\n"


def in_words(file: LongFile, line: Callable[[Finding], str], verdict: Callable[[LongFile], str]) -> Iterator[str]:
    """A ``line`` for each finding and, when all is read, the ``verdict``."""
    return chain(map(line, file.findings()), (verdict(file) for _ in (0,)))
