"""The backlog: what waits in the database and nobody has in hand. It is found there after a stop, when a commit was
refused, when more came in than the walk can hold, and when another process gave work back (`hub resend`)."""

import threading
from collections.abc import Callable, Iterable, Sequence

import structlog

from hub.engine.rows import Row
from hub.store import deliveries, legs, transmissions
from hub.store.database import Database

log = structlog.get_logger()

LOOK = 2.0  # seconds between looks when nobody rings
PAGE = 512  # looked up at a time
ROOM = 16_384  # transmissions and deliveries in hand, beyond which the backlog waits


class InHand:
    """The ids of the transmissions and deliveries that a step of the walk has in hand. Thread-safe."""

    def __init__(self) -> None:
        self._ids: set[str] = set()
        self._guard = threading.Lock()

    def __len__(self) -> int:
        return len(self._ids)

    def take(self, ids: Iterable[str]) -> set[str]:
        """Take those of ``ids`` that nobody has; returns them."""
        with self._guard:
            free = set(ids) - self._ids
            self._ids |= free
            return free

    def let_go(self, ids: Iterable[str]) -> None:
        """They are done with, or left to the backlog."""
        with self._guard:
            self._ids.difference_update(ids)


class Backlog:
    """A thread that hands what it finds to ``read`` (transmissions) and ``write`` (planned deliveries, and their
    sources by id); both may block while there is no room."""

    def __init__(
        self,
        database: Database,
        in_hand: InHand,
        read: Callable[[Sequence[Row]], None],
        write: Callable[[Sequence[Row], dict[str, Row]], None],
    ) -> None:
        self._database = database
        self._in_hand = in_hand
        self._read = read
        self._write = write
        self._rung = threading.Event()
        self._stopped = threading.Event()
        self._looking = False
        self._thread = threading.Thread(target=self._run, name="backlog", daemon=True)

    def start(self) -> None:
        """Look at once, and from then on whenever somebody rings, and now and then."""
        self._rung.set()
        self._thread.start()

    def ring(self) -> None:
        """Something was left in the database: look soon."""
        self._rung.set()

    def stop(self) -> None:
        """Look no more. ``read`` and ``write`` must not block any longer."""
        self._stopped.set()
        self._rung.set()
        self._thread.join()

    @property
    def quiet(self) -> bool:
        """Nobody has rung, and no look is under way."""
        return not self._rung.is_set() and not self._looking

    def _run(self) -> None:
        while not self._stopped.is_set():
            self._rung.wait(LOOK)
            self._looking = True
            self._rung.clear()
            try:
                self._look()
                self._looking = False
            except Exception:  # whatever it is, what waits must be looked at again
                log.exception("backlog-failed")
                self._stopped.wait(LOOK)

    def _look(self) -> None:
        """One round through everything that waits, in order of ids, a page at a time."""
        last = ""
        while page := self._page(transmissions.waiting_ids, last):
            last = page[-1]
            free = self._in_hand.take(page)
            with self._database.read() as connection:
                rows = transmissions.undecided(connection, sorted(free))
            self._in_hand.let_go(free - {row["id"] for row in rows})
            self._read(rows)
        last = ""
        while page := self._page(deliveries.planned_ids, last):
            last = page[-1]
            self._plans(self._in_hand.take(page))

    def _page(self, ids: Callable[..., list[str]], after: str) -> list[str]:
        while len(self._in_hand) > ROOM and not self._stopped.wait(0.05):
            pass
        if self._stopped.is_set():
            return []
        with self._database.read() as connection:
            return ids(connection, PAGE, after)

    def _plans(self, free: set[str]) -> None:
        with self._database.read() as connection:
            rows = deliveries.still_planned(connection, sorted(free))
            legs_of = {row["id"]: row["plan"]["leg"] for row in rows if "leg" in row["plan"]}
            documents = legs.documents(connection, set(legs_of.values())) if legs_of else {}
            rows = [row | {"document": documents.get(legs_of.get(row["id"], ""), "")} for row in rows]
            sourced = {row["transmission"] for row in rows if row["transmission"] and not row["document"]}
            sources = transmissions.whole(connection, sourced)
        self._in_hand.let_go(free - {row["id"] for row in rows})
        self._write(rows, sources)
