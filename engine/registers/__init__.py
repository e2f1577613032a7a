"""The registers of recipients: those of the program, and an author's own from a file."""

from collections.abc import Iterator, Sequence
from functools import cache

from attrs import frozen

from dsl.findings import Finding, Label, errors, finding
from dsl.registers import Recipient, Register, folded
from dsl.source import Span
from engine.inputs.files import Files, package_data
from engine.registers.nesting import Member, columns_of, placed
from engine.registers.words import (
    ALIAS_HEADINGS,
    code_headings,
    heading_in,
    is_total_in_register,
    name_headings,
)
from engine.tables import load, read_sheet
from engine.tables.columns import headings_of
from engine.tables.sheet import Cell, Sheet, capped

# The file of each kind, and the territories that it covers.
_BUILT_IN = {
    "region": ("regioner.csv", "län"),
    "county": ("lan.csv", "län"),
    "municipality": ("kommuner.csv", "kommun"),
}


@cache
def builtin(noun: str) -> Register | None:
    """The register that comes with the program for a kind of recipients, if there is one.

    Regions and counties are different recipients over the same territories: their codes agree,
    and a statistic for one serves the other.
    """
    if noun not in _BUILT_IN:
        return None
    name, territory = _BUILT_IN[noun]
    sheet, _ = read_sheet(name, package_data(__name__, name))
    return _register(noun, territory, sheet)[0] if sheet else None


def read_register(
    noun: str,
    path: str,
    files: Files,
    span: Span | None = None,
    areas: Sequence[Register] = (),
) -> tuple[Register | None, tuple[Finding, ...]]:
    """Read an author's own register.

    Args:
        noun: the kind of recipients, a key of ``words.NOUNS``.
        path: a table with the columns ``kod`` and ``namn``, and perhaps ``alias`` (several
            between ``|``), or the same in English; and for larger areas a column headed by
            their noun, such as ``län``.
        files: where it is.
        span: the line of the rules that names it.
        areas: the registers of the larger areas that the rules share among.
    """
    sheet, found = load(path, span or Span(files.shown(path), 1, 1, 1), files)
    if sheet is None:
        return None, found
    register, more = _register(noun, path, sheet, areas)
    found = capped((*found, *more), sheet.file)
    return (None if errors(found) else register), found


def within_areas(
    register: Register, areas: Sequence[Register], span: Span
) -> tuple[Register, tuple[Finding, ...]]:
    """A register of the program with the larger areas in which its recipients lie, by code."""
    found: list[Finding] = []
    for one in areas:
        members = [Member(each, None, ()) for each in register.recipients]
        register, faults = placed(register, one, members, span)
        found += faults
    return register, tuple(found)


@frozen
class _Entry:
    """A recipient and the cells that say so."""

    recipient: Recipient
    code: Cell
    name: Cell
    row: tuple[Cell, ...]


def _register(
    noun: str, territory: str, sheet: Sheet, areas: Sequence[Register] = ()
) -> tuple[Register | None, tuple[Finding, ...]]:
    columns = _Columns.of(sheet, noun)
    if columns is None:
        headings = headings_of(sheet, range(len(sheet.header)))
        found = finding("F336", sheet.start, key="here", file=sheet.file, headings=headings)
        return None, (found,)
    entries = sorted((_entry(row, columns) for row in sheet.rows), key=_in_code_order)
    register = Register(noun, territory, tuple(entry.recipient for entry in entries))
    faults = tuple(one for entry in entries for one in _faults_of(entry))
    if not areas:
        return register, (*faults, *_shared_keys(entries))
    register, misplaced = _nested(register, areas, sheet, columns, entries)
    # Whoever stands in two areas stands there twice.
    twice = () if any(one.code == "F352" for one in misplaced) else _shared_keys(entries)
    return register, (*faults, *twice, *misplaced)


def _nested(
    register: Register,
    areas: Sequence[Register],
    sheet: Sheet,
    columns: "_Columns",
    entries: list["_Entry"],
) -> tuple[Register, list[Finding]]:
    """The register with the larger areas in which its recipients lie."""
    taken = {columns.code, columns.name, columns.alias}
    found: list[Finding] = []
    for one in areas:
        where = columns_of(one.noun, sheet, taken)
        members = [
            Member(each.recipient, each.code, tuple(each.row[place] for place in where))
            for each in entries
        ]
        register, faults = placed(register, one, members, sheet.start)
        found += faults
    return register, found


@frozen
class _Columns:
    """Which column has the codes, the names, the aliases."""

    code: int
    name: int
    alias: int | None

    @classmethod
    def of(cls, sheet: Sheet, noun: str) -> "_Columns | None":
        texts = [cell.text for cell in sheet.header]
        code = heading_in(code_headings(noun), texts)
        name = heading_in(name_headings(noun), texts)
        if code is None or name is None:
            return None
        return cls(code, name, heading_in(ALIAS_HEADINGS, texts))


def _in_code_order(entry: _Entry) -> tuple[int, str]:
    code = entry.recipient.code
    # 2 comes before 10; a code with letters after those without.
    return (int(code), code) if code.isdecimal() and code.isascii() else (10**9, code)


def _entry(row: tuple[Cell, ...], columns: _Columns) -> _Entry:
    code, name = row[columns.code], row[columns.name]
    texts = row[columns.alias].text.split("|") if columns.alias is not None else []
    aliases = tuple(" ".join(text.split()) for text in texts if text.strip())
    return _Entry(Recipient(code.text, " ".join(name.text.split()), aliases), code, name, row)


def _faults_of(entry: _Entry) -> Iterator[Finding]:
    if is_total_in_register(entry.recipient.code, entry.recipient.name):
        yield finding("F332", entry.name.span, key="here", text=entry.recipient.name)
    elif not entry.recipient.code or not entry.recipient.name:
        empty = entry.name if entry.recipient.code else entry.code
        yield finding("F330", empty.span, key="here")


def _shared_keys(entries: list[_Entry]) -> Iterator[Finding]:
    """Codes, names and aliases that stand for more than one recipient."""
    first: dict[str, _Entry] = {}
    for entry in entries:
        for key in _keys(entry.recipient):
            other = first.setdefault(key, entry)
            if other is not entry:
                labels = (Label(entry.code.span, "again"), Label(other.code.span, "first"))
                yield Finding("F331", labels, {"text": key})


def _keys(recipient: Recipient) -> set[str]:
    names = {folded(name) for name in (recipient.name, *recipient.aliases)}
    return {name for name in (*names, folded(recipient.code)) if name}
