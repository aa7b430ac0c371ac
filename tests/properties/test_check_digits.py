"""Our check digits and those of python-stdnum, which is not ours, agree about any number."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.rules import digits, identity, uscc

pytest.importorskip("stdnum", reason="python-stdnum is not installed; `make check` installs it")

from stdnum import ean, imo, iso6346
from stdnum.cn import ric
from stdnum.cn import uscc as their_uscc

FIGURES = "0123456789"
DAYS = st.dates(date(1990, 1, 1), date(2020, 1, 1))
CODES = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def figures(count: int) -> st.SearchStrategy[str]:
    return st.text(FIGURES, min_size=count, max_size=count)


def any_end(body: st.SearchStrategy[str], ends: str) -> st.SearchStrategy[list[str]]:
    """A number with each check character that there could be."""
    return body.map(lambda text: [text + end for end in ends])


@given(any_end(st.one_of(figures(7), figures(11), figures(12), figures(13)), FIGURES))
def test_gs1(numbers: list[str]) -> None:
    assert [digits.gs1(one) for one in numbers] == [ean.is_valid(one) for one in numbers]


@given(any_end(figures(6), FIGURES))
def test_ships(numbers: list[str]) -> None:
    assert [digits.imo(one) for one in numbers] == [imo.is_valid(one) for one in numbers]


@given(any_end(st.builds(str.__add__, st.from_regex(r"[A-Z]{3}[UJZ]", fullmatch=True), figures(6)), FIGURES))
def test_containers(numbers: list[str]) -> None:
    assert [digits.iso6346(one) for one in numbers] == [iso6346.is_valid(one) for one in numbers]


@given(any_end(st.builds("91{}{}".format, figures(6), st.text(CODES, min_size=9, max_size=9)), CODES))
def test_social_credit_codes(numbers: list[str]) -> None:
    assert [uscc.valid(one) for one in numbers] == [their_uscc.is_valid(one) for one in numbers]


@given(any_end(st.builds("110105{:%Y%m%d}{}".format, DAYS, figures(3)), FIGURES + "X"))
def test_identity_numbers(numbers: list[str]) -> None:
    assert [identity.valid(one) for one in numbers] == [ric.is_valid(one) for one in numbers]
