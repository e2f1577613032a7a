"""Shows findings: in a terminal, as JSON, as annotations on GitHub, and as SARIF."""

from collections.abc import Iterable, Mapping
from string import Formatter
from typing import Any
from urllib.parse import quote

from desk.excerpt import Place, cleaned, excerpt, wrap_text
from dsl.catalogue import LANGUAGES, findings_table, phrase, sentences, shown
from dsl.findings import Exact, Finding, Kronor, Label, Percent, Phrase, Value
from dsl.numbers import Language
from dsl.source import Span

WIDTH = 100

_SARIF = "https://json.schemastore.org/sarif-2.1.0.json"
_CODES = {"error": "1;31", "note": "1;33", "quiet": "2", "help": "32"}


# ---------------------------------------------------------------- in a terminal


def render(finding: Finding, language: Language, color: bool = False, width: int = WIDTH) -> str:
    """A finding for a terminal: the title, the lines it points at, why, and the ways out."""
    said = sentences(finding, language)
    places = [
        Place(label.span, cleaned(text), number == 0)
        for number, (label, text) in enumerate(zip(finding.labels, said.labels, strict=True))
    ]
    drawn = excerpt(places, width)
    margin = " " * (drawn[-1].index("│") if drawn else 1)
    remarks = [("note", text) for text in said.notes] + [("help", text) for text in said.helps]
    head = f"{phrase(f'finding.{finding.severity}', language)}[{finding.code}]: "
    lines = _hanging(head, said.title, width)
    lines += drawn if remarks else drawn[:-1]
    for kind, text in remarks:
        lines += _hanging(f"{margin}= {phrase(f'finding.{kind}', language)}: ", text, width)
    return "\n".join(_painted(lines, head, finding.severity) if color else lines) + "\n"


def _hanging(head: str, text: str, width: int) -> list[str]:
    """Text after its head, continued below where it began."""
    first, *more = wrap_text(cleaned(text), width - len(head))
    return [head + first, *(" " * len(head) + line for line in more)]


def _painted(lines: list[str], head: str, severity: str) -> list[str]:
    bold = _CODES[severity]
    title = lines[0].replace(head, f"\x1b[{bold}m{head.rstrip()}\x1b[0m ", 1)
    return [title, *(_painted_line(line, bold) for line in lines[1:])]


def _painted_line(line: str, bold: str) -> str:
    """Gutters are quiet; marks and what stands beside them are not."""
    gutter, bar, rest = line.partition("│")
    if not bar:
        return f"\x1b[{_CODES['quiet']}m{line}\x1b[0m" if "╭─▸" in line else line
    marked = rest.lstrip()
    if marked.startswith("^"):
        rest = f"\x1b[{bold}m{rest}\x1b[0m"
    elif marked.startswith("-") and not gutter.strip():
        rest = f"\x1b[{_CODES['help']}m{rest}\x1b[0m"
    return f"\x1b[{_CODES['quiet']}m{gutter}{bar}\x1b[0m{rest}"


def explain(code: str, language: Language) -> str:
    """What a code means in general.

    Raises:
        KeyError: there is no such code.
    """
    texts = findings_table()[code.upper()][language]
    title = f"{code.upper()}: {template(texts['title'])}"
    return "\n\n".join(["\n".join(wrap_text(title, WIDTH)), *_paragraphs(texts)]) + "\n"


def _paragraphs(texts: Mapping[str, Any]) -> Iterable[str]:
    if "about" in texts:
        yield "\n".join(wrap_text(texts["about"], WIDTH))


def template(text: str) -> str:
    """A sentence of the catalogue with … where a finding has its own values."""
    parts = Formatter().parse(text)
    return "".join(before + ("…" if name else "") for before, name, _, _ in parts)


# ---------------------------------------------------------------- for other programs


