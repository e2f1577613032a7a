"""Which way every number moves when one recipient has more of a statistic, or a pot holds more.

A number moves up, moves down, stays or may do anything. In a column the one whose figure was
raised moves one way and the others another: of shares, one rises and all others fall.
"""

from collections.abc import Callable, Sequence
from enum import Enum
from typing import assert_never

from attrs import field, frozen

from dsl import syntax as s
from dsl.program import Program
from engine.proof.ranges import Ranges


class Way(Enum):
    """Which way a number moves: never down (UP), never up (DOWN), neither (SAME), or unknown."""

    SAME = "same"
    UP = "up"
    DOWN = "down"
    ANY = "any"

    def __neg__(self) -> "Way":
        return {Way.UP: Way.DOWN, Way.DOWN: Way.UP}.get(self, self)

    def __add__(self, other: "Way") -> "Way":
        """Of a sum of two numbers."""
        if self is Way.SAME or self is other:
            return other
        return self if other is Way.SAME else Way.ANY

    @property
    def never_down(self) -> bool:
        """Whether it stays or rises."""
        return self in {Way.SAME, Way.UP}

    @property
    def never_up(self) -> bool:
        """Whether it stays or falls."""
        return self in {Way.SAME, Way.DOWN}


@frozen
class Move:
    """How a column moves.

    Attributes:
        own: the number of the recipient whose figure was raised.
        others: everyone else's.
        total: the sum of all.
        factor: whether all others are known to change by one and the same factor.
    """

    own: Way
    others: Way
    total: Way
    factor: bool = False

    @property
    def in_step(self) -> bool:
        """Whether all others change by the same factor, and so keep their order and distances."""
        return self.factor or self.others is Way.SAME

    @property
    def stays(self) -> bool:
        """Whether nothing changes."""
        return self.own is self.others is Way.SAME

    @property
    def to_own(self) -> bool:
        """Whether what changes does so in favour of the one whose figure was raised."""
        return self.own.never_down and self.others.never_up

    @property
    def as_quota(self) -> bool:
        """Whether in shares of the whole the one rises or stays, and the others fall or stay."""
        return self.to_own and (self.in_step or self.total.never_down)

    def __neg__(self) -> "Move":
        return Move(-self.own, -self.others, -self.total, self.in_step)

    def __add__(self, other: "Move") -> "Move":
        total = self.total + other.total
        return Move(self.own + other.own, self.others + other.others, total)


STAYS = Move(Way.SAME, Way.SAME, Way.SAME)
UNKNOWN = Move(Way.ANY, Way.ANY, Way.ANY)


def alike(way: Way) -> Move:
    """The move of a single number, the same for all."""
    return Move(way, way, way, factor=True)


