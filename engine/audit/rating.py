"""Finds the sum, or the price of a unit, at which every amount by itself gives a column.

Amounts that are rounded one by one do not come to the pot, so the pot is in no sum of the table;
but every row bounds it, and decisions are made in round numbers.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import ceil

from dsl.syntax import Method
from engine.audit.mixing import LEAST_ZEROS, roundest
from engine.audit.ways import SHARE_DECIMALS, Key, Line, Published, rates, round_unit, shares_of

# A price has at most so many decimals, and is told where it hardly fits by chance.
MAX_PRICE_DECIMALS = 4
CHANCE = Fraction(1, 100)

# Fewer rows bound nothing.
LEAST_ROWS = 3

# How far a fixed amount may be from what the rows say of it together, in units of rounding.
LEEWAY = 5


def by_rates(key: Key, published: Published, known: int) -> Iterator[Line]:
    """The round sums and the prices that give a column by a key, each amount by itself.

    Args:
        key: what was shared by.
        published: the column.
        known: the sum that has been tried already.
    """
    if sum(1 for amount in published if amount) < LEAST_ROWS:
        return
    for method in (Method.NEAREST, Method.DOWN):
        for unit in dict.fromkeys((1, round_unit(published))):
            bounds = rates(key.weights, published, method, unit)
            if bounds is None:
                continue
            pot = _round_pot(sum(key.weights, Fraction(0)), bounds)
            if pot is not None and pot != known:
                yield Line(pot, key)
            price = _price(bounds) if unit == 1 else None
            if price is not None and pot is None:
                yield Line(known, key, price)


def by_share_rates(key: Key, published: Published, known: int) -> Iterator[Line]:
    """The round sums that give a column by shares rounded first, each amount by itself."""
    for decimals in SHARE_DECIMALS:
        bounds = rates(shares_of(key, decimals), published, Method.NEAREST)
        pot = _round_pot(Fraction(1), bounds) if bounds else None
        if pot is not None and pot != known:
            yield Line(pot, key)


def _round_pot(weight: Fraction, bounds: tuple[Fraction, Fraction]) -> int | None:
    """The roundest sum between two rates, if it is round enough to be decided."""
    pot, zeros = roundest(bounds[0] * weight, bounds[1] * weight)
    return pot if pot is not None and zeros >= LEAST_ZEROS else None


def _price(bounds: tuple[Fraction, Fraction]) -> Fraction | None:
    """The price with the fewest decimals between two rates; None where one fits by chance."""
    for decimals in range(MAX_PRICE_DECIMALS + 1):
        unit = Fraction(1, 10**decimals)
        price = ceil(bounds[0] / unit) * unit
        if price < bounds[1]:
            return price if (bounds[1] - bounds[0]) <= CHANCE * unit else None
    return None


def fixed_amount(one: Key, other: Key, published: Published) -> int | None:
    """The round amount that everyone has beside two keys; None if there is none.

    The rows together say what it is, by least squares, within a few units of their rounding.
    """
    unit = round_unit(published)
    rows = [
        (Fraction(1), Fraction(p), Fraction(q), Fraction(amount))
        for p, q, amount in zip(one.whole, other.whole, published, strict=True)
        if amount is not None
    ]
    sums = [[sum((r[i] * r[j] for r in rows), Fraction(0)) for j in range(4)] for i in range(3)]
    whole = _determinant([row[:3] for row in sums])
    if not whole:
        return None
    estimate = _determinant([[row[3], row[1], row[2]] for row in sums]) / whole
    fixed, zeros = roundest(estimate - LEEWAY * unit, estimate + LEEWAY * unit)
    return fixed if fixed is not None and zeros >= LEAST_ZEROS else None


def _determinant(rows: Sequence[Sequence[Fraction]]) -> Fraction:
    (a, b, c), (d, e, f), (g, h, i) = rows
    return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)
