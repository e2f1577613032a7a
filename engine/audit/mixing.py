"""Finds the sums of two lines with different keys from the column that they add up to.

With a part M of the pot by one key and the rest by the other, every row bounds M; what all rows
leave is an interval a few kronor wide, and decisions are made in round numbers.
"""

from collections.abc import Iterator
from fractions import Fraction
from math import ceil, floor

from engine.audit.ways import Key, Line, Published
from engine.rounding import quotas

# How far two lines may be from the exact amounts: their own rounding; then a key of which only
# rounded amounts are known.
LEEWAYS = (1, 2, 4)

# A free sum fits a few rows by chance, and a sum that nobody would decide proves nothing.
LEAST_ROWS = 4
LEAST_ZEROS = 3

# Parts of smaller pots fit by chance: at least so much to a row, in units of rounding.
LEAST_MEAN = 100

# A part of a pot is so many of at most so many equal ones; and so many parts are tried.
MAX_DIVISOR = 12
MAX_PARTS = 4


def two_lines(
    one: Key, other: Key, pot: int, published: Published, unit: int = 1
) -> Iterator[tuple[Line, ...]]:
    """The roundest sums by two keys that could give the column, then plain parts of the pot.

    Of equal shares it is the amount to each that is round.

    Args:
        one: the first key.
        other: the second.
        pot: what both sums are together.
        published: the column.
        unit: what its amounts are rounded to.
    """
    rows = len(published)
    if rows < LEAST_ROWS or pot <= 0:
        return
    whole = rows if not one.name else 1
    found: list[tuple[Line, ...]] = []
    for leeway in LEEWAYS:
        bounds = _bounds(one, other, pot, published, leeway * unit)
        if bounds is None or bounds[0] > bounds[1]:
            continue
        low, high = max(bounds[0], Fraction(0)), min(bounds[1], Fraction(pot))
        rounded, zeros = roundest(low / whole, high / whole)
        amount = rounded * whole if rounded is not None else 0
        if zeros >= LEAST_ZEROS and 0 < amount < pot:
            found.append((Line(amount, one), Line(pot - amount, other)))
            rest = _round_rest(pot - amount, rows * unit)
            if rest is not None:
                found.append((Line(amount, one), Line(rest, other)))
        if one.name and pot >= LEAST_MEAN * unit * rows:
            plain = [part for part in _parts(pot, unit) if low <= part <= high and part != amount]
            found += [(Line(part, one), Line(pot - part, other)) for part in plain[:MAX_PARTS]]
        if found:
            yield from found
            return


def _round_rest(rest: int, leeway: int) -> int | None:
    """The round sum near a rest: amounts that are rounded one by one do not come to the pot."""
    found, zeros = roundest(Fraction(rest - leeway), Fraction(rest + leeway))
    return found if zeros >= LEAST_ZEROS and found != rest else None


def _parts(pot: int, unit: int) -> Iterator[int]:
    """Halves, thirds, quarters and so on of a pot, and whole percents, in whole units."""
    for divisor in (*range(2, MAX_DIVISOR + 1), 100):
        for times in range(1, divisor):
            part = Fraction(times * pot, divisor * unit)
            yield from dict.fromkeys((unit * floor(part), unit * ceil(part)))


def _bounds(
    one: Key, other: Key, pot: int, published: Published, leeway: int
) -> tuple[Fraction, Fraction] | None:
    low, high = Fraction(0), Fraction(pot)
    first, second = quotas(1, one.whole), quotas(1, other.whole)
    told = False
    for p, q, amount in zip(first, second, published, strict=True):
        if amount is None:
            continue
        rest = amount - pot * q
        if p == q:
            if abs(rest) > leeway:
                return None
            continue
        told = True
        ends = sorted(((rest - leeway) / (p - q), (rest + leeway) / (p - q)))
        low, high = max(low, ends[0]), min(high, ends[1])
    return (low, high) if told else None


def roundest(low: Fraction, high: Fraction) -> tuple[int | None, int]:
    """The whole number in an interval that ends in most zeros, and how many; None if none is."""
    if high < low or high <= 0:
        return None, -1
    for zeros in range(len(str(floor(high))), -1, -1):
        unit = 10**zeros
        found = max(ceil(low / unit), 1) * unit
        if found <= high:
            return found, zeros
    return None, -1
