"""``partners/<id>/partner.toml`` → frozen Partners. The folder's name is the partner's id; every file that a
partner.toml names lies in its own folder."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, field_validator, model_validator

from hub.config.located import LocatedToml, Table, load, validate
from hub.config.material import certificates, ssh_keys
from hub.config.settings import EdifactIdTable, X12IdTable, within
from hub.config.twins import TwinTable
from hub.config.units import Size
from hub.errors import ConfigError
from hub.model.finding import Language
from hub.model.partner import (
    Acknowledge,
    Certificate,
    Channel,
    Contact,
    Contrl,
    EdifactParty,
    EdifactStyle,
    Limits,
    Numbers,
    Partner,
    SignatureKind,
    SignaturePolicy,
    SigningKey,
    SshAccount,
    SshKey,
    Title,
    X12Party,
    X12Style,
    roles,
)
from hub.model.settings import Settings

FILE = "partner.toml"
_ID = re.compile(r"[a-z][a-z0-9-]{0,31}")
_NEWLINES = {"none": "", "lf": "\n", "crlf": "\r\n"}


def _role(name: str) -> str:
    if name not in roles():
        raise ValueError(f"no role is called {name!r}; choose from {', '.join(sorted(roles()))}")
    return name


_DISPENSABLE = (2, 3, 4)  # the places of UNA where a blank says that there is none (ISO 9735-1 §9.1)


def _separators(marks: str) -> str:
    written = [mark for place, mark in enumerate(marks) if mark != " " or place not in _DISPENSABLE]
    usable = all(mark.isascii() and mark.isprintable() and not mark.isalnum() for mark in marks)
    if len(marks) != 6 or len(set(written)) != len(written) or " " in written or not usable:
        raise ValueError(
            'write the six different characters of UNA, such as ":+.? \'"; no letter or digit, a blank only for what '
            "is not used: decimal mark, release, repetition"
        )
    return marks


def _x12_separators(marks: str) -> str:
    usable = all(mark.isascii() and not mark.isalnum() and mark not in " \t\r\n\0" for mark in marks.removesuffix("\n"))
    if len(marks) != 4 or len(set(marks)) != 4 or not usable:
        raise ValueError(
            'write four different characters, for element, component, repetition and terminator, such as "*:^~"; no '
            "letter, digit or blank, a line end only as terminator"
        )
    return marks


def _own_file(parse: Callable[[Path], tuple[Any, ...]]) -> BeforeValidator:
    """A field that names a file in the partner's folder and holds what ``parse`` finds in it."""

    def read(name: Any, info: ValidationInfo) -> tuple[Any, ...]:
        if not isinstance(name, str):
            raise ValueError("write the name of a file in quotes")
        folder: Path = info.context  # type: ignore[assignment]  # load_partner hands it in
        path = within(folder, name)
        if path is None:
            raise ValueError(f"{name!r} leads out of the partner's folder; put the file into it")
        return parse(path)

    return BeforeValidator(read)


_Text = Annotated[str, Field(min_length=1, max_length=200)]
_Guide = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
_Role = Annotated[str, AfterValidator(_role)]
_Charset = Literal[
    "utf-8", "gb18030", "gbk", "big5", "shift_jis", "euc_jp", "euc_kr", "cp949", "iso2022_jp", "iso2022_kr"
]
_Certificates = Annotated[tuple[Certificate, ...], _own_file(certificates)]
_SshKeys = Annotated[tuple[SshKey, ...], _own_file(ssh_keys)]


class _Title(Table):
    zh: _Text
    en: _Text


class _Edifact(Table):
    ids: list[EdifactIdTable] = Field(min_length=1, max_length=20)
    syntax: str = Field(default="UNOC", pattern=r"^UNO[A-LWXY]$")
    version: Literal["1", "2", "3", "4"] = "3"
    separators: Annotated[str, AfterValidator(_separators)] = ":+.? '"
    una: bool = True
    newline: Literal["none", "crlf"] = "none"
    acknowledge: bool = False
    ack: Contrl = Contrl.FULL
    errors: str = Field(default="", max_length=80)
    charset: _Charset | None = None
    guides: list[_Guide] = Field(default=[], max_length=50)
    sequence: Numbers = Numbers.FREE

    def value(self) -> EdifactParty:
        style = EdifactStyle(
            syntax_id=self.syntax,
            syntax_version=self.version,
            separators=self.separators,
            una=self.una,
            newline=_NEWLINES[self.newline],
            acknowledge=self.acknowledge,
            contrl=self.ack,
            errors=self.errors,
            charset=self.charset,
        )
        return EdifactParty(tuple(one.value() for one in self.ids), style, tuple(self.guides), self.sequence)


