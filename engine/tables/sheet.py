"""A table as it stands in a file: heading cells, rows of cells, and the place of every one."""

import unicodedata
from collections.abc import Sequence
from fractions import Fraction
from itertools import chain
from typing import Literal

from attrs import evolve, frozen

from dsl.findings import Finding, Phrase, Value, finding
from dsl.source import Span

# Limits against hostile or mistaken files; the largest real register has 290 recipients.
MAX_ROWS = 100_000
MAX_COLUMNS = 500
MAX_CELLS = 500_000
MAX_CELL_LENGTH = 2_000

# As many as a reader will mend before reading the file again.
MAX_FINDINGS = 20

Obstacle = Literal["", "told", "date", "truth", "error", "formula", "inexact"]


@frozen
class Stored:
    """A number as a workbook keeps it, and as its number format shows it.

    Attributes:
        value: exactly what is kept (of one, when percent).
        shown: what a reader of the workbook sees, in the same terms.
        decimals: how many decimals the reader sees.
        percent: whether it is shown in percent.
    """

    value: Fraction
    shown: Fraction
    decimals: int
    percent: bool = False


@frozen
class Cell:
    """One cell.

    Attributes:
        text: as a reader sees it, without margins.
        span: its place.
        stored: the number that a workbook keeps in it.
        obstacle: why it cannot serve as a number; ``told`` when a finding has said so already.
    """

    text: str
    span: Span
    stored: Stored | None = None
    obstacle: Obstacle = ""


@frozen
class Sheet:
    """A table.

    Attributes:
        file: the file's name as a message gives it.
        sha256: fingerprint of the file's bytes, in hexadecimal.
        header: the heading cells.
        rows: the other rows, each as long as the header; blank lines and comments are left out.
    """

    file: str
    sha256: str
    header: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]

    @property
    def start(self) -> Span:
        """The place that stands for the whole table."""
        return self.header[0].span.cover(self.header[-1].span)


Grid = Sequence[Sequence[Cell]]


def is_comment(row: Sequence[Cell]) -> bool:
    """Whether a row is a comment: what stands first in it opens with ``#``."""
    return next((cell.text for cell in row if cell.text), "").startswith("#")


def too_large(file: str, span: Span, key: str, limit: int) -> Finding:
    """The finding for a file beyond one of the limits above: ``data.rows`` and how many."""
    return finding("F324", span, key="here", file=file, limit=limit, things=Phrase(f"data.{key}"))


def build(
    file: str, sha256: str, grid: Grid, *, even: bool
) -> tuple[Sheet | None, tuple[Finding, ...]]:
    """Make a table of the rows of a file; the first is the header.

    Args:
        file: the file's name as a message gives it.
        sha256: its fingerprint.
        grid: its rows, without comments.
        even: whether every row must have all its cells, as in text, where a cell too few means
            a lost delimiter.
    """
    rows = [row for row in grid if any(cell.text for cell in row)]
    if len(rows) < 2:  # noqa: PLR2004 - a header and something below it
        span = rows[0][0].span if rows else Span(file, 1, 1, 1)
        return None, (finding("F329", span, key="here", file=file),)
    if _filled(rows[0]) == 1 and _width(rows[0]) < _width(rows[1]):
        cell = next(cell for cell in rows[0] if cell.text)
        return None, (finding("F319", cell.span, key="title", file=file, text=cell.text),)
    width = _width(rows[0])
    header, *below = [_fitted(row, width, even=even) for row in rows]
    kept = [column for column in range(width) if _is_used(column, header.cells, below)]
    if not kept:  # nothing in it is seen
        return None, (finding("F329", rows[0][0].span, key="here", file=file),)
    sheet = Sheet(
        file,
        sha256,
        tuple(_heading(header.cells[column]) for column in kept),
        tuple(tuple(row.cells[column] for column in kept) for row in below),
    )
    return sheet, tuple(chain(header.findings, *(row.findings for row in below)))


