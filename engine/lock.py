"""Freezes an adopted ruleset: the hashes of everything it reads, and the kronor that it gave.

The lock stands beside the rule file. From then on a changed byte is refused with its file and
line, and every run must give the same kronor.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from itertools import islice
from typing import Any

from attrs import frozen

from dsl import syntax as s
from dsl.findings import Finding, Kronor, Label, Value, finding
from dsl.source import Span
from engine.evaluate import Result
from engine.files import Files, Unreadable, checked
from engine.ledger import Movement

LOCK_FILE = "fordela.lock"
SCHEMA = 1

# Digits of a line's hash: enough to tell which line changed; that none did is the whole file's.
LINE_DIGITS = 8

# Comparing lines takes time in their number; longer files are refused without the line.
MAX_LINES = 20_000

# Aligning lines takes time in the square of how many lie between the first and the last that
# differ; of more than these only the first is pointed at.
MAX_ALIGNED = 2_000

# Files that a lock may name, and changed ones that are told of: who sees these looks further.
MAX_FILES = 2_000
MAX_CHANGED = 20

# How many changed places a finding points at.
MAX_SHOWN = 5

# What decoding a file that we did not write may raise.
NOT_OURS = (ValueError, TypeError, KeyError, AttributeError, RecursionError, Unreadable)


@frozen
class FrozenFile:
    """A file as it was.

    Attributes:
        path: from the ruleset's folder; ``../name/…`` in another ruleset.
        sha256: of its bytes, in hexadecimal.
        lines: the beginning of the hash of each line.
    """

    path: str
    sha256: str
    lines: tuple[str, ...]


@frozen
class Amounts:
    """What a pot gave, in the ledger's unit: by recipients' codes, and to other names."""

    recipients: Mapping[str, int]
    others: Mapping[str, int]


@frozen
class Lock:
    """An adopted ruleset.

    Attributes:
        ruleset: what it is called.
        rules: its rule file; a lock says nothing of another rule file in the same folder.
        adopted: the day of its adoption.
        engine: the version of the program that computed it.
        base: units of the ledger per krona.
        files: everything that was read.
        pots: what each pot gave.
    """

    ruleset: str
    rules: str
    adopted: date
    engine: str
    base: int
    files: tuple[FrozenFile, ...]
    pots: Mapping[str, Amounts]


def engine_version() -> str:
    """The version of the program that runs."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("fordela")
    except PackageNotFoundError:
        return "unknown"


# ---------------------------------------------------------------- writing


def lock_of(result: Result, rules: str, read: Mapping[str, bytes], adopted: date) -> Lock:
    """Freeze a run of a rule file and all that it read."""
    return Lock(
        ruleset=result.program.name,
        rules=rules,
        adopted=adopted,
        engine=engine_version(),
        base=result.program.base,
        files=inputs(read),
        pots=given_amounts(result),
    )


def inputs(read: Mapping[str, bytes]) -> tuple[FrozenFile, ...]:
    """All that a run read, as it was."""
    # Its own lock and those of the rulesets that it reads say nothing that the files do not.
    return frozen_files({p: data for p, data in read.items() if p.rpartition("/")[2] != LOCK_FILE})


