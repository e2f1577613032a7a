"""Recovers the whole numbers by which a published sum must have been shared.

A pot P shared by an indicator with total N gives every row an amount close to P × k / N. With
more than a krona to each unit only some N make every row a whole number k within its rounding.
Every answer that is given has been shared again and gives the table to the krona.
"""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from math import ceil, comb, floor

from attrs import frozen

from engine.audit.budget import Budget
from engine.audit.ways import Key, Line, Trial, calculated, trials

# Without a range of totals: at least so many kronor to a unit.
LEAST_KRONOR = 8

# More answers than these are counted by nobody.
MAX_ANSWERS = 200

# A whole number is placed by a rounded amount, not by two or three rows that agree by chance.
LEAST_ROWS = 3

# An answer says nothing where more than so many would be expected by chance; in each of the
# methods that are tried.
CHANCE = Fraction(1, 100)
WAYS = 4

# Numbers that may divide nearly all units of an answer.
DIVISORS = (2, 3, 5, 7, 11)

# How many rows are looked at before the rates are worked out exactly.
PROMISING = 6


@frozen
class Answer:
    """An indicator that gives the column.

    Attributes:
        total: its total.
        units: its whole numbers, one per row.
        reproduced: ways in which it gives the column.
    """

    total: int
    units: tuple[int, ...]
    reproduced: tuple[Trial, ...]

    @property
    def price(self) -> int | None:
        """The kronor to a unit, where every amount is that many times a whole number.

        Amounts that are rounded to whole thousands are so too, and those of a price beside a
        fixed amount: there is a number, but it need not be a key.
        """
        one = self.reproduced[0]
        published = calculated(one.lines, one.way)
        price = floor(Fraction(sum(published), self.total) + Fraction(1, 2))
        pairs = zip(published, self.units, strict=True)
        return price if all(abs(amount - price * unit) <= 1 for amount, unit in pairs) else None

    @property
    def strays(self) -> tuple[int, tuple[int, ...]] | None:
        """A number that divides nearly every row's units, and the rows where it does not.

        Then a smaller key gives all the other rows, and these may be wrong or given otherwise.
        """
        filled = [row for row, unit in enumerate(self.units) if unit]
        for divisor in DIVISORS:
            rows = tuple(row for row in filled if self.units[row] % divisor)
            if rows and _by_chance(len(filled), len(rows), divisor) <= CHANCE / len(DIVISORS):
                return divisor, rows
        return None


def _by_chance(rows: int, strays: int, divisor: int) -> Fraction:
    """How often so many numbers of all kinds have at most so many that a divisor leaves over."""
    part = Fraction(1, divisor)
    return sum(
        (comb(rows, n) * part ** (rows - n) * (1 - part) ** n for n in range(strays + 1)),
        Fraction(0),
    )


@frozen
class Recovery:
    """What was found of the indicator behind a column.

    Attributes:
        answers: the indicators that give it, the smallest total first.
        low: the least total that was looked at.
        high: the largest; all between have been.
        stopped: whether the search stopped at ``high`` before it was done.
        more: whether there are more answers than are given.
        by_chance: how many answers amounts that follow no key would have had, roughly.
    """

    answers: tuple[Answer, ...]
    low: int
    high: int
    stopped: bool = False
    more: bool = False
    by_chance: Fraction = Fraction(0)

    @property
    def is_telling(self) -> bool:
        """Whether an answer is hardly one by chance, or that of another question."""
        return self.by_chance <= CHANCE and not any(
            one.price or one.strays for one in self.answers[:1]
        )

    @property
    def verdict(self) -> str:
        """``one``, ``several`` or ``none``."""
        return ("none", "one", "several")[min(len(self.answers), 2)]


