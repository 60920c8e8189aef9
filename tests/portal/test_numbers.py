"""编号：one wrong or swapped character is always noticed."""

from hypothesis import given
from hypothesis import strategies as st

from portal.numbers import ALPHABET, clean_number, grouped, new_number


@given(st.integers(0, 8), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_noticed(place: int, other: str) -> None:
    number = new_number()
    wrong = number[:place] + other + number[place + 1 :]

    assert clean_number(wrong) == ("" if wrong != number else number)


@given(st.integers(0, 7))
def test_two_swapped_neighbours_are_noticed(place: int) -> None:
    number = new_number()
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]

    assert clean_number(swapped) == ("" if swapped != number else number)


@given(st.text(max_size=20))
def test_any_text_is_a_number_or_nothing(text: str) -> None:
    assert clean_number(text) in {"", clean_number(text)}
    assert all(character in ALPHABET for character in clean_number(text))


def test_numbers_are_read_in_groups_and_lower_case() -> None:
    number = new_number()

    assert clean_number(f" {grouped(number).lower()} ") == number
    assert clean_number("".join(chr(ord(sign) + 0xFEE0) for sign in number)) == number
    assert len(grouped(number)) == 11
