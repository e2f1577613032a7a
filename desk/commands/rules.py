"""``fordela rules``: prints the rules that hold, with everything that they build on merged in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from desk.commands.shared import FINE, FOUND, UNREADABLE, complain, path_argument, variant_options
from desk.parsing import VerbCommand, Word
from desk.speaker import Speaker
from dsl.numbers import Language

if TYPE_CHECKING:
    from datetime import date


@click.pass_obj
def _rules(
    speaker: Speaker, path: str, at: date | None, scenario: str | None, language: Language | None
) -> int:
    from desk.rulesets import chosen
    from dsl.findings import errors
    from dsl.printer import print_document

    opened, variant = chosen(path, at, scenario)
    if opened.rules is None:
        complain(opened.findings, speaker)
        return UNREADABLE
    stack = opened.rules.stack(at)
    reading = stack.reading(variant)
    stopping = errors(reading.findings)
    if stopping:
        complain(stopping, speaker)
        return FOUND
    document = stack.with_places(reading.document, opened.files)
    text = print_document(document, language or document.language).removesuffix("\n")
    speaker.result(text)
    if " ../" in text:
        speaker.remark(speaker.say("rules.elsewhere"))
    return FINE


command = VerbCommand(
    "rules",
    callback=_rules,
    params=[
        path_argument(),
        *variant_options(),
        Word(["--to", "language"], words=("sv", "en"), default=None),
    ],
)
