"""What moves a lane: a technical receipt, an agency's answer, a deadline, a message that cannot be written. Each moves
the lane by its transition table and touches its case, which ``hub.engine.cases`` then settles."""

from collections.abc import Mapping, Sequence

from hub.clock import Clock
from hub.engine.compact import compact
from hub.engine.rows import Known, Row, Rows, lane_key
from hub.engine.values import ITEM, Acknowledged, AnswerClaim, AnswerItem
from hub.engine.world import World
from hub.ledger.entries import Entry, Fact
from hub.model.case import LANE_TRANSITIONS, LaneState
from hub.model.finding import Finding, Language, Place
from hub.model.ids import new_id
from hub.services.service import INSPECTION, LanePlan
from hub.services.vocabulary import joined
from hub.store.cases import LANE_CHANGES

UNWRITABLE = "HUB1"
"""The hub's own reason code: the submission holds something that the agency's format cannot say."""

_SAYABLE = (LaneState.RECEIVED, LaneState.ACCEPTED, LaneState.INSPECTION, LaneState.REFUSED)
"""What an agency may answer; the other states are the hub's own words."""

_MOST_CODE = 17  # characters, as in ``internal:case-status`` and CUSRES

MAX_TOLD = 20
"""Keys that name no case, of one message, which a person is told."""

WAITING = (LaneState.SENT, LaneState.RECEIVED)
"""An agency that has not decided."""

FINAL = (LaneState.ACCEPTED, LaneState.REFUSED, LaneState.TOLD)
"""An agency that has."""


