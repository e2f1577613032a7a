"""Fingerprints of files and of their lines: which are no longer what they were, and where.

They stand in the records of a ruleset's runs: locks, receipts and certificates.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from attrs import frozen

from dsl.findings import Finding, Label, Value, finding
from dsl.source import Span
from engine.inputs.files import Files, Unreadable, checked
from engine.records.strict_json import text_of

# Digits of a line's hash: enough to tell which line changed; that none did is the whole file's.
LINE_DIGITS = 8

# Comparing lines takes time in their number; longer files are refused without the line.
MAX_LINES = 20_000

# Aligning lines takes time in the square of how many lie between the first and the last that
# differ; of more than these only the first is pointed at.
MAX_ALIGNED = 2_000

# How many changed places a finding points at.
MAX_SHOWN = 5


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


def frozen_files(read: Mapping[str, bytes]) -> tuple[FrozenFile, ...]:
    """Files as they are, in order of their paths."""
    return tuple(
        FrozenFile(path, hashlib.sha256(data).hexdigest(), _digests(data))
        for path, data in sorted(read.items())
    )


def _digests(data: bytes) -> tuple[str, ...]:
    if b"\0" in data:
        return ()  # a workbook has no lines
    lines = data.splitlines()
    if len(lines) > MAX_LINES:
        return ()
    return tuple(hashlib.sha256(line).hexdigest()[:LINE_DIGITS] for line in lines)


# ---------------------------------------------------------------- as JSON


def files_data(files: Iterable[FrozenFile]) -> dict[str, Any]:
    """Files as JSON has them."""
    return {one.path: {"sha256": one.sha256, "lines": "".join(one.lines)} for one in files}


def decoded_files(data: Any) -> tuple[FrozenFile, ...]:
    """Files out of JSON; raises one of ``NOT_OURS``."""
    return tuple(_file(path, one) for path, one in data.items())


def _file(path: str, data: Any) -> FrozenFile:
    text = text_of(data["lines"])
    lines = tuple(text[n : n + LINE_DIGITS] for n in range(0, len(text), LINE_DIGITS))
    _placed(path)
    return FrozenFile(path, text_of(data["sha256"]), lines)


# ---------------------------------------------------------------- comparing


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
