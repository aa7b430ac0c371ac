"""Strangers' programs agree about signatures: openssl and xmlsec1 verify what we sign, and we verify what they sign."""

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from hub.clock import now
from hub.errors import SignatureInvalid
from hub.security import cms, xmldsig
from hub.security.keys import Algorithm, make_signer
from hub.security.signer import Signer

LIST = "证件号,姓名\r\nE1,张三\nE2,李四\r".encode()
TEMPLATE = """<?xml version="1.0" encoding="UTF-8"?>
<!-- a partner's document --><Answer xmlns="urn:answer" xmlns:x="urn:unused" xml:lang="zh">
  <Status>800</Status>
  <Signature xmlns="http://www.w3.org/2000/09/xmldsig#">
    <SignedInfo>
      <CanonicalizationMethod Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315"/>
      <SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#{method}"/>
      <Reference URI="">
        <Transforms><Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/></Transforms>
        <DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>
        <DigestValue/>
      </Reference>
    </SignedInfo>
    <SignatureValue/>
    <KeyInfo><X509Data><X509Certificate/></X509Data></KeyInfo>
  </Signature>
  <Text>放行</Text>
</Answer>
"""

Run = Callable[..., subprocess.CompletedProcess[bytes]]


@dataclass(frozen=True)
class Bench:
    """A folder with a signer's key and certificate in the form that strangers' programs read."""

    folder: Path
    signer: Signer
    key: Path
    certificate: Path

    def put(self, name: str, data: bytes) -> Path:
        file = self.folder / name
        file.write_bytes(data)
        return file


@pytest.fixture(scope="module", params=list(Algorithm), ids=[algorithm.value for algorithm in Algorithm])
def bench(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Bench:
    folder = tmp_path_factory.mktemp("bench")
    signer = make_signer(folder / "signing.pem", "test hub", now(), request.param)
    certificate = folder / "certificate.pem"
    certificate.write_bytes(signer.certificate.pem)
    return Bench(folder, signer, folder / "signing.pem", certificate)


def program(path: str) -> Run:
    def run(*arguments: object) -> subprocess.CompletedProcess[bytes]:
        words = [path, *map(str, arguments)]
        return subprocess.run(words, capture_output=True, timeout=60, check=False, stdin=subprocess.DEVNULL)

    return run


@pytest.fixture
def openssl(needs: Callable[[str], str]) -> Run:
    return program(needs("openssl"))


@pytest.fixture
def xmlsec1(needs: Callable[[str], str]) -> Run:
    return program(needs("xmlsec1"))


# CMS


def test_openssl_accepts_our_detached_signature(bench: Bench, openssl: Run) -> None:
    data, signature = bench.put("list.csv", LIST), bench.put("list.csv.p7s", cms.sign(LIST, bench.signer))
    words = [
        "cms",
        "-verify",
        "-binary",
        "-inform",
        "DER",
        "-in",
        signature,
        "-content",
        data,
        "-CAfile",
        bench.certificate,
    ]
    result = openssl(*words)
    assert result.returncode == 0, result.stderr
    assert result.stdout == LIST
    data.write_bytes(LIST + b" ")
    assert openssl(*words).returncode != 0


def test_openssl_accepts_our_attached_signature(bench: Bench, openssl: Run) -> None:
    signature = bench.put("list.csv.p7m", cms.sign_attached(LIST, bench.signer))
    result = openssl("cms", "-verify", "-binary", "-inform", "DER", "-in", signature, "-CAfile", bench.certificate)
    assert result.returncode == 0, result.stderr
    assert result.stdout == LIST


@pytest.mark.parametrize(
    "options",
    [[], ["-outform", "PEM"], ["-keyid"], ["-nocerts"], ["-nosmimecap"], ["-cades"]],
    ids=["plain", "PEM", "key identifier", "no certificate", "no capabilities", "CAdES"],
)
def test_we_accept_openssls_detached_signature(bench: Bench, openssl: Run, options: list[str]) -> None:
    signature = openssl_signs(bench, openssl, *options)
    assert cms.verify(LIST, signature, bench.signer.certificate) == LIST
    with pytest.raises(SignatureInvalid, match="altered after it was signed"):
        cms.verify(LIST + b" ", signature, bench.signer.certificate)


@pytest.mark.parametrize("options", [["-nodetach"], ["-nodetach", "-stream"]], ids=["plain", "stream"])
def test_we_accept_openssls_attached_signature(bench: Bench, openssl: Run, options: list[str]) -> None:
    signature = openssl_signs(bench, openssl, *options)
    assert cms.verify_attached(signature, bench.signer.certificate) == LIST


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["-md", "sha1"], "the digest is sha1"),
        (["-noattr"], "no signed attributes"),
    ],
)
def test_we_refuse_openssls_weak_signature(bench: Bench, openssl: Run, options: list[str], complaint: str) -> None:
    with pytest.raises(SignatureInvalid, match=complaint):
        cms.verify(LIST, openssl_signs(bench, openssl, *options), bench.signer.certificate)


