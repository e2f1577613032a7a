"""How much money each pot holds, as far as the rules alone tell, before any figures are read."""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from attrs import field, frozen

from dsl import syntax as s
from dsl.check.scope import Scope
from dsl.program import all_flows, all_roundings, statements

_Source = tuple[s.Post | s.Pot, s.Flow]


@frozen
class Holdings:
    """How much each pot holds, as far as the rules alone tell.

    Attributes:
        inflows: the lines that send money to each name.
        residues: pots that receive what rounding down leaves, which figures decide.
        amounts: the pots whose amount is known.
    """

    scope: Scope
    inflows: Mapping[str, list[_Source]]
    residues: frozenset[str]
    amounts: dict[str, Fraction] = field(factory=dict)

    @classmethod
    def of(cls, scope: Scope) -> "Holdings":
        """Follow the known amounts from pot to pot."""
        inflows: dict[str, list[_Source]] = {}
        for source, flow in all_flows(scope.document):
            if isinstance(flow.destination, s.ToName):
                inflows.setdefault(flow.destination.name.text, []).append((source, flow))
        money = cls(scope, inflows, frozenset(_residues(scope)))
        money.follow()
        return money

    def follow(self) -> None:
        """Find every amount that can be known, each pot after all that feed it."""
        pots = statements(self.scope.document, s.Pot)
        unknown = {name: len(lines) for name, lines in self.inflows.items()}
        for source, flow in all_flows(self.scope.document):
            if isinstance(source, s.Post) and isinstance(flow.destination, s.ToName):
                unknown[flow.destination.name.text] -= 1
        ready = [pot for pot in pots if pot.amount or not unknown.get(pot.name.text, 0)]
        while ready:
            pot = ready.pop()
            if pot.name.text in self.amounts:
                continue
            amount = pot.amount.number if pot.amount else self.sent_to(pot)
            if amount is None:
                continue
            self.amounts[pot.name.text] = amount
            for fed in self.fed_by(pot):
                unknown[fed.name.text] -= 1
                ready += [fed] if not unknown[fed.name.text] and not fed.amount else []

    def holds(self, pot: s.Pot) -> Fraction | None:
        """The pot's amount, or None when it depends on figures (or runs in a circle)."""
        return self.amounts.get(pot.name.text)

    def fed_by(self, pot: s.Pot) -> list[s.Pot]:
        """The pots that a pot's lines send money to."""
        names = [f.destination.name.text for f in pot.flows if isinstance(f.destination, s.ToName)]
        return [found for found in map(self.scope.pot, names) if found is not None]

    def sent_to(self, pot: s.Pot) -> Fraction | None:
        """What other pots and items send to a pot."""
        sources = self.inflows.get(pot.name.text, [])
        if pot.name.text in self.residues or not sources:
            return None
        return _total(self.sent(source, flow) for source, flow in sources)

    def sent(self, source: s.Post | s.Pot, flow: s.Flow) -> Fraction | None:
        """How much one line moves in all."""
        if isinstance(source, s.Post):
            return money_of(flow) if is_money(flow.amount) else None
        if not isinstance(flow.amount, s.Rest):
            return self.line(source, flow)
        if flow.limits:
            return None
        whole = self.holds(source)
        others = _total(self.line(source, one) for one in source.flows if one is not flow)
        return None if whole is None or others is None else whole - others

    def line(self, pot: s.Pot, flow: s.Flow) -> Fraction | None:
        """How much a line other than the rest moves in all."""
        if isinstance(flow.destination, s.ToEach) and (flow.conditions or flow.in_proportion):
            return None
        match flow.amount:
            case s.Quantity(number, ("kr",)):
                return self._to_everyone(pot, flow, number)
            case s.Quantity(_, ("percent",)) | s.Part() | s.All():
                whole = self.holds(pot)
                return None if whole is None else share_of_pot(flow.amount) * whole
        return None

    def _to_everyone(self, pot: s.Pot, flow: s.Flow, number: Fraction) -> Fraction | None:
        if not isinstance(flow.destination, s.ToEach):
            return number
        register = self.scope.register_of(pot)
        return None if register is None else number * len(register)


def _residues(scope: Scope) -> Iterator[str]:
    for rounding in all_roundings(scope.document):
        bearer = rounding.difference
        if isinstance(bearer, s.Name) and scope.pot(bearer.text):
            yield bearer.text


def _total(amounts: Iterable[Fraction | None]) -> Fraction | None:
    total = Fraction(0)
    for amount in amounts:
        if amount is None:
            return None
        total += amount
    return total


def share_of_pot(amount: s.Amount) -> Fraction:
    """The share of the whole pot that a line takes, for a percentage, a part or everything."""
    match amount:
        case s.Quantity() | s.Part():
            return amount.value
        case s.All():
            return Fraction(1)
    return Fraction(0)


def is_money(amount: s.Amount) -> bool:
    """Whether a line states its amount in kronor."""
    return isinstance(amount, s.Quantity) and amount.unit == ("kr",)


def lacks_kronor(amount: s.Amount) -> bool:
    """Whether a line states a number that is neither kronor nor percent, a finding of its own."""
    return isinstance(amount, s.Quantity) and amount.unit not in {("kr",), ("percent",)}


def money_of(flow: s.Flow) -> Fraction:
    """The kronor that a line states; zero when it states none."""
    return flow.amount.number if isinstance(flow.amount, s.Quantity) else Fraction(0)
