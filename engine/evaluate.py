"""Evaluates a program exactly: figures in, ledger out, every pot used up to the last unit."""

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction

from attrs import field, frozen

from dsl import syntax as s
from dsl.findings import Finding, Kronor, Label, Percent, Value, finding
from dsl.program import Program
from dsl.registers import Register
from dsl.units import Unit, unit_of
from engine.column import Column
from engine.graph import Step
from engine.ledger import (
    Adjusted,
    Earned,
    Fixed,
    Ledger,
    Movement,
    Reason,
    RoundingResidue,
    Shared,
)
from engine.rounding import Apportionment, apportion, round_each

_PRESERVES_TOTAL = {s.Method.LARGEST_REMAINDER, s.Method.SAINTE_LAGUE}


@frozen
class Result:
    """What a program gives for its figures.

    Attributes:
        program: the rules.
        values: every statistic, amount and value (money in the ledger's unit).
        holds: what each pot held.
        ledger: every movement of money.
    """

    program: Program
    values: Mapping[str, Column]
    holds: Mapping[str, int]
    ledger: Ledger


class _Stopped(Exception):  # noqa: N818 - carries a finding out of nested arithmetic
    def __init__(self, found: Finding) -> None:
        super().__init__(found.code)
        self.finding = found


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
    scaled = {
        name: column * in_ledger_units(program.units[name], program.base)
        for name, column in figures.items()
    }
    run = _Run(program, scaled)
    try:
        for step in order:
            run.step(step)
        run.posts()
        run.balance()
    except _Stopped as stopped:
        return None, (stopped.finding,)
    return Result(program, run.values, run.holds, Ledger(run.in_order(), program.base)), ()


