"""Every rule does to its samples what they say, has enough of them, and has words for whatever it says."""

import tomllib

import pytest
from pydantic import BaseModel, ValidationError

from hub.model.finding import Finding, Language
from hub.rules.catalogue import RULES
from hub.rules.rule import operands


def test_a_sample(sample):
    assert [f"{one.operand} {one.index} {one.key}" for one in sample.remarks()] == sample.says


def test_enough_samples_and_every_key_of_the_rule_among_them(rule_samples):
    good = [sample for sample in rule_samples if not sample.says]
    bad = [sample for sample in rule_samples if sample.says]
    assert len(good) >= 3
    assert len(bad) >= 3
    left = set(RULES[bad[0].rule].keys) - {says.split()[2] for sample in bad for says in sample.says}
    assert left <= {"segregation-many"}  # too long for a table; see test_segregation


def test_no_facts_no_remarks(rule_samples):
    """Only rules about presence speak of what is not there."""
    sample = rule_samples[0]._replace(facts={})
    assert {one.key for one in sample.remarks()} <= {"required", "any-of", "emergency-phone", "emergency-name"}


def test_words_in_both_languages_with_nothing_left_open(sample):
    for one in sample.remarks():
        finding = Finding(f"rule.{one.key}", params=one.params)
        for language in Language:
            assert one.operand in finding.text(language)
            assert "–" not in finding.text(language) + finding.mend(language)


def test_the_example_is_right(rule):
    parameters = rule.parameters.model_validate(tomllib.loads(f"it = {{ {rule.example} }}")["it"])
    assert operands(parameters)


def test_parameters_are_closed_and_told(rule):
    assert issubclass(rule.parameters, BaseModel)
    with pytest.raises(ValidationError, match="unexpected"):
        rule.parameters.model_validate(tomllib.loads(f"it = {{ {rule.example} }}")["it"] | {"unexpected": 1})
    assert all(field.description for field in rule.parameters.model_fields.values())


def test_names_agree():
    assert all(name == rule.name for name, rule in RULES.items())
