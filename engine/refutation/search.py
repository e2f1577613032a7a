"""Looks for figures that break a claim, by running the engine on them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from random import Random

from attrs import frozen

from dsl import syntax as s
from dsl.axes import count
from dsl.check import check
from dsl.document import Reading
from dsl.findings import errors
from dsl.program import Program
from engine.graph import Step, dependencies
from engine.grid import Values
from engine.proof.amounts import flows_on_to, with_amounts
from engine.proof.promises import STOPS, Breach, Claim, Counterexample, Sort
from engine.refutation.allowed import Flat, Room, rooms_of
from engine.refutation.candidates import USUAL, Proposer
from engine.refutation.changes import Changing, changes_of
from engine.refutation.judging import Judge, judge_of, raised
from engine.refutation.smaller import made_smaller
from engine.refutation.trial import Bench, Draft, Trial
from engine.refutation.turning import turnings

# How many times the engine is run for one claim, if nothing else is said: about half a second for
# rules with so many numbers to compute; fewer times for larger rules, but not fewer than so many.
EVALUATIONS = 500
NUMBERS = 150
LEAST = 60

# Of more claims than so many each is tried fewer times, so that they take no longer together.
TOGETHER = 8

# Of so many of them one is kept for making what is found plainer, and for figures below nothing.
FOR_SMALLER = 4
FOR_BELOW = 20

# How many times a place is looked for at which a line begins to pay less.
TURNINGS = 6

# How many changes of one draft are tried before the next; of the figures at hand all are.
CHANGES = 10

# About lines: what moves elsewhere does not matter.
_OF_A_LINE = frozenset({Sort.LARGER_POT, Sort.MORE_WEIGHT, Sort.EQUAL_WEIGHT})


def search(
    program: Program,
    steps: Sequence[Step],
    claim: Claim,
    at_hand: Mapping[str, Values],
    budget: int | None = None,
    claims: int = 1,
) -> Counterexample | None:
    """Figures that the rules allow and for which a claim does not hold, if any are found.

    What is found is always a counterexample; that nothing is found proves nothing. The same rules
    and figures always give the same answer.

    Args:
        program: the checked rules.
        steps: in the order of computation.
        claim: what is claimed.
        at_hand: the figures of the statistics that could be read, as ``evaluate`` takes them.
        budget: how many times the engine may be run; None for as many as suit rules of their size.
        claims: how many claims share the time.
    """
    most = budget or _usual_budget(program) * TOGETHER // max(claims, TOGETHER) or 1
    hunt = _hunt(program, steps, claim, at_hand, most)
    return None if hunt is None else hunt.found()


def _hunt(
    program: Program,
    steps: Sequence[Step],
    claim: Claim,
    at_hand: Mapping[str, Values],
    most: int,
) -> "_Hunt | None":
    rooms = rooms_of(program)
    fixed = {one.name.text for one in program.statistics} - rooms.keys()
    hand = _hand(rooms, at_hand)
    unknown = claim.name is not None and isinstance(program.symbols.get(claim.name), s.Statistic)
    if not fixed <= at_hand.keys() or hand is None or (unknown and claim.name in fixed):
        return None
    spare = most // FOR_SMALLER + most // FOR_BELOW
    still = {name: at_hand[name] for name in fixed}
    bench = Bench(program, steps, rooms, still, most - spare)
    judge = judge_of(bench, claim)
    if judge is None:
        return None
    varied, behind = _varied(program, claim, rooms)
    proposer = Proposer(program, rooms, hand, varied)
    return _Hunt(bench, claim, proposer, judge, changes_of(proposer, claim, behind), most)


def _usual_budget(program: Program) -> int:
    return max(EVALUATIONS * NUMBERS // max(_numbers(program), NUMBERS), LEAST)


def _numbers(program: Program) -> int:
    """How many numbers a run of the rules computes, about."""
    recipients = max(map(len, program.registers.values()))
    named = [one.name.text for one in (*program.statistics, *program.definitions)]
    cells = sum(count(program.axes, program.grids.get(name, ())) for name in named)
    lines = sum(len(pot.flows) for pot in program.pots)
    return recipients * (cells + lines)


def _hand(rooms: Mapping[str, Room], at_hand: Mapping[str, Values]) -> Mapping[str, Flat] | None:
    """The figures at hand before growth; made up where the rules are there and the file is not."""
    chance = Random(len(rooms))  # noqa: S311 - no secret is made of it
    found: dict[str, Flat] = {}
    for name, room in rooms.items():
        made_up = [room.step * chance.randrange(1, USUAL) for _ in range(room.size)]
        known = room.flat(at_hand[name]) if name in at_hand else None
        flat = room.filled(made_up) if known is None else known
        if flat is None or len(flat) != room.size:
            return None
        found[name] = flat
    return found


def _varied(
    program: Program, claim: Claim, rooms: Mapping[str, Room]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The statistics that a claim depends on, and those whose figures alone it is about."""
    known = dependencies(program)
    names = _names(program, claim)
    behind = frozenset(rooms) if names is None else known.statistics_behind(names)
    wanted = {*behind, claim.name}
    varied = tuple(name for name in rooms if name in wanted)
    if claim.sort is not Sort.MORE_WEIGHT or claim.pot is None or claim.line is None:
        return varied, ()
    pot = program.symbols[claim.pot]
    assert isinstance(pot, s.Pot)
    flow = pot.flows[claim.line]
    if not isinstance(flow.destination, s.ByKey):
        return varied, ()
    own = known.statistics_behind(one.text for one in s.references(flow.destination.key))
    limits = (one.amount for one in flow.limits)
    limiting = known.statistics_behind(n.text for one in limits for n in s.references(one))
    return varied, tuple(name for name in rooms if name in own - limiting)


