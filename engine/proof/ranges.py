"""Between which limits every name, pot and line of a ruleset stays, whatever the figures are.

Abstract interpretation with intervals (Patrick and Radhia Cousot, "Abstract interpretation: a
unified lattice model for static analysis of programs", POPL 1977): each rule of the language is
followed with what its operands can be at least and at most, one by one and in sum. A figure is
anything that the rules let its statistic have: not less than nothing unless a lower limit says
otherwise or it is kronor, within stated limits, and with a stated sum.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import assert_never

from attrs import field, frozen

from dsl import axes
from dsl import syntax as s
from dsl.check.scope import Scope
from dsl.check.units import table_units
from dsl.program import Program, all_flows
from dsl.units import Unit, unit_of
from engine import lines
from engine.column import MAX_BITS
from engine.expressions import in_ledger_units, lower_limits
from engine.graph import Step, dependencies
from engine.inputs.statistics import limits_of, total_of
from engine.proof.interval import ANYTHING, NOT_NEGATIVE, Interval, Range, hull, only

_UNIT = Interval(Fraction(0), Fraction(1))


@frozen(slots=False)
class Ranges:
    """The limits of a program's names, in the ledger's unit where they are money.

    Attributes:
        program: the rules.
        any_amount: pots that may hold any amount, whatever the rules say.
    """

    program: Program
    any_amount: frozenset[str] = frozenset()
    _named: dict[str, Range] = field(factory=dict, init=False)
    _held: dict[str, Interval] = field(factory=dict, init=False)
    _sent: dict[tuple[str, int], Interval] = field(factory=dict, init=False)
    _parted: dict[str, int] = field(factory=dict, init=False)

    @cached_property
    def order(self) -> tuple[Step, ...]:
        """The steps of a program, each after all that it needs."""
        return dependencies(self.program).order() or ()

    def __attrs_post_init__(self) -> None:
        # In the order of computation, so that a chain of rules is followed link by link.
        for step in self.order:
            symbol = self.program.symbols[step.name]
            if isinstance(symbol, s.Pot) and step.kind == "send":
                self.sent(symbol, step.line)
            elif step.kind != "share":
                self.of_name(step.name)

    @cached_property
    def _unit_of(self) -> Callable[[s.Expression], Unit | None]:
        return table_units(Scope.of(self.program.document, self.program.registers))

    def is_share(self, expression: s.Expression) -> bool:
        """Whether an expression is a share: as a limit it is one of what the line moves."""
        unit = self._unit_of(expression)
        return unit is not None and unit.is_share

    # ------------------------------------------------------------ names and expressions

    def of_name(self, name: str) -> Range:
        """What a statistic, a definition or a pot can be; of a grid what it can be anywhere."""
        if name not in self._named:
            self._named[name] = self._of_symbol(name)
        return self._named[name]

    def _of_symbol(self, name: str) -> Range:
        match self.program.symbols[name]:
            case s.Statistic() as statistic:
                return self._of_statistic(statistic)
            case s.Definition() | s.Steps() as definition:
                return self._rounded(definition, self.of(definition.expression))
            case s.Pot() as pot:
                return Range(self.held(pot), self.held(pot), 1)
            case never:
                assert_never(never)

    def _of_statistic(self, statistic: s.Statistic) -> Range:
        noun = statistic.noun or self.program.noun
        length = len(self.program.registers[noun]) if statistic.per_recipient else 1
        if any(isinstance(part, s.FromRuleset) for part in statistic.parts):
            return Range.of(ANYTHING, length)  # what another ruleset pays may be a repayment
        unit = in_ledger_units(self.program.units[statistic.name.text], self.program.base)
        factor = only(statistic.growth * unit.scalar)
        said = None if statistic.axes else total_of(statistic)
        total = ANYTHING if said is None else only(said)
        each = _allowed(statistic)
        if each.is_not_negative:
            each = each.meet(Interval(None, total.high))
        return Range.of(each * factor, length, total * factor)

    def _rounded(self, definition: s.Defined, value: Range) -> Range:
        rounding = definition.rounding
        if definition.sort == "amount":
            said = self.program.rounding_of_amount(definition)
            size = Fraction(lines.rounding_unit(self.program, said))
            return value.rounded(size, said.method)
        if rounding is None or rounding.unit is None:
            return value
        unit = in_ledger_units(self.program.units[definition.name.text], self.program.base)
        size = rounding.unit * unit.scalar
        if not rounding.keeps_total:
            return value.rounded(size, rounding.method)
        total = value.summed().rounded(size, s.Method.NEAREST).each
        # Numbers less than nothing stop the run, so what is left shares a sum; but whoever bears
        # the difference may lose half a unit to each of the others.
        bears = rounding.difference is not None and rounding.method is s.Method.NEAREST
        low = -size * (value.length - 1) / 2 if bears else Fraction(0)
        return Range.of(Interval(low, total.high), value.length, total)

    def of(self, node: s.Expression) -> Range:
        """What an expression can be; without limits where the engine has too many digits."""
        found = self._of(node)
        return Range(_shortened(found.each), _shortened(found.total), found.length)

    def _of(self, node: s.Expression) -> Range:
        match node:
            case s.Quantity():
                unit = in_ledger_units(unit_of(node.unit), self.program.base)
                return Range.of(only(node.value * unit.scalar))
            case s.Ref(name):
                return self.of_name(name.text)
            case s.Negative(operand):
                return -self.of(operand)
            case s.SumOf(operand):
                return self.of(operand).summed()
            case s.ShareOf(operand):
                return self.of(operand).shares()
            case s.SumOver(operand, over):
                return self.of(operand).repeated(self._cells(over))
            case s.Binary(operator, left, right):
                return self._combined(operator, left, right)
            case s.Mix(parts):
                return _mixed([(part.weight.value, self.of(part.key)) for part in parts])
            case s.PhaseIn(old, new):
                weight = node.weight_in(self.program.year)
                return _mixed([(1 - weight, self.of(old)), (weight, self.of(new))])
            case s.StepFunction(measure, rungs):
                return self._stepped(self.of(measure), rungs)
            case s.SumTo() | s.AllPosts():
                return Range.of(ANYTHING)
            case never:
                assert_never(never)

    def _cells(self, over: tuple[s.Axis, ...]) -> int:
        cells = 1
        for axis in over:
            cells *= len(axes.chosen(self.program.axes[axis.name.text], axis))
        return cells

    def _combined(self, operator: s.Operator, left: s.Expression, right: s.Expression) -> Range:
        match operator:
            case "+":
                return self.of(left) + self.of(right)
            case "-" if left == right:
                return Range.of(only(0), self.of(left).length)
            case "-":
                return self.of(left) - self.of(right)
            case "*":
                return self.of(left) * self.of(right)
            case "/" if isinstance(right, s.SumOf) and right.operand == left:
                return self.of(left).shares()
            case "/":
                return self.of(left) / self.of(right)
            case never:
                assert_never(never)

    def _stepped(self, measure: Range, rungs: tuple[s.Rung, ...]) -> Range:
        """Any step that the measure can lie in."""
        starts = [self.of(low).each.low for low in lower_limits(rungs)]
        reached = []
        for place, rung in enumerate(rungs):
            begins = Interval(starts[place - 1] if place else None, None)
            ends = starts[place] if place < len(starts) else None
            high, low = measure.each.high, measure.each.low
            above = high is not None and begins.low is not None and high < begins.low
            below = low is not None and ends is not None and low >= ends
            if not above and not below:
                reached.append(self.of(rung.value))
        length = max([measure.length, *(one.length for one in reached)])
        if not reached:
            return Range.of(ANYTHING, length)  # no figures are allowed
        return Range.of(hull(one.each for one in reached), length)

    # ------------------------------------------------------------ money

    @cached_property
    def _feeds(self) -> Mapping[str, list[tuple[s.Post | s.Pot, int]]]:
        found: dict[str, list[tuple[s.Post | s.Pot, int]]] = {}
        for source, flow in all_flows(self.program.document):
            if isinstance(flow.destination, s.ToName):
                number = source.flows.index(flow)
                found.setdefault(flow.destination.name.text, []).append((source, number))
        return found

    def feeds(self, pot: s.Pot) -> list[tuple[s.Post | s.Pot, int]]:
        """The items and pots that send to a pot, and by which of their lines."""
        return self._feeds.get(pot.name.text, [])

    def held(self, pot: s.Pot) -> Interval:
        """What a pot can hold."""
        name = pot.name.text
        if name not in self._held:
            self._held[name] = self._filled(pot)
        return self._held[name]

    def _filled(self, pot: s.Pot) -> Interval:
        if pot.name.text in self.any_amount:
            return NOT_NEGATIVE
        if pot.amount is not None:
            return only(lines.whole_amount(self.program, pot.amount))
        return self.received(pot)

    def received(self, pot: s.Pot) -> Interval:
        """What other lines, and what rounding down leaves there, can send to a pot."""
        total = only(0)
        for source, number in self.feeds(pot):
            total += self.sent(source, number)
        for source, flow in self.residues(pot):
            rounding = self.program.rounding_of(source, flow)
            # Of each recipient less than one unit is left.
            most = Fraction(lines.rounding_unit(self.program, rounding))
            left = only(most * self.parties(source, flow))
            sent = self.sent(source, source.flows.index(flow))
            signs = Interval(
                Fraction(0 if sent.is_not_negative else -1),
                Fraction(0 if (-sent).is_not_negative else 1),
            )
            total += left * signs  # of a sum below nothing a debt is left
        return total

    def residues(self, pot: s.Pot) -> list[tuple[s.Pot, s.Flow]]:
        """The lines that leave to a pot what rounding down does not place."""
        return self._residues.get(pot.name.text, [])

    @cached_property
    def _residues(self) -> Mapping[str, list[tuple[s.Pot, s.Flow]]]:
        found: dict[str, list[tuple[s.Pot, s.Flow]]] = {}
        for source in self.program.pots:
            for flow in source.flows:
                bearer = self.program.rounding_of(source, flow).difference
                if isinstance(flow.destination, s.ByKey | s.Equally) and isinstance(bearer, s.Name):
                    found.setdefault(bearer.text, []).append((source, flow))
        return found

    def parties(self, pot: s.Pot, flow: s.Flow) -> int:
        """Among how many a line is shared, areas and those within them together."""
        areas = len(self.program.registers[flow.within.noun]) if flow.within else 0
        return len(self.program.register_of(pot)) + areas

    def sent(self, source: s.Post | s.Pot, number: int) -> Interval:
        """What a line can move in all."""
        if isinstance(source, s.Post):
            amount = source.flows[number].amount
            assert isinstance(amount, s.Quantity)
            return only(lines.whole_amount(self.program, amount))
        place = source.name.text, number
        if place not in self._sent:
            self._sent[place] = self._moved(source, number)
        return self._sent[place]

    def _moved(self, source: s.Pot, number: int) -> Interval:
        flow = source.flows[number]
        match flow.amount:
            case s.All():
                return self.held(source)
            case s.Rest():
                return self._rest(source, number)
            case s.Ref() | s.Quantity(_, ("kr",)):
                return self.claimed(source, number).total
        return self._part(source, lines.share_of(flow))

    def claimed(self, pot: s.Pot, number: int) -> Range:
        """What a line of an amount can pay each; nothing to those who fail its conditions."""
        flow = pot.flows[number]
        if isinstance(flow.amount, s.Ref):
            amount = self.of_name(flow.amount.name.text)
        else:
            assert isinstance(flow.amount, s.Quantity)
            amount = Range.of(only(lines.whole_amount(self.program, flow.amount)))
        if not isinstance(flow.destination, s.ToEach):
            return amount
        length = len(self.program.register_of(pot))
        amount = amount.spread(length)
        if flow.conditions or flow.in_proportion:
            amount = amount * Range.of(_UNIT, length)
        if flow.in_proportion:
            most = hull([only(0), self.held(pot)])
            total = amount.total.meet(most)
            return Range(amount.each, Interval(Fraction(0), total.high), length)
        return amount

    def taken(self, pot: s.Pot, rest: int) -> Interval:
        """What the lines that a rest comes after can take together."""
        total = only(0)
        for number in self.before_rest(pot, rest):
            total += self.sent(pot, number)
        return total

    def before_rest(self, pot: s.Pot, rest: int) -> list[int]:
        """The lines that are paid before a rest: all but the later rests."""
        rests = [n for n, flow in enumerate(pot.flows) if isinstance(flow.amount, s.Rest)]
        return [n for n in range(len(pot.flows)) if n != rest and (n not in rests or n < rest)]

    def _rest(self, pot: s.Pot, rest: int) -> Interval:
        held = self.held(pot)
        left = held - self.taken(pot, rest)
        if not held.is_not_negative:
            return left
        left = left.meet(NOT_NEGATIVE).meet(Interval(None, held.high))  # else the run stops
        flow = pot.flows[rest]
        ceiling = flow.limit("at_most") if isinstance(flow.destination, s.ToName) else None
        if ceiling is None:
            return left
        most = self.of(ceiling).each
        if self.is_share(ceiling):
            most = most * held
        most = hull([only(0), most])  # a ceiling below nothing lets nothing through
        return Interval(Fraction(0), left.meet(Interval(None, most.high)).high)

    def _finest(self, pot: s.Pot) -> int:
        """What a pot must be a whole number of times for all of its parts to be whole."""
        name = pot.name.text
        if name not in self._parted:
            shares = map(lines.share_of, pot.flows)
            self._parted[name] = lcm(*(share.denominator for share in shares))
        return self._parted[name]

    def _part(self, pot: s.Pot, share: Fraction) -> Interval:
        held = self.held(pot)
        exact = held * only(share)
        unit = lines.rounding_unit(self.program, self.program.rounding_of(pot))
        if held.only is not None and (held.only / (unit * self._finest(pot))).denominator == 1:
            return exact
        # All parts are rounded together when one is not whole. Sainte-Laguë may then round each
        # further than to the next unit, also a whole one, but by less than one for every part.
        error = Fraction(unit * (len(pot.flows) + 1))
        off = exact + Interval(-error, error)
        return off.meet(Interval(Fraction(0), held.high)) if held.is_not_negative else off


def _shortened(found: Interval) -> Interval:
    """Limits with so many digits as the engine computes with; others are as good as none."""
    low, high = (None if end is None or _too_long(end) else end for end in (found.low, found.high))
    return Interval(low, high)


def _too_long(number: Fraction) -> bool:
    return max(number.numerator.bit_length(), number.denominator.bit_length()) > MAX_BITS


def _allowed(statistic: s.Statistic) -> Interval:
    """What a single figure may be: an amount may be a debt, anything else not unless it says so."""
    low, high = limits_of(statistic)
    if low is None and statistic.unit != ("kr",):
        low = Fraction(0)
    return Interval(low, high)


def _mixed(parts: list[tuple[Fraction, Range]]) -> Range:
    """Weighted shares; a key that does not count this year has none."""
    counted = [(weight, key.shares()) for weight, key in parts if weight]
    total = Range.of(only(0))
    for weight, shares in counted:
        total += Range.of(only(weight)) * shares
    return total
