"""Whether a trial breaks a claim: what each sort of claim says, looked for in finished runs."""

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from functools import partial
from itertools import combinations

from attrs import evolve

from dsl import syntax as s
from dsl.findings import Finding, Kronor
from dsl.program import Program
from dsl.source import Span
from engine.checks import run_checks
from engine.evaluate import Result
from engine.ledger import Earned, Movement, Nested, Shared
from engine.lines import rounding_unit
from engine.proof.amounts import flows_on_to
from engine.proof.promises import STOPS, Breach, Claim, Sort
from engine.refutation.allowed import Flat
from engine.refutation.trial import Bench, Trial

Judge = Callable[[Trial], Breach | None]

# The findings of a comparison that does not hold: of one number, of recipients.
_FAILS = frozenset({"F601", "F602"})


def judge_of(bench: Bench, claim: Claim) -> Judge | None:
    """What tells whether a trial breaks a claim; None for one that no run can break."""
    if claim.comparison is not None:
        return partial(_fails, bench, _asking(bench.program, claim.comparison))
    if claim.sort in STOPS:
        return partial(_stops, bench, claim)
    if claim.sort is Sort.MORE and claim.name not in bench.rooms:
        return partial(_less_of_a_larger_pot, bench, claim)
    judge = _OF_RECIPIENTS.get(claim.sort)
    return None if judge is None else partial(judge, bench, claim)


# ---------------------------------------------------------------- what stops a run


def _stops(bench: Bench, claim: Claim, trial: Trial) -> Breach | None:
    found = bench.run(trial.first)
    if not isinstance(found, Finding) or not concerns(bench.program, claim, found):
        return None
    size = found.data.get("difference")
    return Breach(stopped=found, size=Fraction(size.value if isinstance(size, Kronor) else 0))


def concerns(program: Program, claim: Claim, found: Finding) -> bool:
    """Whether a finding is of the sort and at the place that a claim is about."""
    if found.code not in STOPS[claim.sort]:
        return False
    if claim.pot is None:  # it is about the definitions
        lines = [part.span for one in program.definitions for part in s.parts_of(one.expression)]
        return any(_same_line(label.span, line) for label in found.labels for line in lines)
    pot = program.symbols[claim.pot]
    assert isinstance(pot, s.Pot)
    if claim.line is not None:
        line = pot.flows[claim.line].span
        return any(_same_line(line, label.span) for label in found.labels)
    if "pot" in found.data:
        return found.data["pot"] == claim.pot
    lines = [pot.span, *(part.span for part in pot.parts)]
    return any(_same_line(line, label.span) for line in lines for label in found.labels)


def _same_line(one: Span, other: Span) -> bool:
    return (one.file, one.line) == (other.file, other.line)


# ---------------------------------------------------------------- comparisons


def _asking(program: Program, comparison: s.Comparison) -> Program:
    """The program with the comparison as its only check."""
    rules = [one for one in program.document.statements if not isinstance(one, s.Check)]
    check = s.Check(comparison.left, comparison.relation, comparison.right, span=comparison.span)
    return evolve(program, document=evolve(program.document, statements=(*rules, check)))


def _fails(bench: Bench, asking: Program, trial: Trial) -> Breach | None:
    result = bench.result(trial.first)
    if result is None:
        return None
    (outcome,) = run_checks(evolve(result, program=asking))
    if outcome.finding is None or outcome.finding.code not in _FAILS:
        return None
    several = max(len(outcome.calculated), len(outcome.asserted)) > 1
    said = outcome.finding.data
    sides = (said["calculated"], said["asserted"])
    return Breach(recipient=outcome.failing[0] if several else None, sides=sides)


# ---------------------------------------------------------------- what recipients get in all


def _less_for_more(bench: Bench, claim: Claim, trial: Trial) -> Breach | None:
    """Whoever has more of a statistic gets less in all."""
    assert claim.name is not None
    place = raised(trial, claim.name)
    pair = _both(bench, trial)
    paid = paid_by(bench.program, claim.name, claim.pot)
    if place is None or pair is None or paid is None:
        return None
    recipient = place % bench.rooms[claim.name].length
    before, after = (totals(result, *paid)[recipient] for result in pair)
    return Breach(recipient, before=before, after=after) if after < before else None


def raised(trial: Trial, name: str) -> int | None:
    """The only figure that a trial changes in a statistic, when it is raised."""
    assert trial.then is not None  # claims about more of a statistic are tried as changes
    pairs = zip(trial.first.figures[name], trial.then.figures[name], strict=True)
    changes = [(place, a < b) for place, (a, b) in enumerate(pairs) if a != b]
    return changes[0][0] if len(changes) == 1 and changes[0][1] else None


