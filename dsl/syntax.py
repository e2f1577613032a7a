"""The syntax tree: what a rule file says, without its human language and its layout.

Every node knows its place; places take no part in equality, so that the same rules in Swedish and
English, or with other line numbers, are equal.
"""

from collections.abc import Iterator
from datetime import date
from enum import Enum
from fractions import Fraction
from functools import cached_property
from math import prod
from typing import ClassVar, Literal

from attrs import field, frozen

from dsl.numbers import Language
from dsl.source import Span

NOWHERE = Span("", 0, 0, 0)


def _span() -> Span:
    span: Span = field(default=NOWHERE, eq=False, repr=False, kw_only=True)
    return span


def _amends() -> bool:
    """Whether a statement changes parts of another of its name (``ändra``), keeping the others."""
    amends: bool = field(default=False, kw_only=True)
    return amends


@frozen
class Name:
    """A name that the author chose; blanks within it are single."""

    text: str
    span: Span = _span()


# ---------------------------------------------------------------- expressions


@frozen
class Quantity:
    """A number as written, with its unit words as keys of ``words.UNITS``.

    ``50 %`` is ``Quantity(50, ("percent",))``: the value is what the author wrote.
    """

    number: Fraction
    unit: tuple[str, ...] = ()
    span: Span = _span()

    @property
    def value(self) -> Fraction:
        """The number that it stands for: 50 % is one half."""
        return self.number / 100 if self.unit[:1] == ("percent",) else self.number


@frozen
class Part:
    """A part of a pot in words or as a fraction: ``hälften``, ``1/3``."""

    numerator: int
    denominator: int
    span: Span = _span()

    @property
    def value(self) -> Fraction:
        """The fraction itself."""
        return Fraction(self.numerator, self.denominator)


@frozen
class Rest:
    """What the other lines of a pot leave."""

    span: Span = _span()


@frozen
class All:
    """The whole pot."""

    span: Span = _span()


@frozen
class Ref:
    """The use of a name: a statistic, a value, an amount or a pot."""

    name: Name

    @property
    def span(self) -> Span:
        """Where the name is used."""
        return self.name.span


Operator = Literal["+", "-", "*", "/"]


@frozen
class Binary:
    """Arithmetic on two expressions, recipient by recipient."""

    operator: Operator
    left: "Expression"
    right: "Expression"
    span: Span = _span()


@frozen
class Negative:
    """An expression with its sign turned."""

    operand: "Expression"
    span: Span = _span()


@frozen
class ShareOf:
    """Each recipient's share of the total of an expression."""

    operand: "Expression"
    span: Span = _span()


@frozen
class SumOf:
    """The total over all recipients of an expression."""

    operand: "Expression"
    span: Span = _span()


@frozen
class Axis:
    """An axis to add over: all its members, or those from a first to a last one."""

    name: Name
    first: Name | None = None
    last: Name | None = None
    span: Span = _span()


@frozen
class SumOver:
    """The sum of an expression over the members of axes, recipient by recipient."""

    operand: "Expression"
    axes: tuple[Axis, ...]
    span: Span = _span()


@frozen
class SumTo:
    """Everything that goes to one recipient outside the register, such as SKR."""

    name: Name
    span: Span = _span()


@frozen
class AllPosts:
    """The sum of all lines of all appropriation items."""

    span: Span = _span()


@frozen
class Ingredient:
    """One key of a mix and the weight of its shares, in percent or as a fraction."""

    weight: Quantity | Part
    key: "Expression"


@frozen
class Mix:
    """A weighted mix: each recipient's shares of several keys, weighted and added."""

    parts: tuple[Ingredient, ...]
    span: Span = _span()


@frozen
class Stage:
    """From which budget year how much of the new key counts."""

    year: int
    weight: Quantity


@frozen
class PhaseIn:
    """A mix of an old and a new key that changes with the budget year."""

    old: "Expression"
    new: "Expression"
    stages: tuple[Stage, ...]
    span: Span = _span()

    def weight_in(self, year: int) -> Fraction:
        """How much of the new key counts in a year: nothing before the first stage."""
        begun = [stage for stage in self.stages if stage.year <= year]
        return max(begun, key=lambda stage: stage.year).weight.value if begun else Fraction(0)


