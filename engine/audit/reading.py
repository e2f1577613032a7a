"""Reads a table to audit: from CSV, a workbook or pasted text, with its faults told and mended."""

import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from hashlib import sha256

from attrs import frozen

from dsl.findings import Exact, Finding, errors, finding
from dsl.registers import Recipient, Register
from dsl.source import Span
from engine.audit.pasted import MAX_TABLES, NOUNS, Stated, read_pasted
from engine.inputs.files import Files, Unreadable
from engine.inputs.published import PublishedCell, PublishedColumn
from engine.registers import builtin
from engine.registers.matching import Roster, Row, match_rows, unknown
from engine.registers.words import is_total
from engine.tables import kind_of, load, read_sheet
from engine.tables.columns import free_columns
from engine.tables.numbers import Number, is_blank, read_number
from engine.tables.sheet import Cell, Sheet, capped, too_large

# Limits against hostile or mistaken files.
MAX_ROWS = 500
MAX_COLUMNS = 30
MAX_AMOUNT = 10**15

# A table that lacks a larger part of a register's recipients is of something else.
MOST_MISSING = Fraction(1, 4)

_PROSE = frozenset({"md", "text", "txt"})
_TEXTS = frozenset({"csv", "tsv"})
_WORKBOOKS = frozenset({"xlsx", "xlsm"})

_MONEY = re.compile(r"\bkr\b|kronor|\bsek\b|kronas?\b", re.IGNORECASE)


@frozen
class Table:
    """A table as it was published.

    Attributes:
        number: from 1, as the tables come in the file.
        file: the file's name as a message gives it.
        sha256: fingerprint of the file's bytes, in hexadecimal.
        register: its recipients.
        columns: its columns of numbers.
        places: the recipients' positions in the register that have a row, in code order.
    """

    number: int
    file: str
    sha256: str
    register: Register
    columns: tuple[PublishedColumn, ...]
    places: tuple[int, ...]


@frozen
class Document:
    """What a file has: its tables, and the sums that its sentences state."""

    tables: tuple[Table, ...]
    stated: tuple[Stated, ...]


def read_document(path: str, files: Files) -> tuple[Document, tuple[Finding, ...]]:
    """Read a file: a table, or a text that has some."""
    file = files.shown(path)
    span = Span(file, 1, 1, 1)
    try:
        data = files.read(path)
    except Unreadable:
        return Document((), ()), load(path, span, files)[1]
    ending = path.rpartition(".")[2].lower()
    sheet, found = read_sheet(file, data) if ending not in _PROSE else (None, ())
    more: tuple[Finding, ...] = ()
    if sheet is not None and not errors(found):
        tables, more = _tables([sheet])
        if tables or ending in _WORKBOOKS:
            return Document(tables, ()), capped((*found, *more, *_none(tables, more, span)), file)
    if ending not in _PROSE | _TEXTS or kind_of(data) not in {"text", "web"}:
        return Document((), ()), found or read_sheet(file, data)[1]
    pasted = read_pasted(file, sha256(data).hexdigest(), _decoded(data))
    tables, in_text = _tables(pasted.sheets)
    # Of a file that is no table in either way, what is wrong with it as CSV says more.
    faults = (*pasted.findings, *in_text) if tables else (*more, *pasted.findings, *in_text)
    return Document(tables, pasted.stated), capped((*faults, *_none(tables, faults, span)), file)


def _none(tables: Sequence[Table], found: Sequence[Finding], span: Span) -> Iterator[Finding]:
    """The finding for a file without a table, unless another says why."""
    if not tables and not errors(tuple(found)):
        yield finding("F801", span, key="here", file=span.file)


