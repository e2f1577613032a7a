"""Every krona is given out, whichever way it is rounded; and each method keeps its promises."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor
from random import Random

import pytest
from attrs import evolve, frozen
from hypothesis import assume, given
from hypothesis import strategies as st

from dsl.syntax import Method, Ties
from engine import rounding
from engine.column import Column
from engine.rounding import (
    Apportionment,
    ConservationError,
    NegativeWeight,
    ZeroWeight,
    apportion,
    certifying_rate,
    quotas,
    round_each,
    round_to,
)

DOWN, NEAREST, UP = Method.DOWN, Method.NEAREST, Method.UP
LARGEST_REMAINDER, SAINTE_LAGUE = Method.LARGEST_REMAINDER, Method.SAINTE_LAGUE

# God och nära vård 2024, bilaga 1: population 1 November 2023 and ambulance grant, 500 000 kr of
# which goes to each region.
POPULATION = [
    2455914, 404714, 302310, 472660, 369201, 204028, 247063, 61093, 158226, 1422288, 343989,
    1767641, 283661, 308413, 280965, 287451, 286085, 242343, 132466, 278518, 248653,
]  # fmt: skip
AMBULANCE = [
    8757963, 1860843, 1516511, 2089310, 1741431, 1186040, 1330745, 705424, 1032032, 5282416,
    1656656, 6443659, 1453805, 1537033, 1444739, 1466548, 1461955, 1314874, 945414, 1436511,
    1336091,
]  # fmt: skip
BY_POPULATION = tuple(amount - 500_000 for amount in AMBULANCE)


# ---------------------------------------------------------------- cases


@frozen
class Case:
    """One call of ``apportion``."""

    total: int
    weights: tuple[int, ...]
    method: Method
    bearer: int | None = None
    to_largest: bool = False
    ties: Ties = Ties.CODE

    def split(self) -> Apportionment:
        return apportion(
            self.total,
            self.weights,
            self.method,
            ties=self.ties,
            bearer=self.bearer,
            to_largest=self.to_largest,
        )

    @property
    def bears(self) -> int | None:
        """The position that bears the difference."""
        return self.weights.index(max(self.weights)) if self.to_largest else self.bearer

    def ranked(self, positions: Sequence[int]) -> list[int]:
        """In the order of ties, said once more."""
        if self.ties is Ties.CODE:
            return sorted(positions)
        return sorted(positions, key=lambda i: (-self.weights[i], i))


# Small numbers, where ties are common, and numbers beyond any machine's word.
SIZES = st.integers(0, 6) | st.integers(0, 10**4) | st.integers(0, 10**30)
POTS = st.integers(0, 40) | st.integers(0, 2_420_000_000) | st.integers(0, 10**30)
WEIGHTS = st.lists(SIZES, min_size=1, max_size=12).filter(any).map(tuple)
TIES = st.sampled_from(Ties)


@st.composite
def cases(draw: st.DrawFn, *methods: Method, pots: st.SearchStrategy[int] = POTS) -> Case:
    method = draw(st.sampled_from(methods or (LARGEST_REMAINDER, SAINTE_LAGUE, NEAREST, DOWN)))
    case = Case(draw(pots), draw(WEIGHTS), method, ties=draw(TIES))
    bearers = ["nobody"] if method in {LARGEST_REMAINDER, SAINTE_LAGUE} else ["named", "largest"]
    match draw(st.sampled_from(bearers + ["nobody"] * (method is DOWN))):
        case "named":
            return evolve(case, bearer=draw(st.integers(0, len(case.weights) - 1)))
        case "largest":
            return evolve(case, to_largest=True)
    return case


# ---------------------------------------------------------------- what holds for every method


@given(cases(pots=POTS | POTS.map(lambda pot: -pot)))
def test_every_krona_is_given_out(case: Case) -> None:
    split = case.split()
    assert sum(split.amounts) + split.residue == case.total == split.total
    assert len(split.amounts) == len(case.weights)
    assert split.residue == 0 or (case.method is DOWN and case.bearer is None)


@given(cases(), st.data())
def test_order_of_recipients_never_matters(case: Case, data: st.DataObject) -> None:
    """Shuffled, everybody gets the same; only who wins an exact tie goes by position."""
    order = data.draw(st.permutations(range(len(case.weights))))
    bearer = None if case.bearer is None else order.index(case.bearer)
    shuffled = evolve(case, weights=tuple(case.weights[i] for i in order), bearer=bearer)
    before, after = case.split(), shuffled.split()
    assert sorted(order[i] for i in after.tied) == list(before.tied)
    assert after.residue == before.residue
    back = dict(zip(order, after.amounts, strict=True))
    for i, amount in enumerate(before.amounts):
        if i not in before.tied:
            assert back[i] == amount
    assert sum(back[i] for i in before.tied) == sum(before.amounts[i] for i in before.tied)


@given(cases())
def test_zero_weight_gets_nothing(case: Case) -> None:
    split = case.split()
    idle = {i for i, weight in enumerate(case.weights) if weight == 0} - {case.bearer}
    assert not any(split.amounts[i] for i in idle)
    assert not idle & set(split.tied)


@given(cases(), st.integers(1, 10**12))
def test_scaling_weights_changes_nothing(case: Case, factor: int) -> None:
    scaled = evolve(case, weights=tuple(weight * factor for weight in case.weights))
    assert scaled.split() == case.split()


@given(cases())
def test_negative_pot_is_the_mirror_image(case: Case) -> None:
    assert evolve(case, total=-case.total).split() == case.split().mirrored()


@given(cases())
def test_more_weight_never_pays_less(case: Case) -> None:
    """Of all but the bearer of a difference: a negative one can leave him less than the lighter."""
    rows = enumerate(zip(case.weights, case.split().amounts, strict=True))
    ordered = sorted(row for i, row in rows if i != case.bears)
    for (light, less), (heavy, more) in pairwise(ordered):
        assert less <= more if light < heavy else more - less <= 1


@given(cases(), st.integers(1, 10**6))
def test_whole_quotas_are_paid_as_they_are(case: Case, factor: int) -> None:
    """Where nothing needs rounding, no method rounds, and nothing is tied."""
    whole = evolve(case, total=sum(case.weights) * factor)
    assert whole.split() == Apportionment(tuple(weight * factor for weight in case.weights))


@given(cases(LARGEST_REMAINDER, NEAREST, DOWN))
def test_nobody_but_the_bearer_is_a_unit_from_the_quota(case: Case) -> None:
    exact = quotas(case.total, case.weights)
    for i, (amount, quota) in enumerate(zip(case.split().amounts, exact, strict=True)):
        assert i == case.bears or abs(amount - quota) < 1


@given(cases(NEAREST, DOWN))
def test_the_bearer_bears_the_whole_difference(case: Case) -> None:
    assume(case.bears is not None)
    shares = quotas(case.total, case.weights)
    half = Fraction(case.method is NEAREST, 2)
    others = [floor(share + half) for i, share in enumerate(shares) if i != case.bears]
    amounts = [amount for i, amount in enumerate(case.split().amounts) if i != case.bears]
    assert amounts == others


# ---------------------------------------------------------------- largest remainder


@given(cases(LARGEST_REMAINDER))
def test_largest_remainders_get_the_last_units(case: Case) -> None:
    split, exact = case.split(), quotas(case.total, case.weights)
    extra = [amount - floor(quota) for amount, quota in zip(split.amounts, exact, strict=True)]
    assert set(extra) <= {0, 1}
    rests = [quota - floor(quota) for quota in exact]
    winners = [i for i, unit in enumerate(extra) if unit]
    losers = [i for i, unit in enumerate(extra) if not unit]
    lowest = min((rests[i] for i in winners), default=Fraction(1))
    highest = max((rests[i] for i in losers), default=Fraction(0))
    assert highest <= lowest
    equals = [i for i, rest in enumerate(rests) if rest == lowest == highest]
    assert split.tied == tuple(equals)
    served = [i for i in equals if extra[i]]
    assert sorted(case.ranked(equals)[: len(served)]) == served


def test_largest_remainder_shows_the_alabama_paradox() -> None:
    """A larger pot gives somebody less: never with Sainte-Laguë, here with largest remainder."""
    weights = (6, 6, 2)
    assert apportion(10, weights, LARGEST_REMAINDER).amounts == (4, 4, 2)
    assert apportion(11, weights, LARGEST_REMAINDER).amounts == (5, 5, 1)


# ---------------------------------------------------------------- Sainte-Laguë


def highest_averages(case: Case) -> Apportionment:
    """Sainte-Laguë by its definition: one unit at a time to the highest weight / (2a + 1)."""
    amounts = [0] * len(case.weights)
    tied: tuple[int, ...] = ()
    served: list[int] = []
    last = Fraction(-1)
    for _ in range(case.total):
        averages = [Fraction(w, 2 * a + 1) for w, a in zip(case.weights, amounts, strict=True)]
        highest = max(averages)
        equals = [i for i, average in enumerate(averages) if average == highest]
        served = served if highest == last else []
        tied = tuple(sorted(equals + served)) if len(equals) > 1 else ()
        winner = case.ranked(equals)[0]
        amounts[winner] += 1
        served.append(winner)
        last = highest
    return Apportionment(tuple(amounts), tied=tied)


@given(cases(SAINTE_LAGUE, pots=st.integers(0, 60)))
def test_sainte_lague_is_handing_out_units_one_by_one(case: Case) -> None:
    assert case.split() == highest_averages(case)


@given(cases(SAINTE_LAGUE, pots=st.integers(0, 60)), st.integers(1, 4), st.integers(2, 40))
def test_sainte_lague_among_many_equals(case: Case, weight: int, recipients: int) -> None:
    """Equal quotas all round the same way: here most units need correcting."""
    equal = evolve(case, weights=(weight,) * recipients + case.weights)
    assert equal.split() == highest_averages(equal)


@given(cases(SAINTE_LAGUE))
def test_sainte_lague_lets_no_unit_move_to_a_stronger_claim(case: Case) -> None:
    """Min-max: max (2a − 1)/w <= min (2a + 1)/w; where they are equal, the order of ties chose."""
    split = case.split()
    rows = [
        (i, a, w) for i, (a, w) in enumerate(zip(split.amounts, case.weights, strict=True)) if w
    ]
    met = {i: Fraction(2 * amount - 1, weight) for i, amount, weight in rows if amount}
    unmet = {i: Fraction(2 * amount + 1, weight) for i, amount, weight in rows}
    last, following = max(met.values(), default=Fraction(0)), min(unmet.values())
    assert last <= following
    winners = [i for i, bound in met.items() if bound == last == following]
    losers = [i for i, bound in unmet.items() if bound == last]
    assert split.tied == tuple(sorted(winners + losers))
    assert sorted(case.ranked(winners + losers)[: len(winners)]) == winners


@given(cases(SAINTE_LAGUE))
def test_a_larger_pot_gives_nobody_less(case: Case) -> None:
    larger = evolve(case, total=case.total + 1).split().amounts
    assert all(a <= b for a, b in zip(case.split().amounts, larger, strict=True))


@given(cases(SAINTE_LAGUE), st.data(), SIZES)
def test_more_weight_for_one_alone_never_pays_less(
    case: Case, data: st.DataObject, more: int
) -> None:
    i = data.draw(st.integers(0, len(case.weights) - 1))
    weights = (*case.weights[:i], case.weights[i] + more, *case.weights[i + 1 :])
    assert evolve(case, weights=weights).split().amounts[i] >= case.split().amounts[i]


def test_several_missing_units_go_one_by_one() -> None:
    """Five are missing: the large one's claims are 5 026, 4 974, 4 923 and 4 873."""
    split = apportion(100, (960_000, *(4_900,) * 10), SAINTE_LAGUE)
    assert split == Apportionment((98, 1, 1, *(0,) * 8), tied=tuple(range(1, 11)))


