"""A Schema from an XSD: the tree, its bounds and types, and what an XSD may not do."""

from pathlib import Path

import pytest

from hub.errors import ConfigError, SchemaUnknown
from hub.schema import xsd
from hub.schema.catalog import Catalog
from hub.schema.model import DataType, Kind, Node

HEAD = '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:t" xmlns="urn:t" {}>'
QUALIFIED = HEAD.format('elementFormDefault="qualified"')


def schema(folder: Path, body: str, head: str = QUALIFIED, name: str = "T") -> xsd.XsdSchema:
    family = folder / "family"
    family.mkdir(exist_ok=True)
    (family / f"{name}.xsd").write_text(f"{head}{body}</xs:schema>", "utf-8")
    return xsd.load(folder, "family", name)


def at(node: Node, path: str) -> Node:
    for key in path.split("/"):
        found = node.child(key)
        assert found is not None, f"{key} in {path}"
        node = found
    return node


def test_the_shipped_road_manifest(catalog: Catalog) -> None:
    loaded = catalog.get("xsd:manifest:MT1401")
    consignment = at(loaded.root, "Declaration/Consignment")
    assert (loaded.root.kind, consignment.kind) == (Kind.MESSAGE, Kind.GROUP)
    assert (consignment.min, consignment.max) == (1, 9999)
    assert consignment.title == "提（运）单 / Consignments"
    bill = at(consignment, "TransportContractDocument/ID")
    assert (bill.kind, bill.type, bill.max_length) == (Kind.ELEMENT, DataType.TEXT, 35)
    mass = at(consignment, "GovernmentAgencyGoodsItem/GoodsMeasure/GrossMassMeasure")
    assert [child.key for child in mass.children] == ["@unitCode", "#text"]
    assert mass.children[1].type is DataType.DECIMAL
    assert at(consignment, "ConsignmentItem/SequenceNumeric").type is DataType.INTEGER
    mode = at(loaded.root, "Declaration/BorderTransportMeans/TypeCode")
    assert loaded.codes[mode.codes or ""]["3"] == "公路运输 / Road"
    assert bill.namespace == "urn:Declaration:datamodel:standard:CN:MT1401:1"


def test_every_shipped_xsd_loads_and_is_found_by_its_root(catalog: Catalog) -> None:
    ids = [schema_id for schema_id in catalog.ids() if schema_id.startswith("xsd:")]
    assert len(ids) >= 6
    index = xsd.index(catalog.root / "xsd")
    assert sorted(index.values()) == sorted(ids)
    for schema_id in ids:
        root = catalog.get(schema_id).root
        assert index[f"{{{root.namespace}}}{root.tag}" if root.namespace else root.tag] == schema_id


def test_the_source_of_the_facts_is_told(catalog: Catalog) -> None:
    assert "Facts: published field lists" in catalog.get("xsd:declaration:DecMessage").source


def test_choice_makes_optional_and_outer_bounds_multiply(tmp_path: Path) -> None:
    root = schema(
        tmp_path,
        """<xs:element name="T"><xs:complexType><xs:sequence>
          <xs:choice><xs:element name="a" type="xs:date"/><xs:element name="b" type="xs:boolean"/></xs:choice>
          <xs:sequence minOccurs="0" maxOccurs="3"><xs:element name="c" type="xs:string" maxOccurs="2"/></xs:sequence>
          <xs:choice maxOccurs="unbounded"><xs:element name="d"/><xs:element name="e"/></xs:choice>
          <xs:any namespace="##other" processContents="lax" minOccurs="0"/>
        </xs:sequence></xs:complexType></xs:element>""",
    ).root
    bounds = {child.key: (child.min, child.max) for child in root.children}
    assert bounds == {"a": (0, 1), "b": (0, 1), "c": (0, 6), "d": (0, None), "e": (0, None)}
    assert [child.type for child in root.children[:2]] == [DataType.DATE, DataType.BOOLEAN]


def test_all_attributes_and_unqualified_elements(tmp_path: Path) -> None:
    root = schema(
        tmp_path,
        """<xs:element name="T"><xs:complexType><xs:all>
          <xs:element name="a" type="xs:integer"/><xs:element name="b" minOccurs="0" type="xs:base64Binary"/>
        </xs:all><xs:attribute name="v" use="required" type="xs:string"/></xs:complexType></xs:element>""",
        HEAD.format(""),
    ).root
    assert [(child.key, child.min, child.namespace) for child in root.children] == [
        ("@v", 1, ""),
        ("a", 1, ""),
        ("b", 0, ""),
    ]
    assert root.namespace == "urn:t"


def test_a_fixed_value_is_a_list_of_one(tmp_path: Path) -> None:
    loaded = schema(
        tmp_path,
        """<xs:element name="T"><xs:complexType><xs:sequence>
          <xs:element name="currency" type="xs:string" fixed="142"/><xs:element name="other" type="xs:string"/>
        </xs:sequence><xs:attribute name="ver" type="xs:string" fixed="1.0"/></xs:complexType></xs:element>""",
    )
    assert loaded.codes == {"ver": {"1.0": "1.0"}, "currency": {"142": "142"}}
    assert [child.codes for child in loaded.root.children] == ["ver", "currency", None]


