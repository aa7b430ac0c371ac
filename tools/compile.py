"""Compiles the hub's hot modules with mypyc, where a C compiler and Python's headers are.

Usage: ``python -m tools.compile``. It does nothing when the compiled modules are those of the sources at hand. Without
a compiler it says so in one line, and the hub goes on in pure Python. Exit code 1 when compiling fails. What is made
goes into the virtual environment (see ``tools/compiled.py``), never beside the sources.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from tools import compiled

ROOT = Path(__file__).resolve().parent.parent
HOME = Path(sysconfig.get_path("purelib")) / "hub_compiled"
START = "import hub_compiled; hub_compiled.install()\n"
"""Python runs this line of a ``.pth`` file at its start."""

EDIFACT = (
    "blocks", "charsets", "contrl", "envelopes", "forms", "frames", "groups", "guided", "headings", "heads",
    "interchange", "iso2022", "layout", "limits", "locator", "messages", "moments", "names", "notes", "opening",
    "packages", "pen", "reader", "recoding", "repair", "scrutiny", "segments", "separators", "service", "setting",
    "steps", "style", "tables", "totals", "trailers", "transmission", "walk", "wrapping", "writer",
)  # fmt: skip
X12 = ("frames", "remarks", "segments", "sets", "setting", "steps", "tables")
MAPPING = ("access", "apply", "blocks", "conditions", "joins", "pipeline", "rows", "run", "targets")
MODULES = (
    "hub.formats.remarks",
    "hub.formats.source",
    *(f"hub.formats.edifact.{name}" for name in EDIFACT),
    *(f"hub.formats.x12.{name}" for name in X12),
    *(f"hub.mapping.{name}" for name in MAPPING),
    "hub.formats.xml.writer",
)
"""Where the time goes: what is done for every message, segment by segment and row by row."""


def missing() -> str:
    """What this machine lacks to compile; empty when it lacks nothing."""
    compiler = (os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc").split()[0]
    if shutil.which(compiler) is None:
        return f"a C compiler ({compiler})"
    if not Path(sysconfig.get_path("include"), "Python.h").is_file():
        return "Python's headers (Python.h)"
    return next((name for name in ("mypyc", "setuptools") if find_spec(name) is None), "")


def listing() -> str:
    """What the list of the compiled modules says when they are those of the sources at hand."""
    lines = [f"{compiled.digest(ROOT, module)} {module}" for module in MODULES]
    made = [*lines, version("mypy"), sys.version, Path(__file__).read_text("utf-8")]
    return "\n".join([hashlib.sha256("\n".join(made).encode()).hexdigest()[:16], *lines, ""])


def build(folder: str) -> None:
    """Compile into ``folder``. Raises SystemExit when mypyc or the C compiler objects.

    Level 1: the code is calls into Python, and levels 2 and 3 would take a third longer to make it 2 % faster.
    """
    from mypyc.build import mypycify
    from setuptools import Distribution
    from setuptools.command.build_ext import build_ext

    sources = [str(Path(*module.split(".")).with_suffix(".py")) for module in MODULES]
    name = compiled.LIBRARY.removesuffix("__mypyc")
    extensions = mypycify(sources, opt_level="1", debug_level="0", group_name=name, target_dir=f"{folder}/c")
    command = build_ext(Distribution({"name": "hub", "ext_modules": extensions}))
    command.build_lib, command.build_temp, command.parallel = f"{folder}/lib", f"{folder}/c", os.cpu_count()
    command.ensure_finalized()
    command.run()


def install(made: Path, wanted: str) -> None:
    """Put the modules in ``made`` to use, the list last; what was compiled before goes, but for running processes."""
    folder = HOME / wanted.split()[0]
    before = [other for other in HOME.glob("*/") if other != folder]
    shutil.copytree(made, folder, dirs_exist_ok=True)
    shutil.copy(compiled.__file__, HOME / "__init__.py")
    (HOME.parent / "hub_compiled.pth").write_text(START, "ascii")
    fresh = HOME / f"{compiled.LIST}.new"
    fresh.write_text(wanted, "ascii")
    fresh.replace(HOME / compiled.LIST)
    for old in before:
        shutil.rmtree(old, ignore_errors=True)


def main() -> int:
    """Compile if it is needed and possible; 1 when it fails."""
    wanted = listing()
    held = HOME / compiled.LIST
    if os.environ.get("HUB_PURE") or (held.is_file() and held.read_text("ascii") == wanted):
        return 0
    lacking = missing()
    if lacking:
        print(f"Not compiled, for want of {lacking}; the hub goes on in pure Python, at about half the speed")
        return 0
    print("Compiling the hot modules (after a change of theirs; about a minute)", flush=True)
    with tempfile.TemporaryDirectory() as name:
        command = [sys.executable, "-c", f"from tools import compile; compile.build({name!r})"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode:
            print(
                f"{done.stdout}{done.stderr}\nCompiling failed, see above; the hub goes on in pure Python",
                file=sys.stderr,
            )
            return 1
        install(Path(name) / "lib", wanted)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
