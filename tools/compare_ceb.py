"""Compares our XSDs of China Customs' cross-border messages with the published ones, by the documents they accept.

Usage: ``python -m tools.compare_ceb --reference FOLDER [--only NAME] [--random N] [--seed N]``. FOLDER holds the
published files of the edition 2022-05 (``ceb-import-2022-05.xsd`` and the others). From either side documents are made,
sound and with every fault at every place; both sides judge each by libxml2. Exit code 1 when a verdict differs.
"""

import argparse
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path

import xmlschema
from lxml import etree

from hub.schema import xsd
from hub.schema.catalog import Catalog
from tools.xsd.comparison import Outcome, Side, compare, kinds

SCHEMAS = Path(__file__).resolve().parent.parent / "schemas"
PUBLISHED = ("ceb-import-2022-05", "ceb-export-2022-05", "dxp-terminal-2022-05", "dxp-node-2022-05")
_SHOWN = 8  # differences printed for a message


def published(reference: Path) -> dict[str, Path]:
    """Message (``CEB311``, ``DxpMsg``) → the published file that declares it."""
    found = {}
    for file in (reference / f"{name}.xsd" for name in PUBLISHED):
        for element in etree.parse(str(file)).getroot().iterchildren("{*}element"):
            name = str(element.get("name"))
            if name.startswith("Dxp") or name.endswith("Message") and name.startswith("CEB"):
                found[name.removesuffix("Message")] = file
    return found


def installed() -> list[str]:
    """The messages that the hub has of this edition."""
    ids = xsd.index(SCHEMAS / "xsd").values()
    return sorted(one.removeprefix("xsd:ceb:") for one in ids if one.startswith("xsd:ceb:"))


def message(name: str, file: Path, random: int = 4, seed: int = 0) -> Outcome:
    """The comparison of one message with the published ``file``."""
    schema = _catalog().get(f"xsd:ceb:{name}")
    assert isinstance(schema, xsd.XsdSchema)  # an xsd: id
    ours = Side("ours", xsd.component(schema), xsd.validator(schema))
    return compare((ours, _theirs(name, file)), random=random, seed=seed)


def _theirs(name: str, file: Path) -> Side:
    model, validator = _published(file)
    root = model.elements.get(name) or model.elements[f"{name}Message"]
    return Side("the published", root, validator)


@cache
def _published(file: Path) -> tuple[xmlschema.XMLSchema, etree.XMLSchema]:
    return xmlschema.XMLSchema(str(file), allow="local", validation="skip"), etree.XMLSchema(file=str(file))


@cache
def _catalog() -> Catalog:
    return Catalog(SCHEMAS)


def report(name: str, outcome: Outcome) -> Iterator[str]:
    """What to print about one message."""
    yield f"{name:9} {outcome.documents:7,} documents, {outcome.accepted:6,} accepted by both, " + (
        f"{len(outcome.differences)} judged differently" if outcome.differences else "all judged alike"
    )
    yield from (f"  not sound: {one}" for one in outcome.unsound)
    for (what, accepted_by), count in kinds(outcome.differences).most_common(_SHOWN):
        one = next(one for one in outcome.differences if (one.what, one.accepted_by) == (what, accepted_by))
        yield f"  {count} × {what}, e.g. at {one.where}: only {accepted_by} accepts it; {one.reason}"


def main() -> int:
    """Compare every message; print a line for each and the differences."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reference", type=Path, required=True)
    parser.add_argument("--only", default="")
    parser.add_argument("--random", type=int, default=4)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    files, ours = published(asked.reference), installed()
    apart = sorted(set(files) ^ set(ours))
    for name in apart:
        print(f"{name}: only {'the published files have' if name in files else 'we have'} this message")
    names = [name for name in ours if name in files and asked.only in name]
    with ProcessPoolExecutor() as pool:
        many = [asked.random] * len(names), [asked.seed] * len(names)
        outcomes = list(pool.map(message, names, (files[name] for name in names), *many))
    for name, outcome in zip(names, outcomes, strict=True):
        print("\n".join(report(name, outcome)))
    different = sum(len(outcome.differences) + len(outcome.unsound) for outcome in outcomes)
    total = sum(outcome.documents for outcome in outcomes)
    print(f"{len(names)} messages, {total:,} documents, {different} differences")
    return 1 if different or apart else 0


if __name__ == "__main__":
    sys.exit(main())
