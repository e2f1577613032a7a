"""Compares a ruleset as it is with its scenarios: what each recipient gets in every one of them."""

from collections.abc import Sequence

from attrs import evolve, frozen

from dsl import syntax as s
from dsl.program import Program
from dsl.registers import Recipient
from engine.comparison.difference import RuleChange, finest_base, given_to, paid_nouns, rule_changes
from engine.evaluate import Result
from engine.outcome import Outcome


@frozen
class Case:
    """A ruleset as it is, or in one scenario.

    Attributes:
        name: of the scenario; None for the ruleset as it is.
        outcome: its run.
        rules: the statements that differ from the ruleset as it is.
    """

    name: str | None
    outcome: Outcome
    rules: tuple[RuleChange, ...]


@frozen
class Standing:
    """What the recipients of one kind get in every case.

    Attributes:
        noun: the kind; empty for recipients outside the registers.
        rows: per recipient its amount in each case, in units of ``Scenarios.base``.
    """

    noun: str
    rows: tuple[tuple[Recipient, tuple[int, ...]], ...]

    @property
    def totals(self) -> tuple[int, ...]:
        """The sum of every case."""
        return tuple(map(sum, zip(*(amounts for _, amounts in self.rows), strict=True)))


@frozen
class Scenarios:
    """Every case, the ruleset as it is first, and what each recipient gets in it.

    Attributes:
        cases: the cases.
        standings: what the recipients get, by kind.
        base: how many of the amounts' units make a krona: 100 when any of the cases has öre.
    """

    cases: tuple[Case, ...]
    standings: tuple[Standing, ...]
    base: int = 1


def _moving_money(program: Program) -> s.Document:
    """The rules that move money: a scenario has none of the decision's own checks."""
    proving = s.Check | s.Demand
    statements = (one for one in program.document.statements if not isinstance(one, proving))
    return evolve(program.document, statements=tuple(statements))


def compare_scenarios(outcomes: Sequence[Outcome]) -> Scenarios:
    """Put runs of one ruleset beside each other.

    Args:
        outcomes: the ruleset as it is, then its scenarios; all with results.
    """
    usual = outcomes[0]
    assert usual.program is not None
    cases = []
    for one in outcomes:
        assert one.program is not None
        changes = rule_changes(*map(_moving_money, (usual.program, one.program)))
        cases.append(Case(one.variant.scenario, one, changes))
    results = [one.result for one in outcomes if one.result is not None]
    base = finest_base(results)
    nouns = dict.fromkeys(noun for result in results for noun in paid_nouns(result))
    standings = []
    for noun in nouns:
        recipients = next(r.program.registers[noun] for r in results if noun in r.program.registers)
        columns = [
            given_to(result, noun, base) if noun in paid_nouns(result) else (0,) * len(recipients)
            for result in results
        ]
        rows = tuple(zip(recipients.recipients, zip(*columns, strict=True), strict=True))
        standings.append(Standing(noun, rows))
    others = dict.fromkeys(name for result in results for name in result.program.others)
    if others:
        rows = tuple(
            (Recipient("", name), tuple(_to_other(result, name, base) for result in results))
            for name in others
        )
        standings.append(Standing("", rows))
    return Scenarios(tuple(cases), tuple(standings), base)


def _to_other(result: Result, name: str, base: int) -> int:
    return result.ledger.to_other(name) * (base // result.program.base)
