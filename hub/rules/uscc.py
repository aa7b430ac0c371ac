"""The unified social credit code of Chinese organisations, GB 32100-2015.

Eighteen characters of 0–9 and A–Z without I, O, S, V, Z: the registering department, the kind of organisation, six
digits of the region, nine of the organisation, and the check character: each place times three to the power of its
position, modulo 31. The check character that the organisation's part has of its own (GB 11714) is not looked at, since
codes given before 2015 are not all of its form; that is general knowledge.

>>> valid("91350100M000100Y43"), valid("91350100M000100Y44")
(True, False)
"""

import re

from hub.model.partner import Title
from hub.rules.rule import Check, One, Rule, each
from hub.schema.codes import CodeTables

_CHARS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_FORM = re.compile(rf"[{_CHARS}]{{2}}[0-9]{{6}}[{_CHARS}]{{10}}")


def valid(code: str) -> bool:
    """Whether ``code`` has the form and the check character."""
    if not _FORM.fullmatch(code):
        return False
    weighed = sum(_CHARS.index(char) * pow(3, at, 31) for at, char in enumerate(code[:17]))
    return _CHARS[-weighed % 31] == code[17]


def _uscc(parameters: One, tables: CodeTables) -> Check:
    return each(parameters.fact, "uscc", valid)


USCC = Rule(
    "uscc",
    Title("统一社会信用代码（GB 32100）", "A unified social credit code with its check character (GB 32100)"),
    One,
    _uscc,
    ("uscc",),
    'fact = "list.ebcCode"',
)
