"""What is built once for each schema: a codec compiles a schema's tree to closures and keeps them while it is used."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

from hub.schema.model import Schema

S = TypeVar("S", bound=Schema)
T = TypeVar("T")


class _Same:
    """A schema that equals only itself: comparing two trees node by node would cost more than compiling them."""

    __slots__ = ("schema",)

    def __init__(self, schema: Schema) -> None:
        self.schema = schema

    def __hash__(self) -> int:
        return id(self.schema)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.schema is self.schema


def per_schema(build: Callable[[S], T], *, most: int = 64) -> Callable[[S], T]:
    """``build``, remembered for the ``most`` lately used schemas. A schema that was loaded anew is built anew."""

    @lru_cache(maxsize=most)
    def remembered(same: _Same) -> T:
        return build(same.schema)  # type: ignore[arg-type]  # _Same carries what the caller gave

    @wraps(build)
    def once(schema: S) -> T:
        return remembered(_Same(schema))

    return once
