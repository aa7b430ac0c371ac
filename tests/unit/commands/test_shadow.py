"""Shadow replay: another version on the messages of the store; what differs is told by field, nothing is written."""

import json
from pathlib import Path

import pytest

from hub.commands import history
from hub.engine.write import given
from hub.mapping.loader import load
from hub.mapping.shadowing import WHOLE, Comparison, differences
from tests.unit.engine.hall import Hall, cuscar

ID = "manifest/cuscar-to-mt1401"


@pytest.fixture
def carried(hall: Hall) -> Hall:
    """A hub that has written three manifests for customs."""
    for number in "123":
        _, planned = hall.take(cuscar(number))
        hall.seal(hall.write(planned))
    return hall


def edition(hall: Hall, folder: Path, old: str, new: str) -> Path:
    """Another version of the mapping."""
    file = hall.world.mappings.root / f"{ID}.toml"
    text = file.read_text("utf-8")
    assert old in text
    made = folder / file.name
    made.write_text(text.replace(old, new), "utf-8")
    return made


def compared(hall: Hall, file: Path, last: int = 10) -> Comparison:
    present, new = hall.world.mappings.get(ID), load(file, hall.world.catalog)
    found = Comparison(ID, present.digest, new.digest)
    with hall.database.read() as connection:
        before = connection.exec_driver_sql("SELECT count(*), max(id) FROM deliveries").all()
        for row in history.mapped(connection, ID, present.digest, last):
            source = given(history.job(connection, hall.blobs, row), hall.world)
            said = (source.document, source.context, source.type)
            found.note(differences(row["id"], present, new, said, hall.world.catalog.get(present.target).root))
        assert connection.exec_driver_sql("SELECT count(*), max(id) FROM deliveries").all() == before
    return found


def test_the_same_mapping_gives_the_same(carried: Hall, tmp_path: Path) -> None:
    found = compared(carried, edition(carried, tmp_path, "# CUSCAR", "# The CUSCAR"))
    assert (found.messages, found.differing, found.fields) == (3, 0, {})
    assert found.unexpected([]) == []


def test_a_changed_row_is_told_by_field_with_values_and_count(carried: Hall, tmp_path: Path) -> None:
    row = '{ to = "Version",      const = "1.0"'
    file = edition(carried, tmp_path, f"{row} }}", f'{row}, when = "exists(CNT)" }}')
    found = compared(carried, file)
    assert (found.messages, found.differing) == (3, 3)
    (example, *_) = found.fields["Head/Version"].examples
    assert (found.fields["Head/Version"].count, example.before, example.after) == (3, "1.0", "")
    assert found.unexpected(["Head"]) == []
    assert found.unexpected(["Head/Versio"]) == ["Head/Version"]
    assert json.loads(json.dumps(found.as_json()))["fields"]["Head/Version"]["count"] == 3


def test_ordinals_are_counted_together_and_findings_differ_too(carried: Hall, tmp_path: Path) -> None:
    file = edition(
        carried, tmp_path, "{ to = \"TransportContractDocument/ID\",  from = \"RFF/1154\", required = true }",
        '{ to = "TransportContractDocument/ID",  from = "RFF/1156", required = true }',
    )  # fmt: skip
    found = compared(carried, file, last=2)
    assert found.messages == 2
    assert found.fields["Declaration/Consignment/TransportContractDocument/ID"].count == 2
    assert found.fields["(finding) mapping.missing"].examples[0].after.startswith("error at SG7")


def test_a_source_that_is_not_read_any_more_is_one_difference(carried: Hall, tmp_path: Path) -> None:
    file = edition(carried, tmp_path, '"edifact:D.05B:CUSCAR", "edifact:D.16B:CUSCAR"', '"edifact:D.05B:CUSCAR"')
    found = compared(carried, file)
    assert list(found.fields) == [WHOLE]
    assert found.fields[WHOLE].examples[0].after == "not read"


def test_only_what_the_present_version_wrote_is_compared(carried: Hall) -> None:
    with carried.database.read() as connection:
        assert history.mapped(connection, ID, "0" * 64, 10) == []
        digest = carried.world.mappings.get(ID).digest
        newest = history.mapped(connection, ID, digest, 2)
    assert [row["id"] for row in newest] == sorted((row["id"] for row in newest), reverse=True)
    assert len(newest) == 2
