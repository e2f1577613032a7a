"""Reads a ruleset and those that it builds on: their statements in layers, each with its files."""

from collections.abc import Mapping
from datetime import date, timedelta
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
from engine.inputs.files import Files, Unreadable
from engine.inputs.rule_file import rule_file
from engine.records.lock import Lock, locked_changes, read_lock

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
        days: the days from which something changes, also in what it builds on.
    """

    layers: Layers
    findings: tuple[Finding, ...]
    damaged: frozenset[Span]
    lost: tuple[RuleLine, ...]
    homes: Mapping[str, Files]
    lock: Lock | None = None
    whole: bool = True
    days: tuple[date, ...] = ()

    def next_change(self, at: date | None) -> date | None:
        """The first day after one from which something changes; None when everything holds."""
        return next((day for day in self.days if at is not None and at < day), None)

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


@frozen
class Rules:
    """A rule file as it was read, with those below it: in force on no day yet.

    Attributes:
        files: the ruleset's files.
        name: the rule file's name.
        reading: the rule file's own statements.
        own: the same, as what always holds and the sections.
        findings: what was found in the rule file, and in its lock.
        lock: what the ruleset's adoption froze; None for a draft.
        as_adopted: whether what is locked is unchanged.
        below: what it builds on; or why that cannot be read.
    """

    files: Files
    name: str
    reading: Reading
    own: Layers
    findings: tuple[Finding, ...]
    lock: Lock | None
    as_adopted: bool
    below: "Rules | Finding | None"

    @property
    def days(self) -> tuple[date, ...]:
        """The days from which something changes, here or in what it builds on, in order of time."""
        below = self.below.days if isinstance(self.below, Rules) and self._same_year else ()
        return tuple(sorted({*self.own.days, *below}))

    @property
    def earlier(self) -> tuple[tuple[date, Variant], ...]:
        """Each day from which something changes, and a variant of the rules until then."""
        days = self.days
        before = [day - timedelta(days=1) if day > date.min else None for day in days[:1]]
        pairs = zip(days, [*before, *days[:-1]], strict=True)
        return tuple((day, Variant(at=at)) for day, at in pairs if at is not None)

    @property
    def _same_year(self) -> bool:
        """Whether it is of the budget year of what it builds on, whose days then count."""
        assert isinstance(self.below, Rules)
        years = {first(one.own.document, s.BudgetYear) for one in (self, self.below)}
        return len(years) == 1

    def stack(self, at: date | None = None) -> Stack:
        """Lay the statements over those that they build on.

        Args:
            at: the day whose amendments hold in what it builds on within the same budget year;
                what it takes from another year it takes with all its amendments.
        """
        alone = Stack(
            self.own,
            self.findings,
            self.reading.damaged,
            self.reading.lost,
            {self.files.shown(self.name): self.files},
            self.lock,
            self.as_adopted,
            self.days,
        )
        if self.below is None:
            return alone
        if isinstance(self.below, Finding):
            return evolve(alone, findings=(*self.findings, self.below), whole=False)
        day = at if self._same_year else None
        base = self.below.stack(day)
        holds, amended = in_force(base.layers, day)
        merged, found = stacked(holds, self.own)
        return Stack(
            merged,
            (*base.findings, *amended, *self.findings, *found),
            base.damaged | alone.damaged,
            (*base.lost, *alone.lost),
            {**base.homes, **alone.homes},
            self.lock,
            self.as_adopted and base.whole and not errors(base.findings),
            self.days,
        )


def read_rules(files: Files, name: str, depth: int = 0) -> Rules:
    """Read the rule file of this name, and those that it builds on.

    Args:
        files: the ruleset's files.
        name: its rule file.
        depth: how many rulesets already build on this one.
    """
    reading = read_document(files.shown(name), files.read(name))
    own = layers(reading.document)
    lock, locked = read_lock(files, name)
    changed = locked_changes(lock, files) if lock else ()
    findings = (
        *reading.findings,
        *check_sections(own, all_read=not reading.lost),
        *locked,
        *changed,
    )
    said = first(own.document, s.BuildsOn)
    below = None if said is None else _below(files, said, depth)
    return Rules(files, name, reading, own, findings, lock, not locked and not changed, below)


def _below(files: Files, said: s.BuildsOn, depth: int) -> Rules | Finding:
    if depth >= MAX_DEPTH:
        return finding("F707", said.span, "here", ruleset=said.ruleset)
    try:
        base = files.sibling(said.ruleset)
    except Unreadable as error:
        why = Phrase(f"data.{error.reason_key}")
        return finding("F706", said.span, "here", ruleset=said.ruleset, why=why)
    name, _ = rule_file(base, None)
    if name is None:
        why = Phrase("data.missing")
        return finding("F706", said.span, "here", ruleset=said.ruleset, why=why)
    return read_rules(base, name, depth + 1)
