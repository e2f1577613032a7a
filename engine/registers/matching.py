"""Finds the recipient of each row of a table: by code, by name, or by both when they agree."""

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import cached_property
from itertools import takewhile
from typing import Literal

from attrs import evolve, frozen

from dsl.findings import Finding, Label, Phrase, Value, finding
from dsl.registers import Register, folded
from engine.registers.words import code_headings, heading_in, is_total, name_headings
from engine.tables.columns import headings_of
from engine.tables.sheet import MAX_FINDINGS, Cell, Sheet

# Statistics Sweden writes code and name in one cell: 01 Stockholms län.
_CODE_AND_NAME = re.compile(r"([0-9]+)\s+([^0-9\s].*)")

# No name is longer, and comparing a long text with every name takes time.
LONGEST_NAME = 100
LIKENESS = 0.75


Standing = Literal["placed", "repeated", "unknown", "disputed", "nameless", "total"]


@frozen
class Claim:
    """What one cell, or a part of it, says about whose a row is."""

    cell: Cell
    text: str
    position: int | None


@frozen
class Row:
    """A row of a table.

    Attributes:
        cells: its cells.
        standing: ``placed`` when it is a recipient's, and the first that is; else why not.
        claims: what its cells say about whose it is.
        guess: for an unknown name or code, the position that was perhaps meant.
    """

    cells: tuple[Cell, ...]
    standing: Standing
    claims: tuple[Claim, ...]
    guess: int | None = None

    @property
    def label(self) -> Cell:
        """The cell to point at: one that is not understood, if any, else the last."""
        unknown = (claim.cell for claim in self.claims if claim.position is None)
        return next(unknown, self.claims[-1].cell if self.claims else self.cells[0])

    @property
    def position(self) -> int:
        """The recipient's position in the register, for a row that is placed."""
        return next(claim.position for claim in self.claims if claim.position is not None)


@frozen
class Roster:
    """The rows of a table and their recipients.

    Attributes:
        keys: the columns that say whose a row is.
        rows: all rows, in the table's order.
        findings: rows without a name, repeated recipients, codes and names that disagree.
    """

    keys: tuple[int, ...]
    rows: tuple[Row, ...]
    findings: tuple[Finding, ...] = ()

    def having(self, *standings: Standing) -> tuple[Row, ...]:
        """The rows of these standings."""
        return tuple(row for row in self.rows if row.standing in standings)


@frozen(slots=False)
class Names:
    """A register as the texts of a table are looked up in it."""

    register: Register

    @cached_property
    def by_name(self) -> Mapping[str, int]:
        """Positions by folded name and alias."""
        return {
            folded(name): position
            for position, one in enumerate(self.register.recipients)
            for name in (one.name, *one.aliases)
        }

    @cached_property
    def by_code(self) -> Mapping[str, int]:
        """Positions by code; also without leading zeros, which spreadsheets drop: 1 is 01."""
        codes = {folded(one.code): place for place, one in enumerate(self.register.recipients)}
        plain = {code.lstrip("0"): place for code, place in codes.items() if code.isdecimal()}
        return {**plain, **codes} if len(plain) == len(codes) else codes

    def find(self, text: str) -> int | None:
        """The position that a name or a code stands for."""
        wanted = folded(text)
        return self.by_name.get(wanted, self.by_code.get(wanted))

    def parts(self, text: str) -> tuple[str, ...]:
        """The texts that each name a recipient: code and name when a cell has both."""
        both = _CODE_AND_NAME.fullmatch(text)
        return (both[1], both[2]) if both and self.find(text) is None else (text,)

    def resembling(self, text: str) -> int | None:
        """The recipient whose name is most like the text, if any is.

        A name with which the text begins, word by word, is nearest; and of several that are alike
        the one with the longest beginning in common.
        """
        wanted = folded(text)
        if len(wanted) > LONGEST_NAME:
            return None
        begun = [name for name in self.by_name if wanted.startswith(f"{name} ")]
        close = begun or get_close_matches(wanted, self.by_name, cutoff=LIKENESS)
        best = max(close, key=lambda name: _beginning(name, wanted), default=None)
        return None if best is None else self.by_name[best]


