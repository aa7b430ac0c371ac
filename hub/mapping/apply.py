"""A mapping ready for use: documents of its source schemas in, documents of its target schema out."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hub.errors import WriteError
from hub.mapping.lineage import Explainer, Lineage, Naming
from hub.mapping.rows import Fact
from hub.mapping.run import BUDGET, BudgetSpent, Context, Frame, Run
from hub.model.finding import Finding, Place, Severity, worst
from hub.model.message import Document

__all__ = ["Context", "Mapped", "Mapping", "Program"]


@dataclass(frozen=True, slots=True)
class Mapped:
    """What came out. Empty groups are left out; with an ERROR among the findings the document must not be sent."""

    document: Document
    findings: tuple[Finding, ...] = ()

    @property
    def valid(self) -> bool:
        """No error on the way."""
        return worst(self.findings) is not Severity.ERROR


def incomplete(error: WriteError) -> Finding:
    """What the writer of the target's format says of a mapped document that it cannot write."""
    return Finding("mapping.incomplete", Place(), params=(("reason", str(error)),))


@dataclass(frozen=True, slots=True)
class Program:
    """The compiled blocks for one source schema; ``slots`` is the size of the frame. ``reads`` and ``writes`` are the
    full names, without filters, of the values that rows and conditions read, and that rows write."""

    blocks: tuple[Callable[[Frame, dict[str, Any]], bool], ...]
    slots: int
    reads: frozenset[str] = frozenset()
    writes: frozenset[str] = frozenset()

    def run(self, document: Document, run: Run) -> Document:
        """The target document; findings are left in ``run``."""
        frame: Frame = [run, document, *[None] * self.slots]
        run.frame = frame
        out: Document = {}
        try:
            for block in self.blocks:
                block(frame, out)
        except BudgetSpent:
            run.findings.append(Finding("mapping.too-large"))
        return out


@dataclass(frozen=True, slots=True)
class Mapping:
    """One loaded mapping file. It holds closures and so does not travel between processes: load it in each by its path.

    ``digest`` is the SHA-256 of the file and of the shared code tables that it names; with ``id`` it names the version
    that wrote a document. ``explainer`` compiles it for :meth:`explain`; ``tables`` are the files of those
    tables.
    """

    id: str
    version: str
    title: dict[str, str]
    sources: tuple[str, ...]
    target: str
    file: str
    digest: str
    rows: tuple[Fact, ...]
    programs: dict[str, Program] = field(repr=False)
    explainer: Callable[[str], Explainer] = field(repr=False)
    tables: tuple[Path, ...] = ()

    def apply(self, document: Document, context: Context, source: str = "", budget: int = BUDGET) -> Mapped:
        """``document``, shaped by the schema ``source`` (default: the first of ``sources``), written as ``target``.

        Never raises for what is in a document; KeyError when ``source`` is not one of ``sources``.
        """
        program = self.programs[source or self.sources[0]]
        run = Run(context, budget)
        made = program.run(document, run)
        return Mapped(made, tuple(run.findings))

    def explain(
        self, document: Document, context: Context, source: str = "", budget: int = BUDGET
    ) -> tuple[Lineage, ...]:
        """Where each field that :meth:`apply` writes from the same arguments comes from. Pure."""
        naming = Naming(self.file, self.id, self.version, self.digest)
        return self.explainer(source or self.sources[0]).of(document, context, naming, budget)
