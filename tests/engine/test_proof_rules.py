"""Rule by rule: what the proof knows of each construct, told by the verdict on a demand."""

from fractions import Fraction

import pytest
from attrs import evolve

from dsl import syntax as s
from dsl.catalogue import shown
from engine.inputs.files import Memory
from engine.outcome import Outcome
from engine.pipeline import run_ruleset
from engine.proof.amounts import amount_of, with_amounts
from engine.proof.directions import UNKNOWN, Directions, Way
from engine.proof.effects import Effects
from engine.proof.interval import ANYTHING, Interval
from engine.proof.invariance import Doubling
from engine.proof.pots import parts_make_one
from engine.proof.promises import Promise, Verdict
from engine.proof.ranges import Ranges
from engine.refutation.verdicts import proved
from tests.engine.test_proof import FILES, HEAD

LOW = "  under 100 personer ger 10 kr"
BY_CHILDREN = "pott P = 1 000 kr\n  allt efter barn"
TOGETHER = "värde v, avrunda till 2 decimaler, största rest = andel barn\n\n"
OWING = "belopp b = 10 kr × (mål − 50 %)\n\n"
PROVED, OPEN = Verdict.PROVED, Verdict.OPEN
KEY = "pott P = 1 000 kr\n  allt efter {key}"
FIXED = "belopp b = {amount}\n\npott P = 10 000 kr\n  b till varje mottagare\n  resten efter barn"


def outcome(rules: str, head: str = HEAD, method: str = "uddatalsmetoden") -> Outcome:
    text = head.format(method=method) + rules.strip() + "\n"
    return run_ruleset(Memory({**FILES, "regler.fordela": text.encode()}))


def demanded(demand: str, rules: str, method: str = "uddatalsmetoden", head: str = HEAD) -> Promise:
    """The verdict on a demand, without looking for figures that refute it."""
    ran = outcome(f"{rules.strip()}\n\nalltid {demand}", head, method)
    assert ran.program is not None, ran.findings
    return proved(ran)[-1]


def why(promise: Promise) -> str:
    """What stands in the way."""
    return promise.reasons[0].key.removeprefix("obstacle.")


# ---------------------------------------------------------------- directions


@pytest.mark.parametrize(
    ("key", "verdict"),
    [
        ("barn / summan av barn", PROVED),
        ("barn − barn + 1 person", PROVED),
        ("100 000 personer − barn", OPEN),
        ("mål / (1 + andel barn)", OPEN),
        ("mål / (1 + mål)", PROVED),
        ("barn / (1 person + (barn − barn))", PROVED),
        ("andel (barn − 1 person)", OPEN),
        ("infasning från barn till mål (2025: 50 %, 2027: 100 %)", PROVED),
        ("infasning från mål till barn (2027: 100 %)", PROVED),
    ],
)
def test_a_key_moves_for_the_one_who_has_more_children(key: str, verdict: Verdict) -> None:
    assert demanded("mer barn ger aldrig mindre", KEY.format(key=key)).verdict is verdict


@pytest.mark.parametrize(
    ("steps", "verdict"),
    [
        (f"{LOW}\n  från och med 100 personer ger 20 kr", PROVED),
        ("  under 100 personer ger 20 kr\n  från och med 100 personer ger 10 kr", OPEN),
        (f"{LOW}\n  från och med 100 personer ger 20 kr × mål", OPEN),
        (
            f"{LOW}\n  från och med 100 personer ger 1 kr per person × barn",
            OPEN,
        ),
    ],
)
def test_steps_move_as_they_rise_or_fall(steps: str, verdict: Verdict) -> None:
    rules = f"trappa t efter barn\n{steps}\n\n" + FIXED.format(amount="t")
    assert demanded("mer barn ger aldrig mindre", rules).verdict is verdict


def test_what_is_rounded_together_may_move_either_way() -> None:
    one = demanded("mer barn ger aldrig mindre", TOGETHER + KEY.format(key="v"))
    assert (one.verdict, why(one)) == (OPEN, "key")


def test_what_falls_by_more_than_all_of_it_turns() -> None:
    head = HEAD.replace("kolumn barn\n", "kolumn barn\n  minskar med 150 %\n")
    assert demanded("mer barn ger aldrig mindre", KEY.format(key="barn"), head=head).verdict is OPEN


# ---------------------------------------------------------------- money


