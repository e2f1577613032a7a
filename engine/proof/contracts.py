"""What each mechanism that shares money promises, whatever the weights and the sum are.

A mechanism is a method of rounding with whoever bears its difference. Every promise here has its
argument in docs/proof.md, under the same name, and its lemma in tests/engine/test_contracts.py,
where it is tried on all small cases and, where a solver helps, proved once more by one.

The sources are those of engine/rounding.py: Balinski and Young, *Fair Representation* (1982), for
what divisor methods keep and largest remainder loses when the sum grows (the Alabama paradox).
"""

from collections.abc import Callable
from typing import Literal, assert_never

from attrs import evolve, frozen

from dsl import syntax as s
from dsl.program import Program
from engine.lines import share_of
from engine.proof.promises import Sort

Bearer = Literal["nobody", "named", "largest", "pot"]
Limits = Literal["none", "same", "each", "growing", "growing_each"]
IsShare = Callable[[s.Expression], bool]
"""Whether an expression is a share, which of a line's limit means a share of what it moves."""


@frozen
class Mechanism:
    """How one line is shared.

    Attributes:
        method: how quotas become whole units.
        bearer: who bears what plain rounding leaves, if anyone.
        parties: among how many at most.
        alike: whether all who share weigh the same.
        limits: whether floors or ceilings may hold somebody: the same for all, one for each, and
            such as grow with the sum that is shared, the same for all or one for each.
    """

    method: s.Method
    bearer: Bearer
    parties: int
    alike: bool = False
    limits: Limits = "none"

    @property
    def promises(self) -> frozenset[Sort]:
        """What holds for all weights, and all sums that are not less than nothing."""
        held = {
            Sort.DOUBLE_WEIGHT: True,
            Sort.MORE_WEIGHT: self._more_weight,
            Sort.EQUAL_WEIGHT: self._equal_weight,
            Sort.LARGER_POT: self._larger_pot,
        }
        return frozenset(sort for sort, holds in held.items() if holds)

    @property
    def keeps_all(self) -> bool:
        """Whether a larger sum gives less to nobody, a pot that bears the difference included.

        As all is given out, nobody's part then grows by more than the sum does.
        """
        return self._larger_pot and self.bearer == "nobody"

    @property
    def _more_weight(self) -> bool:
        if self.bearer in {"nobody", "pot"}:
            return True
        # Who becomes the largest bears the difference: something more when rounded down, something
        # less when rounded to nearest. And what limits stop a bearer from bearing, others bear.
        borne_alone = self.limits == "none"
        return borne_alone and (self.bearer == "named" or self.method is s.Method.DOWN)

    @property
    def _equal_weight(self) -> bool:
        return self.bearer in {"nobody", "pot"} and "each" not in self.limits

    @property
    def _larger_pot(self) -> bool:
        if self.limits.startswith("growing"):
            return False
        if self.bearer == "pot" or self.method is s.Method.SAINTE_LAGUE:
            return True
        # Between two, or among equals, largest remainder shares as Sainte-Laguë does.
        plain = self.alike or self.parties == 2  # noqa: PLR2004 - two is the point
        return self.method is s.Method.LARGEST_REMAINDER and plain and self.limits == "none"


def of_line(program: Program, is_share: IsShare, pot: s.Pot, flow: s.Flow) -> Mechanism:
    """How a line of a pot is shared among recipients; of two levels, how each of them is."""
    rounding = program.rounding_of(pot, flow)
    nouns = [pot.noun or program.noun, *([flow.within.noun] if flow.within else [])]
    levels = [flow.destination, *([flow.within.destination] if flow.within else [])]
    return Mechanism(
        rounding.method,
        bearer(program, rounding),
        max(len(program.registers[noun]) for noun in nouns),
        all(isinstance(level, s.Equally) for level in levels),
        _limits(program, is_share, flow),
    )


def of_parts(program: Program, pot: s.Pot) -> Mechanism:
    """How a pot is parted among those of its lines that take a share, and its rest."""
    rounding = program.rounding_of(pot)
    parties = sum(bool(share_of(flow)) for flow in pot.flows)
    parties += any(isinstance(flow.amount, s.Rest) for flow in pot.flows)
    return Mechanism(rounding.method, bearer(program, rounding), parties)


def of_claims(program: Program, is_share: IsShare, pot: s.Pot, flow: s.Flow) -> Mechanism:
    """How claims are reduced in proportion: each to no more than it is."""
    return evolve(of_line(program, is_share, pot, flow), limits="each")


def bearer(program: Program, rounding: s.Rounding) -> Bearer:
    """Who bears what a rounding leaves."""
    match rounding.difference:
        case None:
            return "nobody"
        case s.Largest():
            return "largest"
        case s.Name(text):
            return "pot" if isinstance(program.symbols.get(text), s.Pot) else "named"
        case never:
            assert_never(never)


def _limits(program: Program, is_share: IsShare, flow: s.Flow) -> Limits:
    amounts = [one.amount for one in flow.limits]
    if not amounts:
        return "none"
    # Who fails a condition has neither floor nor ceiling, and weighs as little as some who do not.
    own = bool(flow.conditions) or any(
        name for amount in amounts for name in s.names_per_recipient(amount)
    )
    if any(is_share(amount) or _uses_a_pot(program, amount) for amount in amounts):
        return "growing_each" if own else "growing"
    return "each" if own else "same"


def _uses_a_pot(program: Program, node: s.Expression) -> bool:
    """Whether an amount is computed from what some pot holds, which the line's sum may be."""
    waiting, seen = [name.text for name in s.references(node)], set[str]()
    while waiting:
        symbol = program.symbols[waiting.pop()]
        if isinstance(symbol, s.Pot):
            return True
        if isinstance(symbol, s.Definition | s.Steps) and symbol.name.text not in seen:
            seen.add(symbol.name.text)
            waiting += [name.text for name in s.references(symbol.expression)]
    return False
