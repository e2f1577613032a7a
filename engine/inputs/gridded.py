"""Reads the figures of a grid, one exact number in every place, from a long or a wide table.

A long table has a column for each axis and one for the figures. A wide one has a column for each
axis but one, whose members are the headings of the figures.
"""

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import cached_property
from itertools import product

from attrs import evolve, field, frozen

from dsl.axes import MAX_CELLS, Axes, combinations, count, in_order, in_words, some
from dsl.findings import Finding, Label, Phrase, Value, errors, finding
from dsl.registers import Register, folded
from dsl.syntax import FromFile, Statistic
from engine.column import Column
from engine.grid import Grid
from engine.inputs.files import Files
from engine.inputs.statistics import (
    MAX_NAMED,
    Figures,
    RowFigure,
    figure_of,
    figures_from,
    gathered,
    part_of,
    sum_faults,
    total_faults,
)
from engine.registers.matching import Claim, Row, match_rows, unknown, without_keys
from engine.registers.words import is_total
from engine.tables import load
from engine.tables.columns import column_headed, free_columns, headings_of, only_column
from engine.tables.numbers import MAX_POINTED, digits_not_shown
from engine.tables.sheet import MAX_FINDINGS, Cell, Sheet, capped

# A member of each axis, in the order of declaration; or as many of them as a row says.
Key = tuple[str, ...]

# What a member is compared with when it is not one, at most, and how alike they must be.
LONGEST_MEMBER = 100
LIKENESS = 0.7

# More total rows than a table has that a person reads.
MAX_TOTALS = 1_000


def read_grid(
    statistic: Statistic, axes: Axes, register: Register, files: Files
) -> tuple[Figures | None, tuple[Finding, ...]]:
    """Read the figures of a statistic with axes that comes from a file.

    Every place must have exactly one figure: a combination of members for each recipient, or for
    a statistic without recipients each combination once. As with other statistics there are no
    figures where there is any problem.

    Args:
        statistic: the statistic.
        axes: the axes that the rules declare.
        register: the recipients.
        files: where the file is.
    """
    origin = part_of(statistic, FromFile)
    names = in_order(axes, (axis.text for axis in statistic.axes))
    whole = len(names) == len(statistic.axes) and all(_differ(axes[name]) for name in names)
    if origin is None or not whole or count(axes, names) > MAX_CELLS:
        return None, ()  # the checker has said so
    sheet, found = load(origin.path, origin.span, files)
    if sheet is None:
        return None, found
    reader = _Reader(statistic, origin, {name: axes[name] for name in names}, register, sheet)
    found = capped((*found, *reader.findings()), sheet.file)
    if errors(found):
        return None, found
    figures = reader.figures()
    unlike = tuple(sum_faults(statistic, figures.column))
    return (None if unlike else figures), (*found, *unlike)


@frozen
class _Layout:
    """Where a table has what.

    Attributes:
        axes: the column of each axis that has one.
        figures: the columns of figures; in a wide table with the member that each is for.
        wide: the axis whose members are headings, if one is.
    """

    axes: Mapping[str, int]
    figures: Mapping[int, str | None]
    wide: str | None = None