def capped(findings: Sequence[Finding], file: str) -> tuple[Finding, ...]:
    """The findings in the order of their places; of many errors only how many more there are."""
    ordered = sorted(findings, key=lambda one: (one.span.file == file, *_place(one.span)))
    faults = [one for one in ordered if one.severity == "error"]
    kept, more = faults[:MAX_FINDINGS], faults[MAX_FINDINGS:]
    if more:
        kept.append(finding("F320", more[0].span, key="here", file=file, count=len(more)))
    return (*kept, *(one for one in ordered if one.severity == "note"))


def _place(span: Span) -> tuple[int, int]:
    return span.line, span.column


def _filled(row: Sequence[Cell]) -> int:
    return sum(1 for cell in row if cell.text)


def _width(row: Sequence[Cell]) -> int:
    """How many cells the row has up to the last that is not blank."""
    return max((place for place, cell in enumerate(row, 1) if cell.text), default=0)


@frozen
class _Row:
    cells: tuple[Cell, ...]
    findings: tuple[Finding, ...]


def _fitted(row: Sequence[Cell], width: int, *, even: bool) -> _Row:
    """The row as long as the header, its hidden characters removed, and what was wrong with it."""
    cells, found = [], []
    for cell in row[:width]:
        odd = _hidden_character(cell)
        cells.append(_cleaned(cell) if odd else cell)
        found += [finding("F316", cell.span, key="here", character=odd)] if odd else []
    count = max(_width(row), min(len(row), width))
    if count > width or (even and count < width):
        found.append(_uneven(row, count, width))
        # Which cell is under which heading is anyone's guess now.
        cells = [evolve(cell, obstacle="told") for cell in cells]
    lacking = range(1, width - len(cells) + 1)
    filled = (Cell("", _after(row[-1].span, n), obstacle="told" if even else "") for n in lacking)
    return _Row((*cells, *filled), tuple(found))


def _uneven(row: Sequence[Cell], count: int, width: int) -> Finding:
    """The finding for a row with more or fewer cells than the header."""
    facts: dict[str, Value] = {"count": count, "expected": width}
    extra = next((cell for cell in row[width:] if cell.text), None)
    if extra is not None and extra.span.cell:  # in a workbook no delimiter can be mistaken
        return finding("F315", extra.span, key="extra", text=extra.text, **facts)
    return finding("F315", _whole(row), key="here", columns=width, quoted='"23,5"', **facts)


def _whole(row: Sequence[Cell]) -> Span:
    first, last = row[0].span, row[-1].span
    return first if first.cell or first.line != last.line else first.cover(last)


def _after(span: Span, steps: int) -> Span:
    """The place of a cell that a row lacks: so many cells after its last in a workbook."""
    if not span.cell:
        return evolve(span, column=span.end, end=span.end + 1)
    column = span.column + steps
    cell = f"{span.cell.rpartition('!')[0]}!{cell_name(span.line, column)}"
    return evolve(span, column=column, end=column + 1, cell=cell)


def cell_name(row: int, column: int) -> str:
    """What a workbook calls a cell: ``C9``."""
    letters = ""
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row}"


def _hidden_character(cell: Cell) -> str:
    if cell.text.isprintable():
        return ""
    return next((f"U+{ord(char):04X}" for char in cell.text if _is_hidden(char)), "")


def _is_hidden(char: str) -> bool:
    # Control and formatting characters make two names that look alike differ.
    return char != "\t" and unicodedata.category(char) in {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}


def _cleaned(cell: Cell) -> Cell:
    return evolve(cell, text="".join(char for char in cell.text if not _is_hidden(char)))


def _is_used(column: int, header: Sequence[Cell], rows: Sequence[_Row]) -> bool:
    return bool(header[column].text) or any(row.cells[column].text for row in rows)


def _heading(cell: Cell) -> Cell:
    return evolve(cell, text=" ".join(cell.text.split()))
