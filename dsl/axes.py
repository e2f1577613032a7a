"""Axes of grids: their members, ranges of members, and every combination of members."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from math import prod

from dsl import syntax as s
from dsl.findings import Phrase, Value
from dsl.registers import folded

# Limits against hostile input: days of a year; region, month, requirement and one more; and 120
# combinations of month and requirement are many.
MAX_MEMBERS = 400
MAX_AXES = 4
MAX_DECLARED = 100
MAX_CELLS = 2_000

# How many members a sentence lists before it stops.
MAX_NAMED = 12

# Members by the name of their axis, in the order of declaration.
Axes = Mapping[str, tuple[str, ...]]


def declared(document: s.Document) -> Axes:
    """The axes of a document (the first of each name, up to a limit) and their members."""
    found: dict[str, tuple[str, ...]] = {}
    for one in document.statements:
        if isinstance(one, s.Dimension) and len(found) < MAX_DECLARED:
            found.setdefault(one.name.text, tuple(member.text for member in one.members))
    return found


def in_words(names: Sequence[str]) -> Value:
    """Axes listed for the reader: month, requirement and sex."""
    *others, last = names
    return Phrase("grid.and", {"one": tuple(others), "other": last}) if others else last


def some(members: Sequence[str]) -> tuple[str, ...]:
    """The members of an axis to choose from, or the first of many."""
    return (*members[:MAX_NAMED], *(["…"] if len(members) > MAX_NAMED else []))


def in_order(axes: Axes, names: Iterable[str]) -> tuple[str, ...]:
    """Each of the names once, in the order in which the axes are declared."""
    wanted = set(names)
    return tuple(name for name in axes if name in wanted)


def place_of(members: tuple[str, ...], name: str) -> int | None:
    """Where a member stands in its axis; capitals and blanks make no difference."""
    wanted = folded(name)
    return next((n for n, one in enumerate(members) if folded(one) == wanted), None)


def chosen(members: tuple[str, ...], axis: s.Axis) -> tuple[str, ...]:
    """The members that a sum is over: all, or those from a first to a last one, both included.

    Nothing for a range that is not one: a name that is no member, or the last before the first.
    """
    if axis.first is None or axis.last is None:
        return members
    first, last = place_of(members, axis.first.text), place_of(members, axis.last.text)
    return () if first is None or last is None else members[first : last + 1]


def count(axes: Axes, names: Iterable[str]) -> int:
    """How many combinations of members there are of some axes."""
    return prod(len(axes[name]) for name in names)


def combinations(axes: Axes, names: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """Every combination of members of some axes, in the order of declaration."""
    return product(*(axes[name] for name in names))
