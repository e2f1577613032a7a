"""The page of the demonstration: a rule, its amounts with bars, what was published, what next."""

from collections.abc import Sequence

from desk.report.pots import kronor, used_up
from desk.speaker import Speaker
from desk.text_table import Grid, explained
from dsl import syntax as s
from dsl.findings import Exact
from dsl.numbers import format_number
from dsl.printer import print_line
from engine.comparison.verify import ColumnVerdict
from engine.evaluate import Result
from engine.outcome import Outcome

_BAR = 40
_EIGHTHS = "▏▎▍▌▋▊▉█"

_NEXT = ("run", "verify")


def showcase(
    outcome: Outcome, pot: str, verdict: ColumnVerdict, path: str, speaker: Speaker
) -> str:
    """The page for one pot of a ruleset."""
    result = outcome.result
    assert result is not None
    held = kronor(result, result.holds[pot])
    equal, cells = Exact(verdict.equal), Exact(verdict.cells)
    verbs = [(f"{speaker.program} {verb} {path}", speaker.say(f"demo.{verb}")) for verb in _NEXT]
    new = f"{speaker.program} {speaker.say('demo.new_command')}"
    verbs.append((new, speaker.say("demo.new")))
    return "\n".join(
        [
            speaker.paint(speaker.say("demo.title", ruleset=result.program.name), "title"),
            "",
            *_rule(result, pot, speaker),
            "",
            *_amounts(result, pot, speaker),
            "",
            f"{speaker.say('demo.adds_up', amount=held)} {speaker.mark(used_up(result, pot))}",
            f"{speaker.say('demo.equal', equal=equal, cells=cells)} {speaker.mark(verdict.agrees)}",
            "",
            speaker.say("demo.next"),
            *explained(verbs, speaker.width),
        ]
    )


def _rule(result: Result, pot: str, speaker: Speaker) -> list[str]:
    """The pot as the rules have it, in the reader's language."""
    symbol = result.program.symbols[pot]
    assert isinstance(symbol, s.Pot)
    language = speaker.language
    lines = [f"    {print_line(flow, language)}" for flow in symbol.flows]
    return [f"  {print_line(symbol, language)}", *lines]


def _amounts(result: Result, pot: str, speaker: Speaker) -> list[str]:
    """Each recipient's amount, with a bar beside it."""
    amounts = result.ledger.of_pot(pot)
    symbol = result.program.symbols[pot]
    assert amounts is not None
    assert isinstance(symbol, s.Pot)
    recipients = result.program.register_of(symbol).recipients
    names = [one.name for one in recipients]
    shown = [format_number(amount, speaker.language) for amount in amounts]
    rows = tuple(zip(names, shown, strict=True))
    lines = list(Grid((), rows).body())
    bars = bars_of(amounts, _BAR)
    return [f"  {line}  {bar}".rstrip() for line, bar in zip(lines, bars, strict=True)]


def bars_of(amounts: Sequence[int], width: int) -> list[str]:
    """Bars as long as the amounts, in eighths of a character; the longest is the width."""
    largest = max(*amounts, 1)
    return [_bar(max(amount, 0) * width * 8 // largest) for amount in amounts]


def _bar(eighths: int) -> str:
    whole, rest = divmod(eighths, 8)
    return "█" * whole + (_EIGHTHS[rest - 1] if rest else "")
