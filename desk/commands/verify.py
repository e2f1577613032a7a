"""``fordela verify``: a ruleset's tables beside the tables that were published."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from attrs import frozen

from desk.commands.shared import FINE, FOUND, as_json, code_of, complain, path_argument
from desk.parsing import VerbCommand, Word
from desk.speaker import Speaker
from desk.terminal import send_data
from desk.usage import Misuse

if TYPE_CHECKING:
    from desk.report.verdicts import Tried
    from dsl.findings import Finding
    from engine.outcome import Outcome
    from engine.pipeline import Opened

# Notes that the page itself tells.
_ON_THE_PAGE = frozenset({"N601"})


@frozen
class _Comparison:
    """One ruleset and how its published columns compare."""

    outcome: Outcome
    tried: tuple[Tried, ...]
    findings: tuple[Finding, ...]

    @property
    def agrees(self) -> bool:
        return all(verdict.agrees for verdict, _ in self.tried)


@click.pass_obj
def _verify(speaker: Speaker, path: str, form: str) -> int:
    from desk.data.program_json import program_data
    from desk.receipts import is_receipt
    from desk.rulesets import all_rulesets
    from engine.records.installed import changed_program, installed

    if is_receipt(path):
        return _verify_receipt(speaker, path, form)
    compared = [_compared(_with_earlier(place.open())) for place in all_rulesets([path])]
    program = installed()
    spoiled = changed_program(program)
    if form == "table":
        _as_pages(compared, speaker)
    else:
        send_data()
        data = {**_as_data(compared), **program_data(program)}
        speaker.result(as_json(data) if form == "json" else _as_csv(compared, speaker))
    for one in compared:
        told = _ON_THE_PAGE if form == "table" else frozenset[str]()
        complain((found for found in one.findings if found.code not in told), speaker)
    complain(spoiled, speaker)
    return max(FOUND if spoiled else FINE, *map(_code, compared))


def _verify_receipt(speaker: Speaker, path: str, form: str) -> int:
    """Repeat the run of a receipt."""
    from desk.data.program_json import program_data
    from desk.data.receipt_json import repeated_data
    from desk.receipts import repeated
    from desk.report.repetition import repetition
    from engine.records.installed import changed_program, installed

    if form == "csv":
        raise Misuse("receipt_as_csv", path=path)
    shown = Path(path).as_posix()
    run, program = repeated(Path(path), shown), installed()
    findings = (*run.findings, *changed_program(program))
    if form == "json":
        send_data()
        speaker.result(as_json({**repeated_data(run, shown), **program_data(program)}))
    elif run.receipt is not None:
        speaker.result(repetition(run, speaker))
    complain(findings, speaker)
    return FOUND if any(one.severity == "error" for one in findings) else FINE


def _with_earlier(opened: Opened) -> Outcome:
    """A run, with what is not as adopted before the days on which the rules change."""
    from attrs import evolve

    from desk.variants import before_changes, new_errors
    from engine.pipeline import run_variant

    outcome = run_variant(opened)
    if outcome.lock is None or not outcome.lock.before:
        return outcome
    earlier = new_errors(outcome, before_changes(opened).values())
    return evolve(
        outcome, findings=(*outcome.findings, *(f for _, found in earlier for f in found))
    )


def _compared(outcome: Outcome) -> _Comparison:
    from engine.comparison.alternatives import alternatives
    from engine.pipeline import verify

    if outcome.result is None:
        return _Comparison(outcome, (), outcome.findings)
    verdicts, findings = verify(outcome)
    tried = tuple((one, alternatives(outcome, one) if one.differences else ()) for one in verdicts)
    return _Comparison(outcome, tried, (*outcome.findings, *findings))


def _code(compared: _Comparison) -> int:
    code = code_of(compared.outcome, compared.findings)
    return code if compared.agrees else max(code, FOUND)


def _as_pages(compared: Sequence[_Comparison], speaker: Speaker) -> None:
    """A page for each ruleset, and where there are several a line for each at the end."""
    from desk.report.verdicts import summary, verdict_page

    whole = [one for one in compared if one.outcome.result is not None]
    pages = [verdict_page(one.outcome, one.tried, speaker) for one in whole]
    if len(compared) > 1:
        verdicts = [(one.outcome, [verdict for verdict, _ in one.tried]) for one in whole]
        pages.append("\n".join(summary(*one, speaker) for one in verdicts))
    if pages:
        speaker.result("\n\n\n".join(pages))


def _as_data(compared: Sequence[_Comparison]) -> dict[str, Any]:
    """One object; where there are several rulesets, one that has them all."""
    from desk.data.findings_json import stopped_data
    from desk.data.numbers import SCHEMA
    from desk.data.verify_json import verify_data

    found = [
        verify_data(one.outcome, one.tried, one.findings)
        if one.outcome.result is not None
        else stopped_data(one.findings)
        for one in compared
    ]
    return found[0] if len(found) == 1 else {"schema": SCHEMA, "rulesets": found}


def _as_csv(compared: Sequence[_Comparison], speaker: Speaker) -> str:
    from desk.data.verify_csv import verify_csv

    return verify_csv(((one.outcome, one.tried) for one in compared if one.tried), speaker)


command = VerbCommand(
    "verify",
    callback=_verify,
    params=[
        path_argument(),
        Word(["--format", "form"], words=("table", "csv", "json"), default="table"),
    ],
)
