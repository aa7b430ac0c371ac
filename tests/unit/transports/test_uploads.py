"""Uploads in progress, against the simplest model: an array of bytes, each written or not."""

import hashlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.spool.blobs import Blobs
from hub.transports.paths import NotTaken
from hub.transports.uploads import Extents, Upload

blocks = st.lists(st.tuples(st.integers(0, 60), st.binary(max_size=30)), max_size=12)


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), max_size=20), st.integers(0, 60))
def test_the_first_gap_is_the_first_gap(ranges: list[tuple[int, int]], size: int) -> None:
    extents, touched = Extents(), set[int]()
    for start, end in ranges:
        extents.add(start, end)
        touched |= set(range(start, end))
    assert extents.gap(size) == next((at for at in range(size) if at not in touched), None)


@settings(max_examples=60)
@given(blocks, st.integers(0, 40))
def test_an_upload_is_what_was_written_or_is_refused(
    tmp_path_factory: pytest.TempPathFactory, blocks: list[tuple[int, bytes]], inline: int
) -> None:
    upload = Upload(Blobs(tmp_path_factory.mktemp("spool")), 70, inline)
    model: dict[int, int] = {}
    for offset, data in blocks:
        model |= dict(enumerate(data, offset))
    expected = _expected(blocks, model)
    try:
        for offset, data in blocks:
            upload.write(offset, data)
        content = upload.finish()
        found: object = content.data if content.blob is None else content.blob.read_bytes()
        assert (content.sha256, content.size) == (hashlib.sha256(found).hexdigest(), len(found))  # type: ignore[arg-type]
    except NotTaken as refused:
        found = refused.finding.code
    finally:
        upload.discard()
    assert found == expected


def _expected(blocks: list[tuple[int, bytes]], model: dict[int, int]) -> object:
    size = max((offset + len(data) for offset, data in blocks), default=0)
    if size > 70:
        return "transport.too_large"
    return "transport.incomplete" if len(model) < size else bytes(model[at] for at in range(size))


def test_scattered_pieces_are_bounded(tmp_path: Path) -> None:
    upload = Upload(Blobs(tmp_path), 1 << 20)
    for piece in range(1024):
        upload.write(2 * piece, b"x")
    with pytest.raises(NotTaken, match="scattered"):
        upload.write(2 * 1024, b"x")
    with pytest.raises(NotTaken, match="scattered"):
        upload.finish()
