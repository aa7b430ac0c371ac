"""Customs answers bonded lists, release passes (twice: approved, then through the gate) and sales reports."""

import re
from pathlib import Path
from typing import Any

import pytest

from hub.formats.read import read
from hub.security import cms, xmldsig
from hub.setup import make_home
from tests.unit.twins.desk_of_customs import Customs

PAPERS = Path(__file__).resolve().parents[2] / "acceptance" / "scenarios" / "bonded"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    list(make_home(home))
    return home


@pytest.fixture
def customs(home: Path) -> Customs:
    return Customs(home)


def paper(name: str, list_number: str = "") -> bytes:
    """A paper of the scenarios, number 1; ``list_number``: the number that customs gave the list."""
    text = (PAPERS / name).read_text("utf-8")
    text = re.sub(r"^ *\?.*\n", "", text, flags=re.M)
    text = re.sub(r"QD490026E@NUMBER:9@", list_number or "QD490026E000000009", text)
    text = re.sub(r"@NUMBER(:\d+)?@", "1", text)
    return text.replace("@GUID@", "0000000A-1111-2222-3333-44444444444A").encode()


def said(customs: Customs) -> list[dict[str, Any]]:
    """What customs says by now: for each answer its type, and what is in it below the envelope."""
    found = []
    for reply in customs.counter.collect():
        reading = read(xmldsig.verify(reply.data, customs.own), customs.catalog, verified=True)
        assert reading.valid, (reply.name, reading.all_findings())
        message = reading.interchanges[0].messages[0]
        document = message.document or {}
        (inner,) = document["DataInfo"]["BussinessData"].values() if "DataInfo" in document else (document,)
        found.append({"type": message.type.rpartition(":")[2], **inner})
    return found


def results(items: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(item["type"], item["HdeApprResult"]["manageResult"]) for item in items]


def test_a_list_a_pass_and_the_gate(customs: Customs) -> None:
    customs.send(paper("list.xml"))
    customs.later(1)
    items = said(customs)
    assert results(items) == [("INV201", "Y"), ("INV201", "1")]
    number = items[-1]["HdeApprResult"]["businessId"]
    assert re.fullmatch(r"QD490026E\d{9}", number)
    customs.send(paper("pass.xml", number))
    approved = said(customs)
    customs.later(1)
    passed = said(customs)
    assert results(approved + passed) == [("SAS221", "1"), ("SAS223", "1")]
    assert [item["SasPassportBsc"]["stucd"] for item in approved + passed] == ["1", "2"]
    assert approved[0]["SasPassportBsc"]["passportNo"] == passed[0]["SasPassportBsc"]["passportNo"]


def test_a_pass_for_a_list_that_customs_does_not_know_and_a_list_twice(customs: Customs) -> None:
    customs.send(paper("pass.xml"))
    assert results(said(customs)) == [("SAS221", "Z")]
    for _ in range(2):
        customs.send(paper("list.xml"))
        customs.later(1)
    assert results(said(customs)) == [("INV201", "Y"), ("INV201", "1"), ("INV201", "Z")]


def test_a_sales_report_is_signed_beside_and_answered_in_xml(customs: Customs) -> None:
    data = paper("sales.edi").replace(b"@CONTROL@", b"77")
    customs.counter.hand("DL-9.edi", data, cms.sign(data, customs.hub))
    (answer,) = said(customs)
    assert (answer["type"], answer["StatusCode"], answer["Reference"]) == ("AgencyAnswer", "800", "S1")
    customs.counter.hand("DL-8.edi", data)
    assert [name for name, _ in customs.counter.suspect] == ["DL-8.edi"], "what is not signed is not answered"
