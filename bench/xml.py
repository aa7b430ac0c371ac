"""How many XML messages one core parses and validates, beside lxml alone: ``python -m bench.xml``.

The same bytes, the same XSD, in one run: *lxml* parses and validates and does no more; *validated* is what the hub does
instead, with its hardened parser and its bounds, findings ready; *read* is the whole reading, with the message type
found by the root element and the Document built. They take turns every few milliseconds of CPU time, and the best turn
of each counts, since the machine may be busy. Exit code 1 when *validated* takes a tenth longer than lxml alone.
"""

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from lxml import etree

from hub.formats import samples
from hub.formats.write import write
from hub.formats.xml import validator
from hub.formats.xml.reader import read
from hub.schema import xsd
from hub.schema.catalog import Catalog
from hub.schema.xmlparser import parse

TURNS, SLICE = 200, 0.004  # seconds
SLOWEST = 1.10  # validated, in the time of lxml alone
MESSAGES = (  # type, what comes several times, and how often
    ("ceb:CEB411", (), 0),
    ("ceb:CEB311", ("Order", "OrderList"), 1),
    ("ceb:CEB311", ("Order", "OrderList"), 30),
    ("manifest:MT1401", ("Declaration", "Consignment"), 10),
    ("ceb:CEB607", ("WayBill", "WayBillList"), 5_000),
)


def documents(catalog: Catalog) -> Iterator[tuple[str, xsd.XsdSchema, bytes]]:
    """Sound messages of several types and sizes."""
    for name, repeated, times in MESSAGES:
        schema = catalog.get(f"xsd:{name}")
        assert isinstance(schema, xsd.XsdSchema)  # an xsd: id
        message = samples.transmission(schema)
        _repeat(message.messages[0].document, repeated, times)
        yield name, schema, write(message, catalog)


def _repeat(document: Any, path: tuple[str, ...], times: int) -> None:
    """Let what stands at ``path`` come ``times`` times."""
    for step in path[:-1]:
        document = document[step][0] if isinstance(document[step], list) else document[step]
    if path:
        document[path[-1]] = document[path[-1]][:1] * times


def ways(schema: xsd.XsdSchema, data: bytes, catalog: Catalog) -> dict[str, Callable[[], Any]]:
    """What is timed; each tells whether the document is sound."""
    compiled, parser, ours = xsd.validator(schema), etree.XMLParser(), validator.of(schema)
    return {
        "lxml": lambda: compiled.validate(etree.fromstring(data, parser)),
        "validated": lambda: not ours.findings(parse(data, shape=False)),
        "read": lambda: read(data, catalog).valid,
    }


def best(calls: dict[str, Callable[[], Any]]) -> dict[str, float]:
    """Seconds of CPU for one call of each, in its best turn."""
    counts = {name: max(1, round(SLICE / _seconds(call, 3))) for name, call in calls.items()}
    taken = dict.fromkeys(calls, float("inf"))
    for _ in range(TURNS):
        for name, call in calls.items():
            taken[name] = min(taken[name], _seconds(call, counts[name]))
    return taken


def _seconds(call: Callable[[], Any], count: int) -> float:
    start = time.process_time()
    for _ in range(count):
        call()
    return (time.process_time() - start) / count


def main() -> int:
    """Print one line for each message; 1 when one is slower than it may be."""
    catalog, slow = Catalog(Path(__file__).parent.parent / "schemas"), False
    for name, schema, data in documents(catalog):
        calls = ways(schema, data, catalog)
        if not all(call() for call in calls.values()):
            raise SystemExit(f"{name}: the generated message is not sound")
        taken = best(calls)
        rates = {one: f"{1 / seconds:8,.0f}/s" for one, seconds in taken.items()}
        ratio, whole = (taken[one] / taken["lxml"] for one in ("validated", "read"))
        slow = slow or round(ratio, 2) > SLOWEST
        print(f"{name:16}{len(data):10,} bytes  lxml {rates['lxml']}  ", end="")
        print(
            f"validated {rates['validated']}, {ratio:.2f} × its time  read {rates['read']}, {whole:.2f} ×", flush=True
        )
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
