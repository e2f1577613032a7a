"""``fordela why``: why a recipient gets its amount, as a tree, one sentence or JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from desk.commands.shared import (
    FOUND,
    UNREADABLE,
    as_json,
    code_of,
    complain,
    path_argument,
    variant_options,
)
from desk.parsing import VerbCommand, Word
from desk.speaker import Speaker
from desk.terminal import send_data
from desk.usage import Misuse, closest

if TYPE_CHECKING:
    from datetime import date

    from dsl import syntax as s
    from dsl.program import Program
    from engine.explain.steps import Answer, Subject
    from engine.outcome import Outcome


@click.pass_obj
def _why(  # noqa: PLR0913, PLR0917 - one for each argument and option
    speaker: Speaker,
    path: str,
    recipient: str,
    pot: str | None,
    form: str,
    sentence: bool,
    at: date | None,
    scenario: str | None,
) -> int:
    from desk.report.why import why_page
    from desk.report.why_said import why_sentences
    from desk.rulesets import chosen, is_unreadable
    from dsl.findings import errors
    from engine.pipeline import run_variant

    outcome = run_variant(*chosen(path, at, scenario))
    if outcome.result is None or outcome.program is None:
        complain(outcome.findings, speaker)
        return UNREADABLE if is_unreadable(outcome) else FOUND
    answer = _answer(outcome, outcome.program, recipient, pot)
    if form == "json":
        from desk.data.why_json import why_data

        send_data()
        text = as_json(why_data(outcome, answer))
    else:
        text = (why_sentences if sentence else why_page)(outcome, answer, speaker)
    speaker.result(text)
    complain(errors(outcome.findings), speaker)
    return code_of(outcome, outcome.findings)


def _answer(outcome: Outcome, program: Program, recipient: str, name: str | None) -> Answer:
    """About the pot or the definition that is named; else about every pot, or all definitions."""
    from engine.explain import definition_named, explain, explain_values, pot_named
    from engine.explain.steps import Answer

    if name is None:
        who = _subjects(program, recipient, None)
        if program.pots:
            return Answer(receipts=explain(outcome, who))
        return Answer(values=explain_values(outcome, who))
    pot, definition = pot_named(program, name), definition_named(program, name)
    who = _subjects(program, recipient, pot)
    if pot is not None:
        return Answer(receipts=explain(outcome, who, pot))
    if definition is not None:
        values = explain_values(outcome, who, definition)
        if not values:
            raise Misuse("no_single_value", name=definition.name.text, recipient=who[0].name)
        return Answer(values=values)
    names = tuple(one.name.text for one in (*program.pots, *program.definitions))
    raise Misuse("no_such_pot", closest(name, names), name=name, names=names)


def _subjects(program: Program, text: str, pot: s.Pot | None) -> tuple[Subject, ...]:
    """Whom a text means; of several with one code those whom the pot goes to."""
    from dsl.findings import Phrase
    from engine.explain import resembling, subjects

    found = subjects(program, text)
    if not found:
        raise Misuse("no_such_recipient", resembling(program, text), name=text)
    if pot is None or found[0].register is None:
        return found
    register = program.register_of(pot)
    theirs = tuple(one for one in found if one.register and one.register.noun == register.noun)
    if not theirs:
        who = Phrase(f"nouns.{register.noun}")
        raise Misuse("not_of_pot", pot=pot.name.text, recipients=who, name=text)
    return theirs


command = VerbCommand(
    "why",
    callback=_why,
    params=[
        path_argument(),
        click.Argument(["recipient"]),
        click.Argument(["pot"], required=False),
        Word(["--format", "form"], words=("text", "json"), default="text"),
        click.Option(["--sentence"], is_flag=True),
        *variant_options(),
    ],
)
