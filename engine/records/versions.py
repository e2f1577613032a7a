"""The versions of one allocation within a budget year: which replaces which, and from what day."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import chain
from typing import Literal
from unicodedata import normalize

from attrs import frozen

from dsl import syntax as s
from dsl.document import read_document
from dsl.findings import Finding, Label, Phrase, errors, finding
from dsl.overlay import layers
from dsl.program import first
from dsl.words import HEADS
from engine.inputs.files import Files, Unreadable
from engine.inputs.rule_file import RULE_FILES, rule_file
from engine.records.lock import locked_changes, read_lock

_SAY_REPLACES = tuple(chain.from_iterable(HEADS["REPLACES"].values()))


@frozen
class Version:
    """One version: a ruleset's folder and what its rules say of it.

    Attributes:
        files: its files.
        rules: the name of its rule file.
        document: its statements, without its sections.
        adopted: the day of its adoption; None for a draft.
    """

    files: Files
    rules: str
    document: s.Document
    adopted: date | None

    @property
    def name(self) -> str:
        """The name of its folder."""
        return self.files.name

    @property
    def replaces(self) -> s.Replaces | None:
        """The line that says which version it replaces."""
        return first(self.document, s.Replaces)

    @property
    def from_day(self) -> date | None:
        """The day from which it holds: said, else its decision's, else the budget year's first."""
        said = first(self.document, s.InForce)
        if said is not None:
            return said.day
        decision, year = first(self.document, s.Decision), self.year
        if decision is not None and decision.day is not None:
            return decision.day
        return date(year, 1, 1) if year else None

    @property
    def year(self) -> int | None:
        """The budget year."""
        said = first(self.document, s.BudgetYear)
        return said.year if said else None

    @property
    def title(self) -> str:
        """What the ruleset is called."""
        said = first(self.document, s.RulesetName)
        return said.text if said else self.name


def version_at(files: Files) -> Version | None:
    """The version in a folder, unless its rules cannot be read."""
    name, _ = rule_file(files, None)
    if name is None:
        return None
    reading = read_document(files.shown(name), files.read(name))
    if errors(reading.findings):
        return None
    lock, _ = read_lock(files, name)
    document, adopted = layers(reading.document).document, lock.adopted if lock else None
    return Version(files, name, document, adopted)


def versions_of(files: Files) -> tuple[Version, ...]:
    """Every version of the allocation that a ruleset is a version of, in order of their days."""
    found = {files.name: version_at(files), **_beside(files)}
    known = {name: one for name, one in found.items() if one is not None}
    family = {files.name}
    while True:
        linked = {
            end
            for name, one in known.items()
            if one.replaces and (ends := {name, one.replaces.ruleset}) & family
            for end in ends
        }
        if linked <= family:
            break
        family |= linked
    chosen = [one for name, one in known.items() if name in family]
    return tuple(sorted(chosen, key=lambda one: (one.from_day or date.min, one.name)))


def _beside(files: Files) -> Mapping[str, Version]:
    """The rulesets of the same year."""
    found = {one.name: version_at(one) for one in _siblings(files)}
    return {name: version for name, version in found.items() if version is not None}


def _siblings(files: Files) -> Iterator[Files]:
    for name in files.siblings():
        try:
            yield files.sibling(name)
        except Unreadable:
            continue


def _may_replace(files: Files, replaced: str) -> bool:
    """Whether rules have the words in them with which they would replace another ruleset."""
    return any(_mentions(data, replaced) for data in _rules(files))


def _mentions(data: bytes, wanted: str) -> bool:
    # Reading rules takes far longer than looking for words in them.
    text = normalize("NFC", data.decode("utf-8", "replace")).casefold()
    return wanted in text and any(word in text for word in _SAY_REPLACES)


def _rules(files: Files) -> Iterator[bytes]:
    for name in RULE_FILES:
        try:
            yield files.read(name)
        except Unreadable:
            continue


def version_in_force(files: Files, day: date) -> Version | None:
    """The version in force on a day; None when none is yet."""
    begun = [one for one in versions_of(files) if (one.from_day or date.min) <= day]
    return begun[-1] if begun else None


# ---------------------------------------------------------------- what can be wrong


def replaced_findings(files: Files, document: s.Document) -> Iterator[Finding]:
    """What is wrong with the version that a ruleset says it replaces."""
    said = first(document, s.Replaces)
    if said is not None:
        yield from _replaced(files, said, document)


def successor_findings(successors: Iterable[Version], document: s.Document) -> Iterator[Finding]:
    """Who replaces a ruleset."""
    # Rules that cannot be read have no first line to say it of.
    for start in document.statements[:1]:
        for one in successors:
            day = one.from_day.isoformat() if one.from_day else ""
            yield finding("N701", start.span, "", ruleset=one.name, title=one.title, day=day)


def successors(files: Files) -> Iterator[Version]:
    """The versions that say that they replace this one."""
    for beside in _siblings(files):
        version = version_at(beside) if _may_replace(beside, files.name) else None
        if version and version.replaces and version.replaces.ruleset == files.name:
            yield version


def _replaced(files: Files, said: s.Replaces, document: s.Document) -> Iterator[Finding]:
    try:
        before = version_at(files.sibling(said.ruleset))
    except Unreadable as error:
        why = Phrase(f"data.{error.reason_key}")
        yield finding("F712", said.span, "here", ruleset=said.ruleset, why=why)
        return
    own = Version(files, "", document, None)
    if before is None or said.ruleset == files.name:
        yield finding("F712", said.span, "here", ruleset=said.ruleset, why=Phrase("data.missing"))
    elif before.year != own.year:
        yield finding("F713", said.span, "here", ruleset=said.ruleset, year=str(before.year))
    elif (own.from_day or date.min) <= (before.from_day or date.min):
        days = {
            "day": own.from_day.isoformat() if own.from_day else "",
            "before": before.from_day.isoformat() if before.from_day else "",
        }
        yield Finding("F714", (Label(said.span, "here"),), {"ruleset": said.ruleset, **days})


Status = Literal["draft", "adopted", "replaced", "changed"]


def status_of(version: Version) -> Status:
    """Adopted when it is locked; replaced when it is, and so is one that replaces it."""
    lock, damaged = read_lock(version.files, version.rules)
    if damaged or (lock and locked_changes(lock, version.files)):
        return "changed"
    if version.adopted is None:
        return "draft"
    adoptions = (one.adopted for one in successors(version.files))
    return "replaced" if any(adoptions) else "adopted"
