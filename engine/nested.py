"""Shares a line's money in two levels: among larger areas, then each area's money within it."""

from collections.abc import Sequence

from attrs import evolve

from dsl import syntax as s
from dsl.findings import Finding, Phrase, Value, finding
from dsl.program import Program
from dsl.registers import Register
from engine.column import Column
from engine.expressions import Stopped
from engine.ledger import Movement, Nested, Shared
from engine.lines import Claim, kronor, movement, split


def in_levels(
    program: Program, pot: s.Pot, number: int, total: int, outer: Claim, inner: Claim
) -> Movement:
    """Share a line's money among areas and each area's whole amount among its recipients.

    Both levels are rounded as the line says, so that the recipients of every area together get
    exactly what the area gets when it stands alone.

    Args:
        program: the rules.
        pot: the pot.
        number: which of its lines.
        total: what the line moves, in the ledger's unit.
        outer: by what the areas share it.
        inner: by what the recipients of an area share the area's amount, for all recipients.

    Raises:
        Stopped: when an area would get money and has nobody to give it to, and whatever stops
            a line with one level.
    """
    flow = pot.flows[number]
    assert flow.within is not None
    area_of = inner.register.within[flow.within.noun]
    members: list[list[int]] = [[] for _ in outer.register.recipients]
    for position, area in enumerate(area_of):
        members[area].append(position)
    first = split(program, pot, flow, total, outer)
    amounts = [0] * len(inner.register)
    reasons: list[Shared | None] = []
    for area, (amount, places) in enumerate(zip(first.amounts, members, strict=True)):
        claim = _of_area(inner, outer.register, area, places)
        if amount and not places:
            raise Stopped(_nobody(program, pot, flow.within, claim, amount))
        if not amount and not any(claim.weights.numerators):
            reasons.append(None)
            continue
        second = split(program, pot, flow, amount, claim)
        for place, one in zip(places, second.amounts, strict=True):
            amounts[place] = one
        reasons.append(_for_all(second.reason, places, len(inner.register)))
    reason = Nested(outer.register, first.reason, first.amounts, tuple(reasons), area_of)
    return movement(pot, number, tuple(amounts), reason, inner.register)


def _of_area(inner: Claim, areas: Register, area: int, places: Sequence[int]) -> Claim:
    """The claim of one area's recipients."""
    register = inner.register
    own = Register(
        register.noun, register.territory, tuple(register.recipients[place] for place in places)
    )
    floors = None if inner.floors is None else _limits(inner.floors, places, len(register))
    ceilings = None if inner.ceilings is None else _limits(inner.ceilings, places, len(register))
    who = areas.recipients[area]
    weights = inner.weights.at(places)
    return Claim(weights, floors, ceilings, inner.span, own, inner.scale, who)


def _limits(limits: Column, places: Sequence[int], length: int) -> Column:
    return limits.spread(length).at(places)


def _for_all(reason: Shared, places: Sequence[int], length: int) -> Shared:
    """A reason about one area's recipients, with the positions of the whole register."""
    tops = [0] * length
    for place, top in zip(places, reason.key.numerators, strict=True):
        tops[place] = top
    return evolve(
        reason,
        key=Column(tuple(tops), reason.key.denominator),
        tied=tuple(places[one] for one in reason.tied),
        at_floor=tuple(places[one] for one in reason.at_floor),
        at_ceiling=tuple(places[one] for one in reason.at_ceiling),
    )


def _nobody(program: Program, pot: s.Pot, within: s.Within, claim: Claim, amount: int) -> Finding:
    assert claim.area is not None
    data: dict[str, Value] = {
        "pot": pot.name.text,
        "amount": kronor(program, amount),
        "area": claim.area.name,
        "nouns": Phrase(f"nouns.{claim.register.noun}"),
    }
    return finding("F520", within.span, "here", **data)
