"""Code tables: what is written as lines is read again; days decide as they are counted by hand; any text is a table or
a ConfigError; a translation never chooses."""

import tempfile
from datetime import date, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from hub.errors import ConfigError
from hub.schema import codes
from hub.schema.codes import CodeTable

HEAD = "=source Invented.\n=date 2026-06-01\n"
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\x85\u2028\u2029"), max_size=6)
CODE = TEXT.filter(bool)
DAYS = [date(2026, 1, 1) + timedelta(days=number) for number in range(12)]
LIMIT = st.sampled_from([None, *DAYS])
PIECE = st.sampled_from(
    ["=", "=source x", "=date 2026-06-01", "\t", "\n", "\r\n", "#", "zh", "code", "from", "2026-06-01", "甲"]
)


def load(text: str) -> CodeTable:
    """The table that ``text`` is."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.tsv"
        path.write_text(text, "utf-8", newline="")
        return codes.load(path)


@given(st.dictionaries(CODE, st.tuples(TEXT, TEXT, TEXT), max_size=20))
def test_what_is_written_is_read(rows: dict[str, tuple[str, str, str]]) -> None:
    lines = ["code\tzh\ten\tother", *("\t".join((code, *cells)) for code, cells in rows.items())]
    table = load(HEAD + "\n".join(lines) + "\n")
    read = {code.value: tuple(table.text(code, name) for name in ("zh", "en", "other")) for code in table.rows}
    assert read == rows
    assert list(table.codes) == list(rows)


@given(st.lists(st.tuples(LIMIT, LIMIT), min_size=1, max_size=4))
def test_two_rows_of_a_code_never_hold_on_one_day(periods: list[tuple[date | None, date | None]]) -> None:
    held = [
        [day for day in DAYS if (not since or since <= day) and (not until or day <= until)] for since, until in periods
    ]
    backward = any(since and until and since > until for since, until in periods)
    fine = not backward and len({day for days in held for day in days}) == sum(map(len, held))
    rows = (f"1\t{number}\t{since or ''}\t{until or ''}" for number, (since, until) in enumerate(periods))
    text = HEAD + "code\tzh\tfrom\tuntil\n" + "\n".join(rows)
    try:
        table = load(text)
    except ConfigError:
        assert not fine
        return
    assert fine
    for day in DAYS:
        wanted = [str(number) for number, days in enumerate(held) if day in days]
        found = table.get("1", day)
        assert [found.zh] == wanted if found else not wanted
        assert [code.zh for code in table.find("code", "1", day)] == wanted
        assert [code.zh for code in table.current(day)] == wanted


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from(["", "x", "y"]), st.sampled_from(["", "1", "2"])), max_size=9
    )
)
def test_a_translation_never_chooses(cells: list[tuple[str, str, str]]) -> None:
    rows = (f"{number}\t{zh}\t{one}\t{two}" for number, (zh, one, two) in enumerate(cells))
    made = load(HEAD + "code\tzh\tone\ttwo\n" + "\n".join(rows)).translation("one", "two")
    for value in ("x", "y"):
        wanted = {two for _, one, two in cells if one == value}
        assert set(made.ambiguous.get(value, ())) == (wanted if len(wanted) > 1 else set())
        assert made.values.get(value) == (wanted.pop() if len(wanted) == 1 and wanted != {""} else None)


@given(st.lists(PIECE | TEXT, max_size=30).map("".join))
def test_any_text_is_a_table_or_is_refused(text: str) -> None:
    problems: list[str] = []
    rows: tuple[codes.Code, ...] = ()
    try:
        rows = load(text).rows
    except ConfigError as error:
        problems = error.problems
    assert all("t.tsv:" in problem for problem in problems)
    assert all(code.value for code in rows)
