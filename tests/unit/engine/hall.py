"""A hall for the engine: a real database, ledger and world; reading and writing are done here and now."""

import hashlib
import itertools
import shutil
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from hub.clock import SECOND
from hub.engine import read as reading
from hub.engine import write as writing
from hub.engine.deadlines import Deadlines
from hub.engine.decide import decide
from hub.engine.pool import JobFailed
from hub.engine.rows import Row
from hub.engine.seal import Sealer, Sealing
from hub.engine.values import AnswerClaim, Read, ReadInterchange, ReadJob, ReadMessage, WriteJob, Written
from hub.engine.walk import Walk
from hub.engine.world import World
from hub.ledger import verify
from hub.ledger.entries import Entry, Kind
from hub.ledger.journal import Ledger
from hub.ledger.notes import Signer
from hub.model.arrival import Arrival
from hub.model.ids import new_id
from hub.model.message import Syntax
from hub.security.keys import load_ed25519
from hub.setup import make_home
from hub.spool.blobs import Blobs
from hub.store import cases, deliveries, transmissions, work
from hub.store.database import Database

START = 1_795_449_600_000_000
ROOT = Path(__file__).resolve().parents[3]
MAPPINGS = ROOT / "mappings"
WAIT = 60.0  # seconds that a test waits before it fails

PERSON = """\
NAD+FL+++OKAFOR:CHIDI'
ATT+2++M'
DTM+329:790930'
NAT+2+NGA'
DOC+39+A04417290'
DTM+36:281201'
"""


def paxlst(number: str, control: str = "", **changes: str) -> bytes:
    """A passenger list of the demonstration; ``changes`` replace text (keys are what is replaced, by name below)."""
    text = (MAPPINGS / "passengers" / "demo" / "paxlst.edi").read_text("ascii")
    for old, new in ((_NAMES[name], new) for name, new in changes.items()):
        assert old in text, old
        text = text.replace(old, new)
    return text.replace("@NUMBER@", number).replace("@CONTROL@", control or f"C{number}").encode()


_NAMES = {
    "sender": "OCEANAIR:ZZ",
    "recipient": "HUBCSX:ZZ",
    "reference": "BGM+745+OA0886-@NUMBER@'",
    "sex": "ATT+2++F'",
}


def cuscar(number: str, goods: str = "WOODEN CHAIRS") -> bytes:
    """A manifest of the demonstration."""
    text = (MAPPINGS / "manifest" / "demo" / "cuscar.edi").read_text("ascii").replace("@GOODS@", goods)
    return text.replace("@NUMBER@", number).replace("@CONTROL@", f"M{number}").encode()


def several(control: str, *files: bytes) -> bytes:
    """The messages of ``files`` in one interchange under ``control``."""
    head = files[0].split(b"'\n")[0].rsplit(b"+", 3)
    messages = []
    for ref, data in enumerate(files, 1):
        segments = [one for one in data.split(b"'\n") if one and not one.startswith((b"UNB", b"UNZ"))]
        segments[0] = segments[0].replace(b"UNH+1+", b"UNH+%d+" % ref, 1)
        segments[-1] = segments[-1].rsplit(b"+", 1)[0] + b"+%d" % ref
        messages += segments
    unb = head[0] + b"+" + control.encode() if len(head) == 4 else files[0].split(b"'\n")[0]
    segments = [unb, *messages, b"UNZ+%d+%s" % (len(files), control.encode())]
    return b"'\n".join(segments) + b"'\n"


