"""Reads tables from Excel workbooks (XLSX), as exact numbers.

A workbook keeps numbers as binary floating point. Each becomes the shortest decimal that stands
for the same float, which is what was typed; nothing is calculated with floats.
"""

import datetime as dt
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from io import BytesIO
from itertools import pairwise
from math import isfinite
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

from attrs import field, frozen

from dsl.findings import Finding, Phrase, finding
from dsl.source import Span
from engine.tables.sheet import (
    MAX_CELL_LENGTH,
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_ROWS,
    Cell,
    Grid,
    Obstacle,
    Stored,
    cell_name,
    is_comment,
    too_large,
)

if TYPE_CHECKING:
    from openpyxl.workbook.workbook import Workbook

MAX_PARTS = 2_000
MAX_UNPACKED = 100_000_000

# Repetitive sheets shrink a hundredfold; what shrinks more is made to burst.
MAX_RATIO = 500
SMALL = 1_000_000

# Tags of all parts together: half a million cells with values and formulas.
MAX_TAGS = 4_000_000

# Tags of a part, or of one row of a sheet, that is held in memory as a whole; a row of Excel has
# 16 384 cells.
MAX_TAGS_AT_ONCE = 200_000

# Cells that are looked at, blank ones too: a cell in the last column makes its whole row cells.
MAX_LOOKED_AT = 10_000_000

# Beyond this a float no longer tells neighbouring integers apart.
MAX_INTEGER = 2**53

# Beyond this not even the digits tell a reader more than an exponent does.
MAX_WRITTEN = 10**24

# Rows of a sheet in Excel; a damaged file may claim any number.
MAX_SHEET_ROWS = 1_048_576

_FORMULA = re.compile(rb"<(?:\w+:)?f[ >/]")
_ENCODING = re.compile(rb"""[^>]{0,100}\bencoding\s*=\s*["']([^"']*)["']""")
_ENCODINGS = {b"utf-8", b"utf-16", b"us-ascii", b"ascii", b"iso-8859-1"}
_ROOT = re.compile(
    rb"""[^<]{0,9}(?:<\?xml[^>]*>\s*)?<(?:\w+:)?(worksheet|sst|pivotCacheRecords)[\s>]"""
)
_ROW = re.compile(rb"<(?:\w+:)?(?:row|si|r)[\s/>]")
_LITERALS = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_PLACEHOLDERS = re.compile(r"([0#?][0#?, \u00a0]*)(?:\.([0#?]*))?")


class _TooLarge(Exception):  # noqa: N818 - carries a finding to the one place that returns it
    def __init__(self, found: Finding) -> None:
        super().__init__(found.code)
        self.found = found


def read_workbook(file: str, data: bytes) -> tuple[Grid | None, tuple[Finding, ...]]:
    """The rows of the first sheet of a workbook that has anything in it, without comments."""
    start = Span(file, 1, 1, 2)
    try:
        with ZipFile(BytesIO(data)) as archive:
            if _is_unsafe(archive, len(data)):
                return None, (_broken(file, start, "unsafe"),)
            with_formulas = _has_formulas(archive)
        return _read(file, data, with_formulas=with_formulas)
    except _TooLarge as error:
        return None, (error.found,)
    except Exception:  # noqa: BLE001 - on a damaged workbook openpyxl raises almost anything
        return None, (_broken(file, start, "damaged"),)


def _broken(file: str, span: Span, why: str) -> Finding:
    return finding("F333", span, key="here", file=file, why=Phrase(f"data.{why}"))


def _is_unsafe(archive: ZipFile, size: int) -> bool:
    parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    bursting = unpacked > SMALL and unpacked > MAX_RATIO * size
    if len(parts) > MAX_PARTS or unpacked > MAX_UNPACKED or bursting:
        return True
    tags = 0
    for part in parts:
        if part.filename.lower().endswith((".xml", ".rels")):
            data = archive.read(part)
            tags += data.count(b"<")
            if tags > MAX_TAGS or _is_unsafe_part(data):
                return True
    return False


