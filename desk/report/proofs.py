"""What lets a reader trust a result: rates to check it by hand, ties, the ruleset's own checks."""

from collections.abc import Iterator
from fractions import Fraction

from attrs import evolve, frozen

from desk.report.pots import kronor
from desk.speaker import Speaker
from desk.text_table import Grid, said_of
from dsl import syntax as s
from dsl.findings import Exact, Kronor, Phrase
from dsl.numbers import Language, format_number
from dsl.printer import Printer, print_line
from dsl.registers import Recipient, Register
from dsl.source import Span
from engine.checks import CheckOutcome
from engine.evaluate import Result
from engine.ledger import Adjusted, Earned, Fixed, Movement, Nested, RoundingResidue, Shared
from engine.outcome import Outcome

# Units of which one can say “kr per person”; of others the key's name says enough.
_COUNTED = frozenset({"person", "hour", "day", "km2", "point"})


@frozen
class SharedLine:
    """A line that is shared out by a key; or one level of a line that has two.

    Attributes:
        pot: the pot's name.
        rule: the line as the rules have it.
        flow: the line itself.
        by: what is shared by, on this level.
        key: the key of that as the rules have it.
        movement: what the line moved.
        reason: how it was shared, on this level.
        register: whom the reason is about.
        amounts: what each of them got, on this level.
        area: the larger area whose amount it is, on the second level.
    """

    pot: str
    rule: str
    flow: s.Flow
    by: s.ByKey | s.Equally
    key: str
    movement: Movement
    reason: Shared
    register: Register
    amounts: tuple[int, ...]
    area: Recipient | None = None

    @property
    def rate(self) -> Fraction | None:
        """Kronor per unit of the key; of a line that gives the same to each there is none."""
        return self.reason.rate(self.amounts) if isinstance(self.by, s.ByKey) else None


def shared_lines(result: Result) -> Iterator[SharedLine]:
    """Every line that is shared out by a key, in the order of the rules.

    A line with two levels comes once for the areas and once for each area that gets anything.
    """
    language = result.program.document.language
    for one in result.ledger.movements:
        pot = result.program.symbols.get(one.source)
        if not isinstance(one.reason, Shared | Nested) or not isinstance(pot, s.Pot):
            continue
        flow = pot.flows[one.line]
        by, register = flow.destination, one.register
        assert isinstance(by, s.ByKey | s.Equally)
        assert register is not None
        reason = one.reason if isinstance(one.reason, Shared) else one.reason.outer
        rule, key = print_line(flow, language), _key(by, language)
        line = SharedLine(one.source, rule, flow, by, key, one, reason, register, one.amounts)
        yield from _levels(line, flow, language) if flow.within else (line,)


def _levels(line: SharedLine, flow: s.Flow, language: Language) -> Iterator[SharedLine]:
    nested = line.movement.reason
    assert isinstance(nested, Nested)
    assert flow.within is not None
    yield evolve(line, register=nested.areas, amounts=nested.amounts)
    by = flow.within.destination
    second = evolve(line, by=by, key=_key(by, language))
    for place, reason in enumerate(nested.inner):
        if reason is not None:
            pairs = zip(line.amounts, nested.area_of, strict=True)
            own = tuple(amount if area == place else 0 for amount, area in pairs)
            area = nested.areas.recipients[place]
            yield evolve(second, reason=reason, amounts=own, area=area)


def _key(by: s.ByKey | s.Equally, language: Language) -> str:
    return Printer(language).expression(by.key) if isinstance(by, s.ByKey) else ""


def rates(result: Result, speaker: Speaker) -> list[str]:
    """Pots with lines by Sainte-Laguë's method: of each the rate, and what is fixed beside them."""
    found: dict[Span, str] = {}
    pots = set()
    for line in shared_lines(result):
        if isinstance(line.movement.reason, Nested):
            found[line.movement.span] = speaker.say("run.in_levels")
        elif line.rate is not None:
            found[line.movement.span] = _rate(result, line, line.rate, speaker)
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
        lines += [pot.name.text, *said_of(rows, speaker.width - 2)]
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
    unit = _unit(result, line.by)
    if unit in _COUNTED:
        number = speaker.say("run.per", rate=number, unit=Phrase(f"unit_one.{unit}"))
    elif unit not in {None, "kr"}:
        number = speaker.say("run.rate", rate=number)
    key = line.key if " + " not in line.key and " − " not in line.key else f"({line.key})"
    size = line.reason.rounding.unit or Fraction(1)
    if size == 1:
        return f"{number} × {key}"
    return speaker.say("run.rounded_to", product=f"{number} × {key}", unit=Kronor(size))


def _unit(result: Result, by: s.Destination) -> str | None:
    """The unit of a key that is a statistic in a plain unit."""
    key = by.key if isinstance(by, s.ByKey) else None
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
            rows.append((_where(line, speaker), speaker.say(key, names=names)))
    return ["", speaker.say("run.ties"), *said_of(rows, speaker.width)] if rows else []


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
            rows.append((_where(line, speaker), "; ".join(said)))
    return ["", speaker.say("run.limits"), *said_of(rows, speaker.width)] if rows else []


def names_at(line: SharedLine, places: tuple[int, ...]) -> tuple[str, ...]:
    """The recipients at these positions, such as those whose claims were exactly equal."""
    return tuple(line.register.recipients[place].name for place in places)


def _where(line: SharedLine, speaker: Speaker) -> str:
    """The pot and its line; on the second level of a line with two, also the area."""
    said = [line.pot, line.rule]
    said += [speaker.say("run.within", area=line.area.name)] if line.area else []
    return ", ".join(said)


def levels(result: Result, speaker: Speaker) -> list[str]:
    """What each larger area got of every line that is shared in two levels, and at what rate."""
    shown = list(shared_lines(result))
    lines: list[str] = []
    for line in shown:
        if isinstance(line.movement.reason, Nested) and line.area is None:
            first = _rate_of(result, line, speaker)
            lines += [f"  {line.pot}, {line.rule}", *([f"    {first}"] if first else [])]
            within = (one for one in shown if one.movement is line.movement and one.area)
            texts = {one.area: _rate_of(result, one, speaker) for one in within}
            areas = zip(line.register.recipients, line.amounts, strict=True)
            rows = [
                (f"{area.code} {area.name}", speaker.show(kronor(result, amount)), texts.get(area))
                for area, amount in areas
            ]
            lines += _areas(rows)
    return ["", speaker.say("run.levels"), *lines] if lines else []


def _areas(rows: list[tuple[str, str, str | None]]) -> Iterator[str]:
    """The areas with their amounts, and after these how they are shared within the area."""
    grid = Grid((), tuple((name, amount) for name, amount, _ in rows), left=1).body()
    for line, (_, _, text) in zip(grid, rows, strict=True):
        yield f"    {line}  {text}" if text else f"    {line}"


def _rate_of(result: Result, line: SharedLine, speaker: Speaker) -> str | None:
    rate = line.rate
    return None if rate is None else _rate(result, line, rate, speaker)


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