def test_a_union_with_what_is_empty_has_the_type_of_the_rest(tmp_path: Path) -> None:
    root = schema(
        tmp_path,
        """<xs:simpleType name="Empty"><xs:restriction base="xs:string"><xs:length value="0"/></xs:restriction>
        </xs:simpleType><xs:simpleType name="Price"><xs:union memberTypes="xs:decimal Empty"/></xs:simpleType>
        <xs:simpleType name="Either"><xs:union memberTypes="xs:decimal xs:date"/></xs:simpleType>
        <xs:element name="T"><xs:complexType><xs:sequence>
          <xs:element name="a" type="Price"/><xs:element name="b" type="Either"/>
        </xs:sequence></xs:complexType></xs:element>""",
    ).root
    assert [child.type for child in root.children] == [DataType.DECIMAL, DataType.TEXT]


def test_what_may_hold_anything_is_a_text(tmp_path: Path) -> None:
    root = schema(
        tmp_path,
        """<xs:element name="T"><xs:complexType><xs:sequence><xs:element name="a"/><xs:element name="b">
          <xs:complexType><xs:sequence><xs:any processContents="skip"/></xs:sequence></xs:complexType>
        </xs:element></xs:sequence></xs:complexType></xs:element>""",
    ).root
    assert [(child.kind, child.type) for child in root.children] == [
        (Kind.ELEMENT, DataType.TEXT),
        (Kind.GROUP, None),
    ]


def test_recursion_is_cut(tmp_path: Path) -> None:
    root = schema(
        tmp_path,
        """<xs:complexType name="Part"><xs:sequence><xs:element name="name" type="xs:string"/>
          <xs:element name="part" type="Part" minOccurs="0"/></xs:sequence></xs:complexType>
          <xs:element name="T" type="Part"/>""",
    ).root
    assert at(root, "part/part/name").type is DataType.TEXT
    assert at(root, "part/part/part").children == ()


def test_one_name_from_two_types_keeps_both_code_lists(tmp_path: Path) -> None:
    values = (
        '<xs:simpleType><xs:restriction base="xs:token"><xs:enumeration value="{}"/></xs:restriction></xs:simpleType>'
    )
    one, two = (f'<xs:element name="code">{values.format(value)}</xs:element>' for value in "12")
    group = "<xs:element name='{}'><xs:complexType><xs:sequence>{}</xs:sequence></xs:complexType></xs:element>"
    loaded = schema(tmp_path, group.format("T", group.format("g", one) + group.format("h", two)))
    assert loaded.codes == {"code": {"1": "1"}, "code~2": {"2": "2"}}
    assert at(loaded.root, "h/code").codes == "code~2"


def test_a_repeated_sequence_is_refused_because_a_document_cannot_keep_its_order(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="repeats"):
        schema(
            tmp_path,
            """<xs:element name="T"><xs:complexType><xs:sequence maxOccurs="9"><xs:element name="a"/>
            <xs:element name="b"/></xs:sequence></xs:complexType></xs:element>""",
        )


def test_what_cannot_be_loaded_says_why(tmp_path: Path) -> None:
    with pytest.raises(SchemaUnknown, match="not installed"):
        xsd.load(tmp_path, "family", "absent")
    with pytest.raises(SchemaUnknown, match="file of types"):
        schema(tmp_path, '<xs:simpleType name="x"><xs:restriction base="xs:string"/></xs:simpleType>')
    with pytest.raises(ConfigError, match=r"T\.xsd:1:"):
        schema(tmp_path, '<xs:element name="T" type="Nothing"/>')


def test_two_types_of_one_root_are_refused(tmp_path: Path) -> None:
    schema(tmp_path, '<xs:element name="T" type="xs:string"/>', name="one")
    schema(tmp_path, '<xs:element name="T" type="xs:string"/>', name="two")
    with pytest.raises(ConfigError, match="xsd:family:one"):
        xsd.index(tmp_path)


def test_an_imported_signature_is_no_part_of_the_tree(tmp_path: Path) -> None:
    (tmp_path / "family").mkdir()
    (tmp_path / "family" / "xmldsig.xsd").write_text(
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="http://www.w3.org/2000/09/xmldsig#">'
        '<xs:element name="Signature"><xs:complexType><xs:sequence maxOccurs="9"><xs:element name="a"/>'
        '<xs:element name="b"/></xs:sequence></xs:complexType></xs:element></xs:schema>',
        "utf-8",
    )
    root = schema(
        tmp_path,
        '<xs:import namespace="http://www.w3.org/2000/09/xmldsig#" schemaLocation="xmldsig.xsd"/>'
        '<xs:element name="T"><xs:complexType><xs:sequence><xs:element name="a"/>'
        '<xs:element xmlns:ds="http://www.w3.org/2000/09/xmldsig#" ref="ds:Signature"/></xs:sequence></xs:complexType>'
        "</xs:element>",
    ).root
    assert [child.key for child in root.children] == ["a"]
