"""A partner: a company, agency, bank or port that the hub exchanges with, as its ``partner.toml`` describes it."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib.resources import files
from pathlib import Path

from hub.model.finding import Language
from hub.model.twin import Conduct


class Channel(StrEnum):
    """How bytes reach or leave a partner."""

    SFTP = "sftp"  # a mailbox on the hub's own SFTP server
    FOLDER = "folder"  # a folder that both sides can reach


class SignatureKind(StrEnum):
    """How a payload is signed."""

    NONE = "none"  # not signed; the channel's key says who it is
    XMLDSIG = "xmldsig"  # enveloped XML signature (XML-DSig)
    CMS = "cms"  # CMS SignedData: detached as NAME.p7s beside NAME, or attached as NAME.p7m


class SigningKey(StrEnum):
    """Which of the hub's keys signs for a partner."""

    EC = "ec"  # ECDSA P-256
    RSA = "rsa"  # for partners that cannot do elliptic curves


@dataclass(frozen=True, slots=True)
class Title:
    """A name in both languages; ``title[Language.ZH]``."""

    zh: str
    en: str

    def __getitem__(self, language: Language) -> str:
        return self.zh if language is Language.ZH else self.en


@dataclass(frozen=True, slots=True)
class EdifactId:
    """How an interchange names a party: UNB S002/0004 and its qualifier 0007 (empty: none)."""

    id: str
    qualifier: str = ""


class Numbers(StrEnum):
    """How a partner numbers its interchanges (UNB 0020, ISA13)."""

    FREE = "free"  # as it likes, but none twice
    CONSECUTIVE = "consecutive"  # each one more than the last: what is missing is told


class Contrl(StrEnum):
    """Which CONTRL a partner gets for its interchanges."""

    FULL = "full"  # always, with all that is wrong
    RECEIPT = "receipt"  # always, but only whether it was received or rejected as a whole
    REQUESTED = "requested"  # as UNB 0031 asks for it; unasked only when something is refused
    NONE = "none"  # never; what is wrong is in the findings report


@dataclass(frozen=True, slots=True)
class EdifactStyle:
    """How interchanges to a partner are written (ISO 9735-1 §4, §5)."""

    syntax_id: str = "UNOC"  # 0001
    syntax_version: str = "3"  # 0002
    separators: str = ":+.? '"  # the six of UNA: component, element, decimal mark, release, repetition, terminator
    una: bool = True  # write UNA
    newline: str = ""  # after each segment: "" or "\r\n"
    acknowledge: bool = False  # ask for a CONTRL (0031 = 1)
    contrl: Contrl = Contrl.FULL  # what the partner gets
    errors: str = ""  # the mapping that tells it business errors (APERAK); empty: CONTRL rejects the message
    charset: str | None = None  # by agreement, whatever 0001 says, both ways: "utf-8", "gb18030" …


@dataclass(frozen=True, slots=True)
class EdifactParty:
    """A partner's identities in EDIFACT, the first is the one that the hub writes, and the style it wants.

    ``guides`` are the implementation guidelines that its messages are read by: the first that is for a message.
    """

    ids: tuple[EdifactId, ...]
    style: EdifactStyle = EdifactStyle()
    guides: tuple[str, ...] = ()
    numbers: Numbers = Numbers.FREE


class Acknowledge(StrEnum):
    """What a partner wants to hear about its X12 interchanges."""

    FUNCTIONAL = "997"  # a 997 for each group; a TA1 when the interchange is refused or asks for one
    IMPLEMENTATION = "999"  # the same with 999
    INTERCHANGE = "ta1"  # a TA1 for each interchange, nothing else
    NONE = "none"  # nothing


@dataclass(frozen=True, slots=True)
class X12Id:
    """How an X12 interchange names a party: ISA06 and its qualifier ISA05."""

    id: str
    qualifier: str = "ZZ"


@dataclass(frozen=True, slots=True)
class X12Style:
    """How X12 interchanges to a partner are written and acknowledged."""

    version: str = "004010"  # of a 997, where the partner's own version has none
    acknowledge: Acknowledge = Acknowledge.FUNCTIONAL
    separators: str = "*:^~"  # element, component, repetition, terminator
    newline: str = ""  # after each segment: "", "\n" or "\r\n"
    test: bool = False  # ISA15 = T; an acknowledgement repeats what it answers
    charset: str | None = None  # by agreement, both ways, where it is not ASCII
    sender: str = ""  # GS02, where it is not the hub's id
    receiver: str = ""  # GS03, where it is not the partner's


@dataclass(frozen=True, slots=True)
class X12Party:
    """A partner's identities in X12, the first is the one that the hub writes, and the style it wants."""

    ids: tuple[X12Id, ...]
    style: X12Style = X12Style()
    numbers: Numbers = Numbers.FREE


@dataclass(frozen=True, slots=True)
class Certificate:
    """A partner's signing certificate. ``pem`` holds exactly one; ``file`` says where it came from."""

    file: Path
    pem: bytes


@dataclass(frozen=True, slots=True)
class SignaturePolicy:
    """What the hub demands of, and does for, this partner. Any of ``certificates`` verifies (old and new in turn)."""

    inbound: SignatureKind = SignatureKind.NONE
    certificates: tuple[Certificate, ...] = ()
    outbound: SignatureKind = SignatureKind.NONE  # unless a service's lane says otherwise
    key: SigningKey = SigningKey.EC


@dataclass(frozen=True, slots=True)
class SshKey:
    """An OpenSSH public key: ``algorithm`` (``ssh-ed25519``) and its wire form ``blob`` (RFC 4253 §6.6)."""

    algorithm: str
    blob: bytes
    comment: str = ""


@dataclass(frozen=True, slots=True)
class SshAccount:
    """A partner's account on the hub's SFTP server."""

    user: str
    keys: tuple[SshKey, ...]


@dataclass(frozen=True, slots=True)
class Limits:
    """What a partner may use: bytes of one upload, sessions at a time."""

    upload: int
    sessions: int


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to call, and for what."""

    name: str
    email: str = ""
    phone: str = ""
    duty: str = ""


@dataclass(frozen=True, slots=True)
class Partner:
    """All that the hub knows of one partner. ``codes`` are its identifiers elsewhere, for mappings (``customs-id``)."""

    id: str
    title: Title
    roles: frozenset[str]
    channels: tuple[Channel, ...]  # the first is where the hub sends
    limits: Limits
    language: Language = Language.ZH
    edifact: EdifactParty | None = None
    x12: X12Party | None = None
    signature: SignaturePolicy = SignaturePolicy()
    ssh: SshAccount | None = None
    folder: Path | None = None  # the root of its upload/ download/ receipts/ rejected/ when it has the folder channel
    contacts: tuple[Contact, ...] = ()
    codes: Mapping[str, str] = field(default_factory=dict)
    twin: Conduct | None = None  # how its simulator behaves


@cache
def roles() -> dict[str, Title]:
    """Every role that a partner may have, by key, with its titles (``texts/roles.toml``)."""
    text = files(__package__).joinpath("texts", "roles.toml").read_text("utf-8")
    return {key: Title(**title) for key, title in tomllib.loads(text).items()}
