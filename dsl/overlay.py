"""Lays changed statements over others: on what a ruleset builds on, from a day, in a scenario.

A statement takes the place of another with the same name. ``ändra`` keeps of the other what it
does not say again, line by line, and ``stryk`` leaves it out. A section (``ändring från``, ``om``)
has every statement after its first line, up to the next section.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from attrs import evolve, frozen

from dsl import syntax as s
from dsl.amend import amended
from dsl.check.scope import suggestion
from dsl.check.wording import line
from dsl.findings import Finding, Label, Value, finding

Key = tuple[object, ...]
Head = s.AmendmentFrom | s.WhatIf

# What the ruleset is, and so the same in all its sections.
_WHOLE_RULESET = s.RulesetName | s.BudgetYear | s.Recipients | s.BuildsOn | s.Replaces | s.InForce

# What a ruleset says of itself and does not take from the one that it builds on.
_OWN = s.RulesetName | s.BudgetYear | s.Decision | s.BuildsOn | s.Replaces | s.InForce

# What has a name that formulas use, by the word that opens it.
_SYMBOLS: Mapping[str, object] = {
    "POT": s.Pot,
    "STATISTIC": s.Statistic,
    "AMOUNT": "amount",
    "VALUE": "value",
    "STEPS": s.Steps,
}


def keyed(statements: Iterable[s.Statement]) -> Mapping[Key, s.Statement]:
    """Every statement under a key of its own: what it declares, and not where it stands."""
    found: dict[Key, s.Statement] = {}
    for statement in statements:
        key = key_of(statement)
        while key in found:
            key = (*key, "again")
        found[key] = statement
    return found


def key_of(statement: s.Statement) -> Key:
    """What a statement declares: two with the same key cannot both hold."""
    match statement:
        case s.Statistic() | s.Pot() | s.Definition() | s.Steps():
            return ("symbol", statement.name.text)
        case s.Dimension(name):
            return ("DIMENSION", name.text)
        case s.Appropriation(code):
            return ("APPROPRIATION", code)
        case s.Table(title):
            return ("TABLE", title)
        case s.Listing(title):
            return ("LIST", title)
        case s.Check() | s.Demand():
            return _key_of_proof(statement)
        case s.RoundingRule(scope):
            return ("ROUND", scope)
        case s.Recipients(noun):
            return ("RECIPIENTS", noun)
        case s.Deleted(kind, what):
            if kind in _SYMBOLS:
                assert isinstance(what, s.Name)
                return ("symbol", what.text)
            if kind == "APPROPRIATION":
                # Its code comes first; the title need not be repeated.
                return (kind, str(what).partition(" ")[0])
            return (kind, what)
    return (type(statement),)


def _key_of_proof(statement: s.Check | s.Demand) -> Key:
    """What a check or a demand is about: one may say at least, and another at most."""
    match statement:
        case s.Check(left, relation):
            return ("CHECK", left, relation)
        case s.Demand(s.Comparison(left, relation)):
            return ("ALWAYS", left, relation)
    return ("ALWAYS", statement.claim)


# ---------------------------------------------------------------- sections


@frozen
class Section:
    """Statements that hold from a day or in a scenario."""

    head: Head
    statements: tuple[s.Statement, ...]


@frozen
class Layers:
    """A ruleset's statements, and the sections that can be laid over them.

    Attributes:
        document: the statements that hold without any section.
        sections: the sections in order.
    """

    document: s.Document
    sections: tuple[Section, ...] = ()

    @property
    def scenarios(self) -> tuple[str, ...]:
        """The names of the scenarios, in order."""
        heads = (one.head for one in self.sections)
        return tuple(head.title for head in heads if isinstance(head, s.WhatIf))

    @property
    def days(self) -> tuple[date, ...]:
        """The days from which something changes, in order of time."""
        heads = (one.head for one in self.sections)
        return tuple(sorted(head.day for head in heads if isinstance(head, s.AmendmentFrom)))


def layers(document: s.Document) -> Layers:
    """Take a document apart into what always holds and its sections."""
    plain: list[s.Statement] = []
    sections: list[tuple[Head, list[s.Statement]]] = []
    for statement in document.statements:
        if isinstance(statement, Head):
            sections.append((statement, []))
        else:
            (sections[-1][1] if sections else plain).append(statement)
    return Layers(
        evolve(document, statements=tuple(plain)),
        tuple(Section(head, tuple(inside)) for head, inside in sections),
    )


def check_sections(own: Layers, *, all_read: bool) -> Iterator[Finding]:
    """Sections of one name, and lines in a section that are for the whole ruleset.

    Where lines could not be read a section may only seem to be empty.
    """
    seen: dict[object, Head] = {}
    for section in own.sections:
        head, name = section.head, str(_name(section.head))
        alike = type(head), name.casefold()  # as a scenario is asked for
        if alike in seen:
            labels = (Label(head.span, "again"), Label(seen[alike].span, "before"))
            yield Finding("F703", labels, {"name": name})
        seen.setdefault(alike, head)
        if not section.statements and all_read:
            yield finding("F704", head.span, "here", name=name)
        for one in section.statements:
            if isinstance(one, _WHOLE_RULESET):
                yield Finding("F702", (Label(one.span, "here"), Label(head.span, "section")))


def stacked(base: s.Document, own: Layers) -> tuple[Layers, tuple[Finding, ...]]:
    """One ruleset on top of the statements that hold in the one that it builds on."""
    said = [one for one in own.document.statements if isinstance(one, _OWN)]
    kept = [_unpublished(one) for one in base.statements if not isinstance(one, _OWN)]
    changes = [one for one in own.document.statements if not isinstance(one, _OWN)]
    document = evolve(own.document, statements=(*said, *kept))
    merged, findings = laid_over(document, changes)
    return Layers(merged, own.sections), findings


def _unpublished(statement: s.Statement) -> s.Statement:
    """A table without what was published with the other decision."""
    if not isinstance(statement, s.Table):
        return statement
    parts = (part for part in statement.parts if not isinstance(part, s.Facit | s.Remark))
    return evolve(statement, parts=tuple(parts))


def _name(head: Head) -> object:
    return head.day if isinstance(head, s.AmendmentFrom) else head.title


def in_force(
    ruleset: Layers, at: date | None = None, scenario: str | None = None
) -> tuple[s.Document, tuple[Finding, ...]]:
    """The statements that hold.

    Args:
        ruleset: all its statements.
        at: the day; None for when every change has come into force.
        scenario: the name of a scenario that there is, laid over everything else.
    """
    amendments = [one for one in ruleset.sections if isinstance(one.head, s.AmendmentFrom)]
    begun = [one for one in amendments if at is None or _day(one) <= at]
    chosen = sorted(begun, key=_day)
    chosen += [one for one in ruleset.sections if _name(one.head) == scenario]
    document, findings = ruleset.document, _without_base(ruleset.document)
    for section in chosen:
        document, found = laid_over(document, section.statements)
        findings += found
        if isinstance(section.head, s.WhatIf):
            document = _imagined(section, document)
    return document, findings


def _imagined(section: Section, document: s.Document) -> s.Document:
    """A scenario has only its own checks and no published tables: they are of the decision."""
    kept = (
        _unpublished(one)
        for one in document.statements
        if not isinstance(one, s.Check) or one in section.statements
    )
    return evolve(document, statements=tuple(kept))


def _day(section: Section) -> date:
    assert isinstance(section.head, s.AmendmentFrom)
    return section.head.day


def _without_base(document: s.Document) -> tuple[Finding, ...]:
    """Changes to statements where there is nothing that they could change."""
    return tuple(
        finding("F701", one.span, "here", **_what(document, one))
        for one in document.statements
        if _is_partial(one)
    )


# ---------------------------------------------------------------- one statement over another


def laid_over(
    base: s.Document, changes: Sequence[s.Statement]
) -> tuple[s.Document, tuple[Finding, ...]]:
    """Statements with others in their places; what changes nothing is found."""
    statements = dict(keyed(base.statements))
    whole = iter(keyed(one for one in changes if not _is_partial(one)).items())
    findings: list[Finding] = []
    for change in changes:
        if not _is_partial(change):
            # Two that are written whole with one name both stay, to be found as such.
            key, statement = next(whole)
            statements[key] = statement
            continue
        before = statements.get(key_of(change))
        if isinstance(change, s.Deleted):
            gone = [other for other, one in statements.items() if _is_deleted(one, change)]
            for other in gone:
                del statements[other]
        elif type(before) is type(change):
            gone = [key_of(change)]
            statements[gone[0]], found = amended(base, before, change)
            findings += found
        else:
            gone = []
        if not gone:
            findings.append(finding("F701", change.span, "here", **_what(base, change)))
    return evolve(base, statements=tuple(statements.values())), tuple(findings)


def _is_partial(change: s.Statement) -> bool:
    """Whether a statement says something of another: ``ändra`` or ``stryk``."""
    return isinstance(change, s.Deleted) or getattr(change, "amends", False)


def _is_deleted(one: s.Statement, deleted: s.Deleted) -> bool:
    """Whether a statement is of the kind and has the name that a ``stryk`` says."""
    if isinstance(one, s.Check):
        return deleted.kind == "CHECK" and one.left == deleted.what
    if isinstance(one, s.Demand):
        return deleted.kind == "ALWAYS" and one.claim == deleted.what
    said = _SYMBOLS.get(deleted.kind)
    return key_of(one) == key_of(deleted) and (said is None or _sort_of(one) == said)


def _sort_of(one: s.Statement) -> object:
    return one.sort if isinstance(one, s.Definition) else type(one)


def _what(base: s.Document, change: s.Statement) -> dict[str, Value]:
    """What a change is meant for, and what it may have been meant for."""
    kind, name = key_of(change)[0], str(key_of(change)[-1])
    data: dict[str, Value] = {"line": line(base, change)}
    if kind in ("CHECK", "ALWAYS"):
        return data
    alike = [str(key[-1]) for key in map(key_of, base.statements) if key[0] == kind]
    close = suggestion(name, (one for one in alike if one != name))
    return {**data, "name": name, **({"suggestion": close} if close else {})}
