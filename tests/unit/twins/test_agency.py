"""What agencies answer: valid by their schemas, signed, and naming the message that they answer."""

from pathlib import Path
from typing import Any

import pytest

from hub.formats.csv import writer as csv
from hub.formats.read import read
from hub.formats.xml import writer as xml
from hub.model.message import Document, Message
from hub.model.partner import (
    Certificate,
    EdifactId,
    EdifactParty,
    Limits,
    Partner,
    SignatureKind,
    SignaturePolicy,
    Title,
)
from hub.model.twin import Answer, Conduct, TwinRule, Verdict
from hub.schema.catalog import Catalog
from hub.schema.csv import CsvSchema
from hub.security import cms, xmldsig
from hub.security.keys import make_signer
from hub.security.signer import Signer
from hub.twins.agency import Agency, Handled, Means
from hub.twins.desk import Item

AT = 1_790_000_000_000_000  # 2026-09-21T14:13:20Z


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Signer:
    return make_signer(tmp_path_factory.mktemp("hub") / "sign.pem", "Hub", AT)


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Signer:
    return make_signer(tmp_path_factory.mktemp("own") / "sign.pem", "customs", AT)


class Office:
    """Builds agencies, and asks them."""

    def __init__(self, hub: Signer, own: Signer, catalog: Catalog) -> None:
        self.hub, self.own, self.catalog = hub, own, catalog

    def agency(
        self, kind: SignatureKind, *rules: TwinRule, default: Answer | None = None, receipts: bool = True
    ) -> Agency:
        policy = SignaturePolicy(kind, (Certificate(Path("sign.crt"), self.own.certificate.pem),), kind)
        party = EdifactParty((EdifactId("BORDER", "ZZ"),))
        partner = Partner("it", Title("某", "it"), frozenset(), (), Limits(1, 1), edifact=party, signature=policy)
        conduct = Conduct(1, default or Answer(), rules, receipts)
        return Agency(Means(partner, conduct, self.own, self.hub.certificate, self.catalog, lambda: AT))

    def message(self, data: bytes) -> Message:
        """The one message in ``data``, which must be valid."""
        reading = read(data, self.catalog)
        assert reading.valid, [
            finding.as_json() for i in reading.interchanges for m in i.messages for finding in m.findings
        ]
        return reading.interchanges[0].messages[0]

    def document(self, data: bytes) -> Document:
        return self.message(data).document or {}


@pytest.fixture
def office(hub: Signer, own: Signer, catalog: Catalog) -> Office:
    return Office(hub, own, catalog)


def head(kind: dict[str, str]) -> dict[str, str]:
    first = {"MessageID": "DL-1", "FunctionCode": "9"} | kind
    return first | {"SenderID": "HUB", "ReceiverID": "CUSTOMS", "SendTime": "20260921141320000", "Version": "1.0"}


def consignment(bill: str, goods: str) -> dict[str, Any]:
    return {
        "ConsignmentItem": [{"SequenceNumeric": "1", "Commodity": {"CargoDescription": goods}}],
        "GovernmentAgencyGoodsItem": {"GoodsMeasure": {"GrossMassMeasure": {"#text": "10.5"}}},
        "TransportContractDocument": {"ID": bill},
    }


MANIFEST: Document = {
    "Head": head({"MessageType": "MT1401"}),
    "Declaration": {
        "BorderTransportMeans": {"TypeCode": "3"},
        "Consignment": [consignment("B1", "TEA"), consignment("B2", "GENERAL CARGO")],
    },
}

LIST: Document = {
    "Head": head({}),
    "Journey": {"ID": "OA100", "TypeCode": "4"},
    "Traveller": [
        {"SequenceNumeric": "1", "RoleCode": "P", "Surname": "ANNA"},
        {"SequenceNumeric": "2", "RoleCode": "P", "Surname": "BERT", "Document": [{"TypeCode": "P", "ID": "E2"}]},
    ],
}

ROWS: Document = {
    "passenger": [
        {"message_id": "DL-2", "trip": "OA100", "number": "1", "surname": "ANNA", "document_number": "E1"},
        {"message_id": "DL-2", "trip": "OA100", "number": "2", "surname": "BERT", "document_number": "E2"},
    ]
}

