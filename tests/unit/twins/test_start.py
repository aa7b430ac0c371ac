"""Twins are put together from what `hub init` makes."""

from pathlib import Path

import pytest

from hub.errors import ConfigError
from hub.security.keys import KeyUnusable
from hub.setup import DEMO, make_home
from hub.sftp.wire import SftpError
from hub.twins.start import agency_twin, trader


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    list(make_home(home))
    return home


@pytest.mark.parametrize("agency", [demo.id for demo in DEMO if demo.id != "oceanair"])
def test_every_demo_agency_has_a_twin(home: Path, agency: str) -> None:
    agency_twin(home, agency, port=1)
    assert (home / "twins" / agency / "inbox").is_dir()


def test_a_hub_that_is_not_there_is_told(home: Path) -> None:
    with trader(home, "oceanair", port=1) as oceanair, pytest.raises(SftpError, match="cannot be reached"):
        oceanair.upload("a.edi", b"UNB")


def test_an_unknown_partner(home: Path) -> None:
    with pytest.raises(ConfigError, match="there is no partner 'nobody'; see the folders in"):
        agency_twin(home, "nobody")


def test_a_partner_that_no_twin_plays(home: Path) -> None:
    key = home / "twins/border/ssh_ed25519"
    key.rename(key.with_name("away"))
    try:
        with pytest.raises(KeyUnusable, match="border is not played by a twin"):
            agency_twin(home, "border")
    finally:
        key.with_name("away").rename(key)


def test_a_partner_whose_keys_are_elsewhere(home: Path) -> None:
    (home / "twins/customs/sign_ec.pem").rename(home / "twins/customs/away.pem")
    try:
        with pytest.raises(KeyUnusable, match="`hub init` makes the keys"):
            agency_twin(home, "customs")
    finally:
        (home / "twins/customs/away.pem").rename(home / "twins/customs/sign_ec.pem")
