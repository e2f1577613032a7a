"""Time of proving what a ruleset promises, beside running it a thousand times on other figures.

The alternative is what one does without proofs: try many figures. It proves nothing, however many
they are.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

from attrs import evolve

from benchmarks.measure import medians, show
from dsl.program import Program
from engine.column import Column
from engine.evaluate import evaluate
from engine.graph import Step
from engine.grid import Values, each
from engine.inputs.files import Folder
from engine.outcome import Outcome
from engine.pipeline import run_ruleset
from engine.proof.prove import claims, promises

ROOT = Path(__file__).parents[1]
RULESETS = ("2024/god-och-nara-vard", "2024/okad-tillganglighet", "2023/okad-tillganglighet")
RUNS = 1_000


def main(rounds: int = 5) -> None:
    """Time proofs of three decisions."""
    for name in RULESETS:
        outcome = run_ruleset(Folder(ROOT / "rulesets" / name))
        work = _alternatives(outcome)
        show(f"All promises of {name}, median", medians(work, rounds), next(iter(work)), 1e3, "ms")


def _alternatives(outcome: Outcome) -> dict[str, Callable[[], object]]:
    program, plan = outcome.program, outcome.plan
    assert program is not None
    assert plan is not None
    at_hand = {name: one.column for name, one in outcome.figures.items()}
    return {
        f"{RUNS} runs on other figures": lambda: _tried(program, plan.steps, at_hand),
        "proof": lambda: promises(program, tuple(claims(program))),
    }


def _tried(program: Program, steps: tuple[Step, ...], at_hand: Mapping[str, Values]) -> None:
    for turn in range(1, RUNS + 1):
        figures = {name: each(values, _larger(turn)) for name, values in at_hand.items()}
        evaluate(program, steps, figures)


def _larger(turn: int) -> Callable[[Column], Column]:
    """One figure larger in each turn, another one every time."""

    def raised(column: Column) -> Column:
        place = turn % len(column)
        tops = list(column.numerators)
        tops[place] += column.denominator
        return evolve(column, numerators=tuple(tops))

    return raised


if __name__ == "__main__":
    main()