def _both(bench: Bench, trial: Trial) -> tuple[Result, Result] | None:
    first = bench.result(trial.first)
    then = bench.result(trial.then) if trial.then is not None and first is not None else None
    return None if first is None or then is None else (first, then)


def _less_of_a_larger_pot(bench: Bench, claim: Claim, trial: Trial) -> Breach | None:
    """Somebody gets less in all when a pot is larger."""
    pair, name = _both(bench, trial), claim.name or ""
    if pair is None or not pair[0].holds[name] < pair[1].holds[name]:
        return None
    pot = bench.program.symbols[name]
    assert isinstance(pot, s.Pot)
    pots = frozenset(one.name.text for one in bench.program.pots)
    pots = flows_on_to(bench.program, claim.pot) if claim.pot else pots
    nouns = frozenset({pot.noun or bench.program.noun})
    return _worst(*(totals(result, nouns, pots) for result in pair))


def _worst(before: tuple[int, ...], after: tuple[int, ...]) -> Breach | None:
    """The recipient that gets less after, by the most."""
    losses = [a - b for b, a in zip(before, after, strict=True)]
    if not losses or min(losses) >= 0:
        return None
    place = losses.index(min(losses))
    return Breach(place, before=before[place], after=after[place])


def paid_by(
    program: Program, statistic: str, pot: str | None
) -> tuple[frozenset[str], frozenset[str]] | None:
    """The kinds of recipients that a statistic's recipients are paid as, and by which pots.

    None where they get nothing themselves.
    """
    symbol = program.symbols[statistic]
    assert isinstance(symbol, s.Statistic)
    if not symbol.per_recipient:
        return None
    every = frozenset(one.name.text for one in program.pots)
    pots = flows_on_to(program, pot) if pot else every
    nouns = {one.noun or program.noun for one in program.pots if one.name.text in pots}
    own = symbol.noun or program.noun
    if own in nouns:
        return frozenset({own}), pots
    territory = program.registers[own].territory
    alike = {one for one in nouns if program.registers[one].territory == territory}
    return (frozenset(alike), pots) if alike else None


def totals(result: Result, nouns: frozenset[str], pots: frozenset[str]) -> tuple[int, ...]:
    """What some pots give each recipient of some kinds in all, adjustments included."""
    length = len(result.program.registers[min(nouns)])
    amounts = [one.amounts for one in _payments(result, nouns, pots)]
    return tuple(map(sum, zip((0,) * length, *amounts, strict=True)))


def _payments(result: Result, nouns: frozenset[str], pots: frozenset[str]) -> Iterator[Movement]:
    for pot in sorted(pots):
        for one in result.ledger.by_source.get(pot, ()):
            if one.register is not None and one.register.noun in nouns:
                yield one


def _unlike_among_equals(bench: Bench, claim: Claim, trial: Trial) -> Breach | None:
    """Two who have the same of a statistic are paid differently, by more than rounding."""
    assert claim.name is not None
    paid = paid_by(bench.program, claim.name, claim.pot)
    result = bench.result(trial.first)
    if paid is None or result is None:
        return None
    given, payments = totals(result, *paid), list(_payments(result, *paid))
    room = bench.rooms[claim.name]
    pairs = _equals(trial.first.figures[claim.name], room.length)
    return _unlike(given, pairs, lambda one, other: _slack(bench.program, payments, one, other))


def _equals(flat: Flat, length: int) -> Iterator[tuple[int, int]]:
    """The pairs of recipients whose figures are equal in every column."""
    alike: dict[Flat, list[int]] = {}
    for place in range(length):
        alike.setdefault(flat[place::length], []).append(place)
    for group in alike.values():
        yield from combinations(group, 2)


def _slack(program: Program, payments: list[Movement], one: int, other: int) -> int:
    """One unit of rounding for every line that pays either of two recipients."""
    return sum(_unit(program, p) for p in payments if p.amounts[one] or p.amounts[other])


def _unit(program: Program, payment: Movement) -> int:
    match payment.reason:
        case Shared(unit=unit):
            return unit
        case Nested(outer=outer):
            return 2 * outer.unit  # among areas, and within an area
        case Earned(name):
            earned = program.symbols[name]
            assert isinstance(earned, s.Defined)
            return rounding_unit(program, program.rounding_of_amount(earned))
    return 0


def _unlike(
    given: tuple[int, ...], pairs: Iterator[tuple[int, int]], slack: Callable[[int, int], int]
) -> Breach | None:
    """The two whose amounts differ the most, of those that differ by more than is allowed."""
    worst: Breach | None = None
    for pair in pairs:
        less, more = sorted(pair, key=lambda place: given[place])
        apart = given[more] - given[less]
        if apart > slack(less, more) and (worst is None or apart > worst.size):
            worst = Breach(less, more, given[less], given[more], size=Fraction(apart))
    return worst


