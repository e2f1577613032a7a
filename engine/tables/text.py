"""Reads tables from text: cells between semicolons, tabs or commas (CSV)."""

import codecs
import re
from collections.abc import Sequence
from itertools import islice

from attrs import frozen

from dsl.findings import Finding, Value, finding
from dsl.source import Span, split_lines
from engine.tables.sheet import (
    MAX_CELL_LENGTH,
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_ROWS,
    Cell,
    Grid,
    is_comment,
    too_large,
)

# In a header the first of these that occurs stands between the cells: a heading may well hold a
# comma, hardly a semicolon.
DELIMITERS = (";", "\t", ",")

# Rows, comments and blank lines together.
MAX_LINES = 10 * MAX_ROWS

# A quoted cell may run over lines, as headings do; one that never ends must not eat the file.
MAX_QUOTED_LINES = 20

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_LINE_END = re.compile(r"\r\n|\r|\n")
_BYTE_LINE_END = re.compile(rb"\r\n|\r|\n")
_BLANKS = re.compile(r" *")
_QUOTED_PART = re.compile(r'(?:[^"]|"")*')


def read_text(file: str, data: bytes) -> tuple[Grid | None, tuple[Finding, ...]]:
    """The rows of cells of a text, without comments (``#``) and blank lines."""
    text = _decoded(file, data)
    if isinstance(text, Finding):
        return None, (text,)
    if text.count("\n") + text.count("\r") > 2 * MAX_LINES:
        return None, (too_large(file, Span(file, MAX_LINES, 1, 2), "rows", MAX_LINES),)
    lines = split_lines(text)
    start, delimiter = _opening(lines)
    return _Reader(file, lines, delimiter).read(start)


def _decoded(file: str, data: bytes) -> str | Finding:
    encoding = "utf-16" if data.startswith(_UTF16) else "utf-8-sig"
    try:
        # Latin-1 finds NUL in what is no UTF-8 either, as UTF-16 without its mark is.
        wrong = encoding != "utf-16" and b"\0" in data
        text = data.decode("latin-1" if wrong else encoding)
    except UnicodeDecodeError as error:
        return _not_decodable(file, error.object, error.start)
    if "\0" in text:
        line = len(_LINE_END.findall(text, 0, text.index("\0"))) + 1
        return finding("F316", Span(file, line, 1, 2), key="here", character="U+0000")
    return text


def _not_decodable(file: str, data: bytes, at: int) -> Finding:
    """Point at the first byte that is not UTF-8, and say which letter Windows means by it."""
    number = len(_BYTE_LINE_END.findall(data, 0, at)) + 1
    start = max(data.rfind(b"\n", 0, at) + 1, data.rfind(b"\r", 0, at) + 1, at - MAX_CELL_LENGTH)
    before = data[start:at].decode("utf-8", errors="replace")
    line = before + data[at : at + MAX_CELL_LENGTH].decode("cp1252", errors="replace")
    column = len(before) + 1
    span = Span(file, number, column, column + 1, _LINE_END.split(line)[0])
    facts: dict[str, Value] = {"file": file, "line": number, "byte": f"0x{data[at]:02X}"}
    if line[column - 1].isalpha():
        facts["letter"] = line[column - 1]
    return finding("F313", span, key="here", **facts)


def _opening(lines: Sequence[str]) -> tuple[int, str]:
    """Where the table starts, and its delimiter: its header's, or that of the row below it."""
    rows = ((number, line) for number, line in enumerate(lines) if not _is_comment_line(line))
    opening = list(islice(rows, 2))
    for number, line in opening:
        told = re.fullmatch(r"sep=([;,\t])", line.strip(" "))  # Excel's own first line
        if told and number == opening[0][0]:
            return number + 1, told[1]
        outside = re.sub(r'"[^"]*"', "", line)
        delimiter = next((mark for mark in DELIMITERS if mark in outside), None)
        if delimiter:
            return opening[0][0], delimiter
    return 0, ","


def _is_comment_line(line: str) -> bool:
    return _is_skipped(line.lstrip(' "'))


@frozen
class _Reader:
    """Splits lines into cells that know their places."""

    file: str
    lines: Sequence[str]
    delimiter: str

    def read(self, start: int) -> tuple[Grid | None, tuple[Finding, ...]]:
        rows: list[Sequence[Cell]] = []
        number, cells = start, 0
        while number < len(self.lines):
            if _is_skipped(self.lines[number]):
                number += 1
                continue
            row, number = self._row(number)
            cells += len(row)
            fault = self._fault(row, len(rows) + 1, cells)
            if fault:
                return None, (fault,)
            if not is_comment(row):
                rows.append(row)
        return rows, ()

    def _fault(self, row: Sequence[Cell], rows: int, cells: int) -> Finding | None:
        """Why reading must stop at this row."""
        last = row[-1]
        if last.obstacle:  # where the cells end from here on is anyone's guess
            return finding("F325", last.span, key="here")
        if rows > MAX_ROWS:
            return too_large(self.file, last.span, "rows", MAX_ROWS)
        if len(row) > MAX_COLUMNS:
            return too_large(self.file, last.span, "columns", MAX_COLUMNS)
        if cells > MAX_CELLS:
            return too_large(self.file, last.span, "cells", MAX_CELLS)
        long = next((cell for cell in row if len(cell.text) > MAX_CELL_LENGTH), None)
        return too_large(self.file, long.span, "characters", MAX_CELL_LENGTH) if long else None

    def _row(self, number: int) -> tuple[list[Cell], int]:
        """The cells that start on a line, up to one that cannot be read, and the line after."""
        cells: list[Cell] = []
        at = 0
        while True:
            cell, number, end = self._cell(number, at)
            cells.append(cell)
            if cell.obstacle or end >= len(self.lines[number]) or len(cells) > MAX_COLUMNS:
                return cells, number + 1
            at = end + 1

    def _cell(self, number: int, at: int) -> tuple[Cell, int, int]:
        """One cell, and where it ends: the line, and the place of the delimiter on it."""
        line = self.lines[number]
        blanks = _BLANKS.match(line, at)
        opening = blanks.end() if blanks else at
        if line.startswith('"', opening):
            return self._quoted(number, opening)
        end = self._end(line, at)
        return Cell(line[at:end].strip(), self._span(number, at, end)), number, end

    def _quoted(self, number: int, opening: int) -> tuple[Cell, int, int]:
        """A cell within quotes; with an obstacle when the quotes do not match up."""
        parts = []
        at = opening + 1
        for last in range(number, min(number + MAX_QUOTED_LINES, len(self.lines))):
            line = self.lines[last]
            part = _QUOTED_PART.match(line, at)
            close = part.end() if part else at
            parts.append(line[at:close])
            if close < len(line):
                end = self._end(line, close + 1)
                if line[close + 1 : end].strip():
                    break
                text = " ".join(parts).replace('""', '"').strip()
                return Cell(text, self._span(number, opening, close + 1)), last, end
            at = 0
        span = self._span(number, opening, len(self.lines[number]))
        return Cell("", span, obstacle="told"), number, opening

    def _end(self, line: str, at: int) -> int:
        end = line.find(self.delimiter, at)
        return end if end >= 0 else len(line)

    def _span(self, number: int, start: int, end: int) -> Span:
        """The place of a cell without its margins; of a blank cell, one character."""
        line = self.lines[number]
        raw = line[start:end]
        column = start + len(raw) - len(raw.lstrip()) + 1
        return Span(self.file, number + 1, column, column + max(len(raw.strip()), 1), line)


def _is_skipped(line: str) -> bool:
    return not line.strip() or line.lstrip().startswith("#")
