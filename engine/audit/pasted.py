"""Reads pasted text: the tables in it, however they were broken, and the sums that it states.

A row is a line that begins with a recipient's name, or with that of a total, and has nothing but
numbers after it. Cells stand between tabs or semicolons; where only blanks are left, the numbers
are told apart by their groups of three and by rows that add up.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from attrs import field, frozen

from dsl.findings import Finding, finding
from dsl.numbers import BLANKS
from dsl.source import Span, split_lines
from engine.audit.budget import Budget
from engine.audit.parting import numbers_of
from engine.registers import builtin
from engine.registers.matching import Names
from engine.registers.words import is_total
from engine.tables.sheet import Cell, Sheet

NOUNS = ("region", "county", "municipality")

# Limits against hostile or mistaken files.
MAX_LINES = 20_000
MAX_LINE = 2_000
MAX_TABLES = 20
MAX_AMOUNTS = 60

# So many ways of telling numbers apart are tried in a whole text.
MAX_SPLITS_IN_ALL = 120_000

# So many names that are not known are compared with all that are.
MAX_COMPARED = 60

_MARKUP = re.compile(r"</?[A-Za-z][^<>]{0,60}>|\*\*")
# A code, a name, numbers. No two parts of it can take the same characters, so that a line that
# is no row is seen to be none in time that grows with its length, and not with powers of two.
_NAME = r"(?:[0-9]{1,4}\s+)?[^\s0-9](?:[^0-9]*[^\s:0-9])?"
_ROW = re.compile(rf"({_NAME})[\s:]+([-−]?[0-9](?:[0-9{BLANKS}]|[-−](?=[0-9]))*)")
_FOOTNOTE = re.compile(r"(?<=[^\W\d_])(?:[0-9]{1,2}\)|\*+)(?=\s)")
_IS_NUMBER = re.compile(rf"[-−]?[0-9][0-9{BLANKS},.]*")
_AMOUNT = re.compile(
    rf"(?<![0-9,.])([1-9][0-9]{{0,2}}(?:[{BLANKS}][0-9]{{3}})+|[1-9][0-9]{{5,17}})(?![0-9]|,[0-9])"
)


@frozen
class Stated:
    """A sum of money that the text states.

    Attributes:
        amount: in kronor.
        span: its place.
    """

    amount: int
    span: Span


@frozen
class Pasted:
    """What a text has.

    Attributes:
        sheets: its tables.
        stated: the sums in its sentences, each once.
        findings: why a table could not be read.
    """

    sheets: tuple[Sheet, ...]
    stated: tuple[Stated, ...]
    findings: tuple[Finding, ...]


@frozen
class _Line:
    """A line: its place, its texts between marks, and whether they stood between tabs."""

    span: Span
    texts: tuple[str, ...]
    parted: bool


@frozen
class _Block:
    """The rows of one table."""

    header: _Line | None
    rows: list[_Line] = field(factory=list)
    names: set[str] = field(factory=set)


def read_pasted(file: str, sha256: str, text: str) -> Pasted:
    """The tables and the stated sums of a text."""
    lines = split_lines(text)
    if len(lines) > MAX_LINES:
        span = Span(file, MAX_LINES, 1, 2)
        return Pasted((), (), (finding("F803", span, key="here", limit=MAX_LINES),))
    read = [
        _line(Span(file, number, 1, len(line) + 1, line))
        for number, line in enumerate(lines, 1)
        if line.strip() and len(line) <= MAX_LINE
    ]
    blocks = list(islice(_blocks(read), MAX_TABLES)) or list(islice(_own(read), MAX_TABLES))
    budget = Budget(MAX_SPLITS_IN_ALL)
    taken = {row.span.line for block in blocks for row in block.rows}
    found = [_sheet(file, sha256, block, budget) for block in blocks]
    sheets = tuple(one for one in found if isinstance(one, Sheet))
    faults = tuple(one for one in found if isinstance(one, Finding))
    return Pasted(sheets, tuple(_stated(lines, taken, file)), faults)


def _line(span: Span) -> _Line:
    text = _MARKUP.sub("", span.text)
    mark = next((mark for mark in "\t;" if mark in text), None)
    if mark:
        return _Line(span, tuple(part.strip() for part in text.split(mark)), parted=True)
    row = _ROW.fullmatch(_FOOTNOTE.sub("", text.strip()))
    return _Line(span, (row[1].strip(), row[2].strip()) if row else (text.strip(),), parted=False)


# ---------------------------------------------------------------- rows of tables


def _blocks(lines: Sequence[_Line]) -> Iterator[_Block]:
    """Lines that belong to one table: until a recipient comes again, or after the total."""
    known = _Known.all()
    block: _Block | None = None
    header: _Line | None = None
    for line in lines:
        name = known.named(line, inside=block is not None)
        if name is None:
            if line.parted and (block is None or len(line.texts) != len(block.rows[0].texts)):
                header = line
            continue
        if block and (name in block.names or _other_shape(block.rows[0], line)):
            yield block
            block = None
        if block is None:
            fits = header is not None and len(header.texts) == len(line.texts) and line.parted
            block = _Block(header if fits else None)
        block.rows.append(line)
        block.names.add(name)
        if name == "":
            yield block
            block, header = None, None
    if block:
        yield block


def _own(lines: Sequence[_Line]) -> Iterator[_Block]:
    """Tables of names that are in no register: lines of one shape between marks."""
    block: _Block | None = None
    header: _Line | None = None
    for line in lines:
        is_row = line.parted and any(map(_IS_NUMBER.fullmatch, line.texts[1:]))
        is_row = is_row and bool(line.texts[0]) and not _IS_NUMBER.fullmatch(line.texts[0])
        if block and (not is_row or _other_shape(block.rows[0], line)):
            yield block
            block, header = None, None
        if not is_row:
            header = line if line.parted else None
            continue
        if block is None:
            fits = header is not None and len(header.texts) == len(line.texts)
            block = _Block(header if fits else None)
        block.rows.append(line)
        block.names.add("" if is_total(line.texts[0]) else line.texts[0])
    if block:
        yield block


def _other_shape(one: _Line, other: _Line) -> bool:
    return one.parted != other.parted or len(one.texts) != len(other.texts)


@frozen
class _Known:
    """The recipients of all registers of the program."""

    names: tuple[Names, ...]
    comparisons: Budget

    @classmethod
    def all(cls) -> "_Known":
        registers = (builtin(noun) for noun in NOUNS)
        return cls(tuple(Names(one) for one in registers if one), Budget(MAX_COMPARED))

    def named(self, line: _Line, *, inside: bool) -> str | None:
        """Whose row it is, in a table's terms; empty for a total, None for no row at all."""
        if len(line.texts) < 2:  # noqa: PLR2004 - a name and a number
            return None
        numbers = line.texts[1:] if line.parted else line.texts[1:2]
        if not any(re.search("[0-9]", text) for text in numbers):
            return None
        for text in line.texts[:2] if line.parted else line.texts[:1]:
            if is_total(text):
                return "" if inside else None
            code = self._code(text, inside and line.parted)
            if code is not None:
                return code
        return None

    def _code(self, text: str, resembling: bool) -> str | None:
        """The code of the recipient with this name, or with one much like it."""
        for names in self.names:
            name = names.parts(text)[-1]
            place = None if name.isdecimal() else names.find(name)
            if place is not None:
                return names.register.recipients[place].code
        for names in self.names if resembling and self.comparisons.take() else ():
            place = names.resembling(text)
            if place is not None:
                return names.register.recipients[place].code
        return None


