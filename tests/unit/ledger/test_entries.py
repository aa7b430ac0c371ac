"""The canonical form of entries."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.errors import LedgerBroken
from hub.ledger.entries import MAX_INTEGER, Entry

TEXT = st.text(st.characters(codec=None), max_size=12)
FACT = st.recursive(
    TEXT | st.integers(-MAX_INTEGER, MAX_INTEGER), lambda item: st.lists(item, max_size=3), max_leaves=6
)
ENTRIES = st.builds(
    Entry,
    kind=TEXT,
    at=st.integers(0, 4_000_000_000_000_000),
    case=st.none() | TEXT,
    transmission=st.none() | TEXT,
    facts=st.dictionaries(st.text("abcdefghij_-", min_size=1, max_size=5), FACT, max_size=4),
)


def test_the_form() -> None:
    entry = Entry("received", 1_795_449_600_000_001, None, "TR-1", {"size": 3, "name": '旅客\n"1"', "codes": ["7", 8]})
    assert entry.body() == (
        '{"at":"2026-11-23T16:00:00.000001Z","case":null,'
        '"facts":{"codes":["7",8],"name":"旅客\\n\\"1\\"","size":3},"kind":"received","transmission":"TR-1"}'
    )


def test_a_name_that_is_not_utf8_is_kept() -> None:
    name = b"caf\xe9.edi".decode("utf-8", "surrogateescape")
    body = Entry("received", 0, None, "TR-1", {"name": name}).body()
    assert '"name":"caf\\udce9.edi"' in body
    assert Entry.parse(body).facts["name"] == name


@given(ENTRIES)
def test_parse_is_the_inverse(entry: Entry) -> None:
    body = entry.body()
    assert Entry.parse(body) == entry
    body.encode("utf-8")  # always possible
    assert list(json.loads(body)) == ["at", "case", "facts", "kind", "transmission"]


BODY = Entry("opened", 0, "CS-1", None, {"a": 1, "b": ["x"]}).body()


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "null",
        "{}",
        BODY + " ",
        " " + BODY,
        BODY.replace('"a":1', '"a":1.0'),
        BODY.replace('"a":1', '"a":true'),
        BODY.replace('"a":1,', '"a":1,"a":1,'),
        BODY.replace('"a":1', '"a":null'),
        BODY.replace('"a":1', '"a":{}'),
        BODY.replace('"a":1', f'"a":{2**53}'),
        BODY.replace('"kind"', '"more":1,"kind"'),
        BODY.replace('"CS-1"', "1"),
        BODY.replace("1970-01-01T00:00:00.000000Z", "1970-01-01T00:00:00Z"),
        BODY.replace('"opened"', "[]"),
        BODY.replace("1970-01-01T00:00:00.000000Z", "yesterday"),
        BODY.replace("CS-1", "\\u0043S-1"),
        "[" * 100_000,
        BODY.replace('"a":1', '"a":NaN'),
        BODY.replace('["x"]', "[" * 50_000 + "]" * 50_000),
        "1" * 5_000,
        None,
        b"x",
        7,
    ],
)
def test_another_form_is_refused(body: object) -> None:
    with pytest.raises(LedgerBroken, match="not the canonical JSON"):
        Entry.parse(body)  # type: ignore[arg-type]
