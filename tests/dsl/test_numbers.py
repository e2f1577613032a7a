"""Numbers are read as the language of the file writes them, or refused; never guessed at."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsl.numbers import (
    Language,
    NotANumber,
    format_number,
    has_finite_decimals,
    parse_data_number,
    parse_number,
)

LANGUAGES: tuple[Language, ...] = ("sv", "en")
DECIMALS = st.decimals(
    min_value=-(10**12), max_value=10**12, places=4, allow_nan=False, allow_infinity=False
).map(Fraction)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", "0"),
        ("750", "750"),
        ("750000000", "750000000"),
        ("750 000 000", "750000000"),
        ("750\u00a0000\u00a0000", "750000000"),
        ("750\u2009000\u2009000", "750000000"),
        ("750\u202f000\u202f000", "750000000"),
        ("1 234,50", "1234.5"),
        ("0,123", "0.123"),
        ("1,234", "1.234"),
        ("33,3333333", "33.3333333"),
        ("-5", "-5"),
        ("−5", "-5"),
        ("– 5", "-5"),
        ("  7 ", "7"),
        ("007", "7"),
    ],
)
def test_swedish_numbers(text: str, value: str) -> None:
    assert parse_number(text, "sv") == Fraction(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("750,000,000", "750000000"),
        ("750 000 000", "750000000"),
        ("1,234", "1234"),
        ("1,234.5", "1234.5"),
        ("1 234.5", "1234.5"),
        ("0.125", "0.125"),
        ("1.234", "1.234"),
        ("−1,000", "-1000"),
    ],
)
def test_english_numbers(text: str, value: str) -> None:
    assert parse_number(text, "en") == Fraction(value)


@pytest.mark.parametrize(
    ("text", "language", "reason", "suggestion"),
    [
        ("97 08 737", "sv", "grouping", "9708737"),
        ("544 99 160", "sv", "grouping", "54499160"),
        ("0 123", "sv", "grouping", "123"),
        ("1234 567", "sv", "grouping", "1234567"),
        ("12  345", "sv", "grouping", "12345"),
        ("12 345\u00a0678", "sv", "grouping", "12345678"),
        ("97 08 737", "en", "grouping", "9708737"),
        ("97,08,737", "en", "grouping", None),
        ("0,123", "en", "separator", "0.123"),
        ("750.000.000", "sv", "separator", "750000000"),
        ("750.000.000", "en", "separator", "750000000"),
        ("750,000,000", "sv", "separator", "750000000"),
        ("1.234.567,89", "sv", "separator", "1234567.89"),
        ("3.5", "sv", "separator", "3.5"),
        ("3,5", "en", "separator", "3.5"),
        ("1,2,3", "sv", "grouping", None),
        ("1,23 4", "sv", "grouping", None),
    ],
)
def test_traps_are_refused_with_what_was_probably_meant(
    text: str, language: Language, reason: str, suggestion: str | None
) -> None:
    meant = None if suggestion is None else Fraction(suggestion)
    assert parse_number(text, language) == NotANumber(reason, meant)


def test_a_point_before_three_digits_is_no_swedish_number() -> None:
    assert parse_number("1.234", "sv") == NotANumber("separator", Fraction(1234))


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "-", "kr", "1e3", "1/2", "1_000", "12a", ",5", "5,", ".5", "5.", "+5", "--5"),
        *("1'000", "٣", "３", "²", "½", "1\n2", "1\t000", "∞", "nan", "0x10"),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_no_number(text: str, language: Language) -> None:
    assert parse_number(text, language) == NotANumber("not_a_number")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_number_has_a_longest_length(language: Language) -> None:
    longest = Fraction("9" * 40)
    assert parse_number("9" * 40, language) == longest
    assert parse_number(format_number(longest, language), language) == longest
    assert parse_number("9" * 41, language) == NotANumber("too_long")
    assert parse_number("9" * 100_000, language) == NotANumber("too_long")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1234", "1234"),
        ("1 234", "1234"),
        ("1 234,5", "1234.5"),
        ("12,5", "12.5"),
        ("12.5", "12.5"),
        ("0,125", "0.125"),
        ("0.125", "0.125"),
        ("-0.125", "-0.125"),
        ("12.3456", "12.3456"),
        ("1,234.5", "1234.5"),
        ("750,000,000", "750000000"),
    ],
)
def test_a_data_file_may_use_either_way_of_writing(text: str, value: str) -> None:
    assert parse_data_number(text) == Fraction(value)


@pytest.mark.parametrize("text", ["1,234", "123,456", "1.234", "123.456", "-1.234"])
def test_what_the_two_ways_read_differently_is_refused(text: str) -> None:
    assert parse_data_number(text) == NotANumber("ambiguous")


@pytest.mark.parametrize("text", ["97 08 737", "750.000.000", "", "abc", "1.234.567,89"])
def test_what_neither_way_reads_is_refused(text: str) -> None:
    found = parse_data_number(text)
    assert isinstance(found, NotANumber)
    assert found.reason != "ambiguous"


@given(DECIMALS, st.sampled_from(LANGUAGES), st.sampled_from([" ", "\u00a0", "\u202f"]))
def test_a_number_is_read_as_it_was_written(
    value: Fraction, language: Language, blank: str
) -> None:
    assert parse_number(format_number(value, language, blank), language) == value


@given(st.text("0123456789 \u00a0.,−-", max_size=14), st.sampled_from(LANGUAGES))
def test_whatever_is_read_has_the_digits_that_were_written(text: str, language: Language) -> None:
    found = parse_number(text, language)
    if isinstance(found, Fraction):
        mark = "," if language == "sv" else "."
        digits = "".join(char for char in text if char.isdigit() or char == mark)
        assert abs(found) == Fraction(Decimal(digits.replace(",", ".")))


@pytest.mark.parametrize(
    ("value", "swedish", "english"),
    [
        ("0", "0", "0"),
        ("999", "999", "999"),
        ("1000", "1_000", "1_000"),
        ("-1234567.25", "−1_234_567,25", "−1_234_567.25"),
        ("0.001", "0,001", "0.001"),
        ("1/3", "1/3", "1/3"),
        ("-1000/3", "−1_000/3", "−1_000/3"),
    ],
)
def test_numbers_are_written_with_groups_of_three(value: str, swedish: str, english: str) -> None:
    number = Fraction(value)
    assert format_number(number, "sv") == swedish.replace("_", "\u00a0")
    assert format_number(number, "en", " ") == english.replace("_", " ")


@given(st.fractions(max_denominator=2000))
def test_finite_decimals_are_those_whose_denominator_divides_a_power_of_ten(
    value: Fraction,
) -> None:
    assert has_finite_decimals(value) == (10**11 % value.denominator == 0)
