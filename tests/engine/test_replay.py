"""A counterexample written as a ruleset: it runs by itself and fails as it is said to."""

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsl import syntax as s
from dsl.findings import errors
from dsl.numbers import parse_data_number
from engine.column import Column
from engine.comparison.difference import compare_rulesets
from engine.evaluate import Result
from engine.inputs.files import Files, Folder, Memory
from engine.outcome import Outcome
from engine.pipeline import run_ruleset
from engine.proof.promises import STOPS, Claim, Counterexample, Run, Sort
from engine.refutation.replay import replayed
from engine.refutation.search import search
from tests.engine.test_proof_search import POPULATION, claimed, claims_of, found, rules
from tests.strategies import Case, cases
from tests.test_properties import files_of

BOTH = {"sv": ("fore", "efter"), "en": ("before", "after")}


def folder(files: Mapping[str, bytes], name: str = "") -> Memory:
    """The files of one of the folders, alone."""
    start = f"{name}/" if name else ""
    return Memory({path.removeprefix(start): data for path, data in files.items()
                   if path.startswith(start)})  # fmt: skip


def both(outcome: Outcome, files: Mapping[str, bytes]) -> tuple[Outcome, Outcome]:
    """The runs of the two folders of a change."""
    assert outcome.program is not None
    first, then = BOTH[outcome.program.document.language]
    assert {path.partition("/")[0] for path in files} == {first, then}
    return run_ruleset(folder(files, first)), run_ruleset(folder(files, then))


def require_written(outcome: Outcome, run: Run) -> None:
    """What was written is read again as the same figures, with nothing to complain of."""
    for name, one in outcome.figures.items():
        assert one.column == run.figures[name]
    assert outcome.figures.keys() == run.figures.keys()


def require_failure(outcome: Outcome, claim: Claim, one: Counterexample) -> None:
    """The written rulesets, run by themselves, fail as the counterexample says."""
    files = replayed(outcome, claim, one)
    if one.then is None:
        again = run_ruleset(folder(files))
        require_written(again, one.run)
        if claim.sort in STOPS:
            assert one.breach.stopped is not None
            assert [f.code for f in errors(again.findings)] == [one.breach.stopped.code]
            assert again.result is None
        else:
            assert again.result is not None
        return
    before, after = both(outcome, files)
    require_written(before, one.run)
    require_written(after, one.then)
    assert before.result is not None, before.findings
    assert after.result is not None, after.findings
    assert one.breach.before != one.breach.after


# ---------------------------------------------------------------- what is shown


def test_the_alabama_paradox_is_seen_between_two_folders() -> None:
    outcome = rules(
        "avrunda till 1 kr, största rest\n"
        + POPULATION
        + "pott P = 10 000 kr\n  allt efter folk\nkontroll P = 10 000 kr\n",
        folk=(500, 300, 120, 80),
    )
    claim = claimed(Sort.LARGER_POT, "P", 0)
    one = found(outcome, claim)
    before, after = both(outcome, replayed(outcome, claim, one))
    assert not before.findings
    assert not after.findings
    effects = compare_rulesets(before, after).effects
    losers = [e for group in effects for e in group.rows if e.after < e.before]
    assert losers
    assert one.breach.recipient is not None


def test_what_stops_a_run_stops_the_written_ruleset() -> None:
    outcome = rules(
        "avrunda till 1 kr, största rest\n"
        + POPULATION
        + "pott P = 10 000 kr\n  allt efter folk\n",
        folk=(500, 300, 120, 80),
    )
    claim = claimed(Sort.DIVIDES, "P")
    files = replayed(outcome, claim, found(outcome, claim))
    again = run_ruleset(folder(files))
    assert [one.code for one in again.findings] == ["F501"]
    assert files.keys() == {"regler.fordela", "register.csv", "data/folk.csv"}
    assert files["data/folk.csv"].decode() == (
        "kod;namn;tal\n0;Alfa;0\n1;Beta;0\n2;Gamma;0\n3;Delta;0\n"
    )
    assert files["register.csv"] == outcome.files.read("register.csv")


def test_a_demand_is_a_check_of_the_written_ruleset() -> None:
    outcome = rules(
        "avrunda till 1 kr, största rest\n"
        + POPULATION
        + "pott P = 10 000 kr\n  allt efter folk\n",
        folk=(500, 300, 120, 80),
    )
    folk = s.Ref(s.Name("folk"))
    half = s.Binary("*", s.Quantity(Fraction(1, 2)), s.SumOf(folk))
    claim = claimed(Sort.HOLDS, comparison=s.Comparison(folk, "less", half))
    again = run_ruleset(folder(replayed(outcome, claim, found(outcome, claim))))
    assert [one.code for one in again.findings] == ["F602"]


