"""The state of a case as an ``internal:case-status`` document: what the mapping of the trader's answer reads."""

import json
from collections.abc import Iterator, Mapping

from hub.clock import iso
from hub.engine.rows import Row, given
from hub.model.case import CaseState, LaneState, Objection
from hub.model.message import Document
from hub.services.service import LanePlan, Service

HUB = "hub"
"""The name of the lane in which the hub itself speaks."""

MAX_VALUE, MAX_PATH, MAX_CODE = 1_000, 256, 17
"""Characters, as in ``internal:case-status``."""


def case_status(
    response: str, service: Service, case: Row, lanes: list[Row], legs: Mapping[str, Row], now: int
) -> Document:
    """The case, its lanes and what each agency said of each item, explained in both languages; ``response`` is the id
    of the answer that will carry it, ``case`` holds its facts parsed. Where the hub itself refuses, it speaks as a
    lane."""
    facts = case["facts"]
    told = [_lane(plan, row, now) for plan in service.lanes for row in lanes if row["name"] == plan.name]
    told += [_own(json.loads(case["remarks"]), now)] if case.get("remarks") else []
    status: Document = {
        "case": case["id"],
        "response": response,
        "service": service.id,
        "reference": case["reference"],
        "message-type": facts["type"].rpartition(":")[2],
        "interchange": facts["control"],
        "message": facts["message"],
        "status": CaseState(case["state"]).value,
        "at": iso(now),
    }
    status |= {"lane": told} if told else {}
    named = [fact for name, leg in legs.items() for fact in _facts(name, leg)] if not service.simple else []
    return status | ({"fact": named} if named else {})


def _facts(name: str, leg: Row) -> Iterator[Document]:
    """The facts of a leg that have one value: an answer may repeat them."""
    for fact, values in given(leg).items():
        if len(values) == 1 and isinstance(values[0], str):
            yield {"leg": name, "name": fact, "value": values[0][:MAX_VALUE]}


def _own(remarks: list[list[str]], now: int) -> Document:
    """What the hub itself objects to, as a lane of its own."""
    objections = [Objection(*one) for one in remarks]
    first = objections[0]
    items = [
        {"status": LaneState.REFUSED.value, "code": one.code, "text-zh": one.zh, "text-en": one.en}
        | ({"path": one.path[:MAX_PATH]} if one.path else {})
        for one in objections
    ]
    return {
        "name": HUB,
        "agency": HUB,
        "status": LaneState.REFUSED.value,
        "at": iso(now),
        "code": first.code[:MAX_CODE],
        "text-zh": first.zh,
        "text-en": first.en,
        "item": items,
    }


def _lane(plan: LanePlan, lane: Row, now: int) -> Document:
    answer = json.loads(lane["answer"]) if lane.get("answer") else {}
    answer = answer if plan.answer.disclosed(answer.get("code", "")) else _discreet(answer)
    zh, en = plan.answer.explain(answer.get("code", ""), answer.get("text", ""))
    document: Document = {
        "name": plan.name,
        "agency": lane["agency"],
        "status": LaneState(lane["state"]).value,
        "at": iso(lane.get("answered_at") or now),
    }
    document |= {key: value for key, value in (("code", answer.get("code")), ("text-zh", zh), ("text-en", en)) if value}
    if answer.get("facts"):
        document["fact"] = [{"name": name, "value": value} for name, value in answer["facts"].items()]
    if answer.get("items"):
        document["item"] = [_item(plan, item) for item in answer["items"]]
    return document


def _discreet(answer: Row) -> Row:
    """An answer whose reason nobody may hear: who is concerned and the state, and nothing else."""
    return {"items": answer.get("items", ())}


def _item(plan: LanePlan, item: dict[str, str]) -> Document:
    if not plan.answer.disclosed(item["code"]):
        item = item | {"code": "", "text": "", "path": ""}
    zh, en = plan.answer.explain(item["code"], item["text"])
    path = item["path"] or plan.answer.field(item["code"])
    every = (("kind", item["kind"]), ("ref", item["ref"]), ("status", item["status"]), ("code", item["code"]))
    texts = (("text-zh", zh), ("text-en", en), ("path", path))
    return {key: value for key, value in (*every, *texts) if value}
