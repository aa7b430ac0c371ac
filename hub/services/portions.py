"""What a later document brings back of what was taken: its part of each line, and over all such documents never more
than the whole line."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import NamedTuple

from hub.model.finding import Finding
from hub.rules.values import difference, number, plain, product, shown, total
from hub.services.vocabulary import Facts, Find

_ROUNDING = Context(prec=200, rounding=ROUND_HALF_UP)


class Wrong(NamedTuple):
    """What is wrong with a line: the finding, and the path that it is about."""

    finding: Finding
    path: str


class _Line(NamedTuple):
    """A line that was taken: how much of it there was, and what it cost."""

    whole: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Portion:
    """The lines ``back`` of ``leg`` name lines of ``taken``, by the facts that are the ``same`` in both. Of the amount
    of such a line as much comes back as the quantity is of its whole (``share``: the fact here and there). ``events``
    are those at which it does; ``paths`` say where the facts of a line that comes back are read."""

    leg: str
    back: Find
    taken: Find
    same: tuple[tuple[str, str], ...]
    share: tuple[str, str]
    amount: str
    events: frozenset[str] = frozenset()
    refuse: str = ""
    paths: Mapping[str, str] | None = None

    def worth(self, facts: Facts, earlier: Sequence[Facts], scale: int) -> tuple[int, list[Wrong]]:
        """What the leg as it stands and the ``earlier`` ones bring back together, in units of ``scale`` decimals, each
        line rounded by itself; and what is wrong with the present one."""
        lines = {_key(line, [own for _, own in self.same]): line for line in reversed(self.taken(facts))}
        gone: dict[tuple[str, ...], Decimal] = defaultdict(Decimal)
        for before in earlier:
            for line in self.back({self.leg: before}):
                gone[self._named(line)] += number(_one(line, self.share[0])) or 0
        wrong = [one for one in self._add(facts, lines, gone) if one]
        return sum(self._units(lines[key], gone[key], scale) for key in gone if key in lines), wrong

    def _add(
        self, facts: Facts, lines: Mapping[tuple[str, ...], Facts], gone: dict[tuple[str, ...], Decimal]
    ) -> Iterator[Wrong | None]:
        """Count what comes back now; what is wrong with it."""
        back = self.back(facts)
        if not back:
            yield self._wrong("portion-unreadable", 1, self.share[0], value="–")
        for at, line in enumerate(back, 1):
            key, text = self._named(line), _one(line, self.share[0])
            quantity = number(text)
            if key not in lines:
                yield self._wrong("portion-unknown", at, self.same[0][0], line="/".join(map(shown, key)))
            elif quantity is None or quantity <= 0:
                yield self._wrong("portion-unreadable", at, self.share[0], value=shown(text))
            else:
                yield self._beyond(at, quantity, gone[key], lines[key])
                gone[key] = total((gone[key], quantity))

    def _beyond(self, at: int, quantity: Decimal, before: Decimal, line: Facts) -> Wrong | None:
        known = self._line(line)
        if known is None:
            return self._wrong("portion-unreadable", at, self.share[0], value=shown(_one(line, self.share[1])))
        left = difference(known.whole, before)
        if quantity <= left:
            return None
        told = {"value": plain(quantity), "left": plain(max(left, Decimal(0))), "whole": plain(known.whole)}
        return self._wrong("portion-beyond", at, self.share[0], **told)

    def _units(self, line: Facts, gone: Decimal, scale: int) -> int:
        known = self._line(line)
        if known is None or not known.whole:
            return 0
        value = _ROUNDING.divide(product((known.amount, min(gone, known.whole))), known.whole)
        return int(_ROUNDING.to_integral_value(value.scaleb(scale, _ROUNDING)))

    def _line(self, line: Facts) -> _Line | None:
        whole, amount = number(_one(line, self.share[1])), number(_one(line, self.amount))
        return _Line(whole, amount) if whole is not None and amount is not None and min(whole, amount) >= 0 else None

    def _named(self, line: Facts) -> tuple[str, ...]:
        return _key(line, [here for here, _ in self.same])

    def _wrong(self, key: str, at: int, fact: str, **params: str) -> Wrong:
        head, _, tail = (self.paths or {}).get(fact, fact).rpartition("/")
        path = f"{head}[{at}]/{tail}" if head else tail
        return Wrong(Finding(f"walk.{key}", params=tuple({"path": path, **params}.items())), path)


def _key(line: Facts, names: Sequence[str]) -> tuple[str, ...]:
    return tuple(_one(line, name) for name in names)


def _one(line: Facts, name: str) -> str:
    return str(next(iter(line.get(name, ())), ""))
