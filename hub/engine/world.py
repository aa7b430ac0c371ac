"""The world that the walk lives in: configuration, schemas, mappings, services and keys, loaded once in each process.

Immutable: a changed configuration makes a new world, and the walk goes on in that one.
"""

import gc
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from hub.balances.books import Books, load_books
from hub.config.configuration import Configuration, load_configuration
from hub.engine import agreed, objections
from hub.formats.edifact.guided import Choose
from hub.guides.library import Guides
from hub.mapping.loader import Mappings
from hub.model.message import Reading
from hub.model.partner import EdifactId, EdifactParty, Partner, SigningKey, X12Id, X12Party
from hub.model.settings import Settings
from hub.packs.shelf import Shelf
from hub.schema.catalog import Catalog
from hub.security.keys import load_signer, passphrase
from hub.security.signer import Signer
from hub.services.loader import load_services
from hub.services.service import Services

PACKS = "packs"
"""Where in the spool packs are kept."""


@dataclass(slots=True)
class AtHand:
    """The bytes of one transmission, and what READ makes of them once somebody needs it."""

    data: bytes
    reading: Reading | None = None


@dataclass(frozen=True)
class World:
    """Everything that READ, DECIDE and WRITE may look at beside their input."""

    configuration: Configuration
    catalog: Catalog
    mappings: Mappings
    services: Services
    guides: Guides
    books: Books

    @property
    def settings(self) -> Settings:
        """What hub.toml says."""
        return self.configuration.settings

    @property
    def partners(self) -> Mapping[str, Partner]:
        """The partners by id."""
        return self.configuration.partners

    @cached_property
    def by_identity(self) -> dict[EdifactId | X12Id, str]:
        """EDIFACT or X12 identity → partner id. The qualifier belongs to it: without it two may have the same."""
        named = ((partner, (partner.edifact, partner.x12)) for partner in self.partners.values())
        return {name: partner.id for partner, parties in named for party in parties if party for name in party.ids}

    @cached_property
    def by_code(self) -> dict[tuple[str, str], str]:
        """(kind of code, code) → partner id: ``("customs-id", "4301960D04")``."""
        return {pair: partner.id for partner in self.partners.values() for pair in partner.codes.items()}

    @cached_property
    def signers(self) -> dict[SigningKey, Signer]:
        """The hub's own signing keys; read where something is signed, that is in the worker processes."""
        return {key: load_signer(self.settings.paths.signer(key), passphrase()) for key in SigningKey}

    @cached_property
    def chosen(self) -> dict[tuple[str, ...], Choose]:
        """How messages find their guideline, by the guidelines that a partner has."""
        parties = [partner.edifact for partner in self.partners.values() if partner.edifact]
        return {party.guides: self.guides.choice(party.guides, named=False) for party in parties if party.guides}

    @cached_property
    def at_hand(self) -> dict[str, AtHand]:
        """The transmission that WRITE in this process was busy with last."""
        return {}

    @cached_property
    def drafts(self) -> dict[tuple[object, ...], bytes]:
        """The templates of ``hub.engine.acknowledging`` in this process, by partner and address."""
        return {}

    def edifact_party(self, partner: Partner) -> EdifactParty:
        """How interchanges to ``partner`` are addressed and written; its own id where it gave no EDIFACT identity."""
        return partner.edifact or EdifactParty((EdifactId(partner.id.upper()),))

    def x12_party(self, partner: Partner) -> X12Party:
        """The same in X12."""
        return partner.x12 or X12Party((X12Id(partner.id.upper()[:15]),))


def load_world(home: Path, packs: Mapping[str, str] | None = None) -> World:
    """The world of ``home``; ``packs`` (service → digest) are tried in the place of those in force. Raises ConfigError
    with every problem of what it is made of."""
    configuration = load_configuration(home)
    paths = configuration.settings.paths
    catalog = Catalog(paths.schemas)
    shelf = Shelf(configuration.settings.spool.path / PACKS)
    root = shelf.mappings(paths.mappings, shelf.in_force() if packs is None else packs)
    mappings = Mappings(root, catalog)
    objections.check(list(configuration.partners.values()), mappings)
    guides = Guides(catalog, paths.guides)
    agreed.check(list(configuration.partners.values()), guides)
    books = load_books(root)
    services = load_services(root, catalog, mappings, configuration.partners, books)
    world = World(configuration, catalog, mappings, services, guides, books)
    gc.unfreeze()  # an earlier world may go
    gc.collect()
    gc.freeze()  # schemas and mappings are many objects that live on: let no collection walk through them again
    return world
