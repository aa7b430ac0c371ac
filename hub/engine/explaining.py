"""Lineage of what was delivered. WRITE is pure, and a sealed plan names the very mapping: the same message, mapped once
more with its stories, says where each field came from. So lineage is kept by keeping what it follows from."""

from dataclasses import dataclass

from hub.engine.values import Unwritable, WriteJob
from hub.engine.world import World
from hub.engine.write import given, mapped
from hub.errors import SignatureInvalid
from hub.mapping.apply import Mapping
from hub.mapping.lineage import Lineage
from hub.model.partner import SignatureKind
from hub.security import xmldsig


@dataclass(frozen=True, slots=True)
class Explained:
    """The lineage of a delivery. ``same``: written again by that mapping, its content is what was sealed, so nothing
    else that it follows from (partners, schemas, the hub's own names) has changed since."""

    lines: tuple[Lineage, ...]
    same: bool


def explain(job: WriteJob, mapping: Mapping, sealed: bytes, world: World) -> Explained:
    """The lineage of what ``mapping`` wrote for ``job``; ``sealed`` are its bytes."""
    source = given(job, world)
    lines = mapping.explain(source.document, source.context, source.type)
    again = mapped(job, mapping, source, world)
    if isinstance(again, Unwritable):
        return Explained(lines, False)
    if again.sign is SignatureKind.XMLDSIG:
        content = _content(sealed, job, world)
        return Explained(
            lines, content is not None and content == _content(_signed(again.data, job, world), job, world)
        )
    return Explained(lines, again.data == sealed)


def _signed(data: bytes, job: WriteJob, world: World) -> bytes:
    return xmldsig.sign_canonical(data, world.signers[world.partners[job.partner].signature.key])


def _content(signed: bytes, job: WriteJob, world: World) -> bytes | None:
    """What the hub's present key signed; None when another did."""
    try:
        return xmldsig.verify(signed, world.signers[world.partners[job.partner].signature.key].certificate)
    except SignatureInvalid:
        return None
