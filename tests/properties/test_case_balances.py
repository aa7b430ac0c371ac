"""Balances under whatever cases do: amendments that stand and that do not, refusals, cancellations, returns of parts,
the turn of the year. Against a clerk who keeps, on paper, what each purchase has taken."""

import itertools
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from hub.clock import SECOND
from hub.engine import read as reading
from hub.engine.values import AnswerClaim, Read, ReadInterchange, ReadMessage
from hub.engine.world import World, load_world
from hub.model.message import Syntax
from tests.properties.test_cases import COMPLETE, OTHER, Desk, Leg
from tests.unit.engine.ecommerce import invt, refund
from tests.unit.engine.hall import template
from tests.unit.engine.test_postings import NEW_YEAR
from tests.unit.engine.test_services import signed

NUMBERS = st.sampled_from("111123")
WORTH = Decimal(120)  # of every purchase: two things of sixty
LINE = 250 * 100  # of the book: enough for two of the three
CHANGES = st.sampled_from([
    (("appType", "2"),), (("appType", "2"),), (("appType", "3"),), (("appType", "2"), ("buyerIdNumber", OTHER)),
])  # fmt: skip
VERDICTS = st.sampled_from(["accepted", "accepted", "refused", "inspection"])
SOON = st.sampled_from(["accepted", "accepted", "refused", ""])  # customs' word at once, or later
NEVER = {
    "a part that came back elsewhere than it was taken": "SELECT p.name FROM reservations p JOIN reservations r"
        ' ON r."case" = p."case" AND p.name LIKE r.name || \'/%\' WHERE p.account <> r.account',
    "more that came back than was used": 'SELECT r.name FROM reservations r JOIN reservations p ON p."case" = r."case"'
        " AND p.name LIKE r.name || '/%' WHERE p.returned > 0 GROUP BY r.\"case\", r.name"
        " HAVING SUM(p.returned) + MIN(r.returned) > MIN(r.committed)",
    "a year in which nothing was asked for": "SELECT r.name FROM reservations r WHERE r.name NOT LIKE '%/return/%'"
        f" AND (r.opened_at >= {NEW_YEAR}) <> (r.account LIKE '%|2027|%')",
}  # fmt: skip


class Standing(NamedTuple):
    """A purchase as the hub has it: state, what is in its revision, how customs' lane stands, what it has taken."""

    state: str
    passed: int
    cancelling: int
    settled: bool
    used: Decimal
    reserved: Decimal


STANDING = """SELECT c.state, c.passed, c.cancelling, l.state = 'accepted' AND l.revision = c.revision,
  (SELECT COALESCE(SUM(committed - returned), 0) FROM reservations r WHERE r."case" = c.id),
  (SELECT COALESCE(SUM(amount), 0) FROM reservations r WHERE r."case" = c.id AND state = 'reserved')
  FROM cases c LEFT JOIN lanes l ON l."case" = c.id AND l.name = 'customs' WHERE c.reference = '{}'
  ORDER BY c.id DESC LIMIT 1"""
