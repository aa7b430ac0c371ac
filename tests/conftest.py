"""Fixtures that all tests share."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from hub.schema.catalog import Catalog

ROOT = Path(__file__).resolve().parent.parent

settings.register_profile("default", deadline=None, max_examples=40)
# `make fuzz` gives every harness FUZZ_SECONDS, 600 by default; the property tests follow in proportion.
EXAMPLES = max(100, 5_000 * min(int(os.environ.get("FUZZ_SECONDS") or 600), 600) // 600)
settings.register_profile("fuzz", deadline=None, max_examples=EXAMPLES)
settings.load_profile("default")


def _absent(what: str) -> None:
    """Skip loudly; in continuous integration, where everything is to be installed, fail."""
    if os.environ.get("CI") or os.environ.get("HUB_CI"):
        pytest.fail(f"{what} is not installed, and in continuous integration it must be")
    pytest.skip(f"{what} is not installed; install it to run this test")


@pytest.fixture(scope="session")
def needs() -> Callable[[str], str]:
    """``needs("xmlsec1")`` → the program's path; skips the test without it (fails when CI or HUB_CI is set)."""

    def find(program: str) -> str:
        path = shutil.which(program)
        if path is None:
            _absent(program)
        return str(path)

    return find


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's own folder."""
    return ROOT


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real messages that HUB_CORPUS names; skips without it."""
    folder = os.environ.get("HUB_CORPUS")
    if not folder or not Path(folder).is_dir():
        pytest.skip("HUB_CORPUS names no folder of real messages")
    return Path(folder)


@pytest.fixture(scope="session")
def reference() -> Path:
    """The folder of published definitions that HUB_REFERENCE names; skips without it."""
    folder = os.environ.get("HUB_REFERENCE")
    if not folder or not Path(folder).is_dir():
        pytest.skip("HUB_REFERENCE names no folder of published definitions")
    return Path(folder)


@pytest.fixture(scope="session")
def catalog() -> "Catalog":
    """The catalogue of the schemas that are shipped."""
    from hub.schema.catalog import Catalog

    return Catalog(ROOT / "schemas")
