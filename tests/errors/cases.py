"""The rulesets in this folder, each with one mistake, and what is found in them."""

from collections.abc import Callable, Mapping
from pathlib import Path

from desk.findings import render
from desk.receipts import repeated
from dsl.findings import Finding
from dsl.numbers import Language
from engine.audit.judging import Request, audit, given_keys
from engine.inputs.files import Folder, Memory
from engine.outcome import Outcome
from engine.pipeline import run_ruleset, verify
from engine.records.installed import Installed, changed_program, unchecked_program

HERE = Path(__file__).parent

# In a case with a receipt, what is found is found in repeating its run.
RECEIPT = "receipt.json"

# Mistakes that no file in a repository should make.
_MADE: Mapping[str, Callable[[], Outcome]] = {
    "F010-too-large": lambda: _run_on(b"# Folkm\xc3\xa4ngd 2023\n" * 120_000),
    "F012-too-many-lines": lambda: _run_on(b"# kod,region,befolkning\n" * 25_000),
    "F029-word-document": lambda: _run_on(b"PK\x03\x04\x14\x00word/document.xml"),
    "F022-unreadable": lambda: run_ruleset(Memory({}), "regler-2025.fordela"),
}


# What is found in the program itself, not in a ruleset.
_OF_THE_PROGRAM: Mapping[str, tuple[Finding, ...]] = {
    "F721-changed-program": changed_program(Installed(150, ("engine/rounding.py",))),
    "N703-no-hashes": unchecked_program(Installed(0, ())),
}


def names() -> list[str]:
    """The cases, each named after the code that it provokes."""
    return sorted(path.name for path in HERE.iterdir() if path.is_dir() and path.name[0] != "_")


def found_in(name: str) -> tuple[Finding, ...]:
    """Everything found in one case, with what a comparison with published tables finds."""
    if name[:2] in {"F8", "N8"}:
        return _audited(name)
    if name in _OF_THE_PROGRAM:
        return _OF_THE_PROGRAM[name]
    receipt = HERE / name / RECEIPT
    if receipt.exists():
        return repeated(receipt, RECEIPT).findings
    made = _MADE.get(name)
    outcome = made() if made else run_ruleset(Folder(folder(name)))
    return (*outcome.findings, *verify(outcome)[1])


def folder(name: str) -> Path:
    """The ruleset of a case: its folder, or where it has neighbours the last one of 2024 in it."""
    return max((HERE / name).glob("2024/*"), default=HERE / name)


def shown(findings: tuple[Finding, ...], language: Language) -> str:
    """Findings as a terminal shows them."""
    return "\n".join(render(one, language) for one in findings)


def _audited(name: str) -> tuple[Finding, ...]:
    """What an audit of a case's table finds."""
    if name == "F803-too-many-lines":
        return audit("tabell.txt", Memory({"tabell.txt": b"text\n" * 21_000}), Request())[1]
    folder = Folder(HERE / name)
    keys, found = given_keys("nyckel.csv", None, folder) if name[:4] == "N807" else ((), ())
    return (*found, *audit("tabell.txt", folder, Request(keys=keys))[1])


def _run_on(rules: bytes) -> Outcome:
    return run_ruleset(Memory({"regler.fordela": rules}))