def _is_unsafe_part(data: bytes) -> bool:
    """Whether a part would take far more memory as a tree than it takes as text."""
    encoding = _ENCODING.match(data)
    if encoding and encoding[1].lower() not in _ENCODINGS:
        return True  # its tags cannot be counted
    if data.count(b"<") <= MAX_TAGS_AT_ONCE:
        return False
    root = _ROOT.match(data)
    # Only sheets and their texts are read row by row; a comment could look like a new row.
    if root is None or b"<!" in data:
        return True
    places = [match.start() for match in _ROW.finditer(data)]
    ends = pairwise([0, *places, len(data)])
    return any(data.count(b"<", start, end) > MAX_TAGS_AT_ONCE for start, end in ends)


def _has_formulas(archive: ZipFile) -> bool:
    sheets = [name for name in archive.namelist() if "worksheets/" in name]
    return any(_FORMULA.search(archive.read(name)) for name in sheets)


def _read(file: str, data: bytes, *, with_formulas: bool) -> tuple[Grid, tuple[Finding, ...]]:
    looking = _Looking(file)
    book = _opened(data, values=True)
    sheet, others = _chosen(book, looking)
    formulas = _formulas(data, sheet.title, looking) if with_formulas else {}
    reader = _Reader(file, sheet.title, formulas)
    rows = reader.read(looking.rows(sheet))
    if not others or not rows:
        return rows, ()
    note = finding("N302", rows[0][0].span, key="here", file=file, sheet=sheet.title, others=others)
    return rows, (note,)


def _opened(data: bytes, *, values: bool) -> "Workbook":
    from openpyxl import load_workbook

    with warnings.catch_warnings():  # about pictures and drop-down lists that it leaves out
        warnings.simplefilter("ignore")
        return load_workbook(BytesIO(data), read_only=True, data_only=values, keep_links=False)


def _chosen(book: "Workbook", looking: "_Looking") -> tuple[Any, tuple[str, ...]]:
    """The first sheet that has anything in it, and the titles of others that have."""
    shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    filled = [sheet for sheet in shown if any(map(_is_filled, looking.rows(sheet)))]
    first = (filled or shown or book.worksheets)[0]
    return first, tuple(sheet.title for sheet in filled if sheet is not first)


def _is_filled(row: Sequence[Any]) -> bool:
    return any(cell.value is not None for cell in row)


class _Looking:
    """Goes through the rows of a file's sheets, blank ones too, until they are too many."""

    def __init__(self, file: str) -> None:
        self._file, self._cells = file, 0

    def rows(self, sheet: Any) -> Iterator[Sequence[Any]]:
        # The size that a sheet claims is not to be trusted: rows beyond it would be left out.
        sheet.reset_dimensions()
        for number, row in enumerate(sheet.iter_rows(), 1):
            self._cells += len(row) or 1
            if number > MAX_SHEET_ROWS:
                raise _TooLarge(self._too_large(number, "rows", MAX_SHEET_ROWS))
            if self._cells > MAX_LOOKED_AT:
                raise _TooLarge(self._too_large(number, "cells", MAX_LOOKED_AT))
            yield row

    def _too_large(self, number: int, key: str, limit: int) -> Finding:
        return too_large(self._file, Span(self._file, number, 1, 2), key, limit)


def _formulas(data: bytes, title: str, looking: _Looking) -> dict[tuple[int, int], str]:
    """The formulas of a sheet by row and column."""
    sheet = _opened(data, values=False)[title]
    return {
        (cell.row, cell.column): str(getattr(cell.value, "text", cell.value))
        for row in looking.rows(sheet)
        for cell in row
        if cell.data_type == "f"
    }


