"""Loads the compiled form of the hub's hot modules, and only while it was made from the very sources at hand.

``tools/compile.py`` copies this file into the virtual environment as the package ``hub_compiled``, the compiled modules
beside it, and has Python install the finder at its start. One source that differs, or ``HUB_PURE=1``, and all modules
are loaded from source: nobody ever runs old code, and the two forms, which cannot work together, never meet.
"""

import hashlib
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType

LIST = "modules"
"""The file that says what was compiled: the folder's name, then a line ``SHA-256 module`` for each source."""

LIBRARY = "hub_native__mypyc"
"""The module that holds the code of all of them."""


def digest(root: Path, module: str) -> str:
    """SHA-256 of the source of ``module`` below ``root``; empty when there is none."""
    file = root.joinpath(*module.split(".")).with_suffix(".py")
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else ""


class Finder(MetaPathFinder):
    """Finds the modules listed in ``home``, if the sources that Python would load otherwise are the listed ones."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._folder: Path | None = None
        self.modules: frozenset[str] | None = None  # None: not yet compared

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The compiled module; None for any other module, and for all while one source differs."""
        if not fullname.startswith("hub"):
            return None
        above = fullname.split(".")[:-1]
        if self.modules is None and len(above) > 1 and path:
            self._compare(Path(path[0]).parents[len(above) - 1])
        if self._folder is None or fullname not in (self.modules or ()):
            return None
        return PathFinder.find_spec(fullname, [str(self._folder.joinpath(*above))])

    def _compare(self, root: Path) -> None:
        """Whether the sources below ``root`` are those that were compiled: once, for the life of the process."""
        name, *lines = (self._home / LIST).read_text("ascii").splitlines()
        known = [line.split() for line in lines]
        fresh = all(digest(root, module) == made_from for made_from, module in known)
        self.modules = frozenset([LIBRARY, *(module for _, module in known)]) if fresh else frozenset()
        self._folder = self._home / name


def install(home: Path = Path(__file__).parent) -> None:
    """Have Python ask for compiled modules first, unless ``HUB_PURE`` is set."""
    if not os.environ.get("HUB_PURE") and (home / LIST).is_file():
        sys.meta_path.insert(0, Finder(home))


def load(home: Path = Path(__file__).parent) -> int:
    """Import all the modules of the list now, before anyone imports a source by its path; how many are compiled."""
    lines = (home / LIST).read_text("ascii").splitlines()[1:] if (home / LIST).is_file() else []
    try:
        modules = [import_module(line.split()[1]) for line in lines]
    except ModuleNotFoundError:  # one that has moved since: the list is old, and nothing of it is used
        return 0
    return sum(not str(module.__file__).endswith(".py") for module in modules)
