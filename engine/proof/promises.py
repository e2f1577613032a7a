"""What can be promised of a ruleset, and what became of each promise."""

from collections.abc import Mapping
from enum import Enum
from fractions import Fraction

from attrs import field, frozen

from dsl import syntax as s
from dsl.findings import Finding, Phrase, Value
from dsl.source import Span
from engine.grid import Values


class Sort(Enum):
    """What a promise is about. "All figures" are those that the rules let a statistic have."""

    UNITS = "units"
    """All that is paid is kronor: no rule adds or compares unlike units."""
    COVERED = "covered"
    """Every recipient of the register is in every split, and nobody else is."""

    USED_UP = "used_up"
    """A pot is used up completely, every krona once."""
    PARTS = "parts"
    """The parts of a pot, or of a mix of keys, make exactly the whole."""
    ENOUGH = "enough"
    """No line takes more than there is, and nobody is paid less than nothing."""
    DIVIDES = "divides"
    """Nothing is divided by zero: there is always something to share by."""
    FITS = "fits"
    """Floors never need more than the pot, and ceilings never take less."""
    WHOLE = "whole"
    """What a line shares is a whole number of the units that it is rounded to."""

    MORE_WEIGHT = "more_weight"
    """Whose weight grows, the others' unchanged, gets no less from the line."""
    EQUAL_WEIGHT = "equal_weight"
    """Who weighs the same gets the same from the line, but for one unit of rounding."""
    DOUBLE_WEIGHT = "double_weight"
    """Doubling all weights changes nothing."""
    LARGER_POT = "larger_pot"
    """If the line shares more, nobody gets less from it."""

    MORE = "more"
    """``alltid mer … ger aldrig mindre``: who has more of a statistic is not paid less in all;
    or, of a pot: when it is larger nobody is paid less in all."""
    EQUAL = "equal"
    """``alltid lika … ger lika``: who has the same of a statistic is paid the same, but for one
    unit of rounding a line."""
    DOUBLE = "double"
    """``alltid dubbel … ger samma``: if everyone has twice as much, nothing changes."""
    HOLDS = "holds"
    """``alltid … ≥ …``: a comparison that holds for all figures."""


# What stops a run when a promise is broken: the codes of findings.
STOPS: Mapping[Sort, frozenset[str]] = {
    Sort.USED_UP: frozenset({"F209"}),
    Sort.ENOUGH: frozenset({"F503", "F510", "F512", "F513", "F515"}),
    Sort.DIVIDES: frozenset({"F501", "F502", "F504", "F517", "F520", "F521"}),
    Sort.FITS: frozenset({"F508", "F509", "F511", "F522", "F523"}),
    Sort.WHOLE: frozenset({"F506", "F507"}),
}


@frozen
class Claim:
    """One thing that may be promised.

    Attributes:
        sort: what it is about.
        span: the place in the rules.
        pot: the pot that it is about; of a demand the pot that it is limited to (``ur``), if any.
        line: the line of the pot, where it is about one.
        name: the statistic or the pot that a demand names.
        comparison: what a demand says holds.
    """

    sort: Sort
    span: Span = field(eq=False)
    pot: str | None = None
    line: int | None = None
    name: str | None = None
    comparison: s.Comparison | None = None


@frozen
class Run:
    """The figures of one run of a counterexample.

    Attributes:
        figures: every statistic's figures, in its own unit.
        amounts: pots that hold another amount than the rules say, in kr as whole ledger units.
    """

    figures: Mapping[str, Values]
    amounts: Mapping[str, int] = field(factory=dict)


@frozen
class Breach:
    """What is seen when a claim does not hold.

    Attributes:
        recipient: whom it is about: the position in the register of the pot or the statistic.
        other: with whom the recipient is compared, if with another.
        before: what the recipient gets, in the ledger's unit.
        after: what the recipient gets after the change, or what the other gets.
        stopped: what stopped the run, for a claim that a run does not stop.
        sides: what the two sides of a demanded comparison are, as they are shown.
        size: how much the claim is broken, where that can be compared: by an overdraft.
    """

    recipient: int | None = None
    other: int | None = None
    before: int | None = None
    after: int | None = None
    stopped: Finding | None = None
    sides: tuple[Value, Value] | None = None
    size: Fraction = Fraction(0)


@frozen
class Counterexample:
    """Figures that the rules allow, and for which a claim does not hold.

    Attributes:
        run: the figures.
        then: what they are changed to, for a claim about a change.
        breach: what they show.
    """

    run: Run
    then: Run | None = None
    breach: Breach = Breach()


class Verdict(Enum):
    """What became of a promise."""

    PROVED = "proved"
    REFUTED = "refuted"
    OPEN = "open"


@frozen
class Promise:
    """A claim and its verdict.

    Attributes:
        claim: what is claimed.
        verdict: proved for all figures, refuted by a counterexample, or neither.
        reasons: the argument, step by step; of an open promise what stands in the way.
        conditions: under which it is proved, where that is not for all figures.
        place: the place that stands in the way.
        counterexample: figures for which it does not hold.
    """

    claim: Claim
    verdict: Verdict
    reasons: tuple[Phrase, ...] = ()
    conditions: tuple[Phrase, ...] = ()
    place: Span | None = None
    counterexample: Counterexample | None = None


@frozen
class Obstacle:
    """A place that keeps a claim from being proved, and why."""

    span: Span
    why: Phrase


@frozen
class Argument:
    """How a claim follows from the rules alone, or what stands in the way.

    Attributes:
        reasons: the argument, step by step.
        conditions: what must hold of the figures beside what the rules say.
        obstacle: what stands in the way; None when the claim is proved.
    """

    reasons: tuple[Phrase, ...] = ()
    conditions: tuple[Phrase, ...] = ()
    obstacle: Obstacle | None = None


def obstacle(span: Span, key: str, **data: Value) -> Obstacle:
    """Something that stands in the way, said by a phrase of the catalogue."""
    return Obstacle(span, Phrase(f"obstacle.{key}", data))
