"""One guideline: its file read and checked, and compiled for a message type when first asked for it."""

import re
import threading
from pathlib import Path

from hub.config import located
from hub.errors import ConfigError, SchemaUnknown
from hub.formats.edifact.guided import Guide
from hub.guides.compiler import Compiler
from hub.guides.table import File, Head
from hub.mapping.compiler import Problems
from hub.schema.catalog import Catalog
from hub.schema.model import Schema

MAX_BYTES = 1_000_000
_ID = re.compile(r"[a-z][a-z0-9-]{0,39}")


class Guideline:
    """The guideline of the file at ``path``, whose name is its id. Safe to share between threads. ``types`` are the
    schema ids of the messages that it is for.

    Raises ConfigError with all problems of the file's form; those of the paths in it are found message by message, or
    by :meth:`check`.
    """

    def __init__(self, path: Path, catalog: Catalog) -> None:
        self.id = path.stem
        self._toml = located.load(path, max_bytes=MAX_BYTES)
        if not _ID.fullmatch(self.id):
            what = f"{self.id!r} cannot be a guideline's id; name its file in a-z, 0-9 and hyphens"
            raise ConfigError([self._toml.problem((), what)])
        self.file = located.validate(File, self._toml)
        self.types = tuple(f"edifact:{message}" for message in self.head.messages)
        self._catalog = catalog
        self._guides: dict[str, Guide] = {}
        self._lock = threading.Lock()

    @property
    def head(self) -> Head:
        """What it is, and for which messages."""
        return self.file.guide

    def schema(self, type: str) -> Schema:
        """The message type ``type`` as the guideline widens it. Raises ConfigError."""
        problems = Problems(self._toml)
        widener = Compiler(self.id, self.file, problems).widened(self._catalog.get(type))
        if problems.found:
            raise ConfigError(problems.sorted())
        return widener.schema

    def guide(self, type: str) -> Guide:
        """The guideline compiled for ``type``, once. Raises ConfigError, and SchemaUnknown when there is no such
        message."""
        with self._lock:
            if type not in self._guides:
                problems = Problems(self._toml)
                guide = Compiler(self.id, self.file, problems).guide(self._catalog.get(type))
                if problems.found:
                    raise ConfigError(problems.sorted())
                self._guides[type] = guide
            return self._guides[type]

    def check(self) -> None:
        """Compile it for every message that it names. Raises ConfigError with all its problems."""
        problems = Problems(self._toml)
        compiler = Compiler(self.id, self.file, problems)
        compiled: dict[str, Guide] = {}
        for number, type in enumerate(self.types):
            try:
                compiled[type] = compiler.guide(self._catalog.get(type))
            except SchemaUnknown as error:
                problems.add(("guide", "messages", number), str(error))
        self._names(problems)
        self._useless(compiler, problems)
        if problems.found:
            raise ConfigError(problems.sorted())
        with self._lock:
            self._guides = compiled

    def _names(self, problems: Problems) -> None:
        """Rows name messages that the head names."""
        known = {*self.head.messages, *(message.partition(":")[2] for message in self.head.messages)}
        named = [("widen", number, row.messages) for number, row in enumerate(self.file.widen)]
        named += [("rule", number, row.messages) for number, row in enumerate(self.file.rule)]
        for table, number, messages in named:
            for name in messages:
                if name not in known:
                    problems.add((table, number, "messages"), f"{name} is not among [guide] messages; add it there")

    def _useless(self, compiler: Compiler, problems: Problems) -> None:
        """Widenings that widen nothing, and codes that no message's list has."""
        for number in range(len(self.file.widen)):
            if number not in compiler.effective:
                what = "nothing is widened by this: every message allows it already, or has no such element"
                problems.add(("widen", number), what)
        for number, missing in compiler.strange.items():
            if nowhere := sorted(set.intersection(*missing)):
                codes = ", ".join(nowhere[:5])
                problems.add(("rule", number, "codes"), f"{codes}: in no list of these messages; mend or [[widen]] it")
