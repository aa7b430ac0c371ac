"""`hub map pack` and `hub map verify`: service folders as signed files."""

import json
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from hub.commands.maps import settings_of
from hub.config.settings import load_settings
from hub.errors import HubError
from hub.ledger.notes import Signer, Verifier
from hub.model.settings import Settings
from hub.packs.archive import MAX_BYTES
from hub.packs.difference import Change, How, difference
from hub.packs.pack import Pack, gather, pack_key, unsealed, verified
from hub.schema.catalog import Catalog
from hub.security.keys import load_ed25519, passphrase
from hub.spool.durable import write_file

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


def signer_of(settings: Settings) -> Signer:
    """The home's own key, as it signs packs."""
    return pack_key(Signer(settings.ledger.origin, load_ed25519(settings.paths.ledger_key, passphrase())))


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
