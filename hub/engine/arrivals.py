"""Legs that arrive: each opens a case, joins one, waits for the one that will open it, or takes the place of an earlier
one. What then becomes of the case is decided by ``hub.engine.cases``, once the whole batch has arrived."""

from collections.abc import Sequence
from typing import NamedTuple

from hub.clock import Clock
from hub.engine.compact import compact
from hub.engine.plans import Planner
from hub.engine.rows import Known, Row, Rows, case_key, in_another_name, own_reference
from hub.engine.values import LegClaim, Read, ReadMessage
from hub.engine.world import World
from hub.ledger.entries import Entry
from hub.model.case import CaseState, LaneState, LegState
from hub.model.finding import Finding, Place
from hub.model.ids import new_id
from hub.model.message import Syntax
from hub.services.conduct import objection
from hub.services.service import Leg, Service

_UNSENT = (CaseState.WAITING, CaseState.REFUSED)
"""A case that no agency has anything of, or that one refused: whatever comes is a correction."""

_CLOSED = (LaneState.ACCEPTED, LaneState.REFUSED, LaneState.TOLD)


class Source(NamedTuple):
    """A message that DECIDE looks at: ``row`` is its transmission's, ``where`` (interchange, message) in ``read``."""

    read: Read
    row: Row
    where: tuple[int, int]
    message: ReadMessage

    @property
    def ordinal(self) -> int:
        """The message's 0-based number among all of its transmission."""
        index, own = self.where
        return sum(len(interchange.messages) for interchange in self.read.interchanges[:index]) + own

    @property
    def beginning(self) -> Place:
        """Where it begins: what DECIDE finds is about the whole of it."""
        start = self.message.start
        if self.read.syntax is Syntax.EDIFACT:
            return Place(segment=1, tag="UNH", offset=start)
        if self.read.syntax is Syntax.X12:
            return Place(segment=1, tag="ST", offset=start)
        return Place(line=1, offset=start)

    def facts(self, leg: Leg) -> str:
        """What the answer to its sender must repeat."""
        control = self.read.interchanges[self.where[0]].control_ref
        told = {"type": self.message.type, "control": control, "message": self.message.ref, "name": self.row["name"]}
        return compact(told | {"leg": leg.name})


