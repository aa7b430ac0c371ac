"""What people are asked about cases, and what their answers let happen. Each revision of a case is asked about anew."""

from collections.abc import Iterator, Mapping, Sequence

from hub.approvals.batch import Approvals
from hub.approvals.values import Approval, Request
from hub.clock import Clock
from hub.engine.rows import Known, Row, given
from hub.ledger.entries import Entry
from hub.model.approval import ApprovalState
from hub.model.case import OBJECTION, Objection
from hub.model.finding import Finding, Language
from hub.model.person import Person
from hub.services.service import Consent, Service
from hub.services.vocabulary import Facts
from hub.store.database import Connection

MAX_SHOWN = 20
"""Values of one fact that a person is shown; of the rest, how many there are."""


class Consents:
    """Asks people within one batch."""

    def __init__(self, people: Mapping[str, Person], known: Known, clock: Clock) -> None:
        self._people, self._known, self._clock = people, known, clock
        self._approvals = Approvals(people)

    def load(self, connection: Connection, touched: Mapping[str, Service]) -> None:
        """Learn what was asked about the ``touched`` cases."""
        asking = [id_ for id_, service in touched.items() if service.consents]
        if asking:
            self._approvals = Approvals.load(connection, self._people, asking)

    def ask(self, case: Row, service: Service, events: Sequence[str], facts: Mapping[str, Facts]) -> None:
        """Ask what the ``events`` of a case call for."""
        for consent in service.consents:
            if consent.on in events and (consent.when is None or consent.when(dict(facts))):
                self._approvals.ask(self._request(case, consent), self._clock())

    def happened(self, case: Row, event: str) -> bool:
        """Whether ``release.approved`` is so for the present revision of ``case``."""
        name, _, state = event.partition(".")
        approval = self._about(case, name)
        return approval is not None and approval.state == state

    def may_happen(self, case: Row, service: Service, event: str) -> bool:
        """Whether it still may: the question is open, or not asked yet."""
        name, _, _ = event.partition(".")
        if all(consent.name != name for consent in service.consents):
            return False
        approval = self._about(case, name)
        return approval is None or approval.state is ApprovalState.ASKED

    def refusals(self, case: Row, service: Service) -> Iterator[Objection]:
        """What people have refused in the present revision, or let expire."""
        for consent in service.consents:
            approval = self._about(case, consent.name)
            if approval is not None and approval.state in (ApprovalState.REJECTED, ApprovalState.EXPIRED):
                finding = Finding("walk.not-approved", params=(("what", f"{consent.title.zh} / {consent.title.en}"),))
                yield Objection(OBJECTION, finding.text(Language.ZH), finding.text(Language.EN))

    def save(self, connection: Connection) -> list[Entry]:
        """Write what has changed; returns the ledger's entries."""
        entries = self._approvals.entries()
        if entries:
            self._approvals.save(connection)
        return entries

    def _about(self, case: Row, name: str) -> Approval | None:
        kind = _kind(name, case)
        return next((one for one in self._approvals.about(case["id"]) if one.kind == kind), None)

    def _request(self, case: Row, consent: Consent) -> Request:
        due = self._clock() + consent.within
        kind = _kind(consent.name, case)
        told = dict(self._told(case["id"]))
        return Request(case["id"], kind, consent.title, consent.persons, due, case["partner"], consent.role, told)

    def _told(self, case: str) -> list[tuple[str, list[str]]]:
        """What whoever decides should know: the single values of the case's documents."""
        return [
            (f"{name}.{fact}", _shown(values))
            for name, leg in self._known.current(case).items()
            for fact, values in given(leg).items()
            if values and isinstance(values[0], str)
        ]


def _shown(values: list[str]) -> list[str]:
    more = len(values) - MAX_SHOWN
    return [*values[:MAX_SHOWN], f"… (+{more})"] if more > 0 else values


def _kind(name: str, case: Row) -> str:
    return f"{name}/{case['revision']}"


def event_of(approval: Approval) -> str:
    """What the end of an approval is called: ``release.approved``."""
    return f"{approval.kind.partition('/')[0]}.{approval.state}"
