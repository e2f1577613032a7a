"""The verdict on all that is asked of a ruleset: proved, refuted by figures, or left open."""

from dsl.program import Program
from engine.expressions import Stopped
from engine.outcome import Outcome
from engine.proof.promises import Claim, Promise, Verdict
from engine.proof.prove import Search, claims, demanded, promises
from engine.refutation.search import search


def of_ruleset(outcome: Outcome, *, refuting: bool) -> tuple[Promise, ...]:
    """The verdict on everything that is asked of a ruleset.

    Args:
        outcome: the ruleset's run; without a checked program there is nothing to promise.
        refuting: whether to look for figures that refute what cannot be proved, which runs the
            engine some hundred times for each.
    """
    program = outcome.program
    if program is None or outcome.plan is None:
        return ()
    search = _searching(program, outcome) if refuting else None
    return _promised(program, tuple(claims(program)), search)


def unmet_demands(outcome: Outcome) -> tuple[Promise, ...]:
    """What the author demands and the rules do not keep, or cannot be shown to keep."""
    program = outcome.program
    if program is None or outcome.plan is None or not program.demands:
        return ()
    wanted = tuple(demanded(program))
    found = _promised(program, wanted, _searching(program, outcome, len(wanted)))
    return tuple(one for one in found if one.verdict is not Verdict.PROVED)


def _promised(
    program: Program, wanted: tuple[Claim, ...], search: Search | None
) -> tuple[Promise, ...]:
    try:
        return promises(program, wanted, search)
    except Stopped:
        return ()  # an amount that is no whole number of units stops every run, and is reported


def _searching(program: Program, outcome: Outcome, claims: int = 1) -> Search:
    assert outcome.plan is not None
    steps = outcome.plan.steps
    at_hand = {name: one.column for name, one in outcome.figures.items()}
    return lambda claim: search(program, steps, claim, at_hand, claims=claims)
