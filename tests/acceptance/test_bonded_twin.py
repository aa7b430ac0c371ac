"""Customs' twin answers what the hub sends it of bonded goods: list, pass and report, to the written-off ledger."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.clock import SECOND, now
from hub.engine.world import load_world
from hub.twins import start
from hub.twins.counter import Counter
from tests.acceptance import desk
from tests.acceptance.papers import Papers
from tests.acceptance.stage import Stage
from tests.unit.engine.hall import fresh, template


class Loop:
    """A hub and customs, each on its own side of the mailbox."""

    def __init__(self, home: Path, stage: Stage) -> None:
        self.stage = stage
        self.counter = Counter(start.agency(home, "customs", clock=self._clock), self._clock)
        self._sent = 0

    def _clock(self) -> int:
        return self.stage.hall.at

    def round(self, document: str, **changes: str) -> None:
        """The company sends a document; customs gets what comes of it, and its answers come back."""
        self.stage.come((self.stage.paper(document, "1", changes), "xiangbao"))
        hall = self.stage.hall
        for row in hall.deliveries("message")[self._sent :]:
            beside = [self.stage.bytes_of(one) for one in hall.deliveries("signature") if one["lane"] == row["lane"]]
            self.counter.hand(row["name"], self.stage.bytes_of(row), *beside)
            self._sent += 1
        hall.at += 60 * SECOND
        for reply in self.counter.collect():
            self.stage.come((reply.data, "customs"))
        assert self.counter.suspect == []


@pytest.fixture
def loop(tmp_path: Path) -> Iterator[Loop]:
    home = template(tmp_path / "home")
    (tmp_path / "hall").mkdir()
    hall = fresh(load_world(home), home, tmp_path / "hall")
    hall.at = now()
    stage = Stage(hall, Papers("bonded"))
    desk.grants(stage, "li", "10", "T4900W000001/1", "bonded-stock")
    desk.grants(stage, "li", "500", "T4900W000001/2", "bonded-stock")
    desk.grants(stage, "li", "200000.00", "BANKHN/G-2026-1", "guarantee")
    desk.on_file(stage, "guarantee", "BANKHN/G-2026-1", "xiangbao", "0", "365")
    yield Loop(home, stage)
    hall.database.close()


def test_a_list_its_pass_and_its_sales_go_through(loop: Loop) -> None:
    stage = loop.stage
    loop.round("list")
    assert stage.case("1")["state"] == "accepted"
    assert stage.account("bonded-stock", "T4900W000001/1") == ("2.00000", "0.00000")
    (number,) = set(re.findall(r"QD4900\d\dE\d{9}", "".join(one.texts for one in stage.heard("xiangbao", "1"))))
    loop.round("pass", rltNo=number)
    assert stage.account("bonded-stock", "T4900W000001/1") == ("0.00000", "2.00000")
    loop.round("sales", **{"QD490026E@NUMBER:9@": number})
    lane = stage.lane("sales", "1")
    assert lane is not None
    assert lane["state"] == "accepted"
    assert "<vrfdedMarkcd>3</vrfdedMarkcd>" in "".join(one.texts for one in stage.heard("xiangbao", "1"))
    assert stage.hall.verified()


def test_goods_that_may_not_be_shown(loop: Loop) -> None:
    loop.round("list", **{"gdsNm[2]": "禁止展示样品"})
    assert loop.stage.case("1")["state"] == "refused"
    assert loop.stage.account("bonded-stock", "T4900W000001/1") == ("0.00000", "0.00000")
