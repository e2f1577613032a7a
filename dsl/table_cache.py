"""Where Lark keeps its parsing tables between runs: the user's own cache folder, or nowhere.

Making the tables takes longer than everything else in a small run. They are a pickle, so they are
kept only in a folder that belongs to the user and that nobody else may write to.
"""

import os
import stat
import sys
from pathlib import Path


def table_file(language: str) -> str | None:
    """The file for one language's tables, or None when there is no safe place for it."""
    try:
        folder = _cache_home() / "fordela"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return str(folder / f"{language}.tables") if _is_private(folder) else None
    except (OSError, RuntimeError):
        return None


def _cache_home() -> Path:
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home()))
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


def _is_private(folder: Path) -> bool:
    if not hasattr(os, "getuid"):
        return True  # the profile folder of the user's own account
    found = folder.lstat()
    others_may_write = found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not others_may_write
