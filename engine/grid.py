"""Figures over axes: a column of numbers for every combination of members."""

from collections.abc import Callable, Mapping
from functools import reduce

from attrs import frozen

from dsl.axes import Axes, combinations
from engine.column import Column

# A place in a grid: the member of each axis.
Cell = Mapping[str, str]


@frozen
class Grid:
    """Numbers over axes.

    Attributes:
        axes: the names of the axes, in the order of their declaration.
        columns: for each combination of members a number per recipient, or a single one; in the
            order of declaration.
    """

    axes: tuple[str, ...]
    columns: Mapping[tuple[str, ...], Column]

    @classmethod
    def over(cls, names: tuple[str, ...], axes: Axes, column: Callable[[Cell], Column]) -> "Grid":
        """A grid over some axes, each of its columns made for its place."""
        keys = list(combinations(axes, names))
        return cls(names, {key: column(dict(zip(names, key, strict=True))) for key in keys})

    def at(self, cell: Cell) -> Column:
        """The column in a place, which may be one of more axes than the grid has."""
        return self.columns[tuple(cell[axis] for axis in self.axes)]

    def each(self, change: Callable[[Column], Column]) -> "Grid":
        """The grid with every column changed."""
        return Grid(self.axes, {key: change(column) for key, column in self.columns.items()})

    def total(self) -> Column:
        """The sum of all numbers, as a scalar."""
        return reduce(Column.__add__, (column.total() for column in self.columns.values()))


# What a name stands for: a column, or for a name with axes a grid of them.
Values = Column | Grid


def at(values: Values, cell: Cell) -> Column:
    """The column of something in a place; what has no axes is the same in all of them."""
    return values if isinstance(values, Column) else values.at(cell)


def each(values: Values, change: Callable[[Column], Column]) -> Values:
    """A column, or every column of a grid, changed."""
    return change(values) if isinstance(values, Column) else values.each(change)
