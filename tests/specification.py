"""What the language means, said as naively as possible: an executable specification.

Recipient by recipient, in fractions of a krona and dictionaries. Slow, and obvious; it shares no
code with the engine, which is tested against it.
"""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import product
from math import floor
from typing import Any, TypeVar

from attrs import define, evolve, field, frozen

from dsl import syntax as s
from dsl.program import Program
from dsl.units import SHARE
from tests.specified_rounding import Impossible, Limits, alone, split, split_within

Row = dict[str, Fraction]
"""A number for the code of each recipient."""

Value = Fraction | Row
Grid = dict[tuple[str, ...], Value]
"""What there is for each combination of members of its axes."""

Line = tuple[str, int]
K = TypeVar("K")
V = TypeVar("V")


class Refused(Exception):  # noqa: N818 - named for the fact
    """These rules give no result for these figures, and nobody is paid anything."""


class _NotYet(Exception):  # noqa: N818 - named for the fact
    """Something that is needed first is not known so far."""


@frozen
class Meaning:
    """What a program means for its figures, in kronor.

    Attributes:
        pots: what each pot gives the recipients of its register, adjustments included.
        holds: what each pot held.
        others: what goes to each name outside the register.
        checks: whether each check holds.
    """

    pots: Mapping[str, Row]
    holds: Mapping[str, Fraction]
    others: Mapping[str, Fraction]
    checks: tuple[bool, ...]


def meaning(
    program: Program,
    figures: Mapping[str, Mapping[str, Fraction]],
    grids: Mapping[str, Mapping[tuple[str, ...], Value]] | None = None,
) -> Meaning:
    """Work a program out; raises ``Refused``."""
    work = _Work(program)
    work.known.update({name: dict(row) for name, row in figures.items()})
    work.grids.update({name: dict(cells) for name, cells in (grids or {}).items()})
    tasks = [*work.tasks()]
    while tasks:
        waiting = [task for task in tasks if not _is_done(task)]
        assert len(waiting) < len(tasks), "the rules run in a circle"
        tasks = waiting
    work.adjust()
    return Meaning(work.given, work.holds, work.others, tuple(map(work.check, program.checks)))


def _is_done(task: Callable[[], None]) -> bool:
    try:
        task()
    except _NotYet:
        return False
    return True


