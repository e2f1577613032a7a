"""Nobody gets less than a floor or more than a ceiling, and the others share exactly the rest."""

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from itertools import permutations
from math import ceil, floor
from random import Random

import pytest
from attrs import evolve, frozen
from hypothesis import assume, given
from hypothesis import strategies as st

from dsl.syntax import Method, Ties
from engine import bounded
from engine.bounded import (
    BoundBroken,
    Bounded,
    CeilingsFallShort,
    FloorAboveCeiling,
    FloorsExceed,
    apportion_within,
)
from engine.rounding import ConservationError, NegativeWeight, ZeroWeight, apportion

DOWN, NEAREST, UP = Method.DOWN, Method.NEAREST, Method.UP
LARGEST_REMAINDER, SAINTE_LAGUE = Method.LARGEST_REMAINDER, Method.SAINTE_LAGUE
HALF = Fraction(1, 2)


# ---------------------------------------------------------------- cases


@frozen
class Case:
    """One call of ``apportion_within``."""

    total: int
    weights: tuple[int, ...]
    floors: tuple[int, ...]
    ceilings: tuple[int | None, ...]
    method: Method
    bearer: int | None = None
    to_largest: bool = False
    ties: Ties = Ties.CODE

    def split(self) -> Bounded:
        return apportion_within(
            self.total,
            self.weights,
            self.method,
            self.floors,
            self.ceilings,
            ties=self.ties,
            bearer=self.bearer,
            to_largest=self.to_largest,
        )

    @property
    def rows(self) -> list[tuple[int, int, Fraction, Fraction]]:
        """Position, weight, floor, ceiling; a ceiling that is none is more than the pot."""
        bounds = zip(self.weights, self.floors, self.ceilings, strict=True)
        return [
            (i, weight, Fraction(low), Fraction(self.total + 1 if high is None else high))
            for i, (weight, low, high) in enumerate(bounds)
        ]

    def first(self, positions: Iterable[int]) -> int:
        """The first in the order of ties, said once more."""
        if self.ties is Ties.CODE:
            return min(positions)
        return min(positions, key=lambda i: (-self.weights[i], i))

    def reordered(self, order: Sequence[int]) -> "Case":
        return evolve(
            self,
            weights=tuple(self.weights[i] for i in order),
            floors=tuple(self.floors[i] for i in order),
            ceilings=tuple(self.ceilings[i] for i in order),
            bearer=None if self.bearer is None else order.index(self.bearer),
        )


# Small numbers, where ties and shares exactly at a bound are common, and numbers beyond any word.
SMALL = st.integers(0, 6)
LARGE = SMALL | st.integers(0, 10**4) | st.integers(0, 10**30)
METHODS = (LARGEST_REMAINDER, SAINTE_LAGUE, NEAREST, DOWN)


@st.composite
def cases(draw: st.DrawFn, *methods: Method, small: bool = False) -> Case:
    """A pot that its bounds allow."""
    sizes, largest = (SMALL, 40) if small or draw(st.booleans()) else (LARGE, 10**30)
    weights = draw(st.lists(sizes, min_size=1, max_size=10).filter(any))
    floors = [draw(st.just(0) | sizes) for _ in weights]
    room = [draw(st.none() | sizes) for _ in weights]
    ceilings = [
        None if more is None else low + more for low, more in zip(floors, room, strict=True)
    ]
    takers = [more for more, weight in zip(room, weights, strict=True) if weight]
    most = sum(largest if more is None else more for more in takers)
    above = min(draw(sizes | st.integers(0, most)), most)
    method = draw(st.sampled_from(methods or METHODS))
    case = Case(
        sum(floors) + above,
        tuple(weights),
        tuple(floors),
        tuple(ceilings),
        method,
        ties=draw(st.sampled_from(Ties)),
    )
    bearers = ["nobody"] if method in {LARGEST_REMAINDER, SAINTE_LAGUE} else ["named", "largest"]
    match draw(st.sampled_from(bearers + ["nobody"] * (method is DOWN))):
        case "named":
            return evolve(case, bearer=draw(st.integers(0, len(weights) - 1)))
        case "largest":
            return evolve(case, to_largest=True)
    return case


