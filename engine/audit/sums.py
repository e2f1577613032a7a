"""Checks a published table's sums: rows and totals, columns and columns, prose and both."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations

from dsl.findings import Exact, Finding, Kronor, finding
from engine.audit.columns import ColumnAudit
from engine.audit.reading import Document, Table
from engine.inputs.published import PublishedColumn

# Of more columns than these only neighbours are added up.
MAX_ADDED = 8

# So many rows are looked at first; where not even one is the sum, the column is none.
FIRST_ROWS = 5

# A column that is a sum in nearly every row is meant as one.
MOST_ROWS = Fraction(4, 5)
LEAST_ROWS = 3

# Of more sums than these only the largest are added up, to see whether one lacks three zeros.
MOST_KNOWN = 150
THOUSAND = 1_000

# Sums with so many digits before their zeros do not meet by chance.
TELLING_DIGITS = 6


def sum_of(number: int, table: Table) -> tuple[int, ...]:
    """The numbers of the columns that a column is the sum of, in nearly every row."""
    column = table.columns[number - 1]
    others = [n for n, one in enumerate(table.columns, 1) if n != number and _adds(one)]
    if len(others) > MAX_ADDED:
        others = [n for n in others if n < number][-MAX_ADDED:]
    for count in range(len(others), 1, -1):
        for parts in combinations(others, count):
            rows = [place for place in table.places if column.cells[place]]
            if all(_off(column, parts, table, place) != 0 for place in rows[:FIRST_ROWS]):
                continue
            equal = sum(1 for place in rows if _off(column, parts, table, place) == 0)
            if equal >= LEAST_ROWS and equal >= MOST_ROWS * len(rows):
                return parts
    return ()


def _adds(column: PublishedColumn) -> bool:
    return any(cell.value for cell in column.cells if cell and not cell.percent)


def _off(column: PublishedColumn, parts: Sequence[int], table: Table, place: int) -> object:
    """How much a row's sum is more than its parts; None where a part has no figure."""
    whole = column.cells[place]
    cells = [table.columns[n - 1].cells[place] for n in parts]
    if whole is None or any(cell is None for cell in cells):
        return None
    return whole.value - sum(cell.value for cell in cells if cell)


def sum_faults(one: ColumnAudit, table: Table) -> Iterator[Finding]:
    """A printed total that the rows do not give; rows that are not the sum of their parts."""
    column = one.column
    total = column.total
    cells = [cell for cell in column.cells if cell]
    if total is not None and not total.percent and not one.decimals:
        added = sum(cell.value for cell in cells)
        if added != total.value:
            yield finding(
                "N803",
                total.span,
                key="here",
                heading=column.heading or str(one.number),
                asserted=Exact(total.value),
                calculated=Exact(added),
                difference=Exact(added - total.value),
            )
    for place in table.places if one.parts else ():
        cell = column.cells[place]
        off = _off(column, one.parts, table, place)
        if cell is not None and off:
            added = sum(c.value for n in one.parts if (c := table.columns[n - 1].cells[place]))
            yield finding(
                "N805",
                cell.span,
                key="here",
                name=table.register.recipients[place].name,
                asserted=Exact(cell.value),
                calculated=Exact(added),
                difference=Exact(added - cell.value),
            )


def prose_faults(document: Document) -> Iterator[Finding]:
    """Sums in the text that lack three zeros, by what the other sums add up to."""
    known = {one.amount for one in document.stated}
    known |= {
        int(column.total.value)
        for t in document.tables
        for column in t.columns
        if _sum(column) and column.total
    }
    for stated in document.stated:
        meant = stated.amount * THOUSAND
        terms = _terms(meant, sorted(known - {stated.amount, meant})) if meant not in known else ()
        if terms:
            yield finding(
                "N806",
                stated.span,
                key="here",
                amount=Kronor(stated.amount),
                meant=Kronor(meant),
                terms=tuple(Kronor(term) for term in terms),
            )


def _sum(column: PublishedColumn) -> bool:
    return column.total is not None and not column.total.percent and not column.total.decimals


def _terms(meant: int, known: Sequence[int]) -> tuple[int, ...]:
    """Two or three sums that together are this one, and would not be by chance."""
    known = known[-MOST_KNOWN:]
    telling = [one for one in known if len(str(one).rstrip("0")) >= TELLING_DIGITS]
    for one, other in combinations(telling, 2):
        rest = meant - one - other
        if rest == 0:
            return one, other
        if rest in known and rest not in {one, other}:
            return tuple(sorted((one, other, rest)))
    return ()