@define
class _Work:
    program: Program
    known: dict[str, Value] = field(factory=dict)
    grids: dict[str, Grid] = field(factory=dict)
    place: dict[str, str] = field(factory=dict)
    holds: dict[str, Fraction] = field(factory=dict)
    sent: dict[Line, Fraction] = field(factory=dict)
    residues: dict[Line, Fraction] = field(factory=dict)
    given: dict[str, Row] = field(factory=dict)
    others: dict[str, Fraction] = field(factory=dict)

    def tasks(self) -> list[Callable[[], None]]:
        """Everything there is to find out, in no particular order."""
        pots = self.program.pots
        lines = [(pot, number) for pot in pots for number in range(len(pot.flows))]
        for pot in pots:
            self.given[pot.name.text] = dict.fromkeys(self.codes(pot), Fraction(0))
        for flow in (flow for post in self.program.posts for flow in post.flows):
            self.send_out(_name_of(flow), self.money(flow.amount))
        return [
            *(lambda one=one: self.define(one) for one in self.program.definitions),
            *(lambda pot=pot: self.fill(pot) for pot in pots),
            *(lambda pot=pot, n=n: self.send(pot, n) for pot, n in lines),
            *(lambda pot=pot, n=n: self.share(pot, n) for pot, n in lines),
        ]

    # ------------------------------------------------------------ who, and how it is rounded

    def pot(self, name: str) -> s.Pot | None:
        return next((one for one in self.program.pots if one.name.text == name), None)

    def codes(self, pot: s.Pot | None = None) -> list[str]:
        register = self.program.registers[(pot and pot.noun) or self.program.noun]
        return [one.code for one in register.recipients]

    def code(self, pot: s.Pot, name: s.Name) -> str:
        recipients = self.program.registers[pot.noun or self.program.noun].recipients
        spelt = " ".join(name.text.split()).casefold()
        for one in recipients:
            if spelt in {known.casefold() for known in (one.code, one.name, *one.aliases)}:
                return one.code
        raise AssertionError(name)

    def rules(self) -> dict[str, s.Rounding]:
        statements = self.program.document.statements
        return {one.scope: one.rounding for one in statements if isinstance(one, s.RoundingRule)}

    def rounding(self, pot: s.Pot, flow: s.Flow | None = None) -> s.Rounding:
        around = pot.rounding or self.rules()["shares"]
        said = flow.rounding if flow and flow.rounding else around
        return evolve(said, unit=said.unit or around.unit, ties=said.ties or around.ties)

    def unit(self, said: s.Rounding, scope: str) -> Fraction:
        return said.unit or self.rules()[scope].unit or Fraction(1)

    def ties(self, said: s.Rounding) -> s.Ties:
        return said.ties or self.rules()["shares"].ties or s.Ties.CODE

    def smallest(self) -> Fraction:
        """One krona; one öre if anything at all is rounded to öre."""
        said: list[s.Rounding | None] = [*self.rules().values()]
        said += [one.rounding for one in self.program.definitions if one.sort == "amount"]
        for pot in self.program.pots:
            said += [pot.rounding, *(flow.rounding for flow in pot.flows)]
        in_ore = any(one and one.unit and one.unit.denominator > 1 for one in said)
        return Fraction(1, 100) if in_ore else Fraction(1)

    # ------------------------------------------------------------ expressions

    def value(self, node: s.Expression) -> Value:  # noqa: PLR0912 - one case per kind
        match node:
            case s.Quantity(number, unit):
                return number / 100 if unit[:1] == ("percent",) else number
            case s.Ref(name):
                return self.named(name.text)
            case s.Negative(operand):
                return _each(lambda a, _: -a, self.value(operand), Fraction(0))
            case s.SumOf(operand):
                return _total(self.value(operand))
            case s.SumOver(operand, axes):
                return self.sum_over(operand, axes)
            case s.ShareOf(operand):
                value = self.value(operand)
                return _each(_quotient, value, _total(value))
            case s.Binary(sign, left, right):
                return _each(_ARITHMETIC[sign], self.value(left), self.value(right))
            case s.SumTo(name):
                return self.others.get(name.text, Fraction(0))
            case s.AllPosts():
                flows = (flow for post in self.program.posts for flow in post.flows)
                return sum((self.money(flow.amount) for flow in flows), Fraction(0))
            case s.Mix(parts):
                return self.mixed([(_weight(part.weight), part.key) for part in parts])
            case s.PhaseIn(old, new, stages):
                begun = [one.weight.number for one in stages if one.year <= self.program.year]
                weight = (begun or [Fraction(0)])[-1] / 100
                return self.mixed([(1 - weight, old), (weight, new)])
            case s.StepFunction(measure, rungs):
                measured, given = self.value(measure), [self.value(one.value) for one in rungs]
                rows = [one for one in (measured, *given) if isinstance(one, dict)]
                if not rows:
                    return given[_step(measured, rungs)]
                return {
                    code: _at(given[_step(_at(measured, code), rungs)], code) for code in rows[0]
                }

    def sum_over(self, operand: s.Expression, axes: Sequence[s.Axis]) -> Value:
        """An expression in every place of its first axis, and so on, added."""
        if not axes:
            return self.value(operand)
        first, *others = axes
        members = self.members(first.name.text)
        names = [member.casefold() for member in members]
        if first.first and first.last:
            low, high = (names.index(end.text.casefold()) for end in (first.first, first.last))
            members = members[low : high + 1]
        total: Value = Fraction(0)
        around = dict(self.place)
        for member in members:
            self.place = {**around, first.name.text: member}
            total = _each(_ARITHMETIC["+"], total, self.sum_over(operand, others))
        self.place = around
        return total

    def members(self, axis: str) -> list[str]:
        dimensions = (one for one in self.program.document.statements)
        (found,) = (
            one for one in dimensions if isinstance(one, s.Dimension) and one.name.text == axis
        )
        return [member.text for member in found.members]

    def mixed(self, parts: list[tuple[Fraction, s.Expression]]) -> Value:
        """Each recipient's shares of several keys, weighted and added."""
        mixed: Value = Fraction(0)
        for weight, key in parts:
            value = self.value(key)
            # A key that does not count need not have anything to divide by.
            shares = _each(_quotient, value, _total(value)) if weight else value
            part = _each(_ARITHMETIC["*"], weight, shares)
            mixed = _each(_ARITHMETIC["+"], mixed, part)
        return mixed

    def named(self, name: str) -> Value:
        if self.pot(name):
            return _found(self.holds, name)
        axes = self.program.grids.get(name)
        if axes:
            return _found(self.grids, name)[tuple(self.place[axis] for axis in axes)]
        return _found(self.known, name)

    def define(self, one: s.Defined) -> None:
        """A definition, or one for each place of the axes that it has."""
        name = one.name.text
        axes = self.program.grids.get(name)
        if not axes:
            self.known[name] = self.defined(one)
            return
        cells: Grid = {}
        for members in product(*map(self.members, axes)):
            self.place.update(zip(axes, members, strict=True))
            cells[members] = self.defined(one)
        self.place.clear()
        self.grids[name] = cells

    def defined(self, one: s.Defined) -> Value:
        value = self.value(one.expression)
        if one.sort == "value" and one.rounding is not None and one.rounding.unit is not None:
            said, size = one.rounding, one.rounding.unit
            value = _each(lambda a, _: alone(a / size, said.method) * size, value, Fraction(0))
        if one.sort == "amount":
            said = one.rounding or self.rules()["amounts"]
            scope = "amounts" if "amounts" in self.rules() else "shares"
            unit = self.unit(said, scope)
            value = _each(lambda a, _: alone(a / unit, said.method) * unit, value, Fraction(0))
        return value

    def check(self, one: s.Check) -> bool:
        gap = _each(_ARITHMETIC["-"], self.value(one.left), self.value(one.right))
        gaps = gap.values() if isinstance(gap, dict) else [gap]
        return all(_HOLDS[one.relation](each) for each in gaps)

    def takes_part(self, flow: s.Flow, code: str) -> bool:
        """Whether a recipient meets every condition of a line."""
        return all(
            any(self.holds_for(one, code) for one in condition.alternatives)
            for condition in flow.conditions
        )

    def holds_for(self, one: s.Comparison, code: str) -> bool:
        gap = _at(self.value(one.left), code) - _at(self.value(one.right), code)
        return _HOLDS[one.relation](gap)

    # ------------------------------------------------------------ money

    def money(self, amount: s.Amount) -> Fraction:
        """A written amount, which must be whole kronor (or öre)."""
        assert isinstance(amount, s.Quantity)
        if (amount.number / self.smallest()).denominator != 1:
            raise Refused
        return amount.number

    def fill(self, pot: s.Pot) -> None:
        """What a pot holds: what is sent to it, which must be its own amount if it has one."""
        name = pot.name.text
        posts = (flow for post in self.program.posts for flow in post.flows)
        came = [self.money(flow.amount) for flow in posts if _name_of(flow) == name]
        for other in self.program.pots:
            for number, flow in enumerate(other.flows):
                line = (other.name.text, number)
                if _name_of(flow) == name:
                    came.append(_found(self.sent, line))
                shared = isinstance(flow.destination, s.ByKey | s.Equally)
                if shared and self.bearer(other, flow) == name:
                    came += [_found(self.residues, line)] if _found(self.residues, line) else []
        if pot.amount and came and sum(came) != pot.amount.number:
            raise Refused
        self.holds[name] = self.money(pot.amount) if pot.amount else sum(came, Fraction(0))

    def bearer(self, pot: s.Pot, flow: s.Flow) -> str | None:
        """The pot that gets what rounding down leaves, if one does."""
        rounding = self.rounding(pot, flow)
        bearer = rounding.difference
        if rounding.method is s.Method.DOWN and isinstance(bearer, s.Name):
            return bearer.text if self.pot(bearer.text) else None
        return None

    def send(self, pot: s.Pot, number: int) -> None:
        """How much a line moves in all."""
        flow = pot.flows[number]
        match flow.amount:
            case s.Rest():
                total = self.rest(pot, number)
            case s.All():
                total = _found(self.holds, pot.name.text)
            case s.Part() | s.Quantity(_, ("percent",)):
                total = self.parts(pot)[number]
            case _:
                total = sum(self.rows(pot, flow).values(), Fraction(0))
        self.sent[pot.name.text, number] = total

    def rows(self, pot: s.Pot, flow: s.Flow) -> Row:
        """An amount for each recipient; a single amount that is not ``to each``, under no code."""
        ref = flow.amount if isinstance(flow.amount, s.Ref) else None
        value = self.named(ref.name.text) if ref else self.money(flow.amount)
        if isinstance(flow.destination, s.ToEach):
            paid = {
                code: _at(value, code) if self.takes_part(flow, code) else Fraction(0)
                for code in self.codes(pot)
            }
        else:
            paid = value if isinstance(value, dict) else {"": value}
        if min(paid.values()) < 0:
            raise Refused
        return self.reduced(pot, flow, paid) if flow.in_proportion else paid

    def reduced(self, pot: s.Pot, flow: s.Flow, claims: Row) -> Row:
        """Claims in proportion to what they are, when the other lines leave too little for them."""
        others = [n for n, one in enumerate(pot.flows) if one is not flow and not _is_rest(one)]
        left = max(_found(self.holds, pot.name.text) - self.taken(pot, others), Fraction(0))
        if sum(claims.values()) <= left:
            return claims
        said, weights = self.rounding(pot, flow), [*claims.values()]
        unit = self.unit(said, "shares")
        most = [floor(one / unit) for one in weights]
        none, all_of_it = [Fraction(0) for _ in most], [Fraction(one) for one in most]
        total = min(floor(left / unit), sum(most))
        bearer, largest = self.who_bears(pot, flow)
        paid = split_within(
            total,
            weights,
            said.method,
            self.ties(said),
            Limits(none, all_of_it),
            bearer,
            to_largest=largest,
        )
        return {code: units * unit for code, units in zip(claims, paid, strict=True)}

    def who_bears(self, pot: s.Pot, flow: s.Flow) -> tuple[int | None, bool]:
        """The place of the named recipient who bears a difference; or whether the largest does."""
        said = self.rounding(pot, flow)
        if isinstance(said.difference, s.Name) and not self.bearer(pot, flow):
            return self.codes(pot).index(self.code(pot, said.difference)), False
        return None, isinstance(said.difference, s.Largest)

    def rest(self, pot: s.Pot, number: int) -> Fraction:
        """What is left after all lines that take no rest, and all rests before this one."""
        flow, held = pot.flows[number], _found(self.holds, pot.name.text)
        before = [n for n in range(len(pot.flows)) if n < number or not _is_rest(pot.flows[n])]
        left = held - self.taken(pot, [n for n in before if n != number])
        if left < 0 <= held or (held < 0 and not held <= left <= 0):
            raise Refused
        ceiling = flow.limit("at_most") if isinstance(flow.destination, s.ToName) else None
        if ceiling is None:
            return left
        if held < 0:
            raise Refused
        most = _at(self.limit(ceiling, held), "")
        return min(left, max(floor(most / self.smallest()), 0) * self.smallest())

    def taken(self, pot: s.Pot, numbers: list[int]) -> Fraction:
        return sum((_found(self.sent, (pot.name.text, n)) for n in numbers), Fraction(0))

    def limit(self, limit: s.Expression, moved: Fraction) -> Value:
        """A limit in kronor; a percentage or a share is of what the line moves."""
        value = self.value(limit)
        percent = isinstance(limit, s.Quantity) and limit.unit == ("percent",)
        if isinstance(limit, s.Ref | s.ShareOf):
            named = isinstance(limit, s.Ref) and self.program.units[limit.name.text]
            percent = isinstance(limit, s.ShareOf) or named == SHARE
        return _each(_ARITHMETIC["*"], value, moved) if percent else value

    def parts(self, pot: s.Pot) -> dict[int, Fraction]:
        """What each line takes that takes a part of the pot, in the pot's unit if that goes.

        If they are not all whole, they are rounded by the pot's method: together with the rest
        of the pot, or among themselves when no line takes the rest.
        """
        said, held = self.rounding(pot), _found(self.holds, pot.name.text)
        shares = {n: _share(flow) for n, flow in enumerate(pot.flows) if _share(flow)}
        weights, taken = [*shares.values()], sum(shares.values(), Fraction(0))
        if any(isinstance(flow.amount, s.Rest) for flow in pot.flows):
            weights, taken = [*weights, 1 - taken], Fraction(1)
        units = (self.unit(said, "shares"), Fraction(1))
        fitting = (unit for unit in units if (held * taken / unit).denominator == 1)
        unit = next(fitting, self.smallest())
        if all((held * share / unit).denominator == 1 for share in shares.values()):
            return {n: held * share for n, share in shares.items()}
        if said.method not in {s.Method.LARGEST_REMAINDER, s.Method.SAINTE_LAGUE}:
            raise Refused
        whole = split(int(held * taken / unit), weights, said.method, self.ties(said))
        return {n: number * unit for n, number in zip(shares, whole, strict=False)}

    def share(self, pot: s.Pot, number: int) -> None:
        """Who gets what a line moves."""
        flow, total = pot.flows[number], _found(self.sent, (pot.name.text, number))
        if flow.within is not None:
            self.in_levels(pot, flow, flow.within, total)
            return
        match flow.destination:
            case s.ToEach():
                for code, amount in self.rows(pot, flow).items():
                    self.give(pot, code, amount)
            case s.ToName(name) if self.pot(name.text) or name.text in self.program.others:
                self.send_out(name.text, total)
            case s.ToName(name):
                self.give(pot, self.code(pot, name), total)
            case s.ByKey(key):
                self.by_key(pot, number, total, self.value(key))
            case s.Equally():
                self.by_key(pot, number, total, Fraction(1))

    def by_key(self, pot: s.Pot, number: int, total: Fraction, value: Value) -> None:
        codes, flow = self.codes(pot), pot.flows[number]
        weights = [
            _at(value, code) if self.takes_part(flow, code) else Fraction(0) for code in codes
        ]
        said, to_pot = self.rounding(pot, flow), self.bearer(pot, flow)
        unit = self.unit(said, "shares")
        if min(weights) < 0 or not any(weights) or (total / unit).denominator != 1:
            raise Refused
        bearer, largest = self.who_bears(pot, flow)
        units, ties = int(total / unit), self.ties(said)
        limits = self.limits(pot, flow, total, unit)
        if limits is None:
            bearer = weights.index(max(weights)) if largest else bearer
            whole = split(units, weights, said.method, ties, bearer)
        else:
            whole = _within(units, weights, said.method, ties, limits, bearer, to_largest=largest)
        if sum(whole) > 0 > min(whole):
            raise Refused
        for code, units in zip(codes, whole, strict=True):
            self.give(pot, code, units * unit)
        left = self.residues[pot.name.text, number] = total - sum(whole) * unit
        if to_pot and left:
            self.send_out(to_pot, left)

    def limits(self, pot: s.Pot, flow: s.Flow, total: Fraction, unit: Fraction) -> Limits | None:
        """Floors and ceilings in units; those who do not take part have neither more nor less."""
        if not flow.limits:
            return None
        if total < 0:
            raise Refused
        floors = self.side(pot, flow, flow.limit("at_least"), total, unit)
        ceilings = self.side(pot, flow, flow.limit("at_most"), total, unit)
        limits = Limits([one or Fraction(0) for one in floors], ceilings)
        return limits if any(limits.least) or None not in ceilings else None

    def side(
        self, pot: s.Pot, flow: s.Flow, limit: s.Expression | None, total: Fraction, unit: Fraction
    ) -> list[Fraction | None]:
        codes = self.codes(pot)
        if limit is None:
            return [None for _ in codes]
        value = self.limit(limit, total)
        return [
            _at(value, code) / unit if self.takes_part(flow, code) else Fraction(0)
            for code in codes
        ]

    def in_levels(self, pot: s.Pot, flow: s.Flow, within: s.Within, total: Fraction) -> None:
        """First among the areas, then each area's whole amount among those who lie in it."""
        register, areas = self.program.registers[pot.noun or self.program.noun], within.noun
        codes = [one.code for one in self.program.registers[areas].recipients]
        lies_in = dict(zip(self.codes(pot), register.within[areas], strict=True))
        members: dict[str, list[str]] = {area: [] for area in codes}
        for code, place in lies_in.items():
            members[codes[place]].append(code)
        outer, inner = map(self.weight, (flow.destination, within.destination))
        key = flow.destination.key if isinstance(flow.destination, s.ByKey) else s.AllPosts()
        if isinstance(outer, dict) and self.whose(key) == register.noun:
            outer = {a: sum((outer[one] for one in members[a]), Fraction(0)) for a in codes}
        sums = self.shared(pot, flow, total, {area: _at(outer, area) for area in codes})
        for area, amount in sums.items():
            row = {
                code: _at(inner, code) if self.takes_part(flow, code) else Fraction(0)
                for code in members[area]
            }
            if amount or any(row.values()):
                for code, one in self.shared(pot, flow, amount, row).items():
                    self.give(pot, code, one)

    def weight(self, by: s.Destination) -> Value:
        return self.value(by.key) if isinstance(by, s.ByKey) else Fraction(1)

    def whose(self, node: s.Expression) -> str:
        """The kind of recipients that an expression has figures for."""
        for name in s.references(node):
            found = self.program.symbols[name.text]
            if isinstance(found, s.Statistic):
                return found.noun or self.program.noun
            if isinstance(found, s.Defined) and self.whose(found.expression):
                return self.whose(found.expression)
        return ""

    def shared(self, pot: s.Pot, flow: s.Flow, total: Fraction, row: Row) -> Row:
        """An amount shared by weights, where what rounding leaves can only go to the largest."""
        said, weights = self.rounding(pot, flow), list(row.values())
        unit = self.unit(said, "shares")
        if not any(weights) or min(weights) < 0 or (total / unit).denominator != 1:
            raise Refused
        bearer = weights.index(max(weights)) if said.difference else None
        whole = split(int(total / unit), weights, said.method, self.ties(said), bearer)
        if sum(whole) > 0 > min(whole):
            raise Refused
        return dict(zip(row, (units * unit for units in whole), strict=True))

    def adjust(self) -> None:
        """The adjustments, one after another; nobody can be left with less than nothing."""
        for pot in self.program.pots:
            for one in pot.adjustments:
                code = self.code(pot, one.recipient)
                self.give(pot, code, self.money(one.amount))
                if self.given[pot.name.text][code] < 0 < self.holds[pot.name.text]:
                    raise Refused

    def give(self, pot: s.Pot, code: str, amount: Fraction) -> None:
        self.given[pot.name.text][code] += amount

    def send_out(self, name: str | None, amount: Fraction) -> None:
        assert name is not None
        self.others[name] = self.others.get(name, Fraction(0)) + amount


