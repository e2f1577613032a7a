"""Shows what changed between two rulesets: rules, figures, and each recipient's kronor by cause."""

from collections.abc import Iterator
from difflib import ndiff
from fractions import Fraction
from typing import Any

from desk.data.csv_rows import Cell, as_csv
from desk.data.numbers import SCHEMA, unit_of_amounts
from desk.figures import exact, form_of_amounts
from desk.speaker import Speaker
from desk.text_table import Grid
from dsl.findings import Exact
from dsl.numbers import format_number
from engine.comparison.difference import (
    Cause,
    Comparison,
    Effect,
    Effects,
    FigureChange,
    RuleChange,
)
from engine.rounding import round_to

# A long list of figures says less than its first rows.
MAX_FIGURES = 12

_CAUSES: dict[Cause, str] = {"pot": "pot", "figures": "figures_cause", "rule": "rule"}


def changes_page(comparison: Comparison, speaker: Speaker) -> str:
    """The whole comparison as a page."""
    names = [one.program.name for one in (comparison.before, comparison.after) if one.program]
    lines = [speaker.paint(" → ".join(names), "title")]
    lines += ["", speaker.say("diff.rules"), *_rules(comparison, speaker)]
    lines += ["", speaker.say("diff.figures"), *_figures(comparison, speaker)]
    changed = [one for one in comparison.effects if any(any(row.parts) for row in one.rows)]
    for effects in changed:
        lines += ["", *_effects(effects, speaker)]
    if comparison.effects and not changed:
        lines += ["", speaker.say("diff.no_effect")]
    return "\n".join(lines)


# ---------------------------------------------------------------- rules and figures


def _rules(comparison: Comparison, speaker: Speaker) -> Iterator[str]:
    if not comparison.rules:
        yield "  " + speaker.say("diff.no_rules")
    for change in comparison.rules:
        yield from (f"  {line}" for line in changed_lines(change))


def changed_lines(change: RuleChange) -> Iterator[str]:
    """The changed lines of a statement, below its first line."""
    before, after = (change.before or "").splitlines(), (change.after or "").splitlines()
    compared = [line for line in ndiff(before, after) if line[:1] in "+- "]
    for number, line in enumerate(compared):
        if number == 0 or not line.startswith(" "):
            yield line.replace("- ", "− ", 1) if line.startswith("-") else line


def _figures(comparison: Comparison, speaker: Speaker) -> Iterator[str]:
    if not comparison.figures:
        yield "  " + speaker.say("diff.no_figures")
    for change in comparison.figures[:MAX_FIGURES]:
        yield "  " + speaker.say(
            "diff.figure",
            statistic=change.statistic,
            recipient=_whose(change),
            before=Exact(change.before),
            after=Exact(change.after),
        )
    more = len(comparison.figures) - MAX_FIGURES
    if more > 0:
        yield "  " + speaker.say("diff.more", count=more)
    for swap in comparison.swaps:
        first, second = swap.first.name, swap.second.name
        yield "  " + speaker.say("diff.swap", statistic=swap.statistic, first=first, second=second)


def _whose(change: FigureChange) -> str:
    """The recipient that a figure is for, and in a grid the member of each axis."""
    return ", ".join(([change.recipient.name] if change.recipient else []) + [*change.members])


# ---------------------------------------------------------------- effects


def _effects(effects: Effects, speaker: Speaker) -> Iterator[str]:
    headings = (
        "",
        speaker.say(f"noun.{effects.noun}").capitalize(),
        speaker.say("diff.before"),
        *(speaker.say(f"diff.{_CAUSES[cause]}") for cause in effects.order),
        speaker.say("diff.after"),
        speaker.say("diff.change"),
        "",
    )
    rows = tuple(
        (row.recipient.code, row.recipient.name, *_numbers(row, effects.base, speaker))
        for row in effects.rows
    )
    total = ("", speaker.say("diff.total"), *_numbers(_summed(effects), effects.base, speaker))
    yield from Grid(headings, rows, total, 2).lines(speaker.width)


def _summed(effects: Effects) -> Effect:
    rows = effects.rows
    parts = tuple(map(sum, zip(*(row.parts for row in rows), strict=True)))
    before, after = sum(row.before for row in rows), sum(row.after for row in rows)
    return Effect(rows[0].recipient, before, parts, after)


def _numbers(row: Effect, base: int, speaker: Speaker) -> tuple[str, ...]:
    form = form_of_amounts(base, speaker.language)
    before, after = (form.write(Fraction(one, base)) for one in (row.before, row.after))
    changes = (form.signed(Fraction(one, base)) for one in (*row.parts, row.change))
    *parts, change = changes
    return (before, *parts, after, change, _percent(row, speaker))


def _percent(row: Effect, speaker: Speaker) -> str:
    if not row.before:
        return ""
    share = round_to(Fraction(row.change * 100, row.before), 1)
    text = format_number(share, speaker.language)
    return f"+{text} %" if share > 0 else f"{text} %"


# ---------------------------------------------------------------- data


def changes_data(comparison: Comparison) -> dict[str, Any]:
    """The comparison for JSON: amounts are whole numbers of the unit that is said with them."""
    return {
        "schema": SCHEMA,
        "rules": [{"before": one.before, "after": one.after} for one in comparison.rules],
        "figures": [
            {
                "statistic": one.statistic,
                "recipient": one.recipient and one.recipient.code,
                "name": one.recipient and one.recipient.name,
                **({"members": list(one.members)} if one.members else {}),
                "before": exact(one.before),
                "after": exact(one.after),
            }
            for one in comparison.figures
        ],
        "swapped": [
            {"statistic": one.statistic, "recipients": [one.first.code, one.second.code]}
            for one in comparison.swaps
        ],
        "effects": [
            {
                "recipients": one.noun,
                "unit": unit_of_amounts(one.base),
                "order": list(one.order),
                "rows": _rows(one),
            }
            for one in comparison.effects
        ],
    }


def _rows(effects: Effects) -> list[dict[str, Any]]:
    return [
        {
            "recipient": row.recipient.code,
            "name": row.recipient.name,
            "before": row.before,
            **dict(zip(effects.order, row.parts, strict=True)),
            "after": row.after,
            "change": row.change,
        }
        for row in effects.rows
    ]


def changes_csv(comparison: Comparison, speaker: Speaker) -> str:
    """The effect on every recipient as CSV."""
    order = comparison.effects[0].order if comparison.effects else ()
    keys = ("code", "name", "before", *(_CAUSES[one] for one in order), "after", "change")
    header = [speaker.say(f"diff.{key}") for key in keys]
    return as_csv(header, _csv_rows(comparison))


def _csv_rows(comparison: Comparison) -> Iterator[list[Cell]]:
    for effects in comparison.effects:
        for row in effects.rows:
            numbers = (row.before, *row.parts, row.after, row.change)
            amounts = (Fraction(one, effects.base) for one in numbers)
            yield [row.recipient.code, row.recipient.name, *amounts]
