"""Reads the figures of a statistic: one exact number per recipient, and where it comes from."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TypeVar

from attrs import evolve, frozen

from dsl.findings import Exact, Finding, Kronor, Label, Percent, Phrase, Value, errors, finding
from dsl.registers import Register
from dsl.source import Span
from dsl.syntax import (
    AsOf,
    Bound,
    Citation,
    FromFile,
    Quantity,
    Recovered,
    Statistic,
    StatisticPart,
    SumsTo,
)
from dsl.units import unit_of
from engine.column import Column
from engine.grid import Values, each
from engine.inputs.files import Files
from engine.registers.matching import Roster, Row, match_rows, unknown
from engine.tables import load
from engine.tables.columns import column_headed, only_column
from engine.tables.numbers import MAX_POINTED, Number, digits_not_shown, is_blank, read_number
from engine.tables.sheet import Cell, Sheet, capped

SHARES = frozenset({("share",), ("percent",)})
WHOLE = frozenset({("person",), ("count",)})

# What is mostly wrong with a whole column, not with one figure in it.
_OF_A_COLUMN = ("F314", "F318")

# How many recipients a sentence names before it stops.
MAX_NAMED = 5

Part = TypeVar("Part", bound=StatisticPart)


@frozen
class Figures:
    """The figures of one statistic, read from a file.

    Attributes:
        name: the statistic's name.
        column: one number per recipient in the register's order; percent as parts of one. Of a
            statistic with axes a grid of such columns, or of single numbers.
        register: the recipients.
        file: the file's name as a message gives it.
        sha256: fingerprint of the file's bytes, in hexadecimal.
        source: who published the figures, if said.
        as_of: the day or period that they are for, if said.
        recovered: how they were computed from a published result, if they were.
        spans: the place of each figure, column after column.
        growth: what the published figures have been multiplied by.
    """

    name: str
    column: Values
    register: Register
    file: str
    sha256: str
    source: str | None
    as_of: str | None
    recovered: str | None
    spans: tuple[Span, ...]
    growth: Fraction = Fraction(1)

    def grown(self, factor: Fraction) -> "Figures":
        """The same figures, each multiplied by a factor."""
        if factor == 1:
            return self
        grown = each(self.column, lambda column: column * Column.of([factor]))
        return evolve(self, column=grown, growth=factor)


def read_figures(
    statistic: Statistic, register: Register, files: Files
) -> tuple[Figures | None, tuple[Finding, ...]]:
    """Read the figures of a statistic that comes from a file.

    Every problem of the file is found in one run. Where there is any, there are no figures: a
    figure that is missing or misread would move money from one recipient to all others.
    """
    origin = part_of(statistic, FromFile)
    if origin is None:
        return None, ()
    sheet, found = load(origin.path, origin.span, files)
    if sheet is None:
        return None, found
    cells, more = _read(statistic, origin, register, sheet)
    found = capped((*found, *more), sheet.file)
    if errors(found):
        return None, found
    figures = _figures(statistic, register, sheet, cells)
    unlike = tuple(sum_faults(statistic, figures.column))
    return (None if unlike else figures), (*found, *unlike)


@frozen
class RowFigure:
    """A row's figure.

    Attributes:
        row: the row.
        cell: the cell that has it.
        number: what the cell has, if it is a number.
        value: the number in the statistic's unit, if it can be used.
        findings: what is wrong with it.
    """

    row: Row
    cell: Cell
    number: Number | None = None
    value: Fraction | None = None
    findings: tuple[Finding, ...] = ()


def _figures(
    statistic: Statistic, register: Register, sheet: Sheet, read: Sequence[RowFigure]
) -> Figures:
    placed = {one.row.position: one for one in read if one.row.standing == "placed"}
    ordered = [placed[position] for position in range(len(register))]
    column = Column.of(one.value for one in ordered if one.value is not None)
    return figures_from(statistic, register, sheet, column, tuple(one.cell.span for one in ordered))


def figures_from(
    statistic: Statistic, register: Register, sheet: Sheet, column: Values, spans: tuple[Span, ...]
) -> Figures:
    """The figures of a table, with what the rules say of them."""
    source, as_of = part_of(statistic, Citation), part_of(statistic, AsOf)
    recovered = part_of(statistic, Recovered)
    return Figures(
        name=statistic.name.text,
        column=column,
        register=register,
        file=sheet.file,
        sha256=sheet.sha256,
        source=source.text if source else None,
        as_of=as_of.text if as_of else None,
        recovered=recovered.text if recovered else None,
        spans=spans,
    )


def part_of(statistic: Statistic, sort: type[Part]) -> Part | None:
    """The statistic's line of one sort, if it has one."""
    return next((part for part in statistic.parts if isinstance(part, sort)), None)


