"""Plans: what WRITE shall make of a delivery. A plan is JSON in the delivery's row, whole enough to be carried out
after a restart; so a delivery has its id, its control number and its time before its bytes."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from hub.clock import Clock
from hub.engine.acknowledging import filled
from hub.engine.compact import compact
from hub.engine.frozen import MAILBOX, columns, entry
from hub.engine.objections import application_errors
from hub.engine.outgoing import CASE, control_reference
from hub.engine.rows import Known, Row, Rows
from hub.engine.status import case_status
from hub.engine.values import ReadInterchange, ReadMessage
from hub.engine.world import World
from hub.model.case import CaseState, Objection
from hub.model.delivery import DeliveryState
from hub.model.finding import Finding, Severity, worst
from hub.model.ids import new_id
from hub.model.message import Document
from hub.model.partner import Channel, Partner, SignatureKind
from hub.services.service import LanePlan, Part, Service, Writing
from hub.services.vocabulary import Facts

MAX_STEM = 180
"""Bytes of a trader's file name that the names of its answers repeat; with what they add, at most 255 are allowed."""


class Planner:
    """Plans deliveries within one batch: gives ids, control numbers and file names, and adds the rows."""

    def __init__(self, world: World, known: Known, rows: Rows, clock: Clock) -> None:
        self._world = world
        self._known = known
        self._rows = rows
        self._clock = clock

    def addressee(self, lane: LanePlan, facts: Facts) -> str:
        """The partner that ``lane`` is for: its agency, or whom the message names (which was known when it came)."""
        if lane.address is None:
            return lane.agency
        return self._world.by_code[(lane.address.code, lane.address.value(facts))]

    def lane(
        self, service: Service, lane: LanePlan, part: Part, row: Row, case: Row, leg: Row, told: Mapping[str, Any]
    ) -> str:
        """Plan one message of a lane, about ``leg``; ``told`` is what other agencies have told of the case, by lane.
        Returns the key that the answer will name."""
        agency = self._world.partners[row["agency"]]
        now = self._clock()
        delivery = new_id("DL", now)
        number = self._number(f"control:{agency.id}") if part.suffix == "edi" else None
        plan = {
            "do": part.writing.value,
            "mapping": part.mappings.get(leg["type"], ""),
            "digest": self._digest(part.mappings.get(leg["type"], "")),
            "ordinal": leg["ordinal"],
            "sign": lane.signature.value,
            "lane": lane.name,
            "trader": leg["partner"],
            "case": [case[name] for name in CASE],
            "number": number,
            "at": now,
        }
        if told:
            plan["told"] = told
        if not service.simple and part.writing is not Writing.RELAY:
            plan |= {"leg": leg["id"], "type": leg["type"]}
        name = f"{delivery}.{part.suffix}"
        links = {"transmission": leg["transmission"], "case": case["id"], "lane": row["id"]}
        if lane.signature is SignatureKind.CMS:
            beside = self._row(agency, "signature", "download", f"{name}.p7s", {"do": "signature"}, links)
            plan["signature"] = self._add(beside)
        planned = self._row(agency, "message", "download", name, plan, links, delivery)
        self._add(planned | {"document": leg.get("document") or ""} if "leg" in plan else planned)
        return delivery if number is None else control_reference(number)

    def acknowledgement(
        self,
        transmission: Row,
        index: int,
        interchange: ReadInterchange,
        findings: Sequence[Finding],
        refused: Mapping[int, Sequence[Finding]],
    ) -> None:
        """Plan what answers ``interchange``, number ``index`` of a transmission, if anything; or seal it at once, when
        READ has drafted it and DECIDE has nothing to add: neither ``findings`` about the interchange nor ``refused``,
        those about its messages by their number in it."""
        kind = _kind(interchange, findings, refused)
        if not kind:
            return
        partner = self._world.partners[transmission["partner"]]
        number = self._number(f"control:{partner.id}")
        name = f"{_stem(transmission['name'])}.{control_reference(number)}.{kind.partition('-')[0]}.edi"
        links = {"transmission": transmission["id"]}
        now = self._clock()
        if interchange.draft and not findings and not refused:
            sealed = filled(interchange.draft, number, now)
            self._seal(self._row(partner, "acknowledgement", "receipts", name, {}, links), sealed)
            return
        plan = {
            "do": kind,
            "interchange": index,
            "findings": [finding.as_json() for finding in findings],
            "messages": {str(message): [one.as_json() for one in found] for message, found in refused.items()},
            "number": number,
            "at": now,
        }
        self._add(self._row(partner, "acknowledgement", "receipts", name, plan, links))

    def objection(
        self, transmission: Row, interchange: ReadInterchange, message: ReadMessage, findings: Sequence[Finding]
    ) -> None:
        """Plan the APERAK that tells what DECIDE found about ``message``."""
        partner = self._world.partners[transmission["partner"]]
        now = self._clock()
        delivery = new_id("DL", now)
        number = self._number(f"control:{partner.id}")
        status = application_errors(delivery, interchange, message, findings, now)
        mapping = self._world.edifact_party(partner).style.errors
        plan = self._written_by(mapping, status, [""] * len(CASE), number, now)
        name = f"{_stem(transmission['name'])}.{control_reference(number)}.aperak.edi"
        self._add(self._row(partner, "answer", "receipts", name, plan, {"transmission": transmission["id"]}, delivery))

    def report(self, transmission: Row, findings: Sequence[Finding]) -> None:
        """Plan the findings report about a transmission that was not wholly accepted."""
        partner = self._world.partners[transmission["partner"]]
        plan = {"do": "report", "findings": [finding.as_json() for finding in findings], "name": transmission["name"]}
        number = self._number(f"report:{partner.id}")
        name = f"{_stem(transmission['name'])}.{number:09d}.findings.json"
        self._add(self._row(partner, "report", "rejected", name, plan, {"transmission": transmission["id"]}))

    def reply(
        self, service: Service, case: Row, leg: Row, legs: Mapping[str, Row], lanes: list[Row], transmission: str
    ) -> None:
        """Plan the answer to the sender of ``leg``, one of the case's ``legs``, about the case as it stands now; none
        when the service has none for it."""
        facts = json.loads(case["facts"])
        own = (
            facts
            if leg["name"] == service.match.anchor
            else {**facts, "type": leg["type"], "control": "", "message": ""}
        )
        delivery = new_id("DL", self._clock())
        status = case_status(
            delivery, service, case | {"facts": own, "reference": leg["reference"]}, lanes, legs, self._clock()
        )
        self._reply(service, leg, case, status, delivery, transmission)

    def notice(self, partner: str, case: Row, leg: Row) -> None:
        """Plan that ``partner`` gets ``leg``, which somebody else sent, as it is."""
        now = self._clock()
        delivery = new_id("DL", now)
        plan = {"do": Writing.COPY.value, "ordinal": leg["ordinal"], "sign": SignatureKind.NONE.value}
        plan |= {"leg": leg["id"], "type": leg["type"], "case": [case[name] for name in CASE], "at": now}
        name = f"{case['id']}.{delivery}.{leg['type'].rpartition(':')[2].lower()}.xml"
        links = {"transmission": leg["transmission"], "case": case["id"]}
        row = self._row(self._world.partners[partner], "notice", "receipts", name, plan, links, delivery)
        self._add(row | {"document": leg.get("document") or ""})

    def lone_reply(self, service: Service, leg: Row, facts: str, objections: Sequence[Objection]) -> None:
        """Plan the answer to the sender of a leg that no case takes; ``facts`` are what the answer must repeat."""
        now = self._clock()
        delivery = new_id("DL", now)
        case: Row = {
            "id": leg["case"] or leg["id"],
            "service": service.id,
            "reference": leg["reference"],
            "state": CaseState.REFUSED,
            "facts": json.loads(facts),
            "remarks": compact(objections),
        }
        status = case_status(delivery, service, case, [], {leg["name"]: leg}, now)
        self._reply(service, leg, case, status, delivery, leg["transmission"])

    def _reply(self, service: Service, leg: Row, case: Row, status: Document, delivery: str, transmission: str) -> None:
        reply = service.reply(leg["name"], leg["type"])
        if reply is None:
            return
        partner = self._world.partners[leg["partner"]]
        number = self._number(f"control:{partner.id}")
        plan = self._written_by(reply.mapping, status, [case[name] for name in CASE], number, self._clock())
        name = f"{case['id']}.{control_reference(number)}.{reply.kind}.{reply.suffix}"
        links = {"transmission": transmission or None, "case": case["id"] if case["id"].startswith("CS-") else None}
        self._add(self._row(partner, "answer", "receipts", name, plan, links, delivery))

    def _add(self, row: Row) -> str:
        """Plan the delivery ``row``; returns its id."""
        self._rows.deliveries.append(row | {"plan": compact(row["plan"])})
        self._rows.planned[row["transmission"] or ""].append(row)
        return str(row["id"])

    def _row(
        self,
        partner: Partner,
        kind: str,
        folder: str,
        name: str,
        plan: dict[str, Any],
        links: dict[str, str | None],
        delivery: str = "",
    ) -> Row:
        now = self._clock()
        return {
            "id": delivery or new_id("DL", now),
            "partner": partner.id,
            "kind": kind,
            "transmission": links.get("transmission"),
            "case": links.get("case"),
            "lane": links.get("lane"),
            "channel": "folder" if partner.channels[0] is Channel.FOLDER else MAILBOX,
            "folder": folder,
            "name": name,
            "plan": plan,
            "state": DeliveryState.PLANNED,
            "planned_at": now,
        }

    def _seal(self, row: Row, data: bytes) -> None:
        """Add a delivery that has its bytes already."""
        now = self._clock()
        sha256 = hashlib.sha256(data).hexdigest()
        sealed = columns(row["channel"], data, sha256, now, True)
        self._rows.written.append(row | {"plan": compact(row["plan"])} | sealed)
        self._rows.entries.append(entry(row, row["id"], sha256, len(data), now))

    def _written_by(self, mapping: str, status: Document, case: list[str], number: int, at: int) -> dict[str, Any]:
        """The plan of an answer to a trader: ``mapping`` writes it from ``status``."""
        own = {"mapping": mapping, "digest": self._digest(mapping)}
        return {"do": "reply", **own, "status": status, "case": case, "number": number, "at": at}

    def _digest(self, mapping: str) -> str:
        """The version of ``mapping`` that is in use; what is written by another (the configuration changed meanwhile)
        says so when it is sealed."""
        return self._world.mappings.get(mapping).digest if mapping else ""

    def _number(self, counter: str) -> int:
        number = self._known.drawn[counter] = self._known.drawn.get(counter, self._known.numbers.get(counter, 0)) + 1
        return number


def _stem(name: str) -> str:
    stem = name.rpartition(".")[0] or name
    return stem.encode()[:MAX_STEM].decode("utf-8", "ignore")


def _kind(interchange: ReadInterchange, own: Sequence[Finding], about: Mapping[int, Sequence[Finding]]) -> str:
    """How ``interchange`` is acknowledged when DECIDE found ``own`` about it, and ``about`` its messages."""
    kinds = interchange.acknowledged
    if worst((*own, *interchange.findings)) is Severity.ERROR:
        return kinds.refused
    decided = any(worst(tuple(found)) is Severity.ERROR for found in about.values())
    return kinds.faulty if decided or interchange.faulty else kinds.sound
