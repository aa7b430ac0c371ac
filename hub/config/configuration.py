"""The whole configuration of a home: hub.toml and every partner, and what must hold between them."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from hub.config.located import KeyPath
from hub.config.partners import LocatedPartner, load_partner, partner_folders
from hub.config.settings import FILE, default_settings, load_settings
from hub.errors import ConfigError
from hub.model.partner import EdifactId, Partner, X12Id
from hub.model.settings import Settings


@dataclass(frozen=True, slots=True)
class Configuration:
    """The settings, and the partners by id. Immutable: a change makes a new one."""

    settings: Settings
    partners: Mapping[str, Partner]


def load_configuration(home: Path) -> Configuration:
    """The configuration of ``home``. Raises ConfigError with every problem of hub.toml and of all partners at once."""
    problems: list[str] = []
    try:
        settings = load_settings(home)
    except ConfigError as error:
        problems += error.problems
        settings = default_settings(home)  # good enough to see what is wrong with the partners too
    located, more = _partners(settings)
    problems += more + _clashes(settings, located)
    if problems:
        raise ConfigError(problems)
    return Configuration(settings, {item.partner.id: item.partner for item in located})


def _partners(settings: Settings) -> tuple[list[LocatedPartner], list[str]]:
    located: list[LocatedPartner] = []
    problems: list[str] = []
    for folder in partner_folders(settings.paths.partners):
        try:
            located.append(load_partner(folder, settings))
        except ConfigError as error:
            problems += error.problems
    return located, problems


def _clashes(settings: Settings, located: list[LocatedPartner]) -> list[str]:
    """What two partners must not share, because it says who sent something."""
    own: dict[Hashable, str] = dict.fromkeys((settings.hub.edifact, settings.hub.x12), f"the hub ({FILE})")
    return [
        *_shared(located, partial(_identities, "edifact"), own, "EDIFACT identity"),
        *_shared(located, partial(_identities, "x12"), own, "X12 identity"),
        *_shared(located, _users, {}, "SFTP user"),
        *_shared(located, _ssh_keys, {}, "SSH key"),
    ]


_Claims = Callable[[Partner], Iterable[tuple[KeyPath, Hashable, str]]]
"""What a partner claims for itself: where its file says so, the value, and the value as shown."""


def _shared(located: list[LocatedPartner], claims: _Claims, owners: dict[Hashable, str], what: str) -> list[str]:
    problems = []
    for item in located:
        for key, value, shown in claims(item.partner):
            owner = owners.setdefault(value, item.partner.id)
            if owner != item.partner.id:
                text = f"the {what} {shown} belongs to {owner} already; give each partner its own"
                problems.append(item.toml.problem(key, text))
    return problems


def _identities(table: str, partner: Partner) -> Iterable[tuple[KeyPath, Hashable, str]]:
    party = partner.edifact if table == "edifact" else partner.x12
    ids: tuple[EdifactId | X12Id, ...] = party.ids if party else ()
    return [((table, "ids", n), one, f"{one.id}:{one.qualifier}".rstrip(":")) for n, one in enumerate(ids)]


def _users(partner: Partner) -> Iterable[tuple[KeyPath, Hashable, str]]:
    return [(("sftp", "user"), partner.ssh.user, partner.ssh.user)] if partner.ssh else []


def _ssh_keys(partner: Partner) -> Iterable[tuple[KeyPath, Hashable, str]]:
    keys = partner.ssh.keys if partner.ssh else ()
    return [(("sftp", "keys"), key.blob, key.comment or key.algorithm) for key in keys]
