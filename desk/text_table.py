"""Lays texts out in aligned columns for a fixed-width font."""

import re
from collections.abc import Container, Iterator, Sequence
from functools import cached_property
from itertools import zip_longest
from textwrap import wrap

from attrs import frozen
from click import unstyle

from dsl.numbers import NO_BREAK

GAP = 2

# A heading longer than this stands on several lines even where there is room.
_LONG_HEADING = 18
_MOST_LINES = 8

# However wide what stands before it is, the last column gets so much.
_LEAST = 30

# An amount stays on one line: the blanks between its groups of three, and before its unit.
_WITHIN_A_NUMBER = re.compile(r"(?<=\d) (?=\d{3}(?!\d)|kr\b|%)")


@frozen(slots=False)
class Grid:
    """A table: columns of text to the left, columns of numbers to the right.

    Attributes:
        headings: one per column.
        rows: the rows, each with a cell per column.
        total: the last row, below a line, if there is one.
        left: how many columns, from the first, are aligned to the left.
    """

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, ...] | None = None
    left: int = 1

    def lines(self, width: int) -> Iterator[str]:
        """The table's lines, if at all possible no longer than this."""
        broken = self._headings(width)
        headings = [max(map(length, lines), default=0) for lines in broken]
        widths = [max(pair) for pair in zip(headings, self._cell_widths, strict=True)]
        rule = "─" * (sum(widths) + GAP * (len(widths) - 1))
        for line in _bottomed(broken):
            yield self._line(line, widths)
        yield rule
        for row in self.rows:
            yield self._line(row, widths)
        if self.total:
            yield from [rule] if self.rows else []
            yield self._line(self.total, widths)

    def body(self) -> Iterator[str]:
        """The rows alone."""
        for row in self.rows:
            yield self._line(row, self._cell_widths)

    @cached_property
    def _cell_widths(self) -> list[int]:
        body = [*self.rows, *([self.total] if self.total else [])]
        return [max(map(length, cells)) for cells in zip(*body, strict=True)]

    def _headings(self, width: int) -> list[list[str]]:
        """Each heading on as few lines as let the table keep within the width."""
        cells = self._cell_widths
        broken: list[list[str]] = []
        for most in range(1, _MOST_LINES + 1):
            pairs = zip(self.headings, cells, strict=True)
            broken = [_broken(heading, least, most) for heading, least in pairs]
            widest = [max(map(len, lines), default=0) for lines in broken]
            table = sum(map(max, widest, cells)) + GAP * (len(cells) - 1)
            if table <= width and max(widest, default=0) <= max(_LONG_HEADING, *cells):
                break
        return broken

    def _line(self, cells: Sequence[str], widths: Sequence[int]) -> str:
        padded = (
            _padded(cell, width, right=place >= self.left)
            for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
        )
        return (" " * GAP).join(padded).rstrip()


def listed(
    rows: Sequence[Sequence[str]],
    width: int,
    indent: int = 2,
    breaking: int = -1,
    right: Container[int] = (),
) -> list[str]:
    """Rows of texts in columns.

    Args:
        rows: the rows; those with fewer cells than others are filled up.
        width: how long a line may be.
        indent: how far in the lines begin.
        breaking: the column whose texts are broken where they must be; the last, if not said.
        right: the columns that are aligned to the right.
    """
    columns = max(map(len, rows), default=0)
    if columns == 0:
        return []
    full = [[*row, *[""] * (columns - len(row))] for row in rows]
    widths = [max(map(length, cells)) for cells in zip(*full, strict=True)]
    others = sum(widths) - widths[breaking] + GAP * (columns - 1) + indent
    widths[breaking] = min(widths[breaking], max(width - others, _LEAST))
    lines = []
    for row in full:
        broken = [[cell] for cell in row]
        broken[breaking] = broken_text(row[breaking], widths[breaking])
        for cells in zip_longest(*broken, fillvalue=""):
            padded = (
                _padded(cell, widths[place], right=place in right)
                for place, cell in enumerate(cells)
            )
            lines.append((" " * indent + (" " * GAP).join(padded)).rstrip())
    return lines


def explained(rows: Sequence[tuple[str, str]], width: int) -> list[str]:
    """Commands or options and what they do: beside each other, or below where that is too wide."""
    widest = max((length(first) for first, _ in rows), default=0)
    if widest <= width // 2:
        return listed(rows, width)
    return [line for first, then in rows for line in (f"  {first}", f"      {then}")]


def said_of(rows: Sequence[tuple[str, str]], width: int) -> list[str]:
    """Lines of the rules and what is said of them, beside each other or below; all of it broken."""
    widest = max((length(first) for first, _ in rows), default=0)
    if widest <= min(width // 2, width - _LEAST - 2 * GAP):
        return listed(rows, width)
    return [
        line
        for first, then in rows
        for line in (*listed([(first,)], width), *listed([(then,)], width, indent=6))
    ]


def broken_text(text: str, width: int) -> list[str]:
    """A text on lines of at most so many characters, broken at blanks only."""
    if length(text) <= width:
        return [text]
    whole = _WITHIN_A_NUMBER.sub(NO_BREAK, text)
    return wrap(whole, width, break_long_words=False, break_on_hyphens=False)


def length(text: str) -> int:
    """How many characters a reader sees."""
    return len(unstyle(text)) if "\x1b" in text else len(text)


def _padded(text: str, width: int, *, right: bool = False) -> str:
    blanks = " " * (width - length(text))
    return blanks + text if right else text + blanks


def _broken(heading: str, least: int, most: int) -> list[str]:
    """A heading on at most so many lines, as narrow as that allows and a cell is wide."""
    words = heading.split(" ")
    for width in range(max(least, *map(len, words)), len(heading) + 1):
        lines = broken_text(heading, width)
        if len(lines) <= most:
            return lines
    return [heading]


def _bottomed(headings: list[list[str]]) -> Iterator[list[str]]:
    """The lines of headings of different heights that stand on a common ground."""
    turned = zip_longest(*(reversed(lines) for lines in headings), fillvalue="")
    yield from reversed([list(line) for line in turned])
