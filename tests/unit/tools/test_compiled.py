"""A compiled module is found only while all the sources are those that were compiled."""

import os
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

import pytest

from tools import compile, compiled

SUFFIX = EXTENSION_SUFFIXES[0]
NAMES = ("hub.post.frank", "hub.post.seal")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Two sources."""
    folder = tmp_path / "hub" / "post"
    folder.mkdir(parents=True)
    (folder / "frank.py").write_text("PRICE = 1\n")
    (folder / "seal.py").write_text("WAX = 2\n")
    return tmp_path


@pytest.fixture
def finder(root: Path) -> compiled.Finder:
    """Finds what was made from them."""
    home = root / "home"
    made = home / "f00d" / "hub" / "post"
    made.mkdir(parents=True)
    for name in ("frank", "seal", "../../" + compiled.LIBRARY):
        (made / f"{name}{SUFFIX}").touch()
    lines = [f"{compiled.digest(root, name)} {name}" for name in NAMES]
    (home / compiled.LIST).write_text("\n".join(["f00d", *lines, ""]))
    return compiled.Finder(home)


def found(finder: compiled.Finder, root: Path, name: str) -> str | None:
    spec = finder.find_spec(name, [str(root / "hub" / "post")])
    return spec.origin if spec else None


def test_a_listed_module_is_found_compiled(finder: compiled.Finder, root: Path) -> None:
    folder = root / "home" / "f00d"
    assert found(finder, root, "hub.post.frank") == str(folder / "hub" / "post" / f"frank{SUFFIX}")
    library = finder.find_spec(compiled.LIBRARY)
    assert library is not None
    assert library.origin == str(folder / f"{compiled.LIBRARY}{SUFFIX}")


def test_another_module_is_not(finder: compiled.Finder, root: Path) -> None:
    assert found(finder, root, "hub.post.stamp") is None
    assert finder.find_spec("json", None) is None


@pytest.mark.parametrize("name", NAMES)
def test_one_edited_source_leaves_all_to_python(finder: compiled.Finder, root: Path, name: str) -> None:
    (root / "hub" / "post" / "seal.py").write_text("WAX = 3\n")
    assert found(finder, root, name) is None
    assert finder.find_spec(compiled.LIBRARY) is None


def test_a_removed_source_leaves_all_to_python(finder: compiled.Finder, root: Path) -> None:
    (root / "hub" / "post" / "seal.py").unlink()
    assert found(finder, root, "hub.post.frank") is None


def test_another_folder_with_other_sources_is_left_to_python(finder: compiled.Finder, tmp_path: Path) -> None:
    assert found(finder, tmp_path / "elsewhere", "hub.post.frank") is None


def test_a_list_that_names_a_module_of_the_past_loads_nothing(finder: compiled.Finder, root: Path) -> None:
    """After a pull that moves a module, until somebody compiles again."""
    assert compiled.load(root / "home") == 0
    assert compiled.load(root) == 0, "there is no list at all"


def test_the_sources_that_are_compiled_are_there(root: Path) -> None:
    here = Path(__file__).parents[3]
    assert all(compiled.digest(here, module) for module in compile.MODULES)


def test_in_continuous_integration_the_compiled_form_is_the_one_tested() -> None:
    if not os.environ.get("HUB_CI") or os.environ.get("HUB_PURE") or compile.missing():
        pytest.skip("the pure form is as good here")
    from hub.formats.edifact import walk

    assert walk.__file__.endswith(SUFFIX)
