"""What ``hub.toml`` says, as frozen values. Durations are in microseconds, sizes in bytes, paths absolute."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from hub.model.finding import Language
from hub.model.partner import EdifactId, SigningKey, X12Id
from hub.model.person import Person


@dataclass(frozen=True, slots=True)
class HubSettings:
    """Who this hub is."""

    name: str
    language: Language  # in which it speaks to those whose own language it does not know
    edifact: EdifactId
    duty_officer: str  # who must look at what the hub cannot settle by itself
    x12: X12Id = X12Id("HUBCSX")


@dataclass(frozen=True, slots=True)
class DatabaseSettings:
    """Where the state is kept: a SQLAlchemy URL, its path absolute for SQLite."""

    url: str


@dataclass(frozen=True, slots=True)
class SpoolSettings:
    """Where bytes lie. Payloads of up to ``inline_limit`` live in the database, larger ones in the blob store."""

    path: Path
    inline_limit: int
    max_upload: int


@dataclass(frozen=True, slots=True)
class SftpSettings:
    """The SFTP server. Port 0 takes any free one."""

    enabled: bool
    host: str
    port: int
    host_key: Path
    sessions: int  # at a time, all partners
    sessions_per_partner: int
    sessions_per_address: int
    login_grace: int
    idle: int  # a silent session is closed after this


@dataclass(frozen=True, slots=True)
class FolderSettings:
    """Folder drops: a file is complete when renamed into place, or unchanged for ``settle``."""

    root: Path
    settle: int


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """Work in parallel, and the bounds of one batch."""

    workers: int
    batch_messages: int
    batch_bytes: int


@dataclass(frozen=True, slots=True)
class LedgerSettings:
    """The name in the ledger's checkpoints, and how often one is signed."""

    origin: str
    checkpoint: int


@dataclass(frozen=True, slots=True)
class RetrySettings:
    """Attempt n waits min(cap, base·factor^(n-1)), ± jitter (a part of 1); after ``give_up`` a person must look."""

    base: int
    factor: float
    cap: int
    jitter: float
    give_up: int


@dataclass(frozen=True, slots=True)
class DeadlineSettings:
    """How often deadlines are looked at, how long before a filing ends somebody is told, and how long after a number
    was left out."""

    tick: int
    notice: int
    gap: int


@dataclass(frozen=True, slots=True)
class LogSettings:
    """What is logged, and whether as JSON lines."""

    level: str
    json: bool


@dataclass(frozen=True, slots=True)
class PathSettings:
    """Where the home keeps its keys and partners, and where schemas and mappings come from."""

    keys: Path
    public: Path  # what partners need of this hub: certificates, host key, the ledger's key
    twins: Path
    partners: Path
    guides: Path  # implementation guidelines of the home's own; may be absent
    schemas: Path
    mappings: Path

    def signer(self, key: SigningKey) -> Path:
        """The hub's signing key with its certificate (PEM)."""
        return self.keys / f"sign_{key}.pem"

    def certificate(self, key: SigningKey) -> Path:
        """The certificate alone, for partners to verify with (PEM)."""
        return self.public / f"sign_{key}.crt"

    @property
    def ledger_key(self) -> Path:
        """What signs the ledger's checkpoints (Ed25519, PEM)."""
        return self.keys / "ledger_ed25519.pem"

    @property
    def ledger_verifier(self) -> Path:
        """Its public half as a signed-note verifier key, for anyone who verifies receipts."""
        return self.public / "ledger.vkey"

    @property
    def host_key_line(self) -> Path:
        """The SFTP server's public key (OpenSSH), for partners to pin."""
        return self.public / "ssh_host_ed25519.pub"


@dataclass(frozen=True, slots=True)
class Settings:
    """All of ``hub.toml``; ``home`` is the folder that it lies in."""

    home: Path
    hub: HubSettings
    database: DatabaseSettings
    spool: SpoolSettings
    sftp: SftpSettings
    folders: FolderSettings
    engine: EngineSettings
    ledger: LedgerSettings
    retry: RetrySettings
    deadlines: DeadlineSettings
    log: LogSettings
    paths: PathSettings
    people: Mapping[str, Person] = field(default_factory=dict)  # by id
