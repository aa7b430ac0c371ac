"""The catalogue keeps what is used, and no more than that: a sender may name any type there is."""

from pathlib import Path

import pytest

from hub.schema.catalog import Catalog


def test_what_was_used_last_stays_built(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.schema.catalog.KEPT", 2)
    catalog = Catalog(root / "schemas")
    used, idle = catalog.get("edifact:S3:CONTRL"), catalog.get("edifact:S4:CONTRL")
    assert catalog.get("edifact:S3:CONTRL") is used
    catalog.get("edifact:S2:CONTRL")
    assert catalog.get("edifact:S3:CONTRL") is used
    assert catalog.get("edifact:S4:CONTRL") is not idle
