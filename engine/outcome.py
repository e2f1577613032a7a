"""What running one ruleset gives: everything found, and everything computed."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from attrs import frozen

from dsl.findings import Finding
from dsl.program import Program
from dsl.source import Span
from engine.checks import CheckOutcome
from engine.evaluate import Result
from engine.inputs.files import Files
from engine.inputs.stack import AS_IS, Stack, Variant
from engine.inputs.statistics import Figures
from engine.plan import Plan
from engine.records.lock import Lock
from engine.tabulate import TableView

if TYPE_CHECKING:
    from engine.proof.promises import Promise  # most rulesets demand nothing


@frozen
class Outcome:
    """Everything that one ruleset gave.

    Attributes:
        files: the ruleset's files.
        rule_file: the name of its rule file.
        findings: everything found, in the order of the places.
        program: the checked rules, unless something in them must be mended.
        plan: the order of computation.
        figures: the statistics that could be read.
        result: values and ledger, unless something stopped the run.
        checks: how the ruleset's own checks came out.
        tables: its tables.
        unmet: what the author demands and the rules do not keep, or cannot be shown to keep.
        stack: its rule file's statements, with those that it builds on; None when unreadable.
        variant: which of its changes hold in this run.
    """

    files: Files
    rule_file: str
    findings: tuple[Finding, ...]
    program: Program | None = None
    plan: Plan | None = None
    figures: Mapping[str, Figures] = {}
    result: Result | None = None
    checks: tuple[CheckOutcome, ...] = ()
    tables: tuple[TableView, ...] = ()
    unmet: tuple["Promise", ...] = ()
    stack: Stack | None = None
    variant: Variant = AS_IS

    @property
    def lock(self) -> Lock | None:
        """What the ruleset's adoption froze; None for a draft."""
        return self.stack.lock if self.stack else None

    def files_at(self, span: Span) -> Files:
        """The files that a path in the rules is in: of this ruleset, or one that it builds on."""
        return self.stack.homes.get(span.file, self.files) if self.stack else self.files

    @property
    def recovered(self) -> Mapping[str, str]:
        """Statistics that were computed from a published result, and how."""
        found = self.figures.items()
        return {name: one.recovered for name, one in found if one.recovered is not None}
