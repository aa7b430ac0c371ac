"""A pack: one service folder with the shared code tables that it names, its version, and a signature over all of it.

``pack.note`` in the archive is a signed note (C2SP signed-note): the list of the files with their sizes and SHA-256.
Its text is the pack's identity, and its SHA-256 the pack's digest: the same folder and version always have the same.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from hub.errors import ConfigError, HubError
from hub.ledger.notes import NoteInvalid, Signer, Verifier, divided, opened
from hub.mapping import workbench
from hub.mapping.loader import load
from hub.packs import archive
from hub.schema.catalog import Catalog

NOTE = "pack.note"
CODES = "codes"  # the folder of the code tables in a pack
_FIRST = "hub pack 1"
_LINE = re.compile(r"([0-9a-f]{64}) (\d{1,9}) (\S+)", re.ASCII)
_NAME = re.compile(r"[a-z][a-z0-9-]{0,31}", re.ASCII)
_VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.-]{0,31}", re.ASCII)
_FOR_SAMPLE = 12  # digits of the content's digest that are its version when none is given


class PackRefused(HubError):
    """The pack cannot be trusted or used; take one that `hub map pack` made and nobody changed."""


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack that was opened or gathered. ``files``: path in the service folder → content, the note not among them."""

    service: str
    version: str
    files: dict[str, bytes]

    @property
    def text(self) -> str:
        """What is signed."""
        lines = [
            f"{hashlib.sha256(data).hexdigest()} {len(data)} {path}\n" for path, data in sorted(self.files.items())
        ]
        return f"{_FIRST}\nservice {self.service}\nversion {self.version}\n{''.join(lines)}"

    @property
    def digest(self) -> str:
        """SHA-256 of the text, in hexadecimal: what the pack is kept and activated under."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def signed(self, signer: Signer) -> bytes:
        """The archive, signed by ``signer`` (of :func:`pack_key`). The same pack and key give the same bytes."""
        return archive.write({**self.files, NOTE: signer.sign(self.text).encode()})


def pack_key(signer: Signer) -> Signer:
    """The ledger's key under the name that signs packs: a note of one kind is never one of the other."""
    return Signer(f"{signer.name}/packs", signer.key)


def gather(folder: Path, catalog: Catalog, version: str = "") -> Pack:
    """The pack of a service folder. ``version``: by default the first digits of its content's digest.

    Raises ConfigError when a mapping in it is wrong, ArchiveRefused or PackRefused when it cannot be packed.
    """
    if not folder.is_dir() or not _NAME.fullmatch(folder.name):
        raise PackRefused(f"{folder} is no service folder; name one of those in the home's mappings")
    problems = workbench.check([folder], catalog)
    if problems:
        raise ConfigError(problems)
    files: dict[str, bytes] = {}
    for path in _regular(folder):
        name = path.relative_to(folder).as_posix()
        if not archive.safe(name) or name == NOTE:
            raise PackRefused(f"{path} has a name that no pack takes; rename it")
        files[name] = path.read_bytes()
    for table in _tables(folder, catalog):
        files.setdefault(f"{CODES}/{table.name}", table.read_bytes())
    if sum(map(len, files.values())) > archive.MAX_BYTES // 2 or len(files) >= archive.MAX_FILES:
        raise PackRefused(
            f"{folder} is more than {archive.MAX_FILES} files or {archive.MAX_BYTES // 2} bytes; split it"
        )
    if version and not _VERSION.fullmatch(version):
        raise PackRefused(f"{version!r} is no version; take up to 32 letters, digits, dots and dashes")
    return Pack(folder.name, version or Pack(folder.name, "0", files).digest[:_FOR_SAMPLE], files)


def unsealed(data: bytes) -> tuple[Pack, str]:
    """The pack in an archive, which is whole and hangs together, and its note; nobody's signature is verified yet.

    Raises ArchiveRefused or PackRefused.
    """
    files = archive.read(data)
    try:
        note = files.pop(NOTE).decode()
        text, _ = divided(note)
    except KeyError as error:
        raise PackRefused(f"it has no {NOTE}") from error
    except (UnicodeDecodeError, NoteInvalid) as error:
        raise PackRefused(f"{NOTE}: {error}") from error
    pack = _listed(text, files)
    if pack.text != text:
        raise PackRefused(f"{NOTE} does not list the files that are there, each with its size and SHA-256")
    return pack, note


def verified(data: bytes, verifiers: Iterable[Verifier]) -> Pack:
    """The pack in an archive that one of ``verifiers`` signed. Raises ArchiveRefused or PackRefused."""
    pack, note = unsealed(data)
    reasons = []
    for verifier in verifiers:
        try:
            opened(note, verifier)
        except NoteInvalid as error:
            reasons.append(str(error))
        else:
            return pack
    raise PackRefused(f"its signature does not hold: {'; '.join(reasons) or 'there is no key to verify it with'}")


def _listed(text: str, files: dict[str, bytes]) -> Pack:
    lines = text.splitlines()
    heads = [line.partition(" ")[::2] for line in lines[1:3]]
    if lines[0] != _FIRST or [name for name, _ in heads] != ["service", "version"]:
        raise PackRefused(f"{NOTE} does not begin as that of a pack")
    (_, service), (_, version) = heads
    if not _NAME.fullmatch(service) or not _VERSION.fullmatch(version) or not all(map(_LINE.fullmatch, lines[3:])):
        raise PackRefused(f"{NOTE} names no service or version, or a line of it is no file")
    return Pack(service, version, files)


def _regular(folder: Path) -> list[Path]:
    """The files of ``folder``, none hidden; links are refused, since they may lead elsewhere."""
    found = [path for path in sorted(folder.rglob("*")) if not _hidden(path.relative_to(folder))]
    linked = [path for path in found if path.is_symlink()]
    if linked:
        raise PackRefused(f"{linked[0]} is a link; a pack holds files only")
    return [path for path in found if path.is_file()]


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") or part.endswith("~") for part in path.parts)


def _tables(folder: Path, catalog: Catalog) -> list[Path]:
    """The shared code tables that the mappings of ``folder`` name."""
    named = {path for file in workbench.files([folder]) for path in load(file, catalog).tables}
    return sorted(path for path in named if path.parent != folder / CODES)
