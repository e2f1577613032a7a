"""What several verbs do alike: say findings, choose an exit code, name their paths."""

import json
from collections.abc import Iterable
from typing import Any

import click

from desk.findings import render
from desk.rulesets import is_unreadable
from desk.speaker import Speaker
from dsl.findings import Finding, errors
from engine.pipeline import Outcome

FINE, FOUND, UNREADABLE = 0, 1, 2


def complain(findings: Iterable[Finding], speaker: Speaker) -> None:
    """Say every finding on standard error."""
    for finding in findings:
        text = render(finding, speaker.language, speaker.colour_errors, speaker.error_width)
        speaker.remark(text)


def code_of(outcome: Outcome, findings: Iterable[Finding]) -> int:
    """The exit code for a ruleset."""
    if is_unreadable(outcome):
        return UNREADABLE
    return FOUND if errors(tuple(findings)) else FINE


def as_json(data: Any) -> str:
    """Data as JSON text, readable by people too."""
    return json.dumps(data, ensure_ascii=False, indent=2)


def path_argument(*, several: bool = False) -> click.Argument:
    """Where the ruleset is; or where several are, here if nowhere else."""
    if several:
        return click.Argument(["paths"], nargs=-1, required=True, type=click.Path())
    return click.Argument(["path"], type=click.Path())
