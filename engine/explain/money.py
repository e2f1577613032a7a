"""Explains how much a line moves, and where a pot's money comes from."""

from collections.abc import Iterator
from fractions import Fraction
from typing import assert_never

from attrs import evolve, field, frozen

from dsl import syntax as s
from dsl.findings import Exact, Kronor, Percent, Phrase, Value
from engine.explain.ground import Ground
from engine.explain.steps import Step
from engine.ledger import Movement, RoundingResidue

# So many pots that money runs through are followed upwards.
MAX_DEPTH = 12


@frozen
class Money:
    """The lines of a run's pots and what they move.

    Attributes:
        ground: the run.
        told: pots whose money has been followed to where it comes from.
    """

    ground: Ground
    told: set[str] = field(factory=set)

    def held(self, pot: s.Pot) -> Fraction:
        """What a pot held, in kronor."""
        return self.ground.kronor(self.ground.result.holds[pot.name.text])

    def sent(self, pot: s.Pot, number: int) -> Fraction:
        """Everything that a line moves, in kronor."""
        return sum((self.ground.kronor(one.total) for one in self._moves(pot, number)), Fraction(0))

    def _moves(self, pot: s.Pot, number: int) -> Iterator[Movement]:
        moved = self.ground.result.ledger.by_source.get(pot.name.text, ())
        return (one for one in moved if one.line == number)

    # ------------------------------------------------------------ how much a line moves

    def moved(self, pot: s.Pot, number: int) -> Iterator[Step]:
        """Why a line moves as much as it does, where the line itself does not say it."""
        flow = pot.flows[number]
        match flow.amount:
            case s.All() | s.Quantity(_, ("kr",)):
                return  # the pot itself, or as the line says
            case s.Rest():
                yield from self._rest(pot, number)
            case s.Quantity() | s.Part():
                yield from self._part(pot, number, flow.amount.value)
            case s.Ref(name):
                sent = self.sent(pot, number)
                text = Phrase("why.all_of", {"name": name.text, "amount": Kronor(sent)})
                yield Step("sum", text, sent, money=True, name=name.text)
            case amount:
                assert_never(amount)

    def _rest(self, pot: s.Pot, number: int) -> Iterator[Step]:
        """What the pot held less what the other lines take; of several rests the earlier first."""
        formula: Value = Exact(self.held(pot))
        left = self.held(pot)
        for other, flow in enumerate(pot.flows):
            taken = self.sent(pot, other)
            later = isinstance(flow.amount, s.Rest) and other > number
            if other != number and not later and taken:
                formula = Phrase("why.minus", {"one": formula, "other": self._taken(pot, other)})
                left -= taken
        if isinstance(formula, Phrase):
            text = Phrase("why.equals", {"formula": formula, "value": Kronor(left)})
            yield Step("rest", text, left, money=True)
        sent = self.sent(pot, number)
        if sent != left:
            facts: dict[str, Value] = {"amount": Kronor(sent), "over": Kronor(left - sent)}
            yield Step("ceiling", Phrase("why.over_ceiling", facts), sent, money=True)

    def _taken(self, pot: s.Pot, number: int) -> Value:
        """What another line takes: 21 × 500 000 where all get the same."""
        moves = list(self._moves(pot, number))
        amounts = {amount for one in moves for amount in one.amounts}
        if len(moves) == 1 and len(amounts) == 1 and len(moves[0].amounts) > 1:
            each = Exact(self.ground.kronor(amounts.pop()))
            return Phrase("why.times", {"one": Exact(len(moves[0].amounts)), "other": each})
        taken = self.sent(pot, number)
        return Exact(taken) if taken >= 0 else Phrase("why.group", {"one": Exact(taken)})

    def _part(self, pot: s.Pot, number: int, share: Fraction) -> Iterator[Step]:
        exact, sent = self.held(pot) * share, self.sent(pot, number)
        facts: dict[str, Value] = {
            "share": Percent(share), "held": Kronor(self.held(pot)), "amount": Kronor(exact),
        }  # fmt: skip
        yield Step("part", Phrase("why.part_of", facts), exact, money=True)
        if sent != exact:
            text = Phrase("why.together", {"amount": Kronor(sent)})
            yield Step("together", text, sent, money=True)

    # ------------------------------------------------------------ where it comes from

    def funding(self, name: str, depth: int = 0) -> Iterator[Step]:
        """Each line that sends money to a pot, and where that comes from in its turn."""
        self.told.add(name)
        pot = self.ground.program.symbols.get(name)
        assert isinstance(pot, s.Pot)
        feeds = [one for one in self.ground.result.ledger.movements if one.target == name]
        if not feeds:
            rule = self.ground.printer.line(evolve(pot, rounding=None, noun=None))
            yield Step("stated", rule, self.held(pot), money=True, span=pot.span)
        for one in feeds:
            yield self.to_target(one, depth)

    def to_target(self, movement: Movement, depth: int = 0) -> Step:
        """One line that sends money to a pot or to a recipient outside the registers."""
        amount = self.ground.kronor(movement.total)
        if movement.is_item:
            facts = self._item(movement)
            return Step(
                "item", Phrase("why.of_item", facts), amount, money=True, span=movement.span,
                sentence=Phrase("why.say_item", facts),
            )  # fmt: skip
        pot = self.ground.program.symbols[movement.source]
        assert isinstance(pot, s.Pot)
        said: dict[str, Value] = {"rule": self._rule(pot, movement), "pot": movement.source}
        steps = [*self._how_much(pot, movement)]
        if movement.source not in self.told and depth < MAX_DEPTH:
            steps += self.funding(movement.source, depth + 1)
        return Step(
            "sent", Phrase("why.out_of", said), amount, money=True, span=movement.span,
            steps=tuple(steps), sentence=Phrase("why.say_pot", said),
        )  # fmt: skip

    def _how_much(self, pot: s.Pot, movement: Movement) -> Iterator[Step]:
        if isinstance(movement.reason, RoundingResidue):
            moves = [one for one in self._moves(pot, movement.line) if one is not movement]
            given = sum((self.ground.kronor(one.total) for one in moves), Fraction(0))
            total = given + self.ground.kronor(movement.total)
            minus = {"one": Exact(total), "other": Exact(given)}
            facts: dict[str, Value] = {
                "formula": Phrase("why.minus", minus),
                "value": Kronor(self.ground.kronor(movement.total)),
            }
            yield Step("residue", Phrase("why.equals", facts))
        else:
            yield from self.moved(pot, movement.line)
        if movement.paid:
            yield Step("paid", Phrase("why.paid"))

    def _rule(self, pot: s.Pot, movement: Movement) -> str:
        return self.ground.printer.line(pot.flows[movement.line])

    def _item(self, movement: Movement) -> dict[str, Value]:
        """The line of the appropriation item, with the item's number and title."""
        return next(
            {
                "rule": self.ground.printer.line(flow),
                "code": appropriation.code,
                "number": post.number,
                "title": post.title,
            }
            for appropriation in self.ground.program.appropriations
            for post in appropriation.parts
            for flow in post.parts
            if flow.span == movement.span
        )
