"""Whether having more of something can ever pay less, followed through all pots.

The argument, in docs/proof.md under "transfer": call what one recipient gains so far the gain.
Every line is of one of two kinds. A line of amounts pays the one no less and the others no more,
so that what it takes from the rest of its pot is at most the gain. A line that is shared by a key
pays the one no less as long as its sum is the same; and if its sum falls, and its method gives
nobody more when there is less, the one loses at most as much as the sum does. So no loss down the
flow of money is larger than the gain that caused it.
"""

from collections.abc import Iterator
from functools import cached_property
from typing import assert_never

from attrs import field, frozen

from dsl import syntax as s
from dsl.program import Program
from dsl.source import Span
from engine.lines import rounding_unit, share_of
from engine.proof import contracts
from engine.proof.amounts import sources_of
from engine.proof.directions import STAYS, UNKNOWN, Directions, Move, Way
from engine.proof.promises import Obstacle, Sort, obstacle
from engine.proof.ranges import Ranges


@frozen(slots=False)
class Effects:
    """What raising one figure, or one pot, does to the money.

    Attributes:
        program: the rules.
        ranges: between which limits numbers stay.
        raised: the statistic or the pot.
    """

    program: Program
    ranges: Ranges
    raised: str
    _held: dict[str, Way] = field(factory=dict, init=False)
    _ways: dict[tuple[str, int], Way] = field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        # In the order of computation, so that a chain of rules is followed link by link.
        for step in self.ranges.order:
            symbol = self.program.symbols[step.name]
            if isinstance(symbol, s.Pot) and step.kind == "send":
                self._sent(symbol, step.line)
            elif step.kind != "share":
                self._moves.of_name(step.name)

    @cached_property
    def _moves(self) -> Directions:
        return Directions(self.program, self.ranges, self.raised, self.held)

    def obstacles(self, pots: frozenset[str]) -> Iterator[Obstacle]:
        """What keeps it from being proved that nobody gets less from these pots for having more."""
        for pot in self.program.pots:
            if pot.name.text in pots:
                yield from self._inflow(pot, pots)
                yield from self._pot(pot)

    def _inflow(self, pot: s.Pot, pots: frozenset[str]) -> Iterator[Obstacle]:
        """What comes from pots that are not asked about must not grow less."""
        if pot.amount is not None:
            return
        for source, number in self.ranges.feeds(pot):
            outside = isinstance(source, s.Pot) and source.name.text not in pots
            if outside and not self._from(source, number).never_down:
                yield obstacle(source.flows[number].span, "inflow", pot=pot.name.text)
        for source, flow in self.ranges.residues(pot):
            if source.name.text not in pots and not self._residue_stays(source, flow):
                yield obstacle(flow.span, "inflow", pot=pot.name.text)

    @cached_property
    def _larger(self) -> frozenset[str]:
        """A pot that is raised, and those that it gets its money from: they are larger with it."""
        return larger_with(self.program, self.raised)

    def held(self, pot: s.Pot) -> Way:
        """How what a pot holds moves."""
        name = pot.name.text
        if name not in self._held:
            self._held[name] = self._filled(pot)
        return self._held[name]

    def _filled(self, pot: s.Pot) -> Way:
        if pot.name.text in self._larger:
            return Way.UP
        if pot.amount is not None:
            return Way.SAME
        way = Way.SAME
        for source, number in self.ranges.feeds(pot):
            way += self._from(source, number)
        for source, flow in self.ranges.residues(pot):
            way += Way.SAME if self._residue_stays(source, flow) else Way.ANY
        return way

    def _residue_stays(self, pot: s.Pot, flow: s.Flow) -> bool:
        """Whether what rounding down leaves of a line does: its sum, weights and limits stay."""
        sum_stays = self._sent(pot, pot.flows.index(flow)) is Way.SAME
        limits_stay = not any(self._limits(pot, flow))
        return sum_stays and limits_stay and self._basis(flow).stays

    def _from(self, source: s.Post | s.Pot, number: int) -> Way:
        """How what a pot gets by a line moves; an item's amount is fixed."""
        return self._sent(source, number) if isinstance(source, s.Pot) else Way.SAME

    def _sent(self, pot: s.Pot, number: int) -> Way:
        """How what a line moves in all moves."""
        place = pot.name.text, number
        if place not in self._ways:
            self._ways[place] = self._sum_of(pot, number)
        return self._ways[place]

    def _sum_of(self, pot: s.Pot, number: int) -> Way:
        flow = pot.flows[number]
        match flow.amount:
            case s.All():
                return self.held(pot)
            case s.Rest():
                way = self.held(pot)
                for other in self.ranges.before_rest(pot, number):
                    way += -self._sent(pot, other)
                return self._capped(pot, flow, way)
            case s.Ref() | s.Quantity(_, ("kr",)):
                return self._claimed(pot, flow).total
        # Parts are rounded together: each moves with the pot if the method gives nobody less.
        held = self.held(pot)
        return held if held is Way.SAME or self._parts_follow(pot) else Way.ANY

    def _capped(self, pot: s.Pot, flow: s.Flow, left: Way) -> Way:
        """How a rest moves, of which there may be a ceiling, perhaps a share of the pot."""
        ceiling = flow.limit("at_most") if isinstance(flow.destination, s.ToName) else None
        if ceiling is None:
            return left
        way = left + self._moves.of(ceiling).total
        return way + self.held(pot) if self.ranges.is_share(ceiling) else way

    def _parts_follow(self, pot: s.Pot) -> bool:
        """Whether no part of a pot is less when the pot is larger.

        In units larger than the ledger's own they need not: a sum that is no whole number of them
        is parted in smaller ones, and a part of three units can become two and a half.
        """
        unit = rounding_unit(self.program, self.program.rounding_of(pot))
        return unit == 1 and contracts.of_parts(self.program, pot).keeps_all

    def _claimed(self, pot: s.Pot, flow: s.Flow) -> Move:
        """How what a line of amounts pays each moves."""
        if isinstance(flow.amount, s.Ref):
            amount = self._moves.of_name(flow.amount.name.text)
        else:
            amount = STAYS
        taking_part = self._taking_part(flow)
        if not isinstance(flow.destination, s.ToEach):
            return amount
        own, others = amount.own + taking_part.own, amount.others + taking_part.others
        moved = Move(own, others, own + others)
        if not flow.in_proportion:
            return moved
        available = self.held(pot)
        for other in pot.flows:
            if other is not flow and not isinstance(other.amount, s.Rest):
                available += -self._sent(pot, pot.flows.index(other))
        if moved.stays and available is Way.SAME:
            return moved
        # Reduced together: the others get no more when one claims more. Claims that suddenly are
        # rounded to larger units than they are made in can be reduced to nothing.
        unit = rounding_unit(self.program, self.program.rounding_of(pot, flow))
        still = moved.others is Way.SAME and available is Way.SAME
        kept = moved.own.never_down and still and unit == 1
        return Move(Way.UP, Way.DOWN, Way.UP) if kept else UNKNOWN

    def _taking_part(self, flow: s.Flow) -> Move:
        """How it moves who meets a line's conditions, counted as one or nothing each."""
        own = others = Way.SAME
        for condition in flow.conditions:
            for one in condition.alternatives:
                left, right = self._moves.of(one.left), self._moves.of(one.right)
                distance = left + -right
                if one.relation in {"at_most", "less"}:
                    distance = -distance
                if one.relation == "equal" and not distance.stays:
                    distance = UNKNOWN
                own, others = own + distance.own, others + distance.others
        return Move(own, others, own + others)

    def _basis(self, flow: s.Flow) -> Move:
        """How the weights of those who share a line move."""
        found = self._taking_part(flow)
        for level in _levels(flow):
            weights = self._moves.of(level.key) if isinstance(level, s.ByKey) else STAYS
            if found.stays:
                found = weights
            elif not weights.stays:
                factor = found.in_step and weights.in_step
                own, others = found.own + weights.own, found.others + weights.others
                found = Move(own, others, Way.ANY, factor)
        return found

    # ------------------------------------------------------------ what stands in the way

    def _pot(self, pot: s.Pot) -> Iterator[Obstacle]:
        moving = self.held(pot) is not Way.SAME
        if moving and not self.ranges.held(pot).is_not_negative:
            yield obstacle(pot.name.span, "debt", pot=pot.name.text)
        parts = [flow for flow in pot.flows if share_of(flow)]
        if moving and parts and not self._parts_follow(pot):
            yield obstacle(parts[0].amount.span, "parts", pot=pot.name.text)
        for number, flow in enumerate(pot.flows):
            match flow.destination:
                case s.ToEach():
                    yield from self._amounts(pot, flow)
                case s.ToName():
                    yield from self._to_name(pot, number, flow)
                case s.ByKey() | s.Equally():
                    yield from self._shared(pot, number, flow)
                case never:
                    assert_never(never)

    def _amounts(self, pot: s.Pot, flow: s.Flow) -> Iterator[Obstacle]:
        moved = self._claimed(pot, flow)
        if moved.stays:
            return
        if flow.in_proportion:
            mechanism = contracts.of_claims(self.program, self.ranges.is_share, pot, flow)
            if not mechanism.keeps_all:
                yield obstacle(flow.span, "reduced", pot=pot.name.text)
        if not moved.own.never_down:
            yield obstacle(flow.amount.span, "amount", pot=pot.name.text)
        elif not moved.others.never_up and len(pot.flows) > 1:
            yield obstacle(flow.amount.span, "others", pot=pot.name.text)

    def _to_name(self, pot: s.Pot, number: int, flow: s.Flow) -> Iterator[Obstacle]:
        """What goes elsewhere must not grow at the cost of the rest, nor shrink for who gets it."""
        assert isinstance(flow.destination, s.ToName)
        outside = flow.destination.name.text in self.program.others
        way = self._sent(pot, number)
        if isinstance(flow.amount, s.Ref) and not (way is Way.SAME or (outside and way.never_up)):
            yield obstacle(flow.amount.span, "elsewhere", pot=pot.name.text)
        yield from self._limits(pot, flow)
        if self._overtakes(pot, number, flow):
            yield obstacle(flow.limits[0].span, "limit", pot=pot.name.text)

    def _overtakes(self, pot: s.Pot, number: int, flow: s.Flow) -> bool:
        """Whether a rest's ceiling, a share of the pot, may rise by more than what is left does.

        Rounded to kronor it takes one krona of the next, also where the lines before take that.
        """
        if self.held(pot) is Way.SAME or not isinstance(flow.amount, s.Rest):
            return False
        before = (self._sent(pot, one) for one in self.ranges.before_rest(pot, number))
        moving = any(way is not Way.SAME for way in before)
        return moving and any(self.ranges.is_share(limit.amount) for limit in flow.limits)

    def _limits(self, pot: s.Pot, flow: s.Flow) -> Iterator[Obstacle]:
        for limit in flow.limits:
            if not self._moves.of(limit.amount).stays:
                yield obstacle(limit.span, "limit", pot=pot.name.text)

    def _shared(self, pot: s.Pot, number: int, flow: s.Flow) -> Iterator[Obstacle]:
        mechanism = contracts.of_line(self.program, self.ranges.is_share, pot, flow)
        yield from self._limits(pot, flow)
        basis, sum_moves = self._basis(flow), self._sent(pot, number) is not Way.SAME
        if sum_moves and isinstance(flow.amount, s.Ref):
            # An amount that is shared by something else than whose it is: what the others in the
            # pot lose, or these do, is not what the one gains.
            yield obstacle(flow.amount.span, "elsewhere", pot=pot.name.text)
        if not basis.stays:
            yield from self._by_other_weights(pot, number, mechanism)
            # What one area gets more others get less, and so do those within them.
            sum_moves = sum_moves or flow.within is not None
        if sum_moves and not mechanism.keeps_all:
            yield obstacle(flow.span, "larger_pot", pot=pot.name.text)

    def _by_other_weights(
        self, pot: s.Pot, number: int, mechanism: contracts.Mechanism
    ) -> Iterator[Obstacle]:
        flow, name = pot.flows[number], pot.name.text
        basis = self._basis(flow)
        # Among those who take part and whom no limit holds, shares are of another whole. If the
        # one is not among them, a difference that all of them leave can then still change.
        bears = mechanism.bearer != "nobody" and bool(flow.conditions or flow.limits)
        together = flow.within is None and not bears
        quota = basis.as_quota and (together or basis.in_step)
        # Methods that compare recipients two by two need only the weights themselves.
        if not quota and not (mechanism.keeps_all and basis.to_own and flow.within is None):
            yield obstacle(_key(flow), "key", pot=name)
        elif Sort.MORE_WEIGHT not in mechanism.promises:
            yield obstacle(flow.span, "more_weight", pot=name)
        elif not self.ranges.sent(pot, number).is_not_negative:
            yield obstacle(flow.span, "debt", pot=name)


def larger_with(program: Program, raised: str) -> frozenset[str]:
    """The pots that are larger when a name is raised: itself and its sources, if it is a pot."""
    if not isinstance(program.symbols[raised], s.Pot):
        return frozenset()
    return frozenset({raised, *sources_of(program, raised)})


def _levels(flow: s.Flow) -> Iterator[s.Destination]:
    """By what a line is shared: once, or among areas and then within each of them."""
    yield flow.destination
    if flow.within is not None:
        yield flow.within.destination


def _key(flow: s.Flow) -> Span:
    """The place of what a line is shared by."""
    by = flow.destination
    return by.key.span if isinstance(by, s.ByKey) else flow.span
