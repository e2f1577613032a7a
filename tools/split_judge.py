"""Judges a split by the definition of its method, with whole numbers alone.

It shares nothing with ``engine``: a table is not computed a second time but proved. Every claim is
a comparison of two products of integers, and no number is ever divided except where the definition
itself rounds down. What proves that a table is the only one:

- largest remainder: every amount is its quota rounded down, or one more, and nobody who got one
  more has a smaller remainder than anybody who did not;
- Sainte-Laguë: the weakest claim that was met, weight / (2n − 1), is not below the strongest that
  was not;
- nearest and down: every amount but the bearer's is its own quota rounded, and the sum is the pot.

Where two claims are exactly equal, the declared order of ties decides: the codes' own order, or the
largest weight first. Method and order are told by their words, not by the engine's types.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

LARGEST_REMAINDER: Final = "largest_remainder"
SAINTE_LAGUE: Final = "sainte_lague"
NEAREST: Final = "nearest"
DOWN: Final = "down"
BY_CODE: Final = "code"
BY_WEIGHT: Final = "largest"

Numbers = Sequence[int]


def wrong(  # noqa: PLR0913, PLR0917 - what a split is asked for, and what it answered
    pot: int,
    weights: Numbers,
    method: str,
    ties: str,
    bearer: int | None,
    amounts: Numbers,
    residue: int,
    tied: Numbers,
) -> str:
    """What is wrong with a split; nothing if it is the only right one.

    Args:
        pot: whole units; the split of a negative pot mirrors that of the positive one.
        weights: one per recipient in the order of their codes, not negative, not all zero.
        method: one of the four above.
        ties: one of the two above.
        bearer: the position that bears the difference of nearest or down.
        amounts: what each got.
        residue: what rounding down left where nobody bears it.
        tied: the positions that are said to have been equal where the order decided.
    """
    if len(amounts) != len(weights):
        return "not one amount for each weight"
    if pot < 0:
        pot, amounts, residue = -pot, [-amount for amount in amounts], -residue
    if sum(amounts) + residue != pot:
        return "the amounts do not add up to the pot"
    if method == SAINTE_LAGUE:
        return _residue(residue) or _sainte_lague(weights, amounts, ties, tied)
    whole = sum(weights)
    rests = [pot * weight - amount * whole for weight, amount in zip(weights, amounts, strict=True)]
    if method == LARGEST_REMAINDER:
        return _residue(residue) or _largest_remainder(weights, rests, whole, ties, tied)
    if bearer is not None:
        rests[bearer] = 0
    if method == NEAREST:
        return _residue(residue) or _nearest(rests, whole)
    return (_residue(residue) if bearer is not None else "") or _down(rests, whole)


def _residue(residue: int) -> str:
    return "something is left over" if residue else ""


# ---------------------------------------------------------------- largest remainder


def _largest_remainder(
    weights: Numbers, rests: list[int], whole: int, ties: str, tied: Numbers
) -> str:
    """Rests are quota minus amount, in parts of the whole: below zero for who got one more."""
    low, high = min(rests), max(rests)
    if low < -whole or high >= whole:
        return "an amount is a whole unit or more from its quota"
    if low == 0:
        return _untied(tied)
    if low + whole > high:
        return _untied(tied)
    if low + whole < high:
        return "a smaller remainder got a unit that a larger one did not"
    winners = [i for i, rest in enumerate(rests) if rest == low]
    losers = [i for i, rest in enumerate(rests) if rest == high]
    return _in_order(weights, winners, losers, ties, tied)


# ---------------------------------------------------------------- Sainte-Laguë


def _sainte_lague(weights: Numbers, amounts: Numbers, ties: str, tied: Numbers) -> str:
    if min(amounts) < 0:
        return "somebody gets less than nothing"
    # Nothing met yet is a claim without limit, 1/0; nothing unmet is a claim to nothing, 0/1.
    met_weight, met_divisor, open_weight, open_divisor = 1, 0, 0, 1
    for weight, amount in zip(weights, amounts, strict=True):
        divisor = 2 * amount + 1
        if weight * open_divisor > open_weight * divisor:
            open_weight, open_divisor = weight, divisor
        if amount and weight * met_divisor < met_weight * (divisor - 2):
            met_weight, met_divisor = weight, divisor - 2
    met, unmet = met_weight * open_divisor, open_weight * met_divisor
    if met > unmet:
        return _untied(tied)
    if met < unmet:
        return "a weaker claim was met than one that was not"
    rows = list(enumerate(zip(weights, amounts, strict=True)))
    winners = [i for i, (w, a) in rows if a and w * met_divisor == met_weight * (2 * a - 1)]
    losers = [i for i, (w, a) in rows if w * open_divisor == open_weight * (2 * a + 1)]
    return _in_order(weights, winners, losers, ties, tied)


# ---------------------------------------------------------------- nearest and down


def _nearest(rests: list[int], whole: int) -> str:
    if 2 * min(rests) < -whole or 2 * max(rests) >= whole:
        return "an amount is not its quota rounded to nearest, halves up"
    return ""


def _down(rests: list[int], whole: int) -> str:
    if min(rests) < 0 or max(rests) >= whole:
        return "an amount is not its quota rounded down"
    return ""


# ---------------------------------------------------------------- ties


def _untied(tied: Numbers) -> str:
    return "a tie is told of where no claims are equal" if tied else ""


def _in_order(
    weights: Numbers, winners: list[int], losers: list[int], ties: str, tied: Numbers
) -> str:
    """Among equals, everybody who won stands before everybody who did not."""
    if list(tied) != sorted({*winners, *losers}):
        return "those who were tied are not those whose claims are equal"
    last = max(_turn(weights, ties, i) for i in winners)
    first = min(_turn(weights, ties, i) for i in losers)
    return "" if last < first else "an exact tie is not decided by the declared order"


def _turn(weights: Numbers, ties: str, position: int) -> tuple[int, int]:
    return (-weights[position] if ties == BY_WEIGHT else 0, position)


# ---------------------------------------------------------------- floors and ceilings


def wrong_within(  # noqa: PLR0913, PLR0917 - as above, and the two bounds
    pot: int,
    weights: Numbers,
    method: str,
    floors: Numbers,
    ceilings: Sequence[int | None],
    ties: str,
    bearer: int | None,
    to_largest: bool,
    amounts: Numbers,
    residue: int,
) -> str:
    """What is wrong with the split of a pot that is not negative, within bounds that allow it."""
    top = [pot if ceiling is None else min(ceiling, pot) for ceiling in ceilings]
    if sum(amounts) + residue != pot:
        return "the amounts do not add up to the pot"
    if not all(low <= a <= high for low, a, high in zip(floors, amounts, top, strict=True)):
        return "an amount is outside its bounds"
    if residue and (method != DOWN or to_largest or bearer is not None):
        return "something is left over"
    if method == SAINTE_LAGUE:
        return _min_max_within(weights, amounts, floors, top, ties)
    sought, left = _held(pot, weights, floors, top)
    free = [i for i in range(len(weights)) if i not in sought]
    keys = [weights[i] for i in free]
    whole = sum(keys)
    if method == LARGEST_REMAINDER:
        rests = [left * weights[i] - amounts[i] * whole for i in free]
        return _held_wrong(sought, amounts) or _remainders_alone(keys, rests, whole, ties)
    for i in free:
        half = whole if method == NEAREST else 0
        sought[i] = (2 * left * weights[i] + half) // (2 * whole)
    if to_largest or bearer is not None:
        heaviest = sorted(free, key=lambda i: (-weights[i], i))
        order = heaviest if bearer is None else [bearer, *heaviest]
        _bear(pot, sought, order, list(zip(floors, top, strict=True)))
    return _held_wrong(sought, amounts)


def _held_wrong(sought: Mapping[int, int], amounts: Numbers) -> str:
    if any(amounts[i] != amount for i, amount in sought.items()):
        return "an amount is not what its share, the bounds and the bearers make it"
    return ""


def _min_max_within(
    weights: Numbers, amounts: Numbers, floors: Numbers, top: Numbers, ties: str
) -> str:
    """Sainte-Laguë where units below a floor need no claim, and those above a ceiling have none."""
    rows = list(enumerate(zip(weights, amounts, strict=True)))
    met = [(w, 2 * a - 1, i) for i, (w, a) in rows if a > floors[i]]
    unmet = [(w, 2 * a + 1, i) for i, (w, a) in rows if a < top[i] and w]
    for weight, divisor, i in met:
        for other, more, j in unmet:
            mine, theirs = weight * more, other * divisor
            if mine < theirs:
                return "a weaker claim was met than one that was not"
            if mine == theirs and _turn(weights, ties, i) > _turn(weights, ties, j):
                return "an exact tie is not decided by the declared order"
    return ""


def _remainders_alone(keys: Numbers, rests: list[int], whole: int, ties: str) -> str:
    """Largest remainder, whatever is said of ties."""
    if not rests:
        return ""
    low, high = min(rests), max(rests)
    tie = low < 0 and low + whole == high
    told = [i for i, rest in enumerate(rests) if rest in {low, high}] if tie else []
    return _largest_remainder(keys, rests, whole, ties, told)


def _held(pot: int, weights: Numbers, floors: Numbers, top: Numbers) -> tuple[dict[int, int], int]:
    """Whom the bounds hold, and at what; and what is left for the others.

    Share, hold those past a bound, share again what is left. Of those below their floors and those
    above their ceilings only the side that is further off in all is held.
    """
    held = {i: floors[i] for i, weight in enumerate(weights) if not weight}
    while True:
        free = [i for i in range(len(weights)) if i not in held]
        left, whole = pot - sum(held.values()), sum(weights[i] for i in free)
        short = {i: floors[i] for i in free if left * weights[i] < floors[i] * whole}
        over = {i: top[i] for i in free if left * weights[i] > top[i] * whole}
        lack = sum(low * whole - left * weights[i] for i, low in short.items())
        excess = sum(left * weights[i] - high * whole for i, high in over.items())
        if not short and not over:
            # A share exactly at its bound is held by it: only a named bearer can be moved off.
            at = {i: floors[i] for i in free if left * weights[i] == floors[i] * whole}
            at |= {i: top[i] for i in free if left * weights[i] == top[i] * whole}
            return held | at, left - sum(at.values())
        held |= (short if lack >= excess else {}) | (over if excess >= lack else {})


def _bear(
    pot: int, amounts: dict[int, int], order: Iterable[int], bounds: Sequence[tuple[int, int]]
) -> None:
    """The difference to the first, what a bound keeps there to the next: in the amounts given."""
    for i in order:
        low, high = bounds[i]
        amounts[i] = min(max(amounts[i] + pot - sum(amounts.values()), low), high)
