"""Balances against a naive model: any steps in any batches, batches that are cut off and batches that come twice."""

import tempfile
from pathlib import Path
from typing import NamedTuple

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from hub.balances.batch import Balances
from hub.balances.books import Book
from hub.balances.values import Posted, Refused
from hub.balances.verify import verify
from hub.model.balance import Step
from hub.model.partner import Title
from hub.store import balances as store
from hub.store.database import Database

BOOKS = {
    "stock": Book("stock", Title("库存", "Stock"), "pieces", 0),
    "limit": Book("limit", Title("限值", "Limit"), "CNY", 2, line=50),
}
HOLDERS = [(book, holder) for book in BOOKS for holder in ("li", "wang")]
CASES = ("CS-1", "CS-2", "CS-3")


class Request(NamedTuple):
    """One step as it is asked for; ``account`` is book and holder."""

    step: Step
    account: tuple[str, str]
    amount: int
    case: str
    name: str


REQUESTS = st.builds(
    Request, st.sampled_from(Step), st.sampled_from(HOLDERS), st.integers(-1, 60), st.sampled_from(CASES),
    st.sampled_from("ab"),
)  # fmt: skip
BATCHES = st.lists(REQUESTS, min_size=1, max_size=8)


class Thing:
    """What the model knows of one name of a case: the account, and each step with its amount, in order."""

    def __init__(self, account: tuple[str, str]) -> None:
        self.account = account
        self.done: dict[Step, int] = {}

    def allows(self, step: Step, amount: int) -> bool:
        """Whether ``step`` may come next, by a table written out here once more."""
        last = list(self.done)[-1]
        if step in (Step.RELEASE, Step.EXPIRE):
            return last is Step.RESERVE and amount == self.done[last]
        if step is Step.COMMIT:
            return last is Step.RESERVE and amount <= self.done[last]
        return step in (Step.RESTORE, Step.CALL) and last is Step.COMMIT and amount <= self.done[last]


class Model:
    """Balances as a clerk would keep them on paper: nothing is stored that can be counted."""

    def __init__(self) -> None:
        self.things: dict[tuple[str, str], Thing] = {}

    def parts(self, account: tuple[str, str]) -> tuple[int, int, int]:
        """line, reserved and used, counted from all that ever happened."""
        line, reserved, used = BOOKS[account[0]].line, 0, 0
        for thing in self.things.values():
            if thing.account != account:
                continue
            done = thing.done
            line += done.get(Step.GRANT, 0) - done.get(Step.WITHDRAW, 0) - done.get(Step.CALL, 0)
            reserved += done[Step.RESERVE] if list(done) == [Step.RESERVE] else 0
            used += done.get(Step.COMMIT, 0) - done.get(Step.RESTORE, 0) - done.get(Step.CALL, 0)
        return line, reserved, used

    def post(self, request: Request) -> str:
        """Whether the step is ``posted``, ``repeated`` or ``refused``."""
        step, account, amount, case, name = request
        thing = self.things.get((case, name))
        if thing is None:
            line, reserved, used = self.parts(account)
            free = line - reserved - used
            if step not in (Step.GRANT, Step.WITHDRAW, Step.RESERVE) or amount < 0:
                return "refused"
            if step is not Step.GRANT and amount > free:
                return "refused"
            thing = self.things[(case, name)] = Thing(account)
        elif thing.account != account:
            return "refused"
        elif step in thing.done:
            return "repeated" if thing.done[step] == amount else "refused"
        elif amount < 0 or not thing.allows(step, amount):
            return "refused"
        thing.done[step] = amount
        return "posted"


def told(answer: Posted | Refused) -> str:
    if isinstance(answer, Refused):
        return "refused"
    return "repeated" if answer.repeated else "posted"


class BalancesAgainstPaper(RuleBasedStateMachine):
    """Batches on a real database beside the model."""

    @initialize()
    def open(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.database = Database(f"sqlite:///{Path(self.folder.name) / 'hub.db'}")
        self.database.migrate()
        self.model = Model()
        self.at = 1

    def teardown(self) -> None:
        if hasattr(self, "database"):
            self.database.close()
            self.folder.cleanup()

    def decide(self, requests: list[Request], *, cut: bool = False) -> list[str]:
        """One batch; ``cut``: it is rolled back at its end, as if the hub was killed."""
        self.at += 1
        with self.database.write() as connection:
            balances = Balances.load(connection, BOOKS, HOLDERS, CASES, self.at)
            answers = [
                told(balances.post(step, *account, amount, case, name, self.at))
                for step, account, amount, case, name in requests
            ]
            balances.save(connection)
            if cut:
                connection.rollback()
        return answers

    @rule(requests=BATCHES)
    def batch(self, requests: list[Request]) -> None:
        assert self.decide(requests) == [self.model.post(request) for request in requests]

    @rule(requests=BATCHES)
    def cut_off(self, requests: list[Request]) -> None:
        """What was rolled back never happened."""
        self.decide(requests, cut=True)

    @rule(requests=BATCHES)
    def cut_off_and_repeated(self, requests: list[Request]) -> None:
        answers = self.decide(requests, cut=True)
        assert self.decide(requests) == answers == [self.model.post(request) for request in requests]

    @rule(requests=BATCHES)
    def committed_and_repeated(self, requests: list[Request]) -> None:
        """A batch that comes twice moves nothing the second time: what it posted is told as a repetition."""
        answers = self.decide(requests)
        assert answers == [self.model.post(request) for request in requests]
        mine = [request for request, answer in zip(requests, answers, strict=True) if answer != "refused"]
        before = self.accounts()
        assert self.decide(mine) == ["repeated"] * len(mine)
        assert self.accounts() == before

    @rule(requests=BATCHES, keep=st.integers(0, 8))
    def undone_from_the_middle_on(self, requests: list[Request], keep: int) -> None:
        self.at += 1
        with self.database.write() as connection:
            balances = Balances.load(connection, BOOKS, HOLDERS, CASES, self.at)
            for number, (step, account, amount, case, name) in enumerate(requests):
                if number == keep:
                    mark = balances.mark()
                balances.post(step, *account, amount, case, name, self.at)
            if keep < len(requests):
                balances.undo(mark)
            balances.save(connection)
        for request in requests[:keep]:
            self.model.post(request)

    def accounts(self) -> dict[tuple[str, str], tuple[int, int, int]]:
        with self.database.read() as connection:
            rows = store.listed(connection, "", 100)
        return {(row["book"], row["holder"]): (row["line"], row["reserved"], row["used"]) for row in rows}

    @invariant()
    def agrees(self) -> None:
        if not hasattr(self, "database"):
            return
        found = self.accounts()
        for account in HOLDERS:
            assert found.get(account, (BOOKS[account[0]].line, 0, 0)) == self.model.parts(account)
        with self.database.read() as connection:
            assert verify(connection) == []


BalancesAgainstPaper.TestCase.settings = settings(
    deadline=None, max_examples=settings().max_examples * 2 // 5, stateful_step_count=15
)
TestBalances = BalancesAgainstPaper.TestCase
