"""What WRITE gives an outgoing message: its envelope, and the context that its mapping may ask. Both are made of the
few facts that a plan holds (its number, its time, its case) and of the configuration."""

from dataclasses import replace
from typing import Any

from hub.clock import moment
from hub.engine.world import World
from hub.mapping.apply import Context
from hub.model.message import Envelope, Syntax
from hub.model.partner import EdifactId, Partner, X12Id

CASE = ("id", "reference", "service")
"""What a plan holds of its case, in this order."""


def control_reference(number: int) -> str:
    """The interchange control reference (0020, ISA13) that says ``number``."""
    return f"{number:09d}"


def envelope(partner: Partner, number: int, at: int, world: World, syntax: Syntax = Syntax.EDIFACT) -> Envelope:
    """The envelope of the interchange ``number`` to ``partner``, prepared ``at`` (microseconds since the epoch)."""
    if syntax is Syntax.X12:
        x12 = world.x12_party(partner)
        return replace(_addressed(world.settings.hub.x12, x12.ids[0], number, at), test=x12.style.test)
    edifact = world.edifact_party(partner)
    own = _addressed(world.settings.hub.edifact, edifact.ids[0], number, at)
    return replace(own, syntax_id=edifact.style.syntax_id, syntax_version=edifact.style.syntax_version)


def _addressed(hub: EdifactId | X12Id, partner: EdifactId | X12Id, number: int, at: int) -> Envelope:
    return Envelope(
        sender=hub.id,
        sender_qualifier=hub.qualifier,
        recipient=partner.id,
        recipient_qualifier=partner.qualifier,
        control_ref=control_reference(number),
        prepared_at=moment(at).strftime("%Y%m%d%H%M"),
    )


def lane_context(delivery: str, plan: dict[str, Any], agency: Partner, world: World) -> Context:
    """What the mapping of a lane's message may ask."""
    trader = world.partners[plan["trader"]]
    receiver = {"name": plan["lane"], **_facts(agency, world)}
    return Context(_hub(delivery, plan, world), _facts(trader, world), receiver, _case(plan))


def reply_context(delivery: str, plan: dict[str, Any], trader: Partner, world: World) -> Context:
    """What the mapping of an answer to the trader may ask."""
    return Context(_hub(delivery, plan, world), _facts(trader, world), {}, _case(plan))


def _hub(delivery: str, plan: dict[str, Any], world: World) -> dict[str, Any]:
    hub = world.settings.hub
    return {"message-id": delivery, "now": plan["at"], "id": hub.edifact.id, "name": hub.name}


def _case(plan: dict[str, Any]) -> dict[str, Any]:
    """The case, and by the name of its lane what each agency has told."""
    return {**plan.get("told", {}), **dict(zip(CASE, plan["case"], strict=True))}


def _facts(partner: Partner, world: World) -> dict[str, str]:
    """What a mapping may ask about a partner; ``syntax`` (0001) tells which characters it can read."""
    syntax = world.edifact_party(partner).style.syntax_id
    titles = {"title-zh": partner.title.zh, "title-en": partner.title.en}
    return {"id": partner.id, "syntax": syntax, **titles, **partner.codes}
