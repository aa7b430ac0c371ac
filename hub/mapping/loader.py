"""Loads a mapping file: read it, check its shape, compile it against each source schema, tell every problem at once."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from hub.config import located
from hub.config.located import KeyPath, LocatedToml
from hub.errors import ConfigError, SchemaUnknown
from hub.mapping.apply import Mapping, Program
from hub.mapping.compiler import Compiler, Problems
from hub.mapping.coverage import unwritten
from hub.mapping.lineage import Explainer
from hub.mapping.rows import Fact
from hub.mapping.table import File
from hub.mapping.tables import Tables
from hub.schema.catalog import Catalog
from hub.schema.codes import CodeTables
from hub.schema.model import Schema

MAX_BYTES = 1_000_000


def load(path: Path, catalog: Catalog) -> Mapping:
    """The mapping of ``path``, compiled. Raises ConfigError with all its problems as ``file:line: key: what``."""
    toml = located.load(path, max_bytes=MAX_BYTES)
    file = located.validate(File, toml)
    problems = Problems(toml)
    names = (file.mapping.from_,) if isinstance(file.mapping.from_, str) else file.mapping.from_
    sources = [_schema(name, catalog, problems, "from") for name in names]
    target = _schema(file.mapping.to, catalog, problems, "to")
    if file.mapping.id.rpartition("/")[2] != path.stem:
        problems.add(("mapping", "id"), f"the file is called {path.stem}; name the mapping …/{path.stem}")
    if not file.block:
        problems.add((), "the mapping has no [[block]]; add one with rows")
    tables = Tables(file.tables, _shared(path, catalog))
    programs, facts = _programs(file, sources, target, tables, problems)
    if problems.found:
        raise ConfigError(problems.sorted())
    assert target is not None  # else there are problems
    explainer = _explainer(file, {one.id: one for one in sources if one}, target, tables, toml)
    head = file.mapping
    title = {"zh": head.title.zh, "en": head.title.en}
    shared = tuple(tables.files())
    digest = _digest(path, shared)
    return Mapping(head.id, head.version, title, names, head.to, str(path), digest, facts, programs, explainer, shared)


def _shared(path: Path, catalog: Catalog) -> CodeTables:
    """The code tables that the mapping of ``path`` may name: those of its service's own folder come first."""
    own = path.parent / "codes"
    return CodeTables(own, catalog.tables) if own.is_dir() else catalog.tables


def _digest(path: Path, tables: tuple[Path, ...]) -> str:
    """The SHA-256 of the file; where it names shared code tables, of its SHA-256 and theirs, a line each."""
    own = hashlib.sha256(path.read_bytes()).hexdigest()
    shared = [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in tables]
    return hashlib.sha256("".join([own, "\n", *shared]).encode()).hexdigest() if shared else own


def _explainer(
    file: File, sources: dict[str, Schema], target: Schema, tables: Tables, toml: LocatedToml
) -> Callable[[str], Explainer]:
    """Compiles the file for its stories, once for each source schema that is asked for."""

    @cache
    def explainer(source: str) -> Explainer:
        compiler = Compiler(file, sources[source], target, tables, Problems(toml), traced=True)
        return Explainer(compiler.program().run, sources[source].root, target.root)

    return explainer


@dataclass(frozen=True, slots=True)
class Examined:
    """What is wrong with the text of a mapping; and, when nothing is, the places that the target demands and no row
    writes, by full name. Each with the key at which it is to be mended."""

    problems: list[tuple[KeyPath, str]]
    missing: list[tuple[KeyPath, str]]


def examine(text: str, name: str, catalog: Catalog) -> Examined:
    """Compile ``text``, of the file ``name`` to be, against the first schema that it reads. Raises ConfigError for what
    is not of the language at all."""
    toml = located.parse(text, name)
    file = located.validate(File, toml)
    problems = Problems(toml)
    source = file.mapping.from_ if isinstance(file.mapping.from_, str) else file.mapping.from_[0]
    target = catalog.get(file.mapping.to)
    compiler = Compiler(file, catalog.get(source), target, Tables(file.tables, catalog.tables), problems)
    compiler.program()
    missing = [] if problems.keyed else list(unwritten(target.root, compiler.fields))
    return Examined(problems.keyed, missing)


class Mappings:
    """The mappings under ``root`` (the project's ``mappings`` folder), each loaded once when first asked for."""

    def __init__(self, root: Path, catalog: Catalog) -> None:
        self.root = root
        self._catalog = catalog
        self._held: dict[str, Mapping] = {}

    def get(self, id: str) -> Mapping:
        """The mapping ``id``, such as ``passengers/paxlst-to-customs``. Raises ConfigError."""
        if id not in self._held:
            folder, _, name = id.partition("/")
            if not (folder and name) or not set(id) <= set("abcdefghijklmnopqrstuvwxyz0123456789-/"):
                raise ConfigError([f"{self.root}:1: (mapping): {id!r} is not a mapping id such as manifest/cuscar"])
            self._held[id] = load(self.root / folder / f"{name}.toml", self._catalog)
        return self._held[id]


def _schema(id: str, catalog: Catalog, problems: Problems, key: str) -> Schema | None:
    try:
        return catalog.get(id)
    except SchemaUnknown as error:
        problems.add(("mapping", key), str(error))
        return None


def _programs(
    file: File, sources: list[Schema | None], target: Schema | None, tables: Tables, problems: Problems
) -> tuple[dict[str, Program], tuple[Fact, ...]]:
    programs: dict[str, Program] = {}
    facts: tuple[Fact, ...] = ()
    for source in sources:
        if source is None or target is None:
            continue
        compiler = Compiler(file, source, target, tables, problems)
        programs[source.id] = compiler.program()
        facts = facts or tuple(compiler.facts)
        if not problems.found:
            for key, path in unwritten(target.root, compiler.fields):
                problems.add(key, f"{path} is mandatory in the target, but no row writes it; add one")
    return programs, facts
