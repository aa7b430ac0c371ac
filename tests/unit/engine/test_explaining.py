"""Lineage of what was delivered: by the version that wrote it, and checked against the sealed bytes."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from hub.commands import history
from hub.engine import explaining
from hub.engine.rows import Row
from hub.errors import HubError
from hub.mapping.lineage import Seen
from hub.mapping.loader import Mappings
from tests.unit.engine.hall import Hall, cuscar, paxlst, says


def explained(hall: Hall, row: Row) -> explaining.Explained:
    with hall.database.read() as connection:
        sealed = history.sealed(connection, row["id"])
        work, data = history.job(connection, hall.blobs, sealed), history.content(hall.blobs, sealed)
    return explaining.explain(work, hall.world.mappings.get(sealed["plan"]["mapping"]), data, hall.world)


@pytest.mark.parametrize(("data", "partner"), [(cuscar("1"), "customs"), (paxlst("1"), "quarantine")])
def test_the_lineage_of_a_delivery_follows_from_what_is_kept(hall: Hall, data: bytes, partner: str) -> None:
    _, planned = hall.take(data)
    hall.seal(hall.write(planned))
    (row,) = [row for row in hall.deliveries("message") if row["partner"] == partner]
    found = explained(hall, row)
    assert found.same
    assert len(found.lines) > 10
    assert all(line.line and len(line.digest) == 64 for line in found.lines)
    assert any(line.seen == (Seen("$hub/message-id", row["id"]),) for line in found.lines) or partner == "quarantine"


def test_the_answer_to_the_trader_has_lineage_too(hall: Hall) -> None:
    _, planned = hall.take(cuscar("1"))
    hall.seal(hall.write(planned))
    hall.answer("customs", says("manifest", "customs", hall.keys()["customs"], "accepted"))
    (answer,) = hall.deliveries("answer")
    hall.seal(hall.write([hall.plan(answer["id"])]))
    found = explained(hall, answer)
    assert found.same
    assert found.lines[0].mapping == "common/status-to-cusres"


def test_the_plan_the_ledger_and_the_lineage_name_one_version(hall: Hall) -> None:
    _, planned = hall.take(cuscar("1"))
    hall.seal(hall.write(planned))
    (row,) = hall.deliveries("message")
    digest = hall.world.mappings.get("manifest/cuscar-to-mt1401").digest
    assert hall.plan(row["id"])["plan"]["digest"] == digest
    assert [entry.facts["mapping"] for entry in hall.entries("sealed") if entry.facts["delivery"] == row["id"]] == [
        digest
    ]
    assert {line.digest for line in explained(hall, row).lines} == {digest}


def test_what_a_newer_version_wrote_says_so(hall: Hall, tmp_path: Path) -> None:
    """The configuration changed after the plan was made, before the bytes were."""
    _, planned = hall.take(cuscar("1"))
    before = hall.world
    folder = tmp_path / "mappings"
    shutil.copytree(before.mappings.root, folder)
    file = folder / "manifest" / "cuscar-to-mt1401.toml"
    file.write_text(file.read_text("utf-8") + "# another edition\n", "utf-8")
    hall.world = replace(before, mappings=Mappings(folder, before.catalog))
    hall.seal(hall.write(planned))
    (row,) = hall.deliveries("message")
    written = hall.world.mappings.get("manifest/cuscar-to-mt1401").digest
    assert written != before.mappings.get("manifest/cuscar-to-mt1401").digest
    assert hall.plan(row["id"])["plan"]["digest"] == written
    assert explained(hall, row).same


def test_a_changed_partner_is_told(hall: Hall) -> None:
    _, planned = hall.take(cuscar("1"))
    hall.seal(hall.write(planned))
    (row,) = hall.deliveries("message")
    configuration = hall.world.configuration
    customs = configuration.partners["customs"]
    moved = replace(customs, codes={**customs.codes, "customs-id": "MOVED"})
    partners = {**configuration.partners, "customs": moved}
    hall.world = replace(hall.world, configuration=replace(configuration, partners=partners))
    assert not explained(hall, row).same


def test_what_no_mapping_wrote_has_no_lineage(hall: Hall) -> None:
    _, planned = hall.take(paxlst("1"))
    hall.seal(hall.write(planned))
    relayed = next(row for row in hall.deliveries("message") if row["partner"] == "border")
    with hall.database.read() as connection:
        with pytest.raises(HubError, match="no mapping|not written by a mapping"):
            history.sealed(connection, relayed["id"])
        with pytest.raises(HubError, match="there is no delivery"):
            history.sealed(connection, "DL-NOBODY")
