"""The citizen identification number of GB 11643-1999: region, day of birth, serial number, check character.

The check character is that of ISO 7064 MOD 11-2. The regions are the first two digits of GB/T 2260, with 81 to 83 for
residents from Hong Kong, Macau and Taiwan and 91 for permanent residents from abroad; the last two from general
knowledge.

>>> valid("11010519491231002X"), valid("110105194912310021")
(True, False)
"""

import re
from collections.abc import Iterator
from datetime import date

from hub.model.partner import Title
from hub.rules.instants import CHINA, distance, read
from hub.rules.rule import NOW, Check, One, Remark, Rule, Values, remark
from hub.rules.values import masked
from hub.schema.codes import CodeTables

_FORM = re.compile(r"[1-9][0-9]{16}[0-9X]")
_CHECKS = "10X98765432"
_PROVINCES = (range(11, 16), range(21, 24), range(31, 38), range(41, 47), range(50, 55), range(61, 66), range(71, 72))
_REGIONS = frozenset(str(region) for some in (*_PROVINCES, (81, 82, 83, 91)) for region in some)


def valid(number: str) -> bool:
    """Whether ``number`` has the form and the check character."""
    if not _FORM.fullmatch(number):
        return False
    return _CHECKS[sum(int(digit) * pow(2, 17 - at, 11) for at, digit in enumerate(number[:17])) % 11] == number[17]


def fault(number: str, now: str | None) -> str | None:
    """The key of what is wrong with ``number`` at ``now`` (ISO 8601; None: not known), or None."""
    if not valid(number):
        return "identity-number"
    if number[:2] not in _REGIONS:
        return "identity-region"
    born, today = read(number[6:14]), read(now or "", CHINA)
    if born is None or born.day < date(1850, 1, 1) or (today and distance(born, today) > 0):
        return "identity-birth"
    return None


def _identity(parameters: One, tables: CodeTables) -> Check:
    def check(values: Values) -> Iterator[Remark]:
        now = next(iter(values(NOW)), None)
        for index, value in enumerate(values(parameters.fact)):
            key = fault(value, now)
            if key:
                yield remark(parameters.fact, index, key, value=masked(value))

    return check


IDENTITY_NUMBER = Rule(
    "identity-number",
    Title("公民身份号码（GB 11643）", "A Chinese citizen's number: check character, region and day of birth"),
    One,
    _identity,
    ("identity-number", "identity-region", "identity-birth"),
    'fact = "order.buyerIdNumber"',
)
