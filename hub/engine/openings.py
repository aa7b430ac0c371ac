"""Lanes that open: each when its legs are there, its condition holds, and all that it waits for has happened."""

import json

from hub.clock import Clock
from hub.engine.consents import Consents
from hub.engine.lanes import FINAL, Lanes
from hub.engine.plans import Planner
from hub.engine.rows import Known, Row, Rows, Touch, lane_key
from hub.model.case import LaneState
from hub.model.ids import new_id
from hub.services.service import LanePlan, Service
from hub.services.vocabulary import Facts


class Openings:
    """Opens the lanes of the cases of one batch."""

    def __init__(
        self, known: Known, rows: Rows, clock: Clock, planner: Planner, lanes: Lanes, consents: Consents
    ) -> None:
        self.known, self.consents = known, consents
        self._rows, self._clock, self._planner, self._lanes = rows, clock, planner, lanes

    def of(self, case: Row, service: Service) -> "Opening":
        """The lanes of one case."""
        return Opening(self, case, service)

    def send(self, case: Row, service: Service, plan: LanePlan, facts: Facts, touch: Touch) -> None:
        """Open a lane, or send it the present revision of its case."""
        lane = next((row for row in self.known.lanes_of(case["id"]) if row["name"] == plan.name), None)
        here = self.known.current(case["id"])
        agency = lane["agency"] if lane else self._planner.addressee(plan, facts)
        now = self._clock()
        state = LaneState.TOLD if plan.copy else LaneState.SENT
        changed = {
            "state": state,
            "code": "",
            "answer": None,
            "answered_at": None,
            "due_at": None if plan.copy else now + plan.within,
            "revision": service.revision(case["revision"], here[plan.leg]),
        }
        if lane is None:
            own = {"id": new_id("LN", now), "case": case["id"], "name": plan.name, "agency": agency}
            lane = own | {"opened_at": now} | changed
            self.known.add_lane(lane)
            self._rows.lanes.append(lane)
        else:
            lane |= changed
            self._lanes.record(lane)
        told = self._told(case)
        keys = [self._planner.lane(service, plan, part, lane, case, here[part.leg], told) for part in plan.parts]
        keys += [lane_key(service.id, plan.name, key) for make in plan.keys if (key := make(facts))]
        for key in keys:
            row = {"agency": agency, "key": key, "lane": lane["id"], "revision": lane["revision"]}
            self._rows.correlations.append(row)
            self.known.correlations[(agency, key)] = (lane["id"], lane["revision"])
        if plan.copy:
            touch.events.append(f"{plan.name}.{state}")
            touch.heard |= all(one.copy for one in service.lanes)  # else the sender hears of those that answer

    def _told(self, case: Row) -> dict[str, dict[str, str]]:
        """What the agencies have told of a case beside their verdicts, by lane."""
        answers = {row["name"]: json.loads(row["answer"]) for row in self.known.lanes_of(case["id"]) if row["answer"]}
        return {name: answer["facts"] for name, answer in answers.items() if answer.get("facts")}


class Opening:
    """The lanes of one case that may open now."""

    def __init__(self, openings: Openings, case: Row, service: Service) -> None:
        self._openings, self._case, self._service = openings, case, service
        known = openings.known
        self._here = known.current(case["id"])
        self._facts = known.facts(case["id"])
        self._lanes = {row["name"]: row for row in known.lanes_of(case["id"])}

    def open(self, touch: Touch) -> list[str]:
        """Open every lane that may be; a copy that is told may let another open. Returns their names."""
        opened: list[str] = []
        while ready := [plan for plan in self._service.lanes if plan.name not in opened and self._ready(plan)]:
            for plan in ready:
                self._openings.send(self._case, self._service, plan, self._facts, touch)
                opened.append(plan.name)
            self._lanes = {row["name"]: row for row in self._openings.known.lanes_of(self._case["id"])}
        return opened

    def pending(self) -> bool:
        """Whether one is not open that still can be, and whose agency answers; those of legs that came later do not
        count."""
        return any(
            self._service.gathers(plan.name) and not plan.copy and self._wanted(plan) and self._possible(plan)
            for plan in self._service.lanes
        )

    def in_vain(self, leg: str) -> bool:
        """Whether nobody can be sent a leg any more that came later, though somebody should."""
        own = [plan for plan in self._service.lanes if plan.leg == leg]
        return bool(own) and not any(self._wanted(plan) and self._possible(plan) for plan in own)

    def _ready(self, plan: LanePlan) -> bool:
        return self._wanted(plan) and all(self._happened(event) for event in plan.after)

    def _wanted(self, plan: LanePlan) -> bool:
        """Whether the case needs the lane, and does not have it in its present revision."""
        if any(part.leg not in self._here for part in plan.parts):
            return False
        lane = self._lanes.get(plan.name)
        if lane is None and self._case["cancelling"]:
            return False
        revision = self._service.revision(self._case["revision"], self._here[plan.leg])
        if lane is not None and lane["revision"] >= revision:
            return False
        return plan.when is None or plan.when(self._facts)

    def _happened(self, event: str) -> bool:
        name, _, state = event.partition(".")
        if name == "matched":
            return bool(self._case["passed"] == self._case["revision"])
        if name == "case":
            return bool(self._case["state"] == state)
        if self._service.asks(name):
            return self._openings.consents.happened(self._case, event)
        lane = self._lanes.get(name)
        if state == "opened":  # the agency has it, in whatever revision
            return lane is not None
        return lane is not None and lane["state"] == state and self._current(lane)

    def _current(self, lane: Row) -> bool:
        """Whether a lane stands in the present revision."""
        leg = self._here.get(self._service.lane(lane["name"]).leg)
        return leg is not None and bool(lane["revision"] >= self._service.revision(self._case["revision"], leg))

    def _possible(self, plan: LanePlan, depth: int = 0) -> bool:
        """Whether everything that ``plan`` waits for has happened or still may."""
        return all(self._happened(event) or self._may_happen(event, depth) for event in plan.after)

    def _may_happen(self, event: str, depth: int) -> bool:
        name, _, _ = event.partition(".")
        if name in ("matched", "case") or depth > len(self._service.lanes):
            return False
        if self._service.asks(name):
            return self._openings.consents.may_happen(self._case, self._service, event)
        lane = self._lanes.get(name)
        if lane is not None and self._current(lane):
            return lane["state"] not in FINAL
        plan = next((one for one in self._service.lanes if one.name == name), None)
        return plan is not None and self._wanted(plan) and self._possible(plan, depth + 1)
