"""Splits a pot where recipients have floors and ceilings: the others share the difference.

One rate, in units per unit of weight, holds for all whom no bound holds. The exact share of a
recipient is ``rate × weight``, raised to the floor or lowered to the ceiling, and the rate is the
one that uses up the pot. Money is rounded by ``engine.rounding``, here as everywhere.

- Largest remainder, nearest and down round exact shares. A bound is a whole unit, so no share
  strictly between its bounds is rounded past one; only the bearer of a difference can be.
- Sainte-Laguë rounds at a rate of its own and may leave the quota, so for it the rate is the one
  at which rounded amounts use up the pot. Nobody below a ceiling then has a stronger claim to one
  more unit than anybody above a floor has to the last one. It is where sharing, holding those past
  a bound and sharing again would end if it never held anybody too early.

Where this comes from:

- The exact shares are the one solution of a convex problem, least Σ share² / weight within the
  bounds; searching breakpoints for its multiplier is the classical way (Michael Patriksson, "A
  survey on the continuous nonlinear resource allocation problem", European Journal of Operational
  Research 185, 2008). In communications engineering it is called water filling.
- Sainte-Laguë within bounds: Friedrich Pukelsheim, *Proportional Representation*, the chapter on
  minimum–maximum restrictions. A floor of long standing is one representative for each state
  (Constitution of the United States, article I, section 2).
- In practice: the UN scale of assessments, at least 0.001 and at most 22 per cent, at most 0.01
  for the least developed countries (General Assembly resolution 73/271, paragraph 6); and
  hold-harmless grants, such as no less than 85 per cent of last year's, paid for by reducing the
  others in proportion, but none of them below the same floor (United States, Public Law 100-297 of
  1988, 102 Stat. 187).
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import index, itemgetter

from attrs import evolve, frozen

from dsl.syntax import Method, Ties
from engine.column import Column
from engine.rounding import ConservationError, ZeroWeight, apportion, round_each

Rate = tuple[int, int]
"""Units per unit of weight, as numerator and denominator: a hundred thousand fractions are slow."""


class FloorsExceed(ValueError):  # noqa: N818 - named for the fact
    """The floors together need more than the pot."""

    def __init__(self, needed: int, total: int) -> None:
        super().__init__(needed, total)
        self.needed, self.total = needed, total

    def __str__(self) -> str:
        return f"the floors need {self.needed}, the pot is {self.total}"


class CeilingsFallShort(ValueError):  # noqa: N818 - named for the fact
    """The ceilings together take less than the pot."""

    def __init__(self, most: int, total: int) -> None:
        super().__init__(most, total)
        self.most, self.total = most, total

    def __str__(self) -> str:
        return f"the ceilings take at most {self.most}, the pot is {self.total}"


class FloorAboveCeiling(ValueError):  # noqa: N818 - named for the fact
    """A recipient's floor is above the ceiling."""

    def __init__(self, position: int) -> None:
        super().__init__(position)
        self.position = position

    def __str__(self) -> str:
        return f"the floor is above the ceiling at position {self.position}"


class BoundBroken(AssertionError):  # noqa: N818 - named for the fact
    """A split breaks a bound: an error in this module, never in the input."""


@frozen
class Bounded:
    """A pot split into whole units within bounds.

    Attributes:
        amounts: one per recipient, each within the bounds.
        at_floor: the positions that the floor holds: without it they would not get more.
        at_ceiling: the positions that the ceiling holds: without it they would not get less.
        free_total: what those whom no bound holds got together, with the residue.
        tied: the positions between which the order of ties had to choose.
        rounds: 1, and one more for each bearer of a difference whom a bound stopped.
        residue: what rounding down leaves unplaced where nobody bears it; otherwise zero.
    """

    amounts: tuple[int, ...]
    at_floor: tuple[int, ...]
    at_ceiling: tuple[int, ...]
    free_total: int
    tied: tuple[int, ...]
    rounds: int
    residue: int = 0


@frozen
class _Pot:
    """A pot that its bounds allow, where a ceiling one above the pot stands for none."""

    total: int
    weights: tuple[int, ...]
    floors: tuple[int, ...]
    ceilings: tuple[int, ...]

    def within(self, position: int, amount: int) -> int:
        return min(max(amount, self.floors[position]), self.ceilings[position])


