"""Signed notes and checkpoints, against one that another program signed."""

import base64
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from hub.ledger import checkpoints
from hub.ledger.notes import NoteInvalid, Signer, Verifier, divided, opened

# A head of the Go checksum database and its published key: signed by a program that shares nothing with this one.
GO_KEY = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
GO_NOTE = """go.sum database tree
49189689
ftjbAOzaupaIvaPo/G+Dk63nxOZ2s1OPOKIaPtXs7S4=

— sum.golang.org Az3grlKZssqRoMNPpZfKt0TphbbcF+pzXqElURJKRNFKfaUAgqeI5k2AORH0QAhg/ebRwyIqD/OqP4oLtLnNumvOBAM=
"""
SIGNER = Signer("hub.example/ledger", Ed25519PrivateKey.from_private_bytes(bytes(32)))
ROOT = bytes(range(32))
NOTE = checkpoints.sign(7, ROOT, SIGNER).note


def test_a_foreign_checkpoint_verifies() -> None:
    key = Verifier.parse(GO_KEY)
    assert key.text() == GO_KEY
    origin, size, root = checkpoints.parse(opened(GO_NOTE, key))
    assert (origin, size, root.hex()[:8]) == ("go.sum database tree", 49189689, "7ed8db00")


def test_a_foreign_checkpoint_altered_does_not() -> None:
    with pytest.raises(NoteInvalid, match="does not match the text"):
        opened(GO_NOTE.replace("49189689", "49189688"), Verifier.parse(GO_KEY))


def test_the_form_of_a_checkpoint() -> None:
    lines = NOTE.split("\n")
    assert lines[:4] == ["hub.example/ledger", "7", base64.b64encode(ROOT).decode(), ""]
    assert lines[4].startswith("— hub.example/ledger ")
    assert lines[5:] == [""]
    assert checkpoints.read(NOTE, SIGNER.verifier) == checkpoints.Checkpoint(7, ROOT, NOTE)


def test_openssl_verifies_the_signature(tmp_path: Path, needs: Callable[[str], str]) -> None:
    text, [(_, signature)] = divided(NOTE)
    (tmp_path / "text").write_text(text, "utf-8")
    (tmp_path / "signature").write_bytes(signature[4:])
    spki = SIGNER.verifier.key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (tmp_path / "key.pem").write_bytes(spki)
    command = [needs("openssl"), "pkeyutl", "-verify", "-pubin", "-inkey", "key.pem", "-rawin", "-in", "text"]
    done = subprocess.run(
        [*command, "-sigfile", "signature"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("place", range(len(NOTE.encode())))
def test_no_byte_of_a_note_can_change(place: int) -> None:
    data = bytearray(NOTE.encode())
    data[place] ^= 1
    with pytest.raises(NoteInvalid):
        checkpoints.read(data.decode("utf-8", "replace"), SIGNER.verifier)


def test_cosignatures_of_others_are_passed_over() -> None:
    witness = Signer("witness.example", Ed25519PrivateKey.from_private_bytes(bytes([1] * 32)))
    line = witness.sign(divided(NOTE)[0]).rpartition("\n\n")[2]
    assert checkpoints.read(NOTE + line, SIGNER.verifier).size == 7
    with pytest.raises(NoteInvalid, match=r"not signed by hub\.example/ledger"):
        checkpoints.read(divided(NOTE)[0] + "\n" + line, SIGNER.verifier)


def test_a_checkpoint_of_another_origin_is_refused() -> None:
    note = SIGNER.sign(f"another.example\n7\n{base64.b64encode(ROOT).decode()}\n")
    with pytest.raises(NoteInvalid, match=r"a checkpoint of another\.example"):
        checkpoints.read(note, SIGNER.verifier)


@pytest.mark.parametrize(
    "text", ["", "a\n", "a\n7\n", "a\n07\nAA==\n", "a\n-1\nAA==\n", "a\n7\nAA==\n", "a\n7\n!\n", "a\n7\n\n"]
)
def test_what_is_no_checkpoint(text: str) -> None:
    with pytest.raises(NoteInvalid):
        checkpoints.parse(text)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\nb", "x" * 201, "a\u3000b"])
def test_names_that_a_note_cannot_carry(name: str) -> None:
    with pytest.raises(ValueError, match="cannot name a ledger"):
        Verifier(name, SIGNER.verifier.key)


@pytest.mark.parametrize("text", ["", "a+b", "a+00000000+AA==", GO_KEY.replace("033de0ae", "033de0af"), GO_KEY[:-4]])
def test_what_is_no_key(text: str) -> None:
    with pytest.raises(NoteInvalid):
        Verifier.parse(text)
