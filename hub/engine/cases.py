"""Cases, once the batch has arrived: each that was touched goes as far as it can. Its legs match or are waited for, its
checks pass or refuse it, its balances move, its lanes open in their order, and its traders hear how it stands."""

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice

from hub.clock import Clock, iso
from hub.engine.compact import compact
from hub.engine.lanes import FINAL, WAITING, Lanes
from hub.engine.plans import Planner
from hub.engine.postings import Postings
from hub.engine.rows import Known, Row, Rows, Touch, given, lane_key
from hub.engine.world import World
from hub.ledger.entries import Entry, Fact
from hub.model.case import OBJECTION, CaseState, LaneState, LegState, Objection, joint
from hub.model.finding import Finding, Language
from hub.model.ids import new_id
from hub.services.service import LanePlan, Service
from hub.services.vocabulary import Facts
from hub.store import cases, legs
from hub.store.cases import CASE_CHANGES
from hub.store.database import Connection

MAX_OBJECTIONS = 100
"""What one answer tells; the rest shows when these are mended."""


class Cases:
    """Settles the touched cases of one batch."""

    def __init__(self, world: World, known: Known, rows: Rows, clock: Clock, planner: Planner, lanes: Lanes) -> None:
        self._world, self.known, self._rows, self._clock, self._planner = world, known, rows, clock, planner
        self._lanes = lanes
        self._postings = Postings(world.books, known, clock)
        self._taken: dict[tuple[str, str], str] = {}  # (agency, key) → the case that it names

    def settle(self, connection: Connection) -> None:
        """Bring every touched case as far as it can go; what that writes is in the rows of the batch."""
        services = self._world.services.by_id
        touched = {id_: services.get(self.known.cases[id_]["service"]) for id_ in self.known.touched}
        self._postings.load(connection, {id_: one for id_, one in touched.items() if one})
        self._learn_keys(connection, {id_: one for id_, one in touched.items() if one})
        for id_, service in touched.items():
            self._settle(self.known.cases[id_], service, self.known.touched[id_])
        self._add_documents(connection)
        self._rows.entries += self._postings.save(connection)

    def late(self, case_id: str) -> None:
        """The legs of the case did not come in time."""
        case = self.known.cases[case_id]
        service = self._world.services.by_id.get(case["service"])
        if case["state"] != CaseState.WAITING or service is None or service.match.late is None:
            return
        here = self.known.current(case_id)
        missing = ", ".join(name for name in service.match.legs if name not in here)
        late = service.match.late
        touch = Touch("")
        told = late._replace(zh=f"{late.zh}：{missing}", en=f"{late.en}: {missing}")
        self._refuse(case, service, (told,), touch)
        self._record(case, touch)

    # -- one case -----------------------------------------------------------------------------------------------------

    def _settle(self, case: Row, service: Service | None, touch: Touch) -> None:
        fresh = case["id"] not in self.known.before
        opened: list[str] = []
        if service is not None and (case["passed"] == case["revision"] or self._pass(case, service, touch)):
            opened = _Opening(self, case, service, touch).open()
        if fresh and service is not None:
            told: dict[str, Fact] = {"service": service.id, "reference": case["reference"], "lanes": opened}
            self.enter("case.opened", case, touch, told)
        elif opened:
            self.enter("lanes.opened", case, touch, {"lanes": opened, "revision": case["revision"]})
        if case["passed"]:
            self._conclude(case, service, touch)
        if service is not None:
            self._postings.move(case, service, touch.events)
        self._record(case, touch)

    def _pass(self, case: Row, service: Service, touch: Touch) -> bool:
        """Whether the present revision has all its legs and passes its checks; if not, the case waits or is refused."""
        if case["cancelling"]:
            return self._take_back(case, service, touch)
        here = self.known.current(case["id"])
        objections = [*_own(here.values()), *self._keys_taken(case, service)]
        if not objections and any(name not in here for name in service.match.legs):
            case["state"] = CaseState.WAITING
            case["due_at"] = case["due_at"] or self.clock() + service.match.within
            return False
        facts = {name: given(leg) for name, leg in here.items()}
        objections = objections or [*self._checked(service, facts)]
        objections = objections or self._postings.matched(case, service, facts)
        if objections:
            self._refuse(case, service, objections, touch)
            return False
        case |= {"passed": case["revision"], "state": CaseState.OPEN, "due_at": None, "remarks": None}
        if not service.simple:
            told: dict[str, Fact] = {"revision": case["revision"], "legs": list(service.match.legs)}
            self.enter("case.matched", case, touch, told)
        touch.events.append("matched")
        return True

    def _take_back(self, case: Row, service: Service, touch: Touch) -> bool:
        """A cancellation goes to every agency that has something of the case; if none has, the case ends at once."""
        case |= {"passed": case["revision"], "due_at": None, "remarks": None}
        if self.known.lanes_of(case["id"]):
            return True
        case |= {"state": CaseState.CANCELLED, "closed_at": self.clock()}
        touch.events.append("case.cancelled")
        self._reply(case, service, service.match.legs, touch)
        return False

    def _checked(self, service: Service, facts: dict[str, Facts]) -> Iterator[Objection]:
        """What the checks that look at several legs find."""
        now = iso(self.clock())
        found = chain.from_iterable(check.run(facts, now) for check in service.checks if not check.local)
        return islice(found, MAX_OBJECTIONS)

    def _refuse(self, case: Row, service: Service, objections: Sequence[Objection], touch: Touch) -> None:
        """The hub itself refuses the case as it is; a correction of any leg brings it back. Of a case that the agencies
        have, the amendment is refused, and what they have stands."""
        codes = sorted({one.code for one in objections})
        if case["passed"]:
            self.enter("amendment.refused", case, touch, {"codes": codes})
            self._undo(case, service, objections)
            return
        case |= {"state": CaseState.REFUSED, "due_at": None, "remarks": compact(objections)}
        self.enter("case.refused", case, touch, {"codes": codes})
        touch.events.append("case.refused")
        self._reply(case, service, service.match.legs, touch)

    def _undo(self, case: Row, service: Service, objections: Sequence[Objection]) -> None:
        """Let the legs stand that the batch has replaced; whoever sent the new ones hears why."""
        own = self.known.legs[case["id"]]
        replaced = {leg["name"]: leg for leg in own if leg["state"] == LegState.REPLACED}
        for leg in own:
            if leg["name"] in replaced and leg["state"] == LegState.JOINED:
                self._move_leg(leg, LegState.REFUSED)
                facts = json.loads(case["facts"]) | {"type": leg["type"]}
                self._planner.lone_reply(service, leg, compact(facts), objections)
        for leg in replaced.values():
            self._move_leg(leg, LegState.JOINED)
        case["revision"] = case["passed"]

    def _move_leg(self, leg: Row, state: LegState) -> None:
        leg["state"] = state
        changed = {f"new_{name}": leg[name] for name in ("state", "case", "revision")}
        self._rows.moved_legs.append({"row": leg["id"], **changed})

    def _conclude(self, case: Row, service: Service | None, touch: Touch) -> None:
        """The state of the case from those of its lanes; when no lane is waited for any more, its traders hear it."""
        lanes = self.known.lanes_of(case["id"])
        own = [lane for lane in lanes if service is None or service.gathers(lane["name"])]
        states = [LaneState(lane["state"]) for lane in own]
        pending = service is not None and self._pending(case, service)
        cancelled = self._cancelled(case, service, lanes)
        state = CaseState.CANCELLED if cancelled else joint(states)
        if pending and state is CaseState.ACCEPTED:
            state = CaseState.OPEN
        if cancelled and case["state"] != CaseState.CANCELLED:
            touch.events.append("case.cancelled")
        still = pending or any(lane["state"] not in FINAL for lane in lanes)
        case |= {"state": state, "closed_at": None if still else case["closed_at"] or self.clock()}
        if touch.heard and not pending and not any(one in WAITING for one in states):
            self._reply(case, service, service.match.legs if service else (), touch)
        if service is not None:
            self._reply_followers(case, service, touch)

    def _cancelled(self, case: Row, service: Service | None, lanes: Sequence[Row]) -> bool:
        """Whether the trader has taken it back and every agency agreed, or the one did whose lane cancels."""
        if service is None:
            return bool(case["state"] == CaseState.CANCELLED)
        agreed = (LaneState.ACCEPTED, LaneState.TOLD)
        by_lane = any(service.cancels(lane["name"]) and lane["state"] == LaneState.ACCEPTED for lane in lanes)
        return by_lane or bool(case["cancelling"]) and all(lane["state"] in agreed for lane in lanes)

    def _pending(self, case: Row, service: Service) -> bool:
        """Whether a lane is yet to open, and can."""
        return not case["cancelling"] and _Opening(self, case, service, Touch("")).pending()

    # -- who hears it -------------------------------------------------------------------------------------------------

    def _reply(self, case: Row, service: Service | None, names: Sequence[str], touch: Touch) -> None:
        """Tell the senders of the legs ``names``, unless the configuration does not know them, or the service, or a
        lane, any more."""
        lanes = self.known.lanes_of(case["id"])
        known = {lane.name for lane in service.lanes} if service else set()
        if service is None or not known.issuperset(lane["name"] for lane in lanes) or not self._reachable(case):
            what = f"{case['partner']} cannot be answered about case {case['id']} of {case['service']}"
            why = f"{what}: the configuration does not have all of them any more"
            self._lanes.work(case["id"], "reply", why)
            return
        for name, leg in self.known.current(case["id"]).items():
            if name in names and leg["partner"] in self._world.partners:
                self._planner.reply(service, case, leg, self.known.current(case["id"]), lanes, touch.transmission)

    def _reachable(self, case: Row) -> bool:
        return case["partner"] in self._world.partners

    def _reply_followers(self, case: Row, service: Service, touch: Touch) -> None:
        """Tell the sender of a leg that came later how its own lanes stand."""
        moved = {event.partition(".")[0] for event in touch.events}
        names = [plan.leg for plan in service.lanes if plan.name in moved and not service.gathers(plan.name)]
        if names:
            self._reply(case, service, names, touch)

    # -- rows ---------------------------------------------------------------------------------------------------------

    def clock(self) -> int:
        """Now, in µs."""
        return self._clock()

    def enter(self, kind: str, case: Row, touch: Touch, facts: dict[str, Fact]) -> None:
        """Record a step of a case in the ledger."""
        self._rows.entries.append(Entry(kind, self.clock(), case["id"], touch.transmission or None, facts))

    def _record(self, case: Row, touch: Touch) -> None:
        before = self.known.before.get(case["id"])
        if before is None:
            return  # it is written as it is now
        if case["state"] != before["state"] or case["closed_at"]:
            self._rows.entries.append(
                Entry("case.moved", self.clock(), case["id"], None, {"state": CaseState(case["state"]).value})
            )
        if any(case[name] != before[name] for name in CASE_CHANGES):
            changed = {f"new_{name}": case[name] for name in CASE_CHANGES}
            self._rows.moved_cases.append({"row": case["id"], **changed})

    def _add_documents(self, connection: Connection) -> None:
        """Give the planned messages the documents of legs that came before this batch."""
        planned = [row for rows in self._rows.planned.values() for row in rows if "leg" in row["plan"]]
        wanted = {row["plan"]["leg"] for row in planned if not row.get("document")}
        found = legs.documents(connection, wanted) if wanted else {}
        for row in planned:
            row["document"] = row.get("document") or found.get(row["plan"]["leg"], "")

    # -- keys ---------------------------------------------------------------------------------------------------------

    def _learn_keys(self, connection: Connection, touched: dict[str, Service]) -> None:
        """Whose the keys are by which agencies will name the touched cases."""
        asked = {pair for id_, service in touched.items() for _, pair in self._keys(id_, service)}
        if not asked:
            return
        found = cases.correlated(connection, asked)
        owners = cases.owners(connection, {lane for lane, _ in found.values()})
        self._taken = {pair: owners[lane] for pair, (lane, _) in found.items()}

    def _keys(self, case: str, service: Service) -> Iterator[tuple[LanePlan, tuple[str, str]]]:
        if not any(plan.keys for plan in service.lanes):
            return
        facts = self.facts(case)
        for plan in service.lanes:
            for make in plan.keys:
                if key := make(facts):
                    yield plan, (plan.agency, lane_key(service.id, plan.name, key))

    def _keys_taken(self, case: Row, service: Service) -> list[Objection]:
        """An agency's answer must name one case only."""
        found = []
        for plan, pair in self._keys(case["id"], service):
            if self._taken.setdefault(pair, case["id"]) != case["id"]:
                key = pair[1].split("/", 2)[2]
                finding = Finding("walk.key-taken", params=(("key", key), ("agency", plan.agency)))
                zh, en = finding.text(Language.ZH), finding.text(Language.EN)
                found.append(Objection(OBJECTION, zh, en, plan.leg))
        return found

    def facts(self, case: str) -> dict[str, Facts]:
        """The facts of a case's legs as they stand."""
        return {name: given(leg) for name, leg in self.known.current(case).items()}

    def send(self, case: Row, service: Service, plan: LanePlan, facts: Facts, touch: Touch) -> None:
        """Open a lane, or send it the present revision of its case."""
        lane = next((row for row in self.known.lanes_of(case["id"]) if row["name"] == plan.name), None)
        here = self.known.current(case["id"])
        now = self.clock()
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
            own = {"id": new_id("LN", now), "case": case["id"], "name": plan.name, "agency": plan.agency}
            lane = own | {"opened_at": now} | changed
            self.known.add_lane(lane)
            self._rows.lanes.append(lane)
        else:
            lane |= changed
            self._lanes.record(lane)
        keys = [self._planner.lane(service, plan, part, lane, case, here[part.leg]) for part in plan.parts]
        keys += [lane_key(service.id, plan.name, key) for make in plan.keys if (key := make(facts))]
        for key in keys:
            row = {"agency": plan.agency, "key": key, "lane": lane["id"], "revision": lane["revision"]}
            self._rows.correlations.append(row)
            self.known.correlations[(plan.agency, key)] = (lane["id"], lane["revision"])
        if plan.copy:
            touch.events.append(f"{plan.name}.{state}")


