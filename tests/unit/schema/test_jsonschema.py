"""The JSON Schema of a type, judged by a validator that is not ours: it accepts what the hub accepts."""

import copy
import json
import random
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from hub.formats import samples
from hub.formats.form.plain import plain
from hub.formats.json.reader import read
from hub.schema.catalog import Catalog
from hub.schema.jsonschema import json_schema
from hub.schema.model import Dependency, Kind, Node, Rule, Schema
from hub.schema.rules import rules
from hub.schema.sampling import Extent

TYPES = [
    "edifact:D.02B:PAXLST",
    "edifact:D.95B:CUSCAR",
    "edifact:D.96A:ORDERS",
    "edifact:D.21B:IFTMIN",
    "edifact:S3:CONTRL",
    "edifact:S4:CONTRL",
    "x12:004010:309",
    "x12:004010:850",
    "x12:004010:TA1",
    "x12:005010:999",
    "xsd:manifest:MT1401",
    "xsd:passengers:PassengerList",
    "csv:quarantine:passengers",
    "internal:case-status",
]


def validator(schema: Schema) -> Draft202012Validator:
    """The validator of the JSON Schema of ``schema``, which is itself a schema of the draft."""
    made = json_schema(schema)
    Draft202012Validator.check_schema(made)
    return Draft202012Validator(json.loads(json.dumps(made)))


@pytest.mark.parametrize("schema_id", TYPES)
def test_samples_are_accepted(catalog: Catalog, schema_id: str) -> None:
    schema = catalog.get(schema_id)
    judge = validator(schema)
    for extent in Extent:
        for seed in range(5):
            value = plain([samples.transmission(schema, extent, seed)])
            assert [error.message for error in judge.iter_errors(value)] == []


def damages(document: Any, dice: random.Random) -> Iterator[Any]:
    """``document`` damaged in one place, again and again."""
    for _ in range(150):
        damaged = copy.deepcopy(document)
        holder, key = dice.choice(list(places(damaged)))
        match dice.randrange(6):
            case 0:
                del holder[key]
            case 1:
                holder[key] = dice.choice([None, 7, [], {}, "", True])
            case 2 if isinstance(holder[key], str):
                holder[key] = dice.choice([holder[key] * 30, holder[key][:1], "ÿ9", "é" * 3, "-1.5", "1E9", "x y"])
            case 3 if isinstance(holder[key], list):
                holder[key] *= 12
            case 4 if isinstance(holder, dict):
                holder["XXX"] = "1"
            case _:
                continue
        yield damaged


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every (holder, key) in ``value`` but those of UNH and ST, which the type itself makes."""
    for key, inner in list(value.items() if isinstance(value, dict) else enumerate(value)):
        if key in ("UNH", "ST"):
            continue
        yield value, key
        if isinstance(inner, dict | list):
            yield from places(inner)


ALIKE = [one for one in TYPES if not one.startswith("xsd:")]
"""Not those with rules that only one of the two knows: patterns of an XSD."""


@pytest.mark.parametrize("schema_id", ALIKE)
def test_damage_is_refused_where_the_hub_refuses_it(catalog: Catalog, schema_id: str) -> None:
    schema = catalog.get(schema_id)
    judge, dice = validator(schema), random.Random(schema_id)
    document = samples.document(schema, Extent.VARIED, 3)
    verdicts = set()
    for damaged in damages(document, dice):
        value = {"type": schema_id, "document": damaged}
        reading = read(json.dumps(value).encode(), catalog)
        accepted = judge.is_valid(value)
        told = {finding.code for finding in reading.all_findings()}
        if accepted != reading.valid and not told & BEYOND and "form.read-otherwise" not in told:
            pytest.fail(f"accepted {accepted}, but {[one.as_json() for one in reading.all_findings()][:3]}\n{damaged}")
        verdicts.add(accepted)
    assert verdicts == {True, False}


BEYOND = {
    "csv.type",
    "form.type",  # a day that the calendar lacks
    "edifact.segment-missing",
    "edifact.segment-unexpected",
    "edifact.segment-repeats",
    "edifact.group-repeats",
    "x12.date-wrong",
    "x12.time-wrong",
    "x12.value-blanks",
    "x12.value-character",
    "x12.segment-order",
    "x12.segment-missing",
    "x12.segment-repeats",
    "x12.loop-repeats",
}
"""What a JSON Schema cannot say: how the reader goes on behind segments that cannot be told apart; days and times."""


@pytest.mark.parametrize(
    ("rule", "good", "bad"),
    [
        (Rule.ONE, ["A", "B"], ["", "AB", "ABC"]),
        (Rule.ALL_OR_NONE, ["", "ABC"], ["A", "AB"]),
        (Rule.AT_LEAST_ONE, ["A", "AB"], [""]),
        (Rule.AT_MOST_ONE, ["", "A", "C"], ["AB", "ABC"]),
        (Rule.FIRST_NEEDS_ALL, ["", "ABC", "BC", "B"], ["A", "AB"]),
        (Rule.FIRST_NEEDS_ONE, ["", "AB", "AC", "B"], ["A"]),
        (Rule.FIRST_ALONE, ["", "A", "BC"], ["AB", "ABC"]),
    ],
)
def test_dependency_notes(rule: Rule, good: list[str], bad: list[str]) -> None:
    children = tuple(Node(key, key, Kind.ELEMENT) for key in "ABC")
    node = Node("X", "X", Kind.SEGMENT, children=children, depends=(Dependency(rule, (1, 2, 3)),))
    judge = Draft202012Validator({"allOf": list(rules(node))})
    assert all(judge.is_valid(dict.fromkeys(keys, "")) for keys in good)
    assert not any(judge.is_valid(dict.fromkeys(keys, "")) for keys in bad)


def test_codes_given_to_another_list_are_free(catalog: Catalog) -> None:
    judge = validator(catalog.get("edifact:D.02B:PAXLST"))
    document = samples.document(catalog.get("edifact:D.02B:PAXLST"), Extent.MINIMAL)
    for c002, accepted in (
        ({"1001": "745"}, True),
        ({"1001": "x"}, False),
        ({"1001": "x", "1131": "9"}, True),
        ({"1001": "x", "3055": "9"}, True),
        ({"1001": "x", "3055": "6"}, False),
    ):
        document["BGM"] = {"C002": c002}
        assert judge.is_valid({"type": "edifact:D.02B:PAXLST", "document": document}) is accepted
    free = Draft202012Validator(json_schema(catalog.get("edifact:D.02B:PAXLST"), codes=False))
    document["BGM"] = {"C002": {"1001": "x"}}
    assert free.is_valid({"type": "edifact:D.02B:PAXLST", "document": document})
