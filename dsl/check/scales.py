"""Checks steps, mixes and phase-ins: no gaps, no overlaps, weights that total 100 %."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from dsl import syntax as s
from dsl.check.scope import Scope
from dsl.findings import Exact, Finding, Label, Percent, Value, finding
from dsl.program import statements


def check_scales(scope: Scope) -> Iterator[Finding]:
    """Every ``trappa``, ``blandning`` and ``infasning`` of the document."""
    for steps in statements(scope.document, s.Steps):
        yield from _steps(steps)
    for statement in scope.document.statements:
        for expression in expressions_of(statement):
            for part in s.parts_of(expression):
                if isinstance(part, s.Mix):
                    yield from _mix(part)
                if isinstance(part, s.PhaseIn):
                    yield from _phase_in(part)


def expressions_of(statement: s.Statement) -> Iterator[s.Expression]:
    """Every expression that a statement holds."""
    match statement:
        case s.Definition() | s.Steps():
            yield statement.expression
        case s.Check(left, _, right) | s.Demand(s.Comparison(left, _, right)):
            yield left
            yield right
        case s.Table():
            yield from (one.expression for one in statement.parts if isinstance(one, s.Column))
        case s.Pot():
            for flow in statement.flows:
                yield from flow.expressions


# ---------------------------------------------------------------- steps


def _steps(steps: s.Steps) -> Iterator[Finding]:
    rungs = steps.parts
    if not rungs:
        yield finding("F222", steps.span, "here", name=steps.name.text)
        return
    misplaced = [pair for pair in pairwise(rungs) if not _is_higher(*pair)]
    if misplaced:
        yield from (_misplaced(steps, *pair) for pair in misplaced)
        return
    if rungs[0].low is not None:
        yield _open_end(steps, rungs[0], rungs[0].low, "F223")
    if rungs[-1].high is not None:
        yield _open_end(steps, rungs[-1], rungs[-1].high, "F224")
    for lower, upper in pairwise(rungs):
        yield from _joined(steps, lower, upper)


def _is_higher(lower: s.Rung, upper: s.Rung) -> bool:
    """Whether the second of two steps begins above where the first one begins."""
    if upper.low is None:
        return False
    return lower.low is None or lower.low.value < upper.low.value


def _open_end(steps: s.Steps, rung: s.Rung, limit: s.Quantity, code: str) -> Finding:
    return finding(code, rung.span, "here", name=steps.name.text, limit=_shown(limit))


def _joined(steps: s.Steps, lower: s.Rung, upper: s.Rung) -> Iterator[Finding]:
    """The upper step must begin where the lower one ends; without an end it ends there itself."""
    begins, ends = upper.low, lower.high
    if begins is None or ends is None:
        return
    if begins.value > ends.value:
        yield _between("F226", steps, lower, upper, ends, begins)
    elif begins.value < ends.value:
        yield _between("F227", steps, lower, upper, begins, ends)


def _misplaced(steps: s.Steps, lower: s.Rung, upper: s.Rung) -> Finding:
    labels = (Label(upper.span, "here"), Label(lower.span, "before"))
    return Finding("F225", labels, {"name": steps.name.text})


def _between(
    code: str, steps: s.Steps, lower: s.Rung, upper: s.Rung, low: s.Quantity, high: s.Quantity
) -> Finding:
    labels = (Label(upper.span, "here"), Label(lower.span, "before"))
    data = {"name": steps.name.text, "low": _shown(low), "high": _shown(high)}
    return Finding(code, labels, data)


def _shown(limit: s.Quantity) -> Exact | Percent:
    return Percent(limit.value) if limit.unit == ("percent",) else Exact(limit.number)


# ---------------------------------------------------------------- mixes


def _mix(mix: s.Mix) -> Iterator[Finding]:
    for part in mix.parts:
        yield from _percent(part.weight)
    total = sum((part.weight.value for part in mix.parts), Fraction(0))
    if total != 1 and all(_is_weight(part.weight) for part in mix.parts):
        labels = tuple(Label(part.weight.span, "here") for part in mix.parts)
        data = {"total": Percent(total), "difference": Percent(abs(1 - total))}
        yield Finding("F228", labels, data)


def _percent(weight: s.Quantity | s.Part) -> Iterator[Finding]:
    if not _is_weight(weight) or not 0 <= weight.value <= 1:
        yield finding("F229", weight.span, "here", **_as_percent(weight))


def _is_weight(weight: s.Quantity | s.Part) -> bool:
    return isinstance(weight, s.Part) or weight.unit == ("percent",)


def _as_percent(weight: s.Quantity | s.Part) -> dict[str, Value]:
    """What a number without its sign was meant to be: 0.5 and 50 are both 50 %."""
    if isinstance(weight, s.Part):
        return {"example": Percent(Fraction(60, 100))}
    share = weight.number if weight.number <= 1 else weight.number / 100
    if weight.unit == () and 0 <= share <= 1:
        return {"percent": Percent(share)}
    return {"example": Percent(Fraction(60, 100))}


def _phase_in(phase: s.PhaseIn) -> Iterator[Finding]:
    for stage in phase.stages:
        yield from _percent(stage.weight)
    for before, after in pairwise(phase.stages):
        if after.year <= before.year:
            data = {"before": str(before.year), "after": str(after.year)}
            yield finding("F230", after.weight.span, "here", **data)