def openssl_signs(bench: Bench, openssl: Run, *options: str) -> bytes:
    data, out = bench.put("list.csv", LIST), bench.folder / "theirs.p7s"
    form = [] if "-outform" in options else ["-outform", "DER"]
    digest = [] if "-md" in options else ["-md", "sha256"]
    files = ["-in", data, "-signer", bench.certificate, "-inkey", bench.key, "-out", out]
    result = openssl("cms", "-sign", "-binary", *form, *digest, *files, *options)
    assert result.returncode == 0, result.stderr
    return out.read_bytes()


def test_openssl_reads_our_certificate_as_we_do(bench: Bench, openssl: Run) -> None:
    shown = openssl(
        "x509", "-in", bench.certificate, "-noout", "-serial", "-fingerprint", "-sha256", "-ext", "keyUsage"
    )
    text = shown.stdout.decode()
    assert f"serial={bench.signer.certificate.serial}\n" in text
    assert bench.signer.certificate.fingerprint.upper() in text.replace(":", "")
    assert "Digital Signature" in text


# XML-DSig

DOCUMENTS = {
    "plain": "<a><b>1</b></a>",
    "empty": "<a/>",
    "attributes": "<a\tz='1' b='2'>\r\n</a>",
    "gbk": "<?xml version='1.0' encoding='GBK'?><a>长沙</a>",
    "comments": "<!-- before --><a>1<!-- within -->2</a><!-- after -->",
    "instruction": "<?style x?><a><?inner y?></a>",
    "cdata": "<a><![CDATA[1 < 2 & 3]]></a>",
    "carriage return": "<a b='&#13;&#10;&#9;'>&#13;</a>",
    "prefix ds taken": "<p:a xmlns:p='urn:p' xmlns='urn:d' xmlns:ds='urn:not-dsig'><b/></p:a>",
    "prefix ds ours": "<a xmlns:ds='http://www.w3.org/2000/09/xmldsig#'><ds:Object/></a>",
    "unused prefixes": "<a xmlns:z='urn:z' xmlns:b='urn:b' xmlns='urn:a'/>",
    "xml attributes": "<a xml:space='preserve' xml:lang='a&quot;b&#10;&lt;&amp;' xml:base='urn:b'/>",
    "namespace undone": "<a xmlns='urn:a'><b xmlns=''><c xmlns='urn:c'/></b></a>",
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_xmlsec1_accepts_our_signature(bench: Bench, xmlsec1: Run, name: str) -> None:
    document = DOCUMENTS[name].encode("gbk" if name == "gbk" else "utf-8")
    signed = xmldsig.sign(document, bench.signer)
    assert xmldsig.verify(signed, bench.signer.certificate)
    file = bench.put("document.xml", signed)
    result = xmlsec1("--verify", "--trusted-pem", bench.certificate, file)
    assert result.returncode == 0, result.stderr


def test_xmlsec1_refuses_our_signature_on_an_altered_document(bench: Bench, xmlsec1: Run) -> None:
    file = bench.put("document.xml", xmldsig.sign(b"<a><b>1</b></a>", bench.signer).replace(b"<b>1<", b"<b>2<"))
    assert xmlsec1("--verify", "--trusted-pem", bench.certificate, file).returncode != 0


def test_we_accept_xmlsec1s_signature(bench: Bench, xmlsec1: Run) -> None:
    signed = xmlsec1_signs(bench, xmlsec1)
    content = xmldsig.verify(signed, bench.signer.certificate)
    assert b"<Status>800</Status>" in content
    assert b"Signature" not in content
    assert "<Text>放行</Text>".encode() in content
    with pytest.raises(SignatureInvalid, match="altered after it was signed"):
        xmldsig.verify(signed.replace(b">800<", b">100<"), bench.signer.certificate)


def test_we_refuse_xmlsec1s_signature_by_another(bench: Bench, xmlsec1: Run, tmp_path: Path) -> None:
    other = make_signer(tmp_path / "other.pem", "test hub", now())
    with pytest.raises(SignatureInvalid):
        xmldsig.verify(xmlsec1_signs(bench, xmlsec1), other.certificate)


def xmlsec1_signs(bench: Bench, xmlsec1: Run) -> bytes:
    method = "ecdsa-sha256" if isinstance(bench.signer.key, ec.EllipticCurvePrivateKey) else "rsa-sha256"
    template, out = bench.put("template.xml", TEMPLATE.format(method=method).encode()), bench.folder / "theirs.xml"
    key = f"{bench.key},{bench.certificate}"
    result = xmlsec1("--sign", "--privkey-pem", key, "--output", out, template)
    assert result.returncode == 0, result.stderr
    return out.read_bytes()
