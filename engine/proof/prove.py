"""Proves what a ruleset promises for all figures.

No figures are read for a proof, and no solver is trusted: every argument is one that a reader can
follow (docs/proof.md). What cannot be proved may be looked at by others (engine/refutation/).
"""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import assert_never

from attrs import field, frozen

from dsl import syntax as s
from dsl.findings import Phrase
from dsl.program import Program
from dsl.source import Span
from engine.lines import share_of
from engine.proof import contracts
from engine.proof.amounts import flows_on_to
from engine.proof.effects import Effects, larger_with
from engine.proof.interval import Interval
from engine.proof.invariance import Doubling, EqualTreatment
from engine.proof.pots import Pots, parts_make_one
from engine.proof.promises import (
    Argument,
    Claim,
    Obstacle,
    Promise,
    Sort,
    Verdict,
    obstacle,
)
from engine.proof.ranges import Ranges


def claims(program: Program) -> Iterator[Claim]:
    """Everything that is asked of a ruleset: of all of it, of each pot and line, and on demand."""
    everywhere = program.document.statements[0].span
    yield Claim(Sort.UNITS, everywhere)
    yield Claim(Sort.COVERED, everywhere)
    if program.definitions:
        yield Claim(Sort.DIVIDES, everywhere)
    for pot in program.pots:
        yield from _of_pot(pot)
    yield from demanded(program)


def demanded(program: Program) -> Iterator[Claim]:
    """What the author demands (``alltid``)."""
    for demand in program.demands:
        match demand.claim:
            case s.Comparison() as comparison:
                yield Claim(Sort.HOLDS, demand.span, comparison=comparison)
            case s.Behaviour(sort, name, pot):
                only = pot.text if pot else None
                yield Claim(Sort(sort), demand.span, pot=only, name=name.text)
            case never:
                assert_never(never)


def _of_pot(pot: s.Pot) -> Iterator[Claim]:
    name = pot.name.text
    yield Claim(Sort.USED_UP, pot.name.span, name)
    if any(share_of(flow) for flow in pot.flows):
        yield Claim(Sort.PARTS, pot.name.span, name)
    yield Claim(Sort.ENOUGH, pot.name.span, name)
    shared = [n for n, flow in enumerate(pot.flows) if isinstance(flow.destination, _BY_WEIGHT)]
    if shared:
        yield Claim(Sort.DIVIDES, pot.name.span, name)
        yield Claim(Sort.WHOLE, pot.name.span, name)
    for number in shared:
        flow = pot.flows[number]
        if flow.limits:
            yield Claim(Sort.FITS, flow.span, name, number)
        for sort in _OF_LINES:
            if sort is not Sort.MORE_WEIGHT or isinstance(flow.destination, s.ByKey):
                yield Claim(sort, flow.span, name, number)


_BY_WEIGHT = s.ByKey | s.Equally
_OF_LINES = (Sort.MORE_WEIGHT, Sort.EQUAL_WEIGHT, Sort.DOUBLE_WEIGHT, Sort.LARGER_POT)


def promises(program: Program, wanted: Sequence[Claim]) -> tuple[Promise, ...]:
    """The verdict on each claim of ``claims`` or ``demanded``: proved or open, and why.

    Raises ``engine.expressions.Stopped`` when the rules have an amount that is no whole number of
    the ledger's units, which stops every run.
    """
    prover = _Prover(program)
    return tuple(_promise(claim, prover.argument(claim)) for claim in wanted)


def _promise(claim: Claim, argument: Argument) -> Promise:
    stands = argument.obstacle
    if stands is None:
        return Promise(claim, Verdict.PROVED, argument.reasons, argument.conditions)
    return Promise(claim, Verdict.OPEN, (stands.why,), argument.conditions, stands.span)


