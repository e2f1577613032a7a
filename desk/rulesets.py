"""From the paths on a command line to rulesets: a folder, a rule file, a folder of rulesets."""

import os
import stat
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from posixpath import relpath

from attrs import frozen

from desk.usage import Misuse, closest
from engine.files import Folder
from engine.outcome import Outcome
from engine.pipeline import run_ruleset
from engine.rule_file import RULE_FILES, rule_file
from engine.stack import AS_IS, Variant, read_stack

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

    def run(self, variant: Variant = AS_IS) -> Outcome:
        """Read, check and evaluate it."""
        return run_ruleset(self.folder, self.rule_file, variant)

    def all_variants(self) -> tuple[Outcome, ...]:
        """It as it is, then before its first change, from each change on, and in each scenario."""
        usual = self.run()
        if usual.stack is None:
            return (usual,)
        days = usual.stack.layers.days
        first = [day - timedelta(days=1) for day in days[:1] if day > date.min]
        before = [*first, *days[:-1]]
        variants = [Variant(at=day) for day in before]
        variants += [Variant(scenario=name) for name in usual.stack.layers.scenarios]
        return (usual, *map(self.run, variants))


def chosen(path: str, day: date | None, scenario: str | None) -> tuple[Place, Variant]:
    """The version of a ruleset in force on a day, and which of its changes hold in a run."""
    place = at_day(one_ruleset(path), day)
    return place, variant_of(place, day, scenario)


def at_day(place: Place, day: date | None) -> Place:
    """The version of a ruleset that is in force on a day."""
    if day is None:
        return place
    from engine.versions import version_in_force, versions_of

    found = version_in_force(place.folder, day)
    if found is None:
        first = next((one.from_day for one in versions_of(place.folder) if one.from_day), day)
        raise Misuse("no_version_at", day=day.isoformat(), first=first.isoformat())
    if found.name == place.folder.name:
        return place
    shown = place.folder.prefix.rstrip("/")
    beside = os.path.normpath(os.path.join(shown, os.pardir, found.name))  # noqa: PTH118 - as shown
    return Place(_folder(beside if shown else os.path.join(os.pardir, found.name)))  # noqa: PTH118


def variant_of(place: Place, day: date | None, scenario: str | None) -> Variant:
    """A variant whose scenario the ruleset has, whatever its capitals."""
    if scenario is None:
        return Variant(at=day)
    name, _ = rule_file(place.folder, place.rule_file)
    if name is None:
        return Variant(at=day)
    known = {one.casefold(): one for one in read_stack(place.folder, name).layers.scenarios}
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
