"""``hub.toml`` → frozen Settings. Every key has a default, so an empty file is a valid one."""

import os
import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from hub.config.located import KeyPath, LocatedToml, Table, load, parse, validate
from hub.config.people import PersonId, PersonTable
from hub.config.shipped import shipped
from hub.config.units import Duration, Size, microseconds, octets
from hub.errors import ConfigError
from hub.model.finding import Language
from hub.model.partner import EdifactId, X12Id
from hub.model.settings import (
    DatabaseSettings,
    DeadlineSettings,
    EngineSettings,
    FolderSettings,
    HubSettings,
    LedgerSettings,
    LogSettings,
    PathSettings,
    RetrySettings,
    Settings,
    SftpSettings,
    SpoolSettings,
)

FILE = "hub.toml"
_SQLITE = re.compile(r"sqlite:///(?P<path>[^?]+)")
_Count = Annotated[int, Field(ge=1, le=1_000_000)]


class EdifactIdTable(Table):
    """``{ id = "HUBCSX", qualifier = "ZZ" }`` (UNB S002: an..35, an..4)."""

    id: str = Field(pattern=r"^[ -~]{1,35}$")
    qualifier: str = Field(default="", pattern=r"^[ -~]{0,4}$")

    def value(self) -> EdifactId:
        """The frozen value."""
        return EdifactId(self.id, self.qualifier)


class X12IdTable(Table):
    """``{ id = "HUBCSX", qualifier = "ZZ" }`` (ISA06 and ISA05: AN 15, ID 2)."""

    id: str = Field(pattern=r"^[!-~]([ -~]{0,13}[!-~])?$")
    qualifier: str = Field(default="ZZ", pattern=r"^[A-Z0-9]{2}$")

    def value(self) -> X12Id:
        """The frozen value."""
        return X12Id(self.id, self.qualifier)


class _Hub(Table):
    name: str = Field(default="Hub", min_length=1, max_length=70)
    language: Language = Language.ZH
    edifact: EdifactIdTable = EdifactIdTable(id="HUBCSX", qualifier="ZZ")
    x12: X12IdTable = X12IdTable(id="HUBCSX", qualifier="ZZ")
    duty_officer: str = Field(default="duty-officer", min_length=1, max_length=70)


class _Database(Table):
    url: str = "sqlite:///spool/hub.db"


class _Spool(Table):
    path: str = "spool"
    inline_limit: Size = octets("64 KiB")
    max_upload: Size = octets("64 MiB")


class _Sftp(Table):
    enabled: bool = True
    host: str = Field(default="127.0.0.1", min_length=1)
    port: int = Field(default=2222, ge=0, le=65535)
    host_key: str = "keys/ssh_host_ed25519"
    sessions: _Count = 200
    sessions_per_partner: _Count = 20
    sessions_per_address: _Count = 50
    login_grace: Duration = microseconds("20s")
    idle: Duration = microseconds("5m")


class _Folders(Table):
    root: str = "folders"
    settle: Duration = microseconds("2s")


class _Engine(Table):
    workers: int = Field(default=0, ge=0, le=256)
    batch_messages: _Count = 200
    batch_bytes: Size = octets("16 MiB")


class _Ledger(Table):
    origin: str = Field(default="hub.example/ledger", pattern=r"^[^\s+]{1,200}$")
    checkpoint: Duration = microseconds("10s")


class _Retry(Table):
    base: Duration = microseconds("5s")
    factor: float = Field(default=2.0, ge=1, le=10)
    cap: Duration = microseconds("1h")
    jitter: float = Field(default=0.2, ge=0, le=0.9)
    give_up: Duration = microseconds("3d")

    @model_validator(mode="after")
    def _ordered(self) -> "_Retry":
        if not 0 < self.base <= self.cap <= self.give_up:
            raise ValueError("base must be above 0, at most cap, and cap at most give-up")
        return self


class _Deadlines(Table):
    tick: Duration = Field(default=microseconds("1s"), ge=10_000)
    notice: Duration = microseconds("30d")
    gap: Duration = microseconds("1h")


class _Log(Table):
    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["text", "json"] = "text"


class _Paths(Table):
    keys: str = "keys"
    public: str = "public"
    twins: str = "twins"
    partners: str = "partners"
    guides: str = "guides"
    schemas: str = ""
    mappings: str = ""


