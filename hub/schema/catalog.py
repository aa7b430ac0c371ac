"""The catalogue of all installed schemas, by id: ``edifact:D.02B:PAXLST``, ``xsd:manifest:MT1401``, ``csv:…``.

The hub's own message types have ids of two parts: ``internal:case-status``.
"""

import importlib
import threading
from collections.abc import Callable
from pathlib import Path

from hub.errors import SchemaUnknown
from hub.schema import edifact, internal
from hub.schema.model import Schema

Loader = Callable[[Path, str, str], Schema]
_FORMATS = ("edifact", "xsd", "csv")
# UNH 0052 and 0054 of CONTRL, which belongs to a syntax version and not to a directory.
_CONTRL = {("D", "1"): "S1", ("D", "2"): "S2", ("2", "2"): "S2", ("D", "3"): "S3", ("4", "1"): "S4", ("4", "2"): "S4"}


class Catalog:
    """The schemas under ``root`` (the project's ``schemas`` folder), each built once when first asked for.

    Cheap to construct: each worker process makes its own. Safe to share between threads.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._schemas: dict[str, Schema] = {}
        self._lock = threading.Lock()

    def get(self, id: str) -> Schema:
        """The schema of that id. Raises SchemaUnknown, which says what is installed nearby."""
        found = self._schemas.get(id)
        if found is None:
            with self._lock:
                found = self._schemas.get(id) or self._load(id)
                self._schemas[id] = found
        return found

    def resolve_edifact(self, version: str, release: str, message: str) -> Schema | None:
        """The schema that UNH names (S009: 0052 ``D``, 0054 ``02B``, 0065 ``PAXLST``), or None when not installed."""
        directory = f"{version}.{release}"
        if message == "CONTRL":
            directory = _CONTRL.get((version, release), directory)
        try:
            return self.get(f"edifact:{directory}:{message}")
        except SchemaUnknown:
            return None

    def ids(self) -> list[str]:
        """The ids of all installed schemas, by format."""
        own = [f"internal:{name}" for name in internal.names(self.root / "internal")]
        return [id for format in _FORMATS for id in self._ids(format)] + own

    def __reduce__(self) -> tuple[type["Catalog"], tuple[Path]]:
        """A catalogue travels to another process as its folder; what it had built is built there again."""
        return Catalog, (self.root,)

    def _ids(self, format: str) -> list[str]:
        folder = self.root / format
        if format == "edifact":
            pairs = [(one, message) for one in edifact.directories(folder) for message in edifact.messages(folder, one)]
        else:
            paths = sorted(path for path in folder.glob("*/*") if path.suffix in (".xsd", ".toml"))
            pairs = [(path.parent.name, path.stem) for path in paths]
        return [f"{format}:{family}:{name}" for family, name in pairs]

    def _load(self, id: str) -> Schema:
        format, *parts = id.split(":")
        if format == "internal" and len(parts) == 1:
            return internal.load(self.root / "internal", parts[0])
        if format not in _FORMATS or len(parts) != 2:
            raise SchemaUnknown(f"{id!r} is not a schema id; ids look like edifact:D.02B:PAXLST or xsd:manifest:MT1401")
        load: Loader = importlib.import_module(f"hub.schema.{format}").load
        return load(self.root / format, parts[0], parts[1])
