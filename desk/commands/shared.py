"""What several verbs do alike: read paths, say findings, choose an exit code."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import click

from desk.parsing import Day

if TYPE_CHECKING:
    from desk.speaker import Speaker
    from dsl.findings import Finding
    from engine.outcome import Outcome

FINE, FOUND, UNREADABLE = 0, 1, 2


# So many findings are told at a time: more is often a file that is something else than rules.
MAX_TOLD = 25


def complain(findings: Iterable[Finding], speaker: Speaker) -> None:
    """Say every finding on standard error; of very many the first, and how many more there are."""
    from desk.findings import render
    from desk.text_table import broken_text

    found = list(findings)
    if found[MAX_TOLD:]:
        found.sort(key=lambda one: one.severity != "error")
    for finding in found[:MAX_TOLD]:
        shown = render(finding, speaker.language, speaker.colour_errors, speaker.error_width)
        speaker.remark(shown)
    if found[MAX_TOLD:]:
        more = speaker.say("finding.more", count=len(found) - MAX_TOLD)
        speaker.remark("\n".join(broken_text(more, speaker.error_width)))


def complain_of_variants(
    found: Iterable[tuple[Outcome, Iterable[Finding]]], speaker: Speaker
) -> None:
    """Say what was found in variants of a ruleset only, under the name of each."""
    from desk.report.soundness import variant_name

    for outcome, findings in found:
        for number, one in enumerate(findings):
            if number == 0:
                speaker.remark(f"{variant_name(outcome, speaker)}:\n")
            complain([one], speaker)


def code_of(outcome: Outcome, findings: Iterable[Finding]) -> int:
    """The exit code for a ruleset."""
    from desk.rulesets import is_unreadable

    if is_unreadable(outcome):
        return UNREADABLE
    return FOUND if any(one.severity == "error" for one in findings) else FINE


def as_json(data: Any) -> str:
    """Data as JSON text that people can read too."""
    return json.dumps(data, ensure_ascii=False, indent=2)


def say_as(form: str, writers: Mapping[str, Callable[[], str]], speaker: Speaker) -> None:
    """Say a result in the form that was asked for; only that form is written."""
    from desk.terminal import send_data

    if form != "table":
        send_data()
    speaker.result(writers[form]().removesuffix("\n"))


def variant_options() -> list[click.Option]:
    """Which version and which scenario."""
    return [Day(["--at"]), click.Option(["--scenario"], metavar="NAME")]


def path_argument() -> click.Argument:
    """Where the ruleset is."""
    return click.Argument(["path"], type=click.Path())


def paths_argument(*, required: bool = True) -> click.Argument:
    """Where one or several rulesets are."""
    return click.Argument(["paths"], nargs=-1, required=required, type=click.Path())
