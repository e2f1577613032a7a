"""Finds a key that most of a column follows at one rate, and the rows that it does not.

So a column looks that has a floor or a ceiling, or a wrong amount where no total is printed.
"""

from collections.abc import Sequence
from fractions import Fraction

from attrs import frozen

from engine.audit.ways import Key, Published

# Most rows follow, and of so few it would be by chance.
MOST_ROWS = Fraction(1, 2)
LEAST_ROWS = 5

# Amounts below this are near any whole number of kronor.
LEAST_AMOUNT = 100


@frozen
class Followed:
    """A key that most rows of a column follow.

    Attributes:
        key: the key.
        low: every unit of it gives at least this ...
        high: ... and at most this, within a krona.
        rows: the rows that do not follow it.
    """

    key: Key
    low: Fraction
    high: Fraction
    rows: tuple[int, ...]


def followed(key: Key, published: Published) -> Followed | None:
    """How most rows follow a key; None if they do not, or all do."""
    pairs = list(enumerate(zip(key.weights, published, strict=True)))
    filled = [(row, weight, amount) for row, (weight, amount) in pairs if weight and amount]
    telling = [
        (Fraction(amount - 1) / weight, Fraction(amount + 1) / weight)
        for _, weight, amount in filled
        if amount >= LEAST_AMOUNT
    ]
    best = _most(telling)
    if best is None:
        return None
    low, high = best
    off = tuple(
        row
        for row, (weight, amount) in pairs
        if amount is not None and not (amount - 1 <= high * weight and low * weight <= amount + 1)
    )
    count = sum(1 for _, amount in ((w, a) for _, (w, a) in pairs) if amount is not None)
    if not off or count - len(off) < max(Fraction(LEAST_ROWS), MOST_ROWS * count):
        return None
    return Followed(key, low, high, off)


def _most(ranges: Sequence[tuple[Fraction, Fraction]]) -> tuple[Fraction, Fraction] | None:
    """The rates that lie in most ranges."""
    begins = [(low, 0) for low, _ in ranges]
    ends = sorted([*begins, *((high, 1) for _, high in ranges)])
    count, most, best = 0, 0, None
    for at, (rate, ending) in enumerate(ends):
        count += -1 if ending else 1
        if count > most:
            most, best = count, (rate, ends[at + 1][0])
    return best