@frozen
class Rung:
    """One step: from a value (included) up to another (not included), and what it gives."""

    low: Quantity | None
    high: Quantity | None
    value: "Expression"
    span: Span = _span()


@frozen
class StepFunction:
    """What the step gives in which an expression lies, recipient by recipient."""

    measure: "Expression"
    rungs: tuple[Rung, ...]
    span: Span = _span()


Expression = (
    Quantity
    | Ref
    | Binary
    | Negative
    | ShareOf
    | SumOf
    | SumOver
    | SumTo
    | AllPosts
    | Mix
    | PhaseIn
    | StepFunction
)


def operands(node: Expression) -> tuple[Expression, ...]:
    """The expressions directly within an expression, from left to right."""
    match node:
        case Binary(_, left, right):
            return (left, right)
        case Negative(operand) | ShareOf(operand) | SumOf(operand) | SumOver(operand):
            return (operand,)
        case Mix(parts):
            return tuple(part.key for part in parts)
        case PhaseIn(old, new):
            return (old, new)
        case StepFunction(measure, rungs):
            return (measure, *(rung.value for rung in rungs))
    return ()


def parts_of(node: Expression) -> Iterator[Expression]:
    """An expression and all expressions within it, from left to right."""
    yield node
    for operand in operands(node):
        yield from parts_of(operand)


def references(node: Expression) -> Iterator[Name]:
    """The names that an expression uses, with their places."""
    return (part.name for part in parts_of(node) if isinstance(part, Ref))


def names_per_recipient(node: Expression) -> Iterator[Name]:
    """The names whose single figures an expression uses; of a sum only the sum is used."""
    if isinstance(node, Ref):
        yield node.name
    elif not isinstance(node, SumOf):
        for operand in operands(node):
            yield from names_per_recipient(operand)


Amount = Quantity | Part | Rest | All | Ref

# ---------------------------------------------------------------- rounding


class Method(Enum):
    """How exact shares become whole units. See ``engine.rounding`` for the sources."""

    LARGEST_REMAINDER = "largest_remainder"
    SAINTE_LAGUE = "sainte_lague"
    NEAREST = "nearest"
    DOWN = "down"
    UP = "up"

    @property
    def preserves_total(self) -> bool:
        """Whether it shares a whole sum by itself, with no difference for anyone to bear."""
        return self in {Method.LARGEST_REMAINDER, Method.SAINTE_LAGUE}


class Ties(Enum):
    """Who comes first when two recipients have exactly equal claims to a krona."""

    CODE = "code"
    LARGEST = "largest"


@frozen
class Largest:
    """The recipient with the largest weight."""

    span: Span = _span()


@frozen
class Rounding:
    """A rounding declaration.

    Attributes:
        method: how.
        difference: who bears what plain rounding leaves (``närmast``, ``nedåt``), if anyone.
        unit: the size of a whole unit in kr (1/100 for öre), or None when not said here.
        ties: who comes first among equals, or None when not said here.
        decimals: whether the unit is said as a number of decimals, as only that of a value is.
    """

    method: Method
    difference: Largest | Name | None = None
    unit: Fraction | None = None
    ties: Ties | None = None
    decimals: bool = False
    span: Span = _span()

    @property
    def keeps_total(self) -> bool:
        """Whether the numbers are rounded together, so that their sum stays what it is."""
        return self.difference is not None or self.method.preserves_total


# ---------------------------------------------------------------- lines


@frozen
class ByKey:
    """Shared among all recipients in proportion to a key."""

    key: Expression
    span: Span = _span()


@frozen
class ToEach:
    """The amount to each recipient; the noun as the author wrote it (a key of ``words.NOUNS``)."""

    noun: str
    span: Span = _span()


@frozen
class ToName:
    """To a pot, a recipient of the register, or a recipient outside it."""

    name: Name
    span: Span = _span()


@frozen
class Equally:
    """The same share to every recipient, or to each that meets the line's conditions."""

    noun: str
    span: Span = _span()


@frozen
class Within:
    """``inom varje``: shared among larger areas first, and then within each of them by this.

    The noun is the kind of areas, such as counties; the line's own destination shares among them.
    """

    noun: str
    destination: ByKey | Equally
    span: Span = _span()


