"""Every problem of a home's configuration is told at once, with its line and what to do."""

from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from hub.config.configuration import load_configuration
from hub.errors import ConfigError
from hub.model.finding import Language
from hub.model.partner import Acknowledge, Channel, EdifactId, SignatureKind, X12Id, X12Party, X12Style, roles
from hub.model.twin import Verdict
from tests.unit.config.homes import PARTNER, good, ssh_line, write


def problems(home: Path) -> list[str]:
    """What is wrong with ``home``, file names relative to it."""
    with pytest.raises(ConfigError) as caught:
        load_configuration(home)
    return [problem.replace(f"{home}/", "") for problem in caught.value.problems]


def test_an_empty_hub_toml_gives_the_defaults(tmp_path: Path) -> None:
    settings = load_configuration(write(tmp_path, {"hub.toml": ""})).settings
    assert settings.hub.edifact == EdifactId("HUBCSX", "ZZ")
    assert settings.database.url == f"sqlite:///{tmp_path}/spool/hub.db"
    assert (settings.sftp.host, settings.sftp.port) == ("127.0.0.1", 2222)
    assert settings.sftp.login_grace == 20_000_000
    assert settings.engine.workers >= 1
    assert settings.paths.schemas.is_dir()
    with pytest.raises(FrozenInstanceError):
        settings.hub.name = "other"  # type: ignore[misc]


def test_the_hub_toml_of_the_repository_shows_the_defaults(tmp_path: Path, root: Path) -> None:
    empty = load_configuration(write(tmp_path, {"hub.toml": ""})).settings
    shown = load_configuration(write(tmp_path, {"hub.toml": (root / "hub.toml").read_text("utf-8")})).settings
    assert shown == empty


def test_what_a_partner_leaves_out_comes_from_the_hub(tmp_path: Path) -> None:
    home = write(good(tmp_path), {"hub.toml": '[hub]\nlanguage = "en"\n[spool]\nmax-upload = "1 MB"\n'})
    partner = load_configuration(home).partners["anna"]
    assert partner.language is Language.EN
    assert partner.limits.upload == 1_000_000
    assert partner.channels == (Channel.SFTP,)
    assert partner.signature.inbound is SignatureKind.NONE
    assert partner.ssh is not None
    assert partner.ssh.user == "anna"
    assert partner.ssh.keys[0].algorithm == "ssh-ed25519"
    assert partner.ssh.keys[0].blob.endswith(b"\x01" * 32)


def test_a_partner_may_not_exceed_the_hubs_upload_limit(tmp_path: Path) -> None:
    files = {"partners/anna/partner.toml": PARTNER.format(edifact="ANNA") + '[limits]\nupload = "1 GB"\n'}
    home = write(good(tmp_path), files)
    assert load_configuration(home).partners["anna"].limits.upload == 64 * 2**20


def test_the_twin_of_a_partner(tmp_path: Path) -> None:
    rule = '[[twin.rule]]\npath = "A/B"\nequals = "x"\nverdict = "refuse"\ncode = "7"\ndelay = "2s"\n'
    rule = '[twin]\npoll = "50ms"\n' + rule
    home = write(good(tmp_path), {"partners/anna/partner.toml": PARTNER.format(edifact="ANNA") + rule})
    twin = load_configuration(home).partners["anna"].twin
    assert twin is not None
    assert twin.poll == 50_000
    assert twin.default.verdict is Verdict.ACCEPT
    assert (twin.rules[0].answer.code, twin.rules[0].answer.place, twin.rules[0].answer.delay) == (
        "7",
        "A/B",
        2_000_000,
    )


def test_problems_of_all_files_come_at_once(tmp_path: Path) -> None:
    home = write(
        good(tmp_path),
        {
            "hub.toml": '[hub]\nnam = "x"\n\n[sftp]\nport = 70000\n',
            "partners/anna/partner.toml": 'roles = ["carier"]\nchannels = []\n',
            "partners/bert/partner.toml": 'title = { zh = "乙" }\nroles = ["customs"]\n[sftp]\nkeys = ["ssh.pub"]\n',
        },
    )
    known = ", ".join(sorted(roles()))
    assert problems(home) == [
        "hub.toml:2: hub.nam: unknown key; remove it or mend its spelling",
        "hub.toml:5: sftp.port: input should be less than or equal to 65535",
        "partners/anna/partner.toml:1: roles.0: no role is called 'carier'; choose from " + known,
        "partners/anna/partner.toml:1: title: missing; add it",
        "partners/anna/partner.toml:2: channels: list should have at least 1 item after validation, not 0",
        "partners/bert/partner.toml:1: title.en: missing; add it",
        "partners/bert/partner.toml:4: sftp.keys.0: there is no file 'ssh.pub' in partners/bert; put it there, or run "
        "`hub init`",
    ]