RETURNED = """SELECT l.revision FROM lanes l JOIN cases c ON c.id = l."case"
  WHERE c.reference = '{}' AND l.name = 'return' AND l.state = 'accepted' ORDER BY c.id DESC LIMIT 1"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return template(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def world(home: Path) -> World:
    """One whose buyers may buy little."""
    world = load_world(home)
    book = replace(world.books["personal-yearly"], line=LINE)
    return replace(world, books={**world.books, book.id: book})


def machine(world: World, home: Path) -> type[RuleBasedStateMachine]:
    """Purchases at a desk of ``world``, beside what the clerk writes down."""

    class Clerk(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.desk = Desk(world, home)
            self.desk.hall.at = NEW_YEAR - 30 * 24 * 3600 * SECOND
            self.serial = itertools.count(1)
            self.sent: dict[str, list[tuple[str, Decimal]]] = {}  # purchase → (copNo, worth) of the returns sent
            self.back: dict[str, Decimal] = {}  # purchase → what came back of its present revision
            self.known: dict[str, int] = {}  # purchase → return's revision that is written down

        def teardown(self) -> None:
            self.desk.hall.verified()
            self.desk.close()

        def standing(self, number: str) -> Standing | None:
            rows = self.desk.rows(STANDING.format(f"C{number}"))
            if not rows:
                return None
            state, passed, cancelling, settled, used, reserved = rows[0]
            amounts = (Decimal(str(units)).scaleb(-2) for units in (used, reserved))
            return Standing(str(state), int(str(passed)), int(str(cancelling)), bool(settled), *amounts)

        def says(self, lane: str, key: str, status: str, number: str) -> None:
            job = self.desk.hall.arrive(f"word {next(self.serial)}".encode(), "customs")
            facts = (("invtNo", invt(number)),)
            claim = AnswerClaim("ecommerce-import", lane, key, status, "800", facts=facts)
            message = ReadMessage("xsd:test", "1", True, answers=(claim,))
            self.desk.hall.decide(Read(job.transmission, Syntax.XML, (), (ReadInterchange(messages=(message,)),)))

        @initialize(status=SOON)
        def open(self, status: str) -> None:
            self.buy("1", status)

        @rule(number=NUMBERS, status=SOON)
        def buy(self, number: str, status: str) -> None:
            legs = [leg._replace(number=number) for leg in COMPLETE]
            self.desk.hall.decide(*map(self.desk.read, legs))
            if status:
                self.decide(number, status)

        @rule(number=NUMBERS, changes=CHANGES, status=SOON)
        def amend(self, number: str, changes: tuple[tuple[str, str], ...], status: str) -> None:
            before = self.standing(number)
            self.desk.hall.decide(self.desk.read(Leg("list", number, "xinghai", changes)))
            after = self.standing(number)
            if before and after and after.passed > before.passed and not after.cancelling:
                self.back[number] = Decimal(0)
            if status:
                self.decide(number, status)

        @rule(number=NUMBERS, status=VERDICTS)
        def decide(self, number: str, status: str) -> None:
            self.says("customs", f"4301960D04/C{number}", status, number)

        @rule(number=NUMBERS, qty=st.sampled_from(["1", "1", "2", "0.5", "3"]), status=SOON)
        def bring_back(self, number: str, qty: str, status: str) -> None:
            cop = f"R{number}-{next(self.serial)}"
            job = self.desk.hall.arrive(signed(self.desk.hall, refund(number, {"qty": qty}, copNo=cop)), "xinghai")
            self.desk.hall.decide(reading.read(job, self.desk.hall.world))
            self.sent.setdefault(number, []).append((cop, Decimal(qty) * 60))
            if status:
                self.decide_return(number, status)

        @rule(qty=st.sampled_from(["1", "0.5", "3"]))
        def bring_back_of_the_first(self, qty: str) -> None:
            self.bring_back("1", qty, "accepted")

        @rule(number=NUMBERS, status=VERDICTS)
        def decide_return(self, number: str, status: str) -> None:
            for cop, worth in self.sent.get(number, ()):
                self.says("return", f"4301960D04/{cop}", status, number)
                revisions = self.desk.rows(RETURNED.format(f"C{number}"))
                revision = int(str(revisions[0][0])) if revisions else 0
                if revision > self.known.get(number, 0):
                    self.known[number] = revision
                    self.back[number] = self.back.get(number, Decimal(0)) + worth

        @rule(days=st.sampled_from([0, 1, 31]))
        def time(self, days: int) -> None:
            self.desk.hall.later(days * 24 * 3600 + 60)
            self.desk.hall.tick()

        @invariant()
        def agrees(self) -> None:
            self.desk.holds()
            for what, query in NEVER.items():
                assert self.desk.rows(query) == [], what
            for number in "123":
                if told := self.standing(number):
                    self.compare(number, told)

        def compare(self, number: str, told: Standing) -> None:
            """What a purchase has taken, beside what the clerk thinks."""
            left = WORTH - self.back.get(number, Decimal(0))
            assert 0 <= told.used <= WORTH
            assert told.used == 0 or told.reserved == 0, "it is kept, or used"
            if told.state == "cancelled":
                assert (told.reserved, told.used) == (0, 0)
            elif told.settled and not told.cancelling:
                assert (told.reserved, told.used) == (0, left), "what was bought less what came back"

    return Clerk


def test_what_each_purchase_takes_is_what_the_clerk_has_written(world: World, home: Path) -> None:
    run_state_machine_as_test(
        machine(world, home),
        settings=settings(
            max_examples=max(8, settings().max_examples // 4), stateful_step_count=14, deadline=None, derandomize=True,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
        ),
    )  # fmt: skip