def lock_text(lock: Lock) -> str:
    """The text of a lock file: JSON that people can read and compare."""
    import json

    data = {
        "schema": SCHEMA,
        "ruleset": lock.ruleset,
        "rules": lock.rules,
        "adopted": lock.adopted.isoformat(),
        "engine": lock.engine,
        "units_per_krona": lock.base,
        "files": files_data(lock.files),
        "pots": pots_data(lock.pots),
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def frozen_files(read: Mapping[str, bytes]) -> tuple[FrozenFile, ...]:
    """Files as they are, in order of their paths."""
    return tuple(
        FrozenFile(path, hashlib.sha256(data).hexdigest(), _digests(data))
        for path, data in sorted(read.items())
    )


def files_data(files: Iterable[FrozenFile]) -> dict[str, Any]:
    """Files as JSON has them."""
    return {one.path: {"sha256": one.sha256, "lines": "".join(one.lines)} for one in files}


def pots_data(pots: Mapping[str, Amounts]) -> dict[str, Any]:
    """What pots gave as JSON has it."""
    return {
        name: {"recipients": dict(one.recipients), "others": dict(one.others)}
        for name, one in pots.items()
    }


def _digests(data: bytes) -> tuple[str, ...]:
    if b"\0" in data:
        return ()  # a workbook has no lines
    lines = data.splitlines()
    if len(lines) > MAX_LINES:
        return ()
    return tuple(hashlib.sha256(line).hexdigest()[:LINE_DIGITS] for line in lines)


def given_amounts(result: Result) -> Mapping[str, Amounts]:
    """What every pot of a run gave."""
    return {
        pot.name.text: _amounts(result.ledger.by_source.get(pot.name.text, ()))
        for pot in result.program.pots
    }


def _amounts(movements: Iterable[Movement]) -> Amounts:
    recipients: dict[str, int] = {}
    others: dict[str, int] = {}
    for one in movements:
        if one.register is None:
            target = one.target or ""
            others[target] = others.get(target, 0) + one.total
            continue
        for recipient, amount in zip(one.register.recipients, one.amounts, strict=True):
            recipients[recipient.code] = recipients.get(recipient.code, 0) + amount
    return Amounts(recipients, others)


# ---------------------------------------------------------------- reading


def read_lock(files: Files, rules: str) -> tuple[Lock | None, tuple[Finding, ...]]:
    """The lock of a rule file; None when it has not been adopted, or its lock cannot be read."""
    try:
        data = files.read(LOCK_FILE)
    except Unreadable as error:
        if error.reason_key == "missing":
            return None, ()
        return None, (_damaged(files),)
    import json

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
        base=units_of(data["units_per_krona"]),
        files=decoded_files(data["files"]),
        pots=decoded_pots(data["pots"]),
    )


def decoded_files(data: Any) -> tuple[FrozenFile, ...]:
    """Files out of JSON; raises one of ``NOT_OURS``."""
    return tuple(_file(path, one) for path, one in data.items())


def decoded_pots(data: Any) -> dict[str, Amounts]:
    """What pots gave out of JSON; raises one of ``NOT_OURS``."""
    return {
        name: Amounts(_numbers(one["recipients"]), _numbers(one["others"]))
        for name, one in data.items()
    }


def _file(path: str, data: Any) -> FrozenFile:
    text = text_of(data["lines"])
    lines = tuple(text[n : n + LINE_DIGITS] for n in range(0, len(text), LINE_DIGITS))
    _placed(path)
    return FrozenFile(path, text_of(data["sha256"]), lines)


def text_of(value: Any) -> str:
    """A text out of JSON; raises ``TypeError``."""
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def whole_of(value: Any) -> int:
    """A whole number out of JSON; raises ``TypeError``."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(value)
    return value


def units_of(value: Any) -> int:
    """Units of a ledger per krona out of JSON; raises one of ``NOT_OURS``."""
    if whole_of(value) < 1:
        raise ValueError(value)
    return whole_of(value)


def _numbers(data: Any) -> dict[str, int]:
    return {text_of(name): whole_of(amount) for name, amount in data.items()}


# ---------------------------------------------------------------- comparing


def locked_changes(lock: Lock, files: Files) -> tuple[Finding, ...]:
    """How an adopted ruleset's files differ from what was adopted."""
    found = (_change(files, lock, one) for one in lock.files)
    return tuple(islice((one for one in found if one is not None), MAX_CHANGED))


def _change(files: Files, lock: Lock, frozen_file: FrozenFile) -> Finding | None:
    adopted = {"file": frozen_file.path, "adopted": lock.adopted.isoformat()}
    return change(files, frozen_file, ("F708", "F709"), adopted)


def change(
    files: Files, before: FrozenFile, codes: tuple[str, str], said: Mapping[str, Value]
) -> Finding | None:
    """How a file differs from what it was.

    Args:
        files: the ruleset's files.
        before: the file as it was.
        codes: of the finding when it has changed, and when it cannot be read.
        said: what both findings say.
    """
    changed, gone = codes
    place = files.shown(before.path)
    try:
        data = _read(files, before.path)
    except Unreadable:
        return finding(gone, Span(place, 1, 1, 1), "", **said)
    if hashlib.sha256(data).hexdigest() == before.sha256:
        return None
    labels = tuple(_changed_lines(place, data, before.lines))
    if not labels:
        return finding(changed, Span(place, 1, 1, 1), "", **said)
    return Finding(changed, labels[:MAX_SHOWN], {**said, "line": labels[0].span.line})


