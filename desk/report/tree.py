"""Lays steps and what they rest on out as a tree, with places beside them."""

from collections.abc import Iterator, Sequence

from attrs import frozen

from desk.speaker import Speaker
from desk.text_table import GAP, broken_text, length

# A label wider than this pushes its own text along instead of everybody's.
_WIDEST_LABEL = 30
_MOST_OF_WIDTH = 3
_LEAST_TEXT = 24


@frozen
class Branch:
    """One row of a tree, and the rows that hang on it.

    Attributes:
        label: what it is called.
        text: what it says.
        place: where it stands; may be empty.
        branches: what it rests on.
    """

    label: str
    text: str
    place: str = ""
    branches: tuple["Branch", ...] = ()


def tree(branches: Sequence[Branch], speaker: Speaker) -> list[str]:
    """The lines of a tree, no longer than the speaker's width if at all possible."""
    rows = list(_rows(branches, ""))
    heads = [length(row.head) for row in rows]
    most = min(_WIDEST_LABEL, speaker.width // _MOST_OF_WIDTH)
    indent = max((one for one in heads if one <= most), default=0) + GAP
    placed = [row.branch for row in rows if row.branch.place]
    widest = max((length(one.text) for one in placed), default=0)
    places = max((length(one.place) for one in placed), default=0)
    room = speaker.width - places - GAP
    return [line for row in rows for line in _lines(row, indent, indent + widest, room, speaker)]


@frozen
class _Row:
    """A branch, what stands before its text, and before the text's further lines."""

    head: str
    below: str
    branch: Branch


def _rows(branches: Sequence[Branch], margin: str) -> Iterator[_Row]:
    for number, branch in enumerate(branches, 1):
        last = number == len(branches)
        further = margin + ("   " if last else "│  ")
        below = further + ("│" if branch.branches else "")
        yield _Row(f"{margin}{'└' if last else '├'}─ {branch.label}", below, branch)
        yield from _rows(branch.branches, further)


def _lines(row: _Row, indent: int, widest: int, room: int, speaker: Speaker) -> Iterator[str]:
    """The row's lines: its place stands beside the first, in a column, or below if it must."""
    start = max(indent, length(row.head) + GAP)
    place = row.branch.place
    end = speaker.width - (length(place) + GAP if place else 0)
    beside = end - start >= _LEAST_TEXT
    texts = broken_text(row.branch.text, max((end if beside else speaker.width) - start, 1))
    for number, text in enumerate(texts):
        line = f"{row.below if number else row.head:<{start}}{text}"
        if place and beside and not number:
            line = f"{line:<{min(widest, room)}}{' ' * GAP}{speaker.paint(place, 'quiet')}"
        yield line.rstrip()
    if place and not beside:
        yield f"{row.below:<{start}}{speaker.paint(place, 'quiet')}"
