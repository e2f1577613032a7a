"""How published tables compare with a run: column by column, and every cell that differs."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from desk.figures import Form, form_of
from desk.report.header import MARK, recovered, rounding_text
from desk.report.proofs import check_text
from desk.speaker import Speaker
from desk.text_table import Grid, broken_text, listed
from dsl.findings import Exact
from engine.alternatives import Alternative
from engine.pipeline import Outcome
from engine.verify import ColumnVerdict, Difference

Tried = tuple[ColumnVerdict, tuple[Alternative, ...]]


def verdict_page(outcome: Outcome, tried: Iterable[Tried], speaker: Speaker) -> str:
    """The page for one ruleset."""
    assert outcome.program is not None
    lines = [speaker.paint(outcome.program.name, "title")]
    tried = list(tried)
    if not tried:
        lines.append(speaker.say("verify.no_tables"))
    for (table, file), group in groupby(tried, key=lambda one: (one[0].table, one[0].file)):
        lines += ["", table, speaker.say("verify.against", file=file)]
        lines += _table(outcome, list(group), speaker)
        lines += _remarks(outcome, table, speaker)
    return "\n".join([*lines, *_recovered(outcome, speaker), *_checks(outcome, speaker)])


def summary(outcome: Outcome, verdicts: Iterable[ColumnVerdict], speaker: Speaker) -> str:
    """One line for one ruleset among several."""
    assert outcome.program is not None
    verdicts = tuple(verdicts)
    good = sum(one.agrees for one in verdicts)
    counts = {"good": Exact(good), "all": Exact(len(verdicts))}
    text = speaker.say("verify.summary", ruleset=outcome.program.name, **counts)
    return f"{speaker.mark(good == len(verdicts))} {text}"


def _table(outcome: Outcome, tried: list[Tried], speaker: Speaker) -> list[str]:
    rows = [_row(outcome, verdict, speaker) for verdict, _ in tried]
    lines = listed(rows, speaker.width)
    for verdict, others in tried:
        if not verdict.agrees:
            lines += ["", *_differences(verdict, speaker).lines(speaker.width)]
            lines += _alternatives(others, speaker)
    return lines


def _row(outcome: Outcome, verdict: ColumnVerdict, speaker: Speaker) -> tuple[str, str]:
    mark = f" {MARK}" if verdict.statistics & frozenset(outcome.recovered) else ""
    counts = {"equal": Exact(verdict.equal), "cells": Exact(verdict.cells)}
    text = speaker.say("verify.equal", **counts)
    if verdict.total is not None and not verdict.differences:
        text = f"{text}, {speaker.say('verify.total_differs')}"
    return verdict.heading + mark, f"{text} {speaker.mark(verdict.agrees)}"


def _differences(verdict: ColumnVerdict, speaker: Speaker) -> Grid:
    """Asserted, calculated, difference."""
    total = verdict.total
    published = [one.asserted for one in (*verdict.differences, *([total] if total else []))]
    form = form_of(verdict.column, speaker.language, *published)
    return Grid(
        headings=(
            "",
            verdict.heading,
            *(speaker.say(f"verify.{key}") for key in ("asserted", "calculated", "difference")),
        ),
        rows=tuple(_difference(one, form, speaker) for one in verdict.differences),
        total=_difference(total, form, speaker) if total else None,
        left=2,
    )


def _difference(one: Difference, form: Form, speaker: Speaker) -> tuple[str, ...]:
    code = one.recipient.code if one.recipient else ""
    name = one.recipient.name if one.recipient else speaker.say("table.total")
    return (
        code, name, form.write(one.asserted), form.write(one.calculated),
        form.signed(one.difference),
    )  # fmt: skip


def _alternatives(others: tuple[Alternative, ...], speaker: Speaker) -> Iterator[str]:
    """What another way of rounding would give."""
    if not others:
        return
    best = [one for one in others if one.agrees]
    for one in best:
        rounding = rounding_text(one.rounding, speaker.language)
        yield speaker.say("verify.would_agree", rounding=rounding)
    if not best:
        yield from broken_text(speaker.say("verify.none_agrees"), speaker.width)


def _remarks(outcome: Outcome, table: str, speaker: Speaker) -> list[str]:
    views = [view for view in outcome.tables if view.title == table]
    texts = [speaker.say("run.remark", text=text) for view in views for text in view.remarks]
    return [line for text in texts for line in ["", *broken_text(text, speaker.width)]]


def _recovered(outcome: Outcome, speaker: Speaker) -> list[str]:
    lines = recovered(outcome, speaker)
    return ["", *lines] if lines else []


def _checks(outcome: Outcome, speaker: Speaker) -> list[str]:
    """How many checks hold, those that do not, and the misprints that the rules name."""
    if not outcome.checks:
        return []
    good = sum(one.holds for one in outcome.checks)
    counts = {"good": Exact(good), "all": Exact(len(outcome.checks))}
    text = speaker.say("verify.checks", **counts)
    lines = ["", f"{text} {speaker.mark(good == len(outcome.checks))}"]
    for one in outcome.checks:
        if not one.holds:
            lines += listed([(speaker.mark(False), check_text(outcome, one))], speaker.width)
        elif one.check.printed is not None:
            text = speaker.say("verify.misprint", check=check_text(outcome, one))
            lines += listed([(text,)], speaker.width)
    return lines
