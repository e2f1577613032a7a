"""Evaluates a program exactly: figures in, ledger out, every pot used up to the last unit."""

from collections.abc import Iterable, Mapping

from attrs import evolve, field, frozen

from dsl import syntax as s
from dsl.findings import Exact, Finding, Kronor, Label, Phrase, Value, finding
from dsl.printer import print_line
from dsl.program import Program
from engine import lines
from engine.column import Column
from engine.expressions import Stopped, in_ledger_units, value_of
from engine.graph import Step
from engine.ledger import Fixed, Ledger, Movement
from engine.rounding import round_each


@frozen
class Result:
    """What a program gives for its figures.

    Attributes:
        program: the rules.
        values: every statistic, amount, value and pot (money in the ledger's unit).
        holds: what each pot held.
        ledger: every movement of money.
    """

    program: Program
    values: Mapping[str, Column]
    holds: Mapping[str, int]
    ledger: Ledger


class NotConservedError(AssertionError):
    """A pot's movements do not add up to what it held: an error in the engine itself."""


def evaluate(
    program: Program, order: Iterable[Step], figures: Mapping[str, Column]
) -> tuple[Result | None, tuple[Finding, ...]]:
    """Run every step.

    Args:
        program: the checked rules.
        order: the steps, each after what it needs (``graph.Dependencies.order``).
        figures: a column per statistic, in register order and in the statistic's own unit.

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


@frozen
class _Run:
    """The state of one run: what is known so far.

    Attributes:
        feeds: for each name the (pot, line) pairs whose lines go to it.
        received: what appropriation items and rounding have sent to each pot.
        parts: for each pot how much its lines move that take a part of it.
        sent: how much each line moves: one number, or one per recipient.
    """

    program: Program
    values: dict[str, Column]
    feeds: Mapping[str, list[tuple[s.Pot, int]]]
    holds: dict[str, int] = field(factory=dict)
    received: dict[str, int] = field(factory=dict)
    parts: dict[str, dict[int, int]] = field(factory=dict)
    sent: dict[tuple[str, int], Column] = field(factory=dict)
    movements: list[Movement] = field(factory=list)

    @classmethod
    def start(cls, program: Program, figures: Mapping[str, Column]) -> "_Run":
        """Nothing is known but the figures, in the ledger's unit."""
        values = {
            name: column * in_ledger_units(program.units[name], program.base)
            for name, column in figures.items()
        }
        feeds: dict[str, list[tuple[s.Pot, int]]] = {}
        for pot in program.pots:
            for number, flow in enumerate(pot.flows):
                if isinstance(flow.destination, s.ToName):
                    feeds.setdefault(flow.destination.name.text, []).append((pot, number))
        return cls(program, values, feeds)

    def step(self, step: Step) -> None:
        """Carry out one step of the plan."""
        match self.program.symbols[step.name]:
            case s.Definition() as definition:
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
        self.received[target] = self.received.get(target, 0) + movement.total

    # ------------------------------------------------------------ values and pots

    def _defined(self, definition: s.Definition) -> Column:
        value = self._value(definition.expression)
        if definition.sort == "value":
            return value
        rounding = self.program.rounding_of_amount(definition)
        unit = Column((lines.rounding_unit(self.program, rounding),))
        return Column(round_each(value / unit, rounding.method)) * unit

    def _value(self, expression: s.Expression) -> Column:
        return value_of(expression, self.values.__getitem__, self.program.base)

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
        """How much a line moves."""
        held = self.holds.get(pot.name.text, 0)
        match pot.flows[number].amount:
            case s.Ref(name):
                return self._earned(pot, number, self.values[name.text])
            case s.Quantity(_, ("kr",)) as quantity:
                return Column((lines.whole_amount(self.program, quantity),))
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

    def _total_sent(self, pot: s.Pot, number: int) -> int:
        sent = self.sent[pot.name.text, number]
        if isinstance(pot.flows[number].destination, s.ToEach):
            sent = sent.spread(len(self.program.register_of(pot)))
        return _whole(sent.total())

    def _rest(self, pot: s.Pot, rest: int, held: int) -> int:
        others = {n: self._total_sent(pot, n) for n in range(len(pot.flows)) if n != rest}
        left = held - sum(others.values())
        if left < 0:
            raise Stopped(self._overdrawn(pot, rest, held, others))
        return left

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
        sent = self.sent[pot.name.text, number]
        match pot.flows[number].destination:
            case s.ToEach():
                return [lines.to_each(self.program, pot, number, sent)]
            case s.ToName(name):
                total = _whole(sent.total())
                return [lines.to_name(self.program, pot, number, total, name.text)]
            case s.ByKey(key):
                weights = self._value(key).spread(len(self.program.register_of(pot)))
                total = _whole(sent.total())
                return lines.by_key(self.program, pot, number, total, key, weights)

    # ------------------------------------------------------------ items, adjustments, the balance

    def posts(self) -> None:
        """The lines of appropriation items: fixed amounts to pots and other recipients."""
        for appropriation in self.program.appropriations:
            for post in appropriation.parts:
                for number, flow in enumerate(post.parts):
                    movement = self._from_post(appropriation.code, post, number, flow)
                    self.movements.append(movement)
                    self._receive(movement)

    def _from_post(self, code: str, post: s.Post, number: int, flow: s.Flow) -> Movement:
        assert isinstance(flow.amount, s.Quantity)
        assert isinstance(flow.destination, s.ToName)
        amounts = (lines.whole_amount(self.program, flow.amount),)
        target = flow.destination.name.text
        source = f"{code} post {post.number}"
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
        for adjustment in pot.adjustments:
            moved = lines.adjusted(self.program, pot, adjustment)
            self.movements.append(moved)
            given = Ledger(tuple(self.movements)).of_pot(pot.name.text) or ()
            position = self.program.register_of(pot).position(adjustment.recipient.text) or 0
            if given[position] < 0 < self.holds[pot.name.text]:
                data: dict[str, Value] = {
                    "pot": pot.name.text,
                    "recipient": adjustment.recipient.text,
                    "left": self._kronor(given[position]),
                }
                raise Stopped(finding("F513", adjustment.span, "here", **data))

    def in_order(self) -> tuple[Movement, ...]:
        """The movements in the order of the rules, not of the computation."""
        return tuple(sorted(self.movements, key=lambda one: one.span.line))


def _whole(column: Column) -> int:
    value = column.scalar
    assert value.denominator == 1
    return value.numerator