def _decoded(data: bytes) -> str:
    """Pasted text as Windows or anyone else may have saved it."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _tables(sheets: Sequence[Sheet]) -> tuple[tuple[Table, ...], tuple[Finding, ...]]:
    tables: list[Table] = []
    found: list[Finding] = []
    for sheet in sheets[:MAX_TABLES]:
        register = _too_large(sheet) or _register(sheet)
        if isinstance(register, Finding):
            found.append(register)
            continue
        roster = match_rows(sheet, register) if register else None
        if register is None or not isinstance(roster, Roster):
            continue
        table, more = _table(len(tables) + 1, sheet, register, roster)
        tables.append(table)
        found += more
    return tuple(tables), tuple(found)


def _too_large(sheet: Sheet) -> Finding | None:
    if len(sheet.rows) > MAX_ROWS:
        return finding("F803", sheet.start, key="here", limit=MAX_ROWS)
    if len(sheet.header) > MAX_COLUMNS:
        return too_large(sheet.file, sheet.start, "columns", MAX_COLUMNS)
    return None


# ---------------------------------------------------------------- whose rows


def _register(sheet: Sheet) -> Register | Finding | None:
    """The register that knows most of the rows; else one of the table's own names.

    A table without headings is refused: the recipient in its first row would be lost.
    """
    found: list[tuple[int, Register]] = []
    headless: Finding | None = None
    for register in filter(None, map(builtin, NOUNS)):
        roster = match_rows(sheet, register)
        if isinstance(roster, Roster):
            found.append((len(roster.having("placed")), register))
        elif roster.code == "F337":
            headless = headless or roster
    count, best = max(found, key=lambda one: one[0], default=(0, None))
    return best if 2 * count >= len(sheet.rows) - 1 and count else headless or _own_register(sheet)


def _own_register(sheet: Sheet) -> Register | None:
    """The names in the first column, which are recipients of no register; None if it has none."""
    names = dict.fromkeys(row[0].text for row in sheet.rows if row[0].text)
    own = [name for name in names if not is_total(name)]
    if not own or any(re.fullmatch(r"[0-9\s.,%-]+", one) for one in own):
        return None
    width = len(str(len(own)))
    recipients = (Recipient(f"{n:0{width}d}", name) for n, name in enumerate(own, 1))
    return Register("recipient", sheet.file, tuple(recipients))


def is_nearly_whole(rows: int, register: Register) -> bool:
    """Whether a table with so many rows is meant for all recipients."""
    return len(register) - rows <= MOST_MISSING * len(register)


def _table(
    number: int, sheet: Sheet, register: Register, roster: Roster
) -> tuple[Table, list[Finding]]:
    found = list(roster.findings)
    placed = {row.position: row for row in roster.having("placed")}
    for row in roster.having("unknown"):
        if row.guess is not None and row.guess not in placed:
            placed[row.guess] = row
            name = register.recipients[row.guess].name
            found.append(
                finding("N802", row.label.span, key="here", text=row.label.text, name=name)
            )
        else:
            found.append(unknown(row, register))
    missing = [one.name for i, one in enumerate(register.recipients) if i not in placed]
    if missing and is_nearly_whole(len(placed), register):
        span = sheet.rows[-1][0].span
        found.append(finding("N804", span, key="here", count=len(missing), missing=tuple(missing)))
    totals = roster.having("total")
    columns = []
    for at in free_columns(sheet, roster.keys):
        column, faults = _column(sheet.header[at], at, placed, totals[-1:], len(register))
        if any(column.cells):
            columns.append(column)
            found += faults
    table = Table(number, sheet.file, sheet.sha256, register, tuple(columns), tuple(sorted(placed)))
    return table, found


# ---------------------------------------------------------------- numbers


def _column(
    heading: Cell, at: int, placed: Mapping[int, Row], totals: Sequence[Row], length: int
) -> tuple[PublishedColumn, list[Finding]]:
    found: list[Finding] = []
    cells: list[PublishedCell | None] = [None] * length
    for place, row in placed.items():
        cells[place] = _number(row.cells[at], found)
    total = _number(totals[0].cells[at], found) if totals else None
    return PublishedColumn(heading.text, heading.span, tuple(cells), total), found


def _number(cell: Cell, found: list[Finding]) -> PublishedCell | None:
    """The number in a cell; broken grouping is mended and told."""
    if is_blank(cell):
        return None
    read = read_number(cell)
    if isinstance(read, Number):
        if abs(read.shown) > MAX_AMOUNT:
            found.append(finding("F804", cell.span, key="here", text=cell.text[:60]))
            return None
        return PublishedCell(read.shown, read.decimals, read.percent, cell.span)
    assert read is not None  # a cell of which a finding has spoken before is in no table here
    meant = read.data.get("suggestion")
    if isinstance(meant, Exact) and abs(Fraction(meant.value)) <= MAX_AMOUNT:
        found.append(finding("N801", cell.span, key="here", text=cell.text, number=meant))
        return PublishedCell(Fraction(meant.value), 0, False, cell.span)
    found.append(read)
    return None


def is_money(column: PublishedColumn, table: Table) -> bool:
    """Whether a column is amounts: so headed, or in a table where no heading says so."""
    if any(cell.percent for cell in column.cells if cell):
        return False
    marked = any(_MONEY.search(one.heading) for one in table.columns)
    return not marked or _MONEY.search(column.heading) is not None


def is_marked(column: PublishedColumn) -> bool:
    """Whether a column's own heading says that it is amounts."""
    return _MONEY.search(column.heading) is not None
