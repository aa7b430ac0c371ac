"""A person settles an item of the work list."""

from pathlib import Path

import pytest

from hub.commands.home import opened
from hub.commands.settle import settle
from hub.errors import HubError
from hub.ledger.journal import show
from hub.setup import make_home
from hub.store import work


@pytest.fixture
def home(tmp_path: Path) -> Path:
    for _ in make_home(tmp_path):
        pass
    item = {"id": "WK-1", "subject": "LN-1", "kind": "contradiction", "owner": "duty", "reason": "said two things"}
    other = item | {"id": "WK-2", "subject": "LN-2"}
    with opened(tmp_path) as found, found.database.write() as connection:
        work.add(connection, [item | {"opened_at": 1}, other | {"opened_at": 2}])
    return tmp_path


def test_closes_that_item_alone_and_records_who_and_why(home: Path) -> None:
    assert "WK-1 is settled by Li" in settle(home, "WK-1", "Li", "called customs")
    with opened(home) as found, found.database.read() as connection:
        assert [row["id"] for row in work.open_items(connection, 10)] == ["WK-2"]
        (entry,) = [recorded.entry for recorded in show(found.database) if recorded.entry.kind == "work.closed"]
    assert entry.facts["by"] == "Li"
    assert entry.facts["note"] == "called customs"


@pytest.mark.parametrize("item", ["WK-9", "LN-1"])
def test_what_is_not_open_cannot_be_settled(home: Path, item: str) -> None:
    with pytest.raises(HubError, match="no item"):
        settle(home, item, "Li", "")


def test_an_item_is_settled_once(home: Path) -> None:
    settle(home, "WK-1", "Li", "")
    with pytest.raises(HubError, match="no item"):
        settle(home, "WK-1", "Wang", "")
