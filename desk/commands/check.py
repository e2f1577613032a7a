"""``fordela check``: everything short of comparing with published tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from attrs import evolve, field, frozen

from desk.commands.shared import (
    as_json,
    code_of,
    complain,
    complain_of_variants,
    paths_argument,
)
from desk.parsing import NewFile, VerbCommand, Word
from desk.speaker import Speaker
from desk.terminal import send_data
from desk.usage import Misuse

if TYPE_CHECKING:
    from dsl.findings import Finding
    from engine.outcome import Outcome
    from engine.proof.promises import Claim, Promise


@click.pass_obj
def _check(
    speaker: Speaker,
    paths: tuple[str, ...],
    form: str,
    plan: bool,
    prove: bool,
    counterexamples: str | None,
) -> int:
    from desk.rulesets import all_rulesets
    from desk.variants import all_variants

    if counterexamples is not None and not prove:
        raise Misuse("only_with_prove", option="--counterexamples")
    checked = [_checked(all_variants(place.open())) for place in all_rulesets(paths)]
    checked = [_promising(one, refuting=prove) for one in checked]
    if counterexamples is not None:
        checked = _written(checked, Path(counterexamples))
    if form == "text":
        _as_text(checked, speaker, plan=plan, prove=prove)
    else:
        send_data()
        speaker.result(_as_data(checked, speaker, form, plan=plan, prove=prove))
    return max(code_of(one.usual, one.findings) for one in checked)


@frozen
class _Checked:
    """A ruleset as it is, and what was found only in its scenarios or on other days.

    Attributes:
        usual: the ruleset as it is.
        variants: scenarios and other days, each with what was found only there.
        promises: what is promised for all figures.
        written: where counterexamples were written.
    """

    usual: Outcome
    variants: tuple[tuple[Outcome, tuple[Finding, ...]], ...]
    promises: tuple[Promise, ...] = ()
    written: Mapping[Claim, str] = field(factory=dict)

    @property
    def findings(self) -> tuple[Finding, ...]:
        return (*self.usual.findings, *(one for _, found in self.variants for one in found))


def _checked(variants: Sequence[Outcome]) -> _Checked:
    from desk.variants import new_errors

    usual, *others = variants
    return _Checked(usual, tuple(new_errors(usual, others)))


# ---------------------------------------------------------------- promises


def _promising(checked: _Checked, *, refuting: bool) -> _Checked:
    from engine.refutation.verdicts import of_ruleset

    return evolve(checked, promises=of_ruleset(checked.usual, refuting=refuting))


def _written(checked: Sequence[_Checked], target: Path) -> list[_Checked]:
    """Every counterexample as a ruleset in a folder of its own."""
    from desk.data.new_file import folder_shown, write_folder
    from engine.refutation.replay import folder_called, replayed

    contents: dict[str, bytes] = {}
    done: list[_Checked] = []
    number = 0
    for one in checked:
        paths: dict[Claim, str] = {}
        for promise in one.promises:
            if promise.counterexample is None or one.usual.program is None:
                continue
            number += 1
            language = one.usual.program.document.language
            folder = f"{number:02}-{folder_called(promise.claim, language)}"
            files = replayed(one.usual, promise.claim, promise.counterexample)
            contents |= {f"{folder}/{name}": data for name, data in files.items()}
            paths[promise.claim] = f"{folder_shown(target)}/{folder}"
        done.append(evolve(one, written=paths))
    write_folder(target, contents)
    return done


# ---------------------------------------------------------------- what is said


def _as_text(checked: Sequence[_Checked], speaker: Speaker, *, plan: bool, prove: bool) -> None:
    """What holds, on standard output; what was found, beside it."""
    from desk.report.promises import promise_lines, promised
    from desk.report.soundness import plan_lines, soundness, variant_line

    for number, one in enumerate(checked):
        lines = soundness(one.usual, speaker)
        lines += [variant_line(variant, speaker) for variant, _ in one.variants]
        if prove and one.promises:
            lines += promise_lines(one.usual, one.promises, speaker, one.written)
        elif one.promises:
            lines.append(promised(one.promises, speaker))
        lines += plan_lines(one.usual, speaker) if plan else []
        speaker.result("\n".join([*([""] if number else []), *lines]))
        complain(one.usual.findings, speaker)
        complain_of_variants(one.variants, speaker)


def _as_data(
    checked: Sequence[_Checked], speaker: Speaker, form: str, *, plan: bool, prove: bool
) -> str:
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
    data: dict[str, Any] = {"schema": SCHEMA, "files": files, "findings": findings_data(findings)}
    if plan:
        data["plans"] = [plan_sentences(one.usual, speaker) for one in checked]
    if prove:
        data["promises"] = [_promises_data(one) for one in checked]
    return as_json(data)


def _promises_data(checked: _Checked) -> list[dict[str, Any]]:
    from desk.data.promises_json import promises_data

    return promises_data(checked.usual, checked.promises, checked.written)


command = VerbCommand(
    "check",
    callback=_check,
    params=[
        paths_argument(),
        Word(["--format", "form"], words=("text", "json", "github", "sarif"), default="text"),
        click.Option(["--plan"], is_flag=True),
        click.Option(["--prove"], is_flag=True),
        NewFile(["--counterexamples"], metavar="FOLDER", type=click.Path()),
    ],
)
