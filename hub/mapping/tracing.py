"""Wraps the parts of a compiled row so that the values passing through keep their story (``hub.mapping.lineage``)."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from hub.mapping.access import Reading
from hub.mapping.functions import FUNCTIONS
from hub.mapping.lineage import Origin, Seen, Step, Story, Told, ToldNumber
from hub.mapping.pipeline import Stage
from hub.mapping.resolve import Hop
from hub.mapping.rows import Fact
from hub.mapping.run import Frame
from hub.mapping.syntax import Both, Call, Compare, Condition
from hub.mapping.targets import Put

_PASSING_ON = frozenset({"first", "last", "distinct", "min", "max", "default"})
"""Functions of all values that hand some of them on as they are."""


def reading(plain: Reading, label: str) -> Reading:
    """A reading of the context or of an ordinal whose values say so; the message's own leaves are Told already."""

    def tell(value: Any) -> Any:
        if not isinstance(value, (str, int)):
            return value
        story = Story((Seen(label, str(value)),), (), Origin.CONTEXT)
        return Told(value, story) if isinstance(value, str) else ToldNumber(value, story)

    get = plain.get
    return Reading(
        plain.at,
        lambda node: [tell(value) for value in plain.find(node)],
        None if get is None else lambda node: tell(get(node)),
    )


def stages(plain: Sequence[Stage], calls: Sequence[Call], table: str) -> list[Stage]:
    """``plain`` (the functions of ``calls``, then perhaps a look-up in ``table``), each adding a step to the story."""
    names = [_written(call) for call in calls] + ([f"table {table}"] if table else [])
    besides = [FUNCTIONS[call.name].beside or () for call in calls] + [()]
    return [
        _whole(stage, name) if stage.whole else _each(stage, name, beside)
        for stage, name, beside in zip(plain, names, besides, strict=False)
    ]


def put(plain: Put, fact: Fact) -> Put:
    """``plain``, leaving in the target a text that also knows its row."""
    own = Origin.DEFAULT if fact.const is None else Origin.CONST

    def write(item: dict[str, Any], value: str) -> None:
        story = value.story if isinstance(value, Told) else Story(origin=own)
        plain(item, Told(value, story._replace(fact=fact)))

    return write


def marked(hops: Sequence[Hop], fact: Fact) -> tuple[Hop, ...]:
    """``hops`` to a target whose filters write values that know their row."""
    return tuple(
        Hop(hop.node, replace(hop.step, tests=tuple(_mark(test, fact) for test in hop.step.tests))) for hop in hops
    )


def _mark(test: "int | Condition", fact: Fact) -> "int | Condition":
    if isinstance(test, Both):
        parts = [_mark(part, fact) for part in test.parts]
        return Both(tuple(part for part in parts if not isinstance(part, int)))
    if isinstance(test, Compare) and isinstance(test.right, str):
        return replace(test, right=Told(test.right, Story((), (), Origin.MARK, fact)))
    return test


def _written(call: Call) -> str:
    args = ", ".join(f"'{arg}'" if isinstance(arg, str) else str(arg) for arg in call.args)
    return f"{call.name}({args})" if args else call.name


def _each(stage: Stage, name: str, beside: Sequence[str]) -> Stage:
    def call(value: Any, frame: Frame) -> Any:
        made = stage.call(_bare(value), frame)
        return Told(made, _onward([value], name, made, beside)) if made else made

    return Stage(call, False, stage.name)


def _whole(stage: Stage, name: str) -> Stage:
    def call(values: Any, frame: Frame) -> Any:
        bare = [_bare(value) for value in values]
        made = stage.call(bare, frame)
        if isinstance(made, list):
            return [_handed_on(one, values, bare, stage.name, name) for one in made]
        return _handed_on(made, values, bare, stage.name, name) if made else made

    return Stage(call, True, stage.name)


def _handed_on(made: Any, values: list[Any], bare: list[Any], function: str, name: str) -> Any:
    """What a function of all values made: one of them as it was, or something new from all of them."""
    alike = [value for value, plain in zip(values, bare, strict=True) if plain == made]
    if function in _PASSING_ON and alike:
        value = alike[-1 if function == "last" else 0]
        return value if isinstance(value, dict) else Told(made, _onward([value], name, made))
    return Told(made, _onward(values, name, made))


def _onward(values: list[Any], name: str, made: str, beside: Sequence[str] = ()) -> Story:
    """The story of what ``name`` made from ``values``."""
    stories = [story for value in values for story in _stories(value, beside)]
    seen = tuple(dict.fromkeys(one for story in stories for one in story.seen))
    origins = [story.origin for story in stories]
    origin = Origin.SOURCE if Origin.SOURCE in origins else next(iter(origins), Origin.DEFAULT)
    before = tuple(text for value in values for text in _texts(value, beside))
    done = tuple(dict.fromkeys(step for story in stories for step in story.steps))
    return Story(seen, (*done, Step(name, before, str(made))), origin)


def _stories(value: Any, beside: Sequence[str]) -> list[Story]:
    parts = [value.get(key) for key in beside] if isinstance(value, dict) else [value]
    return [part.story for part in parts if isinstance(part, (Told, ToldNumber))]


def _texts(value: Any, beside: Sequence[str]) -> list[str]:
    parts = [value.get(key) for key in beside] if isinstance(value, dict) else [value]
    return [str(part) for part in parts if part]


def _bare(value: Any) -> Any:
    """The value as a function is to see it, and may remember it: without its story."""
    if isinstance(value, dict):
        return {key: _bare(part) for key, part in value.items()}
    if isinstance(value, ToldNumber):
        return int(value)
    return str(value) if isinstance(value, str) else value
