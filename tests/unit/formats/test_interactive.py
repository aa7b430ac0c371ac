"""Interactive messages in JSON: what UIH says of the type may be left out, and its reference."""

import json
from pathlib import Path

import pytest

from hub.formats.convert import convert
from hub.formats.read import read
from hub.model.form import Form
from hub.schema.catalog import Catalog

CATALOG = Catalog(Path(__file__).parents[3] / "schemas")
TYPE = "edifact:D.97A:RESREQ"


def _said(header: dict[str, object]) -> bytes:
    return json.dumps({"type": TYPE, "document": {"UIH": header}}).encode()


@pytest.mark.parametrize(
    ("header", "written"),
    [
        ({}, b"UIH+RESREQ:D:97A+1'UIT+1+2'"),
        ({"0340": "R" * 35}, b"UIH+RESREQ:D:97A+" + b"R" * 35 + b"'UIT+" + b"R" * 35 + b"+2'"),
        ({"S306": {"0057": "IATA"}}, b"UIH+RESREQ:D:97A:::IATA+1'UIT+1+2'"),
    ],
)
def test_json_becomes_edifact(header: dict[str, object], written: bytes) -> None:
    reading = read(_said(header), CATALOG)
    assert reading.all_findings() == ()
    assert written in convert(reading.interchanges, Form.EDIFACT, CATALOG)


def test_another_type_in_the_header_is_told() -> None:
    (found,) = read(_said({"S306": {"0054": "97B"}}), CATALOG).all_findings()
    assert (found.code, found.place.path) == ("form.other-type", "/document/UIH/S306")
