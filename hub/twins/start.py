"""Putting a twin together from a home: ``agency_twin`` for `hub twin AGENCY`, ``trader`` for `hub demo`."""

from functools import partial
from pathlib import Path

from hub.clock import Clock, now
from hub.config.partners import load_partner
from hub.config.settings import load_settings
from hub.errors import ConfigError
from hub.mapping.loader import Mappings
from hub.model.partner import Partner, SignatureKind
from hub.model.settings import Settings
from hub.model.twin import Conduct
from hub.schema.catalog import Catalog
from hub.security import certificates, keys, xmldsig
from hub.security.keys import KeyUnusable
from hub.sftp.client import SftpConnection, connect
from hub.twins import handbook
from hub.twins import scenario as scenarios
from hub.twins.agency import Agency, Means
from hub.twins.desk import Desk
from hub.twins.folder import TwinFolder
from hub.twins.memory import Memory
from hub.twins.player import Office, Player
from hub.twins.rounds import Rounds
from hub.twins.trader import Trader


def agency_twin(
    home: Path, id: str, *, port: int | None = None, clock: Clock = now, scenario: Path | None = None
) -> Rounds:
    """The twin of the agency ``id``, ready to run. ``port`` is the SFTP server's, where hub.toml leaves it open (0);
    ``scenario`` is a file that says what goes wrong.

    Raises ConfigError when there is no such partner or what it is told is wrong, KeyUnusable when its keys are missing.
    """
    settings = load_settings(home)
    partner, folder = _partner(settings, id)
    means = _means(settings, partner, folder, Memory(folder.memory), clock)
    session = partial(_session, settings, partner, folder, port)
    office: Office = Agency(means)
    if scenario is not None:
        office = Player(Agency(means), scenarios.load(scenario, means.catalog), clock, folder.root)
    return Rounds(office, Desk(folder), session, means.conduct.poll, clock)


def agency(home: Path, id: str, *, clock: Clock = now, durable: bool = False) -> Agency:
    """The agency ``id`` in this process, without a network; it forgets all when it is dropped, unless its memory is
    ``durable``: then it is the one of the twin's folder. Raises as :func:`agency_twin`."""
    settings = load_settings(home)
    partner, folder = _partner(settings, id)
    return Agency(_means(settings, partner, folder, Memory(folder.memory if durable else None), clock))


def trader(home: Path, id: str, *, port: int | None = None) -> Trader:
    """The trader ``id``, who can upload files and await what comes back. Raises as :func:`agency_twin`."""
    settings = load_settings(home)
    partner, folder = _partner(settings, id)
    session = partial(_session, settings, partner, folder, port)
    if partner.signature.inbound is not SignatureKind.XMLDSIG:
        return Trader(session)
    return Trader(session, partial(xmldsig.sign, signer=keys.load_signer(folder.signing_key)))


def _means(settings: Settings, partner: Partner, folder: TwinFolder, memory: Memory, clock: Clock) -> Means:
    paths, catalog = settings.paths, Catalog(settings.paths.schemas)
    return Means(
        partner,
        partner.twin or Conduct(poll=500_000),
        keys.load_signer(folder.signing_key) if partner.signature.certificates else None,
        certificates.parse(folder.hub_certificate(partner.signature.key).read_bytes()),
        catalog,
        clock,
        handbook.load(paths.partners / partner.id / handbook.FOLDER, catalog, Mappings(paths.mappings, catalog)),
        memory,
    )


def _partner(settings: Settings, id: str) -> tuple[Partner, TwinFolder]:
    home = settings.paths.partners / id
    if not home.is_dir():
        raise ConfigError([f"{home}:1: (file): there is no partner {id!r}; see the folders in {home.parent}"])
    folder = TwinFolder(settings.paths.twins / id)
    if not folder.ssh_key.exists():
        raise KeyUnusable(
            f"{folder.root} holds no keys: {id} is not played by a twin; `hub init` makes those of the demo"
        )
    return load_partner(home, settings).partner, folder


def _session(settings: Settings, partner: Partner, folder: TwinFolder, port: int | None) -> SftpConnection:
    user = partner.ssh.user if partner.ssh else partner.id
    host_key = folder.host_key_line.read_text("ascii")
    return connect(settings.sftp.host, port or settings.sftp.port, user, folder.ssh_key, host_key)
