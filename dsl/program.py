"""The checked program: a document whose names, units and flows of money are known to be sound."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TypeVar

from attrs import evolve, field, frozen

from dsl import syntax as s
from dsl.axes import Axes, declared
from dsl.registers import Register, Registers
from dsl.units import Unit

T = TypeVar("T")

Symbol = s.Statistic | s.Definition | s.Steps | s.Pot
Post = s.Post


def statements(document: s.Document, sort: type[T]) -> tuple[T, ...]:
    """The document's statements of one sort, in order."""
    return tuple(one for one in document.statements if isinstance(one, sort))


def definitions(document: s.Document) -> tuple[s.Defined, ...]:
    """Amounts, values and steps in order."""
    return tuple(one for one in document.statements if isinstance(one, s.Defined))


def first(document: s.Document, sort: type[T]) -> T | None:
    """The first statement of one sort, or None."""
    return next((one for one in document.statements if isinstance(one, sort)), None)


def all_posts(document: s.Document) -> tuple[s.Post, ...]:
    """Every appropriation item."""
    return tuple(post for one in statements(document, s.Appropriation) for post in one.parts)


def all_flows(document: s.Document) -> Iterator[tuple[s.Post | s.Pot, s.Flow]]:
    """Every line that moves money, with the item or pot that it draws on."""
    for post in all_posts(document):
        for flow in post.flows:
            yield post, flow
    for pot in statements(document, s.Pot):
        for flow in pot.flows:
            yield pot, flow


def all_roundings(document: s.Document) -> Iterator[s.Rounding]:
    """Every rounding of money: of the ruleset, its pots and their lines, its amounts."""
    for rule in statements(document, s.RoundingRule):
        yield rule.rounding
    for pot in statements(document, s.Pot):
        said = (pot.rounding, *(flow.rounding for flow in pot.flows))
        yield from (rounding for rounding in said if rounding is not None)
    for definition in definitions(document):
        if definition.sort == "amount" and definition.rounding is not None:
            yield definition.rounding


def said_rounding(document: s.Document, pot: s.Pot, flow: s.Flow) -> s.Rounding | None:
    """The rounding that shares a line: said on the line, else the pot, else the ruleset.

    None for a line that shares nothing, whatever is said around it.
    """
    shared = isinstance(flow.destination, s.ByKey | s.Equally)
    return rounding_around(document, pot, flow) if shared else None


def rounding_around(document: s.Document, pot: s.Pot, flow: s.Flow) -> s.Rounding | None:
    """The rounding that is said on a line, else for its pot, else for the ruleset."""
    rules = (one.rounding for one in statements(document, s.RoundingRule) if one.scope == "shares")
    return flow.rounding or pot.rounding or next(rules, None)


def noun_behind(symbols: Mapping[str, Symbol], default: str, name: str) -> str | None:
    """The kind of recipients of a name that has one number per recipient."""
    waiting, seen = [name], {name}
    while waiting:
        symbol = symbols.get(waiting.pop())
        if isinstance(symbol, s.Statistic) and symbol.per_recipient:
            return symbol.noun or default
        if isinstance(symbol, s.Defined):
            used = {one.text for one in s.names_per_recipient(symbol.expression)} - seen
            waiting += sorted(used)
            seen |= used
    return None


def noun_of_table(symbols: Mapping[str, Symbol], default: str, table: s.Table) -> str:
    """The kind of recipients of a table: of the first pot in it, else of the first figures."""
    columns = [part.expression for part in table.parts if isinstance(part, s.Column)]
    for name in (name for one in columns for name in s.references(one)):
        symbol = symbols.get(name.text)
        if isinstance(symbol, s.Pot):
            return symbol.noun or default
    for name in (name for one in columns for name in s.names_per_recipient(one)):
        noun = noun_behind(symbols, default, name.text)
        if noun is not None:
            return noun
    return default


def adds_up_in(symbols: Mapping[str, Symbol], node: s.Expression, unit: Unit) -> bool:
    """Whether the recipients' numbers make one for them together.

    Persons and kronor do, and so do shares of a whole; levels (90 % achieved, 5 kr per person)
    do not.
    """
    return unit.adds_up or _splits(symbols, node, frozenset())


def _splits(symbols: Mapping[str, Symbol], node: s.Expression, within: frozenset[str]) -> bool:
    """Whether an expression gives each recipient its part of a whole."""
    match node:
        case s.ShareOf() | s.Mix() | s.PhaseIn():
            return True
        case s.Negative(operand):
            return _splits(symbols, operand, within)
        case s.Binary("+" | "-", left, right):
            return _splits(symbols, left, within) and _splits(symbols, right, within)
        case s.Binary("*", left, right):
            one, other = (any(s.names_per_recipient(side)) for side in (left, right))
            return one != other and _splits(symbols, left if one else right, within)
        case s.Binary("/", left, right):
            return not any(s.names_per_recipient(right)) and _splits(symbols, left, within)
        case s.Ref(name) if name.text not in within:
            match symbols.get(name.text):
                case s.Statistic(parts=parts):
                    return any(isinstance(part, s.SumsTo) for part in parts)
                case s.Definition(expression=expression):
                    return _splits(symbols, expression, within | {name.text})
    return False


