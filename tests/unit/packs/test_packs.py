"""Packs: the same folder gives the same bytes, what was altered is refused, and a difference is told by its row."""

import hashlib
import io
import shutil
import tarfile
from contextlib import suppress
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from hub.errors import ConfigError, HubError
from hub.ledger.notes import Signer, opened
from hub.mapping.loader import load
from hub.packs import archive
from hub.packs.archive import ArchiveRefused
from hub.packs.difference import difference
from hub.packs.pack import NOTE, Pack, PackRefused, gather, pack_key, unsealed, verified
from hub.schema.catalog import Catalog

ROOT = Path(__file__).resolve().parents[3]
SIGNER = Signer("hub.example", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
KEY = pack_key(SIGNER)
SMALL = Pack("manifest", "7", {"a.toml": b"x = 1\n", "samples/b/01-c.in.edi": b"UNB'"})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of a service folder."""
    return Path(shutil.copytree(ROOT / "mappings" / "manifest", tmp_path / "manifest"))


def test_the_same_folder_gives_the_same_bytes_and_any_tar_reads_them(folder: Path, catalog: Catalog) -> None:
    pack = gather(folder, catalog)
    data = pack.signed(KEY)
    again = gather(Path(shutil.copytree(folder, folder.parent / "copy" / "manifest")), catalog)
    assert again.signed(KEY) == data
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        members = {member.name: member for member in tar.getmembers()}
        assert all(member.mtime == member.uid == 0 and member.isreg() for member in members.values())
        assert list(members) == sorted(members)
        kept = tar.extractfile("cuscar-to-mt1401.toml")
        assert kept is not None
        assert kept.read() == (folder / "cuscar-to-mt1401.toml").read_bytes()
    assert verified(data, [KEY.verifier]) == pack
    assert unsealed(data)[0].digest == hashlib.sha256(pack.text.encode()).hexdigest()
    assert any(path.startswith("samples/") for path in pack.files)


def test_the_code_tables_that_mappings_name_come_along_and_hold_before_all_others(
    folder: Path, catalog: Catalog
) -> None:
    file = folder / "cuscar-to-mt1401.toml"
    row = 'to = "Agent/ID", table = "return-status/outcome", otherwise = "pass",'
    file.write_text(file.read_text("utf-8").replace('to = "Agent/ID", ', row), "utf-8")
    before = load(file, catalog)
    pack = gather(folder, catalog)
    assert [path for path in pack.files if path.startswith("codes/")] == ["codes/return-status.toml"]
    (folder / "codes").mkdir()
    own = folder / "codes" / "return-status.toml"
    own.write_bytes(pack.files["codes/return-status.toml"])
    after = load(file, catalog)
    assert (after.tables, after.digest) == ((own,), before.digest)
    assert gather(folder, catalog) == pack
    own.write_text(own.read_text("utf-8").replace('"refused"', '"rejected"'), "utf-8")
    assert load(file, catalog).digest != before.digest


def test_a_wrong_mapping_is_not_packed(folder: Path, catalog: Catalog) -> None:
    file = folder / "cuscar-to-mt1401.toml"
    file.write_text(file.read_text("utf-8").replace("BGM/1004", "BGM/1005"), "utf-8")
    with pytest.raises(ConfigError, match="1005"):
        gather(folder, catalog)


def test_links_and_odd_names_are_not_packed(folder: Path, catalog: Catalog) -> None:
    (folder / "out").symlink_to("/etc/hostname")
    with pytest.raises(PackRefused, match="is a link"):
        gather(folder, catalog)
    (folder / "out").unlink()
    (folder / "a b.txt").write_text("x")
    with pytest.raises(PackRefused, match="rename it"):
        gather(folder, catalog)


def test_a_pack_is_no_checkpoint_and_another_key_signs_nothing() -> None:
    data = SMALL.signed(KEY)
    _, note = unsealed(data)
    with pytest.raises(HubError, match="not signed by hub.example with"):
        opened(note, SIGNER.verifier)
    stranger = Signer(KEY.name, Ed25519PrivateKey.generate())
    with pytest.raises(PackRefused, match="signature does not hold"):
        verified(data, [stranger.verifier])
    with pytest.raises(PackRefused, match="no key"):
        verified(data, [])


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({"a.toml": b"x = 2\n"}, "does not list"),
        ({"extra.toml": b""}, "does not list"),
        ({NOTE: b"nothing"}, "not a signed note"),
        ({NOTE: b"\xff"}, NOTE),
        ({NOTE: KEY.sign("hub pack 2\nservice manifest\nversion 7\n").encode()}, "does not begin"),
        ({NOTE: KEY.sign("hub pack 1\nservice ../up\nversion 7\n").encode()}, "no service or version"),
        ({NOTE: KEY.sign("hub pack 1\nservice up\nversion 7\n0 0 x\n").encode()}, "no file"),
    ],
)
def test_what_was_altered_is_refused(files: dict[str, bytes], why: str) -> None:
    with pytest.raises(PackRefused, match=why):
        verified(archive.write({**archive.read(SMALL.signed(KEY)), **files}), [KEY.verifier])


def test_a_pack_without_its_note_is_refused() -> None:
    with pytest.raises(PackRefused, match="has no pack.note"):
        unsealed(archive.write(SMALL.files))


@pytest.mark.parametrize("name", ["../x", "/x", "a/../b", "a//b", ".hidden", "a/.b", "", "a\x00b", "x" * 101, "é"])
def test_a_name_that_leads_out_or_hides_is_neither_written_nor_read(name: str) -> None:
    assert not archive.safe(name)
    with pytest.raises(ArchiveRefused):
        archive.write({name: b""})
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w", format=tarfile.USTAR_FORMAT) as file:
        if name.isascii() and "\x00" not in name and len(name) < 100:
            file.addfile(tarfile.TarInfo(name))
    with pytest.raises(ArchiveRefused):
        archive.read(tar.getvalue())


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE, tarfile.XHDTYPE])
def test_what_is_no_plain_file_is_refused(kind: bytes) -> None:
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w", format=tarfile.USTAR_FORMAT) as file:
        info = tarfile.TarInfo("a")
        info.type, info.linkname = kind, "/etc/passwd"
        file.addfile(info)
    with pytest.raises(ArchiveRefused):
        archive.read(tar.getvalue())


@given(st.data())
def test_no_altered_archive_is_read_as_it_was_or_raises_anything_else(data: st.DataObject) -> None:
    whole = SMALL.signed(KEY)
    at = data.draw(st.integers(0, len(whole) - 1))
    cut = data.draw(st.sampled_from([1, 100, 512, len(whole)]))
    new = data.draw(st.binary(max_size=600))
    changed = whole[:at] + new + whole[at + cut :]
    with suppress(ArchiveRefused, PackRefused):
        assert changed == whole or verified(changed, [KEY.verifier]) != SMALL


PATHS = st.from_regex(r"[a-z]{1,60}(/[a-z0-9.]{1,90}[a-z]){0,2}", fullmatch=True)


@given(st.dictionaries(PATHS, st.binary(max_size=1100)))
def test_what_is_written_is_read(files: dict[str, bytes]) -> None:
    files = {path: content for path, content in files.items() if archive.safe(path)}
    assert archive.read(archive.write(files)) == files


def test_a_difference_names_the_row_by_its_target(folder: Path, catalog: Catalog) -> None:
    before = gather(folder, catalog)
    file = folder / "cuscar-to-mt1401.toml"
    text = file.read_text("utf-8")
    text = text.replace("from = \"LOC[3227='8']/3225\"", "from = \"LOC[3227='7']/3225\"").replace('"36" = "5"\n', "")
    row = '  { to = "AdditionalInformation/Content", const = "X" },\n  { to = "Agent/ID", '
    text = text.replace('  { to = "Agent/ID", ', row)
    file.write_text(f"# said anew\n{text}", "utf-8")
    (folder / "cuscar95-to-mt2401.toml").unlink()
    found = [(change.file, change.how.value, change.what) for change in difference(before, gather(folder, catalog))]
    assert found == [
        ("cuscar-to-mt1401.toml", "changed", "Declaration/Consignment/TransitDestination/ID"),
        ("cuscar-to-mt1401.toml", "removed", "table function: 36"),
        ("cuscar-to-mt1401.toml", "added", "Declaration/AdditionalInformation/Content"),
        ("cuscar95-to-mt2401.toml", "removed", "(file)"),
    ]
    assert difference(before, before) == []
    file.write_text(before.files[file.name].decode() + "# a remark\n", "utf-8")
    (only,) = [change for change in difference(before, gather(folder, catalog)) if change.file == file.name]
    assert only.what == "(comments and layout)"
