"""Packs come into force: asked for by one person, approved by two others, at their time; and taken back at once.

The state and the ledger's entry are one transaction; then the list that worker processes read is written, and the world
is loaded anew. After a crash in between, :func:`reconcile` writes the list from the state.
"""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import structlog

from hub.approvals.batch import Approvals
from hub.approvals.values import Request
from hub.clock import Clock
from hub.engine.walk import Walk
from hub.engine.world import load_world
from hub.errors import ConfigError, HubError
from hub.ledger.entries import Entry, Fact
from hub.ledger.journal import Ledger
from hub.model.activation import ActivationState
from hub.model.approval import ApprovalState
from hub.model.ids import new_id
from hub.model.partner import Title
from hub.model.person import Person, PersonRole
from hub.packs.pack import Pack
from hub.packs.shelf import Shelf
from hub.store import activations as store
from hub.store import work
from hub.store.database import Connection, Database

log = structlog.get_logger()
KIND = "activation"
PERSONS = 2
DAY = 86_400_000_000  # µs


def ask(
    connection: Connection, ledger: Ledger, people: Mapping[str, Person], pack: Pack, at: int, by: str, now: int
) -> store.Row:
    """Ask two persons whether ``pack`` shall be in force from ``at`` on. ``by`` asks, and so may not decide. They have
    until then, and a day at least. Raises HubError when hub.toml names no such person."""
    if by not in people:
        raise HubError(f"hub.toml names no person {by}; add [people.{by}], or name another with --by")
    id_ = new_id("AC", now)
    approvals = Approvals(people)
    title = Title(f"启用 {pack.service} 版本 {pack.version}", f"Put {pack.service} {pack.version} in force")
    facts = {"service": (pack.service,), "version": (pack.version,), "digest": (pack.digest,)}
    request = Request(id_, KIND, title, PERSONS, max(at, now + DAY), by, PersonRole.ADMIN.value, facts)
    asked = approvals.ask(request, now)
    row = {
        "id": id_, "service": pack.service, "digest": pack.digest, "version": pack.version, "at": at, "asked_by": by,
        "asked_at": now, "approval": asked.id, "state": ActivationState.ASKED,
    }  # fmt: skip
    store.add(connection, row)
    ledger.append(connection, [*approvals.entries(), _entry("asked", row, now, by)])
    approvals.save(connection)
    return row


def roll_back(connection: Connection, ledger: Ledger, service: str, by: str, now: int) -> tuple[store.Row, str]:
    """Take back what is in force for ``service``: the pack before it is again, or the home's own folder. Returns what
    was taken back, and the digest that is in force now (empty: none). Raises HubError when nothing is."""
    row = store.in_force(connection, service)
    if row is None:
        raise HubError(f"no pack is in force for {service}; `hub map packs` lists them")
    store.move(connection, row["id"], ActivationState.WITHDRAWN, ended_at=now, ended_by=by)
    former = store.before(connection, service)
    if former:
        store.move(connection, former["id"], ActivationState.ACTIVE, begun_at=now, ended_at=None)
    entries = [_entry("withdrawn", row, now, by)] + ([_entry("begun", former, now, by)] if former else [])
    ledger.append(connection, entries)
    return row, former["digest"] if former else ""


def reconcile(database: Database, shelf: Shelf) -> bool:
    """Let the list of what is in force say what the state says; whether it said something else."""
    with database.read() as connection:
        active = store.active(connection)
    return shelf.put_in_force(active)


class Activations:
    """Puts packs in force when their time has come; a scheduler calls :meth:`tick`. ``reload`` takes the world anew."""

    def __init__(
        self, home: Path, walk: Walk, database: Database, ledger: Ledger, shelf: Shelf, clock: Clock,
        reload: Callable[[], bool],
    ) -> None:  # fmt: skip
        self._home = home
        self._walk = walk
        self._database = database
        self._ledger = ledger
        self._shelf = shelf
        self._clock = clock
        self._reload = reload

    def tick(self) -> int:
        """Act upon what people have decided; returns how many activations moved."""
        with self._database.read() as connection:
            waiting = store.asked(connection)
        moved = sum(self._one(row) for row in waiting)
        if moved and reconcile(self._database, self._shelf):
            self._reload()
        return moved

    def _one(self, row: store.Row) -> bool:
        with self._database.read() as connection:
            approvals = Approvals.load(connection, self._walk.world.settings.people, ids=[row["approval"]])
            active = store.active(connection)
        now, asked = self._clock(), approvals.get(row["approval"])
        late = asked is not None and asked.state is ApprovalState.ASKED and asked.due_at <= now
        if asked is None or (asked.state is ApprovalState.ASKED and not late):
            return False
        if asked.state is not ApprovalState.APPROVED:
            return self._walk.change(partial(self._refuse, row, "expired" if late else asked.state.value)).result()
        if row["at"] > now:
            return False
        try:
            load_world(self._home, {**active, row["service"]: row["digest"]})
        except ConfigError as error:
            log.error("pack not loaded", activation=row["id"], problems=error.problems[:5])
            return self._walk.change(partial(self._fail, row, error.problems[0])).result()
        return self._walk.change(partial(self._begin, row)).result()

    def _begin(self, row: store.Row, connection: Connection) -> bool:
        now = self._clock()
        former = store.in_force(connection, row["service"])
        if former:
            store.move(connection, former["id"], ActivationState.REPLACED, ended_at=now, ended_by=row["id"])
        store.move(connection, row["id"], ActivationState.ACTIVE, begun_at=now)
        return self._settled(connection, row, "begun", now, row["asked_by"])

    def _refuse(self, row: store.Row, why: str, connection: Connection) -> bool:
        now = self._clock()
        approvals = Approvals.load(connection, self._walk.world.settings.people, ids=[row["approval"]])
        if approvals.expire(row["approval"], now):
            self._ledger.append(connection, approvals.entries())
            approvals.save(connection)
        store.move(connection, row["id"], ActivationState.REFUSED, ended_at=now, ended_by=why)
        return self._settled(connection, row, "refused", now, why)

    def _fail(self, row: store.Row, problem: str, connection: Connection) -> bool:
        now = self._clock()
        store.move(connection, row["id"], ActivationState.FAILED, ended_at=now, ended_by="the hub")
        owner = self._walk.world.settings.hub.duty_officer
        item = {"id": new_id("WK", now), "subject": row["id"], "kind": KIND, "owner": owner, "opened_at": now}
        work.add(connection, [item | {"reason": f"{row['service']} {row['version']} cannot be loaded: {problem}"}])
        opened = Entry("work.opened", now, None, None, {"subject": row["id"], "kind": KIND})
        self._ledger.append(connection, [opened])
        return self._settled(connection, row, "failed", now, "the hub")

    def _settled(self, connection: Connection, row: store.Row, what: str, now: int, by: str) -> bool:
        Approvals.take(connection, [row["approval"]], now)
        self._ledger.append(connection, [_entry(what, row, now, by)])
        return True


def _entry(what: str, row: store.Row, at: int, by: str) -> Entry:
    facts: dict[str, Fact] = {"activation": row["id"], "by": by}
    facts |= {name: row[name] for name in ("service", "version", "digest")}
    return Entry(f"activation.{what}", at, None, None, facts)
