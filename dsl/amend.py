"""Changes a part of a statement and keeps the rest: ``ändra`` for pots, statistics and the like.

Lines are found by where their money goes; other parts by what they are.
"""

from collections.abc import Container, Iterator, Sequence
from typing import Any

from attrs import evolve

from dsl import syntax as s
from dsl.check.scope import suggestion
from dsl.check.wording import line
from dsl.findings import Finding, Value, finding

# Of more lines that are not there it is not said what each may have been meant for.
MAX_SUGGESTED = 50


def amended(
    document: s.Document, before: Any, change: Any
) -> tuple[s.Statement, tuple[Finding, ...]]:
    """A statement with the parts that a change of the same kind says again.

    Args:
        document: the rules, for their language.
        before: the statement as it was.
        change: the statement that amends it.

    Returns:
        The statement as it is to be, and what the change deletes without its being there.
    """
    match change:
        case s.Pot():
            return _amended_pot(document, before, change)
        case s.Statistic():
            return _amended_statistic(before, change), ()
        case s.Table():
            return _amended_table(before, change), ()
    return _amended_appropriation(document, before, change)


def _amended_pot(
    document: s.Document, before: s.Pot, change: s.Pot
) -> tuple[s.Pot, tuple[Finding, ...]]:
    parts, findings = _amended_lines(document, before.parts, change.parts)
    amended = evolve(
        before,
        amount=change.amount or before.amount,
        noun=change.noun or before.noun,
        rounding=change.rounding or before.rounding,
        parts=parts,
        span=change.span,
    )
    return amended, findings


def _amended_appropriation(
    document: s.Document, before: s.Appropriation, change: s.Appropriation
) -> tuple[s.Appropriation, tuple[Finding, ...]]:
    posts = {post.number: post for post in before.parts}
    findings: tuple[Finding, ...] = ()
    for post in change.parts:
        old = posts.get(post.number)
        if old is None:
            posts[post.number] = post
            continue
        parts, found = _amended_lines(document, old.parts, post.parts)
        title, amount = post.title or old.title, post.amount or old.amount
        posts[post.number] = evolve(post, title=title, amount=amount, parts=parts)
        findings += found
    title = change.title or before.title
    return evolve(before, title=title, parts=tuple(posts.values()), span=change.span), findings


def _amended_lines(
    document: s.Document, before: Sequence[Any], changes: Sequence[Any]
) -> tuple[tuple[Any, ...], tuple[Finding, ...]]:
    """All lines to a destination in the places of those to it; others are added."""
    said: dict[object, list[Any]] = {}
    for change in changes:
        said.setdefault(_goes_to(change), []).append(change)
    lines, missing = _Lines(before), list[s.DeletedLine]()
    for key, group in said.items():
        new = [one for one in group if not isinstance(one, s.DeletedLine)]
        old = lines.to(key)
        if not old and len(new) < len(group):
            missing.append(next(one for one in group if isinstance(one, s.DeletedLine)))
        if not old and new and _takes_rest(new[0]):
            old = lines.last_rest(said)
        lines.replace(old, new)
    return lines.all(), tuple(_no_such_lines(document, missing, before))


class _Lines:
    """The lines of a pot or an item, each with what has taken its place."""

    def __init__(self, before: Sequence[Any]) -> None:
        self._before = before
        self._places: list[list[Any]] = [[one] for one in before]
        self._numbers: dict[object, list[int]] = {}
        for number, one in enumerate(before):
            self._numbers.setdefault(_goes_to(one), []).append(number)
        self._rests = [number for number, one in enumerate(before) if _takes_rest(one)]
        self._added: list[Any] = []
        self._added_last: list[Any] = []

    def to(self, destination: object) -> list[int]:
        """Which of the lines go to a destination."""
        return self._numbers.get(destination, [])

    def last_rest(self, said: Container[object]) -> list[int]:
        """The line that takes the rest, unless what changes says it by its own destination."""
        return [n for n in self._rests[-1:] if _goes_to(self._before[n]) not in said]

    def replace(self, old: Sequence[int], new: list[Any]) -> None:
        """Put new lines in the place of old ones; where there are none, before the rest."""
        if not old:
            last = any(map(_takes_rest, new))
            (self._added_last if last else self._added).extend(new)
        for number in old:
            self._places[number] = new if number == old[0] else []
            self._rests = [one for one in self._rests if one != number]

    def all(self) -> tuple[Any, ...]:
        """Every line in order."""
        lines = [one for place in self._places for one in place] + self._added_last
        rest = next((n for n, one in enumerate(lines) if _takes_rest(one)), len(lines))
        return (*lines[:rest], *self._added, *lines[rest:])


def _no_such_lines(
    document: s.Document, missing: Sequence[s.DeletedLine], before: Sequence[Any]
) -> Iterator[Finding]:
    flows = (one for one in before if missing and isinstance(one, s.Flow))
    there = tuple(line(document, s.DeletedLine(one.destination)) for one in flows)
    for number, gone in enumerate(missing):
        said = line(document, gone)
        close = suggestion(said, there) if number < MAX_SUGGESTED else None
        data: dict[str, Value] = {"suggestion": close} if close else {}
        yield finding("F705", gone.span, "here", line=said, **data)


def _goes_to(one: Any) -> object:
    """What tells a line from the others in its pot or item: where its money goes."""
    return one.recipient if isinstance(one, s.Adjustment) else one.destination


def _takes_rest(one: Any) -> bool:
    return isinstance(one, s.Flow) and isinstance(one.amount, s.Rest | s.All)


def _amended_statistic(before: s.Statistic, change: s.Statistic) -> s.Statistic:
    return evolve(
        before,
        unit=change.unit or before.unit,
        noun=change.noun or before.noun,
        parts=_with_parts(before.parts, change.parts, _kind_of_part),
        axes=change.axes if change.unit else before.axes,
        span=change.span,
    )


def _amended_table(before: s.Table, change: s.Table) -> s.Table:
    parts = _with_parts(before.parts, change.parts, _kind_of_column)
    return evolve(before, parts=parts, span=change.span)


def _with_parts(before: Sequence[Any], changes: Sequence[Any], kind: Any) -> tuple[Any, ...]:
    """Parts in the places of those of the same kind; others are added."""
    parts = {kind(one): one for one in before}
    parts.update({kind(one): one for one in changes})
    return tuple(parts.values())


def _kind_of_part(part: s.StatisticPart) -> object:
    if isinstance(part, s.FromFile | s.FromRuleset):
        return "origin"
    return (s.Bound, part.side) if isinstance(part, s.Bound) else type(part)


def _kind_of_column(part: s.TablePart) -> object:
    return part.heading if isinstance(part, s.Column | s.Total) else part


def misplaced_deletions(document: s.Document) -> Iterator[Finding]:
    """``stryk`` in a pot or an item that is written whole: there is no line to leave out."""
    whole = [one for one in document.statements if isinstance(one, s.Pot | s.Appropriation)]
    for statement in whole:
        posts = statement.parts if isinstance(statement, s.Appropriation) else (statement,)
        for post in posts:
            for part in getattr(post, "parts", ()):
                if isinstance(part, s.DeletedLine):
                    yield finding("F705", part.span, "here", line=line(document, part))
