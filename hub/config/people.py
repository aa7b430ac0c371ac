"""``[people.<id>]`` of hub.toml: who may decide in whose role."""

from typing import Annotated

from pydantic import AfterValidator, Field

from hub.config.located import Table
from hub.model.partner import Title, roles
from hub.model.person import Person, PersonRole


def _role(name: str) -> str:
    known = {role.value for role in PersonRole} | set(roles())
    if name not in known:
        raise ValueError(f"no role is called {name!r}; choose from {', '.join(sorted(known))}")
    return name


_Text = Annotated[str, Field(min_length=1, max_length=70)]
PersonId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,31}$")]


class _Title(Table):
    zh: _Text
    en: _Text


class PersonTable(Table):
    """``title = { zh = "李雷", en = "Li Lei" }`` and ``roles = ["officer", "customs"]``."""

    title: _Title
    roles: list[Annotated[str, AfterValidator(_role)]] = Field(min_length=1, max_length=20)

    def value(self, id_: str) -> Person:
        """The frozen value."""
        return Person(id_, Title(self.title.zh, self.title.en), frozenset(self.roles))