def _read(
    statistic: Statistic, origin: FromFile, register: Register, sheet: Sheet
) -> tuple[list[RowFigure], list[Finding]]:
    """The figures of all rows, and everything that is wrong with the table."""
    named = column_headed(sheet, origin.column) if origin.column else None
    roster = match_rows(sheet, register, named if isinstance(named, int) else None)
    if isinstance(roster, Finding):
        return [], [one for one in (named, roster) if isinstance(one, Finding)]
    column = only_column(sheet, roster.keys, origin.path) if named is None else named
    if isinstance(column, Finding):
        return [], [column, *roster.findings, *_absences(statistic, origin, register, roster, [])]
    read = [figure_of(statistic, row, column) for row in roster.rows if row.standing != "total"]
    totals = roster.having("total")
    found = [
        *roster.findings,
        *gathered([fault for one in read for fault in one.findings]),
        *_absences(statistic, origin, register, roster, read),
        *(fault for row in totals for fault in total_faults(statistic, row, column, read)),
        *digits_not_shown("N301", [(one.cell, one.number) for one in read if one.number]),
    ]
    return read, found


# ---------------------------------------------------------------- one figure


def figure_of(statistic: Statistic, row: Row, column: int) -> RowFigure:
    """The figure in one column of a row, and what is wrong with it."""
    cell = row.cells[column]
    if row.standing == "nameless" or (row.standing == "unknown" and is_blank(cell)):
        return RowFigure(row, cell)  # a remark below the table, more likely than figures
    number = read_number(cell)
    if isinstance(number, Finding):
        return RowFigure(row, cell, findings=(_about(_of_whole(number, statistic), row),))
    if number is None:
        return RowFigure(row, cell)
    in_unit = _in_unit(number, statistic)
    if in_unit is None:
        return RowFigure(row, cell, number, findings=(_unexpected_percent(statistic, cell),))
    faults = tuple(_faults(statistic, row, cell, in_unit))
    return RowFigure(row, cell, number, in_unit, faults)


def _in_unit(number: Number, statistic: Statistic) -> Fraction | None:
    """The number in the statistic's unit; None when it is in percent and the unit is not."""
    if number.percent:
        return number.value if statistic.unit in SHARES else None
    return number.value / 100 if statistic.unit == ("percent",) else number.value


def _faults(statistic: Statistic, row: Row, cell: Cell, value: Fraction) -> Iterator[Finding]:
    shown = _shown(value, statistic)
    facts: dict[str, Value] = {"name": _name(row), "value": shown}
    if statistic.unit in WHOLE and value.denominator != 1:
        yield finding("F314", cell.span, key="here", **facts)
    bounds = [part for part in statistic.parts if isinstance(part, Bound)]
    for bound in bounds:
        limit = stated_in_unit(bound.limit, statistic)
        low = bound.side == "at_least"
        if value < limit if low else value > limit:
            labels = (Label(cell.span, "here"), Label(bound.span, "bound"))
            relation = Phrase("data.below" if low else "data.above")
            bounded = {"limit": _shown(limit, statistic), "relation": relation}
            yield Finding("F310", labels, {**facts, **bounded})
    if value < 0 and statistic.unit != ("kr",) and not any(b.side == "at_least" for b in bounds):
        yield finding("F308", cell.span, key="here", **facts)


def limits_of(statistic: Statistic) -> tuple[Fraction | None, Fraction | None]:
    """The least and the most that a figure may be by the rules, in its unit, before any growth."""
    bounds = [part for part in statistic.parts if isinstance(part, Bound)]
    lows = [stated_in_unit(one.limit, statistic) for one in bounds if one.side == "at_least"]
    highs = [stated_in_unit(one.limit, statistic) for one in bounds if one.side == "at_most"]
    return max(lows, default=None), min(highs, default=None)


def total_of(statistic: Statistic) -> Fraction | None:
    """What the figures make together by the rules, in their unit, before any growth."""
    said = (part.total for part in statistic.parts if isinstance(part, SumsTo))
    total = next(said, None)
    return None if total is None else stated_in_unit(total, statistic)


def stated_in_unit(quantity: Quantity, statistic: Statistic) -> Fraction:
    """A bound or a total in the statistic's unit, which one without a unit shares."""
    plain = statistic.unit == ("percent",) and not quantity.unit
    return quantity.number / 100 if plain else quantity.value


def _shown(value: Fraction, statistic: Statistic) -> Value:
    if statistic.unit == ("kr",):
        return Kronor(value)
    return Percent(value) if statistic.unit in SHARES else Exact(value)


def _name(row: Row) -> str:
    return row.claims[-1].text if row.claims else ""


def _unexpected_percent(statistic: Statistic, cell: Cell) -> Finding:
    name = statistic.name.text
    return finding("F328", cell.span, key="here", text=cell.text, statistic=name)


def _of_whole(found: Finding, statistic: Statistic) -> Finding:
    """Of an ambiguous number in a unit of whole numbers only the one reading is offered."""
    if found.code != "F318" or statistic.unit not in WHOLE:
        return found
    data = {key: value for key, value in found.data.items() if key != "longer"}
    return evolve(found, data={**data, "only": data["whole"]})