@frozen(slots=False)
class _Prover:
    program: Program
    _raised: dict[str, Effects] = field(factory=dict, init=False)
    _doubled: dict[str, Doubling] = field(factory=dict, init=False)

    @cached_property
    def _ranges(self) -> Ranges:
        return Ranges(self.program)

    @cached_property
    def _pots(self) -> Pots:
        return Pots(self.program, self._ranges)

    def argument(self, claim: Claim) -> Argument:
        """How a claim follows from the rules, or what stands in the way."""
        match claim.sort:
            case Sort.UNITS | Sort.COVERED:
                return Argument((Phrase(f"reason.{claim.sort.value}"),))
            case Sort.DIVIDES if claim.pot is None:
                return self._pots.formulas()
            case Sort.HOLDS:
                assert claim.comparison is not None
                return self._holds(claim.comparison)
            case Sort.MORE | Sort.EQUAL | Sort.DOUBLE:
                return self._demanded(claim)
        assert claim.pot is not None
        pot = self._pot(claim.pot)
        match claim.sort:
            case Sort.USED_UP:
                return self._pots.used_up(pot)
            case Sort.PARTS:
                return parts_make_one(pot)
            case Sort.ENOUGH:
                return self._pots.enough(pot)
            case Sort.DIVIDES:
                return self._pots.divides(pot)
            case Sort.WHOLE:
                return self._pots.whole(pot)
        assert claim.line is not None
        if claim.sort is Sort.FITS:
            return self._pots.fits(pot, claim.line)
        return self._line(claim.sort, pot, claim.line)

    def _pot(self, name: str) -> s.Pot:
        pot = self.program.symbols[name]
        assert isinstance(pot, s.Pot)
        return pot

    # ------------------------------------------------------------ one line

    def _line(self, sort: Sort, pot: s.Pot, number: int) -> Argument:
        """What the mechanism that shares a line promises."""
        flow = pot.flows[number]
        mechanism = contracts.of_line(self.program, self._ranges.is_share, pot, flow)
        if sort not in mechanism.promises:
            return Argument((), (), obstacle(flow.span, _why_not(sort, mechanism)))
        if sort is Sort.EQUAL_WEIGHT and flow.within is not None:
            return Argument((), (), obstacle(flow.within.span, "areas", pot=pot.name.text))
        debt = not self._ranges.sent(pot, number).is_not_negative
        if debt and sort in {Sort.MORE_WEIGHT, Sort.LARGER_POT}:
            return Argument((), (), obstacle(flow.span, "debt", pot=pot.name.text))
        within = flow.within if sort is not Sort.DOUBLE_WEIGHT else None
        if within is not None and not mechanism.keeps_all:
            return Argument((), (), obstacle(within.span, "areas", pot=pot.name.text))
        if sort is Sort.DOUBLE_WEIGHT:
            return Argument((Phrase("reason.double_weight"),))
        return Argument((Phrase(f"reason.{sort.value}_{mechanism.method.value}"),))

    # ------------------------------------------------------------ demands

    def _holds(self, comparison: s.Comparison) -> Argument:
        distance = s.Binary("-", comparison.left, comparison.right)
        if _surely(comparison.relation, self._ranges.of(distance).each):
            return Argument((Phrase("reason.holds"),))
        return Argument((), (), obstacle(comparison.span, "holds"))

    def _demanded(self, claim: Claim) -> Argument:
        assert claim.name is not None
        stands = self._other_recipients(claim.name, claim.span)
        if stands is None:
            stands = next(self._obstacles(claim, claim.name), None)
        if stands is not None:
            return Argument((), (), stands)
        return Argument((Phrase(f"reason.{claim.sort.value}", {"name": claim.name}),))

    def _obstacles(self, claim: Claim, name: str) -> Iterator[Obstacle]:
        every = frozenset(pot.name.text for pot in self.program.pots)
        pots = flows_on_to(self.program, claim.pot) if claim.pot else every
        match claim.sort:
            case Sort.EQUAL:
                return EqualTreatment(self.program, name).obstacles(pots)
            case Sort.DOUBLE:
                return self._doubling(name).obstacles(pots)
        return self._effects(name).obstacles(pots)

    def _doubling(self, name: str) -> Doubling:
        return self._doubled.setdefault(name, Doubling(self.program, name))

    def _effects(self, name: str) -> Effects:
        if name not in self._raised:
            larger = larger_with(self.program, name)
            # A pot is larger than any amount, also than one that is less than the rules say.
            ranges = Ranges(self.program, larger) if larger else self._ranges
            self._raised[name] = Effects(self.program, ranges, name)
        return self._raised[name]

    def _other_recipients(self, name: str, place: Span) -> Obstacle | None:
        """A statistic of others than those who are paid, such as counties and municipalities."""
        symbol = self.program.symbols[name]
        if isinstance(symbol, s.Statistic):
            noun = symbol.noun or self.program.noun
            if any((pot.noun or self.program.noun) != noun for pot in self.program.pots):
                return obstacle(place, "other_recipients", name=name)
        return None


def _why_not(sort: Sort, mechanism: contracts.Mechanism) -> str:
    """Why a mechanism does not promise something."""
    if mechanism.limits != "none" and (mechanism.bearer in {"nobody", "pot"}):
        return f"{sort.value}_limits"
    if sort is Sort.MORE_WEIGHT:
        return "more_weight_nearest" if mechanism.limits == "none" else "more_weight_limits"
    if sort is Sort.LARGER_POT and mechanism.bearer == "nobody":
        return "larger_pot_largest_remainder"
    return f"{sort.value}_bearer"


def _surely(relation: s.Relation, each: Interval) -> bool:
    """Whether a difference that lies in an interval is surely zero, at most zero, and so on."""
    match relation:
        case "equal":
            return each.only == 0
        case "at_most":
            return each.high is not None and each.high <= 0
        case "less":
            return each.high is not None and each.high < 0
        case "at_least":
            return each.is_not_negative
        case "more":
            return each.is_positive
        case never:
            assert_never(never)
