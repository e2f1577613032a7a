"""The lemmas of docs/proof.md, proved once more by a solver: for all numbers, three recipients.

Nothing in the program trusts a solver; here it looks for a mistake in an argument that a reader
can follow. Each lemma is stated as its negation, which must have no solution.
"""

from typing import Any

import pytest

z3 = pytest.importorskip("z3")

# What the solver needs is well below; beyond it the test says that it did not come to an end.
MILLISECONDS = 10_000

Numbers = list[Any]


def proved(*said: object) -> bool:
    """Whether what is said can hold for no numbers at all."""
    solver = z3.Solver()
    solver.set("timeout", MILLISECONDS)
    solver.add(*said)
    return bool(solver.check() == z3.unsat)


def possible(*said: object) -> bool:
    """Whether there are numbers for which all that is said holds."""
    solver = z3.Solver()
    solver.set("timeout", MILLISECONDS)
    solver.add(*said)
    return bool(solver.check() == z3.sat)


def reals(name: str, count: int = 3) -> Numbers:
    return [z3.Real(f"{name}{n}") for n in range(count)]


def whole(name: str, count: int = 3) -> Numbers:
    return [z3.Int(f"{name}{n}") for n in range(count)]


def total(numbers: Numbers) -> Any:
    return z3.Sum(numbers)


# ---------------------------------------------------------------- largest remainder


def largest_remainder(amounts: Numbers, quotas: Numbers, threshold: Any) -> list[Any]:
    """Remainders above a threshold are rounded up, those below it down; ties lie at it."""
    said = [threshold >= 0, threshold <= 1, total(amounts) == total(quotas)]
    for amount, quota in zip(amounts, quotas, strict=True):
        said += [amount >= quota - threshold, amount <= quota + 1 - threshold]
    return said


@pytest.mark.parametrize("count", [2, 3, 4])
def test_largest_remainder_gives_no_less_for_a_larger_quota(count: int) -> None:
    """In the quota form: one quota rises, no other does, and the sum is the same.

    Where the one's quota is the same, so are all the others', and nothing changes.
    """
    q, p, a, b = reals("q", count), reals("p", count), reals("a", count), reals("b", count)
    # All that it takes of whole units: what is more is more by one.
    apart = [z3.Or(one <= other, one >= other + 1) for one, other in zip(a + b, b + a, strict=True)]
    assert proved(
        *largest_remainder(a, q, z3.Real("t")),
        *largest_remainder(b, p, z3.Real("s")),
        *apart,
        p[0] > q[0],
        *(p[i] <= q[i] for i in range(1, count)),
        total(q) == total(p),
        b[0] < a[0],
    )


def test_the_threshold_is_that_of_remainders() -> None:
    """Rounded up from its remainder on, or down to it: what the lemmas say of a threshold."""
    whole_part, amount = whole("n", 2)
    rest, threshold = reals("r", 2)
    said = [rest >= 0, rest < 1, threshold > 0, threshold <= 1]
    up = z3.And(amount == whole_part + 1, rest >= threshold)
    down = z3.And(amount == whole_part, rest <= threshold)
    quota = whole_part + rest
    within = z3.And(amount >= quota - threshold, amount <= quota + 1 - threshold)
    assert proved(*said, z3.Or(up, down), z3.Not(within))


def test_largest_remainder_gives_equals_the_same_but_for_one_unit() -> None:
    q, a = reals("q"), whole("a")
    apart = z3.Or(a[0] > a[1] + 1, a[1] > a[0] + 1)
    assert proved(*largest_remainder(a, q, z3.Real("t")), q[0] == q[1], apart)


def test_largest_remainder_among_two_gives_nobody_less_of_more() -> None:
    """Two quotas that both rise, as shares of a larger sum do; equal ones are ties."""
    q, p, a, b = reals("q", 2), reals("p", 2), whole("a", 2), whole("b", 2)
    rising = [p[0] > q[0], p[1] >= q[1]]
    said = [*largest_remainder(a, q, z3.Real("t")), *largest_remainder(b, p, z3.Real("s"))]
    # Of two remainders that make a whole the threshold is a half, if they are not whole.
    halves = [z3.Real("t") == 0.5, z3.Real("s") == 0.5]
    assert proved(*said, *rising, *halves, b[0] < a[0])


