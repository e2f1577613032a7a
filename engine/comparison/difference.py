"""What changed between two rulesets: rules, figures, and kronor for each recipient.

The effect is split by switching one thing at a time from the old ruleset to the new, in a
declared order. Every step is a full run in whole kronor, so the parts add up exactly.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Literal

from attrs import evolve, frozen

from dsl import syntax as s
from dsl.axes import combinations
from dsl.check import check
from dsl.document import Reading
from dsl.findings import Finding, errors
from dsl.overlay import keyed
from dsl.printer import print_block
from dsl.program import Program
from dsl.registers import Recipient, Register
from engine.column import Column
from engine.evaluate import Result, evaluate
from engine.grid import Grid, Values
from engine.inputs.statistics import Figures
from engine.outcome import Outcome
from engine.plan import plan

Cause = Literal["figures", "pot", "rule"]
CAUSES: tuple[Cause, ...] = ("pot", "figures", "rule")

# ---------------------------------------------------------------- the rules


@frozen
class RuleChange:
    """One statement that was added, removed or changed; its lines as the printer writes them."""

    before: str | None
    after: str | None


def rule_changes(before: s.Document, after: s.Document) -> tuple[RuleChange, ...]:
    """The statements that differ, by what they declare and not by where they stand."""
    old, new = keyed(before.statements), keyed(after.statements)
    language = after.language
    return tuple(
        RuleChange(
            print_block(old[key], language) if key in old else None,
            print_block(new[key], language) if key in new else None,
        )
        for key in dict.fromkeys((*old, *new))
        if old.get(key) != new.get(key)
    )


# ---------------------------------------------------------------- the figures


@frozen
class FigureChange:
    """One recipient's figure in one statistic, before and after.

    Attributes:
        statistic: the statistic.
        recipient: whose figure; None when the statistic has no recipients.
        before: the figure in the old ruleset.
        after: the figure in the new one.
        members: in a statistic with axes, the member of each that the figure is for.
    """

    statistic: str
    recipient: Recipient | None
    before: Fraction
    after: Fraction
    members: tuple[str, ...] = ()


@frozen
class Swap:
    """Two recipients whose figures changed places: more often a slip than news."""

    statistic: str
    first: Recipient
    second: Recipient


def figure_changes(
    before: Outcome, after: Outcome
) -> tuple[tuple[FigureChange, ...], tuple[Swap, ...]]:
    """Every figure that differs, in the statistics and for the recipients that both have."""
    changes: list[FigureChange] = []
    for name, old in before.figures.items():
        new = after.figures.get(name)
        if new is None:
            continue
        ours, theirs = _by_members(old.column), _by_members(new.column)
        for members in ours:
            if members in theirs:
                pair = _by_code(old, ours[members]), _by_code(new, theirs[members])
                changes += _changed(old.name, members, *pair)
    return tuple(changes), tuple(_swaps(changes))


def _by_members(figures: Values) -> Mapping[tuple[str, ...], Column]:
    """The columns of a grid by the members that they are for; of what is no grid, the only one."""
    return figures.columns if isinstance(figures, Grid) else {(): figures}


_ByCode = Mapping[str, tuple[Recipient | None, Fraction]]


def _by_code(figures: Figures, column: Column) -> _ByCode:
    """Each recipient's number, by the recipient's code; under none what is one number for all."""
    recipients = figures.register.recipients
    if len(column) != len(recipients):
        return {"": (None, column.scalar)}
    pairs = zip(recipients, column.values, strict=True)
    return {who.code: (who, value) for who, value in pairs}


def _changed(
    statistic: str, members: tuple[str, ...], before: _ByCode, after: _ByCode
) -> Iterator[FigureChange]:
    for code, (who, a) in before.items():
        b = after[code][1] if code in after else a
        if a != b:
            yield FigureChange(statistic, who, a, b, members)


def _swaps(changes: Sequence[FigureChange]) -> Iterator[Swap]:
    # The figures of a grid are often few and round; that two change places there says nothing.
    plain = [one for one in changes if not one.members]
    by_values = {(one.statistic, one.before, one.after): one for one in plain}
    for one in plain:
        other = by_values.get((one.statistic, one.after, one.before))
        if other is None or one.recipient is None or other.recipient is None:
            continue
        if one.recipient.code < other.recipient.code:
            yield Swap(one.statistic, one.recipient, other.recipient)


# ---------------------------------------------------------------- the effect per recipient


@frozen
class Effect:
    """What one recipient gets before and after, and how much each cause changed it.

    Attributes:
        recipient: who.
        before: what all pots of its register give it in the old ruleset, in units of
            ``Effects.base``.
        parts: change per cause, in the declared order; they add up to the whole change.
        after: the same in the new ruleset.
    """

    recipient: Recipient
    before: int
    parts: tuple[int, ...]
    after: int

    @property
    def change(self) -> int:
        """The whole change."""
        return self.after - self.before


@frozen
class Effects:
    """The effect on every recipient of one kind.

    Attributes:
        noun: the kind of recipients.
        order: the causes in the order in which they were switched.
        rows: one per recipient; those that only the new ruleset has come last.
        base: how many of the amounts' units make a krona: 100 when any of the runs has öre.
    """

    noun: str
    order: tuple[Cause, ...]
    rows: tuple[Effect, ...]
    base: int = 1


@frozen
class Comparison:
    """Everything that changed from one ruleset to another.

    Attributes:
        before: the old ruleset's run.
        after: the new one's.
        rules: the statements that differ.
        figures: the figures that differ.
        swaps: pairs of recipients whose figures changed places.
        effects: the change in kronor for every recipient, by cause.
        findings: what stopped a step of the effects, if anything did.
    """

    before: Outcome
    after: Outcome
    rules: tuple[RuleChange, ...]
    figures: tuple[FigureChange, ...]
    swaps: tuple[Swap, ...]
    effects: tuple[Effects, ...]
    findings: tuple[Finding, ...]


def compare_rulesets(
    before: Outcome, after: Outcome, order: Sequence[Cause] = CAUSES
) -> Comparison:
    """Compare two rulesets that have both been run."""
    assert before.program is not None
    assert after.program is not None
    rules = rule_changes(before.program.document, after.program.document)
    figures, swaps = figure_changes(before, after)
    split, findings = effects(before, after, order)
    return Comparison(before, after, rules, figures, swaps, split, findings)


def effects(
    before: Outcome, after: Outcome, order: Sequence[Cause] = CAUSES
) -> tuple[tuple[Effects, ...], tuple[Finding, ...]]:
    """Split the change for every recipient by cause.

    Returns:
        One table per kind of recipients that both rulesets pay; or what stopped a step, such as a
        pot that the old rules cannot use up with the new figures.
    """
    results: list[Result] = []
    for step in range(len(order) + 1):
        result, found = _run(before, after, frozenset(order[:step]))
        if result is None:
            return (), found
        results.append(result)
    nouns = [noun for noun in paid_nouns(results[0]) if noun in paid_nouns(results[-1])]
    return tuple(_effects(noun, tuple(order), results) for noun in nouns), ()


def _run(
    before: Outcome, after: Outcome, switched: frozenset[Cause]
) -> tuple[Result | None, tuple[Finding, ...]]:
    program, found = _program(before, after, switched)
    if program is None:
        return None, found
    order, _ = plan(program)
    assert order is not None  # what amounts there are leads to no circle
    return evaluate(program, order.steps, _columns(before, after, switched, program))


def _program(
    before: Outcome, after: Outcome, switched: frozenset[Cause]
) -> tuple[Program | None, tuple[Finding, ...]]:
    """The rules of one ruleset with the amounts of one of them."""
    assert before.program is not None
    assert after.program is not None
    rules = after.program if "rule" in switched else before.program
    money = after.program if "pot" in switched else before.program
    if rules is money:
        return rules, ()
    document = _with_amounts(rules.document, money.document)
    program, found = check(Reading(document, (), frozenset()), rules.registers)
    return program, errors(found)


def _columns(
    before: Outcome, after: Outcome, switched: frozenset[Cause], program: Program
) -> dict[str, Values]:
    """One ruleset's figures; a statistic that it lacks comes with the rule that needs it.

    So does one that the rules divide by other axes, or by members that the figures lack; and one
    for other recipients than theirs.
    """
    chosen, other = (after, before) if "figures" in switched else (before, after)
    own = after if "rule" in switched else before
    columns: dict[str, Values] = {}
    for one in program.statistics:
        name = one.name.text
        figures = chosen.figures.get(name) or other.figures[name]
        columns[name] = (figures if _fits(program, one, figures) else own.figures[name]).column
    return columns


def _fits(program: Program, statistic: s.Statistic, figures: Figures) -> bool:
    """Whether figures have all the places that the rules give a statistic."""
    ours = program.registers[statistic.noun or program.noun]
    if statistic.per_recipient and _codes(ours) != _codes(figures.register):
        return False
    axes, values = program.grids.get(statistic.name.text, ()), figures.column
    if isinstance(values, Column):
        return not axes
    return values.axes == axes and all(
        key in values.columns for key in combinations(program.axes, axes)
    )


def _codes(register: Register) -> list[str]:
    return [one.code for one in register.recipients]


def _with_amounts(rules: s.Document, money: s.Document) -> s.Document:
    """The rules with the amounts that pots and appropriation items of the same name hold."""
    amounts = keyed(money.statements)
    changed = tuple(
        _with_amount(statement, amounts.get(key))
        for key, statement in keyed(rules.statements).items()
    )
    return evolve(rules, statements=changed)


def _with_amount(statement: s.Statement, other: s.Statement | None) -> s.Statement:
    match statement, other:
        case s.Pot(), s.Pot():
            return evolve(statement, amount=other.amount) if statement.amount else statement
        case s.Appropriation(), s.Appropriation():
            return evolve(statement, parts=_posts_with_amounts(statement.parts, other.parts))
    return statement


def _posts_with_amounts(
    posts: tuple[s.Post, ...], others: tuple[s.Post, ...]
) -> tuple[s.Post, ...]:
    found = {
        (post.number, flow.destination): (post, flow) for post in others for flow in post.flows
    }
    changed = []
    for post in posts:
        flows = []
        for flow in post.flows:
            _, other = found.get((post.number, flow.destination), (post, flow))
            flows.append(evolve(flow, amount=other.amount))
        changed.append(evolve(post, parts=tuple(flows)))
    return tuple(changed)


# ---------------------------------------------------------------- adding up


def paid_nouns(result: Result) -> tuple[str, ...]:
    """The kinds of recipients that the pots of a run pay."""
    program = result.program
    paid = [pot for pot in program.pots if result.ledger.of_pot(pot.name.text) is not None]
    return tuple(dict.fromkeys(pot.noun or program.noun for pot in paid))


def _effects(noun: str, order: tuple[Cause, ...], results: Sequence[Result]) -> Effects:
    base = finest_base(results)
    registers = [result.program.registers[noun] for result in results]
    totals = [
        dict(zip(_codes(register), given_to(result, noun, base), strict=True))
        for register, result in zip(registers, results, strict=True)
    ]
    recipients = {one.code: one for register in registers for one in register.recipients}
    rows = []
    for code, recipient in recipients.items():
        amounts = [total.get(code, 0) for total in totals]
        parts = tuple(b - a for a, b in pairwise(amounts))
        rows.append(Effect(recipient, amounts[0], parts, amounts[-1]))
    return Effects(noun, order, tuple(rows), base)


def finest_base(results: Iterable[Result]) -> int:
    """How many units make a krona in amounts of several runs: as in the one with the smallest."""
    return max(result.program.base for result in results)


def given_to(result: Result, noun: str, base: int) -> tuple[int, ...]:
    """What all pots of one kind of recipients give each of them.

    Args:
        result: the run.
        noun: the kind of recipients.
        base: how many units make a krona in the answer; the run's own, or a multiple of it.
    """
    program = result.program
    columns = [
        result.ledger.of_pot(pot.name.text)
        for pot in program.pots
        if (pot.noun or program.noun) == noun
    ]
    paid = [column for column in columns if column is not None]
    length = len(program.registers[noun])
    unit = base // program.base
    return tuple(sum(column[n] for column in paid) * unit for n in range(length))
