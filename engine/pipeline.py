"""From a ruleset's files to its results: parse, check, order, evaluate, tabulate, verify."""

from collections.abc import Mapping
from functools import cached_property

from attrs import evolve, field, frozen

from dsl import axes
from dsl import syntax as s
from dsl.check import check
from dsl.findings import Finding, errors
from dsl.program import first, statements
from dsl.registers import Register, Registers
from engine.checks import CheckOutcome, run_checks
from engine.comparison.verify import ColumnVerdict, compare
from engine.evaluate import Result, evaluate
from engine.inputs.files import Files
from engine.inputs.gridded import read_grid
from engine.inputs.published import read_published
from engine.inputs.rule_file import rule_file
from engine.inputs.siblings import Siblings
from engine.inputs.stack import AS_IS, Rules, Stack, Variant, read_rules
from engine.inputs.statistics import Figures, read_figures
from engine.outcome import Outcome
from engine.overdrafts import sharpen_overdrafts
from engine.plan import plan
from engine.records.lock import result_changes
from engine.records.versions import Version, replaced_findings, successor_findings, successors
from engine.registers.declared import declared
from engine.tabulate import TableView, tabulate

# How many findings at the same place are compared with each other.
MAX_ALIKE = 20


@frozen
class Chain:
    """Where a ruleset stands among those that use each other's results.

    Attributes:
        length: how many rulesets already wait for this one's results.
        outcomes: what has been run; see ``Siblings``.
    """

    length: int = 0
    outcomes: dict[tuple[str, int], Outcome] = field(factory=dict)


# A statistic with the places of its lines, its recipients and the members of its axes.
_Wanted = tuple[object, ...]
_Read = tuple[Figures | None, tuple[Finding, ...]]


@frozen(slots=False)
class Opened:
    """A ruleset whose rules have been read, once for all its variants.

    Attributes:
        files: its files.
        rule_file: the name of its rule file; empty when there is none to read.
        rules: the rules; None when there is no rule file to read.
        findings: why there is none.
        chain: the rulesets that wait for its results, and what has been run for them.
        figures: those that a variant has read, for others with the same statistics.
        beside: where versions that replace it are looked for; None for among the files themselves.
    """

    files: Files
    rule_file: str
    rules: Rules | None
    findings: tuple[Finding, ...] = ()
    chain: Chain = field(factory=Chain)
    figures: dict[_Wanted, _Read] = field(factory=dict)
    beside: Files | None = None

    @cached_property
    def replaced(self) -> tuple[Finding, ...]:
        """What is wrong with the version that it says it replaces."""
        document = self.rules.own.document if self.rules else None
        return tuple(replaced_findings(self.files, document)) if document else ()

    @cached_property
    def successors(self) -> tuple[Version, ...]:
        """The versions that replace it, looked for when a variant first asks."""
        return tuple(successors(self.beside or self.files))


def open_ruleset(files: Files, chosen: str | None = None, chain: Chain | None = None) -> Opened:
    """Read a ruleset's rules.

    Args:
        files: its files.
        chosen: its rule file, when it was named.
        chain: the rulesets that wait for this one's results, and what has been run for them.
    """
    name, found = rule_file(files, chosen)
    if name is None:
        return Opened(files, "", None, found)
    return Opened(files, name, read_rules(files, name), chain=chain or Chain())


def run_ruleset(
    files: Files, chosen: str | None = None, variant: Variant = AS_IS, chain: Chain | None = None
) -> Outcome:
    """Read, check and evaluate one ruleset; see ``open_ruleset`` and ``run_variant``."""
    return run_variant(open_ruleset(files, chosen, chain), variant)


def run_variant(opened: Opened, variant: Variant = AS_IS) -> Outcome:
    """Check and evaluate a ruleset as it is, on a day or in a scenario."""
    files = opened.files
    if opened.rules is None:
        return Outcome(files, "", opened.findings)
    stack = opened.rules.stack(variant.at)
    started = Outcome(files, opened.rule_file, stack.findings, stack=stack, variant=variant)
    if not stack.whole:
        return started
    reading = stack.reading(variant)
    registers, register_findings = declared(reading.document, stack.files_at)
    program, rule_findings = check(reading, registers)
    figures, figure_findings = _figures(opened, reading.document, registers, stack)
    findings = (
        *register_findings,
        *rule_findings,
        *figure_findings,
        *opened.replaced,
    )
    # Whoever asks for a day has the version of that day, and need not hear of later ones.
    if variant.at is None:
        findings += tuple(successor_findings(opened.successors, stack.layers.document))
    started = evolve(started, findings=findings, program=program, figures=figures)
    if program is None:
        return evolve(started, findings=_ordered(findings))
    return _evaluated(started)


def verify(outcome: Outcome) -> tuple[tuple[ColumnVerdict, ...], tuple[Finding, ...]]:
    """Compare every table of a run with the table that was published."""
    verdicts: list[ColumnVerdict] = []
    findings: list[Finding] = []
    for view in outcome.tables:
        parts = view.table.parts if view.table else ()
        for facit in (part for part in parts if isinstance(part, s.Facit)):
            published, found = read_published(facit, view.register, outcome.files_at(facit.span))
            findings += found
            if published is not None:
                compared, found = compare(view, facit, published)
                verdicts += compared
                findings += found
    return tuple(verdicts), tuple(findings)


