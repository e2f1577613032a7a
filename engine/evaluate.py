"""Evaluates a program exactly: figures in, ledger out, every pot used up to the last unit."""

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from functools import cached_property
from typing import assert_never

from attrs import evolve, field, frozen

from dsl import syntax as s
from dsl.check.scope import Scope
from dsl.check.units import table_units
from dsl.findings import Exact, Finding, Kronor, Label, Phrase, Value, finding
from dsl.printer import print_line
from dsl.program import Program
from dsl.source import Span
from dsl.units import Unit
from engine import lines
from engine.column import Column
from engine.expressions import (
    HOLDS,
    NOWHERE,
    Setting,
    Stopped,
    in_ledger_units,
    value_of,
)
from engine.graph import Step
from engine.grid import Cell, Grid, Values, at, each
from engine.ledger import Fixed, Ledger, Movement
from engine.nested import in_levels
from engine.rounding import round_each


@frozen
class Result:
    """What a program gives for its figures.

    Attributes:
        program: the rules.
        values: every statistic, amount, value and pot (money in the ledger's unit); those that
            have axes (``Program.grids``) as grids.
        holds: what each pot held.
        ledger: every movement of money.
    """

    program: Program
    values: Mapping[str, Values]
    holds: Mapping[str, int]
    ledger: Ledger


class NotConservedError(AssertionError):
    """A pot's movements do not add up to what it held: an error in the engine itself."""


def evaluate(
    program: Program, order: Iterable[Step], figures: Mapping[str, Values]
) -> tuple[Result | None, tuple[Finding, ...]]:
    """Run every step.

    Args:
        program: the checked rules.
        order: the steps, each after what it needs (``graph.Dependencies.order``).
        figures: a column per statistic, in register order and in the statistic's own unit; a grid
            of them per statistic that has axes.

    Returns:
        The result, or None and what stopped it: no weight to share by, an overdrawn pot, a
        division by zero. Nothing is ever paid in part.
    """
    run = _Run.start(program, figures)
    try:
        run.posts()
        for step in order:
            run.step(step)
        run.balance()
    except Stopped as stopped:
        return None, (_with_recipient(program, stopped.finding),)
    return Result(program, run.values, run.holds, Ledger(run.in_order(), program.base)), ()


def _with_recipient(program: Program, found: Finding) -> Finding:
    """A finding about one row of a column, with the name of the recipient that the row is for."""
    row, register = found.data.get("row"), program.register_of()
    if not isinstance(row, int) or found.data["all"] != Exact(len(register)):
        return found
    return evolve(found, data={**found.data, "recipient": register.recipients[row].name})


