"""Sees that every output is the same to the byte, whichever Python, place and locale made it.

Run as ``python -m tools.same_bytes [--python PATH ...]``, each an interpreter that has the
dependencies (``requirements.lock``). Every ruleset, example and error case is run by each of them,
in several circumstances: the seed of hashes, locale, time zone and working folder. What is compared
is what people get: page, CSV and JSON of a run in both languages, the comparison with published
tables, why each amount is what it is, findings, lock, receipt and certificate. The version of the
program, which some of them name, is that of none: it need not be installed beside each Python.

In each run also the rows of all tables are shuffled: the amounts must be the same. How long text is
in a terminal and what letters are follow from Python's Unicode tables, so odd letters that are new
in a Python may be shown in another width there; none of the outputs compared here has any.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any, Final
from unittest.mock import patch

from attrs import evolve

from desk.commands.shared import as_json
from desk.data.findings_json import findings_data
from desk.data.verify_json import verify_data
from desk.data.why_json import why_data
from desk.findings import render
from desk.printed import printed
from desk.report.verdicts import verdict_page
from desk.report.why import why_page
from desk.speaker import Speaker
from dsl.catalogue import LANGUAGES
from dsl.findings import errors
from engine.comparison.alternatives import alternatives
from engine.explain import explain, subjects
from engine.explain.steps import Answer
from engine.inputs.files import Recorded
from engine.inputs.stack import AS_IS
from engine.outcome import Outcome
from engine.pipeline import run_ruleset, verify
from engine.records.certificate import certificate_text
from engine.records.lock import lock_of, lock_text
from engine.records.receipt import Manner, receipt_of, receipt_text
from tools.fuzz.corpus import Base, bases

ROOT = Path(__file__).parents[1]

# What decides nothing, in several values each.
CIRCUMSTANCES: Final[Sequence[Mapping[str, str]]] = (
    {"PYTHONHASHSEED": "0", "LC_ALL": "C", "TZ": "UTC"},
    {"PYTHONHASHSEED": "1", "LC_ALL": "sv_SE.UTF-8", "TZ": "Asia/Tokyo", "COLUMNS": "40"},
    {"PYTHONHASHSEED": "2", "LC_ALL": "tr_TR.ISO8859-9", "LANG": "en_US", "PYTHONUTF8": "0"},
)

# A recipient or two of each ruleset are asked why; all of them would take long and show no more.
ASKED: Final = 2


# ---------------------------------------------------------------- what is made


def outputs(base: Base) -> Iterator[tuple[str, str]]:
    """Everything that one ruleset gives, each output with its name."""
    recorded = Recorded(base.memory())
    outcome = run_ruleset(recorded)
    verdicts, more = verify(outcome)
    findings = (*outcome.findings, *more)
    yield "findings.json", as_json(findings_data(findings))
    for language in LANGUAGES:
        speaker = Speaker(language)
        yield f"findings.{language}", "\n".join(render(one, language) for one in findings)
        if outcome.result is not None:
            for form in ("table", "csv", "json"):
                yield f"run.{form}.{language}", printed(outcome, form, speaker)[0]
            tried = [(one, alternatives(outcome, one)) for one in verdicts]
            yield f"verify.{language}", verdict_page(outcome, tried, speaker)
            yield f"verify.json.{language}", as_json(verify_data(outcome, tried, findings))
            yield from _why(outcome, speaker)
    if outcome.result is not None and not errors(outcome.findings):
        yield from _proofs(outcome, dict(recorded.seen))


def _why(outcome: Outcome, speaker: Speaker) -> Iterator[tuple[str, str]]:
    assert outcome.program is not None
    if not outcome.program.pots:
        return
    for register in outcome.program.registers.values():
        for one in register.recipients[:ASKED]:
            answer = Answer(receipts=explain(outcome, subjects(outcome.program, one.code)))
            name = f"why.{register.noun}.{one.code}.{speaker.language}"
            yield name, why_page(outcome, answer, speaker)
            yield f"{name}.json", as_json(why_data(outcome, answer))


def _proofs(outcome: Outcome, seen: dict[str, bytes]) -> Iterator[tuple[str, str]]:
    """Lock, receipt and certificate."""
    assert outcome.result is not None
    lock = lock_of(outcome.result, outcome.rule_file, seen, date(2025, 1, 15))
    yield "lock", lock_text(lock)
    manner = Manner(".", outcome.rule_file, AS_IS, "table", "sv")
    page = printed(outcome, "table", Speaker("sv"))[0]
    receipt = receipt_of(outcome.result, manner, seen, page.encode())
    yield "receipt", receipt_text(receipt)
    yield "certificate", certificate_text(outcome, seen)


def shuffled(base: Base, chance: Random) -> Base:
    """The same ruleset with the rows of its tables in another order."""
    files = dict(base.files)
    for path in sorted(files):
        if path.endswith(".csv") and "data/" in path:
            files[path] = _shuffled(files[path], chance)
    return evolve(base, files=files)


def _shuffled(data: bytes, chance: Random) -> bytes:
    lines = data.decode("utf-8", "replace").rstrip("\n").split("\n")
    head = next((n for n, line in enumerate(lines, 1) if not line.startswith("#")), 0)
    rows = lines[head:]
    chance.shuffle(rows)
    return "\n".join([*lines[:head], *rows, ""]).encode()


def order_of_rows(base: Base) -> str:
    """What a ruleset gives that differs when rows are shuffled: nothing, or the CSV."""
    if b'"' in b"".join(base.files.values()) or not _is_utf8(base):
        return ""  # rows that are more than a line each
    first = run_ruleset(base.memory())
    if first.result is None:
        return ""
    other = run_ruleset(shuffled(base, Random(base.name)).memory())
    made = printed(first, "csv", Speaker("sv"))[0]
    again = printed(other, "csv", Speaker("sv"))[0] if other.result is not None else ""
    return "" if made == again else again or "no result"


def _is_utf8(base: Base) -> bool:
    try:
        all(data.decode() is not None for path, data in base.files.items() if path.endswith(".csv"))
    except UnicodeDecodeError:
        return False
    return True


def witness(names: Sequence[str]) -> dict[str, str]:
    """The hash of every output of these rulesets, or of all, by ruleset and output."""
    found: dict[str, str] = {}
    for base in bases():
        if names and base.name not in names:
            continue
        for name, text in outputs(base):
            found[f"{base.name} {name}"] = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        found[f"{base.name} rows in another order"] = order_of_rows(base)
    return found


# ---------------------------------------------------------------- who makes it


def made_by(python: str, variables: Mapping[str, str], folder: str, names: Sequence[str]) -> Any:
    """What an interpreter makes in some circumstances: its version, and hashes by output."""
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG", "PYTHON"))},
        **variables,
        "PYTHONPATH": str(ROOT),
    }
    command = [python, "-m", "tools.same_bytes", "--witness", *names]
    done = subprocess.run(
        command, cwd=folder, env=environment, check=True, stdout=subprocess.PIPE, encoding="ascii"
    )
    return json.loads(done.stdout)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it; 1 if anything differs."""
    parser = argparse.ArgumentParser(prog="python -m tools.same_bytes", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="RULESET", help="all, if none is named")
    parser.add_argument("--python", nargs="+", default=[], metavar="PATH")
    parser.add_argument("--witness", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    if chosen.witness:
        version = sys.version.split()[0]
        with patch("importlib.metadata.version", return_value="0"):
            print(json.dumps({"python": version, "made": witness(chosen.names)}))
        return 0
    first: dict[str, str] | None = None
    differ: list[str] = []
    with tempfile.TemporaryDirectory() as elsewhere:
        for python in [sys.executable, *chosen.python]:
            for variables in CIRCUMSTANCES:
                place = str(ROOT) if variables["LC_ALL"] == "C" else elsewhere
                said = made_by(python, variables, place, chosen.names)
                made = said["made"]
                first = made if first is None else first
                found = [
                    name for name in {**first, **made} if first.get(name) != made.get(name)
                ] + [name for name, hashed in made.items() if name.endswith("order") and hashed]
                how = " ".join(f"{key}={value}" for key, value in variables.items())
                print(f"Python {said['python']} {how}: {len(made)} outputs, {len(found)} differ")
                differ += [f"{said['python']}: {name}" for name in found]
    counts = Counter(name.partition(" ")[0].split("/")[0] for name in first or {})
    print(", ".join(f"{count} outputs of {name}" for name, count in sorted(counts.items())))
    print(*differ[:40], sep="\n")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