def _evaluated(outcome: Outcome) -> Outcome:
    """Order and evaluate a checked program, when all its figures could be read."""
    program, figures = outcome.program, outcome.figures
    assert program is not None
    order, circles = plan(program)
    findings = (*outcome.findings, *circles)
    result: Result | None = None
    checks: tuple[CheckOutcome, ...] = ()
    tables: tuple[TableView, ...] = ()
    if order is not None and not errors(findings):
        columns = {name: one.column for name, one in figures.items()}
        result, stopped = evaluate(program, order.steps, columns)
        findings += stopped
    if order is not None and result is not None:
        findings = sharpen_overdrafts(result, findings)
        checks = run_checks(result)
        tables, table_findings = tabulate(result, order.dependencies)
        findings += (*(one.finding for one in checks if one.finding), *table_findings)
        findings += _unlike_adopted(outcome, result)
    else:
        # What may happen is of no interest where something else already has.
        findings = tuple(one for one in findings if one.code != "N207")
    outcome = evolve(outcome, plan=order)
    if order is not None and program.demands:
        from engine.refutation.demands import demand_findings  # most rulesets demand nothing
        from engine.refutation.verdicts import unmet_demands

        outcome = evolve(outcome, unmet=unmet_demands(outcome))
        findings += demand_findings(outcome)
    return evolve(
        outcome,
        findings=_ordered(findings),
        result=result,
        checks=checks,
        tables=tables,
    )


def _unlike_adopted(outcome: Outcome, result: Result) -> tuple[Finding, ...]:
    """Where an adopted ruleset no longer gives the kronor that it gave then."""
    stack, variant = outcome.stack, outcome.variant
    if stack is None or stack.lock is None or variant.scenario is not None:
        return ()
    return result_changes(stack.lock, result, stack.next_change(variant.at))


def _ordered(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """In the order of the text; what is found twice, in a file that is read twice, only once."""
    once: list[Finding] = []
    for one in sorted(findings, key=lambda one: (one.span.file, one.span.line, one.span.column)):
        if one not in once[-MAX_ALIKE:]:
            once.append(one)
    return tuple(once)


# ---------------------------------------------------------------- what is read


def _figures(
    opened: Opened, document: s.Document, registers: Registers, stack: Stack
) -> tuple[dict[str, Figures], tuple[Finding, ...]]:
    """Every statistic that can be read, also when the rules have findings of their own."""
    default, chain = first(document, s.Recipients), opened.chain

    def run(files: Files, length: int) -> Outcome:
        return run_ruleset(files, chain=Chain(length, chain.outcomes))

    siblings = {
        file: Siblings(files, chain.length, run, chain.outcomes)
        for file, files in stack.homes.items()
    }
    figures: dict[str, Figures] = {}
    findings: tuple[Finding, ...] = ()
    for statistic in statements(document, s.Statistic):
        noun = statistic.noun or (default.noun if default else "")
        register = registers.get(noun)
        if register is None:
            continue
        wanted = _wanted(statistic, register, document)
        if wanted not in opened.figures:
            opened.figures[wanted] = _read(statistic, document, register, siblings)
        read, found = opened.figures[wanted]
        findings += tuple(one for one in found if not _known(one, findings))
        if read is not None:
            read = evolve(read, register=register)  # which may lie within other areas
            figures[statistic.name.text] = read.grown(statistic.growth)
    return figures, findings


def _wanted(statistic: s.Statistic, register: Register, document: s.Document) -> _Wanted:
    """What decides how figures are read, and where they are said to stand."""
    members = tuple(axes.declared(document).items()) if statistic.axes else ()
    places = (statistic.span, *(part.span for part in statistic.parts))
    return statistic, places, register, members


# What is wrong with a row itself, whichever of its figures are wanted.
_OF_A_ROW = frozenset({"F301", "F302", "F305", "F309", "F335"})


def _known(found: Finding, before: tuple[Finding, ...]) -> bool:
    """Whether another statistic of the same file has shown the same mistake already."""
    return found in before or (
        found.code in _OF_A_ROW
        and any(one.code in _OF_A_ROW and one.span == found.span for one in before)
    )


def _read(
    statistic: s.Statistic,
    document: s.Document,
    register: Register,
    siblings: Mapping[str, Siblings],
) -> _Read:
    if statistic.axes:
        return _read_grid(statistic, document, register, siblings)
    for part in statistic.parts:
        if isinstance(part, s.FromRuleset):
            return siblings[part.span.file].figures(statistic, part, register)
        if isinstance(part, s.FromFile):
            return read_figures(statistic, register, siblings[part.span.file].files)
    return None, ()


def _read_grid(
    statistic: s.Statistic, document: s.Document, register: Register, homes: Mapping[str, Siblings]
) -> _Read:
    origin = next((part for part in statistic.parts if isinstance(part, s.FromFile)), None)
    if origin is None:
        return None, ()
    return read_grid(statistic, axes.declared(document), register, homes[origin.span.file].files)
