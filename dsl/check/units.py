"""Checks units: kronor are never added to persons, and every amount of money is in kronor."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import reduce

from attrs import evolve, field, frozen

from dsl import syntax as s
from dsl.check.scope import Scope
from dsl.check.wording import expression_text, line, word, written
from dsl.findings import Finding, Label, Phrase, Value, finding
from dsl.program import all_flows, all_posts
from dsl.source import Span
from dsl.units import MONEY, SHARE, Unit, unit_of

# An amount to show how something counted becomes money.
EXAMPLE_PRICE = 12

WHOLE_PERCENT = 100


@frozen
class Measured:
    """An expression's unit, whether it has one number per recipient, and where it stands."""

    unit: Unit | None
    column: bool
    span: Span


@frozen
class UnitReport:
    """What the pass found.

    Attributes:
        units: the unit of every name.
        columns: names that have one number per recipient.
        findings: what does not fit together.
    """

    units: dict[str, Unit]
    columns: frozenset[str]
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
    return UnitReport(known, columns, tuple(measure.findings))


def table_units(scope: Scope) -> Callable[[s.Expression], Unit | None]:
    """The unit of an expression in a table or a check, where a pot may be per recipient."""
    measure = _Measure.of(scope)
    return lambda expression: measure.expression(expression, table=True).unit