@pytest.mark.parametrize(
    ("rules", "method", "obstacle"),
    [
        ("pott P = 1 000 kr\n  allt efter barn, om barn ≤ 50 personer", "uddatalsmetoden", "key"),
        ("pott P = 1 000 kr\n  allt efter barn, om barn = 50 personer", "uddatalsmetoden", "key"),
        ("pott P = −1 000 kr\n  allt efter barn", "uddatalsmetoden", "debt"),
        (
            "pott P = 1 000 kr\n  allt efter barn",
            "närmast, skillnaden till den största",
            "more_weight",
        ),
        (
            "pott P = 1 000 kr\n  allt efter mål, minst 1 kr per person × barn var",
            "uddatalsmetoden",
            "limit",
        ),
        (FIXED.format(amount="1 kr per person × summan av barn"), "uddatalsmetoden", "others"),
    ],
)
def test_what_stands_in_the_way_of_more_children(rules: str, method: str, obstacle: str) -> None:
    one = demanded("mer barn ger aldrig mindre", rules, method)
    assert (one.verdict, why(one)) == (OPEN, obstacle)


def test_claims_are_reduced_by_a_method_that_gives_nobody_less() -> None:
    rules = """
belopp b = 10 kr per person × barn

pott P = 100 kr
  b till varje mottagare, i proportion om potten inte räcker
  resten efter mål
"""
    assert demanded("mer barn ger aldrig mindre", rules).verdict is PROVED
    one = demanded("mer barn ger aldrig mindre", rules, "största rest")
    assert (one.verdict, why(one)) == (OPEN, "reduced")


def test_what_a_pot_gets_from_rounding_may_be_less() -> None:
    rules = """
pott P = 1 000 kr
  allt efter barn, avrunda nedåt, resten till Q

pott Q
  allt efter mål
"""
    one = demanded("mer barn ger aldrig mindre ur Q", rules)
    assert (one.verdict, why(one)) == (OPEN, "inflow")


# ---------------------------------------------------------------- equal and double


@pytest.mark.parametrize(
    ("rules", "method", "obstacle"),
    [
        (
            "pott P = 1 000 kr\n  10 kr till Alby\n  resten efter barn",
            "uddatalsmetoden",
            "one_recipient",
        ),
        (
            f"{BY_CHILDREN}\n  justera Alby −1 kr, x\n  justera Berga +1 kr, x",
            "uddatalsmetoden",
            "adjusted",
        ),
        (
            "pott P = 1 000 kr\n  allt efter barn",
            "närmast, skillnaden till den största",
            "bearer",
        ),
        (
            f"{TOGETHER}pott P = 1 000 kr\n  allt efter v + v",
            "uddatalsmetoden",
            "depends",
        ),
    ],
)
def test_what_sets_equals_apart(rules: str, method: str, obstacle: str) -> None:
    one = demanded("lika barn ger lika", rules, method)
    assert (one.verdict, why(one)) == (OPEN, obstacle)


def test_what_is_defined_twice_over_is_looked_at_once() -> None:
    rules = "värde v = barn\n\npott P = 1 000 kr\n  allt efter v + v"
    assert demanded("lika barn ger lika", rules).verdict is PROVED


# ---------------------------------------------------------------- pots


def enough(rules: str, method: str = "uddatalsmetoden", sort: str = "enough") -> Promise:
    found = proved(outcome(rules, method=method))
    return next(p for p in found if p.claim.sort.value == sort and p.claim.pot == "P")


@pytest.mark.parametrize(
    ("rules", "method", "sort", "obstacle"),
    [
        (
            f"{OWING}pott P = 1 000 kr\n  b till varje mottagare\n  resten efter barn",
            "uddatalsmetoden",
            "enough",
            "negative",
        ),
        (
            "pott P = 2 kr\n  allt efter barn",
            "närmast, skillnaden till den största",
            "enough",
            "bears",
        ),
        (
            "pott P = 1 000 kr\n  allt efter barn, högst 50 kr − 100 kr × mål var",
            "uddatalsmetoden",
            "fits",
            "crossed",
        ),
        (
            "pott P = 1 000 kr\n  allt efter barn, minst 50 kr var, högst 2 000 kr × mål var",
            "uddatalsmetoden",
            "fits",
            "ceilings",
        ),
        (
            "pott P = −1 000 kr\n  allt efter barn, minst 1 kr var",
            "uddatalsmetoden",
            "fits",
            "debt",
        ),
    ],
)
def test_what_stands_in_the_way_of_a_pot(rules: str, method: str, sort: str, obstacle: str) -> None:
    one = enough(rules, method, sort)
    assert (one.verdict, why(one)) == (OPEN, obstacle)


def test_whoever_bears_a_difference_can_in_a_large_pot() -> None:
    rules = "pott P = 1 000 kr\n  allt efter barn"
    assert enough(rules, "närmast, skillnaden till den största").verdict is PROVED


