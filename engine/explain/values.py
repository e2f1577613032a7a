"""Explains the value of an expression for one recipient: every figure in it and where it stands."""

from collections.abc import Iterator
from fractions import Fraction
from typing import assert_never

from attrs import evolve, field, frozen

from dsl import syntax as s
from dsl.findings import Exact, Kronor, Percent, Phrase, Value
from dsl.units import Unit
from dsl.words import RELATIONS
from engine.column import Column
from engine.explain.ground import Ground, entry
from engine.explain.steps import Step
from engine.expressions import HOLDS, NOWHERE, places
from engine.grid import Cell
from engine.measured import bare, measured
from engine.rounding import round_each

# Definitions that rest on definitions are followed so far down; the rest is said by their values.
MAX_DEPTH = 6


@frozen
class Values:
    """The figures behind one recipient's values on one line, each told once.

    Attributes:
        ground: the run.
        position: the recipient's position in the register.
        told: names that have been explained, here or on a line before.
        here: names that have been told here.
    """

    ground: Ground
    position: int
    told: set[str] = field(factory=set)
    here: set[str] = field(factory=set)

    # ------------------------------------------------------------ expressions

    def behind(self, node: s.Expression, depth: int = 0) -> Iterator[Step]:
        """A step for every figure that an expression uses, from left to right."""
        match node:
            case s.Quantity() | s.SumTo() | s.AllPosts():
                return  # said where it stands, or only in checks
            case s.Ref(name):
                yield from self._named(name.text, depth)
            case s.Binary(_, left, right):
                yield from self.behind(left, depth)
                yield from self.behind(right, depth)
            case s.Negative(operand):
                yield from self.behind(operand, depth)
            case s.ShareOf(operand):
                yield self._share_of(node, operand, depth)
            case s.SumOf(operand):
                yield self._sum_of(node, operand)
            case s.SumOver():
                yield self._sum_over(node, depth)
            case s.Mix(parts):
                for part in parts:
                    yield self._ingredient(part.weight.value, part.key, depth)
            case s.PhaseIn():
                yield from self._phase_in(node, depth)
            case s.StepFunction():
                yield from self._stepped(node, depth)
            case _:
                assert_never(node)

    def weight(self, node: s.Expression) -> Iterator[Step]:
        """The same for a key, whose single figure ``share`` tells by itself."""
        if not self._is_plain(node):
            yield from self.behind(node)

    def share(
        self, weight: Fraction, total: Fraction, node: s.Expression, steps: tuple[Step, ...] = ()
    ) -> Step:
        """A weight as a share of a total, with the place of the figure if it is a single one."""
        origin = None
        if isinstance(node, s.Ref):
            origin = self.ground.origin(node.name.text, self.position)
        unit = self.ground.unit(node)
        text = of_total(bare(weight, unit), bare(total, unit), weight / total)
        return Step("share", text, weight / total, origin=origin, steps=steps)

    def named(self, name: str) -> Step:
        """A name of the rules with its value and all that it rests on."""
        symbol = self.ground.program.symbols[name]
        step = next(self._named(name, MAX_DEPTH))
        return (
            evolve(step, steps=tuple(self.defined(symbol)))
            if isinstance(symbol, s.Defined)
            else step
        )

    # ------------------------------------------------------------ names

    def _is_statistic(self, name: str) -> bool:
        return isinstance(self.ground.program.symbols.get(name), s.Statistic)

    def _named(self, name: str, depth: int) -> Iterator[Step]:
        if name in self.here:
            return
        self.here.add(name)
        match self.ground.program.symbols[name]:
            case s.Statistic():
                yield self._figure(name)
            case s.Definition() | s.Steps() as definition:
                yield self._definition(definition, depth)
            case s.Pot() as pot:
                held = self.ground.kronor(self.ground.result.holds[name])
                text = Phrase("why.pot_holds", {"amount": Kronor(held)})
                yield Step("pot", text, held, money=True, name=name, span=pot.span)
            case symbol:
                assert_never(symbol)

    def _figure(self, name: str) -> Step:
        node = s.Ref(s.Name(name))
        value, unit = self.ground.value(node, self.position), self.ground.unit(node)
        origin = self.ground.origin(name, self.position)
        text = measured(value, unit)
        if origin is not None and origin.of_ruleset:
            text = Phrase("why.of_ruleset", {"value": text, "ruleset": origin.source or ""})
        return Step("figure", text, value, unit.is_money, name, origin=origin)

    def _definition(self, definition: s.Defined, depth: int) -> Step:
        node = s.Ref(definition.name)
        value, unit = self.ground.value(node, self.position), self.ground.unit(node)
        text, name = measured(value, unit), definition.name.text
        steps: tuple[Step, ...] = ()
        if depth < MAX_DEPTH and name not in self.told:
            steps = tuple(self.defined(definition, depth + 1))
        return Step("defined", text, value, unit.is_money, name, definition.span, steps=steps)

    def defined(self, definition: s.Defined, depth: int = 0) -> Iterator[Step]:
        """How a definition comes to its value: the formula, its figures, the number, rounding."""
        node = definition.expression
        self.told.add(definition.name.text)
        self.here.add(definition.name.text)
        if isinstance(definition, s.Steps):
            yield from self.behind(node, depth)
            return
        # A definition within another stands beside its own name already.
        span = None if depth else definition.span
        yield Step("formula", self.ground.written(node), span=span)
        yield from self.behind(node, depth)
        exact, unit = self.ground.value(node, self.position), self.ground.unit(node)
        if isinstance(node, s.Binary | s.Negative):
            formula = self.ground.filled(node, self.position)
            text = Phrase("why.equals", {"formula": formula, "value": measured(exact, unit)})
            yield Step("exact", text, exact, unit.is_money)
        elif isinstance(node, s.Mix | s.PhaseIn):
            yield self.mixed(node)
        rounded = self.ground.value(s.Ref(definition.name), self.position)
        if rounded != exact:
            yield self._rounded(definition, exact, rounded)

    def _rounded(self, definition: s.Definition, exact: Fraction, rounded: Fraction) -> Step:
        unit = self.ground.unit(s.Ref(definition.name))
        rounding = self.ground.program.rounding_of_amount(definition)
        if definition.sort == "value" and definition.rounding is not None:
            rounding = definition.rounding
            if rounding.difference is not None and rounding.unit is not None:
                return self._borne(rounding, rounding.unit, exact, rounded, unit)
        text = direction(rounding.method, exact, rounded, measured(rounded, unit))
        return Step("rounded", text, rounded, unit.is_money)

    def _borne(
        self, said: s.Rounding, size: Fraction, exact: Fraction, rounded: Fraction, unit: Unit
    ) -> Step:
        """A number as rounded by itself, and what the largest bears of the others' rounding."""
        (units,) = round_each(Column.of([exact / size]), said.method)
        plain, shown = units * size, measured(rounded, unit)
        text = direction(said.method, exact, rounded, shown)
        if plain != rounded:
            data = {
                "method": Phrase(f"method.{said.method.value}"),
                "plain": measured(plain, unit),
                "difference": measured(rounded - plain, unit),
                "rounded": shown,
            }
            text = Phrase("why.borne", data)
        return Step("rounded", text, rounded, unit.is_money)

    # ------------------------------------------------------------ shares and sums

    def _share_of(self, node: s.ShareOf, operand: s.Expression, depth: int) -> Step:
        column = self.ground.column(operand)
        share = self.share(
            entry(column, self.position),
            column.total().scalar,
            operand,
            () if self._is_plain(operand) else tuple(self.behind(operand, depth)),
        )
        return Step(
            "share", share.text, share.value, name=self.ground.written(node),
            origin=share.origin, steps=share.steps,
        )  # fmt: skip

    def _is_plain(self, node: s.Expression) -> bool:
        return isinstance(node, s.Ref) and self._is_statistic(node.name.text)

    def _sum_of(self, node: s.SumOf, operand: s.Expression) -> Step:
        value, unit = self.ground.value(node, self.position), self.ground.unit(node)
        origin = None
        if isinstance(operand, s.Ref):
            origin = self.ground.origin(operand.name.text, None)
        name = self.ground.written(node)
        return Step("sum", measured(value, unit), value, unit.is_money, name, origin=origin)

    def _sum_over(self, node: s.SumOver, depth: int) -> Step:
        """A sum over axes: what every place gives, with the figures that stand there."""
        value, unit = self.ground.value(node, self.position), self.ground.unit(node)
        cells = places(self.ground.program.axes, node.axes, NOWHERE)
        leaves = list(self.ground.leaves(node.operand))
        over = [one for one in leaves if one in self.ground.program.grids]
        over.sort(key=lambda name: not self._per_recipient(name))
        steps = [self._in_place(node.operand, cell, over) for cell in cells]
        steps += [self._read_over(name) for name in over[1:]]
        for name in leaves:
            if name not in over:
                steps += self._named(name, depth)
        name = self.ground.written(node)
        return Step("sum", measured(value, unit), value, unit.is_money, name, steps=tuple(steps))

    def _per_recipient(self, name: str) -> bool:
        symbol = self.ground.program.symbols[name]
        return isinstance(symbol, s.Statistic) and symbol.per_recipient

    def _in_place(self, operand: s.Expression, cell: Cell, over: list[str]) -> Step:
        """One place, and where the first of its figures stands."""
        value, unit = self.ground.value(operand, self.position, cell), self.ground.unit(operand)
        text: Value = measured(value, unit)
        if not isinstance(operand, s.Ref) or not self._is_statistic(operand.name.text):
            figures = tuple(self._figure_at(name, cell) for name in over)
            text = Phrase("why.in_place", {"value": text, "figures": figures})
        origin = self.ground.origin(over[0], self.position, cell) if over else None
        return Step("place", text, value, unit.is_money, ", ".join(cell.values()), origin=origin)

    def _read_over(self, name: str) -> Step:
        """A grid whose figures are told in the places: the file that they stand in."""
        axes = tuple(self.ground.program.grids[name])
        origin = self.ground.origin(name, None)
        return Step("place", Phrase("why.read_over", {"axes": axes}), name=name, origin=origin)

    def _figure_at(self, name: str, cell: Cell) -> Phrase:
        node = s.Ref(s.Name(name))
        value = measured(self.ground.value(node, self.position, cell), self.ground.unit(node))
        return Phrase("why.figure_at", {"name": name, "value": value})

    # ------------------------------------------------------------ mixes, phases, steps

    def _ingredient(self, weight: Fraction, key: s.Expression, depth: int) -> Step:
        """One key of a mix: its weight times the recipient's share of it."""
        if not weight:
            text = Phrase("why.not_counted", {"weight": Percent(weight)})
            return Step("ingredient", text, weight, name=self.ground.written(key))
        inner = () if self._is_plain(key) else tuple(self.behind(key, depth))
        column = self.ground.column(key)
        share = self.share(entry(column, self.position), column.total().scalar, key, inner)
        value = weight * self._part(key)
        facts: dict[str, Value] = {
            "weight": Percent(weight), "share": Percent(self._part(key)), "part": Percent(value),
        }  # fmt: skip
        text = Phrase("why.weighted", facts)
        return Step("ingredient", text, value, name=self.ground.written(key), steps=(share,))

    def mixed(self, node: s.Mix | s.PhaseIn) -> Step:
        """The parts of a mix added: the recipient's share by all its keys together."""
        if isinstance(node, s.Mix):
            parts = [(one.weight.value, one.key) for one in node.parts]
        else:
            weight = node.weight_in(self.ground.program.year)
            parts = [(1 - weight, node.old), (weight, node.new)]
        shares = [weight * self._part(key) for weight, key in parts if weight]
        total = sum(shares, Fraction(0))
        if len(shares) == 1:
            return Step("share", Percent(total), total)
        one, *others = (Percent(share) for share in shares)
        formula: Value = one
        for other in others:
            formula = Phrase("why.plus", {"one": formula, "other": other})
        return Step(
            "share", Phrase("why.equals", {"formula": formula, "value": Percent(total)}), total
        )

    def _part(self, key: s.Expression) -> Fraction:
        """The recipient's share of a key."""
        column = self.ground.column(key)
        return entry(column, self.position) / column.total().scalar

    def _phase_in(self, node: s.PhaseIn, depth: int) -> Iterator[Step]:
        year = self.ground.program.year
        weight = node.weight_in(year)
        text = Phrase("why.phase", {"year": str(year), "weight": Percent(weight)})
        yield Step("phase", text, weight, span=node.span)
        yield self._ingredient(1 - weight, node.old, depth)
        yield self._ingredient(weight, node.new, depth)

    def _stepped(self, node: s.StepFunction, depth: int) -> Iterator[Step]:
        """The figure that is measured, the step in which it lies, and what that step gives."""
        yield from self.behind(node.measure, depth)
        measure = self.ground.value(node.measure, self.position)
        reached = (one for one in node.rungs[1:] if one.low and measure >= one.low.value)
        rung = max(reached, key=lambda one: one.low.value if one.low else 0, default=node.rungs[0])
        said = Phrase(
            "why.in_step",
            {
                "measure": measured(measure, self.ground.unit(node.measure)),
                "rule": self.ground.printer.line(rung),
            },
        )
        yield Step("rung", said, self.ground.value(rung.value, self.position), span=rung.span)
        yield from self.behind(rung.value, depth)

    # ------------------------------------------------------------ conditions

    def holds(self, one: s.Comparison) -> bool:
        """Whether a comparison holds for the recipient."""
        left, right = (self.ground.value(side, self.position) for side in (one.left, one.right))
        return HOLDS[one.relation](left - right)

    def condition(self, condition: s.Condition) -> Iterator[Step]:
        """Each comparison of a condition with both its values, and whether it holds."""
        for number, one in enumerate(condition.alternatives):
            key = "why.met" if self.holds(one) else "why.not_met"
            steps = (*self.behind(one.left), *self.behind(one.right))
            kind = "alternative" if number else "condition"
            yield Step(kind, Phrase(key, self.compared(one)), span=one.span, steps=steps)

    def compared(self, one: s.Comparison) -> dict[str, Value]:
        """A comparison as the rules have it, and both its values."""
        sides = [
            measured(self.ground.value(side, self.position), self.ground.unit(side))
            for side in (one.left, one.right)
        ]
        sign = RELATIONS[one.relation][0]
        rule = f"{self.ground.written(one.left)} {sign} {self.ground.written(one.right)}"
        return {"rule": rule, "left": sides[0], "right": sides[1]}

    def fails(self, flow: s.Flow) -> s.Comparison | None:
        """The first comparison of a line that keeps the recipient out of it."""
        for condition in flow.conditions:
            if not any(map(self.holds, condition.alternatives)):
                return condition.alternatives[0]
        return None


def of_total(weight: Value, total: Value, share: Fraction) -> Phrase:
    """A weight of a total, and the share of one that it is."""
    return Phrase("why.of_total", {"weight": weight, "total": total, "share": Percent(share)})


def direction(method: s.Method, exact: Fraction, rounded: Fraction, shown: Value) -> Phrase:
    """How a method of rounding took an exact number to a rounded one."""
    key = "why.up" if rounded > exact else "why.down"
    if exact < 0 or method in {s.Method.UP, s.Method.DOWN}:
        key = "why.to"
    return Phrase(key, {"method": Phrase(f"method.{method.value}"), "rounded": shown})


def count(number: int) -> Exact:
    """A number of recipients."""
    return Exact(number)