def residue_targets(document: s.Document) -> Iterator[tuple[s.Pot, s.Flow, s.Name]]:
    """The lines whose rounding leaves something to a named bearer: a pot or a recipient."""
    for pot in statements(document, s.Pot):
        for flow in pot.flows:
            rounding = said_rounding(document, pot, flow)
            if rounding is not None and isinstance(rounding.difference, s.Name):
                yield pot, flow, rounding.difference


@frozen(slots=False)
class Program:
    """Everything that an engine needs to know of a ruleset's rules.

    Attributes:
        document: the syntax tree; the program adds what follows from it and repeats none of it.
        registers: the registers of recipients that the rules use, by noun.
        units: the unit of every name.
        columns: names that have one number per recipient (the others have a single number).
        share_rounding: the ruleset's rounding of shares.
        amount_rounding: the ruleset's rounding of each ``belopp``, if it has any.
        grids: the axes of every name that has more than one number (per recipient).
    """

    document: s.Document
    registers: Registers
    units: Mapping[str, Unit]
    columns: frozenset[str]
    share_rounding: s.Rounding
    amount_rounding: s.Rounding | None
    grids: Mapping[str, tuple[str, ...]] = field(factory=dict)

    @cached_property
    def name(self) -> str:
        """What the ruleset is called."""
        return self._only(s.RulesetName).text

    @cached_property
    def year(self) -> int:
        """The budget year."""
        return self._only(s.BudgetYear).year

    @cached_property
    def decision(self) -> str:
        """The decision that the rules carry out, with its date if that is said."""
        found = first(self.document, s.Decision)
        if found is None:
            return ""
        return ", ".join(filter(None, (found.text, found.day.isoformat() if found.day else "")))

    @cached_property
    def noun(self) -> str:
        """The kind of recipients that pots go to unless they say otherwise."""
        return self._only(s.Recipients).noun

    @cached_property
    def symbols(self) -> Mapping[str, Symbol]:
        """Every declared name."""
        return {one.name.text: one for one in self.document.statements if isinstance(one, Symbol)}

    @cached_property
    def axes(self) -> Axes:
        """The axes of grids and their members."""
        return declared(self.document)

    @cached_property
    def others(self) -> tuple[str, ...]:
        """Recipients outside the register."""
        lines = statements(self.document, s.OtherRecipients)
        return tuple(name.text for line in lines for name in line.names)

    @property
    def statistics(self) -> tuple[s.Statistic, ...]:
        """The statistics in order."""
        return statements(self.document, s.Statistic)

    @property
    def definitions(self) -> tuple[s.Defined, ...]:
        """Amounts and values in order."""
        return definitions(self.document)

    @property
    def pots(self) -> tuple[s.Pot, ...]:
        """The pots in order."""
        return statements(self.document, s.Pot)

    @property
    def checks(self) -> tuple[s.Check, ...]:
        """The checks in order."""
        return statements(self.document, s.Check)

    @property
    def demands(self) -> tuple[s.Demand, ...]:
        """The demands in order."""
        return statements(self.document, s.Demand)

    @property
    def tables(self) -> tuple[s.Table, ...]:
        """The tables in order."""
        return statements(self.document, s.Table)

    @property
    def listings(self) -> tuple[s.Listing, ...]:
        """The lists shown beside the results."""
        return statements(self.document, s.Listing)

    @property
    def appropriations(self) -> tuple[s.Appropriation, ...]:
        """The appropriations in order."""
        return statements(self.document, s.Appropriation)

    @property
    def posts(self) -> tuple[s.Post, ...]:
        """Every appropriation item."""
        return all_posts(self.document)

    def register_of(self, pot: s.Pot | None = None) -> Register:
        """The recipients of a pot, or of the ruleset."""
        return self.registers[(pot and pot.noun) or self.noun]

    def rounding_of(self, pot: s.Pot, flow: s.Flow | None = None) -> s.Rounding:
        """How shares are rounded: as the line says, else the pot, else the ruleset.

        A line that says only the method is rounded to the pot's size, and a pot to the ruleset's.
        """
        of_pot = completed(pot.rounding, self.share_rounding)
        return completed(flow.rounding, of_pot) if flow else of_pot

    def rounding_of_amount(self, definition: s.Defined) -> s.Rounding:
        """How a ``belopp`` is rounded: said where it stands, else in the ruleset."""
        default = self.amount_rounding or self.share_rounding
        return completed(definition.rounding or self.amount_rounding, default)

    def noun_behind(self, name: str) -> str | None:
        """The kind of recipients of a name that has one number per recipient."""
        return noun_behind(self.symbols, self.noun, name)

    def adds_up(self, key: s.Expression, register: Register) -> bool:
        """Whether the key by which areas share has a figure for each recipient within them.

        Such figures are added up for each area; the checker lets only a name by itself be so.
        """
        noun = self.noun_behind(key.name.text) if isinstance(key, s.Ref) else None
        return noun is not None and self.registers[noun].territory == register.territory

    @cached_property
    def base(self) -> int:
        """How many of the smallest unit make a krona: 100 when anything is rounded to öre."""
        units = (one.unit for one in all_roundings(self.document) if one.unit is not None)
        return 100 if any(unit.denominator != 1 for unit in units) else 1

    def _only(self, sort: type[T]) -> T:
        return statements(self.document, sort)[0]


def completed(said: s.Rounding | None, default: s.Rounding) -> s.Rounding:
    """A rounding with the size and ties of the default where it does not say its own."""
    if said is None:
        return default
    return evolve(said, unit=said.unit or default.unit, ties=said.ties or default.ties)
