"""What ``fordela run`` prints: a page, CSV or JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.commands.shared import as_json

if TYPE_CHECKING:
    from desk.speaker import Speaker
    from dsl.findings import Finding
    from engine.outcome import Outcome


def printed(outcome: Outcome, form: str, speaker: Speaker) -> tuple[str, tuple[Finding, ...]]:
    """The output of a run, and what was found in the files that only it reads."""
    return {"table": _as_page, "csv": _as_csv, "json": _as_json}[form](outcome, speaker)


def _as_page(outcome: Outcome, speaker: Speaker) -> tuple[str, tuple[Finding, ...]]:
    from desk.report.page import page

    return page(outcome, speaker) if outcome.result else ("", ())


def _as_csv(outcome: Outcome, speaker: Speaker) -> tuple[str, tuple[Finding, ...]]:
    from desk.data.run_csv import run_csv

    return (run_csv(outcome.result, speaker) if outcome.result else ""), ()


def _as_json(outcome: Outcome, _speaker: Speaker) -> tuple[str, tuple[Finding, ...]]:
    from desk.data.findings_json import stopped_data
    from desk.data.run_json import run_data

    found = outcome.findings
    return as_json(run_data(outcome, found) if outcome.result else stopped_data(found)), ()
