"""Tries other ways of rounding a pot on a published column that the declared one does not give."""

from collections.abc import Iterator

from attrs import evolve, frozen

from dsl import syntax as s
from dsl.program import Program
from engine.comparison.verify import ColumnVerdict
from engine.evaluate import evaluate
from engine.outcome import Outcome
from engine.pipeline import verify
from engine.tabulate import tabulate

# Every way of rounding that uses a pot up without naming a recipient.
_WAYS = (
    s.Rounding(s.Method.SAINTE_LAGUE),
    s.Rounding(s.Method.LARGEST_REMAINDER),
    s.Rounding(s.Method.NEAREST, s.Largest()),
    s.Rounding(s.Method.DOWN, s.Largest()),
)


@frozen
class Alternative:
    """How a published column compares when its pots are rounded in another way.

    Attributes:
        rounding: the other way.
        equal: how many cells are the same.
        agrees: whether every cell and the total are the same.
    """

    rounding: s.Rounding
    equal: int
    agrees: bool


def alternatives(outcome: Outcome, verdict: ColumnVerdict) -> tuple[Alternative, ...]:
    """Every other way of rounding the pots of a column; none where no pot of it is shared."""
    program, order = outcome.program, outcome.plan
    assert program is not None
    assert order is not None
    pots = tuple(_shared_pots(program, verdict))
    found = []
    for way in _WAYS if pots else ():
        if all(_is_declared(program, pot, way) for pot in pots):
            continue
        other = _evaluated(outcome, _rounded(program, pots, way))
        same = (one for one in verify(other)[0] if _place(one) == _place(verdict))
        found += [Alternative(way, one.equal, one.agrees) for one in same]
    return tuple(found)


def _place(verdict: ColumnVerdict) -> tuple[str, str, str]:
    return verdict.table, verdict.heading, verdict.file


def _shared_pots(program: Program, verdict: ColumnVerdict) -> Iterator[s.Pot]:
    """The pots that the column names and that share something out by a key."""
    for table in program.tables:
        for part in table.columns if table.title == verdict.table else ():
            if isinstance(part, s.Column) and part.heading == verdict.heading:
                names = {name.text for name in s.references(part.expression)}
                pots = (pot for pot in program.pots if pot.name.text in names)
                yield from (pot for pot in pots if any(map(_is_shared, pot.flows)))


def _is_shared(flow: s.Flow) -> bool:
    return isinstance(flow.destination, s.ByKey)


def _is_declared(program: Program, pot: s.Pot, way: s.Rounding) -> bool:
    """Whether all lines of the pot that share by a key are rounded so."""
    declared = (program.rounding_of(pot, flow) for flow in pot.flows if _is_shared(flow))
    return all((one.method, one.difference) == (way.method, way.difference) for one in declared)


def _rounded(program: Program, pots: tuple[s.Pot, ...], way: s.Rounding) -> Program:
    """The program with these pots, and all their lines, rounded in one way."""
    changed = tuple(
        _pot_rounded(program, one, way) if isinstance(one, s.Pot) and one in pots else one
        for one in program.document.statements
    )
    return evolve(program, document=evolve(program.document, statements=changed))


def _pot_rounded(program: Program, pot: s.Pot, way: s.Rounding) -> s.Pot:
    """The pot rounded in this way, to units of the size that it had."""
    sizes = (program.rounding_of(pot, flow).unit for flow in pot.flows if _is_shared(flow))
    parts = tuple(
        evolve(part, rounding=None) if isinstance(part, s.Flow) else part for part in pot.parts
    )
    return evolve(pot, rounding=evolve(way, unit=next(sizes)), parts=parts)


def _evaluated(outcome: Outcome, program: Program) -> Outcome:
    """The outcome of the same figures under other rules; without tables when they cannot run."""
    order = outcome.plan
    assert order is not None
    columns = {name: one.column for name, one in outcome.figures.items()}
    result, _ = evaluate(program, order.steps, columns)
    if result is None:
        return evolve(outcome, program=program, result=None, tables=())
    tables, _ = tabulate(result, order.dependencies)
    return evolve(outcome, program=program, result=result, tables=tables)
