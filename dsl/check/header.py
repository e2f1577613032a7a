"""Checks the header: what every ruleset must say once, and that every rounding is declared."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Literal

from dsl import syntax as s
from dsl.findings import Finding, Label, Phrase, finding
from dsl.program import all_roundings, first, statements
from dsl.source import Span

_ONCE: dict[type, str] = {
    s.RulesetName: "RULESET",
    s.BudgetYear: "YEAR",
    s.Decision: "DECISION",
    s.Recipients: "RECIPIENTS",
}
_REQUIRED = (s.RulesetName, s.BudgetYear, s.Recipients)
_MAY_SHARE = {s.Method.LARGEST_REMAINDER, s.Method.SAINTE_LAGUE}
_WHOLE_PARTS = (Fraction(1), Fraction(1, 100))


def check_header(document: s.Document) -> Iterator[Finding]:
    """Header statements missing or repeated, roundings missing or unfit, statistics incomplete."""
    yield from _missing(document)
    yield from _repeated(document)
    yield from _roundings(document)
    for statistic in statements(document, s.Statistic):
        yield from _statistic(statistic)
    for table in statements(document, s.Table):
        if not table.columns:
            yield finding("F411", table.span, key="here", table=table.title)


def rounding_rule(document: s.Document, scope: Literal["shares", "amounts"]) -> s.Rounding | None:
    """The ruleset's own rounding of shares or of amounts."""
    rules = statements(document, s.RoundingRule)
    return next((one.rounding for one in rules if one.scope == scope), None)


def _top(document: s.Document) -> Span:
    if document.statements:
        return document.statements[0].span
    return s.NOWHERE


def _missing(document: s.Document) -> Iterator[Finding]:
    for sort in _REQUIRED:
        if first(document, sort) is None:
            token = _ONCE[sort]
            head, form = Phrase(f"head.{token}"), Phrase(f"form.{token}")
            yield finding("F407", _top(document), key="here", head=head, form=form)


def _repeated(document: s.Document) -> Iterator[Finding]:
    for sort, token in _ONCE.items():
        places = [one.span for one in document.statements if isinstance(one, sort)]
        for again in places[1:]:
            yield _twice(token, places[0], again)
    for scope in ("shares", "amounts"):
        rules = [one for one in statements(document, s.RoundingRule) if one.scope == scope]
        for rule in rules[1:]:
            yield _twice("ROUND", rules[0].span, rule.span)


def _twice(token: str, before: Span, again: Span) -> Finding:
    labels = (Label(again, "again"), Label(before, "before"))
    return Finding("F408", labels, {"head": Phrase(f"head.{token}")})


# ---------------------------------------------------------------- rounding


def _roundings(document: s.Document) -> Iterator[Finding]:
    shares = rounding_rule(document, "shares")
    if shares is None:
        yield finding("F401", _top(document), key="here")
    else:
        yield from _unfit_for_shares(shares)
    for pot in statements(document, s.Pot):
        for rounding in (pot.rounding, *(flow.rounding for flow in pot.flows)):
            if rounding is not None:
                yield from _unfit_for_shares(rounding)
    yield from _amount_roundings(document)
    yield from _ambiguous_units(document)


def _unfit_for_shares(rounding: s.Rounding) -> Iterator[Finding]:
    alone = rounding.difference is None and rounding.method not in _MAY_SHARE
    if alone:
        method = Phrase(f"method.{rounding.method.value}")
        yield finding("F405", rounding.span, key="here", method=method)


def _amount_roundings(document: s.Document) -> Iterator[Finding]:
    default = rounding_rule(document, "amounts")
    definitions = statements(document, s.Definition)
    for one in definitions:
        if one.sort == "value" and one.rounding is not None:
            yield finding("F413", one.rounding.span, key="here", name=one.name.text)
        if one.sort == "amount" and one.rounding is None and default is None:
            yield finding("F402", one.span, key="here", name=one.name.text)
    said = [one.rounding for one in definitions if one.sort == "amount"]
    for rounding in (default, *said):
        if rounding is not None and (rounding.difference or rounding.method in _MAY_SHARE):
            method = Phrase(f"method.{rounding.method.value}")
            yield finding("F406", rounding.span, key="here", method=method)


def _ambiguous_units(document: s.Document) -> Iterator[Finding]:
    """A unit must be whole kronor or öre, so that sums of amounts stay whole."""
    for rounding in all_roundings(document):
        unit = rounding.unit
        if unit is not None and unit.denominator != 1 and unit != _WHOLE_PARTS[1]:
            yield finding("F403", rounding.span, key="here")


# ---------------------------------------------------------------- statistics


def _statistic(statistic: s.Statistic) -> Iterator[Finding]:
    name = statistic.name.text
    origins = [one for one in statistic.parts if isinstance(one, s.FromFile | s.FromRuleset)]
    if not origins:
        yield finding("F409", statistic.span, key="here", name=name)
    for again in origins[1:]:
        yield _twice("FROM", origins[0].span, again.span)
    cited = any(isinstance(one, s.Citation | s.Recovered) for one in statistic.parts)
    if not cited and not any(isinstance(one, s.FromRuleset) for one in origins):
        yield finding("F410", statistic.span, key="here", name=name)
    for sort, token in ((s.Citation, "SOURCE"), (s.AsOf, "AS_OF"), (s.Recovered, "RECOVERED")):
        places = [one.span for one in statistic.parts if isinstance(one, sort)]
        for place in places[1:]:
            yield _twice(token, places[0], place)
