"""service.toml → Service: a wrong one is refused with its file, line and what to do; the right ones are complete."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from hub.balances.books import load_books
from hub.errors import ConfigError
from hub.mapping.loader import Mappings
from hub.model.partner import Limits, Partner, SignatureKind, Title, X12Id, X12Party
from hub.schema.catalog import Catalog
from hub.services.loader import load_services
from hub.services.service import Services, Writing

TYPES = "edifact:D.95B:CUSCAR, edifact:D.00B:CUSCAR, edifact:D.01B:CUSCAR, edifact:D.02B:CUSCAR, edifact:D.03B:CUSCAR, edifact:D.05B:CUSCAR, edifact:D.16B:CUSCAR"  # noqa: E501
MAPPINGS = 'mappings = ["manifest/cuscar95-to-mt1401", "manifest/cuscar-to-mt1401"]'


def _partner(name: str) -> Partner:
    return Partner(name, Title(name, name), frozenset({name}), (), Limits(1, 1))


PARTNERS = {
    name: _partner(name)
    for name in ("border", "commerce", "customs", "exchange", "maritime", "port", "quarantine", "tax")
}
BOOKS = load_books(Path(__file__).parents[3] / "mappings")
Load = Callable[..., Services]


@pytest.fixture
def load(root: Path, catalog: Catalog, tmp_path: Path) -> Load:
    """``load(old, new)``: the project's services, ``old`` in the manifest's service.toml changed to ``new``."""

    def loads(old: str, new: str, *others: tuple[str, str]) -> Services:
        shutil.copytree(root / "mappings", tmp_path / "m")
        file = tmp_path / "m" / "manifest" / "service.toml"
        text = file.read_text("utf-8")
        for before, after in ((old, new), *others):
            assert before in text, before
            text = text.replace(before, after, 1)
        file.write_text(text, "utf-8")
        return load_services(tmp_path / "m", catalog, Mappings(tmp_path / "m", catalog), PARTNERS, BOOKS)

    return loads


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            'id        = "manifest"', 'id = "cargo"',
            "4: service.id: the folder is called manifest; give the service the same name",
        ),
        ('en = "Manifest"', 'de = "Manifest"', "5: service.title.en: missing; add it"),
        ('["carrier", "agent"]', '["sailor"]', "10: legs.report.from.0: no role is called 'sailor'; choose from"),
        (
            '["BGM/1004"]', '["BGM/9999"]',
            "11: legs.report.reference.0: in edifact:D.95B:CUSCAR: unknown path BGM/9999: BGM has no 9999",
        ),
        ('["BGM/1004"]', '["BGM/["]', "11: legs.report.reference.0: in edifact:D.95B:CUSCAR: a name is expected"),
        (
            '"edifact:D.95B:CUSCAR", ', '"edifact:D.95B:CUSCAX", ',
            "9: legs.report.types.0: no installed directory has a message CUSCAX",
        ),
        (
            'agency   = "customs"', 'agency = "custom"',
            "14: lanes.customs.agency: no partner is called custom; there are border, commerce, customs, exchange, mar",
        ),
        ('leg      = "report"', 'leg = "list"', "16: lanes.customs.leg: no leg is called list; there are report"),
        ('"xmldsig"', '"pgp"', "18: lanes.customs.sign: input should be 'none', 'xmldsig' or 'cms'"),
        ('"30m"', '"soon"', "19: lanes.customs.within: write a duration such as"),
        ('"30m"', '"0s"', "19: lanes.customs.within: an agency needs time to answer; give it at least \"1s\""),
        ('"30m"', '"30m"\ncolour = "red"', "20: lanes.customs.colour: unknown key; remove it or mend its spelling"),
        (
            '["manifest/mt9999-to-answer"]', '["manifest/nothing"]',
            "20: lanes.customs.answers.0: the mapping manifest/nothing cannot be used; mend it, or name another",
        ),
        (
            '["manifest/mt9999-to-answer"]', '["manifest/cuscar-to-mt1401"]',
            "20: lanes.customs.answers.0: manifest/cuscar-to-mt1401 must map to internal:agency-answer",
        ),
        ('reasons  = "manifest-errors"', 'reasons = "missing"', "21: lanes.customs.reasons: "),
        (
            '"common/status-to-cusres"', '"manifest/mt9999-to-answer"',
            "24: reply.mapping: manifest/mt9999-to-answer must map from internal:case-status",
        ),
        (
            '"common/status-to-cusres"', '"manifest/mt9999-to-answer"',
            "24: reply.mapping: manifest/mt9999-to-answer must map to an EDIFACT message",
        ),
        (
            MAPPINGS, 'mappings = ["manifest/cuscar-to-mt1401"]',
            "17: lanes.customs.mappings: nothing maps edifact:D.95B:CUSCAR; add a mapping from it",
        ),
        (
            MAPPINGS, 'mappings = ["passengers/paxlst-to-customs"]',
            f"17: lanes.customs.mappings: nothing maps {TYPES}; add a mapping from it",
        ),
        (MAPPINGS, "relay = true", '18: lanes.customs.sign: xmldsig signs XML only; write "cms"'),
        (MAPPINGS, "", "13: lanes.customs.relay: write either relay = true or mappings = [...]"),
        (MAPPINGS, f"relay = true\n{MAPPINGS}", "17: lanes.customs.relay: write either relay = true or mappings"),
        ("[reply]", "[replay]", "23: replay: unknown key; remove it or mend its spelling"),
        (
            'from      = ["carrier", "agent"]', 'from = ["carrier"]\nwhen = "report.mode = \'4\'"',
            "11: legs.report.when: no fact is called report.mode",
        ),
        (
            'from      = ["carrier", "agent"]', 'from = ["carrier"]\nafter = ["customs.accepted"]',
            "11: legs.report.after: the case needs this leg before any lane opens; leave after out",
        ),
        (
            'reasons  = "manifest-errors"', 'tells = "listed"',
            '21: lanes.customs.tells: name the table of what may be told: reasons = "…"',
        ),
        (
            'agency   = "customs"', 'agency = { fact = "report.to", code = "dxp-id" }',
            "14: lanes.customs.agency: no fact is called report.to; there are",
        ),
        (
            'agency   = "customs"', 'agency = { fact = "report.to", code = "dxp-id" }',
            "14: lanes.customs.agency: whom the message names does not answer to the hub; write copy = true",
        ),
        (
            'agency   = "customs"', 'agency = { fact = "other.to", code = "dxp-id" }',
            "14: lanes.customs.agency: the receiver is named by the lane's own leg; write report.fact",
        ),
        (
            'reasons  = "manifest-errors"', 'gives = { number = ["no"] }',
            "21: lanes.customs.gives.number: no leg has a key number; there are none",
        ),
        (
            '["BGM/1004"]', '[["BGM/1004", "BGM/9999"]]',
            "11: legs.report.reference.0: in edifact:D.95B:CUSCAR: unknown path BGM/9999: BGM has no 9999",
        ),
        (
            'from      = ["carrier", "agent"]', 'from = ["carrier"]\nexpected = "report.mode = \'4\'"',
            "11: legs.report.expected: no fact is called report.mode",
        ),
        ("[service]", "[service", "3: (file): not TOML"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_line(load: Load, tmp_path: Path, old: str, new: str, problem: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(old, new)
    wanted = f"{tmp_path}/m/manifest/service.toml:{problem}"
    assert [found for found in caught.value.problems if found.startswith(wanted)], caught.value.problems


def test_only_edifact_is_relayed(load: Load) -> None:
    relayed = f'{MAPPINGS}\nsign     = "xmldsig"'
    with pytest.raises(ConfigError, match="17: lanes.customs.relay: only EDIFACT and XML can be passed on"):
        load(relayed, "relay = true", ("edifact:D.95B:CUSCAR", "csv:quarantine:passengers"))


ADVICE = """
[mapping]
id      = "manifest/advice-to-answer"
from    = "x12:004010:824"
to      = "internal:agency-answer"
title   = { zh = "通知", en = "Advice" }
version = "1"

