"""The table of schemes: one way to sign and verify, whatever the partner wants."""

import pytest

from hub.clock import SECOND
from hub.errors import SignatureInvalid
from hub.model.partner import SignatureKind
from hub.security import cms, schemes
from hub.security.signer import Signer

AT = 1_736_928_000_000_000
LATER = AT + 11 * 365 * 24 * 3600 * SECOND
DOCUMENT = b"<a><b>1</b></a>"
KINDS = [SignatureKind.XMLDSIG, SignatureKind.CMS]


def test_every_kind_but_none_has_a_scheme() -> None:
    assert set(schemes.SCHEMES) == set(SignatureKind) - {SignatureKind.NONE}


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_signed_verifies(kind: SignatureKind, p256: Signer) -> None:
    signed = schemes.sign(kind, DOCUMENT, p256)
    assert (signed.companion is not None) == bool(schemes.SCHEMES[kind].extension)
    verified = schemes.verify(kind, signed.data, signed.companion, [p256.certificate], AT)
    assert verified.data == DOCUMENT
    assert verified.certificate == p256.certificate


def test_an_attached_signature_needs_no_companion(p256: Signer) -> None:
    signed = cms.sign_attached(DOCUMENT, p256)
    assert schemes.verify(SignatureKind.CMS, signed, None, [p256.certificate], AT).data == DOCUMENT


def test_nothing_is_signed_when_none_is_asked_for(p256: Signer) -> None:
    assert schemes.sign(SignatureKind.NONE, DOCUMENT, p256) == schemes.Signed(DOCUMENT)


def test_an_unsigned_document_never_counts_as_verified(p256: Signer) -> None:
    with pytest.raises(SignatureInvalid, match="cannot be verified"):
        schemes.verify(SignatureKind.NONE, DOCUMENT, None, [p256.certificate], AT)


@pytest.mark.parametrize("kind", KINDS)
def test_the_old_and_the_new_certificate_both_verify(kind: SignatureKind, p256: Signer, other: Signer) -> None:
    signed = schemes.sign(kind, DOCUMENT, other)
    both = [p256.certificate, other.certificate]
    assert schemes.verify(kind, signed.data, signed.companion, both, AT).certificate == other.certificate


@pytest.mark.parametrize("kind", KINDS)
def test_a_stranger_is_refused(kind: SignatureKind, p256: Signer, other: Signer) -> None:
    signed = schemes.sign(kind, DOCUMENT, other)
    with pytest.raises(SignatureInvalid, match="on file for the partner"):
        schemes.verify(kind, signed.data, signed.companion, [p256.certificate], AT)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("at", "complaint"), [(LATER, "expired at 2035-01-13"), (0, "valid only from 2025-01-15")])
def test_a_certificate_out_of_its_time_is_refused(kind: SignatureKind, p256: Signer, at: int, complaint: str) -> None:
    signed = schemes.sign(kind, DOCUMENT, p256)
    with pytest.raises(SignatureInvalid, match=complaint):
        schemes.verify(kind, signed.data, signed.companion, [p256.certificate], at)


@pytest.mark.parametrize("kind", KINDS)
def test_a_partner_without_certificate_cannot_sign(kind: SignatureKind, p256: Signer) -> None:
    signed = schemes.sign(kind, DOCUMENT, p256)
    with pytest.raises(SignatureInvalid, match="no certificate is on file"):
        schemes.verify(kind, signed.data, signed.companion, [], AT)
