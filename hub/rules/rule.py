"""What a rule is: from its parameters, which a service file gives, to a check of a case's facts.

A **fact** is a named value of a leg (``order.total``) or of the lines of one of its groups (``list.goods.qty``). A
rule's parameters name facts; such a name is an *operand*. A check looks its operands up and yields a :class:`Remark`
for each value that is wrong. Checks are pure: the same facts give the same remarks; they never raise, whatever the
texts are. An operand without a value says nothing, except to the rules about presence.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, NamedTuple, Protocol, get_args

from pydantic import AfterValidator, BeforeValidator, Field

from hub.config.located import KeyPath, Table
from hub.model.partner import Title
from hub.rules.values import shown
from hub.schema.codes import CodeTables

NOW = "$now"
"""The operand for the instant of the check, in ISO 8601."""

RECEIVED = "$received"
"""The operand for the instant at which the hub received the leg that is checked, in ISO 8601."""

_FACT = re.compile(r"\$(?:now|received)|[A-Za-z][\w-]{0,63}(?:\.[A-Za-z_][\w-]{0,63}){1,2}", re.ASCII)
_NUMBER = re.compile(r"-?[0-9]{1,30}(?:\.[0-9]{1,30})?")


class Fact:
    """Marks a field whose text names a fact."""


def _as_text(value: Any) -> Any:
    """A whole number of TOML as text. One with a fraction is binary there, and is refused: it is written in quotes."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _operand(text: str) -> str:
    if not _FACT.fullmatch(text):
        raise ValueError('names no fact; write leg.fact or leg.group.fact, such as "order.total", or "$now"')
    return text


def _number(text: str) -> str:
    if not _NUMBER.fullmatch(text):
        raise ValueError('is no number; write it such as 5000 or "0.01"')
    return text


def _bound(text: str) -> str:
    return text if _NUMBER.fullmatch(text) else _operand(text)


Operand = Annotated[str, AfterValidator(_operand), Fact()]
"""A field that names a fact, ``leg.fact`` or ``leg.group.fact``, or is ``$now`` or ``$received``."""

Number = Annotated[str, BeforeValidator(_as_text), AfterValidator(_number)]
"""A field that is a number: ``5000`` or ``"0.01"``."""

Bound = Annotated[str, BeforeValidator(_as_text), AfterValidator(_bound), Fact()]
"""A field that is a number or names a fact."""


class One(Table):
    """The parameters of a rule about single values."""

    fact: Operand = Field(description="the fact; each of its values is looked at")


class Values(Protocol):
    """The facts that a check may see."""

    def __call__(self, operand: str) -> Sequence[str]:
        """All values of the fact in document order; empty when it is absent."""


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing that is wrong: the value at ``index`` (0-based; 0 where there is none) of ``operand``. The finding's
    code is ``rule.<key>``; ``params`` fill the braces of its text, among them ``fact``, the operand."""

    operand: str
    index: int
    key: str
    params: tuple[tuple[str, str], ...]


Check = Callable[[Values], Iterator[Remark]]
"""Looks at facts and tells what is wrong. Pure."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. ``parameters`` is what a service file may give it; ``make`` builds the check from such parameters (an
    instance of exactly that type) and may raise ParameterProblem. ``keys`` are the keys of the remarks
    that it may make, and ``example`` shows its parameters in TOML."""

    name: str
    title: Title
    parameters: type[Table]
    make: Callable[[Any, CodeTables], Check]
    keys: tuple[str, ...]
    example: str


class ParameterProblem(ValueError):
    """A parameter that cannot be used: ``at`` is its key path among the parameters."""

    def __init__(self, at: KeyPath, what: str) -> None:
        super().__init__(what)
        self.at = at


class Named(NamedTuple):
    """An operand, and the key path at which the parameters name it (``("of", 1)``)."""

    at: KeyPath
    operand: str


def operands(parameters: Table) -> list[Named]:
    """Every fact that ``parameters`` name, in the order of their fields; numbers and moments are none."""
    found = []
    for name, field in type(parameters).model_fields.items():
        if _names_facts(field.annotation) or _marked(field.metadata):
            value, key = getattr(parameters, name), field.alias or name
            many = enumerate(value) if isinstance(value, list) else ((None, value),)
            found += [Named((key,) if at is None else (key, at), text) for at, text in many if _is_fact(text)]
    return found


def _names_facts(annotation: Any) -> bool:
    return _marked(getattr(annotation, "__metadata__", ())) or any(map(_names_facts, get_args(annotation)))


def _marked(metadata: Sequence[Any]) -> bool:
    return any(isinstance(item, Fact) for item in metadata)


def _is_fact(text: Any) -> bool:
    return isinstance(text, str) and text[:1].isalpha()


def remark(operand: str, index: int, key: str, **params: str) -> Remark:
    """A Remark; the values among ``params`` are shortened to what a person reads."""
    told = tuple((name, shown(value)) for name, value in params.items())
    return Remark(operand, index, key, (("fact", operand), *told))


def each(operand: str, key: str, fits: Callable[[str], bool], **params: str) -> Check:
    """The check that every value of ``operand`` ``fits``; a remark names the ``value``."""

    def check(values: Values) -> Iterator[Remark]:
        for index, value in enumerate(values(operand)):
            if not fits(value):
                yield remark(operand, index, key, value=value, **params)

    return check
