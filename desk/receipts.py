"""Runs with a receipt: printed in one way wherever they run, and repeated from the receipt."""

from __future__ import annotations

import os
from pathlib import Path
from posixpath import normpath
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from desk.printed import printed
from desk.speaker import Speaker
from desk.usage import Misuse
from dsl.findings import errors
from engine.inputs.files import Folder, Recorded, Unreadable, checked
from engine.outcome import Outcome
from engine.pipeline import Opened, open_ruleset, run_variant
from engine.records.engine_version import engine_version
from engine.records.receipt import (
    Manner,
    Receipt,
    amount_findings,
    checked_folder,
    engine_finding,
    file_findings,
    other_findings,
    output_findings,
    read_receipt,
    receipt_of,
)
from engine.records.versions import successor_findings, successors

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dsl.findings import Finding

# The first bytes of a receipt; no rule file begins so.
_OBJECT = b"{"

# That an adopted ruleset is not as it was adopted.
_LOCKED = frozenset({"F708", "F709"})


@frozen
class Alone:
    """A ruleset opened as a receipt tells of it: its files named as in its own folder.

    Attributes:
        folder: where it is.
        recorded: its files, which remember what is read.
        opened: its rules.
    """

    folder: Folder
    recorded: Recorded
    opened: Opened

    @classmethod
    def of(cls, folder: Folder, rules: str | None, only: frozenset[str] | None = None) -> Alone:
        """Read a rule file, as if there were only some of the files."""
        recorded = Recorded(Folder(folder.root), only=only)
        return cls(folder, recorded, open_ruleset(recorded, rules))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Why there are no rules to read, named as the user would."""
        return _placed(self.opened.findings, self.folder.prefix)


@frozen
class Issued:
    """A run with a receipt.

    Attributes:
        outcome: the run; it names files from the ruleset's own folder.
        findings: everything found, named as the user would.
        text: what to print.
        receipt: the receipt; None when errors stopped it.
        certificate: the certificate; None when it was not asked for, or a number is too long.
    """

    outcome: Outcome
    findings: tuple[Finding, ...]
    text: str
    receipt: Receipt | None
    certificate: str | None = None


@frozen
class Repeated:
    """A run repeated from its receipt.

    Attributes:
        receipt: the receipt; None when it cannot be read.
        findings: what differs.
        again: the receipt of the repeated run; None when it could not be run.
        locked: whether it could not because the ruleset is adopted and has changed.
    """

    receipt: Receipt | None
    findings: tuple[Finding, ...]
    again: Receipt | None = None
    locked: bool = False

    def same(self, *codes: str) -> bool:
        """Whether the run was repeated and nothing of these codes was found."""
        return self.again is not None and not {one.code for one in self.findings} & set(codes)


def issued(alone: Alone, manner: Manner, *, certified: bool = False) -> Issued:
    """Run a ruleset as a receipt tells it, with a certificate if that is asked for."""
    run = _run(alone, manner, engine_version() if certified else None)
    later: tuple[Finding, ...] = ()
    if run.outcome.stack is not None and manner.variant.at is None:
        document = run.outcome.stack.layers.document
        later = tuple(successor_findings(successors(alone.folder), document))
    return evolve(run, findings=(*run.findings, *_placed(later, alone.folder.prefix)))


def _run(alone: Alone, manner: Manner, certified_by: str | None) -> Issued:
    """Run a ruleset; a certificate names the version of the program that first wrote it."""
    # No colours and one width: wherever it runs.
    outcome = run_variant(alone.opened, manner.variant)
    by_run = dict(alone.recorded.seen)
    text, more = printed(outcome, manner.form, Speaker(manner.language))
    found = (*outcome.findings, *more)
    placed = _placed(found, alone.folder.prefix)
    if outcome.result is None or errors(found):
        return Issued(outcome, placed, text, None)
    certificate = _certificate(outcome, by_run, certified_by) if certified_by else None
    proof = None if certificate is None else certificate.encode()
    by_output = dict(alone.recorded.seen)
    receipt = receipt_of(outcome.result, manner, by_output, output_bytes(text), proof)
    return Issued(outcome, placed, text, receipt, certificate)


def _certificate(outcome: Outcome, read: Mapping[str, bytes], engine: str) -> str | None:
    """The certificate of a run; None when a number in it is too long."""
    from engine.records.certificate import TooLong, certificate_text

    try:
        return certificate_text(outcome, read, engine)
    except TooLong:
        return None


def output_bytes(text: str) -> bytes:
    """The bytes of an output, with the newline that ends it."""
    return f"{text}\n".encode("utf-8", "fordela")


def _placed(findings: Iterable[Finding], prefix: str) -> tuple[Finding, ...]:
    """Findings whose files are named from where the user is."""
    return tuple(
        evolve(
            one,
            labels=tuple(
                evolve(label, span=evolve(label.span, file=_named(prefix, label.span.file)))
                for label in one.labels
            ),
        )
        for one in findings
    )


def _named(prefix: str, file: str) -> str:
    return normpath(prefix + file) if prefix and file else file


def folder_from(receipt: Path, root: Path) -> str:
    """The path of a ruleset's folder from a receipt's."""
    try:
        checked(receipt.name)
        relative = os.path.relpath(root, Path(os.path.abspath(receipt)).parent)  # noqa: PTH100
        return checked_folder(Path(relative).as_posix())
    except (ValueError, Unreadable):
        raise Misuse("no_way_to_ruleset", path=str(receipt)) from None


def is_receipt(path: str) -> bool:
    """Whether a file is a receipt, or meant to be: by its name, or by how it begins."""
    file = Path(path)
    try:
        if not file.is_file():
            return False
        with file.open("rb") as opened:
            start = opened.read(100)
    except (OSError, ValueError):
        return False
    return file.suffix.lower() == ".json" or start.lstrip().startswith(_OBJECT)


def repeated(path: Path, shown: str) -> Repeated:
    """Repeat the run of a receipt and compare.

    Args:
        path: the receipt.
        shown: its name in messages.
    """
    try:
        data = Folder(path.parent).read(path.name)
    except Unreadable:
        data = b""
    receipt, found = read_receipt(data, shown)
    if receipt is None:
        return Repeated(None, found)
    folder = _folder(path, shown, receipt.manner.folder)
    changed = file_findings(receipt, folder)
    if any(one.code == "F717" for one in changed):
        return Repeated(receipt, changed)
    only = frozenset(one.path for one in receipt.files)
    alone = Alone.of(folder, receipt.manner.rules, only)
    run = _run(alone, receipt.manner, receipt.engine if receipt.certificate else None)
    again = run.receipt
    if run.outcome.result is None or again is None:
        stopped = errors(run.findings)
        locked = any(one.code in _LOCKED for one in stopped)
        return Repeated(receipt, changed or stopped, locked=locked)
    amounts = _placed(amount_findings(receipt, run.outcome.result), folder.prefix)
    found = (*changed, *amounts, *output_findings(receipt, again, shown))
    found = found or other_findings(receipt, again, data, shown)
    return Repeated(receipt, found or engine_finding(receipt, shown), again)


def _folder(path: Path, shown: str, relative: str) -> Folder:
    prefix = normpath(f"{shown.rpartition('/')[0] or '.'}/{relative}")
    return Folder(path.parent / relative, "" if prefix == "." else f"{prefix.rstrip('/')}/")
