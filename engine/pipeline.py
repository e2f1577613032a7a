"""From a ruleset's files to its results: parse, check, order, evaluate, tabulate, verify."""

from dsl import syntax as s
from dsl.check import check
from dsl.document import read_document
from dsl.findings import Finding, Phrase, Value, errors, finding
from dsl.program import first, statements
from dsl.registers import Register, Registers
from dsl.source import Span
from engine.bounds import sharpen_overdrafts
from engine.checks import CheckOutcome, run_checks
from engine.evaluate import Result, evaluate
from engine.files import Files, Unreadable
from engine.outcome import Outcome
from engine.plan import plan
from engine.published import read_published
from engine.registers.declared import declared
from engine.siblings import Siblings
from engine.statistics import Figures, read_figures
from engine.tabulate import TableView, tabulate
from engine.verify import ColumnVerdict, compare

RULE_FILES = ("regler.md", "regler.fordela", "rules.md", "rules.fordela")


def run_ruleset(files: Files, chosen: str | None = None, chain: int = 0) -> Outcome:
    """Read, check and evaluate one ruleset."""
    name, found = rule_file(files, chosen)
    if name is None:
        return Outcome(files, "", found)
    reading = read_document(files.shown(name), files.read(name))
    registers, register_findings = declared(reading.document, lambda _: files)
    program, rule_findings = check(reading, registers)
    figures, figure_findings = _figures(reading.document, registers, files, chain)
    findings = (*register_findings, *rule_findings, *figure_findings)
    if program is None:
        return Outcome(files, name, _ordered(findings), figures=figures)
    return _evaluated(Outcome(files, name, findings, program, figures=figures))


def _run_in_chain(files: Files, chain: int) -> Outcome:
    return run_ruleset(files, None, chain)


def verify(outcome: Outcome) -> tuple[tuple[ColumnVerdict, ...], tuple[Finding, ...]]:
    """Compare every table of a run with the table that was published."""
    verdicts: list[ColumnVerdict] = []
    findings: list[Finding] = []
    for view in outcome.tables:
        parts = view.table.parts if view.table else ()
        for facit in (part for part in parts if isinstance(part, s.Facit)):
            published, found = read_published(facit, view.register, outcome.files)
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
    else:
        # What may happen is of no interest where something else already has.
        findings = tuple(one for one in findings if one.code != "N207")
    return Outcome(
        outcome.files,
        outcome.rule_file,
        _ordered(findings),
        program,
        order,
        figures,
        result,
        checks,
        tables,
    )


def _ordered(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda one: (one.span.file, one.span.line, one.span.column)))


# ---------------------------------------------------------------- what is read


def rule_file(files: Files, chosen: str | None) -> tuple[str | None, tuple[Finding, ...]]:
    """The name of a ruleset's rule file: the one chosen, or the only one with a known name."""
    paths = set(files.paths())
    present = [chosen] if chosen else [name for name in RULE_FILES if name in paths]
    if len(present) == 1:
        try:
            files.read(present[0])
        except Unreadable as error:
            why = Phrase(f"data.{error.reason_key}")
            return None, (finding("F022", Span(files.shown(present[0]), 1, 1, 1), why=why),)
        return present[0], ()
    place = Span(files.shown(present[1] if present else RULE_FILES[0]), 1, 1, 1)
    if present:
        return None, (finding("F021", place, files=tuple(present)),)
    data: dict[str, Value] = {"names": RULE_FILES, **_almost_a_rule_file(files)}
    return None, (finding("F020", place, "", **data),)


def _almost_a_rule_file(files: Files) -> dict[str, str]:
    """A file that has nearly the name of a rule file, and the name that it should have."""
    for path in files.paths():
        stem, *endings = path.casefold().split(".")
        if stem in {"regler", "rules"}:
            office = endings[-1:] in (["doc"], ["docx"], ["odt"])
            marked = office or "md" in endings or b"```" in _bytes_of(files, path)
            ending = "md" if marked and "fordela" not in endings else "fordela"
            return {"document" if office else "found": path, "renamed": f"{stem}.{ending}"}
    return {}


def _bytes_of(files: Files, path: str) -> bytes:
    try:
        return files.read(path)
    except Unreadable:
        return b""


def _figures(
    document: s.Document, registers: Registers, files: Files, chain: int
) -> tuple[dict[str, Figures], tuple[Finding, ...]]:
    """Every statistic that can be read, also when the rules have findings of their own."""
    default = first(document, s.Recipients)
    siblings = Siblings(files, chain, _run_in_chain)
    figures: dict[str, Figures] = {}
    findings: tuple[Finding, ...] = ()
    for statistic in statements(document, s.Statistic):
        noun = statistic.noun or (default.noun if default else "")
        register = registers.get(noun)
        if register is None:
            continue
        read, found = _read(statistic, register, files, siblings)
        findings += found
        if read is not None:
            figures[statistic.name.text] = read
    return figures, findings


def _read(
    statistic: s.Statistic, register: Register, files: Files, siblings: Siblings
) -> tuple[Figures | None, tuple[Finding, ...]]:
    for part in statistic.parts:
        if isinstance(part, s.FromRuleset):
            return siblings.figures(statistic, part, register)
        if isinstance(part, s.FromFile):
            return read_figures(statistic, register, files)
    return None, ()
