"""``fordela check``: everything short of comparing with published tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from attrs import evolve, frozen

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
    from desk.report.promises import Proved
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
    checked = [_promising(one, prove=prove) for one in checked]
    if counterexamples is not None:
        checked = _written(checked, Path(counterexamples), speaker)
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
        proved: what is promised for all figures, by it as it is and then by variants.
    """

    usual: Outcome
    variants: tuple[tuple[Outcome, tuple[Finding, ...]], ...]
    proved: tuple[Proved, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        return (*self.usual.findings, *(one for _, found in self.variants for one in found))


def _checked(variants: Sequence[Outcome]) -> _Checked:
    from desk.variants import new_errors

    usual, *others = variants
    return _Checked(usual, tuple(new_errors(usual, others)))


# ---------------------------------------------------------------- promises


def _promising(checked: _Checked, *, prove: bool) -> _Checked:
    """With what is promised; its variants' promises too, when the table is asked for."""
    from desk.report.promises import Proved
    from engine.refutation.verdicts import of_ruleset

    others = (variant for variant, _ in checked.variants) if prove else ()
    proved = (Proved(one, of_ruleset(one, refuting=prove)) for one in (checked.usual, *others))
    return evolve(checked, proved=tuple(one for one in proved if one.promises))


def _written(checked: Sequence[_Checked], target: Path, speaker: Speaker) -> list[_Checked]:
    """Every counterexample as a ruleset in a folder of its own; of variants those that differ."""
    from desk.data.new_file import folder_shown, write_folder
    from desk.report.promises import differing

    shown, contents = folder_shown(target), dict[str, bytes]()
    numbers, done = count(1), list[_Checked]()
    for one in checked:
        proved = []
        for place, variant in enumerate(one.proved):
            told = differing(variant, one.proved[0], speaker) if place else variant.promises
            folders = _folders(variant.outcome, told, numbers)
            contents |= {
                f"{folder}/{name}": data
                for folder, files in folders.values()
                for name, data in files.items()
            }
            paths = {claim: f"{shown}/{folder}" for claim, (folder, _) in folders.items()}
            proved.append(evolve(variant, written=paths))
        done.append(evolve(one, proved=tuple(proved)))
    write_folder(target, contents)
    return done


def _folders(
    outcome: Outcome, promises: Iterable[Promise], numbers: Iterator[int]
) -> dict[Claim, tuple[str, Mapping[str, bytes]]]:
    """For each claim that figures refute: a folder's name, and the files in it."""
    from engine.refutation.replay import folder_called, replayed

    assert outcome.program is not None  # or there are no promises
    language = outcome.program.document.language
    return {
        one.claim: (
            f"{next(numbers):02}-{folder_called(one.claim, language)}",
            replayed(outcome, one.claim, one.counterexample),
        )
        for one in promises
        if one.counterexample is not None
    }


# ---------------------------------------------------------------- what is said


def _as_text(checked: Sequence[_Checked], speaker: Speaker, *, plan: bool, prove: bool) -> None:
    """What holds, on standard output; what was found, beside it."""
    from desk.report.soundness import plan_lines, soundness, variant_line

    for number, one in enumerate(checked):
        lines = soundness(one.usual, speaker)
        lines += [variant_line(variant, speaker) for variant, _ in one.variants]
        if one.proved:
            lines += (
                _promise_lines(one.proved, speaker) if prove else _promised(one.proved, speaker)
            )
        lines += plan_lines(one.usual, speaker) if plan else []
        speaker.result("\n".join([*([""] if number else []), *lines]))
        complain(one.usual.findings, speaker)
        complain_of_variants(one.variants, speaker)


def _promised(proved: Sequence[Proved], speaker: Speaker) -> list[str]:
    from desk.report.promises import promised

    return [promised(proved[0].promises, speaker)]


def _promise_lines(proved: Sequence[Proved], speaker: Speaker) -> list[str]:
    from desk.report.promises import promise_lines, promise_lines_of_variant

    usual, *others = proved
    lines = promise_lines(usual, speaker)
    for one in others:
        lines += promise_lines_of_variant(one, usual, speaker)
    return lines


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

    return [promise for one in checked.proved for promise in promises_data(one)]


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
