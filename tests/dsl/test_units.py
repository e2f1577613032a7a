"""Units multiply and divide as numbers do, and only what is of one kind is added."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsl.units import COUNT, MONEY, NUMBER, SHARE, Unit, unit_of

PERSON = unit_of(("person",))
PER_PERSON = unit_of(("kr", "person"))
WORDS = st.lists(
    st.sampled_from(["kr", "person", "count", "share", "percent", "hour"]), min_size=1, max_size=3
)
UNITS = WORDS.map(tuple).map(unit_of)


@pytest.mark.parametrize(
    ("words", "unit"),
    [
        ((), NUMBER),
        (("kr",), MONEY),
        (("count",), COUNT),
        (("share",), SHARE),
        (("percent",), SHARE),
        (("kr", "person"), Unit((("kr", 1), ("person", -1)))),
        (("kr", "kr"), NUMBER),
        (("hour", "day", "person"), Unit((("day", -1), ("hour", 1), ("person", -1)))),
    ],
)
def test_the_unit_that_words_stand_for(words: tuple[str, ...], unit: Unit) -> None:
    assert unit_of(words) == unit


def test_persons_times_kronor_per_person_are_kronor() -> None:
    assert PERSON * PER_PERSON == MONEY
    assert MONEY / PERSON == PER_PERSON
    assert (PERSON * PER_PERSON).is_money
    assert not PER_PERSON.is_money


def test_only_kronor_are_money() -> None:
    assert MONEY.is_money
    assert not any(unit.is_money for unit in (NUMBER, COUNT, SHARE, PERSON, MONEY * MONEY))


@pytest.mark.parametrize(
    ("left", "right", "added"),
    [
        (MONEY, MONEY, MONEY),
        (MONEY, PERSON, None),
        (MONEY, NUMBER, None),
        (NUMBER, NUMBER, NUMBER),
        (COUNT, NUMBER, COUNT),
        (NUMBER, SHARE, SHARE),
        (COUNT, SHARE, None),
        (PER_PERSON, MONEY, None),
    ],
)
def test_what_can_be_added(left: Unit, right: Unit, added: Unit | None) -> None:
    assert left.added_to(right) == added


@given(UNITS, UNITS)
def test_the_order_of_a_sum_or_a_product_never_matters(left: Unit, right: Unit) -> None:
    assert left.added_to(right) == right.added_to(left)
    assert left * right == right * left


@given(UNITS, UNITS)
def test_dividing_undoes_multiplying(left: Unit, right: Unit) -> None:
    assert (left * right / right).powers == left.powers


@given(UNITS)
def test_a_unit_divided_by_itself_is_without_dimension(unit: Unit) -> None:
    assert (unit / unit).powers == ()


def test_a_share_of_a_count_is_a_count_and_a_count_per_count_a_number() -> None:
    assert COUNT * SHARE == COUNT
    assert SHARE * NUMBER == SHARE
    assert COUNT / COUNT == NUMBER
    assert COUNT / NUMBER == COUNT
