"""People whom hub.toml names: who they are and what they may do."""

from dataclasses import dataclass
from enum import StrEnum

from hub.model.partner import Title


class PersonRole(StrEnum):
    """What a person does in the house that runs the hub. Beside these, a person may act for a partner role
    (``customs``, ``bank`` …)."""

    ADMIN = "admin"  # runs the hub, its partners and mappings
    SECURITY = "security"  # keys, certificates, rights
    AUDIT = "audit"  # reads everything, changes nothing
    OFFICER = "officer"  # decides about cases


@dataclass(frozen=True, slots=True)
class Person:
    """One person by ``id``. ``roles``: of PersonRole, and partner roles."""

    id: str
    title: Title
    roles: frozenset[str]
