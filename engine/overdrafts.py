"""How much lines of earned amounts can take at most, whatever figures the statistics may get.

Every statistic with declared limits (``minst``, ``högst``) counts as anything between them, every
other one as the figures at hand; expressions are followed with intervals, exactly.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import assert_never

from attrs import evolve, field, frozen

from dsl import syntax as s
from dsl.axes import combinations
from dsl.findings import Finding, Kronor
from dsl.program import Program
from dsl.units import unit_of
from engine.column import Column, TooLargeError
from engine.evaluate import Result
from engine.expressions import in_ledger_units, lower_limits, places
from engine.grid import Cell, at
from engine.inputs.statistics import limits_of
from engine.lines import to_decimals
from engine.rounding import round_each


@frozen
class Interval:
    """Two columns between which a third must lie, recipient by recipient.

    Of figures at hand; engine/proof/interval.py has those of figures that may be anything, which
    are without limits, or have a sum that says more than the numbers one by one.
    """

    low: Column
    high: Column


def sharpen_overdrafts(result: Result, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Say in each note of a possible overdraft how large it can be; drop those that cannot be."""
    bounds = _Bounds(result)
    return tuple(
        better
        for one in findings
        for better in (bounds.sharpened(one) if one.code == "N207" else [one])
    )


@frozen
class _Bounds:
    result: Result
    known: dict[tuple[str, tuple[str, ...]], Interval | None] = field(factory=dict)

    def sharpened(self, note: Finding) -> list[Finding]:
        pot = self._program.symbols[str(note.data["pot"])]
        assert isinstance(pot, s.Pot)
        try:
            for name in self.result.values:  # in the order of computation, so that none is deep
                for cell in self._places(self._program.grids.get(name, ()), {}):
                    self._named(name, cell)
            most = self._most(pot)
        except TooLargeError:
            most = None
        if most is None:
            return [note]
        held = self.result.holds[pot.name.text]
        base = self._program.base
        if most <= held:
            return []
        data = {
            "pot": note.data["pot"],
            "held": Kronor(Fraction(held, base)),
            "most": Kronor(Fraction(most, base)),
            "overdraft": Kronor(Fraction(most - held, base)),
        }
        return [evolve(note, data=data)]

    @property
    def _program(self) -> Program:
        return self.result.program

    def _most(self, pot: s.Pot) -> int | None:
        """The most that the lines before the rest can take, or None when nothing limits it."""
        total = 0
        for number, flow in enumerate(pot.flows):
            if isinstance(flow.amount, s.Rest):
                continue
            if not isinstance(flow.amount, s.Ref):
                moved = self.result.ledger.by_source[pot.name.text]
                total += sum(one.total for one in moved if one.line == number)
                continue
            interval = self._named(flow.amount.name.text, {})
            if interval is None or not self._limited(flow.amount.name.text):
                return None
            high = interval.high
            if isinstance(flow.destination, s.ToEach):
                high = high.spread(len(self._program.register_of(pot)))
            total += int(high.total().scalar)
        return total

    def _limited(self, name: str) -> bool:
        """Whether some statistic behind a name has declared limits."""
        waiting, seen = [name], {name}
        while waiting:
            symbol = self._program.symbols[waiting.pop()]
            if isinstance(symbol, s.Statistic) and limits_of(symbol)[1] is not None:
                return True
            used = _names(symbol.expression) if isinstance(symbol, s.Defined) else ()
            new = [one for one in used if one not in seen]
            seen.update(new)
            waiting += new
        return False

    # ------------------------------------------------------------ intervals

    def _places(self, axes: tuple[str, ...], cell: Cell) -> Iterator[Cell]:
        for key in combinations(self._program.axes, axes):
            yield {**cell, **dict(zip(axes, key, strict=True))}

    def _named(self, name: str, cell: Cell) -> Interval | None:
        axes = self._program.grids.get(name, ())
        key = (name, tuple(cell[axis] for axis in axes))
        if key not in self.known:
            self.known[key] = self._interval_of(name, cell)
        return self.known[key]

    def _interval_of(self, name: str, cell: Cell) -> Interval | None:
        value = at(self.result.values[name], cell)
        match self._program.symbols[name]:
            case s.Statistic() as statistic:
                return self._within_limits(statistic, value)
            case s.Definition() | s.Steps() as definition:
                found = self._expression(definition.expression, cell)
                return found and self._rounded(definition, found)
        return Interval(value, value)

    def _within_limits(self, statistic: s.Statistic, value: Column) -> Interval:
        unit = self._program.units[statistic.name.text]
        scale = in_ledger_units(unit, self._program.base)
        low, high = (
            value
            if limit is None
            else (Column.of([limit * statistic.growth]) * scale).spread(len(value))
            for limit in limits_of(statistic)
        )
        return Interval(low, high)

    def _rounded(self, definition: s.Defined, interval: Interval) -> Interval | None:
        if definition.sort == "value":
            said, measure = definition.rounding, self._program.units[definition.name.text]
            if said is not None and said.keeps_total and interval.low != interval.high:
                return None  # larger numbers, rounded together, can leave someone less
            one = in_ledger_units(measure, self._program.base)
            low, high = (
                to_decimals(side, definition, one) for side in (interval.low, interval.high)
            )
            return Interval(low, high)
        rounding = self._program.rounding_of_amount(definition)
        unit = Column.of([(rounding.unit or 1) * self._program.base])
        low, high = (
            Column(round_each(side / unit, rounding.method)) * unit
            for side in (interval.low, interval.high)
        )
        return Interval(low, high)

    def _expression(self, node: s.Expression, cell: Cell) -> Interval | None:
        match node:
            case s.Ref(name):
                return self._named(name.text, cell)
            case s.Quantity():
                value = self._quantity(node)
                return Interval(value, value)
            case s.Negative(operand):
                inner = self._expression(operand, cell)
                return inner and Interval(-inner.high, -inner.low)
            case s.SumOf(operand):
                inner = self._expression(operand, cell)
                return inner and Interval(inner.low.total(), inner.high.total())
            case s.SumOver(operand, axes):
                cells = places(self._program.axes, axes, cell)
                return _added(self._expression(operand, one) for one in cells)
            case s.ShareOf(operand):
                return self._share(self._expression(operand, cell))
            case s.Binary(operator, left, right):
                first, second = self._expression(left, cell), self._expression(right, cell)
                return _combined(operator, first, second)
            case s.StepFunction(measure, rungs):
                values = [self._expression(rung.value, cell) for rung in rungs]
                starts = [self._quantity(low).scalar for low in lower_limits(rungs)]
                return _stepped(self._expression(measure, cell), values, starts)
        return None

    def _quantity(self, quantity: s.Quantity) -> Column:
        scale = in_ledger_units(unit_of(quantity.unit), self._program.base)
        return Column.of([quantity.value]) * scale

    def _share(self, inner: Interval | None) -> Interval | None:
        # A share of varying figures has limits too, but no rule at hand needs them.
        if inner is None or inner.low != inner.high or not inner.low.total().scalar:
            return None
        share = inner.low / inner.low.total()
        return Interval(share, share)


