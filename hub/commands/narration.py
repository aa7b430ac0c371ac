"""Ledger entries told to people: one short line a step, with the time of day and short names.

>>> tell(Entry("case.moved", 0, "CS-01M84PMGHD3Y1K9GH08NVE2DBR", None, {"state": "accepted"}))
'00:00:00.000  …NVE2DBR  the case is accepted'
"""

from collections.abc import Callable

from hub.clock import moment
from hub.ledger.entries import Entry

Facts = dict[str, str]

_LINES: dict[str, Callable[[Facts], str]] = {
    "received": lambda f: f"{f['partner']} sent {f['name']}, {f['size']} bytes",
    "decided": lambda f: f"read and {f['state']}{_listed(f, 'codes', ': ')}{_double(f)}",
    "case.opened": lambda f: f"case {f['case']}: {f['service']} {f['reference']}, lanes {f['lanes']}",
    "sealed": lambda f: f"{f['kind']} for {f['partner']} written and sealed, {f['size']} bytes",
    "fetched": lambda f: f"{f['partner']} fetched {f['delivery']}",
    "removed": lambda f: f"{f['partner']} removed {f['delivery']} from its mailbox",
    "lane.moved": lambda f: f"{f['agency']}: {f['state']}{_listed(f, 'code', ', code ')}",
    "case.moved": lambda f: f"the case is {f['state']}",
    "delivered": lambda f: f"{f['partner']} has {f['delivery']}",
    "undelivered": lambda f: f"{f['delivery']} cannot be delivered to {f['partner']}",
    "refused": lambda f: f"{f['name']} of {f['partner']} was not taken: {f['code']}",
    "resent": lambda f: f"{f['delivery']} goes to {f['partner']} again",
    "revived": lambda f: f"read again, for {f.get('partner', 'a person')}",
    "failed": lambda f: f"the hub cannot handle it: {f['reason']}",
    "unwritten": lambda f: f"{f['delivery']} cannot be written: {f['reason']}",
    "activation.asked": lambda f: f"{f['by']} asks for {f['service']} {f['version']} to be put in force",
    "activation.begun": lambda f: f"{f['service']} {f['version']} is in force",
    "activation.withdrawn": lambda f: f"{f['by']} took back {f['service']} {f['version']}",
    "activation.refused": lambda f: f"{f['service']} {f['version']} is not put in force: {f['by']}",
    "activation.failed": lambda f: f"{f['service']} {f['version']} cannot be loaded",
    "work.opened": lambda f: f"work for a person: {f['kind']} {f['subject']}",
    "work.closed": lambda f: f"work done: {f['subject']}",
}


def tell(entry: Entry) -> str:
    """The entry as one line; a kind or fact that is not known here is shown as it stands in the ledger."""
    facts = {name: _shown(value) for name, value in entry.facts.items()} | {"case": _shown(entry.case or "")}
    line = _LINES.get(entry.kind)
    try:
        said = line(facts) if line else None
    except KeyError:
        said = None
    if said is None:
        said = " ".join([entry.kind, *(f"{name}={value}" for name, value in sorted(facts.items()) if value)])
    time = moment(entry.at).strftime("%H:%M:%S.%f")[:-3]
    return f"{time}  {_shown(entry.case or entry.transmission or ''):8}  {said}"


def _shown(value: object) -> str:
    """Lists as words; identifiers by their last seven characters, which differ."""
    if isinstance(value, list):
        return ", ".join(map(str, value))
    text = str(value)
    return f"…{text[-7:]}" if len(text) == 29 and text[2] == "-" else text


def _listed(facts: Facts, name: str, before: str) -> str:
    return f"{before}{facts[name]}" if facts.get(name) else ""


def _double(facts: Facts) -> str:
    return f", the double of {facts['first']}" if "first" in facts else ""