@frozen
class _Holds:
    """Whom the bounds hold, and who shares by weight what they leave."""

    at_floor: set[int]
    at_ceiling: set[int]
    free: list[int]


UsesUp = Callable[[_Pot, Rate, bool], bool]
"""Whether a pot is used up at a rate; or, if so asked, already at a lower one."""


# ---------------------------------------------------------------- splitting a pot


def apportion_within(  # noqa: PLR0913 - those of apportion, and the two bounds
    total: int,
    weights: Sequence[int],
    method: Method,
    floors: Sequence[int],
    ceilings: Sequence[int | None],
    *,
    ties: Ties = Ties.CODE,
    bearer: int | None = None,
    to_largest: bool = False,
) -> Bounded:
    """Split a pot in proportion to weights, nobody below their floor or above their ceiling.

    Weight zero gets its floor and nothing by weight. Where nobody has a bound at all this is
    ``apportion``. Where somebody has one, nobody gets less than nothing, not even a bearer; and
    what a bound keeps the bearer from bearing goes on to the largest of those who share by weight,
    to the next largest, and so on.

    Args:
        total: the pot, in units.
        weights: one per recipient in the order of their codes.
        method: how exact shares become whole units.
        floors: one per recipient in whole units, 0 for none.
        ceilings: one per recipient in whole units, None for none.
        ties: who comes first among exactly equal claims.
        bearer: the position that bears the difference of ``NEAREST`` or ``DOWN``.
        to_largest: the largest weight of those who share by weight bears it.

    Raises:
        FloorAboveCeiling: for the first such recipient.
        FloorsExceed: the floors need more than the pot.
        ZeroWeight: nobody weighs anything, and the floors do not use up the pot.
        CeilingsFallShort: the ceilings of those with weight, and the floors of the others, take
            less than the pot.
        NegativeWeight: a weight is negative.
        ValueError: the pot or a floor is negative, the columns differ in length, or ``apportion``
            would refuse the method or the bearer.
    """
    pot, key = index(total), tuple(map(index, weights))
    least = tuple(map(index, floors))
    most = tuple(None if ceiling is None else index(ceiling) for ceiling in ceilings)
    _require_columns(pot, key, least, most)
    if not any(least) and most.count(None) == len(most):
        split = apportion(pot, key, method, ties=ties, bearer=bearer, to_largest=to_largest)
        return Bounded(split.amounts, (), (), pot, split.tied, 1, split.residue)
    # A pot of nothing is split only to have a method or a bearer that does not fit refused.
    weighed = key if any(key) else (1,) * len(key)
    apportion(0, weighed, method, ties=ties, bearer=bearer, to_largest=to_largest)
    bounded = _bounded(pot, key, least, most)
    if method in {Method.LARGEST_REMAINDER, Method.SAINTE_LAGUE}:
        return _kept(bounded, _shared(bounded, method, ties))
    if bearer is None and not to_largest:
        return _kept(bounded, _unborne(bounded, method))
    return _kept(bounded, _borne(bounded, method, bearer))


def _require_columns(
    total: int,
    weights: tuple[int, ...],
    floors: tuple[int, ...],
    ceilings: tuple[int | None, ...],
) -> None:
    if not len(weights) == len(floors) == len(ceilings):
        raise ValueError("weights, floors and ceilings differ in length")
    if total < 0:
        raise ValueError(f"a pot of {total} has no floors and ceilings")
    if min(floors, default=0) < 0:
        raise ValueError(f"negative floor at position {floors.index(min(floors))}")
    for i, (floor, ceiling) in enumerate(zip(floors, ceilings, strict=True)):
        if ceiling is not None and floor > ceiling:
            raise FloorAboveCeiling(i)


def _bounded(
    total: int,
    weights: tuple[int, ...],
    floors: tuple[int, ...],
    ceilings: tuple[int | None, ...],
) -> _Pot:
    needed = sum(floors)
    if needed > total:
        raise FloorsExceed(needed, total)
    if not any(weights) and needed < total:
        raise ZeroWeight("the weights sum to zero, and the floors leave something to share")
    capped = tuple(total + 1 if ceiling is None else ceiling for ceiling in ceilings)
    pot = _Pot(total, weights, floors, capped)
    most = sum(c if w else f for w, f, c in zip(weights, floors, capped, strict=True))
    if most < total:
        raise CeilingsFallShort(most, total)
    return pot


