"""The exact value of an expression: columns of numbers over recipients, nothing rounded."""

from collections.abc import Callable
from fractions import Fraction

from dsl import syntax as s
from dsl.findings import Exact, Finding, Value, finding
from dsl.units import Unit, unit_of
from engine.column import Column, TooLargeError

Named = Callable[[str], Column]
LedgerSum = s.SumTo | s.AllPosts


class Stopped(Exception):  # noqa: N818 - carries a finding out of nested arithmetic
    """The computation cannot go on; ``evaluate`` and ``compute`` turn it into the finding."""

    def __init__(self, found: Finding) -> None:
        super().__init__(found.code)
        self.finding = found


def value_of(
    expression: s.Expression,
    named: Named,
    base: int,
    ledger_sum: Callable[[LedgerSum], Column] | None = None,
) -> Column:
    """The value of an expression.

    Args:
        expression: what to compute.
        named: the column of a name.
        base: units of the ledger per krona; written amounts of money are brought to it.
        ledger_sum: the value of sums over the whole ledger, where the expression may have them.

    Raises:
        Stopped: on division by zero.
    """

    def value(node: s.Expression) -> Column:
        match node:
            case s.Quantity():
                return Column.of([node.value]) * in_ledger_units(unit_of(node.unit), base)
            case s.Ref(name):
                return named(name.text)
            case s.Negative(operand):
                return -value(operand)
            case s.SumOf(operand):
                return value(operand).total()
            case s.ShareOf(operand):
                inner = value(operand)
                return _divided(inner, inner.total(), node)
            case s.Binary(operator, left, right):
                return _combined(operator, value(left), value(right), node)
            case s.SumTo() | s.AllPosts():
                assert ledger_sum is not None
                return ledger_sum(node)

    try:
        return value(expression)
    except TooLargeError:
        raise Stopped(finding("F514", expression.span, "here")) from None


def compute(
    expression: s.Expression,
    named: Named,
    base: int,
    ledger_sum: Callable[[LedgerSum], Column] | None = None,
) -> Column | Finding:
    """The value of an expression outside a run (a check, a table), or why it has none."""
    try:
        return value_of(expression, named, base, ledger_sum)
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


def _divided(left: Column, right: Column, node: s.Binary | s.ShareOf) -> Column:
    try:
        return left / right
    except ZeroDivisionError:
        raise Stopped(_division_by_zero(right, node)) from None


def _division_by_zero(divisor: Column, node: s.Binary | s.ShareOf) -> Finding:
    if isinstance(node, s.ShareOf):
        return finding("F504", node.operand.span, "total")
    zeros = [row for row, value in enumerate(divisor.values) if value == 0]
    data: dict[str, Value] = {"count": Exact(len(zeros)), "all": Exact(len(divisor))}
    if len(divisor) > 1:
        data["row"] = zeros[0]
    return finding("F504", node.right.span, "column" if len(divisor) > 1 else "here", **data)
