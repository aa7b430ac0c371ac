"""SFTP packets, SSH keys."""

import doctest
import struct
from pathlib import Path

import paramiko
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.sftp import wire
from hub.sftp.ssh import KeyUnusable, private_key, public_blob
from hub.sftp.wire import Attributes, Fields, Malformed, Op, Packets, Status


def test_examples() -> None:
    assert doctest.testmod(wire).failed == 0


def test_a_request_as_the_draft_writes_it() -> None:
    """draft-ietf-secsh-filexfer-02 §3 and §6.3."""
    assert wire.packet(Op.CLOSE, 7, wire.string(b"h")) == b"\0\0\0\x0a\x04\0\0\0\x07\0\0\0\x01h"
    assert wire.status(1, Status.OK, "")[4:] == b"\x65\0\0\0\x01\0\0\0\0\0\0\0\0\0\0\0\x02en"


@given(st.lists(st.tuples(st.integers(0, 255), st.binary(max_size=300)), max_size=5), st.integers(1, 50))
def test_packets_come_out_as_they_went_in_however_they_are_cut(sent: list[tuple[int, bytes]], cut: int) -> None:
    stream = b"".join(struct.pack(">IB", len(body) + 1, op) + body for op, body in sent)
    packets, came = Packets(), list[tuple[int, bytes]]()
    for at in range(0, len(stream), cut):
        packets.feed(stream[at : at + cut])
        came += list(packets)
    assert came == sent


@pytest.mark.parametrize("length", [0, wire.MAX_PACKET + 1, 0xFFFFFFFF])
def test_a_length_that_no_packet_has(length: int) -> None:
    packets = Packets()
    packets.feed(struct.pack(">I", length))
    with pytest.raises(Malformed):
        list(packets)


sizes, numbers = st.none() | st.integers(0, 2**64 - 1), st.none() | st.integers(0, 2**32 - 1)


@given(st.builds(Attributes, sizes, numbers, numbers))
def test_attributes_there_and_back(attributes: Attributes) -> None:
    assert Fields(attributes.pack()).attributes() == attributes
    theirs = paramiko.SFTPAttributes._from_msg(paramiko.Message(attributes.pack()))
    assert (theirs.st_size, theirs.st_mode, theirs.st_mtime) == (attributes.size, attributes.mode, attributes.modified)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for read in (Fields.attributes, Fields.text, Fields.uint64):
        try:
            read(Fields(data))
        except Malformed:
            continue


def test_many_extended_attributes_end_with_the_packet() -> None:
    with pytest.raises(Malformed):
        Fields(struct.pack(">II", 0x80000000, 0xFFFFFFFF) + wire.string("a") + wire.string("b")).attributes()


def test_a_listing_line() -> None:
    line = Attributes(1234, 0o100640, 1_000_000_000).long_name("订单.edi")
    assert line == "-rw-r-----    1 hub      hub              1234 Sep 09 2001 订单.edi"


@pytest.mark.parametrize("line", ["", "ssh-ed25519", "ssh-ed25519 !!!", "ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIA=="])
def test_what_is_no_public_key(line: str) -> None:
    with pytest.raises(KeyUnusable):
        public_blob(line)


def test_what_is_no_private_key(tmp_path: Path) -> None:
    with pytest.raises(KeyUnusable, match="ssh-keygen"):
        private_key(tmp_path / "absent")
    (tmp_path / "key").write_text("not a key")
    with pytest.raises(KeyUnusable, match="ssh-keygen"):
        private_key(tmp_path / "key")
    paramiko.RSAKey.generate(1024).write_private_key_file(str(tmp_path / "short"))
    with pytest.raises(KeyUnusable, match="1024 bits"):
        private_key(tmp_path / "short")
