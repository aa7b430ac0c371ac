"""The hub's own message types."""

import json
from pathlib import Path
from typing import Any

import pytest

from hub.errors import ConfigError, SchemaUnknown, WriteError
from hub.schema import internal
from hub.schema.catalog import Catalog
from hub.schema.model import DataType

STATUS: dict[str, Any] = {
    "case": "CS-1",
    "response": "DL-1",
    "service": "passengers",
    "reference": "R",
    "message-type": "PAXLST",
    "status": "open",
    "at": "2026-11-23T08:15:00Z",
}


def test_the_status_of_a_case_is_in_the_catalogue(catalog: Catalog) -> None:
    schema = catalog.get("internal:case-status")
    assert "internal:case-status" in catalog.ids()
    lane = schema.root.child("lane")
    assert lane is not None
    assert (lane.min, lane.max) == (0, 40)
    at = schema.root.child("at")
    assert at is not None
    assert at.type is DataType.DATETIME
    assert schema.codes["case"]["refused"] == "Refused"


@pytest.mark.parametrize("id_", ["internal:none", "internal:../codes/return-status", "internal:"])
def test_an_unknown_one_is_refused(id_: str, catalog: Catalog) -> None:
    with pytest.raises(SchemaUnknown):
        catalog.get(id_)


def test_a_document_of_the_right_shape(catalog: Catalog) -> None:
    schema = catalog.get("internal:case-status")
    document = STATUS | {"lane": [{"name": "n", "agency": "a", "status": "sent"}]}
    assert internal.parse(json.dumps(document).encode(), schema) == document


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"lane": {}}, "internal:case-status/lane is a list"),
        ({"lane": [{"name": "n", "agency": "a"}]}, r"internal:case-status/lane\[1\] lacks status; add it"),
        ({"lane": ["n"]}, r"internal:case-status/lane\[1\] is an object with name, agency"),
        ({"case": 1}, "internal:case-status/case is a text"),
        ({"colour": "red"}, "internal:case-status has no colour; remove it"),
    ],
)
def test_a_document_of_another_shape(change: dict[str, Any], problem: str, catalog: Catalog) -> None:
    with pytest.raises(WriteError, match=problem):
        internal.parse(json.dumps(STATUS | change).encode(), catalog.get("internal:case-status"))


def test_not_json(catalog: Catalog) -> None:
    with pytest.raises(WriteError, match="not a JSON document"):
        internal.parse(b"\xff{", catalog.get("internal:case-status"))


def test_a_wrong_file_names_its_line(tmp_path: Path) -> None:
    (tmp_path / "wrong.toml").write_text('[schema]\nsource = "x"\n[[field]]\nkey = "A B"\n', "utf-8")
    with pytest.raises(ConfigError) as caught:
        internal.load(tmp_path, "wrong")
    assert [problem.partition("wrong.toml:")[2].split(": ")[:2] for problem in caught.value.problems] == [
        ["1", "schema.title"],
        ["3", "field.0.title"],
        ["4", "field.0.key"],
    ]
