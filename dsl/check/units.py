"""Checks units: kronor are never added to persons, and every amount of money is in kronor."""

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from functools import reduce
from math import prod

from attrs import evolve, field, frozen

from dsl import syntax as s
from dsl.axes import MAX_CELLS, chosen, count, in_order, in_words, place_of, some
from dsl.catalogue import phrase
from dsl.check.axes import axes_of, axes_twice, too_many, unknown_axis
from dsl.check.scope import Scope, suggestion
from dsl.check.wording import expression_text, line, word, written
from dsl.findings import Finding, Label, Phrase, Value, finding
from dsl.printer import Printer
from dsl.program import all_flows, all_posts, statements
from dsl.registers import folded
from dsl.source import Span
from dsl.units import MONEY, SHARE, Unit, unit_of, words_of

# An amount to show how something counted becomes money.
EXAMPLE_PRICE = 12

WHOLE_PERCENT = 100


# The two expressions of a comparison or a sum.
_Sides = tuple[s.Expression, s.Expression]


@frozen
class Measured:
    """What is known of an expression.

    Attributes:
        unit: what it measures; None when that is not known.
        column: whether it has one number per recipient.
        span: where it stands.
        axes: the axes that it has a number per member of, in the order of declaration.
        work: how many combinations of members the sums within it go through.
    """

    unit: Unit | None
    column: bool
    span: Span
    axes: tuple[str, ...] = ()
    work: int = 1


@frozen
class UnitReport:
    """What the pass found.

    Attributes:
        units: the unit of every name.
        columns: names that have one number per recipient.
        grids: the axes of the names that have any.
        findings: what does not fit together.
    """

    units: dict[str, Unit]
    columns: frozenset[str]
    grids: dict[str, tuple[str, ...]]
    findings: tuple[Finding, ...]


def check_units(scope: Scope) -> UnitReport:
    """Measure every expression of the document."""
    measure = _Measure.of(scope)
    for one in scope.document.statements:
        measure.statement(one)
    for _, flow in all_flows(scope.document):
        measure.flow(flow)
    for post in all_posts(scope.document):
        measure.money(post.amount)
    known = {name: one.unit for name, one in measure.names.items() if one.unit is not None}
    columns = frozenset(name for name, one in measure.names.items() if one.column)
    grids = {name: one.axes for name, one in measure.names.items() if one.axes}
    return UnitReport(known, columns, grids, tuple(measure.findings))


def table_units(scope: Scope) -> Callable[[s.Expression], Unit | None]:
    """The unit of an expression in a table or a check, where a pot may be per recipient."""
    measure = _Measure.of(scope)
    return lambda expression: measure.expression(expression, table=True).unit


