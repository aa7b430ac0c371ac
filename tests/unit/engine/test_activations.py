"""Packs in force: asked, approved by two others, at their time, taken back at once; each message names its version."""

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hub.cli import app
from hub.clock import now
from hub.commands.home import OpenHome, opened
from hub.engine.activations import DAY, Activations, reconcile
from hub.engine.walk import Walk
from hub.engine.world import PACKS, World, load_world
from hub.ledger.journal import show
from hub.packs.shelf import Shelf
from hub.setup import make_home
from hub.store import activations as store
from hub.store import work
from tests.unit.engine.hall import ROOT, HereAndNow

PEOPLE = "".join(
    f'[people.{name}]\ntitle = {{ zh = "{name}", en = "{name}" }}\nroles = ["admin"]\n'
    for name in ("li", "wang", "zhao")
)
ROW = '{ to = "MessageType",  const = "MT1401" },'
NAMED = '{ to = "MessageType",  const = "MT1401", note = "an edition" },'


@dataclass
class Bench:
    """A home that is open, with its activations; its clock may be ahead."""

    home: Path
    found: OpenHome
    walk: Walk
    later: int = 0  # µs that the clock is ahead
    reloads: int = 0

    @property
    def shelf(self) -> Shelf:
        return Shelf(self.found.settings.spool.path / PACKS)

    def reload(self) -> bool:
        self.reloads += 1
        return True

    def tick(self) -> int:
        moving = Activations(
            self.home,
            self.walk,
            self.found.database,
            self.found.ledger,
            self.shelf,
            lambda: now() + self.later,
            self.reload,
        )
        return moving.tick()

    def run(self, *words: str, ok: bool = True) -> str:
        done = CliRunner().invoke(app, [*words, "--home", str(self.home)])
        assert (done.exit_code == 0) is ok, (done.output, done.exception)
        return done.stdout + str(done.exception or "")

    def pack(self, version: str, edit: str = "") -> Path:
        """A pack of the manifest, of an edition with ``edit`` in the place of a row; the folder stays as it was."""
        file = self.found.settings.paths.mappings / "manifest" / "cuscar-to-mt1401.toml"
        text = file.read_text("utf-8")
        file.write_text(text.replace(ROW, edit or NAMED), "utf-8")
        out = self.home / f"{version}.pack"
        self.run("map", "pack", "manifest", "--version", version, "-o", str(out))
        file.write_text(text, "utf-8")
        return out

    def activate(self, pack: Path, at: str = "now") -> str:
        """Ask for ``pack``; returns the approval."""
        told = self.run("map", "activate", str(pack), "--at", at, "--by", "zhao")
        found = re.search(r"AP-\w+", told)
        assert found
        return found.group()

    def approve(self, approval: str, *names: str) -> None:
        for name in names:
            self.run("approve", approval, "--by", name, "--reason", "tried")

    def states(self) -> list[str]:
        with self.found.database.read() as connection:
            return [row["state"] for row in reversed(store.recent(connection, 20))]

    def world(self) -> World:
        return load_world(self.home)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    for _ in make_home(tmp_path):
        pass
    for name in ("common", "manifest"):
        shutil.copytree(ROOT / "mappings" / name, tmp_path / "mappings" / name)
    toml = tmp_path / "hub.toml"
    toml.write_text(
        toml.read_text("utf-8").replace('# mappings = "mappings"', 'mappings = "mappings"') + PEOPLE, "utf-8"
    )
    world = load_world(tmp_path)
    with opened(tmp_path) as found:
        walk = Walk(world, found.database, found.ledger, found.blobs, HereAndNow(world), 1, now)
        walk.start()
        yield Bench(tmp_path, found, walk)
        walk.stop()


def digest(world: World) -> str:
    return world.mappings.get("manifest/cuscar-to-mt1401").digest


def test_two_others_approve_and_it_is_in_force_at_its_time(bench: Bench) -> None:
    before = digest(bench.world())
    approval = bench.activate(bench.pack("7"))
    assert bench.tick() == 0
    told = CliRunner().invoke(app, ["approve", approval, "--by", "zhao", "--reason", "mine", "--home", str(bench.home)])
    assert told.exit_code != 0  # who asks does not decide
    bench.approve(approval, "li")
    assert (bench.tick(), digest(bench.world())) == (0, before)
    bench.approve(approval, "wang")
    assert (bench.tick(), bench.reloads, bench.states()) == (1, 1, ["active"])
    assert digest(bench.world()) != before
    assert bench.world().services.by_id["manifest"]
    assert bench.world().mappings.get("common/status-to-cusres").file.startswith(str(bench.home))
    assert bench.tick() == 0
    kinds = [one.entry.kind for one in show(bench.found.database) if one.entry.kind.startswith("activation")]
    assert kinds == ["activation.asked", "activation.begun"]


