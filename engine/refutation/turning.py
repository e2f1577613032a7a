"""Finds the figure at which a line begins to pay less: a limit that only the formulas know of."""

from collections.abc import Iterator

from engine.evaluate import Result
from engine.refutation.trial import Bench, Draft, Trial

Line = tuple[str, int]

# How many lines of one trial are followed.
MAX_LINES = 2


def turnings(bench: Bench, trial: Trial, name: str, place: int) -> Iterator[Trial]:
    """Two figures next to each other, for each line that pays the recipient less of the larger.

    Halves what lies between the two figures of the trial, where the line loses the most.

    Args:
        bench: where it is tried.
        trial: one figure, and the same made larger.
        name: the statistic.
        place: which of its figures.
    """
    recipient = place % bench.rooms[name].length
    first = bench.result(trial.first)
    then = None if trial.then is None else bench.result(trial.then)
    if first is None or then is None:
        return
    before, after = _paid(first, recipient), _paid(then, recipient)
    losses = {line: one - after.get(line, 0) for line, one in before.items()}
    worst = sorted((line for line in losses if losses[line] > 0), key=lambda line: -losses[line])
    for line in worst[:MAX_LINES]:
        found = _halved(bench, trial, name, place, line)
        if found is not None:
            yield found


def _halved(bench: Bench, trial: Trial, name: str, place: int, line: Line) -> Trial | None:
    assert trial.then is not None
    room = bench.rooms[name]
    low, high = trial.first, trial.then
    while True:
        start, end = low.figures[name][place], high.figures[name][place]
        middle = room.fit((start + end) / 2)
        if not start < middle < end:
            return Trial(low, high)
        between = low.having_one(name, place, middle)
        paid = [_of_line(bench, one, place % room.length, line) for one in (low, between, high)]
        one, other, third = paid
        if one is None or other is None or third is None:
            return None
        low, high = (low, between) if one - other >= other - third else (between, high)


def _of_line(bench: Bench, draft: Draft, recipient: int, line: Line) -> int | None:
    result = bench.result(draft)
    return None if result is None else _paid(result, recipient).get(line, 0)


def _paid(result: Result, recipient: int) -> dict[Line, int]:
    """What each line pays a recipient."""
    found: dict[Line, int] = {}
    for one in result.ledger.movements:
        if one.register is not None and not one.is_item and recipient < len(one.amounts):
            line = one.source, one.line
            found[line] = found.get(line, 0) + one.amounts[recipient]
    return found
