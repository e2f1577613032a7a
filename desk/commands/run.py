"""``fordela run``: the amounts that a ruleset gives, as a page, CSV or JSON."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from attrs import evolve

from desk.commands.certificate import certificate_of, certificate_option
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
    from desk.data.new_file import write_new
    from desk.printed import printed
    from desk.rulesets import at_day, one_ruleset, variant_of
    from engine.files import Recorded
    from engine.pipeline import open_ruleset, run_variant
    from engine.stack import Variant

    if receipt and certificate:
        raise Misuse("one_proof")
    place = at_day(one_ruleset(path), at)
    if receipt:
        return _with_receipt(speaker, place, Variant(at, scenario), form, receipt)
    recorded = Recorded(place.folder)
    opened = evolve(open_ruleset(recorded, place.rule_file), beside=place.folder)
    outcome = run_variant(opened, variant_of(opened, at, scenario))
    if form != "table":
        send_data()
    text, more = printed(outcome, form, speaker)
    findings = (*outcome.findings, *more)
    if text:
        speaker.result(text)
    complain(findings, speaker)
    code = code_of(outcome, findings)
    if certificate is not None and code == FINE:
        write_new(Path(certificate), certificate_of(outcome, recorded.seen))
    if certificate is not None:
        said = "certificate.written" if code == FINE else "certificate.stopped"
        speaker.remark(speaker.say(said, file=certificate))
    return code


def _with_receipt(speaker: Speaker, place: Place, asked: Variant, form: str, target: str) -> int:
    """Print as into a file, wherever it goes, and write the receipt beside it."""
    from desk.data.new_file import write_new
    from desk.receipts import Alone, folder_from, issued
    from desk.rulesets import variant_of
    from engine.receipt import Manner, receipt_text

    alone = Alone.of(place.folder, place.rule_file)
    variant = variant_of(alone.opened, asked.at, asked.scenario)
    if alone.opened.rules is None:
        complain(alone.findings, speaker)
        return UNREADABLE
    there = folder_from(Path(target), place.folder.root)
    manner = Manner(there, alone.opened.rule_file, variant, form, speaker.language)
    run = issued(alone, manner)
    if run.receipt is not None:
        write_new(Path(target), receipt_text(run.receipt))
    send_data(newline="\n")
    if run.text:
        evolve(speaker, colour=False).result(run.text)
    complain(run.findings, speaker)
    said = "receipt.written" if run.receipt is not None else "receipt.stopped"
    speaker.remark(speaker.say(said, file=target))
    return code_of(run.outcome, run.findings)


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
