"""XML signatures: what we sign verifies; what was altered or is outside the profile is refused."""

import base64
import hashlib
import hmac
from dataclasses import dataclass, replace

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from lxml import etree

from hub.errors import SignatureInvalid
from hub.security import xmldsig
from hub.security.signer import CannotSign, Signer

DS = xmldsig.NAMESPACE
ORDER = '<Order xmlns="urn:order" xml:lang="zh"><No>7</No><To>长沙</To><Sum cur="CNY">1000</Sum></Order>'.encode()


def test_what_is_signed_verifies_and_is_the_canonical_document(signer: Signer) -> None:
    assert xmldsig.verify(xmldsig.sign(ORDER, signer), signer.certificate) == ORDER


def test_a_tree_is_signed_like_its_bytes(p256: Signer) -> None:
    signed = xmldsig.sign(etree.fromstring(ORDER), p256)
    assert xmldsig.verify(signed, p256.certificate) == ORDER


@pytest.mark.parametrize(
    ("document", "canonical"),
    [
        ("<a/>", "<a></a>"),
        ("<a\tz='1' b='2'/>", '<a b="2" z="1"></a>'),
        ("<?xml version='1.0' encoding='GBK'?><a>长沙</a>".encode("gbk"), "<a>长沙</a>"),
        ("<a>1<!-- not signed -->2</a>", "<a>12</a>"),
        ("<!-- before --><a/><!-- after -->", "<a></a>"),
        ("<?style x?><a/>", "<?style x?>\n<a></a>"),
        ("<a><![CDATA[1 < 2 & 3]]></a>", "<a>1 &lt; 2 &amp; 3</a>"),
        ("<a>&#13;</a>", "<a>&#xD;</a>"),
    ],
)
def test_the_canonical_document_is_what_is_signed(p256: Signer, document: str | bytes, canonical: str) -> None:
    signed = xmldsig.sign(document if isinstance(document, bytes) else document.encode(), p256)
    assert xmldsig.verify(signed, p256.certificate).decode() == canonical


def test_the_key_name_is_the_serial_of_the_certificate(p256: Signer) -> None:
    signed = etree.fromstring(xmldsig.sign(ORDER, p256))
    assert signed.findtext(f"{{{DS}}}Signature/{{{DS}}}KeyInfo/{{{DS}}}KeyName") == p256.certificate.serial


@pytest.mark.parametrize(
    ("document", "complaint"),
    [
        (b"", "no XML"),
        (b"<a>", "no XML"),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "no XML"),
        (b"<a/><?late x?>", "processing instruction follows"),
        (b"<a xmlns='relative'/>", "no canonical form"),
        (b"<a xmlns:b='urn:x&amp;y'/>", "holds a character that XML must escape"),
        (
            b"<a xmlns='urn:a' xmlns:b='urn:b'><c xmlns:d='urn:d&amp;e'/></a>",
            "holds a character that XML must escape",
        ),
    ],
)
def test_what_cannot_carry_a_signature_is_refused(p256: Signer, document: bytes, complaint: str) -> None:
    with pytest.raises(CannotSign, match=complaint):
        xmldsig.sign(document, p256)


def test_a_signed_document_is_not_signed_again(p256: Signer) -> None:
    with pytest.raises(CannotSign, match="signature already"):
        xmldsig.sign(xmldsig.sign(ORDER, p256), p256)


@pytest.mark.parametrize("mask", [0x01, 0x20, 0x80])
def test_no_flipped_byte_changes_what_is_read(p256: Signer, mask: int) -> None:
    signed = xmldsig.sign(ORDER, p256)
    refused = 0
    for at in range(len(signed)):
        altered = signed[:at] + bytes([signed[at] ^ mask]) + signed[at + 1 :]
        try:
            assert xmldsig.verify(altered, p256.certificate) == ORDER
        except SignatureInvalid:
            refused += 1
    assert refused > 0.9 * len(
        signed
    )  # the rest is the declaration, the key's name and blanks: not signed, and not read


