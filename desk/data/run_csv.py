"""A run as CSV: one row for each pot and recipient."""

from collections.abc import Iterator

from desk.data.csv_rows import Cell, as_csv
from desk.report.proofs import shared_lines
from desk.speaker import Speaker
from dsl.printer import Printer
from engine.evaluate import Result
from fractions import Fraction

_COLUMNS = ("pot", "recipient", "name", "amount", "rounding")


def run_csv(result: Result, speaker: Speaker) -> str:
    """The amounts in kronor, with the rounding of the pot they come from."""
    header = [speaker.say(f"csv.{column}") for column in _COLUMNS]
    return as_csv(header, _rows(result, speaker))


def _rows(result: Result, speaker: Speaker) -> Iterator[list[Cell]]:
    base, printer = result.program.base, Printer(speaker.language)
    roundings: dict[str, list[str]] = {}
    for line in shared_lines(result):
        roundings.setdefault(line.pot, []).append(printer.rounding(line.reason.rounding))
    for pot in result.program.pots:
        name = pot.name.text
        rounding = "; ".join(dict.fromkeys(roundings.get(name, [])))
        amounts = result.ledger.of_pot(name) or ()
        recipients = result.program.register_of(pot).recipients
        for one, amount in zip(recipients, amounts, strict=False):
            yield [name, one.code, one.name, Fraction(amount, base), rounding]
