"""Explains what one line of a pot gives one recipient, by the reason that the ledger has for it."""

from collections.abc import Iterator
from fractions import Fraction

from attrs import evolve, field, frozen

from dsl import syntax as s
from dsl.findings import Exact, Kronor, Percent, Phrase, Value
from engine.explain.ground import Ground, entry
from engine.explain.money import Money
from engine.explain.shares import Share
from engine.explain.steps import Step, Subject
from engine.explain.values import Values, direction
from engine.ledger import Adjusted, Earned, Fixed, Movement, Nested, Shared


@frozen
class Lines:
    """What the lines of one pot give one recipient of its register.

    Attributes:
        ground: the run.
        pot: the pot.
        subject: the recipient.
        told: names that a line before has explained.
    """

    ground: Ground
    pot: s.Pot
    subject: Subject
    told: set[str] = field(factory=set)

    def step(self, movement: Movement) -> Step:
        """A line that goes to the recipient's register, explained by its reason."""
        step = self._by_reason(movement)
        if movement.paid:
            step = evolve(step, steps=(*step.steps, Step("paid", Phrase("why.paid"))))
        return step

    def _by_reason(self, movement: Movement) -> Step:
        match movement.reason:
            case Fixed():
                return self._fixed(movement)
            case Earned(name):
                return self._earned(movement, name)
            case Shared() as reason:
                return self._shared(movement, reason)
            case Nested() as nested:
                return self._nested(movement, nested)
        # What rounding leaves goes to nobody of a register.
        assert isinstance(movement.reason, Adjusted)
        return self._adjusted(movement, movement.reason.text)

    def elsewhere(self, movement: Movement) -> Step:
        """A line that goes to somebody else, told to one who gets nothing of the pot."""
        total = Kronor(self.ground.kronor(movement.total))
        facts: dict[str, Value] = {"rule": self._rule(movement), "amount": total}
        said = Phrase("why.say_elsewhere", facts)
        return self._line("elsewhere", movement, (), said, Phrase("why.goes_elsewhere", facts))

    # ------------------------------------------------------------ reasons

    def _fixed(self, movement: Movement) -> Step:
        flow = self.pot.flows[movement.line]
        if not isinstance(flow.destination, s.ToEach):
            return self._named(movement)
        values = self._values()
        steps = list(self._conditions(flow, values))
        said = Phrase("why.say_each", {"noun": Phrase(f"noun.{flow.destination.noun}")})
        return self._line("each", movement, steps, self._say_claim(movement, said))

    def _earned(self, movement: Movement, name: str) -> Step:
        flow = self.pot.flows[movement.line]
        values = self._values()
        steps = list(self._conditions(flow, values))
        definition = self.ground.program.symbols[name]
        claim = self.ground.value(s.Ref(s.Name(name)), self.subject.position)
        assert isinstance(definition, s.Defined)
        if values.fails(flow) is None:
            steps += values.defined(definition)
            steps += self._claim(movement, claim) if flow.in_proportion else ()
        said = Phrase("why.say_earned", {"name": name})
        return self._line("earned", movement, steps, self._say_claim(movement, said))

    def _say_claim(self, movement: Movement, what: Phrase) -> Phrase:
        """The same of a claim, and that it is reduced if it is."""
        if not self.pot.flows[movement.line].in_proportion:
            return what
        claimed, available = self._claimed(movement), self._available(movement)
        if claimed <= available:
            return what
        return Phrase("why.say_claim", {"what": what, "share": Percent(available / claimed)})

    def _shared(self, movement: Movement, reason: Shared) -> Step:
        flow = self.pot.flows[movement.line]
        values = self._values()
        steps = [*Money(self.ground).moved(self.pot, movement.line)]
        steps += self._conditions(flow, values)
        assert movement.register is not None
        share = Share(
            self.ground, flow.destination, flow.limits, movement.register, movement.amounts,
            reason, values, reason.total,
        )  # fmt: skip
        if values.fails(flow) is None:
            steps += share.steps()
        kind = "key" if share.key is not None else "equally"
        return self._line(kind, movement, steps, self._say_share(movement, share))

    def _nested(self, movement: Movement, nested: Nested) -> Step:
        """A line in two levels: what the area gets, and the recipient's part of that."""
        flow, position = self.pot.flows[movement.line], self.subject.position
        assert flow.within is not None
        assert movement.register is not None
        values, inner = self._values(), nested.within(position)
        steps = [*Money(self.ground).moved(self.pot, movement.line), self._area(nested, flow)]
        steps += self._conditions(flow, values)
        if inner is not None and values.fails(flow) is None:
            share = Share(
                self.ground, flow.within.destination, flow.limits, movement.register,
                movement.amounts, inner, values, nested.outer.total,
            )  # fmt: skip
            steps += share.steps()
        facts: dict[str, Value] = {
            "area": nested.area(position).name,
            "amount": Kronor(self.ground.kronor(nested.amounts[nested.area_of[position]])),
        }
        return self._line("key", movement, steps, Phrase("why.say_within", facts))

    def _area(self, nested: Nested, flow: s.Flow) -> Step:
        """What the larger area gets, by its own share."""
        place, by = nested.area_of[self.subject.position], flow.destination
        amount = self.ground.kronor(nested.amounts[place])
        values = Values(self.ground, place)
        reason = nested.outer
        outer = Share(
            self.ground, by, (), nested.areas, nested.amounts, reason, values, reason.total
        )
        facts: dict[str, Value] = {
            "area": nested.areas.recipients[place].name, "amount": Kronor(amount),
        }  # fmt: skip
        # Figures for the recipients within the areas are added up: none of them stands alone.
        register = self.ground.program.registers[self.pot.noun or self.ground.program.noun]
        plain = isinstance(by, s.ByKey) and self.ground.program.adds_up(by.key, register)
        steps = outer.added() if plain else outer.steps()
        return Step("area", Phrase("why.area_gets", facts), amount, steps=tuple(steps))

    def _say_share(self, movement: Movement, share: Share) -> Phrase:
        facts: dict[str, Value] = {"moved": Kronor(share.total)}
        weights = share.weights()
        weight = weights.values[share.values.position]
        total = weights.total().scalar
        if share.held() is not None:
            return Phrase(f"why.say_{share.held()}", {"rule": self._rule(movement)})
        if share.key is None:
            return Phrase("why.say_equally", {**facts, "count": Exact(total)})
        facts["by"] = self.ground.written(share.key)
        if not weight:
            return Phrase("why.say_weightless", facts)
        if share.reason.at_floor or share.reason.at_ceiling:
            return Phrase("why.say_limited", facts)
        return Phrase("why.say_key", {**facts, "share": Percent(weight / total)})

    def _named(self, movement: Movement) -> Step:
        steps = [*Money(self.ground).moved(self.pot, movement.line)]
        said = Phrase("why.say_line", {"rule": self._rule(movement)})
        return self._line("named", movement, steps, said)

    def _adjusted(self, movement: Movement, why: str) -> Step:
        said = Phrase("why.say_adjusted", {"reason": why})
        return self._line("adjusted", movement, (), said, Phrase("why.adjusted", {"reason": why}))

    # ------------------------------------------------------------ what several have

    def _conditions(self, flow: s.Flow, values: Values) -> Iterator[Step]:
        for condition in flow.conditions:
            yield from values.condition(condition)

    def _claim(self, movement: Movement, claim: Fraction) -> Iterator[Step]:
        """A claim, whether the pot has room for all of them, and to what it is reduced."""
        yield Step("claim", Kronor(claim), claim, money=True)
        claimed, available = self._claimed(movement), self._available(movement)
        facts: dict[str, Value] = {"claimed": Kronor(claimed), "available": Kronor(available)}
        if claimed <= available:
            yield Step("available", Phrase("why.suffices", facts))
            return
        share = available / claimed
        facts["share"] = Percent(share)
        yield Step("available", Phrase("why.falls_short", facts), share)
        exact = claim * share
        yield Step("exact", Kronor(exact), exact, money=True)
        amount = self._amount(movement)
        if amount != exact:
            method = self.ground.program.rounding_of(self.pot, self.pot.flows[movement.line]).method
            text = direction(method, exact, amount, Kronor(amount))
            yield Step("rounded", text, amount, money=True)

    def _claimed(self, movement: Movement) -> Fraction:
        """The claims of all who take part in a line, in kronor."""
        flow, register = self.pot.flows[movement.line], movement.register
        assert register is not None
        claim = flow.amount
        assert isinstance(claim, s.Ref | s.Quantity)
        column, takes_part = self.ground.column(claim), True
        claimed = Fraction(0)
        for position in range(len(register)):
            if flow.conditions:
                takes_part = Values(self.ground, position).fails(flow) is None
            claimed += entry(column, position) if takes_part else 0
        return claimed

    def _available(self, movement: Movement) -> Fraction:
        """What the lines that are no rest leave for claims, in kronor."""
        money = Money(self.ground)
        others = (
            money.sent(self.pot, number)
            for number, flow in enumerate(self.pot.flows)
            if number != movement.line and not isinstance(flow.amount, s.Rest)
        )
        return max(money.held(self.pot) - sum(others, Fraction(0)), Fraction(0))

    # ------------------------------------------------------------ the line itself

    def _values(self) -> Values:
        return Values(self.ground, self.subject.position, self.told)

    def _rule(self, movement: Movement) -> str:
        return self.ground.printer.line(self.pot.flows[movement.line])

    def _amount(self, movement: Movement) -> Fraction:
        if movement.register is None:
            return Fraction(0)
        return self.ground.kronor(movement.amounts[self.subject.position])

    def _line(
        self,
        kind: str,
        movement: Movement,
        steps: list[Step] | tuple[Step, ...],
        said: Phrase,
        text: Value | None = None,
    ) -> Step:
        """The line as the rules have it; in a message also why somebody is not in it."""
        if text is None:
            text = self._rule(movement)
        if kind not in {"adjusted", "elsewhere"}:
            values = self._values()
            failing = values.fails(self.pot.flows[movement.line])
            if failing is not None:
                said = Phrase("why.say_excluded", values.compared(failing))
        return Step(
            kind, text, self._amount(movement), money=True, span=movement.span,
            steps=tuple(steps), sentence=said,
        )  # fmt: skip
