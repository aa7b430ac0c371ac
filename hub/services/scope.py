"""What loading a service file needs: the file with its lines, what it may name, and the problems found so far."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from hub.balances.books import Books
from hub.config.located import KeyPath, LocatedToml
from hub.errors import ConfigError, SchemaUnknown
from hub.mapping.apply import Mapping as Mapper
from hub.mapping.loader import Mappings
from hub.model.partner import Partner
from hub.schema.catalog import Catalog
from hub.schema.codes import CodeTable
from hub.schema.model import Node


@dataclass(slots=True)
class Scope:
    """One file being loaded; problems are gathered, so that one reading tells them all."""

    toml: LocatedToml
    catalog: Catalog
    mappings: Mappings
    partners: Mapping[str, Partner]
    books: Books
    problems: list[str] = field(default_factory=list)

    def problem(self, at: KeyPath, what: str) -> None:
        """Note that ``what`` is wrong at the key path ``at``."""
        self.problems.append(self.toml.problem(at, what))

    def raise_problems(self) -> None:
        """Raise ConfigError when there are any."""
        if self.problems:
            raise ConfigError(self.problems)

    def root(self, type_: str, at: KeyPath) -> Node | None:
        """The root of the schema of ``type_``; None, and a problem, when there is none."""
        try:
            return self.catalog.get(type_).root
        except SchemaUnknown as error:
            self.problem(at, str(error))
            return None

    def mapping(self, id_: str, at: KeyPath) -> Mapper | None:
        """The mapping ``id_``; None, and its problems, when it cannot be used."""
        try:
            return self.mappings.get(id_)
        except ConfigError as error:
            self.problems += error.problems
            self.problem(at, f"the mapping {id_} cannot be used; mend it, or name another")
            return None

    def codes(self, name: str, at: KeyPath) -> CodeTable | None:
        """The code table ``name``, if one is named; None, and its problems, when it cannot be used."""
        if not name:
            return None
        try:
            return self.catalog.tables.get(name)
        except ConfigError as error:
            self.problem(at, "; ".join(error.problems))
            return None