def _within(*arguments: Any, **more: Any) -> list[int]:
    try:
        return split_within(*arguments, **more)
    except Impossible:
        raise Refused from None


# ---------------------------------------------------------------- arithmetic


def _quotient(left: Fraction, right: Fraction) -> Fraction:
    if right == 0:
        raise Refused
    return left / right


_ARITHMETIC: dict[str, Callable[[Fraction, Fraction], Fraction]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": _quotient,
}
_HOLDS: dict[str, Callable[[Fraction], bool]] = {
    "equal": lambda gap: gap == 0,
    "at_most": lambda gap: gap <= 0,
    "at_least": lambda gap: gap >= 0,
    "less": lambda gap: gap < 0,
    "more": lambda gap: gap > 0,
}


def _each(sign: Callable[[Fraction, Fraction], Fraction], left: Value, right: Value) -> Value:
    """The same for every recipient; a single number serves them all."""
    if isinstance(left, Fraction) and isinstance(right, Fraction):
        return sign(left, right)
    rows = left if isinstance(left, dict) else right
    assert isinstance(rows, dict)
    return {code: sign(_at(left, code), _at(right, code)) for code in rows}


def _at(value: Value, code: str) -> Fraction:
    return value[code] if isinstance(value, dict) else value


def _step(measure: Value, rungs: tuple[s.Rung, ...]) -> int:
    """The last step that does not begin above a number."""
    assert isinstance(measure, Fraction)
    begun = [n for n, one in enumerate(rungs) if one.low is None or one.low.value <= measure]
    return begun[-1]


def _total(value: Value) -> Fraction:
    return sum(value.values(), Fraction(0)) if isinstance(value, dict) else value


def _share(flow: s.Flow) -> Fraction:
    match flow.amount:
        case s.Part(top, bottom):
            return Fraction(top, bottom)
        case s.Quantity(number, ("percent",)):
            return number / 100
    return Fraction(0)


def _name_of(flow: s.Flow) -> str | None:
    return flow.destination.name.text if isinstance(flow.destination, s.ToName) else None


def _is_rest(flow: s.Flow) -> bool:
    return isinstance(flow.amount, s.Rest)


def _found(table: Mapping[K, V], key: K) -> V:
    if key not in table:
        raise _NotYet
    return table[key]


def _weight(weight: s.Quantity | s.Part) -> Fraction:
    """A weight of a mix, in percent or as a fraction."""
    if isinstance(weight, s.Part):
        return Fraction(weight.numerator, weight.denominator)
    return weight.number / 100
