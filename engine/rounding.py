"""Turns exact shares into whole units: the only place where money is rounded.

Pure functions on whole numbers. A pot is an integer of units (kr, öre, 1 000 kr), a weight is a
non-negative integer, and a quota is the exact share ``pot × weight / total weight``. Recipients
stand in the order of their codes, which decides nothing but exact ties.

The methods, and where they come from:

- Largest remainder: Alexander Hamilton 1792; Hare–Niemeyer in Europe.
- Sainte-Laguë: Daniel Webster 1832; André Sainte-Laguë, "La représentation proportionnelle et la
  méthode des moindres carrés", Annales scientifiques de l'École normale supérieure, 1910.
- Nearest or down, the difference to one bearer: bookkeepers' custom.

What is said here of the first two is proved in Michel Balinski and H. Peyton Young, *Fair
Representation* (1982), and Friedrich Pukelsheim, *Proportional Representation* (2nd ed. 2017).
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from heapq import heapify, heappop, heappush, heapreplace
from itertools import count
from math import ceil
from operator import floordiv, index

from attrs import frozen

from dsl.syntax import Method, Ties
from engine.column import Column

Rank = Callable[[int], int]
"""Where a position stands among equals: the lowest rank is served first, then the lowest code."""

Claim = Callable[[int, int], int]
"""How strong a position's claim to its n-th unit is, n from 1: the strongest is met first."""

HALF = Fraction(1, 2)


class NegativeWeight(ValueError):  # noqa: N818 - named for the fact
    """A key cannot be shared by: someone in it weighs less than nothing."""


class ZeroWeight(ValueError):  # noqa: N818 - named for the fact
    """A key cannot be shared by: nobody in it weighs anything."""


class ConservationError(AssertionError):
    """A split does not add up to its pot: an error in this module, never in the input."""


@frozen
class Apportionment:
    """A pot split into whole units.

    Attributes:
        amounts: one per recipient.
        residue: what rounding down leaves unplaced where nobody bears it; otherwise zero.
        tied: the positions between which the order of ties had to choose, their claims being
            exactly equal: those whom it gave the last units, and those whom it did not.
    """

    amounts: tuple[int, ...]
    residue: int = 0
    tied: tuple[int, ...] = ()

    @property
    def total(self) -> int:
        """All that was split."""
        return sum(self.amounts) + self.residue

    def mirrored(self) -> "Apportionment":
        """The split of the pot with its sign turned."""
        return Apportionment(tuple(-amount for amount in self.amounts), -self.residue, self.tied)


# ---------------------------------------------------------------- splitting a pot


def apportion(
    total: int,
    weights: Sequence[int],
    method: Method,
    *,
    ties: Ties = Ties.CODE,
    bearer: int | None = None,
    to_largest: bool = False,
) -> Apportionment:
    """Split a pot in proportion to weights into whole units that add up to it.

    A negative pot is split as the mirror image of the positive one. Weight zero gets nothing,
    unless it is named as bearer. The scale of the weights does not matter.

    Args:
        total: the pot, in units.
        weights: one per recipient in the order of their codes (``Column.numerators``).
        method: how quotas become whole units.
        ties: who comes first among exactly equal claims.
        bearer: the position that bears the difference of ``NEAREST`` or ``DOWN``.
        to_largest: the largest weight bears it; of several, the one with the lowest code. In a
            pot of few units the bearer's amount may get the wrong sign: the caller looks.

    Raises:
        NegativeWeight: a weight is negative.
        ZeroWeight: the weights sum to zero, whatever the pot.
        ValueError: the method cannot split a pot, or not with this bearer. The checker of the
            language has refused it before.
    """
    # index() lets no float in, and makes a fixed-width integer (numpy) an unbounded one.
    pot, key = index(total), tuple(map(index, weights))
    _require_weight(key)
    bearers = _bearers(key, bearer, to_largest)
    _require_fit(method, bearers, len(key))
    split = _split(abs(pot), key, method, _rank(key, ties), bearers)
    return _conserving(pot, split if pot >= 0 else split.mirrored())