class _File(Table):
    hub: _Hub = _Hub()
    database: _Database = _Database()
    spool: _Spool = _Spool()
    sftp: _Sftp = _Sftp()
    folders: _Folders = _Folders()
    engine: _Engine = _Engine()
    ledger: _Ledger = _Ledger()
    retry: _Retry = _Retry()
    deadlines: _Deadlines = _Deadlines()
    log: _Log = _Log()
    paths: _Paths = _Paths()
    people: dict[PersonId, PersonTable] = {}


def load_settings(home: Path) -> Settings:
    """The settings of ``home``. Raises ConfigError with every problem of its ``hub.toml``."""
    toml = load(home / FILE)
    places = _Places(home.absolute(), toml)
    settings = _settings(validate(_File, toml), places)
    if places.problems:
        raise ConfigError(places.problems)
    return settings


def default_settings(home: Path) -> Settings:
    """The settings of a home whose ``hub.toml`` says nothing."""
    return _settings(_File(), _Places(home.absolute(), parse("", FILE)))


def _settings(table: _File, places: "_Places") -> Settings:
    inside, data = places.inside, places.data
    return Settings(
        home=places.home,
        hub=HubSettings(
            table.hub.name,
            table.hub.language,
            table.hub.edifact.value(),
            table.hub.duty_officer,
            table.hub.x12.value(),
        ),
        database=DatabaseSettings(places.database(table.database.url)),
        spool=SpoolSettings(**{**dict(table.spool), "path": inside(table.spool.path, ("spool", "path"))}),
        sftp=SftpSettings(**{**dict(table.sftp), "host_key": inside(table.sftp.host_key, ("sftp", "host-key"))}),
        folders=FolderSettings(inside(table.folders.root, ("folders", "root")), table.folders.settle),
        engine=EngineSettings(**{**dict(table.engine), "workers": table.engine.workers or os.cpu_count() or 1}),
        ledger=LedgerSettings(**dict(table.ledger)),
        retry=RetrySettings(**dict(table.retry)),
        deadlines=DeadlineSettings(**dict(table.deadlines)),
        log=LogSettings(table.log.level, json=table.log.format == "json"),
        paths=PathSettings(
            keys=inside(table.paths.keys, ("paths", "keys")),
            public=inside(table.paths.public, ("paths", "public")),
            twins=inside(table.paths.twins, ("paths", "twins")),
            partners=inside(table.paths.partners, ("paths", "partners")),
            guides=inside(table.paths.guides, ("paths", "guides")),
            schemas=data(table.paths.schemas, "schemas"),
            mappings=data(table.paths.mappings, "mappings"),
        ),
        people={id_: person.value(id_) for id_, person in table.people.items()},
    )


class _Places:
    """Makes paths absolute and notes those that cannot be."""

    def __init__(self, home: Path, toml: LocatedToml) -> None:
        self.home = home
        self.problems: list[str] = []
        self._toml = toml

    def inside(self, text: str, key: KeyPath) -> Path:
        """``text`` in the home, which it must not leave."""
        path = within(self.home, text)
        if path is None:
            self.problems.append(self._toml.problem(key, f"{text!r} leads out of the home; name a path inside it"))
        return path or self.home

    def data(self, text: str, folder: str) -> Path:
        """A folder of facts, which may lie anywhere: by default the one that came with the program."""
        path = Path(os.path.normpath(self.home / text)) if text else shipped(folder)
        if not path.is_dir():
            what = (
                f"there is no folder {str(path)!r}; name one, or leave the key out for the one that came with the hub"
            )
            self.problems.append(self._toml.problem(("paths", folder), what))
        return path

    def database(self, url: str) -> str:
        """``url`` with the path of a SQLite file made absolute."""
        match = _SQLITE.fullmatch(url)
        if match is None:
            what = "this hub keeps its state in SQLite; write sqlite:///spool/hub.db"
            self.problems.append(self._toml.problem(("database", "url"), what))
            return url
        return f"sqlite:///{self.inside(match['path'], ('database', 'url'))}"


def within(base: Path, text: str) -> Path | None:
    """``text`` as a path under ``base``, or None when it is absolute or leads out by ``..``. Links are not followed:
    whoever may place a link in the home may do so on purpose (another disk)."""
    path = Path(os.path.normpath(base / text))
    return path if path.is_relative_to(base) and not Path(text).is_absolute() else None
