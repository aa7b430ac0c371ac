"""`hub twin`: play an agency until SIGINT or SIGTERM."""

import signal
from pathlib import Path
from threading import Event

from hub.config.logs import configure
from hub.config.settings import load_settings
from hub.twins.start import agency_twin


def play(home: Path, agency: str, port: int | None, scenario: Path | None = None) -> None:
    """Go round as ``agency``; ``port`` is the SFTP server's where hub.toml leaves it open; ``scenario`` says what goes
    wrong."""
    configure(load_settings(home).log)
    stop = Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    agency_twin(home, agency, port=port, scenario=scenario).run(stop)