def _otherwise_doubled(bench: Bench, claim: Claim, trial: Trial) -> Breach | None:
    """Everybody has twice as much of a statistic, and somebody gets another amount."""
    pair, name = _both(bench, trial), claim.name
    if pair is None or name is None or trial.then is None:
        return None
    if trial.then.figures[name] != tuple(2 * one for one in trial.first.figures[name]):
        return None
    pots = frozenset(one.name.text for one in bench.program.pots)
    pots = flows_on_to(bench.program, claim.pot) if claim.pot else pots
    for noun in _nouns_first(bench.program, name):
        before, after = (totals(result, frozenset({noun}), pots) for result in pair)
        changed = [n for n, (a, b) in enumerate(zip(before, after, strict=True)) if a != b]
        if changed:
            worst = max(changed, key=lambda n: abs(after[n] - before[n]))
            return Breach(worst, before=before[worst], after=after[worst])
    return None


def _nouns_first(program: Program, statistic: str) -> Iterator[str]:
    """The kind of recipients that a position in the statistic's register is of."""
    paid = paid_by(program, statistic, None)
    if paid is not None:
        yield from sorted(paid[0])
    elif not program.registers.keys() - {program.noun}:
        yield program.noun


# ---------------------------------------------------------------- what one line pays


def shared_by(result: Result, pot: str, line: int) -> Movement | None:
    """What a line that is shared out gives each recipient."""
    moved = result.ledger.by_source.get(pot, ())
    found = (m for m in moved if m.line == line and isinstance(m.reason, Shared | Nested))
    return next(found, None)


def _of_line(bench: Bench, claim: Claim, trial: Trial) -> tuple[Movement, Movement] | None:
    pair = _both(bench, trial)
    if pair is None or claim.pot is None or claim.line is None:
        return None
    first, then = (shared_by(result, claim.pot, claim.line) for result in pair)
    return None if first is None or then is None else (first, then)


def _less_of_a_larger_line(bench: Bench, claim: Claim, trial: Trial) -> Breach | None:
    """The line shares more by the same weights, and somebody gets less from it."""
    pair = _of_line(bench, claim, trial)
    if pair is None:
        return None
    totals_ = [_line_total(one) for one in pair]
    if not 0 <= totals_[0] < totals_[1] or _keys(pair[0]) != _keys(pair[1]):
        return None
    return _worst(pair[0].amounts, pair[1].amounts)


def _line_total(movement: Movement) -> int:
    reason = movement.reason
    return reason.outer.total if isinstance(reason, Nested) else movement.total


def _keys(movement: Movement) -> tuple[object, ...]:
    reason = movement.reason
    if isinstance(reason, Nested):
        return (reason.outer.key, *(one and one.key for one in reason.inner))
    assert isinstance(reason, Shared)  # no other movement is of a line that is shared out
    return (reason.key,)


def _less_for_more_weight(bench: Bench, claim: Claim, trial: Trial) -> Breach | None:
    """A larger part of the weights, nobody else's larger, and less of the same money."""
    pair = _of_line(bench, claim, trial)
    if pair is None:
        return None
    one, other = (moved.reason for moved in pair)
    if not isinstance(one, Shared) or not isinstance(other, Shared) or one.total != other.total:
        return None
    before, after = (_quotas(reason) for reason in (one, other))
    grown = [n for n, (a, b) in enumerate(zip(before, after, strict=True)) if b > a]
    if len(grown) != 1:
        return None
    (place,) = grown
    had, has = (moved.amounts[place] for moved in pair)
    return Breach(place, before=had, after=has) if has < had else None


def _quotas(reason: Shared) -> tuple[Fraction, ...]:
    tops = reason.key.numerators
    return tuple(Fraction(top, sum(tops)) for top in tops)


def _unlike_for_equal_weight(bench: Bench, claim: Claim, trial: Trial) -> Breach | None:
    """Two with the same weight get amounts from the line that differ by more than one unit."""
    result = bench.result(trial.first)
    if result is None or claim.pot is None or claim.line is None:
        return None
    moved = shared_by(result, claim.pot, claim.line)
    if moved is None or not isinstance(moved.reason, Shared):
        return None
    reason = moved.reason
    pairs = _equals(reason.key.values, len(reason.key))
    return _unlike(moved.amounts, pairs, lambda _one, _other: reason.unit)


_OF_RECIPIENTS: Mapping[Sort, Callable[[Bench, Claim, Trial], Breach | None]] = {
    Sort.MORE: _less_for_more,
    Sort.EQUAL: _unlike_among_equals,
    Sort.DOUBLE: _otherwise_doubled,
    Sort.LARGER_POT: _less_of_a_larger_line,
    Sort.MORE_WEIGHT: _less_for_more_weight,
    Sort.EQUAL_WEIGHT: _unlike_for_equal_weight,
}
