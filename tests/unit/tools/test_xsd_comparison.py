"""The comparison of two XSDs finds every way in which they can differ, and nothing where they do not."""

from pathlib import Path

import pytest
import xmlschema
from lxml import etree

from tools.xsd.comparison import Side, compare

BODY = """
<xs:element name="T"><xs:complexType><xs:sequence>
  <xs:element name="head"><xs:complexType><xs:sequence>
    <xs:element name="no"><xs:simpleType><xs:restriction base="xs:string">
      <xs:minLength value="1"/><xs:maxLength value="60"/></xs:restriction></xs:simpleType></xs:element>
    <xs:element name="code"><xs:simpleType><xs:restriction base="xs:string">
      <xs:length value="3"/></xs:restriction></xs:simpleType></xs:element>
    <xs:element name="amount"><xs:simpleType><xs:restriction base="xs:decimal">
      <xs:totalDigits value="19"/><xs:fractionDigits value="5"/></xs:restriction></xs:simpleType></xs:element>
    <xs:element name="count"><xs:simpleType><xs:restriction base="xs:int">
      <xs:totalDigits value="9"/></xs:restriction></xs:simpleType></xs:element>
    <xs:element name="currency" type="xs:string" fixed="142"/>
    <xs:element name="state" default="1"><xs:simpleType><xs:restriction base="xs:string">
      <xs:length value="1"/></xs:restriction></xs:simpleType></xs:element>
    <xs:element name="day" type="xs:date"/>
    <xs:element name="note" type="xs:string" minOccurs="0"/>
  </xs:sequence></xs:complexType></xs:element>
  <xs:element name="line" type="xs:token" maxOccurs="99"/>
  <xs:any namespace="##other" processContents="lax" minOccurs="0"/>
</xs:sequence><xs:attribute name="guid" use="required" type="xs:string"/></xs:complexType></xs:element>
"""

CHANGES = {
    "a maximum length": ('maxLength value="60"', 'maxLength value="61"'),
    "a minimum length": ('<xs:minLength value="1"/>', ""),
    "an exact length": ('length value="3"', 'length value="4"'),
    "a length that is no longer exact": ('<xs:length value="3"/>', '<xs:maxLength value="3"/>'),
    "digits": ('totalDigits value="19"', 'totalDigits value="18"'),
    "decimals": ('fractionDigits value="5"', 'fractionDigits value="6"'),
    "digits of a number": ('totalDigits value="9"', 'totalDigits value="10"'),
    "a whole number": ('base="xs:int"', 'base="xs:decimal"'),
    "a fixed value": ('fixed="142"', 'fixed="156"'),
    "a value no longer fixed": (' fixed="142"', ""),
    "a default": (' default="1"', ""),
    "blanks": ('type="xs:token" maxOccurs', 'type="xs:NMTOKEN" maxOccurs'),
    "a day": ('type="xs:date"', 'type="xs:string"'),
    "what is optional": ('type="xs:string" minOccurs="0"', 'type="xs:string"'),
    "how often": ('maxOccurs="99"', 'maxOccurs="100"'),
    "how often at least": ('maxOccurs="99"', 'minOccurs="0" maxOccurs="99"'),
    "a name": ('name="count"', 'name="Count"'),
    "an attribute": ('use="required" type', "type"),
    "any attribute": (
        "</xs:complexType></xs:element>\n",
        '<xs:anyAttribute processContents="skip"/></xs:complexType></xs:element>\n',
    ),
    "what else may come": ('<xs:any namespace="##other" processContents="lax" minOccurs="0"/>', ""),
    "text between": ('name="head"><xs:complexType', 'name="head"><xs:complexType mixed="true"'),
    "an order": (
        '<xs:element name="day" type="xs:date"/>\n    <xs:element name="note" type="xs:string" minOccurs="0"/>',
        '<xs:element name="note" type="xs:string" minOccurs="0"/>\n    <xs:element name="day" type="xs:date"/>',
    ),
    "nil": ('name="day" type', 'name="day" nillable="true" type'),
}


def side(folder: Path, name: str, body: str) -> Side:
    """One side with that XSD."""
    file = folder / f"{name}.xsd"
    file.write_text(
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:t" elementFormDefault="qualified">'
        f"{body}</xs:schema>",
        "utf-8",
    )
    return Side(name, xmlschema.XMLSchema(str(file)).elements["T"], etree.XMLSchema(file=str(file)))


def test_the_same_twice_is_judged_alike(tmp_path: Path) -> None:
    outcome = compare((side(tmp_path, "one", BODY), side(tmp_path, "two", BODY)))
    assert (outcome.differences, outcome.unsound) == ([], [])
    assert outcome.documents > 1000
    assert 100 < outcome.accepted < outcome.documents - 100


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_is_found(what: str, tmp_path: Path) -> None:
    before, after = CHANGES[what]
    assert before in BODY
    changed = BODY.replace(before, after, 1)
    outcome = compare((side(tmp_path, "one", BODY), side(tmp_path, "two", changed)))
    assert outcome.differences
    assert all(one.reason and one.accepted_by in ("one", "two") for one in outcome.differences)