def test_several_units_too_many_are_taken_back_one_by_one() -> None:
    """Five are too many: the large one's last four are weaker claims than 52, its next is not."""
    case = Case(100, (9_480, *(52,) * 10), SAINTE_LAGUE)
    split = Apportionment((91, *(1,) * 9, 0), tied=tuple(range(1, 11)))
    assert case.split() == split == highest_averages(case)


def test_nothing_is_taken_back_from_who_has_nothing() -> None:
    """The quotas of 0.75, 0.75 and 0.5 make three units of two."""
    assert apportion(2, (3, 3, 2, 0), SAINTE_LAGUE) == Apportionment((1, 1, 0, 0))


def test_claims_that_are_almost_equal_are_no_tie() -> None:
    """134/267 is weaker than 133/265, by one part in seventy thousand."""
    case = Case(1_000, (134, 133, 737), SAINTE_LAGUE)
    assert case.split() == Apportionment((133, 133, 734)) == highest_averages(case)


def test_sainte_lague_can_leave_the_quota() -> None:
    """The quotas are 96 and ten times 0.4: all four missing units are the large one's."""
    case = Case(100, (960, *(4,) * 10), SAINTE_LAGUE)
    assert case.split().amounts == (100, *(0,) * 10)


# ---------------------------------------------------------------- ties


