"""The JSON Schema (draft 2020-12) of a message type: what a JSON message of it looks like, for editors and programs.

It says shape, presence, repetition, lengths, types, code lists and dependency notes. It does not say what only the
format itself can: the patterns and choices of an XSD, control totals, and codes of an association's guide, which
`hub check` accepts with a warning; ``codes=False`` leaves the code lists out.
"""

from typing import Any

from hub.schema.model import DataType, Kind, Node, Schema
from hub.schema.rules import rules

DRAFT = "https://json-schema.org/draft/2020-12/schema"

Plain = dict[str, Any]

_OPEN = ("0051", "1131")  # names of agencies and of code lists: no list of them is closed
_LIST, _AGENCY, _UN = "1131", "3055", "6"  # which code list, whose, and the UN's own
_HEADER = ("UNH", "S009", "UIH", "S306", "ST")  # what a JSON message may leave out, because its type says it
_NUMBERS = {
    "edifact": {DataType.NUMERIC: r"-?[0-9]+([.,][0-9]+)?(E-?[0-9]+)?"},
    "x12": {DataType.NUMERIC: "-?[0-9]+", DataType.DECIMAL: r"-?[0-9]*(\.[0-9]+)?"},
}
"""Numbers whose lengths count their digits."""
_LAYOUTS = {
    DataType.ALPHA: "[A-Za-z]+",
    DataType.NUMERIC: "[0-9]+",
    DataType.INTEGER: "-?[0-9]+",
    DataType.DECIMAL: r"-?[0-9]+(\.[0-9]+)?",
    DataType.BOOLEAN: "true|false|0|1",
    DataType.DATE: r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{8}",
    DataType.DATETIME: r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?|[0-9]{12}([0-9]{2})?",
}
_XSD = {DataType.BOOLEAN: "true|false|0|1", DataType.INTEGER: "[+-]?[0-9]+"} | {
    DataType.DECIMAL: r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)"
}


def json_schema(schema: Schema, *, codes: bool = True) -> Plain:
    """The JSON Schema of a JSON message of type ``schema``: ``{"type": …, "envelope": …, "document": …}``."""
    builder = _Builder(schema, codes)
    document = builder.table(schema.root)
    return {
        "$schema": DRAFT,
        "$id": f"urn:hub:schema:{schema.id}",
        "title": schema.root.title or schema.id,
        "description": schema.source,
        "type": "object",
        "properties": {
            "type": {"const": schema.id},
            "ref": {"type": "string"},
            "envelope": {"type": "object"},
            "document": {"$ref": "#/$defs/document"},
        },
        "required": ["type", "document"],
        "additionalProperties": False,
        "$defs": {"document": document} | builder.shared,
    }


