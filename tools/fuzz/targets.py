"""What is fed with damaged files: each target damages one kind, reads it, and says what it holds.

Right is only one of two things: the file is read, or it is refused with findings that can be shown
in both languages. A target raises ``Broken`` where neither is so; every other exception than those
that a module documents is a failure by itself.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from random import Random

from attrs import frozen

from desk.data.promises_json import promises_data
from desk.findings import as_json, render
from desk.printed import printed
from desk.report.audit import audit_page
from desk.report.changes import changes_data, changes_page
from desk.report.promises import Proved, promise_lines
from desk.report.scenarios import scenarios_page
from desk.report.soundness import plan_lines, soundness
from desk.report.verdicts import verdict_page
from desk.report.why import why_page
from desk.speaker import Speaker
from dsl import axes
from dsl import syntax as s
from dsl.catalogue import LANGUAGES
from dsl.document import read_document
from dsl.draft import draft_text
from dsl.findings import Finding, errors
from dsl.formatter import format_rules
from dsl.numbers import Language
from dsl.parser import ParsedLine, parse_line
from dsl.printer import print_document, print_line
from dsl.registers import Register
from dsl.source import RuleLine, Span, read_source
from dsl.words import HEADS, KEYWORDS, NOUNS, UNITS
from engine.audit.judging import Request, audit
from engine.audit.reading import read_document as audited
from engine.certificate_checker import verdict
from engine.comparison.alternatives import alternatives
from engine.comparison.difference import CAUSES, compare_rulesets
from engine.comparison.scenario import compare_scenarios
from engine.explain import explain, subjects
from engine.explain.steps import Answer
from engine.inputs.files import Memory, Recorded
from engine.inputs.gridded import read_grid
from engine.inputs.published import read_published
from engine.inputs.stack import AS_IS, Stack, Variant
from engine.inputs.statistics import read_figures
from engine.outcome import Outcome
from engine.pipeline import run_ruleset, verify
from engine.records.certificate import TooLong, certificate_text
from engine.records.lock import LOCK_FILE, lock_of, lock_text
from engine.records.pot_amounts import given_amounts
from engine.records.receipt import (
    Manner,
    amount_findings,
    file_findings,
    other_findings,
    output_findings,
    read_receipt,
    receipt_of,
    receipt_text,
)
from engine.refutation.verdicts import of_ruleset
from engine.registers import read_register
from engine.tables import read_sheet
from tools.fuzz.corpus import Base, bases, rule_lines, tables
from tools.fuzz.damage import ODD, Damage

Files = Mapping[str, bytes]

SWEDISH, ENGLISH = Speaker("sv"), Speaker("en")

# One input in so many is taken all the way, through everything that can be shown of it.
ALL_THE_WAY = 8


class Broken(AssertionError):  # noqa: N818 - named for the fact
    """A promise other than that nothing is raised does not hold."""


@frozen
class Target:
    """One kind of input.

    Attributes:
        make: an input, as files, from a chance.
        run: reads it; raises where it should not.
        weight: how many of ten thousand inputs are of this kind.
    """

    make: Callable[[Random], Files]
    run: Callable[[Files], None]
    weight: int


def held(condition: object, promise: str) -> None:
    """Raise unless a promise holds."""
    if not condition:
        raise Broken(promise)


def _say(findings: Iterable[Finding]) -> None:
    """Show one finding of each code; whatever it holds, both languages have words for it."""
    for one in {one.code: one for one in findings}.values():
        for language in (SWEDISH, ENGLISH):
            held(render(one, language.language).strip(), "a finding says something")
        held(as_json(one)["code"] == one.code, "a finding has its code in JSON")


# ---------------------------------------------------------------- rule files


@cache
def _words() -> tuple[str, ...]:
    tables = (KEYWORDS, NOUNS, UNITS)
    forms = {
        form for table in tables for one in table.values() for two in one.values() for form in two
    }
    own = {word for line in rule_lines() for word in line.replace(",", " ").split()}
    return (*sorted(forms), *sorted(own)[:2_000], *ODD)


def _rules(chance: Random) -> Damage:
    return Damage(chance, _words(), rule_lines())


def _one_line(chance: Random) -> Files:
    return {"line": _rules(chance).line(chance.choice(rule_lines())).encode("utf-8", "replace")}


def _parse_line(files: Files) -> None:
    """A line for the grammar alone, without what looks for the nearest right one."""
    for line in read_source("regler.fordela", files["line"]).lines:
        for language in LANGUAGES:
            parsed = parse_line(line, language)
            if isinstance(parsed, ParsedLine):
                _printed_alike(parsed.node, language)


def _printed_alike(node: s.Node, language: Language) -> None:
    text = print_line(node, language)
    span = Span("regler.fordela", 1, 1, len(text) + 1, text)
    again = parse_line(RuleLine(text, "", span), language)
    held(isinstance(again, ParsedLine) and again.node == node, "a printed line is the same line")


def _few_lines(chance: Random) -> Files:
    """Some lines of rules, each damaged, in a file of their own."""
    lines = chance.choices(rule_lines(), k=chance.choice((1, 1, 1, 2, 3)))
    damage = _rules(chance)
    text = "\n".join(damage.line(line) for line in lines)
    return {"regler.fordela": text.encode("utf-8", "replace")}


def _read_lines(files: Files) -> None:
    data = files["regler.fordela"]
    reading = read_document("regler.fordela", data)
    _say(reading.findings)
    if not errors(reading.findings):
        text = format_rules("regler.fordela", data)
        held(format_rules("regler.fordela", text.encode()) == text, "the formatter is done at once")
        for language in (SWEDISH, ENGLISH):
            other = format_rules("regler.fordela", data, language.language)
            again = read_document("regler.fordela", other.encode())
            held(not errors(again.findings), "what the formatter writes can be read")


@cache
def _demanding() -> tuple[Base, ...]:
    """Rulesets that demand something of themselves."""
    starts = tuple(f"{form} " for forms in HEADS["ALWAYS"].values() for form in forms)
    return tuple(base for base in bases() if _has_line(base.files[base.rules or ""], starts))


def _has_line(data: bytes, starts: tuple[str, ...]) -> bool:
    lines = data.decode("utf-8", "replace").split("\n")
    return any(line.strip().startswith(starts) for line in lines)


def _damaged_demands(chance: Random) -> Files:
    return _damage_rules_of(
        chance.choice(_demanding() if chance.getrandbits(1) else bases()), chance
    )


def _damaged_rules(chance: Random) -> Files:
    return _damage_rules_of(chance.choice(bases()), chance)


def _damage_rules_of(base: Base, chance: Random) -> Files:
    assert base.rules is not None
    damage = _rules(chance)
    return {**base.files, base.rules: damage.data(base.files[base.rules])}


def _folder(files: Files) -> str:
    """The ruleset that is meant among several, by year and name; empty where there is one."""
    folder = max((path.rsplit("/", 1)[0] for path in files if path.count("/") == 2), default="")
    return folder if folder[:4].isdigit() else ""


def _run_whole(files: Files) -> None:
    """The whole pipeline, and of some inputs everything that is made of its outcome."""
    recorded = Recorded(Memory(files, _folder(files)))
    outcome = run_ruleset(recorded)
    verdicts, more = verify(outcome)
    found = (*outcome.findings, *more)
    held(outcome.result is not None or errors(found), "what gives no result has an error")
    _say(found)
    chosen = sum(map(len, files.values())) % ALL_THE_WAY == 0
    if outcome.result is not None and chosen:
        tried = [(one, alternatives(outcome, one) if one.differences else ()) for one in verdicts]
        for language in (SWEDISH, ENGLISH):
            verdict_page(outcome, tried, language)
        for form in ("table", "csv", "json"):
            printed(outcome, form, SWEDISH)
        printed(outcome, "table", ENGLISH)
        _explained(outcome)
        if not errors(outcome.findings):
            _certified(outcome, recorded.seen)


def _explained(outcome: Outcome) -> None:
    assert outcome.program is not None
    first = next(iter(outcome.program.registers.values())).recipients[0]
    who = subjects(outcome.program, first.code)
    if outcome.program.pots:
        why_page(outcome, Answer(receipts=explain(outcome, who)), SWEDISH)


def _certified(outcome: Outcome, seen: Files) -> None:
    try:
        text = certificate_text(outcome, seen)
    except TooLong:
        return
    good, said = verdict(text.encode())
    held(good, f"a run has a certificate that proves it: {said}")


# ---------------------------------------------------------------- other verbs


def _damaged_beside(chance: Random) -> Files:
    """A damaged ruleset, and the number of the whole one: the name of an empty file."""
    number = chance.randrange(len(bases()))
    base = bases()[number]
    assert base.rules is not None
    data = _rules(chance).data(base.files[base.rules])
    return {**base.files, base.rules: data, f"base-{number}": b""}


def _other_verbs(files: Files) -> None:
    """The difference from the whole ruleset, its scenarios, all its rules in one text, a draft."""
    number = next(int(path.partition("-")[2]) for path in files if path.startswith("base-"))
    base = bases()[number]
    outcome = run_ruleset(Memory(files, base.folder))
    stack, program = outcome.stack, outcome.program
    if stack is None or program is None or outcome.result is None:
        return
    _differences(run_ruleset(base.memory()), outcome)
    names = stack.layers.scenarios
    others = [run_ruleset(outcome.files, None, Variant(scenario=name)) for name in names]
    compared = compare_scenarios([outcome, *(one for one in others if one.result is not None)])
    for speaker in (SWEDISH, ENGLISH):
        scenarios_page(compared, speaker)
        soundness(outcome, speaker)
        plan_lines(outcome, speaker)
    assert base.rules is not None
    text = files[base.rules].decode("utf-8-sig")
    draft = draft_text(outcome.rule_file, text, program.year, program.year + 1).encode()
    _say(read_document(outcome.rule_file, draft).findings)
    _printed_whole(outcome, stack)


def _prove(files: Files) -> None:
    """What is promised for all figures of a damaged ruleset; no figures are searched for."""
    outcome = run_ruleset(Memory(files, _folder(files)))
    found = of_ruleset(outcome, refuting=False)
    held(outcome.plan is None or found or errors(outcome.findings), "something is promised")
    if not found:
        return
    for speaker in (SWEDISH, ENGLISH):
        promise_lines(Proved(outcome, found), speaker)
    json.dumps(promises_data(Proved(outcome, found)))


def _differences(before: Outcome, after: Outcome) -> None:
    if before.result is not None:
        comparison = compare_rulesets(before, after, CAUSES)
        _say(comparison.findings)
        for speaker in (SWEDISH, ENGLISH):
            changes_page(comparison, speaker)
        json.dumps(changes_data(comparison))


def _printed_whole(outcome: Outcome, stack: Stack) -> None:
    """All the rules in one text give what they gave; where they read nothing from elsewhere."""
    assert outcome.result is not None
    document = stack.with_places(stack.reading(AS_IS).document, outcome.files)
    if errors(stack.reading(AS_IS).findings) or errors(outcome.findings):
        return
    for language in LANGUAGES:
        text = print_document(document, language)
        if "../" not in text and isinstance(outcome.files, Memory):
            name = "regler.fordela"
            start = f"{outcome.files.folder}/" if outcome.files.folder else ""
            contents = {
                path: data
                for path, data in outcome.files.contents.items()
                if not path.endswith((outcome.rule_file, LOCK_FILE))
            }
            again = run_ruleset(
                Memory({**contents, start + name: text.encode()}, outcome.files.folder)
            )
            held(again.result is not None, "rules printed in one text can be run")
            assert again.result is not None
            same = given_amounts(again.result) == given_amounts(outcome.result)
            held(same, "rules printed in one text give the same amounts")


# ---------------------------------------------------------------- tables


def _tabular(chance: Random) -> Damage:
    lines = [line for _, data in tables() if b"\0" not in data for line in _some_lines(data)]
    return Damage(chance, ODD, lines)


@cache
def _some_lines(data: bytes) -> tuple[str, ...]:
    return tuple(data.decode("utf-8", "replace").splitlines()[:4])


def _is_workbook(path: str) -> bool:
    return path.lower().endswith(".xlsx")


@frozen
class _Read:
    """Something that a ruleset reads from one file, and how the engine reads it."""

    path: str
    data: bytes
    read: Callable[[Memory], Sequence[Finding]]


@cache
def _reads() -> tuple[_Read, ...]:
    """Every statistic, register and published table of every ruleset, with its reader."""
    found: list[_Read] = []
    for base in bases():
        outcome = run_ruleset(base.memory())
        if outcome.program is None or outcome.stack is None or base.folder:
            continue
        found += _reads_of(base, outcome)
    return tuple(found)


def _reads_of(base: Base, outcome: Outcome) -> Iterable[_Read]:
    assert outcome.program is not None
    assert outcome.stack is not None
    document = outcome.stack.reading(AS_IS).document
    registers = outcome.program.registers
    for one in document.statements:
        if isinstance(one, s.Recipients) and one.path and one.path in base.files:
            areas = [each for noun, each in registers.items() if noun != one.noun]
            yield _Read(one.path, base.files[one.path], _register_reader(one.noun, one.path, areas))
        if isinstance(one, s.Statistic):
            register = registers.get(one.noun or outcome.program.noun)
            origin = next((part for part in one.parts if isinstance(part, s.FromFile)), None)
            if register and origin and origin.path in base.files:
                reader = _figure_reader(one, document, register)
                yield _Read(origin.path, base.files[origin.path], reader)
        if isinstance(one, s.Table):
            for part in one.parts:
                if isinstance(part, s.Facit) and part.path in base.files:
                    register = registers[outcome.program.noun]
                    yield _Read(part.path, base.files[part.path], _published_reader(part, register))


def _register_reader(
    noun: str, path: str, areas: Sequence[Register]
) -> Callable[[Memory], Sequence[Finding]]:
    def read(files: Memory) -> Sequence[Finding]:
        register, found = read_register(noun, path, files, areas=areas)
        held(register is not None or errors(found), "a register that is not read has an error")
        return found

    return read


def _figure_reader(
    one: s.Statistic, document: s.Document, register: Register
) -> Callable[[Memory], Sequence[Finding]]:
    declared = axes.declared(document)

    def read(files: Memory) -> Sequence[Finding]:
        if one.axes:
            figures, found = read_grid(one, declared, register, files)
        else:
            figures, found = read_figures(one, register, files)
        held(figures is not None or errors(found), "figures that are not read have an error")
        return found

    return read


def _published_reader(facit: s.Facit, register: Register) -> Callable[[Memory], Sequence[Finding]]:
    def read(files: Memory) -> Sequence[Finding]:
        published, found = read_published(facit, register, files)
        held(published is not None or errors(found), "a table that is not read has an error")
        return found

    return read


def _damaged_table(chance: Random) -> Files:
    """A table, beside its number among those that are read: the name of an empty file."""
    reads = [n for n, one in enumerate(_reads()) if not _is_workbook(one.path)]
    number = chance.choice(reads)
    one = _reads()[number]
    return {one.path: _tabular(chance).data(one.data), f"reader-{number}": b""}


def _read_table(files: Files) -> None:
    number = next(int(path.partition("-")[2]) for path in files if path.startswith("reader-"))
    _say(_reads()[number].read(Memory(files)))


def _damaged_workbook(chance: Random) -> Files:
    reads = [n for n, one in enumerate(_reads()) if _is_workbook(one.path)]
    number = chance.choice(reads)
    one = _reads()[number]
    return {one.path: _tabular(chance).workbook(one.data), f"reader-{number}": b""}


def _damaged_data(chance: Random) -> Files:
    """A ruleset with one of its tables damaged."""
    base = chance.choice(bases())
    names = [path for path in base.files if path.endswith((".csv", ".tsv", ".txt"))]
    if not names:
        return _damaged_rules(chance)
    path = chance.choice(names)
    return {**base.files, path: _tabular(chance).data(base.files[path])}


# ---------------------------------------------------------------- certificates


@cache
def _small_runs() -> tuple[tuple[Base, Outcome, dict[str, bytes]], ...]:
    """Rulesets that run without errors, with all that they read."""
    found = []
    for base in bases():
        recorded = Recorded(base.memory())
        outcome = run_ruleset(recorded)
        if outcome.result is not None and not errors(outcome.findings):
            found.append((base, outcome, dict(recorded.seen)))
    return tuple(found)


@cache
def _certificates() -> tuple[str, ...]:
    found = []
    for _, outcome, seen in _small_runs():
        text = certificate_text(outcome, seen)
        if len(text) < MAX_CERTIFICATE:
            found.append(text)
    return tuple(found)


MAX_CERTIFICATE = 30_000


def _damaged_certificate(chance: Random) -> Files:
    text = chance.choice(_certificates())
    damage = Damage(chance)
    if chance.getrandbits(1):
        return {"certificate.json": damage.json(text)}
    # Under a seal that fits, so that what lies behind the seal is looked at.
    data = json.loads(text)
    for _ in range(damage.times()):
        data = damage.tree(data)
    return {"certificate.json": resealed(data)}


def resealed(data: object) -> bytes:
    """A certificate with the seal that what it says now should have."""
    from hashlib import sha256

    if isinstance(data, dict):
        plain = json.dumps({**data, "seal": None}, sort_keys=True, separators=(",", ":"))
        data = {**data, "seal": sha256(plain.encode()).hexdigest()}
    return json.dumps(data).encode()


def _check_certificate(files: Files) -> None:
    good, said = verdict(files["certificate.json"])
    held(
        len(said) == 2 and good == said[0].startswith("PROVED"), "a verdict is one line a language"
    )


# ---------------------------------------------------------------- locks and receipts


@cache
def _locks() -> tuple[tuple[Base, str], ...]:
    from datetime import date

    found = []
    for base, outcome, seen in _small_runs():
        if base.folder or outcome.result is None or len(seen) != len(set(seen) & set(base.files)):
            continue
        lock = lock_of(outcome.result, outcome.rule_file, seen, date(2025, 1, 15))
        found.append((base, lock_text(lock)))
    return tuple(found)


def _damaged_lock(chance: Random) -> Files:
    base, text = chance.choice(_locks())
    damage = Damage(chance)
    files = {**base.files, LOCK_FILE: damage.json(text)}
    if not chance.randrange(4):
        path = chance.choice(sorted(base.files))
        files[path] = damage.raw(files[path])
    return files


@cache
def _receipts() -> tuple[tuple[Base, str], ...]:
    found = []
    for base, outcome, seen in _small_runs():
        if base.folder or outcome.result is None:
            continue
        manner = Manner(".", outcome.rule_file, AS_IS, "table", "sv")
        found.append((base, receipt_text(receipt_of(outcome.result, manner, seen, b"output\n"))))
    return tuple(found)


def _damaged_receipt(chance: Random) -> Files:
    base, text = chance.choice(_receipts())
    return {**base.files, "receipt.json": Damage(chance).json(text)}


def _read_receipt(files: Files) -> None:
    data = files["receipt.json"]
    receipt, found = read_receipt(data, "receipt.json")
    held(receipt is not None or errors(found), "a receipt that is not read has an error")
    if receipt is None:
        return _say(found)
    rest = {path: content for path, content in files.items() if path != "receipt.json"}
    memory = Memory(rest)
    changed = file_findings(receipt, memory)
    outcome = run_ruleset(Recorded(memory), receipt.manner.rules, receipt.manner.variant)
    if outcome.result is not None:
        again = receipt_of(outcome.result, receipt.manner, rest, b"output\n")
        changed += amount_findings(receipt, outcome.result)
        changed += output_findings(receipt, again, "receipt.json")
        changed += other_findings(receipt, again, data, "receipt.json")
    return _say(changed)


# ---------------------------------------------------------------- audits


@cache
def _published_texts() -> tuple[tuple[str, bytes], ...]:
    """Tables that can be audited: those of the error cases, and all that were published."""
    names = ("tabell.txt", "facit/", "F8", "N8")
    found = [
        (path.rpartition("/")[2], data)
        for base in bases()
        for path, data in base.files.items()
        if path.startswith(names) and not _is_workbook(path) and len(data) < 6_000
    ]
    return tuple(dict.fromkeys(found))


def _damaged_published(chance: Random) -> Files:
    path, data = chance.choice(_published_texts())
    return {path: _tabular(chance).data(data)}


def _audit(files: Files) -> None:
    found, findings = audit(next(iter(files)), Memory(files), Request())
    _say(findings)
    if found.columns:
        audit_page(found, SWEDISH)
        audit_page(found, ENGLISH)


def _read_any(files: Files) -> None:
    """A table as it is, whoever wants it."""
    path, data = next(iter(files.items()))
    sheet, found = read_sheet(path, data)
    held(sheet is not None or errors(found), "a table that is not read has an error")
    _say(found)


def _damaged_any(chance: Random) -> Files:
    path, data = chance.choice([one for one in tables() if not _is_workbook(one[0])])
    return {path: _tabular(chance).data(data)}


def _read_pasted(files: Files) -> None:
    path = next(iter(files))
    document, found = audited(path, Memory(files))
    held(document.tables or errors(found), "what has no table has an error")
    _say(found)


# By how much an input costs and how much of the program it reaches.
TARGETS: Mapping[str, Target] = {
    "parser": Target(_one_line, _parse_line, 3600),
    "lines": Target(_few_lines, _read_lines, 150),
    "rules": Target(_damaged_rules, _run_whole, 100),
    "data": Target(_damaged_data, _run_whole, 80),
    "verbs": Target(_damaged_beside, _other_verbs, 20),
    "proofs": Target(_damaged_demands, _prove, 20),
    "figures": Target(_damaged_table, _read_table, 500),
    "tables": Target(_damaged_any, _read_any, 1200),
    "workbooks": Target(_damaged_workbook, _read_table, 30),
    "certificates": Target(_damaged_certificate, _check_certificate, 4180),
    "locks": Target(_damaged_lock, _run_whole, 50),
    "receipts": Target(_damaged_receipt, _read_receipt, 50),
    "pasted": Target(_damaged_published, _read_pasted, 50),
    "audits": Target(_damaged_published, _audit, 1),
}
