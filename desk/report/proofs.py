"""What lets a reader trust a result: rates to check it by hand, ties, the ruleset's own checks."""

from collections.abc import Iterator
from fractions import Fraction

from attrs import frozen

from desk.speaker import Speaker
from desk.text_table import listed
from dsl import syntax as s
from dsl.findings import Kronor, Phrase
from dsl.numbers import format_number
from dsl.printer import Printer, print_line
from engine.checks import CheckOutcome
from engine.evaluate import Result
from engine.ledger import Movement, Shared
from engine.pipeline import Outcome

# Units of which one can say “kr per person”; of others the key's name says enough.
_COUNTED = frozenset({"person", "hour", "day", "km2", "point"})


@frozen
class SharedLine:
    """A line that is shared out by a key.

    Attributes:
        pot: the pot's name.
        rule: the line as the rules have it.
        key: the key as the rules have it.
        flow: the line itself.
        movement: what it moved.
        reason: how it was shared.
    """

    pot: str
    rule: str
    key: str
    flow: s.Flow
    movement: Movement
    reason: Shared


def shared_lines(result: Result) -> Iterator[SharedLine]:
    """Every line that is shared out by a key, in the order of the rules."""
    language = result.program.document.language
    for one in result.ledger.movements:
        pot = result.program.symbols.get(one.source)
        if not isinstance(one.reason, Shared) or not isinstance(pot, s.Pot):
            continue
        flow = pot.flows[one.line]
        key = flow.destination.key if isinstance(flow.destination, s.ByKey) else s.AllPosts()
        yield SharedLine(
            one.source,
            print_line(flow, language),
            Printer(language).expression(key),
            flow,
            one,
            one.reason,
        )


def rates(result: Result, speaker: Speaker) -> list[str]:
    """For each line by Sainte-Laguë's method the rate that gives all its amounts."""
    rows = []
    for line in shared_lines(result):
        rate = line.movement.rate
        # Of a line that gives the same to each the amounts say enough.
        if rate is not None and isinstance(line.flow.destination, s.ByKey):
            rows.append((line.pot, _rate(result, line, rate, speaker)))
    return ["", speaker.say("run.rates"), *listed(rows, speaker.width)] if rows else []


def _rate(result: Result, line: SharedLine, rate: Fraction, speaker: Speaker) -> str:
    """The rate with its unit, times the key: ``3,362480561 kr per person × befolkning``."""
    number = format_number(rate, speaker.language)
    unit = _counted(result, line.flow)
    if unit:
        number = speaker.say("run.per", rate=number, unit=Phrase(f"unit_one.{unit}"))
    key = line.key if " + " not in line.key and " − " not in line.key else f"({line.key})"
    size = line.reason.rounding.unit or Fraction(1)
    if size == 1:
        return f"{number} × {key}"
    return speaker.say("run.rounded_to", product=f"{number} × {key}", unit=Kronor(size))


def _counted(result: Result, flow: s.Flow) -> str | None:
    """The unit of a key that is a statistic of persons, days and the like."""
    key = flow.destination.key if isinstance(flow.destination, s.ByKey) else None
    symbol = result.program.symbols.get(key.name.text) if isinstance(key, s.Ref) else None
    unit = symbol.unit if isinstance(symbol, s.Statistic) else ()
    return unit[0] if len(unit) == 1 and unit[0] in _COUNTED else None


def ties(result: Result, speaker: Speaker) -> list[str]:
    """The recipients among whom only the declared order decided."""
    rows = []
    for line in shared_lines(result):
        if line.reason.tied:
            order = line.reason.rounding.ties or s.Ties.CODE
            key = f"run.tie_{order.value}"
            names = names_at(line, line.reason.tied)
            rows.append((f"{line.pot}, {line.rule}", speaker.say(key, names=names)))
    return ["", speaker.say("run.ties"), *listed(rows, speaker.width)] if rows else []


def limits(result: Result, speaker: Speaker) -> list[str]:
    """The recipients whom a floor holds up and those whom a ceiling holds down."""
    rows = []
    for line in shared_lines(result):
        held = {"at_floor": line.reason.at_floor, "at_ceiling": line.reason.at_ceiling}
        said = [
            speaker.say(f"run.{side}", names=names_at(line, places))
            for side, places in held.items()
            if places
        ]
        if said:
            rows.append((f"{line.pot}, {line.rule}", "; ".join(said)))
    return ["", speaker.say("run.limits"), *listed(rows, speaker.width)] if rows else []


def names_at(line: SharedLine, places: tuple[int, ...]) -> tuple[str, ...]:
    """The recipients at these positions, such as those whose claims were exactly equal."""
    register = line.movement.register
    assert register is not None
    return tuple(register.recipients[place].name for place in places)


def checks(outcome: Outcome, speaker: Speaker) -> list[str]:
    """The ruleset's own checks, and whether they hold."""
    if not outcome.checks:
        return []
    lines = [f"  {speaker.mark(one.holds)} {check_text(outcome, one)}" for one in outcome.checks]
    return ["", speaker.say("run.checks"), *lines]


def check_text(outcome: Outcome, one: CheckOutcome) -> str:
    """A check as the rules have it, without its first word."""
    assert outcome.program is not None
    return print_line(one.check, outcome.program.document.language).partition(" ")[2]