def test_among_three_it_can_and_the_solver_finds_it() -> None:
    """The lemma that would be one too many: the solver is not blind."""
    q, p, a, b = reals("q"), reals("p"), whole("a"), whole("b")
    said = [*largest_remainder(a, q, z3.Real("t")), *largest_remainder(b, p, z3.Real("s"))]
    grown = z3.Real("g")
    larger = [other == grown * one for one, other in zip(q, p, strict=True)]
    alabama = [q[0] * 3 == q[1], q[1] == q[2], total(q) == 3, grown * 3 == 4]
    assert possible(*said, *larger, *alabama, b[0] < a[0])


# ---------------------------------------------------------------- Sainte-Laguë


def test_sainte_lague_gives_no_less_for_more_weight() -> None:
    """In the pairwise form, with the min-max property of Sainte-Laguë, which also bounds have.

    If the one lost although nobody else weighs more, somebody else would have gained, as the sum
    is the same; and these two contradict each other, however many the others are.
    """
    (w, v, x, y), (a, b, c, d) = reals("w", 4), reals("a", 4)
    assert proved(
        *(number > 0 for number in (w, v, x, y)),
        x >= w,  # the one weighs no less than before
        y <= v,  # and the other no more
        z3.Or(x > w, y < v),  # and not both the same
        v * (2 * a - 1) <= w * (2 * b + 1),  # before: the other's next unit, the one's last
        x * (2 * d - 1) <= y * (2 * c + 1),  # after: the one's next unit, the other's last
        a >= c + 1,  # the one has lost
        d >= b + 1,  # and the other has gained
        b >= 0,
        c >= 0,
    )


def test_with_equal_weights_only_a_tie_is_left() -> None:
    """Nothing but exactly equal claims is left to the order of ties, which does not change."""
    (w, v), (a, b, c, d) = reals("w", 2), reals("a", 4)
    assert proved(
        w > 0,
        v > 0,
        v * (2 * a - 1) <= w * (2 * b + 1),
        w * (2 * d - 1) <= v * (2 * c + 1),
        a >= c + 1,
        d >= b + 1,
        b >= 0,
        c >= 0,
        v * (2 * a - 1) < w * (2 * b + 1),  # not a tie
    )


def test_sainte_lague_gives_nobody_less_of_more() -> None:
    """Of a larger sum somebody gains; if another lost, these two contradict each other."""
    (w, v), (a, b, c, d) = reals("w", 2), reals("a", 4)
    assert proved(
        w > 0,
        v > 0,
        v * (2 * a - 1) < w * (2 * b + 1),  # with the smaller sum, ties apart
        w * (2 * d - 1) <= v * (2 * c + 1),  # with the larger one
        a >= c + 1,
        d >= b + 1,
        b >= 0,
        c >= 0,
    )


def test_sainte_lague_gives_equals_the_same_but_for_one_unit() -> None:
    (w,), (a, b) = reals("w", 1), whole("a", 2)
    # The weaker of two equal claims is never met before the stronger.
    assert proved(w > 0, b >= 0, w * (2 * a - 1) <= w * (2 * b + 1), a >= b + 2)


def test_sainte_lague_is_rounding_at_one_rate() -> None:
    """At the rate, nobody's amount is off by more than half a unit, and together they use it up.

    So nobody is further from the quota than half a unit and half a unit for each.
    """
    rate, quota, a = z3.Real("rate"), reals("q"), reals("a")
    sum_ = total(quota)
    halves = [
        z3.And(a[i] <= rate * quota[i] + 0.5, a[i] >= rate * quota[i] - 0.5) for i in range(3)
    ]
    off = a[0] - quota[0]
    assert proved(
        *halves,
        *(one >= 0 for one in quota),
        sum_ > 0,
        total(a) == sum_,
        z3.Or(off > 2, off < -2),  # n/2 + 1/2 of three
    )


# ---------------------------------------------------------------- what composition rests on


@pytest.mark.parametrize("count", [3, 4])
def test_nobodys_part_grows_by_more_than_the_sum(count: int) -> None:
    """Conservation, and nobody less of more."""
    a, b, one, other = whole("a", count), whole("b", count), z3.Int("one"), z3.Int("other")
    grown = [after >= before for before, after in zip(a, b, strict=True)]
    given = [total(a) == one, total(b) == other]
    assert proved(*grown, *given, z3.Or(*(b[i] - a[i] > other - one for i in range(count))))


