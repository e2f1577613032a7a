"""The registers of all kinds of recipients, and larger areas, that a ruleset's rules name."""

from collections.abc import Callable, Iterator

from dsl import syntax as s
from dsl.catalogue import phrase
from dsl.findings import Finding, Phrase, Value, finding
from dsl.printer import print_line
from dsl.program import Symbol, first, noun_of_table, statements
from dsl.registers import Register, Registers
from dsl.source import Span
from engine.inputs.files import Files
from engine.registers import builtin, read_register, within_areas

FilesOf = Callable[[s.Recipients], Files]


def declared(document: s.Document, files_of: FilesOf) -> tuple[Registers, tuple[Finding, ...]]:
    """Find or read every register that the rules need.

    Args:
        document: the rules.
        files_of: where the file of a line about recipients is.
    """
    registers: dict[str, Register] = {}
    findings: dict[str, tuple[Finding, ...]] = {}
    for statement in statements(document, s.Recipients):
        if statement.path is not None:
            noun, files = statement.noun, files_of(statement)
            register, findings[noun] = read_register(noun, statement.path, files, statement.span)
            if register is not None:
                registers[noun] = register
    for noun in sorted(nouns(document) - findings.keys()):
        register = builtin(noun)
        if register is not None:
            registers[noun] = register
        elif not any(findings.values()):
            findings[noun] = (_no_register(document, noun),)
    findings |= _nest(document, registers, files_of)
    return registers, tuple(one for found in findings.values() for one in found)


def nouns(document: s.Document) -> set[str]:
    """The kinds of recipients that the rules name: they need the register of each."""
    found = {one.noun for one in statements(document, s.Recipients)}
    found |= {one.noun for one in statements(document, s.Statistic) if one.noun}
    found |= {one.noun for one in statements(document, s.Pot) if one.noun}
    return found | {areas.noun for _, areas in _levels(document)}


def _no_register(document: s.Document, noun: str) -> Finding:
    sorts = s.Recipients | s.Statistic | s.Pot
    named: list[s.Recipients | s.Statistic | s.Pot | s.Within | s.RowPer] = [
        one for one in document.statements if isinstance(one, sorts)
    ]
    named += [areas for _, areas in _levels(document)]
    users = (one for one in named if one.noun == noun)
    listed = s.Recipients(noun, f"data/{phrase('example.recipients', document.language)}.csv")
    data: dict[str, Value] = {
        "nouns": Phrase(f"nouns.{noun}"),
        "line": print_line(listed, document.language),
    }
    return finding("F412", next(users).span, "here", **data)


# ---------------------------------------------------------------- recipients within larger areas


def _nest(
    document: s.Document, registers: dict[str, Register], files_of: FilesOf
) -> dict[str, tuple[Finding, ...]]:
    """Find out in which larger areas recipients lie, where lines or tables need to know.

    A register from a file is read once more, so what is found replaces what was found before.
    """
    lists = {one.noun: one for one in statements(document, s.Recipients) if one.path}
    wanted: dict[str, dict[str, Span]] = {}
    for noun, areas in _levels(document):
        known = noun in registers or noun in lists
        if noun != areas.noun and known and areas.noun in registers:
            wanted.setdefault(noun, {}).setdefault(areas.noun, areas.span)
    findings: dict[str, tuple[Finding, ...]] = {}
    for noun, places in wanted.items():
        larger, listed = [registers[one] for one in places], lists.get(noun)
        if listed is None or listed.path is None:
            span = next(iter(places.values()))
            registers[noun], findings[noun] = within_areas(registers[noun], larger, span)
        else:
            files = files_of(listed)
            register, findings[noun] = read_register(noun, listed.path, files, listed.span, larger)
            registers |= {noun: register} if register is not None else {}
    return findings


def _levels(document: s.Document) -> Iterator[tuple[str, s.Within | s.RowPer]]:
    """A kind of recipients and of larger areas: of lines in two levels, and of tables per area."""
    default = first(document, s.Recipients)
    usual = default.noun if default else ""
    for pot in statements(document, s.Pot):
        noun = pot.noun or usual
        yield from ((noun, flow.within) for flow in pot.flows if flow.within is not None)
    symbols = {one.name.text: one for one in document.statements if isinstance(one, Symbol)}
    for table in statements(document, s.Table):
        if table.row_per is not None:
            yield noun_of_table(symbols, usual, table), table.row_per
