"""Check digits: numbers that are right, and that any wrong digit makes wrong."""

import pytest

from hub.rules.digits import CHECKS

RIGHT = [
    ("gs1", "96385074"),
    ("gs1", "036000291452"),
    ("gs1", "4006381333931"),
    ("gs1", "00012345600012"),
    ("gs1", "106141411234567897"),
    ("iso6346", "CSQU3054383"),
    ("iso6346", "TOLU2566410"),
    ("imo", "9074729"),
    ("awb", "12512345675"),
    ("awb", "125-12345675"),
]


@pytest.mark.parametrize(("name", "number"), RIGHT)
def test_right_and_any_other_check_digit_wrong(name, number):
    check = CHECKS[name]
    assert check(number)
    assert sum(check(number[:-1] + digit) for digit in "0123456789") == 1


@pytest.mark.parametrize("name", CHECKS)
@pytest.mark.parametrize("text", ["", "X", "٤٠٠٦", "1-2", "CSQU 305438", "CSQX3054383", "12345678A5", "-" * 50])
def test_what_is_no_such_number(name, text):
    assert not CHECKS[name](text)


def test_a_container_whose_remainder_is_ten():
    assert CHECKS["iso6346"]("HLXU2008419") == (sum_of("HLXU200841") % 11 % 10 == 9)
    found = [number for number in range(200) if sum_of(f"HLXU{number:06}") % 11 == 10]
    assert found
    assert all(CHECKS["iso6346"](f"HLXU{number:06}0") for number in found)


def sum_of(number: str) -> int:
    """The weighted sum, counted from the alphabet anew."""
    values, value = {}, 10
    for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ":
        value += value % 11 == 0
        values[letter] = value
        value += 1
    return sum((values[char] if char.isalpha() else int(char)) * 2**at for at, char in enumerate(number))
