"""Cases against whatever may come: legs in any order, repeated, corrected, amended, cancelled, wrong; answers that are
early, late, contradictory; time. The state holds together, and a batch ends as its messages would alone."""

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from hub.balances.verify import verify
from hub.clock import now
from hub.engine import read as reading
from hub.engine.rows import Row
from hub.engine.seal import Sealing
from hub.engine.values import Acknowledged, Read, ReadInterchange, ReadMessage, Unwritable, WriteJob
from hub.engine.world import World, load_world
from hub.model.finding import Finding, Place
from hub.model.message import Syntax
from tests.unit.engine.ecommerce import inventories, inventory
from tests.unit.engine.hall import fresh, says, template, written
from tests.unit.engine.test_services import SENDERS, signed

EXAMPLES = 8
SLOW = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
NUMBERS = ("1", "2")
STATUSES = ("received", "inspection", "accepted", "refused", "nonsense")
OTHER = "430102199003078524"


class Leg(NamedTuple):
    """A document: of which leg and purchase, by whom, with which values changed."""

    leg: str
    number: str
    sender: str
    changes: tuple[tuple[str, str], ...]


class Lists(NamedTuple):
    """Several lists in one message: number and changes of each."""

    items: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


class Answer(NamedTuple):
    """What customs says of a purchase: of its newest version, or of the delivery that ``which`` picks."""

    number: str
    status: str
    which: int | None = None


class Receipt(NamedTuple):
    """What customs' system says of a delivery."""

    which: int
    accepted: bool


Act = Leg | Lists | Answer | Receipt

CHANGES = {
    "order": [(), (("acturalPaid", "136.84"),), (("goodsValue", "20120.00"), ("acturalPaid", "20136.83"))],
    "payment": [(), (("amountPaid", "1.00"),), (("amountPaid", "20136.83"),)],
    "waybill": [(), (("consignee", "王芳"),)],
    "list": [
        (), (("appType", "2"),), (("appType", "3"),), (("buyerIdNumber", OTHER),),
        (("appType", "2"), ("buyerIdNumber", OTHER)), (("copNo", "C9"),), (("orderNo", "2"),),
    ],
}  # fmt: skip
ITEMS = st.tuples(st.sampled_from(NUMBERS), st.sampled_from(CHANGES["list"]))
LEGS = st.sampled_from(sorted(CHANGES)).flatmap(
    lambda leg: st.builds(
        Leg, st.just(leg), st.sampled_from(NUMBERS), st.sampled_from([SENDERS[leg][0]] * 7 + ["fuda"]),
        st.sampled_from([(), *CHANGES[leg]]),
    )
)  # fmt: skip
SEVERAL = st.builds(Lists, st.lists(ITEMS, min_size=2, max_size=3).map(tuple))
ANSWERS = st.builds(Answer, st.sampled_from(NUMBERS), st.sampled_from(STATUSES), st.none() | st.integers(0, 20))
ACTS = LEGS | LEGS | SEVERAL | ANSWERS | st.builds(Receipt, st.integers(0, 20), st.booleans())
COMPLETE = [Leg(leg, "1", SENDERS[leg][0], ()) for leg in ("order", "payment", "waybill", "list")]


