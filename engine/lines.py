"""What one line of a pot moves: how much, and to whom. Pure functions from amounts to movements."""

from fractions import Fraction

from attrs import evolve, frozen

from dsl import syntax as s
from dsl.check.wording import written
from dsl.findings import Exact, Finding, Kronor, Label, Percent, Phrase, Value, finding
from dsl.printer import print_line
from dsl.program import Program
from dsl.registers import Recipient, Register
from dsl.source import Span
from engine.bounded import (
    Bounded,
    CeilingsFallShort,
    FloorAboveCeiling,
    FloorsExceed,
    apportion_within,
)
from engine.column import Column
from engine.expressions import Stopped
from engine.ledger import Adjusted, Earned, Fixed, Movement, Reason, RoundingResidue, Shared
from engine.rounding import apportion, round_each


def whole_amount(program: Program, quantity: s.Quantity) -> int:
    """An amount of money as the rules state it, in the ledger's unit."""
    amount = quantity.number * program.base
    if amount.denominator != 1:
        data: dict[str, Value] = {"amount": Kronor(quantity.number)}
        data["form"] = _form(program, "ORE")
        raise Stopped(finding("F505", quantity.span, "here", **data))
    return amount.numerator


def to_decimals(value: Column, definition: s.Defined, unit: Column) -> Column:
    """A value as it is, or rounded to the decimals that its definition states.

    Each number is rounded by itself; or all together, so that they make their sum rounded to as
    many decimals. The unit is what one is in the ledger: a krona has decimals, also where öre are
    counted. Raises ``Stopped`` when numbers to be rounded together are less than zero.
    """
    rounding = definition.rounding
    if rounding is None or rounding.unit is None:
        return value
    size = Column.of([rounding.unit]) * unit
    exact = value / size
    if not rounding.keeps_total:
        return Column(round_each(exact, rounding.method)) * size
    if min(exact.numerators) < 0:
        place = rounding.span
        raise Stopped(finding("F516", place, "here", name=definition.name.text))
    if not any(exact.numerators):
        return value
    (total,) = round_each(exact.total(), s.Method.NEAREST)
    largest = isinstance(rounding.difference, s.Largest)
    shared = apportion(total, exact.numerators, rounding.method, to_largest=largest)
    return Column(shared.amounts) * size


def rounding_unit(program: Program, rounding: s.Rounding) -> int:
    """The size of a whole unit of rounding, in the ledger's unit."""
    return int((rounding.unit or Fraction(1)) * program.base)


