"""What a ruleset promises for all figures: a table for ``check --prove``, one line for ``check``."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from desk.excerpt import wrap_text
from desk.speaker import Speaker
from dsl import syntax as s
from dsl.findings import Exact, Value
from dsl.printer import print_line
from dsl.program import Program
from engine.outcome import Outcome
from engine.proof.promises import Claim, Promise, Sort, Verdict
from engine.proof.telling import told

_MARKS: Mapping[Verdict, str] = {Verdict.PROVED: "✓", Verdict.REFUTED: "✗", Verdict.OPEN: "?"}


def promise_count(promises: Sequence[Promise], speaker: Speaker) -> str:
    """How many promises are proved, refuted, and neither."""
    counts = {verdict: sum(one.verdict is verdict for one in promises) for verdict in Verdict}
    proved, total = Exact(counts[Verdict.PROVED]), Exact(len(promises))
    parts = [speaker.say("promise.count", proved=proved, total=total)]
    for verdict in (Verdict.REFUTED, Verdict.OPEN):
        if counts[verdict]:
            count = Exact(counts[verdict])
            parts.append(speaker.say(f"promise.{verdict.value}_count", count=count))
    return ", ".join(parts)


def promise_lines(
    outcome: Outcome,
    promises: Sequence[Promise],
    speaker: Speaker,
    written: Mapping[Claim, str],
) -> list[str]:
    """The table of promises: by pot and line, each with its verdict and why.

    Args:
        outcome: the ruleset's run.
        promises: the verdicts, in the order of the claims.
        speaker: who says it.
        written: where counterexamples were written.
    """
    assert outcome.program is not None
    lines = ["", speaker.paint(speaker.say("promise.title"), "title")]
    for place, group in groupby(promises, key=lambda one: _place(outcome, one.claim, speaker)):
        lines.append(f"  {place}")
        for promise in group:
            lines += _promise(outcome, promise, speaker, written.get(promise.claim))
    return [*lines, "", f"  {promise_count(promises, speaker)}"]


def _place(outcome: Outcome, claim: Claim, speaker: Speaker) -> str:
    """Of what a promise is: of the ruleset, a pot, a line, or a demand."""
    program = outcome.program
    assert program is not None
    if claim.sort in {Sort.MORE, Sort.EQUAL, Sort.DOUBLE, Sort.HOLDS}:
        return speaker.say("promise.demanded")
    if claim.pot is None:
        return speaker.say("promise.everywhere")
    data: dict[str, Value] = {"pot": claim.pot, "line": Exact(claim.span.line)}
    if claim.line is None:
        return speaker.say("promise.pot", **data)
    rule = _rule(program, claim.pot, claim.line)
    return speaker.say("promise.pot_line", **data, rule=rule)


def _rule(program: Program, pot: str, line: int) -> str:
    symbol = program.symbols[pot]
    assert isinstance(symbol, s.Pot)
    return print_line(symbol.flows[line], program.document.language)


def claim_text(program: Program, claim: Claim, speaker: Speaker) -> str:
    """What is claimed, in one sentence."""
    for demand in program.demands:
        if demand.span == claim.span and claim.sort in _DEMANDS:
            rule = print_line(demand, program.document.language)
            return speaker.say("claim.demand", rule=rule, line=Exact(claim.span.line))
    alone = claim.sort is Sort.DIVIDES and claim.pot is None
    return speaker.say("claim.divides_all" if alone else f"claim.{claim.sort.value}")


_DEMANDS = frozenset({Sort.MORE, Sort.EQUAL, Sort.DOUBLE, Sort.HOLDS})


def _promise(
    outcome: Outcome, promise: Promise, speaker: Speaker, path: str | None
) -> Iterator[str]:
    assert outcome.program is not None
    mark = _MARKS[promise.verdict]
    painted = {Verdict.PROVED: speaker.mark(True), Verdict.REFUTED: speaker.mark(False)}
    claim = claim_text(outcome.program, promise.claim, speaker)
    yield f"    {painted.get(promise.verdict, mark)} {claim}"
    said = list(because(outcome, promise, speaker))
    if path is not None:
        said.append(speaker.say("promise.written", path=path))
    for text in said:
        for line in wrap_text(text, speaker.width - 8):
            yield f"        {speaker.paint(line, 'quiet')}"


def because(outcome: Outcome, promise: Promise, speaker: Speaker) -> Iterator[str]:
    """Why a promise holds, and under which conditions; or what stands against it."""
    if promise.conditions:
        shown = " · ".join(speaker.show(one) for one in promise.conditions)
        yield speaker.say("promise.condition", conditions=shown)
    if promise.verdict is Verdict.PROVED:
        if promise.reasons:
            yield " · ".join(speaker.show(one) for one in promise.reasons)
        return
    assert promise.place is not None
    line = Exact(promise.place.line)
    yield from (
        speaker.say("promise.because", why=one, line=line) for one in promise.reasons
    )
    if promise.counterexample is not None:
        *figures, leads_to = told(outcome, promise.claim, promise.counterexample)
        yield speaker.say("counterexample.with_figures", figures="; ".join(map(speaker.show, figures)))
        yield speaker.show(leads_to)
