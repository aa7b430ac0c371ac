"""How many small X12 files a second one core reads, checks and answers, beside plain pyx12: ``python -m bench.x12``.

The same files and the same maps for both, sound and faulty ones. pyx12 is its ``x12n_document``, which writes a 997 as
ours does. The best of several rounds of CPU time counts, since the machine may be busy. Exit code 1 below the goal.
"""

import io
import logging
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from pyx12.params import ParamsBase
from pyx12.x12file import X12Reader
from pyx12.x12n_document import x12n_document

from hub.formats.x12.acknowledgment import acknowledge
from hub.formats.x12.reader import read
from hub.model.message import Envelope
from hub.model.partner import Acknowledge
from hub.schema.catalog import Catalog

SCHEMAS = Path(__file__).parent.parent / "schemas"
HUB = Envelope("HUBCSX", "ZZ", "TRADER", "ZZ", "7", "202611231201")
GOAL = 5
ROUNDS, SECONDS = 5, 0.4


def interchange(number: str, group: str, body: list[str]) -> str:
    """One transaction set in its envelope, a segment a line."""
    isa = "ISA*00*          *00*          *ZZ*TRADER         *ZZ*HUBCSX         *261123*1200*U*00401*000000042*0*T*:"
    segments = [isa, f"GS*{group}*TRADER*HUBCSX*20261123*1200*42*X*004010", f"ST*{number}*0001", *body]
    return "~\n".join([*segments, f"SE*{len(body) + 2}*0001", "GE*1*42", "IEA*1*000000042", ""])


def order() -> str:
    """A purchase order of eight lines."""
    body = ["BEG*00*SA*4600000406**20261123", "CUR*BY*USD", "REF*IA*0000100183", "PER*BD*BUYER*TE*3125550100"]
    body += ["N1*ST*WAREHOUSE SOUTH*92*T100", "N3*EAST POINT DRIVE*SUITE 500", "N4*LAREDO*TX*78045*US"]
    for line in range(1, 9):
        body += [
            f"PO1*{line}*{line}0*EA*19.95**BP*00543{line}*VN*V{line}",
            f"PID*F****WIDGET {line}",
            "DTM*002*20261231",
        ]
    return interchange("850", "PO", [*body, "CTT*8"])


def manifest() -> str:
    """A customs manifest of six bills."""
    body = ["M10*OCEA*O*CN*9123456*OCEAN STAR*V001*MAN1*6*W*L", "P4*2704*20261201*6"]
    for bill in range(1, 7):
        body += [f"LX*{bill}", f"M11*BL{bill:06}*5704*{bill}0*CTN*1200*K****SHANGHAI**OCEA", "N1*SH*SHIPPER"]
        body += [
            "N3*1 HARBOUR ROAD",
            "N1*CN*CONSIGNEE",
            "N3*2 PIER ROAD",
            "VID*CN*OCEU*123456*SEAL01",
            "N10*10*TEXTILES",
        ]
    return interchange("309", "AQ", body)


def status() -> str:
    """A vessel status of three events."""
    body = ["B4***VD*20261123*1200**OCEU*123456*L*45G1", "N9*BM*BL000001", "N9*EQ*OCEU1234560", "Q2*9123456*CN"]
    for port in ("L*UN*CNSHA*SHANGHAI*CN", "D*UN*NLRTM*ROTTERDAM*NL", "E*UN*DEDUI*DUISBURG*DE"):
        body += [f"R4*{port}", "DTM*140*20261123*1200"]
    return interchange("315", "QO", body)


def files() -> dict[str, str]:
    """Sound files, and the order with faults."""
    sound = {"850 order": order(), "309 manifest": manifest(), "315 status": status()}
    return sound | {
        "850, a code wrong": order().replace("CUR*BY*USD", "CUR*BY*US1"),
        "850, a segment too much": order().replace("N3*EAST", "XYZ*1~\nN3*EAST"),
    }


def plain(text: str) -> None:
    """pyx12 alone: validate, write a 997."""
    x12n_document(ParamsBase(), io.StringIO(text), io.StringIO(), None, map_path=str(SCHEMAS / "x12" / "004010"))


def tokens(text: str) -> None:
    """pyx12's reader alone: segments and envelope, no validation."""
    for _ in X12Reader(io.StringIO(text)):
        pass


def ours(text: str, catalog: Catalog) -> None:
    """The hub: read and validate into Documents, write a 997."""
    reading = read(text.encode(), catalog)
    acknowledge(reading.interchanges[0], Acknowledge.FUNCTIONAL, envelope=HUB, catalog=catalog)


def speed(work: Callable[[], None]) -> float:
    """How often a second of CPU time, at best."""
    work()
    best = 0.0
    for _ in range(ROUNDS):
        start, count = time.process_time(), 0
        while time.process_time() - start < SECONDS:
            work()
            count += 1
        best = max(best, count / (time.process_time() - start))
    return best


def main() -> int:
    """Print one line a file; 1 when one misses the goal."""
    logging.disable(logging.CRITICAL)
    catalog = Catalog(SCHEMAS)
    worst = float("inf")
    for name, text in files().items():
        theirs, reader = speed(partial(plain, text)), speed(partial(tokens, text))
        own = speed(partial(ours, text, catalog))
        worst = min(worst, own / theirs)
        print(
            f"{name}: {len(text)} bytes, {text.count('~')} segments; a second on one core: hub {own:,.0f}, "
            f"pyx12 {theirs:,.0f} ({own / theirs:,.0f} x), pyx12's reader without validation {reader:,.0f}"
        )
    print(f"at least {worst:,.0f} x plain pyx12; the goal is {GOAL} x")
    return 0 if worst >= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
