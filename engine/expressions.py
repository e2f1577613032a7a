"""The exact value of an expression: columns of numbers over recipients, nothing rounded."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from functools import reduce
from itertools import product
from types import MappingProxyType
from typing import assert_never

from attrs import field, frozen

from dsl import syntax as s
from dsl.axes import Axes, chosen
from dsl.findings import Exact, Finding, Value, finding
from dsl.units import Unit, unit_of
from engine.column import Column, TooLargeError
from engine.grid import Cell, Values

Named = Callable[[str], Values]
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

# The place of an expression without axes.
NOWHERE: Cell = MappingProxyType({})


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
        axes: the axes of grids and their members.
    """

    base: int
    year: int
    axes: Axes = field(factory=dict)


def value_of(
    expression: s.Expression,
    named: Named,
    setting: Setting,
    ledger_sum: Callable[[LedgerSum], Column] | None = None,
    cell: Cell = NOWHERE,
) -> Column:
    """The value of an expression, in one place of the grids that it uses.

    Args:
        expression: what to compute.
        named: the column or the grid of a name.
        setting: the ledger's unit and the budget year.
        ledger_sum: the value of sums over the whole ledger, where the expression may have them.
        cell: a member of each axis that the expression does not add over.

    Raises:
        Stopped: on division by zero.
    """

    def value(node: s.Expression) -> Column:
        match node:
            case s.Quantity():
                return Column.of([node.value]) * in_ledger_units(unit_of(node.unit), setting.base)
            case s.Ref(name):
                found = named(name.text)
                return found if isinstance(found, Column) else found.at(cell)
            case s.Negative(operand):
                return -value(operand)
            case s.SumOf(operand):
                return value(operand).total()
            case s.ShareOf(operand):
                return _shares(value(operand), node, cell)
            case s.SumOver(operand, axes):
                cells = places(setting.axes, axes, cell)
                terms = (value_of(operand, named, setting, ledger_sum, one) for one in cells)
                return reduce(Column.__add__, terms)
            case s.Binary(operator, left, right):
                return _combined(operator, value(left), value(right), node, cell)
            case s.SumTo() | s.AllPosts():
                assert ledger_sum is not None
                return ledger_sum(node)
            case s.Mix(parts):
                mixed = [
                    _weighted(part.weight.value, value(part.key), node, cell) for part in parts
                ]
                return reduce(Column.__add__, mixed)
            case s.PhaseIn(old, new):
                weight = node.weight_in(setting.year)
                before = _weighted(1 - weight, value(old), node, cell)
                return before + _weighted(weight, value(new), node, cell)
            case s.StepFunction(measure, rungs):
                return _stepped(value(measure), rungs, value)
            case _:
                assert_never(node)

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


def places(axes: Axes, over: tuple[s.Axis, ...], cell: Cell) -> Iterator[Cell]:
    """The places that a sum over axes goes through, within the place where it stands."""
    names = [axis.name.text for axis in over]
    for members in product(*(chosen(axes[axis.name.text], axis) for axis in over)):
        yield {**cell, **dict(zip(names, members, strict=True))}


def _combined(
    operator: s.Operator, left: Column, right: Column, node: s.Binary, cell: Cell
) -> Column:
    match operator:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case "/":
            return _divided(left, right, node, cell)
        case _:
            assert_never(operator)


def _shares(column: Column, node: _Sharing, cell: Cell) -> Column:
    return _divided(column, column.total(), node, cell)


def _weighted(weight: Fraction, column: Column, node: _Sharing, cell: Cell) -> Column:
    """Weighted shares; a key that does not count this year may well sum to zero."""
    return Column.of([weight]) * (_shares(column, node, cell) if weight else column)


def _stepped(
    measure: Column, rungs: tuple[s.Rung, ...], value: Callable[[s.Expression], Column]
) -> Column:
    """For each recipient the value of the last step that begins at or below its measure."""
    columns = [value(rung.value) for rung in rungs]
    length = max(len(measure), *map(len, columns))
    given = [column.spread(length).values for column in columns]
    starts = [value(low).scalar for low in lower_limits(rungs)]
    steps = [bisect_right(starts, one) for one in measure.spread(length).values]
    return Column.of(given[step][n] for n, step in enumerate(steps))


def lower_limits(rungs: tuple[s.Rung, ...]) -> list[s.Quantity]:
    """Where each step but the lowest begins."""
    return [rung.low for rung in rungs[1:] if rung.low is not None]


def _divided(left: Column, right: Column, node: s.Binary | _Sharing, cell: Cell) -> Column:
    try:
        return left / right
    except ZeroDivisionError:
        raise Stopped(_division_by_zero(right, node, cell)) from None


def _division_by_zero(divisor: Column, node: s.Binary | _Sharing, cell: Cell) -> Finding:
    data: dict[str, Value] = {"cell": tuple(cell.values())} if cell else {}
    if not isinstance(node, s.Binary):
        place = s.operands(node)[0].span if isinstance(node, s.ShareOf) else node.span
        return finding("F504", place, "total", **data)
    zeros = [row for row, value in enumerate(divisor.values) if value == 0]
    data |= {"count": Exact(len(zeros)), "all": Exact(len(divisor))}
    if len(divisor) > 1:
        data["row"] = zeros[0]
    return finding("F504", node.right.span, "column" if len(divisor) > 1 else "here", **data)
