"""The log on a full disk: lines are lost, and whoever logs goes on."""

import subprocess
import sys
from pathlib import Path

import pytest

LOGS = """
import structlog
from hub.config.logs import configure
from hub.model.settings import LogSettings

configure(LogSettings(level="info", json=False))
for number in range(3):
    structlog.get_logger().info("event", number=number)
print("went on")
"""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_a_full_disk_does_not_stop_who_logs(root: Path) -> None:
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-c", LOGS]
        done = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=full, text=True, check=False, timeout=60, cwd=root
        )
    assert done.stdout == "went on\n"


def test_lines_go_to_standard_error(root: Path) -> None:
    command = [sys.executable, "-c", LOGS]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60, cwd=root)
    assert done.stdout == "went on\n"
    assert [line.split()[-1] for line in done.stderr.splitlines()] == ["number=0", "number=1", "number=2"]