PAXLST = (
    b"UNB+UNOC:3+HUBCSX:ZZ+BORDER:ZZ+260921:1413+4711'"
    b"UNH+7+PAXLST:D:02B:UN'BGM+745+LIST1'NAD+MS+OCEANAIR'TDT+20+OA100'DTM+232:2609211500:201'"
    b"LOC+87+CSX'NAD+FL+++DOE:JANE'NAD+FL+++NOENTRY:JOE'UNT+9+7'UNZ+1+4711'"
)


def signed_xml(office: Office, document: Document, type_: str) -> Item:
    return Item("DL-1.xml", xmldsig.sign(xml.write(document, office.catalog.get(type_)), office.hub), None, AT)


def signed_csv(office: Office, document: Document) -> Item:
    schema = office.catalog.get("csv:quarantine:passengers")
    assert isinstance(schema, CsvSchema)
    data = csv.write(document, schema)
    return Item("DL-2.csv", data, cms.sign(data, office.hub), AT)


def names(handled: Handled) -> list[str]:
    assert handled.suspect == ""
    return [reply.name for reply in (*handled.receipts, *handled.answers)]


def test_customs_receives_and_accepts_a_manifest(office: Office) -> None:
    handled = office.agency(SignatureKind.XMLDSIG).handle(signed_xml(office, MANIFEST, "xsd:manifest:MT1401"))
    assert names(handled) == ["DL-1.receipt.xml", "DL-1.1.answer.xml"]
    receipt, answer = (
        office.document(xmldsig.verify(reply.data, office.own.certificate))
        for reply in (*handled.receipts, *handled.answers)
    )
    assert receipt["Response"]["AdditionalInformation"]["StatementCode"] == "0"
    assert answer["Response"]["ID"] == "DL-1"
    assert answer["Response"]["AdditionalInformation"]["StatementCode"] == "01"
    assert [one["TransportContractDocument"]["ID"] for one in answer["Response"]["Consignment"]] == ["B1", "B2"]
    assert (answer["Head"]["SenderID"], answer["Head"]["ReceiverID"]) == ("CUSTOMS", "HUB")


def test_customs_refuses_with_the_code_at_the_field(office: Office) -> None:
    rule = TwinRule(
        "Declaration/Consignment/ConsignmentItem/Commodity/CargoDescription",
        Answer(
            Verdict.REFUSE, "4001", "过于笼统", "Declaration/Consignment/ConsignmentItem/Commodity/CargoDescription"
        ),
        contains="GENERAL CARGO",
    )
    handled = office.agency(SignatureKind.XMLDSIG, rule).handle(signed_xml(office, MANIFEST, "xsd:manifest:MT1401"))
    response = office.document(xmldsig.verify(handled.answers[0].data, office.own.certificate))["Response"]
    assert response["AdditionalInformation"]["StatementCode"] == "03"
    good, bad = response["Consignment"]
    assert "ResponseType" not in good
    assert bad["TransportContractDocument"]["ID"] == "B2"
    assert bad["ResponseType"] == [
        {
            "Code": "4001",
            "Text": "过于笼统",
            "Location": "Declaration/Consignment[2]/ConsignmentItem[1]/Commodity/CargoDescription",
        }
    ]


def test_customs_refuses_the_whole_for_what_is_in_no_consignment(office: Office) -> None:
    rule = TwinRule("Head/SenderID", Answer(Verdict.REFUSE, "1003", place="Head/SenderID"), equals="HUB")
    handled = office.agency(SignatureKind.XMLDSIG, rule).handle(signed_xml(office, MANIFEST, "xsd:manifest:MT1401"))
    response = office.document(xmldsig.verify(handled.answers[0].data, office.own.certificate))["Response"]
    assert response["ResponseType"] == [{"Code": "1003", "Location": "Head/SenderID"}]


def test_customs_inspects_one_traveller(office: Office) -> None:
    rule = TwinRule("Traveller/Surname", Answer(Verdict.INSPECT, place="Traveller/Surname"), equals="BERT")
    item = signed_xml(office, LIST, "xsd:passengers:PassengerList")
    handled = office.agency(SignatureKind.XMLDSIG, rule).handle(item)
    assert names(handled) == ["DL-1.1.answer.xml"]
    answer = office.document(xmldsig.verify(handled.answers[0].data, office.own.certificate))
    assert answer["Response"] == {"ReferenceID": "DL-1", "StatusCode": "500"}
    assert answer["Traveller"] == [{"SequenceNumeric": "2", "DocumentID": "E2", "StatusCode": "500"}]


