"""``fordela check``: everything short of comparing with published tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click
from attrs import frozen

from desk.commands.shared import (
    as_json,
    code_of,
    complain,
    complain_of_variants,
    paths_argument,
)
from desk.parsing import VerbCommand, Word
from desk.speaker import Speaker
from desk.terminal import send_data

if TYPE_CHECKING:
    from dsl.findings import Finding
    from engine.outcome import Outcome


@click.pass_obj
def _check(speaker: Speaker, paths: tuple[str, ...], form: str, plan: bool) -> int:
    from desk.rulesets import all_rulesets
    from desk.variants import all_variants

    checked = [_checked(all_variants(place.open())) for place in all_rulesets(paths)]
    if form == "text":
        _as_text(checked, speaker, plan=plan)
    else:
        send_data()
        speaker.result(_as_data(checked, speaker, form, plan=plan))
    return max(code_of(one.usual, one.findings) for one in checked)


@frozen
class _Checked:
    """A ruleset as it is, and what was found only in its scenarios or on other days."""

    usual: Outcome
    variants: tuple[tuple[Outcome, tuple[Finding, ...]], ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        return (*self.usual.findings, *(one for _, found in self.variants for one in found))


def _checked(variants: Sequence[Outcome]) -> _Checked:
    from desk.variants import new_errors

    usual, *others = variants
    return _Checked(usual, tuple(new_errors(usual, others)))


def _as_text(checked: Sequence[_Checked], speaker: Speaker, *, plan: bool) -> None:
    """What holds, on standard output; what was found, beside it."""
    from desk.report.soundness import plan_lines, soundness, variant_line

    for number, one in enumerate(checked):
        lines = soundness(one.usual, speaker)
        lines += [variant_line(variant, speaker) for variant, _ in one.variants]
        lines += plan_lines(one.usual, speaker) if plan else []
        speaker.result("\n".join([*([""] if number else []), *lines]))
        complain(one.usual.findings, speaker)
        complain_of_variants(one.variants, speaker)


def _as_data(checked: Sequence[_Checked], speaker: Speaker, form: str, *, plan: bool) -> str:
    from desk.data.findings_json import findings_data
    from desk.data.numbers import SCHEMA
    from desk.findings import github, sarif
    from desk.report.soundness import plan_sentences

    findings = [finding for one in checked for finding in one.findings]
    if form == "github":
        return github(findings, speaker.language).removesuffix("\n")
    if form == "sarif":
        return as_json(sarif(findings, speaker.language))
    files = [one.usual.files.shown(one.usual.rule_file) for one in checked]
    data = {"schema": SCHEMA, "files": files, "findings": findings_data(findings)}
    if plan:
        data["plans"] = [plan_sentences(one.usual, speaker) for one in checked]
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
