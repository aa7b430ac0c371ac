"""One transmission in another form: each form holds what it can, and says why where it cannot."""

from dataclasses import replace
from pathlib import Path

import pytest

from hub.errors import WriteError
from hub.formats import samples
from hub.formats.convert import convert
from hub.formats.read import read
from hub.model.form import Form
from hub.model.message import Document, Envelope, Interchange, Reading, Syntax
from hub.schema.catalog import Catalog

ORDERS = (
    b"UNA:+.? 'UNB+UNOA:1+A:14+B:14+990101:1200+7'UNH+1+ORDERS:D:96A:UN:EAN008'BGM+220+o?'1+9'DTM+137:19990101:102'"
    b"NAD+BY+1::9'LIN+1'QTY+21:5'UNS+S'CNT+2:1'UNT+9+1'UNZ+1+7'"
)
OWN = {"edifact:D.96A:ORDERS": Form.EDIFACT, "xsd:manifest:MT1401": Form.XML, "csv:quarantine:passengers": Form.CSV}


def documents(reading: Reading) -> list[tuple[str, Document | None]]:
    """The messages of ``reading``."""
    return [(message.type, message.document) for one in reading.interchanges for message in one.messages]


@pytest.mark.parametrize("form", [Form.JSON, Form.XML])
@pytest.mark.parametrize("schema_id", OWN)
def test_there_and_back(catalog: Catalog, schema_id: str, form: Form) -> None:
    own = convert([samples.transmission(catalog.get(schema_id))], OWN[schema_id], catalog)
    first = read(own, catalog)
    other = read(convert(first.interchanges, form, catalog), catalog)
    assert other.valid
    assert documents(other) == documents(first)
    again = convert(other.interchanges, OWN[schema_id], catalog)
    assert documents(read(again, catalog)) == documents(first)
    assert again == own


def test_envelopes_travel_along(catalog: Catalog) -> None:
    first = read(ORDERS, catalog)
    again = read(convert(first.interchanges, Form.JSON, catalog), catalog)
    assert again.interchanges[0].envelope == first.interchanges[0].envelope
    edifact = read(convert(again.interchanges, Form.EDIFACT, catalog), catalog).interchanges[0]
    lower = first.interchanges[0].envelope
    assert edifact.envelope == replace(lower, syntax_id="UNOW")  # UNOA has no lower case
    assert edifact.messages[0].association == "EAN008"


def test_a_missing_envelope_is_filled_in(catalog: Catalog) -> None:
    message = read(ORDERS, catalog).interchanges[0].messages[0]
    for envelope, sender, test in ((Envelope(), "SENDER", True), (Envelope(recipient="B"), "SENDER", False)):
        data = convert([Interchange(Syntax.EDIFACT, envelope, (message,))], Form.EDIFACT, catalog)
        found = read(data, catalog).interchanges[0].envelope
        assert (found.sender, found.test) == (sender, test)


def test_several_interchanges(catalog: Catalog) -> None:
    first = read(ORDERS + ORDERS.replace(b"+7'", b"+8'"), catalog)
    for form in (Form.JSON, Form.XML, Form.EDIFACT):
        again = read(convert(first.interchanges, form, catalog), catalog)
        assert [one.envelope.control_ref for one in again.interchanges] == ["7", "8"]
        assert documents(again) == documents(first)


@pytest.mark.parametrize(
    ("schema_id", "form", "said"),
    [
        ("edifact:D.96A:ORDERS", Form.CSV, "csv does not hold edifact messages; take json or xml"),
        ("xsd:manifest:MT1401", Form.EDIFACT, "edifact does not hold xml messages"),
        ("csv:quarantine:passengers", Form.X12, "x12 does not hold csv messages"),
        ("internal:case-status", Form.CSV, "csv does not hold json messages"),
    ],
)
def test_what_a_form_cannot_hold(catalog: Catalog, schema_id: str, form: Form, said: str) -> None:
    with pytest.raises(WriteError, match=said):
        convert([samples.transmission(catalog.get(schema_id))], form, catalog)


def test_forms_of_one_message(catalog: Catalog) -> None:
    one = samples.transmission(catalog.get("csv:quarantine:passengers"))
    with pytest.raises(WriteError, match="csv holds one transmission in a file, not 2"):
        convert([one, one], Form.CSV, catalog)
    with pytest.raises(WriteError, match="csv holds one message in a file, not 2"):
        convert([replace(one, messages=one.messages * 2)], Form.CSV, catalog)
    mixed = replace(one, messages=one.messages + samples.transmission(catalog.get("xsd:manifest:MT9999")).messages)
    with pytest.raises(WriteError, match="csv does not hold xml messages"):
        convert([mixed], Form.CSV, catalog)


def valid_files(corpus: Path, catalog: Catalog) -> list[tuple[Path, Reading]]:
    """The files of the corpus, reduced to their valid messages."""
    found = []
    for file in sorted(corpus.rglob("*")):
        if not file.is_file() or file.parent == corpus:
            continue
        reading = read(file.read_bytes(), catalog)
        whole = tuple(
            replace(one, messages=tuple(message for message in one.messages if message.valid))
            for one in reading.interchanges
        )
        whole = tuple(one for one in whole if one.messages)
        if whole:
            found.append((file, replace(reading, interchanges=whole)))
    return found


@pytest.mark.parametrize("form", [Form.JSON, Form.XML, Form.EDIFACT])
def test_every_valid_message_of_the_corpus(corpus: Path, catalog: Catalog, form: Form) -> None:
    """Read → write → read is the identity."""
    files = valid_files(corpus, catalog)
    assert len(files) > 10
    for file, reading in files:
        if form is Form.EDIFACT and reading.syntax.value != form.value:
            continue
        again = read(convert(reading.interchanges, form, catalog), catalog)
        assert documents(again) == documents(reading), file.name
        assert all(message.valid for one in again.interchanges for message in one.messages), file.name
