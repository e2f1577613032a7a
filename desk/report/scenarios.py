"""Shows a ruleset beside its scenarios: what differs in the rules, and each recipient's kronor."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from desk.data.csv_rows import Cell, as_csv
from desk.data.numbers import SCHEMA, unit_of_amounts
from desk.figures import form_of_amounts
from desk.report.changes import changed_lines
from desk.speaker import Speaker
from desk.text_table import Grid
from engine.comparison.scenario import Case, Scenarios, Standing


def scenarios_page(compared: Scenarios, speaker: Speaker) -> str:
    """The whole comparison as a page."""
    usual = compared.cases[0].outcome.program
    assert usual is not None
    lines = [speaker.paint(usual.name, "title")]
    for case in compared.cases[1:]:
        lines += ["", speaker.say("scenario.what_if", name=case.name or ""), *_rules(case)]
    for standing in compared.standings:
        lines += ["", *_table(compared, standing, speaker)]
    return "\n".join(lines)


def _rules(case: Case) -> Iterator[str]:
    for change in case.rules:
        yield from (f"  {line}" for line in changed_lines(change))


def _table(compared: Scenarios, standing: Standing, speaker: Speaker) -> Iterator[str]:
    noun = speaker.say(f"noun.{standing.noun}").capitalize() if standing.noun else ""
    headings = ["", noun, speaker.say("scenario.as_is")]
    for case in compared.cases[1:]:
        headings += [case.name or "", speaker.say("diff.change")]
    rows = tuple(
        (recipient.code, recipient.name, *_numbers(amounts, compared.base, speaker))
        for recipient, amounts in standing.rows
    )
    total = ("", speaker.say("diff.total"), *_numbers(standing.totals, compared.base, speaker))
    yield from Grid(tuple(headings), rows, total, 2).lines(speaker.width)


def _numbers(amounts: tuple[int, ...], base: int, speaker: Speaker) -> list[str]:
    form = form_of_amounts(base, speaker.language)
    usual, *others = (Fraction(amount, base) for amount in amounts)
    cells = [form.write(usual)]
    for amount in others:
        cells += [form.write(amount), form.signed(amount - usual)]
    return cells


def scenarios_data(compared: Scenarios) -> dict[str, Any]:
    """The comparison for JSON: amounts are whole numbers of the unit, in order of the cases."""
    return {
        "schema": SCHEMA,
        "unit": unit_of_amounts(compared.base),
        "cases": [
            {
                "scenario": case.name,
                "rules": [{"before": one.before, "after": one.after} for one in case.rules],
            }
            for case in compared.cases
        ],
        "recipients": [
            {
                "kind": standing.noun or None,
                "rows": [
                    {"recipient": who.code or None, "name": who.name, "amounts": list(amounts)}
                    for who, amounts in standing.rows
                ],
                "totals": list(standing.totals),
            }
            for standing in compared.standings
        ],
    }


def scenarios_csv(compared: Scenarios, speaker: Speaker) -> str:
    """What each recipient gets in every case, as CSV."""
    names = [case.name or speaker.say("scenario.as_is") for case in compared.cases]
    header = [speaker.say("diff.code"), speaker.say("diff.name"), *names]
    rows: list[list[Cell]] = [
        [recipient.code, recipient.name, *(Fraction(one, compared.base) for one in amounts)]
        for standing in compared.standings
        for recipient, amounts in standing.rows
    ]
    return as_csv(header, rows)
