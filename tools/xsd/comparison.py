"""Two XSDs of one message, tried with the same documents: what one accepts and the other refuses is a difference."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree
from xmlschema.validators import XsdElement

from hub.formats.xml.layout import Layout
from hub.schema.sampling import Extent, Sampling
from tools.xsd.mutations import Mutant, mutants


@dataclass(frozen=True, slots=True)
class Side:
    """One XSD: the message's root element in xmlschema's model, and libxml2's verdict."""

    name: str
    root: XsdElement
    validator: etree.XMLSchema


@dataclass(frozen=True, slots=True)
class Difference:
    """A document that only ``accepted_by`` accepts, and why the other refuses it."""

    what: str
    where: str
    accepted_by: str
    reason: str


@dataclass(slots=True)
class Outcome:
    """What came of one message."""

    documents: int = 0
    accepted: int = 0
    differences: list[Difference] = field(default_factory=list)
    unsound: list[str] = field(default_factory=list)  # generated from a side as valid, and refused by it


def compare(sides: tuple[Side, Side], *, random: int = 4, seed: int = 0) -> Outcome:
    """Documents from either side, sound (minimal, full, ``random`` others) and with every fault, judged by both."""
    outcome = Outcome()
    for side in sides:
        for what, root in sound(side, random, seed):
            if not side.validator.validate(root):
                outcome.unsound.append(f"{what} of {side.name}: {_reason(side)}")
            _judge(Mutant(what, "/", root), sides, outcome)
            for mutant in mutants(root, side.root) if what.startswith(("full", "random 0")) else ():
                _judge(mutant, sides, outcome)
    return outcome


def sound(side: Side, random: int, seed: int) -> Iterator[tuple[str, Any]]:
    """Documents that ``side`` should accept: with nothing optional, with everything, and by the dice."""
    for extent in (Extent.MINIMAL, Extent.FULL):
        yield extent.value, _laid_out(side, Sampling(extent, seed))
    for number in range(random):
        yield f"random {number}", _laid_out(side, Sampling(Extent.VARIED, f"{seed}:{number}"))


def kinds(differences: list[Difference]) -> Counter[tuple[str, str]]:
    """How often each kind of fault is judged differently, and by whom it is accepted."""
    return Counter((one.what, one.accepted_by) for one in differences)


def _laid_out(side: Side, sampling: Sampling) -> Any:
    made = Layout(sampling, signed=True).element(side.root)
    for number, element in enumerate(made.xpath("//*[@Id]")):  # an Id comes once (XML Schema 1.0 part 1, §3.15.4)
        element.set("Id", f"ID{number}")
    return made


def _judge(mutant: Mutant, sides: tuple[Side, Side], outcome: Outcome) -> None:
    verdicts = [side.validator.validate(mutant.root) for side in sides]
    outcome.documents += 1
    outcome.accepted += all(verdicts)
    if verdicts[0] != verdicts[1]:
        accepting, refusing = sides if verdicts[0] else sides[::-1]
        outcome.differences.append(Difference(mutant.what, mutant.where, accepting.name, _reason(refusing)))


def _reason(side: Side) -> str:
    log: Any = side.validator.error_log
    return str(log[0].message)[:300] if len(log) else ""
