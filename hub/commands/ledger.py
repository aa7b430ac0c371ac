"""`hub ledger` and `hub receipt`: verify, read, export."""

import sys
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from hub.commands.findings import line
from hub.commands.home import opened, reading
from hub.errors import HubError
from hub.ledger import receipts, verify
from hub.ledger.journal import show
from hub.ledger.notes import Verifier
from hub.ledger.receipts import summary
from hub.ledger.verdict import Verdict
from hub.model.finding import Language
from hub.store.ledger import newest_checkpoint


def verify_ledger(home: Path, against: Path | None, language: Language, console: Console) -> int:
    """Recompute the whole ledger and compare the state with it; 0 when all agrees."""
    note = against.read_text("utf-8") if against else None
    with opened(home) as found, Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("verifying", total=None)

        def progress(what: str, done: int, total: int) -> None:
            bar.update(task, description=what, completed=done, total=total)

        verdict = verify.verify(
            found.database, found.ledger.verifier, against=note, blob=found.blobs.path, progress=progress
        )
    _print(verdict, language, console)
    return 0 if verdict.valid else 1


def show_entries(home: Path, first: int, count: int) -> None:
    """Print entries, one a line, from number ``first``."""
    with opened(home) as found:
        for recorded in show(found.database, start=first, limit=count):
            print(f"{recorded.seq:8} {summary(recorded.entry)}")


def show_checkpoint(home: Path) -> None:
    """Print the newest signed checkpoint, byte for byte: what to publish and to keep elsewhere."""
    with reading(home) as connection:
        newest = newest_checkpoint(connection)
    if newest is None:
        raise HubError("the ledger has no checkpoint yet; a running hub signs one as soon as something is recorded")
    sys.stdout.buffer.write(newest.note.encode())


def export_receipt(home: Path, subject: str, out: Path | None, *, payloads: bool) -> None:
    """Write the receipt of a case or transmission to ``out``, or to standard output."""
    with opened(home) as found:
        case = None if subject.startswith("TR-") else subject
        transmission = subject if subject.startswith("TR-") else None
        data = receipts.export(
            found.database,
            found.ledger,
            case=case,
            transmission=transmission,
            payloads=payloads,
            blob=found.blobs.path,
        )
    if out is None:
        sys.stdout.buffer.write(data)
    else:
        out.write_bytes(data)


def verify_receipt(file: Path, key: str, payloads: list[Path], language: Language, console: Console) -> int:
    """Verify a receipt without a home; 0 when it holds."""
    verdict = receipts.verify(file.read_bytes(), Verifier.parse(key) if key else None, payloads)
    _print(verdict, language, console)
    return 0 if verdict.valid else 1


def _print(verdict: Verdict, language: Language, console: Console) -> None:
    for step in verdict.steps:
        console.print(f"{step.number:3}. {step.title}: {step.checked}")
    for finding in verdict.findings:
        console.print(line(finding, language))
    end = "[green]holds[/]" if verdict.valid else f"[red]does not hold: {verdict.errors} contradictions[/]"
    console.print(f"{end}  tree of {verdict.size}, root {verdict.root.hex()[:16]}…")
