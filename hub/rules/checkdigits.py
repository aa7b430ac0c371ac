"""Numbers with a check digit: containers, air waybills, ships, goods and parcels; the arithmetic is in
:mod:`hub.rules.digits`.

GS1's lengths (8, 12, 13, 14 for goods, 13 for places, 18 for parcels) are those of the GS1 General Specifications.
"""

from typing import Literal

from pydantic import Field

from hub.config.located import Table
from hub.model.partner import Title
from hub.rules.digits import awb, gs1, imo, iso6346
from hub.rules.rule import Check, One, Operand, Rule, each
from hub.schema.codes import CodeTables

_LENGTHS = {"gtin": (8, 12, 13, 14), "gln": (13,), "sscc": (18,)}


class Gs1(Table):
    """Which fact, and what it names."""

    fact: Operand = Field(description="the fact; each of its values is looked at")
    kind: Literal["gtin", "gln", "sscc"] = Field("gtin", description="gtin (goods), gln (places) or sscc (parcels)")


def _container(parameters: One, tables: CodeTables) -> Check:
    return each(parameters.fact, "container-number", iso6346)


def _air_waybill(parameters: One, tables: CodeTables) -> Check:
    return each(parameters.fact, "air-waybill", awb)


def _imo_number(parameters: One, tables: CodeTables) -> Check:
    return each(parameters.fact, "imo-number", lambda value: imo(value.removeprefix("IMO").removeprefix(" ")))


def _gs1(parameters: Gs1, tables: CodeTables) -> Check:
    lengths = _LENGTHS[parameters.kind]
    wanted = ", ".join(map(str, lengths))
    return each(parameters.fact, "gs1", lambda value: len(value) in lengths and gs1(value), wanted=wanted)


CONTAINER_NUMBER = Rule(
    "container-number",
    Title("集装箱号（ISO 6346）", "A container number with its check digit (ISO 6346)"),
    One,
    _container,
    ("container-number",),
    'fact = "load.container.number"',
)
AIR_WAYBILL = Rule(
    "air-waybill",
    Title(
        "航空运单号（模 7）", "An air waybill number, whose last digit is the remainder of its serial number by seven"
    ),
    One,
    _air_waybill,
    ("air-waybill",),
    'fact = "manifest.bills.master"',
)
IMO_NUMBER = Rule(
    "imo-number",
    Title("船舶 IMO 编号", "A ship's IMO number with its check digit, with or without the letters IMO"),
    One,
    _imo_number,
    ("imo-number",),
    'fact = "call.ship"',
)
GS1 = Rule(
    "gs1",
    Title("GS1 编码", "A GTIN, GLN or SSCC with its check digit"),
    Gs1,
    _gs1,
    ("gs1",),
    'fact = "order.goods.barCode", kind = "gtin"',
)
