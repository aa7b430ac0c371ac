"""Segment tables of the UN/EDIFACT directories: positions, marks, wrapped names, and groups drawn as brackets."""

import pytest

from tools.untdid import archive, messages
from tools.untdid.facts import Row

MESSAGE = """\
                UNITED NATIONS STANDARD MESSAGE (UNSM)

                       Parrot report
                          message

           4.3.1 Segment table

4.3.1  Segment table

Pos    Tag Name                                      S   R

0010   UNH Message header                            M   1
0020 + BGM Beginning of message                      M   1

0030       ----- Segment group 1  ------------------ C   9-----------+
0040   NAD Name and address                          M   1           |
                                                                     |
0050       ----- Segment group 2  ------------------ C   99999------+|
0060   CTA Contact information                       M   1          ||
0070 X COM Communication contact                     C   5----------++

0080       ----- Segment group 3  ------------------ M   1-----------+
0090   LOC A very long name that goes on in the
               next line                             M   1-----------+
     - TMP Temperature                               M   1
0100   UNT Message trailer                           M   1
"""


def outline(rows: tuple[Row, ...]) -> str:
    return " ".join(
        f"{row.tag} {'M' if row.mandatory else 'C'}{row.max}" + (f" ({outline(row.children)})" if row.children else "")
        for row in rows
    )


def test_a_segment_table_with_nested_groups() -> None:
    reading = messages.read(MESSAGE)
    table = reading.table
    assert table.title == "Parrot report message"
    assert outline(table.rows) == (
        "UNH M1 BGM M1 SG1 C9 (NAD M1 SG2 C99999 (CTA M1 COM C5)) SG3 M1 (LOC M1)"  # TMP is deleted
    )
    assert (reading.problems, reading.notes) == ([], [])


def test_boxes_drawn_in_cp437_read_alike() -> None:
    drawn = MESSAGE
    for line in MESSAGE.split("\n"):
        head, bracket = line[:60], line[60:]
        box = bracket.replace("-", "─").replace("|", "│")
        box = box.replace("+", "┐" if "group" in head else "┘")
        drawn = drawn.replace(line, head.replace("-----", "─────") + box)
    assert "┐" in drawn
    assert messages.read(archive.plain(drawn.encode("cp437"))) == messages.read(MESSAGE)


def test_a_table_that_stands_twice_is_read_to_its_first_end() -> None:
    rest = "0010   UNH Message header                            M   1\n0020   UNT Message trailer      M   1\n"
    reading = messages.read(MESSAGE + rest)
    assert reading.table == messages.read(MESSAGE).table
    assert (reading.problems, reading.notes) == ([], ["rows follow its last segment; left out"])


def test_an_annex_is_not_read() -> None:
    annex = "\nInformative annex: extended segment table\n\n0010   UNH Message header      M   1\n"
    assert messages.read(MESSAGE + annex) == messages.read(MESSAGE)


def test_a_table_that_begins_twice_is_read_from_its_second_beginning() -> None:
    begun = MESSAGE.replace("0030 ", "0010   UNH Message header      M   1\n0020   BGM Beginning      M   1\n\n0030 ")
    reading = messages.read(begun)
    assert reading.table == messages.read(MESSAGE).table
    assert "its table begins twice; read from the second beginning" in reading.notes


def test_a_row_that_is_lost_in_print_is_told() -> None:
    lost = MESSAGE.replace("0020 + BGM Beginning of message                      M   1\n", "")
    assert messages.read(lost).notes == ["no row between 0010 and 0030"]


def test_the_older_layout_without_positions() -> None:
    reading = messages.read(
        """\
                    DRAFT RECOMMENDATION

PARROT REPORT MESSAGE

4.2.2 Segment Table

  TAG  NAME                                 S   REPT  S   REPT

  UNH  Message header                       M      1
* DTM  Date/time/period                     M     10

  --- Segment Group 1 ------------------------------- C     10 ------+
  RFF  Reference                            M      1                 |
- FTX  Free text                            C      1                 |
  DTM  Date/time/period                     C      1 ----------------+
  UNT  Message trailer                      M      1
"""
    )
    assert reading.table.title == "PARROT REPORT MESSAGE"
    assert outline(reading.table.rows) == "UNH M1 DTM M10 SG1 C10 (RFF M1 DTM C1)"
    assert reading.problems == []


def test_a_stray_bracket_is_told_and_closes_nothing() -> None:
    stray = MESSAGE.replace(
        "0040   NAD Name and address                          M   1           |",
        "0040   NAD Name and address                          M   1----------+|",
    )
    reading = messages.read(stray)
    assert reading.table == messages.read(MESSAGE).table
    assert reading.problems == ["a bracket closes a group that is not open, at 0040"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (MESSAGE.replace("0100   UNT", "0100   UNX"), "does not end with UNT"),
        (MESSAGE.replace("5----------++", "5----------+|"), "SG1 is never closed"),
        (
            MESSAGE.replace("CTA Contact information                       M", "CTA Contact information   C"),
            "SG2 does not",
        ),
        ("nothing", "has no segment table"),
    ],
)
def test_what_is_wrong_with_a_message_is_told(text: str, problem: str) -> None:
    assert any(told.startswith(problem) for told in messages.read(text).problems)
