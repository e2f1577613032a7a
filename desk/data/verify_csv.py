"""A comparison with published tables as CSV: one row for each cell that differs."""

from collections.abc import Iterable, Iterator

from desk.data.csv_rows import Cell, as_csv
from desk.report.verdicts import Tried
from desk.speaker import Speaker
from engine.comparison.verify import Difference
from engine.outcome import Outcome

_COLUMNS = (
    "ruleset", "table", "column", "recipient", "name", "asserted", "calculated", "difference",
)  # fmt: skip


def verify_csv(compared: Iterable[tuple[Outcome, Iterable[Tried]]], speaker: Speaker) -> str:
    """The cells and totals that differ, of one or several rulesets."""
    header = [speaker.say(f"csv.{column}") for column in _COLUMNS]
    return as_csv(header, _rows(compared, speaker))


def _rows(
    compared: Iterable[tuple[Outcome, Iterable[Tried]]], speaker: Speaker
) -> Iterator[list[Cell]]:
    for outcome, tried in compared:
        assert outcome.program is not None
        for verdict, _ in tried:
            total = [verdict.total] if verdict.total else []
            for one in (*verdict.differences, *total):
                about = [outcome.program.name, verdict.table, verdict.heading]
                yield [*about, *_cells(one, speaker)]


def _cells(one: Difference, speaker: Speaker) -> list[Cell]:
    code = one.recipient.code if one.recipient else ""
    name = one.recipient.name if one.recipient else speaker.say("table.total")
    return [code, name, one.asserted, one.calculated, one.difference]
