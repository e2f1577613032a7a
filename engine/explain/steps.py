"""What an explanation is made of: a tree of steps with exact numbers and their places."""

from collections.abc import Iterator
from fractions import Fraction

from attrs import frozen

from dsl.findings import Value
from dsl.registers import Register
from dsl.source import Span


@frozen
class Origin:
    """Where a figure stands.

    Attributes:
        statistic: the statistic's name.
        file: the file's name as a message gives it; of another ruleset's result its rule file.
        span: the figure's own place; None for the whole column, or another ruleset's result.
        source: who published it, or the ruleset that it is a result of.
        as_of: the day or period that it is for.
        recovered: how it was computed from a published result, if it was.
        of_ruleset: whether it is the result of another ruleset.
        growth: what the published figure has been multiplied by.
    """

    statistic: str
    file: str
    span: Span | None
    source: str | None
    as_of: str | None
    recovered: str | None
    of_ruleset: bool = False
    growth: Fraction = Fraction(1)


@frozen
class Step:
    """One step of an explanation.

    Attributes:
        kind: what sort of step: a phrase ``why.label_…`` unless it has a name or an amount.
        text: what is said, with the numbers.
        value: the exact number that it comes to, in kr, persons and so on; None when it has none.
        money: whether the value is kronor.
        name: what the rules call it, when it has a name there.
        span: its place in the rules.
        origin: its place in the data.
        steps: what it rests on.
        sentence: the same in a message to somebody; only of the lines that move money.
    """

    kind: str
    text: Value
    value: Fraction | None = None
    money: bool = False
    name: str | None = None
    span: Span | None = None
    origin: Origin | None = None
    steps: tuple["Step", ...] = ()
    sentence: Value | None = None


@frozen
class Subject:
    """Whom an explanation is for.

    Attributes:
        name: the recipient, or the pot.
        register: the recipient's register; None for a pot or a recipient outside the registers.
        position: where in the register.
    """

    name: str
    register: Register | None = None
    position: int = 0


@frozen
class Comparison:
    """What a published table says of the same.

    Attributes:
        table: the table's title.
        heading: the column's heading.
        asserted: as published.
        calculated: as the ruleset gives it, shown the same way.
    """

    table: str
    heading: str
    asserted: Fraction
    calculated: Fraction

    @property
    def agrees(self) -> bool:
        """Whether they are the same."""
        return self.asserted == self.calculated


@frozen
class Receipt:
    """Why one recipient gets what it gets of one pot; or everything that goes to one name.

    Attributes:
        subject: the recipient.
        pot: the pot; None when it is everything that goes to a pot or to one outside the registers.
        amount: what the ledger gives, in the ledger's unit: the sum of the lines' values.
        lines: a step for each line that gives something, or could have.
        funding: where the pot's money comes from.
        published: what published tables say.
    """

    subject: Subject
    pot: str | None
    amount: int
    lines: tuple[Step, ...]
    funding: tuple[Step, ...] = ()
    published: tuple[Comparison, ...] = ()


@frozen
class Valuation:
    """Why a ``belopp`` or a ``värde`` is what it is for one recipient.

    Attributes:
        subject: the recipient.
        step: the definition by its name, its value, and what that rests on.
    """

    subject: Subject
    step: Step


@frozen
class Answer:
    """All that there is to say about a recipient.

    Attributes:
        receipts: why it gets what it gets, pot by pot.
        values: why amounts and values are what they are.
    """

    receipts: tuple[Receipt, ...] = ()
    values: tuple[Valuation, ...] = ()

    @property
    def steps(self) -> Iterator[Step]:
        """Every step that nothing else rests on."""
        for receipt in self.receipts:
            yield from (*receipt.lines, *receipt.funding)
        yield from (one.step for one in self.values)
