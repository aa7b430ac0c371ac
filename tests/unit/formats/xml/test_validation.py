"""What does not fit the XSD is found, at its line and XPath, in both languages, however large the file."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from hub.formats.xml import reader
from hub.model.finding import Finding, Language, Severity
from hub.schema.catalog import Catalog

HEAD = """<Manifest xmlns="urn:Declaration:datamodel:standard:CN:MT1401:1">
<Head><MessageID>M1</MessageID><FunctionCode>9</FunctionCode><MessageType>MT1401</MessageType>
<SenderID>A</SenderID><ReceiverID>B</ReceiverID><SendTime>20261123083000123</SendTime><Version>1.0</Version></Head>
<Declaration><BorderTransportMeans><TypeCode>3</TypeCode></BorderTransportMeans>
<Consignment><TotalPackageQuantity unitCode="CT">1</TotalPackageQuantity>
"""
ITEM = """<ConsignmentItem><SequenceNumeric>1</SequenceNumeric>
<Commodity><CargoDescription>tea</CargoDescription></Commodity></ConsignmentItem>
"""
TAIL = """<GovernmentAgencyGoodsItem><GoodsMeasure><GrossMassMeasure>12.5</GrossMassMeasure></GoodsMeasure>
</GovernmentAgencyGoodsItem>
<TransportContractDocument><ID>B1</ID></TransportContractDocument></Consignment></Declaration></Manifest>"""
GOOD = HEAD + ITEM + TAIL
CONSIGNMENT = "/Manifest/Declaration/Consignment"
MASS = f"{CONSIGNMENT}/GovernmentAgencyGoodsItem/GoodsMeasure/GrossMassMeasure"


def findings(text: str, catalog: Catalog) -> tuple[Finding, ...]:
    return reader.read(text.encode(), catalog).all_findings()


def test_what_fits_has_no_findings(catalog: Catalog) -> None:
    assert findings(GOOD, catalog) == ()


@pytest.mark.parametrize(
    ("old", "new", "code", "line", "path", "params"),
    [
        (
            "<FunctionCode>9",
            "<FunctionCode>8",
            "xml.code",
            2,
            "/Manifest/Head/FunctionCode",
            {"value": "8", "facet": "'2', '3', '5', '9', '11'"},
        ),
        (
            "20261123083000123",
            "2026",
            "xml.pattern",
            3,
            "/Manifest/Head/SendTime",
            {"value": "2026", "facet": "[0-9]{17}"},
        ),
        (
            ">B1<",
            f">{'x' * 36}<",
            "xml.too-long",
            10,
            f"{CONSIGNMENT}/TransportContractDocument/ID",
            {"value": "x" * 36, "facet": "35"},
        ),
        (">B1<", "><", "xml.too-short", 10, f"{CONSIGNMENT}/TransportContractDocument/ID", {"value": "", "facet": "1"}),
        ("12.5", "abc", "xml.type", 8, MASS, {"value": "abc", "type": "Measure"}),
        ("12.5", "-1", "xml.too-small", 8, MASS, {"value": "-1", "facet": "0"}),
        (
            "12.5",
            "1.23456",
            "xml.too-many-decimals",
            8,
            MASS,
            {"value": "1.23456", "facet": "4"},
        ),
        (
            "12.5",
            "123456789012345",
            "xml.too-many-digits",
            8,
            MASS,
            {"value": "123456789012345", "facet": "14"},
        ),
        (
            "<ID>B1</ID>",
            "",
            "xml.missing-element",
            10,
            f"{CONSIGNMENT}/TransportContractDocument",
            {"element": "TransportContractDocument", "expected": "ConditionCode, ID"},
        ),
        (
            "<ConsignmentItem>",
            "<Surprise/><ConsignmentItem>",
            "xml.unexpected-element",
            6,
            f"{CONSIGNMENT}/Surprise",
            {"element": "Surprise", "expected": "ValueAmount, BorderTransportMeans, Consignee, ConsignmentItem"},
        ),
        ("<Consignment>", '<Consignment x="1">', "xml.unexpected-attribute", 5, CONSIGNMENT, {"attribute": "x"}),
        (
            'unitCode="CT"',
            'unitCode="CTCTC"',
            "xml.too-long",
            5,
            f"{CONSIGNMENT}/TotalPackageQuantity/@unitCode",
            {"value": "CTCTC", "facet": "4"},
        ),
        ("</Declaration>", "words</Declaration>", "xml.unexpected-text", 4, "/Manifest/Declaration", {}),
        (
            "<Consignment>",
            '<Consignment xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:type="x">',
            "xml.invalid",
            5,
            CONSIGNMENT,
            {},
        ),
    ],
)
def test_each_fault_is_named_and_located(
    old: str, new: str, code: str, line: int, path: str, params: dict[str, str], catalog: Catalog
) -> None:
    assert old in GOOD
    found = findings(GOOD.replace(old, new, 1), catalog)[0]
    assert (found.code, found.place.line, found.place.path) == (code, line, path)
    assert params.items() <= dict(found.params).items()
    for language in Language:
        assert "–" not in found.text(language), "a parameter of the text was not given"
        assert found.mend(language)


def test_a_repeated_element_has_its_index(catalog: Catalog) -> None:
    found = findings(HEAD + ITEM + ITEM.replace(">1<", ">one<") + TAIL, catalog)
    assert [finding.place.path for finding in found] == [f"{CONSIGNMENT}/ConsignmentItem[2]/SequenceNumeric"]


def test_a_prefix_does_not_hide_the_place(catalog: Catalog) -> None:
    text = GOOD.replace("<Head>", '<m:Head xmlns:m="urn:Declaration:datamodel:standard:CN:MT1401:1">').replace(
        "</Head>", "</m:Head>"
    )
    found = findings(text.replace(">B1<", "><"), catalog)
    assert found[0].place.path == f"{CONSIGNMENT}/TransportContractDocument/ID"


def test_a_root_that_no_schema_has(catalog: Catalog) -> None:
    found = findings('\n<Manifest xmlns="urn:other"/>', catalog)[0]
    assert (found.code, found.place.line) == ("xml.unknown-root", 2)
    assert "urn:other" in found.text(Language.EN)


def test_a_root_without_a_namespace(catalog: Catalog) -> None:
    found = findings("<Manifest/>", catalog)[0]
    assert (found.code, found.place.path) == ("xml.unknown-bare-root", "/Manifest")
    assert "without a namespace" in found.text(Language.EN)


def test_a_large_file_is_judged_as_a_small_one(catalog: Catalog) -> None:
    """Above 2,000 elements validation goes piece by piece; verdict, lines and paths must not depend on it."""
    items = ITEM * 2000
    assert findings(HEAD + items + TAIL, catalog) == ()
    late = HEAD + items + ITEM.replace(">1<", ">one<") + ITEM + TAIL
    found = findings(late, catalog)
    assert [(finding.code, finding.place.line, finding.place.path) for finding in found] == [
        ("xml.type", 6 + 4000, f"{CONSIGNMENT}/ConsignmentItem[2001]/SequenceNumeric")
    ]
    assert dict(found[0].params)["value"] == "one"


def test_a_file_full_of_errors_ends_soon_and_says_there_is_more(catalog: Catalog) -> None:
    """libxml2 needs time by the square of the wrong siblings: for these, hours."""
    started = time.process_time()
    found = findings(HEAD + ITEM.replace(">1<", ">one<") * 100_000 + TAIL, catalog)
    assert time.process_time() - started < 20
    assert len(found) == 101
    assert (found[-1].code, found[-1].severity) == ("xml.more", Severity.INFO)
    assert found[99].place.path == f"{CONSIGNMENT}/ConsignmentItem[100]/SequenceNumeric"


@pytest.mark.parametrize("charset", ["gb18030", "utf-16", "utf-8-sig"])
def test_a_large_file_in_any_encoding(charset: str, catalog: Catalog) -> None:
    """Chunks end anywhere, also within a character."""
    declared = f'<?xml version="1.0" encoding="{charset.removesuffix("-sig")}"?>'
    items = ITEM.replace(">tea<", "><!-- > -->长沙口岸𠀀<") * 1500
    text = declared + HEAD + items + ITEM.replace(">1<", ">壹<") + TAIL
    found = reader.read(text.encode(charset), catalog).all_findings()
    assert [(finding.code, finding.place.line, finding.place.path) for finding in found] == [
        ("xml.type", 6 + 3000, f"{CONSIGNMENT}/ConsignmentItem[1501]/SequenceNumeric")
    ]
    assert dict(found[0].params)["value"] == "壹"


def test_threads_do_not_mix_their_findings(catalog: Catalog) -> None:
    """libxml2's errors are kept in the schema object, which all threads share."""
    texts = [
        GOOD,
        GOOD.replace(">B1<", "><"),
        GOOD.replace("12.5", "abc"),
        HEAD + ITEM.replace(">1<", ">x<") * 700 + TAIL,
    ]
    alone = [findings(text, catalog) for text in texts]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda text: findings(text, catalog), texts * 25))
    assert together == alone * 25
