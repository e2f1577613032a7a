"""What running one ruleset gives: everything found, and everything computed."""

from collections.abc import Mapping

from attrs import frozen

from dsl.findings import Finding
from dsl.program import Program
from engine.checks import CheckOutcome
from engine.evaluate import Result
from engine.files import Files
from engine.plan import Plan
from engine.statistics import Figures
from engine.tabulate import TableView


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

    @property
    def recovered(self) -> Mapping[str, str]:
        """Statistics that were computed from a published result, and how."""
        found = self.figures.items()
        return {name: one.recovered for name, one in found if one.recovered is not None}
