"""Findings about what the author demands (``alltid``) and the rules do not keep."""

from dsl.findings import Finding, Label, Value
from dsl.printer import print_line
from dsl.program import Program
from engine.outcome import Outcome
from engine.proof.promises import Claim, Promise
from engine.refutation.telling import told


def demand_findings(outcome: Outcome) -> tuple[Finding, ...]:
    """An error for each demand that is refuted, or that cannot be proved."""
    return tuple(_finding(outcome, one) for one in outcome.unmet)


def _finding(outcome: Outcome, promise: Promise) -> Finding:
    assert outcome.program is not None
    assert promise.place is not None
    data: dict[str, Value] = {"demand": _demand(outcome.program, promise.claim)}
    why = Label(promise.place, "falls", {"why": promise.reasons[0]})
    labels = (Label(promise.claim.span, "here"), why)
    if promise.counterexample is None:
        return Finding("F902", labels, data)
    *figures, leads_to = told(outcome, promise.claim, promise.counterexample)
    return Finding("F901", labels, {**data, "figures": tuple(figures), "leads_to": leads_to})


def _demand(program: Program, claim: Claim) -> str:
    """The demand as the rules have it."""
    demand = next(one for one in program.demands if one.span == claim.span)
    return print_line(demand, program.document.language)
