"""``fordela audit``: a table as published, what gives it, and what must lie behind it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from attrs import frozen

from desk.commands.shared import FINE, FOUND, as_json, complain
from desk.parsing import VerbCommand, Word
from desk.speaker import Speaker
from desk.terminal import send_data
from desk.usage import Misuse, closest

if TYPE_CHECKING:
    from dsl.findings import Finding
    from engine.audit.columns import Audit
    from engine.audit.judging import Given
    from engine.inputs.files import Files

# Notes that something in the table is wrong, not only how it is written.
_WRONG = frozenset({"N803", "N805", "N806"})

_NOT_DIGITS = re.compile(r"[\s_]")
_RANGE = re.compile(r"([0-9]{1,15})[-–]([0-9]{1,15})")


@frozen
class _Said:
    """What the user says beside the table: the options by their names."""

    key: tuple[str, ...]
    rules: str | None
    pot: str | None
    between: str | None
    column: str | None


@click.pass_obj
def _audit(speaker: Speaker, /, table: str, form: str, **options: Any) -> int:
    from desk.report.audit import audit_page
    from engine.audit.judging import Request, audit

    said = _Said(**options)
    keys: list[Given] = []
    faults: list[Finding] = []
    for one in said.key:
        given, more = _keys(one)
        keys += given
        faults += more
    keys += _of_rules(said.rules) if said.rules else []
    request = Request(tuple(keys), _pot(said.pot), _between(said.between), said.column)
    folder, name = _file(table)
    found, findings = audit(name, folder, request)
    findings = (*faults, *findings)
    _require_column(found, said.column, table)
    if form == "json":
        from desk.data.audit_json import audit_data

        send_data()
        speaker.result(as_json(audit_data(found, findings)))
    elif found.columns:
        speaker.result(audit_page(found, speaker))
    complain(findings, speaker)
    return _code(found, findings)


def _code(found: Audit, findings: tuple[Finding, ...]) -> int:
    wrong = any(one.severity == "error" or one.code in _WRONG for one in findings)
    return FOUND if wrong or not all(one.accounted_for for one in found.columns) else FINE


def _file(path: str) -> tuple[Files, str]:
    """The folder and the name of a file that there is."""
    from engine.inputs.files import Folder

    place = Path(path)
    try:
        there = place.is_file()
    except (OSError, ValueError):
        there = False
    if not there:
        raise Misuse("no_such_path", path=path)
    parent = place.parent.as_posix()
    return Folder(place.parent, "" if parent == "." else f"{parent.rstrip('/')}/"), place.name


def _keys(text: str) -> tuple[tuple[Given, ...], tuple[Finding, ...]]:
    """The keys of ``FILE`` or ``FILE:COLUMN``."""
    from engine.audit.judging import given_keys

    path, column = text, None
    if ":" in text and not Path(text).is_file():
        last, _, heading = text.rpartition(":")
        first, _, headed = text.partition(":")
        path, column = (last, heading) if Path(last).is_file() else (first, headed)
    folder, name = _file(path)
    keys, findings = given_keys(name, None, folder)
    if not keys:
        raise Misuse("no_key", path=path)
    wanted = [one for one in enumerate(keys, 1) if column in {None, one[1].name, str(one[0])}]
    if not wanted:
        names = tuple(dict.fromkeys(one.name for one in keys))
        raise Misuse(
            "no_such_column",
            closest(column or "", names),
            path=path,
            column=column or "",
            names=names,
        )
    return tuple(one for _, one in wanted), findings


def _of_rules(path: str) -> list[Given]:
    """The statistics of a ruleset, one number for each recipient."""
    from desk.rulesets import one_ruleset
    from engine.audit.judging import Given
    from engine.column import Column

    outcome = one_ruleset(path).run()
    found = []
    for name, figures in outcome.figures.items():
        if isinstance(figures.column, Column) and len(figures.column) == len(figures.register):
            found.append(Given(name, figures.register, dict(enumerate(figures.column.values))))
    if not found:
        raise Misuse("no_key", path=path)
    return found


def _pot(text: str | None) -> int | None:
    if text is None:
        return None
    digits = _NOT_DIGITS.sub("", text)
    if not re.fullmatch("[0-9]{1,15}", digits) or int(digits) == 0:
        raise Misuse("no_amount", option="--pot", value=text)
    return int(digits)


def _between(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    found = _RANGE.fullmatch(_NOT_DIGITS.sub("", text))
    if found is None or not 0 < int(found[1]) <= int(found[2]):
        raise Misuse("no_range", option="--between", value=text)
    return int(found[1]), int(found[2])


def _require_column(found: Audit, column: str | None, path: str) -> None:
    if column is None or found.columns or not found.document.tables:
        return
    names = tuple(one.heading for table in found.document.tables for one in table.columns)
    raise Misuse("no_such_column", closest(column, names), path=path, column=column, names=names)


command = VerbCommand(
    "audit",
    callback=_audit,
    params=[
        click.Argument(["table"], type=click.Path()),
        click.Option(["--key"], multiple=True, metavar="FILE[:COLUMN]"),
        click.Option(["--rules"], metavar="PATH"),
        click.Option(["--pot"], metavar="AMOUNT"),
        click.Option(["--between"], metavar="LOW-HIGH"),
        click.Option(["--column"], metavar="HEADING"),
        Word(["--format", "form"], words=("table", "json"), default="table"),
    ],
)
