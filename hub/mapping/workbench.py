"""The bench at which a mapping is tried: run it on a file, test it against golden samples, check it without running.

Samples of the mapping ``mappings/<service>/<name>.toml`` stand in ``mappings/<service>/samples/<name>/``: each
``NN-title.in.*`` with the ``NN-title.out.*`` that it must give, byte for byte, and, where remarks are expected, a
``NN-title.findings`` with one ``severity code path`` a line.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import unified_diff
from pathlib import Path
from typing import cast

from hub.errors import ConfigError, Unsayable, WriteError
from hub.formats.csv import writer as csv
from hub.formats.edifact import writer as edifact
from hub.formats.edifact.style import Style
from hub.formats.json import writer as json
from hub.formats.read import read
from hub.formats.x12 import writer as x12
from hub.formats.x12.style import Style as X12Style
from hub.formats.xml import writer as xml
from hub.mapping.apply import Mapping, incomplete
from hub.mapping.loader import load
from hub.mapping.run import Context
from hub.model.finding import Finding, Severity, worst
from hub.model.message import Document, Envelope
from hub.schema import internal
from hub.schema.catalog import Catalog
from hub.schema.csv import CsvSchema

OTHERS = frozenset(("service.toml", "books.toml"))
"""Files among the mappings that are none."""
_SUFFIXES = {"edifact": "edi", "x12": "edi", "xsd": "xml", "csv": "csv", "internal": "json"}
_ENVELOPE = Envelope(
    "HUBCSX", "ZZ", "OCEANAIR", "ZZ", "000000001", "202611230815", syntax_id="UNOY", syntax_version="4"
)
_STYLE = Style(crlf=True)
_X12_STYLE = X12Style(newline="\n")
SAMPLE = Context(
    hub={"now": 1_795_421_700_000_000, "message-id": "DL-SAMPLE", "id": "HUBCSX", "name": "Hub"},
    partner={
        "id": "oceanair",
        "title-zh": "远洋航空",
        "title-en": "OceanAir",
        "customs-id": "4900OCEANAIR",
        "syntax": "UNOY",
    },
    lane={"name": "customs", "id": "customs", "title-zh": "海关", "title-en": "Customs", "customs-id": "CUSTOMS"},
    case={"id": "CS-SAMPLE", "reference": "SAMPLE", "service": "sample"},
)
"""The context of a trial and of the golden samples: 2026-11-23 08:15 UTC, the demonstration's carrier and customs."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What a mapping made of a file: one ``outputs`` for each message that it reads, and every finding on the way."""

    outputs: tuple[bytes, ...]
    findings: tuple[Finding, ...]

    @property
    def valid(self) -> bool:
        """Something came out, and nothing was wrong."""
        return bool(self.outputs) and worst(self.findings) is not Severity.ERROR


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one sample fared; ``diff`` (unified) is empty when it passed."""

    sample: Path
    diff: str = ""

    @property
    def passed(self) -> bool:
        """What came out is what the sample says."""
        return not self.diff


def run(mapping: Mapping, data: bytes, catalog: Catalog, context: Context = SAMPLE) -> Trial:
    """Read ``data``, map every message of a type that ``mapping`` reads, and write each in the target's format.

    What cannot be written is a finding. Raises Unsayable for a character that the format has no way to write.
    """
    found: list[Finding] = []
    outputs = []
    for type_, document in documents(mapping, data, catalog, found):
        mapped = mapping.apply(document, context, type_)
        found += mapped.findings
        try:
            outputs.append(written(mapped.document, mapping.target, catalog))
        except Unsayable:
            if mapped.valid:
                raise
        except WriteError as error:
            found += [incomplete(error)] if mapped.valid else []  # else the findings say why it is not whole
    return Trial(tuple(outputs), tuple(found))


def check(paths: list[Path], catalog: Catalog) -> list[str]:
    """Every problem of the mapping files under ``paths`` (files or folders), as ``file:line: key: what``."""
    problems: list[str] = []
    for file in files(paths):
        try:
            load(file, catalog)
        except ConfigError as error:
            problems += error.problems
    return problems


def files(paths: list[Path]) -> list[Path]:
    """The mapping files among ``paths``: files as they are, folders searched one level down."""
    found: list[Path] = []
    for path in paths:
        inside = sorted([*path.glob("*.toml"), *path.glob("*/*.toml")]) if path.is_dir() else [path]
        found += [file for file in inside if file.name not in OTHERS and file.parent.name != "codes"]
    return found


def samples_of(file: Path) -> list[Path]:
    """The golden inputs beside the mapping ``file``, in order."""
    return sorted((file.parent / "samples" / file.stem).glob("*.in.*"))


def golden(folder: Path, catalog: Catalog, *, record: bool = False) -> Iterator[Outcome]:
    """The samples of every mapping under ``folder``, one after another. Raises ConfigError for a mapping that is wrong.

    ``record`` writes what comes out as the new expectation instead of comparing it.
    """
    for file in files([folder]):
        samples = samples_of(file)
        mapping = load(file, catalog) if samples else None
        for sample in samples:
            assert mapping is not None
            yield _outcome(mapping, sample, catalog, record)


def _outcome(mapping: Mapping, sample: Path, catalog: Catalog, record: bool) -> Outcome:
    stem = sample.name.partition(".in.")[0]
    suffix = _SUFFIXES[mapping.target.partition(":")[0]]
    try:
        trial = run(mapping, sample.read_bytes(), catalog)
    except WriteError as error:
        return Outcome(sample, f"what came out cannot be written: {error}\n")
    expected = (
        (sample.with_name(f"{stem}.out.{suffix}"), b"".join(trial.outputs)),
        (sample.with_name(f"{stem}.findings"), _listed(trial.findings)),
    )
    if record:
        for path, data in expected:
            _keep(path, data)
    return Outcome(sample, "".join(_difference(path, data) for path, data in expected))


def _keep(path: Path, data: bytes) -> None:
    if data:
        path.write_bytes(data)
    else:
        path.unlink(missing_ok=True)


def _difference(path: Path, data: bytes) -> str:
    held = path.read_bytes() if path.is_file() else b""
    if held == data:
        return ""
    old, new = (text.decode("utf-8", "replace").splitlines(keepends=True) for text in (held, data))
    lines = unified_diff(old, new, str(path), "what came out")
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)


def _listed(findings: tuple[Finding, ...]) -> bytes:
    lines = [f"{finding.severity.value} {finding.code} {finding.place.path or '-'}\n" for finding in findings]
    return "".join(lines).encode()


def documents(mapping: Mapping, data: bytes, catalog: Catalog, found: list[Finding]) -> Iterator[tuple[str, Document]]:
    """The messages in ``data`` that the mapping reads; what is wrong with them goes to ``found``."""
    yield from messages(mapping.sources, data, catalog, found)


def messages(
    types: tuple[str, ...], data: bytes, catalog: Catalog, found: list[Finding]
) -> Iterator[tuple[str, Document]]:
    """The messages of ``types`` in ``data``, each behind its type; what is wrong with them goes to ``found``."""
    own = [type_ for type_ in types if type_.startswith("internal:")]
    if own:
        yield own[0], internal.parse(data, catalog.get(own[0]))
        return
    reading = read(data, catalog, expected=types)
    found += reading.all_findings()
    for interchange in reading.interchanges:
        for message in interchange.messages:
            if message.document is not None and message.type in types:
                yield message.type, message.document


def written(document: Document, target: str, catalog: Catalog) -> bytes:
    """``document`` in the format of the type ``target``, in an envelope of the workbench's own. Raises WriteError."""
    schema = catalog.get(target)
    match target.partition(":")[0]:
        case "edifact":
            return edifact.write(document, schema, _ENVELOPE, message_ref="1", style=_STYLE)
        case "x12":
            own = replace(_ENVELOPE, syntax_version="", syntax_id="")
            return x12.write(document, schema, own, message_ref="", style=_X12_STYLE)
        case "xsd":
            return xml.write(document, schema)
        case "csv":
            return csv.write(document, cast(CsvSchema, schema))
        case _:
            return json.dump(document, indent=1) + b"\n"
