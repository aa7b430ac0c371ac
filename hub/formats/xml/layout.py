"""The elements of any XML message, laid out along its XSD, so that choices, patterns and bounds are kept."""

from typing import Any

from lxml import etree
from xmlschema.validators import XsdAttribute, XsdElement, XsdGroup

from hub.schema.sampling import Extent, Sampling
from hub.schema.xsd_tree import is_signature, title
from hub.schema.xsd_values import value

_DEEPEST = 2  # how often a type that holds itself is entered, where it need not be


class Layout:
    """Builds the elements. Wildcards are left out, as a Schema leaves them out; signatures too, unless ``signed``."""

    def __init__(self, sampling: Sampling, *, signed: bool = False) -> None:
        self._sampling = sampling
        self._signed = signed

    def element(self, declared: XsdElement, above: tuple[int, ...] = ()) -> Any:
        """``declared`` with all below it; ``above`` are the types on the way from the root."""
        made: Any = etree.Element(declared.name)
        kind: Any = declared.type
        if declared.fixed is not None:
            made.text = declared.fixed
        elif kind.is_simple():
            made.text = value(kind, _title(declared), self._sampling)
        else:
            self._complex(made, declared, (*above, id(kind)))
        return made

    def _complex(self, made: Any, declared: XsdElement, above: tuple[int, ...]) -> None:
        kind: Any = declared.type
        for attribute in kind.attributes.values():
            if attribute.name is not None and self._wanted(attribute):
                fixed = attribute.fixed
                made.set(attribute.name, fixed or value(attribute.type, attribute.local_name, self._sampling))
        if kind.has_simple_content():
            made.text = value(kind.content, _title(declared), self._sampling)
        elif isinstance(kind.content, XsdGroup):
            self._group(made, kind.content, above)

    def _wanted(self, attribute: XsdAttribute) -> bool:
        low, high = (1, 1) if attribute.use == "required" else (0, 0 if attribute.use == "prohibited" else 1)
        return self._sampling.times(low, high) > 0

    def _group(self, made: Any, group: XsdGroup, above: tuple[int, ...]) -> None:
        particles = [one for one in group if self._signed or not isinstance(one, XsdElement) or not is_signature(one)]
        if group.model == "choice":
            self._choice(made, group, particles, above)
            return
        for _ in range(self._sampling.times(group.min_occurs, group.max_occurs)):
            for particle in particles:
                self._particle(made, particle, above, particle.min_occurs)

    def _choice(self, made: Any, group: XsdGroup, particles: list[Any], above: tuple[int, ...]) -> None:
        """One alternative each time; when a full sample has room for several, each of them."""
        alternatives = [one for one in particles if isinstance(one, XsdElement | XsdGroup)]
        times = self._sampling.times(group.min_occurs, group.max_occurs)
        if not alternatives or not times:
            return
        chosen = [self._sampling.one(alternatives) for _ in range(times)]
        if self._sampling.extent is Extent.FULL and (group.max_occurs is None or group.max_occurs >= len(alternatives)):
            chosen = alternatives
        for particle in chosen:
            self._particle(made, particle, above, max(particle.min_occurs, 1))

    def _particle(self, made: Any, particle: Any, above: tuple[int, ...], low: int) -> None:
        if isinstance(particle, XsdGroup):
            self._group(made, particle, above)
        elif isinstance(particle, XsdElement):
            again = above.count(id(particle.type)) >= _DEEPEST
            for _ in range(low if again else self._sampling.times(low, particle.max_occurs)):
                made.append(self.element(particle, above))


def _title(declared: XsdElement) -> str:
    return title(declared) or title(declared.type) or str(declared.local_name)
