"""``fordela run``: the amounts that a ruleset gives, as a page, CSV or JSON."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from attrs import evolve

from desk.commands.certificate import certificate_option, certified
from desk.commands.shared import (
    FINE,
    UNREADABLE,
    code_of,
    complain,
    path_argument,
    variant_options,
)
from desk.parsing import NewFile, VerbCommand, Word
from desk.speaker import Speaker
from desk.terminal import send_data
from desk.usage import Misuse

if TYPE_CHECKING:
    from datetime import date

    from desk.rulesets import Place
    from engine.stack import Variant


@click.pass_obj
def _run(  # noqa: PLR0913, PLR0917 - one for each argument and option
    speaker: Speaker,
    path: str,
    form: str,
    at: date | None,
    scenario: str | None,
    certificate: str | None,
    receipt: str | None,
) -> int:
    from desk.printed import printed
    from desk.rulesets import chosen

    place, variant = chosen(path, at, scenario)
    if receipt and certificate:
        raise Misuse("one_proof")
    if receipt:
        return _with_receipt(speaker, place, variant, form, receipt)
    outcome = place.run(variant)
    if form != "table":
        send_data()
    text, more = printed(outcome, form, speaker)
    findings = (*outcome.findings, *more)
    if text:
        speaker.result(text)
    complain(findings, speaker)
    code = code_of(outcome, findings)
    if certificate is not None:
        certified(place, variant, certificate, speaker, sound=code == FINE)
    return code


def _with_receipt(speaker: Speaker, place: Place, variant: Variant, form: str, target: str) -> int:
    """Print as into a file, wherever it goes, and write the receipt beside it."""
    from desk.data.new_file import write_new
    from desk.receipts import folder_from, issued
    from engine.receipt import Manner, receipt_text
    from engine.rule_file import rule_file
    from engine.versions import version_findings

    folder = place.folder
    name, found = rule_file(folder, place.rule_file)
    if name is None:
        complain(found, speaker)
        return UNREADABLE
    there = folder_from(Path(target), folder.root)
    run = issued(folder, Manner(there, name, variant, form, speaker.language))
    if run.receipt is not None:
        write_new(Path(target), receipt_text(run.receipt))
    send_data(newline="\n")
    if run.text:
        evolve(speaker, colour=False).result(run.text)
    later = version_findings(folder, run.outcome.stack, variant) if run.outcome.stack else ()
    findings = (*run.findings, *(one for one in later if one not in run.findings))
    complain(findings, speaker)
    said = "receipt.written" if run.receipt is not None else "receipt.stopped"
    speaker.remark(speaker.say(said, file=target))
    return code_of(run.outcome, findings)


command = VerbCommand(
    "run",
    callback=_run,
    params=[
        path_argument(),
        Word(["--format", "form"], words=("table", "csv", "json"), default="table"),
        *variant_options(),
        certificate_option(),
        NewFile(["--receipt"], metavar="FILE", type=click.Path()),
    ],
)