class Lanes:
    """Moves lanes within one batch."""

    def __init__(self, world: World, known: Known, rows: Rows, clock: Clock) -> None:
        self._world = world
        self._known = known
        self._rows = rows
        self._clock = clock

    def technical(self, transmission: Row, receipt: Acknowledged) -> str | None:
        """A partner's system says whether it could read what we sent. Returns the case, if it is about a lane's."""
        lane, stale = self._lane(transmission["partner"], receipt.control)
        status = "received" if receipt.accepted else "refused"
        if lane is None:
            if not receipt.accepted:
                self.work(transmission["id"], "receipt", f"{transmission['partner']} cannot read {receipt.control}")
            return None
        codes = _listed(receipt.codes)
        self._receipt(lane, transmission["id"], "technical", status, codes)
        if stale:
            self._overtaken(lane, status, transmission["id"])
        elif receipt.accepted:
            self._move(lane, LaneState.RECEIVED, lane["code"] or "", None, transmission["id"])
        else:
            self._move(
                lane, LaneState.REFUSED, codes, AnswerClaim("", "", "", status, codes, receipt.text), transmission["id"]
            )
        return str(lane["case"])

    def business(self, transmission: Row, claims: Sequence[AnswerClaim]) -> str | Finding:
        """An agency's answer, or the finding that says why it belongs to none."""
        outcome: str | Finding | None = None
        lost = dict.fromkeys(claim.key for claim in claims)
        for claim in claims:
            lane, stale = self._named(transmission["partner"], claim)
            if lane is not None:
                lost.pop(claim.key, None)
                answered = self._answer(transmission, lane, claim, stale)
                outcome = answered if outcome is None or isinstance(answered, Finding) else outcome
        if lost:
            keys = ", ".join([key or "–" for key in lost][:MAX_TOLD]) + (" …" if len(lost) > MAX_TOLD else "")
            what = f"an answer of {transmission['partner']} to {keys} belongs to no lane"
            self.work(transmission["id"], "answer", what)
        if outcome is not None:
            return outcome
        return Finding("walk.answer-unmatched", Place(offset=0), params=(("keys", next(iter(lost)) or "–"),))

    def _named(self, agency: str, claim: AnswerClaim) -> tuple[Row | None, bool]:
        """The lane that an answer is about: by the hub's own number, or by the facts that the service agreed on."""
        for key in (claim.key, lane_key(claim.service, claim.lane, claim.key)):
            lane, stale = self._lane(agency, key)
            if lane is not None and lane["name"] == claim.lane and self._service(lane) == claim.service:
                return lane, stale
        return None, False

    def _answer(self, transmission: Row, lane: Row, claim: AnswerClaim, stale: bool) -> str | Finding:
        if claim.status not in _SAYABLE:
            why = claim.text or f"status {claim.status!r}"
            self.work(transmission["id"], "answer", f"{lane['agency']} answered what nobody understands: {why}")
            return Finding("walk.answer-unclear", Place(offset=0), params=(("key", claim.key), ("reason", why)))
        stage = "technical" if claim.status == LaneState.RECEIVED else "business"
        self._receipt(lane, transmission["id"], stage, claim.status, claim.code)
        if stale:
            self._overtaken(lane, claim.status, transmission["id"])
        else:
            self._move(lane, LaneState(claim.status), claim.code, claim, transmission["id"])
            self._give(lane, dict(claim.facts))
        return str(lane["case"])

    def _give(self, lane: Row, told: Mapping[str, str]) -> None:
        """Let later legs find the case by what the agency has told: the number that it gave."""
        service = self._world.services.by_id.get(self._service(lane))
        plan = next((one for one in service.lanes if one.name == lane["name"]), None) if service else None
        leg = self._known.current(lane["case"]).get(plan.leg) if plan else None
        if service is None or plan is None or leg is None:
            return
        for name, facts in plan.gives.items():
            values = [told.get(fact, "") for fact in facts]
            if all(values):
                key = f"{service.id}/{name}/{joined(values)}"
                self._rows.leg_keys.append({"key": key, "leg": leg["id"]})
                self._known.keyed.setdefault(key, []).append(leg)

    def overdue(self, lane_id: str) -> None:
        """The lane's deadline has passed without an answer: a person must look, and the trader is told. Of an
        inspection that has not ended the trader has heard already."""
        lane = self._known.lanes[lane_id]
        if LaneState(lane["state"]) in WAITING:
            self.work(lane_id, "deadline", f"{lane['agency']} has not answered case {lane['case']} in time")
            self._move(lane, LaneState.OVERDUE, "", AnswerClaim("", "", "", "overdue"), "")
        elif lane["state"] == LaneState.INSPECTION:
            why = f"{lane['agency']} ordered an inspection for case {lane['case']}, and has not said how it ended"
            self.work(lane_id, "inspection", why)
            lane["due_at"] = None
            self.record(lane)

    def unwritable(self, lane_id: str, findings: tuple[Finding, ...]) -> None:
        """The submission cannot be written in the agency's format: its lane is refused, with what is wrong."""
        lane = self._known.lanes[lane_id]
        items = tuple(
            AnswerItem("", "", "refused", UNWRITABLE, _both(finding), finding.place.path or "") for finding in findings
        )
        claim = AnswerClaim("", "", "", "refused", UNWRITABLE, items=items)
        self._move(lane, LaneState.REFUSED, claim.code, claim, "")

    def _service(self, lane: Row) -> str:
        return str(self._known.cases[lane["case"]]["service"])

    def _lane(self, agency: str, key: str) -> tuple[Row | None, bool]:
        """The lane that ``key`` names, and whether it was sent a later revision since."""
        lane, revision = self._known.correlations.get((agency, key), ("", 0))
        row = self._known.lanes.get(lane)
        return row, row is not None and revision < row["revision"]

    def _overtaken(self, lane: Row, status: str, transmission: str) -> None:
        """An answer to what has been amended since is on record, and changes nothing."""
        facts: dict[str, Fact] = {"lane": lane["name"], "agency": lane["agency"], "state": status}
        self._rows.entries.append(Entry("answer.overtaken", self._clock(), lane["case"], transmission, facts))

    def _move(self, lane: Row, target: LaneState, code: str, claim: AnswerClaim | None, transmission: str) -> None:
        now = self._clock()
        present = LaneState(lane["state"])
        if target not in LANE_TRANSITIONS[present] and not self._revoked(lane, present, target):
            if target is not LaneState.RECEIVED and (target, code) != (present, lane["code"]):
                self.work(lane["id"], "contradiction", f"{lane['agency']} said {present}, and now {target} {code}")
            return
        answer = compact(_answer(claim)) if claim else lane.get("answer")
        answered_at = lane.get("answered_at") if target is LaneState.RECEIVED else now
        if present is LaneState.OVERDUE:
            self.done(lane["id"], "deadline", lane["agency"])
        elif present is LaneState.INSPECTION and lane["due_at"] is None:
            self.done(lane["id"], "inspection", lane["agency"])
        lane |= {"state": target, "code": code, "answer": answer, "answered_at": answered_at}
        lane["due_at"] = self._due(lane, now)
        self.record(lane)
        facts: dict[str, Fact] = {
            "lane": lane["name"],
            "agency": lane["agency"],
            "state": target.value,
        }
        facts |= {"code": code} if code and self._disclosed(lane, code) else {}
        self._rows.entries.append(Entry("lane.moved", now, lane["case"], transmission or None, facts))
        self._known.touch(
            lane["case"], transmission, f"{lane['name']}.{target}", heard=target is not LaneState.RECEIVED
        )

    def _due(self, lane: Row, now: int) -> int | None:
        """By when somebody must look at ``lane`` as it stands now; None when nobody is waited for."""
        if lane["state"] == LaneState.RECEIVED:
            due: int | None = lane["due_at"]
            return due
        if lane["state"] != LaneState.INSPECTION:
            return None
        plan = self._plan(lane)
        return now + (plan.inspection if plan else INSPECTION)

    def _plan(self, lane: Row) -> LanePlan | None:
        """What the configuration says of ``lane``; None when it does not know it any more."""
        service = self._world.services.by_id.get(self._service(lane))
        return next((plan for plan in service.lanes if plan.name == lane["name"]), None) if service else None

    def _revoked(self, lane: Row, present: LaneState, target: LaneState) -> bool:
        """Whether an agency takes back what it accepted, and may."""
        plan = self._plan(lane)
        return (present, target) == (LaneState.ACCEPTED, LaneState.REFUSED) and plan is not None and plan.revocable

    def _disclosed(self, lane: Row, code: str) -> bool:
        """Whether the ledger, which proves things to strangers, may name a reason."""
        plan = self._plan(lane)
        return plan is None or plan.answer.disclosed(code)

    def record(self, lane: Row) -> None:
        """Write a lane as it stands now."""
        self._rows.moved_lanes.append({"row": lane["id"], **{f"new_{name}": lane[name] for name in LANE_CHANGES}})

    def _receipt(self, lane: Row, transmission: str, stage: str, status: str, code: str) -> None:
        now = self._clock()
        self._rows.receipts.append(
            {
                "id": new_id("RC", now),
                "lane": lane["id"],
                "transmission": transmission,
                "stage": stage,
                "status": status,
                "code": code,
                "at": now,
            }
        )

    def work(self, subject: str, kind: str, reason: str) -> None:
        """Put ``subject`` on the work list of the person on duty."""
        now = self._clock()
        owner = self._world.settings.hub.duty_officer
        item: Row = {"id": new_id("WK", now), "subject": subject, "kind": kind, "owner": owner, "reason": reason}
        self._rows.work.append(item | {"opened_at": now})
        self._rows.entries.append(Entry("work.opened", now, None, None, {"subject": subject, "kind": kind}))

    def done(self, subject: str, kind: str, by: str) -> None:
        """What ``subject`` was on the work list for has settled itself."""
        now = self._clock()
        self._rows.work_done.append({"subject": subject, "kind": kind, "by": by, "at": now})
        self._rows.entries.append(Entry("work.closed", now, None, None, {"subject": subject, "kind": kind}))


def _listed(codes: Sequence[str]) -> str:
    """Each of ``codes`` once, as many as the code of an answer has room for."""
    listed = ""
    for code in dict.fromkeys(codes):
        longer = f"{listed},{code}" if listed else code
        if len(longer) > _MOST_CODE:
            break
        listed = longer
    return listed


def _both(finding: Finding) -> str:
    return f"{finding.text(Language.ZH)} / {finding.text(Language.EN)}"


def _answer(claim: AnswerClaim) -> Row:
    items = [{name: getattr(item, name) for name in ITEM} for item in claim.items]
    said: Row = {"code": claim.code, "text": claim.text, "items": items}
    return said | ({"facts": dict(claim.facts)} if claim.facts else {})