Destination = ByKey | ToEach | Equally | ToName
Relation = Literal["equal", "at_most", "at_least", "less", "more"]


@frozen
class Comparison:
    """Two expressions compared, recipient by recipient."""

    left: Expression
    relation: Relation
    right: Expression
    span: Span = _span()


@frozen
class Condition:
    """``om``: who takes part in a line: those for whom one of the comparisons holds."""

    alternatives: tuple[Comparison, ...]
    span: Span = _span()


@frozen
class Limit:
    """``minst``/``högst``: the least or most that a line gives each (or, to one name, in all)."""

    side: Literal["at_least", "at_most"]
    amount: Expression
    span: Span = _span()


@frozen
class Flow:
    """One line that moves money.

    Attributes:
        amount: how much.
        destination: where to.
        rounding: its own rounding, if said.
        paid: whether it was paid before this decision.
        limits: floor and ceiling for each recipient.
        conditions: all must hold for a recipient to take part.
        in_proportion: whether claims are reduced in proportion when the pot falls short.
        within: how each larger area's money is shared further, when it is shared in two levels;
            limits and conditions are for the recipients within the areas.
    """

    amount: Amount
    destination: Destination
    rounding: Rounding | None = None
    paid: bool = False
    limits: tuple[Limit, ...] = ()
    conditions: tuple[Condition, ...] = ()
    in_proportion: bool = False
    within: Within | None = None
    span: Span = _span()

    def limit(self, side: Literal["at_least", "at_most"]) -> Expression | None:
        """The floor or the ceiling, if the line has one."""
        return next((one.amount for one in self.limits if one.side == side), None)

    @property
    def expressions(self) -> Iterator[Expression]:
        """Every expression of the line: its keys, its limits, and what its conditions compare."""
        if isinstance(self.destination, ByKey):
            yield self.destination.key
        yield from self.expressions_within

    @property
    def expressions_within(self) -> Iterator[Expression]:
        """Those about the recipients themselves: all but the key by which areas share."""
        if self.within is not None and isinstance(self.within.destination, ByKey):
            yield self.within.destination.key
        yield from (one.amount for one in self.limits)
        for condition in self.conditions:
            for comparison in condition.alternatives:
                yield comparison.left
                yield comparison.right


@frozen
class Adjustment:
    """A named one-off adjustment of one recipient's amount, with its reason."""

    recipient: Name
    amount: Quantity
    reason: str
    span: Span = _span()


# ---------------------------------------------------------------- statements


@frozen
class RulesetName:
    """``regelverk``: what the ruleset is called."""

    text: str
    span: Span = _span()


@frozen
class BudgetYear:
    """``budgetår``: the year whose money is allocated."""

    year: int
    span: Span = _span()


@frozen
class Decision:
    """``beslut``: the decision that the rules carry out: registration number, and date if said."""

    text: str
    day: date | None = None
    span: Span = _span()


@frozen
class Recipients:
    """``mottagare``: the kind of recipients, and the register's file when it is not built in."""

    noun: str
    path: str | None = None
    span: Span = _span()


@frozen
class OtherRecipients:
    """``övriga mottagare``: those outside the register to whom lines may send money."""

    names: tuple[Name, ...]
    span: Span = _span()


@frozen
class RoundingRule:
    """``avrunda``: the ruleset's rounding of shares, or (``amounts``) of each ``belopp``."""

    scope: Literal["shares", "amounts"]
    rounding: Rounding
    span: Span = _span()


@frozen
class FromFile:
    """``från``: the data file of a statistic, and its column when the file has several."""

    path: str
    column: str | None = None
    span: Span = _span()


@frozen
class FromRuleset:
    """``från regelverket``: a pot of another ruleset as statistic."""

    ruleset: str
    pot: str | None = None
    span: Span = _span()


@frozen
class Citation:
    """``källa``: who published the figures."""

    text: str
    span: Span = _span()


@frozen
class AsOf:
    """``avser``: the day or period that the figures are for."""

    text: str
    span: Span = _span()


@frozen
class Recovered:
    """``återskapat``: the figures were computed from a published result, and how."""

    text: str
    span: Span = _span()


@frozen
class Bound:
    """``minst``/``högst``: no figure of the statistic is below or above this."""

    side: Literal["at_least", "at_most"]
    limit: Quantity
    span: Span = _span()


