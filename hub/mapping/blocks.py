"""Compiles a block to one closure: for each group of the source, make an item, fill it by its rows, put it in place."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from hub.mapping.access import choose, hop_tests, slot
from hub.mapping.conditions import Test
from hub.mapping.joins import join, joins
from hub.mapping.resolve import Chain, Hop, Route
from hub.mapping.rows import RunRow, Teller
from hub.mapping.run import BudgetSpent, Frame
from hub.mapping.targets import Reach

RunBlock = Callable[[Frame, dict[str, Any]], bool]
"""Writes into the item that the block stands in; True when something that came from the source was written."""
Loop = Callable[[Frame], Iterator[None]]
"""Sets the frame to each group in turn."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a block writes: under ``parent`` (None: the item itself) at ``key``, a list when ``many``. ``above`` are
    the keys down to the parent."""

    parent: Reach | None
    above: tuple[str, ...]
    key: str
    many: bool
    most: int | None


def loop(found: Route, chain: Chain) -> Loop:
    """The loop over what a route leads to; every step of it has its own slot in the frame. ``chain`` is where the block
    stands, which ``$here`` in a filter means."""
    return _hop(found.hops, slot(found.chain), chain)


def _hop(hops: tuple[Hop, ...], at: int, chain: Chain) -> Loop:
    items = _items(hops[0], at, chain)
    if len(hops) == 1:

        def last(frame: Frame) -> Iterator[None]:
            for item in items(frame):
                if item:
                    frame[at + 1] = item
                    yield

        return last
    inner = _hop(hops[1:], at + 1, chain)

    def outer(frame: Frame) -> Iterator[None]:
        for item in items(frame):
            frame[at + 1] = item
            yield from inner(frame)

    return outer


def _items(hop: Hop, at: int, chain: Chain) -> Callable[[Frame], list[Any]]:
    if joins(hop):
        return join(hop, at, chain)
    if hop.repeated:
        chosen = choose(hop)
        return lambda frame: chosen(frame[at])
    key, tests = hop.node.key, hop_tests(hop)

    def alone(frame: Frame) -> list[Any]:
        item = frame[at].get(key)
        return [item] if item and all(test(item) for test in tests) else []

    return alone


def keeping(block: RunBlock, first: int, last: int) -> RunBlock:
    """A block whose loop starts further out than where it stands: the slots of the loops around it are put back."""

    def run(frame: Frame, out: dict[str, Any]) -> bool:
        held = frame[first:last]
        try:
            return block(frame, out)
        finally:
            frame[first:last] = held

    return run


def repeated(
    groups: Loop, when: Test | None, rows: Sequence[RunRow], blocks: Sequence[RunBlock], place: Place, teller: Teller
) -> RunBlock:
    """A block with ``each``: one item for every group that ``when`` lets through."""
    attach = _attach(place, teller)

    def run_block(frame: Frame, out: dict[str, Any]) -> bool:
        run = frame[0]
        ordinals = run.ordinals
        ordinals.append(1)
        written = False
        for _ in groups(frame):
            run.left -= 1
            if run.left < 0:
                raise BudgetSpent
            if when is not None and not when(frame):
                continue
            item: dict[str, Any] = {}
            for row in rows:
                row(frame, item)
            for block in blocks:
                block(frame, item)
            if item:
                written = True
                attach(frame, out, item)
                ordinals[-1] += 1
        ordinals.pop()
        return written

    return run_block


def once(
    when: Test | None,
    rows: Sequence[RunRow],
    blocks: Sequence[RunBlock],
    place: Place | None,
    teller: Teller,
    constants: bool,
) -> RunBlock:
    """A block without ``each``: one item, left out when only constants would stand in it (unless ``constants``: it has
    nothing else, or a ``when`` asked for it). Without a place it writes into the item that it stands in."""
    attach = None if place is None else _attach(place, teller)

    def run_block(frame: Frame, out: dict[str, Any]) -> bool:
        if when is not None and not when(frame):
            return False
        item = _standing(place, out)
        new = item is None
        if item is None:
            item = {}
        written = False
        for row in rows:
            written |= row(frame, item)
        for block in blocks:
            written |= block(frame, item)
        if new and attach is not None and item and (written or constants):
            attach(frame, out, item)
        return written

    return run_block


def _standing(place: Place | None, out: dict[str, Any]) -> dict[str, Any] | None:
    """The item that is already there, where a block does not make a new one."""
    if place is None:
        return out
    if place.many:
        return None
    here: Any = out
    for key in (*place.above, place.key):
        here = here.get(key)
        if isinstance(here, list):
            here = here[0] if here else None
        if here is None:
            return None
    standing: dict[str, Any] = here
    return standing


Attach = Callable[[Frame, dict[str, Any], dict[str, Any]], None]


def _attach(place: Place, teller: Teller) -> Attach:
    parent, key, most = place.parent, place.key, place.most
    if not place.many:
        return _attach_one(place, teller)

    def attach(frame: Frame, out: dict[str, Any], item: dict[str, Any]) -> None:
        if parent is not None:
            out = parent(out)
        items = out.get(key)
        if items is None:
            out[key] = [item]
        elif most is None or len(items) < most:
            items.append(item)
        else:
            teller.tell(frame, "too-many", bound=str(most))

    return attach


def _attach_one(place: Place, teller: Teller) -> Attach:
    parent, key = place.parent, place.key

    def attach(frame: Frame, out: dict[str, Any], item: dict[str, Any]) -> None:
        if parent is not None:
            out = parent(out)
        if key in out:
            teller.tell(frame, "too-many", bound="1")
        else:
            out[key] = item

    return attach


def depth(chain: Chain, found: Route | None) -> int:
    """How many slots of the frame a block needs."""
    return slot(chain) + 1 if found is None else slot(found.chain) + len(found.hops) + 1
