"""The search for figures that break a claim: it finds the known paradoxes and nothing else."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import ceil
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from dsl import syntax as s
from dsl.findings import Kronor
from dsl.program import Program
from engine.column import Column
from engine.evaluate import Result, evaluate
from engine.graph import Step
from engine.grid import Grid
from engine.inputs.files import Memory
from engine.outcome import Outcome
from engine.pipeline import run_ruleset
from engine.plan import plan
from engine.proof.amounts import with_amounts
from engine.proof.promises import STOPS, Claim, Counterexample, Run, Sort
from engine.refutation.search import search
from tests.strategies import Case, cases
from tests.test_properties import program_of

NAMES = ("Alfa", "Beta", "Gamma", "Delta", "Epsilon", "Zeta")
HEAD = "regelverk Prov\nbudgetår 2026\nmottagare mottagare, från register.csv\n"
POPULATION = """underlag folk, personer per mottagare
  från data/folk.csv
  källa påhittade tal
"""
EARNED = """avrunda till 1 kr, största rest
avrunda belopp till 1 kr, närmast
underlag folk, personer per mottagare
  från data/folk.csv
  källa påhittade tal
underlag steg, antal per mottagare
  från data/steg.csv
  källa påhittade tal
  minst 0
  högst 4
"""


def rules(text: str, **figures: Sequence[int | str]) -> Outcome:
    """A ruleset in memory, its recipients as many as its figures."""
    size = max(map(len, figures.values()))
    contents = {
        "regler.fordela": HEAD + text,
        "register.csv": "kod;namn\n" + "".join(f"{n};{NAMES[n]}\n" for n in range(size)),
    }
    for name, row in figures.items():
        rows = "".join(f"{n};{one}\n" for n, one in enumerate(row))
        contents[f"data/{name}.csv"] = f"kod;tal\n{rows}"
    return run_ruleset(Memory({name: one.encode() for name, one in contents.items()}))


def looked_for(outcome: Outcome, claim: Claim) -> Counterexample | None:
    assert outcome.program is not None, outcome.findings
    assert outcome.plan is not None
    at_hand = {name: one.column for name, one in outcome.figures.items()}
    return search(outcome.program, outcome.plan.steps, claim, at_hand)


def found(outcome: Outcome, claim: Claim) -> Counterexample:
    counterexample = looked_for(outcome, claim)
    assert counterexample is not None
    assert outcome.program is not None
    assert outcome.plan is not None
    require_broken(outcome.program, outcome.plan.steps, claim, counterexample)
    return counterexample


def claimed(sort: Sort, pot: str | None = None, line: int | None = None, **more: Any) -> Claim:
    return evolve(Claim(sort, s.NOWHERE, pot, line), **more)


# ---------------------------------------------------------------- run anew, without the search


def run_anew(program: Program, steps: Sequence[Step], run: Run) -> Result | str:
    """The result of a run, or the code of what stops it."""
    document = with_amounts(program.document, run.amounts, program.base)
    result, stopped = evaluate(evolve(program, document=document), steps, run.figures)
    return result if result is not None else stopped[0].code


def require_broken(
    program: Program, steps: Sequence[Step], claim: Claim, one: Counterexample
) -> None:
    """Everything that a counterexample says is so when its runs are made anew."""
    seen = one.breach
    require_allowed(program, one)
    first = run_anew(program, steps, one.run)
    if claim.sort in STOPS:
        assert seen.stopped is not None
        assert first == seen.stopped.code
        assert first in STOPS[claim.sort]
        return
    assert isinstance(first, Result)
    if claim.sort is Sort.HOLDS:
        return
    if claim.sort in {Sort.EQUAL, Sort.EQUAL_WEIGHT}:
        assert seen.recipient is not None
        assert seen.other is not None
        assert seen.before is not None
        assert seen.after is not None
        two = (seen.before, seen.after)
        rows = paid(first, claim)
        assert any((row[seen.recipient], row[seen.other]) == two for row in rows)
        assert seen.after - seen.before > 1
        return
    assert one.then is not None
    then = run_anew(program, steps, one.then)
    assert isinstance(then, Result)
    assert seen.recipient is not None
    pairs = zip(paid(first, claim), paid(then, claim), strict=True)
    assert (seen.before, seen.after) in [(a[seen.recipient], b[seen.recipient]) for a, b in pairs]
    assert seen.before is not None
    assert seen.after is not None
    if claim.sort is Sort.DOUBLE:
        assert claim.name is not None
        twice = [2 * n for n in numbers_in(one.run.figures[claim.name])]
        assert list(numbers_in(one.then.figures[claim.name])) == twice
        assert seen.before != seen.after
    else:
        assert seen.after < seen.before


def paid(result: Result, claim: Claim) -> list[tuple[int, ...]]:
    """What a line, or everything, pays the recipients of each kind."""
    found = []
    for noun, register in result.program.registers.items():
        row = [0] * len(register)
        for one in result.ledger.movements:
            of_line = claim.line is None or (one.source, one.line) == (claim.pot, claim.line)
            if one.register is not None and one.register.noun == noun and of_line:
                row = [a + b for a, b in zip(row, one.amounts, strict=True)]
        found.append(tuple(row))
    return found


def require_allowed(program: Program, one: Counterexample) -> None:
    """The figures are such that a file with them would be read."""
    for run in (one.run, one.then):
        for statistic in program.statistics if run is not None else ():
            values = run.figures[statistic.name.text] if run is not None else Column((0,))
            numbers = list(numbers_in(values))
            for part in statistic.parts:
                match part:
                    case s.Bound("at_least", limit):
                        assert min(numbers) >= limit.value * statistic.growth
                    case s.Bound("at_most", limit):
                        assert max(numbers) <= limit.value * statistic.growth
                    case s.SumsTo(total):
                        assert sum(numbers) == total.value * statistic.growth
            if statistic.unit != ("kr",) and not any(isinstance(p, s.Bound) for p in
                                                     statistic.parts):  # fmt: skip
                assert min(numbers) >= 0
            if statistic.unit in {("person",), ("count",)}:
                assert all((n / statistic.growth).denominator == 1 for n in numbers)


def numbers_in(values: Column | Grid) -> Iterator[Fraction]:
    columns = [values] if isinstance(values, Column) else values.columns.values()
    return (one for column in columns for one in column.values)


# ---------------------------------------------------------------- what must be found


def test_the_alabama_paradox_of_the_largest_remainder() -> None:
    outcome = rules(
        "avrunda till 1 kr, största rest\n"
        + POPULATION
        + "pott P = 10 000 kr\n  allt efter folk\n",
        folk=(500, 300, 120, 80),
    )
    one = found(outcome, claimed(Sort.LARGER_POT, "P", 0))
    assert one.then is not None
    assert one.then.amounts["P"] > one.run.amounts["P"]
    assert one.run.figures == one.then.figures
    found(outcome, claimed(Sort.MORE, name="P"))


def test_the_pot_that_an_appropriation_item_fills_is_made_larger() -> None:
    outcome = rules(
        "avrunda till 1 kr, största rest\n"
        + POPULATION
        + "anslag 1:6 Bidrag\n  post 1 Stöd = 12 000 kr\n    10 000 kr till P\n"
        "    2 000 kr till Q\npott P\n  allt till R\npott Q\n  allt efter folk\n"
        "pott R\n  allt efter folk\n",
        folk=(500, 300, 120, 80),
    )
    one = found(outcome, claimed(Sort.LARGER_POT, "R", 0))
    assert one.run.amounts.keys() == {"P"}


def test_nearest_to_the_largest_pays_less_to_who_becomes_the_largest() -> None:
    outcome = rules(
        "avrunda till 1 kr, närmast, skillnaden till den största\n"
        + POPULATION
        + "pott P = 10 000 kr\n  allt efter folk\n",
        folk=(500, 300, 120, 80, 77, 11),
    )
    one = found(outcome, claimed(Sort.MORE, name="folk"))
    assert one.breach.recipient is not None
    assert one.then is not None
    before, after = (list(numbers_in(run.figures["folk"])) for run in (one.run, one.then))
    assert after[one.breach.recipient] > before[one.breach.recipient]
    del before[one.breach.recipient], after[one.breach.recipient]
    assert before == after
    found(outcome, claimed(Sort.MORE_WEIGHT, "P", 0))
    found(outcome, claimed(Sort.EQUAL_WEIGHT, "P", 0))
    found(outcome, claimed(Sort.EQUAL, name="folk"))


def test_amounts_that_round_up_to_more_than_there_is() -> None:
    outcome = rules(
        EARNED
        + """belopp helt = Potten / 2 × andel folk
