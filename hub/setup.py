"""Making a home: hub.toml, demo partners, keys, what partners need of them, the twins' folders and the database.

It may be run again at any time: what is there is kept, what is missing is made, and no key is ever replaced.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from hub.clock import Clock, now
from hub.config import partners, settings
from hub.config.partners import partner_folders
from hub.config.settings import load_settings
from hub.config.shipped import shipped
from hub.ledger.notes import Verifier
from hub.model.partner import SigningKey
from hub.model.settings import PathSettings, Settings
from hub.security import keys
from hub.security.keys import Algorithm
from hub.spool.durable import make_folder, write_once
from hub.store.database import Database
from hub.twins import handbook
from hub.twins.folder import TwinFolder

ALGORITHMS = {SigningKey.EC: Algorithm.P256, SigningKey.RSA: Algorithm.RSA3072}


@dataclass(frozen=True, slots=True)
class DemoPartner:
    """A partner of the demonstration, played by a twin; ``signs`` says whether it signs what it sends."""

    id: str
    signs: bool


DEMO = (
    DemoPartner("oceanair", signs=False),
    DemoPartner("customs", signs=True),
    DemoPartner("border", signs=False),
    DemoPartner("quarantine", signs=True),
    DemoPartner("commerce", signs=True),
    DemoPartner("tax", signs=True),
    DemoPartner("exchange", signs=True),
    DemoPartner("bank", signs=False),
    DemoPartner("xiangmai", signs=False),
    DemoPartner("fuda", signs=False),
    DemoPartner("sutong", signs=False),
    DemoPartner("xinghai", signs=True),
    DemoPartner("maritime", signs=True),
    DemoPartner("port", signs=True),
    DemoPartner("xiangjiang", signs=False),
    DemoPartner("xiangbao", signs=False),
)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that a home has, named relative to it; ``made`` says whether it was made just now."""

    name: str
    made: bool


def make_home(home: Path, clock: Clock = now) -> Iterator[Step]:
    """Make ``home``, or complete it, and tell each step when it is done.

    Raises ConfigError when its hub.toml is wrong, KeyUnusable for a key that is there but cannot be read, SpoolFull or
    SpoolError when the disk refuses, and StoreError.
    """
    maker = _Maker(home.absolute(), clock)
    yield maker.copy(settings.FILE)
    found = load_settings(home)
    yield from maker.demo_partners(found.paths.partners)
    yield maker.folder(found.paths.guides)
    yield from maker.hub_keys(found)
    yield from maker.public_halves(found)
    for demo in DEMO:
        if (found.paths.partners / demo.id / partners.FILE).exists():
            yield from maker.twin(demo, found.paths)
    yield maker.database(found)


class _Maker:
    """Makes what is missing in ``home`` and tells what it did."""

    def __init__(self, home: Path, clock: Clock) -> None:
        self._home, self._clock, self._secret = home, clock, keys.passphrase()

    def copy(self, name: str, to: Path | None = None) -> Step:
        """The file ``name`` as it came with the program."""
        file = to or self._home / name
        return self._made(file, lambda: _write(file, shipped(name).read_bytes()))

    def folder(self, path: Path) -> Step:
        """An empty folder, to be filled, and watched meanwhile."""
        return self._made(path, lambda: path.mkdir(parents=True))

    def demo_partners(self, root: Path) -> Iterator[Step]:
        """The demonstration's partners, unless the home has others."""
        if partner_folders(root):
            return
        for demo in DEMO:
            folder = shipped(f"partners/{demo.id}")
            for file in (folder / partners.FILE, *sorted((folder / handbook.FOLDER).glob("*.toml"))):
                name = file.relative_to(folder.parent)
                yield self.copy(f"partners/{name}", root / name)

    def hub_keys(self, found: Settings) -> Iterator[Step]:
        """What the hub signs with, and the SFTP server's host key."""
        paths, secret = found.paths, self._secret
        for kind, algorithm in ALGORITHMS.items():
            yield self._signer(paths.signer(kind), found.hub.name, algorithm, secret)
        yield self._made(paths.ledger_key, lambda: keys.make_ed25519(paths.ledger_key, secret))
        yield self._made(found.sftp.host_key, lambda: keys.make_ssh(found.sftp.host_key))

    def public_halves(self, found: Settings) -> Iterator[Step]:
        """What partners and verifiers are given; it always follows the private keys."""
        paths = found.paths
        for kind in ALGORITHMS:
            signer = keys.load_signer(paths.signer(kind), self._secret)
            yield self._public(paths.certificate(kind), signer.certificate.pem)
        verifier = Verifier(found.ledger.origin, keys.load_ed25519(paths.ledger_key, self._secret).public_key())
        yield self._public(paths.ledger_verifier, f"{verifier.text()}\n".encode())
        yield self._public(paths.host_key_line, f"{keys.load_ssh_public(found.sftp.host_key)}\n".encode())

    def twin(self, demo: DemoPartner, paths: PathSettings) -> Iterator[Step]:
        """The keys of a twin, unless its partner has public keys of its own: then somebody real plays it."""
        own = TwinFolder(paths.twins / demo.id)
        public = paths.partners / demo.id / "keys"
        line, certificate = public / "ssh_ed25519.pub", public / "sign_ec.crt"
        if own.ssh_key.exists() or not line.exists():
            yield self._made(own.ssh_key, lambda: keys.make_ssh(own.ssh_key))
            yield self._public(line, f"{keys.load_ssh_public(own.ssh_key)} {demo.id}\n".encode())
        if demo.signs and (own.signing_key.exists() or not certificate.exists()):
            yield self._signer(own.signing_key, demo.id, Algorithm.P256, None)
            yield self._public(certificate, keys.load_signer(own.signing_key).certificate.pem)
        for kind in ALGORITHMS:
            yield self._public(own.hub_certificate(kind), paths.certificate(kind).read_bytes())
        yield self._public(own.host_key_line, paths.host_key_line.read_bytes())

    def database(self, found: Settings) -> Step:
        """The database, its tables at the newest version."""
        file = Path(found.database.url.removeprefix("sqlite:///"))
        new = not file.exists()
        make_folder(found.spool.path)  # for the hub alone
        database = Database(found.database.url)
        try:
            database.migrate()
        finally:
            database.close()
        return self._step(file, new)

    def _signer(self, file: Path, subject: str, algorithm: Algorithm, secret: bytes | None) -> Step:
        return self._made(file, lambda: keys.make_signer(file, subject, self._clock(), algorithm, secret))

    def _made(self, file: Path, make: Callable[[], object]) -> Step:
        """``file``, made by ``make`` unless it is there."""
        new = not file.exists()
        if new:
            make()
        return self._step(file, new)

    def _public(self, file: Path, data: bytes) -> Step:
        """``file`` with ``data``, which is derived and so may be replaced."""
        new = not file.exists() or file.read_bytes() != data
        if new:
            file.unlink(missing_ok=True)
            _write(file, data)
        return self._step(file, new)

    def _step(self, file: Path, new: bool) -> Step:
        return Step(str(file.relative_to(self._home)), new)


def _write(file: Path, data: bytes) -> None:
    """``file`` for everyone to read."""
    file.parent.mkdir(parents=True, exist_ok=True)
    write_once(file, data, mode=0o644)
