"""What pays equals equally, and what doubling everyone's figures leaves as it was."""

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import assert_never

from attrs import field, frozen

from dsl import syntax as s
from dsl.program import Program
from engine.graph import Dependencies, dependencies
from engine.proof import contracts
from engine.proof.promises import Obstacle, obstacle


@frozen
class EqualTreatment:
    """Whether recipients with the same of a statistic are paid the same, whatever else differs.

    They are when everything that is theirs in a rule comes from that statistic: what is summed
    over all is the same for everyone. Only the last unit of a line that is shared can be given to
    one of them and not to the other.
    """

    program: Program
    name: str

    def obstacles(self, pots: frozenset[str]) -> Iterator[Obstacle]:
        """What keeps it from being proved for these pots."""
        for pot in (one for one in self.program.pots if one.name.text in pots):
            for adjustment in pot.adjustments:
                yield obstacle(adjustment.span, "adjusted", pot=pot.name.text)
            for flow in pot.flows:
                yield from self._line(pot, flow)

    def _line(self, pot: s.Pot, flow: s.Flow) -> Iterator[Obstacle]:
        data = {"pot": pot.name.text, "name": self.name}
        expressions = list(flow.expressions)
        match flow.destination:
            case s.ToName(name):
                register = self.program.register_of(pot)
                elsewhere = name.text in self.program.symbols or name.text in self.program.others
                if not elsewhere and register.position(name.text) is not None:
                    yield obstacle(flow.span, "one_recipient", **data)
                return
            case s.ToEach() if isinstance(flow.amount, s.Ref):
                expressions.append(flow.amount)
                shared = flow.in_proportion
            case by:
                shared = not isinstance(by, s.ToEach)
        if flow.within is not None:
            yield obstacle(flow.within.span, "areas", **data)
        rounding = self.program.rounding_of(pot, flow)
        if shared and contracts.bearer(self.program, rounding) not in {"nobody", "pot"}:
            yield obstacle(flow.span, "bearer", **data)
        for expression in expressions:
            other = self._other(expression)
            if other is not None:
                yield obstacle(expression.span, "depends", **data, other=other)

    def _other(self, node: s.Expression) -> str | None:
        """A name by which recipients with the same of the statistic may differ, if there is one."""
        waiting = [used.text for used in s.names_per_recipient(node)]
        seen = {self.name}
        while waiting:
            name = waiting.pop()
            if name in seen:
                continue
            seen.add(name)
            match self.program.symbols[name]:
                case s.Statistic(per_recipient=True):
                    return name
                case s.Definition() | s.Steps() as definition:
                    together = definition.rounding and definition.rounding.keeps_total
                    if definition.sort == "value" and together:
                        return name
                    waiting += [one.text for one in s.names_per_recipient(definition.expression)]
        return None


@frozen(slots=False)
class Doubling:
    """Whether nothing changes when everyone has twice as much of a statistic.

    A number has a degree when it grows by a fixed power of the figures: the statistic itself has
    one, what does not use it none, a product the sum and a quotient the difference of its parts'.
    Shares of anything with a degree have none, so that only amounts, limits and conditions must.
    """

    program: Program
    name: str
    _degrees: dict[str, int | None] = field(factory=dict, init=False)

    def obstacles(self, pots: frozenset[str]) -> Iterator[Obstacle]:
        """What keeps it from being proved: in these pots, or in those that fill them."""
        behind = self._known.names_behind(pots)
        for pot in (one for one in self.program.pots if one.name.text in behind):
            for flow in pot.flows:
                for expression in self._unscaled(flow):
                    where = {"pot": pot.name.text, "name": self.name}
                    yield obstacle(expression.span, "degree", **where)

    @cached_property
    def _known(self) -> Dependencies:
        known = dependencies(self.program)
        for step in known.order() or ():  # so that a chain of definitions is followed link by link
            self._of_name(step.name)
        return known

    def _unscaled(self, flow: s.Flow) -> Iterator[s.Expression]:
        if isinstance(flow.amount, s.Ref) and self._degree(flow.amount) != 0:
            yield flow.amount
        for level in (flow.destination, flow.within and flow.within.destination):
            if isinstance(level, s.ByKey) and self._degree(level.key) is None:
                yield level.key
        for limit in flow.limits:
            if self._degree(limit.amount) != 0:
                yield limit.amount
        for condition in flow.conditions:
            for one in condition.alternatives:
                if not self._same(one.left, one.right):
                    yield one.left

    def _same(self, left: s.Expression, right: s.Expression) -> bool:
        """Whether two numbers keep their order: both have the same degree, or one is zero."""
        one, other = self._degree(left), self._degree(right)
        zero = isinstance(right, s.Quantity) and right.number == 0
        return one is not None and (one == other or zero)

    def _degree(self, node: s.Expression) -> int | None:
        match node:
            case s.Quantity():
                return 0
            case s.Ref(name):
                return self._of_name(name.text)
            case s.Negative(operand) | s.SumOf(operand) | s.SumOver(operand):
                return self._degree(operand)
            case s.ShareOf() | s.Mix() | s.PhaseIn():
                known = all(self._degree(one) is not None for one in s.operands(node))
                return 0 if known else None
            case s.Binary(operator, left, right):
                return _COMBINED[operator](self._degree(left), self._degree(right))
            case s.StepFunction(measure, rungs):
                values = {self._degree(rung.value) for rung in rungs}
                return values.pop() if self._degree(measure) == 0 and len(values) == 1 else None
            case s.SumTo() | s.AllPosts():
                return None
            case never:
                assert_never(never)

    def _of_name(self, name: str) -> int | None:
        if name not in self._degrees:
            self._degrees[name] = self._of_symbol(name)
        return self._degrees[name]

    def _of_symbol(self, name: str) -> int | None:
        match self.program.symbols[name]:
            case s.Definition() | s.Steps() as definition:
                found = self._degree(definition.expression)
                rounded = definition.sort == "amount" or definition.rounding is not None
                return found if not rounded or found == 0 else None
        return int(name == self.name)  # what pots hold stays, as all amounts do


_Degree = int | None


def _added(one: _Degree, other: _Degree) -> _Degree:
    return one if one == other else None


_COMBINED: dict[s.Operator, Callable[[_Degree, _Degree], _Degree]] = {
    "+": _added,
    "-": _added,
    "*": lambda one, other: None if one is None or other is None else one + other,
    "/": lambda one, other: None if one is None or other is None else one - other,
}
