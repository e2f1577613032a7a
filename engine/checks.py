"""Evaluates a ruleset's own checks (``kontroll``): what is asserted, what was calculated."""

from collections.abc import Callable
from fractions import Fraction
from functools import cached_property

from attrs import frozen

from dsl import syntax as s
from dsl.check.scope import Scope
from dsl.check.units import table_units
from dsl.findings import Exact, Finding, Kronor, Label, Value
from dsl.program import Program
from dsl.registers import Register
from dsl.units import Unit
from engine.column import Column
from engine.evaluate import Result
from engine.expressions import HOLDS, Setting, compute, in_ledger_units
from engine.measured import measured


@frozen
class CheckOutcome:
    """One check after the run.

    Attributes:
        check: the statement.
        calculated: the left side, in the ledger's unit when it is money.
        asserted: the right side.
        failing: positions at which it does not hold; empty when it holds.
        finding: what to report: the failure, a misprint in the decision that the rule names, or
            why the check has no value.
    """

    check: s.Check
    calculated: Column
    asserted: Column
    failing: tuple[int, ...]
    finding: Finding | None

    @property
    def holds(self) -> bool:
        """Whether it holds for everyone."""
        return not self.failing


def run_checks(result: Result) -> tuple[CheckOutcome, ...]:
    """Evaluate every check of a ruleset."""
    units = _Units(result.program)
    return tuple(_outcome(result, check, units) for check in result.program.checks)


def _outcome(result: Result, check: s.Check, units: "_Units") -> CheckOutcome:
    left, right = _value(result, check.left), _value(result, check.right)
    for side in (left, right):
        if isinstance(side, Finding):
            return CheckOutcome(check, Column((0,)), Column((0,)), (0,), side)
    assert isinstance(left, Column)
    assert isinstance(right, Column)
    difference = left - right
    holds = HOLDS[check.relation]
    failing = tuple(n for n, value in enumerate(difference.values) if not holds(value))
    found: Finding | None
    if failing:
        found = _failure(result, check, units, left, right, failing)
    else:
        found = _misprint(check, right, result.program.base)
    return CheckOutcome(check, left, right, failing, found)


def _value(result: Result, expression: s.Expression) -> Column | Finding:
    program = result.program

    def over_the_ledger(node: s.SumTo | s.AllPosts) -> Column:
        if isinstance(node, s.SumTo):
            return Column((result.ledger.to_other(node.name.text),))
        return Column((sum(one.total for one in result.ledger.movements if one.is_item),))

    setting = Setting(program.base, program.year, program.axes)
    return compute(expression, result.values.__getitem__, setting, over_the_ledger)


def _failure(
    result: Result,
    check: s.Check,
    units: "_Units",
    left: Column,
    right: Column,
    failing: tuple[int, ...],
) -> Finding:
    first = failing[0]
    length = max(len(left), len(right))
    calculated, asserted = left.spread(length).values[first], right.spread(length).values[first]
    unit = units.shown_as(check)
    data: dict[str, Value] = {
        "calculated": unit(calculated),
        "asserted": unit(asserted),
        "difference": unit(abs(calculated - asserted)),
    }
    if length > 1:
        data["count"] = Exact(len(failing))
        data["recipient"] = _register(result.program, check).recipients[first].name
    labels = (
        Label(check.left.span, "calculated", {"calculated": data["calculated"]}),
        Label(check.right.span, "asserted", {"asserted": data["asserted"]}),
    )
    return Finding("F602" if length > 1 else "F601", labels, data)


def _register(program: Program, check: s.Check) -> Register:
    """The recipients that a check compares: those of the statistics and amounts it uses."""
    names = (name.text for side in (check.left, check.right) for name in s.references(side))
    # Of several numbers that are compared some name has one per recipient.
    return program.registers[next(filter(None, map(program.noun_behind, names)))]


@frozen(slots=False)
class _Units:
    """The units of what checks compare; the definitions are measured when the first one fails."""

    program: Program

    @cached_property
    def _unit_of(self) -> Callable[[s.Expression], Unit | None]:
        return table_units(Scope.of(self.program.document, self.program.registers))

    def shown_as(self, check: s.Check) -> Callable[[Fraction], Value]:
        """Money is shown in kronor, anything else as a number with its unit, if it has any."""
        unit = self._unit_of(check.left)
        assert unit is not None  # of what has been checked the units are known
        scale = in_ledger_units(unit, self.program.base).scalar
        if not unit.powers:
            return Exact
        return lambda value: measured(value / scale, unit)


def _misprint(check: s.Check, right: Column, base: int) -> Finding | None:
    """A figure that the decision prints wrongly, as the rule says: shown, never hidden."""
    if check.printed is None:
        return None
    asserted = right.values[0] / base
    printed = check.printed.number
    data: dict[str, Value] = {
        "printed": Kronor(printed),
        "asserted": Kronor(asserted),
        "difference": Kronor(abs(printed - asserted)),
    }
    code = "F603" if printed == asserted else "N601"
    return Finding(code, (Label(check.printed.span, "here"),), data)