class Desk:
    """A hall where acts are done."""

    def __init__(self, world: World, home: Path) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.hall = fresh(world, home, self.folder)
        self.hall.at = now()
        self.done = 0

    def read(self, act: Act) -> Read:
        """``act`` has arrived and is read; nothing is decided."""
        self.done += 1
        if isinstance(act, Answer | Receipt):
            job = self.hall.arrive(f"act {self.done}".encode(), "customs")
            return Read(job.transmission, Syntax.XML, (), (ReadInterchange(messages=(self._said(act),)),))
        data = self._data(act)
        sender = act.sender if isinstance(act, Leg) else "xinghai"
        job = self.hall.arrive(signed(self.hall, data) if sender == "xinghai" else data, sender)
        return reading.read(job, self.hall.world)

    def _data(self, act: Leg | Lists) -> bytes:
        if isinstance(act, Lists):
            return inventories(*(inventory(number, **dict(changes)) for number, changes in act.items))
        _, make = SENDERS[act.leg]
        return make(act.number, **dict(act.changes))

    def _said(self, act: Answer | Receipt) -> ReadMessage:
        sent = [row["id"] for row in self.hall.deliveries("message")]
        newest = act.which is None or not sent
        key = (
            f"4301960D04/C{act.number}"
            if newest and isinstance(act, Answer)
            else (*sent, "none")[act.which % (len(sent) or 1)]
        )
        if isinstance(act, Receipt):
            return ReadMessage("edifact:D.05B:CONTRL", "1", True, acknowledged=Acknowledged(key, act.accepted))
        return says("ecommerce-import", "customs", key, act.status, "800" if act.status == "accepted" else "100")

    def close(self) -> None:
        self.hall.database.close()
        shutil.rmtree(self.folder)

    # -- looking ------------------------------------------------------------------------------------------------------

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with self.hall.database.read() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(query)]

    def outcome(self) -> dict[str, list[tuple[object, ...]]]:
        """How everything stands, without ids and times."""
        return {what: sorted(self.rows(query), key=repr) for what, query in OUTCOME.items()}

    def holds(self) -> None:
        """Whatever must always be so."""
        with self.hall.database.read() as connection:
            assert [str(one) for one in verify(connection)] == []
        for what, query in NEVER.items():
            assert self.rows(query) == [], what


