"""What one line of a pot moves: how much, and to whom. Pure functions from amounts to movements."""

from fractions import Fraction

from attrs import evolve

from dsl import syntax as s
from dsl.findings import Exact, Finding, Kronor, Percent, Phrase, Value, finding
from dsl.printer import print_line
from dsl.program import Program
from dsl.registers import Register
from engine.column import Column
from engine.expressions import Stopped
from engine.ledger import Adjusted, Earned, Fixed, Movement, Reason, RoundingResidue, Shared
from engine.rounding import Apportionment, apportion

_PRESERVES_TOTAL = {s.Method.LARGEST_REMAINDER, s.Method.SAINTE_LAGUE}


def whole_amount(program: Program, quantity: s.Quantity) -> int:
    """An amount of money as the rules state it, in the ledger's unit."""
    amount = quantity.number * program.base
    if amount.denominator != 1:
        data: dict[str, Value] = {"amount": Kronor(quantity.number)}
        data["form"] = _form(program, "ORE")
        raise Stopped(finding("F505", quantity.span, "here", **data))
    return amount.numerator


def rounding_unit(program: Program, rounding: s.Rounding) -> int:
    """The size of a whole unit of rounding, in the ledger's unit."""
    return int((rounding.unit or Fraction(1)) * program.base)


def part_amounts(program: Program, pot: s.Pot, held: int) -> dict[int, int]:
    """Whole amounts for the lines that take a percentage or part of a pot.

    Parts that are not whole are rounded together by the pot's own method, in the order of the
    lines and with the rest, if there is one, as the last of them, so that all lines use the pot
    up exactly.
    """
    shares = {n: _share(flow) for n, flow in enumerate(pot.flows) if _share(flow)}
    weights, total = [*shares.values()], held * sum(shares.values(), Fraction(0))
    if any(isinstance(flow.amount, s.Rest) for flow in pot.flows):
        weights, total = [*weights, 1 - sum(weights, Fraction(0))], Fraction(held)
    rounding = program.rounding_of(pot)
    unit = _dividing_unit(program, rounding, total)
    exact = {n: held * share / unit for n, share in shares.items()}
    uneven = [n for n, amount in exact.items() if amount.denominator != 1]
    if not uneven:
        return {n: amount.numerator * unit for n, amount in exact.items()}
    if rounding.method not in _PRESERVES_TOTAL:
        raise Stopped(_uneven(program, pot, uneven[0], held))
    numerators, ties = Column.of(weights).numerators, rounding.ties or s.Ties.CODE
    amounts = apportion(int(total) // unit, numerators, rounding.method, ties=ties).amounts
    return {n: amount * unit for n, amount in zip(shares, amounts, strict=False)}


def _dividing_unit(program: Program, rounding: s.Rounding, total: Fraction) -> int:
    """The pot's unit of rounding when the money is a whole number of them, else a smaller one."""
    units = (rounding_unit(program, rounding), program.base)
    return next((unit for unit in units if (total / unit).denominator == 1), 1)


def _uneven(program: Program, pot: s.Pot, number: int, held: int) -> Finding:
    amount = pot.flows[number].amount
    share = _share(pot.flows[number])
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
    return _movement(pot, number, amounts.numerators, reason, register)


def to_name(program: Program, pot: s.Pot, number: int, amount: int, name: str) -> Movement:
    """Everything to one pot, one recipient of the register, or one outside it."""
    register = program.register_of(pot)
    position = register.position(name)
    if _is_pot(program, name) or name in program.others or position is None:
        return _movement(pot, number, (amount,), Fixed(), None, name)
    amounts = only_at(position, amount, len(register))
    return _movement(pot, number, amounts, Fixed(), register)


def by_key(
    program: Program, pot: s.Pot, number: int, total: int, key: s.Expression, weights: Column
) -> list[Movement]:
    """Shared out by weights; what rounding down leaves may move on to a pot."""
    flow, register = pot.flows[number], program.register_of(pot)
    _refuse_bad_weights(program, pot, key, total, weights)
    rounding = program.rounding_of(pot, flow)
    unit = rounding_unit(program, rounding)
    if total % unit:
        raise Stopped(_indivisible(program, pot, flow, total, unit))
    shared = _apportioned(program, total // unit, weights, rounding, register)
    amounts = tuple(one * unit for one in shared.amounts)
    reason = Shared(weights, total, rounding, unit, shared.tied)
    moved = [_movement(pot, number, amounts, reason, register)]
    if isinstance(rounding.difference, s.Name) and shared.residue:
        target, residue = rounding.difference.text, (shared.residue * unit,)
        moved.append(_movement(pot, number, residue, RoundingResidue(), None, target))
    return moved


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


def _movement(
    pot: s.Pot,
    number: int,
    amounts: tuple[int, ...],
    reason: Reason,
    register: Register | None,
    target: str | None = None,
) -> Movement:
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


def _refuse_bad_weights(
    program: Program, pot: s.Pot, key: s.Expression, total: int, weights: Column
) -> None:
    negative = next((n for n, top in enumerate(weights.numerators) if top < 0), None)
    name = pot.name.text
    if negative is not None:
        who = program.register_of(pot).recipients[negative].name
        # In another unit than kronor the number would not be the one that the reader knows.
        data = {"weight": Exact(weights.values[negative])} if program.base == 1 else {}
        label = "weight" if data else "here"
        raise Stopped(finding("F502", key.span, label, pot=name, recipient=who, **data))
    if not any(weights.numerators):
        amount = kronor(program, total)
        raise Stopped(finding("F501", key.span, "here", pot=name, amount=amount))


def _is_pot(program: Program, name: str) -> bool:
    return isinstance(program.symbols.get(name), s.Pot)


def _apportioned(
    program: Program, total: int, weights: Column, rounding: s.Rounding, register: Register
) -> Apportionment:
    bearer, position = rounding.difference, None
    if isinstance(bearer, s.Name):
        to_pot = rounding.method is s.Method.DOWN and _is_pot(program, bearer.text)
        position = None if to_pot else register.position(bearer.text)
    return apportion(
        total,
        weights.numerators,
        rounding.method,
        ties=rounding.ties or s.Ties.CODE,
        bearer=position,
        to_largest=isinstance(bearer, s.Largest),
    )


def _share(flow: s.Flow) -> Fraction:
    match flow.amount:
        case s.Part() | s.Quantity(_, ("percent",)):
            return flow.amount.value
    return Fraction(0)
