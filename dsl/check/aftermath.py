"""Leaves out findings that only follow from another one: one mistake, one finding.

A line that cannot be read may hold what another line is said to lack; a misspelt name is why the
right one gets nothing; and notes about rules that do not hold are mostly their echo.
"""

import re
from collections.abc import Iterable

from dsl.document import Reading
from dsl.findings import Finding, Phrase, errors
from dsl.source import RuleLine
from dsl.words import HEADS

# Findings that say that a name is missing; under which key they have it.
_ABOUT_NAMES = {"F101": "name", "F113": "name", "F208": "pot"}

# Findings that say that a line is missing; the word that would open it.
_ABOUT_LINES = {
    "F401": "ROUND",
    "F402": "ROUND",
    "F409": "FROM",
    "F410": "SOURCE",
    "F411": "COLUMN",
}

# Findings that say that a statement lacks one of its lines.
_ABOUT_PARTS = {"F409", "F410", "F411", "F213"}


def without_aftermath(findings: Iterable[Finding], reading: Reading) -> tuple[Finding, ...]:
    """The findings that would remain if the lost lines and misspelt names were mended."""
    findings = tuple(findings)
    meant = {str(one.data["suggestion"]) for one in findings if "suggestion" in one.data}
    kept = tuple(one for one in findings if not _follows_from_loss(one, reading))
    kept = tuple(one for one in kept if one.code != "F208" or one.data["pot"] not in meant)
    if any(one.code == "F009" for one in kept):
        # The first line of a statement is gone, and with it a name that others may use.
        kept = tuple(one for one in kept if one.code not in {"F101", "F113"})
    return errors(kept) or kept


def _follows_from_loss(one: Finding, reading: Reading) -> bool:
    if one.code in _ABOUT_PARTS and one.span in reading.damaged:
        return True
    if one.code in _ABOUT_NAMES:
        name = str(one.data[_ABOUT_NAMES[one.code]])
        return any(_mentions(line, name) for line in reading.lost)
    token = _missing_line(one)
    return token is not None and any(_opens_with(line, token) for line in reading.lost)


def _missing_line(one: Finding) -> str | None:
    """The word that would open the line that a finding says is missing."""
    head = one.data.get("head")
    if one.code == "F407" and isinstance(head, Phrase):
        return head.key.removeprefix("head.")
    return _ABOUT_LINES.get(one.code)


def _mentions(line: RuleLine, name: str) -> bool:
    return re.search(rf"(?i)(?<!\w){re.escape(name)}(?!\w)", line.code) is not None


def _opens_with(line: RuleLine, token: str) -> bool:
    forms = (form for forms in HEADS[token].values() for form in forms)
    return any(line.code.casefold().startswith(form) for form in forms)
