"""What every harness does: hand libFuzzer's bytes to a reader whose Python is instrumented, so that new paths are seen.

A harness is run by `fuzz.run`, as ``python -m fuzz.<name> CORPUS [libFuzzer options]``, where atheris is installed.
"""

import sys
from collections.abc import Callable
from pathlib import Path

import atheris

from hub.model.finding import Language
from hub.model.message import Reading

SCHEMAS = Path(__file__).parent.parent / "schemas"


def located(reading: Reading, size: int) -> None:
    """Every finding about ``size`` bytes has a place within them, and a text in both languages that lacks nothing."""
    for finding in reading.all_findings():
        place = finding.place
        assert (place.offset, place.line, place.path) != (None, None, None), finding
        assert place.offset is None or 0 <= place.offset <= size, finding
        assert place.line is None or 1 <= place.line <= size + 1, finding
        for language in Language:
            assert finding.text(language), finding
            assert finding.mend(language), finding


def fuzz(one: Callable[[bytes], None]) -> None:
    """Call ``one`` with mutated bytes until libFuzzer's options say stop. The input of an exception is kept."""
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()