@frozen
class _Measure:
    scope: Scope
    names: dict[str, Measured] = field(factory=dict)
    findings: list[Finding] = field(factory=list)
    wanted: set[str] = field(factory=set)  # axes that are said not to be declared

    @classmethod
    def of(cls, scope: Scope) -> "_Measure":
        """With all definitions measured, each after those it uses: none is too deep to follow."""
        measure = cls(scope)
        for statistic in statements(scope.document, s.Statistic):
            measure.wanted.update(axis.text for axis in statistic.axes)
        for definition in scope.definition_order():
            measure.names[definition.name.text] = measure.definition(definition)
        return measure

    # ------------------------------------------------------------ statements

    def statement(self, one: s.Statement) -> None:
        match one:
            case s.Statistic() | s.Definition() | s.Steps() | s.Pot():
                self.name(one.name)
                if isinstance(one, s.Statistic):
                    self._statistic(one)
                self.money(one.amount if isinstance(one, s.Pot) else None)
                for adjustment in one.adjustments if isinstance(one, s.Pot) else ():
                    self.money(adjustment.amount)
            case s.Check():
                self._both_sides(one)
                self.money(one.printed)
            case s.Demand(s.Comparison() as claim):
                self._both_sides(claim)
            case s.Table():
                for part in one.parts:
                    if isinstance(part, s.Column):
                        self._column(part)

    def _statistic(self, one: s.Statistic) -> None:
        """Limits in the statistic's own unit; what another ruleset gives is kronor."""
        unit = unit_of(one.unit)
        taken = any(isinstance(part, s.FromRuleset) for part in one.parts)
        if taken and not unit.is_money:
            self._report("F118", one.span, name=one.name.text, unit=unit_phrase(unit))
        for part in one.parts:
            if isinstance(part, s.Bound) and taken:
                self._report("F119", part.span, name=one.name.text)
            elif isinstance(part, s.Bound | s.SumsTo):
                said = part.limit if isinstance(part, s.Bound) else part.total
                limit = unit_of(said.unit)
                if said.unit and limit.added_to(unit) is None:
                    left = Measured(limit, False, said.span)
                    self._unlike(left, Measured(unit, True, one.name.span), "compared", {})

    def money(self, quantity: s.Quantity | None) -> None:
        if quantity is not None and quantity.unit != ("kr",):
            mended = s.Quantity(abs(quantity.number), ("kr",))
            text = expression_text(self.scope.document, mended)
            data: dict[str, Value] = {"number": written(quantity.span), "suggestion": text}
            if not quantity.unit and quantity.number <= WHOLE_PERCENT:
                share = evolve(quantity, unit=("percent",))
                data["percent"] = expression_text(self.scope.document, share)
            self._report("F110", quantity.span, **data)

    def flow(self, flow: s.Flow) -> None:
        if isinstance(flow.amount, s.Quantity) and flow.amount.unit != ("percent",):
            self.money(flow.amount)
        if isinstance(flow.amount, s.Ref):
            self._one_amount(flow.amount.name)
        if isinstance(flow.destination, s.ByKey):
            key = self.one(flow.destination.key)
            if not key.column and key.unit is not None:
                self._single_number(key.span)
        if flow.within is not None:
            self.flow(s.Flow(s.All(), flow.within.destination))
        for limit in flow.limits:
            self._limit(flow, limit)
        for condition in flow.conditions:
            for one in condition.alternatives:
                left, right = self.one(one.left), self.one(one.right)
                if not _is_nothing(one.left) and not _is_nothing(one.right):
                    self._compared((one.left, one.right), left, right)

    def _limit(self, flow: s.Flow, limit: s.Limit) -> None:
        """A limit is money, or a share of what the line moves; to one name a single one."""
        found = self.one(limit.amount)
        if found.column and isinstance(flow.destination, s.ToName):
            total = expression_text(self.scope.document, s.SumOf(limit.amount))
            self._report("F125", limit.amount.span, suggestion=total)
        if found.unit is None or found.unit.is_money or found.unit.is_share:
            return
        self._report("F117", limit.amount.span, unit=unit_phrase(found.unit))

    def _both_sides(self, one: s.Check | s.Comparison) -> None:
        self._compared((one.left, one.right), self.one(one.left), self.one(one.right))

    def _compared(self, sides: _Sides, left: Measured, right: Measured) -> None:
        if left.unit and right.unit and left.unit.added_to(right.unit) is None:
            self._unlike(left, right, "compared", self._with_unit(sides, left, right))

    def _with_unit(self, sides: _Sides, left: Measured, right: Measured) -> dict[str, Value]:
        """A plain number beside kronor or persons was meant to be of them."""
        for number, other in zip(sides, (right, left), strict=True):
            words = words_of(other.unit) if other.unit is not None else None
            if isinstance(number, s.Quantity) and not number.unit and words is not None:
                mended = evolve(number, unit=words)
                return {"suggestion": expression_text(self.scope.document, mended)}
        return {}

    def _column(self, column: s.Column) -> None:
        found = self.one(column.expression, table=True)
        if column.display is None or column.display.scale == "number" or found.unit is None:
            return
        scale = column.display.scale
        if (found.unit != MONEY) if scale == "millions" else found.unit.powers:
            self._report(
                "F116",
                column.expression.span,
                unit=unit_phrase(found.unit),
                display=Phrase(f"display.{scale}"),
                words=word(self.scope.document, f"IN_{scale.upper()}"),
            )

    # ------------------------------------------------------------ names

    def name(self, name: s.Name) -> Measured:
        """The measure of a declared name; of an unknown one, nothing is known."""
        if name.text not in self.names:
            self.names[name.text] = self._declared(name)
        found = self.names[name.text]
        return evolve(found, span=name.span, work=1)

    def _declared(self, name: s.Name) -> Measured:
        match self.scope.symbols.get(name.text):
            case s.Statistic() as one:
                axes = axes_of(self.scope, one)
                # An axis that is not declared may be a misspelt word of the unit.
                known = {axis.text for axis in one.axes} == set(axes)
                unit = unit_of(one.unit) if known else None
                return Measured(unit, one.per_recipient, one.span, axes)
            case s.Pot() as one:
                return Measured(MONEY, False, one.span)
        # Unknown, or a definition in a circle, which engine.graph reports.
        return Measured(None, True, name.span)

    def definition(self, one: s.Defined) -> Measured:
        found = self.expression(one.expression)
        money = found.unit is None or found.unit.is_money
        if isinstance(one, s.Definition) and one.sort == "amount" and not money:
            assert found.unit is not None
            self._no_money(one, found.unit)
        if one.rounding is not None and one.rounding.decimals and one.rounding.keeps_total:
            self._shared_rounding(one, one.rounding, found)
        unit = MONEY if one.sort == "amount" else found.unit
        work = count(self.scope.axes, found.axes) * found.work
        if work > MAX_CELLS:
            self.findings.append(too_many(one.name.span, "cells", work, MAX_CELLS))
        return Measured(unit, found.column, one.span, found.axes)

    def _shared_rounding(self, one: s.Definition, rounding: s.Rounding, found: Measured) -> None:
        """Numbers that are rounded together must be several, one for each recipient."""
        if found.column or found.unit is None:
            return
        alone = evolve(rounding, method=s.Method.NEAREST, difference=None)
        text = line(self.scope.document, evolve(one, rounding=alone))
        self._report("F420", rounding.span, name=one.name.text, line=text)

    def _no_money(self, one: s.Definition, unit: Unit) -> None:
        document = self.scope.document
        data: dict[str, Value] = {"name": one.name.text, "unit": unit_phrase(unit)}
        data["line"] = line(document, evolve(one, sort="value", rounding=None))
        paid = _paid_for(one.expression, unit)
        if paid is not None:
            data["example"] = line(document, evolve(one, expression=paid))
        self._report("F105", one.expression.span, **data)

    # ------------------------------------------------------------ grids

    def one(self, node: s.Expression, *, table: bool = False) -> Measured:
        """An expression where there must be one number, or one per recipient: not a grid."""
        found = self.expression(node, table=table)
        if found.axes:
            summed = expression_text(self.scope.document, _over(node, found.axes))
            self._report("F145", node.span, axes=in_words(found.axes), suggestion=summed)
        return evolve(found, axes=())

    def _one_amount(self, name: s.Name) -> None:
        """An amount that a line pays: a sum over axes needs a name of its own first."""
        axes = self.name(name).axes
        if axes:
            language = self.scope.document.language
            total = s.Name(phrase("example.total", language, name=name.text))
            summed = s.Definition("amount", total, _over(s.Ref(name), axes))
            text = line(self.scope.document, summed)
            self._report("F145", name.span, axes=in_words(axes), line=text, total=total.text)

    def _sum_over(self, node: s.SumOver, *, table: bool) -> Measured:
        """A sum over axes that its operand has, each once, and over members that there are."""
        found = self.expression(node.operand, table=table)
        sound = [axis for axis in node.axes if self._is_axis(axis)]
        twice = list(axes_twice(tuple(axis.name for axis in node.axes)))
        self.findings.extend(twice)
        lacking = [axis for axis in sound if axis.name.text not in found.axes]
        if lacking and found.unit is not None:
            self._sum_of_nothing(node, lacking[0], found)
        if lacking or twice or len(sound) < len(node.axes):
            return Measured(found.unit, found.column, node.span)
        names = {axis.name.text for axis in node.axes}
        chosen_from = self.scope.axes
        work = found.work * prod(len(chosen(chosen_from[one.name.text], one)) for one in node.axes)
        if work > MAX_CELLS:
            if count(self.scope.axes, found.axes) <= MAX_CELLS:  # else it is said of the operand
                self.findings.append(too_many(node.span, "cells", work, MAX_CELLS))
            work = 1
        left = tuple(axis for axis in found.axes if axis not in names)
        return Measured(found.unit, found.column, node.span, left, work)

    def _is_axis(self, axis: s.Axis) -> bool:
        """Whether an axis of a sum is declared, and its range one of its members."""
        name = axis.name.text
        if name not in self.scope.axes:
            # Where a statistic has it as well, that is the place to say so.
            if name not in self.wanted:
                self.wanted.add(name)
                self.findings.append(unknown_axis(self.scope, axis.name))
            return False
        return (
            axis.first is None or axis.last is None or self._is_range(axis, axis.first, axis.last)
        )

    def _is_range(self, axis: s.Axis, first: s.Name, last: s.Name) -> bool:
        members, name = self.scope.axes[axis.name.text], axis.name.text
        places = []
        for end in (first, last):
            place = place_of(members, end.text)
            if place is None:
                close = suggestion(end.text, members) or _last_words(end.text, members)
                data: dict[str, Value] = (
                    {"suggestion": close} if close else {"members": some(members)}
                )
                self._report("F143", end.span, name=end.text, axis=name, **data)
            places.append(place)
        if places[0] is None or places[1] is None:
            return False
        if places[0] > places[1]:
            turned = evolve(axis, first=last, last=first)
            text = Printer(self.scope.document.language).axis(turned)
            self._report("F142", axis.span, axis=name, suggestion=text)
            return False
        return True

    def _sum_of_nothing(self, node: s.SumOver, axis: s.Axis, found: Measured) -> None:
        data: dict[str, Value] = {"axis": axis.name.text, "what": written(node.operand.span)}
        if found.axes:
            data["suggestion"] = expression_text(
                self.scope.document, _over(node.operand, found.axes)
            )
        self._report("F146", axis.span, **data)

    def _joined(self, *parts: Measured) -> tuple[str, ...]:
        """The axes of several expressions together: those of the same name are the same."""
        return in_order(self.scope.axes, (axis for part in parts for axis in part.axes))

    # ------------------------------------------------------------ expressions

    def expression(self, node: s.Expression, *, table: bool = False) -> Measured:
        match node:
            case s.Quantity(_, words):
                return Measured(unit_of(words), False, node.span)
            case s.Ref(name):
                found = self.name(name)
                is_pot = self.scope.pot(name.text) is not None
                return evolve(found, column=found.column or (table and is_pot), span=node.span)
            case s.Binary():
                return self._binary(node, table=table)
            case s.Negative(operand):
                return evolve(self.expression(operand, table=table), span=node.span)
            case s.ShareOf(operand):
                found = self._over_recipients(operand, table=table, pot_counts=False)
                unit = SHARE if found.unit is not None else None
                return evolve(found, unit=unit, column=True, span=node.span)
            case s.SumOf(operand):
                found = self._over_recipients(operand, table=table, pot_counts=True)
                if found.axes:
                    summed = s.SumOf(_over(operand, found.axes))
                    text = expression_text(self.scope.document, summed)
                    self._report("F147", node.span, axes=in_words(found.axes), suggestion=text)
                return Measured(found.unit, False, node.span, work=found.work)
            case s.SumOver():
                return self._sum_over(node, table=table)
            case s.SumTo() | s.AllPosts():
                return Measured(MONEY, False, node.span)
            case s.Mix() | s.PhaseIn():
                keys = [
                    self._over_recipients(key, table=table, pot_counts=False)
                    for key in s.operands(node)
                ]
                work = max(key.work for key in keys)
                return Measured(SHARE, True, node.span, self._joined(*keys), work)
            case s.StepFunction():
                return self._steps(node)

    def _steps(self, node: s.StepFunction) -> Measured:
        """Steps compare their measure with their limits, and give values of one unit."""
        measure = self.expression(node.measure)
        values = [self.expression(rung.value) for rung in node.rungs]
        for rung in node.rungs:
            for limit in (rung.low, rung.high):
                if limit is not None:
                    self._compared((node.measure, limit), measure, self.expression(limit))
        unit = values[0].unit if values else None
        for value in values[1:]:
            if unit and value.unit and (added := unit.added_to(value.unit)):
                unit = added
            elif unit and value.unit:
                self._unlike(values[0], value, "compared", {})
        work = max(one.work for one in (measure, *values))
        column = any(one.column for one in (measure, *values))
        return Measured(unit, column, node.span, self._joined(measure, *values), work)

    def _over_recipients(self, operand: s.Expression, *, table: bool, pot_counts: bool) -> Measured:
        found = self.expression(operand, table=table)
        is_pot = isinstance(operand, s.Ref) and self.scope.pot(operand.name.text) is not None
        if not found.column and not (is_pot and pot_counts):
            self._single_number(found.span)
        return found

    def _single_number(self, span: Span) -> None:
        known = tuple(
            name for name, one in self.scope.symbols.items() if isinstance(one, s.Statistic)
        )
        data: dict[str, Value] = {"known": known} if known else {}
        self._report("F111", span, what=written(span), **data)

    def _binary(self, node: s.Binary, *, table: bool) -> Measured:
        left = self.expression(node.left, table=table)
        right = self.expression(node.right, table=table)
        unit: Unit | None = None
        if left.unit is not None and right.unit is not None:
            if node.operator in "+-":
                unit = self._added(left, right, node)
            else:
                times = node.operator == "*"
                unit = left.unit * right.unit if times else left.unit / right.unit
        axes, work = self._joined(left, right), max(left.work, right.work)
        return Measured(unit, left.column or right.column, node.span, axes, work)

    def _added(self, left: Measured, right: Measured, node: s.Binary) -> Unit | None:
        assert left.unit is not None
        assert right.unit is not None
        unit = left.unit.added_to(right.unit)
        if unit is None:
            self._unlike(left, right, "sum", self._ways_out(left, right, node))
        return unit

    def _ways_out(self, left: Measured, right: Measured, node: s.Binary) -> dict[str, Value]:
        """What a sum of unlike things may have been meant to be."""
        assert left.unit is not None
        assert right.unit is not None
        paid_left, paid_right = _paid_for(node.left, left.unit), _paid_for(node.right, right.unit)
        share_left, share_right = _as_share(node.left), _as_share(node.right)
        if left.unit.is_money and paid_right:
            key, mended = "example", evolve(node, right=paid_right)
        elif right.unit.is_money and paid_left:
            key, mended = "example", evolve(node, left=paid_left)
        elif share_left and share_right:
            key, mended = "shares", evolve(node, left=share_left, right=share_right)
        else:
            return self._with_unit((node.left, node.right), left, right)
        return {key: expression_text(self.scope.document, mended)}

    def _unlike(
        self, left: Measured, right: Measured, done: str, more: Mapping[str, Value]
    ) -> None:
        labels = (
            Label(left.span, "left", {"unit": unit_phrase(left.unit)}),
            Label(right.span, "right", {"unit": unit_phrase(right.unit)}),
        )
        data: dict[str, Value] = {"left": unit_phrase(left.unit), "right": unit_phrase(right.unit)}
        self.findings.append(
            Finding("F103", labels, {**data, "done": Phrase(f"done.{done}"), **more})
        )

    def _report(self, code: str, span: Span, **data: Value) -> None:
        self.findings.append(finding(code, span, "here", **data))


