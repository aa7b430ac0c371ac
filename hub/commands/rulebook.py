"""The rules, shown and tried."""

import json
from collections.abc import Sequence
from difflib import get_close_matches
from itertools import islice
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from rich.console import Console
from rich.markup import escape

from hub import clock
from hub.commands.check import schemas_of
from hub.errors import ConfigError, HubError
from hub.model.finding import Finding, Language, Place
from hub.rules.catalogue import RULES
from hub.rules.described import example, given, parameters, toml
from hub.rules.rule import NOW, RECEIVED, Check, ParameterProblem, Remark, Rule
from hub.schema.codes import CodeTables

_MOST = 1_000


def list_rules(console: Console, language: Language, *, as_json: bool) -> None:
    """Print every rule with what it demands."""
    if as_json:
        told = {name: {"zh": rule.title.zh, "en": rule.title.en, "codes": _codes(rule)} for name, rule in RULES.items()}
        print(json.dumps(told, ensure_ascii=False))
        return
    for name, rule in RULES.items():
        console.print(f"[bold]{name:18}[/] {escape(rule.title[language])}")


def show_rule(name: str, console: Console, language: Language) -> None:
    """Print the parameters of a rule, its example, and what it says."""
    rule = _rule(name)
    console.print(f"[bold]{name}[/]  {escape(rule.title[language])}\n")
    for one in parameters(rule):
        fallback = f" (default {one.default})" if one.default else "" if one.needed else " (optional)"
        console.print(f"  [cyan]{one.name:12}[/] {escape(one.text + fallback)}")
    console.print("\n  [dim]such as[/]")
    for key, value in example(rule).items():
        console.print(escape(f"  {key} = {toml(value)}"))
    console.print("\n  [dim]says[/]")
    for code in _codes(rule):
        console.print(f"  [cyan]{code}[/]  {escape(Finding(code).text(language))}")


def try_rule(
    home: Path, name: str, words: Sequence[str], console: Console, language: Language, *, as_json: bool
) -> int:
    """Print what a rule finds in facts; 1 when it finds anything. Raises ConfigError for parameters that are wrong."""
    rule = _rule(name)
    facts, told = _parted(words)
    check = _check(rule, given(rule, told) if told else example(rule), CodeTables(schemas_of(home) / "codes"))
    now = [clock.iso(clock.now())]
    known = {NOW: now, RECEIVED: now} | facts
    remarks = list(islice(check(lambda operand: known.get(operand, [])), _MOST))
    for remark in remarks:
        finding = Finding(f"rule.{remark.key}", Place(path=_place(remark)), params=remark.params)
        if as_json:
            print(json.dumps(finding.as_json(), ensure_ascii=False))
        else:
            console.print(f"[red]{finding.code}[/] {escape(_place(remark))}: {escape(finding.text(language))}")
            console.print(f"  [dim]{escape(finding.mend(language))}[/]")
    if not remarks and not as_json:
        console.print("[green]nothing to say[/]")
    return 1 if remarks else 0


def _rule(name: str) -> Rule:
    rule = RULES.get(name)
    if rule is None:
        close = get_close_matches(name, RULES, 1)
        raise HubError(f"no rule is called {name}; {f'did you mean {close[0]}?' if close else 'see hub rules list'}")
    return rule


def _codes(rule: Rule) -> list[str]:
    return [f"rule.{key}" for key in rule.keys]


def _place(remark: Remark) -> str:
    """``list.goods.qty[2]``: the second value."""
    return f"{remark.operand}[{remark.index + 1}]"


def _parted(words: Sequence[str]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Facts, and parameters; those have no full stop in their names."""
    facts: dict[str, list[str]] = {}
    told: dict[str, list[str]] = {}
    for word in words:
        key, equals, value = word.partition("=")
        if not equals or not key:
            raise HubError(f"{word!r} is neither a parameter nor a fact; write key=value")
        (facts if "." in key or key.startswith("$") else told).setdefault(key, []).append(value)
    return facts, told


def _check(rule: Rule, told: dict[str, Any], tables: CodeTables) -> Check:
    try:
        return rule.make(rule.parameters.model_validate(told), tables)
    except ParameterProblem as error:
        raise ConfigError([f"{'.'.join(map(str, error.at))}: {error}"]) from error
    except ValidationError as error:
        problems = [f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors(include_url=False)]
        raise ConfigError(problems) from error