def test_every_flipped_byte_of_the_content_is_refused(p256: Signer) -> None:
    signed = xmldsig.sign(ORDER, p256)
    start, end = signed.index(b"<Order"), signed.index(b"<ds:Signature")
    for at in range(start, end):
        with pytest.raises(SignatureInvalid):
            xmldsig.verify(signed[:at] + bytes([signed[at] ^ 1]) + signed[at + 1 :], p256.certificate)


def test_another_certificate_is_refused(p256: Signer, other: Signer) -> None:
    signed = xmldsig.sign(ORDER, p256)
    with pytest.raises(SignatureInvalid, match="another certificate than the one on file"):
        xmldsig.verify(signed, other.certificate)


def test_another_certificate_is_refused_even_if_the_signature_bears_none(p256: Signer, other: Signer) -> None:
    signed = crafted(p256, Craft(rest=""))
    assert xmldsig.verify(signed, p256.certificate)
    with pytest.raises(SignatureInvalid, match="not made with the key"):
        xmldsig.verify(signed, other.certificate)


def test_an_unsigned_document_is_refused(p256: Signer) -> None:
    with pytest.raises(SignatureInvalid, match="bears no XML signature"):
        xmldsig.verify(ORDER, p256.certificate)


def test_what_is_no_xml_is_refused(p256: Signer) -> None:
    with pytest.raises(SignatureInvalid, match="no XML that the hub reads"):
        xmldsig.verify(b"UNA:+.? 'UNB+UNOA:1+", p256.certificate)


def test_text_that_a_comment_splits_is_read_whole(p256: Signer) -> None:
    signed = xmldsig.sign(ORDER, p256).replace(b">1000<", b">100<!-- -->0<")
    assert b">1000<" in xmldsig.verify(signed, p256.certificate)


# Signatures made for real with the signer's key, each with one defect.


@dataclass(frozen=True)
class Craft:
    """The parts of a signature; the defaults are the profile."""

    canonicalisation: str = xmldsig.C14N
    method: str = xmldsig.ECDSA_SHA256
    method_child: str = ""
    uri: str = 'URI=""'
    reference_child: str = ""
    transforms: tuple[str, ...] = (xmldsig.ENVELOPED, xmldsig.C14N)
    digest_method: str = xmldsig.SHA256
    digest: str = ""
    more: str = ""
    value: str = ""
    rest: str = ""


def crafted(signer: Signer, craft: Craft, document: bytes = b"<Order><No>7</No></Order>") -> bytes:
    """``document`` with a signature as ``craft`` says; its SignatureValue is true unless ``craft.value`` is given."""
    digest = craft.digest or base64.b64encode(hashlib.sha256(document).digest()).decode()
    transforms = "".join(f'<Transform Algorithm="{uri}"></Transform>' for uri in craft.transforms)
    body = (
        f'<CanonicalizationMethod Algorithm="{craft.canonicalisation}"></CanonicalizationMethod>'
        f'<SignatureMethod Algorithm="{craft.method}">{craft.method_child}</SignatureMethod>'
        f"<Reference {craft.uri}><Transforms>{transforms}</Transforms>"
        f'<DigestMethod Algorithm="{craft.digest_method}"></DigestMethod><DigestValue>{digest}</DigestValue>'
        f"{craft.reference_child}</Reference>{craft.more}</SignedInfo>"
    )
    value = craft.value or true_value(signer, f'<SignedInfo xmlns="{DS}">{body}'.encode())
    signature = (
        f'<Signature xmlns="{DS}"><SignedInfo>{body}<SignatureValue>{value}</SignatureValue>{craft.rest}</Signature>'
    )
    end = document.rindex(b"</")
    return document[:end] + signature.encode() + document[end:]


