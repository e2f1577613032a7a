"""The page that answers why somebody gets an amount: trees of steps, and that they add up."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import groupby
from pathlib import PurePosixPath

from desk.report.header import MARK, grown
from desk.report.pots import given, kronor, reached, used_up
from desk.report.tree import Branch, tree
from desk.report.why_said import who
from desk.rulesets import relative
from desk.speaker import Speaker
from desk.text_table import Grid, broken_text, listed
from dsl.findings import Exact, Kronor, Value
from dsl.numbers import NO_BREAK, format_number
from dsl.source import Span
from engine.evaluate import Result
from engine.explain.steps import Answer, Comparison, Origin, Receipt, Step, Valuation
from engine.outcome import Outcome


def why_page(outcome: Outcome, answer: Answer, speaker: Speaker) -> str:
    """The whole answer: what one recipient gets together, with its sum."""
    assert outcome.program is not None
    receipts = answer.receipts
    lines = [speaker.paint(outcome.program.name, "title")]
    for _, group in groupby(receipts, key=lambda one: (one.subject.name, _noun(one))):
        together = list(group)
        lines += _overview(outcome, together, speaker) if len(together) > 1 else []
        for receipt in together:
            lines += ["", *_receipt(outcome, receipt, speaker)]
    for one in answer.values:
        lines += ["", *_valuation(outcome, one, speaker)]
    if not receipts and not answer.values:
        lines += ["", speaker.say("why.nothing")]
    return "\n".join([*lines, *_figures(outcome, answer, speaker)])


def _noun(receipt: Receipt) -> str:
    return receipt.subject.register.noun if receipt.subject.register else ""


def _result(outcome: Outcome) -> Result:
    assert outcome.result is not None
    return outcome.result


def _exact(result: Result, amount: int) -> Fraction:
    """An amount of the ledger in kronor."""
    return Fraction(amount, result.program.base)


# ---------------------------------------------------------------- a recipient


def _valuation(outcome: Outcome, one: Valuation, speaker: Speaker) -> list[str]:
    """What a definition comes to, and the tree of what it rests on."""
    facts: dict[str, Value] = {"name": one.step.name or "", "value": one.step.text}
    title = speaker.say("why.is", recipient=who(outcome, one.subject), **facts)
    branches = [_branch(outcome, step, speaker) for step in one.step.steps]
    return [speaker.paint(title, "title"), "", *tree(branches, speaker)]


def _overview(outcome: Outcome, receipts: list[Receipt], speaker: Speaker) -> list[str]:
    """What a recipient gets in all, and of which pots."""
    result = _result(outcome)
    rows = tuple((one.pot or "", speaker.show(kronor(result, one.amount))) for one in receipts)
    total = _exact(result, sum(one.amount for one in receipts))
    key = "why.pays_in_all" if total < 0 else "why.gets_in_all"
    title = speaker.say(key, recipient=who(outcome, receipts[0].subject), amount=Kronor(abs(total)))
    return ["", speaker.paint(title, "title"), *(f"  {line}" for line in Grid((), rows).body())]


def _receipt(outcome: Outcome, receipt: Receipt, speaker: Speaker) -> list[str]:
    """The amount, the tree of its lines, the tree of the pot's money, and that it adds up."""
    lines = [*broken_text(title(outcome, receipt, speaker), speaker.width)]
    lines = [speaker.paint(line, "title") for line in lines]
    branches = [_branch(outcome, one, speaker) for one in receipt.lines]
    lines += ["", *(tree(branches, speaker) or [speaker.say("why.nothing")])]
    if receipt.funding:
        branches = [_branch(outcome, one, speaker) for one in receipt.funding]
        lines += ["", speaker.say("why.money"), *tree(branches, speaker)]
    if receipt.pot is not None and receipt.subject.register is not None:
        lines += ["", _check(outcome, receipt.pot, speaker)]
    published = (_published(one, speaker) for one in receipt.published)
    return [*lines, *(line for one in published for line in broken_text(one, speaker.width))]


def title(outcome: Outcome, receipt: Receipt, speaker: Speaker) -> str:
    """Who gets how much of what."""
    result = _result(outcome)
    amount = Kronor(abs(_exact(result, receipt.amount)))
    name = who(outcome, receipt.subject)
    if receipt.pot is None:
        if name in result.holds:
            held = kronor(result, receipt.amount)
            return speaker.say("why.holds", pot=name, amount=held)
        return speaker.say("why.gets_in_all", recipient=name, amount=amount)
    back = result.holds[receipt.pot] < 0
    held = Kronor(abs(_exact(result, result.holds[receipt.pot])))
    key = "why.pays_back" if back else "why.gets"
    return speaker.say(key, recipient=name, amount=amount, held=held, pot=receipt.pot)


