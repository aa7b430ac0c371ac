"""The state of a case as an ``internal:case-status`` document: what the mapping of the trader's answer reads."""

import json

from hub.engine.rows import Row
from hub.engine.world import World
from hub.model.case import LaneState
from hub.model.message import Document
from hub.services.service import LanePlan, Service


def case_status(world: World, service: Service, case: Row, lanes: list[Row], now: int) -> Document:
    """The case, its lanes and what each agency said of each item, explained in both languages."""
    facts = json.loads(case["facts"])
    return {
        "case": case["id"],
        "service": service.id,
        "reference": case["reference"],
        "type": facts["type"].rpartition(":")[2],
        "control": facts["control"],
        "message": facts["message"],
        "status": str(case["state"]),
        "at": str(now),
        "lane": [_lane(world, service.lane(lane["name"]), lane, now) for lane in lanes],
    }


def _lane(world: World, plan: LanePlan, lane: Row, now: int) -> Document:
    answer = json.loads(lane["answer"]) if lane.get("answer") else {}
    zh, en = plan.answer.explain(answer.get("code", ""), answer.get("text", ""))
    document: Document = {
        "name": plan.name,
        "agency": plan.agency,
        "title-zh": plan.title.zh,
        "title-en": plan.title.en,
        "status": LaneState(lane["state"]).value,
        "at": str(lane.get("answered_at") or now),
    }
    document |= {key: value for key, value in (("code", answer.get("code")), ("text-zh", zh), ("text-en", en)) if value}
    if answer.get("items"):
        document["item"] = [_item(plan, item) for item in answer["items"]]
    return document


def _item(plan: LanePlan, item: dict[str, str]) -> Document:
    zh, en = plan.answer.explain(item["code"], item["text"])
    path = item["path"] or plan.answer.field(item["code"])
    every = (("ref", item["ref"]), ("status", item["status"]), ("code", item["code"]))
    texts = (("text-zh", zh), ("text-en", en), ("path", path))
    return {key: value for key, value in (*every, *texts) if value}