belopp första = helt × steg / 4
belopp andra = helt × steg / 4
pott Potten = 1 000 kr
  första till varje mottagare
  andra till varje mottagare
  resten till Bonus
pott Bonus
  allt efter folk
""",
        folk=(1, 1, 1, 1, 1, 1),
        steg=(1, 1, 1, 1, 1, 1),
    )
    # Twice 83 for each of six is less than 1 000, but 1 000 / 2 / 3 rounds up for some.
    assert outcome.result is not None
    one = found(outcome, claimed(Sort.ENOUGH, "Potten"))
    assert one.breach.stopped is not None
    assert one.breach.stopped.code == "F503"


def test_an_overdraft_of_exactly_twelve_kronor_in_one_corner() -> None:
    outcome = rules(
        EARNED
        + """belopp helt = Potten / 16 × andel folk
belopp intjänat = (helt × steg) × 4 + steg × 0,5 kr
pott Potten = 9 600 kr
  intjänat till varje mottagare
  resten till Bonus
pott Bonus
  allt efter folk
""",
        folk=(1, 1, 1, 1, 1, 1),
        steg=(4, 4, 3, 4, 4, 4),
    )
    # Everyone has 1 600 kr at most, and 4 × 0.5 kr more: 6 × 2 = 12 kr too much.
    assert outcome.result is not None
    one = found(outcome, claimed(Sort.ENOUGH, "Potten"))
    assert one.breach.stopped is not None
    assert one.breach.stopped.data["difference"] == Kronor(Fraction(12))
    assert one.run.figures["steg"] == Column((4,) * 6)
    assert one.run.figures["folk"] == Column((1,) * 6)


def test_a_stated_amount_that_its_inflow_misses() -> None:
    outcome = rules(
        EARNED
        + """belopp intjänat = steg × 10 kr
