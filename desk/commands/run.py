"""``fordela run``: the amounts that a ruleset gives, as a page, CSV or JSON."""

from __future__ import annotations

from os.path import normpath
from pathlib import Path
from typing import TYPE_CHECKING

import click
from attrs import evolve, frozen

from desk.commands.certificate import certificate_of, certificate_option, certificate_too_long
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

    from desk.receipts import Issued
    from desk.rulesets import Place
    from engine.inputs.stack import Variant


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
    from engine.inputs.files import Recorded
    from engine.inputs.stack import Variant
    from engine.pipeline import open_ruleset, run_variant

    place = at_day(one_ruleset(path), at)
    if receipt:
        proofs = _Proofs(receipt, certificate)
        return _with_receipt(speaker, place, Variant(at, scenario), form, proofs)
    recorded = Recorded(place.folder)
    opened = evolve(open_ruleset(recorded, place.rule_file), beside=place.folder)
    outcome = run_variant(opened, variant_of(opened, at, scenario))
    read = dict(recorded.seen)  # and not the published tables, which only the page reads
    if form != "table":
        send_data()
    text, more = printed(outcome, form, speaker)
    findings = (*outcome.findings, *more)
    if text:
        speaker.result(text)
    complain(findings, speaker)
    code = code_of(outcome, findings)
    if certificate is not None and code == FINE:
        write_new({Path(certificate): certificate_of(outcome, read)})
    if certificate is not None:
        _tell("certificate", certificate, speaker, written=code == FINE)
    return code


def _tell(proof: str, file: str, speaker: Speaker, *, written: bool) -> None:
    """Say that a certificate or receipt has been written, or has not."""
    speaker.remark(speaker.say(f"{proof}.{'written' if written else 'stopped'}", file=file))


@frozen
class _Proofs:
    """Where to write a receipt, and a certificate if one is asked for."""

    receipt: str
    certificate: str | None

    def texts(self, run: Issued) -> dict[Path, str]:
        """What is to be written, all of it or nothing."""
        from engine.records.receipt import receipt_text

        if run.receipt is None:
            return {}
        texts = {Path(self.receipt): receipt_text(run.receipt)}
        if self.certificate is not None:
            if run.certificate is None:
                raise certificate_too_long(run.outcome)
            texts[Path(self.certificate)] = run.certificate
        return texts


def _with_receipt(
    speaker: Speaker, place: Place, asked: Variant, form: str, proofs: _Proofs
) -> int:
    """Print as into a file, wherever it goes, and write the receipt beside it."""
    from desk.data.new_file import write_new
    from desk.receipts import Alone, folder_from, issued
    from desk.rulesets import variant_of
    from engine.records.receipt import Manner

    target, certificate = proofs.receipt, proofs.certificate
    if certificate is not None and normpath(certificate) == normpath(target):
        raise Misuse("one_proof", path=target)
    alone = Alone.of(place.folder, place.rule_file)
    variant = variant_of(alone.opened, asked.at, asked.scenario)
    if alone.opened.rules is None:
        complain(alone.findings, speaker)
        return UNREADABLE
    there = folder_from(Path(target), place.folder.root)
    manner = Manner(there, alone.opened.rule_file, variant, form, speaker.language)
    run = issued(alone, manner, certified=certificate is not None)
    write_new(proofs.texts(run))
    send_data(newline="\n")
    if run.text:
        evolve(speaker, colour=False).result(run.text)
    complain(run.findings, speaker)
    written = run.receipt is not None
    if certificate is not None:
        _tell("certificate", certificate, speaker, written=written)
    _tell("receipt", target, speaker, written=written)
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
