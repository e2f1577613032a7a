"""A run as CSV: a row for each pot, or appropriation item, and whoever gets something of it."""

from collections.abc import Iterable, Iterator
from fractions import Fraction

from desk.data.csv_rows import Cell, as_csv
from desk.report.header import rounding_text
from desk.report.proofs import shared_lines
from desk.speaker import Speaker
from engine.evaluate import Result
from engine.ledger import Movement

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
        amounts = result.ledger.of_pot(name)
        if amounts is not None:
            recipients = result.program.register_of(pot).recipients
            for one, amount in zip(recipients, amounts, strict=True):
                yield [name, one.code, one.name, Fraction(amount, base), rounding]
        yield from _sent(result.ledger.by_source.get(name, ()), base)
    yield from _sent((one for one in result.ledger.movements if one.is_item), base)


def _sent(movements: Iterable[Movement], base: int) -> Iterator[list[Cell]]:
    """What goes to pots and to recipients outside the register, who have no code."""
    sums: dict[tuple[str, str], int] = {}
    for one in movements:
        if one.target is not None:
            key = one.source, one.target
            sums[key] = sums.get(key, 0) + one.total
    for (source, target), amount in sums.items():
        yield [source, "", target, Fraction(amount, base), ""]