def is_bounded(case: Case) -> bool:
    return any(case.floors) or any(ceiling is not None for ceiling in case.ceilings)


# ---------------------------------------------------------------- the same, slowly


def held_and_shared_again(
    case: Case, share: Callable[[int, list[int]], Sequence[Fraction | int]]
) -> list[Fraction | int]:
    """Share, hold those past a bound, share what is left among the others, and so on.

    Of those below their floors and those above their ceilings only the side that is further off
    in all is held: when it is, the rate moves further its way, so nobody is held too early.
    """
    held: dict[int, Fraction | int] = {i: low for i, weight, low, _ in case.rows if not weight}
    while True:
        free = [row for row in case.rows if row[0] not in held]
        left = case.total - sum(held.values())
        keys = [weight for _, weight, _, _ in free]
        shares = dict(zip([row[0] for row in free], share(int(left), keys), strict=True))
        short = {i: low for i, _, low, _ in free if shares[i] < low}
        over = {i: high for i, _, _, high in free if shares[i] > high}
        lack = sum(low - shares[i] for i, low in short.items())
        excess = sum(shares[i] - high for i, high in over.items())
        if not lack and not excess:
            return [amount for _, amount in sorted((held | shares).items())]
        held |= (short if lack >= excess else {}) | (over if excess >= lack else {})


def exact_shares(case: Case) -> list[Fraction]:
    def share(left: int, keys: list[int]) -> list[Fraction]:
        return [Fraction(left * key, sum(keys)) for key in keys]

    return [Fraction(amount) for amount in held_and_shared_again(case, share)]


def between(case: Case, shares: list[Fraction]) -> list[int]:
    """Who gets strictly more than the floor and strictly less than the ceiling."""
    return [i for i, weight, low, high in case.rows if weight and low < shares[i] < high]


def by_largest_remainder(case: Case) -> list[int]:
    shares = exact_shares(case)
    amounts = [floor(share) for share in shares]
    rests = {i: shares[i] - amounts[i] for i in between(case, shares)}
    for _ in range(case.total - sum(amounts)):
        winner = case.first(i for i in rests if rests[i] == max(rests.values()))
        amounts[winner] += 1
        del rests[winner]
    return amounts


def by_claims(case: Case) -> list[int]:
    """Sainte-Laguë by its definition, from the floors up: one unit at a time."""
    amounts = list(case.floors)
    for _ in range(case.total - sum(amounts)):
        claims = {
            i: Fraction(weight, 2 * amounts[i] + 1)
            for i, weight, _, high in case.rows
            if amounts[i] < high
        }
        amounts[case.first(i for i in claims if claims[i] == max(claims.values()))] += 1
    return amounts


def by_bearers(case: Case) -> list[int]:
    """Nearest or down, the difference one unit at a time to the first who has room."""
    shares = exact_shares(case)
    amounts = [floor(share + (HALF if case.method is NEAREST else 0)) for share in shares]
    if case.bearer is None and not case.to_largest:
        return amounts
    order = sorted(between(case, shares), key=lambda i: (-case.weights[i], i))
    order = [case.bearer, *order] if case.bearer is not None else order
    while difference := case.total - sum(amounts):
        step = 1 if difference > 0 else -1
        room = (i for i in order if case.rows[i][2] <= amounts[i] + step <= case.rows[i][3])
        amounts[next(room)] += step
    return amounts


BY_DEFINITION = {
    LARGEST_REMAINDER: by_largest_remainder,
    SAINTE_LAGUE: by_claims,
    NEAREST: by_bearers,
    DOWN: by_bearers,
}


