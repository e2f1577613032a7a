"""Judges every column of a published table: what it adds up to, what gives it, what lies behind it.

Formulas are tried with the keys that are given and those that the table itself has. Where none
gives a column, its whole numbers or its steps are recovered, and serve as keys for the others.
"""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations, product

from attrs import evolve, frozen

from dsl.findings import Finding, finding
from dsl.registers import Register
from dsl.source import Span
from engine.audit.budget import STEPS_IN_ALL, Budget
from engine.audit.following import Followed, followed
from engine.audit.mixing import two_lines
from engine.audit.pasted import Stated
from engine.audit.rating import by_rates, by_share_rates, fixed_amount
from engine.audit.reading import Document, Table, is_nearly_whole, read_document
from engine.audit.recovery import CHANCE, Answer, Recovery, recover, recover_at, without
from engine.audit.stepping import Steps, Structure, find_steps
from engine.audit.sums import is_marked, is_money, prose_faults, sum_faults, sum_of
from engine.audit.ways import Key, Line, Trial, round_unit, trials
from engine.inputs.files import Files
from engine.inputs.published import PublishedColumn

# A formula is near that misses no row by more than this many units of the column, or only few
# rows: so many to each of them.
NEAR = 10
FEW = 10

MAX_KEYS = 12
MAX_FORMULAS = 3
MAX_POTS = 6
MAX_NAMED = 5

# Three lines fit fewer rows by chance.
LEAST_ROWS_OF_TRIPLES = 6

# So many ways of rounding are tried on a formula.
WAYS_OF_A_FORMULA = 50


@frozen
class Given:
    """A key that the user gives: a figure for each recipient.

    Attributes:
        name: what a report calls it.
        register: the recipients.
        figures: by the recipients' positions in the register.
        span: where it begins, if it comes out of a file.
    """

    name: str
    register: Register
    figures: Mapping[int, Fraction]
    span: Span | None = None


