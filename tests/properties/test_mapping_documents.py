"""Whatever a document of its source schema holds, a mapping answers with a value; any text parses or says why not."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.mapping.apply import Mapping
from hub.mapping.lineage import leaves
from hub.mapping.loader import load
from hub.mapping.run import Context
from hub.mapping.syntax import SyntaxProblem, parse_condition, parse_path, parse_pipeline
from hub.mapping.workbench import SAMPLE, files
from hub.model.finding import Language
from hub.schema.catalog import Catalog
from hub.schema.model import Node

ROOT = Path(__file__).resolve().parents[2]
CATALOG = Catalog(ROOT / "schemas")
MAPPINGS = [load(path, CATALOG) for path in files([ROOT / "mappings"])]
WORDS = [
    "",
    "0",
    "9",
    "FL",
    "BM",
    "KGM",
    "TNE",
    "20261123",
    "261123",
    "102",
    "201",
    "329",
    "137",
    "CZ",
    "中文",
    "-1.5",
    "a",
]
NUMBER_OF_CHOICES = 3
SHARE = max(20, settings().max_examples // 5)  # a document takes long to make


def documents(node: Node) -> st.SearchStrategy[Any]:
    """Documents shaped by ``node``: any child may be absent, any value any text; lists are short."""
    if not node.children:
        return st.sampled_from(WORDS) | st.text(max_size=8)

    @st.composite
    def build(draw: st.DrawFn) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for child in node.children:
            if draw(st.integers(0, NUMBER_OF_CHOICES)) == 0:
                continue
            inner = documents(child)
            made[child.key] = draw(inner) if child.max == 1 else draw(st.lists(inner, max_size=2))
        return made

    return build()


def trimmed(node: Node, mapping: Mapping, name: str = "") -> Node:
    """``node`` with only the children that the mapping reads: the rest would make documents large and tell nothing."""
    read = {source for row in mapping.rows for source in row.sources}
    kept = []
    for child in node.children:
        path = f"{name}{child.key}"
        marks = child.tag in (
            "1153",
            "3035",
            "3227",
            "2005",
            "2379",
            "6411",
            "6313",
            "number",
            "status",
            "C507",
            "C506",
        )
        if marks or any(source == path or source.startswith(f"{path}/") for source in read):
            kept.append(trimmed(child, mapping, f"{path}/"))
    slim = {field: getattr(node, field) for field in Node.__slots__}
    return Node(**slim | {"children": tuple(kept)})


@pytest.mark.parametrize("mapping", MAPPINGS, ids=lambda mapping: mapping.id)
@settings(max_examples=SHARE)
@given(data=st.data())
def test_any_document_of_the_schema_is_mapped_without_an_exception(mapping: Mapping, data: st.DataObject) -> None:
    source = data.draw(st.sampled_from(mapping.sources))
    document = data.draw(documents(trimmed(CATALOG.get(source).root, mapping)))
    context = data.draw(st.sampled_from([SAMPLE, Context(), Context(hub={"now": -1}, partner={"id": {}})]))
    mapped = mapping.apply(document, context, source)
    target = CATALOG.get(mapping.target).root
    shaped(mapped.document, target)
    told = mapping.explain(document, context, source)
    assert [(line.target, line.value) for line in told] == list(
        leaves(mapped.document, CATALOG.get(mapping.target).root)
    )
    for finding in mapped.findings:
        assert finding.place.path or finding.code == "mapping.too-large"
        assert all(finding.text(language) and finding.mend(language) for language in Language)


def shaped(value: Any, node: Node) -> None:
    """The made document has the shape that the target schema gives it, and no empty group."""
    if not node.children:
        assert isinstance(value, str)
        return
    for key, inner in value.items():
        child = node.child(key)
        assert child is not None
        items = [inner] if child.max == 1 else inner
        assert isinstance(items, list)
        assert items
        for item in items:
            shaped(item, child)


@given(st.text("ab/^$[]()='\"<>!, .19-andorti", max_size=60))
def test_any_text_parses_or_says_why_not(text: str) -> None:
    for parse in (parse_path, parse_condition, parse_pipeline):
        with suppress(SyntaxProblem):
            parse(text)