def _check(outcome: Outcome, pot: str, speaker: Speaker) -> str:
    result = _result(outcome)
    count, total = reached(result, pot), kronor(result, given(result, pot))
    here = sum(result.ledger.of_pot(pot) or ())
    if count and here != given(result, pot):
        others = kronor(result, given(result, pot) - here)
        facts = {"here": kronor(result, here), "others": others, "sum": total}
        key = "why.check_parts_one" if count == 1 else "why.check_parts"
        text = speaker.say(key, count=Exact(count), **facts)
    elif count:
        key = "why.check_one" if count == 1 else "why.check"
        text = speaker.say(key, count=Exact(count), sum=total)
    else:
        text = speaker.say("why.check_all", sum=total)
    return f"{text} {speaker.mark(used_up(result, pot))}"


def _published(one: Comparison, speaker: Speaker) -> str:
    facts: dict[str, Value] = {"table": one.table, "heading": one.heading}
    if one.agrees:
        return f"{speaker.say('why.published_equal', **facts)}{NO_BREAK}{speaker.mark(True)}"
    facts |= {"asserted": Exact(one.asserted), "calculated": Exact(one.calculated)}
    return f"{speaker.say('why.published_differs', **facts)}{NO_BREAK}{speaker.mark(False)}"


# ---------------------------------------------------------------- steps


def _branch(outcome: Outcome, step: Step, speaker: Speaker, above: str = "") -> Branch:
    """A step and all below it; a place that stands just above is not said again."""
    place = _place(outcome, step, speaker)
    return Branch(
        label(step, speaker),
        speaker.show(step.text),
        "" if place == above else place,
        tuple(_branch(outcome, one, speaker, place or above) for one in step.steps),
    )


def label(step: Step, speaker: Speaker) -> str:
    """What a step is called: its name in the rules, the amount that a line gives, or its kind."""
    if step.name is not None:
        return step.name
    if step.sentence is not None or step.kind == "stated":
        assert step.value is not None
        return speaker.show(Kronor(step.value))
    return speaker.say(f"why.label_{step.kind}")


def _place(outcome: Outcome, step: Step, speaker: Speaker) -> str:
    if step.origin is not None:
        return _place_of(outcome, step.origin, speaker)
    if step.span is not None:
        file = relative(outcome, step.span.file)
        return speaker.say("why.line", file=file, line=str(step.span.line))
    return ""


def _place_of(outcome: Outcome, origin: Origin, speaker: Speaker) -> str:
    """The row of a data file; what its figure is multiplied by; a mark if it is recovered."""
    mark = "" if origin.growth == 1 else f" × {format_number(origin.growth, speaker.language)}"
    mark += f" {MARK}" if origin.recovered else ""
    if origin.span is None:
        file = _file(outcome, origin)
        return (file if origin.of_ruleset else PurePosixPath(file).name) + mark
    return row(origin.span, speaker) + mark


def _file(outcome: Outcome, origin: Origin) -> str:
    """A file's name as the ruleset's folder has it; of another ruleset with its own folder."""
    if origin.of_ruleset:
        return "/".join(PurePosixPath(origin.file).parts[-2:])
    return relative(outcome, origin.file)


def row(span: Span, speaker: Speaker) -> str:
    """A place in a data file, without the file's folder."""
    file = PurePosixPath(span.file).name
    if span.cell:
        return speaker.say("why.cell", file=file, cell=span.cell)
    return speaker.say("why.row", file=file, line=str(span.line))


def _figures(outcome: Outcome, answer: Answer, speaker: Speaker) -> list[str]:
    """Every statistic that was used, with its file, source and date."""
    origins = {origin.statistic: origin for step in answer.steps for origin in _origins(step)}
    if not origins:
        return []
    rows = []
    for name, one in origins.items():
        mark = f" {MARK}" if one.recovered else ""
        as_of = speaker.say("run.as_of", as_of=one.as_of) if one.as_of else ""
        source = one.source
        if one.of_ruleset:
            source = speaker.say("why.result_of", ruleset=one.source or "")
        origin = ", ".join(filter(None, (source, as_of, grown(one.growth, speaker))))
        rows.append((name + mark, _file(outcome, one), origin))
    lines = ["", speaker.say("why.figures"), *listed(rows, speaker.width)]
    recovered = [(f"  {one.statistic}", one.recovered) for one in origins.values() if one.recovered]
    if recovered:
        note = speaker.say("run.recovered", mark=MARK)
        lines += [f"  {line}" for line in broken_text(note, speaker.width - 2)]
        lines += listed([(name, text or "") for name, text in recovered], speaker.width)
    return lines


def _origins(step: Step) -> Iterator[Origin]:
    if step.origin is not None:
        yield step.origin
    for one in step.steps:
        yield from _origins(one)
