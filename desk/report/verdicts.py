"""How published tables compare with a run: column by column, and every cell that differs."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from desk.figures import Form, form_of
from desk.report.header import MARK, recovered, rounding_text
from desk.report.proofs import check_text, checks_count
from desk.speaker import Speaker
from desk.text_table import Grid, broken_text, listed
from dsl.findings import Exact, Kronor, Phrase, Value
from engine.comparison.alternatives import Alternative
from engine.comparison.verify import ColumnVerdict, Difference
from engine.outcome import Outcome

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
    lines += [*_recovered(outcome, speaker), *_checks(outcome, speaker)]
    lines += _adopted(outcome, speaker)
    if tried:
        lines += [
            "",
            *broken_text(_verdict(outcome, [one for one, _ in tried], speaker), speaker.width),
        ]
    return "\n".join(lines)


def _adopted(outcome: Outcome, speaker: Speaker) -> list[str]:
    """That an adopted ruleset still gives the kronor that it gave then."""
    lock = outcome.lock
    if lock is None:
        return []
    same = all(one.code != "F711" for one in outcome.findings)
    key = "status.same_kronor" if same else "status.other_kronor"
    text = speaker.say(key, day=lock.adopted.isoformat(), engine=lock.engine)
    return ["", f"{speaker.mark(same)} {text}"]


def summary(outcome: Outcome, verdicts: Iterable[ColumnVerdict], speaker: Speaker) -> str:
    """One line for one ruleset among several."""
    assert outcome.program is not None
    verdicts = tuple(verdicts)
    text = _said(outcome, verdicts, speaker)
    text = speaker.say("verify.summary", ruleset=outcome.program.name, verdict=text)
    marked = f"{speaker.mark(all(one.agrees for one in verdicts))} {text}"
    return "\n  ".join(broken_text(marked, speaker.width - 2))


def _verdict(outcome: Outcome, verdicts: Sequence[ColumnVerdict], speaker: Speaker) -> str:
    """The whole comparison in a sentence, after its mark."""
    text = _said(outcome, verdicts, speaker)
    mark = speaker.mark(all(one.agrees for one in verdicts))
    return f"{mark} {text[:1].upper()}{text[1:]}."


def _said(outcome: Outcome, verdicts: Sequence[ColumnVerdict], speaker: Speaker) -> str:
    """How many rows and columns differ, by how much, and whether a remark says why."""
    if not verdicts:
        return speaker.say("verify.no_tables").rstrip(".")
    differing = [one for one in verdicts if not one.agrees]
    if not differing:
        columns = _counted("column", len(verdicts))
        return speaker.say("verify.all_equal", columns=columns)
    parts = [_differing(differing, speaker)]
    if len(differing) < len(verdicts):
        parts.append(speaker.say("verify.others_equal"))
    tables = {one.table for one in differing}
    if any(view.remarks for view in outcome.tables if view.title in tables):
        parts.append(speaker.say("verify.explained"))
    return "; ".join(parts)


def _differing(verdicts: Sequence[ColumnVerdict], speaker: Speaker) -> str:
    """In how many rows and columns there are differences, and how large they are in kronor."""
    found = [(one.table, cell) for one in verdicts for cell in one.differences]
    columns = _counted("column", len(verdicts))
    if not found:
        return speaker.say("verify.totals_differ", columns=columns)
    rows = _counted("row", len({(table, cell.recipient) for table, cell in found}))
    if any(not one.column.unit.is_money or one.column.display for one in verdicts):
        return speaker.say("verify.rows_differ", rows=rows, columns=columns)
    sizes = [abs(cell.difference) for _, cell in found]
    low, high = min(sizes), max(sizes)
    limits = {"low": Exact(low), "high": Exact(high)}
    amounts: Value = Kronor(low) if low == high else Phrase("verify.between", limits)
    return speaker.say("verify.rows_differ_by", rows=rows, amounts=amounts, columns=columns)


def _counted(thing: str, count: int) -> Phrase:
    """So many rows or columns."""
    return Phrase(f"verify.{thing}_{'one' if count == 1 else 'many'}", {"count": Exact(count)})


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
    good = all(one.holds for one in outcome.checks)
    lines = ["", f"{checks_count(outcome, speaker)} {speaker.mark(good)}"]
    for one in outcome.checks:
        if not one.holds:
            lines += listed([(speaker.mark(False), check_text(outcome, one))], speaker.width)
        elif one.check.printed is not None:
            text = speaker.say("verify.misprint", check=check_text(outcome, one))
            lines += listed([(text,)], speaker.width)
    return lines
