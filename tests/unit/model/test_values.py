"""The values that all parts share: finding texts in both languages, identifiers, what is allowed to follow what."""

import string
import tomllib
from importlib.resources import files

import pytest

from hub.model.delivery import DELIVERY_TRANSITIONS, DeliveryState
from hub.model.finding import Finding, Language, Place, Severity, worst
from hub.model.ids import new_id

FAMILIES = [file.name.removesuffix(".toml") for file in files("hub.model").joinpath("texts").iterdir()]
TEXTS = [
    (f"{family}.{key}", entry)
    for family in sorted(FAMILIES)
    if family != "roles"
    for key, entry in tomllib.loads(files("hub.model").joinpath("texts", f"{family}.toml").read_text("utf-8")).items()
]


@pytest.mark.parametrize(("code", "entry"), TEXTS, ids=[code for code, _ in TEXTS])
def test_every_finding_speaks_both_languages_and_says_what_to_do(code: str, entry: dict) -> None:
    texts = [entry["zh"], entry["en"], entry["mend"]["zh"], entry["mend"]["en"]]
    assert all(text.strip() for text in texts)
    assert any("一" <= sign <= "鿿" for sign in entry["zh"] + entry["mend"]["zh"])
    assert entry["en"].isascii() or any(sign in "→≥≤–’“”…×" for sign in entry["en"])
    names = [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in texts]
    assert names[0] == names[1], "both languages tell the same"
    finding = Finding(code, Place(segment=1), params=tuple((name, "x") for name in sorted(set.union(*names))))
    for language in Language:
        assert "{" not in finding.text(language) + finding.mend(language)


def test_a_finding_survives_json() -> None:
    place = Place(
        line=3, column=4, offset=5, segment=6, tag="NAD", element=2, component=1, repetition=1, path="SG4/NAD"
    )
    finding = Finding("walk.duplicate", place, Severity.WARNING, (("first", "TR-1"),))
    assert Finding.from_json(finding.as_json()) == finding
    assert "TR-1" in finding.text(Language.ZH)


def test_a_parameter_that_nobody_gave_is_a_dash() -> None:
    assert "–" in Finding("walk.duplicate").text(Language.EN)


def test_the_worst_of_findings() -> None:
    made = {severity: Finding("walk.duplicate", severity=severity) for severity in Severity}
    assert worst(()) is None
    assert worst((made[Severity.INFO], made[Severity.WARNING])) is Severity.WARNING
    assert worst(tuple(made.values())) is Severity.ERROR


def test_identifiers_sort_by_time_and_do_not_repeat() -> None:
    ids = [new_id("CS", at * 1000) for at in range(1000)]
    assert ids == sorted(ids)
    assert {len(one) for one in ids} == {29}
    assert len({new_id("CS", 0) for _ in range(10_000)}) == 10_000
    assert set("".join(one[3:] for one in ids)) <= set("0123456789ABCDEFGHJKMNPQRSTVWXYZ")


def test_nothing_that_is_sealed_is_planned_again() -> None:
    assert set(DELIVERY_TRANSITIONS) == set(DeliveryState)
    for state, targets in DELIVERY_TRANSITIONS.items():
        assert DeliveryState.PLANNED not in targets or state is DeliveryState.FAILED
