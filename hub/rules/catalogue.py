"""Every rule there is, by name. A new rule is one module, and one line here."""

from hub.rules.container import CONTAINER_NUMBER
from hub.rules.equality import EQUAL
from hub.rules.presence import REQUIRED
from hub.rules.rule import Rule
from hub.rules.sums import SUM

_ALL = (
    REQUIRED,
    EQUAL,
    SUM,
    CONTAINER_NUMBER,
)

RULES: dict[str, Rule] = {rule.name: rule for rule in _ALL}
"""Rules by the names that service files call them by."""
