"""The commands are tested on the engine's hall."""

from tests.unit.engine.conftest import hall, home, world

__all__ = ["hall", "home", "world"]