def _names(program: Program, claim: Claim) -> Iterable[str] | None:
    """The names that a claim is about; None for all."""
    if claim.comparison is not None:
        sides = (claim.comparison.left, claim.comparison.right)
        parts = [part for side in sides for part in s.parts_of(side)]
        if any(isinstance(part, s.SumTo | s.AllPosts) for part in parts):
            return None
        return [part.name.text for part in parts if isinstance(part, s.Ref)]
    if claim.pot is None:
        return None
    if claim.sort in STOPS or claim.sort in _OF_A_LINE:
        return [claim.pot]
    return flows_on_to(program, claim.pot)


@frozen
class _Hunt:
    bench: Bench
    claim: Claim
    proposer: Proposer
    judge: Judge
    changes: Changing
    budget: int

    def found(self) -> Counterexample | None:
        """The first counterexample; of overdrafts in corners the largest."""
        by_chance = self.proposer.by_chance(self.bench.left)
        trials = self._trials(chain(self._first(), by_chance))
        if self.claim.sort is Sort.ENOUGH:
            for corners in self.proposer.corners():
                broken = self._broken(map(Trial, corners))
                worst = max(broken, key=lambda one: one[1].size, default=None)
                if worst is not None:
                    return self._told(*worst)
        for one in self._all_broken(trials):
            if (told := self._told(*one)) is not None:
                return told
        return None

    def _all_broken(self, trials: Iterable[Trial]) -> Iterator[tuple[Trial, Breach]]:
        """Of these trials, and then of those with figures below nothing."""
        yield from self._broken(trials)
        self.bench.left += self.budget // FOR_BELOW
        yield from self._broken(self._trials(self.proposer.below_nothing()))

    def _first(self) -> Iterator[Draft]:
        yield Draft(self.proposer.hand)
        if self._of_amounts:
            yield from self.proposer.alabama()
        yield from self.proposer.first(all_corners=self.claim.sort in STOPS)

    @property
    def _of_amounts(self) -> bool:
        """Whether it is the amount of a pot that is changed."""
        about_pot = self.claim.sort is Sort.MORE and self.claim.name not in self.bench.rooms
        return about_pot or self.claim.sort is Sort.LARGER_POT

    def _trials(self, drafts: Iterable[Draft]) -> Iterator[Trial]:
        """Every draft with its changes; of all but the first drafts only some in a row."""
        whole = 1 + len(self.proposer.varied) if self._of_amounts else 1
        for number, draft in enumerate(drafts):
            if self.bench.left <= 0:
                return
            trials = list(self.changes(draft))
            if number >= whole and len(trials) > CHANGES:
                start = self.proposer.chance.randrange(len(trials) - CHANGES + 1)
                trials = trials[start : start + CHANGES]
            yield from trials

    def _broken(self, trials: Iterable[Trial]) -> Iterator[tuple[Trial, Breach]]:
        followed = 0
        for trial in trials:
            breach = self.judge(trial)
            if breach is not None:
                yield trial, breach
            elif followed < TURNINGS:
                for turning in self._turnings(trial):
                    followed += 1
                    breach = self.judge(turning)
                    if breach is not None:
                        yield turning, breach
            if self.bench.left <= 0:
                return

    def _turnings(self, trial: Trial) -> Iterator[Trial]:
        """Where between two figures a recipient is paid less by some line."""
        name = self.claim.name
        if self.claim.sort is Sort.MORE and name is not None and name in self.bench.rooms:
            place = raised(trial, name)
            assert place is not None  # every trial of more of a statistic raises one figure
            yield from turnings(self.bench, trial, name, place)

    def _told(self, trial: Trial, breach: Breach) -> Counterexample | None:
        """A counterexample made plain; None when the checker refuses a pot's other amount."""
        if not all(self._accepted(one) for one in (trial.first, trial.then) if one is not None):
            return None
        self.bench.left += self.budget // FOR_SMALLER
        trial, breach = made_smaller(self.bench, self.judge, trial, breach, self.proposer.hand)
        return Counterexample(
            self.bench.run_of(trial.first),
            None if trial.then is None else self.bench.run_of(trial.then),
            breach,
        )

    def _accepted(self, draft: Draft) -> bool:
        if not draft.amounts:
            return True
        program = self.bench.program
        document = with_amounts(program.document, draft.amounts, program.base)
        checked, found = check(Reading(document, ()), program.registers)
        return checked is not None and not errors(found)
