"""Checks the header: what every ruleset must say once, and that every rounding is declared."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Literal

from attrs import evolve

from dsl import syntax as s
from dsl.check.wording import form, line, word
from dsl.findings import Finding, Kronor, Label, Phrase, Value, finding
from dsl.program import all_flows, all_roundings, first, statements
from dsl.repair import ways_of_rounding
from dsl.source import Span

_ONCE: dict[type, str] = {
    s.RulesetName: "RULESET",
    s.BudgetYear: "YEAR",
    s.Decision: "DECISION",
    s.Recipients: "RECIPIENTS",
}
_REQUIRED = (s.RulesetName, s.BudgetYear, s.Recipients)
_ORE = Fraction(1, 100)

# Sizes of money that are also numbers of decimals; and those proposed where none is said.
_USUAL_DECIMALS = Fraction(1, 10**4)
_IN_DECIMALS = (Fraction(1), _ORE, _USUAL_DECIMALS)


def check_header(document: s.Document) -> Iterator[Finding]:
    """Header statements missing or repeated, roundings missing or unfit, statistics incomplete."""
    if not document.statements:
        return  # what could not be read is no ruleset with everything missing
    yield from _missing(document)
    yield from _repeated(document)
    yield from _roundings(document)
    for statistic in statements(document, s.Statistic):
        yield from _statistic(document, statistic)
    yield from _rounding_nothing(document)
    for table in statements(document, s.Table):
        if table.columns and isinstance(table.columns[0], s.Total):
            total = table.columns[0]
            yield finding("F414", total.span, "here", heading=total.heading)
        rows = [one.span for one in table.parts if isinstance(one, s.RowPer)]
        yield from _twice(document, "ROW_PER", rows, "TABLE")
        if not table.columns:
            example = form(document, "COLUMN")
            yield finding("F411", table.span, key="here", table=table.title, form=example)


def rounding_rule(document: s.Document, scope: Literal["shares", "amounts"]) -> s.Rounding | None:
    """The ruleset's own rounding of shares or of amounts."""
    rules = statements(document, s.RoundingRule)
    return next((one.rounding for one in rules if one.scope == scope), None)


def _missing(document: s.Document) -> Iterator[Finding]:
    for sort in _REQUIRED:
        if first(document, sort) is None:
            token = _ONCE[sort]
            head = Phrase(f"head.{token}", wording=document.language)
            place = document.statements[0].span
            yield finding("F407", place, key="here", head=head, form=form(document, token))


def _repeated(document: s.Document) -> Iterator[Finding]:
    for sort, token in _ONCE.items():
        found = [one for one in document.statements if isinstance(one, sort)]
        # There may be several kinds of recipients, but of each only one register.
        kinds = {one.noun if isinstance(one, s.Recipients) else "": None for one in found}
        for kind in kinds:
            said = [one for one in found if not isinstance(one, s.Recipients) or one.noun == kind]
            yield from _twice(document, token, [one.span for one in said])
    for scope in ("shares", "amounts"):
        rules = [one for one in statements(document, s.RoundingRule) if one.scope == scope]
        yield from _twice(document, "ROUND", [one.span for one in rules])


def _twice(
    document: s.Document, token: str, places: list[Span], under: str | None = None
) -> Iterator[Finding]:
    """A line that may be said once; or, under a statement, whose second statement is lost."""
    data: dict[str, Value] = {"head": Phrase(f"head.{token}", wording=document.language)}
    if under is not None:
        data["form"] = form(document, under)
    for again in places[1:]:
        labels = (Label(again, "again"), Label(places[0], "before"))
        yield Finding("F408", labels, data)


# ---------------------------------------------------------------- rounding


def _roundings(document: s.Document) -> Iterator[Finding]:
    shares = rounding_rule(document, "shares")
    if shares is None:
        place = document.statements[0].span
        yield finding("F401", place, "here", **ways_of_rounding(document.language))
    else:
        yield from _unfit_for_shares(document, shares)
    for pot in statements(document, s.Pot):
        for rounding in (pot.rounding, *(flow.rounding for flow in pot.flows)):
            if rounding is not None:
                yield from _unfit_for_shares(document, rounding)
    yield from _amount_roundings(document)
    yield from _ambiguous_units(document)


def _unfit_for_shares(document: s.Document, rounding: s.Rounding) -> Iterator[Finding]:
    if rounding.difference is not None or rounding.method.preserves_total:
        return
    method = s.Method.DOWN if rounding.method is s.Method.DOWN else s.Method.NEAREST
    borne = s.RoundingRule("shares", evolve(rounding, method=method, difference=s.Largest()))
    data: dict[str, Value] = {
        "method": _method(document, rounding),
        "line": line(document, borne),
        "form": form(document, "ROUND"),
    }
    yield finding("F405", rounding.span, "here", **data)