def test_ties_go_to_the_lowest_code() -> None:
    for method in (LARGEST_REMAINDER, SAINTE_LAGUE):
        split = apportion(3, (1, 1), method)
        assert split == Apportionment((2, 1), tied=(0, 1))


def test_ties_go_to_the_largest_if_so_declared() -> None:
    # Quotas 0.5, 1.5 and 3: one unit for two equal remainders, and for two equal claims.
    for method in (LARGEST_REMAINDER, SAINTE_LAGUE):
        assert apportion(5, (1, 3, 6), method) == Apportionment((1, 1, 3), tied=(0, 1))
        split = apportion(5, (1, 3, 6), method, ties=Ties.LARGEST)
        assert split == Apportionment((0, 2, 3), tied=(0, 1))


def test_equals_that_all_get_their_unit_are_not_tied() -> None:
    for method in (LARGEST_REMAINDER, SAINTE_LAGUE):
        assert apportion(2, (1, 1, 0), method) == Apportionment((1, 1, 0))
        assert apportion(4, (3, 3, 2), method) == Apportionment((2, 1, 1), tied=(0, 1))
        assert apportion(5, (3, 3, 2), method) == Apportionment((2, 2, 1))


def test_ties_of_a_negative_pot_choose_the_same_recipients() -> None:
    assert apportion(-3, (1, 1), SAINTE_LAGUE) == Apportionment((-2, -1), tied=(0, 1))
    assert apportion(-1, (1, 0), SAINTE_LAGUE) == Apportionment((-1, 0))


