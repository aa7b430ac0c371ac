"""The slow path: one segment read element by element, and judged by pyx12. Its faults become located findings."""

import re
from typing import Any

from hub.formats.x12.remarks import Remarks, quoted
from hub.formats.x12.setting import Setting
from hub.formats.x12.steps import Position
from hub.formats.x12.tables import DECIMAL, INTEGER, Element, Leaf
from hub.formats.x12.validator import UNJUDGED, Fault, Validator
from hub.model.finding import Severity

ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO
Values = dict[str, Any]

_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_CONDITIONS = ("2", "10")
"""What pyx12 says of a broken syntax note; which note it was, the tables tell."""

_KEYS = {
    "1": "element-missing",
    "2": "condition",
    "4": "value-short",
    "5": "value-long",
    "7": "code-unknown",
    "8": "date-wrong",
    "9": "time-wrong",
    "10": "exclusion",
}


class Scrutiny:
    """Reads the segments of one transaction set, its remarks and its map at hand."""

    def __init__(self, setting: Setting, remarks: Remarks, validator: Validator) -> None:
        self._setting = setting
        self._remarks = remarks
        self._validator = validator

    def segment(self, position: Position, index: int, number: int) -> Values:
        """Segment ``index`` of the interchange, the ``number``-th of its set, as part of the Document."""
        reading = _Reading(self._setting, self._remarks, position, index, number)
        values = reading.values()
        if self._setting.judged >= self._setting.limits.judged:
            return values
        self._setting.judged += 1
        for repetition in range(reading.repetitions):
            faults = self._validator.segment(position.path, *reading.repeated(repetition))
            if repetition == 0 and any(fault.code in _CONDITIONS for fault in faults) and reading.conditions():
                faults = [fault for fault in faults if fault.code not in _CONDITIONS]
            faults += reading.headless(repetition, faults)
            for fault in faults:
                if repetition == 0 or reading.has(fault.element, repetition):
                    reading.fault(fault, repetition)
        if self._setting.judged == self._setting.limits.judged:
            self._remarks.add(
                "limit-judged", ERROR, self._setting.offset(index), segment=number, tag=position.tag,
                limit=str(self._setting.limits.judged),
            )  # fmt: skip
        return values


