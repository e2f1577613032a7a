"""Writes a file that was not there: whole or not at all, and never over another."""

import os
from pathlib import Path

from desk.usage import Misuse


def require_free(target: Path) -> None:
    """Refuse a name that is taken."""
    if os.path.lexists(target):
        raise Misuse("already_there", path=str(target))


def write_new(target: Path, text: str) -> None:
    """Write a text under a name that is free; whoever reads it finds all of it."""
    require_free(target)
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        try:
            with beside.open("x", encoding="utf-8", newline="\n") as opened:
                opened.write(text)
            _named(beside, target)
        finally:
            beside.unlink(missing_ok=True)
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
