"""Which schema a transaction set follows: ST01 in the version that its group names (GS08).

An industry's or implementer's version (``004010VICS``, ``005010X222A1``) narrows the version that it begins with, so
where it is not installed itself, that one is taken.

>>> base("004010VICS"), guessed("00401"), shown("004010", "8 50")
('004010', '004010', 'x12:004010:8?50')
"""

from dataclasses import dataclass

from hub.errors import SchemaUnknown
from hub.schema import x12
from hub.schema.catalog import Catalog
from hub.schema.x12 import X12Schema

ACKNOWLEDGMENTS = ("997", "999")
_UNKNOWN = "?"


def base(version: str) -> str:
    """The version, release and subrelease of GS08."""
    return version[:6]


def guessed(interchange: str) -> str:
    """The version that an interchange version (ISA12) is named after."""
    return f"{interchange}0"


def shown(version: str, number: str) -> str:
    """The id of a type that is not installed, whatever was sent."""
    return f"x12:{_clean(version) or _UNKNOWN}:{_clean(number) or _UNKNOWN}"


def is_acknowledgment(type_: str) -> bool:
    """Whether a message of that type answers another, so that it must not be answered itself."""
    number = type_.rpartition(":")[2]
    return type_.startswith("x12:") and (number in ACKNOWLEDGMENTS or number == "TA1")


def _clean(text: str) -> str:
    return "".join(char if char.isascii() and char.isalnum() else _UNKNOWN for char in text[:12])


@dataclass(frozen=True, slots=True)
class Version:
    """A version of X12 as installed: its transaction sets with their functional groups (GS01)."""

    name: str
    sets: dict[str, tuple[str, ...]]

    def knows_group(self, group: str) -> bool:
        """Whether any set comes in such a group."""
        return any(group in groups for groups in self.sets.values())


def version(catalog: Catalog, name: str) -> Version | None:
    """The installed version that GS08 ``name`` means, or None."""
    for one in (name, base(name)):
        try:
            return Version(one, dict(x12.sets(catalog.root / "x12", one)))
        except SchemaUnknown:
            continue
    return None


def schema(catalog: Catalog, version: str, number: str) -> X12Schema | None:
    """The schema of a set in an installed version, or None."""
    try:
        found = catalog.get(f"x12:{version}:{number}")
    except SchemaUnknown:
        return None
    assert isinstance(found, X12Schema)  # ids that begin with x12 name no others
    return found


def tags(catalog: Catalog, version: str) -> frozenset[str]:
    """All segments that ``version`` has in any set."""
    return x12.tags(catalog.root / "x12", version)