# ---------------------------------------------------------------- cells


def _sheet(file: str, sha256: str, block: _Block, budget: Budget) -> Sheet | Finding | None:
    if sum(1 for name in block.names if name) < 2:  # noqa: PLR2004 - one row is no table
        return None
    if block.rows[0].parted:
        rows = [_cells(row.span, row.texts) for row in block.rows]
    else:
        texts = [row.texts[1] for row in block.rows]
        numbers = numbers_of(texts, budget)
        if numbers is None:
            span = block.rows[0].span
            return finding("F802", span, key="here", file=file)
        rows = [
            _cells(row.span, (row.texts[0], *texts))
            for row, texts in zip(block.rows, numbers, strict=True)
        ]
    first = rows[0]
    header = (
        _cells(block.header.span, block.header.texts)
        if block.header
        else tuple(Cell("", cell.span) for cell in first)
    )
    return Sheet(file, sha256, header, tuple(rows))


def _cells(span: Span, texts: Sequence[str]) -> tuple[Cell, ...]:
    """Cells with their places on the line."""
    cells, at = [], 0
    for text in texts:
        start = span.text.find(text, at) if text else at
        start = at if start < 0 else start
        at = start + len(text)
        place = Span(span.file, span.line, start + 1, max(at, start + 1) + 1, span.text)
        cells.append(Cell(" ".join(text.split()), place))
    return tuple(cells)


# ---------------------------------------------------------------- sums in sentences


def _stated(lines: Sequence[str], taken: set[int], file: str) -> Iterator[Stated]:
    seen: set[int] = set()
    for number, line in enumerate(lines, 1):
        if number in taken or len(line) > MAX_LINE:
            continue
        for match in _AMOUNT.finditer(line):
            amount = int(re.sub(r"\D", "", match[1]))
            if amount not in seen and len(seen) < MAX_AMOUNTS:
                seen.add(amount)
                span = Span(file, number, match.start() + 1, match.end() + 1, line)
                yield Stated(amount, span)