@frozen
class Directions:
    """How a program's names move when a name is raised.

    Attributes:
        program: the rules.
        ranges: between which limits numbers stay: a product turns with the sign of a factor.
        raised: a statistic, of which one recipient gets more; or a pot that gets more.
        held: how what a pot holds moves.
    """

    program: Program
    ranges: Ranges
    raised: str
    held: Callable[[s.Pot], Way]
    _named: dict[str, Move] = field(factory=dict, init=False)

    def of_name(self, name: str) -> Move:
        """How a statistic, a definition or a pot moves."""
        if name not in self._named:
            self._named[name] = self._of_symbol(name)
        return self._named[name]

    def _of_symbol(self, name: str) -> Move:
        match self.program.symbols[name]:
            case s.Statistic(per_recipient=per_recipient) as statistic:
                if name != self.raised:
                    return STAYS
                if statistic.growth < 0:
                    return UNKNOWN
                return Move(Way.UP, Way.SAME, Way.UP) if per_recipient else alike(Way.UP)
            case s.Definition() | s.Steps() as definition:
                return self._rounded(definition, self.of(definition.expression))
            case s.Pot() as pot:
                return alike(self.held(pot))
            case never:
                assert_never(never)

    def _rounded(self, definition: s.Defined, moved: Move) -> Move:
        """Rounding one by one turns nobody's direction, but the sum's may be lost."""
        rounding = definition.rounding
        if moved.stays or (definition.sort == "value" and rounding is None):
            return moved
        if definition.sort == "value" and rounding and rounding.keeps_total:
            return UNKNOWN  # rounded together, one can lose what another gains
        return Move(moved.own, moved.others, moved.own + moved.others)

    def of(self, node: s.Expression) -> Move:
        """How an expression moves."""
        match node:
            case s.Quantity():
                return STAYS
            case s.Ref(name):
                return self.of_name(name.text)
            case s.Negative(operand):
                return -self.of(operand)
            case s.SumOf(operand):
                return alike(self.of(operand).total)
            case s.ShareOf(operand):
                return self._shares(operand)
            case s.SumOver(operand):
                moved = self.of(operand)  # in some of the places, and in others not at all
                return Move(moved.own, moved.others, moved.total)
            case s.Binary(operator, left, right):
                return self._combined(operator, left, right)
            case s.Mix(parts):
                return self._mixed([part.key for part in parts if part.weight.value])
            case s.PhaseIn(old, new):
                weight = node.weight_in(self.program.year)
                weighted = ((1 - weight, old), (weight, new))
                return self._mixed([key for share, key in weighted if share])
            case s.StepFunction(measure, rungs):
                return self._stepped(self.of(measure), rungs)
            case s.SumTo() | s.AllPosts():
                return UNKNOWN
            case never:
                assert_never(never)

    def _combined(self, operator: s.Operator, left: s.Expression, right: s.Expression) -> Move:
        match operator:
            case "+":
                return self.of(left) + self.of(right)
            case "-" if left == right:
                return STAYS
            case "-":
                return self.of(left) + -self.of(right)
            case "*":
                return _product(self._factor(left), self._factor(right))
            case "/" if isinstance(right, s.SumOf) and right.operand == left:
                return self._shares(left)
            case "/":
                move, sign, single = self._factor(right)
                # A number above zero: the larger it is, the less of everything else.
                inverse = -move if sign != 0 else UNKNOWN if not move.stays else STAYS
                total = inverse.total if single else inverse.own + inverse.others
                turned = Move(inverse.own, inverse.others, total, inverse.in_step)
                return _product(self._factor(left), (turned, sign, single))
            case never:
                assert_never(never)

    def _factor(self, node: s.Expression) -> "_Factor":
        found = self.ranges.of(node)
        sign = 1 if found.each.is_not_negative else -1 if (-found.each).is_not_negative else 0
        return self.of(node), sign, found.length == 1

    def _shares(self, operand: s.Expression) -> Move:
        moved = self.of(operand)
        if moved.stays:
            return STAYS
        if not self.ranges.of(operand).each.is_not_negative:
            return UNKNOWN
        if moved.as_quota:
            return Move(Way.UP, Way.DOWN, Way.SAME, moved.in_step)
        return Move(Way.ANY, Way.ANY, Way.SAME)

    def _mixed(self, keys: Sequence[s.Expression]) -> Move:
        mixed = self._shares(keys[0])
        for key in keys[1:]:
            mixed += self._shares(key)
        # Shares make one, however they move; so do weighted ones.
        return Move(mixed.own, mixed.others, Way.SAME, mixed.factor)

    def _stepped(self, measure: Move, rungs: tuple[s.Rung, ...]) -> Move:
        """Along steps that only rise, or only fall, and do not move themselves."""
        if not all(self.of(rung.value).stays for rung in rungs):
            return UNKNOWN
        if measure.stays:
            return STAYS
        values = [self.ranges.of(rung.value).each for rung in rungs]
        known = [one.only for one in values if one.only is not None]
        if len(known) < len(values):
            return UNKNOWN
        for turned, ordered in ((measure, sorted(known)), (-measure, sorted(known, reverse=True))):
            if known == ordered:
                return Move(turned.own, turned.others, turned.own + turned.others)
        return UNKNOWN


_Factor = tuple[Move, int, bool]
"""How a factor moves, its sign (0 when it may be either), and whether it is one number for all."""


def _product(left: _Factor, right: _Factor) -> Move:
    (one, sign, single), (other, turn, alone) = left, right
    if one.stays and other.stays:
        return STAYS
    first = _signed(one, turn)
    second = _signed(other, sign)
    own, others = first.own + second.own, first.others + second.others
    # Where one number multiplies everyone's, the sum moves as they do.
    total = first.total + second.total if single or alone else own + others
    return Move(own, others, total, one.in_step and other.in_step)


def _signed(move: Move, sign: int) -> Move:
    """How a term moves that is multiplied by something of this sign that stays."""
    if move.stays:
        return STAYS
    return move if sign > 0 else -move if sign < 0 else UNKNOWN
