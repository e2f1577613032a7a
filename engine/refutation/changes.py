"""Proposes what figures may be changed to: one more, past another or a landmark, double."""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from math import lcm

from attrs import frozen

from dsl import syntax as s
from dsl.program import Program
from engine.lines import rounding_unit
from engine.proof.amounts import amount_of, flows_on_to, sources_of
from engine.proof.promises import Claim, Sort
from engine.refutation.allowed import Flat, Room
from engine.refutation.candidates import Proposer
from engine.refutation.trial import Draft, Trial

Changing = Callable[[Draft], Iterator[Trial]]

# How many figures of one draft are raised, and how many amounts one after another are tried.
FEW = 6
IN_A_ROW = 30


def changes_of(proposer: Proposer, claim: Claim, behind: Sequence[str]) -> Changing:
    """What makes trials of a draft, for one sort of claim.

    Args:
        proposer: what is known of the figures.
        claim: what is claimed.
        behind: the statistics whose figures may be changed.
    """
    changes = _Changes(proposer, claim)
    match claim.sort:
        case Sort.MORE if claim.name in proposer.rooms:
            return changes.raised_figures
        case Sort.MORE:
            return lambda draft: changes.raised_amounts(draft, claim.name or "")
        case Sort.LARGER_POT:
            return lambda draft: changes.raised_amounts(draft, claim.pot or "")
        case Sort.MORE_WEIGHT:
            return lambda draft: changes.changed_weights(draft, behind)
        case Sort.EQUAL:
            return changes.made_equal
        case Sort.DOUBLE:
            return changes.doubled
    return lambda draft: iter([Trial(draft)])


@frozen
class _Changes:
    proposer: Proposer
    claim: Claim

    # ------------------------------------------------------------ one recipient's figure

    def raised_figures(self, draft: Draft) -> Iterator[Trial]:
        """One recipient's own figure is raised, and everybody else's stays."""
        assert self.claim.name is not None
        yield from self._raised(draft, self.proposer.rooms[self.claim.name])

    def changed_weights(self, draft: Draft, behind: Sequence[str]) -> Iterator[Trial]:
        """One figure behind a key is raised, or lowered, which may be more of the key."""
        for name in behind:
            for trial in self._raised(draft, self.proposer.rooms[name]):
                yield trial
                yield trial.turned

    def _raised(self, draft: Draft, room: Room) -> Iterator[Trial]:
        if room.total is not None:
            return  # nobody's figure can grow alone
        flat = draft.figures[room.name]
        for place in self._places(flat):
            for start, end in self._raises(room, flat, place):
                low, high = room.fit(start) if start != flat[place] else start, room.fit(end)
                if low < high:
                    first = draft if low == flat[place] else draft.having_one(room.name, place, low)
                    yield Trial(first, draft.having_one(room.name, place, high))

    def _places(self, flat: Flat) -> list[int]:
        """The figures to raise: of the largest, the smallest, and some by chance."""
        chance, order = self.proposer.chance, sorted(range(len(flat)), key=lambda n: flat[n])
        places = [*reversed(order[-2:]), *order[:1]]
        places += chance.sample(range(len(flat)), min(len(flat), FEW - len(places)))
        return list(dict.fromkeys(places))

    def _raises(self, room: Room, flat: Flat, place: int) -> Iterator[tuple[Fraction, Fraction]]:
        """From which figure to which: where something may turn."""
        value, step = flat[place], room.step
        column = place - place % room.length
        others = [
            one
            for n, one in enumerate(flat[column : column + room.length], start=column)
            if n != place
        ]
        yield value, value + step
        if others:
            top = max(others)
            yield top, top + step
            yield top - step, top + step
            yield value, 2 * top
            larger = [one for one in others if one > value]
            if larger:
                yield value, min(larger) + step
        for mark in self.proposer.landmarks.get(room.name, ()):
            yield mark - step, mark
            yield mark, mark + step
        yield value, value + max(value / 100, 2 * step)
        yield value, 2 * value
        yield value, value + step * self.proposer.chance.randrange(1, 30)
        if room.high is not None:
            yield value, room.high

    # ------------------------------------------------------------ everybody's figures

    def made_equal(self, draft: Draft) -> Iterator[Trial]:
        """Everybody has the same of the statistic, or two have."""
        assert self.claim.name is not None
        room = self.proposer.rooms[self.claim.name]
        flat = draft.figures[room.name]
        yield Trial(draft)
        for value in dict.fromkeys((max(flat), min(flat), flat[0])):
            same = room.filled([value] * room.size)
            if same is not None:
                yield Trial(draft.having(room.name, same))
        if room.length > 1:
            one, other = self.proposer.chance.sample(range(room.length), 2)
            pairs = {n: n - other + one for n in range(room.size) if n % room.length == other}
            twin = room.filled([flat[pairs.get(n, n)] for n in range(room.size)])
            if twin is not None:
                yield Trial(draft.having(room.name, twin))

    def doubled(self, draft: Draft) -> Iterator[Trial]:
        """Everybody has twice as much; where that would be too much, of half as much."""
        assert self.claim.name is not None
        room = self.proposer.rooms[self.claim.name]
        flat = draft.figures[room.name]
        if room.high is not None and max(flat) * 2 > room.high:
            flat = tuple(room.step * (one // (2 * room.step)) for one in flat)
        twice = tuple(2 * one for one in flat)
        if twice != flat and room.allows(flat) and room.allows(twice):
            yield Trial(draft.having(room.name, flat), draft.having(room.name, twice))

    # ------------------------------------------------------------ the amount of a pot

    def raised_amounts(self, draft: Draft, pot: str) -> Iterator[Trial]:
        """A pot, or one that its money comes from, holds a little more, again and again."""
        program = self.proposer.program
        sources = sources_of(program, pot)
        if self.claim.sort is Sort.MORE:
            sources = tuple(one for one in sources if one == pot)
        for source in sources:
            said, step = amount_of(program, source), _step(program, source)
            for start in () if said is None else self._starts(said, step):
                runs = [draft.holding(source, start + step * n) for n in range(IN_A_ROW)]
                yield from map(Trial, runs, runs[1:])
                more = (1_000 * step, step * max(start // (100 * step), 1))
                yield from (Trial(runs[0], draft.holding(source, start + one)) for one in more)

    def _starts(self, said: int, step: int) -> list[int]:
        """Small amounts, and about as much as the rules say."""
        chance = self.proposer.chance
        small = step * chance.randrange(1, chance.choice((12, 60, 1_000)))
        near = said + step * chance.randrange(-IN_A_ROW, IN_A_ROW)
        return [said, small, max(near, 1)] if said > 0 else [small]


def _step(program: Program, pot: str) -> int:
    """The smallest amount that all lines which a pot's money flows through can round to."""
    names = flows_on_to(program, pot)
    pots = [one for one in program.pots if one.name.text in names]
    shared = (
        (pot, flow)
        for pot in pots
        for flow in pot.flows
        if isinstance(flow.destination, s.ByKey | s.Equally)
    )
    units = (rounding_unit(program, program.rounding_of(pot, flow)) for pot, flow in shared)
    return lcm(1, *units)
