"""Builds a ruleset's tables: one column of exact numbers per heading, over the recipients."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cached_property

from attrs import evolve, frozen

from dsl import syntax as s
from dsl.check.scope import Scope
from dsl.check.units import table_units
from dsl.findings import Finding
from dsl.program import Program, adds_up_in, noun_of_table
from dsl.registers import Register
from dsl.units import MONEY, NUMBER, Unit
from engine.column import Column
from engine.evaluate import Result
from engine.expressions import Setting, compute, in_ledger_units
from engine.graph import Dependencies
from engine.grid import Values, each
from engine.rounding import round_to

# What a number is multiplied by to be shown.
_SCALES: Mapping[s.Scale, Fraction] = {
    "percent": Fraction(100),
    "millions": Fraction(1, 10**6),
    "number": Fraction(1),
}


@frozen
class TableColumn:
    """One column of a table.

    Attributes:
        heading: as the table has it.
        exact: the numbers in kr, persons and so on, not rounded for show.
        unit: what they measure.
        display: how they are shown, when not as they are.
        statistics: the statistics that they come from.
        adds_up: whether a sum over the recipients means anything: not of levels.
    """

    heading: str
    exact: Column
    unit: Unit
    display: s.Display | None
    statistics: frozenset[str]
    adds_up: bool = True

    def shown(self, value: Fraction) -> Fraction:
        """A number as the table shows it: to its scale and decimals, rounded half up."""
        if self.display is None:
            return value
        return round_to(value * _SCALES[self.display.scale], self.display.decimals)

    @property
    def cells(self) -> tuple[Fraction, ...]:
        """The numbers as shown, per recipient."""
        return tuple(self.shown(value) for value in self.exact.values)

    @property
    def total(self) -> Fraction:
        """The sum of the exact numbers, as shown."""
        return self.shown(self.exact.total().scalar)


@frozen
class TableView:
    """A table with its numbers.

    Attributes:
        title: its heading.
        register: the recipients, one row each.
        columns: the columns in order.
        remarks: what a reader must know.
        table: the statement it comes from; None for the overview of a ruleset without tables.
    """

    title: str
    register: Register
    columns: tuple[TableColumn, ...]
    remarks: tuple[str, ...] = ()
    table: s.Table | None = None


def tabulate(
    result: Result, dependencies: Dependencies
) -> tuple[tuple[TableView, ...], tuple[Finding, ...]]:
    """All tables of a ruleset, or one with every pot when it declares none."""
    builder = _Builder(result, dependencies)
    if not result.program.tables:
        return builder.overview(), ()
    built = [builder.view(table) for table in result.program.tables]
    views = tuple(one for one in built if isinstance(one, TableView))
    return views, tuple(one for one in built if isinstance(one, Finding))


@frozen(slots=False)
class _Builder:
    result: Result
    dependencies: Dependencies

    @cached_property
    def _measure(self) -> Callable[[s.Expression], Unit | None]:
        return table_units(Scope.of(self._program.document, self._program.registers))

    @property
    def _setting(self) -> Setting:
        return Setting(1, self._program.year, self._program.axes)

    @property
    def _program(self) -> Program:
        return self.result.program

    def overview(self) -> tuple[TableView, ...]:
        """One table per kind of recipients, with a column for every pot that reaches them."""
        nouns = dict.fromkeys(pot.noun or self._program.noun for pot in self._program.pots)
        views = []
        for noun in nouns:
            pots = [one for one in self._program.pots if (one.noun or self._program.noun) == noun]
            names = [one.name.text for one in pots if self._given(one.name.text) is not None]
            columns = [self._pot_column(name) for name in names]
            if len(columns) > 1:
                columns.append(self._sum(columns, ""))
            if columns:
                register = self._program.registers[noun]
                views.append(TableView(self._program.name, register, tuple(columns)))
        return tuple(views)

    def view(self, table: s.Table) -> TableView | Finding:
        """One declared table."""
        noun = noun_of_table(self._program.symbols, self._program.noun, table)
        register, areas = self._program.registers[noun], table.row_per
        columns: list[TableColumn] = []
        added: list[TableColumn] = []  # totals add columns, never other totals
        for part in table.columns:
            if isinstance(part, s.Total):
                columns.append(self._sum(added, part.heading))
                continue
            column = self._column(part, register)
            if isinstance(column, Finding):
                return column
            column = self._per_area(column, register, areas) if areas else column
            columns.append(column)
            added.append(column)
        remarks = tuple(one.text for one in table.parts if isinstance(one, s.Remark))
        rows = self._program.registers[areas.noun] if areas else register
        return TableView(table.title, rows, tuple(columns), remarks, table)

    # ------------------------------------------------------------ columns

    def _column(self, part: s.Column, register: Register) -> TableColumn | Finding:
        exact = compute(part.expression, self._in_kronor, self._setting)
        if isinstance(exact, Finding):
            return exact
        unit = self._measure(part.expression) or NUMBER
        names = [name.text for name in s.references(part.expression)]
        statistics = self.dependencies.statistics_behind(names)
        spread = exact.spread(len(register))
        several = len(exact) == len(register)
        adds_up = several and adds_up_in(self._program.symbols, part.expression, unit)
        return TableColumn(part.heading, spread, unit, part.display, statistics, adds_up)

    def _per_area(self, column: TableColumn, register: Register, areas: s.RowPer) -> TableColumn:
        """A column with the recipients of each larger area added up."""
        length = len(self._program.registers[areas.noun])
        return evolve(column, exact=column.exact.gathered(register.within[areas.noun], length))

    def _pot_column(self, name: str) -> TableColumn:
        statistics = self.dependencies.statistics_behind([name])
        return TableColumn(name, self._pot_in_kronor(name), MONEY, None, statistics)

    def _sum(self, columns: list[TableColumn], heading: str) -> TableColumn:
        """The money columns before it, added; in millions where all of them are."""
        money = [one for one in columns if one.unit == MONEY]
        length = len(columns[0].exact) if columns else 1
        total = sum((one.exact for one in money), Column((0,) * length))
        shown = [one.display for one in money if one.display is not None]
        millions = [one.decimals for one in shown if one.scale == "millions"]
        display: s.Display | None = None
        if len(millions) == len(money) > 0:
            display = s.Display("millions", max(millions))
        statistics = frozenset[str]().union(*(one.statistics for one in money))
        return TableColumn(heading, total, MONEY, display, statistics)

    # ------------------------------------------------------------ numbers

    def _in_kronor(self, name: str) -> Values:
        if isinstance(self._program.symbols[name], s.Pot):
            return self._pot_in_kronor(name)
        one = in_ledger_units(self._program.units[name], self._program.base)
        return each(self.result.values[name], lambda column: column / one)

    def _pot_in_kronor(self, name: str) -> Column:
        return Column(self._given(name) or (0,)) / Column((self._program.base,))

    def _given(self, name: str) -> tuple[int, ...] | None:
        """What a pot gives each recipient, or None when it gives them nothing."""
        return self.result.ledger.of_pot(name)
