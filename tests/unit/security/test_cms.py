"""CMS signatures: detached and attached; what was altered or is outside the profile is refused."""

from collections.abc import Callable
from typing import Any

import pytest
from asn1crypto import cms as asn1
from asn1crypto import pem

from hub.errors import SignatureInvalid
from hub.security import cms
from hub.security.signer import Signer

LIST = "证件号,姓名\r\nE1,张三\nE2,李四\r".encode()  # line ends of every kind, and none may change


def test_a_detached_signature_verifies(signer: Signer) -> None:
    assert cms.verify(LIST, cms.sign(LIST, signer), signer.certificate) == LIST


def test_an_attached_signature_gives_its_content(signer: Signer) -> None:
    assert cms.verify_attached(cms.sign_attached(LIST, signer), signer.certificate) == LIST


@pytest.mark.parametrize("content", [b"", b"\0", b"\r\n", b"\xff" * 100_000])
def test_any_content_is_signed_as_it_is(p256: Signer, content: bytes) -> None:
    assert cms.verify(content, cms.sign(content, p256), p256.certificate) == content
    assert cms.verify_attached(cms.sign_attached(content, p256), p256.certificate) == content


def test_pem_is_read_like_der(p256: Signer) -> None:
    armoured = pem.armor("CMS", cms.sign(LIST, p256))
    assert cms.verify(LIST, armoured, p256.certificate) == LIST


def test_the_signature_bears_the_time_of_signing(p256: Signer) -> None:
    attributes = signer_of(asn1.ContentInfo.load(cms.sign(LIST, p256)))["signed_attrs"]
    assert [attribute["type"].native for attribute in attributes].count("signing_time") == 1


def test_every_flipped_byte_of_the_content_is_refused(p256: Signer) -> None:
    signature = cms.sign(LIST, p256)
    for at in range(len(LIST)):
        altered = LIST[:at] + bytes([LIST[at] ^ 1]) + LIST[at + 1 :]
        with pytest.raises(SignatureInvalid, match="altered after it was signed"):
            cms.verify(altered, signature, p256.certificate)


@pytest.mark.parametrize("mask", [0x01, 0x20, 0x80])
def test_no_flipped_byte_of_an_attached_signature_changes_what_is_read(p256: Signer, mask: int) -> None:
    signature = cms.sign_attached(LIST, p256)
    for at in range(len(signature)):
        altered = signature[:at] + bytes([signature[at] ^ mask]) + signature[at + 1 :]
        try:
            assert cms.verify_attached(altered, p256.certificate) == LIST
        except SignatureInvalid:
            continue


def test_every_flipped_byte_of_the_raw_signature_is_refused(p256: Signer) -> None:
    signature = cms.sign(LIST, p256)
    raw = signer_of(asn1.ContentInfo.load(signature))["signature"].native
    start = signature.index(raw)
    for at in range(start, start + len(raw)):
        with pytest.raises(SignatureInvalid):
            cms.verify(LIST, signature[:at] + bytes([signature[at] ^ 1]) + signature[at + 1 :], p256.certificate)


def test_every_truncation_is_refused(p256: Signer) -> None:
    signature = cms.sign(LIST, p256)
    for end in range(len(signature)):
        with pytest.raises(SignatureInvalid):
            cms.verify(LIST, signature[:end], p256.certificate)


def test_another_certificate_is_refused(p256: Signer, other: Signer) -> None:
    with pytest.raises(SignatureInvalid, match="not the certificate on file"):
        cms.verify(LIST, cms.sign(LIST, p256), other.certificate)


def test_a_signature_by_another_key_under_our_name_is_refused(p256: Signer, other: Signer) -> None:
    def rename(info: Any) -> None:
        signer_of(info)["sid"] = asn1.SignerIdentifier(
            "issuer_and_serial_number",
            {
                "issuer": asn1.Certificate.load(p256.certificate.der).issuer,
                "serial_number": p256.certificate.x509.serial_number,
            },
        )

    with pytest.raises(SignatureInvalid, match="not made with the key"):
        cms.verify(LIST, changed(cms.sign(LIST, other), rename), p256.certificate)


def test_a_detached_signature_with_a_content_is_refused(p256: Signer) -> None:
    with pytest.raises(SignatureInvalid, match="holds a content of its own"):
        cms.verify(LIST, cms.sign_attached(LIST, p256), p256.certificate)


def test_an_attached_signature_without_content_is_refused(p256: Signer) -> None:
    with pytest.raises(SignatureInvalid, match="holds no content"):
        cms.verify_attached(cms.sign(LIST, p256), p256.certificate)


