"""Rows as CSV that a spreadsheet cannot mistake for formulas."""

import csv
from collections.abc import Iterable
from fractions import Fraction
from io import StringIO

from desk.figures import decimal

# What a spreadsheet takes for the start of a formula, or skips before one; full-width too.
_FORMULA = ("=", "+", "-", "@", "\t", "\n", "＝", "＋", "－", "＠")

Cell = str | int | Fraction


def as_csv(header: Iterable[str], rows: Iterable[Iterable[Cell]]) -> str:
    """The rows below their header."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(map(_harmless, header))  # headings are names that somebody chose
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return text.getvalue().removesuffix("\n")


def _harmless(cell: Cell) -> str | int:
    """A text that would be a formula gets an apostrophe before it; numbers are left alone."""
    if isinstance(cell, Fraction):
        return decimal(cell)
    if isinstance(cell, int):
        return cell
    # A bare carriage return is not quoted by the writer, and would begin a row of its own.
    text = cell.replace("\r", "\n")
    return f"'{text}" if text.startswith(_FORMULA) else text
