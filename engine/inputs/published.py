"""Reads tables as they were published: every cell with its decimals, for comparison."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from attrs import frozen

from dsl.findings import Exact, Finding, Percent, errors, finding
from dsl.registers import Register
from dsl.source import Span
from dsl.syntax import Facit
from engine.inputs.files import Files
from engine.registers.matching import Roster, Row, match_rows, unknown
from engine.tables import load
from engine.tables.columns import free_columns
from engine.tables.numbers import Number, digits_not_shown, is_blank, read_number
from engine.tables.sheet import Cell, Sheet, capped


@frozen
class PublishedCell:
    """A published number.

    Attributes:
        value: exactly as printed; 23,3 % is 233/1000.
        decimals: how many decimals are printed (of the percentage, when in percent).
        percent: whether it is printed in percent.
        span: its place.
    """

    value: Fraction
    decimals: int
    percent: bool
    span: Span


@frozen
class PublishedColumn:
    """A column of a published table.

    Attributes:
        heading: as printed.
        span: the heading's place.
        cells: one per recipient in the register's order; None where the table has no number.
        total: what a total row has in this column.
    """

    heading: str
    span: Span
    cells: tuple[PublishedCell | None, ...]
    total: PublishedCell | None


@frozen
class Published:
    """A table as it was published.

    Attributes:
        file: the file's name as a message gives it.
        sha256: fingerprint of the file's bytes, in hexadecimal.
        register: the recipients.
        columns: the columns of numbers, in the table's order.
        order: the recipients' positions in the register, in the table's order.
    """

    file: str
    sha256: str
    register: Register
    columns: tuple[PublishedColumn, ...]
    order: tuple[int, ...]


@frozen
class PublishedList:
    """A published list: its headings and rows of texts, as they stand."""

    file: str
    sha256: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def read_published(
    facit: Facit, register: Register, files: Files
) -> tuple[Published | None, tuple[Finding, ...]]:
    """Read a published table. Recipients may be missing from it; unknown ones may not be in it."""
    sheet, found = load(facit.path, facit.span, files)
    if sheet is None:
        return None, found
    roster = match_rows(sheet, register)
    if isinstance(roster, Finding):
        return None, capped((*found, roster), sheet.file)
    read = [_column(sheet, place, roster) for place in _columns_of_numbers(sheet, roster)]
    nothing = () if read else (finding("F334", sheet.start, key="here", file=sheet.file),)
    strangers = (unknown(row, register) for row in roster.having("unknown"))
    faults = (fault for column in read for fault in (*column.faults, *_notes(column)))
    found = capped((*found, *roster.findings, *strangers, *nothing, *faults), sheet.file)
    if errors(found):
        return None, found
    columns = tuple(_published(column, register) for column in read)
    order = tuple(row.position for row in roster.having("placed"))
    return Published(sheet.file, sheet.sha256, register, columns, order), found


def read_listing(
    path: str, span: Span, files: Files
) -> tuple[PublishedList | None, tuple[Finding, ...]]:
    """Read a published list; the span is the line of the rules that names it."""
    sheet, found = load(path, span, files)
    if sheet is None or errors(found):
        return None, capped(found, files.shown(path))
    header = tuple(cell.text for cell in sheet.header)
    rows = tuple(tuple(cell.text for cell in row) for row in sheet.rows)
    return PublishedList(sheet.file, sheet.sha256, header, rows), found


@frozen
class _Entry:
    """A row's cell in one column, and the number that it has."""

    row: Row
    cell: Cell
    content: Number


@frozen
class _Column:
    """A column: its heading, its numbers, and what is wrong with its other cells."""

    heading: Cell
    numbers: tuple[_Entry, ...]
    faults: tuple[Finding, ...]


def _columns_of_numbers(sheet: Sheet, roster: Roster) -> Iterator[int]:
    """The columns that have a number anywhere; remarks in words are left out."""
    for place in free_columns(sheet, roster.keys):
        if any(isinstance(read_number(row[place]), Number) for row in sheet.rows):
            yield place


def _column(sheet: Sheet, place: int, roster: Roster) -> _Column:
    cells = [(row, row.cells[place]) for row in roster.rows]
    read = [(row, cell, read_number(cell)) for row, cell in cells if not is_blank(cell)]
    numbers = (_Entry(row, cell, one) for row, cell, one in read if isinstance(one, Number))
    faults = tuple(one for _, _, one in read if isinstance(one, Finding))
    return _Column(sheet.header[place], tuple(numbers), faults)


def _published(column: _Column, register: Register) -> PublishedColumn:
    placed = {one.row.position: one for one in column.numbers if one.row.standing == "placed"}
    totals = [one for one in column.numbers if one.row.standing == "total"]
    return PublishedColumn(
        heading=column.heading.text,
        span=column.heading.span,
        cells=tuple(_cell(placed.get(place)) for place in range(len(register))),
        total=_cell(totals[-1] if totals else None),
    )


def _cell(entry: _Entry | None) -> PublishedCell | None:
    """What the reader of the table sees, which in a workbook may be a rounded number."""
    if entry is None:
        return None
    number = entry.content
    return PublishedCell(number.shown, number.decimals, number.percent, entry.cell.span)


def _notes(column: _Column) -> Iterator[Finding]:
    yield from digits_not_shown("N305", [(one.cell, one.content) for one in column.numbers])
    for one in column.numbers:
        if one.row.standing == "total":
            yield from _total_faults(column, one)


def _total_faults(column: _Column, total: _Entry) -> Iterator[Finding]:
    """A printed total that the printed rows do not give, beyond what their rounding explains."""
    asserted = total.content
    rows = [one.content for one in column.numbers if one.row.standing != "total"]
    calculated = sum((row.shown for row in rows), Fraction(0))
    difference = abs(asserted.shown - calculated)
    if not rows or difference <= _leeway([asserted, *rows]):
        return
    kind = Percent if asserted.percent else Exact
    yield finding(
        "N304",
        total.cell.span,
        key="here",
        heading=column.heading.text,
        asserted=kind(asserted.shown),
        calculated=kind(calculated),
        difference=kind(difference),
    )


def _leeway(numbers: Sequence[Number]) -> Fraction:
    """By how much printed decimals may miss their printed sum; whole numbers must not."""
    unrounded = [one for one in numbers if one.decimals or one.percent]
    steps = (10 ** (one.decimals + (2 if one.percent else 0)) for one in unrounded)
    return sum((Fraction(1, 2 * step) for step in steps), Fraction(0))
