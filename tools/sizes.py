"""Holds modules to 400 lines and functions to 40, and prints the figures. Migrations, written by Alembic, are exempt.

Usage: ``python -m tools.sizes``; exit code 1 when something is too long.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

MODULE_LINES = 400
FUNCTION_LINES = 40
CODE = ("hub", "tools")


def functions(source: str) -> Iterator[tuple[str, int, int]]:
    """Name, first line and number of lines of every function in ``source``.

    >>> list(functions("def one():\\n    return 1\\n"))
    [('one', 1, 2)]
    """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, node.lineno, (node.end_lineno or node.lineno) - node.lineno + 1


def main() -> int:
    """Print what is too long, then the figures; 1 if anything is."""
    root = Path(__file__).resolve().parent.parent
    files = [
        file for folder in CODE for file in sorted((root / folder).rglob("*.py")) if "versions" not in file.parent.name
    ]
    modules: list[int] = []
    lengths: list[int] = []
    wrong: list[str] = []
    for file in files:
        source, name = file.read_text("utf-8"), file.relative_to(root).as_posix()
        modules.append(source.count("\n"))
        if modules[-1] > MODULE_LINES:
            wrong.append(f"{name}: {modules[-1]} lines, at most {MODULE_LINES}; split it by what it does")
        for function, line, length in functions(source):
            lengths.append(length)
            if length > FUNCTION_LINES:
                wrong.append(f"{name}:{line}: {function}: {length} lines, at most {FUNCTION_LINES}; name its steps")
    lengths.sort()
    print("\n".join(wrong), end="\n" if wrong else "")
    print(
        f"sizes: {len(modules)} modules, {sum(modules)} lines, longest {max(modules)}; "
        f"{len(lengths)} functions, median {lengths[len(lengths) // 2]}, longest {lengths[-1]}"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
