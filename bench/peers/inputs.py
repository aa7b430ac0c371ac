"""Sound interchanges, no two alike: cargo reports, passenger lists, orders, invoices; and faults to try a parser with.

They keep to what every parser of the side-by-side run can read: no PAT, no vessel name in TDT, no association's code.
"""

from collections.abc import Callable, Iterator
from itertools import count
from random import Random
from typing import NamedTuple

SIZE = 2000
"""Bytes that a message has at least: the usual size of a small business document."""
LARGE = 1_000_000
"""Bytes that the large interchange has at least."""
VARIANTS = 25
"""Messages of each type: a parser that remembered the last one would gain nothing."""

_PORTS = ("CNSHA", "CNNGB", "CNCSX", "NLRTM", "DEHAM", "SGSIN", "USLAX", "KRPUS", "JPTYO", "AUMEL")
_COUNTRIES = ("CHN", "NLD", "DEU", "SGP", "USA", "KOR", "JPN", "AUS")
_NAMES = ("LI XIA", "WANG WEI", "JANSEN PIET", "SCHMIDT EVA", "TAN HUI MIN", "SMITH JOHN", "KIM MINJI", "SATO YUI")
_GOODS = ("TEXTILES, WOVEN", "MACHINE PARTS", "TEA IN BAGS", "COTTON SHIRT, WOVEN", "STEEL PIPES 40 MM", "GLASS WARE")
_PACKAGES = ("CT", "PK", "BX", "PX", "DR")


def _digits(chance: Random, length: int) -> str:
    return "".join(chance.choices("0123456789", k=length))


def _day(chance: Random) -> str:
    return f"2026{chance.randint(1, 12):02}{chance.randint(1, 28):02}"


def _amount(chance: Random) -> str:
    return f"{chance.randint(1, 99999)}.{chance.randint(0, 99):02}"


def cuscar(chance: Random, lines: int) -> list[str]:
    """A cargo report with a consignment a line."""
    body = [f"BGM+85+MAN{_digits(chance, 6)}+9", f"DTM+137:{_day(chance)}:102", f"RFF+XC:{_digits(chance, 6)}"]
    body += ["NAD+CA+OCEANAIR:172:20", f"TDT+20+V{_digits(chance, 3)}+1+13+OCEA:172:20"]
    body += [f"LOC+9+{chance.choice(_PORTS)}:139:6", f"DTM+133:{_day(chance)}:102"]
    for number in range(1, lines + 1):
        bill = f"BL{_digits(chance, 8)}"
        body += [f"CNI+{number}+{bill}", f"RFF+BM:{bill}", f"LOC+11+{chance.choice(_PORTS)}:139:6"]
        body += [f"GID+1+{chance.randint(1, 900)}:{chance.choice(_PACKAGES)}", f"FTX+AAA+++{chance.choice(_GOODS)}"]
        body += [f"MEA+AAE+WT+KGM:{_amount(chance)}"]
    return body


def paxlst(chance: Random, lines: int) -> list[str]:
    """A passenger list with a passenger a line."""
    body = ["BGM+745", "NAD+MS+++CREW DESK", "COM+12 345 6789:TE", f"TDT+20+OA{_digits(chance, 3)}"]
    body += [f"DTM+189:{_day(chance)[2:]}0900:201"]
    for role in ("125", "87"):
        body += [
            f"LOC+{role}+{chance.choice(_PORTS)}",
            f"DTM+{232 if role == '87' else 189}:{_day(chance)[2:]}0915:201",
        ]
    for _ in range(lines):
        country = chance.choice(_COUNTRIES)
        body += [f"NAD+FL+++{chance.choice(_NAMES).replace(' ', ':', 1)}", f"ATT+2++{chance.choice('FM')}"]
        body += [f"DTM+329:{chance.randint(40, 99)}{_day(chance)[4:]}", "LOC+178+CNSHA", "LOC+179+NLRTM"]
        body += [f"LOC+174+{country}", f"NAT+2+{country}", f"RFF+AVF:{_digits(chance, 6)}"]
        body += [f"DOC+39+{_digits(chance, 9)}", f"DTM+36:{_day(chance)[2:]}", f"LOC+91+{country}"]
    return [*body, f"CNT+42:{lines}"]


def orders(chance: Random, lines: int) -> list[str]:
    """A purchase order."""
    body = [f"BGM+220+PO{_digits(chance, 6)}+9", f"DTM+137:{_day(chance)}:102", f"DTM+2:{_day(chance)}:102"]
    body += [f"FTX+AAI+++DELIVER AT GATE {chance.randint(1, 99)}", f"RFF+CT:FRAME {_digits(chance, 4)}"]
    body += [f"NAD+BY+{_digits(chance, 13)}::9", f"CTA+PD+:{chance.choice(_NAMES)}", "COM+12 345 6789:TE"]
    body += [f"NAD+SU+{_digits(chance, 13)}::9", "CUX+2:CNY:9"]
    for number in range(1, lines + 1):
        body += [f"LIN+{number}++{_digits(chance, 13)}:EN", f"PIA+1+ART{_digits(chance, 5)}:SA"]
        body += [f"IMD+F++:::{chance.choice(_GOODS)}", f"QTY+21:{chance.randint(1, 900)}:PCE"]
        body += [f"DTM+2:{_day(chance)}:102", f"MOA+203:{_amount(chance)}", f"PRI+AAA:{_amount(chance)}"]
    return [*body, "UNS+S", f"CNT+2:{lines}"]


