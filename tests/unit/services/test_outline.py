"""A service told and drawn: nothing that it has is left out."""

from pathlib import Path

import pytest
from lxml import etree

from hub.commands.servicefiles import services_of
from hub.model.finding import Language
from hub.services.drawing import svg
from hub.services.outline import in_order, outline, span
from hub.services.service import Service

SERVICES = services_of(Path(__file__).parents[3] / "mappings", Path("/nowhere")).by_id


@pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES)
@pytest.mark.parametrize("language", Language)
def test_every_part_is_told_and_drawn(service: Service, language: Language) -> None:
    told = "\n".join(outline(service, language))
    drawn = etree.fromstring(svg(service, language).encode())
    ids = {element.get("id") for element in drawn.iter("{*}g")}
    for leg in service.legs:
        assert f"{leg.name}" in told
        assert f"leg {leg.name}" in ids
    for lane in service.lanes:
        assert f"{lane.name} (" in told
        assert f"by {lane.name}" in ids
    for check in service.checks:
        assert f"{check.rule}: " in told
    for posting in service.postings:
        assert posting.name in told
    assert (service.title.zh if language is Language.ZH else service.title.en) in told


@pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES)
def test_boxes_do_not_overlap_and_lie_within(service: Service) -> None:
    drawn = etree.fromstring(svg(service, Language.EN).encode())
    boxes = [tuple(int(box.get(name)) for name in ("x", "y", "width", "height")) for box in drawn.iter("{*}rect")]
    width, height = int(drawn.get("width")), int(drawn.get("height"))
    for number, (x, y, wide, high) in enumerate(boxes):
        assert 0 <= x <= x + wide <= width
        assert 0 <= y <= y + high <= height
        for other_x, other_y, _, _ in boxes[number + 1 :]:
            assert abs(x - other_x) >= wide or abs(y - other_y) >= high


def test_a_lane_comes_behind_those_that_it_waits_for() -> None:
    for service in SERVICES.values():
        names = [lane.name for lane in in_order(service)]
        for lane in service.lanes:
            before = [event.partition(".")[0] for event in lane.after]
            assert all(names.index(one) < names.index(lane.name) for one in before if one in names)


@pytest.mark.parametrize(("micros", "text"), [(90_000_000, "90s"), (86_400_000_000, "1d"), (7_200_000_000, "2h")])
def test_times_are_told_as_they_are_written(micros: int, text: str) -> None:
    assert span(micros) == text