@frozen
class SumsTo:
    """``summerar till``: the total that the figures must have, exactly."""

    total: Quantity
    span: Span = _span()


@frozen
class Growth:
    """``växer med``/``minskar med``: by how much every figure grows (below zero: falls)."""

    rate: Quantity
    span: Span = _span()


StatisticPart = FromFile | FromRuleset | Citation | AsOf | Recovered | Bound | SumsTo | Growth


@frozen
class Statistic:
    """``underlag``: figures per recipient, per member of axes, or both; and where they come from.

    Attributes:
        name: what it is called.
        unit: what the figures measure.
        noun: the kind of recipients that they are for, if said.
        parts: its lines.
        axes: the axes of a grid: every combination of their members has figures of its own.
    """

    name: Name
    unit: tuple[str, ...]
    noun: str | None = None
    parts: tuple[StatisticPart, ...] = ()
    axes: tuple[Name, ...] = ()
    amends: bool = _amends()
    span: Span = _span()

    @property
    def growth(self) -> Fraction:
        """What the figures are multiplied by."""
        rates = (1 + part.rate.value for part in self.parts if isinstance(part, Growth))
        return prod(rates, start=Fraction(1))

    @property
    def per_recipient(self) -> bool:
        """Whether it has a figure for each recipient; axes alone have one number per member."""
        return self.noun is not None or not self.axes


@frozen
class Dimension:
    """``indelning``: an axis that figures are divided by, such as months, and its members."""

    name: Name
    members: tuple[Name, ...]
    span: Span = _span()


@frozen
class Post:
    """``post``: an appropriation item, its stated total if any, and its lines."""

    number: str
    title: str
    amount: Quantity | None = None
    parts: "tuple[Flow | DeletedLine, ...]" = ()
    span: Span = _span()

    @property
    def flows(self) -> tuple[Flow, ...]:
        """The lines that move money."""
        return tuple(part for part in self.parts if isinstance(part, Flow))


@frozen
class Appropriation:
    """``anslag``: an appropriation and its items."""

    code: str
    title: str
    parts: tuple[Post, ...] = ()
    amends: bool = _amends()
    span: Span = _span()


@frozen
class Pot:
    """``pott``: a sum that must be used up by its lines."""

    name: Name
    amount: Quantity | None = None
    noun: str | None = None
    rounding: Rounding | None = None
    parts: "tuple[Flow | Adjustment | DeletedLine, ...]" = ()
    amends: bool = _amends()
    span: Span = _span()

    @cached_property
    def flows(self) -> tuple[Flow, ...]:
        """The lines that move money."""
        return tuple(part for part in self.parts if isinstance(part, Flow))

    @property
    def adjustments(self) -> tuple[Adjustment, ...]:
        """The named adjustments."""
        return tuple(part for part in self.parts if isinstance(part, Adjustment))


@frozen
class Definition:
    """``belopp`` (money, rounded where it stands) or ``värde`` (exact, never rounded)."""

    sort: Literal["amount", "value"]
    name: Name
    expression: Expression
    rounding: Rounding | None = None
    span: Span = _span()


@frozen
class Steps:
    """``trappa``: a value that depends on where another value lies."""

    name: Name
    measure: Expression
    parts: tuple[Rung, ...] = ()
    span: Span = _span()

    sort: ClassVar[Literal["amount", "value"]] = "value"
    rounding: ClassVar[None] = None

    @property
    def expression(self) -> StepFunction:
        """The same as an expression."""
        return StepFunction(self.measure, self.parts, span=self.measure.span)


Defined = Definition | Steps


@frozen
class Check:
    """``kontroll``: what must hold; and what the decision prints instead, if it has a misprint."""

    left: Expression
    relation: Relation
    right: Expression
    printed: Quantity | None = None
    span: Span = _span()


@frozen
class Behaviour:
    """How what recipients get must follow a name, whatever the figures are.

    Attributes:
        sort: ``more`` (who has more of a statistic gets no less; when a pot is larger nobody gets
            less), ``equal`` (who has the same of a statistic gets the same) or ``double`` (if
            everyone has twice as much, nothing changes).
        name: the statistic or the pot.
        pot: the pot that the demand is limited to (``ur``); all that is paid when not said.
    """

    sort: Literal["more", "equal", "double"]
    name: Name
    pot: Name | None = None
    span: Span = _span()