def invoic(chance: Random, lines: int) -> list[str]:
    """An invoice."""
    body = [f"BGM+380+IN{_digits(chance, 6)}+9", f"DTM+137:{_day(chance)}:102", f"RFF+ON:PO{_digits(chance, 6)}"]
    body += [f"DTM+171:{_day(chance)}:102", f"NAD+SU+{_digits(chance, 13)}::9", f"RFF+VA:CN{_digits(chance, 6)}"]
    body += [f"NAD+BY+{_digits(chance, 13)}::9", "CUX+2:CNY:4"]
    for number in range(1, lines + 1):
        body += [f"LIN+{number}++{_digits(chance, 13)}:EN", f"IMD+F++:::{chance.choice(_GOODS)}"]
        body += [f"QTY+47:{chance.randint(1, 900)}:PCE", f"MOA+203:{_amount(chance)}", f"PRI+AAA:{_amount(chance)}"]
        body += ["TAX+7+VAT+++:::13+S", f"MOA+124:{_amount(chance)}"]
    body += ["UNS+S", f"CNT+2:{lines}", f"MOA+9:{_amount(chance)}", f"MOA+125:{_amount(chance)}"]
    return [*body, "TAX+7+VAT+++:::13+S", f"MOA+124:{_amount(chance)}"]


Body = Callable[[Random, int], list[str]]
TYPES: dict[str, tuple[Body, str]] = {
    "CUSCAR": (cuscar, "CUSCAR:D:95B:UN"),
    "PAXLST": (paxlst, "PAXLST:D:02B:UN"),
    "ORDERS": (orders, "ORDERS:D:96A:UN"),
    "INVOIC": (invoic, "INVOIC:D:96A:UN"),
}


class Input(NamedTuple):
    """Interchanges for all parsers to read, ``messages`` in each of them."""

    name: str
    data: list[bytes]
    messages: int

    @property
    def described(self) -> str:
        """The line's title."""
        size = sum(map(len, self.data)) // len(self.data)
        return f"{self.name}, {size / 1e6:.1f} MB, {self.messages} messages" if self.messages > 1 else (
            f"{self.name}, {size / 1000:.1f} kB"
        )  # fmt: skip


def interchange(bodies: list[list[str]], kind: str) -> bytes:
    """The messages ``bodies`` of the type ``kind`` in an envelope."""
    segments = []
    for number, body in enumerate(bodies, 1):
        segments += [f"UNH+{number}+{kind}", *body, f"UNT+{len(body) + 2}+{number}"]
    lines = ["UNB+UNOA:3+OCEANAIR:ZZ+HUBCSX:ZZ+261123:1200+42", *segments, f"UNZ+{len(bodies)}+42"]
    return "".join(f"{line}'\n" for line in lines).encode()


def bodies(name: str, chance: Random) -> Iterator[list[str]]:
    """Messages of the type ``name``, each as small as one of `SIZE` bytes can be."""
    make, kind = TYPES[name]
    lines = next(n for n in count(1) if len(interchange([make(Random(0), n)], kind)) >= SIZE)
    while True:
        yield make(chance, lines)


def small(name: str, number: int = VARIANTS) -> Input:
    """``number`` interchanges, each with one message of the type ``name``."""
    source = bodies(name, Random(name))
    return Input(name, [interchange([next(source)], TYPES[name][1]) for _ in range(number)], 1)


def large() -> Input:
    """One interchange of orders."""
    source, kind = bodies("ORDERS", Random(1)), TYPES["ORDERS"][1]
    made = [next(source) for _ in range(LARGE // SIZE + 100)]
    messages = next(n for n in count(LARGE // SIZE * 9 // 10, 10) if len(interchange(made[:n], kind)) >= LARGE)
    return Input("interchange", [interchange(made[:messages], kind)], messages)


def inputs() -> list[Input]:
    """One line of the table each: messages of about 2 kB of each type, and one interchange of 1 MB."""
    return [*map(small, TYPES), large()]


def faulty() -> dict[str, bytes]:
    """An order with one fault of each kind, by what a parser must check to notice it."""
    body = orders(Random(0), 4)
    spoilt = {
        "order": [line for line in body if not line.startswith("BGM")],
        "types": ["MOA+203:TWO" if line.startswith("MOA") else line for line in body],
        "lengths": [f"{line}{'9' * 80}" if line.startswith("RFF") else line for line in body],
        "codes": ["CUX+2:CNY:7AB" if line.startswith("CUX") else line for line in body],
    }
    made = {name: interchange([lines], TYPES["ORDERS"][1]) for name, lines in spoilt.items()}
    return made | {"counts": interchange([body], TYPES["ORDERS"][1]).replace(b"UNT+", b"UNT+1")}
