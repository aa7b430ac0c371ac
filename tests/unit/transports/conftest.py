"""A hub in memory, and an SFTP server on it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.transports.fakes import Hub


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    """The hub without a server; servers that a test starts are stopped."""
    hub = Hub(tmp_path)
    yield hub
    hub.intake.let_go()
    for server in hub.servers:
        assert server.stop()


@pytest.fixture
def served(hub: Hub) -> Hub:
    """The hub with one server running."""
    hub.serve()
    return hub