def _rounding_nothing(document: s.Document) -> Iterator[Finding]:
    """A rounding on a line that shares nothing would round nothing."""
    for _, flow in all_flows(document):
        shares = isinstance(flow.destination, s.ByKey | s.Equally) or flow.in_proportion
        if flow.rounding is not None and not shares:
            text = line(document, evolve(flow, rounding=None))
            yield finding("F418", flow.rounding.span, "here", line=text)


def _method(document: s.Document, rounding: s.Rounding) -> Phrase:
    return Phrase(f"method.{rounding.method.value}", wording=document.language)


def _amount_roundings(document: s.Document) -> Iterator[Finding]:
    default = rounding_rule(document, "amounts")
    definitions = statements(document, s.Definition)
    for one in definitions:
        if one.sort == "value" and one.rounding is not None:
            yield from _rounding_of_value(document, one, one.rounding)
    amounts = [one for one in definitions if one.sort == "amount"]
    silent = [one for one in amounts if one.rounding is None]
    if silent and default is None:
        yield _unrounded(document, silent)
    for rule in statements(document, s.RoundingRule):
        if rule.scope == "amounts":
            yield from _unfit_for_amounts(document, rule, rule.rounding)
    for one in definitions:
        if one.rounding is not None and one.sort == "amount":
            yield from _unfit_for_amounts(document, one, one.rounding)


def _rounding_of_value(
    document: s.Document, one: s.Definition, rounding: s.Rounding
) -> Iterator[Finding]:
    """A value is rounded to decimals, which is not rounding money; the largest may even it out."""
    data: dict[str, Value] = {"name": one.name.text}
    if not rounding.decimals:
        data["line"] = line(document, evolve(one, rounding=None))
        data["head"] = word(document, "AMOUNT")
        unit = _USUAL_DECIMALS if rounding.unit is None else rounding.unit
        if unit in _IN_DECIMALS:
            finer = evolve(rounding, unit=unit, ties=None, decimals=True)
            data["rounded"] = line(document, evolve(one, rounding=finer))
        yield finding("F413", rounding.span, "here", **data)
    elif isinstance(rounding.difference, s.Name):
        largest = evolve(rounding, difference=s.Largest())
        data |= {"bearer": rounding.difference.text}
        data["line"] = line(document, evolve(one, rounding=largest))
        yield finding("F419", rounding.difference.span, "here", **data)


def _unrounded(document: s.Document, definitions: list[s.Definition]) -> Finding:
    rule = s.RoundingRule("amounts", s.Rounding(s.Method.NEAREST, unit=Fraction(1)))
    labels = tuple(Label(one.span, "here") for one in definitions)
    names = tuple(one.name.text for one in definitions)
    return Finding("F402", labels, {"names": names, "line": line(document, rule)})


def _unfit_for_amounts(
    document: s.Document, node: s.RoundingRule | s.Definition, rounding: s.Rounding
) -> Iterator[Finding]:
    if rounding.keeps_total:
        alone = evolve(rounding, method=s.Method.NEAREST, difference=None)
        method, text = _method(document, rounding), line(document, evolve(node, rounding=alone))
        yield finding("F406", rounding.span, key="here", method=method, line=text)


def _ambiguous_units(document: s.Document) -> Iterator[Finding]:
    """A unit must be whole kronor or öre, so that sums of amounts stay whole."""
    for rounding in all_roundings(document):
        unit = rounding.unit
        if unit is not None and unit.denominator != 1 and unit != _ORE:
            example = form(document, "ORE")
            yield finding("F403", rounding.span, key="here", unit=Kronor(unit), form=example)


# ---------------------------------------------------------------- statistics


def _statistic(document: s.Document, statistic: s.Statistic) -> Iterator[Finding]:
    name = statistic.name.text
    origins = [one for one in statistic.parts if isinstance(one, s.FromFile | s.FromRuleset)]
    if not origins:
        yield finding("F409", statistic.span, "here", name=name, form=form(document, "FROM"))
    yield from _twice(document, "FROM", [one.span for one in origins], "STATISTIC")
    cited = any(isinstance(one, s.Citation | s.Recovered) for one in statistic.parts)
    if not cited and not any(isinstance(one, s.FromRuleset) for one in origins):
        yield finding("F410", statistic.span, "here", name=name, form=form(document, "SOURCE"))
    for sort, token in ((s.Citation, "SOURCE"), (s.AsOf, "AS_OF"), (s.Recovered, "RECOVERED")):
        places = [one.span for one in statistic.parts if isinstance(one, sort)]
        yield from _twice(document, token, places, "STATISTIC")
