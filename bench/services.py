"""Services of several documents, durable: how many legs a second, whether matching stays flat, and how a peak drains.

    python -m bench.services [CASES [OPEN [PEAK]]]

In one run: (a) cross-border e-commerce import, three documents and the list of CASES purchases from arrival to customs'
mailbox (checked, matched, the buyer's limit reserved, four messages signed), with one leg a message and with twenty;
(b) the same in a second hub beside OPEN other cases that wait for their documents, in turns with the first (both grow,
and the machine is never quiet): medians; (c) PEAK lists, a hundred a message, as fast as they can be handed over: how
long until all are decided, and the 99th percentile of the time from arrival to decision.
Messages go straight into the walk; what a transport adds is measured by ``bench.walk``. Defaults: 1000, 1000000, 85000.
"""

import hashlib
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import structlog

from bench.walk import cpu_seconds, home_of
from hub.clock import SECOND
from hub.daemon import Daemon
from hub.model.arrival import Arrival
from hub.model.partner import SignatureKind
from hub.security import schemes
from hub.security.keys import load_signer
from hub.security.signer import Signer
from hub.store import counts
from hub.twins.folder import TwinFolder
from tests.acceptance.papers import Papers

LOOK = 0.1  # seconds between looks
ROUNDS = 5  # turns of the hub that is crowded and of the one that is not
HANDED = 200  # messages handed over at a time, as a transport with many senders would
SENDERS = {"order": "xiangmai", "payment": "fuda", "waybill": "sutong", "list": "xinghai"}
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


@dataclass(frozen=True)
class Flow:
    """What one run came to: legs a second, and CPU milliseconds a leg."""

    legs: float
    cpu: float


def buyer(number: int) -> str:
    """An identity number with its check character (GB 11643), another for each purchase."""
    body = f"430102{19500101 + 10_000 * (number // 900 % 60)}{number % 900 + 100:03d}"
    return body + _CHECKS[sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True)) % 11]


def messages(leg: str, numbers: Sequence[int], items: int, signer: Signer) -> Iterator[Arrival]:
    """The ``leg`` of each purchase, ``items`` to a message."""
    papers = Papers("ecommerce-import")
    for start in range(0, len(numbers), items):
        chosen = [f"{number:09d}" for number in numbers[start : start + items]]
        named = "payerIdNumber" if leg == "payment" else "buyerIdNumber"
        changes = {text: {named: buyer(int(text))} for text in chosen} if leg != "waybill" else {}
        data = papers.make(leg, chosen, changes, {})
        if leg == "list":
            data = schemes.sign(SignatureKind.XMLDSIG, data, signer).data
        digest = hashlib.sha256(data).hexdigest()
        yield Arrival(SENDERS[leg], "bench", f"{leg}-{chosen[0]}.xml", data, None, digest, len(data), "")


