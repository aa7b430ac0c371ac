"""Takes a changed configuration into use without a restart, and only when the new whole is right.

Watches hub.toml and the folders of partners, guidelines, mappings and schemas. On a change everything is loaded anew by
the loader that was handed in; a wrong whole is logged, every problem of it, and the last good one serves on.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Generic, TypeVar

import structlog
from watchfiles import Change, watch

from hub.errors import ConfigError, HubError

T = TypeVar("T")
log = structlog.get_logger()


class Reloader(Generic[T]):
    """``load`` builds the whole anew (raising ConfigError), ``swap`` takes it into use (a HubError: it cannot
    be). Start it, and close it."""

    def __init__(self, load: Callable[[], T], swap: Callable[[T], None], file: Path, folders: Iterable[Path]) -> None:
        self._load, self._swap = load, swap
        self._stop = Event()
        self._one_at_a_time = Lock()
        # The file's own folder is watched, since an editor replaces the file; nothing deeper, for there the hub works.
        beside = Thread(target=self._watch, args=([file.parent], file), name="reload-file", daemon=True)
        deeper = Thread(target=self._watch, args=([*folders], None), name="reload-folders", daemon=True)
        self._threads = (beside, deeper)

    def start(self) -> None:
        """Begin to watch, in threads of its own."""
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Stop watching; a reload under way is finished first."""
        self._stop.set()
        for thread in self._threads:
            if thread.is_alive():
                thread.join()

    def reload(self) -> bool:
        """Load the whole anew and take it into use; False when it is wrong, and then nothing has changed."""
        with self._one_at_a_time:
            try:
                self._swap(self._load())
            except HubError as error:
                for problem in error.problems if isinstance(error, ConfigError) else [str(error)]:
                    log.error("configuration not taken", problem=problem)
                return False
            log.info("configuration taken anew")
            return True

    def _watch(self, roots: list[Path], only: Path | None) -> None:
        """Reload on changes directly in ``roots`` to the file ``only``, or with None on any change at any depth."""

        def counts(change: Change, path: str) -> bool:
            return path.endswith(f"/{only.name}") if only else _lasting(Path(path).name)

        wanted = [root for root in roots if root.is_dir()]
        for _ in watch(*wanted, watch_filter=counts, stop_event=self._stop, recursive=only is None):
            self.reload()


def _lasting(name: str) -> bool:
    """Whether a file is more than an editor's or a writer's temporary one."""
    return not name.startswith(".") and not name.endswith(("~", ".tmp", ".swp", ".part"))