def test_a_detached_signature_out_of_all_proportion_is_refused(p256: Signer) -> None:
    with pytest.raises(SignatureInvalid, match="larger than 262144 bytes"):
        cms.verify(LIST, b"\0" * 300_000, p256.certificate)


@pytest.mark.parametrize(
    "signature",
    [b"", b"\0", b"nonsense", b"\x30\x80" * 50_000, b"\x30\x84\xff\xff\xff\xff", b"-----BEGIN CMS-----\nAA\n", LIST],
    ids=["empty", "zero", "text", "deep", "long", "armour cut short", "the document itself"],
)
def test_what_is_no_signature_is_refused(p256: Signer, signature: bytes) -> None:
    with pytest.raises(SignatureInvalid):
        cms.verify(LIST, signature, p256.certificate)
    with pytest.raises(SignatureInvalid):
        cms.verify_attached(signature, p256.certificate)


def signer_of(info: Any) -> Any:
    return info["content"]["signer_infos"][0]


def changed(signature: bytes, change: Callable[[Any], None]) -> bytes:
    info = asn1.ContentInfo.load(signature)
    change(info)
    return bytes(info.dump(force=True))


def _digest_sha1(info: Any) -> None:
    signer_of(info)["digest_algorithm"] = {"algorithm": "sha1"}


def _digest_md5(info: Any) -> None:
    signer_of(info)["digest_algorithm"] = {"algorithm": "md5"}


def _method_rsa(info: Any) -> None:
    signer_of(info)["signature_algorithm"] = {"algorithm": "sha256_rsa"}


def _method_ecdsa_sha1(info: Any) -> None:
    signer_of(info)["signature_algorithm"] = {"algorithm": "sha1_ecdsa"}


def _no_attributes(info: Any) -> None:
    del signer_of(info)["signed_attrs"]


def _attributes(info: Any, keep: Callable[[str], int]) -> None:
    signer = signer_of(info)
    found = [item for item in signer["signed_attrs"] for _ in range(keep(item["type"].native))]
    signer["signed_attrs"] = asn1.CMSAttributes(found)


def _no_digest(info: Any) -> None:
    _attributes(info, lambda kind: int(kind != "message_digest"))


def _two_digests(info: Any) -> None:
    _attributes(info, lambda kind: 1 + int(kind == "message_digest"))


def _no_content_type(info: Any) -> None:
    _attributes(info, lambda kind: int(kind != "content_type"))


def _two_signers(info: Any) -> None:
    infos = info["content"]["signer_infos"]
    info["content"]["signer_infos"] = asn1.SignerInfos([infos[0], infos[0]])


def _no_signer(info: Any) -> None:
    info["content"]["signer_infos"] = asn1.SignerInfos([])


def _other_type(info: Any) -> None:
    info["content"]["encap_content_info"]["content_type"] = "digested_data"


DEFECTS: dict[str, tuple[Callable[[Any], None], str]] = {
    "digest-sha1": (_digest_sha1, "the digest is sha1; use SHA-256"),
    "digest-md5": (_digest_md5, "the digest is md5; use SHA-256"),
    "algorithm-rsa-for-an-ec-key": (_method_rsa, "the signature algorithm is sha256_rsa; use ECDSA"),
    "algorithm-ecdsa-sha1": (_method_ecdsa_sha1, "the signature algorithm is sha1_ecdsa; use ECDSA"),
    "attributes-none": (_no_attributes, "no signed attributes"),
    "attribute-digest-none": (_no_digest, "message_digest is there 0 times"),
    "attribute-digest-twice": (_two_digests, "message_digest is there 2 times"),
    "attribute-content-type-none": (_no_content_type, "content_type is there 0 times"),
    "signers-two": (_two_signers, "has 2 signers"),
    "signers-none": (_no_signer, "has 0 signers"),
    "content-type-other-than-signed": (_other_type, "content type is not that of the content"),
}


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_signature_outside_the_profile_is_refused(p256: Signer, defect: str) -> None:
    change, complaint = DEFECTS[defect]
    with pytest.raises(SignatureInvalid, match=complaint):
        cms.verify(LIST, changed(cms.sign(LIST, p256), change), p256.certificate)


def test_a_change_of_nothing_still_verifies(p256: Signer) -> None:
    assert cms.verify(LIST, changed(cms.sign(LIST, p256), lambda info: None), p256.certificate) == LIST


def test_another_kind_of_cms_is_refused(p256: Signer) -> None:
    data = asn1.ContentInfo({"content_type": "data", "content": LIST}).dump()
    with pytest.raises(SignatureInvalid, match="CMS data, not SignedData"):
        cms.verify(LIST, data, p256.certificate)