def quotas(total: int, weights: Sequence[int]) -> tuple[Fraction, ...]:
    """The exact shares that ``apportion`` turns into whole units."""
    key = tuple(map(index, weights))
    _require_weight(key)
    whole = sum(key)
    return tuple(Fraction(index(total) * weight, whole) for weight in key)


def _require_weight(weights: tuple[int, ...]) -> None:
    if weights and min(weights) < 0:
        raise NegativeWeight(f"negative weight at position {weights.index(min(weights))}")
    if not any(weights):
        raise ZeroWeight("the weights sum to zero")


def _bearers(weights: tuple[int, ...], bearer: int | None, to_largest: bool) -> tuple[int, ...]:
    """Who may bear a difference, the first before the others: several only if equally heavy."""
    if not to_largest:
        return () if bearer is None else (bearer,)
    if bearer is not None:
        raise ValueError("the difference goes to a named bearer or to the largest, not to both")
    heaviest = max(weights)
    return tuple(i for i, weight in enumerate(weights) if weight == heaviest)


def _require_fit(method: Method, bearers: tuple[int, ...], recipients: int) -> None:
    if method is Method.UP:
        raise ValueError("rounding up gives out more than the pot")
    if method is Method.NEAREST and not bearers:
        raise ValueError("rounding to nearest leaves a difference that someone must bear")
    if bearers and method not in {Method.NEAREST, Method.DOWN}:
        raise ValueError(f"{method.value} leaves no difference to bear")
    if not all(0 <= i < recipients for i in bearers):
        raise ValueError(f"no recipient at position {bearers[0]}")


def _rank(weights: tuple[int, ...], ties: Ties) -> Rank:
    largest_first = ties is Ties.LARGEST
    return lambda position: -weights[position] * largest_first


def _split(
    total: int, weights: tuple[int, ...], method: Method, rank: Rank, bearers: tuple[int, ...]
) -> Apportionment:
    if method is Method.LARGEST_REMAINDER:
        return _largest_remainder(total, weights, rank)
    if method is Method.SAINTE_LAGUE:
        return _sainte_lague(total, weights, rank)
    if method is Method.NEAREST:
        return _nearest(total, weights, bearers)
    return _down(total, weights, bearers)


def _conserving(total: int, split: Apportionment) -> Apportionment:
    """The split itself, once it is seen to add up; no switch of Python's turns this off."""
    if split.total != total:
        difference = split.total - total
        raise ConservationError(f"pot {total}, given out {split.total}, difference {difference}")
    return split


# ---------------------------------------------------------------- the methods, for a pot >= 0


def _largest_remainder(total: int, weights: tuple[int, ...], rank: Rank) -> Apportionment:
    """Every quota rounded down, then one unit to each of the largest remainders.

    Hamilton 1792, Hare–Niemeyer. Nobody is a whole unit from the quota; but a larger pot can give
    somebody less (the Alabama paradox).
    """
    whole = sum(weights)
    divided = [divmod(total * weight, whole) for weight in weights]
    missing = total - sum(floor for floor, _ in divided)
    if missing == 0:
        return Apportionment(tuple(floor for floor, _ in divided))
    # Fewer units are missing than there are remainders above zero: weight zero cannot win one.
    last = sorted((rest for _, rest in divided), reverse=True)[missing - 1]
    amounts = [floor + (rest > last) for floor, rest in divided]
    equals = [i for i, (_, rest) in enumerate(divided) if rest == last]
    return _award(total - sum(amounts), amounts, equals, rank)


