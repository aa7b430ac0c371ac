"""Every rule there is, by name. A new rule is one module, and one line here."""

from hub.rules.bounds import AT_LEAST, AT_MOST, BETWEEN, DEVIATION
from hub.rules.checkdigits import AIR_WAYBILL, CONTAINER_NUMBER, GS1, IMO_NUMBER
from hub.rules.contact import EMERGENCY_CONTACT
from hub.rules.count import COUNT
from hub.rules.dates import AFTER, BEFORE, DATE, WINDOW
from hub.rules.equality import EQUAL
from hub.rules.identity import IDENTITY_NUMBER
from hub.rules.lines import LINES
from hub.rules.lists import DISTINCT, SEQUENCE
from hub.rules.membership import AMONG
from hub.rules.mrz import MRZ
from hub.rules.presence import ALL_OR_NONE, ANY_OF, FORBIDDEN, REQUIRED
from hub.rules.rule import Rule
from hub.rules.segregation import SEGREGATION
from hub.rules.sums import PRODUCT, SUM, TOTAL
from hub.rules.tables import IN_TABLE
from hub.rules.texts import LENGTH, ONE_OF, PATTERN
from hub.rules.un import UN_NUMBER
from hub.rules.uscc import USCC

_ALL = (
    # what is there
    REQUIRED,
    FORBIDDEN,
    ANY_OF,
    ALL_OR_NONE,
    # what agrees
    EQUAL,
    AMONG,
    SUM,
    PRODUCT,
    TOTAL,
    COUNT,
    LINES,
    # how much
    AT_MOST,
    AT_LEAST,
    BETWEEN,
    DEVIATION,
    # which texts
    ONE_OF,
    PATTERN,
    LENGTH,
    IN_TABLE,
    # when
    DATE,
    BEFORE,
    AFTER,
    WINDOW,
    # lists
    DISTINCT,
    SEQUENCE,
    # numbers that name things and people
    CONTAINER_NUMBER,
    AIR_WAYBILL,
    IMO_NUMBER,
    GS1,
    USCC,
    IDENTITY_NUMBER,
    MRZ,
    # dangerous goods
    UN_NUMBER,
    SEGREGATION,
    EMERGENCY_CONTACT,
)

RULES: dict[str, Rule] = {rule.name: rule for rule in _ALL}
"""Rules by the names that service files call them by."""