@pytest.mark.parametrize("method", METHODS)
@given(data=st.data())
def test_every_method_is_its_definition_within_bounds(method: Method, data: st.DataObject) -> None:
    case = data.draw(cases(method, small=True))
    assume(is_bounded(case))
    assert list(case.split().amounts) == BY_DEFINITION[case.method](case)


@given(cases(SAINTE_LAGUE))
def test_sainte_lague_is_sharing_holding_and_sharing_again(case: Case) -> None:
    def share(left: int, keys: list[int]) -> Sequence[int]:
        return apportion(left, keys, SAINTE_LAGUE).amounts if any(keys) else []

    split = case.split()
    again = held_and_shared_again(case, share)
    for i, amount in enumerate(split.amounts):
        assert amount == again[i] or i in split.tied


# ---------------------------------------------------------------- what holds for every method


@given(cases())
def test_every_krona_is_given_out_within_bounds(case: Case) -> None:
    split = case.split()
    assert sum(split.amounts) + split.residue == case.total
    assert split.residue == 0 or (case.method is DOWN and case.bearer is None)
    if is_bounded(case):
        assert all(low <= split.amounts[i] <= high for i, _, low, high in case.rows)


@given(cases())
def test_those_whom_a_bound_holds_get_it_and_the_others_what_is_left(case: Case) -> None:
    split = case.split()
    assert all(split.amounts[i] == case.floors[i] for i in split.at_floor)
    assert all(split.amounts[i] == case.ceilings[i] for i in split.at_ceiling)
    held = {*split.at_floor, *split.at_ceiling}
    assert len(held) == len(split.at_floor) + len(split.at_ceiling)
    assert split.at_floor == tuple(sorted(split.at_floor))
    assert split.at_ceiling == tuple(sorted(split.at_ceiling))
    others = sum(amount for i, amount in enumerate(split.amounts) if i not in held)
    assert split.free_total == others + split.residue
    assert split.rounds == 1 or case.bearer is not None or case.to_largest


@given(cases(), st.data())
def test_order_of_recipients_never_matters(case: Case, data: st.DataObject) -> None:
    """Shuffled, everybody gets the same; only who wins an exact tie goes by position."""
    order = data.draw(st.permutations(range(len(case.weights))))
    before, after = case.split(), case.reordered(order).split()
    tied = set(before.tied)
    assert sorted(order[i] for i in after.tied) == sorted(tied)
    assert after.residue == before.residue
    back = dict(zip(order, after.amounts, strict=True))
    assert all(back[i] == amount for i, amount in enumerate(before.amounts) if i not in tied)
    assert sum(back[i] for i in tied) == sum(before.amounts[i] for i in tied)
    for held, again in (
        (before.at_floor, after.at_floor),
        (before.at_ceiling, after.at_ceiling),
    ):
        assert {order[i] for i in again} - tied == set(held) - tied
    if not tied:
        assert (after.free_total, after.rounds) == (before.free_total, before.rounds)


@given(cases(), st.integers(1, 10**12))
def test_scaling_weights_changes_nothing(case: Case, factor: int) -> None:
    scaled = evolve(case, weights=tuple(weight * factor for weight in case.weights))
    assert scaled.split() == case.split()


@given(cases())
def test_weight_zero_gets_its_floor(case: Case) -> None:
    split = case.split()
    for i, weight, low, _ in case.rows:
        if not weight and i != case.bearer:
            assert split.amounts[i] == low
            assert (i in split.at_floor) == (low > 0)
            assert i not in split.tied


@given(cases())
def test_without_bounds_it_is_apportion(case: Case) -> None:
    people = len(case.weights)
    free = evolve(case, floors=(0,) * people, ceilings=(None,) * people)
    plain = apportion(
        case.total,
        case.weights,
        case.method,
        ties=case.ties,
        bearer=case.bearer,
        to_largest=case.to_largest,
    )
    assert free.split() == Bounded(plain.amounts, (), (), case.total, plain.tied, 1, plain.residue)


