"""What a ruleset promises for all figures: one line for ``check``, a table with ``--prove``."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from attrs import field, frozen

from desk.excerpt import wrap_text
from desk.report.soundness import variant_name
from desk.speaker import Speaker
from dsl import syntax as s
from dsl.findings import Exact, Phrase, Value
from dsl.printer import print_line
from dsl.program import Program
from engine.outcome import Outcome
from engine.proof.promises import Claim, Promise, Sort, Verdict
from engine.refutation.replay import shown_places
from engine.refutation.telling import told

_DEMANDS = frozenset({Sort.MORE, Sort.EQUAL, Sort.DOUBLE, Sort.HOLDS})


def promise_count(promises: Sequence[Promise], speaker: Speaker) -> str:
    """How many promises are proved, refuted, and neither."""
    counts = {verdict: sum(one.verdict is verdict for one in promises) for verdict in Verdict}
    proved, total = Exact(counts[Verdict.PROVED]), Exact(len(promises))
    parts = [speaker.say("promise.count", proved=proved, total=total)]
    parts += _with_conditions(promises, speaker)
    for verdict in (Verdict.REFUTED, Verdict.OPEN):
        if counts[verdict]:
            count = Exact(counts[verdict])
            parts.append(speaker.say(f"promise.{verdict.value}_count", count=count))
    return ", ".join(parts)


def promised(promises: Sequence[Promise], speaker: Speaker) -> str:
    """One line for ``check``, which does not look for figures that refute the others."""
    proved, total = sum(one.verdict is Verdict.PROVED for one in promises), len(promises)
    parts = [speaker.say("promise.count", proved=Exact(proved), total=Exact(total))]
    parts += _with_conditions(promises, speaker)
    said = [", ".join(parts)]
    if proved < total:
        said.append(speaker.say("promise.unproved_count", count=Exact(total - proved)))
    mark = speaker.mark(True) if proved == total else "·"
    text = f"{'; '.join(said)} {speaker.say('promise.see_all')}"
    first, *more = wrap_text(text, speaker.width - 4)
    return "\n".join([f"  {mark} {first}", *(f"    {line}" for line in more)])


def _with_conditions(promises: Sequence[Promise], speaker: Speaker) -> Iterator[str]:
    """How many of those that are proved are so only under conditions; nothing if none is."""
    count = sum(one.verdict is Verdict.PROVED and bool(one.conditions) for one in promises)
    if count:
        yield speaker.say("promise.conditional_count", count=Exact(count))


@frozen
class Proved:
    """What a ruleset promises in one of its variants.

    Attributes:
        outcome: its run.
        promises: the verdicts, in the order of the claims.
        written: where counterexamples were written.
    """

    outcome: Outcome
    promises: tuple[Promise, ...]
    written: Mapping[Claim, str] = field(factory=dict)


def promise_lines(proved: Proved, speaker: Speaker) -> list[str]:
    """The table of promises: by pot and line, each with its verdict and why."""
    lines = ["", speaker.paint(speaker.say("promise.title"), "title")]
    return [*lines, *_table(proved, proved.promises, speaker), *_counted(proved, speaker)]


def promise_lines_of_variant(proved: Proved, usual: Proved, speaker: Speaker) -> list[str]:
    """The same of a scenario or another day: what differs from the ruleset as it is."""
    variant = variant_name(proved.outcome, speaker)
    title = speaker.say("promise.title_variant", variant=variant)
    table = _table(proved, differing(proved, usual, speaker), speaker)
    table = table or [f"  {speaker.say('promise.as_above')}"]
    return ["", speaker.paint(title, "title"), *table, *_counted(proved, speaker)]


def differing(proved: Proved, usual: Proved, speaker: Speaker) -> list[Promise]:
    """The promises of which something else is said than for the ruleset as it is."""
    known = {_meaning(usual, one, speaker) for one in usual.promises}
    return [one for one in proved.promises if _meaning(proved, one, speaker) not in known]


def _meaning(proved: Proved, promise: Promise, speaker: Speaker) -> tuple[object, ...]:
    """What is said of a promise, beside the figures that refute it."""
    assert proved.outcome.program is not None
    place = _place(proved.outcome, promise.claim, speaker)
    claim = claim_text(proved.outcome.program, promise.claim, speaker)
    conditions, reasons = _joined(promise.conditions, speaker), _joined(promise.reasons, speaker)
    return place, claim, promise.verdict, conditions, reasons


def _table(proved: Proved, promises: Sequence[Promise], speaker: Speaker) -> list[str]:
    outcome, lines = proved.outcome, []
    for place, group in groupby(promises, key=lambda one: _place(outcome, one.claim, speaker)):
        lines.append(f"  {place}")
        for promise in group:
            lines += _promise(outcome, promise, speaker, proved.written.get(promise.claim))
    return lines


def _counted(proved: Proved, speaker: Speaker) -> list[str]:
    counted = wrap_text(promise_count(proved.promises, speaker), speaker.width - 2)
    return ["", *(f"  {line}" for line in counted)]


def _place(outcome: Outcome, claim: Claim, speaker: Speaker) -> str:
    """Of what a promise is: of the ruleset, a pot, a line, or a demand."""
    program = outcome.program
    assert program is not None
    if claim.sort in _DEMANDS:
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


def _promise(
    outcome: Outcome, promise: Promise, speaker: Speaker, path: str | None
) -> Iterator[str]:
    assert outcome.program is not None
    head = claim_text(outcome.program, promise.claim, speaker)
    first, *more = because(outcome, promise, speaker)
    if path is not None and promise.counterexample is not None:
        language = outcome.program.document.language
        first_place, *then = shown_places(path, promise.counterexample, language)
        key = "promise.written_both" if then else "promise.written"
        more.append(speaker.say(key, path=first_place, then="".join(then)))
    mark = {Verdict.PROVED: speaker.mark(True), Verdict.REFUTED: speaker.mark(False)}
    for number, line in enumerate(wrap_text(f"{head}{first}", speaker.width - 6)):
        yield f"      {line}" if number else f"    {mark.get(promise.verdict, '?')} {line}"
    for text in more:
        for line in wrap_text(text, speaker.width - 8):
            yield f"        {speaker.paint(line, 'quiet')}"


def because(outcome: Outcome, promise: Promise, speaker: Speaker) -> Iterator[str]:
    """Why a promise holds, and under which conditions; or what stands against it.

    The first text follows upon the claim, the others are sentences of their own.
    """
    conditions = _joined(promise.conditions, speaker)
    after = speaker.say("promise.condition", conditions=conditions) if conditions else ""
    reasons = _joined(promise.reasons, speaker)
    if promise.verdict is Verdict.PROVED:
        yield after + (f" ({reasons})" if reasons else "")
        return
    yield after
    assert promise.place is not None
    key = "promise.falls" if promise.counterexample else "promise.because"
    yield speaker.say(key, why=reasons, line=Exact(promise.place.line))
    if promise.counterexample is not None:
        *figures, leads_to = told(outcome, promise.claim, promise.counterexample)
        shown = "; ".join(map(speaker.show, figures))
        yield speaker.say("counterexample.with_figures", figures=shown)
        yield speaker.show(leads_to)


def _joined(phrases: Sequence[Phrase], speaker: Speaker) -> str:
    *others, last = [speaker.show(one) for one in phrases] or [""]
    listed = ", ".join(others)
    return speaker.say("promise.both", one=listed, other=last) if others else last