def true_value(signer: Signer, info: bytes) -> str:
    assert isinstance(signer.key, ec.EllipticCurvePrivateKey)
    r, s = decode_dss_signature(signer.key.sign(info, ec.ECDSA(hashes.SHA256())))
    return base64.b64encode(r.to_bytes(32, "big") + s.to_bytes(32, "big")).decode()


def sha1(data: bytes) -> str:
    return base64.b64encode(hashlib.sha1(data).digest()).decode()


def test_the_craft_itself_verifies(p256: Signer) -> None:
    assert xmldsig.verify(crafted(p256, Craft()), p256.certificate) == b"<Order><No>7</No></Order>"
    assert xmldsig.verify(crafted(p256, Craft(transforms=(xmldsig.ENVELOPED,))), p256.certificate)


DOCUMENT = b"<Order><No>7</No></Order>"
DEFECTS = {
    "digest-sha1": (Craft(digest_method=f"{DS}sha1", digest=sha1(DOCUMENT)), "DigestMethod is .*sha1; use"),
    "signature-rsa-sha1": (Craft(method=f"{DS}rsa-sha1"), "SignatureMethod is .*rsa-sha1; use"),
    "signature-hmac": (Craft(method=f"{DS}hmac-sha1"), "SignatureMethod is .*hmac-sha1; use"),
    "signature-rsa-for-an-ec-key": (Craft(method=xmldsig.RSA_SHA256), "SignatureMethod is .*rsa-sha256; use"),
    "hmac-output-length": (
        Craft(method_child="<HMACOutputLength>0</HMACOutputLength>"),
        "SignatureMethod is .*without parameters",
    ),
    "c14n-with-comments": (Craft(canonicalisation=f"{xmldsig.C14N}#WithComments"), "CanonicalizationMethod is"),
    "c14n-exclusive": (Craft(canonicalisation="http://www.w3.org/2001/10/xml-exc-c14n#"), "CanonicalizationMethod is"),
    "transform-xpath": (
        Craft(transforms=(xmldsig.ENVELOPED, "http://www.w3.org/TR/1999/REC-xpath-19991116")),
        "Transform is .*xpath",
    ),
    "transform-xslt-first": (
        Craft(transforms=("http://www.w3.org/TR/1999/REC-xslt-19991116", xmldsig.C14N)),
        "Transform is .*xslt",
    ),
    "transform-three": (
        Craft(transforms=(xmldsig.ENVELOPED, xmldsig.C14N, xmldsig.C14N)),
        "Transforms has 3 children",
    ),
    "transform-none": (Craft(transforms=()), "Transforms has no Transform"),
    "reference-by-id": (Craft(uri='URI="#order"'), "does not cover the whole document"),
    "reference-elsewhere": (Craft(uri='URI="file:///etc/hostname"'), "does not cover the whole document"),
    "reference-without-uri": (Craft(uri=""), "does not cover the whole document"),
    "reference-to-manifest": (Craft(uri=f'Type="{DS}Manifest" URI=""'), "does not cover the whole document"),
    "reference-second": (Craft(more='<Reference URI=""></Reference>'), "SignedInfo has 4 children"),
    "reference-with-two-digests": (
        Craft(reference_child="<DigestValue>AAAA</DigestValue>"),
        "Reference has 4 children",
    ),
    "digest-of-something-else": (Craft(digest=base64.b64encode(b"\0" * 32).decode()), "digest differs"),
    "digest-cut-short": (
        Craft(digest=base64.b64encode(hashlib.sha256(DOCUMENT).digest()[:8]).decode()),
        "digest differs",
    ),
    "digest-no-base64": (Craft(digest="!"), "DigestValue is not base64"),
    "value-zeros": (Craft(value=base64.b64encode(bytes(64)).decode()), "not made with the key"),
    "value-der": (Craft(value=base64.b64encode(b"\x30\x44" + bytes(68)).decode()), "SignatureValue has 70 bytes"),
    "value-empty": (Craft(value=" "), "SignatureValue has 0 bytes"),
    "value-with-comment": (Craft(value="AAAA<!-- -->AAAA"), "SignatureValue holds more than text"),
    "certificate-no-base64": (
        Craft(rest="<KeyInfo><X509Data><X509Certificate>!</X509Certificate></X509Data></KeyInfo>"),
        "X509Certificate is not base64",
    ),
}


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_signature_outside_the_profile_is_refused(p256: Signer, defect: str) -> None:
    craft, complaint = DEFECTS[defect]
    with pytest.raises(SignatureInvalid, match=complaint):
        xmldsig.verify(crafted(p256, craft), p256.certificate)


