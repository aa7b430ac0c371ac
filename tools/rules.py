"""Writes docs/rules.md from the rules themselves. Usage: ``python -m tools.rules > docs/rules.md``."""

from collections.abc import Iterator

from hub.rules.catalogue import RULES
from hub.rules.described import example, parameters, toml
from hub.rules.rule import Rule

HEAD = """# Rules

Made by `python -m tools.rules > docs/rules.md`; a test keeps it current.

A service file names rules and gives them parameters; a rule looks at **facts** and says which of their values is wrong.
A fact is a named value of a leg (`order.total`) or of the lines of one of its groups (`list.goods.qty`); it has all the
values that the document has, in their order. `$now` and `$received` are the instants of the check and of the leg.

- A fact without a value says nothing. Only the rules about presence (`required`, `any-of`, `all-or-none`,
  `emergency-contact`), `count`, and `un-number` about subsidiary risks speak of what is missing.
- A finding names the fact and which of its values is wrong. Its code is `rule.` and one of those listed; the texts
  are in `hub/model/texts/rule.toml`, in Chinese and English, with what to do.
- Numbers are exact: up to thirty digits before and behind the decimal mark, which is a point or a comma; no exponents.
- Where a number or date is measured by another fact, that has one value for all, or one beside each.
  They are counted off in the order of the document: facts that some lines lack are compared line by line, with `each`.
- Where one of two dates is only a day, whole days are compared. A time without a zone is China's, unless
  `zone` says else.
- No text makes a rule fail or take long, however long or odd it is (`tests/properties/test_rules.py`).

`hub rules list` lists them, `hub rules show NAME` tells one, and `hub rules try` tries one without any service:

    $ hub rules try at-most fact=list.net most=list.gross list.net=12.5 list.gross=12
    rule.at-most list.net[1]: 12.5 in list.net is more than 12

A new rule is one small module in `hub/rules/`, a line in `hub/rules/catalogue.py`, texts in `hub/model/texts/rule.toml`
and samples in `tests/unit/rules/samples/`: at least three facts that are good and three that are bad, and every code.

## All rules
"""


def page() -> Iterator[str]:
    """The lines of the page."""
    yield HEAD
    yield "| rule | demands | 要求 | codes |"
    yield "| --- | --- | --- | --- |"
    for name, rule in RULES.items():
        codes = ", ".join(f"`{key}`" for key in rule.keys)
        yield f"| [`{name}`](#{name}) | {rule.title.en} | {rule.title.zh} | {codes} |"
    yield ""
    yield "## Parameters and examples"
    for rule in RULES.values():
        yield from section(rule)


def section(rule: Rule) -> Iterator[str]:
    """One rule's."""
    yield from ("", f"### {rule.name}", "", f"{rule.title.en}.", "")
    yield "| parameter | default | what |"
    yield "| --- | --- | --- |"
    for one in parameters(rule):
        default = "needed" if one.needed else f"`{one.default}`" if one.default else "–"
        text = one.text.replace("|", "\\|")
        yield f"| `{one.name}` | {default} | {text} |"
    yield ""
    yield from ("```toml", *(f"{key} = {toml(value)}" for key, value in example(rule).items()), "```")


if __name__ == "__main__":
    print("\n".join(page()))
