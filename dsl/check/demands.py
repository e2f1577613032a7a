"""Checks demands (``alltid``): each is about figures or a pot, and is made once."""

from collections.abc import Iterator

from attrs import evolve

from dsl import syntax as s
from dsl.check.recipients import reach_of
from dsl.check.scope import Scope
from dsl.check.unknown import unknown_name
from dsl.check.wording import kind_in_words, line, word
from dsl.findings import Finding, Label, Phrase, Value, finding
from dsl.program import statements
from dsl.words import BEHAVIOURS


def check_demands(scope: Scope) -> Iterator[Finding]:
    """Every ``alltid``; the expressions of comparisons are checked as those of other lines."""
    seen: dict[s.Claim, s.Demand] = {}
    for demand in statements(scope.document, s.Demand):
        before = seen.setdefault(demand.claim, demand)
        if before is not demand:
            labels = (Label(demand.span, "again"), Label(before.span, "before"))
            yield Finding("F171", labels, {"line": line(scope.document, demand)})
        elif isinstance(demand.claim, s.Behaviour):
            yield from _subject(scope, demand.claim)
            yield from _limited_to(scope, demand.claim)


def _subject(scope: Scope, claim: s.Behaviour) -> Iterator[Finding]:
    """What there can be more of: a statistic per recipient, or what a pot holds."""
    fit = {name for name in scope.symbols if _is_fit(scope, name, claim.sort)}
    if claim.name.text in fit:
        return
    found = scope.symbols.get(claim.name.text)
    if found is None:
        declaration = s.Statistic(claim.name, ("person",), scope.noun)
        yield unknown_name(scope, claim.name, fit, declaration)
        return
    single = isinstance(found, s.Statistic)
    data: dict[str, Value] = {
        "name": claim.name.text,
        "kind": Phrase("kind.single_figures") if single else kind_in_words(found),
        "word": word(scope.document, BEHAVIOURS[claim.sort][0]),
    }
    instead = _instead(scope, claim, found)
    if instead is not None:
        data["line"] = line(scope.document, s.Demand(instead))
    yield finding("F170", claim.name.span, "here", **data)


def _is_fit(scope: Scope, name: str, sort: str) -> bool:
    found = scope.symbols[name]
    if isinstance(found, s.Statistic):
        return found.per_recipient
    return isinstance(found, s.Pot) and sort == "more"


def _instead(scope: Scope, claim: s.Behaviour, found: object) -> s.Behaviour | None:
    """A demand that can be made: of what a value is computed from, or of a larger pot."""
    if isinstance(found, s.Pot):
        return evolve(claim, sort="more")
    if isinstance(found, s.Defined):
        behind = reach_of(scope)[found.name.text]
        return evolve(claim, name=s.Name(next(iter(behind)))) if behind else None
    return None


def _limited_to(scope: Scope, claim: s.Behaviour) -> Iterator[Finding]:
    """After ``ur`` stands a pot."""
    if claim.pot is None or scope.pot(claim.pot.text) is not None:
        return
    found = scope.symbols.get(claim.pot.text)
    if found is None:
        pots = [pot.name.text for pot in statements(scope.document, s.Pot)]
        yield unknown_name(scope, claim.pot, pots, s.Pot(claim.pot))
        return
    unlimited = s.Demand(evolve(claim, pot=None))
    yield finding(
        "F172",
        claim.pot.span,
        "here",
        name=claim.pot.text,
        kind=kind_in_words(found),
        word=word(scope.document, "FROM_POT"),
        line=line(scope.document, unlimited),
    )
