"""``fordela check``: everything short of comparing with published tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click
from attrs import evolve

from desk.commands.shared import as_json, code_of, complain, paths_argument
from desk.parsing import VerbCommand, Word
from desk.speaker import Speaker
from desk.terminal import send_data

if TYPE_CHECKING:
    from dsl.findings import Finding
    from engine.outcome import Outcome


@click.pass_obj
def _check(speaker: Speaker, paths: tuple[str, ...], form: str, plan: bool) -> int:
    from desk.rulesets import all_rulesets

    outcomes = [_whole(place.all_variants()) for place in all_rulesets(paths)]
    if form == "text":
        _as_text(outcomes, speaker, plan=plan)
    else:
        send_data()
        speaker.result(_as_data(outcomes, speaker, form, plan=plan))
    return max(code_of(one, one.findings) for one in outcomes)


def _whole(variants: Sequence[Outcome]) -> Outcome:
    """A ruleset as it is, with what was found in any of its variants, each once.

    That a figure is unused says nothing of a variant: it is the other one that uses it.
    """
    usual = variants[0]
    found = list(usual.findings)
    for variant in variants[1:]:
        new = (one for one in variant.findings if one.severity == "error")
        found += [one for one in new if one not in found]
    return evolve(usual, findings=tuple(found))


def _as_text(outcomes: Sequence[Outcome], speaker: Speaker, *, plan: bool) -> None:
    """What holds, on standard output; what was found, beside it."""
    from desk.report.soundness import plan_lines, soundness

    for number, outcome in enumerate(outcomes):
        lines = soundness(outcome, speaker)
        lines += plan_lines(outcome, speaker) if plan else []
        speaker.result("\n".join([*([""] if number else []), *lines]))
        complain(outcome.findings, speaker)


def _as_data(outcomes: Sequence[Outcome], speaker: Speaker, form: str, *, plan: bool) -> str:
    from desk.data.findings_json import findings_data
    from desk.data.numbers import SCHEMA
    from desk.findings import github, sarif
    from desk.report.soundness import plan_sentences

    findings: list[Finding] = [one for outcome in outcomes for one in outcome.findings]
    if form == "github":
        return github(findings, speaker.language).removesuffix("\n")
    if form == "sarif":
        return as_json(sarif(findings, speaker.language))
    files = [one.files.shown(one.rule_file) for one in outcomes]
    data = {"schema": SCHEMA, "files": files, "findings": findings_data(findings)}
    if plan:
        data["plans"] = [plan_sentences(one, speaker) for one in outcomes]
    return as_json(data)


command = VerbCommand(
    "check",
    callback=_check,
    params=[
        paths_argument(),
        Word(["--format", "form"], words=("text", "json", "github", "sarif"), default="text"),
        click.Option(["--plan"], is_flag=True),
    ],
)
