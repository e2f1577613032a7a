"""Leaves out findings that only follow from another one: one mistake, one finding.

A line that cannot be read may hold what another line is said to lack; a misspelt name is why the
right one gets nothing; and notes about rules that do not hold are mostly their echo.
"""

import re
from collections.abc import Iterable, Iterator

from dsl.document import Reading
from dsl.findings import Finding, Phrase, errors
from dsl.source import RuleLine
from dsl.words import HEADS

# Findings that say that a name is missing; under which key they have it.
_ABOUT_NAMES = {"F101": "name", "F113": "name", "F208": "pot", "F140": "name"}

# Findings that say that a line is missing; the word that would open it.
_ABOUT_LINES = {
    "F401": "ROUND",
    "F402": "ROUND",
    "F409": "FROM",
    "F410": "SOURCE",
    "F411": "COLUMN",
}

# Findings that the loss of a statement's first line brings about elsewhere.
_AFTER_A_LOST_HEAD = {"F101", "F113", "F204", "F208"}

# What an unknown name may have been meant to be; it is then written wrongly where it stands.
_MEANT = {"suggestion", "opening", "per", "each", "shared"}

# Findings that say that a statement lacks one of its lines.
_ABOUT_PARTS = {"F409", "F410", "F411", "F213"}


def without_aftermath(findings: Iterable[Finding], reading: Reading) -> tuple[Finding, ...]:
    """The findings that would remain if the lost lines and misspelt names were mended."""
    findings = tuple(findings)
    meant = {str(one.data["suggestion"]) for one in findings if "suggestion" in one.data}
    kept = tuple(one for one in findings if not _follows_from_loss(one, reading))
    kept = tuple(one for one in kept if one.code != "F208" or one.data["pot"] not in meant)
    if any(one.code == "F009" for one in kept):
        # The first line of a statement is gone, with a name that others use or money for them.
        kept = tuple(one for one in kept if one.code not in _AFTER_A_LOST_HEAD)
    kept = tuple(_each_unknown_name_once(kept))
    return errors(kept) or kept


def _each_unknown_name_once(findings: Iterable[Finding]) -> Iterator[Finding]:
    """A name that resembles no other is missing in one place, wherever it is used."""
    known: set[object] = set()
    for one in sorted(findings, key=lambda one: one.code != "F113"):
        missing = one.code in {"F101", "F113"} and not one.data.keys() & _MEANT
        if not (missing and one.data["name"] in known):
            yield one
        if missing:
            known.add(one.data["name"])


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
