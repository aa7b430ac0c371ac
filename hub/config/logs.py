"""Logging: one line an event on standard error, as text or JSON; never a secret, never a payload."""

import logging
import sys
from contextlib import suppress
from typing import TextIO, cast

import structlog

from hub.model.settings import LogSettings


def configure(settings: LogSettings) -> None:
    """Send the log to standard error as ``settings`` say; libraries' own loggers from WARNING up."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(asctime)s %(name)s %(message)s")
    logging.getLogger("paramiko").setLevel(logging.CRITICAL)  # the server tells what happened in its own words
    renderer = structlog.processors.JSONRenderer() if settings.json else structlog.dev.ConsoleRenderer(colors=False)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, settings.level.upper())),
        logger_factory=structlog.PrintLoggerFactory(cast(TextIO, _Steady(sys.stderr))),
        cache_logger_on_first_use=True,
    )


class _Steady:
    """A stream whose failure harms nobody: lines are lost when the disk is full or nobody reads; the hub goes on."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write ``text`` if that can be."""
        with suppress(OSError, ValueError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        """Flush if that can be."""
        with suppress(OSError, ValueError):
            self._stream.flush()
