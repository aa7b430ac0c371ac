"""The whole main job: `hub demo` in a fresh home, as `make run ONCE=1` does it."""

import re
from pathlib import Path

from tests.acceptance.support import Home, set_toml


def test_the_demo_carries_its_services_end_to_end(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.path.mkdir()
    assert home.run("init", home.path, home=False).returncode == 0
    set_toml(home.path / "hub.toml", {"sftp": {"port": "0"}})
    done = home.run("demo", "--once")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr
    assert "all went well" in done.stdout
    assert "the receipt does not verify" not in done.stdout
    assert re.search(r"holds\s+tree of \d+", done.stdout)
    # The refusal is explained at the field, and the broken interchange is answered with CONTRL.
    for text in ("货物描述过于笼统+zh", "The description of goods is too general+en"):
        assert f"FTX+AAP+++{text}" in done.stdout
    assert "Declaration/Consignment[1]/ConsignmentItem[1]/Commodity/CargoDescription" in done.stdout
    assert re.search(r"UCM\+1\+CUSCAR:D:16B:UN\+4\+29\+UNT", done.stdout)
    states = home.json("status")
    assert states["cases"] == {"accepted": 6, "inspection": 1, "refused": 3}
    assert states["transmissions"]["refused"] == 1, "the broken interchange, and no answer of an agency"
    counts = dict(zip(*(re.split(r"  +", line) for line in _table(done.stdout)), strict=True))
    assert {key: counts[key] for key in ("sent", "cases", "accepted", "inspection", "refused", "matched")} == {
        "sent": "24", "cases": "10", "accepted": "6", "inspection": "1", "refused": "3", "matched": "5",
    }  # fmt: skip
    assert counts["written off"] == "4", (
        "a buyer's yearly limit; two goods of the bonded area, and the guarantee for them"
    )
    assert counts["ledger"].startswith("verified, ")
    assert states["work"] == []
    assert home.run("ledger", "verify").returncode == 0


def _table(text: str) -> list[str]:
    """The titles of the last table, and its row."""
    lines = text.splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith("sent "))
    return [line.strip() for line in lines[at : at + 2]]
