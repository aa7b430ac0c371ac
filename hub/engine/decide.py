"""DECIDE: who sent it, is it a double, which case, which lanes open, what an answer changes. One short transaction
decides a whole batch; state, ledger entries and planned deliveries (the outbox) are committed together."""

from collections.abc import Mapping, Sequence
from itertools import takewhile

from hub.clock import Clock
from hub.engine.arrivals import Arrivals, Source
from hub.engine.cases import Cases
from hub.engine.compact import compact
from hub.engine.lanes import Lanes
from hub.engine.numbering import Numbering
from hub.engine.plans import Planner
from hub.engine.rows import Known, Row, Rows, crosses, interchange_reference, knowledge
from hub.engine.values import LegClaim, Read, ReadInterchange, ReadMessage
from hub.engine.world import World
from hub.ledger.entries import Entry
from hub.ledger.journal import Ledger
from hub.model.case import TransmissionState
from hub.model.finding import Finding, Place, Severity, worst
from hub.model.ids import new_id
from hub.model.message import Syntax
from hub.model.partner import EdifactId, Partner, X12Id
from hub.services.service import Leg, Service
from hub.store import deliveries
from hub.store.database import Connection

MAX_CODES = 20  # finding codes that a ledger entry names
_FOREIGN = ("walk.sender-unknown", "walk.sender-foreign", "walk.recipient-foreign")
_HEADERS = {Syntax.EDIFACT: "UNB", Syntax.X12: "ISA"}  # what names sender and recipient


def decide(
    connection: Connection, reads: Sequence[Read], world: World, ledger: Ledger, clock: Clock
) -> list[list[Row]]:
    """Decide ``reads`` and record it; returns, for each, the deliveries that are now planned. Where one crosses what is
    decided with it, it and those behind it are decided one by one: a batch ends as its messages would by themselves."""
    planned = _decide(connection, reads, world, ledger, clock)
    for read in reads[len(planned) :]:
        planned += _decide(connection, [read], world, ledger, clock)
    return planned


def _decide(
    connection: Connection, reads: Sequence[Read], world: World, ledger: Ledger, clock: Clock
) -> list[list[Row]]:
    """The same for as many of ``reads`` as go together."""
    known = knowledge(connection, list(reads), world)
    rows = Rows()
    known.numbers = deliveries.numbers(connection)
    decider = Decider(world, known, rows, clock)
    together = []
    for read in takewhile(lambda one: not crosses(known, world, one), reads):
        decider.transmission(read)
        together.append(read)
    decider.conclude(connection)
    rows.save(connection, ledger, known.drawn)
    return _shared_out(rows, together)


def _shared_out(rows: Rows, reads: Sequence[Read]) -> list[list[Row]]:
    """What is planned, by the read that it carries on; what carries on an earlier one goes with the first."""
    own = [rows.planned.pop(read.transmission, []) for read in reads]
    if own:
        own[0] = [*own[0], *(row for planned in rows.planned.values() for row in planned)]
    return own