def _sainte_lague(total: int, weights: tuple[int, ...], rank: Rank) -> Apportionment:
    """Every unit to the strongest claim, the claim to the n-th unit being weight / (2n − 1).

    Webster 1832, Sainte-Laguë 1910: the same as dividing all weights by one divisor and rounding
    to nearest (see ``certifying_rate``). A larger pot gives nobody less. This is the unadjusted
    method: the Swedish elections act (2005:837, chapter 14) adjusts the first divisor to 1.2.
    """
    # Quotas rounded half up are the table for the divisor total weight / pot: every claim down to
    # a fixed strength is met, equals included. Each of n roundings moves at most half a unit, so
    # this table is at most n/2 claims longer or shorter than the one sought, in the same sequence.
    whole = sum(weights)
    amounts = [_half_up(total * weight, whole) for weight in weights]
    missing = total - sum(amounts)
    if missing == 0:
        return Apportionment(tuple(amounts))
    claim = _claims(total, weights)
    # One of the two has nothing to do.
    _give(missing, amounts, claim)
    _take_back(-missing, amounts, claim)
    return _settled(amounts, claim, rank)


def _claims(total: int, weights: tuple[int, ...]) -> Claim:
    """Claims in exact order as integers.

    Two different fractions with denominators up to d are at least 1/d² apart: multiplied by d² or
    more they stay apart when rounded down. Nobody gets more than the pot, so d = 2·total + 1, and
    d² <= (total + 1)⁴, which sixteen to the number of the pot's binary digits is not below.
    """
    scale = 16 ** total.bit_length()
    return lambda position, n: weights[position] * scale // (2 * n - 1)


def _give(units: int, amounts: list[int], claim: Claim) -> None:
    """Meet that many more claims, the strongest first."""
    heap = [(-claim(i, amount + 1), i) for i, amount in enumerate(amounts)]
    heapify(heap)
    for _ in range(units):
        i = heap[0][1]
        amounts[i] += 1
        heapreplace(heap, (-claim(i, amounts[i] + 1), i))


def _take_back(units: int, amounts: list[int], claim: Claim) -> None:
    """Unmeet that many claims, the weakest first."""
    heap = [(claim(i, amount), i) for i, amount in enumerate(amounts) if amount]
    heapify(heap)
    for _ in range(units):
        i = heappop(heap)[1]
        amounts[i] -= 1
        if amounts[i]:
            heappush(heap, (claim(i, amounts[i]), i))


def _settled(amounts: list[int], claim: Claim, rank: Rank) -> Apportionment:
    """The table with its weakest met claims awarded anew, among all that are equally strong."""
    met = [claim(i, amount) if amount else None for i, amount in enumerate(amounts)]
    last = min(strength for strength in met if strength is not None)
    winners = [i for i, strength in enumerate(met) if strength == last]
    losers = [i for i, amount in enumerate(amounts) if claim(i, amount + 1) == last]
    for i in winners:
        amounts[i] -= 1
    return _award(len(winners), amounts, sorted(winners + losers), rank)


def _award(units: int, amounts: list[int], equals: list[int], rank: Rank) -> Apportionment:
    """One unit each to the first among equals; a tie only if there are fewer units than equals."""
    # Equals stand in the order of their codes, which sorting keeps where ranks are the same.
    for i in sorted(equals, key=rank)[:units]:
        amounts[i] += 1
    return Apportionment(tuple(amounts), tied=tuple(equals) if units < len(equals) else ())


def _nearest(total: int, weights: tuple[int, ...], bearers: tuple[int, ...]) -> Apportionment:
    """Every quota rounded half up, the whole difference to one bearer."""
    whole = sum(weights)
    return _borne(total, [_half_up(total * weight, whole) for weight in weights], bearers)


