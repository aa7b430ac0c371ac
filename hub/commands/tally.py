"""What a demonstration adds up to: messages, cases and postings counted, and the whole ledger verified."""

from collections import Counter
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.markup import escape

from hub.commands.columns import columns
from hub.commands.home import OpenHome
from hub.ledger import verify
from hub.model.case import CaseState
from hub.model.finding import Language
from hub.store import balances, cases, legs


def table(titles: tuple[str, ...], rows: Iterable[tuple[str, ...]], console: Console) -> None:
    """Print ``rows`` under ``titles``."""
    for line in columns(titles, list(rows)):
        console.print(line, markup=False)


def counted(home: OpenHome, ids: Sequence[str], papers: int, console: Console) -> list[str]:
    """Print what became of the cases ``ids``; what is wrong with the ledger."""
    own = sorted(set(filter(None, ids)))
    with home.database.read() as connection:
        states = [cases.find(connection, id_)[0]["state"] for id_ in own]
        counts = Counter(row["case"] for row in legs.of_cases(connection, own))
        matched = sum(1 for count in counts.values() if count > 1)
        used = sum(1 for id_ in own for row in balances.of_case(connection, id_) if row["state"] == "committed")
    verdict = verify.verify(home.database, home.ledger.verifier, blob=home.blobs.path)
    row = (
        str(papers),
        str(len(own)),
        *(str(states.count(state)) for state in (CaseState.ACCEPTED, CaseState.INSPECTION, CaseState.REFUSED)),
        str(matched),
        str(used),
        f"verified, {verdict.size} entries" if verdict.valid else "NOT VERIFIED",
    )
    titles = ("sent", "cases", "accepted", "inspection", "refused", "matched", "written off", "ledger")
    table(titles, [row], console)
    return [escape(finding.text(Language.EN)) for finding in verdict.findings] if not verdict.valid else []