def recover(
    published: Sequence[int],
    pot: int,
    budget: Budget,
    between: tuple[int, int] | None = None,
) -> Recovery | None:
    """Find every indicator in whole numbers whose total lies in a range.

    Args:
        published: the column.
        pot: what was shared.
        budget: how long to look.
        between: the least and the largest total. If not said: from 1 up to just below twice the
            first answer, whose multiples give the same shares; with at least ``LEAST_KRONOR``
            to a unit.

    Returns:
        None where nothing can be said: no pot, an amount below zero, hardly any rows.
    """
    filled = [place for place, amount in enumerate(published) if amount]
    if pot <= 0 or min(published, default=-1) < 0 or len(filled) < LEAST_ROWS:
        return None
    low, high = between or (1, pot // LEAST_KRONOR)
    if high >= pot or low < 1 or high < low:
        return None
    return _Search(tuple(published), pot, low, high, between is None).run(budget)


def recover_at(published: Sequence[int], pot: int, total: int) -> Answer | None:
    """The indicator with a known total, rounded to nearest; None unless every row has just one.

    The total that its rows add up to may be another, by half a unit a row: it is the answer's.

    Args:
        published: the column.
        pot: what its rows add up to.
        total: the indicator's.
    """
    if pot <= 0 or not 0 < total < pot or min(published, default=-1) < 0:
        return None
    units = []
    for amount in published:
        lowest = ceil(Fraction((2 * amount - 1) * total, 2 * pot))
        highest = floor(Fraction((2 * amount + 1) * total, 2 * pot))
        if lowest != highest:
            return None
        units.append(lowest)
    return _answer(tuple(units), pot, tuple(published))


def _answer(units: tuple[int, ...], pot: int, published: tuple[int, ...]) -> Answer | None:
    assert any(units)  # a total of at least one
    line = Line(pot, Key("", tuple(map(Fraction, units))))
    reproduced = tuple(one for one in trials([line], published, shares=False) if one.agrees)
    return Answer(sum(units), units, reproduced) if reproduced else None


Rate = tuple[Fraction, Fraction]
"""The units to a krona, at least and at most."""


@frozen
class _Search:
    """One search over totals: rows from the smallest amount to the largest bound the rate.

    The method is not known, so a row may be up to a krona from its exact share; the largest,
    which bears the difference in some methods, follows from the total.
    """

    published: tuple[int, ...]
    pot: int
    low: int
    high: int
    open_ended: bool

    def run(self, budget: Budget) -> Recovery:
        order = sorted(range(len(self.published)), key=lambda place: self.published[place])
        filled = [place for place in order if self.published[place]]
        rows, last = filled[:-1], filled[-1]
        found: dict[tuple[int, ...], Answer] = {}
        end = self.high
        for start in self._starts(rows[0]):
            if start * self.pot > end * (self.published[rows[0]] + 1):
                break
            if not budget.take() or len(found) > MAX_ANSWERS:
                return self._told(found, self._before(start, rows[0], end), stopped=True)
            if not self._is_promising(start, rows):
                continue
            rate = self._narrowed(self._bounds, start, self.published[rows[0]])
            if rate[0] > rate[1]:
                continue
            for units, bounds in self._below(rows, 1, {rows[0]: start}, rate, budget):
                for answer in self._complete(units, last, bounds, budget):
                    found[answer.units] = answer
                    if self.open_ended:
                        end = min(end, 2 * answer.total - 1)
            if budget.spent:
                return self._told(found, self._before(start, rows[0], end), stopped=True)
        return self._told(found, end, stopped=False)

    def _told(self, found: dict[tuple[int, ...], Answer], end: int, *, stopped: bool) -> Recovery:
        answers = sorted(
            (one for one in found.values() if one.total <= end), key=lambda one: one.total
        )
        more = len(answers) > MAX_ANSWERS
        rows = sum(1 for amount in self.published if amount)
        # A row is whole by chance as often as its rounding is wide in units; the last one follows.
        chance = WAYS * max(end, 0) * Fraction(max(end, 0), self.pot) ** (rows - 1) / rows
        kept = tuple(answers[:MAX_ANSWERS])
        return Recovery(kept, self.low, max(end, 0), stopped, more, chance)

    @property
    def _bounds(self) -> Rate:
        return Fraction(self.low, self.pot), Fraction(self.high, self.pot)

    def _starts(self, place: int) -> Iterable[int]:
        """The units that the smallest amount may stand for."""
        amount = self.published[place]
        first = self.low * (amount - 1) // self.pot
        return range(max(first, 0), self.high * (amount + 1) // self.pot + 1)

    def _is_promising(self, start: int, rows: Sequence[int]) -> bool:
        """Whether the next rows can be whole numbers too: a quick look, in whole numbers only."""
        smallest = self.published[rows[0]]
        if smallest == 1:
            return True
        for place in rows[1:PROMISING]:
            amount = self.published[place]
            first = -(-start * (amount - 1) // (smallest + 1))
            if first > start * (amount + 1) // (smallest - 1):
                return False
        return True

    def _before(self, start: int, place: int, end: int) -> int:
        """The largest total that all smaller numbers than these units have covered."""
        return min(end, max(start * self.pot // (self.published[place] + 1) - 1, 0))

    @staticmethod
    def _narrowed(rate: Rate, units: int, amount: int) -> Rate:
        """The rates by which a row of so many units is within a krona of its amount."""
        low = max(rate[0], Fraction(units, amount + 1))
        return low, min(rate[1], Fraction(units, amount - 1)) if amount > 1 else rate[1]

    def _below(
        self, rows: list[int], at: int, units: dict[int, int], rate: Rate, budget: Budget
    ) -> Iterator[tuple[dict[int, int], Rate]]:
        if at == len(rows):
            yield dict(units), rate
            return
        amount = self.published[rows[at]]
        first, last = ceil(rate[0] * (amount - 1)), floor(rate[1] * (amount + 1))
        for each in range(max(first, 0), last + 1):
            if not budget.take():
                return
            units[rows[at]] = each
            yield from self._below(rows, at + 1, units, self._narrowed(rate, each, amount), budget)
        units.pop(rows[at], None)

    def _complete(
        self, units: dict[int, int], last: int, rate: Rate, budget: Budget
    ) -> Iterator[Answer]:
        """The indicators with these units, by the totals that the rate and the largest allow."""
        # Rounded down, or each alone, at a rate that would give out a krona a row more or less.
        rows = len(self.published)
        known, leeway = sum(units.values()), 2 * rows
        rest = self.pot - self.published[last]
        least = max(
            rate[0] * (self.pot - rows),
            Fraction(known * self.pot, rest + leeway),
            Fraction(self.low),
        )
        most = min(rate[1] * (self.pot + rows), Fraction(self.high))
        if rest > leeway:
            most = min(most, Fraction(known * self.pot, rest - leeway))
        for total in range(max(ceil(least), known), floor(most) + 1):
            if not budget.take(10 * len(self.published)):
                return
            whole = [units.get(place, 0) for place in range(len(self.published))]
            whole[last] = total - known
            answer = _answer(tuple(whole), self.pot, self.published)
            if answer is not None:
                yield answer


def without(answer: Answer, part: Sequence[int]) -> tuple[int, ...] | None:
    """What is left of an indicator when a part of it is known; None if the part is larger."""
    left = tuple(whole - one for whole, one in zip(answer.units, part, strict=True))
    return left if min(left, default=-1) >= 0 else None
