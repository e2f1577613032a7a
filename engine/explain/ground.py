"""What an explanation is read from: the run, the value and unit of any expression, its words."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cached_property
from itertools import takewhile
from typing import assert_never

from attrs import frozen

from dsl import syntax as s
from dsl.check.scope import Scope
from dsl.check.units import table_units
from dsl.findings import Phrase, Value
from dsl.printer import Printer
from dsl.program import Program
from dsl.source import Span
from dsl.units import NUMBER, Unit, unit_of
from engine.column import Column
from engine.comparison.verify import ColumnVerdict
from engine.evaluate import Result
from engine.explain.steps import Origin
from engine.expressions import NOWHERE, Setting, in_ledger_units, value_of
from engine.grid import Cell, Values
from engine.measured import bare
from engine.outcome import Outcome
from engine.pipeline import verify

_STRONGEST = {"+": 1, "-": 1, "*": 2, "/": 2}
_SIGNS = {"+": "why.plus", "-": "why.minus", "*": "why.times", "/": "why.over"}


@frozen(slots=False)
class Ground:
    """A run, and what its expressions come to for one recipient after another."""

    outcome: Outcome

    @cached_property
    def result(self) -> Result:
        """Values and ledger."""
        assert self.outcome.result is not None
        return self.outcome.result

    @property
    def program(self) -> Program:
        """The rules."""
        return self.result.program

    @cached_property
    def printer(self) -> Printer:
        """Writes rules as the ruleset's own language has them."""
        return Printer(self.program.document.language)

    @cached_property
    def _scope(self) -> Scope:
        return Scope.of(self.program.document, self.program.registers)

    @cached_property
    def verdicts(self) -> tuple[ColumnVerdict, ...]:
        """How the published tables compare."""
        return verify(self.outcome)[0]

    # ------------------------------------------------------------ numbers

    def kronor(self, amount: Fraction | int) -> Fraction:
        """An amount of the ledger in kronor."""
        return Fraction(amount) / self.program.base

    def unit(self, expression: s.Expression) -> Unit:
        """What an expression measures."""
        if isinstance(expression, s.Quantity):
            return unit_of(expression.unit)
        return self._measure(expression) or NUMBER

    @cached_property
    def _measure(self) -> Callable[[s.Expression], Unit | None]:
        return table_units(self._scope)

    def column(self, expression: s.Expression, cell: Cell = NOWHERE) -> Column:
        """An expression's value in kr, persons and so on: one for all, or one per recipient."""
        setting = Setting(self.program.base, self.program.year, self.program.axes)
        value = value_of(expression, self.result.values.__getitem__, setting, cell=cell)
        return value / in_ledger_units(self.unit(expression), self.program.base)

    def value(self, expression: s.Expression, position: int, cell: Cell = NOWHERE) -> Fraction:
        """An expression's value for one recipient, in one place of the grids that it uses."""
        return entry(self.column(expression, cell), position)

    def leaves(self, expression: s.Expression) -> Iterator[str]:
        """What an expression over axes rests on: its grids of figures, and names without axes."""
        waiting, seen = [name.text for name in s.references(expression)], set[str]()
        while waiting:
            name = waiting.pop(0)
            symbol = self.program.symbols[name]
            if name not in seen and isinstance(symbol, s.Defined) and name in self.program.grids:
                waiting += [one.text for one in s.references(symbol.expression)]
            elif name not in seen:
                yield name
            seen.add(name)

    # ------------------------------------------------------------ words

    def filled(self, node: s.Expression, position: int, inside: int = 0) -> Value:
        """An expression with the numbers in place of the names; parentheses where needed."""
        match node:
            case s.Binary(operator, left, right):
                strength = _STRONGEST[operator]
                one = self.filled(left, position, strength)
                other = self.filled(right, position, strength + 1)
                text = Phrase(_SIGNS[operator], {"one": one, "other": other})
                return Phrase("why.group", {"one": text}) if strength < inside else text
            case s.Negative(operand):
                return Phrase("why.negative", {"one": self.filled(operand, position, 3)})
            case (
                s.Quantity()
                | s.Ref()
                | s.ShareOf()
                | s.SumOf()
                | s.SumOver()
                | s.SumTo()
                | s.AllPosts()
                | s.Mix()
                | s.PhaseIn()
                | s.StepFunction()
            ):
                return bare(self.value(node, position), self.unit(node))
            case _:
                assert_never(node)

    def written(self, node: s.Expression) -> str:
        """An expression as the rules have it."""
        return self.printer.expression(node)

    # ------------------------------------------------------------ places

    def origin(self, name: str, position: int | None, cell: Cell = NOWHERE) -> Origin | None:
        """Where a statistic's figure stands; without a position, where all of them do."""
        figures = self.outcome.figures.get(name)
        if figures is None:
            return None
        of_ruleset = not figures.sha256
        span: Span | None = None
        if position is not None and not of_ruleset:
            span = figures.spans[_place(figures.column, position, cell)]
        return Origin(
            name,
            figures.file,
            span,
            figures.source,
            figures.as_of,
            figures.recovered,
            of_ruleset,
            figures.growth,
        )


def _place(values: Values, position: int, cell: Cell) -> int:
    """Where a recipient's figure stands among all figures of a statistic, column after column."""
    if isinstance(values, Column):
        return position
    wanted = tuple(cell[axis] for axis in values.axes)
    before = takewhile(lambda members: members != wanted, values.columns)
    place = position if len(values.columns[wanted]) > 1 else 0
    return sum(len(values.columns[members]) for members in before) + place


def entry(column: Column, position: int) -> Fraction:
    """A recipient's number, or the one that is for all."""
    place = position if len(column) > 1 else 0
    return Fraction(column.numerators[place], column.denominator)
