"""`hub run`: serve until SIGINT or SIGTERM."""

from pathlib import Path

from rich.console import Console

from hub import daemon
from hub.config.configuration import load_configuration
from hub.config.logs import configure


def serve(home: Path, console: Console, port: int | None) -> None:
    """Run the hub in ``home``; prints where it listens once it serves."""
    configure(load_configuration(home).settings.log)  # and whatever is wrong is told here, all of it

    def ready(hub: daemon.Daemon) -> None:
        where = f"sftp://{hub.sftp.address[0]}:{hub.sftp.address[1]}" if hub.sftp else "folders only"
        console.print(f"hub serves at {where}", soft_wrap=True)

    daemon.run(home.absolute(), ready, port)
