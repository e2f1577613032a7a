"""Why somebody gets what they get: walks the ledger back to rules and figures."""

from collections.abc import Iterator, Mapping
from fractions import Fraction

from dsl import syntax as s
from dsl.check.scope import suggestion
from dsl.program import Program
from dsl.registers import Register, folded
from engine.column import Column
from engine.comparison.verify import ColumnVerdict
from engine.explain.ground import Ground
from engine.explain.lines import Lines
from engine.explain.money import Money
from engine.explain.steps import Comparison, Receipt, Subject, Valuation
from engine.explain.values import Values
from engine.ledger import Earned, Movement
from engine.outcome import Outcome
from engine.registers.matching import Names
from engine.tabulate import TableView

# ---------------------------------------------------------------- whom it is about


def subjects(program: Program, text: str) -> tuple[Subject, ...]:
    """Everybody whom a code, a name or an alias may mean: one for each register that has it.

    The ruleset's own register comes first: regions and counties have the same codes.

    If no register has it, it may be a recipient outside the registers, or a pot. Nobody if it is
    none of these.
    """
    found = []
    own = program.register_of()
    others = (one for one in program.registers.values() if one is not own)
    for register in (own, *others):
        names = Names(register)
        places = {names.find(part) for part in names.parts(" ".join(text.split()))}
        place = places.pop() if len(places) == 1 else None
        if place is not None:
            found.append(Subject(register.recipients[place].name, register, place))
    if found:
        return tuple(found)
    named = (*program.others, *(pot.name.text for pot in program.pots))
    return tuple(Subject(name) for name in named if folded(name) == folded(text))[:1]


def resembling(program: Program, text: str) -> str | None:
    """The recipient or pot that an unknown name was probably meant to be."""
    for register in program.registers.values():
        place = Names(register).resembling(text)
        if place is not None:
            return register.recipients[place].name
    return suggestion(text, (*program.others, *(pot.name.text for pot in program.pots)))


def pot_named(program: Program, text: str) -> s.Pot | None:
    """The pot of this name, whatever its capitals."""
    return next((pot for pot in program.pots if folded(pot.name.text) == folded(text)), None)


def definition_named(program: Program, text: str) -> s.Defined | None:
    """The amount, value or steps of this name, whatever its capitals."""
    alike = (one for one in program.definitions if folded(one.name.text) == folded(text))
    return next(alike, None)


# ---------------------------------------------------------------- why


def explain(
    outcome: Outcome, who: tuple[Subject, ...], pot: s.Pot | None = None
) -> tuple[Receipt, ...]:
    """Why somebody gets what they get.

    Args:
        outcome: a run with a result.
        who: from ``subjects``.
        pot: the pot that is asked about; None for every pot that gives them something, and if
            none does, every pot that could have.
    """
    ground = Ground(outcome)
    receipts = [one for subject in who for one in _receipts(ground, subject, pot)]
    giving = [one for one in receipts if one.amount]
    return tuple(receipts if pot is not None or not giving else giving)


def explain_values(
    outcome: Outcome, who: tuple[Subject, ...], asked: s.Defined | None = None
) -> tuple[Valuation, ...]:
    """Why definitions have the values that they have for somebody; all, if none is asked about.

    Only of definitions that have one number for the recipient.
    """
    ground = Ground(outcome)
    values: Mapping[str, object] = ground.result.values
    return tuple(
        Valuation(subject, Values(ground, subject.position).named(one.name.text))
        for subject in who
        for one in ground.program.definitions
        if (asked is None or one == asked) and _concerns(ground.program, one, subject)
        if isinstance(values[one.name.text], Column)
    )


def _concerns(program: Program, definition: s.Defined, subject: Subject) -> bool:
    """Whether a definition has a value for a recipient of this register."""
    if subject.register is None:
        return False
    name = definition.name.text
    noun = program.noun_behind(name) or program.noun
    territory = program.registers[noun].territory
    return noun == subject.register.noun or (
        name in program.columns and territory == subject.register.territory
    )


