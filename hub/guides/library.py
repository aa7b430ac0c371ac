"""All guidelines installed, and the choice of one for a message: those that somebody names, or the one that UNH names.

A guideline is read and compiled when first chosen; only the heads of the files are read to know whom each is for.
"""

import threading
import tomllib
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hub.errors import ConfigError, HubError
from hub.formats.edifact.guided import Choose, Guide, Names
from hub.schema.catalog import Catalog

if TYPE_CHECKING:
    from hub.guides.guideline import Guideline


@dataclass(frozen=True, slots=True)
class Sign:
    """Whom a guideline is for: message types, and the names in UNH that choose it (``*`` at the end: any)."""

    id: str
    types: frozenset[str]
    association: tuple[str, ...] = ()
    agency: tuple[str, ...] = ()
    subset: tuple[str, ...] = ()
    guideline: tuple[str, ...] = ()

    def fits(self, names: Names) -> bool:
        """Whether UNH names it."""
        pairs = (
            (self.association, names.association),
            (self.agency, names.agency),
            (self.subset, names.subset),
            (self.guideline, names.guideline),
        )
        return any(name and fnmatchcase(name, pattern) for patterns, name in pairs for pattern in patterns)


class Guides:
    """The guidelines in the folder ``own``, and those under ``edifact/guides`` of the catalogue's folder that it has
    none of the same name for. Cheap to make; safe to share."""

    def __init__(self, catalog: Catalog, own: Path | None = None) -> None:
        self._catalog = catalog
        self._folders = [catalog.root / "edifact" / "guides", *([own] if own else [])]
        self._held: dict[str, Guideline] = {}
        self._signs: list[Sign] | None = None
        self._lock = threading.Lock()

    def files(self) -> dict[str, Path]:
        """The files of all guidelines by their ids, sorted."""
        found = {path.stem: path for folder in self._folders for path in folder.glob("*.toml")}
        return dict(sorted(found.items()))

    def ids(self) -> list[str]:
        """The ids of all guidelines, sorted."""
        return list(self.files())

    def get(self, id: str) -> "Guideline":
        """The guideline ``id``, or that of the file which ``id`` names. Raises HubError when there is none, ConfigError
        when its file is wrong."""
        from hub.guides.guideline import Guideline

        with self._lock:
            if id not in self._held:
                known = self.files()
                path = known.get(id, Path(id) if id.endswith(".toml") else None)
                if path is None:
                    raise HubError(f"no guideline is called {id[:40]}; installed are {', '.join(known) or 'none'}")
                self._held[id] = Guideline(path, self._catalog)
            return self._held[id]

    def choice(self, ids: tuple[str, ...] = (), *, named: bool = True) -> Choose:
        """The choice among ``ids``, the first that is for a message; without one and when ``named``, the guideline that
        UNH names."""

        def choose(type: str, names: Names) -> Guide | None:
            for id in ids:
                guideline = self.get(id)
                if type in guideline.types:
                    return guideline.guide(type)
            if not named or names.plain:
                return None
            found = next((sign.id for sign in self._read() if type in sign.types and sign.fits(names)), None)
            return None if found is None else self.get(found).guide(type)

        return choose

    def _read(self) -> list[Sign]:
        if self._signs is None:
            self._signs = [_sign(path) for path in self.files().values()]
        return self._signs


def _sign(path: Path) -> Sign:
    """Whom the guideline at ``path`` is for. Its head comes first, and the rest may be long. Raises ConfigError."""
    try:
        text = path.read_text("utf-8")
        head: dict[str, Any] = tomllib.loads(text.partition("\n[[")[0])["guide"]
        types = frozenset(f"edifact:{message}" for message in head["messages"])
        names = (tuple(head.get(key, ())) for key in ("association", "agency", "subset", "guideline"))
        return Sign(path.stem, types, *names)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ConfigError([f"{path}:1: guide: the head cannot be read; `hub guide check` says why"]) from error
