"""The indices that a directory publishes of its own messages, segments, composites and elements: was all of it read?"""

import re
from collections.abc import Iterator

from tools.untdid.facts import Directory, Side

_TAGS = {"messages": "[A-Z]{6}", "segments": "[A-Z]{3}", "composites": r"[CE]\d{3}", "elements": r"\d{4}"}
_MARK = r"^([ *+#|XR-]{0,9})"


def differing(found: Directory, indices: dict[str, str]) -> Iterator[str]:
    """What the ``indices`` (by kind: ``interactive segments`` …) list and ``found`` lacks, and the other way round.

    What an index marks with ``-`` is deleted, or will be: it may be there or not.
    """
    for kind, text in sorted(indices.items()):
        side = found.interactive if kind.startswith("interactive ") else found.batch
        name = kind.rpartition(" ")[2]
        rows = re.findall(rf"{_MARK}({_TAGS[name]})\s+[A-Za-z(]", text, re.MULTILINE)
        listed = {tag for mark, tag in rows if "-" not in mark}
        read = _read(found, side, name)
        yield from (f"{kind}: the index lists {tag}, which is not in the ZIP" for tag in sorted(listed - read))
        yield from (f"{kind}: {tag} is not in the index" for tag in sorted(read - {tag for _, tag in rows}))


def _read(found: Directory, side: Side, name: str) -> set[str]:
    tables = {"messages": side.messages, "segments": side.segments, "composites": side.composites}
    return set(found.elements if name == "elements" else tables[name])
