"""Figures tried on the engine: one run, or one run and what its figures are changed to."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from attrs import define, evolve, field, frozen

from dsl.findings import Finding
from dsl.program import Program
from engine.evaluate import NotConservedError, Result, evaluate
from engine.graph import Step
from engine.grid import Values
from engine.proof.amounts import with_amounts
from engine.proof.promises import Run
from engine.refutation.allowed import Flat, Room

# How many of the last runs are remembered: two that are compared, and those that they replace.
REMEMBERED = 8


@frozen(eq=False)
class Draft:
    """Figures for one run, and pots that hold another amount than the rules say.

    Attributes:
        figures: for each statistic its figures before growth.
        amounts: by pot, in the ledger's unit.
    """

    figures: Mapping[str, Flat]
    amounts: Mapping[str, int] = field(factory=dict)

    def having(self, name: str, flat: Flat) -> "Draft":
        """The same with other figures in one statistic."""
        return evolve(self, figures={**self.figures, name: flat})

    def having_one(self, name: str, place: int, value: Fraction) -> "Draft":
        """The same with one other figure."""
        flat = self.figures[name]
        return self.having(name, (*flat[:place], value, *flat[place + 1 :]))

    def holding(self, pot: str, amount: int) -> "Draft":
        """The same with another amount in one pot."""
        return evolve(self, amounts={**self.amounts, pot: amount})


@frozen(eq=False)
class Trial:
    """A run, and for claims about a change another one to compare it with."""

    first: Draft
    then: Draft | None = None

    @property
    def turned(self) -> "Trial":
        """The change the other way round."""
        return self if self.then is None else Trial(self.then, self.first)


@define
class Bench:
    """Where figures are tried, until the evaluations are used up.

    Attributes:
        program: the rules.
        steps: in the order of computation.
        rooms: what each statistic may be.
        fixed: the figures of statistics that stay as they are.
        left: how many evaluations are left.
    """

    program: Program
    steps: Sequence[Step]
    rooms: Mapping[str, Room]
    fixed: Mapping[str, Values]
    left: int
    _last: list[tuple[Draft, Result | Finding | None]] = field(factory=list)
    _programs: dict[tuple[tuple[str, int], ...], Program] = field(factory=dict)

    def run(self, draft: Draft) -> Result | Finding | None:
        """The result, or what stopped it; None when it could not be tried."""
        for known, outcome in self._last:
            if known is draft:
                return outcome
        if self.left <= 0:
            return None
        self.left -= 1
        outcome = self._evaluated(draft)
        self._last = [(draft, outcome), *self._last[: REMEMBERED - 1]]
        return outcome

    def result(self, draft: Draft) -> Result | None:
        """The result of a run that nothing stops."""
        outcome = self.run(draft)
        return outcome if isinstance(outcome, Result) else None

    def run_of(self, draft: Draft) -> Run:
        """A draft as the engine takes it."""
        own = {name: self.rooms[name].values(flat) for name, flat in draft.figures.items()}
        return Run({**self.fixed, **own}, dict(draft.amounts))

    def _evaluated(self, draft: Draft) -> Result | Finding | None:
        program = self._program(draft)
        try:
            result, stopped = evaluate(program, self.steps, self.run_of(draft).figures)
        except NotConservedError:
            return None  # the checker would refuse lines that state amounts of another total
        return result if result is not None else stopped[0]

    def _program(self, draft: Draft) -> Program:
        if not draft.amounts:
            return self.program
        key = tuple(sorted(draft.amounts.items()))
        if key not in self._programs:
            document = with_amounts(self.program.document, draft.amounts, self.program.base)
            self._programs[key] = evolve(self.program, document=document)
        return self._programs[key]
