"""How exact shares become whole units, each method as its definition says: slow, and obvious."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import ceil, floor

from attrs import frozen

from dsl import syntax as s

Share = Fraction | int


class Impossible(Exception):  # noqa: N818 - named for the fact
    """No amounts keep all limits and use up the whole."""


@frozen
class Limits:
    """The least and the most of each, in units and not rounded; None where there is no ceiling."""

    floors: Sequence[Fraction]
    ceilings: Sequence[Fraction | None]

    @property
    def least(self) -> list[int]:
        """Whole units, so that nobody gets less than the floor."""
        return [max(ceil(one), 0) for one in self.floors]

    def most(self, total: int) -> list[int]:
        """Whole units, so that nobody gets more than the ceiling; all there is, without one."""
        return [total if one is None else min(floor(one), total) for one in self.ceilings]


def alone(amount: Fraction, method: s.Method) -> int:
    """A number of units rounded by itself; a negative one as the positive one."""
    whole = floor(abs(amount))
    over = abs(amount) - whole
    if method is s.Method.UP:
        whole += over > 0
    if method is s.Method.NEAREST:
        whole += over >= Fraction(1, 2)
    return whole if amount >= 0 else -whole


def split(
    total: int,
    weights: Sequence[Share],
    method: s.Method,
    ties: s.Ties,
    bearer: int | None = None,
) -> list[int]:
    """Share out whole units in proportion to weights."""
    if total < 0:
        return [-units for units in split(-total, weights, method, ties, bearer)]
    if method is s.Method.SAINTE_LAGUE:
        nothing = [0 for _ in weights]
        return _one_by_one(total, weights, ties, nothing, [total for _ in weights])
    quotas = [Fraction(total * weight) / sum(weights) for weight in weights]
    units = [alone(quota, method) for quota in quotas]
    if method is s.Method.LARGEST_REMAINDER:
        return _remainders(total, quotas, weights, ties)
    if bearer is not None:
        units[bearer] += total - sum(units)
    return units


def split_within(
    total: int,
    weights: Sequence[Share],
    method: s.Method,
    ties: s.Ties,
    limits: Limits,
    bearer: int | None = None,
    *,
    to_largest: bool = False,
) -> list[int]:
    """The same, but nobody gets less than the floor or more than the ceiling.

    Who has no weight gets the floor. What the limits keep a bearer from bearing, the largest of
    those whom no limit holds bears, then the next one.
    """
    least, most = limits.least, limits.most(total)
    _refuse_contradictions(total, weights, limits, least, most)
    if method is s.Method.SAINTE_LAGUE:
        return _one_by_one(total, weights, ties, least, most)
    shares = _exact_within(total, weights, least, most)
    free = [i for i, share in enumerate(shares) if weights[i] and least[i] < share < most[i]]
    units = [int(share) for share in shares]
    if method is s.Method.LARGEST_REMAINDER:
        left = sum((shares[i] for i in free), Fraction(0))
        chosen = [weights[i] for i in free]
        whole = _remainders(int(left), [shares[i] for i in free], chosen, ties)
        for i, one in zip(free, whole, strict=True):
            units[i] = one
        return units
    for i in free:
        units[i] = alone(shares[i], method)
    if bearer is None and not to_largest:
        return units
    heaviest = sorted(free, key=lambda i: (-weights[i], i))
    for i in heaviest if bearer is None else [bearer, *heaviest]:
        borne = max(least[i], min(most[i], units[i] + total - sum(units)))
        units[i] = borne
    return units


# ---------------------------------------------------------------- methods


def _turn(weights: Sequence[Share], ties: s.Ties, place: int) -> tuple[Share, int]:
    return (-weights[place] if ties is s.Ties.LARGEST else 0, place)


def _one_by_one(
    total: int,
    weights: Sequence[Share],
    ties: s.Ties,
    least: Sequence[int],
    most: Sequence[int],
) -> list[int]:
    """Sainte-Laguë: each unit in turn to whoever has the strongest claim, and room for it."""
    units = [*least]
    for _ in range(total - sum(least)):
        open_to = [i for i, weight in enumerate(weights) if weight and units[i] < most[i]]
        best = min(
            open_to,
            key=lambda i: (Fraction(-weights[i], 2 * units[i] + 1), _turn(weights, ties, i)),
        )
        units[best] += 1
    return units


def _remainders(
    total: int, quotas: Sequence[Fraction], weights: Sequence[Share], ties: s.Ties
) -> list[int]:
    """Largest remainder: whole units first, the rest to the largest fractions."""
    units = [floor(quota) for quota in quotas]
    places = range(len(quotas))
    queue = sorted(places, key=lambda i: (units[i] - quotas[i], _turn(weights, ties, i)))
    for place in queue[: total - sum(units)]:
        units[place] += 1
    return units


# ---------------------------------------------------------------- limits


def _refuse_contradictions(
    total: int,
    weights: Sequence[Share],
    limits: Limits,
    least: Sequence[int],
    most: Sequence[int],
) -> None:
    whole = [None if one is None else floor(one) for one in limits.ceilings]
    if any(high is not None and low > high for low, high in zip(least, whole, strict=True)):
        raise Impossible
    reached = sum(most[i] if weights[i] else least[i] for i in range(len(weights)))
    if not sum(least) <= total <= reached:
        raise Impossible


def _exact_within(
    total: int, weights: Sequence[Share], least: Sequence[int], most: Sequence[int]
) -> list[Fraction]:
    """Share, hold those past a limit, and share again what they leave, until nobody is past one.

    Of those past a floor and those past a ceiling only the side is held that is further past in
    all: the others could come back within their limits (Bitran and Hax, Management Science 27,
    1981, describe the method).
    """
    shares = [Fraction(one) for one in least]
    free = [i for i, weight in enumerate(weights) if weight]
    while free:
        left = total - sum(shares[i] for i in range(len(weights)) if i not in free)
        heaviness = sum(weights[i] for i in free)
        for i in free:
            shares[i] = Fraction(left * weights[i]) / heaviness
        over = {i: shares[i] - most[i] for i in free if shares[i] > most[i]}
        under = {i: least[i] - shares[i] for i in free if shares[i] < least[i]}
        if not over and not under:
            break
        too_much, too_little = _sum(over.values()), _sum(under.values())
        held = {i: most[i] for i in over} if too_much >= too_little else {}
        held |= {i: least[i] for i in under} if too_little >= too_much else {}
        for i, limit in held.items():
            shares[i] = Fraction(limit)
        free = [i for i in free if i not in held]
    return shares


def _sum(values: Iterable[Fraction]) -> Fraction:
    return sum(values, Fraction(0))