# ---------------------------------------------------------------- nearest and down


def test_nearest_gives_the_difference_to_the_largest() -> None:
    # Quotas 3.5, 2.5 and 1 round up to 4, 3 and 1.
    assert apportion(7, (7, 5, 2), NEAREST, to_largest=True) == Apportionment((3, 3, 1))
    assert apportion(7, (7, 5, 2), NEAREST, bearer=2) == Apportionment((4, 3, 0))


def test_nearest_between_equally_large_goes_by_the_order_of_ties() -> None:
    for ties in Ties:
        split = apportion(1, (0, 5, 5), NEAREST, ties=ties, to_largest=True)
        assert split == Apportionment((0, 0, 1), tied=(1, 2))
    assert apportion(2, (0, 5, 5), NEAREST, to_largest=True) == Apportionment((0, 1, 1))


def test_nearest_may_leave_the_largest_with_the_wrong_sign() -> None:
    split = apportion(5, (1,) * 10, NEAREST, to_largest=True)
    assert split.amounts == (-4, *(1,) * 9)


def test_a_bearer_of_no_weight_bears_the_difference_all_the_same() -> None:
    assert apportion(5, (1, 1, 0), DOWN, bearer=2).amounts == (2, 2, 1)
    assert apportion(5, (1, 1, 0), NEAREST, bearer=2).amounts == (3, 3, -1)


