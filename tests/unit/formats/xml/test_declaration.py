"""The goods declaration and its receipts: what those who file write, in the order in which they write it."""

import random
from pathlib import Path

import pytest
import xmlschema

from hub.formats import samples
from hub.formats.convert import convert
from hub.formats.read import read
from hub.formats.xml import writer
from hub.model.finding import Finding, Language
from hub.model.form import Form
from hub.schema import codes
from hub.schema.catalog import Catalog
from hub.schema.sampling import Extent, Sampling

TYPES = ["DecMessage", "DecImportResponse", "DEC_RESULT", "DEC_DATA"]
NS = 'xmlns="http://www.chinaport.gov.cn/dec"'
HEAD = """<SeqNo/><IEFlag>I</IEFlag><Type/><AgentCode>4301980001</AgentCode><AgentName>长沙报关示例公司</AgentName>
<CustomMaster>4900</CustomMaster><GrossWet>1200.5</GrossWet><IEDate>20261123</IEDate><NetWt/><PackNo>40</PackNo>
<CopName>长沙报关示例公司</CopName><CopCode>430198000100000001</CopCode><EntryType>M</EntryType><DeclTrnRel>0</DeclTrnRel>
<PromiseItmes>000</PromiseItmes><TradeAreaCode>USA</TradeAreaCode><TaxAaminMark>0</TaxAaminMark>"""
LINE = """<DecList><CodeTS>8471300000</CodeTS><ContrItem/><DeclPrice>499.9</DeclPrice><GName>笔记本电脑</GName>
<GNo>1</GNo>
<GQty>40</GQty><DestinationCountry>CHN</DestinationCountry></DecList>"""
SIGN = "<DecSign><OperType>G</OperType><ClientSeqNo>K43010000000000001</ClientSeqNo><Sign/></DecSign>"
MESSAGE = f'<DecMessage {NS} Version="4.8"><DecHead>{HEAD}</DecHead><DecLists>{LINE}</DecLists>{SIGN}</DecMessage>'
RECEIPT = """<DEC_RESULT><CUS_CIQ_NO>I20260000000000001</CUS_CIQ_NO><ENTRY_ID></ENTRY_ID>
<NOTICE_DATE>2026-11-23T14:40:43</NOTICE_DATE><CHANNEL>L</CHANNEL><NOTE>已入库</NOTE><CUSTOM_MASTER></CUSTOM_MASTER>
<I_E_DATE></I_E_DATE><D_DATE></D_DATE></DEC_RESULT>"""


def findings(text: str, catalog: Catalog) -> tuple[Finding, ...]:
    return read(text.encode(), catalog).all_findings()


def test_a_draft_as_it_is_filed(catalog: Catalog) -> None:
    reading = read(MESSAGE.encode(), catalog)
    (message,) = reading.interchanges[0].messages
    assert (message.type, reading.valid) == ("xsd:declaration:DecMessage", True)
    assert message.document is not None
    assert message.document["DecHead"]["PromiseItmes"] == "000"
    assert message.document["DecHead"]["NetWt"] == ""
    assert message.document["DecLists"]["DecList"][0]["GName"] == "笔记本电脑"


def test_fields_of_a_record_come_in_any_order(catalog: Catalog) -> None:
    moved = MESSAGE.replace("<GNo>1</GNo>", "").replace("<CodeTS>", "<GNo>1</GNo><CodeTS>")
    assert not findings(moved, catalog)


@pytest.mark.parametrize(
    ("old", "new", "code", "path"),
    [
        ("<IEFlag>I<", "<IEFlag>X<", "xml.code", "DecHead/IEFlag"),
        ("<GrossWet>1200.5<", "<GrossWet>1,200<", "xml.type", "DecHead/GrossWet"),
        ("<IEDate>20261123<", "<IEDate>20261323<", "xml.pattern", "DecHead/IEDate"),
        ("<CustomMaster>4900<", "<CustomMaster>49000<", "xml.too-long", "DecHead/CustomMaster"),
        ("<TradeAreaCode>USA</TradeAreaCode>", "", "xml.missing-element", "DecHead"),
        ("<GNo>1</GNo>", "<GNo>1</GNo><GNo>2</GNo>", "xml.unexpected-element", "DecLists/DecList/GNo"),
        ("<PromiseItmes>000</PromiseItmes>", "<PromiseItems>000</PromiseItems>", "xml.unexpected-element", "DecHead"),
        (LINE, "", "xml.missing-element", "DecLists"),
    ],
)
def test_what_is_wrong_is_located(catalog: Catalog, old: str, new: str, code: str, path: str) -> None:
    assert old in MESSAGE
    found = findings(MESSAGE.replace(old, new, 1), catalog)
    assert [one.code for one in found][:1] == [code]
    assert (found[0].place.path or "").startswith(f"/DecMessage/{path}")
    assert found[0].place.line is not None
    assert found[0].text(Language.ZH)


def test_receipts(catalog: Catalog) -> None:
    assert read(RECEIPT.encode(), catalog).interchanges[0].messages[0].type == "xsd:declaration:DEC_RESULT"
    older = f"<DEC_DATA>{RECEIPT}<RESULT_INFO>请核对</RESULT_INFO></DEC_DATA>"
    upload = f"<DecImportResponse {NS}><ResponseCode>0</ResponseCode><SeqNo>I1</SeqNo><TrnPreId/></DecImportResponse>"
    for text in (RECEIPT, older, upload):
        assert not findings(text, catalog)
    assert findings(RECEIPT.replace("<CHANNEL>L</CHANNEL>", ""), catalog)[0].code == "xml.missing-element"


def test_every_channel_that_services_name_is_in_the_table(catalog: Catalog) -> None:
    table = codes.load(catalog.root / "codes" / "declaration-channels.toml")
    assert set("LEGCPRKBHMD") <= set(table.codes)
    outcomes = {code.extra["outcome"] for code in table.codes.values()}
    assert outcomes == {"accepted", "inspection", "pending", "refused", "released"}


@pytest.mark.parametrize("name", TYPES)
def test_another_validator_agrees(catalog: Catalog, name: str) -> None:
    """xmlschema is a validator of its own: it accepts what libxml2 accepts, here of thirty documents of each type."""
    schema = catalog.get(f"xsd:declaration:{name}")
    other = xmlschema.XMLSchema(str(Path(catalog.root) / "xsd" / "declaration" / f"{name}.xsd"), allow="local")
    for seed in range(30):
        document = samples.drawn(schema, Sampling(Extent.VARIED, dice=random.Random(seed)))
        data = writer.write(document, schema)
        assert read(data, catalog).valid
        other.validate(data.decode())


@pytest.mark.parametrize("name", TYPES)
@pytest.mark.parametrize("extent", [Extent.FULL, Extent.MINIMAL])
def test_json_and_back(catalog: Catalog, name: str, extent: Extent) -> None:
    sample = samples.transmission(catalog.get(f"xsd:declaration:{name}"), extent)
    data = samples.written(sample, catalog)
    as_json = read(convert([sample], Form.JSON, catalog), catalog)
    assert as_json.valid
    assert convert(as_json.interchanges, Form.XML, catalog) == data