def _kept(pot: _Pot, split: Bounded) -> Bounded:
    """The split itself, once it is seen to add up within all bounds, whatever Python's switches."""
    difference = sum(split.amounts) + split.residue - pot.total
    if difference:
        raise ConservationError(f"pot {pot.total}, difference {difference}")
    for i, amount in enumerate(split.amounts):
        if amount != pot.within(i, amount):
            raise BoundBroken(f"{amount} is out of bounds at position {i}")
    return split


# ---------------------------------------------------------------- the methods


def _shared(pot: _Pot, method: Method, ties: Ties) -> Bounded:
    """Largest remainder or Sainte-Laguë among those whom no bound holds."""
    holds = _rounded_holds(pot) if method is Method.SAINTE_LAGUE else _exact_holds(pot)
    amounts, left = _held(pot, holds)
    tied: tuple[int, ...] = ()
    if holds.free:
        split = apportion(left, [pot.weights[i] for i in holds.free], method, ties=ties)
        tied = tuple(holds.free[place] for place in split.tied)
        for i, amount in zip(holds.free, split.amounts, strict=True):
            amounts[i] = amount
    return _concluded(pot, amounts, holds.at_floor, holds.at_ceiling, tied)


def _unborne(pot: _Pot, method: Method) -> Bounded:
    """Down, the rest left as residue."""
    holds = _exact_holds(pot)
    amounts = _rounded_alone(pot, holds, method)
    split = _concluded(pot, amounts, holds.at_floor, holds.at_ceiling)
    return evolve(split, residue=pot.total - sum(amounts))


def _borne(pot: _Pot, method: Method, bearer: int | None) -> Bounded:
    """Nearest or down, the difference to whoever can bear it."""
    holds = _exact_holds(pot)
    amounts = _rounded_alone(pot, holds, method)
    too_much = sum(amounts) > pot.total
    tied, stopped = _bear(pot, amounts, _bearers(pot, holds, bearer))
    at_floor = holds.at_floor | stopped if too_much else holds.at_floor
    at_ceiling = holds.at_ceiling if too_much else holds.at_ceiling | stopped
    return evolve(_concluded(pot, amounts, at_floor, at_ceiling, tied), rounds=1 + len(stopped))


def _held(pot: _Pot, holds: _Holds) -> tuple[list[int], int]:
    """The amounts of those whom a bound holds, zero for the others; and what is left for these."""
    amounts = [0] * len(pot.weights)
    for i in holds.at_floor:
        amounts[i] = pot.floors[i]
    for i in holds.at_ceiling:
        amounts[i] = pot.ceilings[i]
    return amounts, pot.total - sum(amounts)


def _rounded_alone(pot: _Pot, holds: _Holds, method: Method) -> list[int]:
    """All amounts, the shares of those whom no bound holds rounded each by itself."""
    amounts, left = _held(pot, holds)
    keys = [pot.weights[i] for i in holds.free]
    shares = Column(tuple(left * key for key in keys), sum(keys))
    for i, amount in zip(holds.free, round_each(shares, method), strict=True):
        amounts[i] = amount
    return amounts


def _concluded(
    pot: _Pot,
    amounts: list[int],
    at_floor: set[int],
    at_ceiling: set[int],
    tied: tuple[int, ...] = (),
) -> Bounded:
    # Bearing may have moved a named bearer off the bound that held its share. Where floor and
    # ceiling are equal and both hold, the floor is named.
    low = {i for i in at_floor if amounts[i] == pot.floors[i]}
    high = {i for i in at_ceiling if amounts[i] == pot.ceilings[i]} - low
    free_total = pot.total - sum(amounts[i] for i in low | high)
    held = tuple(sorted(low)), tuple(sorted(high))
    return Bounded(tuple(amounts), *held, free_total, tied, rounds=1)


# ---------------------------------------------------------------- bearing a difference


def _bearers(pot: _Pot, holds: _Holds, bearer: int | None) -> Iterator[list[int]]:
    """Who bears a difference, the first before the others, equals together."""
    if bearer is not None:
        yield [bearer]
    # Exact shares are within bounds and use up the pot, so those whom no bound holds have room for
    # all that rounding made of theirs.
    others = sorted((-pot.weights[i], i) for i in holds.free)
    for _, equals in groupby(others, key=itemgetter(0)):
        yield [i for _, i in equals]


