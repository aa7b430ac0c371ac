"""``mappings/<service>/service.toml`` → a frozen Service, checked against schemas, mappings and partners; every problem
of every service is told at once as ``file:line: key: what and how to mend``."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import Field, field_validator

from hub.clock import SECOND
from hub.config.located import KeyPath, LocatedToml, Table, load, validate
from hub.config.units import Duration
from hub.errors import ConfigError, SchemaUnknown
from hub.mapping.access import finder
from hub.mapping.apply import Mapping as Mapper
from hub.mapping.loader import Mappings
from hub.mapping.resolve import PathProblem, leaf
from hub.mapping.syntax import SyntaxProblem, parse_path
from hub.model.message import Document
from hub.model.partner import Partner, SignatureKind, Title, roles
from hub.schema.catalog import Catalog
from hub.schema.codes import CodeTable
from hub.schema.codes import load as load_codes
from hub.services.service import INSPECTION, Extract, LaneAnswer, LanePlan, Leg, Reply, Service, Services, Writing

FILE = "service.toml"
ANSWER = "internal:agency-answer"
STATUS = "internal:case-status"
_SUFFIXES = {"edifact": "edi", "x12": "edi", "xsd": "xml", "csv": "csv"}
_Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,31}$")]
_Text = Annotated[str, Field(min_length=1, max_length=200)]
T = TypeVar("T")


class _Title(Table):
    zh: _Text
    en: _Text

    def value(self) -> Title:
        return Title(self.zh, self.en)


class _Head(Table):
    id: _Name
    title: _Title
    retention: _Name


class _Leg(Table):
    types: list[_Text] = Field(min_length=1, max_length=60)
    from_: list[_Name] = Field(alias="from", min_length=1)
    reference: list[_Text] = Field(min_length=1, max_length=5)


class _Lane(Table):
    agency: _Name
    title: _Title
    leg: _Name
    relay: bool = False
    mappings: list[_Text] = []
    sign: SignatureKind = SignatureKind.NONE
    within: Duration
    inspection: Duration = INSPECTION
    answers: list[_Text] = Field(min_length=1)
    reasons: _Name | Literal[""] = ""

    @field_validator("within", "inspection")
    @classmethod
    def _some_time(cls, within: int) -> int:
        if within < SECOND:
            raise ValueError('an agency needs time to answer; give it at least "1s"')
        return within


class _Reply(Table):
    mapping: _Text
    x12: _Text | None = None


class _File(Table):
    service: _Head
    legs: dict[_Name, _Leg] = Field(min_length=1)
    lanes: dict[_Name, _Lane] = Field(min_length=1)
    reply: _Reply


def load_services(root: Path, catalog: Catalog, mappings: Mappings, partners: Mapping[str, Partner]) -> Services:
    """The services of the folders under ``root``. Raises ConfigError with every problem of all of them."""
    found: dict[str, Service] = {}
    problems: list[str] = []
    for path in sorted(root.glob(f"*/{FILE}")):
        try:
            service = _Loader(load(path), catalog, mappings, partners).service(path.parent.name)
            found[service.id] = service
        except ConfigError as error:
            problems += error.problems
    if problems:
        raise ConfigError(problems)
    return Services(found)


class _Loader:
    """Loads one file; problems are gathered, so that one reading tells them all."""

    def __init__(
        self, toml: LocatedToml, catalog: Catalog, mappings: Mappings, partners: Mapping[str, Partner]
    ) -> None:
        self._toml = toml
        self._catalog = catalog
        self._mappings = mappings
        self._partners = partners
        self._problems: list[str] = []

    def service(self, folder: str) -> Service:
        file = validate(_File, self._toml)
        if file.service.id != folder:
            self._problem(("service", "id"), f"the folder is called {folder}; give the service the same name")
        legs = {name: self._leg(name, table) for name, table in file.legs.items()}
        lanes = tuple(self._lane(name, table, legs) for name, table in file.lanes.items())
        replies = {"edifact": self._reply(file.reply.mapping, ("reply", "mapping"), ("edifact", "x12"))}
        if file.reply.x12:
            replies["x12"] = self._reply(file.reply.x12, ("reply", "x12"), ("x12",))
        if self._problems:
            raise ConfigError(self._problems)
        head = file.service
        return Service(head.id, head.title.value(), head.retention, tuple(legs.values()), lanes, replies)

    def _reply(self, name: str, at: KeyPath, formats: tuple[str, ...]) -> Reply:
        """How the trader is answered; the mapping must write one of ``formats``."""
        mapper = self._mapping(name, at)
        if mapper and STATUS not in mapper.sources:
            self._problem(at, f"{name} must map from {STATUS}")
        if mapper and mapper.target.partition(":")[0] not in formats:
            told = {"edifact": "an EDIFACT message, such as CUSRES", "x12": "an X12 set, such as 824"}
            self._problem(at, f"{name} must map to {' or '.join(told[one] for one in formats)}")
        return Reply(name, mapper.target.rpartition(":")[2].lower() if mapper else "")

    def _leg(self, name: str, table: _Leg) -> Leg:
        at: KeyPath = ("legs", name)
        for index, role in enumerate(table.from_):
            if role not in roles():
                what = f"no role is called {role!r}; choose from {', '.join(sorted(roles()))}"
                self._problem((*at, "from", index), what)
        reference = {type_: self._reference(type_, index, table, at) for index, type_ in enumerate(table.types)}
        return Leg(name, tuple(table.types), frozenset(table.from_), reference)

    def _reference(self, type_: str, index: int, table: _Leg, at: KeyPath) -> Extract:
        """What finds the trader's number in a message of ``type_``: the first path that leads to a value."""
        try:
            root = self._catalog.get(type_).root
        except SchemaUnknown as error:
            self._problem((*at, "types", index), str(error))
            return _first_of([])
        finders = []
        for number, text in enumerate(table.reference):
            try:
                finders.append(finder(leaf(parse_path(text), (root,)).hops))
            except (PathProblem, SyntaxProblem) as error:
                self._problem((*at, "reference", number), f"in {type_}: {error}")
        return _first_of(finders)

    def _lane(self, name: str, table: _Lane, legs: dict[str, Leg]) -> LanePlan:
        at: KeyPath = ("lanes", name)
        if table.agency not in self._partners:
            what = f"no partner is called {table.agency}; there are {', '.join(sorted(self._partners))}"
            self._problem((*at, "agency"), what)
        if table.leg not in legs:
            self._problem((*at, "leg"), f"no leg is called {table.leg}; there are {', '.join(legs)}")
        if table.relay == bool(table.mappings):
            self._problem((*at, "relay"), "write either relay = true or mappings = [...]")
        ways = [self._mapping(one, (*at, "mappings", index)) for index, one in enumerate(table.mappings)]
        mappers = [mapper for mapper in ways if mapper]
        by_type = {source: mapper.id for mapper in mappers for source in mapper.sources}
        types = legs[table.leg].types if table.leg in legs else ()
        missing = [type_ for type_ in types if type_ not in by_type]
        if mappers and missing and len(mappers) == len(ways):
            self._problem((*at, "mappings"), f"nothing maps {', '.join(missing)}; add a mapping from it")
        answer = self._answer(table, at)
        self._known_in_x12(table.agency, (*(mapper.target for mapper in mappers), *answer.mappings), at)
        return LanePlan(
            name=name,
            agency=table.agency,
            title=table.title.value(),
            leg=table.leg,
            writing=Writing.RELAY if table.relay else Writing.MAPPING,
            mappings=by_type,
            signature=table.sign,
            suffix=self._suffix(table, types, mappers, at),
            within=table.within,
            answer=answer,
            inspection=table.inspection,
        )

    def _known_in_x12(self, agency: str, types: Sequence[str], at: KeyPath) -> None:
        """Whoever is to send and get X12 must have an identity in it."""
        partner = self._partners.get(agency)
        if partner and partner.x12 is None and any(type_.startswith("x12:") for type_ in types):
            self._problem(
                (*at, "agency"), f"the lane speaks X12, and {agency} has no [x12] in its partner.toml; add it"
            )

    def _suffix(self, table: _Lane, types: Sequence[str], mappers: list[Mapper], at: KeyPath) -> str:
        if table.relay and any(not type_.startswith("edifact:") for type_ in types):
            self._problem((*at, "relay"), "only EDIFACT can be relayed under another envelope; write mappings = [...]")
        formats = {"edifact"} if table.relay else {mapper.target.partition(":")[0] for mapper in mappers}
        if len(formats) != 1 or not formats <= set(_SUFFIXES):
            if mappers:
                self._problem((*at, "mappings"), f"they must all write one format of {', '.join(_SUFFIXES)}")
            return ""
        (only,) = formats
        if table.sign is SignatureKind.XMLDSIG and only != "xsd":
            self._problem((*at, "sign"), 'xmldsig signs XML only; write "cms"')
        return _SUFFIXES[only]

    def _answer(self, table: _Lane, at: KeyPath) -> LaneAnswer:
        mappings: dict[str, str] = {}
        for index, one in enumerate(table.answers):
            mapper = self._mapping(one, (*at, "answers", index))
            if mapper and mapper.target != ANSWER:
                self._problem((*at, "answers", index), f"{one} must map to {ANSWER}")
            if mapper:
                mappings |= dict.fromkeys(mapper.sources, mapper.id)
        return LaneAnswer(mappings, self._reasons(table.reasons, at))

    def _reasons(self, name: str, at: KeyPath) -> CodeTable | None:
        if not name:
            return None
        try:
            return load_codes(self._catalog.root / "codes" / f"{name}.toml")
        except ConfigError as error:
            self._problem((*at, "reasons"), "; ".join(error.problems))
            return None

    def _mapping(self, id_: str, at: KeyPath) -> Mapper | None:
        try:
            return self._mappings.get(id_)
        except ConfigError as error:
            self._problems += error.problems
            self._problem(at, f"the mapping {id_} cannot be used; mend it, or name another")
            return None

    def _problem(self, at: KeyPath, what: str) -> None:
        self._problems.append(self._toml.problem(at, what))


def _first_of(finders: list[Callable[[Document], list[str]]]) -> Extract:
    def extract(document: Document) -> str:
        return next((value for find in finders for value in find(document)), "")

    return extract
