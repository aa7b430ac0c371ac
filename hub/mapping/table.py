"""The shape of a mapping file: a table, one row per target field, in blocks that repeat with the source's groups."""

from typing import Annotated, Literal

from pydantic import Field

from hub.config.located import Table

MAX_BLOCKS = 8  # blocks within blocks
Text = Annotated[str, Field(min_length=1, max_length=1_000)]


class Title(Table):
    """A name in both languages."""

    zh: Text
    en: Text


class Head(Table):
    """``[mapping]``: what is written as what. ``from`` may name several directory versions of one message type."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*/[a-z0-9][a-z0-9-]*$")]
    from_: Text | Annotated[tuple[Text, ...], Field(min_length=1, max_length=40)] = Field(alias="from")
    to: Text
    title: Title
    version: Annotated[str, Field(pattern=r"^[0-9A-Za-z.-]{1,20}$")] = "1"


class Row(Table):
    """One target field: where its value comes from (``from`` or ``const``), how it is turned, when it is written."""

    to: Text
    from_: Text | Annotated[tuple[Text, ...], Field(min_length=1, max_length=20)] | None = Field(None, alias="from")
    const: Text | None = None
    table: Text | None = None
    with_: Text | None = Field(None, alias="with")
    when: Text | None = None
    default: Text | None = None
    otherwise: Literal["error", "pass", "default"] = "error"
    required: bool = False
    note: str = ""


class Block(Table):
    """Rows that are written together ``into`` one place: once, or once for ``each`` group of the source."""

    into: Text | None = None
    each: Text | None = None
    when: Text | None = None
    note: str = ""
    rows: Annotated[tuple[Row, ...], Field(max_length=500)] = ()
    block: Annotated[tuple["Block", ...], Field(max_length=100)] = ()


class File(Table):
    """A whole mapping file."""

    mapping: Head
    block: Annotated[tuple[Block, ...], Field(max_length=100)] = ()
    tables: dict[str, dict[str, str]] = Field(default_factory=dict)
