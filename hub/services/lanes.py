"""``[lanes.…]`` and ``[reply]`` of a service file: where it goes, who answers, and who hears of it."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from hub.config.located import KeyPath
from hub.mapping.apply import Mapping as Mapper
from hub.mapping.items import Items, items
from hub.mapping.resolve import PathProblem
from hub.mapping.syntax import SyntaxProblem
from hub.model.partner import SignatureKind
from hub.services.conduct import condition
from hub.services.scope import Scope
from hub.services.service import Address, Disclosure, LaneAnswer, LanePlan, Leg, Notice, Part, Reply, Writing
from hub.services.table import AnswerTable, File, LaneTable, NoticeTable
from hub.services.vocabulary import Facts, Vocabulary

ANSWER = "internal:agency-answer"
STATUS = "internal:case-status"
_SUFFIXES = {"edifact": "edi", "x12": "edi", "xsd": "xml", "csv": "csv"}
_WRITTEN = {
    "edifact": "an EDIFACT message, such as CUSRES",
    "x12": "an X12 set, such as 824",
    "xsd": "XML",
    "csv": "CSV",
}


def load_lanes(file: File, legs: Mapping[str, Leg], words: Vocabulary, scope: Scope) -> tuple[LanePlan, ...]:
    """The lanes in the order of the file."""
    return tuple(_Lane(name, table, legs, words, scope).lane() for name, table in file.lanes.items())


def load_replies(file: File, anchor: str, scope: Scope) -> dict[str, dict[str, Reply]]:
    """Who hears what: leg → format → reply."""
    table = file.reply
    ways = _replies(table.mapping, ("reply", "mapping"), tuple(_WRITTEN), scope)
    if table.x12:
        ways |= _replies(table.x12, ("reply", "x12"), ("x12",), scope)
    found = {anchor: ways}
    for leg, name in table.legs.items():
        if leg not in file.legs:
            scope.problem(("reply", "legs", leg), f"no leg is called {leg}; there are {', '.join(file.legs)}")
        found[leg] = _replies(name, ("reply", "legs", leg), tuple(_WRITTEN), scope)
    return found


def load_notices(file: File, legs: Mapping[str, Leg], scope: Scope) -> tuple[Notice, ...]:
    """What comes later, from an agency or a trader, and is passed on as it is."""
    return tuple(_notice(leg, table, file, legs, scope) for leg, table in file.notices.items())


def _notice(name: str, table: NoticeTable, file: File, legs: Mapping[str, Leg], scope: Scope) -> Notice:
    at: KeyPath = ("notices", name)
    gathered = file.match.legs if file.match else list(legs)
    if name not in legs or name in gathered:
        later = ", ".join(leg for leg in legs if leg not in gathered) or "none"
        scope.problem(at, f"no leg that comes later than the match is called {name}; there are {later}")
    elif any(not type_.startswith("xsd:") for type_ in legs[name].types):
        scope.problem(at, "only XML can be passed on as it is; take another leg")
    for index, one in enumerate(table.to):
        if one not in legs:
            scope.problem((*at, "to", index), f"no leg is called {one}; there are {', '.join(legs)}")
    return Notice(name, tuple(table.to))


def _replies(name: str, at: KeyPath, formats: Sequence[str], scope: Scope) -> dict[str, Reply]:
    """What ``name`` writes, for a sender of its own format and (under "") for any other."""
    mapper = scope.mapping(name, at)
    if mapper is None:
        return {}
    if STATUS not in mapper.sources:
        scope.problem(at, f"{name} must map from {STATUS}")
    family, _, kind = mapper.target.rpartition(":")
    family = family.partition(":")[0]
    if family not in formats:
        scope.problem(at, f"{name} must map to {' or '.join(_WRITTEN[one] for one in formats)}")
    reply = Reply(name, kind.lower(), _SUFFIXES.get(family, ""))
    return {family: reply} if formats == ("x12",) else {family: reply, "": reply}


class _Lane:
    """Loads one lane."""

    def __init__(self, name: str, table: LaneTable, legs: Mapping[str, Leg], words: Vocabulary, scope: Scope) -> None:
        self._name, self._table, self._legs, self._words, self._scope = name, table, legs, words, scope
        self._at: KeyPath = ("lanes", name)

    def lane(self) -> LanePlan:
        table, scope = self._table, self._scope
        if isinstance(table.agency, str) and table.agency not in scope.partners:
            what = f"no partner is called {table.agency}; there are {', '.join(sorted(scope.partners))}"
            scope.problem((*self._at, "agency"), what)
        parts = self._parts()
        answer = self._answer()
        if table.copy_ == bool(table.answers):
            scope.problem((*self._at, "answers"), "write either answers = [...] or copy = true")
        self._known_in_x12((*self._targets(parts), *answer.mappings))
        return LanePlan(
            name=self._name,
            agency=table.agency if isinstance(table.agency, str) else "",
            title=table.title.value(),
            parts=parts,
            signature=table.sign,
            within=table.within,
            answer=answer,
            inspection=table.inspection,
            when=condition(table.when, self._words, (*self._at, "when"), scope),
            after=tuple(table.after),
            copy=table.copy_,
            keys=tuple(self._key(key, index) for index, key in enumerate(table.keys)),
            cancels=table.cancels,
            gives=self._gives(),
            revocable=table.revocable,
            address=self._address(),
        )

    def _address(self) -> Address | None:
        """The fact that names the receiver, where the lane itself does not."""
        table = self._table.agency
        if isinstance(table, str):
            return None
        at = (*self._at, "agency")
        if not self._table.copy_:
            self._scope.problem(at, "whom the message names does not answer to the hub; write copy = true")
        if table.fact.partition(".")[0] != self._table.leg:
            self._scope.problem(at, f"the receiver is named by the lane's own leg; write {self._table.leg}.fact")
        try:
            return Address(table.fact, table.code, self._words.find(table.fact))
        except (PathProblem, SyntaxProblem) as error:
            self._scope.problem(at, str(error))
            return None

    def _gives(self) -> dict[str, tuple[str, ...]]:
        """What the agency's answers let later legs find the case by; a key that no leg has would be for nobody."""
        keys = {key for leg in self._legs.values() for key in leg.keys}
        for key in self._table.gives:
            if key not in keys:
                self._scope.problem((*self._at, "gives", key), f"no leg has a key {key}; there are {_listed(keys)}")
        return {key: tuple(facts) for key, facts in self._table.gives.items()}

    def _targets(self, parts: Sequence[Part]) -> list[str]:
        found = [self._scope.mapping(id_, self._at) for part in parts for id_ in part.mappings.values()]
        return [mapper.target for mapper in found if mapper]

    def _parts(self) -> tuple[Part, ...]:
        table = self._table
        if table.relay == bool(table.mappings):
            self._scope.problem((*self._at, "relay"), "write either relay = true or mappings = [...]")
        parts = [self._part(leg, ways, (*self._at, "parts", leg), "parts") for leg, ways in table.parts.items()]
        principal = "relay" if table.relay else table.mappings
        return (*parts, self._part(table.leg, principal, (*self._at, "mappings"), "leg"))

    def _part(self, leg: str, ways: str | list[str], at: KeyPath, key: str) -> Part:
        if leg not in self._legs:
            self._scope.problem((*self._at, key), f"no leg is called {leg}; there are {', '.join(self._legs)}")
            return Part(leg, Writing.COPY, {}, "")
        types = self._legs[leg].types
        if isinstance(ways, str):
            return self._as_it_is(leg, types, key)
        found = [self._scope.mapping(one, (*at, index)) for index, one in enumerate(ways)]
        mappers = [mapper for mapper in found if mapper]
        by_type = {source: mapper.id for mapper in mappers for source in mapper.sources}
        missing = [type_ for type_ in types if type_ not in by_type]
        if mappers and missing and len(mappers) == len(found):
            self._scope.problem(at, f"nothing maps {', '.join(missing)}; add a mapping from it")
        return Part(leg, Writing.MAPPING, by_type, self._suffix(mappers, at))

    def _as_it_is(self, leg: str, types: Sequence[str], key: str) -> Part:
        """The trader's own message: EDIFACT under the hub's envelope, XML written anew and signed by the hub."""
        formats = {type_.partition(":")[0] for type_ in types}
        at = (*self._at, "relay" if key == "leg" else key)
        if formats == {"xsd"}:
            return Part(leg, Writing.COPY, {}, "xml")
        if formats != {"edifact"}:
            self._scope.problem(at, "only EDIFACT and XML can be passed on as they are; write mappings = [...]")
        self._signable("edifact")
        return Part(leg, Writing.RELAY, {}, "edi")

    def _suffix(self, mappers: Sequence[Mapper], at: KeyPath) -> str:
        formats = {mapper.target.partition(":")[0] for mapper in mappers}
        if len(formats) != 1 or not formats <= set(_SUFFIXES):
            if mappers:
                self._scope.problem(at, f"they must all write one format of {', '.join(_SUFFIXES)}")
            return ""
        (only,) = formats
        self._signable(only)
        return _SUFFIXES[only]

    def _signable(self, format_: str) -> None:
        if self._table.sign is SignatureKind.XMLDSIG and format_ != "xsd":
            self._scope.problem((*self._at, "sign"), 'xmldsig signs XML only; write "cms"')

    def _known_in_x12(self, types: Sequence[str]) -> None:
        """Whoever is to send and get X12 must have an identity in it."""
        agency = self._table.agency
        partner = self._scope.partners.get(agency) if isinstance(agency, str) else None
        if partner and partner.x12 is None and any(type_.startswith("x12:") for type_ in types):
            what = f"the lane speaks X12, and {agency} has no [x12] in its partner.toml; add it"
            self._scope.problem((*self._at, "agency"), what)

    def _answer(self) -> LaneAnswer:
        mappings: dict[str, str] = {}
        items: dict[str, Items] = {}
        for index, one in enumerate(self._table.answers):
            at = (*self._at, "answers", index)
            name, each = (one.mapping, one.each) if isinstance(one, AnswerTable) else (one, "")
            mapper = self._scope.mapping(name, at)
            if mapper and mapper.target != ANSWER:
                self._scope.problem(at, f"{name} must map to {ANSWER}")
            for source in mapper.sources if mapper else ():
                mappings[source] = name
                if each:
                    items[source] = self._items(each, source, at)
        reasons = self._scope.codes(self._table.reasons, (*self._at, "reasons"))
        if self._table.tells is Disclosure.LISTED and reasons is None:
            self._scope.problem((*self._at, "tells"), 'name the table of what may be told: reasons = "…"')
        return LaneAnswer(mappings, reasons, self._table.tells, items)

    def _items(self, each: str, type_: str, at: KeyPath) -> Items:
        root = self._scope.root(type_, at)
        try:
            return items(each, root) if root else Items()
        except (PathProblem, SyntaxProblem) as error:
            self._scope.problem(at, f"in {type_}: {error}")
            return Items()

    def _key(self, key: Sequence[str], index: int) -> Callable[[Facts], str]:
        try:
            finds = [self._words.find(operand) for operand in key]
        except (PathProblem, SyntaxProblem) as error:
            self._scope.problem((*self._at, "keys", index), str(error))
            return lambda _: ""
        return lambda facts: joined([str(next(iter(find(facts)), "")) for find in finds])


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"


def joined(values: Sequence[str]) -> str:
    """The key that ``values`` make together; empty when one of them is."""
    return "/".join(values) if all(values) else ""
