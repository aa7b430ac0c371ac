"""The hub stops while messages are under way, and the next one goes on where it was."""

from pathlib import Path

from tests.acceptance.support import fresh, make_home, passenger_list, until


def test_the_hub_stops_in_good_order_and_comes_back(tmp_path: Path) -> None:
    """Ctrl-C while messages are under way: nothing is lost, and the next hub goes on."""
    home = make_home(tmp_path / "home")
    names = []
    with home.serve(), home.sftp("oceanair") as session:
        for _ in range(30):
            names.append(f"{fresh()}.edi")
            session.put(f"upload/{names[-1]}", passenger_list())
    with home.serve():
        for name in names:
            row = home.settled("oceanair", name)
            assert row["state"] == "accepted"
        until(lambda: not home.rows("SELECT id FROM deliveries WHERE state = 'planned'"), "not all is written")
        assert len(home.rows("SELECT id FROM cases")) == len(names)
        assert len(home.listing("border", "download")) == len(names)
    assert home.run("ledger", "verify").returncode == 0
