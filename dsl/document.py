"""Puts the lines of a rule file together into one document: which line belongs where."""

from collections.abc import Mapping
from typing import Any

from attrs import evolve, frozen

from dsl import syntax as s
from dsl.findings import Exact, Finding, Phrase, Value, finding
from dsl.numbers import Language
from dsl.parser import ParsedLine, parse_line
from dsl.repair import not_understood, repair
from dsl.source import Fault, RuleLine, Source, Span, read_source
from dsl.words import HEADS

# What each kind of inner line belongs under, and how that statement's head is called.
_HOMES: Mapping[type, tuple[type, ...]] = {
    s.FromFile: (s.Statistic,),
    s.FromRuleset: (s.Statistic,),
    s.Citation: (s.Statistic,),
    s.AsOf: (s.Statistic,),
    s.Recovered: (s.Statistic,),
    s.Bound: (s.Statistic,),
    s.SumsTo: (s.Statistic,),
    s.Growth: (s.Statistic,),
    s.Rung: (s.Steps,),
    s.Post: (s.Appropriation,),
    s.Flow: (s.Post, s.Pot),
    s.DeletedLine: (s.Post, s.Pot),
    s.Adjustment: (s.Pot,),
    s.Column: (s.Table,),
    s.Total: (s.Table,),
    s.RowPer: (s.Table,),
    s.Facit: (s.Table,),
    s.Remark: (s.Table,),
}
_HEAD_TOKENS: Mapping[type, str] = {
    s.Statistic: "STATISTIC",
    s.Appropriation: "APPROPRIATION",
    s.Post: "POST",
    s.Pot: "POT",
    s.Table: "TABLE",
    s.Steps: "STEPS",
}

# Heads of sections: every statement after them belongs to them.
_SECTIONS = ("AMENDMENT", "WHAT_IF")

# A file with more unreadable lines is not a rule file with slips in it; searching takes time.
MAX_REPAIRS = 40


@frozen
class Reading:
    """What reading a rule file gave.

    Attributes:
        document: its statements; lines that could be mended are in it as mended.
        findings: what could not be read.
        damaged: places of statements that lost a line, whose sums would mean nothing.
        lost: the lines that are not in it.
    """

    document: s.Document
    findings: tuple[Finding, ...]
    damaged: frozenset[Span] = frozenset()
    lost: tuple[RuleLine, ...] = ()


def read_document(file: str, data: bytes) -> Reading:
    """Read the bytes of a rule file into a document."""
    return assemble(read_source(file, data))


def assemble(source: Source) -> Reading:
    """Parse every line and put it where it belongs."""
    language = language_of(source.lines)
    assembly = _Assembly(language)
    for line in source.lines:
        assembly.add(line)
    document = s.Document(language, assembly.statements())
    faults = tuple(_fault_finding(fault) for fault in source.faults)
    findings = (*faults, *assembly.findings)
    return Reading(document, findings, frozenset(assembly.damaged), tuple(assembly.lost))


def is_inner(node: s.Node) -> bool:
    """Whether a line belongs under another statement."""
    return type(node) in _HOMES


def homes(sort: type[s.Node]) -> tuple[str, ...]:
    """The words that open the statements a line of this kind belongs under; none by itself."""
    return tuple(_HEAD_TOKENS[home] for home in _HOMES.get(sort, ()))


def language_of(lines: tuple[RuleLine, ...]) -> Language:
    """The language that opens most lines; Swedish when neither does."""
    english = sum(_opens(line, "en") for line in lines)
    return "en" if english > sum(_opens(line, "sv") for line in lines) else "sv"


def _opens(line: RuleLine, language: Language) -> bool:
    start = line.code.casefold()
    return any(
        start == form.casefold() or start.startswith(form.casefold() + " ")
        for forms in HEADS.values()
        for form in forms[language]
    )


def _fault_finding(fault: Fault) -> Finding:
    data: dict[str, Value] = {
        key: Exact(value) if isinstance(value, int) else str(value)
        for key, value in fault.data.items()
    }
    return finding(fault.code, fault.span, key="here", **data)


class _Assembly:
    """The statements read so far; the last one, and its last item, are open for more lines."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._open: list[tuple[Any, list[Any]]] = []
        # Whether the first line of a statement is lost, so that its other lines have no place.
        self._headless = False
        # Whether any line of it is lost, that others may belong to.
        self._incomplete = False
        self._unread = 0
        self.findings: list[Finding] = []
        self.damaged: set[Span] = set()
        self.lost: list[RuleLine] = []

    def add(self, line: RuleLine) -> None:
        if not line.readable:
            self._lose(line)
            return
        parsed = parse_line(line, self._language)
        if isinstance(parsed, ParsedLine):
            self._place(line, parsed.node)
            return
        self._unread += 1
        mend = repair if self._unread <= MAX_REPAIRS else not_understood
        mended = mend(parsed, self._language)
        self.findings.append(mended.finding)
        if mended.node is not None:
            self._place(line, mended.node)
        elif self._begins_section(line):
            # What follows holds only in the section, whose day or name is not known.
            self._place(line, s.WhatIf(line.code, span=line.span))
        else:
            self._lose(line)

    def _begins_section(self, line: RuleLine) -> bool:
        forms = (form for head in _SECTIONS for form in HEADS[head][self._language])
        return any(line.code.casefold().startswith(f"{form} ") for form in forms)

    def statements(self) -> tuple[s.Statement, ...]:
        return tuple(_closed(node, parts) for node, parts in self._open)

    def _place(self, line: RuleLine, node: s.Node) -> None:
        homes = _HOMES.get(type(node))
        if homes is None:
            self._open.append((node, []))
            self._headless = self._incomplete = False
            return
        parts = self._home(homes)
        if self._headless or (parts is None and self._incomplete):
            self.lost.append(line)
        elif parts is not None:
            parts.append((node, []))
        else:
            self.findings.append(_homeless(node, homes, self._language))
            self._lose(line)

    def _home(self, homes: tuple[type, ...]) -> list[Any] | None:
        """The open statement or item of one of these kinds, innermost first."""
        if not self._open:
            return None
        node, parts = self._open[-1]
        if parts and isinstance(parts[-1][0], homes):
            inner: list[Any] = parts[-1][1]
            return inner
        return parts if isinstance(node, homes) else None

    def _lose(self, line: RuleLine) -> None:
        """Leave a line out.

        By its margin it belonged to the open statement, which is then no longer whole, or was the
        first line of another one. Nowhere else does a margin mean anything.
        """
        self.lost.append(line)
        self._incomplete = True
        if not self._open or line.span.column <= self._open[-1][0].span.column:
            self._headless = True
            return
        node, parts = self._open[-1]
        self.damaged.add(node.span)
        if parts:
            self.damaged.add(parts[-1][0].span)


def _closed(node: Any, parts: list[Any]) -> Any:
    if not parts:
        return node
    return evolve(node, parts=tuple(_closed(inner, deeper) for inner, deeper in parts))


def _homeless(node: s.Node, homes: tuple[type, ...], language: Language) -> Finding:
    heads = [Phrase(f"head.{_HEAD_TOKENS[home]}", wording=language) for home in homes]
    either = Phrase("either.or", {"one": heads[0], "other": heads[-1]})
    head = either if len(heads) > 1 else heads[0]
    form = Phrase(f"form.{_HEAD_TOKENS[homes[-1]]}", wording=language)
    return finding("F009", node.span, key="here", head=head, form=form)
