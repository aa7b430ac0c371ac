"""What the demonstration's company has before it begins: goods in the bonded area, and a guarantee at the bank."""

from pathlib import Path

from hub.clock import SECOND, now
from hub.commands import balances, filings
from hub.filings.values import Record
from hub.model.balance import Step

_DAY = 86_400 * SECOND
_YEAR = 365 * _DAY
_WHO = "demo"

GRANTS = (
    ("bonded-stock", "T4900W000001/1", "2"),
    ("bonded-stock", "T4900W000001/2", "100"),
    ("guarantee", "BANKHN/G-DEMO-1", "150000.00"),
)
"""Book, holder and amount: as much as one list of the demonstration takes."""


def prepared(home: Path) -> list[str]:
    """Grant and file it; one line for each."""
    today = now() // _DAY * _DAY
    guarantee = Record("guarantee", "BANKHN/G-DEMO-1", "xiangbao", "保函", _WHO, today - _DAY, today + _YEAR)
    told = [filings.record(home, guarantee)]
    return told + [balances.change_line(home, Step.GRANT, *grant, _WHO, "stock of the demo") for grant in GRANTS]
