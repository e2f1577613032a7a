"""The ledger: every movement of money, with pot, line, recipient, amount, reason and place."""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from functools import cached_property

from attrs import frozen

from dsl import syntax as s
from dsl.registers import Recipient, Register
from dsl.source import Span
from engine.column import Column
from engine.rounding import certifying_rate

# ---------------------------------------------------------------- reasons


@frozen
class Fixed:
    """The rule states the amount."""


@frozen
class Earned:
    """The amount was computed for each recipient by a ``belopp``."""

    name: str


@frozen
class Shared:
    """A line's money shared out by a key.

    Attributes:
        key: the key's weight per recipient.
        total: what was shared, in the ledger's unit.
        rounding: how exact shares became whole units.
        unit: the size of a whole unit, in the ledger's unit.
        tied: positions among which only the declared order decided.
        at_floor: positions that the line's floor holds up.
        at_ceiling: positions that the line's ceiling holds down.
        scale: what one of the key's unit is in the key's numbers: 100 for kronor where öre are
            counted, otherwise 1.
    """

    key: Column
    total: int
    rounding: s.Rounding
    unit: int = 1
    tied: tuple[int, ...] = ()
    at_floor: tuple[int, ...] = ()
    at_ceiling: tuple[int, ...] = ()
    scale: Fraction = Fraction(1)

    def exact(self, position: int) -> Fraction:
        """The recipient's exact share, before rounding."""
        weights = self.key.numerators
        return Fraction(self.total * weights[position], sum(weights))

    def rate(self, amounts: Iterable[int]) -> Fraction | None:
        """Kronor per unit of the key such that plain rounding of rate × weight gives the amounts.

        Only the odd-number method has such a rate; see ``rounding.certifying_rate``.
        """
        if self.rounding.method is not s.Method.SAINTE_LAGUE:
            return None
        rate = certifying_rate([amount // self.unit for amount in amounts], self.key.values)
        size = (self.rounding.unit or Fraction(1)) * self.scale
        return None if rate is None else rate * size


@frozen
class Nested:
    """A line's money shared in two levels: among larger areas, then within each of them.

    Attributes:
        areas: the areas, such as counties.
        outer: how the line's money was shared among the areas.
        amounts: what the recipients of each area get together, in the ledger's unit.
        inner: how each area's amount was shared, with a key that is zero outside it; None for an
            area that gets nothing.
        area_of: for each recipient the position of its area.
    """

    areas: Register
    outer: Shared
    amounts: tuple[int, ...]
    inner: tuple[Shared | None, ...]
    area_of: tuple[int, ...]

    def within(self, position: int) -> Shared | None:
        """How the amount of a recipient's own area was shared."""
        return self.inner[self.area_of[position]]

    def area(self, position: int) -> Recipient:
        """The area in which a recipient lies."""
        return self.areas.recipients[self.area_of[position]]


@frozen
class RoundingResidue:
    """What rounding down left, which goes to a named recipient or pot."""


@frozen
class Adjusted:
    """A named one-off adjustment, with the reason that the rule gives."""

    text: str


Reason = Fixed | Earned | Shared | Nested | RoundingResidue | Adjusted

# ---------------------------------------------------------------- movements


@frozen
class Movement:
    """What one line moves: to every recipient of a register, or to one other name.

    Attributes:
        source: the pot that the money comes from, or an appropriation item (``1:6 post 38``).
        line: number of the line in the pot, from 0.
        span: the line's place in the rules.
        amounts: per recipient in register order, or a single amount when ``target`` is set; in
            the ledger's unit.
        reason: why these amounts.
        register: the recipients, when there is no target.
        target: the pot or the recipient outside the register that gets it all.
        paid: whether it was paid before this decision.
        is_item: whether the source is an appropriation item and not a pot.
    """

    source: str
    line: int
    span: Span
    amounts: tuple[int, ...]
    reason: Reason
    register: Register | None = None
    target: str | None = None
    paid: bool = False
    is_item: bool = False

    @property
    def total(self) -> int:
        """Everything it moves."""
        return sum(self.amounts)

    @property
    def rate(self) -> Fraction | None:
        """Kronor per unit of the key, for a line shared by one key; see ``Shared.rate``."""
        return self.reason.rate(self.amounts) if isinstance(self.reason, Shared) else None


@frozen
class Entry:
    """One recipient's part of one movement."""

    source: str
    line: int
    recipient: Recipient | None
    target: str | None
    amount: int
    reason: Reason
    span: Span
    paid: bool


@frozen(slots=False)
class Ledger:
    """All movements in the order of the rules.

    Attributes:
        movements: the movements.
        base: how many units of the ledger make a krona (1, or 100 when öre are used).
    """

    movements: tuple[Movement, ...]
    base: int = 1

    def entries(self) -> Iterator[Entry]:
        """Every movement, recipient by recipient."""
        for one in self.movements:
            recipients = one.register.recipients if one.register else (None,)
            for recipient, amount in zip(recipients, one.amounts, strict=True):
                yield Entry(
                    one.source,
                    one.line,
                    recipient,
                    one.target,
                    amount,
                    one.reason,
                    one.span,
                    one.paid,
                )

    @cached_property
    def by_source(self) -> Mapping[str, tuple[Movement, ...]]:
        """The movements out of each pot."""
        found: dict[str, list[Movement]] = {}
        for one in (moved for moved in self.movements if not moved.is_item):
            found.setdefault(one.source, []).append(one)
        return {source: tuple(ones) for source, ones in found.items()}

    def of_pot(self, pot: str, *, paid_only: bool = False) -> tuple[int, ...] | None:
        """What a pot gives each recipient of its register, lines added; None when it gives none."""
        chosen = [
            one.amounts
            for one in self.by_source.get(pot, ())
            if one.register is not None and (one.paid or not paid_only)
        ]
        if not chosen:
            return None
        return tuple(map(sum, zip(*chosen, strict=True)))

    def to_other(self, name: str) -> int:
        """Everything that goes to one recipient outside the register."""
        return sum(one.total for one in self.movements if one.target == name)
