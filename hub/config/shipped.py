"""Where the facts that came with the program are: schemas, mappings, partners, hub.toml."""

from pathlib import Path


def shipped(name: str) -> Path:
    """``name`` (a folder or file) as it came with the program: beside the package, or in it once installed."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "_data" / name
    return installed if installed.exists() else package.parent / name