class HereAndNow:
    """What a pool does, done at once in this thread; ``fails`` names what cannot be read or written."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.fails: set[str] = set()
        self.runs = 0

    def run(self, jobs: Sequence[Any]) -> "Future[list[Any]]":
        self.runs += 1
        done: Future[list[Any]] = Future()
        done.set_result([self._one(job) for job in jobs])
        return done

    def _one(self, job: Any) -> Any:
        if {getattr(job, "transmission", ""), getattr(job, "delivery", "")} & self.fails:
            return JobFailed("told to fail")
        try:
            return reading.read(job, self.world) if isinstance(job, ReadJob) else writing.write(job, self.world)
        except Exception as error:  # noqa: BLE001 - as the pool does
            return JobFailed(f"{type(error).__name__}: {error}")


@dataclass
class Hall:
    """One hub's state in ``folder``, with a clock that ticks a microsecond a look."""

    world: World
    folder: Path
    at: int = START
    serial: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        self.database = Database(f"sqlite:///{self.folder / 'hub.db'}")
        key = load_ed25519(self.world.settings.paths.ledger_key, None)
        self.ledger = Ledger(Signer(self.world.settings.ledger.origin, key), self.clock)
        self.blobs = Blobs(self.folder / "spool")

    def clock(self) -> int:
        self.at += 1
        return self.at

    def agree(self, **style: Any) -> None:
        """Agree on a ``style`` of EDIFACT with the carrier."""
        configuration = self.world.configuration
        partner = configuration.partners["oceanair"]
        assert partner.edifact
        edifact = replace(partner.edifact, style=replace(partner.edifact.style, **style))
        partners = {**configuration.partners, "oceanair": replace(partner, edifact=edifact)}
        self.world = replace(self.world, configuration=replace(configuration, partners=partners))

    def later(self, seconds: float) -> None:
        self.at += int(seconds * SECOND)

    def walk(self, pool: Any = None) -> Walk:
        return Walk(self.world, self.database, self.ledger, self.blobs, pool or HereAndNow(self.world), 1, self.clock)

    def arrival(self, data: bytes, partner: str = "oceanair", origin: str = "") -> Arrival:
        digest = hashlib.sha256(data).hexdigest()
        return Arrival(partner, "sftp", f"{next(self.serial)}.edi", data, None, digest, len(data), origin)

    # -- step by step, without threads --------------------------------------------------------------------------------

    def arrive(self, data: bytes, partner: str = "oceanair") -> ReadJob:
        """A transmission that is recorded, and not yet decided."""
        id_ = new_id("TR", self.clock())
        digest = hashlib.sha256(data).hexdigest()
        row = {
            "id": id_, "partner": partner, "channel": "sftp", "name": f"{id_}.edi", "sha256": digest,
            "size": len(data), "payload": data, "received_at": self.clock(), "state": "received", "origin": None,
        }  # fmt: skip
        facts = {"partner": partner, "sha256": digest, "size": len(data)}
        with self.database.write() as connection:
            transmissions.add(connection, [row])
            self.ledger.append(connection, [Entry(Kind.RECEIVED, self.at, None, id_, facts)])
        return ReadJob(id_, partner, data, None, self.at)

    def decide(self, *reads: Read) -> list[list[Row]]:
        """One batch."""
        with self.database.write() as connection:
            return decide(connection, reads, self.world, self.ledger, self.clock)

    def take(self, data: bytes, partner: str = "oceanair") -> tuple[str, list[Row]]:
        """Arrive, read, decide: the transmission and what is planned."""
        job = self.arrive(data, partner)
        return job.transmission, self.decide(reading.read(job, self.world))[0]

    def answer(self, partner: str, *messages: ReadMessage, syntax: Syntax = Syntax.XML) -> str:
        """What an agency sends, as READ would see it; the transmission."""
        job = self.arrive(f"answer {next(self.serial)}".encode(), partner)
        self.decide(Read(job.transmission, syntax, (), (ReadInterchange(messages=messages),)))
        return job.transmission

    def tick(self) -> int:
        """What is overdue is marked; how much."""
        walk = self.walk()
        walk.start()
        try:
            return Deadlines(walk, self.database, self.ledger, self.clock).tick()
        finally:
            walk.stop()

    def write(self, planned: Sequence[Row]) -> list[Sealing]:
        """WRITE what is planned."""
        items = []
        for row in planned:
            if row["plan"]["do"] == "signature":
                continue
            with self.database.read() as connection:
                source = transmissions.get(connection, row["transmission"] or "")
            job = source and ReadJob(source["id"], source["partner"], source["payload"], None, source["received_at"])
            whole = WriteJob(row["id"], row["partner"], row["plan"], job)
            items.append(Sealing(whole, row, writing.write(whole, self.world)))
        return items

    def seal(self, sealings: Sequence[Sealing]) -> list[list[Row]]:
        """One batch."""
        with self.database.write() as connection:
            return Sealer(connection, self.world, self.ledger, self.blobs, self.clock).seal(sealings)

    # -- looking ------------------------------------------------------------------------------------------------------

    def transmission(self, id_: str) -> Row:
        with self.database.read() as connection:
            row = transmissions.get(connection, id_)
        assert row is not None
        return row

    def messages(self, transmission: str) -> list[Row]:
        with self.database.read() as connection:
            return transmissions.messages_of(connection, transmission)

    def cases(self) -> list[Row]:
        with self.database.read() as connection:
            return list(reversed(cases.recent(connection, 100_000)))

    def lanes(self, case: str) -> dict[str, Row]:
        with self.database.read() as connection:
            return {row["name"]: row for row in cases.lanes_of(connection, [case])}

    def deliveries(self, kind: str = "") -> list[Row]:
        with self.database.read() as connection:
            ids = connection.exec_driver_sql("SELECT id FROM deliveries ORDER BY id").scalars().all()
            rows = [row for id_ in ids for row in deliveries.get(connection, [id_]).values()]
        return [row for row in rows if not kind or row["kind"] == kind]

    def plan(self, delivery: str) -> Row:
        with self.database.read() as connection:
            return deliveries.with_plan(deliveries.get(connection, [delivery])[delivery])

    def work(self) -> list[Row]:
        with self.database.read() as connection:
            return work.open_items(connection, 1000)

    def keys(self) -> dict[str, str]:
        """Partner → the key by which its answer finds its lane (of the only case)."""
        with self.database.read() as connection:
            return dict(connection.exec_driver_sql("SELECT agency, key FROM correlations").all())  # type: ignore[arg-type]

    def entries(self, kind: str) -> list[Entry]:
        with self.database.read() as connection:
            bodies = connection.exec_driver_sql("SELECT body FROM entries ORDER BY seq").scalars().all()
        return [entry for entry in map(Entry.parse, bodies) if entry.kind == kind]

    def verified(self) -> bool:
        """Whether the ledger, and the state beside it, hold."""
        with self.database.write() as connection:
            self.ledger.checkpoint(connection)
        verdict = verify.verify(self.database, self.ledger.verifier, blob=self.blobs.path)
        assert verdict.valid, [finding.as_json() for finding in verdict.findings[:5]]
        return verdict.valid


def written(delivery: str, data: bytes) -> Written:
    """What WRITE makes of a delivery."""
    return Written(delivery, data, hashlib.sha256(data).hexdigest())


def says(service: str, lane: str, key: str, status: str, code: str = "") -> ReadMessage:
    """A message by which an agency answers."""
    return ReadMessage("xsd:test", "1", True, answers=(AnswerClaim(service, lane, key, status, code),))


def template(folder: Path) -> Path:
    """A home with keys and an empty database: making one takes longer than most tests."""
    for _ in make_home(folder):
        pass
    return folder


def fresh(world: World, home: Path, folder: Path) -> Hall:
    """A hall with an empty database."""
    shutil.copy(home / "spool" / "hub.db", folder / "hub.db")
    return Hall(world, folder)
