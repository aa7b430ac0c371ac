"""The road manifest and its answers in the tree that customs' own messages have."""

import random
from pathlib import Path

import pytest
import xmlschema

from hub.formats import samples
from hub.formats.convert import convert
from hub.formats.read import read
from hub.formats.xml import writer
from hub.model.finding import Finding
from hub.model.form import Form
from hub.schema.catalog import Catalog
from hub.schema.model import Node
from hub.schema.sampling import Extent, Sampling

TYPES = ["MT1401", "MT2401", "MT9999"]
NS = "urn:Declaration:datamodel:standard:CN:"
# Written as those who file write it: a declaration of XML Schema's namespaces on the root, units as attributes.
MANIFEST = f"""<?xml version="1.0"?>
<Manifest xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"
 xmlns="{NS}MT1401:1">
<Head><MessageID>CN_MT1401_1p0_4900000000001_20261123163412760</MessageID><FunctionCode>9</FunctionCode>
<MessageType>MT1401</MessageType><SenderID>4900000000001_DXPESW0000000001</SenderID><ReceiverID>EPORT</ReceiverID>
<SendTime>20261123163412760</SendTime><Version>1.0</Version></Head>
<Declaration><DeclarationOfficeID>4900</DeclarationOfficeID><ID>4900611230001</ID>
<AdditionalInformation><Content>备注</Content></AdditionalInformation><Agent><ID>4900111111111</ID></Agent>
<BorderTransportMeans><TypeCode>3</TypeCode></BorderTransportMeans><Carrier><ID>490000/1</ID></Carrier>
<Consignment><GrossVolumeMeasure unitCode="MTQ">12</GrossVolumeMeasure>
<TotalPackageQuantity unitCode="CT">40</TotalPackageQuantity><ValueAmount currencyID="USD">777.00</ValueAmount>
<BorderTransportMeans><Itinerary><RoutingCountryCode>VN</RoutingCountryCode><RoutingCountryCode>CN</RoutingCountryCode>
</Itinerary></BorderTransportMeans>
<Consignee><ID>91430100</ID><Name>长沙示例公司</Name><Communication><ID>0731</ID><TypeID>TE</TypeID></Communication>
<Contact><Name>李</Name><Communication><ID>a@b.example</ID><TypeID>EM</TypeID></Communication></Contact></Consignee>
<ConsignmentItem><SequenceNumeric>1</SequenceNumeric><Commodity><CargoDescription>油漆</CargoDescription>
<Description>易燃</Description><Classification><ID>1263</ID></Classification></Commodity>
<GoodsMeasure><GrossMassMeasure unitCode="KGM">233</GrossMassMeasure></GoodsMeasure>
<Packaging><QuantityQuantity unitCode="CT">40</QuantityQuantity></Packaging></ConsignmentItem>
<Consignor><Name>EXAMPLE LTD</Name></Consignor><Freight><PaymentMethodCode>2</PaymentMethodCode></Freight>
<GovernmentAgencyGoodsItem><GoodsMeasure><GrossMassMeasure unitCode="KGM">233</GrossMassMeasure></GoodsMeasure>
</GovernmentAgencyGoodsItem><GovernmentProcedure><CurrentCode>RD06</CurrentCode></GovernmentProcedure>
<NotifyParty><Name>长沙示例公司</Name><Address><Line>示例路 1 号</Line></Address></NotifyParty>
<TransitDestination><ID>4900</ID></TransitDestination>
<TransportContractDocument><ConditionCode>27</ConditionCode><ID>B1</ID><Deconsolidator><ID>000000000</ID>
</Deconsolidator></TransportContractDocument><TransportEquipment><ID>MSKU1234565</ID></TransportEquipment>
<UNDGContact><Name>王</Name><Communication><ID>119</ID><TypeID>TE</TypeID></Communication></UNDGContact></Consignment>
<LoadingLocation><LoadingDateTime>20261122080000</LoadingDateTime></LoadingLocation>
<RepresentativePerson><Name>示例车队</Name></RepresentativePerson>
<UnloadingLocation><ArrivalDateTime>20261123</ArrivalDateTime><ID>CNCSX490001</ID></UnloadingLocation>
</Declaration></Manifest>"""


def findings(text: str, catalog: Catalog) -> tuple[Finding, ...]:
    return read(text.encode(), catalog).all_findings()


def test_a_manifest_as_it_is_filed(catalog: Catalog) -> None:
    (message,) = read(MANIFEST.encode(), catalog).interchanges[0].messages
    assert (message.type, message.findings) == ("xsd:manifest:MT1401", ())
    assert message.document is not None
    bill = message.document["Declaration"]["Consignment"][0]
    assert bill["TotalPackageQuantity"] == {"@unitCode": "CT", "#text": "40"}
    assert bill["BorderTransportMeans"]["Itinerary"]["RoutingCountryCode"] == ["VN", "CN"]


