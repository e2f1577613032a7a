"""A run as CSV: one row for each pot and recipient."""

from collections.abc import Iterator
from fractions import Fraction

from desk.data.csv_rows import Cell, as_csv
from desk.report.header import rounding_text
from desk.report.proofs import shared_lines
from desk.speaker import Speaker
from engine.evaluate import Result

_COLUMNS = ("pot", "recipient", "name", "amount", "rounding")


def run_csv(result: Result, speaker: Speaker) -> str:
    """The amounts in kronor, with the rounding of the pot they come from."""
    header = [speaker.say(f"csv.{column}") for column in _COLUMNS]
    return as_csv(header, _rows(result, speaker))


def _rows(result: Result, speaker: Speaker) -> Iterator[list[Cell]]:
    base = result.program.base
    roundings: dict[str, list[str]] = {}
    for line in shared_lines(result):
        rounding = rounding_text(line.reason.rounding, speaker.language)
        roundings.setdefault(line.pot, []).append(rounding)
    for pot in result.program.pots:
        name = pot.name.text
        rounding = "; ".join(dict.fromkeys(roundings.get(name, [])))
        amounts = result.ledger.of_pot(name) or ()
        recipients = result.program.register_of(pot).recipients
        for one, amount in zip(recipients, amounts, strict=False):
            yield [name, one.code, one.name, Fraction(amount, base), rounding]
