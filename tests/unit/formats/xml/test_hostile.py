"""Wide and faulty files end soon: libxml2 counts siblings for each fault, which in a file made for it takes hours."""

import time

import pytest

from hub.formats.xml import reader
from hub.schema.catalog import Catalog

NAMESPACES = 'xmlns:ds="http://www.w3.org/2000/09/xmldsig#" xmlns="http://www.chinaport.gov.cn/{}"'
LIST = "<WayBillList><gnum>x</gnum></WayBillList>"
LINE = "<OrderList a='' b=''/>"
OPEN = "<TransInfo/><Data/><AddInfo><RecMapId>{}</RecMapId></AddInfo>"
SIGNED = (
    "<Order/><BaseTransfer/><ds:Signature><ds:SignedInfo><ds:CanonicalizationMethod Algorithm=''/>"
    "<ds:SignatureMethod Algorithm=''/>{}</ds:SignedInfo></ds:Signature>"
)
FILES = {
    "just bearable": ("CEB607Message", f"<WayBill><WayBillHead/>{LIST * 6_000}</WayBill>"),
    "repeated without end": ("CEB607Message", f"<WayBill><WayBillHead/>{LIST * 60_000}</WayBill>"),
    "hidden in a comment": (
        "CEB607Message",
        f"<!-- {'</WayBillList' * 60_000} --><WayBill><WayBillHead/>{LIST * 60_000}</WayBill>",
    ),
    "more often than allowed": ("CEB607Message", "<WayBill/>" * 30_000),
    "not expected": ("CEB607Message", "<x/>" * 60_000),
    "within a signature": ("CEB311Message", SIGNED.format("<ds:Reference/>" * 40_000)),
    "within an open place": ("DxpMsg", OPEN.format("<DxpMsg/>" * 40_000)),
    "many small": ("CEB311Message", f"<Order><OrderHead/>{LINE * 99}</Order>" * 100),
    "attributes everywhere": ("CEB607Message", '<WayBill a="" b="" c="" d=""/>' * 30_000),
}  # fmt: skip


@pytest.mark.parametrize("what", FILES)
def test_ends_soon(what: str, catalog: Catalog) -> None:
    root, body = FILES[what]
    declared = NAMESPACES.format("dxp" if root == "DxpMsg" else "ceb")
    data = f"<{root} {declared}>{body}</{root}>".encode()
    reader.read(f"<{root} {declared}/>".encode(), catalog)  # compiles the XSD
    started = time.process_time()
    found = reader.read(data, catalog).all_findings()
    assert time.process_time() - started < 5
    assert 2 < len(found) <= 101
    assert all(finding.place.path for finding in found[:100])


def test_attributes_without_end_are_told_of_once(catalog: Catalog) -> None:
    attributes = " ".join(f'a{number}=""' for number in range(200_000))
    started = time.process_time()
    found = reader.read(f"<CEB311Message {NAMESPACES.format('ceb')} {attributes}/>".encode(), catalog).all_findings()
    assert time.process_time() - started < 5
    assert [finding.code for finding in found] == ["xml.too-many-attributes"]


def test_what_is_too_deep_is_told_of_once(catalog: Catalog) -> None:
    deep = "<Order>" * 150 + "</Order>" * 150
    found = reader.read(f"<CEB311Message {NAMESPACES.format('ceb')}>{deep}</CEB311Message>".encode(), catalog)
    assert [finding.code for finding in found.all_findings()] == ["xml.too-deep"]
    assert not found.interchanges