def test_the_advance_manifest_differs_in_four_places(catalog: Catalog) -> None:
    text = MANIFEST.replace("MT1401", "MT2401")
    codes = [(one.code, one.place.tag) for one in findings(text, catalog)]
    assert ("xml.unexpected-element", "BorderTransportMeans") in codes
    for old, new in (
        ("<BorderTransportMeans><Itinerary>", "<BorderTransportMeans><Gone>"),
        ("TransitDestination", "TransitDeparture"),
        ("Deconsolidator", "Consolidator"),
    ):
        text = text.replace(old, new)
    begin, _, rest = text.partition("<BorderTransportMeans><Gone>")
    text = begin + rest.partition("</BorderTransportMeans>")[2]
    begin, _, rest = text.partition("<UnloadingLocation>")
    assert not findings(begin + rest.partition("</UnloadingLocation>")[2], catalog)


@pytest.mark.parametrize("name", TYPES[:2])
def test_values_come_first_then_records_each_in_the_order_of_the_alphabet(name: str, catalog: Catalog) -> None:
    def in_order(node: Node) -> None:
        tags = [child.tag for child in node.children if child.key[0] not in "@#"]
        plain = [one.tag for one in node.children if one.tag in tags and all(c.key[0] in "@#" for c in one.children)]
        records = [tag for tag in tags if tag not in plain]
        assert (plain, records) == (tags[: len(plain)], sorted(records)), node.tag
        for child in node.children:
            if node.tag not in ("Head", "Communication"):
                in_order(child)

    declaration = catalog.get(f"xsd:manifest:{name}").root.child("Declaration")
    assert declaration is not None
    assert [child.tag for child in declaration.children][:3] == ["DeclarationOfficeID", "ID", "AdditionalInformation"]
    for consignment in declaration.children:
        if consignment.tag == "Consignment":
            in_order(consignment)


ANSWER = """<Manifest xmlns="{ns}MT9999:1"><Head><MessageID>DL-1</MessageID><FunctionCode>11</FunctionCode>
<MessageType>{type}</MessageType><SenderID>4900</SenderID><ReceiverID>HUB</ReceiverID>
<SendTime>20261123163412760</SendTime><Version>1.0</Version></Head><Response>{body}</Response></Manifest>"""
BODIES = [
    "<ID>DL-1</ID><AdditionalInformation><StatementCode>01</StatementCode></AdditionalInformation>",
    "<BorderTransportMeans><ID>U1</ID><JourneyID>J1</JourneyID></BorderTransportMeans><Consignment>"
    "<AssociatedTransportDocument><ID></ID></AssociatedTransportDocument><ResponseType><Code>01</Code><Text>通过</Text>"
    "</ResponseType><TransportContractDocument><ID>B1</ID></TransportContractDocument></Consignment>",
    "<TransportEquipment><EquipmentIdentification><ID>C1</ID></EquipmentIdentification><ResponseType><Code>01</Code>"
    "</ResponseType><TransportContractDocument><ID>B1</ID></TransportContractDocument></TransportEquipment>",
]


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("type_", TYPES)
def test_answers_name_their_type_or_that_of_the_manifest(catalog: Catalog, type_: str, body: str) -> None:
    assert not findings(ANSWER.format(ns=NS, type=type_, body=body), catalog)


def test_an_answer_about_something_else(catalog: Catalog) -> None:
    assert findings(ANSWER.format(ns=NS, type="MT1101", body=""), catalog)[0].code == "xml.code"


@pytest.mark.parametrize("name", TYPES)
def test_another_validator_agrees(catalog: Catalog, name: str) -> None:
    """xmlschema is a validator of its own: it accepts what libxml2 accepts, here of twenty documents of each type."""
    schema = catalog.get(f"xsd:manifest:{name}")
    other = xmlschema.XMLSchema(str(Path(catalog.root) / "xsd" / "manifest" / f"{name}.xsd"), allow="local")
    for seed in range(20):
        document = samples.drawn(schema, Sampling(Extent.VARIED, dice=random.Random(seed)))
        data = writer.write(document, schema)
        assert read(data, catalog).valid
        other.validate(data.decode())


@pytest.mark.parametrize("name", TYPES)
def test_json_and_back(catalog: Catalog, name: str) -> None:
    sample = samples.transmission(catalog.get(f"xsd:manifest:{name}"))
    as_json = read(convert([sample], Form.JSON, catalog), catalog)
    assert as_json.valid
    assert convert(as_json.interchanges, Form.XML, catalog) == samples.written(sample, catalog)
