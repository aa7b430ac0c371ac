"""Somebody who can be called in an emergency: dangerous goods do not go without."""

from collections.abc import Iterator

from pydantic import Field

from hub.config.located import Table
from hub.model.partner import Title
from hub.rules.presence import present
from hub.rules.rule import Check, Operand, Remark, Rule, Values, remark
from hub.rules.values import digits
from hub.schema.codes import CodeTables


class Contact(Table):
    """Which facts tell whom to call."""

    phone: Operand = Field(description="the telephone number: at least seven digits")
    name: Operand | None = Field(None, description="the name of a person or of an office")


def _contact(parameters: Contact, tables: CodeTables) -> Check:
    def check(values: Values) -> Iterator[Remark]:
        if not any(len(digits(value) or "") >= 7 for value in values(parameters.phone)):
            yield remark(parameters.phone, 0, "emergency-phone")
        if parameters.name and not present(values, parameters.name):
            yield remark(parameters.name, 0, "emergency-name")

    return check


EMERGENCY_CONTACT = Rule(
    "emergency-contact",
    Title("应急联系人", "Somebody can be called in an emergency"),
    Contact,
    _contact,
    ("emergency-phone", "emergency-name"),
    'phone = "list.emergencyPhone", name = "list.emergencyContact"',
)
