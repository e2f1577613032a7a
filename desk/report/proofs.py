"""What lets a reader trust a result: rates to check it by hand, ties, the ruleset's own checks."""

from collections.abc import Iterator
from fractions import Fraction

from attrs import frozen

from desk.report.pots import kronor
from desk.speaker import Speaker
from desk.text_table import explained, listed
from dsl import syntax as s
from dsl.findings import Exact, Kronor, Phrase
from dsl.numbers import format_number
from dsl.printer import Printer, print_line
from dsl.source import Span
from engine.checks import CheckOutcome
from engine.evaluate import Result
from engine.ledger import Adjusted, Earned, Fixed, Movement, RoundingResidue, Shared
from engine.outcome import Outcome

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
    """Pots with lines by Sainte-Laguë's method: of each the rate, and what is fixed beside them."""
    found: dict[Span, str] = {}
    pots = set()
    for line in shared_lines(result):
        rate = line.movement.rate
        # Of a line that gives the same to each the amounts say enough.
        if rate is not None and isinstance(line.flow.destination, s.ByKey):
            found[line.movement.span] = _rate(result, line, rate, speaker)
            pots.add(line.pot)
    if not pots:
        return []
    language = result.program.document.language
    lines = []
    for pot in (one for one in result.program.pots if one.name.text in pots):
        rows = []
        for one in result.ledger.by_source[pot.name.text]:
            text = found.get(one.span) or _fixed(result, one, speaker)
            if text and not isinstance(one.reason, Adjusted | RoundingResidue):
                rows.append((print_line(pot.flows[one.line], language), text))
        lines += [pot.name.text, *explained(rows, speaker.width - 2)]
    return ["", speaker.say("run.rates"), *(f"  {line}" for line in lines)]


def _fixed(result: Result, movement: Movement, speaker: Speaker) -> str | None:
    """What a line gives to recipients of the register without any key."""
    match movement.reason:
        case Earned(name) if movement.register is not None:
            return speaker.say("run.earned", name=name)
        case Fixed() if movement.register is not None:
            amounts = {amount for amount in movement.amounts if amount}
            if len(amounts) == 1:
                amount = kronor(result, amounts.pop())
                to_each = all(movement.amounts) and len(movement.amounts) > 1
                return speaker.say("run.each", amount=amount) if to_each else speaker.show(amount)
    return None


def _rate(result: Result, line: SharedLine, rate: Fraction, speaker: Speaker) -> str:
    """The rate with its unit, times the key: ``3,362480561 kr per person × befolkning``."""
    number = format_number(rate, speaker.language)
    unit = _unit(result, line.flow)
    if unit in _COUNTED:
        number = speaker.say("run.per", rate=number, unit=Phrase(f"unit_one.{unit}"))
    elif unit not in {None, "kr"}:
        number = speaker.say("run.rate", rate=number)
    key = line.key if " + " not in line.key and " − " not in line.key else f"({line.key})"
    size = line.reason.rounding.unit or Fraction(1)
    if size == 1:
        return f"{number} × {key}"
    return speaker.say("run.rounded_to", product=f"{number} × {key}", unit=Kronor(size))


def _unit(result: Result, flow: s.Flow) -> str | None:
    """The unit of a key that is a statistic in a plain unit."""
    key = flow.destination.key if isinstance(flow.destination, s.ByKey) else None
    symbol = result.program.symbols.get(key.name.text) if isinstance(key, s.Ref) else None
    unit = symbol.unit if isinstance(symbol, s.Statistic) else ()
    return unit[0] if len(unit) == 1 else None


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


def checks_count(outcome: Outcome, speaker: Speaker) -> str:
    """How many of the checks hold; they are against a decision's text where there is one."""
    of_decision = outcome.program is not None and outcome.program.decision
    good = sum(one.holds for one in outcome.checks)
    counts = {"good": Exact(good), "all": Exact(len(outcome.checks))}
    return speaker.say("verify.checks_of_decision" if of_decision else "verify.checks", **counts)


def check_text(outcome: Outcome, one: CheckOutcome) -> str:
    """A check as the rules have it, without its first word."""
    assert outcome.program is not None
    return print_line(one.check, outcome.program.document.language).partition(" ")[2]
