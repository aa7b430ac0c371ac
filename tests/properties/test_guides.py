"""A guideline says only what it says: with no rows it changes nothing, and widening refuses nothing; whatever bytes a
message has, its rules end in findings with places."""

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.formats import samples
from hub.formats.edifact.guided import Choose
from hub.formats.edifact.reader import read
from hub.guides.guideline import Guideline
from hub.guides.library import Guides
from hub.model.finding import Language, Severity
from hub.model.message import Reading
from hub.schema.catalog import Catalog
from hub.schema.sampling import Extent, Sampling

CATALOG = Catalog(Path(__file__).resolve().parents[2] / "schemas")
GUIDES = Guides(CATALOG)
RELAXED = settings(suppress_health_check=list(HealthCheck), max_examples=25)
SHIPPED = [(id, type) for id in GUIDES.ids() for type in GUIDES.get(id).types[:2]]
TYPES = ["D.02B:PAXLST", "D.96A:ORDERS", "D.95B:BAPLIE"]


def drawn(schema_id: str, seed: int) -> bytes:
    """A message of that type, in an interchange."""
    sampling = Sampling(Extent.VARIED, dice=random.Random(seed))
    document = samples.drawn(CATALOG.get(schema_id), sampling)
    return samples.written(samples.around(schema_id, document), CATALOG)


def always(guideline: Guideline) -> Choose:
    return lambda type, names: guideline.guide(type) if type in guideline.types else None


@pytest.fixture(name="empty", scope="session")
def _empty(tmp_path_factory: pytest.TempPathFactory) -> Choose:
    """A guideline without rows."""
    file = tmp_path_factory.mktemp("guides") / "empty.toml"
    messages = ", ".join(f'"{type}"' for type in TYPES)
    head = 'title = { zh = "空", en = "Empty" }\nsource = "none"\ndate = "2026-11-24"'
    file.write_text(f"[guide]\n{head}\nmessages = [{messages}]\n", "utf-8")
    return always(Guideline(file, CATALOG))


@pytest.mark.parametrize("type", TYPES)
@RELAXED
@given(seed=st.integers(0, 1 << 30), cut=st.integers(0, 1 << 30), byte=st.integers(0, 255))
def test_without_rows_nothing_changes(empty: Choose, type: str, seed: int, cut: int, byte: int) -> None:
    data = bytearray(drawn(f"edifact:{type}", seed))
    assert read(bytes(data), CATALOG, guides=empty) == read(bytes(data), CATALOG)
    data[cut % len(data)] = byte
    assert read(bytes(data), CATALOG, guides=empty) == read(bytes(data), CATALOG)


def widening_only(id: str) -> Choose:
    """A shipped guideline without its rules."""
    guideline = Guides(CATALOG).get(id)
    guideline.file = guideline.file.model_copy(update={"rule": []})
    return always(guideline)


@pytest.mark.parametrize(("id", "type"), SHIPPED)
@RELAXED
@given(seed=st.integers(0, 1 << 30))
def test_what_is_valid_stays_so_when_it_is_widened(id: str, type: str, seed: int) -> None:
    data = drawn(type, seed)
    widened, plain = read(data, CATALOG, guides=widening_only(id)), read(data, CATALOG)
    assert widened.valid == plain.valid
    assert {finding.code for finding in widened.all_findings()} <= {finding.code for finding in plain.all_findings()}


@pytest.mark.parametrize(("id", "type"), SHIPPED)
@RELAXED
@given(seed=st.integers(0, 1 << 30), cut=st.integers(0, 1 << 30), byte=st.integers(0, 255))
def test_whatever_it_reads_it_says_where(id: str, type: str, seed: int, cut: int, byte: int) -> None:
    data = bytearray(drawn(type, seed))
    data[cut % len(data)] = byte
    reading: Reading = read(bytes(data), CATALOG, guides=GUIDES.choice((id,)))
    for finding in reading.all_findings():
        if finding.code.startswith("guide."):
            place = finding.place
            assert place.segment is not None
            assert place.offset is not None
            assert place.path
            assert data[place.offset :] or finding.severity is not Severity.ERROR
            assert finding.text(Language.EN)
            assert finding.text(Language.ZH)
