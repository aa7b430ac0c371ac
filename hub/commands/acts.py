"""What `hub demo` carries: acts of one or more papers, who drops each, and how it must end."""

import re
import secrets
import uuid
from dataclasses import dataclass, field, replace
from pathlib import Path

from hub.model.case import CaseState, TransmissionState

_GUID = re.compile(r"@GUID\d*@")


@dataclass(frozen=True, slots=True)
class Paper:
    """One file: who drops it, its template in the service's ``demo`` folder, and how its transmission must end."""

    partner: str
    file: str
    state: TransmissionState = TransmissionState.ACCEPTED
    hears: str = ""  # a pattern: it is dropped when its partner has heard this of the case; ``@HEARD@`` is what matched


@dataclass(frozen=True, slots=True)
class Act:
    """One case. The paper ``anchor`` opens it, and its partner hears how it ends: in ``case`` (None: there is none).
    ``words`` stand in the templates, ``@GOODS@`` as ``GOODS``."""

    title: str
    service: str
    papers: tuple[Paper, ...]
    case: CaseState | None = CaseState.ACCEPTED
    words: dict[str, str] = field(default_factory=dict)
    anchor: int = -1


@dataclass(frozen=True, slots=True)
class Dropped:
    """A paper as it was dropped."""

    act: Act
    paper: Paper
    name: str
    data: bytes

    @property
    def last(self) -> bool:
        """Whether it names the case."""
        return self.paper is self.act.papers[self.act.anchor]

    def heard(self, answer: bytes) -> "Dropped | None":
        """The paper with what its partner has heard in ``answer``; None when that does not say it."""
        match = re.search(self.paper.hears.encode(), answer)
        return replace(self, data=self.data.replace(b"@HEARD@", match[0])) if match else None


def dropped(act: Act, mappings: Path) -> list[Dropped]:
    """The papers of ``act`` with fresh numbers, so that the demo can be run again."""
    number = secrets.token_hex(4).upper()
    made = []
    for paper in act.papers:
        text = (mappings / act.service / "demo" / paper.file).read_text("utf-8")
        words = {"NUMBER": number, "CONTROL": secrets.token_hex(6).upper(), **act.words}
        for word, value in words.items():
            text = text.replace(f"@{word}@", value)
        text = _GUID.sub(lambda _: str(uuid.uuid4()).upper(), text)
        stem, _, suffix = paper.file.rpartition(".")
        made.append(Dropped(act, paper, f"{stem}-{number}.{suffix}", text.encode()))
    return made


def _import(title: str, case: CaseState, paid: str = "136.83", goods: str = "奶粉") -> Act:
    """Cross-border e-commerce: order, payment and waybill, then the list."""
    papers = (
        Paper("xiangmai", "order.xml"),
        Paper("fuda", "payment.xml"),
        Paper("sutong", "waybill.xml"),
        Paper("xinghai", "list.xml"),
    )
    return Act(title, "ecommerce-import", papers, case, {"PAID": paid, "GOODS": goods})


def _manifest(title: str, case: CaseState, goods: str) -> Act:
    return Act(title, "manifest", (Paper("oceanair", "cuscar.edi"),), case, {"GOODS": goods})


ACTS = (
    Act("passengers", "passengers", (Paper("oceanair", "paxlst.edi"),)),
    _manifest("manifest", CaseState.ACCEPTED, "WOODEN DINING CHAIRS"),
    _manifest("refused manifest", CaseState.REFUSED, "GENERAL CARGO"),
    Act("broken interchange", "manifest", (Paper("oceanair", "broken.edi", TransmissionState.REFUSED),), None),
    _import("e-commerce, released", CaseState.ACCEPTED),
    _import("e-commerce, inspected", CaseState.INSPECTION, goods="奶粉（查验样品）"),
    _import("e-commerce, refused by customs", CaseState.REFUSED, goods="禁止进境的奶粉"),
    _import("e-commerce, paid a cent too little", CaseState.REFUSED, paid="136.82"),
    Act("dangerous goods", "dangerous-goods", (Paper("xiangjiang", "iftdgn.edi"),)),
    Act("an envelope between two companies", "exchange", (Paper("xiangmai", "envelope.xml"),)),
    Act(
        "bonded display, through the gate",
        "bonded",
        (Paper("xiangbao", "list.xml"), Paper("xiangbao", "pass.xml", hears=r"QD\d{6}E\d{9}")),
        anchor=0,
    ),
)
