"""The configuration: every error of it at once, one hub in a home, and partners that come, err and go while it runs."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.sftp.wire import SftpError
from tests.acceptance.support import Home, add_partner, carrier, make_home, passenger_list, until


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A hub without twins."""
    home = make_home(tmp_path_factory.mktemp("configuration") / "home")
    with home.serve():
        yield home


def test_every_error_of_the_configuration_is_told_by_file_and_line(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    toml = home.path / "hub.toml"
    lines = toml.read_text("utf-8").splitlines()
    port = next(n for n, line in enumerate(lines) if line.startswith("port"))
    lines[port] = 'port = "many"'
    lines.insert(port + 1, "colour = 3")
    toml.write_text("\n".join(lines), "utf-8")
    partner = home.path / "partners" / "customs" / "partner.toml"
    partner.write_text(partner.read_text("utf-8").replace('roles = ["customs"]', 'roles = ["wizard"]'), "utf-8")
    done = home.run("run")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert f"hub.toml:{port + 1}: sftp.port: " in done.stderr
    assert f"hub.toml:{port + 2}: sftp.colour: " in done.stderr
    assert re.search(r"customs/partner\.toml:\d+: roles\S*: .*wizard", done.stderr), done.stderr


def test_a_home_that_is_none(home: Home, tmp_path: Path) -> None:
    for words in (["status"], ["run"], ["twin", "customs"]):
        done = Home(tmp_path).run(*words)
        assert done.returncode == 2, words
        assert "hub.toml" in done.stderr
        assert "Traceback" not in done.stderr
    done = home.run("twin", "nobody", "--port", "1")
    assert done.returncode == 2
    assert "nobody" in done.stderr


def test_two_hubs_in_one_home(home: Home) -> None:
    done = home.run("run", "--port", "0")
    assert done.returncode == 2
    assert "Another hub runs" in done.stderr
    home.still_serves()


def test_init_keeps_what_is_there(home: Home) -> None:
    before = {path: path.read_bytes() for path in (home.path / "keys").iterdir()}
    done = home.run("init", home.path, home=False)
    assert done.returncode == 0
    assert not any(line.startswith("made") for line in done.stdout.splitlines()), done.stdout
    assert {path: path.read_bytes() for path in (home.path / "keys").iterdir()} == before
    assert all(path.stat().st_mode & 0o077 == 0 for path in before)


def said(home: Home) -> str:
    assert home.hub is not None
    return home.hub.said()


def taken(home: Home) -> int:
    """How often the running hub has taken up a changed configuration."""
    return said(home).count("configuration taken anew")


def test_partners_come_err_and_go_while_the_hub_runs(home: Home, tmp_path: Path) -> None:
    # A new partner's folder appears whole, and it can log in and submit.
    before = taken(home)
    folder = add_partner(home, "newcomer", carrier(("NEWCOMER", "ZZ")), into=tmp_path)
    (tmp_path / "newcomer").rename(home.path / "partners" / "newcomer")
    folder = home.path / "partners" / "newcomer"
    until(lambda: taken(home) > before, "the new partner is not taken up")
    mine = ("+OCEANAIR:ZZ+", "+NEWCOMER:ZZ+")
    assert home.settled("newcomer", home.put("newcomer", passenger_list("", "", mine)))["state"] == "accepted"

    # Its file goes wrong: all problems are logged by line, and the last good configuration serves on.
    toml = folder / "partner.toml"
    good = toml.read_text("utf-8")
    toml.write_text(good.replace('roles = ["carrier"]', 'roles = ["wizard"]\nhat = "pointed"'), "utf-8")
    until(lambda: "newcomer/partner.toml:4: hat" in said(home), "the unknown key is not told")
    assert re.search(r"newcomer/partner\.toml:3: roles\S*: .*wizard", said(home))
    assert home.settled("newcomer", home.put("newcomer", passenger_list("", "", mine)))["state"] == "accepted"
    home.still_serves()

    # It takes another's identity: refused too.
    refused = said(home).count("belongs to oceanair already") + said(home).count("belongs to newcomer already")
    toml.write_text(good.replace("NEWCOMER", "OCEANAIR"), "utf-8")
    clash = re.compile(r"belongs to (oceanair|newcomer) already")
    until(lambda: len(clash.findall(said(home))) > refused, "the clash is not told")
    home.still_serves()

    # It is right again, under another id; and then the partner goes: it cannot log in any more.
    before = taken(home)
    toml.write_text(good.replace("NEWCOMER", "LATECOMER"), "utf-8")
    until(lambda: taken(home) > before, "the mended partner is not taken up")
    late = ("+OCEANAIR:ZZ+", "+LATECOMER:ZZ+")
    assert home.settled("newcomer", home.put("newcomer", passenger_list("", "", late)))["state"] == "accepted"
    before = taken(home)
    with home.sftp("newcomer") as session:
        folder.rename(tmp_path / "gone")
        until(lambda: taken(home) > before, "the partner's going is not taken up")

        def cut() -> bool:
            try:
                session.listdir("receipts")
            except SftpError:
                return True
            return False

        until(cut, "the session of a partner that is gone is not cut")
    with pytest.raises(SftpError):
        home.sftp("newcomer")
    home.still_serves()