@pytest.mark.parametrize(
    ("divisor", "condition"),
    [
        ("barn", "each"),
        ("(barn − 1 person)", "each_nonzero"),
        ("(summan av barn − 1 person)", "single_nonzero"),
        ("(summan av barn)", "single"),
        ("(1 person + barn)", None),
        ("(−1 person − barn)", None),
    ],
)
def test_what_must_not_be_zero_is_stated(divisor: str, condition: str | None) -> None:
    rules = f"värde v = 1 person / {divisor}\n\npott P = 1 000 kr\n  allt efter barn"
    one = next(
        p
        for p in proved(outcome(rules))
        if p.claim.name is None and p.claim.sort.value == "divides" and p.claim.pot is None
    )
    assert one.verdict is PROVED
    expected = [] if condition is None else [f"condition.{condition}"]
    assert [phrase.key for phrase in one.conditions] == expected


AXES = """indelning månad = mars, april
indelning krav = A, B
underlag folk, personer per mottagare, månad och krav
  från folk.csv
  källa påhittade tal
  minst 0
underlag vikt, antal per krav
  från vikt.csv
  källa påhittade tal
  minst 0
"""


@pytest.mark.parametrize(
    ("formula", "condition"),
    [
        ("1 / vikt", "vikt är större än noll (för varje krav)"),
        ("vikt × andel folk", "summan av folk är större än noll (för varje månad × krav)"),
        (
            "1 person / (summan av folk över krav)",
            "summan av folk över krav är större än noll för alla (för varje månad)",
        ),
        ("andel (summan av folk över månad och krav)", "summan av folk över månad och krav är"),
    ],
)
def test_what_must_not_be_zero_in_any_place_of_a_grid_says_so(formula: str, condition: str) -> None:
    rules = f"{AXES}värde v = {formula}\n\npott P = 1 000 kr\n  allt efter barn"
    one = next(p for p in proved(outcome(rules)) if p.claim.sort.value == "divides")
    (said,) = (shown(phrase, "sv") for phrase in one.conditions)
    assert condition in said
    assert ("för varje" in condition) == ("för varje" in said)


def test_a_pot_with_an_amount_of_its_own_must_get_just_that() -> None:
    rules = """
belopp b = 1 000 kr × summan av mål

pott Q = 10 000 kr
  b till P
  resten efter barn

pott P = 2 550 kr
  allt efter barn
"""
    one = enough(rules, sort="used_up")
    assert (one.verdict, why(one)) == (OPEN, "stated")


# ---------------------------------------------------------------- ranges


@pytest.mark.parametrize(
    ("demand", "verdict"),
    [
        ("v ≥ 0 %", PROVED),
        ("v ≤ 100 %", PROVED),
        ("v < 101 %", PROVED),
        ("v > −1 %", PROVED),
        ("v > 0 %", OPEN),
    ],
)
def test_a_value_is_rounded_between_its_limits(demand: str, verdict: Verdict) -> None:
    rules = "värde v, avrunda till 2 decimaler, närmast = mål\n\n" + KEY.format(key="barn")
    assert demanded(demand, rules).verdict is verdict


def test_a_stated_sum_limits_every_figure() -> None:
    head = HEAD.replace("kolumn barn\n", "kolumn barn\n  summerar till 55 personer\n")
    assert demanded("barn ≤ 55 personer", KEY.format(key="barn"), head=head).verdict is PROVED
    assert (
        demanded("summan av barn = 55 personer", KEY.format(key="barn"), head=head).verdict
        is PROVED
    )


def test_what_is_said_only_of_what_was_paid_is_not_known_before() -> None:
    program = outcome(KEY.format(key="barn")).program
    assert program is not None
    whole = s.AllPosts()
    ranges = Ranges(program)
    assert ranges.of(whole).each.low is None
    assert Directions(program, ranges, "barn", lambda _: Way.SAME).of(whole) == UNKNOWN
    assert list(Doubling(program, "barn").obstacles(frozenset({"P"}))) == []


def test_the_parts_of_a_mix_make_the_whole() -> None:
    program = outcome(KEY.format(key="blandning (50 % barn, 50 % mål)")).program
    assert program is not None
    (flow,) = program.pots[0].flows
    assert isinstance(flow.destination, s.ByKey)
    assert isinstance(flow.destination.key, s.Mix)
    assert parts_make_one(flow.destination.key).obstacle is None


def test_a_debt_that_moves_is_no_gift() -> None:
    rules = """
pott P = −1 000 kr
  allt efter barn, avrunda nedåt, resten till Q

pott Q
  allt efter mål
"""
    program = outcome(rules).program
    assert program is not None
    found = Effects(program, Ranges(program), "barn").obstacles(frozenset({"Q"}))
    assert "obstacle.debt" in [one.why.key for one in found]


