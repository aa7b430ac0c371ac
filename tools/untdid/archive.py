"""A directory ZIP as published: ZIPs within a ZIP, under names that changed over the years, drawn boxes until 2001.

`read` gives the text of each part, boxes redrawn in ASCII so that every year looks alike. What is interactive lies in
ZIPs of its own (IDMD, IDSD, IDCD); elements and codes are common to both sides.
"""

import io
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path

MAX_BYTES = 64_000_000  # unpacked, one directory; the largest so far has 25 MB
_PARTS = {
    "edsd": "segments",
    "trsd": "segments",
    "edcd": "composites",
    "trcd": "composites",
    "eded": "elements",
    "tred": "elements",
    "uncl": "codes",
    "unsl": "service codes",  # until D.99A
    "idsd": "interactive segments",
    "idcd": "interactive composites",
}
_NEEDED = ("segments", "composites", "elements", "codes")
_NAME = re.compile(r"(?:([a-z]{4})(?:-\d)?|([a-z]{6})_d)\.(\d\d[a-z])", re.ASCII)
_INDEX = re.compile(r"(?:(ed|tr)|id)(md|sd|cd|ed)i1\.\d\d[a-z]", re.ASCII)  # by tag; the other one is by name
_KINDS = {"md": "messages", "sd": "segments", "cd": "composites", "ed": "elements"}
_BOX = bytes.maketrans(bytes([179, 191, 193, 196, 217]), b"|++-+")  # CP437: │ ┐ ┴ ─ ┘


@dataclass(slots=True)
class Archive:
    """The texts of one directory: ``parts`` and ``indices`` by kind (``interactive segments`` …), messages by type.

    ``prose`` counts the files that hold nothing of that: rules, licences.
    """

    directory: str  # "02B"
    parts: dict[str, str] = field(default_factory=dict)
    messages: dict[str, str] = field(default_factory=dict)
    interactive: dict[str, str] = field(default_factory=dict)
    indices: dict[str, str] = field(default_factory=dict)
    prose: int = 0
    problems: list[str] = field(default_factory=list)


def read(path: Path) -> Archive:
    """The parts of the directory in ``path`` (``d02b.zip``)."""
    archive = Archive(path.stem[1:].upper())
    with path.open("rb") as file:
        _Unpacking(archive).unpack(file.read(), path.name)
    needed = _NEEDED + (("interactive segments", "interactive composites") if archive.interactive else ())
    archive.problems += [f"the ZIP has no {kind}" for kind in needed if kind not in archive.parts]
    return archive


def plain(data: bytes) -> str:
    """``data`` as text: line ends are ``\\n``, boxes are ``| + -``, and the rest is read as Windows-1252.

    >>> plain("─┘".encode("cp437") + b"\\r\\n")
    '-+\\n'
    """
    text = data.translate(_BOX).decode("cp1252", "replace")
    return text.replace("\r\n", "\n").replace("\x1a", "").replace("\xa0", " ").expandtabs(8)


class _Unpacking:
    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._left = MAX_BYTES

    def unpack(self, data: bytes, name: str, depth: int = 0) -> None:
        if depth > 2 or not zipfile.is_zipfile(io.BytesIO(data)):
            self._archive.problems.append(f"{name}: " + ("nested too deep" if depth > 2 else "not a ZIP; left out"))
            return
        with zipfile.ZipFile(io.BytesIO(data)) as bundle:
            for entry in sorted(bundle.infolist(), key=lambda entry: entry.filename.lower()):
                inner = self._read(bundle, entry)
                base = entry.filename.rpartition("/")[2].lower()
                if base.startswith("._") or not inner:
                    continue  # ._x is what macOS notes of x
                if base.endswith(".zip"):
                    self.unpack(inner, base, depth + 1)
                else:
                    self._keep(base, inner, interactive=name.startswith("id"))

    def _read(self, bundle: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
        self._left -= entry.file_size
        if self._left < 0:
            self._archive.problems.append(f"{entry.filename}: more than {MAX_BYTES} bytes; left out")
            return b""
        try:
            return bundle.read(entry)
        except (zipfile.BadZipFile, zlib.error) as error:
            self._archive.problems.append(f"{entry.filename}: damaged ({error}); left out")
            return b""

    def _keep(self, base: str, data: bytes, interactive: bool) -> None:
        archive, match, index = self._archive, _NAME.fullmatch(base), _INDEX.fullmatch(base)
        if index:
            archive.indices[("" if index[1] else "interactive ") + _KINDS[index[2]]] = plain(data)
            return
        if match and match[2]:
            messages = archive.interactive if interactive else archive.messages
            messages[match[2].upper()] = plain(data)
        elif match and match[1] in _PARTS:
            kind = _PARTS[match[1]]
            archive.parts[kind] = archive.parts.get(kind, "") + "\n" + plain(data)
        else:
            archive.prose += 1
            return
        if match[3].upper() != archive.directory:
            archive.problems.append(f"{base}: its name tells another directory")
