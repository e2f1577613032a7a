"""Whether every pot is used up exactly, never overdrawn, and can always be shared out.

Each claim follows from how the lines of a pot use it (every krona once), from what the mechanisms
promise, and from the limits of what lines can take (``Ranges``). What must hold of the figures
beside what the rules say of them is stated as a condition, never assumed.
"""

from collections.abc import Iterator
from fractions import Fraction

from attrs import frozen

from dsl import syntax as s
from dsl.axes import in_order
from dsl.check.wording import written
from dsl.findings import Exact, Kronor, Phrase, Value
from dsl.program import Program
from engine import lines
from engine.proof.interval import NOT_NEGATIVE, NOTHING, Interval, Range, hull
from engine.proof.promises import Argument, Obstacle, obstacle
from engine.proof.ranges import Ranges

Facts = Iterator[Phrase | Obstacle]
"""Conditions, and what stands in the way."""


@frozen
class Pots:
    """What can be said of a program's pots before any figures are read.

    Attributes:
        program: the rules.
        ranges: between which limits numbers stay.
    """

    program: Program
    ranges: Ranges

    # ------------------------------------------------------------ used up

    def used_up(self, pot: s.Pot) -> Argument:
        """Every krona has one way out, and what comes in is what the rules say."""
        reasons = (Phrase(f"reason.{self._use(pot)}"), *self._conserved(pot))
        feeds, stated = self.ranges.feeds(pot), self.ranges.held(pot)
        if pot.amount is not None and feeds and self.ranges.received(pot).only != stated.only:
            return Argument(reasons, (), obstacle(pot.amount.span, "stated", pot=pot.name.text))
        return Argument(reasons)

    def _use(self, pot: s.Pot) -> str:
        """By what the lines of a pot make the whole of it."""
        amounts = [flow.amount for flow in pot.flows]
        if any(isinstance(amount, s.Rest) for amount in amounts):
            return "rest"
        if any(isinstance(amount, s.All) for amount in amounts):
            return "all"
        return "parts" if all(lines.share_of(flow) for flow in pot.flows) else "amounts"

    def _conserved(self, pot: s.Pot) -> Iterator[Phrase]:
        """By what method each line that is shared gives out all that it moves."""
        methods = {
            self.program.rounding_of(pot, flow).method
            for flow in pot.flows
            if isinstance(flow.destination, s.ByKey | s.Equally)
        }
        for method in sorted(methods, key=lambda one: one.value):
            yield Phrase(f"reason.conserves_{method.value}")

    # ------------------------------------------------------------ never overdrawn

    def enough(self, pot: s.Pot) -> Argument:
        """No line takes more than there is, and nobody is paid less than nothing."""
        found = [*self._claims(pot), *self._adjustments(pot), *self._bearers(pot)]
        found += self._limited_debts(pot)
        reasons = []
        for rest in (n for n, one in enumerate(pot.flows) if isinstance(one.amount, s.Rest)):
            found += self._left(pot, rest)
            least = self._least_pot(pot, rest)
            if least:
                reasons.append(Phrase("reason.least_pot", {"amount": self._kronor(least)}))
        return _concluded(found, reasons)

    def _claims(self, pot: s.Pot) -> Facts:
        for number, flow in enumerate(pot.flows):
            if not isinstance(flow.amount, s.Ref):
                continue
            each = self.ranges.claimed(pot, number).each
            if not each.is_not_negative:
                yield obstacle(flow.amount.span, "negative", name=flow.amount.name.text)

    def _limited_debts(self, pot: s.Pot) -> Facts:
        """Of a sum below nothing nobody has a floor or a ceiling."""
        for number, flow in enumerate(pot.flows):
            to_name = isinstance(flow.destination, s.ToName)
            sum_ = self.ranges.held(pot) if to_name else self.ranges.sent(pot, number)
            if flow.limits and not sum_.is_not_negative:
                yield obstacle(flow.limits[0].span, "debt", pot=pot.name.text)

    def _left(self, pot: s.Pot, rest: int) -> Facts:
        """Whether what the other lines take is less than what there is."""
        held, name = self.ranges.held(pot), pot.name.text
        taken = self._taken(pot, rest)
        if taken.only == 0:
            return
        if not held.is_not_negative:
            yield obstacle(pot.flows[rest].span, "debt", pot=name)
            return
        if taken.high is None:
            unlimited = next(
                pot.flows[n]
                for n in self.ranges.before_rest(pot, rest)
                if self.ranges.sent(pot, n).high is None
            )
            yield obstacle(unlimited.amount.span, "unlimited", pot=name)
        elif held.low is None or held.low < taken.high:
            if pot.amount is None and self._apart(pot, rest):
                amount = self._kronor(taken.high)
                yield Phrase("condition.least_pot", {"pot": name, "amount": amount})
            else:
                more = self._kronor(taken.high - (held.low or 0))
                yield obstacle(pot.flows[rest].span, "overdraft", pot=name, amount=more)

    def _taken(self, pot: s.Pot, rest: int) -> Interval:
        """What the other lines can take; a line of reduced claims takes what they leave."""
        total = Interval(Fraction(0), Fraction(0))
        for number in self.ranges.before_rest(pot, rest):
            if not pot.flows[number].in_proportion:
                total += self.ranges.sent(pot, number)
        return total

    def _least_pot(self, pot: s.Pot, rest: int) -> Fraction | None:
        """The least amount of a pot for which its rest is never less than nothing, if known."""
        shares = sum((lines.share_of(flow) for flow in pot.flows), Fraction(0))
        taken = self._taken(pot, rest).high
        if shares or taken is None or not self._apart(pot, rest):
            return None
        return taken

    def _apart(self, pot: s.Pot, rest: int) -> bool:
        """Whether what the other lines take does not depend on what the pot holds."""
        flows = [pot.flows[n] for n in self.ranges.before_rest(pot, rest)]
        waiting = [flow.amount for flow in flows if isinstance(flow.amount, s.Ref)]
        seen: set[str] = set()
        while waiting:
            name = waiting.pop().name.text
            symbol = self.program.symbols[name]
            if isinstance(symbol, s.Pot):
                return False
            if isinstance(symbol, s.Definition | s.Steps) and name not in seen:
                seen.add(name)
                waiting += [one for one in s.parts_of(symbol.expression) if isinstance(one, s.Ref)]
        return all(not lines.share_of(flow) for flow in flows)

    def _adjustments(self, pot: s.Pot) -> Facts:
        """Nobody has more taken away by hand, in all, than the pot surely pays."""
        surely = Fraction(0)
        for number, flow in enumerate(pot.flows):
            if isinstance(flow.destination, s.ToEach) and not flow.conditions:
                surely += self.ranges.claimed(pot, number).each.low or 0
        register, left = self.program.register_of(pot), dict[int | None, Fraction]()
        for adjustment in pot.adjustments:
            place = register.position(adjustment.recipient.text)
            more = lines.whole_amount(self.program, adjustment.amount)
            left[place] = left.get(place, surely) + more
            if left[place] < 0:
                yield obstacle(adjustment.span, "adjusted_away", pot=pot.name.text)

    def _bearers(self, pot: s.Pot) -> Facts:
        """Who bears what rounding to nearest gives the others has at least as much."""
        for number, flow in enumerate(pot.flows):
            rounding = self.program.rounding_of(pot, flow)
            plain = isinstance(flow.destination, s.ByKey | s.Equally) and not flow.limits
            if not plain or rounding.method is not s.Method.NEAREST:
                continue
            others = self.ranges.parties(pot, flow) - 1
            unit = lines.rounding_unit(self.program, rounding)
            # Each of the others gets at most half a unit too much, and the largest has at least
            # an equal share.
            least = Fraction(unit * others * (others + 1), 2)
            sent = self.ranges.sent(pot, number)
            large = sent.low is not None and sent.low >= least and flow.within is None
            if not (isinstance(rounding.difference, s.Largest) and large):
                yield obstacle(flow.span, "bears", pot=pot.name.text, amount=self._kronor(least))

    # ------------------------------------------------------------ something to share by

    def divides(self, pot: s.Pot) -> Argument:
        """Somebody takes part in every line that is shared, and nobody by less than nothing."""
        return _concluded([fact for flow in pot.flows for fact in self._shared_by(flow)])

    def _shared_by(self, flow: s.Flow) -> Facts:
        for expression in flow.expressions:
            yield from self._divisions(expression)
        if not isinstance(flow.destination, s.ByKey | s.Equally):
            return
        if flow.within is not None:
            # The conditions are for those within the areas.
            if isinstance(flow.destination, s.ByKey):
                yield from self._weighs(flow.destination.key, "some", ())
            yield Phrase("condition.area_members")
            if isinstance(flow.within.destination, s.ByKey):
                yield from self._weighs(flow.within.destination.key, "area", flow.conditions)
            return
        if flow.conditions:
            # One who meets each is not enough: somebody must meet them all.
            together = ", ".join(written(condition.span) for condition in flow.conditions)
            yield Phrase("condition.someone_meets", {"condition": together})
        if isinstance(flow.destination, s.ByKey):
            yield from self._weighs(flow.destination.key, "some", flow.conditions)

    def _weighs(self, key: s.Expression, what: str, conditions: tuple[s.Condition, ...]) -> Facts:
        weights, said = self.ranges.of(key), _said_of(key, conditions)
        if not (weights.each.is_not_negative or said):
            named = self.program.symbols[key.name.text] if isinstance(key, s.Ref) else None
            if not isinstance(named, s.Statistic):
                yield obstacle(key.span, "negative_key", weight=written(key.span))
                return
            yield Phrase("condition.not_negative", {"what": written(key.span)})
        if conditions:
            if not (weights.each.is_positive or said == "more"):
                of_those = "area_of_those" if what == "area" else "of_those"
                yield Phrase(f"condition.{of_those}", {"what": written(key.span)})
        elif not (weights.total if what == "some" else weights.each).is_positive:
            yield Phrase(f"condition.{what}", {"what": written(key.span)})

    def formulas(self) -> Argument:
        """No amount or value divides by zero."""
        found = [
            fact
            for definition in self.program.definitions
            for fact in self._divisions(definition.expression)
        ]
        return _concluded(found)

    def _divisions(self, expression: s.Expression) -> Facts:
        for node in s.parts_of(expression):
            match node:
                case s.Binary("/", _, right):
                    found = self.ranges.of(right)
                    yield from self._divisor(
                        right, found, "single" if found.length == 1 else "each"
                    )
                case s.ShareOf(operand):
                    yield from self._sum_as_divisor(operand)
                case s.Mix(parts):
                    for part in (one for one in parts if one.weight.value):
                        yield from self._sum_as_divisor(part.key)
                case s.PhaseIn(old, new):
                    weight = node.weight_in(self.program.year)
                    for share, key in ((1 - weight, old), (weight, new)):
                        if share:
                            yield from self._sum_as_divisor(key)

    def _sum_as_divisor(self, key: s.Expression) -> Facts:
        yield from self._divisor(key, self.ranges.of(key).summed(), "some")

    def _divisor(self, node: s.Expression, found: Range, what: str) -> Facts:
        each = found.each
        if each.is_positive or (-each).is_positive:
            return
        what += "" if each.is_not_negative else "_nonzero"
        condition = Phrase(f"condition.{what}", {"what": written(node.span)})
        axes = in_order(self.program.axes, _axes(self.program, node))
        if axes:
            condition = Phrase(
                "condition.places", {"condition": condition, "axes": " × ".join(axes)}
            )
        yield condition

    # ------------------------------------------------------------ limits and whole units

    def fits(self, pot: s.Pot, number: int) -> Argument:
        """The floors of a line never need more than it moves, and its ceilings never take less."""
        flow, sent = pot.flows[number], self.ranges.sent(pot, number)
        if not sent.is_not_negative:
            return Argument((), (), obstacle(flow.span, "debt", pot=pot.name.text))
        unit = lines.rounding_unit(self.program, self.program.rounding_of(pot, flow))
        return _concluded([*self._limits(pot, flow, sent), *self._order(flow, sent, unit)])

    def _limits(self, pot: s.Pot, flow: s.Flow, sent: Interval) -> Facts:
        length = len(self.program.register_of(pot))
        unit = lines.rounding_unit(self.program, self.program.rounding_of(pot, flow))
        if flow.within is not None:
            # What an area gets is not known, and so not what the limits within it must fit.
            yield obstacle(flow.limits[0].span, "limits_within", pot=pot.name.text)
            return
        for limit in flow.limits:
            amounts = self._limit(limit.amount, sent)
            floor = limit.side == "at_least"
            if floor:
                amounts = _not_below_nothing(amounts)
            method = s.Method.UP if floor else s.Method.DOWN
            together = amounts.spread(length).rounded(Fraction(unit), method).total
            if floor and not _at_most(together.high, sent.low):
                yield obstacle(limit.span, "floors", pot=pot.name.text)
            elif not floor and not amounts.each.is_not_negative:
                yield obstacle(limit.span, "crossed")  # where no floor is said it is nothing
            elif not floor and not _at_most(sent.high, together.low):
                yield obstacle(limit.span, "ceilings", pot=pot.name.text)
            elif not floor:
                yield from self._takes_part(flow)

    def _takes_part(self, flow: s.Flow) -> Facts:
        """A ceiling takes something only of those who share at all."""
        for condition in flow.conditions:
            yield Phrase("condition.all_meet", {"condition": written(condition.span)})
        by = flow.destination
        if isinstance(by, s.ByKey) and not self.ranges.of(by.key).each.is_positive:
            yield Phrase("condition.each", {"what": written(by.key.span)})

    def _order(self, flow: s.Flow, sent: Interval, unit: int) -> Facts:
        """Nobody's floor in whole units is above the ceiling in whole units."""
        floor, ceiling = flow.limit("at_least"), flow.limit("at_most")
        if floor is None or ceiling is None:
            return
        size = Fraction(unit)
        low = _not_below_nothing(self._limit(floor, sent)).rounded(size, s.Method.UP)
        high = self._limit(ceiling, sent).rounded(size, s.Method.DOWN)
        if not (high.each - low.each).is_not_negative:
            yield obstacle(floor.span, "crossed")

    def _limit(self, limit: s.Expression, sent: Interval) -> Range:
        """A limit as an amount; a share is of what the line moves."""
        amounts = self.ranges.of(limit)
        return amounts * Range.of(sent) if self.ranges.is_share(limit) else amounts

    def whole(self, pot: s.Pot) -> Argument:
        """What every line shares is a whole number of the units that it is rounded to."""
        return _concluded([fact for n in range(len(pot.flows)) for fact in self._whole(pot, n)])

    def _whole(self, pot: s.Pot, number: int) -> Facts:
        flow = pot.flows[number]
        rounding = self.program.rounding_of(pot)
        if lines.share_of(flow) and not rounding.method.preserves_total:
            exact = self.ranges.held(pot).only
            if exact is None or not self._even(pot, exact * lines.share_of(flow), exact):
                yield obstacle(flow.amount.span, "uneven", pot=pot.name.text)
        if not isinstance(flow.destination, s.ByKey | s.Equally):
            return
        unit = lines.rounding_unit(self.program, self.program.rounding_of(pot, flow))
        sent = self.ranges.sent(pot, number).only
        if unit != 1 and (sent is None or sent % unit):
            data: dict[str, Value] = {"pot": pot.name.text, "unit": self._kronor(Fraction(unit))}
            yield obstacle(flow.span, "indivisible", **data)

    def _even(self, pot: s.Pot, part: Fraction, held: Fraction) -> bool:
        """Whether a part of a pot is whole in the units that its parts are counted in."""
        total = held
        if not any(isinstance(flow.amount, s.Rest) for flow in pot.flows):
            total = held * sum(map(lines.share_of, pot.flows), Fraction(0))
        unit = lines.dividing_unit(self.program, self.program.rounding_of(pot), total)
        return (part / unit).denominator == 1

    def _kronor(self, amount: Fraction) -> Kronor:
        return Kronor(amount / self.program.base)


