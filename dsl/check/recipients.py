"""Checks recipients: figures per region are never used for other kinds of recipients."""

from collections.abc import Iterator, Mapping

from dsl import syntax as s
from dsl.check.scope import Scope
from dsl.findings import Finding, Label, Phrase, Value
from dsl.program import statements

_Reach = Mapping[str, Mapping[str, s.Statistic]]


def check_recipients(scope: Scope) -> Iterator[Finding]:
    """Every pot and table uses statistics for its own kind of recipients."""
    reach = _reach(scope)
    for pot in statements(scope.document, s.Pot):
        noun = pot.noun or scope.noun
        for flow in pot.flows:
            yield from _uses(scope, noun, _expressions(flow), reach)
    for table in statements(scope.document, s.Table):
        columns = [part for part in table.parts if isinstance(part, s.Column)]
        expressions = [one.expression for one in columns]
        yield from _uses(scope, _table_noun(scope, columns), expressions, reach)


def _expressions(flow: s.Flow) -> list[s.Expression]:
    amount = [flow.amount] if isinstance(flow.amount, s.Ref) else []
    return [*flow.expressions, *amount]


def _table_noun(scope: Scope, columns: list[s.Column]) -> str | None:
    """A table is over the recipients of the first pot it shows, or else of the ruleset."""
    for column in columns:
        for part in s.parts_of(column.expression):
            pot = scope.pot(part.name.text) if isinstance(part, s.Ref) else None
            if pot is not None:
                return pot.noun or scope.noun
    return scope.noun


def _uses(
    scope: Scope, noun: str | None, expressions: list[s.Expression], reach: _Reach
) -> Iterator[Finding]:
    wanted = _territory(scope, noun)
    for expression in expressions:
        for place, statistic in _statistics(scope, expression, reach):
            used = statistic.noun or scope.noun
            found = _territory(scope, used)
            if wanted and found and wanted != found:
                data: dict[str, Value] = {
                    "name": statistic.name.text,
                    "used": Phrase(f"nouns.{used}"),
                    "wanted": Phrase(f"nouns.{noun}"),
                }
                labels = (Label(place.span, "here"), Label(statistic.span, "declared"))
                yield Finding("F112", labels, data)


def _territory(scope: Scope, noun: str | None) -> str | None:
    register = scope.registers.get(noun) if noun else None
    return register.territory if register else None


def _reach(scope: Scope) -> _Reach:
    """For every definition the statistics that it uses, directly or through others."""
    reach: dict[str, dict[str, s.Statistic]] = {}
    for one in scope.definition_order():
        found = _statistics(scope, one.expression, reach)
        reach[one.name.text] = {statistic.name.text: statistic for _, statistic in found}
    return reach


def _statistics(
    scope: Scope, expression: s.Expression, reach: _Reach
) -> Iterator[tuple[s.Ref, s.Statistic]]:
    for part in s.parts_of(expression):
        if not isinstance(part, s.Ref):
            continue
        found = scope.symbols.get(part.name.text)
        if isinstance(found, s.Statistic):
            yield part, found
        for statistic in reach.get(part.name.text, {}).values():
            yield part, statistic
