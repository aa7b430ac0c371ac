"""Signing what is in canonical form already: the same signature value's content, without parsing."""

from pathlib import Path

import pytest
from lxml import etree

from hub.clock import now
from hub.errors import SignatureInvalid
from hub.security import xmldsig
from hub.security.keys import load_signer, make_signer
from hub.security.signer import CannotSign, Signer

BODIES = (
    b'<a xmlns="urn:x"><b>t</b></a>',
    b'<a xmlns:n1="urn:y"><n1:b c="1">t</n1:b></a>',
    b"<a></a>",
    b'<a xmlns="urn:x" xmlns:b="urn:b" xmlns:z="urn:z" k="v &amp; > w"><b>\n &amp;&gt;&#xD;</b></a>',
)


@pytest.fixture(scope="module")
def signer(tmp_path_factory: pytest.TempPathFactory) -> Signer:
    file = tmp_path_factory.mktemp("keys") / "sign.pem"
    make_signer(file, "hub", now())
    return load_signer(file)


@pytest.mark.parametrize("body", BODIES)
def test_verifies_like_the_signature_of_the_parsed_document(signer: Signer, body: bytes) -> None:
    data = xmldsig.DECLARATION + body + b"\n"
    assert etree.tostring(etree.fromstring(body).getroottree(), method="c14n") == body
    assert xmldsig.verify(xmldsig.sign_canonical(data, signer), signer.certificate) == body


def test_what_only_looks_canonical_does_not_verify(signer: Signer) -> None:
    data = xmldsig.DECLARATION + b"<a><b/></a>\n"
    with pytest.raises(SignatureInvalid):
        xmldsig.verify(xmldsig.sign_canonical(data, signer), signer.certificate)


@pytest.mark.parametrize("body", [b'<a xml:lang="en"></a>', b'<a xmlns="urn:x" xml:space="preserve"></a>', b"no XML"])
def test_refuses_what_it_cannot_know(signer: Signer, body: bytes) -> None:
    with pytest.raises(CannotSign):
        xmldsig.sign_canonical(xmldsig.DECLARATION + body, signer)


def test_refuses_a_second_signature(signer: Signer) -> None:
    once = xmldsig.sign_canonical(xmldsig.DECLARATION + b"<a></a>\n", signer)
    with pytest.raises(CannotSign):
        xmldsig.sign_canonical(once, signer)


def test_golden_documents_are_written_in_canonical_form(root: Path) -> None:
    """`hub.formats.xml.writer` promises it; the golden outputs of the mappings are its work."""
    files = sorted((root / "mappings").glob("*/samples/**/*.out.xml"))
    assert files
    for file in files:
        data = file.read_bytes()
        canonical = etree.tostring(etree.fromstring(data).getroottree(), method="c14n")
        assert data == xmldsig.DECLARATION + canonical + b"\n", file
