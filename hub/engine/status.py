"""The state of a case as an ``internal:case-status`` document: what the mapping of the trader's answer reads."""

import json

from hub.clock import iso
from hub.engine.rows import Row
from hub.model.case import CaseState, LaneState
from hub.model.message import Document
from hub.services.service import LanePlan, Service


def case_status(response: str, service: Service, case: Row, lanes: list[Row], now: int) -> Document:
    """The case, its lanes and what each agency said of each item, explained in both languages; ``response`` is the id
    of the answer that will carry it."""
    facts = json.loads(case["facts"])
    return {
        "case": case["id"],
        "response": response,
        "service": service.id,
        "reference": case["reference"],
        "message-type": facts["type"].rpartition(":")[2],
        "interchange": facts["control"],
        "message": facts["message"],
        "status": CaseState(case["state"]).value,
        "at": iso(now),
        "lane": [_lane(plan, row, now) for plan in service.lanes for row in lanes if row["name"] == plan.name],
    }


def _lane(plan: LanePlan, lane: Row, now: int) -> Document:
    answer = json.loads(lane["answer"]) if lane.get("answer") else {}
    zh, en = plan.answer.explain(answer.get("code", ""), answer.get("text", ""))
    document: Document = {
        "name": plan.name,
        "agency": plan.agency,
        "status": LaneState(lane["state"]).value,
        "at": iso(lane.get("answered_at") or now),
    }
    document |= {key: value for key, value in (("code", answer.get("code")), ("text-zh", zh), ("text-en", en)) if value}
    if answer.get("items"):
        document["item"] = [_item(plan, item) for item in answer["items"]]
    return document


def _item(plan: LanePlan, item: dict[str, str]) -> Document:
    zh, en = plan.answer.explain(item["code"], item["text"])
    path = item["path"] or plan.answer.field(item["code"])
    every = (("kind", item["kind"]), ("ref", item["ref"]), ("status", item["status"]), ("code", item["code"]))
    texts = (("text-zh", zh), ("text-en", en), ("path", path))
    return {key: value for key, value in (*every, *texts) if value}