class _Opening:
    """The lanes of one case that may open now."""

    def __init__(self, cases: Cases, case: Row, service: Service, touch: Touch) -> None:
        self._cases, self._case, self._service, self._touch = cases, case, service, touch
        known = cases.known
        self._here = known.current(case["id"])
        self._facts = cases.facts(case["id"])
        self._lanes = {row["name"]: row for row in known.lanes_of(case["id"])}

    def open(self) -> list[str]:
        """Open every lane that may be; a copy that is told may let another open. Returns their names."""
        opened: list[str] = []
        while ready := [plan for plan in self._service.lanes if plan.name not in opened and self._ready(plan)]:
            for plan in ready:
                self._cases.send(self._case, self._service, plan, self._facts, self._touch)
                opened.append(plan.name)
            self._lanes = {row["name"]: row for row in self._cases.known.lanes_of(self._case["id"])}
        return opened

    def pending(self) -> bool:
        """Whether one is not open that still can be; those of legs that came later are nobody's business."""
        return any(
            self._service.gathers(plan.name) and self._wanted(plan) and self._possible(plan)
            for plan in self._service.lanes
        )

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
        lane = self._lanes.get(name)
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
        lane = self._lanes.get(name)
        if lane is not None and self._current(lane):
            return lane["state"] not in FINAL
        plan = next((one for one in self._service.lanes if one.name == name), None)
        return plan is not None and self._wanted(plan) and self._possible(plan, depth + 1)


def _own(here: Iterable[Row]) -> list[Objection]:
    """What the legs' own checks found."""
    found = [Objection(*one) for leg in here if leg["remarks"] for one in json.loads(leg["remarks"])]
    return found[:MAX_OBJECTIONS]
