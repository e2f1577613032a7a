"""Intervals of exact numbers whose ends may be unlimited, and of whole columns of numbers."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import product
from math import ceil, floor

from attrs import frozen

from dsl.syntax import Method
from engine.column import Column
from engine.rounding import round_each

_End = tuple[int, Fraction]
"""The end of an interval: -1 or 1 for one without limit, else 0 and the number."""


@frozen
class Interval:
    """The numbers from the low end to the high one, both included; None is no limit."""

    low: Fraction | None
    high: Fraction | None

    def __contains__(self, number: Fraction) -> bool:
        above = self.low is None or self.low <= number
        return above and (self.high is None or number <= self.high)

    def __add__(self, other: Interval) -> Interval:
        return Interval(_added(self.low, other.low), _added(self.high, other.high))

    def __neg__(self) -> Interval:
        return Interval(_negated(self.high), _negated(self.low))

    def __sub__(self, other: Interval) -> Interval:
        return self + -other

    def __mul__(self, other: Interval) -> Interval:
        ends = [_times(a, b) for a, b in product(self._ends, other._ends)]
        return Interval(
            None if min(ends)[0] < 0 else min(ends)[1],
            None if max(ends)[0] > 0 else max(ends)[1],
        )

    @property
    def reciprocal(self) -> Interval:
        """One divided by the numbers; zero, which would stop the run, is left out."""
        if self == NOTHING:
            return ANYTHING
        if self.high is not None and self.high <= 0:
            return -((-self).reciprocal)
        if self.low is None or self.low < 0:
            return ANYTHING
        high = None if self.low == 0 else 1 / self.low
        return Interval(Fraction(0) if self.high is None else 1 / self.high, high)

    @property
    def is_not_negative(self) -> bool:
        """Whether none of the numbers is below zero."""
        return self.low is not None and self.low >= 0

    @property
    def is_positive(self) -> bool:
        """Whether all of the numbers are above zero."""
        return self.low is not None and self.low > 0

    @property
    def only(self) -> Fraction | None:
        """The number, if there is but one."""
        return self.low if self.low == self.high else None

    def meet(self, other: Interval) -> Interval:
        """What lies in both, which is known to be something."""
        lows = [end for end in (self.low, other.low) if end is not None]
        highs = [end for end in (self.high, other.high) if end is not None]
        return Interval(max(lows, default=None), min(highs, default=None))

    def whole(self, unit: Fraction) -> Interval:
        """The whole units among the numbers."""
        return Interval(
            None if self.low is None else ceil(self.low / unit) * unit,
            None if self.high is None else floor(self.high / unit) * unit,
        )

    @property
    def _ends(self) -> tuple[_End, _End]:
        low = (-1, Fraction(0)) if self.low is None else (0, self.low)
        high = (1, Fraction(0)) if self.high is None else (0, self.high)
        return low, high


ANYTHING = Interval(None, None)
NOT_NEGATIVE = Interval(Fraction(0), None)
NOTHING = Interval(Fraction(0), Fraction(0))


def only(number: Fraction | int) -> Interval:
    """The interval of one number."""
    return Interval(Fraction(number), Fraction(number))


def hull(intervals: Iterable[Interval]) -> Interval:
    """The least interval with all of these in it."""
    lows, highs = zip(*((one.low, one.high) for one in intervals), strict=True)
    return Interval(
        None if None in lows else min(lows),
        None if None in highs else max(highs),
    )


def _added(left: Fraction | None, right: Fraction | None) -> Fraction | None:
    return None if left is None or right is None else left + right


def _negated(end: Fraction | None) -> Fraction | None:
    return None if end is None else -end


def _times(left: _End, right: _End) -> _End:
    """The product of two ends; zero times something without limit is zero."""
    signs = [end[0] or (end[1] > 0) - (end[1] < 0) for end in (left, right)]
    sign = signs[0] * signs[1]
    if left[0] == right[0] == 0 or sign == 0:
        return 0, left[1] * right[1]
    return sign, Fraction(0)


# ---------------------------------------------------------------- columns


@frozen
class Range:
    """What a column of numbers may be, whatever the figures.

    Attributes:
        each: every single number lies in it.
        total: their sum lies in it, which may say more than the numbers do: shares of a whole
            are each at most one, and together exactly one.
        length: how many numbers; one for a number that holds for all.
    """

    each: Interval
    total: Interval
    length: int

    @classmethod
    def of(cls, each: Interval, length: int = 1, total: Interval = ANYTHING) -> Range:
        """A column of numbers that are known one by one, and perhaps their sum."""
        return cls(each, total.meet(each * only(length)), length)

    def spread(self, length: int) -> Range:
        """The column itself, or a single number repeated."""
        if self.length == length:
            return self
        return Range.of(self.each, length)

    def __add__(self, other: Range) -> Range:
        length = max(self.length, other.length)
        left, right = self.spread(length), other.spread(length)
        return Range.of(left.each + right.each, length, left.total + right.total)

    def __neg__(self) -> Range:
        return Range(-self.each, -self.total, self.length)

    def __sub__(self, other: Range) -> Range:
        return self + -other

    def __mul__(self, other: Range) -> Range:
        each, length = self.each * other.each, max(self.length, other.length)
        if self.length == 1:
            return Range(each, self.each * other.total, length)
        if other.length == 1:
            return Range(each, self.total * other.each, length)
        total = ANYTHING
        # A sum of products is the sum of the factors that are not negative, times a mean of the
        # others.
        if self.each.is_not_negative:
            total = total.meet(self.total * other.each)
        if other.each.is_not_negative:
            total = total.meet(self.each * other.total)
        return Range.of(each, length, total)

    def __truediv__(self, other: Range) -> Range:
        return self * Range.of(other.each.reciprocal, other.length)

    def shares(self) -> Range:
        """Each number's share of their sum."""
        if not self.each.is_not_negative:
            return Range(ANYTHING, only(1), self.length)
        return Range(Interval(Fraction(0), Fraction(1)), only(1), self.length)

    def summed(self) -> Range:
        """The sum of the numbers."""
        return Range(self.total, self.total, 1)

    def repeated(self, times: int) -> Range:
        """The sum of so many columns of this kind."""
        return Range(self.each * only(times), self.total * only(times), self.length)

    def rounded(self, unit: Fraction, method: Method) -> Range:
        """The numbers rounded one by one to whole units; their sum follows with an error each."""
        each = Interval(
            *(None if end is None else _rounded(end, unit, method) for end in _ends(self.each))
        )
        error = unit / 2 if method is Method.NEAREST else unit
        off = Interval(-error * self.length, error * self.length)
        if self.each.is_not_negative and method is Method.DOWN:
            off = Interval(off.low, Fraction(0))
        if self.each.is_not_negative and method is Method.UP:
            off = Interval(Fraction(0), off.high)
        return Range.of(each, self.length, (self.total + off).whole(unit))


def _ends(interval: Interval) -> tuple[Fraction | None, Fraction | None]:
    return interval.low, interval.high


def _rounded(number: Fraction, unit: Fraction, method: Method) -> Fraction:
    (whole,) = round_each(Column.of([number / unit]), method)
    return whole * unit
