"""Tells the numbers of a table apart where only blanks stand between them, and within them.

By their groups of three digits, by rows that add up, by a last row that is the sum of the others,
or by gaps: two blanks or more.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from dsl.numbers import BLANKS
from engine.audit.budget import Budget

# So many ways of telling numbers apart on one line are tried; a line of sense has few.
MAX_SPLITS = 5_000

# Groups of digits on a line: each is a step deeper in the search.
MAX_GROUPS = 200

# So many rows are looked at for readings that come to the printed sums.
MAX_SUMS = 50_000

_GROUPED = rf"[-−]?(?:[0-9]+|[0-9]{{1,3}}(?:[{BLANKS}][0-9]{{3}})+)"


def numbers_of(rows: Sequence[str], budget: Budget) -> list[tuple[str, ...]] | None:
    """The numbers of every row, equally many; None when it cannot be told which they are.

    Args:
        rows: what stands after the names, digits and blanks.
        budget: how many readings may be tried.
    """
    return _by_groups(rows, budget) or _by_gaps(rows)


def _by_groups(rows: Sequence[str], budget: Budget) -> list[tuple[str, ...]] | None:
    splits = [_splits(row, budget) for row in rows]
    if budget.spent or not all(splits):
        return None
    counts = set.intersection(*({len(one) for one in row} for row in splits))
    for count in sorted(counts, reverse=True):
        fitting = [[one for one in row if len(one) == count] for row in splits]
        if all(len(row) == 1 for row in fitting) and len(counts) == 1:
            return [row[0] for row in fitting]
        adding = [[one for one in row if _adds_up(one)] for row in fitting]
        if count > 2 and all(len(row) == 1 for row in adding):  # noqa: PLR2004 - parts and sum
            return [row[0] for row in adding]
    # Columns, of which some numbers could be two, but only in one way with the last row as sum.
    found = [
        reading
        for count in sorted(counts)
        for reading in _summing([[one for one in row if len(one) == count] for row in splits])
    ]
    return found[0] if len(found) == 1 else None


def _by_gaps(rows: Sequence[str]) -> list[tuple[str, ...]] | None:
    """The numbers of every row where two blanks or more stand between them, equally many.

    Only where the groups of digits do not tell: some texts have such gaps within numbers.
    """
    parted = [tuple(re.split(rf"[{BLANKS}]{{2,}}", row.strip())) for row in rows]
    count = len(parted[0])
    whole = all(re.fullmatch(_GROUPED, text) for row in parted for text in row)
    return parted if count > 1 and whole and {len(row) for row in parted} == {count} else None


def _summing(rows: Sequence[Sequence[tuple[str, ...]]]) -> list[list[tuple[str, ...]]]:
    """The readings in which the last row has the sums of the others: two are enough to know."""
    *parts, totals = ([(one, _whole(one)) for one in row] for row in rows)
    # The rows that may be read in most ways first, so that what cannot be is soon seen.
    order = sorted(range(len(parts)), key=lambda row: -len(parts[row]))
    search = _Sums([parts[row] for row in order])
    found = []
    for text, total in totals:
        for reading in search.readings(0, total):
            placed = dict(zip(order, reading, strict=True))
            found.append([*(placed[row] for row in range(len(parts))), text])
            if len(found) > 1:
                return found
    # What was not looked at may be another reading.
    return [] if search.budget.spent else found


def _whole(texts: Sequence[str]) -> tuple[int, ...]:
    return tuple(int(re.sub(r"\D", "", text)) * (-1 if text[0] in "-−" else 1) for text in texts)


class _Sums:
    """Looks for readings of rows whose columns come to given sums."""

    def __init__(self, rows: Sequence[Sequence[tuple[tuple[str, ...], tuple[int, ...]]]]) -> None:
        self.rows = rows
        self.budget = Budget(MAX_SUMS)
        width = len(rows[0][0][1]) if rows else 0
        columns = range(width)
        self.least, self.most = [(0,) * width], [(0,) * width]
        for row in reversed(rows):
            low = [min(whole[at] for _, whole in row) for at in columns]
            high = [max(whole[at] for _, whole in row) for at in columns]
            self.least.append(tuple(map(sum, zip(self.least[-1], low, strict=True))))
            self.most.append(tuple(map(sum, zip(self.most[-1], high, strict=True))))

    def readings(self, at: int, left: tuple[int, ...]) -> Iterator[tuple[tuple[str, ...], ...]]:
        """The ways in which the rows from one on come to what is left."""
        least, most = self.least[len(self.rows) - at], self.most[len(self.rows) - at]
        ranges = zip(least, left, most, strict=True)
        if not self.budget.take() or not all(low <= sum_ <= high for low, sum_, high in ranges):
            return
        if at == len(self.rows):
            yield ()
            return
        for text, whole in self.rows[at]:
            rest = tuple(one - other for one, other in zip(left, whole, strict=True))
            for others in self.readings(at + 1, rest):
                yield (text, *others)


def _adds_up(texts: tuple[str, ...]) -> bool:
    *parts, total = (int(re.sub(r"\D", "", text)) for text in texts)
    return sum(parts) == total


def _splits(text: str, budget: Budget) -> list[tuple[str, ...]]:
    """The ways of reading groups of digits as numbers, the fewest numbers first."""
    groups = text.split()
    found = (
        []
        if budget.spent or len(groups) > MAX_GROUPS
        else list(islice(_readings(groups), MAX_SPLITS))
    )
    budget.take(len(found))
    return sorted((tuple(" ".join(one) for one in reading) for reading in found), key=len)


def _readings(groups: Sequence[str]) -> Iterator[tuple[tuple[str, ...], ...]]:
    if not groups:
        yield ()
        return
    end = 1
    if groups[0].startswith("0") and groups[0] != "0":
        return
    while True:
        for rest in _readings(groups[end:]):
            yield (tuple(groups[:end]), *rest)
        first = groups[0].lstrip("-−")
        grouped = len(first) <= 3 and first[0] != "0"  # noqa: PLR2004 - a group of digits
        if not grouped or end >= len(groups) or not re.fullmatch("[0-9]{3}", groups[end]):
            return
        end += 1