@given(cases(), st.data())
def test_bounds_that_hold_nobody_change_nothing(case: Case, data: st.DataObject) -> None:
    people = range(len(case.weights))
    plain = evolve(case, floors=(0,) * len(people), ceilings=(None,) * len(people)).split()
    assume(min(plain.amounts) >= 0)
    floors, ceilings = [], []
    for amount, weight in zip(plain.amounts, case.weights, strict=True):
        share = Fraction(case.total * weight, sum(case.weights))
        least = min(ceil(share), amount) - 1 if weight else 0
        floors.append(data.draw(st.integers(0, max(least, 0))))
        most = max(floor(share), amount) + 1
        ceilings.append(data.draw(st.none() | st.integers(most, 2 * most)))
    loose = evolve(case, floors=tuple(floors), ceilings=tuple(ceilings))
    assert loose.split() == plain


# ---------------------------------------------------------------- one rate for all


@given(cases(LARGEST_REMAINDER, DOWN))
def test_one_rate_holds_for_all_whom_no_bound_holds(case: Case) -> None:
    """At it those at a floor would not get more, those at a ceiling not less, by weight alone."""
    assume(case.bearer is None and not case.to_largest)
    assume(is_bounded(case))
    split = case.split()
    held = {*split.at_floor, *split.at_ceiling}
    free = [row for row in case.rows if row[0] not in held and row[1]]
    assume(free)
    rate = Fraction(split.free_total, sum(weight for _, weight, _, _ in free))
    for i, weight, low, high in free:
        assert low < rate * weight < high or rate == low == 0
        assert abs(split.amounts[i] - rate * weight) < 1
    assert all(rate * case.weights[i] <= case.floors[i] for i in split.at_floor)
    assert all(rate * case.weights[i] >= case.rows[i][3] for i in split.at_ceiling)


@given(cases())
def test_the_exact_shares_are_within_a_unit_of_all_but_the_bearers(case: Case) -> None:
    assume(is_bounded(case))
    assume(case.method is not SAINTE_LAGUE)
    split, shares = case.split(), exact_shares(case)
    rows = enumerate(zip(split.amounts, shares, strict=True))
    off = [i for i, (amount, share) in rows if abs(amount - share) >= 1]
    assert len(off) <= split.rounds
    assert not off or case.bearer is not None or case.to_largest


@given(cases(SAINTE_LAGUE))
def test_sainte_lague_lets_no_unit_move_to_a_stronger_claim(case: Case) -> None:
    """Min-max: rate × weight, rounded to nearest and put within bounds, is everybody's amount."""
    assume(is_bounded(case))
    split = case.split()
    rows = [(weight, split.amounts[i], low, high) for i, weight, low, high in case.rows if weight]
    met = [(amount - HALF) / weight for weight, amount, low, _ in rows if amount > low]
    unmet = [(amount + HALF) / weight for weight, amount, _, high in rows if amount < high]
    assume(met)
    rate = max(met)
    assert not unmet or rate <= min(unmet)
    for i, weight, low, high in case.rows:
        assert (i in split.at_floor) == (low > 0 and rate * weight <= low - HALF)
        assert (i in split.at_ceiling) == (weight > 0 and rate * weight >= high + HALF)
    last = {
        i
        for i, weight, low, high in case.rows
        if weight
        and i not in {*split.at_floor, *split.at_ceiling}
        and (rate * weight - HALF).denominator == 1
        and low < rate * weight + HALF <= high
    }
    won = [i for i in last if split.amounts[i] == rate * case.weights[i] + HALF]
    assert set(split.tied) == (last if len(won) < len(last) else set())


@given(cases(SAINTE_LAGUE))
def test_a_larger_pot_gives_nobody_less(case: Case) -> None:
    larger = evolve(case, total=case.total + 1)
    assume(sum(high if weight else low for _, weight, low, high in case.rows) > case.total)
    pairs = zip(case.split().amounts, larger.split().amounts, strict=True)
    assert all(before <= after for before, after in pairs)


