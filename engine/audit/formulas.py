"""The formulas that are tried on a column: pots, prices and fixed amounts by one key or two."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations, product

from engine.audit.budget import Budget
from engine.audit.columns import ColumnAudit
from engine.audit.mixing import two_lines
from engine.audit.rating import by_rates, by_share_rates, fixed_amount
from engine.audit.ways import Key, Line, Trial, round_unit, trials

MAX_FORMULAS = 3

# Three lines fit fewer rows by chance.
LEAST_ROWS_OF_TRIPLES = 6

# So many ways of rounding are tried on a formula.
WAYS_OF_A_FORMULA = 50


def singles(
    one: ColumnAudit, pots: Sequence[int], keys: Sequence[Key], budget: Budget
) -> Iterator[tuple[Trial, ...]]:
    """Every pot by every key."""
    for pot, key in product(pots, keys):
        if budget.take(WAYS_OF_A_FORMULA * len(one.amounts)):
            yield trials([Line(pot, key)], one.amounts)


def pairs(
    one: ColumnAudit, pots: Sequence[int], keys: Sequence[Key], budget: Budget
) -> Iterator[tuple[Trial, ...]]:
    """Every pot by every two keys."""
    for pot, (first, second) in product(pots, combinations(keys, 2)):
        if budget.take(WAYS_OF_A_FORMULA * len(one.amounts)):
            for lines in two_lines(first, second, pot, one.amounts, round_unit(one.amounts)):
                yield trials(lines, one.amounts)
                if not first.name:
                    yield from _beside(one, lines[0], second)


def _beside(one: ColumnAudit, fixed: Line, key: Key) -> Iterator[tuple[Trial, ...]]:
    """A fixed amount, and a price or a round sum by a key, each amount by itself."""
    each = fixed.amount // len(one.amounts)
    left = tuple(None if amount is None else amount - each for amount in one.amounts)
    for line in by_rates(key, left, 0):
        yield trials((fixed, line), one.amounts)


def at_rates(one: ColumnAudit, keys: Sequence[Key], budget: Budget) -> Iterator[tuple[Trial, ...]]:
    """Every key with the sums and the prices by which each amount is rounded by itself."""
    for key in keys:
        if budget.take(WAYS_OF_A_FORMULA * len(one.amounts)):
            pot = one.added if one.total is None else one.total
            lines = list(by_rates(key, one.amounts, pot))
            lines += [] if lines else by_share_rates(key, one.amounts, pot)
            found = (trials([line], one.amounts) for line in dict.fromkeys(lines))
            yield from (each for each in found if each[0].agrees)


def triples(
    one: ColumnAudit, pots: Sequence[int], keys: Sequence[Key], budget: Budget
) -> Iterator[tuple[Trial, ...]]:
    """Every pot by a fixed amount to each and two keys."""
    rows, unit = len(one.amounts), round_unit(one.amounts)
    if rows < LEAST_ROWS_OF_TRIPLES:
        return
    for first, second in combinations(keys, 2):
        if not budget.take(WAYS_OF_A_FORMULA * rows):
            return
        fixed = fixed_amount(first, second, one.amounts)
        if fixed is None:
            continue
        equal = Line(fixed * rows, Key("", (Fraction(1),) * rows))
        left = tuple(None if amount is None else amount - fixed for amount in one.amounts)
        for pot in pots:
            for lines in two_lines(first, second, pot - equal.amount, left, unit):
                yield trials((equal, *lines), one.amounts)


def best(tried: Sequence[tuple[Trial, ...]]) -> tuple[tuple[Trial, ...], ...]:
    """The formulas that give the column; else the one that comes nearest."""
    ordered = sorted(
        dict.fromkeys(tried), key=lambda one: (len(one[0].misses), one[0].worst, len(one[0].lines))
    )
    agreeing = [one for one in ordered if one[0].agrees]
    return tuple(agreeing[:MAX_FORMULAS] or ordered[:1])