def _read(files: Files, path: str) -> bytes:
    """A file by its path in the lock, which may lead to another ruleset."""
    year, name, inner = _placed(path)
    if not name:
        return files.read(inner)
    return files.sibling(f"{year}/{name}" if year else name).read(inner)


def _placed(path: str) -> tuple[str, str, str]:
    """Year, ruleset and path of a path in a lock; the first two are empty for our own files."""
    match path.split("/"):
        case ["..", "..", year, name, *inner]:
            return year, name, checked("/".join(inner))
        case ["..", name, *inner]:
            return "", name, checked("/".join(inner))
    return "", "", checked(path)


def _changed_lines(shown: str, data: bytes, before: tuple[str, ...]) -> Iterator[Label]:
    """The places where a text is no longer what it was."""
    from difflib import SequenceMatcher

    after = _digests(data)
    texts = [line.decode("utf-8", "replace") for line in data.splitlines()]
    if not before or not after:
        return
    head, before, after = _between(before, after)
    if max(len(before), len(after)) > MAX_ALIGNED:
        yield Label(line_at(shown, min(head, len(texts) - 1), texts), "changed")
        return
    for tag, i, j, m, n in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        if tag == "delete":
            place = min(head + m, len(texts) - 1)
            gone: dict[str, Value] = {"count": j - i}
            yield Label(line_at(shown, place, texts), "gone", gone)
        else:
            for place in range(m, n):
                new = tag == "insert" or place - m >= j - i
                yield Label(line_at(shown, head + place, texts), "new" if new else "changed")


def _between(
    before: tuple[str, ...], after: tuple[str, ...]
) -> tuple[int, tuple[str, ...], tuple[str, ...]]:
    """How many lines are the same at the start, and those before the ones the same at the end."""
    shortest = min(len(before), len(after))
    head = next((n for n in range(shortest) if before[n] != after[n]), shortest)
    most = shortest - head
    tail = next((n for n in range(most) if before[-1 - n] != after[-1 - n]), most)
    return head, before[head : len(before) - tail], after[head : len(after) - tail]


def line_at(shown: str, place: int, texts: list[str]) -> Span:
    """The place of a whole line, by its index; of a line that is not there an empty one."""
    text = texts[place] if place < len(texts) else ""
    return Span(shown, place + 1, 1, len(text) + 1, text)


def result_changes(lock: Lock, result: Result) -> tuple[Finding, ...]:
    """Pots that no longer give what they gave when the ruleset was adopted."""
    said = {"adopted": lock.adopted.isoformat(), "engine": lock.engine}
    return amount_changes("F711", lock.pots, lock.base, result, said)


def amount_changes(
    code: str, pots: Mapping[str, Amounts], base: int, result: Result, said: Mapping[str, Value]
) -> tuple[Finding, ...]:
    """Pots that do not give what they gave.

    Args:
        code: of the findings.
        pots: what they gave.
        base: units of those amounts per krona.
        result: what they give.
        said: what every finding says beside the amounts.
    """
    now = given_amounts(result)
    known = {pot.name.text: pot for pot in result.program.pots}
    findings = []
    for name, before in pots.items():
        after = now.get(name)
        if after != before:
            pot = known.get(name)
            span = pot.span if pot else result.program.document.statements[0].span
            # Looked up only here: it takes longer than the comparison, in every run.
            data = {**_difference(result, base, pot, before, after), **said}
            findings.append(finding(code, span, "here", now=engine_version(), **data))
    return tuple(findings)


def _difference(
    result: Result, base: int, pot: s.Pot | None, before: Amounts, after: Amounts | None
) -> dict[str, Value]:
    old = {**before.recipients, **before.others}
    new = {**after.recipients, **after.others} if after else {}
    names = dict.fromkeys((*old, *new))
    changed = [name for name in names if old.get(name, 0) != new.get(name, 0)]
    first = changed[0] if changed else ""
    register = result.program.register_of(pot)
    position = register.position(first) if first in before.recipients else None
    return {
        "pot": pot.name.text if pot else "",
        "count": len(changed),
        "recipient": first if position is None else register.recipients[position].name,
        "before": Kronor(Fraction(old.get(first, 0), base)),
        "after": Kronor(Fraction(new.get(first, 0), result.program.base)),
    }
