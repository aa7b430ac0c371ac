"""``[people.<id>]`` of hub.toml."""

from pathlib import Path

import pytest

from hub.config.settings import load_settings
from hub.errors import ConfigError
from hub.model.partner import Title
from hub.model.person import Person
from tests.unit.config.homes import write

LI = '[people.li]\ntitle = { zh = "李雷", en = "Li Lei" }\nroles = ["officer", "customs"]\n'


def test_people_are_read(tmp_path: Path) -> None:
    people = load_settings(write(tmp_path, {"hub.toml": LI})).people
    assert people == {"li": Person("li", Title("李雷", "Li Lei"), frozenset({"officer", "customs"}))}


def test_there_are_none_by_default(tmp_path: Path) -> None:
    assert load_settings(write(tmp_path, {"hub.toml": ""})).people == {}


@pytest.mark.parametrize(
    ("toml", "problem"),
    [
        (LI.replace("officer", "oficer"), "hub.toml:3: people.li.roles.0: no role is called 'oficer'"),
        (LI.replace('roles = ["officer", "customs"]', "roles = []"), "hub.toml:3: people.li.roles: "),
        (LI.replace("title", "titel"), "hub.toml:2: people.li.titel: unknown key"),
        (LI.replace("people.li", 'people."Li L"'), "hub.toml:1: people.Li L.[key]: string should match"),
        (LI.replace(', en = "Li Lei"', ""), "hub.toml:2: people.li.title.en: missing"),
    ],
)
def test_what_is_wrong_is_told_at_its_line(tmp_path: Path, toml: str, problem: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_settings(write(tmp_path, {"hub.toml": toml}))
    assert any(one.replace(f"{tmp_path}/", "").startswith(problem) for one in caught.value.problems), caught.value