def test_down_leaves_the_rest_or_gives_it_to_the_bearer() -> None:
    assert apportion(5, (1, 1, 1), DOWN) == Apportionment((1, 1, 1), residue=2)
    assert apportion(5, (1, 1, 1), DOWN, bearer=1) == Apportionment((1, 3, 1))
    assert apportion(5, (1, 2, 1), DOWN, to_largest=True) == Apportionment((1, 3, 1))
    assert apportion(-5, (1, 1, 1), DOWN) == Apportionment((-1, -1, -1), residue=-2)


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize("total", [0, 1, -1])
@pytest.mark.parametrize("weights", [(), (0,), (0, 0)])
def test_no_weight_is_refused_whatever_the_pot(total: int, weights: tuple[int, ...]) -> None:
    with pytest.raises(ZeroWeight, match=r"^the weights sum to zero$"):
        apportion(total, weights, SAINTE_LAGUE)
    with pytest.raises(ZeroWeight):
        quotas(total, weights)


def test_negative_weight_is_refused_even_if_the_sum_is_not() -> None:
    with pytest.raises(NegativeWeight, match=r"^negative weight at position 1$"):
        apportion(10, (5, -1), DOWN)
    with pytest.raises(NegativeWeight, match=r"^negative weight$"):
        certifying_rate((5, 1), (5, -1))


@pytest.mark.parametrize(
    ("case", "why"),
    [
        (Case(10, (1, 2), UP), "rounding up gives out more than the pot"),
        (Case(10, (1, 2), UP, bearer=0), "rounding up gives out more than the pot"),
        (
            Case(10, (1, 2), NEAREST),
            "rounding to nearest leaves a difference that someone must bear",
        ),
        (
            Case(10, (1, 2), NEAREST, bearer=0, to_largest=True),
            "the difference goes to a named bearer or to the largest, not to both",
        ),
        (Case(10, (1, 2), NEAREST, bearer=2), "no recipient at position 2"),
        (Case(10, (1, 2), NEAREST, bearer=-1), "no recipient at position -1"),
        (Case(10, (1, 2), SAINTE_LAGUE, bearer=0), "sainte_lague leaves no difference to bear"),
        (
            Case(10, (1, 2), LARGEST_REMAINDER, to_largest=True),
            "largest_remainder leaves no difference to bear",
        ),
    ],
)
def test_a_method_that_does_not_fit_its_bearer_is_refused(case: Case, why: str) -> None:
    with pytest.raises(ValueError, match=f"^{why}$"):
        case.split()


def test_nobody_bears_a_difference_unless_it_is_said() -> None:
    assert apportion(5, (1, 2), DOWN) == Apportionment((1, 3), residue=1, tied=())
    assert apportion(7, (1, 2), DOWN, to_largest=False) == apportion(7, (1, 2), DOWN)
    assert Apportionment((1, 3)) == Apportionment((1, 3), residue=0, tied=())


def test_a_rate_is_for_as_many_amounts_as_weights() -> None:
    with pytest.raises(ValueError, match=r"^zip\(\)"):
        certifying_rate((1, 2), (1, 2, 3))


def test_floats_are_refused() -> None:
    with pytest.raises(TypeError):
        apportion(10.0, (1, 2), DOWN)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        apportion(10, (1.0, 2), DOWN)  # type: ignore[arg-type]


def test_a_split_that_does_not_add_up_never_leaves_the_module(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rounding, "_down", lambda *_: Apportionment((4, 5)))
    with pytest.raises(ConservationError, match=r"^pot 10, given out 9, difference -1$"):
        apportion(10, (1, 1), DOWN)
    assert issubclass(ConservationError, AssertionError)


# ---------------------------------------------------------------- extremes


@given(cases(), st.integers(-(10**30), 10**30), st.integers(1, 10**30))
def test_one_recipient_gets_all(case: Case, total: int, weight: int) -> None:
    bearer = None if case.bearer is None else 0
    alone = evolve(case, total=total, weights=(weight,), bearer=bearer)
    assert alone.split() == Apportionment((total,))


def test_nothing_is_shared_as_nothing() -> None:
    for method in (LARGEST_REMAINDER, SAINTE_LAGUE, DOWN):
        assert apportion(0, (3, 0, 5), method) == Apportionment((0, 0, 0))


