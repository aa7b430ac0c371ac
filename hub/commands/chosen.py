"""How a command reads a message: by a guideline that it was told, or the one that the message names; or as the hub
reads what a partner sends, by what was agreed with it."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from hub.schema.catalog import Catalog

if TYPE_CHECKING:
    from hub.formats.edifact.guided import Choose, Guide, Names
    from hub.guides.library import Guides


@dataclass(frozen=True, slots=True)
class Wish:
    """The guidelines that somebody asked for, by id or file; ``own`` is the folder of a home's own ones. ``agreed``: no
    others count, whatever a message names. The character sets are those of an agreement, for EDIFACT and for X12."""

    ids: tuple[str, ...] = ()
    own: Path | None = None
    agreed: bool = False
    charset: str | None = None
    x12_charset: str | None = None


def choice(catalog: Catalog, wish: Wish) -> "Choose":
    """The choice among those wished for and, without one for the message, the guideline that UNH names. What guidelines
    are made with is imported with the first message that needs it."""

    def choose(type: str, names: "Names") -> "Guide | None":
        if not wish.ids and (wish.agreed or names.plain):
            return None
        return _chosen(catalog, wish)(type, names)

    return choose


def checked(catalog: Catalog, wish: Wish) -> Wish:
    """``wish``, all of it there and right. Raises HubError for one that is not there, ConfigError for one that is
    wrong."""
    for id in wish.ids:
        _guides(catalog, wish.own).get(id).check()
    return wish


@cache
def _guides(catalog: Catalog, own: Path | None) -> "Guides":
    from hub.guides.library import Guides

    return Guides(catalog, own)


@cache
def _chosen(catalog: Catalog, wish: Wish) -> "Choose":
    return _guides(catalog, wish.own).choice(wish.ids, named=not wish.agreed)