def test_nothing_takes_a_counterexample_for_the_decision() -> None:
    """It has another name and no number, and answers for its claim alone: not for demands."""
    outcome = rules(
        "beslut S2025/00001, 2025-01-02\navrunda till 1 kr, största rest\n"
        + POPULATION
        + "pott P = 10 000 kr\n  allt efter folk\n"
        + "alltid P ≤ 1 kr\nalltid mer P ger aldrig mindre\n",
        folk=(500, 300, 120, 80),
    )
    claim = claimed(Sort.LARGER_POT, "P", 0)
    for one in both(outcome, replayed(outcome, claim, found(outcome, claim))):
        assert one.program is not None
        assert one.program.name == "Motexempel: Prov"
        assert not one.program.decision
        assert not one.program.demands
        assert not one.findings


def test_figures_are_written_exactly_in_the_units_of_their_files() -> None:
    outcome = rules(
        """avrunda till 1 kr, största rest
underlag folk, personer per mottagare
  från data/folk.csv
  källa påhittade tal
  växer med 2,5 %
underlag del, procent per mottagare
  från data/del.csv
  källa påhittade tal
  summerar till 100 %
underlag sökt, kr per mottagare
  från data/sokt.csv
  källa påhittade tal
pott P = 10 000 kr
  hälften efter folk
  resten efter del × sökt
""",
        folk=(500, 300, 120, 80),
        sokt=(1, 1, 1, 1),
        **{"del": ("25", "25", "25,5", "24,5")},
    )
    assert outcome.result is not None, outcome.findings
    growth = Fraction(41, 40)
    columns = {
        "folk": Column.of([1234 * growth, growth, 1000 * growth, 0]),
        "del": Column.of([Fraction(1, 8), Fraction("0.12345"), 0, Fraction("0.75155")]),
        "sökt": Column.of([Fraction("1.234"), Fraction("0.001"), -1, Fraction("1234567.5")]),
    }
    claim = claimed(Sort.EQUAL, name="folk")
    files = replayed(outcome, claim, Counterexample(Run(columns)))
    again = run_ruleset(folder(files))
    require_written(again, Run(columns))
    rows = files["data/sokt.csv"].decode().splitlines()
    assert [row.partition(";")[2] for row in rows[1:]] == [
        "Alfa;1,2340", "Beta;0,0010", "Gamma;-1", "Delta;1234567,5"
    ]  # fmt: skip
    assert parse_data_number("1,2340") == Fraction("1.234")


def test_what_other_rulesets_and_folders_give_is_written_down() -> None:
    base = Path("examples/bygger-pa")
    place = next(one for one in [base, *sorted(base.rglob("*"))] if (one / "regler.md").exists())
    outcome = run_ruleset(Folder(place))
    assert outcome.program is not None
    claims = [one for one in claims_of(outcome.program) if one.sort is Sort.DIVIDES]
    claims += [one for one in claims_of(outcome.program) if one.sort is Sort.LARGER_POT]
    assert outcome.plan is not None
    at_hand = {name: one.column for name, one in outcome.figures.items()}
    for claim in claims:
        one = search(outcome.program, outcome.plan.steps, claim, at_hand)
        if one is not None:
            require_failure(outcome, claim, one)
            assert not any(b"../" in data for data in replayed(outcome, claim, one).values())


RULESETS = sorted(
    path.parent
    for pattern in ("rulesets/*/*/r*.md", "examples/*/r*.md", "examples/*/r*.fordela")
    for path in Path().glob(pattern)
    if path.name.startswith(("regler", "rules"))
)


@pytest.mark.parametrize("place", RULESETS, ids=str)
def test_the_rulesets_here_are_written_and_run_as_they_are(place: Path) -> None:
    """The figures at hand are one counterexample more: all the same kronor, without the checks."""
    files: Files = Folder(place)
    outcome = run_ruleset(files)
    if outcome.result is None:
        return
    run = Run({name: one.column for name, one in outcome.figures.items()})
    again = run_ruleset(folder(replayed(outcome, claimed(Sort.ENOUGH), Counterexample(run))))
    assert not errors(again.findings)
    assert again.result is not None
    assert given_to_all(again.result) == given_to_all(outcome.result)


def given_to_all(result: Result) -> list[tuple[str, tuple[int, ...]]]:
    return [(one.source, one.amounts) for one in result.ledger.movements]


# ---------------------------------------------------------------- all rules


@settings(max_examples=30)
@given(cases(own_files=True), st.data())
def test_whatever_is_found_is_written_and_fails(case: Case, data: st.DataObject) -> None:
    outcome = run_ruleset(files_of(case, None))
    assert outcome.program is not None
    assert outcome.plan is not None
    at_hand = {name: one.column for name, one in outcome.figures.items()}
    claim = data.draw(st.sampled_from(list(claims_of(outcome.program))))
    one = search(outcome.program, outcome.plan.steps, claim, at_hand, budget=60)
    if one is not None:
        require_failure(outcome, claim, one)
