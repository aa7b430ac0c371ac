"""UN numbers of dangerous goods, with the class, packing group and subsidiary risks that the list gives them.

The list is a code table made from the maritime administration's, which follows an older IMDG Code: numbers given since
are not in it. Where a special provision decides on the subsidiary risks, nothing is said of them.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pydantic import Field

from hub.config.located import Table
from hub.model.partner import Title
from hub.rules.hazards import TABLE, Entry, Goods, Hazard, hazard, hazards, number, packing
from hub.rules.pairs import uneven
from hub.rules.rule import Check, Operand, Remark, Rule, Values, remark
from hub.schema.codes import CodeTables


class UnNumber(Table):
    """Which facts tell what about the same goods."""

    number: Operand = Field(description="the UN number")
    class_: Operand | None = Field(None, alias="class", description="the class or division, such as `3` or `1.4S`")
    packing: Operand | None = Field(None, description="the packing group")
    subsidiary: Operand | None = Field(None, description="the subsidiary risks; those that there are must be told")
    table: str = Field(TABLE, description="the code table with the list of dangerous goods")
    known_only: bool = Field(True, description="whether a number that the table does not have is told")


class _Line(NamedTuple):
    """What is declared of one substance; None where nothing is told, or no such fact is asked for."""

    at: int
    number: str
    hazard: str | None
    packing: str | None
    subsidiary: str | None


def _un_number(parameters: UnNumber, tables: CodeTables) -> Check:
    goods = Goods(tables, parameters.table)

    def check(values: Values) -> Iterator[Remark]:
        lines, wrong = _lines(parameters, values)
        yield from wrong
        for line in lines:
            un = number(line.number)
            entries = goods.entries(un) if un else []
            if un is None:
                yield remark(parameters.number, line.at, "un-number", value=line.number)
            elif not entries and parameters.known_only:
                yield remark(parameters.number, line.at, "un-unknown", value=line.number)
            elif entries:
                yield from _judge(parameters, line, entries)

    return check


def _lines(parameters: UnNumber, values: Values) -> tuple[list[_Line], list[Remark]]:
    """The substances, and what is wrong where their facts are not equally many."""
    numbers = values(parameters.number)
    wrong: list[Remark] = []
    columns: list[Sequence[str | None]] = []
    for operand in (parameters.class_, parameters.packing, parameters.subsidiary):
        found: Sequence[str | None] = values(operand) if operand else ()
        if operand and operand == parameters.subsidiary and len(numbers) == 1 and len(found) > 1:
            found = [" ".join(values(operand)[:20])]
        if operand and found and len(found) != len(numbers):
            wrong.append(uneven(operand, len(found), parameters.number, len(numbers)))
            found = ()
        columns.append([told if told and not told.isspace() else None for told in found] or [None] * len(numbers))
    return [_Line(*row) for row in zip(range(len(numbers)), numbers, *columns, strict=True)], wrong if numbers else []


def _judge(parameters: UnNumber, line: _Line, entries: list[Entry]) -> Iterator[Remark]:
    """What is told otherwise than by any of the number's entries: first the class, then what goes with that class."""
    if line.hazard is not None:
        told = hazard(line.hazard)
        fitting = [entry for entry in entries if told and entry.hazard.covers(told)]
        if not fitting:
            yield _other(parameters.class_, line, "un-class", line.hazard, [_class(entry.hazard) for entry in entries])
            return
        entries = fitting
    if line.packing is not None:
        fitting = [entry for entry in entries if entry.packing == packing(line.packing)]
        if not fitting:
            groups = [entry.packing for entry in entries]
            yield _other(parameters.packing, line, "un-packing", line.packing, groups)
            return
        entries = fitting
    yield from _risks(parameters, line, entries)


def _risks(parameters: UnNumber, line: _Line, entries: list[Entry]) -> Iterator[Remark]:
    told = frozenset(one.division for one in hazards(line.subsidiary or ""))
    if parameters.subsidiary and not any(entry.open or entry.subsidiary == told for entry in entries):
        operand = parameters.number if line.subsidiary is None else parameters.subsidiary
        wanted = [" + ".join(sorted(entry.subsidiary)) for entry in entries]
        yield _other(operand, line, "un-subsidiary", line.subsidiary or "-", wanted)


def _class(hazard: Hazard) -> str:
    return f"{hazard.division}{hazard.group}"


def _other(operand: str | None, line: _Line, key: str, value: str, wanted: list[str]) -> Remark:
    listed = " / ".join(dict.fromkeys(one or "-" for one in wanted))
    return remark(operand or "", line.at, key, value=value, wanted=listed, number=line.number)


UN_NUMBER = Rule(
    "un-number",
    Title("联合国编号与类别、包装类", "A UN number with its class, packing group and subsidiary risks"),
    UnNumber,
    _un_number,
    ("un-number", "un-unknown", "un-class", "un-packing", "un-subsidiary", "uneven"),
    'number = "list.goods.un", class = "list.goods.class", packing = "list.goods.packing"',
)
