"""The page that ``fordela run`` prints: header, tables, where the money went, proofs, lists."""

from desk.report.header import header
from desk.report.listings import listings
from desk.report.pots import adjustments, items, others, paid, pots
from desk.report.proofs import checks, levels, limits, rates, ties
from desk.report.tables import tables
from desk.speaker import Speaker
from dsl.findings import Finding
from engine.outcome import Outcome


def page(outcome: Outcome, speaker: Speaker) -> tuple[str, tuple[Finding, ...]]:
    """The page, and what was found in the files that only it reads."""
    result, program = outcome.result, outcome.program
    assert result is not None
    assert program is not None
    lists, findings = listings(outcome, speaker)
    lines = [
        *header(outcome, speaker),
        *tables(outcome, speaker),
        *pots(result, speaker),
        *adjustments(result, speaker),
        *others(result, speaker),
        *paid(result, speaker),
        *items(program, speaker),
        *rates(result, speaker),
        *levels(result, speaker),
        *limits(result, speaker),
        *ties(result, speaker),
        *checks(outcome, speaker),
        *lists,
    ]
    return "\n".join(lines), findings
