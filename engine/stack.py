"""Reads a ruleset and those that it builds on: their statements in layers, each with its files."""

from collections.abc import Mapping
from datetime import date
from posixpath import relpath
from typing import Any

from attrs import evolve, frozen

from dsl import syntax as s
from dsl.amend import misplaced_deletions
from dsl.document import Reading, read_document
from dsl.findings import Finding, Phrase, errors, finding
from dsl.overlay import Layers, check_sections, in_force, layers, stacked
from dsl.program import first
from dsl.source import RuleLine, Span
from engine.files import Files, Unreadable
from engine.lock import Lock, locked_changes, read_lock
from engine.rule_file import rule_file

# Rulesets that build on each other; more is surely a circle.
MAX_DEPTH = 5


@frozen
class Variant:
    """Which of a ruleset's changes hold.

    Attributes:
        at: the day; None for when every change has come into force.
        scenario: the name of a scenario, or None for the rules as they are.
    """

    at: date | None = None
    scenario: str | None = None


# The rules as they are.
AS_IS = Variant()


@frozen
class Stack:
    """A ruleset's statements with those of the rulesets below it.

    Attributes:
        layers: what always holds, and the sections.
        findings: what was found in any of the rule files and lock files.
        damaged: places of statements that lost a line.
        lost: the lines that could not be read.
        homes: the files that each rule file's own paths are in, by the rule file's name as shown.
        lock: what the ruleset's adoption froze; None for a draft.
        whole: whether everything that it builds on is there, and what is locked is unchanged.
    """

    layers: Layers
    findings: tuple[Finding, ...]
    damaged: frozenset[Span]
    lost: tuple[RuleLine, ...]
    homes: Mapping[str, Files]
    lock: Lock | None = None
    whole: bool = True

    def reading(self, variant: Variant) -> Reading:
        """The statements that hold, as one document."""
        document, found = in_force(self.layers, variant.at, variant.scenario)
        kept = (one for one in document.statements if not isinstance(one, s.BuildsOn))
        document = evolve(document, statements=tuple(kept))
        findings = (*self.findings, *found, *misplaced_deletions(document))
        return Reading(document, findings, self.damaged, self.lost)

    def files_at(self, statement: s.Recipients | s.Statistic) -> Files:
        """The files that a statement's own paths are in."""
        return self.homes[statement.span.file]

    def with_places(self, document: s.Document, files: Files) -> s.Document:
        """The statements with paths from one ruleset's folder, also those of others' files."""

        def placed(node: Any) -> Any:
            home = self.homes.get(node.span.file, files)
            path = getattr(node, "path", None)
            if home is not files and isinstance(node, s.FromRuleset):
                return evolve(node, ruleset=_named_from(files, home, node.ruleset))
            if home is files or path is None:
                return node
            return evolve(node, path=relpath(home.shown(path), files.shown("") or "."))

        def whole(statement: Any) -> Any:
            if not isinstance(statement, s.Statistic | s.Table):
                return placed(statement)
            inner: Any = tuple(map(placed, statement.parts))
            return evolve(statement, parts=inner)

        return evolve(document, statements=tuple(map(whole, document.statements)))


def _named_from(files: Files, home: Files, ruleset: str) -> str:
    """A ruleset that another ruleset's rules name, as rules of ours would: with its year."""
    match relpath(home.shown("") or ".", files.shown("") or ".").split("/"):
        case ["..", "..", year, _] if "/" not in ruleset:
            return f"{year}/{ruleset}"
    return ruleset


def read_stack(files: Files, name: str, at: date | None = None, depth: int = 0) -> Stack:
    """Read the rule file of this name, and those that it builds on.

    Args:
        files: the ruleset's files.
        name: its rule file.
        at: the day whose amendments hold in what it builds on within the same budget year; what
            it takes from another year it takes with all its amendments.
        depth: how many rulesets already build on this one.
    """
    shown = files.shown(name)
    reading = read_document(shown, files.read(name))
    own = layers(reading.document)
    lock, locked = read_lock(files, name)
    changed = locked_changes(lock, files) if lock else ()
    findings = (
        *reading.findings,
        *check_sections(own, all_read=not reading.lost),
        *locked,
        *changed,
    )
    as_adopted = not locked and not changed
    alone = Stack(own, findings, reading.damaged, reading.lost, {shown: files}, lock, as_adopted)
    below = first(own.document, s.BuildsOn)
    if below is None:
        return alone
    base = _base(files, below, at, depth)
    if isinstance(base, Finding):
        return evolve(alone, findings=(*findings, base), whole=False)
    years = {first(one.document, s.BudgetYear) for one in (own, base.layers)}
    holds, amended = in_force(base.layers, at if len(years) == 1 else None)
    merged, found = stacked(holds, own)
    return Stack(
        merged,
        (*base.findings, *amended, *findings, *found),
        base.damaged | reading.damaged,
        (*base.lost, *reading.lost),
        {**base.homes, shown: files},
        lock,
        as_adopted and base.whole and not errors(base.findings),
    )


def _base(files: Files, below: s.BuildsOn, at: date | None, depth: int) -> Stack | Finding:
    if depth >= MAX_DEPTH:
        return finding("F707", below.span, "here", ruleset=below.ruleset)
    try:
        base = files.sibling(below.ruleset)
    except Unreadable as error:
        why = Phrase(f"data.{error.reason_key}")
        return finding("F706", below.span, "here", ruleset=below.ruleset, why=why)
    name, _ = rule_file(base, None)
    if name is None:
        why = Phrase("data.missing")
        return finding("F706", below.span, "here", ruleset=below.ruleset, why=why)
    return read_stack(base, name, at, depth + 1)