# ---------------------------------------------------------------- by hand


def test_a_ceiling_that_pushes_another_over_its_ceiling() -> None:
    # Shares of 1 000: 600, 300, 90 and 10. At most 400, at least 30: what the first cannot have
    # takes the second over 400 too, and the third alone gets what the bounds leave.
    bounds = (30,) * 4, (400,) * 4
    for method in (LARGEST_REMAINDER, SAINTE_LAGUE, DOWN):
        split = apportion_within(1000, (60, 30, 9, 1), method, *bounds)
        assert split == Bounded((400, 400, 170, 30), (3,), (0, 1), 170, (), 1)


def test_those_above_last_year_pay_for_those_held_harmless() -> None:
    # Shares 50, 30 and 20; nobody loses more than a tenth of last year's 40, 30 and 30.
    split = apportion_within(100, (5, 3, 2), LARGEST_REMAINDER, (36, 27, 27), (None,) * 3)
    # 73 left for 5 + 3: 45.625 and 27.375.
    assert split == Bounded((46, 27, 27), (2,), (), 73, (), 1)


def test_nobody_is_held_too_early() -> None:
    # Shares 60, 30 and 10: the second is below its floor, until the ceiling of the first leaves
    # 60 to the two others.
    split = apportion_within(100, (6, 3, 1), DOWN, (0, 32, 0), (40, None, None))
    assert split == Bounded((40, 45, 15), (), (0,), 60, (), 1)


def test_sainte_lague_may_leave_the_quota_up_to_the_ceiling() -> None:
    # Unbounded the large one gets 100: its share is 96, those of the ten others 0.4.
    weights, floors = (960, *(4,) * 10), (97, *(0,) * 10)
    free = apportion_within(100, weights, SAINTE_LAGUE, floors, (None,) * 11)
    assert free == Bounded((100, *(0,) * 10), (), (), 100, (), 1)
    ceilings = (98, *(None,) * 10)
    split = apportion_within(100, weights, SAINTE_LAGUE, floors, ceilings)
    assert split == Bounded((98, 1, 1, *(0,) * 8), (), (0,), 2, tuple(range(1, 11)), 1)


def test_a_bound_takes_its_recipient_out_of_the_tie() -> None:
    # Two equals and one unit: the ceiling decides, not the order.
    for method in (LARGEST_REMAINDER, SAINTE_LAGUE):
        split = apportion_within(3, (1, 1), method, (0, 0), (1, None))
        assert split == Bounded((1, 2), (), (0,), 2, (), 1)
        split = apportion_within(3, (1, 1), method, (0, 2), (None, None))
        assert split == Bounded((1, 2), (1,), (), 1, (), 1)


def test_ties_among_those_whom_no_bound_holds_go_by_the_declared_order() -> None:
    # The first is held at 7; 5 for 1, 3 and 6 leave one unit to two equal claims.
    bounds = (7, 0, 0, 0), (None,) * 4
    for method in (LARGEST_REMAINDER, SAINTE_LAGUE):
        split = apportion_within(12, (1, 1, 3, 6), method, *bounds)
        assert split == Bounded((7, 1, 1, 3), (0,), (), 5, (1, 2), 1)
        split = apportion_within(12, (1, 1, 3, 6), method, *bounds, ties=Ties.LARGEST)
        assert split == Bounded((7, 0, 2, 3), (0,), (), 5, (1, 2), 1)