[[block]]
rows = [
  { to = "key",    from = "OTI_LOOP/OTI/OTI03", with = "first", required = true },
  { to = "status", const = "accepted" },
]
"""


def test_a_lane_that_speaks_x12_needs_an_agency_that_does(root: Path, catalog: Catalog, tmp_path: Path) -> None:
    folder = tmp_path / "m" / "manifest"
    shutil.copytree(root / "mappings", tmp_path / "m")
    (folder / "advice-to-answer.toml").write_text(ADVICE, "utf-8")
    text = (folder / "service.toml").read_text("utf-8")
    old, new = '"manifest/mt9999-to-answer"', '"manifest/mt9999-to-answer", "manifest/advice-to-answer"'
    (folder / "service.toml").write_text(text.replace(old, new), "utf-8")
    mappings = Mappings(tmp_path / "m", catalog)
    with pytest.raises(ConfigError) as caught:
        load_services(tmp_path / "m", catalog, mappings, PARTNERS, BOOKS)
    what = "lanes.customs.agency: the lane speaks X12, and customs has no [x12] in its partner.toml; add it"
    assert caught.value.problems == [f"{folder}/service.toml:14: {what}"]
    able = replace(PARTNERS["customs"], x12=X12Party((X12Id("CUSTOMS"),)))
    services = load_services(tmp_path / "m", catalog, mappings, PARTNERS | {"customs": able}, BOOKS)
    assert services.answers("x12:004010:824")


def test_every_problem_of_every_service_is_told_at_once(root: Path, catalog: Catalog, tmp_path: Path) -> None:
    shutil.copytree(root / "mappings", tmp_path / "m")
    for name in ("manifest", "passengers"):
        file = tmp_path / "m" / name / "service.toml"
        file.write_text(
            file.read_text("utf-8").replace('within   = "30m"', 'within = "soon"').replace("BGM/1004", "BGM/1"), "utf-8"
        )
    with pytest.raises(ConfigError) as caught:
        load_services(tmp_path / "m", catalog, Mappings(tmp_path / "m", catalog), PARTNERS, BOOKS)
    files = {problem.split(":")[0].split("/")[-2] for problem in caught.value.problems}
    assert files == {"manifest", "passengers"}


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            '"walk.case-exists" = "-621004"', '"walk.case-exists" = "-1"',
            "legs.list.refuse.walk.case-exists: the table of service.reasons has no code -1; choose one that it has",
        ),
        (
            '"walk.case-exists" = "-621004"', '"walk.duplicate" = "-621004"',
            "legs.list.refuse.walk.duplicate: a leg is refused for one of walk.case-exists, walk.leg-exists, "
            "walk.no-case, walk.receiver-unknown, walk.sender-not-named",
        ),
        (
            "tax-bill   = {", "payment = {",
            "notices.payment: no leg that comes later than the match is called payment; there are parcel-status, "
            "cancellation, return, tax-bill, tax-status",
        ),
        ('tax-bill   = { to = ["list"', 'tax-bill = { to = ["lists"', "notices.tax-bill.to.0: no leg is called lists"),
    ],
)  # fmt: skip
def test_what_is_told_to_whom(root: Path, catalog: Catalog, tmp_path: Path, old: str, new: str, problem: str) -> None:
    shutil.copytree(root / "mappings", tmp_path / "m")
    file = tmp_path / "m" / "ecommerce-import" / "service.toml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(ConfigError, match="") as caught:
        load_services(tmp_path / "m", catalog, Mappings(tmp_path / "m", catalog), PARTNERS, BOOKS)
    (found,) = caught.value.problems
    assert problem in found


def test_the_services_that_are_shipped(root: Path, catalog: Catalog) -> None:
    services = load_services(root / "mappings", catalog, Mappings(root / "mappings", catalog), PARTNERS, BOOKS)
    assert set(services.by_id) >= {"manifest", "passengers"}
    passengers = services.by_id["passengers"]
    lanes = {lane.name: lane for lane in passengers.lanes}
    assert {name: (lane.parts[-1].suffix, lane.signature, lane.parts[-1].writing) for name, lane in lanes.items()} == {
        "border": ("edi", SignatureKind.NONE, Writing.RELAY),
        "customs": ("xml", SignatureKind.XMLDSIG, Writing.MAPPING),
        "quarantine": ("csv", SignatureKind.CMS, Writing.MAPPING),
    }
    assert lanes["customs"].within == 30 * 60 * 1_000_000
    assert [(service.id, leg.name) for service, leg in services.legs("edifact:D.02B:PAXLST")] == [
        ("aircraft", "people"),
        ("passengers", "list"),
    ]
    assert services.legs("edifact:D.02B:INVOIC") == []
    assert [(service.id, lane.name) for service, lane in services.answers("xsd:manifest:MT9999")] == [
        ("manifest", "customs")
    ]


def test_reasons_are_explained_by_the_table_or_by_the_agencys_own_text(root: Path, catalog: Catalog) -> None:
    services = load_services(root / "mappings", catalog, Mappings(root / "mappings", catalog), PARTNERS, BOOKS)
    answer = services.by_id["manifest"].lane("customs").answer
    zh, en = answer.explain("4001", "own words")
    assert "own words" not in (zh, en)
    assert zh != en
    assert answer.field("4001")
    assert answer.explain("nobody knows it", "own words") == ("own words", "own words")
    assert answer.field("nobody knows it") == ""


def test_the_trader_number_is_the_first_that_is_there(root: Path, catalog: Catalog) -> None:
    services = load_services(root / "mappings", catalog, Mappings(root / "mappings", catalog), PARTNERS, BOOKS)
    leg = services.by_id["passengers"].leg("list")
    reference = leg.views["edifact:D.02B:PAXLST"].number
    assert reference({"BGM": {"C106": {"1004": "OA1"}}}) == "OA1"
    assert reference({"BGM": {}}) == reference({}) == ""
