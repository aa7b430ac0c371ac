"""Numbers of freight containers with the check digit of ISO 6346."""

from hub.model.partner import Title
from hub.rules.digits import iso6346
from hub.rules.rule import Check, CodeTables, One, Rule, each


def _container(parameters: One, tables: CodeTables) -> Check:
    return each(parameters.fact, "container-number", iso6346)


CONTAINER_NUMBER = Rule(
    "container-number",
    Title("集装箱号（ISO 6346）", "A container number with its check digit (ISO 6346)"),
    One,
    _container,
    ("container-number",),
    'fact = "load.container.number"',
)
