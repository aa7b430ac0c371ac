"""What comes back in parts: a later leg that names some of what was taken gives back the worth of that, once, and all
such legs together never more than the whole."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping

from hub.balances.batch import Balances
from hub.balances.books import Books
from hub.balances.values import Refused, Reservation
from hub.clock import Clock
from hub.engine.rows import Known, Row, given
from hub.model.balance import ReservationState, Step
from hub.model.case import LegState, Objection
from hub.services.conduct import objection
from hub.services.portions import Portion
from hub.services.service import Posting, Service
from hub.services.vocabulary import Facts
from hub.store import legs
from hub.store.database import Connection

_KEPT = (ReservationState.RESERVED, ReservationState.COMMITTED)


class Returns:
    """Gives back in parts within one batch."""

    def __init__(self, books: Books, known: Known, clock: Clock) -> None:
        self._books, self._known, self._clock = books, known, clock
        self._earlier: dict[tuple[str, str], dict[int, Facts]] = defaultdict(dict)  # (case, leg) → by revision

    def load(self, connection: Connection, touched: Mapping[str, Service]) -> None:
        """Learn what came back before in those of the ``touched`` cases of which something comes back now."""
        asked = [id_ for id_, one in touched.items() if any(leg in self._known.current(id_) for leg in _legs(one))]
        for row in legs.replaced(connection, asked) if asked else ():
            self._earlier[row["case"], row["name"]][row["revision"]] = json.loads(row["facts"])
        for id_ in asked:
            for leg in self._known.legs[id_]:
                if leg["state"] == LegState.REPLACED:
                    self._earlier[id_, leg["name"]][leg["revision"]] = given(leg)

    def wrong(self, case: Row, service: Service, leg: str, balances: Balances) -> Iterator[Objection]:
        """Why the ``leg`` that has just come cannot bring back what it names."""
        for posting in service.postings:
            if posting.portion and posting.portion.leg == leg:
                for kept in self._kept(case, posting, balances):
                    yield from self._worth(case, service, posting.portion, kept, balances)[1]

    def move(
        self, case: Row, service: Service, posting: Posting, portion: Portion, step: Step, balances: Balances
    ) -> Iterator[Objection]:
        """Give back what the leg brings: what an agency has agreed to."""
        leg = self._known.current(case["id"])[portion.leg]
        for kept in self._kept(case, posting, balances):
            name = f"{kept.name}/{leg['name']}/{leg['revision']}"
            if any(one.name == name for one in balances.asked(case["id"])):
                continue  # the same answer once more
            amount, wrong = self._worth(case, service, portion, kept, balances)
            done = None if wrong else balances.give_back(kept, name, step, amount, self._clock())
            yield from wrong
            if isinstance(done, Refused):
                yield posting.objection

    def _kept(self, case: Row, posting: Posting, balances: Balances) -> list[Reservation]:
        """What the case has of the posting as it stands."""
        own = [one for one in balances.asked(case["id"]) if one.name.partition("/")[0] == posting.name]
        return [one for one in own if one.state in _KEPT]

    def _worth(
        self, case: Row, service: Service, portion: Portion, kept: Reservation, balances: Balances
    ) -> tuple[int, list[Objection]]:
        """What the leg that is there brings back beside the earlier ones, at most what is left; and what is wrong."""
        done = {one.name for one in balances.asked(case["id"])}
        before = self._earlier[case["id"], portion.leg]
        earlier = [facts for revision, facts in before.items() if f"{kept.name}/{portion.leg}/{revision}" in done]
        facts = self._known.facts(case["id"])
        book = self._books[kept.account.partition("|")[0]]
        together, wrong = portion.worth(facts, earlier, book.scale)
        left = balances.left(kept)
        amount = together - (kept.committed - left if kept.state is ReservationState.COMMITTED else 0)
        told = [objection(portion.refuse, one.finding, service.reasons, portion.leg, one.path) for one in wrong]
        return max(0, min(amount, left)), told


def _legs(service: Service) -> set[str]:
    return {posting.portion.leg for posting in service.postings if posting.portion}