def _receipts(ground: Ground, subject: Subject, asked: s.Pot | None) -> Iterator[Receipt]:
    register = subject.register
    if register is None:
        yield _to_name(ground, subject, asked)
        return
    for pot in ground.program.pots:
        theirs = ground.program.register_of(pot).noun == register.noun
        if theirs and (asked is None or pot == asked):
            yield _receipt(ground, subject, pot)


def _receipt(ground: Ground, subject: Subject, pot: s.Pot) -> Receipt:
    """What one pot gives one recipient of its register."""
    name = pot.name.text
    moved = ground.result.ledger.by_source.get(name, ())
    given = [one for one in moved if _reaches(one, subject, pot)]
    amount = sum(one.amounts[subject.position] for one in given)
    lines = Lines(ground, pot, subject)
    steps = [lines.step(one) for one in given]
    if not any(step.value for step in steps):
        steps += [lines.elsewhere(one) for one in moved if one not in given]
    return Receipt(
        subject=subject,
        pot=name,
        amount=amount,
        lines=tuple(steps),
        funding=tuple(Money(ground).funding(name)),
        published=tuple(_published(ground, subject, {name, *_earned(given)})),
    )


def _reaches(movement: Movement, subject: Subject, pot: s.Pot) -> bool:
    """Whether a line is for everybody of the recipient's register, or for the recipient alone."""
    register = movement.register
    if register is None or not _same(register, subject.register):
        return False
    if movement.line < len(pot.flows):
        flow = pot.flows[movement.line]
        if not isinstance(flow.destination, s.ToName):
            return True
    return bool(movement.amounts[subject.position])


def _same(one: Register, other: Register | None) -> bool:
    return other is not None and one.noun == other.noun


def _to_name(ground: Ground, subject: Subject, asked: s.Pot | None) -> Receipt:
    """Everything that goes to a pot or to a recipient outside the registers."""
    money = Money(ground)
    moved = [
        one
        for one in ground.result.ledger.movements
        if one.target == subject.name and (asked is None or one.source == asked.name.text)
    ]
    pot = pot_named(ground.program, subject.name)
    if pot is not None and not moved and asked is None:
        held = ground.result.holds[pot.name.text]
        return Receipt(subject, None, held, tuple(money.funding(pot.name.text)))
    steps = tuple(money.to_target(one) for one in moved)
    source = asked.name.text if asked else None
    return Receipt(subject, source, sum(one.total for one in moved), steps)


# ---------------------------------------------------------------- what was published


def _earned(movements: list[Movement]) -> Iterator[str]:
    return (one.reason.name for one in movements if isinstance(one.reason, Earned))


def _published(ground: Ground, subject: Subject, names: set[str]) -> Iterator[Comparison]:
    """The recipient's cell in every published column that shows a pot or an amount by itself."""
    for view in ground.outcome.tables:
        if view.table is None or not _same(view.register, subject.register):
            continue
        for column in view.table.columns:
            shown = column.expression if isinstance(column, s.Column) else None
            if isinstance(shown, s.Ref) and shown.name.text in names:
                yield from _cells(view, column.heading, subject, ground.verdicts)


def _cells(
    view: TableView, heading: str, subject: Subject, verdicts: tuple[ColumnVerdict, ...]
) -> Iterator[Comparison]:
    for one in verdicts:
        # Where a published table lacks rows nothing is said: it is not known whose.
        whole = one.cells == len(view.register)
        if (one.table, one.heading) == (view.title, heading) and whole:
            ours: Fraction = one.column.cells[subject.position]
            codes = {cell.recipient.code: cell for cell in one.differences if cell.recipient}
            assert subject.register is not None
            theirs = codes.get(subject.register.recipients[subject.position].code)
            yield Comparison(
                view.title, heading, theirs.asserted if theirs else ours,
                theirs.calculated if theirs else ours,
            )  # fmt: skip
