"""What opens a page: the ruleset, its rounding, its figures and where they come from."""

from collections.abc import Iterator
from fractions import Fraction

from attrs import evolve

from desk.rulesets import relative
from desk.speaker import Speaker
from desk.text_table import broken_text, listed
from dsl import syntax as s
from dsl.findings import Exact
from dsl.numbers import Language
from dsl.printer import Printer, print_line
from dsl.program import Program
from engine.outcome import Outcome

MARK = "*"


def header(outcome: Outcome, speaker: Speaker) -> list[str]:
    """The ruleset's name, budget year and decision, its rounding, its figures."""
    program = outcome.program
    assert program is not None
    facts = [speaker.say("run.year", year=str(program.year))]
    facts += [speaker.say("run.decision", decision=program.decision)] if program.decision else []
    facts += _variant(outcome, speaker)
    return [
        speaker.paint(program.name, "title"),
        *broken_text(" · ".join(facts), speaker.width),
        *roundings(program, speaker),
        *figures(outcome, speaker),
    ]


def _variant(outcome: Outcome, speaker: Speaker) -> Iterator[str]:
    """That it is adopted, or is not run as it is."""
    variant = outcome.variant
    if outcome.lock is not None:
        yield speaker.say("status.adopted", day=outcome.lock.adopted.isoformat())
    days = outcome.stack.layers.days if outcome.stack else ()
    if days and variant.at is None:
        yield speaker.say("status.amended", day=days[-1].isoformat())
    if variant.at is not None:
        yield speaker.say("status.at", day=variant.at.isoformat())
    if variant.scenario is not None:
        yield speaker.say("status.scenario", name=variant.scenario)


def roundings(program: Program, speaker: Speaker) -> list[str]:
    """How shares and amounts are rounded, and the pots and lines that have a way of their own."""
    usual = rounding_text(program.share_rounding, speaker.language)
    name = speaker.say("run.rounding")
    indent = len(name) + 1
    rows = [usual]
    for what, own in _exceptions(program, speaker):
        rows.append(f"{what}: {rounding_text(own, speaker.language)}")
    first, *others = listed([(row,) for row in rows], speaker.width, indent)
    return [f"{name} {first.lstrip()}", *others]


def rounding_text(rounding: s.Rounding, language: Language) -> str:
    """A rounding as the rules have it; the usual order among equals goes without saying."""
    usual = rounding.ties is s.Ties.CODE
    return Printer(language).rounding(evolve(rounding, ties=None) if usual else rounding)


def _exceptions(program: Program, speaker: Speaker) -> Iterator[tuple[str, s.Rounding]]:
    """What is rounded in another way than the ruleset's shares are."""
    usual = program.share_rounding
    definitions = [one for one in program.definitions if one.sort == "amount"]
    if definitions and program.amount_rounding not in {None, usual}:
        assert program.amount_rounding is not None
        yield speaker.say("run.amounts"), program.amount_rounding
    for one in definitions:
        if one.rounding is not None:
            yield one.name.text, program.rounding_of_amount(one)
    for pot in program.pots:
        yield from _of_pot(program, pot)


def _of_pot(program: Program, pot: s.Pot) -> Iterator[tuple[str, s.Rounding]]:
    shared = [flow for flow in pot.flows if isinstance(flow.destination, s.ByKey)]
    if pot.rounding is not None and shared:
        yield pot.name.text, program.rounding_of(pot, shared[0])
    for flow in shared:
        if flow.rounding is not None:
            language = program.document.language
            yield f"{pot.name.text}, {print_line(flow, language)}", program.rounding_of(pot, flow)


# ---------------------------------------------------------------- figures


def figures(outcome: Outcome, speaker: Speaker) -> list[str]:
    """Each statistic with its file, source and reference date; a mark on what is recovered."""
    if not outcome.figures:
        return []
    rows = []
    for name, one in outcome.figures.items():
        mark = f" {MARK}" if one.recovered else ""
        as_of = speaker.say("run.as_of", as_of=one.as_of) if one.as_of else ""
        origin = ", ".join(filter(None, (one.source, as_of, grown(one.growth, speaker))))
        rows.append((name + mark, relative(outcome, one.file), origin))
    return [
        "",
        speaker.say("run.figures"),
        *listed(rows, speaker.width),
        *recovered(outcome, speaker),
    ]


def grown(growth: Fraction, speaker: Speaker) -> str:
    """That each published figure is multiplied by something, if it is."""
    return "" if growth == 1 else speaker.say("run.grown", factor=Exact(growth))


def recovered(outcome: Outcome, speaker: Speaker) -> list[str]:
    """The footnote on figures that were computed from a published result."""
    found = outcome.recovered
    if not found:
        return []
    note = speaker.say("run.recovered", mark=MARK)
    rows = [(f"  {name}", text.lstrip(": ")) for name, text in found.items()]
    return [
        *(f"  {line}" for line in broken_text(note, speaker.width)),
        *listed(rows, speaker.width),
    ]