def _combined(
    operator: s.Operator, left: Interval | None, right: Interval | None
) -> Interval | None:
    if left is None or right is None:
        return None
    pairs = [(a, b) for a in (left.low, left.high) for b in (right.low, right.high)]
    match operator:
        case "+":
            return Interval(left.low + right.low, left.high + right.high)
        case "-":
            return Interval(left.low - right.high, left.high - right.low)
        case "*":
            return _hull([a * b for a, b in pairs])
        case "/":
            divisors = (*right.low.values, *right.high.values)
            return _hull([a / b for a, b in pairs]) if min(divisors) > 0 else None
        case _:
            assert_never(operator)


def _added(terms: Iterable[Interval | None]) -> Interval | None:
    total: Interval | None = None
    for term in terms:
        if term is None:
            return None
        total = term if total is None else _combined("+", total, term)
    return total


def _stepped(
    measure: Interval | None, values: list[Interval | None], starts: list[Fraction]
) -> Interval | None:
    """Between the least and the most of all steps that a measure can lie in."""
    known = [value for value in values if value is not None]
    if measure is None or len(known) < len(values):
        return None
    length = max(len(measure.low), len(measure.high), *(len(value.low) for value in known))
    lows = [value.low.spread(length).values for value in known]
    highs = [value.high.spread(length).values for value in known]
    ends = zip(measure.low.spread(length).values, measure.high.spread(length).values, strict=True)
    steps = [slice(bisect_right(starts, a), bisect_right(starts, b) + 1) for a, b in ends]
    return Interval(
        Column.of(min(low[n] for low in lows[step]) for n, step in enumerate(steps)),
        Column.of(max(high[n] for high in highs[step]) for n, step in enumerate(steps)),
    )


def _hull(corners: list[Column]) -> Interval:
    length = max(len(corner) for corner in corners)
    rows = list(zip(*(corner.spread(length).values for corner in corners), strict=True))
    return Interval(Column.of(min(row) for row in rows), Column.of(max(row) for row in rows))


def _names(expression: s.Expression) -> Iterator[str]:
    return (name.text for name in s.references(expression))
