"""Recovers the steps by which amounts were earned: whole numbers of equal parts of a full amount.

Where everyone's full amount follows a known key, the column divided by the key leaves whole
multiples of one rate: months met, requirements fulfilled, quarters earned.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import floor, prod

from attrs import frozen

from dsl.syntax import Method
from engine.audit.budget import Budget
from engine.audit.mixing import roundest
from engine.audit.ways import Key
from engine.column import Column
from engine.rounding import round_each

# The most steps to a row: a year of twelve months with ten requirements in quarters is 480.
MAX_STEPS = 500

# Fewer rows agree with whole numbers by chance.
LEAST_ROWS = 5

# Steps say nothing where more than so many would be expected by chance, by all keys together.
CHANCE = Fraction(1, 1_000)

# Into how many steps a full amount may be divided, and a sum of money into full amounts.
MAX_PARTS = 12
MAX_FULL = 60

HALF = Fraction(1, 2)
NEAREST = Method.NEAREST


@frozen
class Structure:
    """How the steps become kronor, to the krona in every row.

    Attributes:
        parts: steps to a full amount, which is rounded to whole kronor before the steps.
        sum: a round sum of money that gives everyone's full amount ...
        divisor: ... when divided by this and shared by the key.
        once: whether the full amount is not rounded, only what the steps of it come to.
    """

    parts: int
    sum: int
    divisor: int
    once: bool = False

    def full(self, key: Key) -> tuple[int, ...]:
        """Everyone's full amount."""
        whole = key.whole
        rate = Fraction(self.sum, self.divisor * sum(whole))
        return round_each(Column.of([rate * one for one in whole]), NEAREST)

    def earned(self, key: Key, steps: Sequence[int]) -> tuple[int, ...]:
        """What so many steps give."""
        if self.once:
            rate = Fraction(self.sum, self.divisor * self.parts * sum(key.whole))
            exact = [rate * one * n for one, n in zip(key.whole, steps, strict=True)]
            return round_each(Column.of(exact), NEAREST)
        pairs = zip(self.full(key), steps, strict=True)
        return round_each(Column.of([Fraction(full * n, self.parts) for full, n in pairs]), NEAREST)


@frozen
class Steps:
    """A column as whole numbers of steps.

    Attributes:
        key: by what a full amount is shared.
        numbers: the least whole numbers, one per row.
        structures: ways in which they give the column to the krona, the plainest first.
    """

    key: Key
    numbers: tuple[int, ...]
    structures: tuple[Structure, ...]


def find_steps(published: Sequence[int], key: Key, budget: Budget) -> Steps | None:
    """The least whole numbers of steps that a column has by a key; None when there are none."""
    whole = key.whole
    filled = [place for place, amount in enumerate(published) if amount]
    if len(filled) < LEAST_ROWS or min(published) < 0 or any(not whole[i] for i in filled):
        return None
    largest = max(filled, key=lambda place: published[place])
    order = [largest, *(place for place in filled if place != largest)]
    for first in range(1, MAX_STEPS + 1):
        numbers = _numbers(published, whole, order, first, budget)
        if budget.spent:
            return None
        by_chance = first * _chance(published, numbers) if numbers else Fraction(1)
        if numbers and len(set(numbers.values())) > 1 and by_chance <= CHANCE:
            steps = tuple(numbers.get(place, 0) for place in range(len(published)))
            return Steps(key, steps, tuple(_structures(published, key, steps)))
    return None


def _numbers(
    published: Sequence[int], whole: Sequence[int], order: list[int], first: int, budget: Budget
) -> dict[int, int] | None:
    """The steps of every row, given those of the largest; None unless all are whole."""
    numbers: dict[int, int] = {}
    low, high = Fraction(0), None
    for place in order:
        if not budget.take():
            return None
        amount, weight = published[place], whole[place]
        # The number at the middle of what the rate allows.
        n = first if high is None else floor(2 * amount / (weight * (low + high)) + HALF)
        leeway = _leeway(n)
        if not 0 < n <= MAX_STEPS or leeway * 4 * n > amount:
            return None
        low = max(low, (amount - leeway) / (weight * n))
        upper = (amount + leeway) / (weight * n)
        high = upper if high is None else min(high, upper)
        if low > high:
            return None
        numbers[place] = n
    return numbers


def _chance(published: Sequence[int], numbers: dict[int, int]) -> Fraction:
    """How often amounts that follow no key would all be whole steps, given those of one row."""
    widths = [2 * n * _leeway(n) / published[place] for place, n in numbers.items()]
    return prod((min(width, Fraction(1)) for width in widths[1:]), start=Fraction(1))


def _leeway(number: int) -> Fraction:
    """How far a row of so many steps may be from the exact amount, each step being rounded."""
    return 1 + Fraction(number, 2)


def _structures(published: Sequence[int], key: Key, steps: tuple[int, ...]) -> Iterator[Structure]:
    for once in (False, True):
        parts = range(1, 2 if once else MAX_PARTS + 1)
        tried = (_round_sum(published, key, steps, one, once=once) for one in parts)
        found = [one for one in tried if one and one.earned(key, steps) == tuple(published)]
        yield from found
        if found:
            return


def _round_sum(
    published: Sequence[int], key: Key, steps: tuple[int, ...], parts: int, *, once: bool
) -> Structure | None:
    """The roundest sum from which the full amounts can come, with the least divisor."""
    whole = key.whole
    rows = [(a, w * n, n) for a, w, n in zip(published, whole, steps, strict=True) if n]
    leeways = [HALF + (0 if once else Fraction(n, 2 * parts)) for _, _, n in rows]
    low = max((a - t) / w for (a, w, _), t in zip(rows, leeways, strict=True))
    high = min((a + t) / w for (a, w, _), t in zip(rows, leeways, strict=True))
    full = parts * sum(whole)
    found = []
    for divisor in range(1, MAX_FULL + 1):
        amount, zeros = roundest(low * full * divisor, high * full * divisor)
        if amount is not None:
            digits = len(str(amount)) - zeros + len(str(divisor))
            found.append((digits, divisor, Structure(parts, amount, divisor, once)))
    return min(found, key=lambda one: one[:2])[2] if found else None
