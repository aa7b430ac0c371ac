"""`hub map pack`, `verify`, `activate`, `rollback` and `packs`: service folders as signed files, in force or not."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console
from rich.markup import escape

from hub.clock import SECOND, iso, now
from hub.commands.columns import columns
from hub.commands.home import opened
from hub.commands.maps import settings_of
from hub.config.settings import load_settings
from hub.engine import activations
from hub.engine.world import PACKS, load_world
from hub.errors import HubError
from hub.ledger.notes import Signer, Verifier
from hub.model.settings import Settings
from hub.packs.archive import MAX_BYTES
from hub.packs.difference import Change, How, difference
from hub.packs.pack import Pack, gather, pack_key, unsealed, verified
from hub.packs.shelf import Shelf
from hub.schema.catalog import Catalog
from hub.security.keys import load_ed25519, passphrase
from hub.spool.durable import write_file
from hub.store import activations as store

_HEAD = ("id", "service", "version", "state", "at", "begun_at", "ended_at", "ended_by", "approval", "digest")
_SIGN = {How.ADDED: "+", How.REMOVED: "-", How.CHANGED: "~"}


def make_pack(service: str, out: Path | None, version: str, home: Path, console: Console) -> None:
    """Write the pack of ``service`` (a folder of the home's mappings, or the path of one), signed by the home's key."""
    settings = load_settings(home)
    folder = Path(service) if "/" in service else settings.paths.mappings / service
    pack = gather(folder, Catalog(settings.paths.schemas), version)
    signer = signer_of(settings)
    file = out or Path(f"{pack.service}-{pack.version}.pack")
    write_file(file, pack.signed(signer))
    console.print(escape(f"{file}: {pack.service} {pack.version}, {len(pack.files)} files, sha256 {pack.digest}"))
    console.print(escape(f"verify it elsewhere with --key {signer.verifier.text()}"))


def compare(before: str, after: str, home: Path, console: Console, *, as_json: bool) -> int:
    """Print what differs between two packs, service folders, or one of each; 1 when something does."""
    found = difference(*(_either(word, home) for word in (before, after)))
    if as_json:
        print(json.dumps([change.as_json() for change in found], ensure_ascii=False))
        return 1 if found else 0
    last = ""
    for change in found:
        if change.file != last:
            console.print(escape(change.file))
        last = change.file
        console.print(escape(f"  {_SIGN[change.how]} {change.what}{_told(change)}"))
    console.print(f"{len(found)} differences")
    return 1 if found else 0


def verify_pack(file: Path, key: str, home: Path, console: Console) -> int:
    """Verify a pack with ``key`` (default: that of ``home``), and say what it holds. Raises HubError when it fails."""
    pack = trusted(file, key, home)
    console.print(escape(f"{file} holds: {pack.service} {pack.version}, {len(pack.files)} files, sha256 {pack.digest}"))
    return 0


def trusted(file: Path, key: str, home: Path) -> Pack:
    """The pack in ``file``, signed by ``key`` or the home's own. Raises HubError."""
    verifier = Verifier.parse(key) if key else signer_of(load_settings(home)).verifier
    return verified(_bytes(file), [verifier])


def activate(file: Path, at: str, by: str, key: str, home: Path, console: Console) -> None:
    """Keep the pack in ``file`` and ask two persons whether it shall be in force from ``at`` on. Raises HubError for a
    pack that cannot be trusted or that this home cannot load."""
    moment = _moment(at)
    trusted(file, key, home)
    with opened(home) as found:
        shelf = Shelf(found.settings.spool.path / PACKS)
        pack = shelf.keep(_bytes(file))
        with found.database.read() as connection:
            active = store.active(connection)
        load_world(home, {**active, pack.service: pack.digest})
        with found.database.write() as connection:
            row = activations.ask(connection, found.ledger, found.settings.people, pack, moment, by, now())
    console.print(f"{row['id']}: {pack.service} {pack.version} from {iso(moment)} on, when two persons approve:")
    console.print(f"  hub approve {row['approval']} --by NAME --reason …")


def roll_back(service: str, by: str, home: Path, console: Console) -> None:
    """Take back the pack that is in force for ``service``, at once. Raises HubError when there is none, or when the
    home could not load what would be in force then."""
    with opened(home) as found:
        with found.database.read() as connection:
            active, former = store.active(connection), store.before(connection, service)
        active.pop(service, "")
        load_world(home, active | ({service: former["digest"]} if former else {}))
        with found.database.write() as connection:
            row, digest = activations.roll_back(connection, found.ledger, service, by, now())
        activations.reconcile(found.database, Shelf(found.settings.spool.path / PACKS))
    after = f"the pack {digest} is in force again" if digest else "the home's own folder is in force again"
    console.print(f"{service} {row['version']} is withdrawn; {after}")


def list_packs(limit: int, home: Path, console: Console, *, as_json: bool) -> None:
    """Print the newest activations."""
    with opened(home) as found, found.database.read() as connection:
        rows = [_shown(row) for row in store.recent(connection, limit)]
    if as_json:
        print(json.dumps(rows, ensure_ascii=False))
        return
    for line in columns(_HEAD, [tuple(str(row[name] or "–") for name in _HEAD) for row in rows]):
        console.print(escape(line))


def _shown(row: store.Row) -> dict[str, Any]:
    times = {name: iso(row[name]) if row[name] else "" for name in ("at", "asked_at", "begun_at", "ended_at")}
    return row | times


def _moment(text: str) -> int:
    """``text`` in microseconds: ``now``, or RFC 3339 (without a zone: UTC)."""
    if text == "now":
        return now()
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise HubError(f"{text!r} is no time; write it as 2026-12-01T08:00:00+08:00, or now") from error
    return int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()) * SECOND


def signer_of(settings: Settings) -> Signer:
    """The home's own key, as it signs packs."""
    return pack_key(Signer(settings.ledger.origin, load_ed25519(settings.paths.ledger_key, passphrase())))


@contextmanager
def unpacked(file: Path) -> Iterator[Path]:
    """The service folder of the pack in ``file``, whoever signed it, in a temporary place. Raises HubError."""
    pack, _ = unsealed(_bytes(file))
    with TemporaryDirectory() as place:
        folder = Path(place) / pack.service
        for path, data in pack.files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)
        yield folder


def _either(word: str, home: Path) -> Pack:
    """A pack as it stands in a file, whoever signed it; or the folder of a service."""
    path = Path(word)
    if path.is_dir():
        return gather(path, Catalog(settings_of(home).paths.schemas))
    return unsealed(_bytes(path))[0]


def _bytes(file: Path) -> bytes:
    if file.stat().st_size > MAX_BYTES:
        raise HubError(f"{file} is larger than {MAX_BYTES} bytes; that is no pack")
    return file.read_bytes()


def _told(change: Change) -> str:
    if change.how is How.CHANGED and (change.before or change.after):
        return f":\n      {change.before}\n    → {change.after}"
    return f": {change.before or change.after}" if change.before or change.after else ""
