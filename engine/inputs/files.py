"""Where bytes come from: the files of one ruleset, and those of the rulesets beside it.

Rulesets lie at ``<root>/<year>/<name>/``. Nothing else in the engine opens a file.
"""

import os
import re
import stat
from collections.abc import Iterator, Mapping
from importlib.resources import files as package_files
from itertools import islice
from pathlib import Path
from posixpath import normpath
from typing import Literal, Protocol

from attrs import field, frozen

MAX_BYTES = 50_000_000
MAX_PATH = 500

# Enough to propose a file for a misspelt name; a folder by mistake may hold a whole disk.
MAX_LISTED = 1_000

# More folders beside one another than these are no year's rulesets.
MAX_SIBLINGS = 500

Reason = Literal["missing", "bad_path", "outside", "not_a_file", "too_large", "denied"]

_RULESET = re.compile(r"(?:([0-9]{4})/)?([a-z0-9-]{1,100})")

# Read-only, never waiting for a pipe's other end, never following a link put there meanwhile.
_OPEN_FLAGS = os.O_RDONLY
for _name in ("O_NONBLOCK", "O_NOFOLLOW", "O_CLOEXEC", "O_BINARY"):
    _OPEN_FLAGS |= getattr(os, _name, 0)


class Unreadable(Exception):  # noqa: N818 - named for the fact; callers turn it into a finding
    """A file or a ruleset that cannot be read.

    Attributes:
        reason_key: why; also the key of a phrase in the catalogue (``data.missing``).
    """

    def __init__(self, reason_key: Reason) -> None:
        super().__init__(reason_key)
        self.reason_key: Reason = reason_key


class Files(Protocol):
    """The files of one ruleset; paths are relative to its folder, with ``/``."""

    def read(self, path: str) -> bytes:
        """The bytes of a file; raises ``Unreadable``."""

    def shown(self, path: str) -> str:
        """The file's name as a message gives it."""

    def paths(self) -> tuple[str, ...]:
        """The paths that there are, sorted, to propose one for a misspelt name."""

    def sibling(self, name: str) -> "Files":
        """The files of another ruleset: ``god-och-nara-vard`` or ``2023/okad-tillganglighet``.

        A name alone means the same year. Raises ``Unreadable``.
        """

    @property
    def name(self) -> str:
        """What its siblings call this ruleset: the name of its folder."""

    def siblings(self) -> tuple[str, ...]:
        """The names of the other rulesets of the same year, sorted."""


def _absolute(path: str | Path) -> Path:
    # By spelling only: a ruleset that is itself a link has the siblings of the link's place.
    return Path(os.path.abspath(path))  # noqa: PTH100


@frozen
class Folder:
    """A ruleset's folder on disk.

    Attributes:
        root: the folder.
        prefix: what stands before its paths in messages, when it is another ruleset's.
    """

    root: Path = field(converter=_absolute)
    prefix: str = ""

    def read(self, path: str) -> bytes:
        """The bytes of a file; raises ``Unreadable``."""
        wanted = self.root / checked(path)
        try:
            return _read_regular(_inside(wanted, self.root))
        except OSError as error:
            raise Unreadable(_reason(error)) from error
        except UnicodeEncodeError as error:  # no name of a file where the locale is ASCII
            raise Unreadable("missing") from error

    def shown(self, path: str) -> str:
        """The file's name as a message gives it."""
        return self.prefix + path

    def paths(self) -> tuple[str, ...]:
        """The paths that there are, sorted; hidden ones are left out."""
        found = islice(_walk(self.root), MAX_LISTED)
        return tuple(sorted(path.relative_to(self.root).as_posix() for path in found))

    def sibling(self, name: str) -> "Folder":
        """The files of another ruleset; see ``Files``."""
        year, word = _ruleset(name)
        rulesets = self.root.parent.parent
        folder = rulesets / (year or self.root.parent.name) / word
        try:
            if not _inside(folder, rulesets).is_dir():
                raise Unreadable("missing")
        except OSError as error:
            raise Unreadable(_reason(error)) from error
        return Folder(folder, _beside(self.prefix, year, word))

    @property
    def name(self) -> str:
        """What its siblings call this ruleset."""
        return self.root.name

    def siblings(self) -> tuple[str, ...]:
        """The names of the folders beside it that could be rulesets, sorted."""
        try:
            with os.scandir(self.root.parent) as entries:
                beside = list(islice(entries, MAX_SIBLINGS + 1))
        except OSError:
            return ()
        if len(beside) > MAX_SIBLINGS:
            return ()
        names = (one.name for one in beside if one.is_dir())
        return tuple(sorted(one for one in names if _RULESET.fullmatch(one) and one != self.name))


