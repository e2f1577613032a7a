"""The exact value of an expression: columns of numbers over recipients, nothing rounded."""

from bisect import bisect_right
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import reduce

from attrs import frozen

from dsl import syntax as s
from dsl.findings import Exact, Finding, Value, finding
from dsl.units import Unit, unit_of
from engine.column import Column, TooLargeError

Named = Callable[[str], Column]
LedgerSum = s.SumTo | s.AllPosts

# When a comparison holds, by the left side less the right.
HOLDS: Mapping[s.Relation, Callable[[Fraction], bool]] = {
    "equal": lambda difference: difference == 0,
    "at_most": lambda difference: difference <= 0,
    "at_least": lambda difference: difference >= 0,
    "less": lambda difference: difference < 0,
    "more": lambda difference: difference > 0,
}
_Sharing = s.ShareOf | s.Mix | s.PhaseIn


class Stopped(Exception):  # noqa: N818 - carries a finding out of nested arithmetic
    """The computation cannot go on; ``evaluate`` and ``compute`` turn it into the finding."""

    def __init__(self, found: Finding) -> None:
        super().__init__(found.code)
        self.finding = found


@frozen
class Setting:
    """What an expression's value depends on beside the names it uses.

    Attributes:
        base: units of the ledger per krona; written amounts of money are brought to it.
        year: the budget year, for keys that are phased in.
    """

    base: int
    year: int


def value_of(
    expression: s.Expression,
    named: Named,
    setting: Setting,
    ledger_sum: Callable[[LedgerSum], Column] | None = None,
) -> Column:
    """The value of an expression.

    Args:
        expression: what to compute.
        named: the column of a name.
        setting: the ledger's unit and the budget year.
        ledger_sum: the value of sums over the whole ledger, where the expression may have them.

    Raises:
        Stopped: on division by zero.
    """

    def value(node: s.Expression) -> Column:
        match node:
            case s.Quantity():
                return Column.of([node.value]) * in_ledger_units(unit_of(node.unit), setting.base)
            case s.Ref(name):
                return named(name.text)
            case s.Negative(operand):
                return -value(operand)
            case s.SumOf(operand):
                return value(operand).total()
            case s.ShareOf(operand):
                return _shares(value(operand), node)
            case s.Binary(operator, left, right):
                return _combined(operator, value(left), value(right), node)
            case s.SumTo() | s.AllPosts():
                assert ledger_sum is not None
                return ledger_sum(node)
            case s.Mix(parts):
                mixed = [_weighted(part.weight.value, value(part.key), node) for part in parts]
                return reduce(Column.__add__, mixed)
            case s.PhaseIn(old, new):
                weight = node.weight_in(setting.year)
                before = _weighted(1 - weight, value(old), node)
                return before + _weighted(weight, value(new), node)
            case s.StepFunction(measure, rungs):
                return _stepped(value(measure), rungs, value)

    try:
        return value(expression)
    except TooLargeError:
        raise Stopped(finding("F514", expression.span, "here")) from None


def compute(
    expression: s.Expression,
    named: Named,
    setting: Setting,
    ledger_sum: Callable[[LedgerSum], Column] | None = None,
) -> Column | Finding:
    """The value of an expression outside a run (a check, a table), or why it has none."""
    try:
        return value_of(expression, named, setting, ledger_sum)
    except Stopped as stopped:
        return stopped.finding


def in_ledger_units(unit: Unit, base: int) -> Column:
    """The factor from a unit with kronor in it to the same with the ledger's unit."""
    return Column.of([Fraction(base) ** dict(unit.powers).get("kr", 0)])


def _combined(operator: s.Operator, left: Column, right: Column, node: s.Binary) -> Column:
    match operator:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case "/":
            return _divided(left, right, node)


def _shares(column: Column, node: _Sharing) -> Column:
    return _divided(column, column.total(), node)


def _weighted(weight: Fraction, column: Column, node: _Sharing) -> Column:
    """Weighted shares; a key that does not count this year may well sum to zero."""
    return Column.of([weight]) * (_shares(column, node) if weight else column)


def _stepped(
    measure: Column, rungs: tuple[s.Rung, ...], value: Callable[[s.Expression], Column]
) -> Column:
    """For each recipient the value of the last step that begins at or below its measure."""
    given = [value(rung.value).spread(len(measure)).values for rung in rungs]
    starts = [value(rung.low).scalar for rung in rungs[1:] if rung.low is not None]
    steps = [bisect_right(starts, one) for one in measure.values]
    return Column.of(given[step][n] for n, step in enumerate(steps))


def _divided(left: Column, right: Column, node: s.Binary | _Sharing) -> Column:
    try:
        return left / right
    except ZeroDivisionError:
        raise Stopped(_division_by_zero(right, node)) from None


def _division_by_zero(divisor: Column, node: s.Binary | _Sharing) -> Finding:
    if not isinstance(node, s.Binary):
        place = s.operands(node)[0].span if isinstance(node, s.ShareOf) else node.span
        return finding("F504", place, "total")
    zeros = [row for row, value in enumerate(divisor.values) if value == 0]
    data: dict[str, Value] = {"count": Exact(len(zeros)), "all": Exact(len(divisor))}
    if len(divisor) > 1:
        data["row"] = zeros[0]
    return finding("F504", node.right.span, "column" if len(divisor) > 1 else "here", **data)