def test_bearers_are_tied_only_if_they_have_room_for_more_than_there_is_to_bear() -> None:
    # Four shares of 2.5, rounded down: two too little, and not all can have one.
    def tied(*ceilings: int | None) -> tuple[int, ...]:
        split = apportion_within(10, (1,) * 4, DOWN, (0,) * 4, ceilings, to_largest=True)
        return split.tied

    assert tied(3, 3, 3, 3) == (0, 1, 2, 3)
    assert tied(9, 9, 9, 9) == (0, 1, 2, 3)
    # One who is held at 2 leaves 8/3 to each of the others: 2, and again two too little.
    assert tied(3, 2, 3, 3) == (0, 2, 3)
    # Three shares of 2.6 round to 3 and eight of 1.4 to 1: two too little, and no room for the
    # first of the largest.
    weights, ceilings = (26,) * 3 + (14,) * 8, (3, *(None,) * 10)
    split = apportion_within(19, weights, NEAREST, (0,) * 11, ceilings, to_largest=True)
    assert split == Bounded((3, 5, 3, *(1,) * 8), (), (0,), 16, (1, 2), 2)


def test_equals_who_are_stopped_are_held_whoever_was_asked_last() -> None:
    # Shares 6, which is a floor, 3.5, 3.5, 2.5 and 2.5: rounded, two too much. The floors leave
    # room for one each to the two of 3.5.
    weights, floors = (12, 7, 7, 5, 5), (6, 3, 3, 0, 0)
    for order in permutations(range(5)):
        split = apportion_within(
            18,
            [weights[i] for i in order],
            NEAREST,
            [floors[i] for i in order],
            (None,) * 5,
            to_largest=True,
        )
        assert {order[i] for i in split.at_floor} == {0, 1, 2}
        assert (split.free_total, split.tied, split.rounds) == (6, (), 3)


def test_a_bearer_who_has_just_the_room_is_not_held() -> None:
    # Shares 0.5 and 0.5 round to 1 and 1: one too much, and nobody gets less than nothing.
    for floors, ceilings in (((0, 0), (None, None)), ((0, 0), (None, 9))):
        split = apportion_within(1, (1, 1), NEAREST, floors, ceilings, to_largest=True)
        assert split == Bounded((0, 1), (), (), 1, (0, 1), 1)


def test_what_the_bearer_cannot_bear_goes_on_to_the_next_largest() -> None:
    # Shares 7.5, 2.5, 2.5 and 2.5 round to 8, 3, 3 and 3: two too much.
    bounds = (7, 0, 0, 0), (None,) * 4
    split = apportion_within(15, (3, 1, 1, 1), NEAREST, *bounds, to_largest=True)
    assert split == Bounded((7, 2, 3, 3), (0,), (), 8, (1, 2, 3), 2)
    split = apportion_within(15, (3, 1, 1, 1), NEAREST, *bounds, bearer=3)
    assert split == Bounded((8, 3, 3, 1), (), (), 15, (), 1)
    # Rounded down to 7, 2, 2 and 2: two too little, of which the named one can have one.
    ceilings = (None, None, None, 3)
    split = apportion_within(15, (3, 1, 1, 1), DOWN, (0,) * 4, ceilings, bearer=3)
    assert split == Bounded((8, 2, 2, 3), (), (3,), 12, (), 2)


def test_a_named_bearer_bears_even_if_a_bound_holds_the_share() -> None:
    # The third is raised to 5; 5 left for two equals is 2.5 each, rounded down.
    split = apportion_within(10, (1, 1, 1), DOWN, (0, 0, 5), (None,) * 3, bearer=2)
    assert split == Bounded((2, 2, 6), (), (), 10, (), 1)
    # With a ceiling at the floor it cannot, and the first of the two others does.
    split = apportion_within(10, (1, 1, 1), DOWN, (0, 0, 5), (None, None, 5), bearer=2)
    assert split == Bounded((3, 2, 5), (2,), (), 5, (0, 1), 2)


def test_with_a_bound_no_bearer_is_left_with_less_than_nothing() -> None:
    free = apportion_within(5, (1,) * 10, NEAREST, (0,) * 10, (None,) * 10, bearer=0)
    assert free.amounts == (-4, *(1,) * 9)
    split = apportion_within(5, (1,) * 10, NEAREST, (0,) * 10, (5, *(None,) * 9), bearer=0)
    assert split.amounts == (0, 0, 0, 0, 0, *(1,) * 5)


