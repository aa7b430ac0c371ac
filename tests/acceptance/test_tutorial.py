"""docs/tutorial.md and the end of docs/workbench.md, word by word: their files are written, their commands run, and
they print what the pages say."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 90  # seconds for the commands of one block
BLOCK = re.compile(r"(?:^`([^`\n]+)`\n\n)?^```([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    """A fenced block: the file that it is (if the line before names one), what it is, and its text."""

    file: str
    kind: str
    text: str


def blocks(page: Path) -> Iterator[Block]:
    for file, kind, text in BLOCK.findall(page.read_text("utf-8")):
        yield Block(file, kind, text)


def environment() -> dict[str, str]:
    return os.environ | {"HUB": str(ROOT), "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}


def run(text: str, folder: Path) -> tuple[str, Path]:
    """What the commands print, and where they end."""
    script = f"set -e\n{text}\npwd > .where"
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, f"{text}\n{done.stdout}\n{done.stderr}"
    (where,) = folder.glob("**/.where")
    end = Path(where.read_text().strip())
    where.unlink()
    return done.stdout, end


@pytest.mark.parametrize("page", ["tutorial", "workbench"])
def test_the_page_does_what_it_says(page: str, tmp_path: Path) -> None:
    folder, printed = tmp_path, ""
    background: list[subprocess.Popen[bytes]] = []
    told = 0
    try:
        for block in blocks(ROOT / "docs" / f"{page}.md"):
            match block.kind:
                case "toml":
                    (folder / block.file).parent.mkdir(parents=True, exist_ok=True)
                    (folder / block.file).write_text(block.text, "utf-8")
                case "sh background":
                    command = ["bash", "-c", f"exec {block.text.strip()}"]
                    background.append(subprocess.Popen(command, cwd=folder, env=environment()))
                case "sh":
                    printed, folder = run(block.text, folder)
                case "text":
                    for line in block.text.splitlines():
                        assert line in printed, printed
                        told += 1
                case other:
                    raise AssertionError(f"what is a block of {other!r}?")
        assert told >= 5
    finally:
        for process in background:
            process.send_signal(signal.SIGTERM)
            process.wait(30)
