"""Tells a counterexample in words: which figures, and what they lead to."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from dsl import syntax as s
from dsl.findings import Exact, Phrase, Value
from dsl.program import Program
from engine.column import Column
from engine.grid import Grid, Values
from engine.lines import kronor
from engine.measured import measured
from engine.outcome import Outcome
from engine.proof.promises import Claim, Counterexample, Sort

# How many figures of one statistic are named before "and so many more".
MAX_NAMED = 5


def told(outcome: Outcome, claim: Claim, found: Counterexample) -> tuple[Phrase, ...]:
    """The figures that refute a claim, and what they lead to; one phrase each.

    Args:
        outcome: the run of the ruleset with its own figures; it has a program.
        claim: what is claimed.
        found: the figures for which it does not hold.
    """
    program = outcome.program
    assert program is not None
    at_hand = {name: one.column for name, one in outcome.figures.items()}
    said: list[Phrase] = []  # other amounts of pots are told of with what they lead to
    for name, values in found.run.figures.items():
        if values != at_hand.get(name):
            said += _figures(program, name, values)
    return (*(said or [Phrase("counterexample.at_hand")]), _lead_to(program, claim, found))


# ---------------------------------------------------------------- figures


def _figures(program: Program, name: str, values: Values) -> Iterator[Phrase]:
    for cell, column in _columns(values).items():
        data: dict[str, Value] = {"name": name, "cell": cell}
        shown: Value = Phrase("counterexample.at", data) if cell else name
        listed = _listed(program, name, column)
        yield Phrase("counterexample.figures", {"name": shown, "values": listed})


def _listed(program: Program, name: str, column: Column) -> tuple[Value, ...]:
    """Who has which figure; the commonest figure is that of the others."""
    names, unit = _recipients(program, name), program.units[name]
    if len(column) == 1 or len(set(column.numerators)) == 1:
        value = measured(column.values[0], unit)
        return (Phrase("counterexample.none_else", {"value": value}),)
    ((commonest, times),) = Counter(column.values).most_common(1)
    usual = commonest if times > 1 else None
    rows = [(who, value) for who, value in zip(names, column.values, strict=True) if value != usual]
    groups = [([who], value) for who, value in rows]
    if len(rows) > MAX_NAMED:
        groups = _alike(rows)
    listed: list[Value] = [
        _those(whom, measured(value, unit)) for whom, value in groups[:MAX_NAMED]
    ]
    if groups[MAX_NAMED:]:
        hidden = sum(len(whom) for whom, _ in groups[MAX_NAMED:])
        listed.append(Phrase("counterexample.more", {"count": Exact(hidden)}))
    if usual is not None:
        listed.append(Phrase("counterexample.others", {"value": measured(usual, unit)}))
    return tuple(listed)


def _alike(rows: Sequence[tuple[str, Fraction]]) -> list[tuple[list[str], Fraction]]:
    """Those with the same figure together, in the order of the first of each."""
    alike: dict[Fraction, list[str]] = {}
    for who, value in rows:
        alike.setdefault(value, []).append(who)
    return [(whom, value) for value, whom in alike.items()]


def _those(whom: Sequence[str], value: Value) -> Phrase:
    """One recipient by name, or how many have the same figure."""
    if len(whom) == 1:
        return Phrase("counterexample.one", {"name": whom[0], "value": value})
    return Phrase("counterexample.several", {"count": Exact(len(whom)), "value": value})


def _recipients(program: Program, name: str) -> list[str]:
    noun = program.noun_behind(name) or program.noun
    return [one.name for one in program.registers[noun].recipients]


# ---------------------------------------------------------------- what they lead to


def _lead_to(program: Program, claim: Claim, found: Counterexample) -> Phrase:
    breach = found.breach
    who = None if breach.recipient is None else _names_of(program, claim)[breach.recipient]
    if breach.stopped is not None:
        stopped = breach.stopped
        return Phrase(
            "counterexample.stops", {"title": Phrase(f"title.{stopped.code}", stopped.data)}
        )
    if breach.before is None or breach.after is None:
        return _unmet(found, who)
    assert who is not None
    line = "_line" if claim.line is not None else ""
    data: dict[str, Value] = {
        "recipient": who,
        "before": kronor(program, breach.before),
        "after": kronor(program, breach.after),
    }
    if breach.other is not None:
        data["other"] = _names_of(program, claim)[breach.other]
        paid = Phrase(f"counterexample.pair_paid{line}", data)
        return _alike_in(program, claim, found, breach.recipient, paid)
    data["changes"] = tuple(_changes(program, claim, found))
    return Phrase(f"counterexample.change_pays{line}", data)


def _alike_in(
    program: Program, claim: Claim, found: Counterexample, place: int | None, paid: Phrase
) -> Phrase:
    """What two are paid, after the figure that they have in common, if it is one statistic's."""
    values = found.run.figures.get(claim.name or "")
    if claim.name is None or place is None or values is None or isinstance(values, Grid):
        return paid
    value = measured(values.values[place], program.units[claim.name])
    return Phrase("counterexample.alike", {"name": claim.name, "value": value, "paid": paid})


def _unmet(found: Counterexample, who: str | None) -> Phrase:
    """That a comparison does not hold, for whom, and what its two sides then are."""
    data: dict[str, Value] = {} if who is None else {"recipient": who}
    unmet = Phrase("counterexample.fails" if who is None else "counterexample.fails_for", data)
    if found.breach.sides is None:
        return unmet
    left, right = found.breach.sides
    return Phrase("counterexample.sides", {"unmet": unmet, "left": left, "right": right})


def _names_of(program: Program, claim: Claim) -> list[str]:
    """The recipients among whom a counterexample names one."""
    symbol = program.symbols.get(claim.name or claim.pot or "")
    if isinstance(symbol, s.Pot):
        return [one.name for one in program.register_of(symbol).recipients]
    names = [claim.name] if claim.name else []
    if claim.comparison is not None:
        sides = (claim.comparison.left, claim.comparison.right)
        names = [name.text for side in sides for name in s.references(side)]
    behind = (program.noun_behind(name) for name in names)
    noun = next((one for one in behind if one is not None), program.noun)
    return [one.name for one in program.registers[noun].recipients]


def _changes(program: Program, claim: Claim, found: Counterexample) -> Iterator[Phrase]:
    """What is changed between the two runs; a pot that is changed has its amount in both."""
    assert found.then is not None
    for pot, after in found.then.amounts.items():
        data: dict[str, Value] = {"pot": pot, "before": kronor(program, found.run.amounts[pot])}
        data["after"] = kronor(program, after)
        yield Phrase("counterexample.pot_becomes", data)
    for name, values in found.then.figures.items():
        if values == found.run.figures[name]:
            continue
        if claim.sort is Sort.DOUBLE:
            yield Phrase("counterexample.doubled", {"name": name})
        else:
            yield from _raised(program, name, found.run.figures[name], values)


def _raised(program: Program, name: str, before: Values, after: Values) -> Iterator[Phrase]:
    unit = program.units[name]
    for cell, column in _columns(before).items():
        pairs = zip(column.values, _columns(after)[cell].values, strict=True)
        for who, (old, new) in zip(_recipients(program, name), pairs, strict=False):
            if old != new:
                shown: Value = Phrase("counterexample.at", {"name": name, "cell": cell})
                data: dict[str, Value] = {"name": shown if cell else name, "recipient": who}
                data |= {"before": measured(old, unit), "after": measured(new, unit)}
                yield Phrase("counterexample.becomes", data)


def _columns(values: Values) -> Mapping[tuple[str, ...], Column]:
    return values.columns if isinstance(values, Grid) else {(): values}