def _bear(
    pot: _Pot, amounts: list[int], bearers: Iterable[list[int]]
) -> tuple[tuple[int, ...], set[int]]:
    """The difference to the first, what a bound stops to the next: who were tied, who stopped.

    Stopped is who could not have borne the difference alone and cannot bear one unit more: of
    equals whom nothing tied, it must not matter who was asked last.
    """
    left = pot.total - sum(amounts)
    unit = 1 if left > 0 else -1
    tied: tuple[int, ...] = ()
    stopped: set[int] = set()
    for equals in bearers:
        if not left:
            break
        asked = left
        room = {i: pot.within(i, amounts[i] + asked) - amounts[i] for i in equals}
        # The order chose only if there was more room among equals than there was to bear.
        if abs(sum(room.values())) > abs(asked):
            tied = tuple(i for i in equals if room[i])
        for i in equals:
            borne = pot.within(i, amounts[i] + left) - amounts[i]
            amounts[i] += borne
            left -= borne
        full = (i for i in equals if pot.within(i, amounts[i] + unit) == amounts[i])
        stopped.update(i for i in full if room[i] != asked)
    return tied, stopped


# ---------------------------------------------------------------- whom the bounds hold


def _exact_holds(pot: _Pot) -> _Holds:
    """By exact shares: rate × weight is at or past the bound."""
    return _holds(pot, _exact_use, slack=0)


def _rounded_holds(pot: _Pot) -> _Holds:
    """By shares rounded to nearest: rate × weight is half a unit or more past the bound.

    The rate is the lowest at which rounding halves up uses up the pot, all ties won. At exactly
    half a unit past a bound somebody would have a part in those ties; the bound decides instead.
    """
    return _holds(pot, _rounded_use, slack=1)


def _holds(pot: _Pot, uses_up: UsesUp, slack: int) -> _Holds:
    """Floors hold from the rate of the pot on, ceilings up to it, and both where they are equal.

    The slack is how far past a bound a share must be to be held, in halves of a unit.
    """
    rows = list(enumerate(zip(pot.weights, pot.floors, pot.ceilings, strict=True)))
    lifting = {i: (2 * f - slack, 2 * w) for i, (w, f, _) in rows if w and f}
    capping = {i: (2 * c + slack, 2 * w) for i, (w, _, c) in rows if w and c <= pot.total}
    floors, ceilings = _by_rate(lifting), _by_rate(capping)
    lowest = bisect_left(floors, True, key=lambda i: uses_up(pot, lifting[i], False))
    beyond = bisect_left(ceilings, True, key=lambda i: uses_up(pot, capping[i], True))
    at_floor = {*floors[lowest:], *(i for i, (w, f, _) in rows if f and not w)}
    at_ceiling = set(ceilings[:beyond])
    free = [i for i, (w, _, _) in rows if w and i not in at_floor and i not in at_ceiling]
    return _Holds(at_floor, at_ceiling, free)


def _exact_use(pot: _Pot, rate: Rate, lower: bool) -> bool:
    top, bottom = rate
    rows = zip(pot.weights, pot.floors, pot.ceilings, strict=True)
    given = sum(min(max(top * w, bottom * f), bottom * c) for w, f, c in rows)
    return given > bottom * pot.total if lower else given >= bottom * pot.total


def _rounded_use(pot: _Pot, rate: Rate, lower: bool) -> bool:
    # Just below a rate, what is half at the rate is less than half.
    top, bottom = rate
    half = bottom - lower
    rows = zip(pot.weights, pot.floors, pot.ceilings, strict=True)
    given = sum(min(max((2 * top * w + half) // (2 * bottom), f), c) for w, f, c in rows)
    return given >= pot.total


def _by_rate(rates: Mapping[int, Rate]) -> list[int]:
    """Positions, the lowest rate first.

    Two different fractions with denominators up to d are at least 1/d² apart: multiplied by d²
    they stay apart when rounded down.
    """
    scale = max((bottom for _, bottom in rates.values()), default=1) ** 2
    return sorted(rates, key=lambda i: rates[i][0] * scale // rates[i][1])