@frozen(slots=False)
class _Reader:
    """One statistic, its table, and what has been read of it so far.

    Attributes:
        placed: the figure of each combination of members and recipient.
        strange: for each text that is no member of an axis the cells that have it.
    """

    statistic: Statistic
    origin: FromFile
    axes: Axes
    register: Register
    sheet: Sheet
    placed: dict[tuple[Key, int], RowFigure] = field(factory=dict)
    strange: dict[tuple[str, str], list[Cell]] = field(factory=dict)

    def figures(self) -> Figures:
        """The figures, when nothing is wrong."""
        read = {key: list(self._of_key(key)) for key in self._keys()}
        columns = {
            key: Column.of(one.value for one in ones if one.value is not None)
            for key, ones in read.items()
        }
        spans = tuple(one.cell.span for ones in read.values() for one in ones)
        grid = Grid(tuple(self.axes), columns)
        return figures_from(self.statistic, self.register, self.sheet, grid, spans)

    def _keys(self) -> Iterator[Key]:
        return combinations(self.axes, self.axes)

    @property
    def _places(self) -> range:
        """The positions of the recipients; of a statistic without recipients a single one."""
        return range(len(self.register) if self.statistic.per_recipient else 1)

    def _of_key(self, key: Key) -> Iterator[RowFigure]:
        found = (self.placed.get((key, place)) for place in self._places)
        return (one for one in found if one is not None)

    # ------------------------------------------------------------ the table

    def findings(self) -> tuple[Finding, ...]:
        """Read every figure, and say everything that is wrong with the table."""
        layout = self._layout()
        if isinstance(layout, Finding):
            return (layout,)
        placed = self._rows(layout)
        if isinstance(placed, Finding):
            return (placed,)
        rows, layout, found = placed
        found += self._strangers(rows)
        for row in rows:
            if row.standing == "placed":
                found += self._place(row, layout)
        totals = [(row, self._summed(row, layout)) for row in rows if row.standing == "total"]
        read = list(self.placed.values())
        found += gathered([fault for one in read for fault in one.findings])
        found += digits_not_shown("N301", [(one.cell, one.number) for one in read if one.number])
        found += self._strange_members()
        # What is misspelt in one place is missing in another, and then totals are wrong as well.
        found += [] if errors(tuple(found)) else self._missing()
        if not errors(tuple(found)):
            for row, said in totals[:MAX_TOTALS]:
                found += self._total(row, said, layout)
        return tuple(found)

    def _layout(self) -> _Layout | Finding:
        columns: dict[str, int] = {}
        for axis in self.axes:
            headed = self._headed(axis)
            if len(headed) > 1:
                return self._repeated_heading(axis, headed)
            if headed:
                columns[axis] = headed[0]
        lacking = [axis for axis in self.axes if axis not in columns]
        if not lacking:
            return _Layout(columns, {})
        if len(lacking) == 1 and self.origin.column is None:
            figures: dict[int, str | None] = {}
            for member in self.axes[lacking[0]]:
                headed = [
                    column for column in self._headed(member) if column not in columns.values()
                ]
                if len(headed) > 1:
                    return self._repeated_heading(member, headed)
                if headed:
                    figures[headed[0]] = member
            if figures:
                return _Layout(columns, figures, lacking[0])
        return self._no_layout(lacking)

    def _headed(self, heading: str) -> list[int]:
        wanted = folded(heading)
        return [n for n, cell in enumerate(self.sheet.header) if folded(cell.text) == wanted]

    def _repeated_heading(self, heading: str, columns: Sequence[int]) -> Finding:
        facts: dict[str, Value] = {"file": self.sheet.file, "heading": heading}
        span = self.sheet.header[columns[1]].span
        return finding("F322", span, key="again", count=len(columns), **facts)

    def _no_layout(self, lacking: Sequence[str]) -> Finding:
        headings = [cell.text for cell in self.sheet.header]
        facts: dict[str, Value] = {
            "statistic": self.statistic.name.text,
            "axes": in_words(lacking),
            "axis": lacking[0],
            "headings": headings_of(self.sheet, range(len(headings))),
        }
        close = _resembling(lacking[0], headings)
        if close is not None:
            facts["suggestion"] = close
        elif len(lacking) == 1 and self.origin.column is None:
            facts["members"] = self.axes[lacking[0]][:MAX_NAMED]
        return finding("F341", self.sheet.start, key="here", **facts)

    def _rows(self, layout: _Layout) -> tuple[list[Row], _Layout, list[Finding]] | Finding:
        """The rows with their recipients; and the layout with the figures of a long table."""
        taken = {*layout.axes.values(), *layout.figures}
        named = column_headed(self.sheet, self.origin.column) if self.origin.column else None
        if isinstance(named, Finding):
            return named
        rows = [Row(cells, "placed", ()) for cells in self.sheet.rows]
        found: list[Finding] = []
        if self.statistic.per_recipient:
            kept = [column for column in range(len(self.sheet.header)) if column not in taken]
            if not kept:
                return without_keys(self.sheet, self.register)
            value = kept.index(named) if named in kept else None
            # Every recipient is there once for each combination of members.
            roster = match_rows(_only(self.sheet, kept), self.register, value, once=False)
            if isinstance(roster, Finding):
                return roster
            taken |= {kept[key] for key in roster.keys}
            pairs = zip(roster.rows, rows, strict=True)
            rows = [evolve(row, cells=whole.cells) for row, whole in pairs]
            found += roster.findings
        if layout.wide is not None:
            for column in free_columns(self.sheet, sorted(taken)):
                self._note(layout.wide, self.sheet.header[column])
            return rows, layout, found
        if named is None:
            only = only_column(self.sheet, sorted(taken), self.origin.path)
            if isinstance(only, Finding):
                return only
            named = only
        return rows, evolve(layout, figures={named: None}), found

    def _strangers(self, rows: Sequence[Row]) -> Iterator[Finding]:
        """The names and codes that are not in the register, each once."""
        seen: set[str] = set()
        for row in rows:
            text = folded(row.label.text)
            if row.standing == "unknown" and text not in seen:
                seen.add(text)
                yield unknown(row, self.register)

    # ------------------------------------------------------------ one row

    def _place(self, row: Row, layout: _Layout) -> Iterator[Finding]:
        """Put a row's figures in their places, unless something is there already."""
        said = self._members(row, layout)
        if said is None:
            return
        position = row.position if row.claims else 0
        for column, member in layout.figures.items():
            key = self._key(said, layout, member)
            figure = figure_of(self.statistic, row, column)
            if figure.findings:  # said again with the members as well
                figure = figure_of(self.statistic, _labelled(row, key), column)
            first = self.placed.setdefault((key, position), figure)
            if first is not figure:
                labels = (Label(figure.cell.span, "again"), Label(first.cell.span, "first"))
                yield Finding("F302", labels, {"name": _labelled(row, key).claims[-1].text})

    def _members(self, row: Row, layout: _Layout) -> dict[str, str] | None:
        """The members that a row is for; None when a cell has no member, which is noted."""
        said: dict[str, str] = {}
        for axis, column in layout.axes.items():
            member = self._known[axis].get(folded(row.cells[column].text))
            if member is None:
                self._note(axis, row.cells[column])
            else:
                said[axis] = member
        return said if len(said) == len(layout.axes) else None

    @cached_property
    def _known(self) -> Mapping[str, Mapping[str, str]]:
        return {
            axis: {folded(member): member for member in members}
            for axis, members in self.axes.items()
        }

    def _key(self, said: Mapping[str, str], layout: _Layout, member: str | None) -> Key:
        return tuple(member or "" if axis == layout.wide else said[axis] for axis in self.axes)

    def _note(self, axis: str, cell: Cell) -> None:
        self.strange.setdefault((axis, folded(cell.text)), []).append(cell)

    def _strange_members(self) -> Iterator[Finding]:
        """Each text that is no member of its axis; those like none of them in one finding."""
        unlike: dict[str, list[Sequence[Cell]]] = {}
        for number, ((axis, text), cells) in enumerate(self.strange.items()):
            close = _resembling(text, self.axes[axis]) if number < MAX_FINDINGS else None
            if text and close is None:
                unlike.setdefault(axis, []).append(cells)
            else:
                facts: dict[str, Value] = {"suggestion": close} if close else {}
                yield self._strange(axis, cells, facts)
        for axis, (first, *others) in unlike.items():
            facts = {"members": some(self.axes[axis])}
            if others:
                facts["others"] = some([cells[0].text for cells in others])
            yield self._strange(axis, first, facts)

    def _strange(self, axis: str, cells: Sequence[Cell], more: Mapping[str, Value]) -> Finding:
        """A text that is no member of an axis, with the first places where it stands."""
        labels = tuple(Label(cell.span, "here") for cell in cells[:MAX_POINTED])
        facts: dict[str, Value] = {"axis": axis, "text": cells[0].text, **more}
        if len(cells) > 1:
            facts["count"] = len(cells)
        return Finding("F340" if cells[0].text else "F343", labels, facts)

    def _summed(self, row: Row, layout: _Layout) -> dict[str, str]:
        """The members that a total row is for; it may add over the others."""
        said: dict[str, str] = {}
        for axis, column in layout.axes.items():
            cell = row.cells[column]
            member = self._known[axis].get(folded(cell.text))
            if member is not None:
                said[axis] = member
            elif cell.text and not is_total(cell.text):
                self._note(axis, cell)
        return said

    def _total(self, row: Row, said: Mapping[str, str], layout: _Layout) -> Iterator[Finding]:
        """A total row that is not the sum of the figures for the members that it names."""
        for column, member in layout.figures.items():
            wanted = {**said, layout.wide: member} if layout.wide else said
            keys = product(*(self._wanted(axis, wanted) for axis in self.axes))
            read = [one for key in keys for one in self._of_key(key)]
            label = _labelled(row, tuple(m for m in wanted.values() if m))
            yield from total_faults(self.statistic, label, column, read)

    def _wanted(self, axis: str, wanted: Mapping[str, str | None]) -> Sequence[str]:
        member = wanted.get(axis)
        return self.axes[axis] if member is None else (member,)

    # ------------------------------------------------------------ what is not there

    def _missing(self) -> Iterator[Finding]:
        """The places without a figure: whole combinations, whole recipients, and single ones."""
        keys = list(self._keys())
        lacking = {
            key: [place for place in self._places if (key, place) not in self.placed]
            for key in keys
        }
        absent = sum(map(len, lacking.values()))
        if absent:
            total = len(keys) * len(self._places)
            named = list(self._missing_named(lacking))
            missing = (*named[:MAX_NAMED], *(["…"] if len(named) > MAX_NAMED else []))
            yield finding(
                "F342",
                self.origin.span,
                key="file",
                statistic=self.statistic.name.text,
                count=absent,
                total=total,
                missing=missing,
            )

    def _missing_named(self, lacking: Mapping[Key, Sequence[int]]) -> Iterator[Value]:
        everyone = len(self._places)
        some = [key for key, places in lacking.items() if len(places) < everyone]
        gone = [place for place in self._places if all(place in lacking[key] for key in some)]
        for key, places in lacking.items():
            if len(places) == everyone:
                alone = not self.statistic.per_recipient
                cell = ", ".join(key)
                yield cell if alone else Phrase("grid.for_everyone", {"cell": cell})
        for place in gone if some else ():
            yield Phrase("grid.everywhere", {"name": self._recipient(place)})
        for key in some:
            for place in lacking[key]:
                if place not in gone:
                    yield f"{self._recipient(place)} ({', '.join(key)})"

    def _recipient(self, place: int) -> str:
        recipient = self.register.recipients[place]
        return f"{recipient.code} {recipient.name}"


def _differ(members: Sequence[str]) -> bool:
    return len({folded(member) for member in members}) == len(members)


def _only(sheet: Sheet, kept: Sequence[int]) -> Sheet:
    """A table with some of its columns."""
    rows = tuple(tuple(row[column] for column in kept) for row in sheet.rows)
    return evolve(sheet, header=tuple(sheet.header[column] for column in kept), rows=rows)


def _labelled(row: Row, key: Key) -> Row:
    """The row with its place in the grid as what it is called in messages."""
    who = row.claims[-1].text if row.claims else ""
    text = ", ".join(filter(None, (who, *key)))
    return evolve(row, claims=(*row.claims, Claim(row.cells[0], text, None)))


def _resembling(text: str, known: Sequence[str]) -> str | None:
    wanted = folded(text)
    if len(wanted) > LONGEST_MEMBER:
        return None
    by_folded = {folded(one): one for one in known}
    close = get_close_matches(wanted, by_folded, n=1, cutoff=LIKENESS)
    return by_folded[close[0]] if close else None
