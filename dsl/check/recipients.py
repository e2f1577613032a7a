"""Checks recipients: figures per region are never used with those of other kinds of recipients."""

from collections.abc import Iterable, Iterator, Mapping

from attrs import frozen

from dsl import syntax as s
from dsl.check.scope import Scope
from dsl.findings import Finding, Label, Phrase, Value
from dsl.program import definitions, statements
from dsl.source import Span

Reach = Mapping[str, Mapping[str, s.Statistic]]


def check_recipients(scope: Scope) -> Iterator[Finding]:
    """Every pot, table, check and formula uses figures for one kind of recipients."""
    reach = reach_of(scope)
    for pot in statements(scope.document, s.Pot):
        for flow in pot.flows:
            uses = uses_of(scope, _expressions(flow), reach)
            yield from mixed(scope, uses, pot.noun or scope.noun)
    for definition in definitions(scope.document):
        yield from mixed(scope, uses_of(scope, [definition.expression], reach))
    for check in statements(scope.document, s.Check):
        yield from mixed(scope, uses_of(scope, [check.left, check.right], reach))
    for demand in statements(scope.document, s.Demand):
        yield from mixed(scope, *_demanded(scope, demand.claim, reach))
    for table in statements(scope.document, s.Table):
        columns = [part.expression for part in table.parts if isinstance(part, s.Column)]
        shown = (*_pots(scope, columns), *uses_of(scope, columns, reach))
        yield from mixed(scope, shown)


@frozen
class Use:
    """A place where figures per recipient are used, and what they belong to."""

    place: Span
    name: str
    noun: str | None
    declared: Span


def mixed(scope: Scope, uses: Iterable[Use], noun: str | None = None) -> Iterator[Finding]:
    """Uses of figures for other recipients than the given ones, or than the first use's."""
    for use in uses:
        noun = noun or use.noun
        wanted, found = _territory(scope, noun), _territory(scope, use.noun)
        if wanted and found and wanted != found:
            data: dict[str, Value] = {
                "name": use.name,
                "used": Phrase(f"nouns.{use.noun}"),
                "wanted": Phrase(f"nouns.{noun}"),
            }
            yield Finding("F112", (Label(use.place, "here"), Label(use.declared, "declared")), data)


def _demanded(scope: Scope, claim: s.Claim, reach: Reach) -> tuple[Iterator[Use], str | None]:
    """What a demand compares; or what it is about, and the recipients of the pot it is limited to.

    The figures of larger areas may decide what a pot pays within them, so of a pot that is shared
    in two levels nothing is said here.
    """
    if isinstance(claim, s.Comparison):
        return uses_of(scope, [claim.left, claim.right], reach), None
    pot = scope.pot(claim.pot.text) if claim.pot else None
    if pot is None or any(flow.within for flow in pot.flows):
        return iter(()), None
    return uses_of(scope, [s.Ref(claim.name)], reach), pot.noun or scope.noun


def _territory(scope: Scope, noun: str | None) -> str | None:
    register = scope.registers.get(noun) if noun else None
    return register.territory if register else None


def _expressions(flow: s.Flow) -> list[s.Expression]:
    """Those about the pot's own recipients; the key of larger areas is checked with them."""
    found = [*(flow.expressions if flow.within is None else flow.expressions_within)]
    if isinstance(flow.amount, s.Ref) and isinstance(flow.destination, s.ToEach):
        found.append(flow.amount)
    return found


def _pots(scope: Scope, columns: list[s.Expression]) -> Iterator[Use]:
    """The pots of a table, which stand for what they give each recipient."""
    for column in columns:
        for name in s.names_per_recipient(column):
            pot = scope.pot(name.text)
            if pot is not None:
                yield Use(name.span, pot.name.text, pot.noun or scope.noun, pot.span)


def uses_of(scope: Scope, expressions: list[s.Expression], reach: Reach) -> Iterator[Use]:
    """The figures per recipient that expressions use, directly or through definitions."""
    for expression in expressions:
        for place, one in _statistics(scope, expression, reach):
            yield Use(place.span, one.name.text, one.noun or scope.noun, one.span)


def reach_of(scope: Scope) -> Reach:
    """For every definition the statistics whose figures it has, directly or through others."""
    reach: dict[str, dict[str, s.Statistic]] = {}
    for one in scope.definition_order():
        found = _statistics(scope, one.expression, reach)
        reach[one.name.text] = {statistic.name.text: statistic for _, statistic in found}
    return reach


def _statistics(
    scope: Scope, expression: s.Expression, reach: Reach
) -> Iterator[tuple[s.Name, s.Statistic]]:
    for name in s.names_per_recipient(expression):
        found = scope.symbols.get(name.text)
        if isinstance(found, s.Statistic) and found.per_recipient:
            yield name, found
        for statistic in reach.get(name.text, {}).values():
            yield name, statistic
