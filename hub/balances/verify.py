"""Whether the balances agree: accounts with postings and reservations, and these with their cases."""

from dataclasses import dataclass

from hub.store import balances as store
from hub.store.database import Connection

CHECKS = (
    ("every account is the sum of its postings", store.sums),
    ("no account is below zero", store.negative),
    ("every posting says what the account held after it", store.running),
    ("every account is reserved and used as its reservations say", store.asked),
    ("every reservation has the posting of its state", store.unposted),
    ("every reservation of a closed case has ended", store.unended),
)


@dataclass(frozen=True, slots=True)
class Contradiction:
    """What breaks one of ``CHECKS``: ``check`` is its text, ``found`` and ``wanted`` are as the database shows them."""

    check: str
    subject: str
    found: str
    wanted: str = ""

    def __str__(self) -> str:
        wanted = f", not {self.wanted}" if self.wanted else ""
        return f"{self.subject} ({self.found}{wanted}): this breaks that {self.check}"


def verify(connection: Connection) -> list[Contradiction]:
    """Everything that contradicts itself; empty when all agrees. Amounts are in smallest units, three of them are line,
    reserved and used, two are reserved and used."""
    return [
        Contradiction(check, row["subject"], row["found"], row.get("wanted", ""))
        for check, look in CHECKS
        for row in look(connection)
    ]