def test_huge_pots_are_exact() -> None:
    pot = 10**30 + 1
    for method in (LARGEST_REMAINDER, SAINTE_LAGUE):
        split = apportion(pot, (1, 1, 1), method)
        assert split.amounts == (pot // 3 + 1, pot // 3 + 1, pot // 3)
        assert split.tied == (0, 1, 2)


@pytest.mark.parametrize("method", [LARGEST_REMAINDER, SAINTE_LAGUE])
@pytest.mark.parametrize("pot", [50_000, 99_999, 2_420_000_000])
def test_a_hundred_thousand_recipients(method: Method, pot: int) -> None:
    chance = Random(pot)
    assert sum(apportion(pot, [1] * 100_000, method).amounts) == pot
    weights = [chance.randrange(1_000_000) for _ in range(100_000)]
    assert sum(apportion(pot, weights, method).amounts) == pot


# ---------------------------------------------------------------- single numbers

FRACTIONS = st.fractions(min_value=-(10**12), max_value=10**12)


@given(st.lists(FRACTIONS, min_size=1, max_size=6))
def test_each_number_is_rounded_by_itself(values: list[Fraction]) -> None:
    column = Column.of(values)
    for value, near, down, up in zip(
        values,
        round_each(column, NEAREST),
        round_each(column, DOWN),
        round_each(column, UP),
        strict=True,
    ):
        assert near == (
            floor(value + Fraction(1, 2)) if value >= 0 else ceil(value - Fraction(1, 2))
        )
        assert abs(down) == floor(abs(value))
        assert abs(up) == ceil(abs(value))
        assert down * value >= 0
        assert up * value >= 0
    assert round_each(-column, NEAREST) == tuple(-near for near in round_each(column, NEAREST))


def test_halves_go_away_from_zero() -> None:
    column = Column.of([Fraction(half, 2) for half in (-3, -1, 1, 3, 5)])
    assert round_each(column, NEAREST) == (-2, -1, 1, 2, 3)
    assert round_each(column, DOWN) == (-1, 0, 0, 1, 2)
    assert round_each(column, UP) == (-2, -1, 1, 2, 3)


@pytest.mark.parametrize("method", [LARGEST_REMAINDER, SAINTE_LAGUE])
def test_methods_that_split_a_pot_round_no_single_number(method: Method) -> None:
    with pytest.raises(ValueError, match=f"^{method.value} needs a pot to split$"):
        round_each(Column((1,)), method)


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [
        ("0.23262", 1, "0.2"),
        ("23.25", 1, "23.3"),
        ("-23.25", 1, "-23.3"),
        ("23.2499999999999999999", 1, "23.2"),
        ("0.5", 0, "1"),
        ("2466.0000001", 0, "2466"),
        ("1450", -2, "1500"),
    ],
)
def test_round_to_decimals(value: str, decimals: int, shown: str) -> None:
    assert round_to(Fraction(value), decimals) == Fraction(shown)


@given(FRACTIONS, st.integers(0, 12))
def test_round_to_is_within_half_a_last_digit(value: Fraction, decimals: int) -> None:
    shown = round_to(value, decimals)
    assert (shown * 10**decimals).denominator == 1
    assert abs(shown - value) * 10**decimals <= Fraction(1, 2)
    assert round_to(shown, decimals) == shown


# ---------------------------------------------------------------- the certificate


def by_rate(rate: Fraction, weights: Sequence[int | Fraction]) -> tuple[int, ...]:
    """A table as its reader would check it."""
    return round_each(Column.of([rate * weight for weight in weights]), NEAREST)


@given(cases(SAINTE_LAGUE, pots=POTS | POTS.map(lambda pot: -pot)))
def test_the_rate_gives_every_cell_unless_a_tie_was_decided(case: Case) -> None:
    split = case.split()
    rate = certifying_rate(split.amounts, case.weights)
    assert (rate is None) == bool(split.tied)
    assert rate is None or by_rate(rate, case.weights) == split.amounts


