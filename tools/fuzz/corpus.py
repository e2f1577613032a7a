"""The real files that are damaged: every ruleset, example and error case of the repository."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from attrs import frozen

from engine.inputs.files import Memory
from engine.inputs.rule_file import RULE_FILES

ROOT = Path(__file__).parents[2]
_FOLDERS = ("rulesets/*/*", "examples/*", "tests/errors/*")

# Rulesets with more bytes than this take long to run; what is special in them stands in smaller.
MAX_BYTES = 60_000


@frozen
class Base:
    """A ruleset with all its files.

    Attributes:
        name: the folder in the repository.
        files: bytes by path.
        folder: where the ruleset is among its files, when it has neighbours.
    """

    name: str
    files: Mapping[str, bytes]
    folder: str = ""

    @property
    def rules(self) -> str | None:
        """The path of the rule file."""
        start = f"{self.folder}/" if self.folder else ""
        return next((start + name for name in RULE_FILES if start + name in self.files), None)

    def memory(self, **changed: bytes) -> Memory:
        """Its files as the engine reads them."""
        return Memory({**self.files, **changed}, self.folder)


@cache
def bases() -> tuple[Base, ...]:
    """Every ruleset, in the order of names."""
    found = sorted(path for pattern in _FOLDERS for path in ROOT.glob(pattern) if path.is_dir())
    read = (_base(path) for path in found if not path.name.startswith("_"))
    return tuple(one for one in read if one.rules and _size(one) < MAX_BYTES)


def _size(base: Base) -> int:
    return sum(map(len, base.files.values()))


def _base(folder: Path) -> Base:
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith("expected.")
    }
    years = [path.parent.as_posix() for name in files if (path := Path(name)).name in RULE_FILES]
    beside = [one for one in years if one.count("/") == 1]
    return Base(folder.relative_to(ROOT).as_posix(), files, max(beside, default=""))


@cache
def rule_lines() -> tuple[str, ...]:
    """Every line of every rule file, once; prose as well."""
    lines: dict[str, None] = {}
    for base in bases():
        if base.rules:
            lines |= dict.fromkeys(base.files[base.rules].decode("utf-8", "replace").splitlines())
    return tuple(line for line in lines if line.strip() and len(line) < 400)


@cache
def tables() -> tuple[tuple[str, bytes], ...]:
    """Every data file and published table: its name and its bytes, once."""
    endings = (".csv", ".tsv", ".txt", ".xlsx")
    found = {
        data: path
        for base in bases()
        for path, data in base.files.items()
        if path.lower().endswith(endings)
    }
    return tuple((path, data) for data, path in found.items())
