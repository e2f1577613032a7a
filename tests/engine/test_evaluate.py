"""What stops a run, what it says then, and how far earned amounts could overdraw a pot."""

from collections.abc import Iterable

import pytest

from dsl.catalogue import LANGUAGES, sentences
from dsl.findings import Exact, Finding, Kronor
from engine.column import Column
from engine.evaluate import NotConservedError, evaluate
from engine.graph import Step
from engine.outcome import Outcome
from tests.test_constructs import given, ran

TO_SKR = "pott P = 2 000 kr\n  b till SKR\n  resten efter befolkning\n"


def found(rules: str, code: str) -> Finding:
    """The only finding of the rules, which can be said in both languages."""
    (one,) = (one for one in ran(rules).findings if one.code not in {"N101", "N207"})
    assert one.code == code
    for language in LANGUAGES:
        assert sentences(one, language).title
    return one


# ---------------------------------------------------------------- amounts below zero


def test_who_would_get_less_than_nothing_is_named() -> None:
    each = TO_SKR.replace("till SKR", "till varje mottagare")
    one = found(f"belopp b = 100 kr − 200 kr\n{TO_SKR}", "F512")
    assert (one.data["recipient"], one.data["amount"]) == ("SKR", Kronor(-100))
    one = found(f"belopp b = sökt − 500 kr\n{each}", "F512")
    assert (one.data["recipient"], one.data["amount"]) == ("Alby", Kronor(-100))
    one = found(f"belopp b = 100 kr − 200 kr\n{each}", "F512")
    assert sentences(one, "sv").title.startswith("beloppet till mottagare i potten P")


# ---------------------------------------------------------------- division by zero


ZERO = "värde noll = summan av befolkning − 5 300 personer\npott P = 1 kr\n  allt efter sökt\n"


def test_a_division_by_a_single_zero_is_no_recipients() -> None:
    one = found(f"{ZERO}värde x = befolkning / noll\npott Q = 1 kr\n  allt efter x\n", "F504")
    assert one.data["all"] == Exact(1)
    assert "recipient" not in one.data


def test_a_check_or_a_column_that_divides_by_zero_is_said_to_and_the_rest_is_shown() -> None:
    for line in (
        "kontroll summan av befolkning / noll = 1\n",
        "kontroll 1 = summan av befolkning / noll\n",
        "tabell T\n  kolumn befolkning / noll som Kvot\n  summa Totalt\n",
    ):
        found(f"{ZERO}{line}", "F504")
        outcome = ran(f"{ZERO}{line}")
        assert outcome.result is not None
        assert outcome.result.ledger.of_pot("P") == (0, 0, 1)


# ---------------------------------------------------------------- checks


def test_a_check_of_numbers_without_a_unit_says_the_numbers() -> None:
    pot = "pott P = 1 kr\n  allt efter sökt\n"
    one = found(f"{pot}kontroll 2 = 3\n", "F601")
    assert (one.data["calculated"], one.data["asserted"]) == (Exact(2), Exact(3))


def test_a_check_that_begins_with_a_pot_names_the_recipient_who_fails() -> None:
    pot = "pott P = 1 000 kr\n  allt efter sökt\n"
    one = found(f"{pot}kontroll P × andel befolkning ≤ sökt\n", "F602")
    assert one.data["recipient"] == "Centrum"


# ---------------------------------------------------------------- rounded values


def test_a_value_of_nothing_rounded_together_is_nothing() -> None:
    value = "värde v, avrunda till 2 decimaler, största rest = befolkning − befolkning\n"
    pot = "pott P = 3 kr\n  allt efter v + 1 person\n"
    outcome = ran(value + pot)
    assert outcome.result is not None
    assert outcome.result.values["v"] == Column((0, 0, 0))
    assert given(value + pot) == (1, 1, 1)


# ---------------------------------------------------------------- money is conserved


def steps_of(outcome: Outcome) -> tuple[Step, ...]:
    assert outcome.plan is not None
    return tuple(outcome.plan.steps)


def evaluated(outcome: Outcome, steps: Iterable[Step]) -> None:
    assert outcome.program is not None
    figures = {name: one.column for name, one in outcome.figures.items()}
    evaluate(outcome.program, steps, figures)


def test_a_plan_that_leaves_out_a_split_raises_instead_of_losing_the_money() -> None:
    outcome = ran("pott P = 1 000 kr\n  allt efter befolkning\n")
    steps = steps_of(outcome)
    with pytest.raises(NotConservedError):
        evaluated(outcome, steps[:-1])


def test_money_that_comes_to_a_pot_after_it_was_filled_raises() -> None:
    rules = (
        "pott P = 1 000 kr, avrunda till 1 kr, nedåt, resten till Q\n  allt efter befolkning\n"
        "pott Q\n  allt efter sökt\n"
    )
    outcome = ran(rules)
    assert outcome.result is not None
    steps = list(steps_of(outcome))
    early = [one for one in steps if one.name == "Q"]
    late = [one for one in steps if one.name != "Q"]
    with pytest.raises(NotConservedError):
        evaluated(outcome, [*early, *late])


# ---------------------------------------------------------------- how much can be overdrawn


def notes(rules: str) -> list[Finding]:
    return [one for one in ran(rules).findings if one.code == "N207"]


COUNTED = "underlag antalet, antal per mottagare\n  från data/u.csv, kolumn bef\n  källa x\n"
BOUNDED = f"{COUNTED}  minst 0\n  högst {{}}\n"
POT = "pott P = 100 000 kr\n  b till varje mottagare\n  resten till SKR\n"


def most(value: str, high: str = "9 000", pot: str = POT) -> Kronor | None:
    """The most that the amounts can be together; None when nothing limits them."""
    (note,) = notes(f"{BOUNDED.format(high)}{value}{pot}")
    for language in LANGUAGES:
        assert sentences(note, language).title
    found = note.data.get("most")
    assert found is None or isinstance(found, Kronor)
    return found


def test_amounts_that_go_to_one_name_are_bounded_too() -> None:
    value = "belopp b = 20 kr × antalet\n"
    for pot in ("till varje mottagare", "till SKR"):
        rules = f"pott P = 200 000 kr\n  b {pot}\n  resten efter sökt\n"
        assert most(value, pot=rules) == Kronor(540_000)


STEPPED = """värde v = blandning (60 % antalet, 40 % sökt)
trappa t efter v
  under 1 % ger 5
  från och med 1 % ger 9 000
belopp b = 1 kr × t + 0 kr × antalet
"""


@pytest.mark.parametrize(
    "value",
    [
        "värde v, avrunda till 1 decimaler, största rest = antalet / 100\nbelopp b = 1 kr × v\n",
        "värde v = blandning (60 % antalet, 40 % sökt)\nbelopp b = 90 000 kr × v\n",
        STEPPED,
    ],
)
def test_what_no_interval_follows_is_not_bounded(value: str) -> None:
    assert most(value) is None


def test_bounds_with_numbers_without_end_are_no_bounds() -> None:
    high = "9" + " 999" * 9
    doubled = "".join(f"värde v{n + 1} = v{n} × v{n}\n" for n in range(9))
    value = f"värde v0 = antalet / 5 000\n{doubled}belopp b = 1 kr × v9\n"
    assert most(value, high) is None
