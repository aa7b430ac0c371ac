"""The slow path: a segment read position by position, every departure from its table a located finding.

One value gets one finding, the gravest that applies; what can be read is read, whatever is wrong with it.
"""

import re
from collections.abc import Callable
from typing import Any

from hub.formats.edifact.notes import Note, Spot
from hub.formats.edifact.segments import Values, dated
from hub.formats.edifact.separators import Separators
from hub.formats.edifact.tables import ALPHABETIC, NUMERIC, Element, Leaf, SegmentTable
from hub.formats.remarks import Remarks
from hub.model.finding import Severity

ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO

_NUMBER = re.compile(r"-?(\d*)(?:([^\dE\-])(\d*))?(?:E-?\d+)?", re.ASCII)
_MARKS = ".,"

Place = tuple[int, int | None, int | None, int | None, str]
"""Where a value is: byte offset, element position, component position, repetition, path."""


class Scrutiny:
    """Reads the segments of one message (or envelope) by their tables.

    ``strict_repetition`` is False when ``*`` repeats only because no UNA says otherwise: real files hold plain
    asterisks then. ``own_codes`` is True for a message under an association's code (S009/0057): its code lists go
    beyond the UN's. ``real`` gives the offset of a place in a segment from which line breaks were taken away.
    """

    __slots__ = (
        "_clean",
        "_limit",
        "_number",
        "_own",
        "_unwrap",
        "_remarks",
        "_seen",
        "_separators",
        "_strict",
        "_tag",
        "_tail",
    )

    def __init__(
        self,
        separators: Separators,
        clean: Callable[[str], str],
        remarks: Remarks,
        *,
        version: str,
        strict_repetition: bool,
        own_codes: bool,
        limit: int,
        real: Callable[[int], int] | None = None,
    ) -> None:
        self._separators = separators
        self._clean = clean
        self._remarks = remarks
        self._tail = version < "4"
        self._strict = strict_repetition
        self._own = own_codes
        self._limit = limit
        self._unwrap = real
        self._seen: set[tuple[str, str]] = set()  # unlisted codes already warned about, by path
        self._number = 0
        self._tag = ""

    def begin(self) -> None:
        """The message is read once more from its beginning."""
        self._seen.clear()

    def segment(self, table: SegmentTable, text: str, number: int, offset: int, path: str) -> Values:
        """What ``text``, segment ``number`` of its message at byte ``offset``, says; ``path`` is the segment's own."""
        self._number, self._tag = number, table.tag
        parts = text.split(self._separators.element, self._limit + 1)
        if len(parts) > self._limit + 1:
            self._add("limit-elements", ERROR, (offset, self._limit + 1, None, None, path), limit=str(self._limit))
            parts.pop()
        self._head(parts[0], table.tag, offset, path)
        values: Values = {}
        at = offset + len(parts[0]) + 1
        for position, part in enumerate(parts[1:], 1):
            if part:
                element = self._at(table, position, at, path)
                if element is None:
                    self._excess(table, part, (at, position, None, None, path))
                    break
                slot = position - len(table.elements) if position > len(table.elements) else element.slot
                self._element(values, element, part, slot, (at, position, None, None, f"{path}/{element.key}"))
            at += len(part) + 1
        if len(parts) > 1 and not parts[-1]:
            self._add("trailing-separator", INFO, (at - 1, len(parts) - 1, None, None, path))
        self._missing(table, values, offset, path)
        for note in table.notes:
            spot = note.culprit(values)
            if spot is not None:
                self._depends(note, spot, (offset, spot.position, None, None, path))
        return values

    def _head(self, head: str, tag: str, offset: int, path: str) -> None:
        """The tag as written: blanks behind it, or the nesting indicators of syntax 1 to 3 (ISO 9735:1988 §9.2)."""
        if head != tag:
            key = "tag-blank" if head.strip() == tag else "tag-suffix"
            self._add(key, WARNING, (offset, None, None, None, path), written=self._shown(head))

    def _at(self, table: SegmentTable, position: int, at: int, path: str) -> Element | None:
        """The element at ``position``; before version 4 the last one's repetitions take positions of their own.

        Many a file says version 4 and still writes them so: understood, with a warning.
        """
        if position <= len(table.elements):
            return table.elements[position - 1]
        last = table.elements[-1] if table.elements else None
        if last is None or position - len(table.elements) >= last.repeats:
            return None
        if not self._tail:
            self._add("repetition-position", WARNING, (at, position, None, None, f"{path}/{last.key}"))
        return last

    def _excess(self, table: SegmentTable, part: str, spot: Place) -> None:
        self._add("element-excess", ERROR, spot, max=str(len(table.elements)), value=self._shown(part))

    def _missing(self, table: SegmentTable, values: Values, offset: int, path: str) -> None:
        for position, element in enumerate(table.elements, 1):
            if element.required and _lacks(values, element.key, element.many, element.slot):
                self._add("element-missing", ERROR, (offset, position, None, None, f"{path}/{element.key}"))

    def _element(self, values: Values, element: Element, part: str, slot: int, spot: Place) -> None:
        blank: Any = {} if element.composite else ""
        for repetition, piece, at in self._repetitions(element, part, spot):
            where = (at, spot[1], None, repetition, spot[4])
            if element.composite or element.leaf is None:
                value: Any = self._composite(element, piece, where)
            else:
                value = self._leaf(element.leaf, piece, where)
            if not value:
                continue
            if element.many:
                place(values, element.key, slot + (repetition or 1) - 1, value, blank)
            else:
                values.setdefault(element.key, value)

    def _repetitions(self, element: Element, part: str, spot: Place) -> list[tuple[int | None, str, int]]:
        """``part`` as its repetitions (number, text, offset); number None where nothing is repeated."""
        separator = self._separators.repetition
        if not separator or separator not in part:
            return [(None, part, spot[0])]
        if element.repeats == 1 and not self._strict:
            self._add("repetition-unreleased", WARNING, spot, separator=separator)
            return [(None, part, spot[0])]
        found: list[tuple[int | None, str, int]] = []
        at = spot[0]
        for number, piece in enumerate(part.split(separator, self._limit), 1):
            found.append((number, piece, at))
            at += len(piece) + 1
        if len(found) > element.repeats:
            self._add("element-repeats", ERROR, spot, max=str(element.repeats), count=str(len(found)))
        return found

    def _composite(self, element: Element, text: str, spot: Place) -> Values:
        parts = text.split(self._separators.component, self._limit)
        values: Values = {}
        at, _, _, repetition, path = spot
        for position, part in enumerate(parts, 1):
            where = (at, spot[1], position, repetition, path)
            if part and position > len(element.parts):
                self._add("component-excess", ERROR, where, max=str(len(element.parts)), value=self._shown(part))
                break
            if part:
                leaf = element.parts[position - 1]
                value = self._value(leaf, part, (*where[:4], f"{path}/{leaf.key}"), parts)
                if leaf.many:
                    place(values, leaf.key, leaf.slot, value, "")
                else:
                    values[leaf.key] = value
            at += len(part) + 1
        if len(parts) > 1 and not parts[-1]:
            self._add("trailing-separator", INFO, (at - 1, spot[1], len(parts), repetition, path))
        if values:
            self._needed(element, values, spot)
            if element.form_at >= 0 and not dated(element, parts):
                self._misdated(element, parts, spot)
            for note in element.notes:
                culprit = note.culprit(values)
                if culprit is not None:
                    self._depends(note, culprit, (spot[0], spot[1], culprit.position, repetition, path))
        return values

    def _misdated(self, element: Element, parts: list[str], spot: Place) -> None:
        """A date or time that is not of the form named beside it: told, and for the receiver to judge."""
        if self._problem(element.parts[element.moment_at], parts[element.moment_at]):
            return
        at, position, _, repetition, path = spot
        at += sum(len(part) + 1 for part in parts[: element.moment_at])
        forms, form = element.parts[element.form_at].codes or {}, parts[element.form_at]
        place = (at, position, element.moment_at + 1, repetition, f"{path}/{element.parts[element.moment_at].key}")
        wanted = f"{form} ({forms.get(form, '')})"
        self._add("value-date", WARNING, place, value=self._shown(parts[element.moment_at]), wanted=wanted)

    def _depends(self, note: Note, culprit: Spot, place: Place) -> None:
        """A dependency note is broken (ISO 9735-1 §11), at the position that should be used, or empty."""
        place = (*place[:4], f"{place[4]}/{culprit.key}")
        self._add(note.key, ERROR, place, first=note.first, others=note.others, rule=note.rule.value)

    def _needed(self, element: Element, values: Values, spot: Place) -> None:
        at, position, _, repetition, path = spot
        for component, leaf in enumerate(element.parts, 1):
            if leaf.required and _lacks(values, leaf.key, leaf.many, leaf.slot):
                self._add("component-missing", ERROR, (at, position, component, repetition, f"{path}/{leaf.key}"))

    def _leaf(self, leaf: Leaf, text: str, spot: Place) -> str:
        separator = self._separators.component
        if separator not in text:
            return self._value(leaf, text, spot, []) if text else ""
        first, _, rest = text.partition(separator)
        at = spot[0] + len(first) + 1
        if rest.strip(separator):
            self._add("component-excess", ERROR, (at, spot[1], 2, *spot[3:]), max="1", value=self._shown(rest))
        else:
            self._add("trailing-separator", INFO, (at - 1, spot[1], 1, *spot[3:]))
        return self._value(leaf, first, spot, []) if first else ""

    def _value(self, leaf: Leaf, text: str, spot: Place, beside: list[str]) -> str:
        value = text if text.isascii() else self._clean(text)
        problem = self._problem(leaf, value)
        if problem:
            key, wanted = problem
            self._add(key, ERROR, spot, value=self._shown(text), wanted=wanted, length=str(_length(leaf, value)))
        elif leaf.lists is not None and leaf.assigned(beside) in leaf.lists:
            listed = leaf.lists[leaf.assigned(beside)]
            if not listed.holds(value):
                self._add("value-list", ERROR, spot, value=self._shown(text), list=listed.title)
        elif leaf.codes is not None and value not in leaf.codes and not _assigned(leaf, beside):
            self._unlisted(leaf, value, text, spot)
        return value

    def _unlisted(self, leaf: Leaf, value: str, text: str, spot: Place) -> None:
        """A code that the UN's list lacks: an error, but under an association's code a warning, once for each code."""
        if not self._own:
            self._add("value-code", ERROR, spot, value=self._shown(text), list=leaf.tag)
        elif (spot[4], value) not in self._seen:
            self._seen.add((spot[4], value))
            self._add("value-code", WARNING, spot, value=self._shown(text), list=leaf.tag)

    def _problem(self, leaf: Leaf, value: str) -> tuple[str, str] | None:
        """The finding's key, and what was wanted, when ``value`` is not of the leaf's representation."""
        if leaf.kind == NUMERIC:
            problem = self._numeric(value)
            if problem:
                return problem, "n"
        elif leaf.kind == ALPHABETIC and any(char.isdigit() for char in value):
            return "value-type", "a"
        length = _length(leaf, value)
        if length > leaf.high:
            return "value-long", str(leaf.high)
        return ("value-short", str(leaf.low)) if length < leaf.low else None

    def _numeric(self, value: str) -> str | None:
        """ISO 9735-1 §10: digits, one decimal mark with a digit on both sides, a minus sign in front."""
        match = _NUMBER.fullmatch(value)
        if match is None or not value.strip("-"):
            return "value-type"
        whole, mark, fraction = match.groups()
        if mark is not None and mark not in _MARKS and mark != self._separators.decimal:
            return "value-type"
        if mark is not None and not fraction:
            return "value-decimal"
        return "value-digit" if not whole else None

    def _shown(self, text: str) -> str:
        """A value as findings quote it: never more than 70 characters of it."""
        value = self._clean(text[:200])
        value = value if value.isprintable() else value.encode("unicode_escape").decode("ascii")
        return value if len(value) <= 70 else f"{value[:69]}…"

    def _add(self, key: str, severity: Severity, spot: Any, **params: str) -> None:
        at, element, component, repetition, path = spot
        self._remarks.add(
            key,
            severity,
            at if self._unwrap is None else self._unwrap(at),
            segment=self._number,
            tag=self._tag,
            element=element,
            component=component,
            repetition=repetition,
            path=path,
            **params,
        )


def place(values: Values, key: str, index: int, value: Any, blank: Any) -> None:
    """Put ``value`` at ``index`` of the list ``values[key]``; places left out before it hold ``blank``."""
    items = values.setdefault(key, [])
    while len(items) <= index:
        items.append(blank if isinstance(blank, str) else dict(blank))
    items[index] = value


def _lacks(values: Values, key: str, many: bool, slot: int) -> bool:
    return key not in values or (many and not values[key][slot])


def _length(leaf: Leaf, value: str) -> int:
    """The length that counts: for a number without sign, decimal mark and exponent sign (ISO 9735-1 §10)."""
    return sum(char.isdigit() for char in value) if leaf.kind == NUMERIC else len(value)


def _assigned(leaf: Leaf, beside: list[str]) -> bool:
    """Whether the components behind a code give it to another list than the UN's own (1131 named, or 3055 not 6)."""
    return leaf.assigned(beside) not in (":", ":6")
