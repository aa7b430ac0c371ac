"""`hub trace`: the whole story of a case or a transmission, from the ledger and the tables, in order of time."""

import json
from dataclasses import dataclass, replace
from typing import Any

from hub.clock import iso
from hub.commands import narration
from hub.engine.rows import Row
from hub.ledger.entries import Entry
from hub.ledger.receipts import summary
from hub.store import cases, deliveries, legs, transmissions
from hub.store import ledger as ledger_store
from hub.store.database import Connection

_LEG = ("id", "name", "reference", "partner", "state", "revision", "transmission", "type")


@dataclass(frozen=True, slots=True)
class Story:
    """What there is to tell about ``subject``: the case with its lanes, and every recorded step."""

    subject: str
    case: Row | None
    legs: tuple[Row, ...]
    lanes: tuple[Row, ...]
    deliveries: tuple[Row, ...]
    entries: tuple[Entry, ...]
    others: tuple[str, ...] = ()  # what else the word may have meant

    def as_json(self) -> dict[str, Any]:
        """As plain JSON values; times in RFC 3339."""
        return {
            "subject": self.subject,
            "case": self.case and _timed(self.case),
            "legs": [_timed({name: leg[name] for name in _LEG} | {"at": iso(leg["at"])}) for leg in self.legs],
            "lanes": [_timed(lane) for lane in self.lanes],
            "deliveries": [_timed(delivery) for delivery in self.deliveries],
            "entries": [summary(entry) for entry in self.entries],
            "others": list(self.others),
        }

    def lines(self) -> list[str]:
        """How it stands, one line a recorded step, then the deliveries under the names that `hub resend` takes."""
        steps = [f"{iso(entry.at)[:10]} {narration.tell(entry)}" for entry in self.entries]
        steps += [f"  {row['id']}  {row['kind']} to {row['partner']}: {row['state']}" for row in self.deliveries]
        also = [f"also called so: {', '.join(self.others)}"] if self.others else []
        if self.case is None:
            return [*also, *steps]
        head = f"case {self.case['id']}: {self.case['service']} {self.case['reference']}, {self.case['state']}"
        lanes = [
            f"  {lane['name']}: {' '.join(filter(None, (lane['state'], lane['code'])))}{_said(lane)}"
            for lane in self.lanes
        ]
        several = self.legs if len(self.legs) > 1 else ()
        own = [f"  {leg['name']} {leg['reference']} of {leg['partner']}: {leg['state']}" for leg in several]
        return [*also, head, *own, *lanes, *steps]


def tell(connection: Connection, word: str) -> Story | None:
    """The story of what ``word`` names: case, transmission, delivery, a trader's reference; a file's name, or a control
    number, theirs or the hub's (then the newest that has it); None if nothing."""
    found = cases.find(connection, word) or cases.get(connection, legs.referring(connection, word, 1))
    if found:
        return _case(connection, found[0])
    delivery = deliveries.get(connection, [word]).get(word)
    if delivery:
        return tell(connection, delivery["case"] or delivery["transmission"] or "")
    if transmissions.get(connection, word) is None:
        return _numbered(connection, word) if word else None
    mine = tuple(deliveries.of_transmission(connection, word))
    messages = transmissions.messages_of(connection, word)
    case = next((message["case"] for message in messages if message["case"]), None)
    if case:
        return tell(connection, case)
    return Story(
        word, None, (), (), mine, _entries(ledger_store.of_transmissions(connection, [word], 10_000, caseless=False))
    )


def _numbered(connection: Connection, word: str) -> Story | None:
    """The newest of what bears ``word`` as a file's name or a control number."""
    found = [*transmissions.named(connection, word), *cases.answered_as(connection, word)]
    if not found:
        return None
    newest, *others = sorted(found, key=lambda id_: id_.partition("-")[2], reverse=True)
    story = tell(connection, newest)
    return replace(story, others=tuple(others)) if story else None


def _case(connection: Connection, case: Row) -> Story:
    lanes = cases.lanes_of(connection, [case["id"]])
    mine = deliveries.of_case(connection, case["id"])
    own = ledger_store.of_case(connection, case["id"], 10_000)
    linked = sorted({row.transmission for row in own if row.transmission})
    others = ledger_store.of_transmissions(connection, linked, 10_000, caseless=True)
    rows = sorted({row.seq: row for row in (*own, *others)}.values(), key=lambda row: row.seq)
    own_legs = legs.all_of(connection, case["id"])
    return Story(case["id"], case, tuple(own_legs), tuple(lanes), tuple(mine), _entries(rows))


def _said(lane: Row) -> str:
    """The agency's own words."""
    text = json.loads(lane["answer"] or "{}").get("text")
    return f": {text}" if text else ""


def _entries(rows: list[ledger_store.EntryRow]) -> tuple[Entry, ...]:
    return tuple(Entry.parse(row.body) for row in rows)


def _timed(row: Row) -> Row:
    return {name: iso(value) if name.endswith("_at") and value else value for name, value in row.items()}
