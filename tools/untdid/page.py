"""The made parts of docs/directories.md: what is installed, what the import reports, how it compares."""

import re
from collections.abc import Sequence
from pathlib import Path

from tools.untdid.comparing import Comparison, Difference, explained
from tools.untdid.explained import EXPLANATIONS

_COUNTS = re.compile(
    r"(?P<name>\d\d[A-Z]) \S+ \S+ (?P<m>\d+)\+(?P<im>\d+) messages, (?P<s>\d+)\+(?P<is>\d+) segments, "
    r"(?P<c>\d+)\+(?P<ic>\d+) composites, (?P<e>\d+) elements, (?P<l>\d+) code lists with (?P<v>\d+) codes"
)
_HEADS = ("directory", "messages", "segments", "composites", "elements", "code lists", "codes")


def installed(root: Path) -> str:
    """A table of the directories under ``root`` (``schemas/edifact``); batch and interactive are told apart by a +."""
    lines, messages = [], 0
    for line in (root / "directories.txt").read_text("utf-8").split("\n"):
        found = _COUNTS.fullmatch(line)
        if found:
            messages += int(found["m"]) + int(found["im"])
            pairs = (_both(found["m"], found["im"]), _both(found["s"], found["is"]), _both(found["c"], found["ic"]))
            lines.append(_row(f"D.{found['name']}", *pairs, found["e"], found["l"], found["v"]))
    files = [path for path in root.rglob("*.txt") if not {"service", "lists"} & set(path.parts)]
    size = sum(path.stat().st_size for path in files) / 1e6
    total = f"{len(lines)} directories, {messages:,} messages, {len(files)} files, {size:.1f} MB."
    return "\n".join([total, "", _row(*_HEADS), _row(*["---"] * len(_HEADS)), *lines])


def report(root: Path) -> str:
    """The import's report as a table."""
    lines = [line.split(": ", 2) for line in (root / "report.txt").read_text("utf-8").split("\n") if line[:2] == "D."]
    return "\n".join([_row("directory", "", "what"), _row("---", "---", "---"), *(_row(*line) for line in lines)])


def compared(result: Comparison) -> str:
    """The figures, and each difference with its explanation."""
    known = len(EXPLANATIONS)
    figures = (
        f"{len(result.directories)} directories, D.{result.directories[0]} to D.{result.directories[-1]}: "
        f"{_agree(result, result.messages, 6)} messages agree, {_agree(result, result.segments, 3)} segments agree; "
        f"{len(result.lacking)} is in one of the two only. {known} explanations cover all of that."
    )
    lines = [_row(f"D.{directories}", what, how, *_why(first)) for directories, what, how, first in _gathered(result)]
    heads = ("directory", "what", "ours, not theirs", "right", "why")
    return "\n".join([figures, "", _row(*heads), _row(*["---"] * len(heads)), *lines])


def _agree(result: Comparison, count: int, length: int) -> str:
    differ = sum(len(one.what) == length for one in result.differences)
    return f"{count - differ:,} of {count:,}"


def _why(difference: Difference) -> tuple[str, str]:
    known = explained(difference, EXPLANATIONS)
    return (known.right, known.why) if known else ("?", "not explained")


def _gathered(result: Comparison) -> list[tuple[str, str, str, Difference]]:
    """The same difference of many directories in one line."""
    found: dict[tuple[str, str], list[Difference]] = {}
    for one in (*result.differences, *result.lacking):
        found.setdefault((one.what, one.how), []).append(one)
    return [
        (same[0].directory + (f" and {len(same) - 1} more" if len(same) > 1 else ""), what, how, same[0])
        for (what, how), same in found.items()
    ]


def renewed(text: str, name: str, made: str) -> str:
    """``text`` with what stands between its marks ``<!-- NAME -->`` and ``<!-- /NAME -->`` made anew.

    Raises ValueError when it has no such marks.
    """
    marked = re.compile(rf"(<!-- {name} -->\n).*?(\n<!-- /{name} -->)", re.DOTALL)
    if len(marked.findall(text)) != 1:
        raise ValueError(f"the page has no part {name}")
    return marked.sub(lambda match: f"{match[1]}{made}{match[2]}", text)


def _both(batch: str, interactive: str) -> str:
    return batch if interactive == "0" else f"{batch} + {interactive}"


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def unexplained(result: Comparison) -> Sequence[Difference]:
    """The differences that nothing explains."""
    return [one for one in (*result.differences, *result.lacking) if explained(one, EXPLANATIONS) is None]
