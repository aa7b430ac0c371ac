"""Makes the X12 maps in the form that pyx12 reads: ``python -m tools.x12maps``.

``schemas/x12/source`` holds the facts in a compact form (see the head of each file there); for each version a folder
``schemas/x12/004010`` with one map a transaction set, and ``maps.xml``, ``dataele.xml``, ``codes.xml`` and the control
map, is written from it. The same source always gives the same bytes.
"""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from xml.sax.saxutils import quoteattr

from tools.x12source import VERSIONS, Loop, Segment, Source, TransactionSet, Use, read

ROOT = Path(__file__).resolve().parent.parent / "schemas" / "x12"
HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<!-- ANSI ASC X12 {version}: {what}. Written for this project from general knowledge of the published sets: what they
     commonly carry. Remade from schemas/x12/source by: python -m tools.x12maps -->
"""
_INSIDE = ("ISA11", "ISA12")
"""Elements whose codes stand in the map itself: pyx12 looks there for the interchange version."""


def main() -> int:
    """Write every folder; 0."""
    for version in VERSIONS:
        folder = ROOT / version
        folder.mkdir(exist_ok=True)
        for old in folder.glob("*.xml"):
            old.unlink()
        for name, text in files(read(ROOT / "source", version)).items():
            (folder / name).write_text(text, "utf-8")
        print(f"{version}: {len(list(folder.glob('*.xml')))} files")
    return 0


def files(source: Source) -> dict[str, str]:
    """File name → content of the folder of ``source``'s version."""
    usual = VERSIONS[source.version][0]
    made = {
        "maps.xml": _index(source),
        "dataele.xml": _elements(source),
        "codes.xml": _codes(source),
        f"x12.control.{usual}.xml": _Map(source).transaction("X12", "Interchange control", ()),
    }
    return made | {f"{one.number}.xml": _Map(source).set(one) for one in source.sets}


def _document(source: Source, what: str, lines: list[str]) -> str:
    return HEAD.format(version=source.version, what=what) + "\n".join(lines) + "\n"


def _index(source: Source) -> str:
    """The index that names a map for each interchange version, version and functional group."""
    lines = ["<maps>"]
    for interchange in VERSIONS[source.version]:
        lines.append(f'  <version icvn="{interchange}">')
        for one in source.sets:
            for group in one.groups:
                attributes = f'vriic="{source.version}" fic="{group}" abbr="{one.number}"'
                lines.append(f"    <map {attributes}>{one.number}.xml</map>")
        lines.append("  </version>")
    return _document(source, "index of the maps", [*lines, "</maps>"])


def _elements(source: Source) -> str:
    lines = ["<data_elements>"]
    for one in source.elements.values():
        lengths = f'min_len="{one.least}" max_len="{one.most}"'
        lines.append(
            f'  <data_ele ele_num="{one.number}" data_type="{one.type}" {lengths} name={quoteattr(one.title)}/>'
        )
    return _document(source, "data elements", [*lines, "</data_elements>"])


def _codes(source: Source) -> str:
    lines = ["<codesets>"]
    for number, values in source.codes.items():
        title = source.elements[number].title
        lines.append(
            f"  <codeset><id>{number}</id><name>{title}</name><data_ele>{number}</data_ele>"
            f"<version>{''.join(f'<code>{value}</code>' for value in values)}</version></codeset>"
        )
    return _document(source, "closed code lists", [*lines, "</codesets>"])


class _Map:
    """Writes one map. Every segment and loop gets a number of its own: pyx12 tells the nodes of a map apart by it."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._numbers = count(10, 10)

    def set(self, one: TransactionSet) -> str:
        """The map of a transaction set."""
        return self.transaction(one.number, one.title, (Use("ST", True, 1), *one.members, Use("SE", True, 1)))

    def transaction(self, number: str, title: str, members: "tuple[Use | Loop, ...]") -> str:
        """A map of the control segments and, between them, ``members``."""
        lines = [f'<transaction xid="{number}" name={quoteattr(title)}>']
        lines += self._open("  ", "ISA_LOOP", None, True)
        lines += self._segment("    ", Use("ISA", True, 1))
        if not members:
            lines += self._segment("    ", Use("TA1", False, None))
        lines += self._open("    ", "GS_LOOP", None, False)
        lines += self._segment("      ", Use("GS", True, 1))
        if members:
            lines += self._open("      ", "ST_LOOP", None, True)
            lines += self._members("        ", members)
            lines.append("      </loop>")
        lines += self._segment("      ", Use("GE", True, 1))
        lines.append("    </loop>")
        lines += self._segment("    ", Use("IEA", True, 1))
        return _document(self._source, f"map of {number}", [*lines, "  </loop>", "</transaction>"])

    def _members(self, indent: str, members: "tuple[Use | Loop, ...]") -> Iterator[str]:
        for member in members:
            if isinstance(member, Use):
                yield from self._segment(indent, member)
                continue
            yield from self._open(indent, f"{member.use.tag}_LOOP", member.use.most, member.use.required)
            yield from self._members(f"{indent}  ", tuple(member.members))
            yield f"{indent}</loop>"

    def _open(self, indent: str, name: str, most: int | None, required: bool) -> Iterator[str]:
        usage, repeat = "R" if required else "S", ">1" if most is None else most
        pos = next(self._numbers)
        yield f'{indent}<loop xid="{name}" usage="{usage}" pos="{pos}" repeat="{repeat}">'.replace(">1", "&gt;1")

    def _segment(self, indent: str, use: Use) -> Iterator[str]:
        segment = self._source.segments[use.tag]
        usage, most = "R" if use.required else "S", "&gt;1" if use.most is None else use.most
        head = f'xid="{use.tag}" name={quoteattr(segment.title)} usage="{usage}" pos="{next(self._numbers)}"'
        yield f'{indent}<segment {head} max_use="{most}">'
        yield from (f"{indent}  <syntax>{note}</syntax>" for note in segment.notes)
        yield from self._uses(f"{indent}  ", segment, use.tag)
        yield f"{indent}</segment>"

    def _uses(self, indent: str, segment: Segment, tag: str) -> Iterator[str]:
        composite = segment.tag != tag
        for position, use in enumerate(segment.elements, 1):
            name = f"{tag}-{position:02}" if composite else f"{tag}{position:02}"
            usage = "R" if use.required else "S"
            head = f'xid="{name}" data_ele="{use.tag}" usage="{usage}" seq="{position:02}"'
            head += f' repeat="{use.most}"' if use.most != 1 else ""
            inner = self._source.segments.get(use.tag)
            if inner is None:
                yield self._element(indent, name, use.tag, head)
                continue
            yield f"{indent}<composite {head} name={quoteattr(inner.title)}>"
            yield from self._uses(f"{indent}  ", inner, name)
            yield f"{indent}</composite>"

    def _element(self, indent: str, name: str, number: str, head: str) -> str:
        if name in _INSIDE:
            values = VERSIONS[self._source.version] if name == "ISA12" else ("U",) if number == "I10" else ()
            codes = "".join(f"<code>{value}</code>" for value in values)
            return f"{indent}<element {head}><valid_codes>{codes}</valid_codes></element>"
        if number in self._source.codes:
            return f'{indent}<element {head}><valid_codes external="{number}"/></element>'
        return f"{indent}<element {head}/>"


if __name__ == "__main__":
    raise SystemExit(main())
