"""Whatever message a type allows: written in any form that holds it and read again, it is the same; and no damage to a
form is more than findings."""

import json
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from hub.formats import samples
from hub.formats.convert import convert
from hub.formats.read import read
from hub.formats.write import syntax_of
from hub.model.form import Form
from hub.model.message import Interchange, Reading
from hub.schema.catalog import Catalog
from hub.schema.sampling import Extent, Sampling
from hub.schema.xsd import Signed, XsdSchema

CATALOG = Catalog(Path(__file__).resolve().parents[2] / "schemas")
TYPES = ["edifact:D.02B:PAXLST", "edifact:D.96A:ORDERS", "edifact:S4:CONTRL", "edifact:D.97A:RESREQ"] + [
    one for one in CATALOG.ids() if not one.startswith("edifact:")
]
RELAXED = settings(suppress_health_check=list(HealthCheck), max_examples=25)


def drawn(schema_id: str, dice: random.Random) -> Interchange:
    """A message of that type, as the dice will have it."""
    return samples.around(schema_id, samples.drawn(CATALOG.get(schema_id), Sampling(Extent.VARIED, dice=dice)))


def documents(reading: Reading) -> list[object]:
    """The Documents of ``reading``."""
    return [message.document for one in reading.interchanges for message in one.messages]


@pytest.mark.parametrize("schema_id", TYPES)
@RELAXED
@given(dice=st.randoms(use_true_random=False))
def test_read_after_write_is_the_identity(schema_id: str, dice: random.Random) -> None:
    message = drawn(schema_id, dice)
    own = syntax_of(schema_id).value
    for form in {Form.JSON, Form.XML, Form(own)}:
        reading = read(convert([message], form, CATALOG), CATALOG, expected=(schema_id,))
        wanting = [found.code for found in reading.all_findings()]
        assert wanting == (["xml.missing-element"] if form is Form.XML and must_be_signed(schema_id) else [])
        assert documents(reading) == [message.messages[0].document]


def must_be_signed(schema_id: str) -> bool:
    """Whether the type demands a signature, which no Document holds: it is made when the bytes are sent."""
    schema = CATALOG.get(schema_id)
    return isinstance(schema, XsdSchema) and schema.signed is Signed.MUST


def survives(data: bytes) -> None:
    """``data`` gives a Reading, whose findings all have a place and texts."""
    reading = read(data, CATALOG)
    for found in reading.all_findings():
        assert found.place.offset is not None or found.place.line is not None or found.code.endswith("more")
        shown = found.as_json()
        json.dumps(shown, ensure_ascii=False).encode()
        assert shown["en"]
        assert shown["zh"]


FORMS = {form: convert([drawn(TYPES[0], random.Random(1))], form, CATALOG) for form in (Form.JSON, Form.XML)}


@pytest.mark.parametrize("form", FORMS)
@example(at=54, length=1, piece=b"")  # the root loses its namespace
@example(at=224, length=11, piece=b" \xc2\x81\ts")  # a control character in the envelope
@given(at=st.integers(0, 10_000), length=st.integers(0, 40), piece=st.binary(max_size=8))
def test_any_piece_replaced(form: Form, at: int, length: int, piece: bytes) -> None:
    data = FORMS[form]
    at %= len(data)
    survives(data[:at] + piece + data[at + length :])


KEYS = st.sampled_from(
    ["type", "document", "envelope", "interchanges", "messages", "BGM", "UNH", "SG2", "TDT", "\ud800", "x/~"]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["", "edifact:D.02B:PAXLST", "745", "\0", "\ud800"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@given(value=VALUES, whole=st.booleans())
def test_any_values(value: object, whole: bool) -> None:
    survives(json.dumps({"type": TYPES[0], "document": value} if whole else value).encode())