@given(cases(), st.data())
def test_any_table_with_a_rate_follows_from_it(case: Case, data: st.DataObject) -> None:
    amounts = list(case.split().amounts)
    for _ in range(data.draw(st.integers(0, 2))):
        amounts[data.draw(st.integers(0, len(amounts) - 1))] += data.draw(st.integers(-1, 1))
    rate = certifying_rate(amounts, case.weights)
    if rate is not None:
        assert by_rate(rate, case.weights) == tuple(amounts)
        assert apportion(sum(amounts), case.weights, SAINTE_LAGUE).amounts == tuple(amounts)
    elif min(amounts) >= 0:
        true = apportion(sum(amounts), case.weights, SAINTE_LAGUE)
        assert true.tied or true.amounts != tuple(amounts)


@given(cases(SAINTE_LAGUE))
def test_no_rate_has_fewer_decimals_and_none_so_short_is_nearer(case: Case) -> None:
    amounts = case.split().amounts
    rate = certifying_rate(amounts, case.weights)
    assume(rate is not None)
    assert rate is not None
    decimals = next(d for d in range(200) if (rate * 10**d).denominator == 1)
    if decimals:
        coarse = 10 ** (decimals - 1)
        for shorter in (floor(rate * coarse), ceil(rate * coarse)):
            assert by_rate(Fraction(shorter, coarse), case.weights) != amounts
    exact = Fraction(case.total, sum(case.weights))
    for other in (rate - Fraction(1, 10**decimals), rate + Fraction(1, 10**decimals)):
        if abs(other - exact) < abs(rate - exact):
            assert by_rate(other, case.weights) != amounts


def test_ambulance_2024_is_reproduced_and_certified() -> None:
    split = apportion(35_500_000, POPULATION, SAINTE_LAGUE)
    assert split == Apportionment(BY_POPULATION)
    assert certifying_rate(BY_POPULATION, POPULATION) == Fraction("3.362480561")


def test_ambulance_2024_is_no_largest_remainder_table() -> None:
    other = apportion(35_500_000, POPULATION, LARGEST_REMAINDER).amounts
    off = {i: b - a for i, (a, b) in enumerate(zip(BY_POPULATION, other, strict=True)) if a != b}
    assert off == {2: 1, 11: -1}  # Sörmland, Västra Götaland
    assert certifying_rate(other, POPULATION) is None


def test_the_rate_of_values_is_not_that_of_their_numerators() -> None:
    column = Column.of([Fraction(5, 2), Fraction(7, 2), Fraction(11, 2)])
    amounts = apportion(100, column.numerators, SAINTE_LAGUE).amounts
    per_value = certifying_rate(amounts, column.values)
    per_numerator = certifying_rate(amounts, column.numerators)
    assert per_value is not None
    assert per_numerator is not None
    assert by_rate(per_value, column.values) == amounts
    assert by_rate(per_numerator * column.denominator, column.values) == amounts


@pytest.mark.parametrize(
    ("amounts", "weights", "rate"),
    [
        ((0, 0), (3, 5), "0"),
        ((3, 5), (3, 5), "1"),
        ((-3, -5), (3, 5), "-1"),
        ((-1, -1), (1, 1), "-1"),
        ((1, 1), (190, 72), "0.007"),  # to below 0.0079; 0.008 is nearer to 2/262
        ((1, 0), (5, 4), "0.1"),  # from 0.1, where 0.5 is rounded up, to below 0.125
        ((0, -1), (1, 3), "-0.2"),  # from 0.17 to below 0.5; 0.2 and 0.3 are as near to 1/4
        ((1, 0), (1, 0), "1"),
        ((1, 1), (1, 0), None),  # no weight, yet an amount
        ((0, 0), (0, 0), None),  # nobody weighs anything
        ((), (), None),
        ((2, 1), (1, 1), None),  # the order of ties decided
        ((1, -1), (1, 1), None),  # both signs
        ((1, 5), (1, 1), None),  # not in proportion
        ((1, 1), (1, 1), "1"),
        ((1, 2), (1, 3), "0.7"),  # from 0.5 to below 0.83…; 0.7 and 0.8 are as near to 3/4
    ],
)
def test_certifying_rates(
    amounts: tuple[int, ...], weights: tuple[int, ...], rate: str | None
) -> None:
    assert certifying_rate(amounts, weights) == (None if rate is None else Fraction(rate))
