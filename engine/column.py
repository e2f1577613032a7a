"""Exact columns of numbers over recipients: integers over one common denominator.

A column has one entry per recipient of a register, in the register's order; a scalar is a column
of length one and spreads over any other. All arithmetic is exact.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import gcd, lcm

from attrs import frozen

# Some six thousand digits: exact arithmetic on real figures stays far below a thousand.
MAX_BITS = 20_000


@frozen
class Column:
    """Numbers over recipients.

    Attributes:
        numerators: one integer per recipient.
        denominator: common to all, positive, in lowest terms with the numerators together.
    """

    numerators: tuple[int, ...]
    denominator: int = 1

    @classmethod
    def of(cls, values: Iterable[Fraction | int]) -> "Column":
        """A column of exact values."""
        exact = [Fraction(value) for value in values]
        common = lcm(*(value.denominator for value in exact))
        return _reduced([v.numerator * (common // v.denominator) for v in exact], common)

    @property
    def values(self) -> tuple[Fraction, ...]:
        """The numbers as fractions."""
        return tuple(Fraction(top, self.denominator) for top in self.numerators)

    @property
    def scalar(self) -> Fraction:
        """The only number of a column of length one."""
        (top,) = self.numerators
        return Fraction(top, self.denominator)

    def __len__(self) -> int:
        return len(self.numerators)

    def __neg__(self) -> "Column":
        return Column(tuple(-top for top in self.numerators), self.denominator)

    def __add__(self, other: "Column") -> "Column":
        left, right = _aligned(self, other)
        common = lcm(self.denominator, other.denominator)
        a, b = common // self.denominator, common // other.denominator
        return _reduced([x * a + y * b for x, y in zip(left, right, strict=True)], common)

    def __sub__(self, other: "Column") -> "Column":
        return self + -other

    def __mul__(self, other: "Column") -> "Column":
        left, right = _aligned(self, other)
        tops = [x * y for x, y in zip(left, right, strict=True)]
        return _reduced(tops, self.denominator * other.denominator)

    def __truediv__(self, other: "Column") -> "Column":
        """Quotients; raises ZeroDivisionError where the other has a zero."""
        left, right = _aligned(self, other)
        common = lcm(*right)
        if common == 0:
            raise ZeroDivisionError
        tops = [x * (common // y) * other.denominator for x, y in zip(left, right, strict=True)]
        return _reduced(tops, self.denominator * common)

    def total(self) -> "Column":
        """The sum of all entries, as a scalar."""
        return _reduced([sum(self.numerators)], self.denominator)

    def gathered(self, places: Sequence[int], length: int) -> "Column":
        """A column of another length: each entry added to the one at its place there."""
        tops = [0] * length
        for place, top in zip(places, self.numerators, strict=True):
            tops[place] += top
        return _reduced(tops, self.denominator)

    def at(self, positions: Iterable[int]) -> "Column":
        """Only the entries at these positions, in their order."""
        return Column(tuple(self.numerators[place] for place in positions), self.denominator)

    def spread(self, length: int) -> "Column":
        """The column itself, or a scalar repeated to the given length."""
        if len(self) == length:
            return self
        (top,) = self.numerators
        return Column((top,) * length, self.denominator)


def _aligned(left: Column, right: Column) -> tuple[tuple[int, ...], tuple[int, ...]]:
    length = max(len(left), len(right))
    return left.spread(length).numerators, right.spread(length).numerators


class TooLargeError(ArithmeticError):
    """A number with more digits than anything real has: a formula that feeds on itself."""


def _reduced(numerators: list[int], denominator: int) -> Column:
    if max(denominator.bit_length(), *(top.bit_length() for top in numerators)) > MAX_BITS:
        raise TooLargeError
    common = gcd(denominator, *numerators)
    return Column(tuple(top // common for top in numerators), denominator // common)
