"""How many EDIFACT messages of 2 kB a second one core reads and checks: ``python -m bench.edifact``.

Generated PAXLST D.02B and CUSCAR D.95B, sound, structure, types, lengths and code lists checked, Documents built. The
best of several rounds of CPU time counts, since the machine may be busy.
"""

import time
from pathlib import Path

from hub.formats.edifact.reader import read
from hub.schema.catalog import Catalog

SIZE, ROUNDS, BATCH = 2000, 40, 50
TERMINATOR = b"'"


def _interchange(body: list[str], kind: str) -> bytes:
    segments = [f"UNH+1+{kind}", *body, f"UNT+{len(body) + 2}+1"]
    text = "'\n".join(["UNB+UNOA:3+OCEANAIR:ZZ+HUBCSX:ZZ+261123:1200+42", *segments, "UNZ+1+42"])
    return f"{text}'\n".encode()


def paxlst(count: int) -> bytes:
    """A passenger list with ``count`` passengers."""
    body = ["BGM+745", "NAD+MS+++CREW DESK", "COM+12 345 6789:TE", "TDT+20+OA532", "DTM+189:2611231200:201"]
    body += ["LOC+125+CNSHA", "DTM+189:2611231200:201", "LOC+87+NLRTM", "DTM+232:2611240740:201"]
    for number in range(count):
        body += [f"NAD+FL+++LI{number:02}:XIA", "ATT+2++F", "DTM+329:670603", "LOC+178+CNSHA", "LOC+179+NLRTM"]
        body += ["LOC+174+CHN", "NAT+2+CHN", f"RFF+AVF:7F5F{number:03}", f"DOC+39+4334{number:05}", "DTM+36:300920"]
        body += ["LOC+91+CHN"]
    return _interchange([*body, f"CNT+42:{count}"], "PAXLST:D:02B:UN:IATA")


def cuscar(count: int) -> bytes:
    """A cargo report with ``count`` consignments."""
    body = ["BGM+85+MAN123456+9", "DTM+137:20261123:102", "RFF+XC:ABC123", "NAD+CA+OCEANAIR:172:20"]
    body += ["TDT+20+V001+1+13+OCEA:172:20+++9123456:146::OCEAN STAR", "LOC+9+CNSHA:139:6", "DTM+133:20261123:102"]
    for number in range(count):
        body += [f"CNI+{number + 1}+BL{number:06}", f"RFF+BM:BL{number:06}", "LOC+11+CNNGB:139:6"]
        body += [f"GID+1+{number + 1}:CT", "FTX+AAA+++TEXTILES, WOVEN", "MEA+AAE+WT+KGM:1200.5"]
    return _interchange(body, "CUSCAR:D:95B:UN")


def main() -> None:
    """Print one line for each message type."""
    catalog = Catalog(Path(__file__).parent.parent / "schemas")
    for make in (paxlst, cuscar):
        data = next(found for found in map(make, range(1, 100)) if len(found) >= SIZE)
        if read(data, catalog).all_findings():
            raise SystemExit(f"{make.__name__}: the generated message is not sound")
        best = 0.0
        for _ in range(ROUNDS):
            start = time.process_time()
            for _ in range(BATCH):
                read(data, catalog)
            best = max(best, BATCH / (time.process_time() - start))
        print(
            f"{make.__name__}: {len(data)} bytes, {data.count(TERMINATOR)} segments, {best:,.0f} a second on one core"
        )


if __name__ == "__main__":
    main()
