"""What a proof believes of numbers is so: limits, directions and degrees, on whatever rules.

Rules and figures are drawn; the engine computes, and what it gives must lie where the proof says.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from hypothesis import assume, event, given
from hypothesis import strategies as st

from dsl import syntax as s
from dsl.program import Program
from engine.column import Column
from engine.evaluate import Result
from engine.grid import Values
from engine.inputs.statistics import stated_in_unit
from engine.proof.directions import Directions, Way
from engine.proof.effects import Effects
from engine.proof.interval import ANYTHING, NOTHING, Interval, Range, hull, only
from engine.proof.invariance import Doubling
from engine.proof.ranges import Ranges
from engine.rounding import round_each
from tests.strategies import Case, cases
from tests.test_properties import program_of, run

Figures = Mapping[str, Mapping[str, Fraction]]


def allowed(program: Program, figures: Figures) -> bool:
    """Whether the figures are such as a file may have."""
    for statistic in program.statistics:
        row = figures[statistic.name.text].values()
        for part in statistic.parts:
            if isinstance(part, s.Bound):
                limit = stated_in_unit(part.limit, statistic)
                low = part.side == "at_least"
                if any(one < limit if low else one > limit for one in row):
                    return False
    return True


def moved(found: Column, then: Column) -> list[Fraction]:
    length = max(len(found), len(then))
    pairs = zip(found.spread(length).values, then.spread(length).values, strict=True)
    return [after - before for before, after in pairs]


def paid(result: Result) -> dict[str, list[int]]:
    """What all pots of one kind of recipients pay each of them."""
    found: dict[str, list[int]] = {}
    for pot in result.program.pots:
        register = result.program.register_of(pot)
        row = found.setdefault(register.noun, [0] * len(register))
        amounts = result.ledger.of_pot(pot.name.text) or (0,) * len(register)
        found[register.noun] = [a + b for a, b in zip(row, amounts, strict=True)]
    return found


# ---------------------------------------------------------------- limits


@given(cases(), st.data())
def test_every_number_lies_where_the_proof_says(case: Case, data: st.DataObject) -> None:
    program = program_of(case)
    figures = data.draw(other_figures(case))
    assume(allowed(program, figures))
    result = run(program, figures)
    assume(result is not None)
    assert result is not None
    ranges = Ranges(program)
    for name, values in result.values.items():
        if isinstance(values, Column):
            found = ranges.of_name(name)
            assert all(one in found.each for one in values.values), (name, found)
            if len(values) == found.length:
                assert values.total().scalar in found.total, (name, found)
    for pot in program.pots:
        assert Fraction(result.holds[pot.name.text]) in ranges.held(pot), pot.name
    for one in result.ledger.movements:
        named = isinstance(program.symbols.get(one.source), s.Pot) and not one.is_item
        if named and one.line < len(_pot(program, one.source).flows):
            _within(program, ranges, result, one.source, one.line)


def _within(program: Program, ranges: Ranges, result: Result, pot: str, line: int) -> None:
    """What a line moves in all, with what rounding down leaves."""
    given_out = sum(m.total for m in result.ledger.by_source[pot] if m.line == line)
    assert Fraction(given_out) in ranges.sent(_pot(program, pot), line), (pot, line)


def _pot(program: Program, name: str) -> s.Pot:
    pot = program.symbols[name]
    assert isinstance(pot, s.Pot)
    return pot


def other_figures(case: Case) -> st.SearchStrategy[Figures]:
    """Figures like those of the case, and others: zeros, equals, fractions, large ones."""
    one = st.integers(0, 12).map(Fraction) | st.sampled_from(
        [Fraction(0), Fraction(1, 10), Fraction(10**7)]
    )
    rows = {
        name: st.just(dict(row)) | st.fixed_dictionaries(dict.fromkeys(row, one))
        for name, row in case.figures.items()
    }
    return st.fixed_dictionaries(rows)


# ---------------------------------------------------------------- directions

_FITS: Mapping[Way, Callable[[Fraction], bool]] = {
    Way.SAME: lambda change: change == 0,
    Way.UP: lambda change: change >= 0,
    Way.DOWN: lambda change: change <= 0,
    Way.ANY: lambda _: True,
}


@given(cases() | cases(dense=True), st.data())
def test_raising_a_figure_moves_every_number_as_the_proof_says(
    case: Case, data: st.DataObject
) -> None:
    program = program_of(case)
    before = data.draw(other_figures(case))
    name = data.draw(st.sampled_from(sorted(before)))
    codes = list(before[name])
    own = data.draw(st.integers(0, len(codes) - 1))
    more = data.draw(st.integers(1, 12).map(Fraction) | st.just(Fraction(1, 10)))
    row = dict(before[name])
    row[codes[own]] += more
    after = {**before, name: row}
    assume(allowed(program, before) and allowed(program, after))
    first, then = run(program, before), run(program, after)
    assume(first is not None and then is not None)
    assert first is not None
    assert then is not None
    ranges = Ranges(program)
    effects = Effects(program, ranges, name)
    directions = Directions(program, ranges, name, effects.held)
    for one, values in first.values.items():
        if one not in before and isinstance(values, Column):
            _moves_as_said(directions, one, own, values, then.values[one])
    for pot in program.pots:
        change = then.holds[pot.name.text] - first.holds[pot.name.text]
        assert _FITS[effects.held(pot)](Fraction(change)), pot.name
    _pays_no_less(program, effects, name, own, first, then)


def _moves_as_said(
    directions: Directions, name: str, own: int, before: Column, after: Values
) -> None:
    assert isinstance(after, Column)
    changes, said = moved(before, after), directions.of_name(name)
    assert _FITS[said.total](sum(changes, Fraction(0))), (name, said)
    if len(changes) == 1:
        assert _FITS[said.own + said.others](changes[0]), (name, said)
        return
    for place, change in enumerate(changes):
        assert _FITS[said.own if place == own else said.others](change), (name, said)
    others = [n for n in range(len(changes)) if n != own]
    if said.in_step and others:
        pairs = [(before.values[n], after.spread(len(before)).values[n]) for n in others]
        assert all(a * d == b * c for a, b in pairs for c, d in pairs), (name, said)


def _pays_no_less(
    program: Program, effects: Effects, name: str, own: int, first: Result, then: Result
) -> None:
    """The whole of the transfer argument, where nothing stands in its way."""
    nouns = {pot.noun or program.noun for pot in program.pots}
    statistic = program.symbols[name]
    assert isinstance(statistic, s.Statistic)
    if nouns != {statistic.noun or program.noun}:
        return
    every = frozenset(pot.name.text for pot in program.pots)
    proved = next(effects.obstacles(every), None) is None
    event(f"proved: {proved}")
    if proved:
        (noun,) = nouns
        assert paid(then)[noun][own] >= paid(first)[noun][own]


# ---------------------------------------------------------------- degrees


@given(cases() | cases(dense=True), st.data())
def test_doubling_changes_nothing_where_nothing_stands_in_the_way(
    case: Case, data: st.DataObject
) -> None:
    program = program_of(case)
    before = data.draw(other_figures(case))
    name = data.draw(st.sampled_from(sorted(before)))
    every = frozenset(pot.name.text for pot in program.pots)
    assume(next(Doubling(program, name).obstacles(every), None) is None)
    after = {**before, name: {code: 2 * one for code, one in before[name].items()}}
    assume(allowed(program, before) and allowed(program, after))
    first, then = run(program, before), run(program, after)
    event(f"kept: {first is not None}")
    if first is None or then is None:
        assert first is then
        return
    assert paid(first) == paid(then)


# ---------------------------------------------------------------- intervals themselves

NUMBERS = st.fractions(-5, 5, max_denominator=3)


@st.composite
def columns(draw: st.DrawFn) -> tuple[Column, Range]:
    """A column of numbers and a range that it lies in, as narrow or wide as may be."""
    values = draw(st.lists(NUMBERS, min_size=3, max_size=3))
    least, most = min(values), max(values)
    ends = (draw(st.sampled_from([least, least - 1, None])), draw(st.sampled_from([most, None])))
    sum_ = draw(st.sampled_from([only(sum(values)), ANYTHING]))
    return Column.of(values), Range.of(Interval(*ends), 3, sum_)


OPERATIONS: Mapping[str, Any] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
}


@given(columns(), columns(), st.sampled_from(sorted(OPERATIONS)))
def test_arithmetic_stays_within_its_range(
    left: tuple[Column, Range], right: tuple[Column, Range], sign: str
) -> None:
    if sign == "/":
        assume(all(right[0].numerators))
    value, found = (OPERATIONS[sign](a, b) for a, b in zip(left, right, strict=True))
    assert all(one in found.each for one in value.values)
    assert value.total().scalar in found.total


@given(columns(), st.sampled_from([s.Method.NEAREST, s.Method.DOWN, s.Method.UP]))
def test_rounding_stays_within_its_range(one: tuple[Column, Range], method: s.Method) -> None:
    column, found = one
    unit = Fraction(1, 2)
    rounded = [unit * n for n in round_each(column / Column.of([unit]), method)]
    limits = found.rounded(unit, method)
    assert all(number in limits.each for number in rounded)
    assert sum(rounded, Fraction(0)) in limits.total


def test_nothing_has_no_reciprocal_and_stops_nobody() -> None:
    assert NOTHING.reciprocal == ANYTHING
    assert Interval(Fraction(-4), Fraction(0)).reciprocal == Interval(None, Fraction(-1, 4))
    assert hull([only(1), Interval(None, Fraction(0))]) == Interval(None, Fraction(1))
