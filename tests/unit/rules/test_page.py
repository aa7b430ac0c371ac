"""docs/rules.md tells the rules as they are, and its examples can be read."""

import re
import tomllib
from pathlib import Path

from hub.rules.catalogue import RULES
from tools.rules import page

PAGE = Path(__file__).parents[3] / "docs" / "rules.md"


def test_the_page_is_that_of_the_rules():
    assert PAGE.read_text("utf-8") == "\n".join(page()) + "\n"


def test_its_examples_are_parameters_of_the_rules():
    blocks = re.findall(r"^### (\S+)$.*?^```toml\n(.*?)^```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert [name for name, _ in blocks] == list(RULES)
    for name, text in blocks:
        RULES[name].parameters.model_validate(tomllib.loads(text))