def _down(total: int, weights: tuple[int, ...], bearers: tuple[int, ...]) -> Apportionment:
    """Every quota rounded down, the rest to one bearer or left as residue."""
    whole = sum(weights)
    floors = [total * weight // whole for weight in weights]
    if bearers:
        return _borne(total, floors, bearers)
    return Apportionment(tuple(floors), residue=total - sum(floors))


def _borne(total: int, amounts: list[int], bearers: tuple[int, ...]) -> Apportionment:
    difference = total - sum(amounts)
    # Among equal weights both orders of ties begin with the lowest code.
    amounts[bearers[0]] += difference
    tied = bearers if difference and len(bearers) > 1 else ()
    return Apportionment(tuple(amounts), tied=tied)


# ---------------------------------------------------------------- rounding single numbers


def round_each(column: Column, method: Method) -> tuple[int, ...]:
    """Round each number by itself: earned amounts, whose sum is what it comes to.

    Args:
        column: exact amounts, in units.
        method: ``NEAREST`` (half away from zero), ``DOWN`` (towards zero) or ``UP`` (away from
            zero): a negative number is the mirror image of the positive one.

    Raises:
        ValueError: the method needs a pot to split.
    """
    rounding = _ALONE.get(method)
    if rounding is None:
        raise ValueError(f"{method.value} needs a pot to split")
    return tuple(_mirroring(rounding, top, column.denominator) for top in column.numerators)


def round_to(value: Fraction, decimals: int) -> Fraction:
    """The nearest number with so many decimals, half away from zero: for showing, not for money."""
    scale = Fraction(10) ** decimals
    scaled = value * scale
    return _mirroring(_half_up, scaled.numerator, scaled.denominator) / scale


def _half_up(top: int, bottom: int) -> int:
    return (2 * top + bottom) // (2 * bottom)


def _up(top: int, bottom: int) -> int:
    return -(-top // bottom)


_ALONE: dict[Method, Callable[[int, int], int]] = {
    Method.NEAREST: _half_up,
    Method.DOWN: floordiv,
    Method.UP: _up,
}


def _mirroring(rounding: Callable[[int, int], int], top: int, bottom: int) -> int:
    return rounding(top, bottom) if top >= 0 else -rounding(-top, bottom)


# ---------------------------------------------------------------- certifying a table


def certifying_rate(amounts: Sequence[int], weights: Sequence[int | Fraction]) -> Fraction | None:
    """The rate by which anyone can check a Sainte-Laguë table by hand: units per unit of weight.

    Rate × weight, rounded half away from zero, is every amount. The rates that do this fill an
    interval; this is the one with the fewest decimals, and of those the nearest to pot / total
    weight, of two the one nearer zero. Compare Pukelsheim's select divisor, which divides.

    Args:
        amounts: the table.
        weights: one per amount, in the unit that the reader knows (``Column.values``). By scaled
            weights (``Column.numerators``) the rate is per scaled unit: times the denominator it
            holds for the values, but may have more decimals than it needs.

    Returns:
        The rate, negative for a negative pot; None if there is none, because the order of ties
        decided the table, or it is no Sainte-Laguë table, or nobody weighs anything.

    Raises:
        NegativeWeight: a weight is negative.
    """
    if any(weight < 0 for weight in weights):
        raise NegativeWeight("negative weight")
    sign = -1 if any(amount < 0 for amount in amounts) else 1
    rows = [(sign * index(a), Fraction(w)) for a, w in zip(amounts, weights, strict=True)]
    weighed = [(amount, weight) for amount, weight in rows if weight]
    if not weighed or any(amount and not weight for amount, weight in rows):
        return None
    # Where one gets money and another pays it, the lowest is above the limit.
    lowest = max((amount - HALF) / weight for amount, weight in weighed)
    limit = min((amount + HALF) / weight for amount, weight in weighed)
    if lowest >= limit:
        return None
    exact = Fraction(sum(amount for amount, _ in rows), sum(weight for _, weight in rows))
    return sign * _fewest_decimals(lowest, limit, exact)


def _fewest_decimals(lowest: Fraction, limit: Fraction, near: Fraction) -> Fraction:
    """The shortest decimal number from ``lowest`` to below ``limit``; of those, the nearest."""
    scales = (10**decimals for decimals in count())
    scale = next(s for s in scales if ceil(lowest * s) < ceil(limit * s))
    nearest = ceil(near * scale - HALF)
    return Fraction(min(max(nearest, ceil(lowest * scale)), ceil(limit * scale) - 1), scale)