def parts_make_one(node: s.Mix | s.Pot) -> Argument:
    """The parts of a pot or of a mix, added up."""
    if isinstance(node, s.Mix):
        parts = [part.weight.value for part in node.parts]
    else:
        parts = [share for flow in node.flows if (share := lines.share_of(flow))]
        if any(isinstance(flow.amount, s.Rest) for flow in node.flows):
            parts.append(1 - sum(parts, Fraction(0)))
    data: dict[str, Value] = {"count": Exact(len(parts))}
    if sum(parts, Fraction(0)) != 1:
        return Argument((), (), obstacle(node.span, "parts_sum"))
    return Argument((Phrase("reason.parts_make_one", data),))


def _not_below_nothing(floors: Range) -> Range:
    """Floors as they count: none is below nothing, and then what they are together says less."""
    if floors.each.is_not_negative:
        return floors
    return Range.of(hull([NOTHING, floors.each]).meet(NOT_NEGATIVE), floors.length)


def _axes(program: Program, node: s.Expression) -> Iterator[str]:
    """The axes in every place of which an expression has a value of its own."""
    if isinstance(node, s.Ref):
        yield from program.grids.get(node.name.text, ())
    summed = {axis.name.text for axis in node.axes} if isinstance(node, s.SumOver) else set()
    for operand in s.operands(node):
        yield from (axis for axis in _axes(program, operand) if axis not in summed)


def _said_of(key: s.Expression, conditions: tuple[s.Condition, ...]) -> s.Relation | None:
    """How the key of those who meet a line's conditions compares with zero, if these say so."""
    for condition in conditions:
        one = condition.alternatives[0]
        limit = one.right.number if isinstance(one.right, s.Quantity) else -1
        about_the_key = len(condition.alternatives) == 1 and one.left == key and limit >= 0
        if about_the_key and one.relation in {"more", "at_least"}:
            return "more" if limit > 0 else one.relation
    return None


def _concluded(found: list[Phrase | Obstacle], reasons: list[Phrase] | None = None) -> Argument:
    conditions: list[Phrase] = []
    for one in found:
        if isinstance(one, Phrase) and one not in conditions:
            conditions.append(one)
    stands = next((one for one in found if isinstance(one, Obstacle)), None)
    return Argument(tuple(reasons or ()), tuple(conditions), stands)


def _at_most(one: Fraction | None, other: Fraction | None) -> bool:
    return one is not None and other is not None and one <= other
