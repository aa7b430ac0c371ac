"""Values of XSD simple types, each accepted by the type itself."""

import random

import pytest
import xmlschema

from hub.errors import WriteError
from hub.schema.sampling import Extent, Sampling
from hub.schema.xsd_values import value

TYPES = {
    "code": '<xs:restriction base="xs:string"><xs:enumeration value="A"/><xs:enumeration value="B"/></xs:restriction>',
    "long": '<xs:restriction base="xs:string"><xs:minLength value="60"/></xs:restriction>',
    "exact": '<xs:restriction base="xs:string"><xs:length value="3"/></xs:restriction>',
    "empty": '<xs:restriction base="xs:string"><xs:maxLength value="0"/></xs:restriction>',
    "guid": '<xs:restriction base="xs:string"><xs:length value="4"/><xs:pattern value="[A-F0-9-]+"/></xs:restriction>',
    "small": '<xs:restriction base="xs:decimal"><xs:maxExclusive value="0"/></xs:restriction>',
    "narrow": '<xs:restriction base="xs:decimal"><xs:minInclusive value="1000.5"/><xs:totalDigits value="5"/>'
    "</xs:restriction>",
    "between": '<xs:restriction base="xs:int"><xs:minExclusive value="499"/><xs:maxExclusive value="501"/>'
    "</xs:restriction>",
    "list": '<xs:list itemType="xs:date"/>',
    "union": '<xs:union memberTypes="xs:date xs:int"/>',
    "limited": '<xs:restriction><xs:simpleType><xs:list itemType="xs:int"/></xs:simpleType>'
    '<xs:maxLength value="2"/></xs:restriction>',
} | {
    name: f'<xs:restriction base="xs:{name}"/>'
    for name in (
        "string", "token", "NCName", "ID", "anyURI", "base64Binary", "hexBinary", "boolean", "date", "time", "dateTime",
        "gYear", "duration", "float", "integer", "positiveInteger", "unsignedByte",
    )
}  # fmt: skip


def kind(restriction: str) -> object:
    """The simple type of that content."""
    return xmlschema.XMLSchema(
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">'
        f'<xs:simpleType name="t">{restriction}</xs:simpleType></xs:schema>'
    ).types["t"]


@pytest.mark.parametrize("name", TYPES)
def test_values_are_valid(name: str) -> None:
    type_ = kind(TYPES[name])
    sampling = Sampling(Extent.FULL, dice=random.Random(1))
    for _ in range(10):
        assert type_.is_valid(value(type_, "名称 / Name", sampling))


def test_facets_that_leave_nothing() -> None:
    facets = '<xs:length value="2"/><xs:pattern value="A{5}"/>'
    impossible = kind(f'<xs:restriction base="xs:string">{facets}</xs:restriction>')
    with pytest.raises(WriteError, match="no sample for the type t"):
        value(impossible, "Name", Sampling(Extent.FULL))