@frozen
class _Measure:
    scope: Scope
    names: dict[str, Measured] = field(factory=dict)
    findings: list[Finding] = field(factory=list)

    @classmethod
    def of(cls, scope: Scope) -> "_Measure":
        """With all definitions measured, each after those it uses: none is too deep to follow."""
        measure = cls(scope)
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
                self._check(one)
            case s.Table():
                for part in one.parts:
                    if isinstance(part, s.Column):
                        self._column(part)

    def _statistic(self, one: s.Statistic) -> None:
        """Limits in the statistic's own unit; what another ruleset gives is kronor."""
        unit = unit_of(one.unit)
        taken = any(isinstance(part, s.FromRuleset) for part in one.parts)
        if taken and not unit.is_money:
            self._report("F118", one.span, name=one.name.text, unit=_phrase(unit))
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
        if isinstance(flow.destination, s.ByKey):
            key = self.expression(flow.destination.key)
            if not key.column and key.unit is not None:
                self._single_number(key.span)
        if flow.within is not None:
            self.flow(s.Flow(s.All(), flow.within.destination))
        for limit in flow.limits:
            self._limit(flow, limit)
        for condition in flow.conditions:
            for one in condition.alternatives:
                self._compared(self.expression(one.left), self.expression(one.right))

    def _limit(self, flow: s.Flow, limit: s.Limit) -> None:
        """A limit is money, or a percentage of what the line moves; to one name a single one."""
        found = self.expression(limit.amount)
        if found.column and isinstance(flow.destination, s.ToName):
            total = expression_text(self.scope.document, s.SumOf(limit.amount))
            self._report("F125", limit.amount.span, suggestion=total)
        if _is_percent(limit.amount) or found.unit in {None, MONEY}:
            return
        self._report("F117", limit.amount.span, unit=_phrase(found.unit))

    def _check(self, one: s.Check) -> None:
        left, right = self.expression(one.left), self.expression(one.right)
        if left.unit and right.unit and left.unit.added_to(right.unit) is None:
            self._unlike(left, right, "compared", self._in_kronor(one, left, right))
        self.money(one.printed)

    def _in_kronor(self, one: s.Check, left: Measured, right: Measured) -> dict[str, Value]:
        """A plain number that is compared with money was meant to be money."""
        for number, other in ((one.right, left), (one.left, right)):
            if isinstance(number, s.Quantity) and not number.unit and other.unit == MONEY:
                mended = evolve(number, unit=("kr",))
                return {"suggestion": expression_text(self.scope.document, mended)}
        return {}

    def _column(self, column: s.Column) -> None:
        found = self.expression(column.expression, table=True)
        if column.display is None or found.unit is None:
            return
        scale = column.display.scale
        if (found.unit != MONEY) if scale == "millions" else found.unit.powers:
            self._report(
                "F116",
                column.expression.span,
                unit=_phrase(found.unit),
                display=Phrase(f"display.{scale}"),
                words=word(self.scope.document, f"IN_{scale.upper()}"),
            )

    # ------------------------------------------------------------ names

    def name(self, name: s.Name) -> Measured:
        """The measure of a declared name; of an unknown one, nothing is known."""
        if name.text not in self.names:
            self.names[name.text] = self._declared(name)
        found = self.names[name.text]
        return Measured(found.unit, found.column, name.span)

    def _declared(self, name: s.Name) -> Measured:
        match self.scope.symbols.get(name.text):
            case s.Statistic() as one:
                return Measured(unit_of(one.unit), True, one.span)
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
        unit = MONEY if one.sort == "amount" else found.unit
        return Measured(unit, found.column, one.span)

    def _no_money(self, one: s.Definition, unit: Unit) -> None:
        document = self.scope.document
        data: dict[str, Value] = {"name": one.name.text, "unit": _phrase(unit)}
        data["line"] = line(document, evolve(one, sort="value", rounding=None))
        paid = _paid_for(one.expression, unit)
        if paid is not None:
            data["example"] = line(document, evolve(one, expression=paid))
        self._report("F105", one.expression.span, **data)

    # ------------------------------------------------------------ expressions

    def expression(self, node: s.Expression, *, table: bool = False) -> Measured:
        match node:
            case s.Quantity(_, words):
                return Measured(unit_of(words), False, node.span)
            case s.Ref(name):
                found = self.name(name)
                is_pot = self.scope.pot(name.text) is not None
                return Measured(found.unit, found.column or (table and is_pot), node.span)
            case s.Binary():
                return self._binary(node, table=table)
            case s.Negative(operand):
                found = self.expression(operand, table=table)
                return Measured(found.unit, found.column, node.span)
            case s.ShareOf(operand):
                found = self._over_recipients(operand, table=table, pot_counts=False)
                return Measured(SHARE if found.unit is not None else None, True, node.span)
            case s.SumOf(operand):
                found = self._over_recipients(operand, table=table, pot_counts=True)
                return Measured(found.unit, False, node.span)
            case s.SumTo() | s.AllPosts():
                return Measured(MONEY, False, node.span)
            case s.Mix() | s.PhaseIn():
                for key in s.operands(node):
                    self._over_recipients(key, table=table, pot_counts=False)
                return Measured(SHARE, True, node.span)
            case s.StepFunction():
                return self._steps(node)

    def _steps(self, node: s.StepFunction) -> Measured:
        """Steps compare their measure with their limits, and give values of one unit."""
        measure = self.expression(node.measure)
        values = [self.expression(rung.value) for rung in node.rungs]
        for rung in node.rungs:
            for limit in (rung.low, rung.high):
                if limit is not None:
                    self._compared(measure, self.expression(limit))
        unit = values[0].unit if values else None
        for value in values[1:]:
            if unit and value.unit and (added := unit.added_to(value.unit)):
                unit = added
            elif unit and value.unit:
                self._unlike(values[0], value, "compared", {})
        return Measured(unit, measure.column, node.span)

    def _compared(self, left: Measured, right: Measured) -> None:
        if left.unit and right.unit and left.unit.added_to(right.unit) is None:
            self._unlike(left, right, "compared", {})

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
        column = left.column or right.column
        if left.unit is None or right.unit is None:
            return Measured(None, column, node.span)
        if node.operator in "+-":
            return Measured(self._added(left, right, node), column, node.span)
        product = left.unit * right.unit if node.operator == "*" else left.unit / right.unit
        return Measured(product, column, node.span)

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
            return {}
        return {key: expression_text(self.scope.document, mended)}

    def _unlike(
        self, left: Measured, right: Measured, done: str, more: Mapping[str, Value]
    ) -> None:
        labels = (
            Label(left.span, "left", {"unit": _phrase(left.unit)}),
            Label(right.span, "right", {"unit": _phrase(right.unit)}),
        )
        data: dict[str, Value] = {"left": _phrase(left.unit), "right": _phrase(right.unit)}
        self.findings.append(
            Finding("F103", labels, {**data, "done": Phrase(f"done.{done}"), **more})
        )

    def _report(self, code: str, span: Span, **data: Value) -> None:
        self.findings.append(finding(code, span, "here", **data))


def _is_percent(amount: s.Expression) -> bool:
    return isinstance(amount, s.Quantity) and amount.unit == ("percent",)


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


def _phrase(unit: Unit | None) -> Value:
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
