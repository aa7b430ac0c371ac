"""A service drawn as SVG: its legs on the left, what they must pass in the middle, its lanes on the right, each behind
those that it waits for."""

from collections.abc import Iterator
from html import escape
from typing import NamedTuple

from hub.model.finding import Language
from hub.services.outline import depth, kinds, said, span
from hub.services.service import LanePlan, Service

_WIDE, _HIGH, _GAP_X, _GAP_Y, _EDGE, _LINE = 230, 58, 70, 22, 24, 17
_SIGNS = 36  # of a line; what is longer is cut
_FILLS = {"leg": "#e8f0fe", "gate": "#fef7e0", "lane": "#e6f4ea", "copy": "#f1f3f4", "consent": "#fce8e6"}


class Box(NamedTuple):
    """A box of the drawing: ``column`` from the left, ``row`` from the top."""

    id: str
    kind: str
    column: int
    row: int
    lines: tuple[str, ...]

    @property
    def left(self) -> int:
        """Its left side, in pixels."""
        return _EDGE + self.column * (_WIDE + _GAP_X)

    @property
    def top(self) -> int:
        """Its upper side."""
        return _EDGE + self.row * (_HIGH + _GAP_Y)


def svg(service: Service, language: Language) -> str:
    """The drawing, a whole SVG document."""
    boxes = list(_boxes(service, language))
    width = max(box.left for box in boxes) + _WIDE + _EDGE
    height = max(box.top for box in boxes) + _HIGH + _EDGE + _LINE
    title = escape(f"{service.id}: {said(service.title, language)}")
    by_id = {box.id: box for box in boxes}
    body = [_arrow(by_id[one], by_id[other], label) for one, other, label in _edges(service)]
    body += [_drawn(box) for box in boxes]
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    return "\n".join(
        [f'{head} font-family="sans-serif" font-size="12">', f"<title>{title}</title>", _TIP, *body, "</svg>\n"]
    )


_TIP = (
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
    '<path d="M0 0L8 4L0 8z" fill="#5f6368"/></marker></defs>'
)


def _boxes(service: Service, language: Language) -> Iterator[Box]:
    for row, leg in enumerate(service.legs):
        heard = ", ".join(kinds(service, leg.name))
        lines = (leg.name, f"from {', '.join(sorted(leg.roles))}", f"hears {heard}" if heard else "")
        yield Box(f"leg {leg.name}", "leg", 0, row, lines)
    checks = f"{len(service.checks)} checks, {len(service.postings)} balances"
    within = f"within {span(service.match.within)}" if service.match.within else ""
    yield Box("gate", "gate", 1, 0, (" + ".join(service.match.legs), within, checks))
    for row, consent in enumerate(service.consents, 1):
        lines = (said(consent.title, language), f"{consent.persons} to approve", f"within {span(consent.within)}")
        yield Box(f"by {consent.name}", "consent", 1, row, lines)
    rows: dict[int, int] = {}
    for lane in service.lanes:
        column = 2 + depth(service, lane)
        row = rows.get(column, 0)
        rows[column] = row + 1
        yield Box(f"by {lane.name}", "copy" if lane.copy else "lane", column, row, _lane(lane, language))


def _lane(lane: LanePlan, language: Language) -> tuple[str, ...]:
    how = "is told" if lane.copy else f"answers within {span(lane.within)}"
    return f"{lane.name}: {said(lane.title, language)}", ", ".join(part.leg for part in lane.parts), how


def _edges(service: Service) -> Iterator[tuple[str, str, str]]:
    for name in service.match.legs:
        yield f"leg {name}", "gate", ""
    for consent in service.consents:
        yield "gate", f"by {consent.name}", ""
    named = {lane.name for lane in service.lanes} | {consent.name for consent in service.consents}
    for lane in service.lanes:
        events = [event for event in lane.after if event.partition(".")[0] in named]
        for event in events:
            yield f"by {event.partition('.')[0]}", f"by {lane.name}", event.partition(".")[2]
        if lane.leg not in service.match.legs:
            yield f"leg {lane.leg}", f"by {lane.name}", ""
        elif not events:
            yield "gate", f"by {lane.name}", ""


def _arrow(one: Box, other: Box, label: str) -> str:
    x1, y1, x2, y2 = one.left + _WIDE, one.top + _HIGH // 2, other.left, other.top + _HIGH // 2
    if one.column == other.column:
        x1, y1, x2, y2 = one.left + _WIDE // 2, one.top + _HIGH, other.left + _WIDE // 2, other.top
    bend = (x1 + x2) // 2
    path = (
        f'<path d="M{x1} {y1}C{bend} {y1} {bend} {y2} {x2} {y2}" fill="none" stroke="#5f6368" marker-end="url(#tip)"/>'
    )
    text = f'<text x="{bend}" y="{(y1 + y2) // 2 - 4}" text-anchor="middle" fill="#5f6368">{escape(label)}</text>'
    return path + (text if label else "")


def _drawn(box: Box) -> str:
    frame = f'<rect x="{box.left}" y="{box.top}" width="{_WIDE}" height="{_HIGH}" rx="6" stroke="#5f6368"'
    lines = [line if len(line) <= _SIGNS else f"{line[: _SIGNS - 1]}…" for line in box.lines if line]
    texts = "".join(_text(box, number, line) for number, line in enumerate(lines, 1))
    return f'<g id="{escape(box.id)}">{frame} fill="{_FILLS[box.kind]}"/>{texts}</g>'


def _text(box: Box, number: int, line: str) -> str:
    weight = ' font-weight="bold"' if number == 1 else ""
    return f'<text x="{box.left + 10}" y="{box.top + _LINE * number}"{weight}>{escape(line)}</text>'