class _Builder:
    """Builds the parts; segments, composites and code lists that come often are built once and referred to."""

    def __init__(self, schema: Schema, codes: bool) -> None:
        self.shared: dict[str, Plain] = {}
        self._schema = schema
        self._codes = codes
        self._family = schema.id.partition(":")[0]
        self._names: dict[tuple[str, int], str] = {}

    def table(self, node: Node) -> Plain:
        """What a message, group, segment or composite holds."""
        made: Plain = {"title": node.title} if node.title else {}
        made |= {"type": "object", "additionalProperties": False}
        made["properties"] = {child.key: self._held(child, node) for child in node.children}
        needed = [child.key for child in node.children if child.min and child.tag not in _HEADER]
        if node is self._schema.root and self._family == "csv":  # a file without records is none
            needed = [child.key for child in node.children]
        if needed and node.tag not in _HEADER:
            made["required"] = needed
        further = [*rules(node), *self._assigned(node)]
        return made | ({"allOf": further} if further else {})

    def _held(self, node: Node, holder: Node) -> Plain:
        """What stands under a key: one value, or a list."""
        one = self._one(node, listed=not self._may_be_assigned(node, holder))
        if node.max == 1:
            return one
        most = node.slots if node.slots > 1 else node.max
        if node.slots > 1:  # positions in between may be empty
            one = {"anyOf": [one, {"const": {} if node.children else ""}]}
        made: Plain = {"type": "array", "items": one, "minItems": max(node.min, 1)}
        return made if most is None else made | {"maxItems": most}

    def _one(self, node: Node, *, listed: bool) -> Plain:
        if node.kind in (Kind.SEGMENT, Kind.COMPOSITE):
            return {"$ref": f"#/$defs/{self._share(node)}"}
        if node.children:
            return self.table(node)
        return self._leaf(node, listed) if node.type else {"type": "object", "maxProperties": 0}

    def _share(self, node: Node) -> str:
        """The name of a segment or composite among the shared parts; another content of the same tag has its own."""
        known = (node.tag, id(node.children))
        if known not in self._names:
            number = sum(tag == node.tag for tag, _ in self._names)
            self._names[known] = name = f"{node.tag}.{number + 1}" if number else node.tag
            self.shared[name] = self.table(node)
        return self._names[known]

    def _leaf(self, node: Node, listed: bool) -> Plain:
        made: Plain = {"type": "string"} | ({"title": node.title} if node.title else {})
        pattern = self._pattern(node)
        if pattern:
            made["pattern"] = pattern
        if self._number(node) is None:  # its pattern counts the digits
            low = node.min_length if self._family == "xsd" else max(node.min_length, 1)
            made |= ({"minLength": low} if low else {}) | ({"maxLength": node.max_length} if node.max_length else {})
        codes = self._list(node) if listed else None
        return made | ({"$ref": codes} if codes else {})

    def _pattern(self, node: Node) -> str:
        number = self._number(node)
        if number is not None:
            digits = f"{max(node.min_length, 1)},{node.max_length}"
            return f"^(?=([^0-9]*[0-9]){{{digits}}}[^0-9]*$){number}$"
        if self._family == "edifact":
            return "^[^0-9]*$" if node.type is DataType.ALPHA else ""
        shape = (_XSD if self._family == "xsd" else _LAYOUTS).get(node.type or DataType.TEXT)
        return "" if shape is None else rf"^\s*({shape})\s*$" if self._family == "xsd" else f"^({shape})$"

    def _number(self, node: Node) -> str | None:
        """The pattern of a number whose digits count; None where the whole value counts."""
        return _NUMBERS.get(self._family, {}).get(node.type or DataType.TEXT)

    def _list(self, node: Node) -> str | None:
        """The shared part that has the codes of ``node``."""
        if not self._codes or node.codes is None or node.tag in _OPEN or not self._schema.codes.get(node.codes):
            return None
        self.shared.setdefault(f"codes-{node.codes}", {"enum": list(self._schema.codes[node.codes])})
        return f"#/$defs/codes-{node.codes}"

    def _may_be_assigned(self, node: Node, holder: Node) -> bool:
        """Whether what stands behind ``node`` may give its code to another list than the UN's."""
        return holder.kind is Kind.COMPOSITE and bool(_assigners(node, holder))

    def _assigned(self, holder: Node) -> list[Plain]:
        """The code lists of a composite, each under the condition that its code is not given to another list."""
        found = []
        for node in holder.children:
            behind = _assigners(node, holder) if holder.kind is Kind.COMPOSITE else {}
            codes = self._list(node) if behind and node.slots == 1 else None
            if codes:
                held = {"properties": {node.key: {"$ref": codes}}}
                found.append({"if": {"not": {"anyOf": _given(behind)}}, "then": held})
        return found


def _assigners(node: Node, holder: Node) -> dict[str, str]:
    """The keys, right behind ``node``, of the components that name a code list and an agency, by their tags."""
    at = next(number for number, child in enumerate(holder.children) if child is node)
    behind = holder.children[at + 1 : at + 3]
    return {child.tag: child.key for child in behind if child.tag in (_LIST, _AGENCY)} if node.codes else {}


def _given(behind: dict[str, str]) -> list[Plain]:
    """The ways in which a code is given to another list."""
    ways: list[Plain] = []
    if _LIST in behind:
        ways.append({"required": [behind[_LIST]]})
    if _AGENCY in behind:
        key = behind[_AGENCY]
        ways.append({"required": [key], "properties": {key: {"not": {"const": _UN}}}})
    return ways
