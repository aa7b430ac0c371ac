"""Any Document as XML in one shape, and back."""

import pytest

from hub.errors import WriteError
from hub.formats import samples
from hub.formats.convert import convert
from hub.formats.read import read
from hub.formats.xml.generic import write
from hub.model.form import Form
from hub.model.message import Envelope, Group, Interchange, Message, Reading, Syntax
from hub.schema.catalog import Catalog
from hub.schema.sampling import Extent

PAXLST = """<?xml version="1.0" encoding="UTF-8"?>
<transmission xmlns="urn:hub:transmission">
 <interchange>
  <envelope sender="A" test="true"/>
  <message type="edifact:D.02B:PAXLST">
   <segment key="BGM">
    <composite key="C002">
     <element key="1001">745</element>
    </composite>
   </segment>
   <group key="SG2">
    <segment key="TDT"><element key="8051">20</element></segment>
    <segment key="DTM"><composite key="C507"><element key="2005">189</element></composite></segment>
   </group>
  </message>
 </interchange>
</transmission>
"""


def told(reading: Reading) -> list[tuple[str, int | None, str | None]]:
    """Code, line and path of every finding."""
    return [(one.code, one.place.line, one.place.path) for one in reading.all_findings()]


def test_a_message(catalog: Catalog) -> None:
    reading = read(PAXLST.encode(), catalog)
    assert reading.valid
    assert reading.syntax is Syntax.XML
    (interchange,) = reading.interchanges
    assert interchange.envelope == Envelope(sender="A", test=True)
    document = interchange.messages[0].document
    assert document is not None
    assert document["SG2"] == [{"TDT": {"8051": "20"}, "DTM": {"C507": {"2005": "189"}}}]


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        (">745<", ">xyz<", ("edifact.value-code", 8, "/interchanges/0/messages/0/document/BGM/C002/1001")),
        ('key="BGM"', 'key="BGN"', ("form.unknown-key", 6, "/interchanges/0/messages/0/document/BGN")),
        ('<segment key="BGM">', "<segment>", ("form.unknown-key", 5, "/interchanges/0/messages/0/document/")),
        (">745<", "><x/><", ("form.text", 8, "/interchanges/0/messages/0/document/BGM/C002/1001")),
        ('sender="A"', 'from="A"', ("form.unknown-key", 4, "/interchanges/0/envelope/from")),
        ('test="true"', 'test="yes"', ("form.flag", 4, "/interchanges/0/envelope/test")),
        ("PAXLST", "PAXLTS", ("form.unknown-type", 5, "/interchanges/0/messages/0/type")),
        (
            '<element key="8051">20</element>',
            "",
            ("edifact.element-missing", 12, "/interchanges/0/messages/0/document/SG2/0/TDT/8051"),
        ),
        (
            '<segment key="TDT"><element key="8051">20</element></segment>',
            "",
            ("form.missing", 11, "/interchanges/0/messages/0/document/SG2/0/TDT"),
        ),
    ],
)
def test_faults(catalog: Catalog, old: str, new: str, finding: tuple[str, int, str]) -> None:
    assert finding in told(read(PAXLST.replace(old, new, 1).encode(), catalog))


def test_nothing_in_it(catalog: Catalog) -> None:
    reading = read(b'<transmission xmlns="urn:hub:transmission"/>', catalog)
    assert not reading.valid
    assert told(reading) == [("form.empty-list", 1, "/interchanges")]


def test_groups_references_and_several_messages(catalog: Catalog) -> None:
    document = samples.document(catalog.get("csv:quarantine:passengers"))
    message = Message("csv:quarantine:passengers", "R1", document, group_ref="G1")
    envelope = Envelope(sender="A&B", rest=(("S002/0008", "DESK <4>"), ("0032", "AGREED")), interactive=True)
    group = Group("G1", "X", sender='"', rest=(("0058", "P"),))
    interchange = Interchange(Syntax.CSV, envelope, (message, message), (group,))
    (again, _) = read(write([interchange, interchange], catalog), catalog).interchanges
    assert again.envelope == interchange.envelope
    assert again.groups == interchange.groups
    assert [(one.ref, one.group_ref, one.document) for one in again.messages] == [("R1", "G1", document)] * 2


@pytest.mark.parametrize("value", [" a ", "<&>\"'", "a\r\nb\tc", "海关", "", "]]>", "\u2028"])
def test_values_keep_every_character(catalog: Catalog, value: str) -> None:
    schema = catalog.get("internal:case-status")
    document = samples.document(schema, Extent.MINIMAL) | {"service": value}
    data = convert([samples.around(schema.id, document)], Form.XML, catalog)
    assert read(data, catalog).interchanges[0].messages[0].document == document


def test_characters_that_xml_cannot_hold(catalog: Catalog) -> None:
    document = samples.document(catalog.get("csv:quarantine:passengers"))
    document["passenger"][0]["surname"] = "A\x01B"
    interchange = samples.around("csv:quarantine:passengers", document)
    with pytest.raises(WriteError, match="csv:quarantine:passengers/passenger/surname: the character U\\+0001"):
        write([interchange], catalog)


def test_what_does_not_fit_its_schema(catalog: Catalog) -> None:
    with pytest.raises(WriteError, match="edifact:D.02B:PAXLST/XXX: is not in the schema"):
        write([samples.around("edifact:D.02B:PAXLST", {"XXX": {}})], catalog)
    with pytest.raises(WriteError, match="PAXLST/BGM: list where a table of BGM belongs"):
        write([samples.around("edifact:D.02B:PAXLST", {"BGM": []})], catalog)
    with pytest.raises(WriteError, match="its content cannot be read"):
        write([Interchange(Syntax.EDIFACT, messages=(Message("edifact:D.02B:PAXLST"),))], catalog)
