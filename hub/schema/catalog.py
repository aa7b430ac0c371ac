"""The catalogue of all installed schemas, by id: ``edifact:D.02B:PAXLST``, ``xsd:manifest:MT1401``, ``csv:…``.

The hub's own message types have ids of two parts: ``internal:case-status``. A format's loader is imported with the
first of its schemas: an XSD needs a library that takes longer to load than most messages to read.
"""

import threading
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from hub.errors import SchemaUnknown
from hub.schema.model import Schema

if TYPE_CHECKING:
    from hub.schema.codes import CodeTables

KEPT = 64
"""Schemas that stay built. A sender may name any of some ten thousand, at about a megabyte each."""

Load = Callable[[Path, str, str], Schema]


def _edifact(root: Path, directory: str, message: str) -> Schema:
    from hub.schema import edifact

    return edifact.load(root, directory, message)


def _xsd(root: Path, family: str, name: str) -> Schema:
    from hub.schema import xsd

    return xsd.load(root, family, name)


def _x12(root: Path, version: str, number: str) -> Schema:
    from hub.schema import x12

    return x12.load(root, version, number)


def _csv(root: Path, family: str, name: str) -> Schema:
    from hub.schema import csv

    return csv.load(root, family, name)


def _internal(root: Path, name: str) -> Schema:
    from hub.schema import internal

    return internal.load(root, name)


_LOADERS: dict[str, Load] = {"edifact": _edifact, "x12": _x12, "xsd": _xsd, "csv": _csv}
"""By what an id begins with; the two parts behind it are given to the loader with the format's folder."""


class Catalog:
    """The schemas under ``root`` (the project's ``schemas`` folder), built when asked for; the `KEPT` used last stay.

    Cheap to construct: each worker process makes its own. Safe to share between threads.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._schemas: dict[str, Schema] = {}
        self._lock = threading.Lock()

    @cached_property
    def tables(self) -> "CodeTables":
        """The code tables beside the schemas."""
        from hub.schema.codes import CodeTables

        return CodeTables(self.root / "codes")

    def get(self, id: str) -> Schema:
        """The schema of that id. Raises SchemaUnknown, which says what is installed nearby."""
        with self._lock:
            found = self._schemas.pop(id, None) or self._load(id)
            self._schemas[id] = found  # the last one again
            if len(self._schemas) > KEPT:
                del self._schemas[next(iter(self._schemas))]
        return found

    def ids(self) -> list[str]:
        """The ids of all installed schemas, by format."""
        from hub.schema import edifact, internal, x12, xsd

        edi = self.root / "edifact"
        found = [
            f"edifact:{one}:{message}" for one in edifact.directories(edi) for message in edifact.messages(edi, one)
        ]
        own = self.root / "x12"
        found += [f"x12:{version}:{one}" for version in x12.versions(own) for one in x12.sets(own, version)]
        found += sorted(xsd.index(self.root / "xsd").values())
        found += sorted(f"csv:{path.parent.name}:{path.stem}" for path in (self.root / "csv").glob("*/*.toml"))
        return found + [f"internal:{name}" for name in internal.names(self.root / "internal")]

    def __reduce__(self) -> tuple[type["Catalog"], tuple[Path]]:
        """A catalogue travels to another process as its folder; what it had built is built there again."""
        return Catalog, (self.root,)

    def _load(self, id: str) -> Schema:
        format, *parts = id.split(":")
        if format == "internal" and len(parts) == 1:
            return _internal(self.root / "internal", parts[0])
        load = _LOADERS.get(format)
        if load is None or len(parts) != 2:
            raise SchemaUnknown(f"{id!r} is not a schema id; ids look like edifact:D.02B:PAXLST or xsd:manifest:MT1401")
        return load(self.root / format, parts[0], parts[1])