def test_down_leaves_a_residue_where_nobody_bears_it() -> None:
    split = apportion_within(10, (1, 1, 1), DOWN, (5, 0, 0), (None,) * 3)
    assert split == Bounded((5, 2, 2), (0,), (), 5, (), 1, residue=1)


def test_bounds_may_leave_nothing_to_share() -> None:
    for method in (LARGEST_REMAINDER, SAINTE_LAGUE, DOWN):
        split = apportion_within(7, (1, 5), method, (3, 4), (None, 9))
        assert split == Bounded((3, 4), (0, 1), (), 0, (), 1)
        split = apportion_within(7, (1, 5), method, (0, 0), (3, 4))
        # Rounded to nearest the first gets 3 by weight alone, from the rate of 2.5 on.
        held, free = ((1,), 3) if method is SAINTE_LAGUE else ((0, 1), 0)
        assert split == Bounded((3, 4), (), held, free, (), 1)
        split = apportion_within(7, (0, 0), method, (3, 4), (None, None))
        assert split == Bounded((3, 4), (0, 1), (), 0, (), 1)
        split = apportion_within(0, (1, 5), method, (0, 0), (0, None))
        assert split.amounts == (0, 0)


# ---------------------------------------------------------------- what is refused


def test_floors_above_the_pot_are_refused() -> None:
    with pytest.raises(FloorsExceed, match="need 11, the pot is 10") as refused:
        apportion_within(10, (1, 1), DOWN, (5, 6), (None, None))
    assert (refused.value.needed, refused.value.total) == (11, 10)
    with pytest.raises(FloorsExceed):
        apportion_within(10, (0, 0), DOWN, (5, 6), (None, None))


def test_ceilings_below_the_pot_are_refused() -> None:
    with pytest.raises(CeilingsFallShort, match="at most 9, the pot is 10") as refused:
        apportion_within(10, (1, 1), DOWN, (0, 0), (5, 4))
    assert (refused.value.most, refused.value.total) == (9, 10)
    # Weight zero takes its floor only, whatever its ceiling.
    for ceiling in (None, 100):
        with pytest.raises(CeilingsFallShort, match="at most 7"):
            apportion_within(10, (1, 0), SAINTE_LAGUE, (0, 2), (5, ceiling))


def test_a_floor_above_its_ceiling_is_refused() -> None:
    with pytest.raises(FloorAboveCeiling, match="position 1") as refused:
        apportion_within(10, (1, 1, 1), DOWN, (0, 3, 3), (None, 2, 2))
    assert refused.value.position == 1
    with pytest.raises(FloorAboveCeiling):
        apportion_within(10, (1,), DOWN, (0,), (-1,))


@pytest.mark.parametrize("ceiling", [None, 0, 5])
def test_no_weight_is_refused_unless_the_floors_use_up_the_pot(ceiling: int | None) -> None:
    with pytest.raises(ZeroWeight):
        apportion_within(5, (0,), SAINTE_LAGUE, (0,), (ceiling,))
    with pytest.raises(ZeroWeight):
        apportion_within(5, (0, 0), SAINTE_LAGUE, (4, 0), (None, ceiling))
    assert apportion_within(4, (0, 0), SAINTE_LAGUE, (4, 0), (None, ceiling)).amounts == (4, 0)


@pytest.mark.parametrize("total", [0, 5])
def test_no_weight_is_refused_without_bounds_whatever_the_pot(total: int) -> None:
    for weights in ((), (0,), (0, 0)):
        with pytest.raises(ZeroWeight):
            apportion_within(
                total, weights, SAINTE_LAGUE, (0,) * len(weights), (None,) * len(weights)
            )


