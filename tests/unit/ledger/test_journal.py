"""Appending and signing: tiles, rollbacks, refusals."""

import contextlib
import itertools
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.errors import LedgerBroken
from hub.ledger import checkpoints, merkle
from hub.ledger.entries import Entry
from hub.ledger.journal import show
from hub.ledger.tiles import Tree
from hub.ledger.verify import verify
from hub.store import ledger as store
from hub.store.database import Connection

from .conftest import AT, Books, open_books


def entries(first: int, count: int) -> list[Entry]:
    return [Entry("noted", AT + number, None, None, {"number": number}) for number in range(first, first + count)]


def leaves(count: int) -> list[bytes]:
    return [merkle.leaf_hash(entry.body().encode()) for entry in entries(0, count)]


def append(books: Books, first: int, count: int) -> None:
    with books.database.write() as connection:
        books.ledger.append(connection, entries(first, count))


def test_the_first_checkpoint_is_of_the_empty_tree(books: Books) -> None:
    assert (books.checkpoint().size, books.checkpoint().root) == (0, merkle.EMPTY_ROOT)
    assert verify(books.database, books.ledger.verifier).valid


def test_a_checkpoint_is_written_when_the_tree_has_grown(books: Books) -> None:
    append(books, 0, 3)
    first = books.checkpoint()
    assert books.checkpoint() == first
    append(books, 3, 1)
    assert books.checkpoint().size == 4
    with books.database.read() as connection:
        assert [row.size for row in store.every_checkpoint(connection)] == [3, 4]
    assert checkpoints.read(first.note, books.ledger.verifier).root == merkle.root(3, merkle.nodes(leaves(3)))


def test_tiles_of_three_levels(books: Books) -> None:
    size = 256 * 256 + 300
    for first in range(0, size, 3000):
        append(books, first, min(3000, size - first))
    with books.database.read() as connection:
        keys = list(store.tile_keys(connection))
        assert keys == [*((0, index) for index in range(257)), (1, 0), (1, 1), (2, 0)]
        tree, known = Tree(connection, size), leaves(size)
        assert merkle.root(size, tree.node) == merkle.root(size, merkle.nodes(known))
        frontier = merkle.Frontier()
        for leaf in known:
            frontier.push(leaf)
        head = frontier.root()
        assert merkle.root(size, tree.node) == head
        for index in (0, 255, 256, 65_535, 65_536, size - 1):
            proof = merkle.inclusion(index, size, tree.node)
            assert merkle.verify_inclusion(known[index], index, size, proof, head)
    books.checkpoint()
    assert verify(books.database, books.ledger.verifier).valid


def test_a_proof_reads_few_tiles(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    for first in range(0, 70_000, 5_000):
        append(books, first, 5_000)
    read: list[tuple[int, int]] = []
    tile = store.tile

    def counted(connection: Connection, level: int, index: int) -> bytes | None:
        read.append((level, index))
        return tile(connection, level, index)

    monkeypatch.setattr(store, "tile", counted)
    with books.database.read() as connection:
        merkle.inclusion(12_345, 70_000, Tree(connection, 70_000).node)
    assert len(read) <= 4


@settings(max_examples=25)
@given(sizes=st.lists(st.integers(0, 400), min_size=1, max_size=6), data=st.data())
def test_the_tree_in_the_database_is_the_tree(
    templates: dict[str, Path], sizes: list[int], data: st.DataObject
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        books = open_books(Path(shutil.copy(templates["empty"], folder)))
        for first, count in zip(itertools.accumulate(sizes, initial=0), sizes, strict=False):
            append(books, first, count)
        known = leaves(sum(sizes))
        size = data.draw(st.integers(0, len(known)))
        with books.database.read() as connection:
            tree = Tree(connection, size)
            assert merkle.root(size, tree.node) == merkle.root(size, merkle.nodes(known))
            for index in range(0, size, 37):
                proof = merkle.inclusion(index, size, tree.node)
                assert proof == merkle.inclusion(index, size, merkle.nodes(known))
        books.database.close()


@pytest.mark.parametrize("lost", [1, 200, 300, 700])
def test_what_is_rolled_back_was_never_there(books: Books, lost: int) -> None:
    append(books, 0, 250)
    with contextlib.suppress(InterruptedError), books.database.write() as connection:
        books.ledger.append(connection, entries(5_000, lost))
        assert books.ledger.checkpoint(connection).size == 250 + lost
        raise InterruptedError
    append(books, 250, 450)
    assert books.checkpoint().root == merkle.root(700, merkle.nodes(leaves(700)))
    assert verify(books.database, books.ledger.verifier).valid


def test_several_appends_in_one_transaction(books: Books) -> None:
    with books.database.write() as connection:
        for first in range(0, 600, 100):
            books.ledger.append(connection, entries(first, 100))
        books.ledger.append(connection, [])
        checkpoint = books.ledger.checkpoint(connection)
    assert checkpoint.root == merkle.root(600, merkle.nodes(leaves(600)))


def test_nothing_is_signed_over_a_rewritten_past(books: Books) -> None:
    append(books, 0, 10)
    books.checkpoint()
    books.alter("UPDATE entries SET leaf = zeroblob(32) WHERE seq = 4")
    append(books, 10, 1)
    with pytest.raises(LedgerBroken, match="nothing was signed"):
        books.checkpoint()


def test_nothing_is_signed_over_a_ledger_that_was_cut(books: Books) -> None:
    append(books, 0, 10)
    books.checkpoint()
    books.alter("DELETE FROM entries WHERE seq = 9")
    with pytest.raises(LedgerBroken, match="nothing was signed"):
        books.checkpoint()


def test_nothing_is_appended_where_a_leaf_is_missing(books: Books) -> None:
    append(books, 0, 255)
    books.alter("DELETE FROM entries WHERE seq = 100")
    with pytest.raises(LedgerBroken, match="tile 0/0"):
        append(books, 255, 1)


def test_show(full: Books) -> None:
    shown = list(show(full.database, case="CS-000007"))
    assert [(record.seq, record.entry.kind) for record in shown] == [(22, "opened"), (23, "sealed")]
    assert [record.seq for record in show(full.database, transmission="TR-000007")] == [21, 22, 23]
    assert [record.seq for record in show(full.database, start=890, limit=5)] == list(range(890, 895))
    assert [record.seq for record in show(full.database, start=898)] == [898, 899]
    assert len(list(show(full.database, limit=10_000))) == 900


def test_the_sqlite_program_opens_it(full: Books, needs: Callable[[str], str]) -> None:
    command = [needs("sqlite3"), "-readonly", str(full.path), "SELECT body FROM entries WHERE seq = 0"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == next(show(full.database)).body
