"""A hub that is stopped at a chosen commit, and started again on what the disk has: a submission of passengers, three
answers, and the account of what came of them."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event
from typing import Any

from hub.engine.values import AnswerClaim, Read, ReadInterchange, ReadJob, ReadMessage
from hub.engine.walk import Walk
from hub.errors import StoreError
from hub.model.message import Syntax
from hub.store.database import Connection, Database
from tests.unit.engine.hall import WAIT, Hall, HereAndNow, paxlst

LOOK = 0.002  # seconds between looks at a walk that goes on in its own threads


class Mortal(Database):
    """A database that is gone at its writing transaction number ``at``: before its commit, or ``after`` it but before
    anybody hears of it. From then on nothing is written, as after a kill."""

    def __init__(self, url: str, at: int, *, after: bool) -> None:
        super().__init__(url)
        self.dead = Event()
        self.count = 0
        self._at = at
        self._after = after

    @contextmanager
    def write(self) -> Iterator[Connection]:
        self.count += 1
        last = self.count == self._at
        if self.dead.is_set():
            raise StoreError("the hub was killed")
        with super().write() as connection:
            yield connection
            if last and not self._after:
                self.dead.set()
                raise StoreError("killed before the commit")
        if last:
            self.dead.set()
            raise StoreError("killed after the commit")


class Listening(HereAndNow):
    """Reads ``ANSWER lane key status`` as an agency's answer; everything else as it is."""

    def _one(self, job: Any) -> Any:
        if isinstance(job, ReadJob) and job.data and job.data.startswith(b"ANSWER "):
            _, lane, key, status = job.data.decode().split()
            message = ReadMessage("xsd:test", "1", True, answers=(AnswerClaim("passengers", lane, key, status),))
            return Read(job.transmission, Syntax.XML, (), (ReadInterchange(messages=(message,)),))
        return super()._one(job)


class Silent:
    """Workers that take the work and die with it."""

    def run(self, jobs: Any) -> "Future[list[Any]]":
        return Future()


def settle(walk: Walk, database: Database | None = None) -> bool:
    """Until the walk has nothing to do; False when its ``database`` died."""
    pause = Event()
    for _ in range(int(WAIT / LOOK)):
        idle = walk.idle
        if isinstance(database, Mortal) and database.dead.is_set():
            return False
        if idle:
            return True
        pause.wait(LOOK)
    raise AssertionError("the walk does not come to its end")


@dataclass
class Life:
    """A hall whose hub may be killed once."""

    hall: Hall
    database: Database
    walk: Walk
    killed: bool = False

    @classmethod
    def begin(cls, hall: Hall, at: int, *, after: bool) -> "Life":
        database = Mortal(f"sqlite:///{hall.folder / 'hub.db'}", at, after=after)
        life = cls(hall, database, _walk(hall, database))
        life.walk.start()
        return life

    def again(self) -> None:
        """The next hub, on what the disk has."""
        self.killed = True
        self.walk.stop()
        self.database.close()
        self.database = Database(f"sqlite:///{self.hall.folder / 'hub.db'}")
        self.walk = _walk(self.hall, self.database)
        self.walk.start()

    def send(self, data: bytes, partner: str) -> None:
        """Send until it is accepted, as a partner does, and see the walk to its end."""
        try:
            self.walk.accept(self.hall.arrival(data, partner))
        except StoreError:
            self.again()
            self.walk.accept(self.hall.arrival(data, partner))
        if not settle(self.walk, self.database):
            self.again()
            assert settle(self.walk)

    def end(self) -> None:
        self.walk.stop()
        self.database.close()


def _walk(hall: Hall, database: Database) -> Walk:
    pool: Any = Listening(hall.world)
    return Walk(hall.world, database, hall.ledger, hall.blobs, pool, 1, hall.clock)


def live(hall: Hall, at: int, *, after: bool) -> bool:
    """One submission, three answers, a kill at commit ``at``; whether it came to that."""
    life = Life.begin(hall, at, after=after)
    try:
        life.send(paxlst("1"), "oceanair")
        for agency, key in sorted(hall.keys().items()):
            life.send(f"ANSWER {agency} {key} accepted".encode(), agency)
    finally:
        life.end()
    account(hall)
    return life.killed


def account(hall: Hall) -> None:
    """Every effect exactly once, and the ledger holds."""
    (case,) = hall.cases()
    assert case["state"] == "accepted"
    assert {name: lane["state"] for name, lane in hall.lanes(case["id"]).items()} == dict.fromkeys(
        ("border", "customs", "quarantine"), "accepted"
    )
    with hall.database.read() as connection:
        states = connection.exec_driver_sql("SELECT partner, state FROM transmissions").all()
        receipts = connection.exec_driver_sql("SELECT count(DISTINCT lane), count(*) FROM receipts").one()
    done = Counter(partner for partner, state in states if state == "accepted")
    assert done == {"oceanair": 1, "border": 1, "customs": 1, "quarantine": 1}
    assert {state for _, state in states} <= {"accepted", "duplicate"}
    assert tuple(receipts) == (3, 3)
    rows = hall.deliveries()
    assert Counter(row["state"] for row in rows) == {"available": len(rows)}
    kinds = Counter(row["kind"] for row in rows)
    doubles = sum(1 for _, state in states if state == "duplicate")
    assert (kinds["message"], kinds["signature"], kinds["answer"], kinds["report"]) == (3, 1, 1, doubles)
    sealed = Counter(entry.facts["delivery"] for entry in hall.entries("sealed"))
    assert sealed == {row["id"]: 1 for row in rows}
    assert len(hall.entries("decided")) == len(states)
    assert hall.work() == []
    assert hall.verified()