def gathered(findings: Sequence[Finding]) -> Iterator[Finding]:
    """The findings, and instead of many with one cause the first with some places and a count."""
    for code in _OF_A_COLUMN:
        alike = [one for one in findings if one.code == code]
        if len(alike) > MAX_POINTED:
            labels = tuple(one.labels[0] for one in alike[:MAX_POINTED])
            more: dict[str, Value] = {"count": len(alike), "more": len(alike) - 1}
            yield Finding(code, labels, {**alike[0].data, **more})
            findings = [one for one in findings if one.code != code]
    yield from findings


def _about(found: Finding, row: Row) -> Finding:
    """The same finding with the recipient's name, when the row says whose it is."""
    return evolve(found, data={**found.data, "name": _name(row)}) if _name(row) else found


# ---------------------------------------------------------------- recipients


def _absences(
    statistic: Statistic,
    origin: FromFile,
    register: Register,
    roster: Roster,
    read: Sequence[RowFigure],
) -> Iterator[Finding]:
    """Recipients without a row and rows without a recipient; together where one explains both."""
    there = {
        claim.position
        for row in roster.having("placed", "repeated", "disputed")
        for claim in row.claims
    }
    missing = [place for place in range(len(register)) if place not in there]
    numbers = {id(one.row): one.value for one in read}
    for row in roster.having("unknown"):
        if row.guess in missing:
            missing.remove(row.guess)
            yield _misnamed(statistic, register, row, row.guess, numbers.get(id(row)))
        else:
            yield unknown(row, register)
    if missing:
        yield _missing(statistic, origin, register, missing)


def _misnamed(
    statistic: Statistic, register: Register, row: Row, meant: int, value: Fraction | None
) -> Finding:
    recipient = register.recipients[meant]
    unknown_name: dict[str, Value] = {
        "text": row.label.text,
        "recipients": Phrase(f"data.{register.noun}"),
        "name": recipient.name,
    }
    facts: dict[str, Value] = {
        "subject": Phrase("data.misnamed", unknown_name),
        "statistic": statistic.name.text,
        "count": 1,
        "total": len(register),
        "missing": f"{recipient.code} {recipient.name}",
        "suggestion": recipient.name,
        "code": recipient.code,
        "others": len(register) - 1,
    }
    if value is not None:
        facts["value"] = _shown(value, statistic)
    return finding("F301", row.label.span, key="row", **facts)


def _missing(
    statistic: Statistic, origin: FromFile, register: Register, places: Sequence[int]
) -> Finding:
    absent = [register.recipients[place] for place in places]
    names = [f"{one.code} {one.name}" for one in absent[:MAX_NAMED]]
    missing = (*names, *(["…"] if len(absent) > MAX_NAMED else []))
    counts: dict[str, Value] = {"count": len(absent), "total": len(register), "missing": missing}
    return finding(
        "F301",
        origin.span,
        key="file",
        statistic=statistic.name.text,
        subject=Phrase("data.lacking", counts),
        **counts,
        remaining=len(register) - len(absent),
    )


# ---------------------------------------------------------------- the whole column


def total_faults(
    statistic: Statistic, row: Row, column: int, read: Sequence[RowFigure]
) -> Iterator[Finding]:
    """A total row that is not the sum of the others; it is never a figure itself."""
    cell = row.cells[column]
    number = None if is_blank(cell) else read_number(cell)
    if isinstance(number, Finding):
        yield _about(number, row)
    asserted = _in_unit(number, statistic) if isinstance(number, Number) else None
    values = [one.value for one in read if one.value is not None]
    if asserted is None or len(values) < len(read) or asserted == sum(values):
        return
    facts: dict[str, Value] = {
        "statistic": statistic.name.text,
        "name": _name(row),
        "asserted": _shown(asserted, statistic),
        "calculated": _shown(Fraction(sum(values)), statistic),
        "difference": _shown(abs(asserted - sum(values)), statistic),
    }
    # The total row of levels and shares need not be their sum.
    code = "F304" if unit_of(statistic.unit).adds_up else "N303"
    yield finding(code, cell.span, key="here", **facts)


def sum_faults(statistic: Statistic, column: Values) -> Iterator[Finding]:
    """The figures together are not exactly what the rules say that they sum to."""
    total = column.total().scalar
    origin = next((one for one in statistic.parts if not isinstance(one, SumsTo)), statistic)
    for said in (part for part in statistic.parts if isinstance(part, SumsTo)):
        stated = stated_in_unit(said.total, statistic)
        if total != stated:
            facts: dict[str, Value] = {
                "statistic": statistic.name.text,
                "stated": _shown(stated, statistic),
                "total": _shown(total, statistic),
                "difference": _shown(abs(total - stated), statistic),
            }
            yield Finding("F338", (Label(said.span, "stated"), Label(origin.span, "here")), facts)
