"""The check of citations finds what disagrees."""

from pathlib import Path

import pytest

from tools.clauses import Row, cited, problems, rows

ROW = Row(1, "RFC 6962 §2.1", "yes", ("hub/merkle.py",))
FOUND = {"RFC 6962 §2.1": {"hub/merkle.py"}}


def test_a_list_that_agrees_has_no_problems() -> None:
    assert list(problems(FOUND, [ROW])) == []


@pytest.mark.parametrize(
    ("found", "listed", "complaint"),
    [
        (FOUND, [], "is cited in hub/merkle.py and not listed"),
        ({}, [ROW], "no code cites it"),
        (FOUND, [ROW, ROW], "listed twice"),
        (FOUND, [Row(1, "RFC 6962 §2.1", "maybe", ("hub/merkle.py",))], "'maybe' is not one of"),
        (FOUND, [Row(1, "RFC 6962 §2.1", "yes", ("hub/tree.py",))], "`hub/tree.py` does not cite it"),
        (FOUND, [Row(1, "RFC 6962 §2.1", "yes", ())], "`hub/merkle.py` cites it too"),
    ],
)
def test_what_disagrees_is_reported(found: dict[str, set[str]], listed: list[Row], complaint: str) -> None:
    assert complaint in "\n".join(problems(found, listed))


def test_a_clause_that_we_do_not_follow_needs_no_citation() -> None:
    assert list(problems({}, [Row(1, "RFC 6962 §3", "no", ())])) == []


def test_citations_are_found_in_the_code(tmp_path: Path) -> None:
    (tmp_path / "hub").mkdir()
    (tmp_path / "hub" / "merkle.py").write_text('"""The tree (RFC 6962 §2.1)."""\n', "utf-8")
    assert cited(tmp_path) == FOUND


def test_rows_are_read_from_the_table() -> None:
    table = (
        "| clause | what | done | where |\n| --- | --- | --- | --- |\n| RFC 1 §2 | text | partly | `a.py`, `b.py` |\n"
    )
    assert list(rows(table)) == [Row(3, "RFC 1 §2", "partly", ("a.py", "b.py"))]
