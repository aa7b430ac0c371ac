"""Which type does a person mean? A schema id, or a short form of one: ``D.02B:PAXLST``, ``MT1401``, ``passengers``.

A short form names parts of the id in their order, the last one among them; case and the dot of a directory are free.
"""

from difflib import get_close_matches
from fnmatch import fnmatchcase

from hub.errors import SchemaUnknown
from hub.schema.catalog import Catalog

_SHOWN = 12


def resolve(word: str, catalog: Catalog) -> str:
    """The one schema id that ``word`` means. Raises SchemaUnknown, which says what else it could be."""
    if _is_id(word, catalog):
        return word
    ids = catalog.ids()
    wanted = [_folded(part) for part in word.split(":")]
    meant = [schema_id for schema_id in ids if _means(wanted, schema_id)]
    exact = [schema_id for schema_id in meant if _folded(schema_id) == _folded(word)]
    if len(exact or meant) == 1:
        return (exact or meant)[0]
    if meant:
        raise SchemaUnknown(_ambiguous(word, meant))
    raise SchemaUnknown(_unknown(word, ids))


def _is_id(word: str, catalog: Catalog) -> bool:
    """Whether ``word`` is an id as it stands: then nobody need look through eleven thousand."""
    try:
        return ":" in word and catalog.get(word).id == word
    except SchemaUnknown:
        return False


def matching(pattern: str, catalog: Catalog) -> list[str]:
    """The ids that ``pattern`` is about: with ``*`` or ``?`` the whole id must match, else it names a part of it."""
    wanted = _folded(pattern)
    if any(mark in pattern for mark in "*?["):
        return [schema_id for schema_id in catalog.ids() if fnmatchcase(_folded(schema_id), wanted)]
    return [schema_id for schema_id in catalog.ids() if wanted in _folded(schema_id)]


def _folded(text: str) -> str:
    return text.replace(".", "").lower()


def _means(wanted: list[str], schema_id: str) -> bool:
    parts = iter(_folded(schema_id).split(":"))
    return _folded(schema_id).rpartition(":")[2] == wanted[-1] and all(part in parts for part in wanted)


def _ambiguous(word: str, meant: list[str]) -> str:
    """EDIFACT types come in dozens of directories: the newest are shown, oldest first."""
    shown = ", ".join(meant[-_SHOWN:])
    more = f"{len(meant)} types, the last of them " if len(meant) > _SHOWN else ""
    return f"{word} may be {more}{shown}; name one of them, or just {_short(meant[-1])}"


def _short(schema_id: str) -> str:
    return schema_id.partition(":")[2]


def _unknown(word: str, ids: list[str]) -> str:
    """What is called nearly so: the last part first, then whole ids."""
    last = {_folded(schema_id.rpartition(":")[2]): schema_id.rpartition(":")[2] for schema_id in ids}
    name = _folded(word.rpartition(":")[2])
    if name in last:  # the type is there, but not where it was said to be
        near = [schema_id for schema_id in ids if _folded(schema_id).endswith(f":{name}")][-_SHOWN:]
    else:
        near = [last[one] for one in get_close_matches(name, last, 5)]
    hint = f"; the nearest are {', '.join(near)}" if near else ""
    return f"no type is called {word[:80]}{hint}; `hub schema list` lists them all"