def test_quarantine_answers_in_signed_csv(office: Office) -> None:
    rule = TwinRule("passenger/surname", Answer(Verdict.INSPECT, "H1", place="passenger/surname"), equals="BERT")
    handled = office.agency(SignatureKind.CMS, rule).handle(signed_csv(office, ROWS))
    assert names(handled) == ["DL-2.1.answer.csv.p7m"]
    rows = office.document(cms.verify_attached(handled.answers[0].data, office.own.certificate))["passenger"]
    common = {"message_id": "DL-2", "trip": "OA100", "status": "500", "reason": "H1"}
    assert rows == [common | {"number": "0"}, common | {"number": "2", "document_number": "E2"}]


def test_border_acknowledges_and_accepts_in_edifact(office: Office) -> None:
    handled = office.agency(SignatureKind.NONE).handle(Item("list.edi", PAXLST, None, AT))
    assert names(handled) == ["list.1.contrl.edi", "list.1.cusres.edi"]
    contrl, cusres = (office.message(reply.data) for reply in (*handled.receipts, *handled.answers))
    assert contrl.type.endswith(":CONTRL")
    assert cusres.type == "edifact:D.16B:CUSRES"
    document = cusres.document or {}
    assert document["BGM"]["C106"]["1004"] == "LIST1"
    assert document["BGM"]["4343"] == "AP"
    references = [group["RFF"]["C506"] for group in document["SG3"]]
    assert references == [{"1153": "ACW", "1154": "LIST1"}, {"1153": "AGO", "1154": "4711"}]
    envelope = read(handled.answers[0].data, office.catalog).interchanges[0].envelope
    assert (envelope.sender, envelope.recipient) == ("BORDER", "HUBCSX")


def test_border_refuses_a_person(office: Office) -> None:
    path = "SG4/NAD/C080/3036"
    rule = TwinRule(path, Answer(Verdict.REFUSE, "2", "MUST NOT BOARD", path), equals="NOENTRY")
    handled = office.agency(SignatureKind.NONE, rule).handle(Item("list.edi", PAXLST, None, AT))
    document = office.document(handled.answers[0].data)
    assert document["BGM"]["4343"] == "RE"
    assert document["SG4"][0]["ERP"]["C701"]["1052"] == "2"
    assert document["SG4"][0]["ERC"][0]["C901"]["9321"] == "2"
    assert document["SG4"][0]["FTX"][0]["C108"]["4440"] == ["MUST NOT BOARD"]


def test_broken_edifact_is_only_acknowledged(office: Office) -> None:
    handled = office.agency(SignatureKind.NONE).handle(
        Item("list.edi", PAXLST.replace(b"BGM+745", b"XXX+745"), None, AT)
    )
    assert [reply.name for reply in handled.receipts] == ["list.1.contrl.edi"]
    assert handled.answers == ()
    assert handled.suspect


@pytest.mark.parametrize(("verdict", "due"), [(Verdict.SILENT, []), (Verdict.ACCEPT, [5_000_000])])
def test_silence_and_delay(office: Office, verdict: Verdict, due: list[int]) -> None:
    agency = office.agency(SignatureKind.CMS, default=Answer(verdict, delay=5_000_000), receipts=False)
    handled = agency.handle(signed_csv(office, ROWS))
    assert [reply.after for reply in handled.answers] == due


def test_what_the_hub_did_not_sign_is_suspect(office: Office) -> None:
    data = xml.write(MANIFEST, office.catalog.get("xsd:manifest:MT1401"))
    forged = Item("DL-1.xml", xmldsig.sign(data, office.own), None, AT)
    handled = office.agency(SignatureKind.XMLDSIG).handle(forged)
    assert (handled.receipts, handled.answers) == ((), ())
    assert handled.suspect.startswith("its signature does not verify: ")


def test_csv_without_its_signature_is_suspect(office: Office) -> None:
    item = signed_csv(office, ROWS)
    handled = office.agency(SignatureKind.CMS).handle(Item(item.name, item.data, None, AT))
    assert handled.suspect == "its signature does not verify: there is no signature beside the file"


def test_a_message_type_without_an_answer_is_suspect(office: Office) -> None:
    answer = {
        "Head": head({"MessageType": "MT9999"}),
        "Response": {"ID": "1", "AdditionalInformation": {"StatementCode": "01"}},
    }
    handled = office.agency(SignatureKind.XMLDSIG).handle(signed_xml(office, answer, "xsd:manifest:MT9999"))
    assert handled.suspect == "no answer is known to xsd:manifest:MT9999"