class Bench:
    """A hub in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self._home = home_of(folder, 200)
        (self._home / "folders" / "oceanair" / "upload").mkdir(parents=True)
        self.daemon = Daemon(self._home)
        self.daemon._pool.renew()  # returns when every worker has loaded its world: that is not to be measured
        self._signer = load_signer(TwinFolder(self._home / "twins" / "xinghai").signing_key)
        self._sent = 0

    def prepared(self, legs: Sequence[str], cases: int, items: int) -> list[Arrival]:
        """The messages of ``cases`` new purchases, leg by leg as they would come: mixed."""
        numbers = range(self._sent + 1, self._sent + 1 + cases)
        self._sent += cases
        lines = [list(messages(leg, numbers, items, self._signer)) for leg in legs]
        return [message for row in zip(*lines, strict=True) for message in row]

    def hand_over(self, arrivals: Sequence[Arrival]) -> None:
        """Let them arrive."""
        for start in range(0, len(arrivals), HANDED):
            self.daemon.walk.accept_many(arrivals[start : start + HANDED])

    def states(self, table: str) -> dict[str, int]:
        """How many are in which state."""
        with self.daemon.database.read() as connection:
            return counts.by_state(connection, table)

    def open_cases(self, count: int) -> None:
        """Let ``count`` cases be there that wait for their documents: rows as the engine writes them."""
        copied = "INSERT INTO {table} SELECT {columns} FROM {table} AS old, numbers WHERE {key}"
        with self.daemon.database.write() as connection:
            run = connection.exec_driver_sql
            (case,) = run("SELECT id FROM cases WHERE state = 'waiting' LIMIT 1").one()
            (leg,) = run('SELECT id FROM legs WHERE "case" = ? LIMIT 1', (case,)).one()
            for table, key, own in (("cases", "id", case), ("legs", "id", leg), ("leg_keys", "leg", leg)):
                names = [row[1] for row in run(f"PRAGMA table_info({table})")]
                fresh = {"id", "key", "leg", "case"} if table != "cases" else {"id", "key"}
                columns = ", ".join(f'old."{name}" || n' if name in fresh else f'old."{name}"' for name in names)
                numbers = "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?) "
                text = copied.format(table=table, columns=columns, key=f'old."{key}" = ?')
                run(numbers + text, (count, own))

    def flow(self, cases: int, items: int) -> Flow:
        """Carry ``cases`` purchases to customs' mailbox."""
        arrivals = self.prepared(tuple(SENDERS), cases, items)
        wanted = self.states("deliveries").get("available", 0) + 4 * cases
        begun, cpu = time.perf_counter(), cpu_seconds()
        self.hand_over(arrivals)
        while self.states("deliveries").get("available", 0) < wanted:
            time.sleep(LOOK)
        took, spent = time.perf_counter() - begun, cpu_seconds() - cpu
        if set(self.states("transmissions")) != {"accepted"}:
            raise SystemExit(f"not what was to be measured: {self.states('transmissions')}")
        return Flow(4 * cases / took, spent / (4 * cases) * 1000)

    def peak(self, lists: int) -> tuple[float, float]:
        """Seconds until ``lists`` are decided, and the 99th percentile of a message's time from arrival to decision."""
        arrivals = self.prepared(("list",), lists, 100)
        before = sum(self.states("cases").values())
        begun = time.perf_counter()
        self.hand_over(arrivals)
        while sum(self.states("cases").values()) < before + lists:
            time.sleep(LOOK)
        took = time.perf_counter() - begun
        query = """
            SELECT (strftime('%s', json_extract(body, '$.at')) * 1000000
                    + CAST(substr(json_extract(body, '$.at'), 21, 6) AS INTEGER)) - received_at
            FROM entries JOIN transmissions ON transmissions.id = transmission
            WHERE json_extract(body, '$.kind') = 'decided' AND name LIKE 'list-%' ORDER BY 1
        """
        with self.daemon.database.read() as connection:
            times = [row[0] for row in connection.exec_driver_sql(query)]
        times = times[-len(arrivals) :]
        return took, times[int(len(times) * 0.99) - 1] / SECOND


def in_turns(alone: Bench, crowded: Bench, cases: int) -> tuple[float, float, float]:
    """Legs a second of ``crowded``, what part that is of those of ``alone``, and the same of CPU a leg: medians."""
    for hub in (alone, crowded):
        hub.flow(cases, 20)  # what a filled database makes ready at first is not to be measured
    pairs = []
    for turn in range(ROUNDS):
        first, second = (alone, crowded) if turn % 2 else (crowded, alone)
        done = {first: first.flow(cases, 20), second: second.flow(cases, 20)}
        pairs.append((done[alone], done[crowded]))
    legs = median(many.legs for _, many in pairs)
    return (
        legs,
        legs / median(few.legs for few, _ in pairs),
        median(many.cpu for _, many in pairs) / median(few.cpu for few, _ in pairs),
    )


def main() -> None:
    """Measure and print."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    cases, others, lists = (int(given) for given in (*sys.argv[1:], *("1000", "1000000", "85000")[len(sys.argv) - 1 :]))
    where = os.environ.get("BENCH_DIR")
    with tempfile.TemporaryDirectory(dir=where) as name, tempfile.TemporaryDirectory(dir=where) as other:
        bench = Bench(Path(name))
        bench.daemon.start()
        bench.flow(20, 1)  # what is compiled at first is not to be measured
        for items in (1, 20):
            flow = bench.flow(cases, items)
            print(f"{items} a message: {flow.legs:,.0f} legs a second, CPU {flow.cpu:.2f} ms a leg", flush=True)
        crowded = Bench(Path(other))
        crowded.daemon.start()
        crowded.hand_over(crowded.prepared(("list",), 1, 1))
        while "waiting" not in crowded.states("cases"):
            time.sleep(LOOK)
        crowded.open_cases(others)
        legs, ratio, cpu = in_turns(bench, crowded, cases)
        told = f"{ratio:.2f} of a hub without them, {cpu:.2f} of its CPU a leg"
        print(f"20 a message beside {others:,} open cases: {legs:,.0f} legs a second ({told})", flush=True)
        bench.daemon.stop()
        took, late = crowded.peak(lists)
        rate = lists / took
        print(f"{lists:,} lists, 100 a message: drained in {took:.1f} s ({rate:,.0f} lists a second), p99 {late:.2f} s")
        crowded.daemon.stop()


if __name__ == "__main__":
    main()
