"""What is said of a counterexample: every figure is there, in few words."""

from pathlib import Path
from typing import Any

from dsl.catalogue import shown
from engine.column import Column
from engine.inputs.files import Folder
from engine.pipeline import run_ruleset
from engine.proof.promises import Breach, Claim, Counterexample, Run, Sort
from engine.refutation.telling import told
from tests.engine.test_proof_search import POPULATION, claimed, rules

ROOT = Path(__file__).parents[2]
SPLIT = "avrunda till 1 kr, största rest\n" + POPULATION + "pott P = 10 kr\n  allt efter folk\n"


def said(claim: Claim, *figures: int, **more: Any) -> list[str]:
    """The phrases in Swedish, of figures that only look like a counterexample."""
    outcome = rules(SPLIT, folk=(1,) * len(figures))
    found = Counterexample(Run({"folk": Column.of(figures)}), breach=Breach(**more))
    phrases = [shown(one, "sv") for one in told(outcome, claim, found)]
    return [one.replace("\N{NO-BREAK SPACE}", " ") for one in phrases]


def test_few_recipients_are_named() -> None:
    first, _ = said(claimed(Sort.HOLDS), 1, 1, 0, 0, 0)
    assert first == "folk: Alfa 1 personer, Beta 1 personer, övriga 0 personer"


def test_many_with_the_same_figure_are_counted_and_none_is_hidden() -> None:
    outcome = run_ruleset(Folder(ROOT / "rulesets/2024/okad-tillganglighet"))
    figures = dict.fromkeys(outcome.figures, Column.of([0] * 10 + [7] * 10 + [8]))
    first, *_ = told(outcome, claimed(Sort.HOLDS), Counterexample(Run(figures)))
    assert shown(first, "sv").replace("\N{NO-BREAK SPACE}", " ") == (
        "befolkning: 10 mottagare 7 personer, Norrbotten 8 personer, övriga 0 personer"
    )


def test_what_a_line_pays_is_said_to_be_of_the_line() -> None:
    paid = {"recipient": 0, "other": 1, "before": 4, "after": 6}
    assert said(claimed(Sort.EQUAL_WEIGHT, "P", 0), 1, 1, **paid)[-1] == (
        "ur raden får Alfa 4 kr och Beta 6 kr"
    )
    assert (
        said(claimed(Sort.EQUAL, name="folk"), 1, 1, **paid)[-1]
        == "folk är 1 personer för båda: Alfa får 4 kr och Beta 6 kr"
    )