def test_nearest_to_somebody_named_may_leave_them_less_than_nothing() -> None:
    rules = "pott P = 1 000 kr\n  allt efter barn, avrunda närmast, skillnaden till Alby"
    one = enough(rules)
    assert (one.verdict, why(one)) == (OPEN, "bears")


def test_parts_that_are_not_whole_need_a_method_that_shares_a_sum() -> None:
    rules = "pott P = 1 001 kr\n  hälften efter barn\n  hälften efter mål"
    method = "närmast, skillnaden till den största"
    assert enough(rules.replace("1 001", "1 000"), method, "whole").verdict is PROVED
    one = enough(rules, method, "whole")
    assert (one.verdict, why(one)) == (OPEN, "uneven")
    with_rest = "pott P = 1 001 kr\n  1/7 efter barn\n  resten efter mål"
    assert enough(with_rest, method, "whole").verdict is PROVED


def test_what_somebody_must_meet_for_a_ceiling_is_stated() -> None:
    rules = "pott P = 1 000 kr\n  allt efter barn, högst 500 kr var, om barn > 5 personer"
    keys = [one.key for one in enough(rules, sort="fits").conditions]
    assert keys == ["condition.all_meet", "condition.each"]


def test_parts_that_do_not_make_the_whole_are_said() -> None:
    half = s.Ingredient(s.Part(1, 2), s.Quantity(Fraction(1)))
    argument = parts_make_one(s.Mix((half,)))
    assert argument.obstacle is not None
    assert argument.obstacle.why.key == "obstacle.parts_sum"


def test_a_pot_in_part_of_a_krona_has_no_whole_amount() -> None:
    program = outcome(KEY.format(key="barn")).program
    assert program is not None
    assert amount_of(program, "P") == 1_000
    assert amount_of(evolve(program, document=halved(program.document)), "P") is None


def halved(document: s.Document) -> s.Document:
    return with_amounts(document, {"P": 1}, base=2)


# ---------------------------------------------------------------- intervals


def test_intervals_know_what_lies_in_them() -> None:
    assert Fraction(1) in Interval(None, Fraction(1))
    assert Fraction(2) not in Interval(None, Fraction(1))
    assert Fraction(0) not in Interval(Fraction(1), None)


def test_one_by_less_than_nothing_is_less_than_nothing() -> None:
    below = Interval(Fraction(-4), Fraction(-2))
    assert below.reciprocal == Interval(Fraction(-1, 2), Fraction(-1, 4))
    assert Interval(Fraction(0), Fraction(0)).reciprocal == ANYTHING
    assert Interval(Fraction(-1), Fraction(1)).reciprocal == ANYTHING


# ---------------------------------------------------------------- limits


def test_a_ceiling_needs_nobody_where_everyone_surely_shares() -> None:
    head = HEAD.replace("kolumn barn\n", "kolumn barn\n  minst 1 person\n")
    rules = "pott P = 1 000 kr\n  allt efter barn, högst 500 kr var"
    found = proved(outcome(rules, head))
    fits = next(one for one in found if one.claim.sort.value == "fits")
    assert (fits.verdict, fits.conditions) == (PROVED, ())


def test_whether_limits_within_an_area_fit_is_not_known() -> None:
    rules = """regelverk Prov
budgetår 2026
mottagare kommuner
avrunda till 1 kr, uddatalsmetoden

underlag barn, personer per kommun
  från saknas.csv
  källa påhittade tal

pott P = 1 000 000 kr
  allt efter barn, inom varje län efter barn, minst 1 kr var
"""
    found = proved(run_ruleset(Memory({"regler.fordela": rules.encode()})))
    fits = next(one for one in found if one.claim.sort.value == "fits")
    assert (fits.verdict, why(fits)) == (OPEN, "limits_within")


def test_steps_of_money_that_there_cannot_be_are_anything() -> None:
    rules = """
belopp b = 105 kr

trappa t efter Q
  under 0 kr ger 1 kr
  från och med 0 kr ger 2 kr

pott P = 100 kr
  b till varje mottagare
  resten till Q

pott Q
  allt efter barn
"""
    assert demanded("t ≤ 2 kr", rules).verdict is OPEN


def test_what_was_paid_in_all_has_no_degree() -> None:
    program = outcome(KEY.format(key="barn")).program
    assert program is not None
    (pot,) = program.pots
    line = evolve(pot.flows[0], destination=s.ByKey(s.AllPosts()))
    rest = [one for one in program.document.statements if one is not pot]
    document = evolve(program.document, statements=(*rest, evolve(pot, parts=(line,))))
    (found,) = Doubling(evolve(program, document=document), "barn").obstacles(frozenset({"P"}))
    assert found.why.key == "obstacle.degree"
