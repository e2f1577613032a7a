"""Each mechanism keeps what its contract says, on all small cases, and promises all that it keeps.

A promise of the table (engine/proof/contracts.py) must hold in every case; one that is not in it
must fail in some, so that the table is exact and not only safe. docs/proof.md has the arguments.
"""

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache
from itertools import combinations, pairwise, permutations, product
from math import gcd

import pytest
from attrs import evolve, frozen
from hypothesis import given
from hypothesis import strategies as st

from dsl.syntax import Method, Ties
from engine.bounded import CeilingsFallShort, FloorAboveCeiling, FloorsExceed, apportion_within
from engine.proof.contracts import Bearer, Limits, Mechanism
from engine.proof.promises import Sort
from engine.rounding import ZeroWeight, apportion

DOWN, NEAREST = Method.DOWN, Method.NEAREST
LARGEST_REMAINDER, SAINTE_LAGUE = Method.LARGEST_REMAINDER, Method.SAINTE_LAGUE
Weights = tuple[int, ...]
Bounds = tuple[tuple[int, ...], tuple[int | None, ...]]
FREE: Bounds = ((0,) * 4, (None,) * 4)

# The named bearer; that it is neither first nor last keeps the order of ties from hiding anything.
NAMED = 1


# ---------------------------------------------------------------- how a mechanism shares


@cache  # the small cases meet each other again and again
def shared(
    method: Method, bearer: Bearer, ties: Ties, total: int, weights: Weights, bounds: Bounds = FREE
) -> tuple[int, ...] | None:
    """What everyone gets; None where the run would stop instead."""
    floors, ceilings = bounds[0][: len(weights)], bounds[1][: len(weights)]
    free = not any(floors) and all(one is None for one in ceilings)
    named, largest = (NAMED if bearer == "named" else None), bearer == "largest"
    try:
        if free:
            split = apportion(total, weights, method, ties=ties, bearer=named, to_largest=largest)
            # Whoever bears a deduction may have too little: the run stops (F515).
            return split.amounts if min(split.amounts) >= 0 else None
        return apportion_within(
            total, weights, method, floors, ceilings, ties=ties, bearer=named, to_largest=largest
        ).amounts
    except (ZeroWeight, FloorsExceed, CeilingsFallShort, FloorAboveCeiling):
        return None


Share = Callable[[Ties, int, Weights, Bounds], tuple[int, ...] | None]


def sharing(mechanism: Mechanism) -> Share:
    def share(ties: Ties, total: int, weights: Weights, bounds: Bounds) -> tuple[int, ...] | None:
        return shared(mechanism.method, mechanism.bearer, ties, total, weights, bounds)

    return share


# ---------------------------------------------------------------- all small cases


@frozen
class Small:
    """So many recipients, and weights, sums and bounds up to so much."""

    recipients: int
    weight: int
    total: int
    bound: int = 0


def weights_up_to(recipients: int, weight: int) -> Iterator[Weights]:
    """Weights without a common factor: doubling is a case of its own."""
    for weights in product(range(weight + 1), repeat=recipients):
        if gcd(*weights) == 1:
            yield weights


def weights_of(small: Small, mechanism: Mechanism) -> Iterator[Weights]:
    return weights_up_to(small.recipients, 1 if mechanism.alike else small.weight)


