"""Legs that come when their case is under way: a pass, a return, a report. Each is judged before it has any effect."""

import json
from collections.abc import Iterator

from hub.clock import Clock, iso
from hub.engine.compact import compact
from hub.engine.openings import Openings
from hub.engine.plans import Planner
from hub.engine.postings import Postings
from hub.engine.records import Records
from hub.engine.rows import Known, Row, Rows, Touch
from hub.ledger.entries import Entry
from hub.model.case import OBJECTION, LegState, Objection
from hub.model.finding import Finding, Language
from hub.services.service import Service

JOINED = "joined"


class Followers:
    """Judges the legs that followed the cases of one batch."""

    def __init__(
        self,
        known: Known,
        rows: Rows,
        clock: Clock,
        planner: Planner,
        postings: Postings,
        records: Records,
        openings: Openings,
    ) -> None:
        self._known, self._rows, self._clock, self._planner = known, rows, clock, planner
        self._postings, self._records, self._openings = postings, records, openings

    def judge(self, case: Row, service: Service, touch: Touch) -> None:
        """Refuse those of the legs that joined now that their checks, a balance or the state of the case forbid."""
        for event in [one for one in touch.events if one.endswith(f".{JOINED}")]:
            name = event.partition(".")[0]
            leg = self._known.current(case["id"]).get(name)
            if leg is None:
                continue
            objections = [*self._found(case, service, leg)] or self._postings.begin(case, service, event)
            if objections:
                touch.events.remove(event)
                self._refuse(case, service, leg, objections)

    def _found(self, case: Row, service: Service, leg: Row) -> Iterator[Objection]:
        """What its own checks found, what those find that hold it against others, and whether it is of any use."""
        yield from (Objection(*one) for one in json.loads(leg["remarks"] or "[]"))
        facts = self._known.facts(case["id"])
        now = iso(self._clock())
        for check in service.checks:
            if not check.local and leg["name"] in check.legs:
                yield from check.run(facts, now)
        yield from self._records.lacking(service, facts, leg["name"])
        if self._openings.of(case, service).in_vain(leg["name"]):
            finding = Finding("walk.leg-in-vain", params=(("case", case["id"]), ("state", str(case["state"]))))
            yield Objection(OBJECTION, finding.text(Language.ZH), finding.text(Language.EN), leg["name"])

    def _refuse(self, case: Row, service: Service, leg: Row, objections: list[Objection]) -> None:
        """Its sender hears why; what it was to replace stands again."""
        own = self._known.legs[case["id"]]
        before = [one for one in own if one["name"] == leg["name"] and one["state"] == LegState.REPLACED]
        self._rows.move_leg(leg, LegState.REFUSED)
        for earlier in before[-1:]:
            self._rows.move_leg(earlier, LegState.JOINED)
        facts = json.loads(case["facts"]) | {"type": leg["type"], "control": "", "message": ""}
        self._planner.lone_reply(service, leg, compact(facts), objections)
        codes = sorted({one.code for one in objections})
        told = {"leg": leg["name"], "codes": codes}
        self._rows.entries.append(Entry("leg.refused", self._clock(), case["id"], leg["transmission"], told))