class _X12(Table):
    ids: list[X12IdTable] = Field(min_length=1, max_length=20)
    version: Literal["004010", "005010"] = "004010"
    ack: Acknowledge = Acknowledge.FUNCTIONAL
    usage: Literal["P", "T"] = "P"
    sequence: Numbers = Numbers.FREE
    separators: Annotated[str, AfterValidator(_x12_separators)] = "*:^~"
    newline: Literal["none", "lf", "crlf"] = "none"
    charset: _Charset | None = None
    sender: str = Field(default="", pattern=r"^([!-~][ -~]{0,13}[!-~])?$")
    receiver: str = Field(default="", pattern=r"^([!-~][ -~]{0,13}[!-~])?$")

    @field_validator("sender", "receiver", "separators", mode="after")
    @classmethod
    def _apart(cls, text: str, info: ValidationInfo) -> str:
        """No name in an envelope holds a separator: there is no release character."""
        names = [one.id for one in info.data.get("ids", ())] if info.field_name == "separators" else [text]
        marks = text if info.field_name == "separators" else info.data.get("separators", "")
        held = next((name for name in names if set(name) & set(marks)), None)
        if held is not None:
            raise ValueError(f"{held!r} holds one of the separators {marks!r}; choose others")
        return text

    def value(self) -> X12Party:
        style = X12Style(
            version=self.version,
            acknowledge=self.ack,
            separators=self.separators,
            newline=_NEWLINES[self.newline],
            test=self.usage == "T",
            charset=self.charset,
            sender=self.sender,
            receiver=self.receiver,
        )
        return X12Party(tuple(one.value() for one in self.ids), style, self.sequence)


class _Signature(Table):
    inbound: SignatureKind = SignatureKind.NONE
    certificates: list[_Certificates] = Field(default=[], max_length=10)
    outbound: SignatureKind = SignatureKind.NONE
    key: SigningKey = SigningKey.EC

    @model_validator(mode="after")
    def _verifiable(self) -> "_Signature":
        if self.inbound is not SignatureKind.NONE and not self.certificates:
            raise ValueError('a signature is demanded but no certificate named; add certificates = ["keys/…"]')
        return self

    def value(self) -> SignaturePolicy:
        found = tuple(one for file in self.certificates for one in file)
        return SignaturePolicy(self.inbound, found, self.outbound, self.key)


class _Sftp(Table):
    user: str = Field(default="", pattern=r"^([a-z][a-z0-9._-]{0,31})?$")
    keys: list[_SshKeys] = Field(min_length=1, max_length=20)

    def value(self, partner: str) -> SshAccount:
        return SshAccount(self.user or partner, tuple(key for file in self.keys for key in file))


class _Limits(Table):
    upload: Size | None = None
    sessions: int | None = Field(default=None, ge=1, le=10_000)

    def value(self, settings: Settings) -> Limits:
        return Limits(
            upload=min(self.upload or settings.spool.max_upload, settings.spool.max_upload),
            sessions=self.sessions or settings.sftp.sessions_per_partner,
        )


class _Contact(Table):
    name: _Text
    email: str = ""
    phone: str = ""
    duty: str = ""


class _File(Table):
    title: _Title
    roles: list[_Role] = Field(min_length=1)
    channels: list[Channel] = Field(default=[Channel.SFTP], min_length=1)
    language: Language | None = None
    codes: dict[str, _Text] = {}
    edifact: _Edifact | None = None
    x12: _X12 | None = None
    signature: _Signature = _Signature()
    sftp: _Sftp | None = Field(default=None, validate_default=True)
    limits: _Limits = _Limits()
    contact: list[_Contact] = []
    twin: TwinTable | None = None

    @field_validator("sftp", mode="after")
    @classmethod
    def _account_for_channel(cls, sftp: _Sftp | None, info: ValidationInfo) -> _Sftp | None:
        if sftp is None and Channel.SFTP in info.data.get("channels", ()):
            raise ValueError('the sftp channel needs it; add [sftp] with keys = ["keys/ssh.pub"]')
        return sftp

    def value(self, partner: str, settings: Settings) -> Partner:
        return Partner(
            id=partner,
            title=Title(self.title.zh, self.title.en),
            roles=frozenset(self.roles),
            channels=tuple(self.channels),
            limits=self.limits.value(settings),
            language=self.language or settings.hub.language,
            edifact=self.edifact.value() if self.edifact else None,
            x12=self.x12.value() if self.x12 else None,
            signature=self.signature.value(),
            ssh=self.sftp.value(partner) if self.sftp else None,
            folder=settings.folders.root / partner if Channel.FOLDER in self.channels else None,
            contacts=tuple(Contact(**dict(contact)) for contact in self.contact),
            codes=dict(self.codes),
            twin=self.twin.value() if self.twin else None,
        )


@dataclass(frozen=True, slots=True)
class LocatedPartner:
    """A partner, and its file for whoever finds two partners in each other's way."""

    partner: Partner
    toml: LocatedToml


def partner_folders(root: Path) -> list[Path]:
    """The folders under ``root`` that hold a partner.toml, by name."""
    return sorted(path.parent for path in root.glob(f"*/{FILE}")) if root.is_dir() else []


def load_partner(folder: Path, settings: Settings) -> LocatedPartner:
    """The partner that ``folder`` describes; ``settings`` give what it leaves out.

    Raises ConfigError with every problem of its partner.toml and of the files that this names.
    """
    toml = load(folder / FILE)
    if not _ID.fullmatch(folder.name):
        what = f"{folder.name!r} cannot be a partner's id; name its folder in a-z, 0-9 and hyphens"
        raise ConfigError([toml.problem((), what)])
    return LocatedPartner(validate(_File, toml, context=folder).value(folder.name, settings), toml)