def test_the_transfer_loses_no_more_than_was_gained() -> None:
    """A line of amounts, two parts of what is left, and a pot that one of them and a line feed.

    The one gains g by the amounts, and the others no more than nothing; so what is left falls by g
    at most, and by the lemma above so do the parts, and what is paid of them, together.
    """
    gain, others, left, rise = reals("g", 4)
    parts, lost = reals("p", 2), reals("l", 3)
    assert proved(
        gain >= 0,
        others <= 0,
        rise >= 0,  # what came in from elsewhere
        left == rise - gain - others,  # how what is left changes
        # Of what is left each part follows: both rise or stay, or both fall or stay.
        total(parts) == left,
        z3.Or(z3.And(parts[0] >= 0, parts[1] >= 0), z3.And(parts[0] <= 0, parts[1] <= 0)),
        # Of each part the one loses nothing, or no more than the part does.
        *(loss >= 0 for loss in lost),
        *(z3.Or(lost[i] == 0, lost[i] <= -parts[i]) for i in range(2)),
        lost[2] == lost[0] + lost[1],
        gain - lost[2] < 0,
    )


def test_a_residue_falls_by_no_more_than_the_one_gains() -> None:
    """Rounded down, with the difference to a pot: in the quota form nobody else gains."""
    moves = whole("m")
    residue = z3.Int("r")
    assert proved(
        total(moves) + residue == 0,
        moves[0] >= 0,
        moves[1] <= 0,
        moves[2] <= 0,
        residue < -moves[0],
    )


def test_a_capped_rest_and_what_is_above_it_follow_what_is_left() -> None:
    """The ceiling is fixed, or a share of the pot that is no more than all of it."""
    held, more, left, c = reals("h", 4)

    def first(there: Any, pot: Any) -> Any:
        return z3.If(there <= c * pot, there, c * pot)

    assert proved(
        c >= 0,
        c <= 1,
        more >= 0,
        left >= 0,
        left <= held,
        z3.Or(
            first(left + more, held + more) < first(left, held),
            left + more - first(left + more, held + more) < left - first(left, held),
        ),
    )


# ---------------------------------------------------------------- shares


def test_more_of_one_and_no_more_of_the_others_is_a_larger_share() -> None:
    """``Move.as_quota``: the sum does not fall, or the others fall by one factor."""
    x, y, factor = reals("x"), reals("y"), z3.Real("f")
    said = [*(one >= 0 for one in (*x, *y)), total(x) > 0, total(y) > 0]
    said += [y[0] >= x[0], y[1] <= x[1], y[2] <= x[2]]
    less = z3.Or(
        y[0] * total(x) < x[0] * total(y),
        y[1] * total(x) > x[1] * total(y),
    )
    assert proved(*said, total(y) >= total(x), less)
    assert proved(*said, y[1] == factor * x[1], y[2] == factor * x[2], factor >= 0, less)
    assert possible(*said, less)  # neither: the others' shares may rise


# ---------------------------------------------------------------- intervals


@pytest.mark.parametrize("signs", [(1, 1), (1, -1)])
def test_a_sum_of_products_is_a_sum_times_a_mean(signs: tuple[int, int]) -> None:
    """Factors not below nothing, whose sum is known, times numbers that each lie in an interval."""
    x, y = reals("x"), reals("y")
    low, high, sum_ = z3.Reals("low high sum")
    inside = [z3.And(low <= one, one <= high) for one in y]
    value = total([a * b for a, b in zip(x, y, strict=True)])
    wrong = value > sum_ * high if signs[1] > 0 else value < sum_ * low
    assert proved(*(one >= 0 for one in x), *inside, total(x) == sum_, wrong)


@pytest.mark.parametrize("count", [3, 4])
def test_rounding_moves_a_sum_by_half_a_unit_for_each(count: int) -> None:
    x = reals("x", count)
    rounded = [z3.ToReal(z3.ToInt(one + 0.5)) for one in x]
    off = total(rounded) - total(x)
    assert proved(*(one >= 0 for one in x), z3.Or(2 * off > count, 2 * off < -count))


def test_a_reciprocal_turns_the_interval() -> None:
    x, low, high = z3.Reals("x low high")
    said = [low > 0, low <= x, x <= high]
    assert proved(*said, z3.Or(1 / x > 1 / low, 1 / x < 1 / high))


def test_the_largest_can_bear_what_rounding_to_nearest_takes() -> None:
    """``Pots._bearers``: of n others, a sum of n (n + 1) / 2 units is enough."""
    q = reals("q")
    rounded = [z3.ToReal(z3.ToInt(one + 0.5)) for one in q]
    sum_ = total(q)
    assert proved(
        *(one >= 0 for one in q),
        q[0] >= q[1],
        q[0] >= q[2],
        sum_ >= 3,
        sum_ - rounded[1] - rounded[2] < 0,
    )