class Arrivals:
    """Takes in the legs of one batch."""

    def __init__(self, world: World, known: Known, rows: Rows, clock: Clock, planner: Planner) -> None:
        self._world, self._known, self._rows, self._clock, self._planner = world, known, rows, clock, planner
        self._fresh: set[str] = set()

    def take(
        self, source: Source, service: Service, leg: Leg, claims: Sequence[LegClaim], message: str
    ) -> Finding | str | None:
        """Take in the items of one message, recorded under the id ``message``. Returns the case of the first, or, when
        it has one item, the finding that refuses it. Of several, those that are refused are answered one by one."""
        first: str | None = None
        for claim in claims:
            outcome = self._one(source, service, leg, claim, message)
            if not isinstance(outcome, Finding):
                first = first or outcome
                continue
            alone = len(claims) == 1
            if not alone or outcome.code in leg.refuse:
                self._refuse(source, service, leg, claim, message, outcome, kept=not alone)
            if alone:
                return outcome
        return first

    def _one(self, source: Source, service: Service, leg: Leg, claim: LegClaim, message: str) -> Finding | str | None:
        """Take in one leg: the case that it belongs to now (None: it waits), or why it is refused."""
        wrong = self._foreign(source, service, leg, claim) or self._unreachable(source, service, leg, claim)
        if wrong is not None:
            return wrong
        if leg.name == service.match.anchor:
            return self._anchor(source, service, leg, claim, message)
        return self._other(source, service, leg, claim, message)

    def _foreign(self, source: Source, service: Service, leg: Leg, claim: LegClaim) -> Finding | None:
        """Whoever sends a leg in the name of somebody else is refused, unless he has his mandate."""
        named = in_another_name(self._world, source.row["partner"], leg, claim)
        if named is None or leg.sender is None:
            return None
        fact, code = leg.sender
        principal = self._world.by_code.get((code, named), "")
        if principal and self._known.filings.mandated(source.row["partner"], principal, service.id, self._clock()):
            return None
        params = (("fact", fact), ("value", named), ("code", code))
        return Finding("walk.sender-not-named", source.beginning, params=params)

    def _unreachable(self, source: Source, service: Service, leg: Leg, claim: LegClaim) -> Finding | None:
        """Whom the message names as its receiver must be a partner of ours."""
        for plan in service.lanes:
            if plan.address and plan.leg == leg.name:
                value = plan.address.value({leg.name: claim.facts})
                if (plan.address.code, value) not in self._world.by_code:
                    params = (("fact", plan.address.fact), ("value", value), ("code", plan.address.code))
                    return Finding("walk.receiver-unknown", source.beginning, params=params)
        return None

    # -- the leg that opens a case ------------------------------------------------------------------------------------

    def _anchor(self, source: Source, service: Service, leg: Leg, claim: LegClaim, message: str) -> Finding | str:
        reference = self._reference(source, claim)
        key = case_key(source.row["partner"], reference)
        earlier = self._known.keys.get((service.id, key))
        if earlier:
            return self._again(source, service, leg, claim, message, earlier)
        now = self._clock()
        case: Row = {
            "id": new_id("CS", now),
            "service": service.id,
            "key": key,
            "partner": source.row["partner"],
            "reference": reference,
            "state": CaseState.WAITING,
            "opened_at": now,
            "closed_at": None,
            "due_at": None,
            "revision": 1,
            "passed": 0,
            "cancelling": 0,
            "facts": source.facts(leg),
            "remarks": None,
            "message": message,
        }
        self._known.keys[(service.id, key)] = case["id"]
        self._known.cases[case["id"]] = case
        self._rows.cases.append(case)
        self._join(self._leg(source, service, leg, claim, message), case, 1)
        for waiting in self._waiting(claim):
            self._join(waiting, case, 1)
        self._known.touch(case["id"], source.row["id"])
        return str(case["id"])

    def _again(
        self, source: Source, service: Service, leg: Leg, claim: LegClaim, message: str, earlier: str
    ) -> Finding | str:
        """A second submission under the same number: an amendment, a correction, a cancellation; or just a double."""
        case = self._known.cases.get(earlier)
        way = leg.amendment
        taken_back = way is not None and way.cancels_by(claim.facts)
        if case is None or way is None or not self._open_to(case, way.replaces_by(claim.facts), taken_back):
            params = (("reference", self._reference(source, claim)), ("case", earlier))
            return Finding("walk.case-exists", source.beginning, params=params)
        self._revise(case, source, leg)
        case["cancelling"] = int(taken_back)
        self._supersede(case, self._leg(source, service, leg, claim, message), case["revision"])
        return earlier

    def _open_to(self, case: Row, replaces: bool, cancels: bool) -> bool:
        """Whether a case takes a new version of one of its legs."""
        if case["state"] == CaseState.CANCELLED or case["cancelling"]:
            return False
        return replaces or cancels or self._correctable(case)

    def _correctable(self, case: Row) -> bool:
        """Whether nobody acts on it as it is; of a case that needs no other leg that shows when the batch ends."""
        alone = len(self._world.services.by_id[case["service"]].match.legs) == 1
        if alone and case["id"] not in self._known.before:
            return False
        lanes = self._known.lanes_of(case["id"])
        return case["state"] in _UNSENT and all(lane["state"] in _CLOSED for lane in lanes)

    def _revise(self, case: Row, source: Source, leg: Leg) -> None:
        """One revision more, in the words of the message that makes it."""
        case["revision"] += 1
        case["remarks"] = None
        if leg.name == self._world.services.by_id[case["service"]].match.anchor:
            case["facts"] = source.facts(leg)
        self._known.touch(case["id"], source.row["id"])

    # -- the others ---------------------------------------------------------------------------------------------------

    def _other(self, source: Source, service: Service, leg: Leg, claim: LegClaim, message: str) -> Finding | str | None:
        """A leg that finds its case by its keys, or waits for it."""
        found = self._case(service, claim)
        gathers = leg.name in service.match.legs
        if gathers and found and found["state"] == CaseState.CANCELLED:
            found = None  # that one takes nothing any more; the next may come
        if found is None:
            if gathers:
                self._wait(source, service, leg, claim, message)
                return None
            return Finding("walk.no-case", source.beginning, params=(("keys", ", ".join(claim.keys) or "–"),))
        if not gathers:
            return self._follow(source, service, leg, claim, message, found)
        earlier = self._known.current(found["id"]).get(leg.name)
        if earlier is None:
            self._join(self._leg(source, service, leg, claim, message), found, found["revision"])
            self._known.touch(found["id"], source.row["id"])
            return str(found["id"])
        return self._instead(source, service, leg, claim, message, earlier)

    def _instead(
        self, source: Source, service: Service, leg: Leg, claim: LegClaim, message: str, earlier: Row
    ) -> Finding | str:
        """A new version of a leg that the case has."""
        case = self._known.cases[earlier["case"]]
        replaces = leg.amendment is not None and leg.amendment.replaces_by(claim.facts)
        if earlier["partner"] != source.row["partner"] or not self._open_to(case, replaces, False):
            params = (("leg", leg.name), ("case", case["id"]))
            return Finding("walk.leg-exists", source.beginning, params=params)
        self._revise(case, source, leg)
        self._supersede(case, self._leg(source, service, leg, claim, message), case["revision"])
        return str(case["id"])

    def _follow(
        self, source: Source, service: Service, leg: Leg, claim: LegClaim, message: str, case: Row
    ) -> Finding | str:
        """A leg that comes when the case is under way: a cancellation, a return. One at a time."""
        earlier = self._known.current(case["id"]).get(leg.name)
        busy = earlier and (earlier["id"] in self._fresh or self._under_way(service, earlier))
        if busy or case["state"] == CaseState.CANCELLED:
            params = (("leg", leg.name), ("case", case["id"]))
            return Finding("walk.leg-exists", source.beginning, params=params)
        if missing := self._not_yet(leg, case):
            early = (("leg", leg.name), ("case", str(case["id"])), ("events", ", ".join(missing)))
            return Finding("walk.leg-too-early", source.beginning, params=early)
        times = (earlier["revision"] if earlier else 0) + 1
        self._supersede(case, self._leg(source, service, leg, claim, message), times)
        self._known.touch(case["id"], source.row["id"], f"{leg.name}.joined")
        return str(case["id"])

    def _under_way(self, service: Service, leg: Row) -> bool:
        """Whether ``leg``, which came later than its case, waits to be sent, or for what an agency decides."""
        names = {plan.name for plan in service.lanes if plan.leg == leg["name"]}
        lanes = [lane for lane in self._known.lanes_of(leg["case"]) if lane["name"] in names]
        sent = [lane for lane in lanes if lane["revision"] >= leg["revision"]]
        return bool(names) and not (sent and all(lane["state"] in _CLOSED for lane in sent))

    def _not_yet(self, leg: Leg, case: Row) -> list[str]:
        """What has to happen to the lanes of ``case`` before ``leg`` may come, and has not."""
        happened = {f"{lane['name']}.{lane['state']}" for lane in self._known.lanes_of(case["id"])}
        happened |= {f"{lane['name']}.opened" for lane in self._known.lanes_of(case["id"])}
        return [event for event in leg.after if event not in happened]

    def _wait(self, source: Source, service: Service, leg: Leg, claim: LegClaim, message: str) -> None:
        """No case yet: the leg waits, in the place of an earlier version of itself; unless its own checks refuse it."""
        earlier = [row for row in self._waiting(claim) if row["name"] == leg.name]
        new = self._leg(source, service, leg, claim, message)
        if claim.objections:
            new["state"] = LegState.REFUSED
            self._planner.lone_reply(service, new, source.facts(leg), claim.objections)
            return
        for row in earlier:
            if (row["partner"], row["reference"]) == (new["partner"], new["reference"]):
                self._move(row, LegState.REPLACED)

    def _case(self, service: Service, claim: LegClaim) -> Row | None:
        """The case whose anchor has a key of ``claim``: the newest, if there are several."""
        anchors = [
            row["case"]
            for key in claim.keys
            for row in self._known.keyed.get(key, ())
            if row["name"] == service.match.anchor and row["state"] == LegState.JOINED and row["case"]
        ]
        return self._known.cases.get(max(anchors)) if anchors else None

    def _waiting(self, claim: LegClaim) -> list[Row]:
        """The legs that wait under a key of ``claim``: of each name the one that came first, and its later versions."""
        found = {
            row["id"]: row
            for key in claim.keys
            for row in self._known.keyed.get(key, ())
            if row["state"] == LegState.WAITING
        }
        owners: dict[str, str] = {}
        for row in found.values():
            owners.setdefault(row["name"], row["partner"])
        latest = {row["name"]: row for row in found.values() if owners[row["name"]] == row["partner"]}
        return list(latest.values())

    # -- rows ---------------------------------------------------------------------------------------------------------

    def _reference(self, source: Source, claim: LegClaim) -> str:
        return own_reference(source.read, source.where[0], source.message, claim)

    def _leg(self, source: Source, service: Service, leg: Leg, claim: LegClaim, message: str) -> Row:
        row = self._row(source, service, leg, claim, message)
        self._rows.legs.append(row)
        self._fresh.add(row["id"])
        self._rows.leg_keys += [{"key": key, "leg": row["id"]} for key in claim.keys]
        for key in claim.keys:
            self._known.keyed.setdefault(key, []).append(row)
        return row

    def _row(self, source: Source, service: Service, leg: Leg, claim: LegClaim, message: str) -> Row:
        now = self._clock()
        return {
            "id": new_id("LG", now),
            "service": service.id,
            "name": leg.name,
            "case": None,
            "partner": source.row["partner"],
            "reference": self._reference(source, claim),
            "state": LegState.WAITING,
            "revision": 1,
            "message": message,
            "transmission": source.row["id"],
            "ordinal": source.ordinal,
            "item": claim.item,
            "type": source.message.type,
            "facts": compact(claim.facts),
            "document": claim.document or None,
            "remarks": compact(claim.objections) if claim.objections else None,
            "at": now,
            "given": claim.facts,
        }

    def _join(self, leg: Row, case: Row, revision: int) -> None:
        """Let ``leg`` belong to ``case``, from its ``revision`` on."""
        leg |= {"case": case["id"], "revision": revision}
        self._move(leg, LegState.JOINED)
        self._known.legs[case["id"]].append(leg)
        facts = {"leg": leg["name"], "reference": leg["reference"], "partner": leg["partner"]}
        if not self._world.services.by_id[leg["service"]].simple:
            self._rows.entries.append(Entry("leg.joined", self._clock(), case["id"], leg["transmission"], facts))

    def _supersede(self, case: Row, leg: Row, revision: int) -> None:
        """``leg`` takes the place of the one of its name."""
        earlier = self._known.current(case["id"]).get(leg["name"])
        if earlier is not None:
            self._move(earlier, LegState.REPLACED)
        self._join(leg, case, revision)

    def _move(self, leg: Row, state: LegState) -> None:
        if leg["id"] in self._fresh:
            leg["state"] = state  # it is not written yet
        else:
            self._rows.move_leg(leg, state)

    def _refuse(
        self,
        source: Source,
        service: Service,
        leg: Leg,
        claim: LegClaim,
        message: str,
        finding: Finding,
        *,
        kept: bool,
    ) -> None:
        """An item is refused: its sender hears why; ``kept``, one of several, it is on record."""
        make = self._leg if kept else self._row
        row = make(source, service, leg, claim, message)
        row["state"] = LegState.REFUSED
        told = objection(leg.refuse.get(finding.code, ""), finding, service.reasons, leg.name)
        self._planner.lone_reply(service, row, source.facts(leg), (told,))
