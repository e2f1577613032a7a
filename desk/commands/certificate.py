"""The certificate of a run: an option of ``fordela run``, and what it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from desk.parsing import NewFile
from desk.usage import Misuse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.outcome import Outcome


def certificate_option() -> click.Option:
    """Where to write a certificate."""
    return NewFile(["--certificate"], metavar="FILE", type=click.Path())


def certificate_of(outcome: Outcome, read: Mapping[str, bytes]) -> str:
    """The text of the certificate of a run with a result, which read these files."""
    from engine.records.certificate import TooLong, certificate_text

    try:
        return certificate_text(outcome, read)
    except TooLong:
        raise certificate_too_long(outcome) from None


def certificate_too_long(outcome: Outcome) -> Misuse:
    """That a number in a ruleset has too many digits for a certificate."""
    return Misuse("certificate_too_long", path=outcome.files.shown(outcome.rule_file))
