"""The tree against the reference heads of Certificate Transparency and the RFC's own definitions."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.ledger import merkle

# The eight leaves and the heads at sizes 0 to 8 by which implementations of RFC 6962 are compared.
DATA = [bytes.fromhex(data) for data in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"
)]  # fmt: skip
HEADS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
LEAVES = [merkle.leaf_hash(str(number).encode()) for number in range(70)]
NODE = merkle.nodes(LEAVES)


def split(count: int) -> int:
    k = 1
    while k * 2 < count:
        k *= 2
    return k


def mth(leaves: list[bytes]) -> bytes:
    """RFC 6962 §2.1, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = split(len(leaves))
    return sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


def path(m: int, leaves: list[bytes]) -> list[bytes]:
    """RFC 6962 §2.1.1, word for word."""
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if m < k:
        return [*path(m, leaves[:k]), mth(leaves[k:])]
    return [*path(m - k, leaves[k:]), mth(leaves[:k])]


def subproof(m: int, leaves: list[bytes], known: bool) -> list[bytes]:
    """RFC 6962 §2.1.2, word for word."""
    if m == len(leaves):
        return [] if known else [mth(leaves)]
    k = split(len(leaves))
    if m <= k:
        return [*subproof(m, leaves[:k], known), mth(leaves[k:])]
    return [*subproof(m - k, leaves[k:], False), mth(leaves[:k])]


def test_reference_heads() -> None:
    leaves = [merkle.leaf_hash(data) for data in DATA]
    node = merkle.nodes(leaves)
    assert [merkle.root(size, node).hex() for size in range(9)] == list(HEADS)


def test_reference_heads_from_the_frontier() -> None:
    frontier = merkle.Frontier()
    heads = [frontier.root().hex()]
    for data in DATA:
        frontier.push(merkle.leaf_hash(data))
        heads.append(frontier.root().hex())
    assert heads == list(HEADS)


@pytest.mark.parametrize("size", range(71))
def test_roots_and_proofs_are_those_of_the_definitions(size: int) -> None:
    leaves = LEAVES[:size]
    head = merkle.root(size, NODE)
    assert head == mth(leaves)
    for index in range(size):
        proof = merkle.inclusion(index, size, NODE)
        assert proof == path(index, leaves)
        assert merkle.verify_inclusion(leaves[index], index, size, proof, head)
    for old in range(size + 1):
        proof = merkle.consistency(old, size, NODE)
        assert proof == (subproof(old, leaves, True) if old else [])
        assert merkle.verify_consistency(old, mth(leaves[:old]), size, head, proof)


@given(st.data())
def test_a_wrong_inclusion_is_refused(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 70))
    index = data.draw(st.integers(0, size - 1))
    head = merkle.root(size, NODE)
    proof = merkle.inclusion(index, size, NODE)
    other = data.draw(st.integers(0, 69).filter(lambda number: number != index))
    assert not merkle.verify_inclusion(LEAVES[other], index, size, proof, head)
    assert not merkle.verify_inclusion(LEAVES[index], other, size, proof, head)
    assert not merkle.verify_inclusion(LEAVES[index], index, size, [*proof, LEAVES[0]], head)
    assert not merkle.verify_inclusion(LEAVES[index], index, size, proof, bytes(32))
    if proof:
        place = data.draw(st.integers(0, len(proof) - 1))
        assert not merkle.verify_inclusion(LEAVES[index], index, size, proof[:place] + proof[place + 1 :], head)
        assert not merkle.verify_inclusion(LEAVES[index], index, size, spoilt(proof, place), head)


@given(st.data())
def test_a_wrong_consistency_is_refused(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, 70))
    old = data.draw(st.integers(1, size - 1))
    old_root, head = mth(LEAVES[:old]), mth(LEAVES[:size])
    proof = merkle.consistency(old, size, NODE)
    place = data.draw(st.integers(0, len(proof) - 1))
    assert not merkle.verify_consistency(old, old_root, size, head, spoilt(proof, place))
    assert not merkle.verify_consistency(old, old_root, size, head, proof[:place] + proof[place + 1 :])
    assert not merkle.verify_consistency(old, old_root, size, head, [*proof, LEAVES[0]])
    assert not merkle.verify_consistency(old, bytes(32), size, head, proof)
    assert not merkle.verify_consistency(old, old_root, size, bytes(32), proof)
    assert not merkle.verify_consistency(size, head, old, old_root, proof)


def test_an_empty_proof_proves_nothing_but_the_same_and_the_empty_tree() -> None:
    head = mth(LEAVES[:4])
    assert merkle.verify_consistency(0, merkle.EMPTY_ROOT, 4, head, [])
    assert not merkle.verify_consistency(0, head, 4, head, [])
    assert not merkle.verify_consistency(2, mth(LEAVES[:2]), 4, head, [])
    assert not merkle.verify_consistency(4, head, 4, bytes(32), [])


@pytest.mark.parametrize(("index", "size"), [(0, 0), (3, 3), (-1, 3)])
def test_no_proof_for_a_leaf_outside(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="is not in a tree"):
        merkle.inclusion(index, size, NODE)
    assert not merkle.verify_inclusion(LEAVES[0], index, size, [], mth(LEAVES[:size]))


def spoilt(proof: list[bytes], place: int) -> list[bytes]:
    changed = bytes([proof[place][0] ^ 1]) + proof[place][1:]
    return [*proof[:place], changed, *proof[place + 1 :]]
