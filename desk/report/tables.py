"""A ruleset's tables as text: numbers to the right, grouped, with a row of totals."""

from fractions import Fraction

from desk.figures import form_of
from desk.report.header import MARK
from desk.speaker import Speaker
from desk.text_table import Grid, broken_text
from engine.outcome import Outcome
from engine.tabulate import TableColumn, TableView


def tables(outcome: Outcome, speaker: Speaker) -> list[str]:
    """Every table of a ruleset with its remarks."""
    lines: list[str] = []
    for view in outcome.tables:
        lines += ["", speaker.paint(view.title, "title"), ""]
        lines += grid(outcome, view, speaker).lines(speaker.width)
        for remark in view.remarks:
            lines += broken_text(speaker.say("run.remark", text=remark), speaker.width)
    return lines


def grid(outcome: Outcome, view: TableView, speaker: Speaker) -> Grid:
    """One table."""
    recovered = frozenset(outcome.recovered)
    columns = [_cells(column, speaker) for column in view.columns]
    recipients = view.register.recipients
    return Grid(
        headings=(
            "",
            speaker.say(f"table.{view.register.noun}"),
            *(_heading(column, recovered, speaker) for column in view.columns),
        ),
        rows=tuple(
            (one.code, one.name, *(cells[n] for cells in columns))
            for n, one in enumerate(recipients)
        ),
        total=("", speaker.say("table.total"), *(_total(one, speaker) for one in view.columns)),
        left=2,
    )


def _heading(column: TableColumn, recovered: frozenset[str], speaker: Speaker) -> str:
    heading = column.heading or speaker.say("table.all")
    return f"{heading} {MARK}" if column.statistics & recovered else heading


def _cells(column: TableColumn, speaker: Speaker) -> list[str]:
    form = form_of(column, speaker.language)
    return [form.write(value) for value in column.cells]


def _total(column: TableColumn, speaker: Speaker) -> str:
    total: Fraction = column.total
    return form_of(column, speaker.language).write(total) if column.adds_up else ""