def test_what_makes_no_sense_within_bounds_is_refused() -> None:
    with pytest.raises(ValueError, match="pot of -1"):
        apportion_within(-1, (1,), DOWN, (0,), (None,))
    with pytest.raises(ValueError, match="negative floor at position 1"):
        apportion_within(1, (1, 1), DOWN, (0, -1), (None, None))
    with pytest.raises(ValueError, match="length"):
        apportion_within(1, (1, 1), DOWN, (0,), (None, None))
    with pytest.raises(NegativeWeight):
        apportion_within(1, (2, -1), DOWN, (1, 0), (None, None))
    with pytest.raises(TypeError):
        apportion_within(1, (1, 1), DOWN, (0.5, 0), (None, None))  # type: ignore[arg-type]


@pytest.mark.parametrize("weights", [(1, 2), (0, 0)])
@pytest.mark.parametrize(
    ("method", "bearer", "to_largest"),
    [
        (UP, None, False),
        (NEAREST, None, False),
        (NEAREST, 0, True),
        (NEAREST, 2, False),
        (SAINTE_LAGUE, 0, False),
        (LARGEST_REMAINDER, None, True),
    ],
)
def test_what_apportion_refuses_is_refused_within_bounds(
    weights: tuple[int, ...], method: Method, bearer: int | None, *, to_largest: bool
) -> None:
    with pytest.raises(ValueError, match=r"round|bear|leave|position|both"):
        apportion_within(
            3, weights, method, (1, 2), (None, None), bearer=bearer, to_largest=to_largest
        )


def test_a_split_that_breaks_a_promise_never_leaves_the_module(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for amounts, error in (((5, 4), ConservationError), ((1, 9), BoundBroken)):
        wrong = Bounded(amounts, (), (), 10, (), 1)
        monkeypatch.setattr(bounded, "_shared", lambda *_, wrong=wrong: wrong)
        with pytest.raises(error):
            apportion_within(10, (1, 1), SAINTE_LAGUE, (2, 2), (None, None))


# ---------------------------------------------------------------- extremes


def test_huge_pots_are_exact() -> None:
    pot = 10**30 + 1
    for method in (LARGEST_REMAINDER, SAINTE_LAGUE):
        split = apportion_within(pot, (1,) * 4, method, (0,) * 4, (pot // 10, None, None, None))
        left = pot - pot // 10
        assert split.amounts == (pot // 10, *apportion(left, (1,) * 3, method).amounts)


def hostile(kind: str, people: int, chance: Random) -> list[int]:
    if kind == "equal":
        return [1] * people
    if kind == "geometric":
        return [2 ** (i % 200) for i in range(people)]
    return [chance.randrange(1_000_000) for _ in range(people)]


@pytest.mark.slow
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("kind", ["equal", "geometric", "random"])
def test_a_hundred_thousand_recipients(method: Method, kind: str) -> None:
    people, chance = 100_000, Random(kind)
    weights = hostile(kind, people, chance)
    floors = [chance.choice((0, chance.randrange(20))) for _ in weights]
    ceilings = [chance.choice((None, low + chance.randrange(40))) for low in floors]
    pot = sum(floors) + 500_000
    split = apportion_within(pot, weights, method, floors, ceilings, to_largest=method is NEAREST)
    assert sum(split.amounts) + split.residue == pot
    rows = zip(split.amounts, floors, ceilings, strict=True)
    assert all(low <= amount and (high is None or amount <= high) for amount, low, high in rows)


@pytest.mark.slow
def test_a_difference_that_a_hundred_thousand_bearers_must_share() -> None:
    # All shares are 1.5 and round to 2; each can bear one of the 50 000 units too much.
    people = 100_000
    bounds = [1] * people, [2] * people
    split = apportion_within(150_000, [1] * people, NEAREST, *bounds, to_largest=True)
    assert split.amounts == (1,) * 50_000 + (2,) * 50_000
    assert len(split.tied) == people
