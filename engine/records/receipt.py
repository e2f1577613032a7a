"""A receipt of one run: what was read, how it was computed, the kronor, and the output's hash.

Unlike a lock it holds nobody to anything. It stands beside a printed result, so that whoever has
the rules and the figures can repeat the run and see whether everything is the same.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from attrs import evolve, frozen

from dsl.catalogue import LANGUAGES
from dsl.findings import Finding, Kronor, Label, Value, finding
from dsl.numbers import Language
from dsl.source import Span
from engine.comparison.difference import given_to, paid_nouns
from engine.evaluate import Result
from engine.inputs.files import MAX_PATH, Files, checked
from engine.inputs.stack import Variant
from engine.records.engine_version import engine_version
from engine.records.fingerprints import (
    MAX_SHOWN,
    FrozenFile,
    change,
    decoded_files,
    files_data,
    frozen_files,
    line_at,
)
from engine.records.pot_amounts import (
    Amounts,
    Given,
    amount_changes,
    decoded_given,
    given_amounts,
    given_data,
    other_version,
)
from engine.records.strict_json import NOT_OURS, text_of, whole_of

SCHEMA = 1
FORMS = ("table", "csv", "json")

# By pot: what it gave in all. By kind of recipients: what each got from all pots.
Totals = Mapping[str, Mapping[str, int]]


@frozen
class Manner:
    """What decides a run beside its files.

    Attributes:
        folder: the ruleset's folder, from the receipt's.
        rules: the name of the rule file.
        variant: the day and the scenario.
        form: how the output is written.
        language: in which language.
    """

    folder: str
    rules: str
    variant: Variant
    form: str
    language: Language


@frozen
class Receipt:
    """One run.

    Attributes:
        ruleset: what the ruleset is called.
        year: the budget year.
        decision: the decision that it carries out; None when it says none.
        manner: what decides the run beside the files.
        engine: the version of the program.
        files: everything that was read.
        given: what each pot gave.
        sums: what each pot gave in all.
        totals: what each recipient got from all pots, by kind of recipients.
        output: the SHA-256 of the output, in hexadecimal.
        certificate: that of the certificate written in the same run; None without one.
    """

    ruleset: str
    year: int
    decision: str | None
    manner: Manner
    engine: str
    files: tuple[FrozenFile, ...]
    given: Given
    sums: Mapping[str, int]
    totals: Totals
    output: str
    certificate: str | None = None


# ---------------------------------------------------------------- writing


def receipt_of(
    result: Result,
    manner: Manner,
    read: Mapping[str, bytes],
    output: bytes,
    certificate: bytes | None = None,
) -> Receipt:
    """The receipt of a run: what it read and what it wrote."""
    program, given = result.program, given_amounts(result)
    totals = {
        noun: dict(
            zip(
                (one.code for one in program.registers[noun].recipients),
                given_to(result, noun, program.base),
                strict=True,
            )
        )
        for noun in paid_nouns(result)
    }
    return Receipt(
        ruleset=program.name,
        year=program.year,
        decision=program.decision or None,
        manner=manner,
        engine=engine_version(),
        files=frozen_files(read),
        given=given,
        sums={name: _sum(one) for name, one in given.pots.items()},
        totals=totals,
        output=hashlib.sha256(output).hexdigest(),
        certificate=None if certificate is None else hashlib.sha256(certificate).hexdigest(),
    )


def _sum(amounts: Amounts) -> int:
    return sum(amounts.recipients.values()) + sum(amounts.others.values())


def receipt_text(receipt: Receipt) -> str:
    """The text of a receipt: JSON that people can read and compare."""
    manner = receipt.manner
    at, scenario = manner.variant.at, manner.variant.scenario
    data = {
        "schema": SCHEMA,
        "ruleset": receipt.ruleset,
        "year": receipt.year,
        "decision": receipt.decision,
        "folder": manner.folder,
        "rules": manner.rules,
        "options": {
            "at": at.isoformat() if at else None,
            "scenario": scenario,
            "format": manner.form,
            "language": manner.language,
        },
        "engine": receipt.engine,
        "output": {"sha256": receipt.output},
        **({"certificate": {"sha256": receipt.certificate}} if receipt.certificate else {}),
        "files": files_data(receipt.files),
        **given_data(receipt.given),
        "pot_sums": dict(receipt.sums),
        "recipient_totals": {noun: dict(codes) for noun, codes in receipt.totals.items()},
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


# ---------------------------------------------------------------- reading


def read_receipt(data: bytes, shown: str) -> tuple[Receipt | None, tuple[Finding, ...]]:
    """A receipt out of the bytes of a file; None when it is none, or damaged."""
    try:
        return _decoded(json.loads(data.decode("utf-8"))), ()
    except NOT_OURS:
        return None, (finding("F715", Span(shown, 1, 1, 1), "", file=shown),)


def _decoded(data: Any) -> Receipt:
    if whole_of(data["schema"]) != SCHEMA:
        raise ValueError(data["schema"])
    return Receipt(
        ruleset=text_of(data["ruleset"]),
        year=whole_of(data["year"]),
        decision=_text_or_none(data["decision"]),
        manner=_manner(data),
        engine=text_of(data["engine"]),
        files=decoded_files(data["files"]),
        given=decoded_given(data),
        sums={name: whole_of(total) for name, total in data["pot_sums"].items()},
        totals={
            noun: {code: whole_of(total) for code, total in codes.items()}
            for noun, codes in data["recipient_totals"].items()
        },
        output=text_of(data["output"]["sha256"]),
        certificate=text_of(data["certificate"]["sha256"]) if "certificate" in data else None,
    )


def _manner(data: Any) -> Manner:
    options = data["options"]
    at, form = _text_or_none(options["at"]), text_of(options["format"])
    # Looked up rather than taken: ``index`` raises ValueError for what is no language.
    language = LANGUAGES[LANGUAGES.index(options["language"])]
    if form not in FORMS:
        raise ValueError(form)
    return Manner(
        folder=checked_folder(text_of(data["folder"])),
        rules=checked(text_of(data["rules"])),
        variant=Variant(date.fromisoformat(at) if at else None, _text_or_none(options["scenario"])),
        form=form,
        language=language,
    )


def _text_or_none(value: Any) -> str | None:
    return None if value is None else text_of(value)


def checked_folder(path: str) -> str:
    """A folder's path from another: ``..`` any number of times, then names; or ``.``.

    Raises:
        Unreadable: it is none.
    """
    names = path.split("/")
    while names and names[0] == "..":
        del names[0]
    if len(path) > MAX_PATH or (names and path != "."):
        checked("/".join(names) if len(path) <= MAX_PATH else path)
    return path


# ---------------------------------------------------------------- comparing


def file_findings(receipt: Receipt, files: Files) -> tuple[Finding, ...]:
    """How the files differ from those that were read; of a ruleset that is gone, only that."""
    found = []
    ordered = sorted(receipt.files, key=lambda one: (one.path != receipt.manner.rules, one.path))
    for one in ordered:
        said = {"file": one.path, "folder": receipt.manner.folder}
        differs = change(files, one, ("F716", "F717"), said)
        if differs and differs.code == "F717" and one.path == receipt.manner.rules:
            return (differs,)
        found += [differs] if differs else []
    return tuple(found)


def amount_findings(receipt: Receipt, result: Result) -> tuple[Finding, ...]:
    """Pots that do not give what the receipt says, in all or to somebody."""
    said = {"engine": receipt.engine}
    changed = amount_changes("F718", receipt.given, result, said)
    told = {one.data["pot"] for one in changed}
    return (
        *changed,
        *(one for one in _sum_findings(receipt, result) if one.data["pot"] not in told),
    )


def _sum_findings(receipt: Receipt, result: Result) -> Iterator[Finding]:
    """Pots of which the receipt has another sum."""
    given, base = given_amounts(result), receipt.given.base
    for pot in result.program.pots:
        name = pot.name.text
        before, after = receipt.sums.get(name, 0), _sum(given.pots[name])
        if before != after:
            data: dict[str, Value] = {
                "pot": name,
                "sum": Kronor(Fraction(before, base)),
                "sum_now": Kronor(Fraction(after, given.base)),
                "engine": receipt.engine,
            }
            yield finding("F718", pot.span, "here", **other_version(data))


def output_findings(receipt: Receipt, again: Receipt, shown: str) -> tuple[Finding, ...]:
    """That the output, or the certificate, is not the one that was written."""
    said = other_version({"engine": receipt.engine})
    pairs = {
        "F719": (receipt.output, again.output),
        "F722": (receipt.certificate, again.certificate),
    }
    place = Span(shown, 1, 1, 1)
    return tuple(
        finding(code, place, "", **said) for code, (then, now) in pairs.items() if then != now
    )


def other_findings(
    receipt: Receipt, again: Receipt, data: bytes, shown: str
) -> tuple[Finding, ...]:
    """Lines of a receipt that its own run does not write, where nothing else differs."""
    written = receipt_text(evolve(again, engine=receipt.engine)).splitlines()
    said = data.decode("utf-8").splitlines()
    if said == written:
        return ()
    pairs = [*zip(said, written, strict=False)]
    differ = [n for n, (mine, theirs) in enumerate(pairs) if mine != theirs] or [len(pairs)]
    labels = [Label(line_at(shown, n, said), "here") for n in differ[:MAX_SHOWN]]
    return (Finding("F720", tuple(labels), {"line": differ[0] + 1}),)


def engine_finding(receipt: Receipt, shown: str) -> tuple[Finding, ...]:
    """That another version of the program gives the same."""
    now = engine_version()
    if receipt.engine == now:
        return ()
    return (finding("N702", Span(shown, 1, 1, 1), "", engine=receipt.engine, now=now),)
