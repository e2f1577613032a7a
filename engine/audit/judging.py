"""Judges every column of a published table: what it adds up to, what gives it, what lies behind it.

Formulas are tried with the keys that are given and those that the table itself has. Where none
gives a column, its whole numbers or its steps are recovered, and serve as keys for the others.
"""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from attrs import evolve, frozen

from dsl.findings import Finding, finding
from dsl.registers import Register
from dsl.source import Span
from engine.audit import formulas
from engine.audit.budget import STEPS_IN_ALL, Budget
from engine.audit.columns import Audit, Beyond, ColumnAudit, Inferred
from engine.audit.following import Followed, followed
from engine.audit.reading import (
    Document,
    Table,
    is_marked,
    is_money,
    is_nearly_whole,
    read_document,
)
from engine.audit.recovery import CHANCE, recover, recover_at, without
from engine.audit.stepping import Structure, find_steps
from engine.audit.sums import prose_faults, sum_faults, sum_of
from engine.audit.ways import Key, Line, trials
from engine.inputs.files import Files
from engine.inputs.published import PublishedColumn

MAX_KEYS = 12
MAX_POTS = 6
MAX_NAMED = 5


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
        recovered = [one for one in second if one.is_recovered]
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
        tried = list(formulas.singles(one, pots, (*keys, equal), budget))
        tried += formulas.at_rates(one, keys, budget)
        if not any(found[0].agrees for found in tried):
            tried += formulas.pairs(one, pots, (equal, *keys), budget)
        if not any(found[0].agrees for found in tried):
            tried += formulas.triples(one, pots, keys, budget)
        self.purse.settle(budget)
        best = formulas.best((*one.formulas, *tried))
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
        follows = None if asked else self._followed(one, amounts)
        if follows is not None:
            return evolve(one, followed=follows)
        budget = self.purse.part()
        recovery = recover(amounts, one.added, budget, asked)
        self.purse.settle(budget)
        stopped = one.stopped or (recovery is not None and recovery.stopped)
        if recovery and recovery.answers and recovery.is_telling:
            return evolve(one, recovery=recovery, stopped=stopped)
        inferred = tuple(self._inferred(one, amounts))
        return evolve(one, recovery=recovery, inferred=inferred, stopped=stopped)

    def _followed(self, one: ColumnAudit, amounts: tuple[int, ...]) -> Followed | None:
        """A known key, and none that is amounts, that most rows follow."""
        marked = {each.column.heading for each in self.columns if is_marked(each.column)}
        keys = [key for key in self._keys(one) if key.name not in marked]
        return next((found for key in keys if (found := followed(key, amounts))), None)

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
        if one.is_recovered:
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


def _called(column: PublishedColumn, number: int) -> str:
    return column.heading or f"#{number}"


def _key(name: str, figures: Mapping[int, Fraction], places: Sequence[int]) -> Key | None:
    if any(place not in figures for place in places):
        return None
    return Key(name, tuple(figures[place] for place in places))


def _is_telling(total: int, pot: int, rows: int) -> bool:
    """Whether a total that the text states hardly makes every row a whole number by chance."""
    return 0 < total < pot and Fraction(total, pot) ** rows <= CHANCE


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
