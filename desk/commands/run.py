"""``fordela run``: the amounts that a ruleset gives, as a page, CSV or JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from desk.commands.certificate import certificate_option, certified
from desk.commands.shared import FINE, as_json, code_of, complain, path_argument, variant_options
from desk.parsing import VerbCommand, Word
from desk.speaker import Speaker
from desk.terminal import send_data

if TYPE_CHECKING:
    from datetime import date

    from dsl.findings import Finding
    from engine.outcome import Outcome


@click.pass_obj
def _run(
    speaker: Speaker,
    path: str,
    form: str,
    at: date | None,
    scenario: str | None,
    certificate: str | None,
) -> int:
    from desk.rulesets import at_day, one_ruleset, variant_of

    place = at_day(one_ruleset(path), at)
    variant = variant_of(place, at, scenario)
    outcome = place.run(variant)
    writer = {"table": _as_page, "csv": _as_csv, "json": _as_json}[form]
    if form != "table":
        send_data()
    text, more = writer(outcome, speaker)
    findings = (*outcome.findings, *more)
    if text:
        speaker.result(text)
    complain(findings, speaker)
    code = code_of(outcome, findings)
    if certificate is not None:
        certified(place, variant, certificate, speaker, sound=code == FINE)
    return code


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


command = VerbCommand(
    "run",
    callback=_run,
    params=[
        path_argument(),
        Word(["--format", "form"], words=("table", "csv", "json"), default="table"),
        *variant_options(),
        certificate_option(),
    ],
)
