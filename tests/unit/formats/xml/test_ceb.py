"""The cross-border messages of China Customs, edition 2022-05: all of them, signed where they must be, faults told."""

import re
from pathlib import Path

import pytest

from hub.formats import samples
from hub.formats.convert import convert
from hub.formats.read import read
from hub.formats.xml import reader, signature, validator
from hub.model.finding import Language
from hub.model.form import Form
from hub.schema import xsd
from hub.schema.catalog import Catalog
from hub.schema.sampling import Extent
from hub.schema.xmlparser import parse
from hub.security import xmldsig
from hub.security.keys import make_signer

IMPORT = [*range(311, 313), 411, 412, 511, 512, 513, 514, *range(621, 627), 711, 712, 816, 818, 900]
EXPORT = [213, 214, 215, 216, 303, 304, 403, 404, *range(505, 511), *range(603, 609), 701, 702, 792]
ENVELOPES = ["DxpMsg", "DxpMsgSv", "DxpRep"]
AT = 1_700_000_000_000_000  # microseconds
MUST_BE_SIGNED = {"CEB621", "CEB623", "CEB625", "CEB711"}


def written(catalog: Catalog, name: str, extent: Extent = Extent.FULL) -> str:
    """A sample of the message ``name``."""
    return samples.written(samples.transmission(catalog.get(f"xsd:ceb:{name}"), extent), catalog).decode()


def test_every_message_of_the_edition_is_installed(catalog: Catalog) -> None:
    names = sorted([*(f"CEB{number}" for number in (*IMPORT, *EXPORT)), *ENVELOPES])
    assert [one for one in catalog.ids() if one.startswith("xsd:ceb:")] == [f"xsd:ceb:{name}" for name in names]


def test_the_catalogue_lists_them_without_compiling_one(monkeypatch: pytest.MonkeyPatch, root: Path) -> None:
    def compiled(_file: Path) -> None:
        raise AssertionError("compiled at the start")

    monkeypatch.setattr(xsd, "compiled", compiled)
    assert len([one for one in Catalog(root / "schemas").ids() if one.startswith("xsd:ceb:")]) == 45


@pytest.mark.parametrize("number", [*IMPORT, *EXPORT])
def test_who_must_sign(catalog: Catalog, number: int) -> None:
    schema = catalog.get(f"xsd:ceb:CEB{number}")
    assert isinstance(schema, xsd.XsdSchema)
    sent_by_traders = any(child.key == "BaseTransfer" for child in schema.root.children)
    expected = xsd.Signed.MUST if f"CEB{number}" in MUST_BE_SIGNED else xsd.Signed.MAY
    assert schema.signed is (expected if sent_by_traders else xsd.Signed.NEVER)
    assert schema.behind_signature == (("ExtendMessage",) if sent_by_traders and number in EXPORT else ())


def test_titles_are_in_both_languages(catalog: Catalog) -> None:
    head = catalog.get("xsd:ceb:CEB621").root.child("Inventory")
    assert head is not None
    field = head.child("InventoryHead").child("assureCode")  # type: ignore[union-attr]
    assert field is not None
    assert field.title == "担保企业编号 / Guarantor, code"


@pytest.mark.parametrize("name", sorted(MUST_BE_SIGNED))
def test_a_message_of_ours_is_complete_once_it_is_signed(catalog: Catalog, name: str, tmp_path: Path) -> None:
    schema = catalog.get(f"xsd:ceb:{name}")
    unsigned = re.sub(r"<ds:Signature.*</ds:Signature>\s*", "", written(catalog, name), flags=re.DOTALL)
    (missing,) = reader.read(unsigned.encode(), catalog).all_findings()
    assert (missing.code, missing.place.path) == ("xml.missing-element", f"/{name}Message")
    signer = make_signer(tmp_path / "sign.pem", "Hub", AT)
    signed = xmldsig.sign(unsigned.encode(), signer)
    assert validator.of(schema).findings(parse(signed)) == ()  # type: ignore[arg-type]
    assert xmldsig.verify(signed, signer.certificate)


def test_a_signature_stands_before_what_must_follow_it(catalog: Catalog, tmp_path: Path) -> None:
    source = (catalog.root / "xsd" / "ceb" / "CEB303.xsd").read_text("utf-8")
    shared = tmp_path / "ceb" / "shared"
    shared.mkdir(parents=True)
    for name in ("common", "export"):
        text = (catalog.root / "xsd" / "ceb" / "shared" / f"{name}.xsd").read_text("utf-8")
        (shared / f"{name}.xsd").write_text(text.replace('ref="ds:Signature" minOccurs="0"', 'ref="ds:Signature"'))
    (tmp_path / "xmldsig.xsd").write_bytes((catalog.root / "xsd" / "xmldsig.xsd").read_bytes())
    (tmp_path / "ceb" / "CEB303.xsd").write_text(source, "utf-8")
    schema = xsd.load(tmp_path, "ceb", "CEB303")
    data = signature.with_sample(written(catalog, "CEB303").encode(), schema)
    assert validator.of(schema).findings(parse(data)) == ()
    assert data.index(b"<BaseSubscribe>") < data.index(b"<ds:Signature") < data.index(b"<ExtendMessage>")


FAULTS = {
    "too long": ("<orderNo>", "<orderNo>" + "9" * 60, "xml.too-long", "orderNo", "longer than 60", "超过最大长度 60"),
    "wrong currency": (">142<", ">156<", "xml.fixed", "currency", "must be 142", "应为 142"),
    "not a number": ("<qty>", "<qty>x", "xml.type", "qty", "not of type", "不符合类型"),
    "misspelt as in a dictionary": ("acturalPaid>", "actualPaid>", "xml.unexpected-element", "actualPaid", "expected:",
                                    "此处不应出现元素"),
    "no identity": (' guid="', ' gid="', "xml.missing-attribute", "CEB311Message", "guid is missing", "缺少属性 guid"),
    "empty": ("<buyerName>", "<buyerName/><x>", "xml.too-short", "buyerName", "shorter than 1", "短于最小长度 1"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_faults_are_located_and_told_in_both_languages(catalog: Catalog, fault: str) -> None:
    before, after, code, tag, english, chinese = FAULTS[fault]
    sample = written(catalog, "CEB311").replace(before, after)
    sample = re.sub(r"<x>.*</buyerName>", "", sample)
    found = next(one for one in reader.read(sample.encode(), catalog).all_findings() if one.code == code)
    assert found.place.tag == tag
    assert found.place.line
    assert found.place.path
    assert english in found.text(Language.EN)
    assert chinese in found.text(Language.ZH)


def test_an_empty_element_holds_nothing_not_even_blanks(catalog: Catalog) -> None:
    sample = written(catalog, "DxpMsg")
    assert re.search(r"<IsText [^>]*></IsText>", sample)
    (found,) = reader.read(re.sub(r"></IsText>", "> </IsText>", sample).encode(), catalog).all_findings()
    assert found.code == "xml.not-empty"


def test_nil_is_no_value(catalog: Catalog) -> None:
    nil = '<OrderHead xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true">'
    found = reader.read(written(catalog, "CEB311").replace("<OrderHead>", nil).encode(), catalog).all_findings()
    assert [one.code for one in found] == ["xml.nil"]


def test_another_form_is_not_asked_for_the_signature(catalog: Catalog) -> None:
    message = samples.transmission(catalog.get("xsd:ceb:CEB621"), Extent.MINIMAL)
    reading = read(convert([message], Form.JSON, catalog), catalog)
    assert (reading.valid, reading.all_findings()) == (True, ())