def test_it_waits_for_its_time(bench: Bench) -> None:
    approval = bench.activate(bench.pack("7"), "2099-01-01T08:00:00+08:00")
    bench.approve(approval, "li", "wang")
    assert (bench.tick(), bench.states()) == (0, ["asked"])
    bench.later = 4_070_908_800_000_000 - now()
    assert (bench.tick(), bench.states()) == (1, ["active"])


def test_what_is_taken_back_leaves_what_was_before(bench: Bench) -> None:
    own = digest(bench.world())
    seen = []
    for version in ("7", "8"):
        bench.approve(bench.activate(bench.pack(version, NAMED.replace("edition", f"edition {version}"))), "li", "wang")
        assert bench.tick() == 1
        seen.append(digest(bench.world()))
    assert len({own, *seen}) == 3
    assert bench.states() == ["replaced", "active"]
    assert "is in force again" in bench.run("map", "rollback", "manifest", "--by", "li")
    assert (digest(bench.world()), bench.states()) == (seen[0], ["active", "withdrawn"])
    assert "own folder" in bench.run("map", "rollback", "manifest", "--by", "li")
    assert (digest(bench.world()), bench.states()) == (own, ["withdrawn", "withdrawn"])
    assert "no pack is in force" in bench.run("map", "rollback", "manifest", "--by", "li", ok=False)
    listed = json.loads(bench.run("map", "packs", "--json"))
    assert [(row["version"], row["state"], row["ended_by"]) for row in listed] == [
        ("8", "withdrawn", "li"),
        ("7", "withdrawn", "li"),
    ]


def test_a_rejection_and_silence_end_it(bench: Bench) -> None:
    rejected = bench.activate(bench.pack("7"))
    bench.run("reject", rejected, "--by", "li", "--reason", "not tried")
    bench.activate(bench.pack("8"))
    assert (bench.tick(), bench.states()) == (1, ["refused", "asked"])
    bench.later = 2 * DAY
    assert (bench.tick(), bench.states(), bench.reloads) == (1, ["refused", "refused"], 0)


def test_what_cannot_be_loaded_any_more_goes_to_a_person(bench: Bench) -> None:
    approval = bench.activate(bench.pack("7"))
    bench.approve(approval, "li", "wang")
    (kept,) = bench.shelf.files("manifest", "service.toml")
    kept.write_text("[service]\n", "utf-8")
    assert (bench.tick(), bench.states(), bench.reloads) == (1, ["failed"], 0)
    with bench.found.database.read() as connection:
        (item,) = work.open_items(connection, 10)
    assert item["kind"] == "activation"
    assert "cannot be loaded" in item["reason"]


def test_a_pack_of_a_stranger_and_one_that_does_not_load_are_not_asked_for(bench: Bench, tmp_path: Path) -> None:
    pack = bench.pack("7")
    pack.write_bytes(pack.read_bytes().replace(b"MT1401", b"MT1402", 1))
    assert "does not list the files" in bench.run("map", "activate", str(pack), "--at", "now", "--by", "zhao", ok=False)
    service = bench.found.settings.paths.mappings / "manifest" / "service.toml"
    text = service.read_text("utf-8")
    service.write_text(text.replace("manifest/cuscar-to-mt1401", "manifest/cuscar-to-mt9"), "utf-8")
    wrong = bench.pack("8")
    service.write_text(text, "utf-8")
    assert bench.run("map", "activate", str(wrong), "--at", "now", "--by", "zhao", ok=False)
    good = bench.pack("9")
    assert "names no person" in bench.run("map", "activate", str(good), "--at", "now", "--by", "nobody", ok=False)
    assert "is no time" in bench.run("map", "activate", str(good), "--at", "soon", "--by", "zhao", ok=False)
    assert bench.states() == []


def test_the_list_follows_from_the_state_after_a_crash(bench: Bench) -> None:
    bench.approve(bench.activate(bench.pack("7")), "li", "wang")
    assert bench.tick() == 1
    packed = digest(bench.world())
    bench.shelf.put_in_force({})
    assert digest(bench.world()) != packed
    assert reconcile(bench.found.database, bench.shelf)
    assert digest(bench.world()) == packed
    assert not reconcile(bench.found.database, bench.shelf)