def as_json(finding: Finding) -> dict[str, Any]:
    """A finding as data, with its sentences in every language."""
    said = {language: sentences(finding, language) for language in LANGUAGES}
    return {
        "code": finding.code,
        "severity": finding.severity,
        "places": [
            {
                **_place(label.span),
                "label": {language: said[language].labels[number] for language in LANGUAGES},
            }
            for number, label in enumerate(finding.labels)
        ],
        "title": {language: said[language].title for language in LANGUAGES},
        "notes": {language: list(said[language].notes) for language in LANGUAGES},
        "helps": {language: list(said[language].helps) for language in LANGUAGES},
        "data": {key: plain(value) for key, value in finding.data.items()},
    }


def _place(span: Span) -> dict[str, Any]:
    found = {"file": span.file, "line": span.line, "column": span.column, "end": span.end}
    return {**found, "cell": span.cell} if span.cell else found


def plain(value: Value) -> str:
    """A value for programs: exact, without unit or grouping (``750000000``, ``61093/10557682``)."""
    match value:
        case Kronor(number) | Exact(number) | Percent(number):
            return str(number)
        case tuple():
            return ", ".join(map(plain, value))
        case Phrase():
            return shown(value, "en")
    return str(value)


def github(findings: Iterable[Finding], language: Language, folder: str = "") -> str:
    """Workflow commands that put each finding on its line in a GitHub review.

    Args:
        findings: what was found.
        language: the language of the messages.
        folder: the ruleset's folder within the repository, put before the files' names.
    """
    return "".join(_annotation(one, language, folder) for one in findings)


def _annotation(finding: Finding, language: Language, folder: str) -> str:
    said, span = sentences(finding, language), finding.span
    where = {
        "file": _path(span, folder),
        "line": span.line,
        "endLine": span.line,
        "col": span.column,
        "endColumn": max(span.end - 1, span.column),
        "title": finding.code,
    }
    properties = ",".join(f"{key}={_escaped(str(value), ':,')}" for key, value in where.items())
    command = "error" if finding.severity == "error" else "notice"
    message = "\n".join((said.title, *said.notes, *said.helps))
    return f"::{command} {properties}::{_escaped(message)}\n"


def _escaped(text: str, more: str = "") -> str:
    for character in "%\r\n" + more:
        text = text.replace(character, f"%{ord(character):02X}")
    return text


def _path(span: Span, folder: str) -> str:
    return f"{folder.rstrip('/')}/{span.file}" if folder else span.file


def sarif(findings: Iterable[Finding], language: Language, folder: str = "") -> dict[str, Any]:
    """A SARIF 2.1.0 log of findings, for code scanning and editors; arguments as ``github``."""
    findings = tuple(findings)
    codes = sorted({one.code for one in findings})
    driver = {"name": "Fördela", "rules": [_rule(code, language) for code in codes]}
    results = [_result(one, codes.index(one.code), language, folder) for one in findings]
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    return {"$schema": _SARIF, "version": "2.1.0", "runs": [run]}


def _rule(code: str, language: Language) -> dict[str, Any]:
    texts = findings_table()[code][language]
    about = " ".join(texts.get("about", texts["title"]).split())
    return {
        "id": code,
        "shortDescription": {"text": template(texts["title"])},
        "fullDescription": {"text": about},
        "defaultConfiguration": {"level": "note" if code.startswith("N") else "error"},
    }


def _result(finding: Finding, rule: int, language: Language, folder: str) -> dict[str, Any]:
    said = sentences(finding, language)
    pairs = list(zip(finding.labels, said.labels, strict=True))
    return {
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": finding.severity,
        "message": {"text": "\n".join((said.title, *said.notes, *said.helps))},
        "locations": [_location(*pairs[0], folder)],
        "relatedLocations": [_location(*pair, folder) for pair in pairs[1:]],
    }


def _location(label: Label, text: str, folder: str) -> dict[str, Any]:
    span = label.span
    physical: dict[str, Any] = {"artifactLocation": {"uri": quote(_path(span, folder))}}
    found: dict[str, Any] = {"physicalLocation": physical}
    if span.text:
        physical["region"] = {
            "startLine": span.line,
            "startColumn": span.column,
            "endLine": span.line,
            "endColumn": span.end,
        }
    if span.cell:
        found["logicalLocations"] = [{"fullyQualifiedName": span.cell}]
    return {**found, "message": {"text": text}} if text else found
