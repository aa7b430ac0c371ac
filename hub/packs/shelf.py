"""The packs that a home keeps, each under its digest; which of them are in force; and the one root of mappings that
follows: for each service the folder of its active pack, or that of the home's own mappings."""

import hashlib
import json
import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from hub.errors import ConfigError
from hub.packs import archive
from hub.packs.pack import NOTE, Pack, PackRefused, unsealed
from hub.spool.durable import make_folder, temporary, write_file, write_once

IN_FORCE = Path("in-force", "packs.json")
"""Service → digest, in a folder of its own that can be watched. The database is the authority; this is what worker
processes, which have none, read."""
_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
_KEPT = "kept"
_ROOTS = "roots"
_MAX = 64_000  # bytes of the list of what is in force


class Shelf:
    """``root`` is ``spool/packs``: ``kept/<digest>/<service>/…``, ``roots/…`` and the list of what is in force."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def keep(self, data: bytes) -> Pack:
        """Keep the pack in ``data`` durably (verified by the caller). Keeping it again changes nothing."""
        pack, note = unsealed(data)
        folder = self.folder(pack.digest, pack.service)
        for path, content in {**pack.files, NOTE: note.encode()}.items():
            make_folder((folder / path).parent)
            write_once(folder / path, content)
        return pack

    def folder(self, digest: str, service: str) -> Path:
        """Where the service folder of a pack is kept. Raises PackRefused for what is no digest."""
        if not _DIGEST.fullmatch(digest):
            raise PackRefused(f"{digest[:80]!r} is no digest of a pack")
        return self._root / _KEPT / digest / service

    def get(self, digest: str, service: str) -> Pack:
        """A pack that is kept. Raises PackRefused when it is not there, or not whole any more."""
        folder = self.folder(digest, service)
        files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in _files(folder)}
        if NOTE not in files:
            raise PackRefused(f"the pack {digest} of {service} is not in {self._root}; restore it from the backup")
        pack, _ = unsealed(archive.write(files))
        if (pack.digest, pack.service) != (digest, service):
            raise PackRefused(f"{folder} holds another pack than its name says; restore it from the backup")
        return pack

    def files(self, service: str, name: str) -> list[Path]:
        """The file ``name`` of every pack of ``service`` that is kept and has it."""
        return sorted(self._root.glob(f"{_KEPT}/*/{service}/{name}"))

    def in_force(self) -> dict[str, str]:
        """Service → digest of its active pack. Raises ConfigError when the list cannot be read."""
        file = self._root / IN_FORCE
        if not file.exists():
            return {}
        try:
            found = json.loads(file.read_bytes()[:_MAX])
        except ValueError as error:
            raise ConfigError([f"{file}:1: (file): cannot be read; a hub that starts writes it anew"]) from error
        return {str(service): str(digest) for service, digest in dict(found).items()}

    @property
    def watched(self) -> Path:
        """The folder that changes when what is in force does."""
        return (self._root / IN_FORCE).parent

    def put_in_force(self, active: Mapping[str, str]) -> bool:
        """Write the list, durably; False when it said so already."""
        make_folder((self._root / IN_FORCE).parent)
        if active == self.in_force():
            return False
        write_file(self._root / IN_FORCE, json.dumps(dict(sorted(active.items()))).encode() + b"\n")
        return True

    def mappings(self, own: Path, active: Mapping[str, str]) -> Path:
        """The root of mappings with the packs of ``active`` in the place of the folders in ``own``; ``own`` itself when
        there are none. Raises ConfigError when a pack is not whole."""
        if not active:
            return own
        try:
            packs = [self.get(digest, service) for service, digest in active.items()]
            packed = {pack.service: self.folder(pack.digest, pack.service) for pack in packs}
        except PackRefused as error:
            raise ConfigError([f"{self._root / IN_FORCE}:1: (pack): {error}"]) from error
        folders = {path.name: path for path in own.iterdir() if not path.name.startswith(".")} | packed
        return self._linked({name: path.resolve() for name, path in sorted(folders.items())})

    def _linked(self, folders: Mapping[str, Path]) -> Path:
        """A folder of links to ``folders`` and files; the same for the same, whoever asks for it at once."""
        name = hashlib.sha256(json.dumps({name: str(path) for name, path in folders.items()}).encode()).hexdigest()
        root = self._root / _ROOTS / name
        if root.is_dir():
            return root
        make_folder(root.parent)
        part = temporary(root.parent)
        part.mkdir()
        for service, folder in folders.items():
            (part / service).symlink_to(folder)
        try:
            os.rename(part, root)
        except OSError:
            shutil.rmtree(part)
            if not root.is_dir():
                raise
        return root


def _files(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink()]
