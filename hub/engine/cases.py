"""Cases, once the batch has arrived: each that was touched goes as far as it can. Its legs match or are waited for, its
checks pass or refuse it, its balances move, its lanes open in their order, and its traders hear how it stands."""

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice

from hub.clock import Clock, iso
from hub.engine.compact import compact
from hub.engine.consents import Consents
from hub.engine.followers import JOINED, Followers
from hub.engine.lanes import FINAL, WAITING, Lanes
from hub.engine.openings import Openings
from hub.engine.plans import Planner
from hub.engine.postings import Postings
from hub.engine.records import Records
from hub.engine.rows import Known, Row, Rows, Touch, given, lane_key
from hub.engine.world import World
from hub.ledger.entries import Entry, Fact
from hub.model.case import OBJECTION, CaseState, LaneState, LegState, Objection, joint
from hub.model.finding import Finding, Language
from hub.services.service import LanePlan, Notice, Service
from hub.services.vocabulary import Facts
from hub.store import cases, legs
from hub.store.cases import CASE_CHANGES
from hub.store.database import Connection

MAX_OBJECTIONS = 100
"""What one answer tells; the rest shows when these are mended."""


class Cases:
    """Settles the touched cases of one batch."""

    def __init__(self, world: World, known: Known, rows: Rows, clock: Clock, planner: Planner, lanes: Lanes) -> None:
        self._world, self._known, self._rows, self._clock, self._planner = world, known, rows, clock, planner
        self._lanes = lanes
        self._postings = Postings(world.books, known, clock)
        self._consents = Consents(world.settings.people, known, clock)
        self._openings = Openings(known, rows, clock, planner, lanes, self._consents)
        self._records = Records(known, clock)
        self._followers = Followers(known, rows, clock, planner, self._postings, self._records, self._openings)
        self._taken: dict[tuple[str, str], str] = {}  # (agency, key) → the case that it names

    def settle(self, connection: Connection) -> None:
        """Bring every touched case as far as it can go; what that writes is in the rows of the batch."""
        services = self._world.services.by_id
        touched = {id_: services.get(self._known.cases[id_]["service"]) for id_ in self._known.touched}
        served = {id_: one for id_, one in touched.items() if one}
        self._postings.load(connection, served)
        self._consents.load(connection, served)
        self._records.load(connection, served)
        self._learn_keys(connection, served)
        for id_, service in touched.items():
            self._settle(self._known.cases[id_], service, self._known.touched[id_])
        self._add_documents(connection)
        self._rows.entries += self._postings.save(connection)
        self._rows.entries += self._consents.save(connection)
        self._rows.entries += self._records.save(connection)

    # -- one case -----------------------------------------------------------------------------------------------------

    def _settle(self, case: Row, service: Service | None, touch: Touch) -> None:
        fresh = case["id"] not in self._known.before
        opened: list[str] = []
        if service is not None and (case["passed"] == case["revision"] or self._pass(case, service, touch)):
            self._followers.judge(case, service, touch)
            self._consents.ask(case, service, touch.events, self._known.facts(case["id"]))
            opened = self._openings.of(case, service).open(touch)
        elif service is None and case["due_at"] is not None:
            case["due_at"] = None
            self._lanes.work(case["id"], "service", f"the configuration does not know {case['service']} any more")
        if fresh and service is not None:
            told: dict[str, Fact] = {"service": service.id, "reference": case["reference"], "lanes": opened}
            self._enter("case.opened", case, touch, told)
        elif opened:
            self._enter("lanes.opened", case, touch, {"lanes": opened, "revision": case["revision"]})
        if case["passed"]:
            self._conclude(case, service, touch)
        if service is not None:
            self._act(case, service, touch)
        self._record(case, touch)

    def _act(self, case: Row, service: Service, touch: Touch) -> None:
        """Let the events of the case move its balances, and be filed and tracked; what cannot be needs a person."""
        for notice in service.notices:
            if f"{notice.leg}.{JOINED}" in touch.events:
                self._pass_on(case, notice)
        for objection in self._postings.move(case, service, touch.events):
            self._lanes.work(case["id"], "balance", objection.en)
        for what in self._records.note(case, service, touch.events):
            self._lanes.work(case["id"], "record", what)
        if case["closed_at"] and service.postings:
            self._postings.close(case)

    def _pass_on(self, case: Row, notice: Notice) -> None:
        """Let the senders of other legs have what came, as it is."""
        here = self._known.current(case["id"])
        for partner in sorted({here[name]["partner"] for name in notice.to if name in here}):
            if partner in self._world.partners and notice.leg in here:
                self._planner.notice(partner, case, here[notice.leg])

    def _pass(self, case: Row, service: Service, touch: Touch) -> bool:
        """Whether the present revision has all its legs and passes its checks; if not, the case waits or is refused."""
        if case["cancelling"]:
            return self._take_back(case, service, touch)
        here = self._known.current(case["id"])
        objections = [*_own(here.values()), *self._keys_taken(case, service)]
        missing = [name for name in service.match.legs if name not in here]
        if missing and not objections:
            return self._wait(case, service, missing, touch)
        facts = {name: given(leg) for name, leg in here.items()}
        objections = objections or [*self._checked(service, facts), *self._records.lacking(service, facts)]
        objections = objections or self._postings.matched(case, service, facts)
        if objections:
            return self._refuse(case, service, objections, touch)
        case |= {"passed": case["revision"], "state": CaseState.OPEN, "due_at": None, "remarks": None}
        if not service.simple:
            told: dict[str, Fact] = {"revision": case["revision"], "legs": list(service.match.legs)}
            self._enter("case.matched", case, touch, told)
        touch.events.append("matched")
        return True

    def _wait(self, case: Row, service: Service, missing: Sequence[str], touch: Touch) -> bool:
        """Wait for the legs that are ``missing``; if they did not come in time, the case is refused."""
        now = self._clock()
        if case["due_at"] is None or now < case["due_at"] or service.match.late is None:
            case |= {"state": CaseState.WAITING, "due_at": case["due_at"] or now + service.match.within}
            return False
        names = ", ".join(missing)
        late = service.match.late
        told = late._replace(zh=f"{late.zh}：{names}", en=f"{late.en}: {names}")
        return self._refuse(case, service, (told,), touch)

    def _take_back(self, case: Row, service: Service, touch: Touch) -> bool:
        """A cancellation goes to every agency that has something of the case; if none has, the case ends at once."""
        case |= {"passed": case["revision"], "due_at": None, "remarks": None}
        if self._known.lanes_of(case["id"]):
            return True
        case |= {"state": CaseState.CANCELLED, "closed_at": self._clock()}
        touch.events.append("case.cancelled")
        self._reply(case, service, service.match.legs, touch)
        return False

    def _checked(self, service: Service, facts: dict[str, Facts]) -> Iterator[Objection]:
        """What the checks that look at several legs find."""
        now = iso(self._clock())
        found = chain.from_iterable(check.run(facts, now) for check in service.checks if not check.local)
        return islice(found, MAX_OBJECTIONS)

    def _refuse(self, case: Row, service: Service, objections: Sequence[Objection], touch: Touch) -> bool:
        """The hub itself refuses the case as it is; a correction of any leg brings it back. Of a case that the agencies
        have, the amendment is refused, and what they have stands. Returns whether it does."""
        codes = sorted({one.code for one in objections})
        if case["passed"]:
            self._enter("amendment.refused", case, touch, {"codes": codes})
            self._undo(case, service, objections)
            return True
        case |= {"state": CaseState.REFUSED, "due_at": None, "remarks": compact(objections)}
        self._enter("case.refused", case, touch, {"codes": codes})
        touch.events.append("case.refused")
        self._reply(case, service, service.match.legs, touch)
        return False

    def _undo(self, case: Row, service: Service, objections: Sequence[Objection]) -> None:
        """Let the legs stand that the batch has replaced, and not those that it brought meanwhile; whoever sent the new
        ones hears why."""
        own = [leg for leg in self._known.legs[case["id"]] if leg["name"] in service.match.legs]
        replaced = {leg["name"]: leg for leg in reversed(own) if leg["state"] == LegState.REPLACED}
        for leg in own:
            if leg["name"] in replaced and leg["state"] == LegState.JOINED:
                self._rows.move_leg(leg, LegState.REFUSED)
                facts = json.loads(case["facts"]) | {"type": leg["type"]}
                self._planner.lone_reply(service, leg, compact(facts), objections)
        for leg in replaced.values():
            self._rows.move_leg(leg, LegState.JOINED)
        case["revision"] = case["passed"]

    def _conclude(self, case: Row, service: Service | None, touch: Touch) -> None:
        """The state of the case from those of its lanes; when no lane is waited for any more, its traders hear it."""
        lanes = self._known.lanes_of(case["id"])
        own = [lane for lane in lanes if service is None or service.gathers(lane["name"])]
        states = [LaneState(lane["state"]) for lane in own]
        pending = service is not None and self._pending(case, service)
        cancelled = self._cancelled(case, service, lanes)
        refusals = [*self._consents.refusals(case, service)] if service else []
        if refusals and not cancelled:
            states.append(LaneState.REFUSED)
            case["remarks"] = compact(refusals)
        state = CaseState.CANCELLED if cancelled else joint(states)
        if pending and state is CaseState.ACCEPTED:
            state = CaseState.OPEN
        if cancelled and case["state"] != CaseState.CANCELLED:
            touch.events.append("case.cancelled")
        still = pending or any(lane["state"] not in FINAL for lane in lanes) or self._expects(case, service, state)
        case |= {"state": state, "closed_at": None if still else case["closed_at"] or self._clock()}
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
        return not case["cancelling"] and self._openings.of(case, service).pending()

    def _expects(self, case: Row, service: Service | None, state: CaseState) -> bool:
        """Whether a leg is still to come without which the case is not at its end."""
        if service is None or state in (CaseState.REFUSED, CaseState.CANCELLED):
            return False
        facts = self._known.facts(case["id"])
        well = {
            row["name"]
            for row in self._known.lanes_of(case["id"])
            if row["state"] in (LaneState.ACCEPTED, LaneState.TOLD)
        }
        plans = [plan for plan in service.lanes if plan.name in well]
        done = {plan.leg for plan in plans} | (facts.keys() - {plan.leg for plan in service.lanes})
        return any(leg.expected is not None and leg.name not in done and leg.expected(facts) for leg in service.legs)

    # -- who hears it -------------------------------------------------------------------------------------------------

    def _reply(self, case: Row, service: Service | None, names: Sequence[str], touch: Touch) -> None:
        """Tell the senders of the legs ``names``, unless the configuration does not know them, or the service, or a
        lane, any more."""
        lanes = self._known.lanes_of(case["id"])
        known = {lane.name for lane in service.lanes} if service else set()
        if service is None or not known.issuperset(lane["name"] for lane in lanes) or not self._reachable(case):
            what = f"{case['partner']} cannot be answered about case {case['id']} of {case['service']}"
            why = f"{what}: the configuration does not have all of them any more"
            self._lanes.work(case["id"], "reply", why)
            return
        for name, leg in self._known.current(case["id"]).items():
            if name in names and leg["partner"] in self._world.partners:
                self._planner.reply(service, case, leg, self._known.current(case["id"]), lanes, touch.transmission)

    def _reachable(self, case: Row) -> bool:
        return case["partner"] in self._world.partners

    def _reply_followers(self, case: Row, service: Service, touch: Touch) -> None:
        """Tell the sender of a leg that came later how its own lanes stand, or that they will never open."""
        moved = {event.partition(".")[0] for event in touch.events if not event.endswith(f".{JOINED}")}
        lanes = {lane["name"] for lane in self._known.lanes_of(case["id"])}
        ended = touch.heard and case["state"] in (CaseState.REFUSED, CaseState.CANCELLED)
        names = [
            plan.leg
            for plan in service.lanes
            if not service.gathers(plan.name) and (plan.name in moved or ended and plan.name not in lanes)
        ]
        if names:
            self._reply(case, service, names, touch)

    # -- rows ---------------------------------------------------------------------------------------------------------

    def _enter(self, kind: str, case: Row, touch: Touch, facts: dict[str, Fact]) -> None:
        """Record a step of a case in the ledger."""
        self._rows.entries.append(Entry(kind, self._clock(), case["id"], touch.transmission or None, facts))

    def _record(self, case: Row, touch: Touch) -> None:
        before = self._known.before.get(case["id"])
        if before is None:
            return  # it is written as it is now
        if case["state"] != before["state"] or case["closed_at"]:
            self._rows.entries.append(
                Entry("case.moved", self._clock(), case["id"], None, {"state": CaseState(case["state"]).value})
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
        facts = self._known.facts(case)
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


def _own(here: Iterable[Row]) -> list[Objection]:
    """What the legs' own checks found."""
    found = [Objection(*one) for leg in here if leg["remarks"] for one in json.loads(leg["remarks"])]
    return found[:MAX_OBJECTIONS]
