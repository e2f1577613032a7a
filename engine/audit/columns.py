"""What is found of one column of a published table, and of all of them."""

from attrs import frozen

from engine.audit.following import Followed
from engine.audit.pasted import Stated
from engine.audit.reading import Document, Table, is_marked
from engine.audit.recovery import Answer, Recovery
from engine.audit.stepping import Steps
from engine.audit.ways import Trial
from engine.inputs.published import PublishedColumn

# A formula is near that misses no row by more than this many units of the column, or only few
# rows: so many to each of them.
NEAR = 10
FEW = 10

# Fewer rows than these are missed by chance.
LEAST_ROWS = 6


@frozen
class Inferred:
    """An indicator with a total that the text states, alone or with another column's sum.

    Attributes:
        answer: the indicator.
        total: the total that was assumed.
        stated: the sum in the text.
        other: the number of the column whose sum was added.
        rest: what the indicator has beyond that column.
    """

    answer: Answer
    total: int
    stated: Stated
    other: int | None = None
    rest: tuple[int, ...] | None = None


@frozen
class Beyond:
    """A column shared by what two numbers of steps have earned together.

    Attributes:
        other: the number of the column whose steps are known in kronor.
        numbers: the steps that this column has beyond that one's.
        earned: what they give, in kronor.
        stated: where the text states their sum, if it does.
        trials: the column by both earned amounts.
    """

    other: int
    numbers: tuple[int, ...]
    earned: tuple[int, ...]
    stated: Stated | None
    trials: tuple[Trial, ...]


@frozen
class ColumnAudit:
    """What was found of one column.

    Attributes:
        table: its table.
        number: from 1 among the table's columns of numbers.
        column: as published.
        decimals: the amounts below are whole numbers of this decimal place.
        places: the positions of the rows in the register.
        amounts: the column; None where the table lacks a row that its key has.
        parts: the numbers of the columns that it is the sum of.
        stated: where the text states its sum.
        formulas: for each formula that gives it every way of rounding; if none does, for the
            formula that comes nearest.
        tried: how many formulas were tried.
        recovery: indicators in whole numbers that give it.
        inferred: indicators with totals out of the text.
        steps: whole numbers of steps by a key.
        beyond: steps beyond another column's.
        followed: a key that most rows follow, where none gives them all.
        stopped: whether a search stopped before it was done.
    """

    table: Table
    number: int
    column: PublishedColumn
    decimals: int
    places: tuple[int, ...]
    amounts: tuple[int | None, ...]
    parts: tuple[int, ...] = ()
    stated: Stated | None = None
    formulas: tuple[tuple[Trial, ...], ...] = ()
    tried: int = 0
    recovery: Recovery | None = None
    inferred: tuple[Inferred, ...] = ()
    steps: Steps | None = None
    beyond: Beyond | None = None
    followed: Followed | None = None
    stopped: bool = False

    @property
    def whole(self) -> tuple[int, ...] | None:
        """The amounts, if no row is missing."""
        found = tuple(amount for amount in self.amounts if amount is not None)
        return found if len(found) == len(self.amounts) else None

    @property
    def added(self) -> int:
        """What the rows add up to."""
        return sum(amount for amount in self.amounts if amount is not None)

    @property
    def total(self) -> int | None:
        """The printed total."""
        total = self.column.total
        return None if total is None else int(total.value * 10**self.decimals)

    @property
    def accounted_for(self) -> bool:
        """Whether it is known what gives the column, or what lies behind it."""
        behind = self.is_recovered or self.inferred or self.steps
        return bool(self.explained or self.parts or behind)

    @property
    def is_recovered(self) -> bool:
        """Whether there is one answer to what it is shared by, and not by chance."""
        found = self.recovery
        return found is not None and found.verdict == "one" and found.is_telling

    @property
    def nearly(self) -> bool:
        """Whether a key gives nearly every row, or every row but a few kronor."""
        if not self.amounts or not self.formulas or not self._is_by_keys(self.formulas[0][0]):
            return False
        nearest, rows = self.formulas[0][0], len(self.amounts)
        typical = sorted(amount or 0 for amount in self.amounts)[rows // 2]
        few = len(nearest.misses) <= max(2, rows // FEW) and rows >= LEAST_ROWS
        return few or (nearest.worst <= NEAR and typical >= NEAR * NEAR)

    def _is_by_keys(self, trial: Trial) -> bool:
        """Whether a formula has a key, and none that is amounts: these are rounded themselves."""
        amounts = {one.heading for one in self.table.columns if is_marked(one)}
        names = {line.key.name for line in trial.lines} - {""}
        return bool(names) and not names & amounts

    def swapped(self, trial: Trial) -> bool:
        """Whether two rows that a trial misses have each other's amounts."""
        if len(trial.misses) != 2:  # noqa: PLR2004 - two rows
            return False
        (one, ours), (other, theirs) = trial.misses
        here, there = self.amounts[one], self.amounts[other]
        return here is not None and there is not None and ours == there - here == -theirs

    @property
    def explained(self) -> bool:
        """Whether a formula gives every row."""
        return any(one[0].agrees for one in self.formulas)


@frozen
class Audit:
    """What was found of a file.

    Attributes:
        document: its tables and stated sums.
        columns: the columns of money that were judged.
    """

    document: Document
    columns: tuple[ColumnAudit, ...]