def test_an_hmac_keyed_with_the_public_key_is_refused(p256: Signer) -> None:
    forged = Craft(method="http://www.w3.org/2001/04/xmldsig-more#hmac-sha256")
    mac = hmac.digest(p256.certificate.der, b"anything", "sha256")
    with pytest.raises(SignatureInvalid, match="SignatureMethod is .*hmac-sha256"):
        xmldsig.verify(crafted(p256, replace(forged, value=base64.b64encode(mac).decode())), p256.certificate)


# Wrapping: the signature is true, and what it signed is still there, but the document says something else.

EVIL = b"<Order><No>666</No></Order>"


def parts(signed: bytes) -> tuple[bytes, bytes]:
    """The signed original without its signature, and the signature."""
    start, end = signed.index(b"<Signature"), signed.index(b"</Signature>") + len(b"</Signature>")
    return signed[:start] + signed[end:], signed[start:end]


def wrapped(signed: bytes) -> dict[str, bytes]:
    original, signature = parts(signed)
    in_object = signature.replace(b"</Signature>", b"<Object>" + original + b"</Object></Signature>")
    return {
        "evil-root-around-the-signed-document": b"<Order><No>666</No>" + signed + b"</Order>",
        "evil-root-beside-the-original-and-its-signature": b"<Order><No>666</No>" + original + signature + b"</Order>",
        "original-moved-into-an-object-of-the-signature": EVIL.replace(b"</Order>", in_object + b"</Order>"),
        "signature-deeper-than-a-child": original.replace(b"</No>", signature + b"</No>"),
        "signature-twice": signed.replace(signature, signature + signature),
        "signature-within-an-object-of-another": signed.replace(
            b"</Signature>", b"<Object>" + signature + b"</Object></Signature>"
        ),
        "signature-as-root": signature,
        "sibling-added": signed.replace(b"<No>", b"<No>666</No><No>"),
        "text-added-behind-the-signature": signed.replace(b"</Signature>", b"</Signature> "),
        "doctype-added": b'<!DOCTYPE Order [<!ATTLIST No evil CDATA "666">]>' + signed,
        "instruction-added": b"<?evil 666?>" + signed,
        "namespace-added-to-the-root": signed.replace(b"<Order>", b'<Order xmlns:e="urn:evil">'),
        "xml-attribute-added-to-the-root": signed.replace(b"<Order>", b'<Order xml:base="urn:evil">'),
    }


@pytest.mark.parametrize("sample", list(wrapped(b"<Order><Signature></Signature></Order>")))
def test_a_wrapped_document_is_refused(p256: Signer, sample: str) -> None:
    signed = crafted(p256, Craft())
    assert xmldsig.verify(signed, p256.certificate) == DOCUMENT
    evil = wrapped(signed)[sample]
    assert evil != signed
    with pytest.raises(SignatureInvalid):
        xmldsig.verify(evil, p256.certificate)


def test_an_object_added_to_the_signature_is_not_read(p256: Signer) -> None:
    signed = crafted(p256, Craft()).replace(b"</Signature>", b"<Object><No>666</No></Object></Signature>")
    assert xmldsig.verify(signed, p256.certificate) == DOCUMENT
