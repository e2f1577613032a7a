"""The verdict on all that is asked of a ruleset: proved, refuted by figures, or left open."""

from collections.abc import Container, Iterable

from attrs import evolve

from dsl.program import Program
from engine.expressions import Stopped
from engine.outcome import Outcome
from engine.proof.promises import Claim, Promise, Verdict
from engine.proof.prove import claims, demanded, promises
from engine.refutation.search import search
from engine.registers.declared import nouns

# For how many promises of a ruleset figures are looked for that refute them: a search runs the
# engine some hundred times, and rules may have thousands of lines.
MAX_SEARCHED = 200

# The same of demands, of which every run has to know.
MAX_DEMANDS = 20


def of_ruleset(outcome: Outcome, *, refuting: bool) -> tuple[Promise, ...]:
    """The verdict on everything that is asked of a ruleset, in the order of the claims.

    Args:
        outcome: the ruleset's run; without a checked program, or without the register of some of
            its recipients, there is nothing to promise.
        refuting: whether to look for figures that refute what cannot be proved. Of demands the
            run has done so, and its verdict stands.
    """
    known = {one.claim: one for one in outcome.unmet}
    found = tuple(known.get(one.claim, one) for one in proved(outcome))
    return _tried(outcome, found, MAX_SEARCHED, known.keys()) if refuting else found


def proved(outcome: Outcome) -> tuple[Promise, ...]:
    """What can be proved of a ruleset and what is left open, by the rules alone."""
    if outcome.program is None or outcome.plan is None or not _has_recipients(outcome.program):
        return ()
    return _promised(outcome.program, tuple(claims(outcome.program)))


def unmet_demands(outcome: Outcome) -> tuple[Promise, ...]:
    """What the author demands and the rules do not keep, or cannot be shown to keep."""
    if outcome.program is None or outcome.plan is None or not _has_recipients(outcome.program):
        return ()
    found = _promised(outcome.program, tuple(demanded(outcome.program)))
    unmet = [one for one in found if one.verdict is Verdict.OPEN]
    return _tried(outcome, unmet, MAX_DEMANDS, together=len(unmet))


def _has_recipients(program: Program) -> bool:
    """Whether the registers could be read: an error has said so where they could not."""
    return nouns(program.document) <= program.registers.keys()


def _promised(program: Program, wanted: tuple[Claim, ...]) -> tuple[Promise, ...]:
    try:
        return promises(program, wanted)
    except Stopped:
        return ()  # an amount that is no whole number of units stops every run, and is reported


def _tried(
    outcome: Outcome,
    found: Iterable[Promise],
    most: int,
    done: Container[Claim] = (),
    together: int = 1,
) -> tuple[Promise, ...]:
    """The promises, with figures that refute the first open ones if there are any."""
    tried = list(found)
    open_ = [
        n for n, one in enumerate(tried) if one.verdict is Verdict.OPEN and one.claim not in done
    ]
    for place in open_[:most]:
        tried[place] = _searched(outcome, tried[place], together)
    return tuple(tried)


def _searched(outcome: Outcome, promise: Promise, together: int) -> Promise:
    program, plan = outcome.program, outcome.plan
    assert program is not None
    assert plan is not None
    at_hand = {name: one.column for name, one in outcome.figures.items()}
    found = search(program, plan.steps, promise.claim, at_hand, claims=together)
    if found is None:
        return promise
    return evolve(promise, verdict=Verdict.REFUTED, counterexample=found)
