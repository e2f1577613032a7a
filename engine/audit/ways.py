"""Tries every way of rounding on a column: which reproduce it, and which rows the others miss.

The rounding itself is done by ``engine.rounding``, the same that pays money.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import gcd
from typing import Literal

from attrs import evolve, frozen

from dsl.syntax import Method, Ties
from engine.column import Column
from engine.rounding import Apportionment, apportion, quotas, round_each, round_to

Published = Sequence[int | None]
"""A column: None where the table lacks a row."""

Stage = Literal["line", "sum", "each", "shares", "shares_each", "divisor"]

# Amounts may be rounded to whole hundreds, thousands, half millions.
UNITS = tuple(step * 10**zeros for zeros in range(6, 0, -1) for step in (5, 1))

# Published shares have so many decimals (of one): percent without decimals up to six of them.
SHARE_DECIMALS = range(2, 9)

_UNITS = (
    (Method.LARGEST_REMAINDER, False),
    (Method.SAINTE_LAGUE, False),
    (Method.NEAREST, True),
    (Method.DOWN, True),
)


@frozen
class Key:
    """Something that money can be shared by.

    Attributes:
        name: what a report calls it; empty for equal shares.
        weights: one per row of the column, in the order of their codes.
    """

    name: str
    weights: tuple[Fraction, ...]

    @property
    def usable(self) -> bool:
        """Whether money can be shared by it: nobody below nothing, somebody above it."""
        return min(self.weights, default=Fraction(0)) >= 0 and any(self.weights)

    @property
    def whole(self) -> tuple[int, ...]:
        """The weights as whole numbers in the same proportions."""
        return Column.of(self.weights).numerators


@frozen
class Line:
    """A sum of money shared by a key.

    Attributes:
        amount: the sum.
        key: what it is shared by.
        rate: instead of the sum, so much for every unit of the key's weights.
    """

    amount: int
    key: Key
    rate: Fraction | None = None


@frozen
class Way:
    """A way of rounding.

    Attributes:
        method: how exact shares become whole units.
        stage: ``line`` each line of its own, ``sum`` the sum of the lines once, ``each`` every
            amount by itself, ``shares`` shares to some decimals first and the pot by them,
            ``shares_each`` shares first and then every amount by itself, ``divisor`` every amount
            by itself at the rate that gives out the whole pot (rounded down: d'Hondt's method).
        bearer: the row that bears the difference, if one is named.
        to_largest: whether the largest bears it.
        decimals: how many decimals shares have (of one).
        ties: the order among equals.
        unit: what amounts are whole numbers of: 1 000 if they are rounded to thousands.
        rate: what every unit of the weights gives, when each amount is by itself at a rate.
    """

    method: Method
    stage: Stage = "line"
    bearer: int | None = None
    to_largest: bool = False
    decimals: int | None = None
    ties: Ties = Ties.CODE
    unit: int = 1
    rate: Fraction | None = None


@frozen
class Trial:
    """A formula and a way of rounding, tried on a column.

    Attributes:
        lines: the formula.
        way: the way of rounding.
        misses: calculated less published, by row; only rows that differ.
    """

    lines: tuple[Line, ...]
    way: Way
    misses: tuple[tuple[int, int], ...]

    @property
    def agrees(self) -> bool:
        """Whether it gives every row."""
        return not self.misses

    @property
    def worst(self) -> int:
        """The largest difference."""
        return max((abs(miss) for _, miss in self.misses), default=0)


def trials(
    lines: Sequence[Line], published: Published, *, shares: bool = True
) -> tuple[Trial, ...]:
    """Every way of rounding on one formula, those that come nearest first.

    Args:
        lines: the formula.
        published: the column.
        shares: whether shares rounded first are tried, when nothing else gives the column.
    """
    lines = tuple(lines)
    if any(line.rate is not None for line in lines):
        ways: list[Way] = [Way(Method.NEAREST, "each"), Way(Method.DOWN, "each")]
    else:
        ways = list(_plain_ways(lines, published))
    plain = [_trial(lines, way, published) for way in ways]
    if not any(one.agrees for one in plain):
        plain += [_trial(lines, way, published) for way in _coarse_ways(lines, published)]
    if not any(one.agrees for one in plain):
        plain += [_trial(lines, way, published) for way in _divisor_way(lines, published)]
    if shares and len(lines) == 1 and not any(one.agrees for one in plain):
        plain += [_trial(lines, way, published) for way in _share_ways()]
    found = list(dict.fromkeys(plain))
    return tuple(sorted(found, key=lambda one: (len(one.misses), one.worst)))


def common_unit(published: Published) -> int:
    """What every amount is a whole number of; 0 where all are nothing."""
    return gcd(*(amount for amount in published if amount is not None))


def round_unit(published: Published) -> int:
    """The largest round unit that every amount is a whole number of: 1 if there is none."""
    common = common_unit(published)
    return next((unit for unit in UNITS if common and common % unit == 0), 1)


def _coarse_ways(lines: tuple[Line, ...], published: Published) -> Iterator[Way]:
    """The ways in whole tens, hundreds, thousands, where all amounts are such."""
    common = common_unit(published)
    for unit in UNITS:
        whole = all(line.rate is None and line.amount % unit == 0 for line in lines)
        if common and common % unit == 0 and whole:
            scaled = tuple(evolve(line, amount=line.amount // unit) for line in lines)
            amounts = [None if one is None else one // unit for one in published]
            for way in _plain_ways(scaled, amounts):
                yield evolve(way, unit=unit)


def _divisor_way(lines: tuple[Line, ...], published: Published) -> Iterator[Way]:
    """Rounding down at the rate by which the whole pot is given out, where one gives the column."""
    if len(lines) > 1 or lines[0].rate is not None:
        return
    whole = [amount for amount in published if amount is not None]
    if len(whole) == len(published) and sum(whole) == lines[0].amount:
        bounds = rates(lines[0].key.whole, published, Method.DOWN)
        if bounds:
            yield Way(Method.DOWN, "divisor", rate=bounds[0])


def rates(
    weights: Sequence[int | Fraction], published: Published, method: Method, unit: int = 1
) -> tuple[Fraction, Fraction] | None:
    """Between which rates every amount by itself gives the column; None if no rate does.

    Args:
        weights: one per row.
        published: the column.
        method: ``NEAREST`` (half up) or ``DOWN``.
        unit: what amounts are rounded to.

    Returns:
        The least rate, and the one below which it must be.
    """
    below = Fraction(unit, 2) if method is Method.NEAREST else Fraction(0)
    low, high = Fraction(0), None
    for weight, amount in zip(weights, published, strict=True):
        if amount is None:
            continue
        if not weight:
            if amount:
                return None
            continue
        low = max(low, (amount - below) / weight)
        upper = (amount - below + unit) / weight
        high = upper if high is None else min(high, upper)
    return (low, high) if high is not None and low < high else None


def _plain_ways(lines: tuple[Line, ...], published: Published) -> Iterator[Way]:
    stages: tuple[Stage, ...] = ("line", "sum") if len(lines) > 1 else ("line",)
    for stage in stages:
        for method, to_largest in _UNITS:
            way = Way(method, stage, to_largest=to_largest)
            yield way
            if _tied(lines, way):
                yield evolve(way, ties=Ties.LARGEST)
            bearer = _bearer(lines, way, published) if to_largest else None
            named = evolve(way, to_largest=False, bearer=bearer)
            if bearer is not None and calculated(lines, named) != calculated(lines, way):
                yield named
    yield Way(Method.NEAREST, "each")
    yield Way(Method.DOWN, "each")


def _share_ways() -> Iterator[Way]:
    for decimals in SHARE_DECIMALS:
        yield Way(Method.NEAREST, "shares_each", decimals=decimals)
        for method, to_largest in _UNITS:
            yield Way(method, "shares", to_largest=to_largest, decimals=decimals)


def _tied(lines: tuple[Line, ...], way: Way) -> bool:
    return any(split.tied for split in _splits(lines, way))


def _bearer(lines: tuple[Line, ...], way: Way, published: Published) -> int | None:
    """The only row that is not as rounding alone has it: who bears the difference, if not all."""
    alone = calculated(lines, evolve(way, to_largest=False, stage="each"))
    off = [place for place, pair in enumerate(zip(alone, published, strict=True)) if _differ(pair)]
    return off[0] if len(off) == 1 else None


def _differ(pair: tuple[int, int | None]) -> bool:
    return pair[1] is not None and pair[0] != pair[1]


def _trial(lines: tuple[Line, ...], way: Way, published: Published) -> Trial:
    pairs = enumerate(zip(calculated(lines, way), published, strict=True))
    misses = tuple(
        (place, ours - theirs)
        for place, (ours, theirs) in pairs
        if theirs is not None and ours != theirs
    )
    return Trial(lines, way, misses)


def calculated(lines: Sequence[Line], way: Way) -> tuple[int, ...]:
    """The column that a formula gives, rounded in one way."""
    lines = tuple(lines)
    if way.unit > 1:
        scaled = [evolve(line, amount=line.amount // way.unit) for line in lines]
        return tuple(way.unit * one for one in calculated(scaled, evolve(way, unit=1)))
    if way.stage == "divisor":
        rate = way.rate or Fraction(0)
        exact = [[rate * weight for weight in line.key.whole] for line in lines]
        columns = [round_each(Column.of(one), way.method) for one in exact]
    elif way.stage == "each":
        columns = [round_each(Column.of(_exact(line)), way.method) for line in lines]
    elif way.stage == "shares_each":
        columns = [round_each(Column.of(_by_shares(line, way)), way.method) for line in lines]
    else:
        columns = [split.amounts for split in _splits(lines, way)]
    return tuple(map(sum, zip(*columns, strict=True)))


def _splits(lines: tuple[Line, ...], way: Way) -> list[Apportionment]:
    return [
        apportion(
            line.amount,
            line.key.whole,
            way.method,
            ties=way.ties,
            bearer=way.bearer,
            to_largest=way.to_largest,
        )
        for line in _prepared(lines, way)
    ]


def _prepared(lines: tuple[Line, ...], way: Way) -> tuple[Line, ...]:
    """The lines as the way's stage has them: put together, or by rounded shares."""
    if way.stage == "sum":
        together = [sum(parts, Fraction(0)) for parts in zip(*map(_exact, lines), strict=True)]
        return (Line(sum(line.amount for line in lines), Key("", tuple(together))),)
    if way.stage == "shares":
        keys = (Key(line.key.name, shares_of(line.key, way.decimals or 0)) for line in lines)
        pairs = zip(lines, keys, strict=True)
        return tuple(Line(line.amount, key if key.usable else line.key) for line, key in pairs)
    return lines


def _exact(line: Line) -> tuple[Fraction, ...]:
    if line.rate is not None:
        return tuple(line.rate * weight for weight in line.key.weights)
    return quotas(line.amount, line.key.whole)


def shares_of(key: Key, decimals: int) -> tuple[Fraction, ...]:
    """Everyone's share of a key, rounded to so many decimals (of one)."""
    return tuple(round_to(share, decimals) for share in quotas(1, key.whole))


def _by_shares(line: Line, way: Way) -> list[Fraction]:
    return [line.amount * share for share in shares_of(line.key, way.decimals or 0)]