HUB = [
    ("[spool]\npath = '../x'", "2: spool.path: '../x' leads out of the home; name a path inside it"),
    ("[paths]\nkeys = '/etc'", "2: paths.keys: '/etc' leads out of the home; name a path inside it"),
    ("[sftp]\nhost-key = 'a/../../k'", "2: sftp.host-key: 'a/../../k' leads out of the home; name a path inside it"),
    (
        "[database]\nurl = 'sqlite:///../h.db'",
        "2: database.url: '../h.db' leads out of the home; name a path inside it",
    ),
    (
        "[database]\nurl = 'postgresql://db/hub'",
        "2: database.url: this hub keeps its state in SQLite; write sqlite:///spool/hub.db",
    ),
    ("[spool]\ninline-limit = 5", '2: spool.inline-limit: write a size such as "32 kB" or "64 MiB"'),
    ("[retry]\ncap = '1s'", "1: retry: base must be above 0, at most cap, and cap at most give-up"),
    ("[engine]\nbatch_bytes = '1 B'", "2: engine.batch_bytes: unknown key; remove it or mend its spelling"),
    ("hub = 1", "1: hub: must be a table; write its keys under it"),
    ("[hub\n", "1: (file): not TOML: Expected ']' at the end of a table declaration"),
]


@pytest.mark.parametrize(("text", "problem"), HUB)
def test_a_wrong_hub_toml(tmp_path: Path, text: str, problem: str) -> None:
    assert problems(write(tmp_path, {"hub.toml": text})) == [f"hub.toml:{problem}"]


def test_schemas_must_be_there(tmp_path: Path) -> None:
    assert problems(write(tmp_path, {"hub.toml": "[paths]\nschemas = 'facts'"})) == [
        "hub.toml:2: paths.schemas: there is no folder 'facts'; name one, or leave the key out for the one that came "
        "with the hub"
    ]


PARTNERS = [
    (
        "[sftp]\nkeys = ['../anna/keys/ssh.pub']",
        "4: sftp.keys.0: '../anna/keys/ssh.pub' leads out of the partner's folder; put the file into it",
    ),
    ("[sftp]\nkeys = [1]", "4: sftp.keys.0: write the name of a file in quotes"),
    (
        "[sftp]\nkeys = ['keys/rubbish']",
        "4: sftp.keys.0: 'rubbish' holds no readable OpenSSH public key; copy the whole line of the .pub file",
    ),
    (
        "[sftp]\nkeys = ['keys/empty']",
        "4: sftp.keys.0: 'empty' holds no public key; put a line such as 'ssh-ed25519 AAAA… name' into it",
    ),
    ("channels = ['sftp']", '1: sftp: the sftp channel needs it; add [sftp] with keys = ["keys/ssh.pub"]'),
    ("channels = ['fax']", "3: channels.0: input should be 'sftp' or 'folder'"),
    (
        "channels = ['folder']\n[signature]\ninbound = 'cms'",
        '4: signature: a signature is demanded but no certificate named; add certificates = ["keys/…"]',
    ),
    (
        "channels = ['folder']\n[signature]\ncertificates = ['keys/rubbish']",
        "5: signature.certificates.0: 'rubbish' holds no readable PEM certificate; export the certificate as PEM",
    ),
    (
        "channels = ['folder']\n[edifact]\nids = [{ id = 'B' }]\nseparators = '++.? '",
        '6: edifact.separators: write the six different characters of UNA, such as ":+.? \'"; no letter or digit, a '
        "blank only for what is not used: decimal mark, release, repetition",
    ),
    (
        "channels = ['folder']\n[edifact]\nids = [{ id = 'B' }]\nseparators = ':+.?  '",
        '6: edifact.separators: write the six different characters of UNA, such as ":+.? \'"; no letter or digit, a '
        "blank only for what is not used: decimal mark, release, repetition",
    ),
    (
        "channels = ['folder']\n[x12]\nids = [{ id = 'B' }]\nseparators = '*:^A'",
        "6: x12.separators: write four different characters, for element, component, repetition and terminator, such "
        'as "*:^~"; no letter, digit or blank, a line end only as terminator',
    ),
    (
        "channels = ['folder']\n[x12]\nids = [{ id = 'A/B' }]\nseparators = '*/^~'",
        "6: x12.separators: 'A/B' holds one of the separators '*/^~'; choose others",
    ),
    (
        "channels = ['folder']\n[x12]\nids = [{ id = 'B' }]\nreceiver = 'B*'",
        "6: x12.receiver: 'B*' holds one of the separators '*:^~'; choose others",
    ),
    (
        "channels = ['folder']\n[x12]\nids = [{ id = 'B' }]\nack = '998'",
        "6: x12.ack: input should be '997', '999', 'ta1' or 'none'",
    ),
    (
        "channels = ['folder']\n[x12]\nids = [{ id = '' }]",
        "5: x12.ids.0.id: string should match pattern '^[!-~]([ -~]{0,13}[!-~])?$'",
    ),
    ("channels = ['folder']\n[x12]\nack = '997'", "4: x12.ids: missing; add it"),
    ("channels = ['folder']\n[twin]\nverdict = 'refuse'", '4: twin: a refusal needs a code; add code = "…"'),
    (
        "channels = ['folder']\n[[twin.rule]]\npath = 'A'\nverdict = 'accept'",
        "4: twin.rule.0: a rule has one condition: equals, contains or above; write one of them",
    ),
]