pott Potten = 1 000 kr
  intjänat till varje mottagare
  resten till Bonus
pott Bonus = 880 kr
  allt efter folk
""",
        folk=(1, 2, 3),
        steg=(4, 4, 4),
    )
    assert outcome.result is not None
    one = found(outcome, claimed(Sort.USED_UP, "Bonus"))
    assert one.breach.stopped is not None
    assert one.breach.stopped.code == "F209"
    assert one.run.figures["folk"] == Column((1, 2, 3))  # what does not matter is left as it is


def test_nothing_to_share_by() -> None:
    outcome = rules(
        "avrunda till 1 kr, största rest\n"
        + POPULATION
        + "pott P = 10 000 kr\n  allt efter folk\n",
        folk=(500, 300, 120, 80),
    )
    one = found(outcome, claimed(Sort.DIVIDES, "P"))
    assert one.run.figures["folk"] == Column((0, 0, 0, 0))


def test_a_division_by_zero_in_a_definition_is_no_pots() -> None:
    outcome = rules(
        "avrunda till 1 kr, största rest\n"
        + POPULATION
        + """värde a = 1 / summan av folk
värde b = 1 / (10 personer + summan av folk)
pott P = 10 000 kr
  allt efter folk × a × b
""",
        folk=(500, 300, 120, 80),
    )
    assert found(outcome, claimed(Sort.DIVIDES)).breach.stopped is not None
    assert looked_for(outcome, claimed(Sort.DIVIDES, "P")) is None


def test_floors_above_the_pot() -> None:
    outcome = rules(
        """avrunda till 1 kr, största rest
