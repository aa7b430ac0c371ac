"""Packages: objects of any bytes between UNO and UNP, counted and never cut."""

from base64 import b64decode
from dataclasses import replace

import pytest

from hub.formats.edifact.limits import Limits
from hub.formats.edifact.reader import gather
from hub.formats.source import Memory

HEAD = b"UNB+UNOC:4+A+B+20261123:1200+7'"
MESSAGE = b"UNH+1+PAXLST:D:02B:UN'BGM+745'NAD+MS+++A'TDT+20+OA1'DTM+189:261123:101'UNT+6+1'"
NASTY = b"'UNZ+1+7'UNB+UNOC:4+X+Y?'\x00\xff\r\n\x1b'UNP+3+P1'UNO+'" * 3


def _package(content, ref=b"P1", declared=None, before=b"", after=b"", feed=b""):
    length = len(content) if declared is None else declared
    count = b":%d" % before.count(b"'") if before else b""
    return b"".join(
        (
            b"UNO+%s+1:OBJ1*2:REF2+48:PDF+%d%s'" % (ref, length, count),
            before,
            feed,
            content,
            after,
            b"UNP+%d+%s'" % (length, ref),
        )
    )


def _wrap(*parts, count=1):
    return HEAD + b"".join(parts) + b"UNZ+%d+7'" % count


def _codes(reading):
    return [finding.code[8:] for finding in reading.all_findings()]


@pytest.mark.parametrize("content", [b"", b"%PDF", NASTY, bytes(range(256)) * 50, b"\r\n", b"'"])
def test_an_object_between_messages(read, content):
    data = _wrap(MESSAGE, _package(content), MESSAGE.replace(b"+1+P", b"+2+P").replace(b"UNT+6+1", b"UNT+6+2"), count=3)
    reading = read(data)
    assert _codes(reading) == []
    first, package, last = reading.interchanges[0].messages
    assert (package.type, package.ref, package.segments) == ("edifact:S4:PACKAGE", "P1", 2)
    assert b64decode(package.document["object"]) == content
    assert package.document["UNO"]["S020"] == [{"0813": "1", "0802": "OBJ1"}, {"0813": "2", "0802": "REF2"}]
    assert data[package.start : package.end] == _package(content)
    assert first.valid
    assert last.valid


def test_objects_in_a_group(read):
    group = b"UNG+PAXLST+A+B+20261123:1200+G1+UN+D:02B'" + MESSAGE + _package(NASTY) + b"UNE+2+G1'"
    reading = read(_wrap(group))
    assert _codes(reading) == []
    assert [message.group_ref for message in reading.interchanges[0].messages] == ["G1", "G1"]


def test_blocks_make_no_difference(catalog):
    parts = [_package(NASTY * 40, ref=b"P%d" % number) for number in range(30)]
    data = _wrap(*parts, count=30)
    whole = gather(Memory(data), catalog, None, Limits())
    assert whole.valid
    assert gather(Memory(data), catalog, None, Limits(block=2200)) == whole


def test_security_segments_around_the_object(read):
    before, after = b"USH+7+1'USA+1:16:1'", b"UST+1+5'USR+1:ABC'"
    reading = read(_wrap(_package(NASTY, before=before, after=after)))
    assert _codes(reading) == []
    document = reading.interchanges[0].messages[0].document
    assert [next(iter(one)) for one in document["before"]] == ["USH", "USA"]
    assert [next(iter(one)) for one in document["after"]] == ["UST", "USR"]
    assert b64decode(document["object"]) == NASTY
    assert reading.interchanges[0].messages[0].segments == 6


@pytest.mark.parametrize("feed", [b"\r\n", b"\n"])
def test_a_line_break_that_nobody_counted(read, feed):
    trailer = b"UNP+%d" % len(NASTY)
    reading = read(_wrap(_package(NASTY, feed=feed)).replace(trailer, feed + trailer))
    assert _codes(reading) == []
    assert b64decode(reading.interchanges[0].messages[0].document["object"]) == NASTY


@pytest.mark.parametrize("declared", [3, 17, 500, 10**17])
def test_a_wrong_length_is_found_and_the_trailer_too(read, declared):
    content = b"plain text of 26 octets..."
    reading = read(_wrap(_package(content, declared=declared), MESSAGE, count=2))
    assert _codes(reading) == ["object-length", "object-length"]
    package, message = reading.interchanges[0].messages
    assert b64decode(package.document["object"]) == content
    assert message.valid


def test_a_package_cut_short(read):
    reading = read(HEAD + _package(b"A" * 1000)[:500])
    assert _codes(reading) == ["unz-missing", "unp-missing"]


def test_a_package_without_trailer(read):
    reading = read(HEAD + b"UNO+P1+1:OBJ1+48:PDF+3'XYZ'" + MESSAGE + b"UNZ+2+7'")
    assert "unp-missing" in _codes(reading)
    assert reading.interchanges[0].messages[1].valid


def test_references(read):
    twice = _wrap(_package(b"A"), _package(b"B"), count=2)
    assert _codes(read(twice)) == ["message-duplicate"]
    assert _codes(read(_wrap(_package(b"A")).replace(b"UNP+1+P1", b"UNP+1+P2"))) == ["unp-ref"]
    assert _codes(read(_wrap(_package(b"A")).replace(b"UNP+1+P1", b"UNP+2+P1"))) == ["object-length"]


def test_an_object_beyond_the_bound_is_passed_over(read, catalog):
    data = _wrap(_package(NASTY * 100), MESSAGE, count=2)
    reading = gather(Memory(data), catalog, None, replace(Limits(), message=1000))
    assert _codes(reading) == ["limit-object"]
    package, message = reading.interchanges[0].messages
    assert "object" not in package.document
    assert message.valid


def test_before_version_4_there_are_no_objects(read):
    reading = read(_wrap(MESSAGE, _package(b"A")).replace(b"UNOC:4", b"UNOC:3"))
    assert _codes(reading) == ["segment-outside"]
