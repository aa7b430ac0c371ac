"""Names and paths from outside."""

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.model.finding import Language
from hub.transports import paths
from hub.transports.base import STANDARD_FOLDERS, Folder, FolderKind
from hub.transports.paths import NotTaken, clean_name, is_temporary, normalise, resolve


def test_examples() -> None:
    assert doctest.testmod(paths).failed == 0


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/", (None, None)),
        ("", (None, None)),
        (".", (None, None)),
        ("/..", (None, None)),
        ("upload", ("upload", None)),
        ("/upload/", ("upload", None)),
        ("/upload/.", ("upload", None)),
        ("//upload//a.edi", ("upload", "a.edi")),
        ("/upload/../download/a", ("download", "a")),
        ("../../upload/a", ("upload", "a")),
        ("/upload/cafe\u0301.edi", ("upload", "caf\u00e9.edi")),
    ],
)
def test_paths_that_lead_somewhere(path: str, place: tuple[str | None, str | None]) -> None:
    found = resolve(path, STANDARD_FOLDERS)
    assert (found.folder.name if found.folder else None, found.name) == place


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("../../etc/passwd", "no_such_place"),
        ("/etc/passwd", "no_such_place"),
        ("/upload/../../etc/passwd", "no_such_place"),
        ("/upload/sub/a.edi", "no_such_place"),
        ("/Upload/a.edi", "no_such_place"),
        ("/upload\0/a.edi", "no_such_place"),
        ("/upload/a\0.edi", "name_character"),
        ("/upload/a\n.edi", "name_character"),
        ("/upload/..\\..\\etc", "name_character"),
        ("/upload/\u202eide.a", "name_character"),
        ("/upload/a\u200b.edi", "name_character"),
        ("/upload/" + "é" * 128, "name_length"),
        ("/" + "a" * 5000, "name_length"),
    ],
)
def test_paths_that_lead_nowhere(path: str, key: str) -> None:
    with pytest.raises(NotTaken) as refused:
        resolve(path, STANDARD_FOLDERS)
    assert refused.value.finding.code == f"transport.{key}"
    for language in Language:
        assert "–" not in refused.value.finding.text(language) + refused.value.finding.mend(language)


def test_a_partner_may_have_other_folders() -> None:
    folders = (Folder("OutBox", FolderKind.UPLOAD, "upload"), Folder("InBox", FolderKind.MAILBOX, "receipts"))
    assert resolve("/OutBox/a", folders).folder == folders[0]
    with pytest.raises(NotTaken):
        resolve("/upload/a", folders)


@given(st.text())
def test_a_path_never_leads_out_of_its_folders(path: str) -> None:
    assert normalise(path).startswith("/")
    assert not {".", ".."} & set(normalise(path).split("/"))
    try:
        place = resolve(path, STANDARD_FOLDERS)
    except NotTaken:
        return
    assert place.folder is None or place.folder in STANDARD_FOLDERS
    if place.name is not None:
        assert clean_name(place.name) == place.name
        assert not set(place.name) & {"/", "\\", "\0"}
        assert place.name not in ("", ".", "..")


@pytest.mark.parametrize("name", ["a.tmp", "A.TMP", "a.part", "a.xml.filepart", "a.partial", ".a", ".a.xml.x8Q"])
def test_names_in_progress(name: str) -> None:
    assert is_temporary(name)


@pytest.mark.parametrize("name", ["a.xml", "tmp", "part", "a.tmp.xml", "a.parts"])
def test_final_names(name: str) -> None:
    assert not is_temporary(name)