underlag folk, personer per mottagare
  från data/folk.csv
  källa påhittade tal
underlag utfall, kr per mottagare
  från data/utfall.csv
  källa påhittade tal
pott P = 10 000 kr
  allt efter folk, minst 95 % × utfall var
""",
        folk=(500, 300, 120, 80),
        utfall=(1000, 1000, 1000, 1000),
    )
    assert outcome.result is not None
    one = found(outcome, claimed(Sort.FITS, "P"))
    assert one.breach.stopped is not None
    assert one.breach.stopped.code == "F508"
    assert one.run.figures["folk"] == Column((500, 300, 120, 80))


def test_a_line_that_is_not_whole_units() -> None:
    outcome = rules(
        EARNED
        + """belopp intjänat = steg × 10 kr
pott Potten = 1 000 kr
  intjänat till varje mottagare
  resten efter folk, avrunda till 20 kr, största rest
""",
        folk=(1, 2, 3),
        steg=(4, 4, 4),
    )
    assert outcome.result is not None
    assert found(outcome, claimed(Sort.WHOLE, "Potten")).breach.stopped is not None


def test_a_comparison_that_does_not_hold() -> None:
    outcome = rules(
        "avrunda till 1 kr, största rest\n"
        + POPULATION
        + "pott P = 10 000 kr\n  allt efter folk\n",
        folk=(500, 300, 120, 80),
    )
    folk, twice = s.Ref(s.Name("folk")), s.Quantity(Fraction(2))
    comparison = s.Comparison(s.Binary("*", folk, twice), "at_most", s.SumOf(folk))
    one = found(outcome, claimed(Sort.HOLDS, comparison=comparison))
    assert one.breach.recipient is not None
    numbers = list(numbers_in(one.run.figures["folk"]))
    assert numbers[one.breach.recipient] * 2 > sum(numbers)
    comparison = s.Comparison(folk, "at_most", s.SumOf(folk))
    assert looked_for(outcome, claimed(Sort.HOLDS, comparison=comparison)) is None


def test_passing_a_limit_costs_more_than_it_gives() -> None:
    outcome = rules(
        "avrunda till 1 kr, största rest\n"
        + POPULATION
        + """pott P = 10 000 kr
  1 000 kr till varje mottagare, om folk < 200 personer
  resten efter folk
""",
        folk=(500, 300, 120, 80),
    )
    one = found(outcome, claimed(Sort.MORE, name="folk"))
    assert one.then is not None
    found(outcome, claimed(Sort.DOUBLE, name="folk"))


def test_growth_and_limits_are_respected() -> None:
    outcome = rules(
        """avrunda till 1 kr, största rest
underlag folk, personer per mottagare
  från data/folk.csv
  källa påhittade tal
  växer med 2,5 %
  minst 10
  högst 600
underlag del, procent per mottagare
  från data/del.csv
  källa påhittade tal
  summerar till 100 %
pott P = 10 000 kr
  hälften efter folk
  hälften efter del
