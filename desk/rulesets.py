"""From the paths on a command line to rulesets: a folder, a rule file, a folder of rulesets."""

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from attrs import frozen

from desk.usage import Misuse, closest
from engine.files import Folder
from engine.outcome import Outcome
from engine.pipeline import RULE_FILES, run_ruleset

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

    def run(self) -> Outcome:
        """Read, check and evaluate it."""
        return run_ruleset(self.folder, self.rule_file)


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
    return file.removeprefix(outcome.files.shown(""))


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
