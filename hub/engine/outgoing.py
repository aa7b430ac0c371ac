"""What WRITE gives an outgoing message: its envelope, and the context that its mapping may ask. Both are made of the
few facts that a plan holds (its number, its time, its case) and of the configuration."""

from typing import Any

from hub.clock import moment
from hub.engine.world import World
from hub.mapping.apply import Context
from hub.model.message import Envelope
from hub.model.partner import Partner

CASE = ("id", "reference", "service")
"""What a plan holds of its case, in this order."""


def control_reference(number: int) -> str:
    """The interchange control reference (0020) that says ``number``."""
    return f"{number:09d}"


def envelope(partner: Partner, number: int, at: int, world: World) -> Envelope:
    """The envelope of the interchange ``number`` to ``partner``, prepared ``at`` (microseconds since the epoch)."""
    hub = world.settings.hub.edifact
    party = world.edifact_party(partner)
    return Envelope(
        sender=hub.id,
        sender_qualifier=hub.qualifier,
        recipient=party.ids[0].id,
        recipient_qualifier=party.ids[0].qualifier,
        control_ref=control_reference(number),
        prepared_at=moment(at).strftime("%Y%m%d%H%M"),
        syntax_id=party.style.syntax_id,
        syntax_version=party.style.syntax_version,
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


def _case(plan: dict[str, Any]) -> dict[str, str]:
    return dict(zip(CASE, plan["case"], strict=True))


def _facts(partner: Partner, world: World) -> dict[str, str]:
    """What a mapping may ask about a partner; ``syntax`` (0001) tells which characters it can read."""
    syntax = world.edifact_party(partner).style.syntax_id
    titles = {"title-zh": partner.title.zh, "title-en": partner.title.en}
    return {"id": partner.id, "syntax": syntax, **titles, **partner.codes}