def part_amounts(program: Program, pot: s.Pot, held: int) -> dict[int, int]:
    """Whole amounts for the lines that take a percentage or part of a pot.

    Parts that are not whole are rounded together by the pot's own method, in the order of the
    lines and with the rest, if there is one, as the last of them, so that all lines use the pot
    up exactly.
    """
    shares = {n: share_of(flow) for n, flow in enumerate(pot.flows) if share_of(flow)}
    weights, total = [*shares.values()], held * sum(shares.values(), Fraction(0))
    if any(isinstance(flow.amount, s.Rest) for flow in pot.flows):
        weights, total = [*weights, 1 - sum(weights, Fraction(0))], Fraction(held)
    rounding = program.rounding_of(pot)
    unit = dividing_unit(program, rounding, total)
    exact = {n: held * share / unit for n, share in shares.items()}
    uneven = [n for n, amount in exact.items() if amount.denominator != 1]
    if not uneven:
        return {n: amount.numerator * unit for n, amount in exact.items()}
    if not rounding.method.preserves_total:
        raise Stopped(_uneven(program, pot, uneven[0], held))
    numerators, ties = Column.of(weights).numerators, rounding.ties or s.Ties.CODE
    amounts = apportion(int(total) // unit, numerators, rounding.method, ties=ties).amounts
    return {n: amount * unit for n, amount in zip(shares, amounts, strict=False)}


def dividing_unit(program: Program, rounding: s.Rounding, total: Fraction) -> int:
    """The pot's unit of rounding when the money is a whole number of them, else a smaller one."""
    units = (rounding_unit(program, rounding), program.base)
    return next((unit for unit in units if (total / unit).denominator == 1), 1)


def _uneven(program: Program, pot: s.Pot, number: int, held: int) -> Finding:
    amount = pot.flows[number].amount
    share = share_of(pot.flows[number])
    data: dict[str, Value] = {
        "pot": pot.name.text,
        "share": Percent(share),
        "held": kronor(program, held),
        "exact": Kronor(held * share / program.base),
        "form": _form(program, "ROUND"),
    }
    return finding("F507", amount.span, "here", **data)


def _form(program: Program, token: str) -> Phrase:
    """A worked example of a line, in the language of the rules."""
    return Phrase(f"form.{token}", wording=program.document.language)


def item(appropriation: s.Appropriation, post: s.Post) -> str:
    """What an appropriation item is called in the ledger."""
    return f"{appropriation.code} post {post.number}"


def kronor(program: Program, amount: int) -> Kronor:
    """An amount in the ledger's unit as kronor to show."""
    return Kronor(Fraction(amount, program.base))


# ---------------------------------------------------------------- who gets it


def to_each(program: Program, pot: s.Pot, number: int, sent: Column) -> Movement:
    """The same to every recipient, or to each what a ``belopp`` gives it."""
    register = program.register_of(pot)
    amounts = sent.spread(len(register))
    assert amounts.denominator == 1
    flow = pot.flows[number]
    earned = flow.amount
    reason: Reason = Earned(earned.name.text) if isinstance(earned, s.Ref) else Fixed()
    return movement(pot, number, amounts.numerators, reason, register)


def to_name(program: Program, pot: s.Pot, number: int, amount: int, name: str) -> Movement:
    """Everything to one pot, one recipient of the register, or one outside it."""
    register = program.register_of(pot)
    position = register.position(name)
    if _is_pot(program, name) or name in program.others or position is None:
        return movement(pot, number, (amount,), Fixed(), None, name)
    amounts = only_at(position, amount, len(register))
    return movement(pot, number, amounts, Fixed(), register)


@frozen
class Claim:
    """By what a line is shared, and within which limits.

    Attributes:
        weights: per recipient; zero for those who do not take part.
        floors: the least each gets, in the ledger's unit; None when there is no floor.
        ceilings: the most each gets; None when there is no ceiling.
        span: the key's place.
        register: whom the weights are for.
        scale: what one of the key's unit is in the weights' numbers.
        area: the larger area whose money it is, on the second level of a line with two.
        nobody: whether the line's conditions leave nobody to take part.
    """

    weights: Column
    floors: Column | None
    ceilings: Column | None
    span: Span
    register: Register
    scale: Fraction = Fraction(1)
    area: Recipient | None = None
    nobody: bool = False


@frozen
class Split:
    """A sum that has been shared out.

    Attributes:
        amounts: per recipient of the claim, in the ledger's unit.
        reason: how it was shared.
        residue: what rounding down left for a pot.
    """

    amounts: tuple[int, ...]
    reason: Shared
    residue: int


def by_key(program: Program, pot: s.Pot, number: int, total: int, claim: Claim) -> list[Movement]:
    """Shared out by weights within limits; what rounding down leaves may move on to a pot."""
    flow, register = pot.flows[number], program.register_of(pot)
    done = split(program, pot, flow, total, claim)
    moved = [movement(pot, number, done.amounts, done.reason, register)]
    bearer = done.reason.rounding.difference
    if isinstance(bearer, s.Name) and done.residue:
        residue = (done.residue,)
        moved.append(movement(pot, number, residue, RoundingResidue(), None, bearer.text))
    return moved


def split(program: Program, pot: s.Pot, flow: s.Flow, total: int, claim: Claim) -> Split:
    """Share a sum out by a claim, rounded as the line says; raises ``Stopped``."""
    if claim.nobody and claim.area is None:
        raise Stopped(_nobody(program, pot, flow, total))
    _refuse_bad_weights(program, pot, claim, total)
    rounding = program.rounding_of(pot, flow)
    unit = rounding_unit(program, rounding)
    if total % unit:
        raise Stopped(_indivisible(program, pot, flow, total, unit))
    shared = _apportioned(program, pot, total // unit, unit, claim, rounding)
    amounts = tuple(one * unit for one in shared.amounts)
    _refuse_debts(program, pot, claim, amounts)
    held = shared.at_floor, shared.at_ceiling
    reason = Shared(claim.weights, total, rounding, unit, shared.tied, *held, claim.scale)
    return Split(amounts, reason, shared.residue * unit)


def adjusted(program: Program, pot: s.Pot, adjustment: s.Adjustment) -> Movement:
    """A named one-off adjustment of one recipient's amount."""
    register = program.register_of(pot)
    position = register.position(adjustment.recipient.text)
    assert position is not None
    amounts = only_at(position, whole_amount(program, adjustment.amount), len(register))
    reason = Adjusted(adjustment.reason)
    return Movement(pot.name.text, len(pot.flows), adjustment.span, amounts, reason, register)


def only_at(position: int, amount: int, length: int) -> tuple[int, ...]:
    """An amount at one position and nothing at the others."""
    return tuple(amount if n == position else 0 for n in range(length))


def movement(
    pot: s.Pot,
    number: int,
    amounts: tuple[int, ...],
    reason: Reason,
    register: Register | None,
    target: str | None = None,
) -> Movement:
    """What a line of a pot moves."""
    flow = pot.flows[number]
    return Movement(pot.name.text, number, flow.span, amounts, reason, register, target, flow.paid)


def _indivisible(program: Program, pot: s.Pot, flow: s.Flow, total: int, unit: int) -> Finding:
    finer = evolve(program.rounding_of(pot, flow), unit=Fraction(1), ties=None)
    data: dict[str, Value] = {
        "pot": pot.name.text,
        "amount": kronor(program, total),
        "unit": kronor(program, unit),
        "line": print_line(evolve(flow, rounding=finer), program.document.language),
    }
    return finding("F506", flow.span, "here", **data)


def _refuse_bad_weights(program: Program, pot: s.Pot, claim: Claim, total: int) -> None:
    weights, name = claim.weights, pot.name.text
    negative = next((n for n, top in enumerate(weights.numerators) if top < 0), None)
    if negative is not None:
        who = claim.register.recipients[negative].name
        data = {"weight": Exact(weights.values[negative] / claim.scale)}
        raise Stopped(finding("F502", claim.span, "weight", pot=name, recipient=who, **data))
    if not any(weights.numerators):
        amount = kronor(program, total)
        if claim.area is not None:
            found = finding(
                "F521", claim.span, "here", pot=name, amount=amount, area=claim.area.name
            )
            raise Stopped(found)
        raise Stopped(finding("F501", claim.span, "here", pot=name, amount=amount))


def _nobody(program: Program, pot: s.Pot, flow: s.Flow, total: int) -> Finding:
    """No recipient meets the conditions of a line that is shared."""
    labels = tuple(Label(one.span, "here") for one in flow.conditions)
    data: dict[str, Value] = {
        "pot": pot.name.text,
        "amount": kronor(program, total),
        "conditions": tuple(written(one.span) for one in flow.conditions),
    }
    return Finding("F517", labels, data)


def _is_pot(program: Program, name: str) -> bool:
    return isinstance(program.symbols.get(name), s.Pot)


def _bearer(program: Program, register: Register, rounding: s.Rounding) -> int | None:
    """The position of the named recipient who bears what rounding leaves, if one does."""
    bearer = rounding.difference
    if not isinstance(bearer, s.Name):
        return None
    to_pot = rounding.method is s.Method.DOWN and _is_pot(program, bearer.text)
    return None if to_pot else register.position(bearer.text)


def _refuse_debts(program: Program, pot: s.Pot, claim: Claim, amounts: tuple[int, ...]) -> None:
    """Whoever bears the difference of plain rounding may have less than the difference."""
    if sum(amounts) <= 0 or min(amounts) >= 0:
        return
    worst = amounts.index(min(amounts))
    data: dict[str, Value] = {
        "pot": pot.name.text,
        "recipient": claim.register.recipients[worst].name,
        "amount": kronor(program, amounts[worst]),
    }
    raise Stopped(finding("F515", claim.span, "here", **data))


def _apportioned(
    program: Program, pot: s.Pot, total: int, unit: int, claim: Claim, rounding: s.Rounding
) -> Bounded:
    position = _bearer(program, claim.register, rounding)
    ties = rounding.ties or s.Ties.CODE
    to_largest = isinstance(rounding.difference, s.Largest)
    weights = claim.weights.numerators
    if claim.floors is None and claim.ceilings is None:
        shared = apportion(
            total, weights, rounding.method, ties=ties, bearer=position, to_largest=to_largest
        )
        return Bounded(shared.amounts, (), (), total, shared.tied, 1, shared.residue)
    if total < 0:
        raise Stopped(finding("F510", claim.span, "here", pot=pot.name.text))
    floors, ceilings = _whole_limits(claim, unit)
    try:
        return apportion_within(
            total,
            weights,
            rounding.method,
            floors,
            ceilings,
            ties=ties,
            bearer=position,
            to_largest=to_largest,
        )
    except FloorsExceed as error:
        code = "F508" if claim.area is None else "F522"
        found = _infeasible(code, program, pot, claim, error.needed * unit, total * unit)
        raise Stopped(found) from None
    except CeilingsFallShort as error:
        code = "F509" if claim.area is None else "F523"
        found = _infeasible(code, program, pot, claim, error.most * unit, total * unit)
        raise Stopped(found) from None
    except FloorAboveCeiling as error:
        who = claim.register.recipients[error.position].name
        raise Stopped(
            finding("F511", claim.span, "here", pot=pot.name.text, recipient=who)
        ) from None


def _whole_limits(claim: Claim, unit: int) -> tuple[tuple[int, ...], tuple[int | None, ...]]:
    """Floors rounded up and ceilings down to whole units, so that nobody's limit is broken."""
    length = len(claim.weights)
    size = Column((unit,))
    floors = (0,) * length
    if claim.floors is not None:
        whole = round_each(claim.floors.spread(length) / size, s.Method.UP)
        floors = tuple(max(floor, 0) for floor in whole)
    ceilings: tuple[int | None, ...] = (None,) * length
    if claim.ceilings is not None:
        ceilings = round_each(claim.ceilings.spread(length) / size, s.Method.DOWN)
    return floors, ceilings


def _infeasible(
    code: str, program: Program, pot: s.Pot, claim: Claim, limits: int, total: int
) -> Finding:
    data: dict[str, Value] = {
        "pot": pot.name.text,
        "limits": kronor(program, limits),
        "total": kronor(program, total),
        "difference": kronor(program, abs(limits - total)),
    }
    if claim.area is not None:
        data["area"] = claim.area.name
    return finding(code, claim.span, "here", **data)


def in_proportion(
    program: Program, pot: s.Pot, flow: s.Flow, claims: tuple[int, ...], available: int
) -> tuple[int, ...]:
    """Claims as they are when the money suffices, else reduced in proportion to them.

    Nobody gets more than was claimed. What whole units do not use up is left for the rest.
    """
    if sum(claims) <= max(available, 0):
        return claims
    register = program.register_of(pot)
    rounding = program.rounding_of(pot, flow)
    unit = rounding_unit(program, rounding)
    most = [one // unit for one in claims]
    shared = apportion_within(
        min(max(available, 0) // unit, sum(most)),
        claims,
        rounding.method,
        [0] * len(claims),
        most,
        ties=rounding.ties or s.Ties.CODE,
        bearer=_bearer(program, register, rounding),
        to_largest=isinstance(rounding.difference, s.Largest),
    )
    return tuple(one * unit for one in shared.amounts)


def share_of(flow: s.Flow) -> Fraction:
    """The part of its pot that a line takes, zero when it takes none."""
    match flow.amount:
        case s.Part() | s.Quantity(_, ("percent",)):
            return flow.amount.value
    return Fraction(0)
