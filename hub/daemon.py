"""The daemon: builds everything once, starts it in order, and stops it in the other."""

import base64
import fcntl
import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from typing import IO

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from hub import clock
from hub.config.reload import Reloader
from hub.engine.activations import Activations, reconcile
from hub.engine.deadlines import Deadlines
from hub.engine.deliver import Carrier, Courier
from hub.engine.mailbox import Mailbox
from hub.engine.pool import Pool
from hub.engine.refusals import report_refusal
from hub.engine.walk import Walk
from hub.engine.world import PACKS, World, load_world
from hub.errors import HubError
from hub.ledger.checkpoints import Checkpoint
from hub.ledger.journal import Ledger
from hub.ledger.notes import Signer
from hub.model.delivery import Outcome
from hub.model.partner import Channel, Partner
from hub.packs.shelf import Shelf
from hub.security.keys import load_ed25519, passphrase
from hub.spool.blobs import Blobs
from hub.spool.repair import clear_unclaimed, clear_unfinished
from hub.store import transmissions
from hub.store.database import Database
from hub.transports.base import Account, Refusal
from hub.transports.folder import DropSettings, FolderDrop, FolderOut
from hub.transports.sftp_server import SftpServer, SftpSettings

log = structlog.get_logger()
SECOND = clock.SECOND


class HomeTaken(HubError):
    """Another hub runs in this home. Stop it first, or start this one elsewhere."""


