"""Freezes an adopted ruleset: the hashes of everything it reads, and the kronor that it gave.

The lock stands beside the rule file. From then on a changed byte is refused with its file and
line, and every run must give the same kronor.
"""

import json
from collections.abc import Mapping
from datetime import date
from itertools import islice
from types import MappingProxyType
from typing import Any

from attrs import frozen

from dsl.findings import Finding, finding
from dsl.source import Span
from engine.evaluate import Result
from engine.inputs.files import Files, Unreadable
from engine.records.engine_version import engine_version
from engine.records.fingerprints import FrozenFile, change, decoded_files, files_data, frozen_files
from engine.records.pot_amounts import (
    Given,
    amount_changes,
    decoded_given,
    given_amounts,
    given_data,
)
from engine.records.strict_json import NOT_OURS, text_of

LOCK_FILE = "fordela.lock"
SCHEMA = 1

# Files that a lock may name, and changed ones that are told of: who sees these looks further.
MAX_FILES = 2_000
MAX_CHANGED = 20


@frozen
class Lock:
    """An adopted ruleset.

    Attributes:
        ruleset: what it is called.
        rules: its rule file; a lock says nothing of another rule file in the same folder.
        adopted: the day of its adoption.
        engine: the version of the program that computed it.
        files: everything that was read.
        given: what each pot gave, when every change had come into force.
        before: what it gave before each day from which something changes; older locks do not
            say it, and hold nobody to it.
    """

    ruleset: str
    rules: str
    adopted: date
    engine: str
    files: tuple[FrozenFile, ...]
    given: Given
    before: Mapping[date, Given] = {}


# ---------------------------------------------------------------- writing


def lock_of(
    result: Result,
    rules: str,
    read: Mapping[str, bytes],
    adopted: date,
    earlier: Mapping[date, Result] = MappingProxyType({}),
) -> Lock:
    """Freeze a rule file's runs and all that they read.

    Args:
        result: its run when every change has come into force.
        rules: its name.
        read: the files by their paths.
        adopted: the day of the adoption.
        earlier: its runs before each day from which something changes.
    """
    return Lock(
        ruleset=result.program.name,
        rules=rules,
        adopted=adopted,
        engine=engine_version(),
        files=inputs(read),
        given=given_amounts(result),
        before={day: given_amounts(one) for day, one in earlier.items()},
    )


def inputs(read: Mapping[str, bytes]) -> tuple[FrozenFile, ...]:
    """All that a run read, as it was."""
    # Its own lock and those of the rulesets that it reads say nothing that the files do not.
    return frozen_files({p: data for p, data in read.items() if p.rpartition("/")[2] != LOCK_FILE})


def lock_text(lock: Lock) -> str:
    """The text of a lock file: JSON that people can read and compare."""
    before = {day.isoformat(): given_data(one) for day, one in lock.before.items()}
    given = given_data(lock.given)
    data = {
        "schema": SCHEMA,
        "ruleset": lock.ruleset,
        "rules": lock.rules,
        "adopted": lock.adopted.isoformat(),
        "engine": lock.engine,
        "units_per_krona": given.pop("units_per_krona"),
        "files": files_data(lock.files),
        **given,
        **({"before": before} if before else {}),
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


# ---------------------------------------------------------------- reading


def read_lock(files: Files, rules: str) -> tuple[Lock | None, tuple[Finding, ...]]:
    """The lock of a rule file; None when it has not been adopted, or its lock cannot be read."""
    try:
        data = files.read(LOCK_FILE)
    except Unreadable as error:
        if error.reason_key == "missing":
            return None, ()
        return None, (_damaged(files),)
    try:
        lock = _decoded(json.loads(data))
    except NOT_OURS:
        return None, (_damaged(files),)
    return (lock if lock.rules == rules else None), ()


def _damaged(files: Files) -> Finding:
    return finding("F710", Span(files.shown(LOCK_FILE), 1, 1, 1), "", file=LOCK_FILE)


def _decoded(data: Any) -> Lock:
    if data["schema"] != SCHEMA:
        raise ValueError(data["schema"])
    if len(data["files"]) > MAX_FILES:
        raise ValueError(len(data["files"]))
    return Lock(
        ruleset=text_of(data["ruleset"]),
        rules=text_of(data["rules"]),
        adopted=date.fromisoformat(data["adopted"]),
        engine=text_of(data["engine"]),
        files=decoded_files(data["files"]),
        given=decoded_given(data),
        before={
            date.fromisoformat(day): decoded_given(one)
            for day, one in data.get("before", {}).items()
        },
    )


# ---------------------------------------------------------------- comparing


def locked_changes(lock: Lock, files: Files) -> tuple[Finding, ...]:
    """How an adopted ruleset's files differ from what was adopted."""
    found = (_change(files, lock, one) for one in lock.files)
    return tuple(islice((one for one in found if one is not None), MAX_CHANGED))


def _change(files: Files, lock: Lock, frozen_file: FrozenFile) -> Finding | None:
    adopted = {"file": frozen_file.path, "adopted": lock.adopted.isoformat()}
    return change(files, frozen_file, ("F708", "F709"), adopted)


def result_changes(lock: Lock, result: Result, before: date | None) -> tuple[Finding, ...]:
    """Pots that no longer give what they gave when the ruleset was adopted.

    Args:
        lock: what was adopted.
        result: what the pots give now.
        before: the day of the next change; None when every change has come into force.
    """
    given = lock.given if before is None else lock.before.get(before)
    if given is None:
        return ()
    said = {"adopted": lock.adopted.isoformat(), "engine": lock.engine}
    said |= {"day": before.isoformat()} if before else {}
    return amount_changes("F711", given, result, said)