def _last_words(text: str, members: Iterable[str]) -> str | None:
    """The member that a text ends with: “till och med maj”."""
    wanted = folded(text)
    return next((one for one in members if wanted.endswith(f" {folded(one)}")), None)


def _over(node: s.Expression, axes: tuple[str, ...]) -> s.SumOver:
    """The sum of an expression over axes."""
    return s.SumOver(node, tuple(s.Axis(s.Name(axis)) for axis in axes))


def _is_nothing(expression: s.Expression) -> bool:
    """Whether it is a plain 0, which is the same in every unit."""
    return isinstance(expression, s.Quantity) and not expression.unit and expression.number == 0


def _paid_for(expression: s.Expression, unit: Unit) -> s.Expression | None:
    """Money for each of what an expression counts: 12 kr per person × befolkning."""
    dimensions = tuple(name for name, _ in unit.powers)
    others = [name for name in dimensions if name != "kr"]
    match expression:
        case s.Binary("*", s.Quantity(_, ("kr",)) as price, _) if len(others) == 1:
            return evolve(expression, left=evolve(price, unit=("kr", *others)))
    if any(power != 1 for _, power in unit.powers) or len(dimensions) > 1 or "kr" in dimensions:
        return None
    price = s.Quantity(Fraction(EXAMPLE_PRICE), ("kr", *dimensions))
    return s.Binary("*", price, expression)


def _as_share(expression: s.Expression) -> s.Expression | None:
    """Shares of the total instead of numbers; a weight before a name stays before it."""
    match expression:
        case s.Ref():
            return s.ShareOf(expression)
        case s.Binary("*", s.Quantity(_, ()) as weight, s.Ref() as name):
            return s.Binary("*", weight, s.ShareOf(name))
    return None


def unit_phrase(unit: Unit | None) -> Value:
    """A unit in words: kr, persons, kr per person."""
    if unit is None or not unit.powers:
        return Phrase(f"unit.{unit.kind if unit else 'number'}")
    top = _times([Phrase(f"unit.{name}") for name, power in unit.powers if power > 0])
    bottom = _times([Phrase(f"unit_one.{name}") for name, power in unit.powers if power < 0])
    if bottom is None:
        return top or Phrase("unit.number")
    return Phrase("unit.per", {"top": top or Phrase("unit.number"), "bottom": bottom})


def _times(units: list[Phrase]) -> Phrase | None:
    """Units multiplied; None of none."""
    return (
        reduce(lambda one, other: Phrase("unit.times", {"one": one, "other": other}), units)
        if units
        else None
    )
