"""Texts in aligned columns."""

import string

from hypothesis import given
from hypothesis import strategies as st

from desk.text_table import Grid, broken_text, length, listed, said_of

NO_BREAK = "\u00a0"

words = st.text(string.ascii_letters + "åäö", min_size=1, max_size=12)
phrases = st.lists(words, min_size=1, max_size=12).map(" ".join)
numbers = st.integers(0, 10**10).map(lambda n: f"{n:,}".replace(",", NO_BREAK))


def test_numbers_stand_to_the_right_below_their_headings() -> None:
    grid = Grid(("Region", "kronor"), (("Gotland", "7"), ("Skåne", "12 345 678")), ("Summa", "1"))
    assert list(grid.lines(100)) == [
        "Region       kronor",
        "───────────────────",
        "Gotland           7",
        "Skåne    12 345 678",
        "───────────────────",
        "Summa             1",
    ]


def test_long_headings_stand_on_several_lines() -> None:
    heading = "Medel för uppfyllda prestationskrav"
    grid = Grid(("Region", heading, "B"), (("Gotland", "1", "2"),))
    assert list(grid.lines(100))[:3] == [
        "               Medel för",
        "               uppfyllda",
        "Region   prestationskrav  B",
    ]


@given(st.lists(st.tuples(words, numbers, numbers, numbers), min_size=1, max_size=4))
def test_every_row_of_a_table_ends_where_its_line_does(rows: list[tuple[str, ...]]) -> None:
    lines = list(Grid(("Region", "ett", "två", "tre"), tuple(rows)).lines(100))
    assert {length(line) for line in lines} == {length(lines[1])}


@given(st.lists(st.tuples(words, phrases), max_size=6), st.integers(60, 120))
def test_the_last_column_of_a_list_is_broken_and_loses_nothing(
    rows: list[tuple[str, str]], width: int
) -> None:
    lines = listed(rows, width)
    assert all(length(line) <= width for line in lines)
    assert " ".join(lines).split() == " ".join(" ".join(row) for row in rows).split()


@given(phrases, st.integers(15, 60))
def test_broken_text_keeps_its_words(text: str, width: int) -> None:
    lines = broken_text(text, width)
    assert " ".join(lines) == text
    assert all(len(line) <= width for line in lines)


def test_an_amount_is_never_broken() -> None:
    text = "av 150 000 000 kr går 10 % hit"
    assert broken_text(text, 16) == [
        "av",
        f"150{NO_BREAK}000{NO_BREAK}000{NO_BREAK}kr",
        f"går 10{NO_BREAK}% hit",
    ]


def test_colours_take_no_room() -> None:
    assert length("\x1b[32m✓\x1b[0m") == 1


def test_a_list_may_be_empty() -> None:
    assert listed([], 100) == []


@given(st.lists(st.tuples(phrases, phrases), min_size=1, max_size=4))
def test_what_is_said_of_the_rules_keeps_to_the_width(rows: list[tuple[str, str]]) -> None:
    assert all(len(line) <= 50 for line in said_of(rows, 50))
