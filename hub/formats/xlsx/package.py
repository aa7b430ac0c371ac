"""The ZIP file that a workbook is (ISO/IEC 29500-2): its parts, read within bounds. What is not read costs nothing."""

import io
import posixpath
import struct
import zipfile
import zlib
from typing import Any

from hub.model.finding import Finding, Place
from hub.schema.xmlparser import Limits, parse

MOST_BYTES = 64 * 1024 * 1024
MOST_PARTS = 1_000
MOST_DIRECTORY = 256 * 1024  # bytes of the list of parts
MOST_UNPACKED = 48 * 1024 * 1024  # bytes of all parts that are read
LIMITS = Limits(size=32 * 1024 * 1024, depth=64, elements=600_000, attributes=64)
MOST_ELEMENTS = 800_000  # of all parts that are read, however often a sheet is named: each takes 400 bytes of memory
MOST_ATTRIBUTES = 1_000_000  # of all parts that are read: each takes 200
_END, _END_SIZE = b"PK\x05\x06", 22
_ZIP64 = b"PK\x06\x07"
_ENCRYPTED = 0x1
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    struct.error,
    NotImplementedError,
    RuntimeError,
)
"""What zipfile raises about bytes that are no sound ZIP file."""

Element = Any
"""An element of lxml."""


class Unreadable(Exception):
    """The workbook cannot be read; ``finding`` says why."""

    def __init__(self, key: str, part: str = "", **params: object) -> None:
        shown = ({"part": part[:200]} if part else {}) | {name: str(value)[:200] for name, value in params.items()}
        self.finding = Finding(f"xlsx.{key}", Place(offset=0), params=tuple(shown.items()))
        super().__init__(key)


def local(element: Element) -> str:
    """The name of ``element`` without its namespace: there are two, one of each conformance class (29500-1 §2.1)."""
    return str(element.tag).rpartition("}")[2]


def only(element: Element, part: str, *names: str) -> Element:
    """``element``, none of whose children is called otherwise: what is not understood may hold a value. Raises
    Unreadable."""
    for child in element:
        if (name := local(child)) not in names and name != "extLst":
            raise Unreadable("malformed", part, reason=f"{name} in {local(element)}, line {child.sourceline or 1}")
    return element


class Package:
    """The parts of one workbook by name. Raises Unreadable."""

    def __init__(self, data: bytes) -> None:
        if len(data) > MOST_BYTES:
            raise Unreadable("too-large", limit=MOST_BYTES)
        _bounded(data)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _BROKEN as error:
            raise Unreadable("not-a-zip", reason=error) from error
        self._parts = self._listed()
        self._unpacked = self._attributes = self._elements = 0

    def xml(self, name: str) -> Element:
        """The root of the XML part ``name``."""
        data = self._bytes(name)
        self._attributes += data.count(b"=")
        if self._attributes > MOST_ATTRIBUTES:
            raise Unreadable("too-large", limit=f"{MOST_ATTRIBUTES} attributes")
        parsed = parse(data, limits=LIMITS)
        if parsed.root is None:
            found = parsed.findings[0]
            reason = dict(found.params).get("reason") or found.code.partition(".")[2]
            raise Unreadable("malformed", name, reason=f"{reason}, line {found.place.line or 1}")
        self._elements += sum(1 for _ in parsed.root.iter())
        if self._elements > MOST_ELEMENTS:
            raise Unreadable("too-large", limit=f"{MOST_ELEMENTS} elements")
        return parsed.root

    def has(self, name: str) -> bool:
        """Whether there is such a part."""
        return name.lower() in self._parts

    def related(self, name: str) -> dict[str, tuple[str, str]]:
        """What the part ``name`` refers to within the package: id → (last word of the type, name of the part)."""
        folder, _, last = name.rpartition("/")
        rels = f"{folder}/_rels/{last}.rels".lstrip("/")
        if not self.has(rels):
            return {}
        return {
            one.get("Id", ""): (one.get("Type", "").rpartition("/")[2], _resolved(folder, one.get("Target", "")))
            for one in self.xml(rels)
            if one.get("TargetMode") != "External"
        }

    def _bytes(self, name: str) -> bytes:
        info = self._parts.get(name.lower())
        if info is None:
            raise Unreadable("missing-part", name)
        most = min(LIMITS.size, MOST_UNPACKED - self._unpacked)
        try:
            with self._zip.open(info) as part:
                data = part.read(most + 1)
                if len(data) > most or info.file_size > most:
                    raise Unreadable("too-large", limit=MOST_UNPACKED)
                part.read(1)  # at the end of the part its checksum is compared
        except _BROKEN as error:
            raise Unreadable("not-a-zip", reason=error) from error
        self._unpacked += len(data)
        return data

    def _listed(self) -> dict[str, zipfile.ZipInfo]:
        """The parts by their names in lower case: two names that differ in case alone are one (29500-2 §6.3.5)."""
        parts: dict[str, zipfile.ZipInfo] = {}
        for info in self._zip.infolist():
            name = info.filename.lower()
            if name in parts:
                raise Unreadable("part-twice", info.filename)
            if info.flag_bits & _ENCRYPTED or info.compress_type not in _PACKINGS:
                raise Unreadable("packing", info.filename)
            if name.endswith("vbaproject.bin"):
                raise Unreadable("macros", info.filename)
            parts[name] = info
        return parts


def _bounded(data: bytes) -> None:
    """Look at the end of the ZIP file, so that nobody reads a list of millions of parts."""
    at = len(data) - _END_SIZE
    if at < 0 or data[at : at + 4] != _END or data[-2:] != b"\0\0":
        at = data.rfind(_END, max(0, len(data) - _END_SIZE - 0xFFFF))
    if at < 0 or at + _END_SIZE > len(data):
        raise Unreadable("not-a-zip", reason="no end of the directory")
    if data[max(at - 20, 0) : at].startswith(_ZIP64):
        raise Unreadable("packing", reason="ZIP64")
    parts, size = struct.unpack_from("<HI", data, at + 10)
    if parts > MOST_PARTS or size > MOST_DIRECTORY:
        raise Unreadable("too-large", limit=f"{MOST_PARTS} parts")


def _resolved(folder: str, target: str) -> str:
    return posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