@frozen
class Request:
    """What the user says beside the table.

    Attributes:
        keys: the keys that are known.
        pot: the sum that was shared.
        between: the least and largest total that an indicator can have.
        column: the only column to judge, by heading or number.
    """

    keys: tuple[Given, ...] = ()
    pot: int | None = None
    between: tuple[int, int] | None = None
    column: str | None = None


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
        behind = _is_recovered(self) or self.inferred or self.steps
        return bool(self.explained or self.parts or behind)

    @property
    def nearly(self) -> bool:
        """Whether a key gives nearly every row, or every row but a few kronor."""
        if not self.amounts or not self.formulas or not self._is_by_keys(self.formulas[0][0]):
            return False
        nearest, rows = self.formulas[0][0], len(self.amounts)
        typical = sorted(amount or 0 for amount in self.amounts)[rows // 2]
        few = len(nearest.misses) <= max(2, rows // FEW) and rows >= LEAST_ROWS_OF_TRIPLES
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


def audit(path: str, files: Files, request: Request) -> tuple[Audit, tuple[Finding, ...]]:
    """Read a table as published and judge its columns."""
    document, found = read_document(path, files)
    judged: list[ColumnAudit] = []
    purse = Budget(STEPS_IN_ALL)
    for table in document.tables:
        columns = tuple(_prepared(document, table))
        found += tuple(one for column in columns for one in sum_faults(column, table))
        wanted = [one for one in columns if _is_wanted(one, request.column)]
        judge = _Judge(document, table, request, columns, purse)
        judged += judge.judged(wanted)
        found += tuple(judge.unusable())
    found += tuple(prose_faults(document))
    return Audit(document, tuple(judged)), found


def _is_wanted(one: ColumnAudit, column: str | None) -> bool:
    if column is not None:
        return column in {one.column.heading, str(one.number)}
    return is_money(one.column, one.table)


def _prepared(document: Document, table: Table) -> Iterator[ColumnAudit]:
    for number, column in enumerate(table.columns, 1):
        cells = [cell for cell in (*column.cells, column.total) if cell]
        decimals = max(cell.decimals for cell in cells)
        places = tuple(place for place in table.places if column.cells[place])
        values = [column.cells[place] for place in places]
        amounts = tuple(int(cell.value * 10**decimals) if cell else None for cell in values)
        one = ColumnAudit(table, number, column, decimals, places, amounts)
        sums = {one.added, one.total}
        stated = next((each for each in document.stated if each.amount in sums), None)
        parts = sum_of(number, table)
        yield evolve(_with_missing_rows(one), parts=parts, stated=stated)


def _with_missing_rows(one: ColumnAudit) -> ColumnAudit:
    """The column with the rows that it lacks, when its printed total says that it lacks some."""
    if one.total is None or one.total <= one.added:
        return one
    length = len(one.table.register)
    cells = dict(zip(one.places, one.amounts, strict=True))
    if len(cells) == length or not is_nearly_whole(len(cells), one.table.register):
        return one
    amounts = tuple(cells.get(place) for place in range(length))
    return evolve(one, places=tuple(range(length)), amounts=amounts)


@frozen
class _Judge:
    """Judges the columns of one table."""

    document: Document
    table: Table
    request: Request
    columns: tuple[ColumnAudit, ...]
    purse: Budget

    def unusable(self) -> Iterator[Finding]:
        """The given keys that lack a figure for someone in the table."""
        for each in self.request.keys:
            figures = self._given(each)
            lacking = [place for place in self.table.places if place not in figures]
            if lacking and each.span is not None:
                recipients = self.table.register.recipients
                names = tuple(recipients[place].name for place in lacking[:MAX_NAMED])
                count = len(lacking)
                yield finding("N807", each.span, "here", name=each.name, count=count, missing=names)

    def judged(self, wanted: Sequence[ColumnAudit]) -> list[ColumnAudit]:
        """First by the keys that there are, then by what can be recovered."""
        first = [self._by_formulas(one, self._keys(one)) for one in wanted]
        second = [self._recovered(one) for one in first]
        recovered = [one for one in second if _is_recovered(one)]
        third = [self._again(one, recovered) for one in second]
        return [self._beyond(one, third) for one in third]

    # ------------------------------------------------------------ formulas

    def _keys(self, one: ColumnAudit) -> list[Key]:
        """What the column may have been shared by."""
        named = [(each.name, self._given(each)) for each in self.request.keys]
        for table in self.document.tables:
            for number, column in enumerate(table.columns, 1):
                if self._may_share(table, number, one):
                    figures = {p: c.value for p, c in enumerate(column.cells) if c}
                    lacking = set(one.places) - set(figures)
                    if table is self.table and column.total and len(lacking) == 1:
                        # What the printed total of a key has beyond its rows is the missing one.
                        figures[lacking.pop()] = column.total.value - sum(figures.values())
                    given = Given(_called(column, number), table.register, figures)
                    named.append((given.name, self._given(given)))
        keys = [_key(name, figures, one.places) for name, figures in named]
        usable = {key.weights: key for key in reversed(keys) if key and key.usable}
        return list(reversed(usable.values()))[:MAX_KEYS]

    def _may_share(self, table: Table, number: int, one: ColumnAudit) -> bool:
        column = table.columns[number - 1]
        if any(cell.percent for cell in column.cells if cell):
            return False
        if table is not self.table:
            return not is_money(column, table)
        sums = self.columns[number - 1].parts
        return number != one.number and not sums and number not in one.parts

    def _given(self, given: Given) -> Mapping[int, Fraction]:
        """A key's figures by the positions of this table's register."""
        if given.register is self.table.register:
            return given.figures
        found = {}
        for place, figure in given.figures.items():
            recipient = given.register.recipients[place]
            same = given.register.territory == self.table.register.territory
            position = self.table.register.position(recipient.code) if same else None
            position = (
                self.table.register.position(recipient.name) if position is None else position
            )
            if position is not None:
                found[position] = figure
        return found

    def _pots(self, one: ColumnAudit) -> list[int]:
        scaled = None if self.request.pot is None else self.request.pot * 10**one.decimals
        pots = [scaled, one.total, one.added if one.whole else None]
        near = [one.added * 99 // 100, one.added * 101 // 100]
        pots += [each.amount for each in self.document.stated if near[0] <= each.amount <= near[1]]
        found = dict.fromkeys(pot for pot in pots if pot is not None and pot > 0)
        return list(found)[:MAX_POTS]

    def _by_formulas(self, one: ColumnAudit, keys: Sequence[Key]) -> ColumnAudit:
        pots = self._pots(one)
        equal = Key("", (Fraction(1),) * len(one.places))
        budget = self.purse.part()
        tried = list(_singles(one, pots, (*keys, equal), budget))
        tried += _by_rates(one, keys, budget)
        if not any(found[0].agrees for found in tried):
            tried += _pairs(one, pots, (equal, *keys), budget)
        if not any(found[0].agrees for found in tried):
            tried += _triples(one, pots, keys, budget)
        self.purse.settle(budget)
        best = _best((*one.formulas, *tried))
        stopped = one.stopped or budget.spent
        return evolve(one, formulas=best, tried=one.tried + len(tried), stopped=stopped)

    # ------------------------------------------------------------ recovery

    def _recovered(self, one: ColumnAudit) -> ColumnAudit:
        amounts = one.whole
        asked = self.request.between
        if amounts is None or one.parts or (one.explained and not asked):
            return one
        if one.nearly and not asked:
            # What gives the rows that a known key misses is no key, but their faults.
            return one
        marked = {each.column.heading for each in self.columns if is_marked(each.column)}
        keys = [key for key in self._keys(one) if key.name not in marked]
        found = (followed(key, amounts) for key in keys)
        follows = next((each for each in found if each), None)
        if follows is not None and not asked:
            return evolve(one, followed=follows)
        budget = self.purse.part()
        recovery = recover(amounts, one.added, budget, asked)
        self.purse.settle(budget)
        stopped = one.stopped or (recovery is not None and recovery.stopped)
        if recovery and recovery.answers and recovery.is_telling:
            return evolve(one, recovery=recovery, stopped=stopped)
        inferred = tuple(self._inferred(one, amounts))
        return evolve(one, recovery=recovery, inferred=inferred, stopped=stopped)

    def _inferred(self, one: ColumnAudit, amounts: tuple[int, ...]) -> Iterator[Inferred]:
        """Indicators by totals that the text states, alone or with another column's sum."""
        others = [each for each in self.columns if each.number != one.number and not each.parts]
        others = [each for each in others if each.places == one.places and each.whole]
        seen = set()
        for stated in self.document.stated:
            for other in (None, *others):
                total = stated.amount + (other.added if other else 0)
                if total in seen or not _is_telling(total, one.added, len(amounts)):
                    continue
                seen.add(total)
                answer = recover_at(amounts, one.added, total)
                if answer is None:
                    continue
                rest = without(answer, other.whole or ()) if other else None
                if other is None or rest is not None:
                    number = other.number if other else None
                    yield Inferred(answer, total, stated, number, rest)

    def _again(self, one: ColumnAudit, recovered: Sequence[ColumnAudit]) -> ColumnAudit:
        """The column by keys that other columns have given; else by steps of them."""
        if one.explained or one.parts:
            return one
        if _is_recovered(one):
            return self._in_steps(one, ())
        found = [_recovered_key(other, one.places) for other in recovered]
        keys = [key for key in found if key and key.usable]
        if keys:
            one = self._by_formulas(one, keys)
        amounts = one.whole
        if one.explained or one.nearly or one.followed or amounts is None:
            return one
        return self._in_steps(one, keys)

    def _in_steps(self, one: ColumnAudit, keys: Sequence[Key]) -> ColumnAudit:
        """The column in steps of a known key, or of one that another column has given."""
        amounts = one.whole
        assert amounts is not None
        money = {each.number for each in self.columns if is_money(each.column, self.table)}
        named = {_called(each.column, each.number) for each in self.columns if each.number in money}
        known = [key for key in self._keys(one) if key.name not in named]
        for key in (*known, *keys):
            budget = self.purse.part()
            steps = find_steps(amounts, key, budget)
            self.purse.settle(budget)
            one = evolve(one, stopped=one.stopped or budget.spent)
            if steps:
                return evolve(one, steps=steps)
        return one

    def _beyond(self, one: ColumnAudit, all_of_them: Sequence[ColumnAudit]) -> ColumnAudit:
        """The column by what its own steps and those of another column have earned together."""
        amounts = one.whole
        if one.steps is None or one.steps.structures or amounts is None:
            return one
        for other in all_of_them:
            if other.steps is None or not other.steps.structures or other.whole is None:
                continue
            if other.steps.key != one.steps.key or other.places != one.places:
                continue
            pairs = zip(one.steps.numbers, other.steps.numbers, strict=True)
            numbers = tuple(mine - theirs for mine, theirs in pairs)
            if min(numbers) < 0:
                continue
            structure = other.steps.structures[0]
            found = self._shared_by(one, amounts, other, numbers, structure)
            if found is not None:
                return evolve(one, beyond=found)
        return one

    def _shared_by(
        self,
        one: ColumnAudit,
        amounts: tuple[int, ...],
        other: ColumnAudit,
        numbers: tuple[int, ...],
        structure: Structure,
    ) -> Beyond | None:
        assert one.steps is not None
        earned = structure.earned(one.steps.key, numbers)
        together = [a + b for a, b in zip(earned, other.whole or (), strict=True)]
        key = Key("", tuple(map(Fraction, together)))
        tried = trials([Line(one.added, key)], amounts, shares=False) if key.usable else ()
        if not tried or not tried[0].agrees:
            return None
        stated = next((each for each in self.document.stated if each.amount == sum(earned)), None)
        return Beyond(other.number, numbers, earned, stated, tried)


def _singles(
    one: ColumnAudit, pots: Sequence[int], keys: Sequence[Key], budget: Budget
) -> Iterator[tuple[Trial, ...]]:
    """Every pot by every key."""
    for pot, key in product(pots, keys):
        if budget.take(WAYS_OF_A_FORMULA * len(one.amounts)):
            yield trials([Line(pot, key)], one.amounts)


def _pairs(
    one: ColumnAudit, pots: Sequence[int], keys: Sequence[Key], budget: Budget
) -> Iterator[tuple[Trial, ...]]:
    """Every pot by every two keys."""
    for pot, (first, second) in product(pots, combinations(keys, 2)):
        if budget.take(WAYS_OF_A_FORMULA * len(one.amounts)):
            for lines in two_lines(first, second, pot, one.amounts, round_unit(one.amounts)):
                yield trials(lines, one.amounts)
                if not first.name:
                    yield from _beside(one, lines[0], second)


def _beside(one: ColumnAudit, fixed: Line, key: Key) -> Iterator[tuple[Trial, ...]]:
    """A fixed amount, and a price or a round sum by a key, each amount by itself."""
    each = fixed.amount // len(one.amounts)
    left = tuple(None if amount is None else amount - each for amount in one.amounts)
    for line in by_rates(key, left, 0):
        yield trials((fixed, line), one.amounts)


def _by_rates(one: ColumnAudit, keys: Sequence[Key], budget: Budget) -> Iterator[tuple[Trial, ...]]:
    """Every key with the sums and the prices by which each amount is rounded by itself."""
    for key in keys:
        if budget.take(WAYS_OF_A_FORMULA * len(one.amounts)):
            pot = one.added if one.total is None else one.total
            lines = list(by_rates(key, one.amounts, pot))
            lines += [] if lines else by_share_rates(key, one.amounts, pot)
            found = (trials([line], one.amounts) for line in dict.fromkeys(lines))
            yield from (each for each in found if each[0].agrees)


def _triples(
    one: ColumnAudit, pots: Sequence[int], keys: Sequence[Key], budget: Budget
) -> Iterator[tuple[Trial, ...]]:
    """Every pot by a fixed amount to each and two keys."""
    rows, unit = len(one.amounts), round_unit(one.amounts)
    if rows < LEAST_ROWS_OF_TRIPLES:
        return
    for first, second in combinations(keys, 2):
        if not budget.take(WAYS_OF_A_FORMULA * rows):
            return
        fixed = fixed_amount(first, second, one.amounts)
        if fixed is None:
            continue
        equal = Line(fixed * rows, Key("", (Fraction(1),) * rows))
        left = tuple(None if amount is None else amount - fixed for amount in one.amounts)
        for pot in pots:
            for lines in two_lines(first, second, pot - equal.amount, left, unit):
                yield trials((equal, *lines), one.amounts)


def _called(column: PublishedColumn, number: int) -> str:
    return column.heading or f"#{number}"


def _key(name: str, figures: Mapping[int, Fraction], places: Sequence[int]) -> Key | None:
    if any(place not in figures for place in places):
        return None
    return Key(name, tuple(figures[place] for place in places))


def _best(tried: Sequence[tuple[Trial, ...]]) -> tuple[tuple[Trial, ...], ...]:
    """The formulas that give the column; else the one that comes nearest."""
    ordered = sorted(
        dict.fromkeys(tried), key=lambda one: (len(one[0].misses), one[0].worst, len(one[0].lines))
    )
    agreeing = [one for one in ordered if one[0].agrees]
    return tuple(agreeing[:MAX_FORMULAS] or ordered[:1])


def _is_telling(total: int, pot: int, rows: int) -> bool:
    """Whether a total that the text states hardly makes every row a whole number by chance."""
    return 0 < total < pot and Fraction(total, pot) ** rows <= CHANCE


def _is_recovered(one: ColumnAudit) -> bool:
    found = one.recovery
    return found is not None and found.verdict == "one" and found.is_telling


def _recovered_key(one: ColumnAudit, places: Sequence[int]) -> Key | None:
    """What a column has given as a key for these rows; None where it has not all of them."""
    assert one.recovery is not None
    units = map(Fraction, one.recovery.answers[0].units)
    return _key(f"*{one.number}", dict(zip(one.places, units, strict=True)), places)


def given_keys(
    path: str, column: str | None, files: Files
) -> tuple[tuple[Given, ...], tuple[Finding, ...]]:
    """The keys that a file has: one column of it, by heading or number, or all."""
    document, found = read_document(path, files)
    keys = []
    for table in document.tables:
        for number, each in enumerate(table.columns, 1):
            if column is None or column in {each.heading, str(number)}:
                figures = {place: cell.value for place, cell in enumerate(each.cells) if cell}
                keys.append(Given(_called(each, number), table.register, figures, each.span))
    return tuple(keys), found