class Daemon:
    """A running hub in ``home``. :meth:`start` returns when it serves; :meth:`stop` when nothing runs any more.

    ``port`` overrules the SFTP port of hub.toml.
    """

    def __init__(self, home: Path, port: int | None = None) -> None:
        self._port = port
        self._lock = _claim(home)
        self.world = load_world(home)
        settings = self.world.settings
        self.database = Database(settings.database.url)
        self.database.migrate()
        shelf = Shelf(settings.spool.path / PACKS)
        if reconcile(self.database, shelf):
            self.world = load_world(home)
        self.ledger = ledger_of(self.world)
        self._blobs = Blobs(settings.spool.path)
        clear_unfinished(settings.spool.path / "tmp")
        with self.database.read() as connection:
            clear_unclaimed(self._blobs, transmissions.outside(connection).__contains__)
        self._pool = Pool(home, settings.engine.workers)
        self.walk = Walk(
            self.world, self.database, self.ledger, self._blobs, self._pool, settings.engine.workers, clock.now
        )
        self._mailbox = Mailbox(self.walk, self.database, self.ledger, self._blobs, clock.now)
        self.sftp = self._sftp_server() if settings.sftp.enabled else None
        self._folders = self._folder_drops()
        carriers: dict[str, Carrier] = {"folder": self._into_folder}
        self._courier = Courier(self.walk, self.database, self.ledger, self._blobs, carriers, clock.now)
        self._deadlines = Deadlines(self.walk, self.database, self.ledger, clock.now)
        paths = settings.paths
        watched = (paths.partners, paths.guides, paths.mappings, paths.schemas, shelf.watched)
        self._reloader = Reloader(lambda: load_world(home), self._swap, home / "hub.toml", watched)
        self._activations = Activations(
            home, self.walk, self.database, self.ledger, shelf, clock.now, self._reloader.reload
        )
        self._scheduler = self._schedule()

    def start(self) -> None:
        """Serve: first what was under way when the hub was last stopped, then those who come."""
        self._pool.warm()
        self.walk.start()
        self._courier.start()
        self._scheduler.start()
        for folder in self._folders:
            folder.start()
        if self.sftp:
            self.sftp.start()
        self._reloader.start()
        log.info("hub.serves", partners=len(self.world.partners), services=len(self.world.services.by_id))

    def stop(self) -> None:
        """Take nothing more, finish what is under way, sign the ledger as it is."""
        self._reloader.close()
        if self.sftp:
            self.sftp.stop()
        for folder in self._folders:
            folder.stop()
        self._scheduler.shutdown(wait=True)
        self._courier.stop()
        self._pool.hurry()
        self.walk.stop()
        try:
            with self.database.write() as connection:
                self.ledger.checkpoint(connection)
        finally:
            self._pool.close()
            self.database.close()
            self._lock.close()
        log.info("hub.stopped")

    def checkpoint(self) -> Checkpoint:
        """Sign the ledger as it is now."""
        return self.walk.change(self.ledger.checkpoint).result()

    def _schedule(self) -> BackgroundScheduler:
        settings = self.world.settings
        scheduler = BackgroundScheduler(timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1})
        scheduler.add_job(self._deadlines.tick, "interval", seconds=settings.deadlines.tick / SECOND)
        scheduler.add_job(self._activations.tick, "interval", seconds=settings.deadlines.tick / SECOND)
        scheduler.add_job(self.checkpoint, "interval", seconds=settings.ledger.checkpoint / SECOND)
        return scheduler

    def _swap(self, world: World) -> None:
        """Go on in a new world, its workers first; whoever may not log in any more is cut off."""
        self._pool.renew()
        changed = [id_ for id_, old in self.world.partners.items() if _login(old) != _login(world.partners.get(id_))]
        self.world = self.walk.world = world
        for partner in changed:
            if self.sftp:
                self.sftp.cut(partner)

    def by_user(self, user: str) -> Account | None:
        """The account behind a login name, in the present configuration."""
        for partner in self.world.partners.values():
            if partner.ssh and partner.ssh.user == user:
                keys = tuple(f"{key.algorithm} {base64.b64encode(key.blob).decode()}" for key in partner.ssh.keys)
                limits = partner.limits
                return Account(partner.id, keys, max_upload_bytes=limits.upload, max_sessions=limits.sessions)
        return None

    def _sftp_server(self) -> SftpServer:
        sftp = self.world.settings.sftp
        settings = SftpSettings(
            host_keys=(sftp.host_key,),
            host=sftp.host,
            port=sftp.port if self._port is None else self._port,
            login_grace=sftp.login_grace / SECOND,
            idle=sftp.idle / SECOND,
            max_connections=sftp.sessions,
            max_per_address=sftp.sessions_per_address,
        )
        inline = self.world.settings.spool.inline_limit
        return SftpServer(
            settings, self, self.walk, self._mailbox, self._blobs, on_refused=self._refused, inline=inline
        )

    def _refused(self, refusal: Refusal) -> None:
        refused = (refusal.partner, refusal.channel, refusal.name)
        report_refusal(self.walk, self.ledger, clock.now, refused, refusal.finding)

    def _folder_drops(self) -> list[FolderDrop]:
        settings = self.world.settings
        found = []
        for partner in self.world.partners.values():
            if partner.folder is not None and Channel.FOLDER in partner.channels:
                drop = DropSettings(
                    partner=partner.id,
                    folder=partner.folder / "upload",
                    settled=settings.folders.settle / SECOND,
                    max_bytes=partner.limits.upload,
                    inline=settings.spool.inline_limit,
                )
                found.append(FolderDrop(drop, self.walk, self._blobs, self._refused))
        return found

    def _into_folder(self, partner: str, folder: str, name: str, data: bytes) -> Outcome:
        root = self.world.partners[partner].folder
        assert root is not None
        return FolderOut(root / folder).deliver(name, data)


def _login(partner: Partner | None) -> tuple[object, ...]:
    """What a session of ``partner`` rests on; when it changes, the session ends."""
    return (partner.ssh, partner.limits) if partner else ()


def ledger_of(world: World) -> Ledger:
    """The ledger under the key and origin of ``world``."""
    settings = world.settings
    return Ledger(Signer(settings.ledger.origin, load_ed25519(settings.paths.ledger_key, passphrase())))


def run(home: Path, ready: Callable[[Daemon], None], port: int | None = None) -> None:
    """Serve until SIGINT or SIGTERM; ``ready`` is called once the hub serves."""
    stopped = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stopped.set())
    daemon = Daemon(home, port)
    daemon.start()
    try:
        ready(daemon)
        stopped.wait()
    finally:
        daemon.stop()


def _claim(home: Path) -> IO[str]:
    """The lock on ``home``: one process writes at a time. Held until it is closed, or the process ends somehow."""
    file = home / "spool" / "hub.lock"
    file.parent.mkdir(parents=True, exist_ok=True)
    lock = file.open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.close()
        raise HomeTaken from error
    lock.truncate(0)
    lock.write(f"{os.getpid()}\n")
    lock.flush()
    return lock