@frozen(slots=False)
class _Run:
    """The state of one run: what is known so far.

    Attributes:
        feeds: for each name the (pot, line) pairs whose lines go to it.
        received: what appropriation items and rounding have sent to each pot.
        parts: for each pot how much its lines move that take a part of it.
        sent: how much each line moves: one number, or one per recipient.
    """

    program: Program
    values: dict[str, Values]
    feeds: Mapping[str, list[tuple[s.Pot, int]]]
    holds: dict[str, int] = field(factory=dict)
    received: dict[str, int] = field(factory=dict)
    parts: dict[str, dict[int, int]] = field(factory=dict)
    sent: dict[tuple[str, int], Column] = field(factory=dict)
    movements: list[Movement] = field(factory=list)

    @classmethod
    def start(cls, program: Program, figures: Mapping[str, Values]) -> "_Run":
        """Nothing is known but the figures, in the ledger's unit."""
        values: dict[str, Values] = {}
        for name, found in figures.items():
            unit = in_ledger_units(program.units[name], program.base)
            values[name] = each(found, unit.__mul__)
        feeds: dict[str, list[tuple[s.Pot, int]]] = {}
        for pot in program.pots:
            for number, flow in enumerate(pot.flows):
                if isinstance(flow.destination, s.ToName):
                    feeds.setdefault(flow.destination.name.text, []).append((pot, number))
        return cls(program, values, feeds)

    def step(self, step: Step) -> None:
        """Carry out one step of the plan."""
        match self.program.symbols[step.name]:
            case s.Definition() | s.Steps() as definition:
                self.values[step.name] = self._defined(definition)
            case s.Pot() as pot if step.kind == "fill":
                self.holds[step.name] = self._filled(pot)
                self.values[step.name] = Column((self.holds[step.name],))
            case s.Pot() as pot if step.kind == "send":
                self.sent[step.name, step.line] = self._send(pot, step.line)
            case s.Pot() as pot if step.kind == "share":
                self._record(self._share(pot, step.line))

    def _record(self, moved: list[Movement]) -> None:
        self.movements.extend(moved)
        for residue in moved[1:]:
            self._receive(residue)

    def _receive(self, movement: Movement) -> None:
        target = movement.target or ""
        if target in self.holds:  # what comes after a pot was filled would be lost
            raise NotConservedError(target, self.holds[target], movement.total)
        self.received[target] = self.received.get(target, 0) + movement.total

    # ------------------------------------------------------------ values and pots

    def _defined(self, definition: s.Defined) -> Values:
        axes = self.program.grids.get(definition.name.text)
        if axes is None:
            return self._defined_at(definition, {})
        return Grid.over(axes, self.program.axes, lambda cell: self._defined_at(definition, cell))

    def _defined_at(self, definition: s.Defined, cell: Cell) -> Column:
        """A definition's value in one place; an amount is rounded in each."""
        value = self._value(definition.expression, cell)
        if definition.sort == "value":
            unit = in_ledger_units(self.program.units[definition.name.text], self.program.base)
            return lines.to_decimals(value, definition, unit)
        rounding = self.program.rounding_of_amount(definition)
        unit = Column((lines.rounding_unit(self.program, rounding),))
        return Column(round_each(value / unit, rounding.method)) * unit

    def _value(self, expression: s.Expression, cell: Cell = NOWHERE) -> Column:
        setting = Setting(self.program.base, self.program.year, self.program.axes)
        return value_of(expression, self.values.__getitem__, setting, cell=cell)

    def _filled(self, pot: s.Pot) -> int:
        name = pot.name.text
        feeds = self.feeds.get(name, [])
        sent = self.received.get(name, 0) + sum(self._total_sent(*feed) for feed in feeds)
        if pot.amount is None:
            return sent
        stated = lines.whole_amount(self.program, pot.amount)
        if (feeds or name in self.received) and sent != stated:
            raise Stopped(self._sent_otherwise(pot, pot.amount, stated, sent))
        return stated

    def _sent_otherwise(self, pot: s.Pot, amount: s.Quantity, stated: int, sent: int) -> Finding:
        """The pot's own amount is not what the figures make other lines send to it."""
        labels = [Label(amount.span, "pot", {"amount": self._kronor(stated)})]
        for source, number in self.feeds.get(pot.name.text, ()):
            came = self._kronor(self._total_sent(source, number))
            labels.append(Label(source.flows[number].span, "line", {"amount": came}))
        data: dict[str, Value] = {
            "pot": pot.name.text,
            "stated": self._kronor(stated),
            "sent": self._kronor(sent),
            "difference": self._kronor(abs(sent - stated)),
            "line": print_line(evolve(pot, amount=None), self.program.document.language),
        }
        return Finding("F209", tuple(labels), data)

    # ------------------------------------------------------------ lines

    def _send(self, pot: s.Pot, number: int) -> Column:
        """How much a line moves: in all, or to each."""
        flow = pot.flows[number]
        held = self.holds.get(pot.name.text, 0)
        match flow.amount:
            case s.Ref(name):
                return self._to_those_who_qualify(pot, number, at(self.values[name.text], {}))
            case s.Quantity(_, ("kr",)) as quantity:
                amount = Column((lines.whole_amount(self.program, quantity),))
                return self._to_those_who_qualify(pot, number, amount)
            case s.All():
                return Column((held,))
            case s.Rest():
                return Column((self._rest(pot, number, held),))
        if pot.name.text not in self.parts:
            self.parts[pot.name.text] = lines.part_amounts(self.program, pot, held)
        return Column((self.parts[pot.name.text][number],))

    def _earned(self, pot: s.Pot, number: int, amounts: Column) -> Column:
        """What a ``belopp`` pays; less than nothing would be paid by the others in the pot."""
        negative = next((n for n, top in enumerate(amounts.numerators) if top < 0), None)
        if negative is None:
            return amounts
        amount = self._kronor(amounts.numerators[negative])
        who: Value = Phrase(f"nouns.{pot.noun or self.program.noun}")
        match pot.flows[number].destination:
            case s.ToName(name) if len(amounts) == 1:
                who = name.text
            case _ if len(amounts) > 1:
                who = self.program.register_of(pot).recipients[negative].name
        data: dict[str, Value] = {"pot": pot.name.text, "amount": amount, "recipient": who}
        raise Stopped(finding("F512", pot.flows[number].amount.span, "here", **data))

    def _to_those_who_qualify(self, pot: s.Pot, number: int, amount: Column) -> Column:
        """An amount to each, nothing to those who fail a condition, claims reduced if need be."""
        flow = pot.flows[number]
        if not isinstance(flow.destination, s.ToEach):
            return self._earned(pot, number, amount)
        length = len(self.program.register_of(pot))
        if flow.conditions:
            amount = amount.spread(length) * self._eligible(flow, length)
        sent = self._earned(pot, number, amount)
        if not flow.in_proportion:
            return sent
        siblings = (n for n, one in enumerate(pot.flows) if n != number and not _is_rest(one))
        available = self.holds[pot.name.text] - sum(self._total_sent(pot, n) for n in siblings)
        claims = sent.spread(length).numerators
        return Column(lines.in_proportion(self.program, pot, flow, claims, available))

    def _eligible(self, flow: s.Flow, length: int) -> Column:
        """One for each recipient who meets every condition of a line, else zero."""
        eligible = Column((1,) * length)
        for condition in flow.conditions:
            rows = [self._holds(one, length) for one in condition.alternatives]
            eligible *= Column(tuple(int(any(row)) for row in zip(*rows, strict=True)))
        return eligible

    def _holds(self, one: s.Comparison, length: int) -> list[bool]:
        difference = self._value(one.left) - self._value(one.right)
        return [HOLDS[one.relation](value) for value in difference.spread(length).values]

    def _total_sent(self, pot: s.Pot, number: int) -> int:
        sent = self.sent[pot.name.text, number]
        if isinstance(pot.flows[number].destination, s.ToEach):
            sent = sent.spread(len(self.program.register_of(pot)))
        return _whole(sent.total())

    def _rest(self, pot: s.Pot, rest: int, held: int) -> int:
        """What the other lines leave; of several rests the earlier ones have ceilings."""
        taking = [n for n, one in enumerate(pot.flows) if n < rest or not _is_rest(one)]
        others = {n: self._total_sent(pot, n) for n in taking if n != rest}
        left = held - sum(others.values())
        if left < 0 <= held or (held < 0 and not held <= left <= 0):
            raise Stopped(self._overdrawn(pot, rest, held, others))
        flow = pot.flows[rest]
        ceiling = flow.limit("at_most") if isinstance(flow.destination, s.ToName) else None
        if ceiling is not None and held < 0:
            raise Stopped(finding("F510", ceiling.span, "here", pot=pot.name.text))
        return left if ceiling is None else min(left, self._at_most(ceiling, held))

    def _at_most(self, ceiling: s.Expression, held: int) -> int:
        found = self._limit(ceiling, held).total()
        return max(round_each(found, s.Method.DOWN)[0], 0)

    def _limit(self, limit: s.Expression, moved: int) -> Column:
        """A limit in the ledger's unit; a share is of what the line moves."""
        value, unit = self._value(limit), self._unit_of(limit)
        return value * Column((moved,)) if unit is not None and unit.is_share else value

    def _overdrawn(self, pot: s.Pot, rest: int, held: int, others: dict[int, int]) -> Finding:
        taken = sum(others.values())
        labels = [
            Label(pot.flows[number].span, "line", {"amount": self._kronor(amount)})
            for number, amount in others.items()
        ]
        data: dict[str, Value] = {
            "pot": pot.name.text,
            "held": self._kronor(held),
            "taken": self._kronor(taken),
            "difference": self._kronor(taken - held),
        }
        return Finding("F503", (Label(pot.flows[rest].span, "rest"), *labels), data)

    def _kronor(self, amount: int) -> Kronor:
        return lines.kronor(self.program, amount)

    def _share(self, pot: s.Pot, number: int) -> list[Movement]:
        """Who gets what a line moves; anything after the first movement is rounding's residue."""
        sent, within = self.sent[pot.name.text, number], pot.flows[number].within
        if within is not None:
            return [self._in_levels(pot, number, within)]
        match pot.flows[number].destination:
            case s.ToEach():
                return [lines.to_each(self.program, pot, number, sent)]
            case s.ToName(name):
                total = _whole(sent.total())
                return [lines.to_name(self.program, pot, number, total, name.text)]
            case s.ByKey() | s.Equally() as by:
                return self._by_weight(pot, number, by)
            case destination:
                assert_never(destination)

    def _scale(self, key: s.Expression) -> Fraction:
        """What one of a key's unit is in the ledger: a key of kronor is counted in öre there."""
        unit = None if self.program.base == 1 else self._unit_of(key)
        return Fraction(1) if unit is None else in_ledger_units(unit, self.program.base).scalar

    @cached_property
    def _unit_of(self) -> Callable[[s.Expression], Unit | None]:
        return table_units(Scope.of(self.program.document, self.program.registers))

    def _by_weight(self, pot: s.Pot, number: int, by: s.ByKey | s.Equally) -> list[Movement]:
        total = _whole(self.sent[pot.name.text, number].total())
        claim = self._claim(pot, pot.flows[number], by, total)
        return lines.by_key(self.program, pot, number, total, claim)

    def _claim(self, pot: s.Pot, flow: s.Flow, by: s.ByKey | s.Equally, total: int) -> lines.Claim:
        """By what a pot's recipients share a line, with its conditions and limits."""
        weights, scale = self._weights(by)
        register = self.program.register_of(pot)
        eligible = self._eligible(flow, len(register))
        floor, ceiling = flow.limit("at_least"), flow.limit("at_most")
        floors = None if floor is None else self._limit(floor, total) * eligible
        ceilings = None if ceiling is None else self._limit(ceiling, total) * eligible
        weights = weights.spread(len(register)) * eligible
        nobody = bool(flow.conditions) and not any(eligible.numerators)
        place = _key_span(by)
        return lines.Claim(weights, floors, ceilings, place, register, scale, nobody=nobody)

    def _weights(self, by: s.ByKey | s.Equally) -> tuple[Column, Fraction]:
        """The weights to share by, and what one of the key's unit is in their numbers."""
        if isinstance(by, s.Equally):
            return Column((1,)), Fraction(1)
        return self._value(by.key), self._scale(by.key)

    # ------------------------------------------------------------ two levels

    def _in_levels(self, pot: s.Pot, number: int, within: s.Within) -> Movement:
        """A line that areas share first, and the recipients within each of them then."""
        flow = pot.flows[number]
        total = _whole(self.sent[pot.name.text, number].total())
        areas = self.program.registers[within.noun]
        by = flow.destination
        assert isinstance(by, s.ByKey | s.Equally)
        weights, scale = self._of_areas(pot, by, within.noun)
        weights = weights.spread(len(areas))
        outer = lines.Claim(weights, None, None, _key_span(by), areas, scale)
        inner = self._claim(pot, flow, within.destination, total)
        return in_levels(self.program, pot, number, total, outer, inner)

    def _of_areas(self, pot: s.Pot, by: s.ByKey | s.Equally, noun: str) -> tuple[Column, Fraction]:
        """One weight per area; figures for the recipients within are added up."""
        weights, scale = self._weights(by)
        register = self.program.register_of(pot)
        if isinstance(by, s.Equally) or not self.program.adds_up(by.key, register):
            return weights, scale
        areas = len(self.program.registers[noun])
        return weights.gathered(register.within[noun], areas), scale

    # ------------------------------------------------------------ items, adjustments, the balance

    def posts(self) -> None:
        """The lines of appropriation items: fixed amounts to pots and other recipients."""
        for appropriation in self.program.appropriations:
            for post in appropriation.parts:
                for number, flow in enumerate(post.flows):
                    movement = self._from_post(appropriation, post, number, flow)
                    self.movements.append(movement)
                    self._receive(movement)

    def _from_post(
        self, appropriation: s.Appropriation, post: s.Post, number: int, flow: s.Flow
    ) -> Movement:
        assert isinstance(flow.amount, s.Quantity)
        assert isinstance(flow.destination, s.ToName)
        amounts = (lines.whole_amount(self.program, flow.amount),)
        target = flow.destination.name.text
        source = lines.item(appropriation, post)
        return Movement(
            source, number, flow.span, amounts, Fixed(), None, target, flow.paid, is_item=True
        )

    def balance(self) -> None:
        """Adjust, and assert that each pot gave out what it held, no more and no less."""
        for pot in self.program.pots:
            self._adjust(pot)
        given: dict[str, int] = {}
        for one in (moved for moved in self.movements if not moved.is_item):
            given[one.source] = given.get(one.source, 0) + one.total
        for name, held in self.holds.items():
            if given.get(name, 0) != held:
                raise NotConservedError(name, held, given.get(name, 0))

    def _adjust(self, pot: s.Pot) -> None:
        """Move kronor by hand, but never more than a recipient has in the pot."""
        if not pot.adjustments:
            return
        register = self.program.register_of(pot)
        given = Ledger(tuple(self.movements)).of_pot(pot.name.text) or (0,) * len(register)
        for adjustment in pot.adjustments:
            moved = lines.adjusted(self.program, pot, adjustment)
            self.movements.append(moved)
            given = tuple(map(sum, zip(given, moved.amounts, strict=True)))
            position = register.position(adjustment.recipient.text) or 0
            if given[position] < 0 < self.holds[pot.name.text]:
                data: dict[str, Value] = {
                    "pot": pot.name.text,
                    "recipient": adjustment.recipient.text,
                    "left": self._kronor(given[position]),
                }
                raise Stopped(finding("F513", adjustment.span, "here", **data))

    def in_order(self) -> tuple[Movement, ...]:
        """The movements in the order of the rules, not of the computation."""
        places: dict[tuple[bool, str], int] = {}
        for one in self.program.document.statements:
            if isinstance(one, s.Pot):
                places[False, one.name.text] = len(places)
            elif isinstance(one, s.Appropriation):
                for post in one.parts:
                    places[True, lines.item(one, post)] = len(places)
        return tuple(sorted(self.movements, key=lambda m: (places[m.is_item, m.source], m.line)))


def _key_span(by: s.ByKey | s.Equally) -> Span:
    return by.key.span if isinstance(by, s.ByKey) else by.span


def _is_rest(flow: s.Flow) -> bool:
    return isinstance(flow.amount, s.Rest)


def _whole(column: Column) -> int:
    value = column.scalar
    assert value.denominator == 1
    return value.numerator
