"""``fordela diff``: what changed from one ruleset to another, and what it did to each recipient."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from desk.commands.shared import FINE, FOUND, UNREADABLE, as_json, complain, say_as
from desk.parsing import VerbCommand, Word
from desk.speaker import Speaker
from desk.usage import Misuse

if TYPE_CHECKING:
    from engine.comparison.difference import Cause


@click.pass_obj
def _diff(speaker: Speaker, before: str, after: str, form: str, order: str) -> int:
    from desk.report.changes import changes_csv, changes_data, changes_page
    from desk.rulesets import is_unreadable, one_ruleset
    from engine.comparison.difference import compare_rulesets

    outcomes = [one_ruleset(path).run() for path in (before, after)]
    for outcome in outcomes:
        if outcome.result is None:
            complain(outcome.findings, speaker)
            return UNREADABLE if is_unreadable(outcome) else FOUND
    comparison = compare_rulesets(outcomes[0], outcomes[1], _causes(order))
    writers = {
        "table": lambda: changes_page(comparison, speaker),
        "csv": lambda: changes_csv(comparison, speaker),
        "json": lambda: as_json(changes_data(comparison)),
    }
    say_as(form, writers, speaker)
    complain(comparison.findings, speaker)
    return FOUND if comparison.findings else FINE


def _causes(order: str) -> tuple[Cause, ...]:
    """The causes in the order in which they are to be switched: ``pot,figures,rule``."""
    from engine.comparison.difference import CAUSES

    said = tuple(word.strip().lower() for word in order.split(","))
    if sorted(said) != sorted(CAUSES):
        raise Misuse("no_such_word", word=order, option="--order", words=",".join(CAUSES))
    return tuple(sorted(CAUSES, key=said.index))


command = VerbCommand(
    "diff",
    callback=_diff,
    params=[
        click.Argument(["before"], type=click.Path()),
        click.Argument(["after"], type=click.Path()),
        Word(["--format", "form"], words=("table", "csv", "json"), default="table"),
        click.Option(["--order"], default="pot,figures,rule", metavar="pot,figures,rule"),
    ],
)
