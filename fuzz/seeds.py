"""What each harness starts from: the samples of the mappings, samples of installed types, and odd ones written here."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

from hub.errors import HubError
from hub.formats import samples
from hub.formats.convert import convert
from hub.model.form import Form
from hub.schema.catalog import Catalog
from hub.schema.sampling import Extent

ROOT = Path(__file__).parent.parent
EDIFACT = ("D.02B:PAXLST", "D.95B:CUSCAR", "D.96A:ORDERS", "D.01B:INVOIC", "S3:CONTRL", "S4:CONTRL", "S4:AUTACK")
PARTS = ("xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "_rels/.rels", "xl/styles.xml")
"""Of a workbook, in the order in which a seed has them."""
BETWEEN = b"\0\xff\0"
LARGEST = 4096
"""Bytes of a seed: large ones make every mutation slow."""

ODD_EDIFACT = (
    b"UNA:+.?*'UNB+UNOC:4+A+B+20261123:1200+7'UNG+PAXLST+A+B+20261123:1200+1+UN+D:02B'UNH+1+PAXLST:D:02B:UN'BGM+745'"
    b"NAD+MS+++O?'NEIL'TDT+20+OA1'DTM+189:261123:101'LOC+125+CNSHA'CNT+42:0'UNT+8+1'UNE+1+1'UNZ+1+7'",
    b"UNB+UNOB:1+A+B+261123:1200+7'\r\nUNH+1+CONTRL:D:3:UN'\r\nUCI+7+A+B+8'\r\nUNT+3+1'\r\nUNZ+1+7'\r\n",
    b"UNA=^,! ~UNB^UNOY=3^A^B^261123=1200^7~UNH^1^ORDERS=D=96A=UN~BGM^220^\xc3\xa4!~1^9~UNS^S~UNT^4^1~UNZ^1^7~",
    b"UNH+1+CONTRL:D:3:UN'UCI+7+A+B+8'UNT+3+1'",
    b"UIB+UNOA:4++1'UIH+SKDREQ:D:95B:UN+1'UIT+1+2'UIZ+1+1'",
    b"UNB+UNOC:4+A+B+20261123:1200+7'UNH+1+CONTRL:4:1:UN'UCI+7+A+B+8'UNT+3+1'"
    b"UNO+1+0001+12'raw 'bytes'UNP+12+1'UNZ+2+7'",
)
ODD = (
    b"", b"\xef\xbb\xbf", b"\xff\xfe<\0a\0/\0>\0", b"PK\x03\x04", b"%PDF-1.7", b"<?xml version='1.0'?><a/>", b"[1,{}]",
    b'{"message": {}}', b"a;b;c\n1;2;3\n", b"ISA*00*          *00*          *ZZ*A              *ZZ*B              *",
)  # fmt: skip


def _types(catalog: Catalog, prefix: str, some: tuple[str, ...] | None = None) -> Iterator[str]:
    for schema_id in catalog.ids():
        if schema_id.startswith(prefix) and (some is None or schema_id.removeprefix(prefix) in some):
            yield schema_id


def _samples(catalog: Catalog, prefix: str, form: Form, some: tuple[str, ...] | None = None) -> Iterator[bytes]:
    for schema_id in _types(catalog, prefix, some):
        for extent in (Extent.MINIMAL, Extent.FULL):
            try:
                yield convert([samples.transmission(catalog.get(schema_id), extent)], form, catalog)
            except HubError:  # a type of which no sample can be made is no loss here
                continue


def _files(*suffixes: str) -> Iterator[bytes]:
    for path in sorted((ROOT / "mappings").rglob("*")):
        if path.suffix in suffixes and {"samples", "demo"} & set(path.parts):
            yield path.read_bytes()


def edifact(catalog: Catalog) -> Iterator[bytes]:
    """Interchanges of all syntax versions."""
    yield from ODD_EDIFACT
    yield from _files(".edi")
    yield from _samples(catalog, "edifact:", Form.EDIFACT, EDIFACT)


def xml(catalog: Catalog) -> Iterator[bytes]:
    """A message of every XSD that is installed."""
    yield from _files(".xml")
    yield from _samples(catalog, "xsd:", Form.XML)


def x12(catalog: Catalog) -> Iterator[bytes]:
    """A message of every X12 map that is installed."""
    yield from _samples(catalog, "x12:", Form.X12)


def detect(catalog: Catalog) -> Iterator[bytes]:
    """A few of every format."""
    yield from ODD
    yield from ODD_EDIFACT
    yield from _samples(catalog, "csv:", Form.CSV)
    yield from _samples(catalog, "csv:", Form.XLSX)
    yield from _samples(catalog, "xsd:answers", Form.XML)
    for form in (Form.JSON, Form.XML):
        yield from _samples(catalog, "edifact:S3:CONTRL", form)


def xlsx(catalog: Catalog) -> Iterator[bytes]:
    """The parts of workbooks."""
    for data in _samples(catalog, "csv:", Form.XLSX):
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            yield BETWEEN.join(package.read(name) for name in PARTS)


SOURCES = {"detect": detect, "edifact": edifact, "x12": x12, "xlsx": xlsx, "xml": xml}
"""The harnesses, with what makes their seeds."""


def sow(name: str, folder: Path) -> int:
    """Write the seeds of the harness ``name`` below ``folder``; how many."""
    folder.mkdir(parents=True, exist_ok=True)
    catalog = Catalog(ROOT / "schemas")
    small = [data for data in SOURCES[name](catalog) if len(data) <= LARGEST]
    for number, data in enumerate(small):
        (folder / f"seed-{number:03}").write_bytes(data)
    return len(small)
