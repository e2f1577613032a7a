"""Writes files, or a folder of files, that were not there: whole, and never over another."""

import os
from collections.abc import Mapping
from pathlib import Path

from desk.usage import Misuse


def require_free(target: Path) -> None:
    """Refuse a name that is taken."""
    if os.path.lexists(target):
        raise Misuse("already_there", path=str(target))


def write_new(texts: Mapping[Path, str]) -> None:
    """Write texts under names that are free; whoever reads one finds all of it, and the others."""
    for target in texts:
        require_free(target)
    written: dict[Path, Path] = {}
    named: list[Path] = []
    try:
        try:
            for target, text in texts.items():
                beside = target.with_name(f".{target.name}.{os.getpid()}")
                with beside.open("x", encoding="utf-8", newline="\n") as opened:
                    written[target] = beside
                    opened.write(text)
            for target, beside in written.items():
                _named(beside, target)
                named.append(target)
        except BaseException:
            for one in named:
                one.unlink(missing_ok=True)
            raise
        finally:
            for one in written.values():
                one.unlink(missing_ok=True)
    except FileExistsError:
        raise Misuse("already_there", path=str(target)) from None
    except OSError as error:
        raise Misuse("cannot_write", path=str(target), reason=error.strerror or "") from None


def _named(written: Path, target: Path) -> None:
    """Give a whole file its name; a second name for it, unlike a new one, replaces nothing."""
    try:
        os.link(written, target)
    except FileExistsError:
        raise
    except (OSError, AttributeError):  # a file system without second names
        require_free(target)
        written.rename(target)


def write_folder(target: Path, contents: Mapping[str, bytes]) -> None:
    """Write new files by their paths; never into a folder that has something in it."""
    if target.is_symlink() or (target.exists() and not _is_empty_folder(target)):
        raise Misuse("already_there", path=folder_shown(target))
    try:
        for name, data in contents.items():
            path = target / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as opened:
                opened.write(data)
    except OSError as error:
        raise Misuse(
            "cannot_write", path=folder_shown(target), reason=error.strerror or ""
        ) from None


def folder_shown(target: Path) -> str:
    """A path as the user would name it."""
    here = Path.cwd()
    inside = target.is_absolute() and target.is_relative_to(here)
    return (target.relative_to(here) if inside else target).as_posix()


def _is_empty_folder(target: Path) -> bool:
    return target.is_dir() and not any(target.iterdir())
