"""Values of code tables: by the code itself or by the column of an agency, as the table holds on a day."""

from collections.abc import Iterator
from datetime import date

from pydantic import Field

from hub.config.located import KeyPath, Table
from hub.errors import ConfigError
from hub.model.partner import Title
from hub.rules.instants import CHINA, day, read
from hub.rules.rule import Check, Operand, ParameterProblem, Remark, Rule, Values, remark
from hub.schema.codes import CodeTable, CodeTables

_LONGEST = 100


class InTable(Table):
    """Which fact, and which table has its values."""

    fact: Operand = Field(description="the fact; each of its values is looked at")
    table: str = Field(description="the name of the code table")
    column: str = Field("", description="the column that has the value, such as an agency's; else the code itself")
    where: dict[str, str] = Field({}, max_length=10, description="what other columns of the row have to say")
    on: Operand | None = Field(None, description="the day on which it holds; without it, `$now`")


def _in_table(parameters: InTable, tables: CodeTables) -> Check:
    table = _table(parameters, tables)
    column = parameters.column or table.columns[0]

    def check(values: Values) -> Iterator[Remark]:
        on, wrong = _day(parameters, values)
        yield from wrong
        for index, value in enumerate(() if wrong else values(parameters.fact)):
            rows = table.find(column, value, on) if len(value) <= _LONGEST else ()
            if not any(all(table.text(row, key) == text for key, text in parameters.where.items()) for row in rows):
                yield remark(parameters.fact, index, "in-table", value=value, table=table.name, column=column)

    return check


def _table(parameters: InTable, tables: CodeTables) -> CodeTable:
    try:
        table = tables.get(parameters.table)
    except ConfigError as error:
        raise ParameterProblem(("table",), "; ".join(error.problems)) from error
    places: list[tuple[KeyPath, str]] = [(("where", name), name) for name in parameters.where]
    if parameters.column:
        places.append((("column",), parameters.column))
    for at, column in places:
        if column not in table.columns:
            what = f"table {table.name} has no column {column}; there are {', '.join(table.columns)}"
            raise ParameterProblem(at, what)
    return table


def _day(parameters: InTable, values: Values) -> tuple[date | None, list[Remark]]:
    """The day on which the table is asked; None: its own."""
    told = next(iter(values(parameters.on or "$now")), None)
    instant = read(told, CHINA) if told is not None else None
    if parameters.on and told is not None and instant is None:
        return None, [remark(parameters.on, 0, "date", value=told, wanted="CCYYMMDD, CCYY-MM-DD")]
    return (day(instant, CHINA) if instant else None), []


IN_TABLE = Rule(
    "in-table",
    Title("代码表", "A value is in a code table, on a day"),
    InTable,
    _in_table,
    ("in-table", "date"),
    'fact = "list.country", table = "countries", column = "customs", on = "list.declDate"',
)
