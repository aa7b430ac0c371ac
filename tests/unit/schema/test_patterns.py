"""Texts that match XSD patterns."""

import random

import pytest
import xmlschema

from hub.schema.patterns import example

PATTERNS = [
    r"[A-Z]{4}\d{7}",
    r"[0-9]{14}([0-9]{3})?",
    r"(19|20)\d\d-(0[1-9]|1[0-2])",
    r"[A-Z0-9-]{8}(-[A-Z0-9]{4}){3}-[A-Z0-9]{12}",
    r"[^a-z\s]+",
    r"[a-z-[aeiou]]{3,}",
    r"\i\c*",
    r"a.c",
    r"\p{Lu}\P{Lu}+",
    r"[\d.]{1,3}\.\w+",
    r"[一-龥]{2,4}",
    r"[+\-]?\d+(\.\d{1,2})?",
    r"[\-a]|\\|\t",
    r"x{3}y{2,}z{1,200}",
    r"",
]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_matches(pattern: str) -> None:
    escaped = pattern.replace("&", "&amp;").replace("<", "&lt;")
    source = (
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="a"><xs:simpleType>'
        f'<xs:restriction base="xs:string"><xs:pattern value="{escaped}"/></xs:restriction></xs:simpleType>'
        "</xs:element></xs:schema>"
    )
    kind = xmlschema.XMLSchema(source).elements["a"].type
    dice = random.Random(1)
    made = [example(pattern, dice) for _ in range(30)]
    assert [text for text in made if not kind.is_valid(text)] == []


@pytest.mark.parametrize("pattern", ["(a", "[a", "a)", "a{1}{", "[", "\\", r"[^\s\S]"])
def test_not_a_pattern(pattern: str) -> None:
    if pattern == "a{1}{":  # a brace that opens no quantity stands for itself
        assert example(pattern, random.Random(1)) == "a{"
        return
    with pytest.raises(ValueError, match="pattern|character"):
        example(pattern, random.Random(1))
