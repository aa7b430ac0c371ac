"""`make crash`: the hub is killed (SIGKILL) at random moments while purchases of four documents come from four
companies, customs' twin answers and the buyers' limits move. Every purchase is one case; no balance is wrong."""

import itertools
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.services import buyer
from hub.balances.verify import verify as verify_balances
from hub.commands.home import opened
from hub.ledger import verify
from hub.sftp.client import SftpError
from hub.store.database import Connection
from hub.twins.start import trader
from tests.acceptance.papers import Papers
from tests.crash.test_kill import KILLS, SEED, ended, home, killed, start

SENDERS = {"order": "xiangmai", "payment": "fuda", "waybill": "sutong", "list": "xinghai"}
VALUE = 12_000  # fen of each purchase
PATIENCE = 120  # seconds without a release before the test fails

__all__ = ["ended", "home"]


class Company(threading.Thread):
    """Uploads its document of purchase after purchase, in an order of its own; one that failed is sent again."""

    def __init__(self, home: Path, leg: str, stop: threading.Event) -> None:
        super().__init__(name=leg, daemon=True)
        self._home, self._leg, self._ended = home, leg, stop
        self._papers = Papers("ecommerce-import")
        self.closed: set[int] = set()

    def run(self) -> None:
        numbers = itertools.count(1)
        pending = next(numbers)
        while not self._ended.is_set():
            try:
                with trader(self._home, SENDERS[self._leg]) as partner:
                    while not self._ended.is_set():
                        partner.upload(f"{self._leg}-{pending}.xml", self._document(pending))
                        self.closed.add(pending)
                        pending = next(numbers)
            except (SftpError, OSError, EOFError):
                self._ended.wait(0.1)

    def _document(self, number: int) -> bytes:
        """The same whenever it is sent, but for the signature that the trader puts to it."""
        given = {"GUID": f"00000000-0000-4000-8000-{number:012d}"}
        named = {"order": "buyerIdNumber", "payment": "payerIdNumber", "list": "buyerIdNumber"}.get(self._leg)
        changes = {"": {named: buyer(number)}} if named else {}
        return self._papers.make(self._leg, [f"{number}"], changes, given)


@contextmanager
def twin(home: Path) -> Iterator[None]:
    """Customs at work, a process of its own that is not killed."""
    command = [sys.executable, "-m", "hub", "twin", "customs", "--home", str(home)]
    with (home / "spool" / "twin.log").open("a") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def test_each_purchase_is_released_once_and_no_balance_is_wrong(home: Path) -> None:
    draw = random.Random(SEED)
    stop = threading.Event()
    hub = start(home)
    companies = [Company(home, leg, stop) for leg in SENDERS]
    with twin(home):
        for company in companies:
            company.start()
        hub = killed(home, hub, draw)
        stop.set()
        for company in companies:
            company.join(30)
        whole = set.intersection(*(company.closed for company in companies))
        print(f"seed {SEED}: {KILLS} kills, {len(whole)} purchases of four documents")
        assert len(whole) > KILLS
        wait_for(home, len(whole))
    hub.send_signal(signal.SIGTERM)
    assert hub.wait(60) == 0
    account(home, whole)


def wait_for(home: Path, count: int) -> None:
    """Until customs has released ``count`` cases; it may take its time, as long as it goes on."""
    before, until = -1, 0.0
    with opened(home) as found:
        while True:
            with found.database.read() as connection:
                query = "SELECT count(*) FROM cases WHERE state = 'accepted'"
                released = connection.exec_driver_sql(query).scalar_one()
            if released >= count:
                return
            if released > before:
                before, until = released, time.monotonic() + PATIENCE
            assert time.monotonic() < until, f"{released} of {count} cases are released, and no more"
            time.sleep(0.2)


def account(home: Path, whole: set[int]) -> None:
    """One case for each list; of each whole purchase four messages went to customs, and its value is used."""
    with opened(home) as found:
        with found.database.read() as connection:
            states = dict(rows(connection, "SELECT reference, state FROM cases"))
            sent = dict(
                rows(
                    connection,
                    """SELECT cases.reference, count(*) FROM deliveries JOIN cases
                ON cases.id = deliveries."case"
                WHERE deliveries.kind = 'message' AND deliveries.partner = 'customs' GROUP BY 1""",
                )
            )
            reserved, used = rows(connection, "SELECT sum(reserved), sum(used) FROM accounts")[0]
            wrong = verify_balances(connection)
        assert {number for number in whole if states.get(f"C{number}") != "accepted"} == set()
        assert {sent[f"C{number}"] for number in whole} == {4}
        accepted = [reference for reference, state in states.items() if state == "accepted"]
        open_ = [reference for reference, state in states.items() if state == "open"]
        assert (reserved, used) == (VALUE * len(open_), VALUE * len(accepted))
        assert not wrong, wrong
        verdict = verify.verify(found.database, found.ledger.verifier, blob=found.blobs.path)
    assert verdict.valid, [finding.as_json() for finding in verdict.findings[:5]]


def rows(connection: Connection, query: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in connection.exec_driver_sql(query)]
