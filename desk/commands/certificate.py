"""The certificate of a run: an option of ``fordela run``, and what it does."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from desk.parsing import NewFile
from desk.usage import Misuse

if TYPE_CHECKING:
    from desk.rulesets import Place
    from desk.speaker import Speaker
    from engine.stack import Variant


def certificate_option() -> click.Option:
    """Where to write a certificate."""
    return NewFile(["--certificate"], metavar="FILE", type=click.Path())


def certified(place: Place, variant: Variant, file: str, speaker: Speaker, *, sound: bool) -> None:
    """Write the certificate of a ruleset, run anew to know every byte that is read.

    Args:
        place: where the ruleset is.
        variant: which of its changes hold.
        file: the name of the certificate.
        speaker: how to speak to the user.
        sound: whether the run gave a result without errors.
    """
    from desk.data.new_file import write_new
    from engine.certificate import TooLong, certificate_text
    from engine.files import Recorded
    from engine.pipeline import run_ruleset

    if not sound:
        return speaker.remark(speaker.say("certificate.stopped"))
    recorded = Recorded(place.folder)
    outcome = run_ruleset(recorded, place.rule_file, variant)
    try:
        text = certificate_text(outcome, recorded.seen)
    except TooLong:
        path = place.folder.shown(outcome.rule_file)
        raise Misuse("certificate_too_long", path=path) from None
    write_new(Path(file), text)
    return speaker.remark(speaker.say("certificate.written", file=file))
