"""What scenarios are played on: a hub's hall with its real database, ledger and walk, and the partners' own papers."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from hub.engine import read as reading
from hub.engine.rows import Row
from hub.model.partner import SignatureKind
from hub.security import cms, schemes
from hub.security.keys import load_signer
from hub.twins.folder import TwinFolder
from tests.acceptance.papers import Changes, Papers
from tests.unit.engine.hall import Hall
from tests.unit.engine.mortal import settle


@dataclass
class Stage:
    """One scenario being played. ``who`` is partner by the name that the scenario gives it, ``sends`` partner by
    document, ``everything`` the documents of a whole case."""

    hall: Hall
    papers: Papers | None = None
    who: dict[str, str] = field(default_factory=dict)
    sends: dict[str, str] = field(default_factory=dict)
    everything: tuple[str, ...] = ()
    last: str = ""  # the transmission that came last

    # -- in -----------------------------------------------------------------------------------------------------------

    def partner(self, name: str) -> str:
        """The partner whom the scenario calls ``name``; partners may be called by their own ids too."""
        plain = name.removeprefix("the ").strip()
        found = self.who.get(plain, plain)
        assert found in self.hall.world.partners, f"nobody is called {name!r}; there are {', '.join(self.who)}"
        return found

    def paper(self, document: str, number: str, changes: Changes, given: Changes | None = None) -> bytes:
        """One document."""
        return self.pile(document, [number], {"": changes}, given)

    def pile(
        self, document: str, numbers: list[str], changes: Mapping[str, Changes], given: Changes | None = None
    ) -> bytes:
        """Several documents in one message."""
        assert self.papers is not None, "say first: Given the papers of <folder>"
        return self.papers.make(document, numbers, changes, given or {})

    def come(self, *arrivals: tuple[bytes, str], together: bool = False) -> None:
        """Let partners send something, and the hub do all that follows from it; ``together``: in one batch."""
        jobs = [self.hall.arrive(self._signed(data, partner), partner) for data, partner in arrivals]
        self.last = jobs[-1].transmission
        if together:
            self.hall.decide(*(reading.read(job, self.hall.world) for job in jobs))
        self._walk()

    def pass_time(self, seconds: float) -> None:
        """Let time pass, and the hub look at its deadlines."""
        self.hall.later(seconds)
        self.hall.tick()
        self._walk()

    def _walk(self) -> None:
        walk = self.hall.walk()
        walk.start()
        settle(walk)
        walk.stop()

    def _signed(self, data: bytes, partner: str) -> bytes:
        """As the partner has to sign what it sends."""
        kind = self.hall.world.partners[partner].signature.inbound
        if kind is SignatureKind.NONE or b"SignatureValue>" in data:
            return data
        signer = load_signer(TwinFolder(self.hall.world.settings.paths.twins / partner).signing_key)
        return cms.sign_attached(data, signer) if kind is SignatureKind.CMS else schemes.sign(kind, data, signer).data

    # -- looking ------------------------------------------------------------------------------------------------------

    def cases(self, number: str) -> list[Row]:
        """The cases whose reference ends with ``number``."""
        return [row for row in self.hall.cases() if _number(row["reference"]) == int(number)]

    def case(self, number: str) -> Row:
        """The only case of that number."""
        found = self.cases(number)
        known = ", ".join(row["reference"] for row in self.hall.cases()[:20]) or "none"
        assert len(found) == 1, f"there are {len(found)} cases {number}; all there are: {known}"
        return found[0]

    def lane(self, name: str, number: str) -> Row | None:
        """A lane of a case; None when it is not open."""
        return self.hall.lanes(self.case(number)["id"]).get(name)

    def key(self, partner: str, number: str) -> str:
        """The number by which the agency knows what the hub sent it last about a case."""
        lanes = [row["id"] for row in self.hall.lanes(self.case(number)["id"]).values() if row["agency"] == partner]
        marks = ",".join("?" for _ in lanes)
        with self.hall.database.read() as connection:
            query = f"SELECT key FROM correlations WHERE lane IN ({marks}) AND key NOT LIKE '%/%' ORDER BY rowid DESC"
            found = connection.exec_driver_sql(query, tuple(lanes)).scalars().first()
        assert found, f"nothing was sent to {partner} about {number}"
        return str(found)

    def sent(self, partner: str) -> list[bytes]:
        """What lies ready for an agency: the messages, without the answers to what it sent."""
        rows = [row for row in self.hall.deliveries("message") if row["partner"] == partner]
        assert all(row["sha256"] for row in rows), f"a message to {partner} was not written"
        return [self.bytes_of(row) for row in rows]

    def heard(self, partner: str, number: str = "") -> list["Answer"]:
        """What a trader was answered, oldest first; about one document only if its ``number`` is given."""
        rows = [row for row in self.hall.deliveries("answer") if row["partner"] == partner]
        rows.sort(key=lambda row: int(row["planned_at"]))  # ids of one millisecond are in no order
        answers = [Answer(json.loads(row["plan"]).get("status", {}), self.bytes_of(row)) for row in rows]
        return [one for one in answers if not number or _number(one.status.get("reference", "")) == int(number)]

    def reports(self, partner: str) -> list[str]:
        """The findings reports that a partner finds, oldest first."""
        rows = [row for row in self.hall.deliveries("report") if row["partner"] == partner]
        return [self.bytes_of(row).decode() for row in sorted(rows, key=lambda row: int(row["planned_at"]))]

    def bytes_of(self, row: Row) -> bytes:
        """What a delivery says."""
        assert row["sha256"], f"the {row['kind']} to {row['partner']} was not written: {row['state']}"
        data: bytes = row["payload"] or self.hall.blobs.path(row["sha256"]).read_bytes()
        return data

    def account(self, book: str, holder: str) -> tuple[str, str]:
        """What is reserved and used of a balance, as people write it."""
        with self.hall.database.read() as connection:
            query = "SELECT reserved, used FROM accounts WHERE book = ? AND holder = ?"
            row = connection.exec_driver_sql(query, (book, holder)).one_or_none()
        scale = 10 ** self.hall.world.books[book].scale
        reserved, used = (0, 0) if row is None else (row[0], row[1])
        digits = self.hall.world.books[book].scale
        return f"{reserved / scale:.{digits}f}", f"{used / scale:.{digits}f}"


@dataclass(frozen=True)
class Answer:
    """One answer to a trader: the state that it was written from, and its bytes."""

    status: Row
    data: bytes

    @property
    def texts(self) -> str:
        """Everything that it says, however it is written."""
        return f"{json.dumps(self.status, ensure_ascii=False)}\n{self.data.decode('utf-8', 'replace')}"

    @property
    def codes(self) -> set[str]:
        """The codes that it names: those of lanes and of their items, and each value of the written answer."""
        lanes = self.status.get("lane", [])
        told = {str(row.get("code", "")) for lane in lanes for row in (lane, *lane.get("item", []))}
        return told | set(re.split(r"[<>+:'*\"]", self.data.decode("utf-8", "replace")))


def _number(reference: str) -> int:
    found = re.search(r"(\d+)$", reference)
    return int(found[1]) if found else -1