@frozen
class _Reader:
    """Turns the cells of one sheet into ours."""

    file: str
    title: str
    formulas: dict[tuple[int, int], str] = field(repr=False)

    def read(self, rows: Iterable[Sequence[Any]]) -> list[Sequence[Cell]]:
        kept: list[Sequence[Cell]] = []
        cells = 0
        for number, raw in enumerate(rows, 1):
            row = self._row(number, raw)
            if not any(cell.text for cell in row) or is_comment(row):
                continue
            kept.append(row)
            cells += len(row)
            self._limit(row, len(kept), cells)
        return kept

    def _limit(self, row: Sequence[Cell], rows: int, cells: int) -> None:
        span = row[-1].span
        if rows > MAX_ROWS:
            raise _TooLarge(too_large(self.file, span, "rows", MAX_ROWS))
        if len(row) > MAX_COLUMNS:
            raise _TooLarge(too_large(self.file, span, "columns", MAX_COLUMNS))
        if cells > MAX_CELLS:
            raise _TooLarge(too_large(self.file, span, "cells", MAX_CELLS))
        for cell in row:
            if len(cell.text) > MAX_CELL_LENGTH:
                raise _TooLarge(too_large(self.file, cell.span, "characters", MAX_CELL_LENGTH))

    def _row(self, number: int, raw: Sequence[Any]) -> Sequence[Cell]:
        filled = [
            place
            for place, cell in enumerate(raw, 1)
            if cell.value is not None or (number, place) in self.formulas
        ]
        width = min(max(filled, default=0), MAX_COLUMNS + 1)
        return [self._cell(number, place, cell) for place, cell in enumerate(raw[:width], 1)]

    def _cell(self, row: int, column: int, raw: Any) -> Cell:
        span = Span(
            self.file, row, column, column + 1, cell=f"{self.title}!{cell_name(row, column)}"
        )
        formula = self.formulas.get((row, column))
        if raw.value is None:
            # A formula that gave an empty text is just blank.
            lost = formula is not None and raw.data_type == "n"
            return Cell(formula or "", span, obstacle="formula") if lost else Cell("", span)
        return _cell(raw, span)


def _cell(raw: Any, span: Span) -> Cell:
    match raw.value:
        case bool(truth):
            return Cell("SANT" if truth else "FALSKT", span, obstacle="truth")
        case int() | float() as number:
            return _number_cell(number, raw.number_format or "General", span)
        case dt.datetime() as moment if moment.time() == dt.time():
            return Cell(moment.date().isoformat(), span, obstacle="date")
        case dt.date() | dt.time() as moment:
            return Cell(moment.isoformat(), span, obstacle="date")
        case dt.timedelta() as length:
            return Cell(str(length), span, obstacle="date")
    obstacle: Obstacle = "error" if raw.data_type == "e" else ""
    return Cell(" ".join(str(raw.value).split("\n")).strip(), span, obstacle=obstacle)


def _number_cell(number: int | float, number_format: str, span: Span) -> Cell:
    if not isfinite(number) or abs(number) > MAX_INTEGER:
        return Cell(_digits(number), span, obstacle="inexact")
    stored = shown_as(Fraction(Decimal(repr(number))), number_format)
    return Cell(_written(stored), span, stored)


def _digits(number: int | float) -> str:
    """A number that is too large, with the digits that the workbook keeps of it."""
    if not isfinite(number) or abs(number) > MAX_WRITTEN:
        return str(number)
    return str(int(Decimal(repr(number))))


def shown_as(value: Fraction, number_format: str) -> Stored:
    """What a reader of the workbook sees of a number, by its number format."""
    section = _section(value, number_format)
    digits = _PLACEHOLDERS.search(section)
    if digits is None or re.search(r"[A-Za-z@/]", section):
        return Stored(value, value, _decimals(value))
    whole, decimals = digits[1].rstrip(), digits[2] or ""
    percent = "%" in section
    hundredths = 2 if percent else 0
    scaled = value / 1000 ** (len(whole) - len(whole.rstrip(",")))  # a comma last: in thousands
    shown = _rounded(scaled, len(decimals) + hundredths)
    places = max(decimals.count("0"), _decimals(shown) - hundredths)
    return Stored(value, shown, places, percent)


def _section(value: Fraction, number_format: str) -> str:
    """The part of a number format that is for such a value: positive; negative; zero."""
    sections = _LITERALS.sub("", number_format).split(";")
    wanted = 1 if value < 0 else 2 if value == 0 else 0
    return sections[wanted] if wanted < len(sections) else sections[0]


def _rounded(value: Fraction, places: int) -> Fraction:
    """Half away from zero, as spreadsheets show numbers."""
    scale = 10**places
    whole = (abs(value) * scale * 2 + 1) // 2
    return Fraction(-whole if value < 0 else whole, scale)


def _decimals(value: Fraction) -> int:
    """How many decimals it takes to write the number."""
    places = 0
    while value.denominator != 1:
        value, places = value * 10, places + 1
    return places


def _written(stored: Stored) -> str:
    shown = stored.shown * 100 if stored.percent else stored.shown
    whole, rest = divmod(abs(shown) * 10**stored.decimals, 10**stored.decimals)
    decimals = f",{int(rest):0{stored.decimals}d}" if stored.decimals else ""
    return f"{'-' if shown < 0 else ''}{whole}{decimals}{'%' if stored.percent else ''}"
