"""Compares a ruleset's tables with the tables as they were published, cell by cell."""

from fractions import Fraction

from attrs import frozen

from dsl import syntax as s
from dsl.check.scope import suggestion
from dsl.findings import Finding, Label, Value
from dsl.registers import Recipient
from dsl.source import Span
from engine.inputs.published import Published, PublishedCell, PublishedColumn
from engine.tabulate import TableColumn, TableView


@frozen
class Difference:
    """A cell where the published table and the calculated one differ.

    Attributes:
        recipient: whose cell; None for the table's total.
        asserted: as published.
        calculated: as the ruleset gives it, shown the same way.
        span: the cell in the published table's file.
    """

    recipient: Recipient | None
    asserted: Fraction
    calculated: Fraction
    span: Span

    @property
    def difference(self) -> Fraction:
        """Calculated less asserted."""
        return self.calculated - self.asserted


@frozen
class ColumnVerdict:
    """How one published column compares.

    Attributes:
        table: the table's title.
        heading: the column's heading.
        file: the published table's file.
        cells: how many recipients it has a figure for.
        differences: the recipients whose figures differ.
        total: the published total, when the table prints one and it differs.
        published_sum: what the published rows add up to, when the table prints another total.
        statistics: the statistics behind the calculated column.
        column: the calculated column.
    """

    table: str
    heading: str
    file: str
    cells: int
    differences: tuple[Difference, ...]
    total: Difference | None
    published_sum: Difference | None
    statistics: frozenset[str]
    column: TableColumn

    @property
    def equal(self) -> int:
        """How many cells are the same."""
        return self.cells - len(self.differences)

    @property
    def agrees(self) -> bool:
        """Whether every cell and the total are the same."""
        return not self.differences and self.total is None


def compare(
    view: TableView, facit: s.Facit, published: Published
) -> tuple[tuple[ColumnVerdict, ...], tuple[Finding, ...]]:
    """Compare every published column with the table's column of the same heading."""
    by_heading = {column.heading: column for column in view.columns}
    verdicts, findings = [], []
    for column in published.columns:
        ours = by_heading.get(column.heading)
        if ours is None:
            findings.append(_no_such_column(view, facit, column))
        else:
            verdicts.append(_verdict(view, facit, ours, column))
    return tuple(verdicts), tuple(findings)


def _no_such_column(view: TableView, facit: s.Facit, column: PublishedColumn) -> Finding:
    headings = tuple(one.heading for one in view.columns)
    data: dict[str, Value] = {"heading": column.heading, "table": view.title}
    close = suggestion(column.heading, headings)
    if close:
        data["suggestion"] = close
    else:
        data["headings"] = headings
    return Finding("F604", (Label(column.span, "here"), Label(facit.span, "facit")), data)


def _verdict(
    view: TableView, facit: s.Facit, ours: TableColumn, column: PublishedColumn
) -> ColumnVerdict:
    differences, cells = [], 0
    pairs = zip(view.register.recipients, ours.cells, column.cells, strict=True)
    for recipient, calculated, cell in pairs:
        if cell is None:
            continue
        cells += 1
        found = _differs(recipient, cell, calculated, ours)
        differences += [found] if found else []
    total = column.total
    return ColumnVerdict(
        table=view.title,
        heading=column.heading,
        file=facit.path,
        cells=cells,
        differences=tuple(differences),
        total=_differs(None, total, ours.total, ours) if total else None,
        published_sum=_sum_differs(ours, column),
        statistics=ours.statistics,
        column=ours,
    )


def _as_shown(cell: PublishedCell) -> Fraction:
    """A published share is a number of percent, as a column in percent shows it."""
    return cell.value * 100 if cell.percent else cell.value


def _differs(
    recipient: Recipient | None, cell: PublishedCell, calculated: Fraction, ours: TableColumn
) -> Difference | None:
    asserted = _as_shown(cell)
    if cell.percent and (ours.display is None or ours.display.scale != "percent"):
        calculated *= 100
    if asserted == calculated:
        return None
    return Difference(recipient, asserted, calculated, cell.span)


def _sum_differs(ours: TableColumn, column: PublishedColumn) -> Difference | None:
    """Where the published rows do not add up to the published total; rounded shares need not."""
    cells = [cell for cell in column.cells if cell is not None]
    if column.total is None or ours.display is not None or not ours.adds_up:
        return None
    added = sum((_as_shown(cell) for cell in cells), Fraction(0))
    asserted = _as_shown(column.total)
    return None if added == asserted else Difference(None, asserted, added, column.total.span)