""",
        folk=(500, 300, 120, 80),
        **{"del": ("25", "25", "25,5", "24,5")},
    )
    for line in (0, 1):
        found(outcome, claimed(Sort.LARGER_POT, "P", line))
    assert looked_for(outcome, claimed(Sort.DIVIDES, "P")) is None
    # A figure cannot be larger alone when all of them must make a total.
    assert looked_for(outcome, claimed(Sort.MORE, name="del")) is None
    found(outcome, claimed(Sort.EQUAL, name="del"))


# ---------------------------------------------------------------- what must not be found


@pytest.mark.parametrize(
    "claim",
    [
        claimed(Sort.LARGER_POT, "P", 0),
        claimed(Sort.MORE, name="P"),
        claimed(Sort.MORE, name="folk"),
        claimed(Sort.MORE_WEIGHT, "P", 0),
        claimed(Sort.EQUAL_WEIGHT, "P", 0),
        claimed(Sort.EQUAL, name="folk"),
        claimed(Sort.DOUBLE, name="folk"),
        claimed(Sort.USED_UP, "P"),
        claimed(Sort.ENOUGH, "P"),
        claimed(Sort.FITS, "P"),
        claimed(Sort.WHOLE, "P"),
        claimed(Sort.DOUBLE_WEIGHT, "P", 0),
    ],
)
def test_nothing_is_found_of_the_odd_number_method(claim: Claim) -> None:
    outcome = rules(
        "avrunda till 1 kr, uddatalsmetoden\n"
        + POPULATION
        + "pott P = 10 000 kr\n  allt efter folk\n",
        folk=(500, 300, 120, 80),
    )
    assert looked_for(outcome, claim) is None


def test_the_same_question_has_the_same_answer() -> None:
    def asked() -> Counterexample | None:
        outcome = rules(
            "avrunda till 1 kr, största rest\n"
            + POPULATION
            + "pott P = 10 000 kr\n  allt efter folk\n",
            folk=(500, 300, 120, 80),
        )
        return looked_for(outcome, claimed(Sort.LARGER_POT, "P", 0))

    assert asked() == asked()


def test_a_file_that_cannot_be_read_does_not_stop_the_search() -> None:
    outcome = rules(
        "avrunda till 1 kr, största rest\n"
        + POPULATION
        + "pott P = 10 000 kr\n  allt efter folk\n",
        folk=(500, 300, 120, 80),
    )
    assert outcome.program is not None
    assert outcome.plan is not None
    claim = claimed(Sort.LARGER_POT, "P", 0)
    assert search(outcome.program, outcome.plan.steps, claim, {}) is not None


# ---------------------------------------------------------------- all rules


@settings(max_examples=40)
@given(cases(), st.data())
def test_whatever_is_found_is_so(case: Case, data: st.DataObject) -> None:
    program = program_of(case)
    order, _ = plan(program)
    assert order is not None
    # A file with parts of a person would not be read.
    at_hand = {name: Column.of(map(ceil, row.values())) for name, row in case.figures.items()}
    claim = data.draw(st.sampled_from(list(claims_of(program))))
    one = search(program, order.steps, claim, at_hand, budget=60)
    if one is not None:
        require_broken(program, order.steps, claim, one)


def claims_of(program: Program) -> Iterator[Claim]:
    """Claims of every sort about every pot, line and statistic."""
    for pot in program.pots:
        name = pot.name.text
        yield from (claimed(sort, name) for sort in STOPS)
        for line, flow in enumerate(pot.flows):
            if isinstance(flow.destination, s.ByKey | s.Equally):
                for sort in (Sort.LARGER_POT, Sort.MORE_WEIGHT, Sort.EQUAL_WEIGHT):
                    yield claimed(sort, name, line)
        if pot.amount is not None:
            yield claimed(Sort.MORE, name=name)
    for statistic in program.statistics:
        for sort in (Sort.MORE, Sort.EQUAL, Sort.DOUBLE):
            yield claimed(sort, name=statistic.name.text)


def test_a_limit_that_only_the_formulas_know_of_is_found() -> None:
    """Eleven per square kilometre are too many; what that costs is less than doubling gives."""
    outcome = rules(
        """avrunda till 1 kr, uddatalsmetoden
underlag folk, personer per mottagare
  från data/folk.csv
  källa påhittade tal
underlag yta, km² per mottagare
  från data/yta.csv
  källa påhittade tal
värde täthet = folk / yta
pott P = 1 000 000 kr
  5 000 kr till varje mottagare, om täthet < 11 personer per km²
  resten efter folk
""",
        folk=(5000, 30000, 12000, 8000),
        yta=(1300, 4000, 1700, 900),
    )
    one = found(outcome, claimed(Sort.MORE, name="folk"))
    assert one.then is not None
    assert one.breach.recipient is not None
    before, after = (
        run.figures["folk"].values[one.breach.recipient]
        / run.figures["yta"].values[one.breach.recipient]
        for run in (one.run, one.then)
        if isinstance(run.figures["folk"], Column) and isinstance(run.figures["yta"], Column)
    )
    assert before < 11 <= after
    assert one.run.figures["yta"] == Column((1300, 4000, 1700, 900))