class Decider:
    """Decides transmissions one by one against what the batch knows; writes nothing itself but ``rows``."""

    def __init__(self, world: World, known: Known, rows: Rows, clock: Clock) -> None:
        self._world = world
        self._known = known
        self._rows = rows
        self._clock = clock
        self._planner = Planner(world, known, rows, clock)
        self._lanes = Lanes(world, known, rows, clock)
        self._arrivals = Arrivals(world, known, rows, clock, self._planner)
        self._numbering = Numbering(world, known, rows, self._planner, self._lanes)
        self._cases = Cases(world, known, rows, clock, self._planner, self._lanes)
        self._verdicts: list[tuple[Sequence[Finding], Mapping[int, Sequence[Finding]]]] = []

    def conclude(self, connection: Connection) -> None:
        """Bring the cases that the batch has touched as far as they can go."""
        self._cases.settle(connection)
        self._numbering.conclude()

    def transmission(self, read: Read) -> None:
        """Decide one transmission, unless that was done before the hub was last stopped."""
        row = self._known.transmissions[read.transmission]
        if row["state"] != TransmissionState.RECEIVED:
            return
        first = self._known.accepted.get((row["partner"], row["sha256"]))
        if first:
            self._double(read, row, first)
            return
        own: list[Finding] = list(read.findings)
        self._verdicts = []
        accepted = refused = 0
        for index in range(len(read.interchanges)):
            findings, good, bad = self._interchange(read, row, index)
            own += findings
            accepted += good
            refused += bad
        state = _state(accepted, refused + (worst(read.findings) is Severity.ERROR))
        if state is not TransmissionState.REFUSED:
            self._known.accepted[(row["partner"], row["sha256"])] = read.transmission
        self._settle(read, row, state, tuple(own))
        self._acknowledge(row, read)

    def _double(self, read: Read, row: Row, first: str) -> None:
        """The very same bytes were accepted before: no effect, and the sender is told when that was."""
        finding = Finding("walk.duplicate", Place(offset=0), params=(("first", first),))
        self._verdicts = [((finding,), {})] * len(read.interchanges)
        self._settle(read, row, TransmissionState.DUPLICATE, (finding,), first)
        self._acknowledge(row, read)

    def _acknowledge(self, row: Row, read: Read) -> None:
        """Answer each interchange with what DECIDE found about it and about its messages: for a partner that hears
        business errors by APERAK the CONTRL says nothing of them."""
        partner = self._world.partners[row["partner"]]
        by_aperak = bool(read.syntax is Syntax.EDIFACT and partner.edifact and partner.edifact.style.errors)
        for index, (interchange, (own, about)) in enumerate(zip(read.interchanges, self._verdicts, strict=True)):
            self._planner.acknowledgement(row, index, interchange, own, {} if by_aperak else about)
            for ordinal, found in about.items():
                if by_aperak and worst(tuple(found)) is Severity.ERROR:
                    self._planner.objection(row, interchange, interchange.messages[ordinal], found)

    def _interchange(self, read: Read, row: Row, index: int) -> tuple[list[Finding], int, int]:
        """Decide one interchange: DECIDE's own findings, and how many messages were accepted and refused."""
        interchange = read.interchanges[index]
        partner = self._world.partners[row["partner"]]
        own = self._about_envelope(read, partner, index)
        if not own or own[0].code not in _FOREIGN:
            own += self._numbering.came(row, read, index, self._clock())
        condemned = worst((*own, *interchange.findings)) is Severity.ERROR
        accepted = 0
        about: dict[int, tuple[Finding, ...]] = {}
        for ordinal, message in enumerate(interchange.messages):
            where = (index, ordinal)
            findings = () if condemned else self._message(read, row, where, message)
            good = message.valid and not condemned and worst(findings) is not Severity.ERROR
            if not good:
                self._record_message(read, row, where, message, findings)
            accepted += good
            if findings:
                about[ordinal] = findings
        if accepted and (reference := interchange_reference(read, index)):
            self._known.interchanges[(partner.id, reference)] = read.transmission
            self._rows.interchanges.append(
                {"partner": partner.id, "reference": reference, "transmission": read.transmission}
            )
        self._verdicts.append((own, about))
        refused = len(interchange.messages) - accepted or int(condemned)
        return [*own, *(finding for found in about.values() for finding in found)], accepted, refused

    def _about_envelope(self, read: Read, partner: Partner, index: int) -> list[Finding]:
        """Is the interchange from whom it says, to us, and new? (EDIFACT and X12: else the channel says who.)"""
        if read.syntax not in _HEADERS:
            return []
        envelope = read.interchanges[index]
        place = Place(segment=0, tag=_HEADERS[read.syntax], offset=0)
        found = []
        owner, hub = self._named(read.syntax, envelope)
        sender = f"{envelope.sender}:{envelope.sender_qualifier}".rstrip(":")
        if owner is None:
            found.append(Finding("walk.sender-unknown", place, params=(("sender", sender),)))
        elif owner != partner.id:
            found.append(Finding("walk.sender-foreign", place, params=(("sender", sender),)))
        if envelope.recipient != hub:
            found.append(Finding("walk.recipient-foreign", place, params=(("recipient", envelope.recipient),)))
        first = self._known.interchanges.get((partner.id, interchange_reference(read, index)))
        if first:
            params = (("reference", envelope.control_ref), ("first", first))
            found.append(Finding("walk.interchange-duplicate", place, params=params))
        return found

    def _named(self, syntax: Syntax, envelope: ReadInterchange) -> tuple[str | None, str]:
        """The partner that an envelope's sender is (None: nobody's), and the hub's own identification."""
        name, hub = (envelope.sender, envelope.sender_qualifier), self._world.settings.hub
        if syntax is Syntax.X12:
            return self._world.by_identity.get(X12Id(*name)), hub.x12.id
        return self._world.by_identity.get(EdifactId(*name)), hub.edifact.id

    def _message(self, read: Read, row: Row, where: tuple[int, int], message: ReadMessage) -> tuple[Finding, ...]:
        """Give an acceptable message its effect; returns DECIDE's findings about it."""
        if not message.valid:
            return ()
        if message.beyond:
            return (message.beyond,)
        if message.acknowledged:
            return self._answered(read, row, where, message, self._lanes.technical(row, message.acknowledged))
        if message.answers:
            return self._answered(read, row, where, message, self._lanes.business(row, message.answers))
        return self._leg(read, row, where, message)

    def _answered(
        self, read: Read, row: Row, where: tuple[int, int], message: ReadMessage, outcome: str | Finding | None
    ) -> tuple[Finding, ...]:
        """Record an answer's message: ``outcome`` is the case that it belongs to (if any), or why it is refused."""
        if isinstance(outcome, Finding):
            return (outcome,)
        self._record_message(read, row, where, message, None, outcome)
        return ()

    def _leg(self, read: Read, row: Row, where: tuple[int, int], message: ReadMessage) -> tuple[Finding, ...]:
        partner = self._world.partners[row["partner"]]
        source = Source(read, row, where, message)
        if not message.legs:
            return (Finding("walk.no-service", source.beginning, params=(("type", message.type),)),)
        for claim in message.legs:
            service = self._world.services.by_id[claim.service]
            leg = service.leg(claim.leg)
            if leg.roles & partner.roles:
                mine = [one for one in message.legs if (one.service, one.leg) == (service.id, leg.name)]
                return self._arrived(source, service, leg, mine)
        params = (("type", message.type), ("roles", ", ".join(sorted(partner.roles))))
        return (Finding("walk.role-not-allowed", source.beginning, params=params),)

    def _arrived(self, source: Source, service: Service, leg: Leg, claims: list[LegClaim]) -> tuple[Finding, ...]:
        """Take in the legs of a message, and record it; refused, it is recorded by whoever asked."""
        record = self._message_row(source.read, source.row, source.where, source.message, None)
        outcome = self._arrivals.take(source, service, leg, claims, record["id"])
        if isinstance(outcome, Finding):
            return (outcome,)
        self._rows.messages.append(record | {"case": outcome})
        return ()

    def _record_message(
        self,
        read: Read,
        row: Row,
        where: tuple[int, int],
        message: ReadMessage,
        refusal: tuple[Finding, ...] | None,
        case: str | None = None,
    ) -> None:
        """Record a message: refused with DECIDE's own findings ``refusal``, accepted when that is None."""
        self._rows.messages.append(self._message_row(read, row, where, message, refusal) | {"case": case})

    def _message_row(
        self,
        read: Read,
        row: Row,
        where: tuple[int, int],
        message: ReadMessage,
        refusal: tuple[Finding, ...] | None,
    ) -> Row:
        every = (*message.findings, *(refusal or ()))
        return {
            "id": new_id("MS", self._clock()),
            "transmission": row["id"],
            "ordinal": Source(read, row, where, message).ordinal,
            "interchange": read.interchanges[where[0]].control_ref,
            "type": message.type,
            "ref": message.ref,
            "state": "accepted" if refusal is None else "refused",
            "case": None,
            "findings": compact([finding.as_json() for finding in every]) if every else None,
        }

    def _settle(
        self, read: Read, row: Row, state: TransmissionState, own: tuple[Finding, ...], first: str | None = None
    ) -> None:
        """Record the verdict; whoever did not get all accepted is sent the findings."""
        every = (*own, *_findings_inside(read)) if first is None else own
        about = [finding.as_json() for finding in (*own, *_envelope_findings(read))]
        self._rows.settled.append(
            {
                "row": row["id"],
                "new_state": state,
                "new_syntax": read.syntax,
                "new_findings": compact(about) if about else None,
                "new_duplicate_of": first,
            }
        )
        self._known.transmissions[row["id"]] = row | {"state": state}
        facts: dict[str, str | int | list[str]] = {
            "state": state.value,
            "messages": sum(len(interchange.messages) for interchange in read.interchanges),
            "codes": sorted({finding.code for finding in every})[:MAX_CODES],
        }
        if first:
            facts["first"] = first
        self._rows.entries.append(Entry("decided", self._clock(), None, row["id"], facts))
        if state is not TransmissionState.ACCEPTED:
            self._planner.report(row, every)


def _state(accepted: int, refused: int) -> TransmissionState:
    if not accepted:
        return TransmissionState.REFUSED
    return TransmissionState.PARTLY if refused else TransmissionState.ACCEPTED


def _envelope_findings(read: Read) -> tuple[Finding, ...]:
    """The findings about envelopes and groups."""
    return tuple(
        finding for interchange in read.interchanges for finding in (*interchange.findings, *interchange.about_groups)
    )


def _findings_inside(read: Read) -> tuple[Finding, ...]:
    """The findings of envelopes, groups and messages."""
    inside = tuple(
        finding for interchange in read.interchanges for message in interchange.messages for finding in message.findings
    )
    return _envelope_findings(read) + inside