def bounds_of(small: Small, mechanism: Mechanism) -> Iterator[Callable[[int], Bounds]]:
    """Floors and ceilings, which may depend on the sum that is shared."""
    n = small.recipients
    ceilings: list[int | None] = [None, *range(1, small.bound + 1)]
    match mechanism.limits:
        case "none":
            yield lambda _: FREE
        case "same":
            for low, high in product(range(small.bound + 1), ceilings):
                yield lambda _, low=low, high=high: ((low,) * n, (high,) * n)  # type: ignore[misc]
        case "each":
            for lows in product(range(small.bound + 1), repeat=n):
                yield lambda _, lows=lows: (lows, (None,) * n)  # type: ignore[misc]
            for highs in product(ceilings, repeat=n):
                yield lambda _, highs=highs: ((0,) * n, highs)  # type: ignore[misc]
        case "growing":
            for share in (Fraction(k, 10) for k in range(1, 6)):
                yield lambda total, share=share: (  # type: ignore[misc]
                    (-(-total * share.numerator // share.denominator),) * n,
                    (None,) * n,
                )
                yield lambda total, share=share: (  # type: ignore[misc]
                    (0,) * n,
                    (int(total * (1 - share)),) * n,
                )
        case "growing_each":
            for shares in product(range(0, 6, 2), repeat=n):
                yield lambda total, shares=shares: (  # type: ignore[misc]
                    tuple(-(-total * one // 10) for one in shares),
                    (None,) * n,
                )


@cache
def raised(recipients: int, weight: int) -> list[tuple[Weights, Weights, int]]:
    """Weights before and after, and who has a larger share of them when nobody else has.

    That is the quota form; raising one weight alone is a case of it.
    """
    every = list(weights_up_to(recipients, weight))
    return [
        (before, after, own)
        for before, after in permutations(every, 2)
        for own in range(recipients)
        if _as_quota(before, after, own)
    ]


def _as_quota(before: Weights, after: Weights, own: int) -> bool:
    one, other = sum(before), sum(after)
    moved = [a * one - b * other for b, a in zip(before, after, strict=True)]
    return moved[own] >= 0 and all(move <= 0 for n, move in enumerate(moved) if n != own)


# ---------------------------------------------------------------- what each promise says


def broken_more_weight(mechanism: Mechanism, small: Small) -> Iterator[object]:
    """In the quota form, of which raising one weight alone is a case."""
    share = sharing(mechanism)
    for bounds, total in product(bounds_of(small, mechanism), range(small.total + 1)):
        limits = bounds(total)
        for (before, after, own), ties in product(raised(small.recipients, small.weight), Ties):
            first = share(ties, total, before, limits)
            then = share(ties, total, after, limits)
            if first is not None and then is not None and then[own] < first[own]:
                yield total, before, after, own, ties, limits, first, then


def broken_equal_weight(mechanism: Mechanism, small: Small) -> Iterator[object]:
    share = sharing(mechanism)
    for bounds, total in product(bounds_of(small, mechanism), range(small.total + 1)):
        for weights, ties in product(weights_of(small, mechanism), Ties):
            amounts = share(ties, total, weights, bounds(total))
            for i, j in combinations(range(small.recipients), 2):
                if amounts and weights[i] == weights[j] and abs(amounts[i] - amounts[j]) > 1:
                    yield total, weights, ties, bounds(total), amounts


def broken_double_weight(mechanism: Mechanism, small: Small) -> Iterator[object]:
    share = sharing(mechanism)
    for bounds, total in product(bounds_of(small, mechanism), range(small.total + 1)):
        for weights, ties in product(weights_of(small, mechanism), Ties):
            double = tuple(2 * one for one in weights)
            first, then = (share(ties, total, one, bounds(total)) for one in (weights, double))
            if first != then:
                yield total, weights, ties, bounds(total), first, then


def broken_larger_pot(mechanism: Mechanism, small: Small) -> Iterator[object]:
    share = sharing(mechanism)
    for bounds, weights in product(bounds_of(small, mechanism), weights_of(small, mechanism)):
        for ties in Ties:
            every = [share(ties, total, weights, bounds(total)) for total in range(small.total + 1)]
            # Those that fit; between two of them there may be sums that do not.
            fit = [amounts for amounts in every if amounts is not None]
            for first, then in pairwise(fit):
                if any(a < b for b, a in zip(first, then, strict=True)):
                    yield weights, ties, bounds(0), first, then


BROKEN: dict[Sort, Callable[[Mechanism, Small], Iterator[object]]] = {
    Sort.MORE_WEIGHT: broken_more_weight,
    Sort.EQUAL_WEIGHT: broken_equal_weight,
    Sort.DOUBLE_WEIGHT: broken_double_weight,
    Sort.LARGER_POT: broken_larger_pot,
}

BEARERS: tuple[tuple[Method, Bearer], ...] = (
    (LARGEST_REMAINDER, "nobody"),
    (SAINTE_LAGUE, "nobody"),
    (NEAREST, "named"),
    (NEAREST, "largest"),
    (DOWN, "named"),
    (DOWN, "largest"),
    (DOWN, "pot"),
)
LIMITS: tuple[Limits, ...] = ("none", "same", "each", "growing", "growing_each")
MECHANISMS = [
    Mechanism(method, bearer, parties=3, limits=limits)
    for (method, bearer), limits in product(BEARERS, LIMITS)
]


def called(one: Mechanism | Sort) -> str:
    if isinstance(one, Sort):
        return one.value
    alike = "-alike" if one.alike else ""
    return "-".join((one.method.value, one.bearer, one.limits, f"{one.parties}")) + alike


# ---------------------------------------------------------------- the table is safe

# What runs in some seconds: the more bounds are tried, the fewer weights and sums.
SMALL: dict[Limits, Small] = {
    "none": Small(3, 4, 10),
    "same": Small(3, 2, 6, 2),
    "each": Small(3, 2, 4, 1),
    "growing": Small(3, 2, 7),
    "growing_each": Small(3, 2, 5),
}
SPECIAL = [
    Mechanism(LARGEST_REMAINDER, "nobody", parties=2),
    Mechanism(LARGEST_REMAINDER, "nobody", parties=3, alike=True),
    Mechanism(SAINTE_LAGUE, "nobody", parties=2),
]
PROMISED = [
    (mechanism, sort)
    for mechanism in [*MECHANISMS, *SPECIAL]
    for sort in Sort
    if sort in mechanism.promises
]
EQUALLY = Small(4, 1, 12)


@pytest.mark.parametrize(("mechanism", "sort"), PROMISED, ids=called)
def test_what_is_promised_holds_in_every_small_case(mechanism: Mechanism, sort: Sort) -> None:
    small = EQUALLY if mechanism.alike else SMALL[mechanism.limits]
    small = evolve(small, recipients=2) if mechanism.parties == 2 else small
    assert next(BROKEN[sort](mechanism, small), None) is None


@pytest.mark.parametrize(("method", "bearer"), BEARERS)
def test_four_recipients_are_as_three(method: Method, bearer: Bearer) -> None:
    mechanism = Mechanism(method, bearer, parties=4)
    for sort in mechanism.promises - {Sort.MORE_WEIGHT}:
        assert next(BROKEN[sort](mechanism, Small(4, 4, 9)), None) is None
    if Sort.MORE_WEIGHT in mechanism.promises:
        assert next(broken_more_weight(mechanism, Small(4, 2, 8)), None) is None


# ---------------------------------------------------------------- the table is exact

# True, but not promised: what a larger DOWN gives the largest within bounds it never takes from
# somebody who weighs more, for those before it are full or it gets none. Nobody has asked for it.
HELD_BACK = {
    (DOWN, "largest", limits, Sort.MORE_WEIGHT)
    for limits in ("same", "each", "growing", "growing_each")
}
NOT_PROMISED = [
    (mechanism, sort)
    for mechanism in MECHANISMS
    for sort in BROKEN
    if sort not in mechanism.promises
    and (mechanism.method, mechanism.bearer, mechanism.limits, sort) not in HELD_BACK
]

# Where to look for a case, in this order; the fourth recipient of nothing else than ones.
PLACES = (Small(3, 2, 5, 2), Small(4, 1, 8), Small(3, 5, 9), Small(3, 3, 8, 3))


@pytest.mark.parametrize(("mechanism", "sort"), NOT_PROMISED, ids=called)
def test_what_is_not_promised_fails_in_some_case(mechanism: Mechanism, sort: Sort) -> None:
    assert any(next(BROKEN[sort](mechanism, small), None) is not None for small in PLACES)


def test_the_smallest_alabama_paradox() -> None:
    """The case that docs/proof.md works out."""
    weights = (1, 3, 3)
    assert apportion(3, weights, LARGEST_REMAINDER).amounts == (1, 1, 1)
    assert apportion(4, weights, LARGEST_REMAINDER).amounts == (0, 2, 2)
    smaller = [(3, 2, 12, 0), (2, 9, 12, 0)]
    mechanism = Mechanism(LARGEST_REMAINDER, "nobody", parties=3)
    for small in (Small(*one) for one in smaller):
        assert next(broken_larger_pot(mechanism, small), None) is None


# ---------------------------------------------------------------- what the promises are used for


@pytest.mark.parametrize("mechanism", [one for one in MECHANISMS if one.keeps_all], ids=called)
def test_nobodys_part_grows_by_more_than_the_sum(mechanism: Mechanism) -> None:
    share, small = sharing(mechanism), SMALL[mechanism.limits]
    for bounds, weights in product(bounds_of(small, mechanism), weights_of(small, mechanism)):
        for less, more in combinations(range(small.total + 1), 2):
            first = share(Ties.CODE, less, weights, bounds(less))
            then = share(Ties.CODE, more, weights, bounds(more))
            if first is not None and then is not None:
                assert max(b - a for a, b in zip(first, then, strict=True)) <= more - less


@pytest.mark.parametrize("limits", ["none", "same", "each"])
def test_sainte_lague_needs_only_that_one_weighs_more_and_no_other_does(limits: Limits) -> None:
    """The pairwise form: the others may lose weight at any rates, and limits with it."""
    mechanism = Mechanism(SAINTE_LAGUE, "nobody", parties=3, limits=limits)
    share, small = sharing(mechanism), SMALL[limits]
    every = list(product(range(small.weight + 1), repeat=3))
    pairs = [
        (before, after)
        for before, after in permutations(every, 2)
        if before[0] <= after[0] and before[1] >= after[1] and before[2] >= after[2]
    ]
    for bounds, total in product(bounds_of(small, mechanism), range(small.total + 1)):
        for (before, after), ties in product(pairs, Ties):
            first, then = (share(ties, total, one, bounds(total)) for one in (before, after))
            assert first is None or then is None or first[0] <= then[0], (before, after)


def test_claims_are_reduced_so_that_who_claims_more_gets_no_less() -> None:
    """Weights and ceilings are the claims themselves, and whole units are the ledger's."""

    def reduced(claims: Weights, available: int) -> tuple[int, ...]:
        if sum(claims) <= available:
            return claims
        none = (0,) * len(claims)
        return apportion_within(available, claims, SAINTE_LAGUE, none, claims).amounts

    for claims in product(range(6), repeat=3):
        for available in range(16):
            before = reduced(claims, available)
            assert all(given <= claim for given, claim in zip(before, claims, strict=True))
            after = reduced((claims[0] + 1, *claims[1:]), available)
            assert after[0] >= before[0]
            assert after[1] <= before[1]
            assert after[2] <= before[2]
            assert sum(after) >= sum(before)
            more = reduced(claims, available + 1)
            assert all(a <= b for a, b in zip(before, more, strict=True))


# ---------------------------------------------------------------- larger numbers

WEIGHTS = st.lists(st.integers(0, 10**6), min_size=2, max_size=8).filter(any).map(tuple)


@given(st.sampled_from(BEARERS), WEIGHTS, st.integers(0, 10**9), st.data())
def test_promises_hold_for_large_numbers(
    how: tuple[Method, Bearer], weights: Weights, total: int, data: st.DataObject
) -> None:
    mechanism = Mechanism(*how, parties=len(weights))
    share, ties = sharing(mechanism), data.draw(st.sampled_from(Ties))
    own, more = data.draw(st.integers(0, len(weights) - 1)), data.draw(st.integers(1, 10**6))
    bounds: Bounds = ((0,) * len(weights), (None,) * len(weights))
    heavier = tuple(one + more * (n == own) for n, one in enumerate(weights))
    doubled = tuple(2 * one for one in weights)
    first = share(ties, total, weights, bounds)
    assert share(ties, total, doubled, bounds) == first
    then = share(ties, total, heavier, bounds)
    if first and then and Sort.MORE_WEIGHT in mechanism.promises:
        assert first[own] <= then[own]
    larger = share(ties, total + more, weights, bounds)
    if first and larger and Sort.LARGER_POT in mechanism.promises:
        assert all(a <= b for a, b in zip(first, larger, strict=True))
