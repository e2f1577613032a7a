"""From the paths on a command line to rulesets: a folder, a rule file, a folder of rulesets."""

import os
import stat
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from posixpath import relpath

from attrs import frozen

from desk.usage import Misuse, closest
from engine.inputs.files import Folder
from engine.inputs.rule_file import RULE_FILES
from engine.inputs.stack import Variant
from engine.outcome import Outcome
from engine.pipeline import Opened, open_ruleset, run_variant

# Why a rule file could not be read at all: wrong use rather than something found in it.
_UNREADABLE = frozenset({"F010", "F011", "F012", "F020", "F021", "F022"})


@frozen
class Place:
    """Where a ruleset is.

    Attributes:
        folder: its folder.
        rule_file: its rule file, when it was named.
    """

    folder: Folder
    rule_file: str | None = None

    def open(self) -> Opened:
        """Read its rules, once for all variants of it."""
        return open_ruleset(self.folder, self.rule_file)

    def run(self) -> Outcome:
        """Read, check and evaluate it as it is."""
        return run_variant(self.open())


def chosen(path: str, day: date | None, scenario: str | None) -> tuple[Opened, Variant]:
    """The version of a ruleset in force on a day, and which of its changes hold in a run."""
    opened = at_day(one_ruleset(path), day).open()
    return opened, variant_of(opened, day, scenario)


def at_day(place: Place, day: date | None) -> Place:
    """The version of a ruleset that is in force on a day."""
    if day is None:
        return place
    from engine.records.versions import version_in_force, versions_of

    found = version_in_force(place.folder, day)
    if found is None:
        first = next((one.from_day for one in versions_of(place.folder) if one.from_day), day)
        raise Misuse("no_version_at", day=day.isoformat(), first=first.isoformat())
    if found.name == place.folder.name:
        return place
    shown = place.folder.prefix.rstrip("/")
    beside = os.path.normpath(os.path.join(shown, os.pardir, found.name))  # noqa: PTH118 - as shown
    return Place(_folder(beside if shown else os.path.join(os.pardir, found.name)))  # noqa: PTH118


def variant_of(opened: Opened, day: date | None, scenario: str | None) -> Variant:
    """A variant whose scenario the ruleset has, whatever its capitals."""
    if scenario is None or opened.rules is None:
        return Variant(at=day)
    known = {one.casefold(): one for one in opened.rules.own.scenarios}
    wanted = " ".join(scenario.split()).casefold()
    if wanted not in known:
        close = closest(wanted, known)
        names = tuple(known.values())
        key = "no_such_scenario" if names else "no_scenarios"
        raise Misuse(key, known[close] if close else None, scenario=scenario, names=names)
    return Variant(day, known[wanted])


def one_ruleset(path: str) -> Place:
    """The ruleset at a path; refused when there is none, or more than one."""
    places = list(_at(path))
    if len(places) > 1:
        paths = tuple(place.folder.prefix.rstrip("/") for place in places)
        raise Misuse("several_rulesets", path=path, paths=paths)
    return places[0]


def all_rulesets(paths: Sequence[str]) -> list[Place]:
    """Every ruleset at and below some paths."""
    return [place for path in paths for place in _at(path)]


def is_unreadable(outcome: Outcome) -> bool:
    """Whether there were no rules to read."""
    return any(finding.code in _UNREADABLE for finding in outcome.findings)


def relative(outcome: Outcome, file: str) -> str:
    """A file's name as the ruleset's own folder has it."""
    return relpath(file, outcome.files.shown("") or ".")


def _at(path: str) -> Iterator[Place]:
    try:
        mode = Path(path).stat().st_mode
    except PermissionError:
        raise Misuse("denied", path=path) from None
    except (OSError, ValueError):
        raise Misuse("no_such_path", _sibling_like(path), path=path) from None
    if not stat.S_ISDIR(mode):
        parent, name = os.path.split(path)
        yield Place(_folder(parent), name)
        return
    below = list(_below(path))
    yield from below or [Place(_folder(path))]


def _below(path: str) -> Iterator[Place]:
    """The rulesets in a folder and the folders in it, but none within another."""
    for folder, inner, files in os.walk(path):
        if set(RULE_FILES) & set(files):
            inner.clear()
            yield Place(_folder(folder))
        inner[:] = sorted(name for name in inner if not name.startswith("."))


def _folder(path: str) -> Folder:
    """The folder, whose files messages name as the user would."""
    shown = Path(path).as_posix()
    return Folder(Path(path), "" if shown == "." else f"{shown.rstrip('/')}/")


def _sibling_like(path: str) -> str | None:
    """The name beside a missing one that resembles it."""
    parent, name = os.path.split(path.rstrip("/"))
    try:
        names = [one.name for one in Path(parent).iterdir()]
    except (OSError, ValueError):
        return None
    close = closest(name, names)
    return Path(parent, close).as_posix() if close else None