@frozen
class Memory:
    """Files held in memory: for tests, and for the browser.

    Attributes:
        contents: bytes of all rulesets' files, under ``<year>/<name>/<path>``; or, where there is
            one ruleset only, under its paths.
        folder: the ruleset, ``<year>/<name>``; empty where there is one only.
        prefix: what stands before its paths in messages, when it is another ruleset's.
    """

    contents: Mapping[str, bytes]
    folder: str = ""
    prefix: str = ""

    def read(self, path: str) -> bytes:
        """The bytes of a file; raises ``Unreadable``."""
        data = self.contents.get(f"{self._root}{checked(path)}")
        if data is None:
            raise Unreadable("missing")
        if len(data) > MAX_BYTES:
            raise Unreadable("too_large")
        return data

    def shown(self, path: str) -> str:
        """The file's name as a message gives it."""
        return self.prefix + path

    def paths(self) -> tuple[str, ...]:
        """The paths that there are, sorted."""
        root = self._root
        return tuple(sorted(p.removeprefix(root) for p in self.contents if p.startswith(root)))

    def sibling(self, name: str) -> "Memory":
        """The files of another ruleset; see ``Files``."""
        year, word = _ruleset(name)
        folder = f"{year or self.folder.partition('/')[0]}/{word}"
        if not any(path.startswith(f"{folder}/") for path in self.contents):
            raise Unreadable("missing")
        return Memory(self.contents, folder, _beside(self.prefix, year, word))

    @property
    def name(self) -> str:
        """What its siblings call this ruleset."""
        return self.folder.rpartition("/")[2]

    def siblings(self) -> tuple[str, ...]:
        """The names of the other rulesets of the same year, sorted."""
        year = self.folder.partition("/")[0]
        places = (path.split("/") for path in self.contents)
        found = {place[1] for place in places if place[0] == year and len(place) > 2}  # noqa: PLR2004 - year, name, file
        return tuple(sorted(found - {self.name})) if self.folder else ()

    @property
    def _root(self) -> str:
        return f"{self.folder}/" if self.folder else ""


@frozen
class Recorded:
    """Files that remember what was read from them, also from the rulesets beside them.

    Attributes:
        files: the files.
        seen: bytes by path; of other rulesets by the path from this one's folder.
        above: the path from the first ruleset's folder to this one's.
        only: the paths of the files that there are, to repeat a run; None for all of them.
    """

    files: Files
    seen: dict[str, bytes] = field(factory=dict)
    above: str = ""
    only: frozenset[str] | None = None

    def read(self, path: str) -> bytes:
        """The bytes of a file; raises ``Unreadable``."""
        if self.only is not None and self.above + path not in self.only:
            raise Unreadable("missing")
        data = self.files.read(path)
        self.seen[self.above + path] = data
        return data

    def shown(self, path: str) -> str:
        """The file's name as a message gives it."""
        return self.files.shown(path)

    def paths(self) -> tuple[str, ...]:
        """The paths that there are, sorted."""
        return self.files.paths()

    def sibling(self, name: str) -> "Recorded":
        """The files of another ruleset; see ``Files``."""
        year, word = _ruleset(name)
        above = _beside(self.above, year, word)
        return Recorded(self.files.sibling(name), self.seen, above, self.only)

    @property
    def name(self) -> str:
        """What its siblings call this ruleset."""
        return self.files.name

    def siblings(self) -> tuple[str, ...]:
        """None: looking for later versions is not reading what the result depends on."""
        return ()


def checked(path: str) -> str:
    """A path that stays below its folder by its very spelling; raises ``Unreadable``."""
    parts = path.split("/")
    # A backslash or a drive letter would mean something on Windows only.
    if not path or len(path) > MAX_PATH or not path.isprintable() or set(path) & set("\\:"):
        raise Unreadable("bad_path")
    if ".." in parts or parts[0] in {"", "~"}:
        raise Unreadable("outside")
    if "" in parts or "." in parts:
        raise Unreadable("bad_path")
    return path


def package_data(package: str, name: str) -> bytes:
    """The bytes of a file that is part of the program."""
    return (package_files(package) / name).read_bytes()


def is_name(name: str) -> bool:
    """Whether a folder of this name can be pointed out by other rulesets."""
    return _RULESET.fullmatch(name) is not None


def _ruleset(name: str) -> tuple[str, str]:
    """The year, empty when not said, and the name of a ruleset."""
    match = _RULESET.fullmatch(name)
    if match is None:
        raise Unreadable("bad_path")
    return match[1] or "", match[2]


def _beside(prefix: str, year: str, word: str) -> str:
    """What stands before the paths of a ruleset beside the one whose paths have this prefix."""
    return f"{normpath(prefix + _prefix(year, word))}/"


def _prefix(year: str, word: str) -> str:
    return f"../../{year}/{word}/" if year else f"../{word}/"


def _inside(path: Path, root: Path) -> Path:
    """The path without links, when that is still below the root."""
    try:
        real = path.resolve(strict=True)
    except RuntimeError as error:  # links in a circle, before Python 3.13
        raise Unreadable("missing") from error
    if not real.is_relative_to(root.resolve(strict=True)):
        raise Unreadable("outside")
    return real


def _read_regular(path: Path) -> bytes:
    # The checks are made on what was opened: what a name stands for may change in between.
    if not stat.S_ISREG(path.stat().st_mode):
        raise Unreadable("not_a_file")
    with open(os.open(path, _OPEN_FLAGS), "rb") as opened:  # noqa: PTH123 - of a descriptor
        if not stat.S_ISREG(os.fstat(opened.fileno()).st_mode):
            raise Unreadable("not_a_file")
        data = opened.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise Unreadable("too_large")
    return data


def _reason(error: OSError) -> Reason:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return "missing"
    return "denied"


def _walk(root: Path) -> Iterator[Path]:
    for folder, below, names in os.walk(root):
        below[:] = sorted(name for name in below if not name.startswith("."))
        yield from (Path(folder, name) for name in sorted(names) if not name.startswith("."))