Claim = Behaviour | Comparison


@frozen
class Demand:
    """``alltid``: what must hold whatever the figures are."""

    claim: Claim
    span: Span = _span()


Scale = Literal["percent", "millions", "number"]


@frozen
class Display:
    """How a table column shows its figures: in percent, in millions of kronor, or as they are."""

    scale: Scale
    decimals: int = 0


@frozen
class Column:
    """``kolumn``: one column of a table; a pot stands for what it gives each recipient."""

    expression: Expression
    heading: str
    display: Display | None = None
    span: Span = _span()


@frozen
class Total:
    """``summa``: a column that adds the money columns before it."""

    heading: str
    span: Span = _span()


@frozen
class RowPer:
    """``en rad per``: one row for each larger area, in which its recipients are added up."""

    noun: str
    span: Span = _span()


@frozen
class Facit:
    """``facit``: the file with the table as it was published."""

    path: str
    span: Span = _span()


@frozen
class Remark:
    """``anmärkning``: something that a reader of the table must know."""

    text: str
    span: Span = _span()


TablePart = Column | Total | RowPer | Facit | Remark


@frozen
class Table:
    """``tabell``: a table as the decision's annex has it."""

    title: str
    parts: tuple[TablePart, ...] = ()
    amends: bool = _amends()
    span: Span = _span()

    @property
    def columns(self) -> tuple[Column | Total, ...]:
        """The columns in order."""
        return tuple(part for part in self.parts if isinstance(part, Column | Total))

    @property
    def row_per(self) -> RowPer | None:
        """What has a row each, when it is not the recipients themselves."""
        return next((part for part in self.parts if isinstance(part, RowPer)), None)


@frozen
class Listing:
    """``lista``: a published list shown beside the results, taking no part in them."""

    title: str
    path: str
    span: Span = _span()


# ---------------------------------------------------------------- versions and changes


@frozen
class BuildsOn:
    """``bygger på``: the ruleset whose statements hold where this one does not change them."""

    ruleset: str
    span: Span = _span()


@frozen
class Replaces:
    """``ersätter``: the earlier version of the same allocation that this one replaces."""

    ruleset: str
    span: Span = _span()


@frozen
class InForce:
    """``gäller från``: the day from which this version holds."""

    day: date
    span: Span = _span()


@frozen
class AmendmentFrom:
    """``ändring från``: the statements after it change those before it from a day."""

    day: date
    span: Span = _span()


@frozen
class WhatIf:
    """``om`` at the start of a line: the statements after it hold in a named scenario only."""

    title: str
    span: Span = _span()


@frozen
class DeletedLine:
    """``stryk``: in a changed pot or item, the line with this destination is left out."""

    destination: Destination
    span: Span = _span()


Deletable = Literal[
    "POT",
    "STATISTIC",
    "AMOUNT",
    "VALUE",
    "STEPS",
    "APPROPRIATION",
    "TABLE",
    "LIST",
    "CHECK",
    "ALWAYS",
]


@frozen
class Deleted:
    """``stryk``: a statement that no longer holds.

    Attributes:
        kind: the word that opens the statement, a key of ``words.HEADS``.
        what: its name or title, the left side of a check, or what a demand claims.
    """

    kind: Deletable
    what: Name | str | Expression | Claim
    span: Span = _span()


Statement = (
    RulesetName
    | BudgetYear
    | Decision
    | Recipients
    | OtherRecipients
    | RoundingRule
    | Statistic
    | Dimension
    | Appropriation
    | Pot
    | Definition
    | Steps
    | Check
    | Demand
    | Table
    | Listing
    | BuildsOn
    | Replaces
    | InForce
    | AmendmentFrom
    | WhatIf
    | Deleted
)
LinePart = (
    StatisticPart
    | Post
    | Flow
    | Adjustment
    | DeletedLine
    | Rung
    | Column
    | Total
    | RowPer
    | Facit
    | Remark
)
Node = Statement | LinePart


@frozen
class Document:
    """A rule file's statements in order, and the human language it is written in."""

    language: Language = field(eq=False)
    statements: tuple[Statement, ...] = ()
