"""`hub init`: makes what is missing, keeps what is there, and hides what is private."""

from pathlib import Path

import pytest

from hub.config.configuration import load_configuration
from hub.ledger.notes import Verifier
from hub.model.partner import SigningKey
from hub.security import certificates
from hub.setup import DEMO, make_home


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    assert all(step.made for step in make_home(home))
    return home


def contents(home: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in home.rglob("*") if path.is_file() and "spool" not in path.parts}


def test_the_home_is_a_valid_one_with_the_demo_partners(home: Path) -> None:
    configuration = load_configuration(home)
    assert configuration.partners.keys() == {demo.id for demo in DEMO}
    signing = {one.id for one in configuration.partners.values() if one.signature.certificates}
    assert signing == {demo.id for demo in DEMO if demo.signs}


def test_nobody_else_reads_what_is_private(home: Path) -> None:
    private = [*(home / "keys").iterdir(), *(home / "twins").glob("*/ssh_ed25519"), *(home / "twins").glob("*/*.pem")]
    assert len(private) == 4 + len(DEMO) + sum(demo.signs for demo in DEMO)
    assert {path.stat().st_mode & 0o777 for path in private} == {0o600}
    assert {(home / name).stat().st_mode & 0o777 for name in ("keys", "twins", "spool")} == {0o700}


def test_everybody_reads_what_is_public_and_no_private_key_is_in_it(home: Path) -> None:
    public = [*(home / "public").iterdir(), *(home / "partners").glob("*/keys/*")]
    assert len(public) == 4 + len(DEMO) + sum(demo.signs for demo in DEMO)
    assert all(path.stat().st_mode & 0o444 == 0o444 for path in public)
    assert not any(b"PRIVATE" in path.read_bytes() for path in public)


def test_the_public_halves_can_be_used(home: Path) -> None:
    paths = load_configuration(home).settings.paths
    assert certificates.parse(paths.certificate(SigningKey.RSA).read_bytes()).x509.subject.rfc4514_string() == "CN=Hub"
    assert Verifier.parse(paths.ledger_verifier.read_text()).name == "hub.example/ledger"
    assert paths.host_key_line.read_text().startswith("ssh-ed25519 ")


def test_a_second_time_makes_nothing_and_alters_nothing(home: Path) -> None:
    before = contents(home)
    assert [step for step in make_home(home) if step.made] == []
    assert contents(home) == before


def test_what_is_lost_is_made_again_and_the_rest_kept(home: Path) -> None:
    before = contents(home)
    lost = home / "public" / "sign_ec.crt"
    lost.unlink()
    assert [step.name for step in make_home(home) if step.made] == ["public/sign_ec.crt"]
    assert contents(home) == before


def test_a_partner_with_a_key_of_its_own_gets_no_twin(tmp_path: Path) -> None:
    list(make_home(tmp_path))
    (tmp_path / "twins/border/ssh_ed25519").unlink()
    theirs = (tmp_path / "partners/border/keys/ssh_ed25519.pub").read_bytes()
    assert [step for step in make_home(tmp_path) if step.made] == []
    assert (tmp_path / "partners/border/keys/ssh_ed25519.pub").read_bytes() == theirs


def test_demo_partners_come_only_where_there_are_none(tmp_path: Path) -> None:
    own = tmp_path / "partners/anna"
    own.mkdir(parents=True)
    (own / "partner.toml").write_text('title = { zh = "甲", en = "A" }\nroles = ["carrier"]\nchannels = ["folder"]\n')
    list(make_home(tmp_path))
    assert load_configuration(tmp_path).partners.keys() == {"anna"}


def test_the_repository_is_a_home_of_the_demo_partners(root: Path) -> None:
    shown = {path.parent.name for path in (root / "partners").glob("*/partner.toml")}
    assert shown == {demo.id for demo in DEMO}
