"""The samples of each rule: ``samples/<rule>.toml`` has tables with parameters (``with``), facts that are ``good``, and
facts that are ``bad`` with what is said of them, ``operand index key`` for each remark."""

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from hub.rules.catalogue import RULES
from hub.rules.rule import Check, Remark
from hub.schema.codes import CodeTables

SAMPLES = Path(__file__).parent / "samples"
CODES = Path(__file__).parents[3] / "schemas" / "codes"
MOMENTS = {"$now": ["2026-11-24T01:30:00.000000Z"], "$received": ["2026-11-24T01:29:00.000000Z"]}


TABLES = CodeTables(CODES)


class Sample(NamedTuple):
    """One set of facts for a rule: ``says`` is empty where they are good."""

    rule: str
    parameters: dict[str, Any]
    facts: Mapping[str, Sequence[str]]
    says: list[str]

    def check(self) -> Check:
        rule = RULES[self.rule]
        return rule.make(rule.parameters.model_validate(self.parameters), TABLES)

    def remarks(self) -> list[Remark]:
        return list(self.check()(values_of(self.facts)))


def values_of(facts: Mapping[str, Any]) -> Callable[[str], Sequence[str]]:
    """The facts as a check sees them; a single text is one value."""
    listed = MOMENTS | {name: [told] if isinstance(told, str) else told for name, told in facts.items()}
    return lambda operand: listed.get(operand, [])


def samples(rule: str) -> Iterator[Sample]:
    """Every sample of ``rule``."""
    file = SAMPLES / f"{rule}.toml"
    for table in tomllib.loads(file.read_text("utf-8"))["table"] if file.exists() else ():
        yield from (Sample(rule, table["with"], facts, []) for facts in table.get("good", []))
        yield from (Sample(rule, table["with"], facts, says) for facts, *says in table.get("bad", []))


ALL = [sample for rule in RULES for sample in samples(rule)]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "sample" in metafunc.fixturenames:
        metafunc.parametrize("sample", ALL, ids=lambda sample: f"{sample.rule}-{dict(sample.facts)}"[:90])
    if "rule" in metafunc.fixturenames:
        metafunc.parametrize("rule", RULES.values(), ids=list(RULES))
    if "rule_samples" in metafunc.fixturenames:
        metafunc.parametrize("rule_samples", [list(samples(rule)) for rule in RULES], ids=list(RULES))