class _Reading:
    """One segment taken apart: for each element its repetitions, each a list of components."""

    def __init__(self, setting: Setting, remarks: Remarks, position: Position, index: int, number: int) -> None:
        self._setting = setting
        self._remarks = remarks
        self._position = position
        self._index = index
        self._number = number
        parts = setting.cut.texts[index].split(setting.separators.element, setting.limits.elements + 1)
        self._parts = [self._apart(at, part) for at, part in enumerate(parts[1:], 1)]
        if len(parts) > 1 and not parts[-1]:
            self._note("separators-trailing", INFO, len(parts) - 1)

    @property
    def repetitions(self) -> int:
        """How often the element that repeats most comes."""
        return max([1, *(len(repeats) for repeats in self._parts)])

    def has(self, element: int, repetition: int) -> bool:
        """Whether ``element`` comes so often."""
        return 0 < element <= len(self._parts) and repetition < len(self._parts[element - 1])

    def _element(self, at: int) -> Element | None:
        row = self._position.table.row
        return row[at - 1] if at <= len(row) else None

    def _apart(self, at: int, part: str) -> list[list[str]]:
        separators = self._setting.separators
        element = self._element(at)
        repeats = part.split(separators.repetition) if separators.repetition and element else [part]
        if element and len(repeats) > element.most:
            self._note("repetition-excess", ERROR, at, value=quoted(part), max=str(element.most), number=element.number)
        most = max(element.most, 1) if element else 1
        return [self._components(at, element, one) for one in repeats[: min(most, 1000)]]

    def _components(self, at: int, element: Element | None, text: str) -> list[str]:
        separator = self._setting.separators.component
        parts = text.split(separator, self._setting.limits.elements) if separator else [text]
        if element is None or element.leaf is not None:
            return [self._decoded(at, part) for part in parts]
        if len(parts) > len(element.parts):
            self._note(
                "component-excess", ERROR, at, len(element.parts) + 1, value=quoted(parts[len(element.parts)]),
                max=str(len(element.parts)), number=element.number,
            )  # fmt: skip
        elif len(parts) > 1 and not parts[-1]:
            self._note("separators-trailing", INFO, at, len(parts))
        return [self._decoded(at, part) for part in parts[: len(element.parts)]]

    def _decoded(self, at: int, text: str) -> str:
        if text.isascii():
            return text
        value, agreed = self._setting.decoded(text)
        if not agreed and self._setting.charset:
            self._note("value-encoding", ERROR, at, value=quoted(value), charset=self._setting.charset)
        return value

    def values(self) -> Values:
        """The segment's part of the Document. An element that its map does not have is left out."""
        found: Values = {}
        for element, repeats in zip(self._position.table.row, self._parts, strict=False):
            items = [self._value(element, components) for components in repeats]
            if element.many and any(items):
                found[element.key] = items
            elif items[0] and not element.many:
                found[element.key] = items[0]
        return found

    def _value(self, element: Element, components: list[str]) -> Any:
        if element.leaf is not None:
            return (self._setting.separators.component or ":").join(components)
        return {leaf.key: value for leaf, value in zip(element.parts, components, strict=False) if value}

    def repeated(self, repetition: int) -> tuple[list[str], list[list[str]]]:
        """Elements and components as pyx12 shall see them: those of one repetition, and where an element has not so
        many, its first. Letters that were agreed on stand in for what pyx12 does not know."""
        chosen = [repeats[min(repetition, len(repeats) - 1)] for repeats in self._parts]
        if self._setting.charset:
            chosen = [[_BEYOND_ASCII.sub("A", part) for part in parts] for parts in chosen]
        width = len(chosen)
        while width and chosen[width - 1] == [""]:
            width -= 1
        return [parts[0] for parts in chosen[:width]], chosen[:width]

    def headless(self, repetition: int, known: list[Fault]) -> list[Fault]:
        """What pyx12 overlooks: a composite that need not come, and comes without the component that it must have."""
        found = []
        for at, (element, repeats) in enumerate(zip(self._position.table.row, self._parts, strict=False), 1):
            components = repeats[min(repetition, len(repeats) - 1)]
            fault = Fault("1", at, 1)
            lacks = element.leaf is None and element.parts[0].required and not components[0] and any(components)
            if lacks and fault not in known:
                found.append(fault)
        return found

    def fault(self, fault: Fault, repetition: int) -> None:
        """The finding that a fault of pyx12's becomes."""
        element = self._element(fault.element) if fault.element else None
        leaf = self._leaf(element, fault.component)
        parts = self._parts[fault.element - 1] if 0 < fault.element <= len(self._parts) else []
        components = parts[min(repetition, len(parts) - 1)] if parts else []
        value = components[max(fault.component, 1) - 1] if len(components) >= max(fault.component, 1) else ""
        key = self._key(fault, element, leaf, components, value)
        if key == "composite-unexpected":
            value = (self._setting.separators.component or ":").join(components)
        number = leaf.number if leaf is not None else element.number if element is not None else ""
        self._note(
            key, ERROR, fault.element or None, fault.component or None,
            repetition + 1 if self.repetitions > 1 else None, value=quoted(value), number=number,
            **_bounds(key, leaf, len(self._position.table.row)),
        )  # fmt: skip

    def _key(self, fault: Fault, element: Element | None, leaf: Leaf | None, components: list[str], value: str) -> str:
        if fault.code == UNJUDGED:
            return "unjudged"
        if fault.code == "3":
            return "element-excess" if element is None else "component-excess"
        if fault.code != "6":
            return _KEYS.get(fault.code, "unjudged")
        if len(components) > 1 and fault.component == 0:
            return "composite-unexpected"
        if leaf is not None and leaf.kind in (INTEGER, DECIMAL):
            return "value-type"
        return "value-blanks" if value.endswith(" ") and self._setting.plain(value) else "value-character"

    def _leaf(self, element: Element | None, component: int) -> Leaf | None:
        if element is None or element.leaf is not None:
            return element.leaf if element is not None else None
        return element.parts[component - 1] if 0 < component <= len(element.parts) else None

    def conditions(self) -> int:
        """A finding for each syntax note that is broken, at the element that is missing or too much; how many."""
        present = sum(1 << at for at, parts in enumerate(self._parts, 1) if any(map(any, parts)))
        row = self._position.table.row
        broken = [note for note in self._position.table.notes if not note.holds(present)]
        for note in broken:
            there, lacking = _places(note.mask & present), _places(note.mask & ~present)
            key = "exclusion" if note.exclusive else "condition" if there else "choice"
            at = there[-1] if note.exclusive else lacking[0]
            names = ", ".join(row[place - 1].key for place in _places(note.mask))
            trigger = str(there[0]) if there else ""
            self._note(key, ERROR, at, elements=names, trigger=trigger, number=row[at - 1].number, value="")
        return len(broken)

    def _note(
        self,
        key: str,
        severity: Severity,
        element: int | None,
        component: int | None = None,
        repetition: int | None = None,
        **params: str,
    ) -> None:
        known = self._element(element) if element else None
        path = self._position.path if known is None else f"{self._position.path}/{known.key}"
        leaf = self._leaf(known, component) if known is not None and component else None
        self._remarks.add(
            key,
            severity,
            self._setting.offset(self._index, element, component, repetition),
            segment=self._number,
            tag=self._position.tag,
            element=element,
            component=component,
            repetition=repetition,
            path=path if leaf is None or leaf.key == (known.key if known else "") else f"{path}/{leaf.key}",
            **params,
        )


def _places(mask: int) -> list[int]:
    return [at for at in range(1, mask.bit_length()) if mask >> at & 1]


def _bounds(key: str, leaf: Leaf | None, width: int) -> dict[str, str]:
    """The bound that a finding is about."""
    if key == "element-excess":
        return {"max": str(width)}
    if leaf is None:
        return {}
    if key == "value-type":
        return {"type": leaf.type}
    return {"value-short": {"min": str(leaf.low)}, "value-long": {"max": str(leaf.high)}}.get(key, {})