@pytest.mark.parametrize(("text", "problem"), PARTNERS)
def test_a_wrong_partner(tmp_path: Path, text: str, problem: str) -> None:
    head = 'title = { zh = "乙", en = "B" }\nroles = ["customs"]\n'
    rubbish = {"partners/bert/keys/rubbish": "ssh-ed25519 AAAA bert\n", "partners/bert/keys/empty": "# none\n\n"}
    home = write(good(tmp_path), {"partners/bert/partner.toml": head + text} | rubbish)
    assert problems(home) == [f"partners/bert/partner.toml:{problem}"]


def test_a_folder_that_cannot_be_an_id(tmp_path: Path) -> None:
    assert problems(write(good(tmp_path), {"partners/Carl C/partner.toml": ""})) == [
        "partners/Carl C/partner.toml:1: (file): 'Carl C' cannot be a partner's id; name its folder in a-z, 0-9 and "
        "hyphens"
    ]


def test_two_partners_never_share_an_identity(tmp_path: Path) -> None:
    same_user = PARTNER.format(edifact="ANNA") + 'user = "anna"\n'
    home = write(good(tmp_path), {"partners/bert/partner.toml": same_user, "partners/bert/keys/ssh.pub": ssh_line(1)})
    assert problems(home) == [
        f"partners/bert/partner.toml:{what} belongs to anna already; give each partner its own"
        for what in (
            "5: edifact.ids.0: the EDIFACT identity ANNA",
            "9: sftp.user: the SFTP user anna",
            "8: sftp.keys: the SSH key key-1",
        )
    ]


def test_an_x12_partner(tmp_path: Path) -> None:
    text = """[x12]
ids = [{ id = "ANNA", qualifier = "02" }, { id = "ANNA2" }]
ack = "999"
version = "005010"
usage = "T"
separators = "|>^\\n"
newline = "none"
charset = "utf-8"
sender = "HUB GS"
"""
    home = write(good(tmp_path), {"partners/anna/partner.toml": PARTNER.format(edifact="ANNA") + text})
    assert load_configuration(home).partners["anna"].x12 == X12Party(
        (X12Id("ANNA", "02"), X12Id("ANNA2", "ZZ")),
        X12Style("005010", Acknowledge.IMPLEMENTATION, "|>^\n", "", True, "utf-8", "HUB GS", ""),
    )


def test_no_two_have_one_x12_identity(tmp_path: Path) -> None:
    same = '[x12]\nids = [{ id = "SAME" }, { id = "HUBCSX" }]\n'
    files = {f"partners/{one}/partner.toml": PARTNER.format(edifact=one.upper()) + same for one in ("anna", "bert")}
    told = problems(write(good(tmp_path), files))
    assert [one.partition(" belongs to ")[0] for one in told] == [
        "partners/anna/partner.toml:10: x12.ids.1: the X12 identity HUBCSX:ZZ",
        "partners/bert/partner.toml:10: x12.ids.0: the X12 identity SAME:ZZ",
        "partners/bert/partner.toml:10: x12.ids.1: the X12 identity HUBCSX:ZZ",
    ]


def test_no_partner_may_be_the_hub(tmp_path: Path) -> None:
    text = PARTNER.replace('id = "{edifact}"', 'id = "HUBCSX", qualifier = "ZZ"').format()
    assert problems(write(good(tmp_path), {"partners/bert/partner.toml": text})) == [
        "partners/bert/partner.toml:5: edifact.ids.0: the EDIFACT identity HUBCSX:ZZ belongs to the hub (hub.toml) "
        "already; give each partner its own"
    ]