def _beginning(one: str, other: str) -> int:
    """How many characters two texts have in common from their beginning."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def match_rows(
    sheet: Sheet, register: Register, value: int | None = None, *, once: bool = True
) -> Roster | Finding:
    """Find each row's recipient.

    Args:
        sheet: the table.
        register: whom its rows may be for.
        value: a column that holds figures, whatever it looks like.
        once: whether a recipient may have one row only.

    Returns:
        The rows with their recipients, or why no column says whose a row is.
    """
    names = Names(register)
    code = _code_column(sheet, names, value)
    name = _name_column(sheet, names, {code, value})
    keys = tuple(column for column in (code, name) if column is not None)
    if not keys:
        return without_keys(sheet, register)
    for cell in (sheet.header[column] for column in keys):
        if all(names.find(part) is not None for part in names.parts(cell.text)):
            return finding("F337", cell.span, key="here", file=sheet.file, text=cell.text)
    return _roster(sheet, names, keys, once=once)


# ---------------------------------------------------------------- columns


def _code_column(sheet: Sheet, names: Names, value: int | None) -> int | None:
    """The column headed as codes; else the first column, if it has nothing but codes."""
    headings = code_headings(names.register.noun)
    column = heading_in(headings, [cell.text for cell in sheet.header])
    if column is not None and column != value:
        return column
    first = [row[0].text for row in sheet.rows if row[0].text]
    codes = {folded(one.code) for one in names.register.recipients}
    # Figures may look like codes, but then hardly all, and all different.
    alike = len(first) > 1 and len(set(first)) == len(first) and codes.issuperset(first)
    return 0 if alike and value != 0 else None


def _name_column(sheet: Sheet, names: Names, taken: set[int | None]) -> int | None:
    """The column with the most names of recipients; else the one headed as names."""
    columns = [column for column in range(len(sheet.header)) if column not in taken]
    counts = {column: _count_names(sheet, names, column) for column in columns}
    best = max(counts, key=lambda column: counts[column], default=None)
    if best is not None and counts[best]:
        return best
    headings = [cell.text if c in counts else "" for c, cell in enumerate(sheet.header)]
    return heading_in(name_headings(names.register.noun), headings)


def _count_names(sheet: Sheet, names: Names, column: int) -> int:
    texts = (row[column].text for row in sheet.rows)
    return sum(1 for text in texts if folded(names.parts(text)[-1]) in names.by_name)


def without_keys(sheet: Sheet, register: Register) -> Finding:
    """The finding for a table in which no column says whose a row is."""
    headings = headings_of(sheet, range(len(sheet.header)))
    example = next((one.name for one in register.recipients), "")
    facts: dict[str, Value] = {"file": sheet.file, "headings": headings, "example": example}
    return finding("F323", sheet.start, key="here", **facts)


# ---------------------------------------------------------------- rows


def _roster(sheet: Sheet, names: Names, keys: tuple[int, ...], *, once: bool) -> Roster:
    rows: list[Row] = []
    found: list[Finding] = []
    first: dict[int, Row] = {}
    unknown = 0
    for cells in sheet.rows:
        row = _judged(cells, tuple(_claims(cells, keys, names)))
        if row.standing == "placed":
            if not once or first.setdefault(row.position, row) is row:
                rows.append(row)
                continue
            row = evolve(row, standing="repeated")
            found.append(_repeated(row, first[row.position], names.register))
        elif row.standing == "unknown" and row.guess is None and unknown < MAX_FINDINGS:
            unknown += 1
            row = evolve(row, guess=names.resembling(row.label.text))
        elif row.standing in {"disputed", "nameless"}:
            found.append(_in_doubt(row, names.register))
        rows.append(row)
    return Roster(keys, tuple(rows), tuple(found))


def _claims(cells: Sequence[Cell], keys: tuple[int, ...], names: Names) -> Iterator[Claim]:
    for cell in (cells[column] for column in keys):
        if cell.text:
            yield from (Claim(cell, part, names.find(part)) for part in names.parts(cell.text))


def _judged(cells: tuple[Cell, ...], claims: tuple[Claim, ...]) -> Row:
    places = [claim.position for claim in claims if claim.position is not None]
    if not claims:
        return Row(cells, "nameless", claims)
    if any(is_total(claim.text) for claim in claims if claim.position is None):
        return Row(cells, "total", claims)
    if len(places) < len(claims):
        return Row(cells, "unknown", claims, guess=places[0] if places else None)
    return Row(cells, "placed" if len(set(places)) == 1 else "disputed", claims)


def _repeated(row: Row, first: Row, register: Register) -> Finding:
    labels = (Label(row.label.span, "again"), Label(first.label.span, "first"))
    return Finding("F302", labels, {"name": register.recipients[row.position].name})


def _in_doubt(row: Row, register: Register) -> Finding:
    if row.standing == "nameless":
        return finding("F335", row.label.span, key="here")
    one, other = row.claims[0], row.claims[-1]
    labels = (Label(other.cell.span, "name"), Label(one.cell.span, "code"))
    whose = [register.recipients[claim.position or 0].name for claim in (one, other)]
    facts = {"code": one.text, "name": other.text, "by_code": whose[0], "by_name": whose[1]}
    return Finding("F309", labels, facts)


def unknown(row: Row, register: Register) -> Finding:
    """The finding for a row whose name or code is not in the register."""
    text = next((claim.text for claim in row.claims if claim.position is None), "")
    facts: dict[str, Value] = {"text": text, "noun": Phrase(f"data.{register.noun}")}
    if row.guess is not None:
        meant = register.recipients[row.guess]
        facts.update(suggestion=meant.name, code=meant.code)
    return finding("F305", row.label.span, key="here", **facts)
