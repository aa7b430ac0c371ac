"""Plans: what WRITE shall make of a delivery. A plan is JSON in the delivery's row, whole enough to be carried out
after a restart; so a delivery has its id, its control number and its time before its bytes."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from hub.clock import Clock, moment
from hub.engine.rows import Known, Row, Rows, compact
from hub.engine.status import case_status
from hub.engine.world import World
from hub.model.delivery import DeliveryState
from hub.model.finding import Finding
from hub.model.ids import new_id
from hub.model.message import Envelope
from hub.model.partner import Channel, Partner, SignatureKind
from hub.services.service import LanePlan, Service

MAILBOX = "mailbox"
MAX_STEM = 180
"""Bytes of a trader's file name that the names of its answers repeat; with what they add, at most 255 are allowed."""
_ENVELOPE = tuple(field.name for field in fields(Envelope))


class Planner:
    """Plans deliveries within one batch: gives ids, control numbers and file names, and adds the rows."""

    def __init__(self, world: World, known: Known, rows: Rows, clock: Clock) -> None:
        self._world = world
        self._known = known
        self._rows = rows
        self._clock = clock

    def lane(self, service: Service, lane: LanePlan, row: Row, case: Row, source: tuple[str, int, str]) -> str:
        """Plan a lane's message; ``source`` is (transmission, ordinal, message type). Returns the key that the answer
        will name."""
        agency = self._world.partners[lane.agency]
        transmission, ordinal, type_ = source
        delivery = new_id("DL", self._clock())
        envelope = self._envelope(agency) if lane.suffix == "edi" else None
        plan = {
            "do": lane.writing.value,
            "mapping": lane.mappings.get(type_, ""),
            "ordinal": ordinal,
            "sign": lane.signature.value,
            "context": self._context(delivery, agency, lane, case),
            "envelope": envelope,
        }
        name = f"{delivery}.{lane.suffix}"
        links = {"transmission": transmission, "case": case["id"], "lane": row["id"]}
        if lane.signature is SignatureKind.CMS:
            plan["signature"] = self._add(agency, "signature", "download", f"{name}.p7s", {"do": "signature"}, links)
        self._add(agency, "message", "download", name, plan, links, delivery)
        return envelope["control_ref"] if envelope else delivery

    def acknowledgement(
        self, transmission: Row, index: int, findings: Sequence[Finding], refused: Mapping[int, Sequence[Finding]]
    ) -> None:
        """Plan the CONTRL for interchange ``index`` of a transmission. DECIDE's ``findings`` are about the interchange;
        ``refused`` are those about its messages, by their number in it."""
        partner = self._world.partners[transmission["partner"]]
        envelope = self._envelope(partner)
        plan = {
            "do": "contrl",
            "interchange": index,
            "findings": [finding.as_json() for finding in findings],
            "messages": {str(number): [one.as_json() for one in found] for number, found in refused.items()},
            "envelope": envelope,
        }
        name = f"{_stem(transmission['name'])}.{envelope['control_ref']}.contrl.edi"
        self._add(partner, "acknowledgement", "receipts", name, plan, {"transmission": transmission["id"]})

    def report(self, transmission: Row, findings: Sequence[Finding]) -> None:
        """Plan the findings report about a transmission that was not wholly accepted."""
        partner = self._world.partners[transmission["partner"]]
        plan = {"do": "report", "findings": [finding.as_json() for finding in findings], "name": transmission["name"]}
        number = self._number(f"report:{partner.id}")
        name = f"{_stem(transmission['name'])}.{number:09d}.findings.json"
        self._add(partner, "report", "rejected", name, plan, {"transmission": transmission["id"]})

    def reply(self, service: Service, case: Row, lanes: list[Row], transmission: str) -> None:
        """Plan the answer to the trader about its case as it stands now."""
        partner = self._world.partners[case["partner"]]
        delivery = new_id("DL", self._clock())
        envelope = self._envelope(partner)
        plan = {
            "do": "reply",
            "mapping": service.reply.mapping,
            "status": case_status(delivery, service, case, lanes, self._clock()),
            "context": {"hub": self._hub(delivery), "partner": self._facts(partner), "case": _case(case), "lane": {}},
            "envelope": envelope,
        }
        name = f"{case['id']}.{envelope['control_ref']}.cusres.edi"
        links = {"transmission": transmission or None, "case": case["id"]}
        self._add(partner, "answer", "receipts", name, plan, links, delivery)

    def _add(
        self,
        partner: Partner,
        kind: str,
        folder: str,
        name: str,
        plan: dict[str, Any],
        links: dict[str, str | None],
        delivery: str = "",
    ) -> str:
        now = self._clock()
        channel = "folder" if partner.channels[0] is Channel.FOLDER else MAILBOX
        row: Row = {
            "id": delivery or new_id("DL", now),
            "partner": partner.id,
            "kind": kind,
            "transmission": links.get("transmission"),
            "case": links.get("case"),
            "lane": links.get("lane"),
            "channel": channel,
            "folder": folder,
            "name": name,
            "plan": compact(plan),
            "state": DeliveryState.PLANNED,
            "planned_at": now,
        }
        self._rows.deliveries.append(row)
        self._rows.planned[links.get("transmission") or ""].append(row | {"plan": plan})
        return str(row["id"])

    def _envelope(self, partner: Partner) -> dict[str, Any]:
        """The envelope of an interchange to ``partner`` under its next control number."""
        hub = self._world.settings.hub.edifact
        party = self._world.edifact_party(partner)
        four = party.style.syntax_version == "4"
        prepared = moment(self._clock()).strftime("%Y%m%d%H%M" if four else "%y%m%d%H%M")
        envelope = Envelope(
            sender=hub.id,
            sender_qualifier=hub.qualifier,
            recipient=party.ids[0].id,
            recipient_qualifier=party.ids[0].qualifier,
            control_ref=f"{self._number(f'control:{partner.id}'):09d}",
            prepared_at=prepared,
            syntax_id=party.style.syntax_id,
            syntax_version=party.style.syntax_version,
        )
        return {name: getattr(envelope, name) for name in _ENVELOPE}

    def _number(self, counter: str) -> int:
        number = self._known.drawn[counter] = self._known.drawn.get(counter, self._known.numbers.get(counter, 0)) + 1
        return number

    def _hub(self, delivery: str) -> dict[str, str | int]:
        settings = self._world.settings
        return {"message-id": delivery, "now": self._clock(), "id": settings.hub.edifact.id, "name": settings.hub.name}

    def _context(self, delivery: str, agency: Partner, lane: LanePlan, case: Row) -> dict[str, Any]:
        trader = self._world.partners[case["partner"]]
        receiver = {"name": lane.name, **self._facts(agency)}
        return {"hub": self._hub(delivery), "partner": self._facts(trader), "lane": receiver, "case": _case(case)}

    def _facts(self, partner: Partner) -> dict[str, str]:
        """What a mapping may ask about a partner; ``syntax`` (0001) tells which characters it can read."""
        syntax = self._world.edifact_party(partner).style.syntax_id
        titles = {"title-zh": partner.title.zh, "title-en": partner.title.en}
        return {"id": partner.id, "syntax": syntax, **titles, **partner.codes}


def _case(case: Row) -> dict[str, str]:
    return {name: str(case[name]) for name in ("id", "reference", "service")}


def _stem(name: str) -> str:
    stem = name.rpartition(".")[0] or name
    return stem.encode()[:MAX_STEM].decode("utf-8", "ignore")
