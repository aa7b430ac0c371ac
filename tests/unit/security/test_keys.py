"""Keys: written once, for their owner only; loaded with errors that say what to do."""

import os
import stat
from pathlib import Path

import paramiko
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from hub.clock import SECOND
from hub.security import keys
from hub.security.keys import Algorithm, KeyExists, KeyUnusable
from hub.security.signer import CannotSign, Signer

AT = 1_800_000_000_000_000
YEAR = 365 * 24 * 3600 * SECOND


def test_a_made_signer_is_the_one_that_is_loaded(tmp_path: Path) -> None:
    made = keys.make_signer(tmp_path / "keys" / "signing.pem", "hub", AT)
    loaded = keys.load_signer(tmp_path / "keys" / "signing.pem")
    assert loaded.certificate == made.certificate
    assert made.certificate.x509.subject.rfc4514_string() == "CN=hub"


def test_the_key_and_its_folder_are_for_the_owner_only(tmp_path: Path) -> None:
    mask = os.umask(0)
    try:
        keys.make_signer(tmp_path / "keys" / "signing.pem", "hub", AT)
        keys.make_ssh(tmp_path / "keys" / "ssh")
        keys.make_ed25519(tmp_path / "keys" / "ledger.pem")
    finally:
        os.umask(mask)
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in (tmp_path / "keys").iterdir()} == {0o600}
    assert sorted(file.name for file in (tmp_path / "keys").iterdir()) == ["ledger.pem", "signing.pem", "ssh"]


@pytest.mark.parametrize("make", [keys.make_ed25519, keys.make_ssh, lambda file: keys.make_signer(file, "hub", AT)])
def test_a_key_is_never_overwritten(tmp_path: Path, make: object) -> None:
    file = tmp_path / "key"
    make(file)  # type: ignore[operator]
    before = file.read_bytes()
    with pytest.raises(KeyExists, match="never overwritten"):
        make(file)  # type: ignore[operator]
    assert file.read_bytes() == before


@pytest.mark.parametrize(("algorithm", "kind"), [(Algorithm.P256, ec.SECP256R1), (Algorithm.RSA3072, 3072)])
def test_the_algorithm_is_the_one_asked_for(tmp_path: Path, algorithm: Algorithm, kind: object) -> None:
    key = keys.make_signer(tmp_path / "key.pem", "hub", AT, algorithm).key
    if isinstance(key, rsa.RSAPrivateKey):
        assert key.key_size == kind
    else:
        assert type(key.curve) is kind


def test_the_certificate_is_valid_for_ten_years_from_a_little_before_its_making(tmp_path: Path) -> None:
    certificate = keys.make_signer(tmp_path / "key.pem", "hub", AT).certificate
    assert certificate.flaw(AT - 299 * SECOND) is None
    assert "valid only from 2027-01-15T07:55:00" in (certificate.flaw(AT - 301 * SECOND) or "")
    assert certificate.flaw(AT + 10 * YEAR) is None
    assert "expired at 2037-01-12T08:00:00" in (certificate.flaw(AT + 10 * YEAR + SECOND) or "")


def test_two_certificates_have_different_serials(tmp_path: Path) -> None:
    one = keys.make_signer(tmp_path / "one.pem", "hub", AT).certificate
    two = keys.make_signer(tmp_path / "two.pem", "hub", AT).certificate
    assert one.serial != two.serial
    assert one.fingerprint != two.fingerprint


def test_a_passphrase_protects_the_key(tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    made = keys.make_signer(file, "hub", AT, secret=b"open sesame")
    assert keys.load_signer(file, b"open sesame").certificate == made.certificate
    with pytest.raises(KeyUnusable, match="protected by a passphrase; set HUB_KEY_PASSPHRASE"):
        keys.load_signer(file)
    with pytest.raises(KeyUnusable, match="passphrase in HUB_KEY_PASSPHRASE is wrong"):
        keys.load_signer(file, b"open barley")


def test_a_passphrase_for_a_key_without_one_is_reported(tmp_path: Path) -> None:
    keys.make_ed25519(tmp_path / "key.pem")
    with pytest.raises(KeyUnusable, match="not protected; unset HUB_KEY_PASSPHRASE"):
        keys.load_ed25519(tmp_path / "key.pem", b"open sesame")


def test_the_passphrase_comes_from_the_environment() -> None:
    assert keys.passphrase({"HUB_KEY_PASSPHRASE": "开门"}) == "开门".encode()
    assert keys.passphrase({"HUB_KEY_PASSPHRASE": ""}) is None
    assert keys.passphrase({}) is None


def test_a_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    keys.make_signer(file, "hub", AT)
    file.chmod(0o640)
    with pytest.raises(KeyUnusable, match="chmod 600"):
        keys.load_signer(file)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "not a PEM private key"),
        (b"\0" * 70_000, "larger than"),
        (b"-----BEGIN PRIVATE KEY-----\nAA==\n", "not a PEM"),
    ],
)
def test_what_is_no_key_is_refused(tmp_path: Path, content: bytes, complaint: str) -> None:
    file = tmp_path / "key.pem"
    file.write_bytes(content)
    file.chmod(0o600)
    with pytest.raises(KeyUnusable, match=complaint):
        keys.load_signer(file)


def test_an_absent_key_is_refused_with_advice(tmp_path: Path) -> None:
    with pytest.raises(KeyUnusable, match="`hub init` makes the keys"):
        keys.load_ed25519(tmp_path / "absent.pem")


def test_an_ed25519_key_does_not_sign_documents_nor_p256_the_ledger(tmp_path: Path) -> None:
    keys.make_ed25519(tmp_path / "ledger.pem")
    keys.make_signer(tmp_path / "signing.pem", "hub", AT)
    with pytest.raises(KeyUnusable, match="neither ECDSA nor RSA"):
        keys.load_signer(tmp_path / "ledger.pem")
    with pytest.raises(KeyUnusable, match="not Ed25519"):
        keys.load_ed25519(tmp_path / "signing.pem")


def test_a_key_without_its_certificate_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    keys.make_signer(file, "hub", AT)
    file.write_bytes(file.read_bytes().partition(b"-----BEGIN CERTIFICATE")[0])
    with pytest.raises(KeyUnusable, match="the certificate that follows the key is not an X.509 certificate"):
        keys.load_signer(file)


def test_a_key_with_another_certificate_is_refused(p256: Signer, other: Signer) -> None:
    with pytest.raises(CannotSign, match="not the one of the certificate"):
        Signer(p256.key, other.certificate)


def test_a_signer_does_not_show_its_key(p256: Signer) -> None:
    assert "PrivateKey" not in repr(p256)


def test_the_ledger_key_signs_alike_before_and_after_loading(tmp_path: Path) -> None:
    made = keys.make_ed25519(tmp_path / "ledger.pem")
    assert keys.load_ed25519(tmp_path / "ledger.pem").sign(b"checkpoint") == made.sign(b"checkpoint")


def test_an_ssh_key_is_one_that_paramiko_reads(tmp_path: Path) -> None:
    line = keys.make_ssh(tmp_path / "ssh")
    loaded = paramiko.Ed25519Key.from_private_key_file(str(tmp_path / "ssh"))
    assert f"{loaded.get_name()} {loaded.get_base64()}" == line
    assert keys.load_ssh_public(tmp_path / "ssh") == line


def test_a_pem_key_is_no_ssh_key(tmp_path: Path) -> None:
    keys.make_ed25519(tmp_path / "ledger.pem")
    with pytest.raises(KeyUnusable, match="not an OpenSSH private key"):
        keys.load_ssh_public(tmp_path / "ledger.pem")
