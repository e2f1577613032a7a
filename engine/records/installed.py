"""Compares the program's own files with the hashes recorded when it was installed.

Source: the RECORD file of an installed distribution, "Recording installed projects" of the Python
Packaging User Guide. An editable install has no hashes of the program's files.
"""

import hashlib
from base64 import urlsafe_b64encode
from importlib import metadata
from pathlib import Path

from attrs import frozen

from dsl.findings import Finding, Label, Value, finding
from dsl.source import Span
from engine.records.engine_version import engine_version
from engine.records.fingerprints import MAX_SHOWN

NAME = "fordela"
_PACKAGES = frozenset({"dsl", "engine", "desk"})

# Rulesets carried for the demonstration have locks of their own.
_CARRIED = frozenset({"_rulesets", "_examples"})


@frozen
class Installed:
    """The program's files as they are.

    Attributes:
        checked: how many files have a recorded hash; none when it was not installed as a wheel.
        changed: those whose content is another, or that are gone.
    """

    checked: int
    changed: tuple[str, ...]


def installed() -> Installed:
    """Compare the files of the program that runs."""
    try:
        found = metadata.distribution(NAME)
    except metadata.PackageNotFoundError:
        return Installed(0, ())
    # Another copy than the installed one may be the one that runs.
    ours = Path(str(found.locate_file("engine/records/installed.py")))
    if not ours.exists() or not ours.samefile(__file__):
        return Installed(0, ())
    files = [
        (one, one.hash.value)
        for one in found.files or ()
        if one.hash is not None and _is_program(one.parts)
    ]
    changed = (str(one) for one, recorded in files if _hash(one.locate()) != recorded)
    return Installed(len(files), tuple(sorted(changed)))


def _is_program(parts: tuple[str, ...]) -> bool:
    return parts[0] in _PACKAGES and not _CARRIED & set(parts)


def _hash(path: object) -> str | None:
    """A file's hash as RECORD writes it; None when the file cannot be read."""
    try:
        data = Path(str(path)).read_bytes()
    except OSError:
        return None
    return urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode("ascii")


def changed_program(found: Installed) -> tuple[Finding, ...]:
    """That the program's own files have changed."""
    if not found.changed:
        return ()
    labels = tuple(Label(Span(one, 1, 1, 1)) for one in found.changed[:MAX_SHOWN])
    said: dict[str, Value] = {"count": len(found.changed), "engine": engine_version()}
    return (Finding("F721", labels, said),)


def unchecked_program(found: Installed) -> tuple[Finding, ...]:
    """That there are no hashes to compare the program's files with."""
    return (
        () if found.checked else (finding("N703", Span("", 1, 1, 1), "", engine=engine_version()),)
    )