OUTCOME = {
    "cases": "SELECT reference, state, revision, passed, cancelling, closed_at IS NULL, due_at IS NULL FROM cases",
    "lanes": 'SELECT c.reference, l.name, l.state, l.code, l.revision FROM lanes l JOIN cases c ON c.id = l."case"',
    "legs": "SELECT l.name, l.reference, l.partner, l.state, l.facts, c.reference FROM legs l"
    ' LEFT JOIN cases c ON c.id = l."case"',
    "accounts": "SELECT book, holder, line, reserved, used FROM accounts",
    "answers": "SELECT partner, kind, COUNT(*) FROM deliveries GROUP BY partner, kind",
    "work": "SELECT kind, COUNT(*) FROM work GROUP BY kind",
}
NEVER = {
    "two legs of one name in a case":
        'SELECT "case", name FROM legs WHERE state = \'joined\' GROUP BY "case", name HAVING COUNT(*) > 1',
    "a leg that is joined to nothing, or waits in a case":
        "SELECT id FROM legs WHERE (state = 'joined') > (\"case\" IS NOT NULL)"
        " OR state = 'waiting' AND \"case\" IS NOT NULL",
    "a case that waits without end":
        "SELECT id FROM cases WHERE state = 'waiting' AND due_at IS NULL",
    "a lane that waits without end":
        "SELECT id FROM lanes WHERE state IN ('sent', 'received', 'inspection') AND due_at IS NULL"
        " AND id NOT IN (SELECT subject FROM work WHERE closed_at IS NULL)",
    "a case that waits while an agency has what it is":
        'SELECT c.id FROM cases c JOIN lanes l ON l."case" = c.id'
    " WHERE c.state = 'waiting' AND l.revision = c.revision",
    "a case that is not settled": "SELECT id FROM cases WHERE passed > 0 AND passed <> revision",
    "a closed case that keeps something":
        "SELECT c.id FROM cases c JOIN reservations r ON r.\"case\" = c.id"
        " WHERE c.closed_at IS NOT NULL AND r.state = 'reserved'",
    "what is reserved or used beside what the cases demand":
        "SELECT c.id FROM cases c LEFT JOIN (SELECT \"case\", SUM(state = 'reserved') AS held,"
        " SUM(state = 'committed') AS used"
        ' FROM reservations GROUP BY "case") r ON r."case" = c.id JOIN lanes l ON l."case" = c.id'
        " WHERE (c.state IN ('open', 'overdue', 'inspection') AND c.cancelling = 0"
        " AND COALESCE(r.held, 0) + COALESCE(r.used, 0) <> 1)"
        " OR (c.state = 'accepted' AND COALESCE(r.used, 0) <> 1)"
        " OR (c.state = 'cancelled' AND COALESCE(r.held, 0) + COALESCE(r.used, 0) <> 0)",
    "a transmission that nobody decided": "SELECT id FROM transmissions WHERE state NOT IN"
        " ('accepted', 'partly', 'refused', 'duplicate')",
}  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return template(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def world(home: Path) -> World:
    return load_world(home)


def machine(world: World, home: Path) -> type[RuleBasedStateMachine]:
    """Acts at a desk of ``world``, batched in any way."""

    class Office(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.desk = Desk(world, home)
            self.reads: list[Read] = []

        def teardown(self) -> None:
            if self.reads:
                self.decide()
            self.desk.holds()
            self.desk.hall.verified()
            self.desk.close()

        @initialize(begin=st.integers(0, 4))
        def begin(self, begin: int) -> None:
            if begin:
                self.desk.hall.decide(*map(self.desk.read, COMPLETE[:begin]))

        @rule(act=ACTS)
        def arrive(self, act: Act) -> None:
            self.reads.append(self.desk.read(act))

        @precondition(lambda self: self.reads)
        @rule()
        def decide(self) -> None:
            reads, self.reads = self.reads, []
            self.desk.hall.decide(*reads)

        @precondition(lambda self: not self.reads)
        @rule(seconds=st.sampled_from([1, 3600, 90_000]))
        def time(self, seconds: int) -> None:
            self.desk.hall.later(seconds)
            self.desk.hall.tick()
            assert self.desk.hall.tick() == 0, "what was due is done"

        @precondition(lambda self: not self.reads)
        @rule(fails=st.sets(st.integers(0, 3)))
        def seal(self, fails: set[int]) -> None:
            """What is planned for customs is sealed, or cannot be written."""
            hall = self.desk.hall
            planned = [hall.plan(row["id"]) for row in hall.deliveries("message") if row["state"] == "planned"]
            hall.seal([_written(row, number in fails) for number, row in enumerate(planned[:4])])

        @invariant()
        def holds(self) -> None:
            if not self.reads:
                self.desk.holds()

    return Office


def _written(row: Row, fails: bool) -> Sealing:
    """What WRITE makes of the planned delivery ``row``, or that it cannot."""
    job = WriteJob(row["id"], row["partner"], row["plan"])
    finding = Finding("walk.sender-unknown", Place(offset=0), params=(("sender", "x"),))
    return Sealing(job, row, Unwritable(row["id"], (finding,)) if fails else [written(row["id"], b"<x/>")])


def test_whatever_comes_the_state_holds_together(world: World, home: Path) -> None:
    run_state_machine_as_test(
        machine(world, home),
        settings=settings(
            max_examples=EXAMPLES, stateful_step_count=10, deadline=None, derandomize=True, suppress_health_check=SLOW
        ),
    )


@settings(max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=SLOW)
@given(begin=st.integers(0, 4), acts=st.lists(ACTS, min_size=2, max_size=5))
def test_a_batch_ends_as_its_messages_would_one_by_one(world: World, home: Path, begin: int, acts: list[Act]) -> None:
    ends = [_ended(world, home, COMPLETE[:begin], acts, together) for together in (True, False)]
    assert ends[0] == ends[1]


def _ended(
    world: World, home: Path, begin: Sequence[Act], acts: Sequence[Act], together: bool
) -> dict[str, list[tuple[object, ...]]]:
    desk = Desk(world, home)
    try:
        desk.hall.decide(*map(desk.read, begin))
        reads = [desk.read(act) for act in acts]  # all are read first: what they name are the same deliveries
        for batch in [reads] if together else [[read] for read in reads]:
            desk.hall.decide(*batch)
        desk.holds()
        return desk.outcome()
    finally:
        desk.close()
