"""Rules as people are shown them: by commands and in docs/rules.md."""

import tomllib
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, get_args, get_origin

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from hub.rules.rule import Rule


class Parameter(NamedTuple):
    """One parameter: its name in a service file, its default (TOML; empty: none, and it need not be given)."""

    name: str
    needed: bool
    default: str
    text: str
    listed: bool  # whether it is a list


def parameters(rule: Rule) -> list[Parameter]:
    """The parameters of a rule, in the order in which people think of them."""
    fields = rule.parameters.model_fields
    return [_parameter(field.alias or name, field) for name, field in fields.items()]


def _parameter(name: str, field: FieldInfo) -> Parameter:
    default = field.default
    needed = field.is_required()
    plain = "" if needed or default in (None, PydanticUndefined, "", [], {}) else toml(default)
    return Parameter(name, needed, plain, field.description or "", get_origin(field.annotation) is list)


def toml(value: Any) -> str:
    """A parameter's value in TOML.

    >>> toml(["a.b", "c.d"]), toml(True), toml("5")
    ('["a.b", "c.d"]', 'true', '"5"')
    """
    if isinstance(value, list):
        return f"[{', '.join(map(toml, value))}]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    return f"'{value}'" if "\\" in value else f'"{value}"'


def example(rule: Rule) -> dict[str, Any]:
    """The parameters of a rule's example."""
    given: dict[str, Any] = tomllib.loads(f"it = {{ {rule.example} }}")["it"]
    return given


def given(rule: Rule, words: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Parameters that were given as words, each perhaps several times: a list's parted by commas, a table's written
    ``column:text``, a number where one is wanted. What is no parameter of the rule is left for it to refuse."""
    fields = {field.alias or name: field for name, field in rule.parameters.model_fields.items()}
    return {name: _given(fields.get(name), list(texts)) for name, texts in words.items()}


def _given(field: FieldInfo | None, texts: list[str]) -> Any:
    annotation = field.annotation if field else None
    if get_origin(annotation) is list:
        return [part for text in texts for part in text.split(",")]
    if get_origin(annotation) is dict:
        return dict(part.partition(":")[::2] for text in texts for part in text.split(","))
    numbers = {str(choice): choice for choice in get_args(annotation) if isinstance(choice, int)}
    return numbers.get(texts[-1], texts[-1])
