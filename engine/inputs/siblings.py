"""Takes figures from the results of other rulesets: what their pots give each recipient."""

from collections.abc import Callable

from attrs import field, frozen

from dsl import syntax as s
from dsl.findings import Finding, Phrase, Value, errors, finding
from dsl.registers import Register, folded
from engine.column import Column
from engine.inputs.files import Files, Unreadable
from engine.inputs.statistics import Figures, sum_faults
from engine.outcome import Outcome
from engine.registers import builtin

# A chain of rulesets that use each other's results; more is surely a circle.
MAX_CHAIN = 3


@frozen
class Siblings:
    """The rulesets beside this one, each run once at each place in a chain.

    Attributes:
        files: this ruleset's files, which know their siblings.
        chain: how many rulesets already wait for this one's results.
        run: how to run a ruleset that stands so far down a chain.
        outcomes: what has been run, by path and place in the chain; shared by the whole chain, for
            else rulesets that each use many others would be run in the cube of their number.
    """

    files: Files
    chain: int
    run: Callable[[Files, int], Outcome]
    outcomes: dict[tuple[str, int], Outcome] = field(factory=dict)

    def figures(
        self, statistic: s.Statistic, part: s.FromRuleset, register: Register
    ) -> tuple[Figures | None, tuple[Finding, ...]]:
        """What a pot of another ruleset gives each recipient, as a statistic of this one."""
        outcome = self._outcome(part)
        if isinstance(outcome, Finding):
            return None, (outcome,)
        assert outcome.result is not None
        assert outcome.program is not None
        name = part.pot or statistic.name.text
        given = outcome.result.ledger.of_pot(name)
        pot = outcome.program.symbols.get(name)
        data: dict[str, Value] = {"ruleset": part.ruleset, "pot": name}
        if given is None or not isinstance(pot, s.Pot):
            data["known"] = tuple(one.name.text for one in outcome.program.pots)
            return None, (finding("F609", part.span, "here", **data),)
        by_code = _by_code(outcome.program.register_of(pot), given, register)
        if by_code is None:
            return None, (finding("F610", part.span, "here", **data),)
        figures = _as_figures(statistic, part, register, outcome, name, by_code)
        unlike = tuple(sum_faults(statistic, figures.column))
        return (None if unlike else figures), unlike

    def _outcome(self, part: s.FromRuleset) -> Outcome | Finding:
        name = part.ruleset
        if self.chain >= MAX_CHAIN:
            return finding("F606", part.span, "here", ruleset=name)
        try:
            files = self.files.sibling(name)
            key = files.shown(""), self.chain + 1
            if key not in self.outcomes:
                self.outcomes[key] = self.run(files, self.chain + 1)
        except Unreadable as error:
            why = Phrase(f"data.{error.reason_key}")
            return finding("F607", part.span, "here", ruleset=name, why=why)
        outcome = self.outcomes[key]
        if any(one.code == "F606" for one in outcome.findings):
            return finding("F606", part.span, "here", ruleset=name)  # a circle, seen from here too
        count = len(errors(outcome.findings))
        if outcome.result is None or count:
            return finding("F608", part.span, "here", ruleset=name, count=count)
        return outcome


def _by_code(theirs: Register, given: tuple[int, ...], ours: Register) -> tuple[int, ...] | None:
    """Amounts in our register's order; None unless both registers have the same recipients.

    Regions and counties share codes but not names; of an author's own registers both must agree.
    """
    built_in = theirs == builtin(theirs.noun) and ours == builtin(ours.noun)
    same_territory = built_in and theirs.territory == ours.territory
    amounts = {one.code: amount for one, amount in zip(theirs.recipients, given, strict=True)}
    names = {one.code: folded(one.name) for one in theirs.recipients}
    for one in ours.recipients:
        if not same_territory and names.get(one.code) != folded(one.name):
            return None
    if len(ours) != len(theirs):
        return None
    return tuple(amounts[one.code] for one in ours.recipients)


def _as_figures(
    statistic: s.Statistic,
    part: s.FromRuleset,
    register: Register,
    outcome: Outcome,
    pot: str,
    given: tuple[int, ...],
) -> Figures:
    assert outcome.program is not None
    assert outcome.plan is not None
    used = outcome.plan.dependencies.statistics_behind([pot])
    recovered = [text for name, text in outcome.recovered.items() if name in used]
    return Figures(
        name=statistic.name.text,
        column=Column(given) / Column((outcome.program.base,)),
        register=register,
        file=outcome.files.shown(outcome.rule_file),
        sha256="",
        source=outcome.program.name,
        as_of=None,
        recovered="; ".join(recovered) or None,
        spans=(part.span,) * len(register),
    )
