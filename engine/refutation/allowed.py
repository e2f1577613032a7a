"""What figures the rules let a statistic have: its limits, its total, and the smallest steps."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from math import ceil, floor

from attrs import evolve, field, frozen

from dsl import syntax as s
from dsl.axes import combinations
from dsl.numbers import has_finite_decimals
from dsl.program import Program
from engine.column import Column
from engine.grid import Grid, Values
from engine.inputs.statistics import SHARES, WHOLE, limits_of, total_of
from engine.rounding import apportion

# A statistic's figures before growth, recipient by recipient; of a grid one column after another.
Flat = tuple[Fraction, ...]

# How many decimals more than usual figures may have to make their total.
MAX_FINER = 6


@frozen
class Room:
    """The figures that one statistic may have, as its file has them: before any growth.

    Attributes:
        name: the statistic.
        length: how many figures a column of it has: one per recipient, or one.
        keys: the members of its axes that each column is for; one empty tuple without axes.
        axes: its axes.
        low: the least that a figure may be; what no rule limits is not negative.
        high: the most that a figure may be, if there is a limit.
        step: the size of a usual step from one figure to the next.
        total: what the figures make together, if the rules say so.
        growth: what figures are multiplied by before they are used; never zero (``rooms_of``).
        below: whether figures below nothing are read, as they are of kronor without a floor.
    """

    name: str
    length: int
    keys: tuple[tuple[str, ...], ...]
    axes: tuple[str, ...]
    low: Fraction
    high: Fraction | None
    step: Fraction
    total: Fraction | None
    growth: Fraction
    below: bool

    @property
    def size(self) -> int:
        """How many figures there are in all."""
        return self.length * len(self.keys)

    def values(self, flat: Sequence[Fraction]) -> Values:
        """The figures as the engine takes them."""
        columns = [
            Column.of(one * self.growth for one in flat[start : start + self.length])
            for start in range(0, self.size, self.length)
        ]
        if not self.axes:
            return columns[0]
        return Grid(self.axes, dict(zip(self.keys, columns, strict=True)))

    def flat(self, values: Values) -> Flat:
        """Figures as the engine takes them, before growth."""
        columns = [values] if isinstance(values, Column) else list(values.columns.values())
        return tuple(one / self.growth for column in columns for one in column.values)

    def fit(self, value: Fraction | int) -> Fraction:
        """The nearest figure that is allowed: a whole step, or a limit."""
        near = self.step * round(Fraction(value) / self.step)
        near = max(near, self.low)
        return near if self.high is None else min(near, self.high)

    def filled(self, values: Iterable[Fraction | int]) -> Flat | None:
        """Figures as near to some as is allowed; None when they cannot make their total."""
        fitting = tuple(map(self.fit, values))
        return fitting if self.total is None else self._summing(fitting, self.total)

    def allows(self, flat: Flat) -> bool:
        """Whether a file with these figures would be read."""
        low = None if self.below and not self.low else self.low
        within = all(
            (low is None or low <= one) and (self.high is None or one <= self.high) for one in flat
        )
        whole = self.step != 1 or not self.whole or all(one.denominator == 1 for one in flat)
        summed = self.total is None or sum(flat) == self.total
        return within and whole and summed and all(map(has_finite_decimals, flat))

    whole: bool = field(default=False, kw_only=True)

    def _summing(self, values: Flat, total: Fraction) -> Flat | None:
        """Figures in proportion to some that make a total exactly."""
        grain = next((g for g in self._grains() if (total / g).denominator == 1), None)
        if grain is None or total < 0:
            return None
        weights = Column.of(max(one, Fraction(0)) for one in values).numerators
        weights = weights if any(weights) else (1,) * len(values)
        shared = apportion(int(total / grain), weights, s.Method.LARGEST_REMAINDER).amounts
        flat = tuple(one * grain for one in shared)
        return flat if self.allows(flat) else None

    def _grains(self) -> Iterable[Fraction]:
        return (self.step / 10**more for more in range(1 if self.whole else MAX_FINER))


def rooms_of(program: Program) -> Mapping[str, Room]:
    """What each statistic may be; those that other rulesets compute stay as they are."""
    return {
        one.name.text: _room(program, one)
        for one in program.statistics
        if not any(isinstance(part, s.FromRuleset) for part in one.parts) and one.growth
    }


def _room(program: Program, statistic: s.Statistic) -> Room:
    name = statistic.name.text
    axes = program.grids.get(name, ())
    noun = statistic.noun or program.noun
    low, high = limits_of(statistic)
    room = Room(
        name=name,
        length=len(program.registers[noun]) if statistic.per_recipient else 1,
        keys=tuple(combinations(program.axes, axes)),
        axes=axes,
        low=Fraction(0) if low is None else low,
        high=high,
        step=Fraction(1, 100) if statistic.unit in SHARES else Fraction(1),
        total=total_of(statistic),
        growth=statistic.growth,
        below=statistic.unit == ("kr",) and low is None,
        whole=statistic.unit in WHOLE,
    )
    return _in_whole_numbers(room) if room.whole else room


def _in_whole_numbers(room: Room) -> Room:
    high = None if room.high is None else Fraction(floor(room.high))
    return evolve(room, low=Fraction(ceil(room.low)), high=high)