@frozen
class _Run:
    program: Program
    values: dict[str, Column]
    holds: dict[str, int] = field(factory=dict)
    sent: dict[tuple[str, int], Column] = field(factory=dict)
    movements: list[Movement] = field(factory=list)

    def step(self, step: Step) -> None:
        symbol = self.program.symbols[step.name]
        match step.kind:
            case "define":
                assert isinstance(symbol, s.Definition)
                self.values[step.name] = self._define(symbol)
            case "fill":
                assert isinstance(symbol, s.Pot)
                self.holds[step.name] = self._fill(symbol)
                self.values[step.name] = Column((self.holds[step.name],))
            case "send":
                assert isinstance(symbol, s.Pot)
                self.sent[step.name, step.line] = self._send(symbol, step.line)
            case "share":
                assert isinstance(symbol, s.Pot)
                self._share(symbol, step.line)

    # ------------------------------------------------------------ expressions

    def _define(self, definition: s.Definition) -> Column:
        value = self._value(definition.expression)
        if definition.sort == "value":
            return value
        rounding = self.program.rounding_of_amount(definition)
        unit = Column((self._unit(rounding),))
        return Column(round_each(value / unit, rounding.method)) * unit

    def _value(self, expression: s.Expression) -> Column:
        return value_of(expression, self.values.__getitem__, self.program.base)

    def _unit(self, rounding: s.Rounding) -> int:
        return int((rounding.unit or Fraction(1)) * self.program.base)

    def _money(self, quantity: s.Quantity) -> int:
        amount = quantity.number * self.program.base
        if amount.denominator != 1:
            raise _Stopped(finding("F505", quantity.span, "here", amount=Kronor(quantity.number)))
        return amount.numerator

    # ------------------------------------------------------------ what a pot holds

    def _fill(self, pot: s.Pot) -> int:
        if pot.amount is not None:
            return self._money(pot.amount)
        name = pot.name.text
        from_posts = [
            self._money(flow.amount)
            for post in self.program.posts
            for flow in post.parts
            if _goes_to(flow, name) and isinstance(flow.amount, s.Quantity)
        ]
        from_pots = [
            self._total_sent(other, number)
            for other in self.program.pots
            for number, flow in enumerate(other.flows)
            if _goes_to(flow, name)
        ]
        residues = [one.total for one in self.movements if _is_residue_to(one, name)]
        return sum(from_posts) + sum(from_pots) + sum(residues)

    def _total_sent(self, pot: s.Pot, number: int) -> int:
        sent = self.sent[pot.name.text, number]
        if isinstance(pot.flows[number].destination, s.ToEach):
            sent = sent.spread(len(self.program.register_of(pot)))
        return _whole(sent.total())

    # ------------------------------------------------------------ how much a line moves

    def _send(self, pot: s.Pot, number: int) -> Column:
        flow = pot.flows[number]
        match flow.amount:
            case s.Quantity(_, ("kr",)):
                return Column((self._money(flow.amount),))
            case s.Ref(name):
                return self.values[name.text]
            case s.Rest():
                return Column((self._rest(pot, number),))
            case s.All():
                return Column((self.holds[pot.name.text],))
        return Column((self._parts(pot)[number],))

    def _rest(self, pot: s.Pot, rest: int) -> int:
        held = self.holds[pot.name.text]
        others = {n: self._total_sent(pot, n) for n in range(len(pot.flows)) if n != rest}
        left = held - sum(others.values())
        if left < 0:
            raise _Stopped(self._overdrawn(pot, rest, held, others))
        return left

    def _overdrawn(self, pot: s.Pot, rest: int, held: int, others: dict[int, int]) -> Finding:
        lines = [
            Label(pot.flows[number].span, "line", {"amount": self._kronor(amount)})
            for number, amount in others.items()
        ]
        taken = sum(others.values())
        data: dict[str, Value] = {
            "pot": pot.name.text,
            "held": self._kronor(held),
            "taken": self._kronor(taken),
            "difference": self._kronor(taken - held),
        }
        return Finding("F503", (Label(pot.flows[rest].span, "rest"), *lines), data)

    def _parts(self, pot: s.Pot) -> dict[int, int]:
        """Whole amounts for the lines that take a share of the pot, adding up to their part of it.

        Shares that are not whole are rounded together with the pot's own method, in the order of
        the lines, so that they and the rest use the pot up exactly.
        """
        held = self.holds[pot.name.text]
        shares = {n: _share(flow) for n, flow in enumerate(pot.flows) if _share(flow)}
        exact = {n: held * share for n, share in shares.items()}
        if all(amount.denominator == 1 for amount in exact.values()):
            return {n: amount.numerator for n, amount in exact.items()}
        first = pot.flows[next(iter(shares))]
        method = self.program.rounding_of(pot, first).method
        if method not in _PRESERVES_TOTAL:
            number = next(n for n, amount in exact.items() if amount.denominator != 1)
            raise _Stopped(
                finding(
                    "F507",
                    pot.flows[number].amount.span,
                    "here",
                    pot=pot.name.text,
                    share=Percent(shares[number]),
                    held=self._kronor(held),
                )
            )
        left = 1 - sum(shares.values(), Fraction(0))
        weights = Column.of([*shares.values(), left]).numerators
        amounts = apportion(held, weights, method).amounts
        return dict(zip(shares, amounts, strict=False))

    # ------------------------------------------------------------ who gets it

    def _share(self, pot: s.Pot, number: int) -> None:
        flow = pot.flows[number]
        sent = self.sent[pot.name.text, number]
        register = self.program.register_of(pot)
        match flow.destination:
            case s.ToEach():
                amounts = _wholes(sent.spread(len(register)))
                self._move(pot, number, amounts, _reason_of(flow.amount), register)
            case s.ToName(name):
                self._to_name(pot, number, _whole(sent.total()), name.text)
            case s.ByKey(key):
                self._by_key(pot, number, _whole(sent.total()), key)

    def _to_name(self, pot: s.Pot, number: int, amount: int, name: str) -> None:
        register = self.program.register_of(pot)
        position = register.position(name)
        if name in self.program.symbols or name in self.program.others or position is None:
            self._move(pot, number, (amount,), Fixed(), None, name)
        else:
            self._move(pot, number, _only_at(position, amount, len(register)), Fixed(), register)

    def _by_key(self, pot: s.Pot, number: int, total: int, key: s.Expression) -> None:
        flow = pot.flows[number]
        register = self.program.register_of(pot)
        weights = self._value(key).spread(len(register))
        self._refuse_bad_weights(pot, key, weights, register)
        rounding = self.program.rounding_of(pot, flow)
        unit = self._unit(rounding)
        if total % unit:
            raise _Stopped(
                finding(
                    "F506",
                    flow.span,
                    "here",
                    pot=pot.name.text,
                    amount=self._kronor(total),
                    unit=self._kronor(unit),
                )
            )
        shared = _apportioned(total // unit, weights, rounding, register)
        reason = Shared(weights, total, rounding, unit, shared.tied)
        self._move(pot, number, tuple(one * unit for one in shared.amounts), reason, register)
        if isinstance(rounding.difference, s.Name) and shared.residue:
            target, residue = rounding.difference.text, (shared.residue * unit,)
            self._move(pot, number, residue, RoundingResidue(), None, target)

    def _refuse_bad_weights(
        self, pot: s.Pot, key: s.Expression, weights: Column, register: Register
    ) -> None:
        negative = next((n for n, top in enumerate(weights.numerators) if top < 0), None)
        if negative is not None:
            who = register.recipients[negative].name
            raise _Stopped(finding("F502", key.span, "here", pot=pot.name.text, recipient=who))
        if not any(weights.numerators):
            raise _Stopped(finding("F501", key.span, "here", pot=pot.name.text))

    def _move(
        self,
        pot: s.Pot,
        number: int,
        amounts: tuple[int, ...],
        reason: Reason,
        register: Register | None,
        target: str | None = None,
    ) -> None:
        flow = pot.flows[number]
        self.movements.append(
            Movement(pot.name.text, number, flow.span, amounts, reason, register, target, flow.paid)
        )

    # ------------------------------------------------------------ items, adjustments, the balance

    def posts(self) -> None:
        """The lines of appropriation items: fixed amounts to pots and other recipients."""
        for post in self.program.posts:
            for number, flow in enumerate(post.parts):
                assert isinstance(flow.amount, s.Quantity)
                assert isinstance(flow.destination, s.ToName)
                amount, target = self._money(flow.amount), flow.destination.name.text
                self.movements.append(
                    Movement(
                        f"post {post.number}",
                        number,
                        flow.span,
                        (amount,),
                        Fixed(),
                        None,
                        target,
                        flow.paid,
                    )
                )

    def balance(self) -> None:
        """Adjust, and assert that each pot gave out what it held, no more and no less."""
        for pot in self.program.pots:
            for adjustment in pot.adjustments:
                self._adjust(pot, adjustment)
            given = sum(one.total for one in self.movements if one.source == pot.name.text)
            if given != self.holds[pot.name.text]:
                raise NotConservedError(pot.name.text, self.holds[pot.name.text], given)

    def _adjust(self, pot: s.Pot, adjustment: s.Adjustment) -> None:
        register = self.program.register_of(pot)
        position = register.position(adjustment.recipient.text)
        assert position is not None
        amounts = _only_at(position, self._money(adjustment.amount), len(register))
        self.movements.append(
            Movement(
                pot.name.text,
                len(pot.flows),
                adjustment.span,
                amounts,
                Adjusted(adjustment.reason),
                register,
            )
        )

    def in_order(self) -> tuple[Movement, ...]:
        """The movements in the order of the rules, not of the computation."""
        return tuple(sorted(self.movements, key=lambda one: one.span.line))

    def _kronor(self, amount: int) -> Kronor:
        return Kronor(Fraction(amount, self.program.base))


# ---------------------------------------------------------------- expressions


def value_of(
    expression: s.Expression,
    named: Callable[[str], Column],
    base: int,
    other: Callable[[s.SumTo | s.AllPosts], Column] | None = None,
) -> Column:
    """The exact value of an expression.

    Args:
        expression: what to compute.
        named: the column of a name.
        base: units of the ledger per krona; written amounts of money are brought to it.
        other: the value of sums over the whole ledger, where the expression may have them.

    Raises:
        _Stopped: on division by zero, caught by ``evaluate`` and ``compute``.
    """

    def value(node: s.Expression) -> Column:
        match node:
            case s.Quantity():
                return Column.of([node.value]) * in_ledger_units(unit_of(node.unit), base)
            case s.Ref(name):
                return named(name.text)
            case s.Negative(operand):
                return -value(operand)
            case s.SumOf(operand):
                return value(operand).total()
            case s.ShareOf(operand):
                inner = value(operand)
                return _divided(inner, inner.total(), node)
            case s.Binary(operator, left, right):
                return _combined(operator, value(left), value(right), node)
            case s.SumTo() | s.AllPosts():
                assert other is not None
                return other(node)

    return value(expression)


def in_ledger_units(unit: Unit, base: int) -> Column:
    """The factor from a unit with kronor in it to the same with the ledger's unit."""
    return Column.of([Fraction(base) ** dict(unit.powers).get("kr", 0)])


def compute(
    expression: s.Expression,
    named: Callable[[str], Column],
    base: int,
    other: Callable[[s.SumTo | s.AllPosts], Column] | None = None,
) -> Column | Finding:
    """The exact value of an expression outside a run (a check, a table), or why it has none."""
    try:
        return value_of(expression, named, base, other)
    except _Stopped as stopped:
        return stopped.finding


def _combined(operator: s.Operator, left: Column, right: Column, node: s.Binary) -> Column:
    match operator:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case "/":
            return _divided(left, right, node)


def _divided(left: Column, right: Column, node: s.Binary | s.ShareOf) -> Column:
    try:
        return left / right
    except ZeroDivisionError:
        raise _Stopped(finding("F504", node.span, "here")) from None


# ---------------------------------------------------------------- helpers


def _apportioned(
    total: int, weights: Column, rounding: s.Rounding, register: Register
) -> Apportionment:
    bearer = rounding.difference
    position = register.position(bearer.text) if isinstance(bearer, s.Name) else None
    return apportion(
        total,
        weights.numerators,
        rounding.method,
        ties=rounding.ties or s.Ties.CODE,
        bearer=position,
        to_largest=isinstance(bearer, s.Largest),
    )


def _goes_to(flow: s.Flow, pot: str) -> bool:
    return isinstance(flow.destination, s.ToName) and flow.destination.name.text == pot


def _is_residue_to(movement: Movement, pot: str) -> bool:
    return isinstance(movement.reason, RoundingResidue) and movement.target == pot


def _share(flow: s.Flow) -> Fraction:
    if isinstance(flow.amount, s.Part) or (
        isinstance(flow.amount, s.Quantity) and flow.amount.unit == ("percent",)
    ):
        return flow.amount.value
    return Fraction(0)


def _reason_of(amount: s.Amount) -> Reason:
    return Earned(amount.name.text) if isinstance(amount, s.Ref) else Fixed()


def _only_at(position: int, amount: int, length: int) -> tuple[int, ...]:
    return tuple(amount if n == position else 0 for n in range(length))


def _whole(column: Column) -> int:
    value = column.scalar
    assert value.denominator == 1
    return value.numerator


def _wholes(column: Column) -> tuple[int, ...]:
    assert column.denominator == 1
    return column.numerators
