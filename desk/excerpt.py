"""Draws the lines that a finding points at, with marks and texts under the places."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from textwrap import wrap

from attrs import frozen

from dsl.source import Span

TAB = "    "

# What is kept of a long line before the first place on it.
_BEFORE = 12

# Texts beside a mark are not squeezed into less than this.
_NARROWEST = 30


@frozen
class Place:
    """A place to point at.

    Attributes:
        span: where.
        text: what to say there; empty for a mark alone.
        main: whether it is the finding's main place.
    """

    span: Span
    text: str
    main: bool = False

    @property
    def mark(self) -> str:
        """The character that underlines it."""
        return "^" if self.main else "-"


def excerpt(places: Sequence[Place], width: int) -> tuple[str, ...]:
    """The lines of text around all places: files in order of mention, lines in order of file."""
    places = [one for one in dict.fromkeys(places) if one.span.file]
    numbers = [one.span.line for one in places if one.span.text]
    drawing = _Drawing(len(str(max(numbers, default=1))), width)
    return tuple(drawing.draw(places))


@frozen
class _Drawing:
    """Draws with line numbers of this many digits."""

    digits: int
    width: int

    def draw(self, places: Sequence[Place]) -> Iterator[str]:
        for number, group in enumerate(_by_file(places)):
            if number:
                yield self._beside()
            yield f"{' ' * self.digits}╭─▸ {location(group[0].span)}"
            if group[0].span.text:
                yield from self._lines(group)
            else:
                yield from (self._beside(one.text) for one in group if one.text)
        if places:
            yield self._beside()

    def _beside(self, text: str = "", number: str = "") -> str:
        return f"{number:>{self.digits}}│ {text}".rstrip()

    def _lines(self, places: Sequence[Place]) -> Iterator[str]:
        yield self._beside()
        numbers = sorted({one.span.line for one in places})
        gaps = {after for before, after in pairwise(numbers) if after > before + 1}
        for number in numbers:
            if number in gaps:
                yield f"{' ' * self.digits}┆"
            on_line = [one for one in places if one.span.line == number]
            room = self.width - self.digits - 2
            line = _Line.around(on_line, room)
            yield self._beside(line.text, str(number))
            yield from (self._beside(mark) for mark in line.marks(on_line, room))


def location(span: Span) -> str:
    """A place as it can be clicked in an editor: file, line and column, or file and cell."""
    if span.cell:
        return f"{span.file}:{span.cell}"
    return f"{span.file}:{span.line}:{span.column}" if span.text else span.file


def _by_file(places: Iterable[Place]) -> Iterator[list[Place]]:
    """Places of one file together; a workbook's cells and whole files each by themselves."""
    groups: dict[tuple[str, str | None], list[Place]] = {}
    for one in places:
        groups.setdefault((one.span.file, one.span.cell), []).append(one)
    yield from groups.values()


@frozen
class _Line:
    """A line of text as it is shown.

    Attributes:
        pieces: what is shown for each character of the line.
        start: the first character shown.
        stop: the character after the last one shown.
    """

    pieces: tuple[str, ...]
    start: int
    stop: int

    @classmethod
    def around(cls, places: Sequence[Place], room: int) -> "_Line":
        """The line that these places are on, cut to the room around them when it is too long."""
        pieces = tuple(map(_visible, places[0].span.text.rstrip()))
        if width_of("".join(pieces)) <= room:
            return cls(pieces, 0, len(pieces))
        first = min(one.span.column for one in places) - 1
        last = max(one.span.end for one in places) - 1
        start = max(0, first - _BEFORE) if _width(pieces[:last]) > room - 1 else 0
        stop = start
        while stop < len(pieces) and _width(pieces[start : stop + 1]) <= room - 2:
            stop += 1
        while stop == len(pieces) and start and _width(pieces[start - 1 :]) <= room - 2:
            start -= 1
        return cls(pieces, start, stop)

    @property
    def text(self) -> str:
        """What is shown, with … where something is cut off."""
        before = "…" if self.start else ""
        after = "…" if self.stop < len(self.pieces) else ""
        return before + "".join(self.pieces[self.start : self.stop]) + after

    def marks(self, places: Sequence[Place], room: int) -> Iterator[str]:
        """The lines below it: one with the marks that have no text, then one per text."""
        silent = [one for one in places if not one.text]
        if silent:
            yield self._merged(silent)
        for one in sorted((one for one in places if one.text), key=lambda one: one.span.column):
            margin, length = self._extent(one)
            beside = margin + length + 1
            left = room - beside
            if left < _NARROWEST and left < width_of(one.text) < margin:
                yield f"{one.text:>{margin - 1}} {one.mark * length}"
                continue
            first, *more = wrap_text(one.text, max(left, _NARROWEST))
            yield f"{' ' * margin}{one.mark * length} {first}"
            yield from (" " * beside + text for text in more)

    def _merged(self, places: Sequence[Place]) -> str:
        row = ""
        for one in sorted(places, key=lambda one: one.span.column):
            margin, length = self._extent(one)
            row = row.ljust(margin)[:margin] + one.mark * length
        return row

    def _extent(self, place: Place) -> tuple[int, int]:
        """The columns before a place's mark, and how many it covers."""
        begin = min(max(place.span.column - 1, self.start), self.stop)
        end = min(max(place.span.end - 1, begin), self.stop)
        margin = (1 if self.start else 0) + _width(self.pieces[self.start : begin])
        return margin, max(_width(self.pieces[begin:end]), 1)


def wrap_text(text: str, width: int) -> list[str]:
    """Text in lines of at most so many characters, never broken inside a number or a word."""
    return wrap(text, width, break_long_words=False, break_on_hyphens=False) or [""]


def cleaned(text: str) -> str:
    """Text without characters that could steer a terminal or hide other text."""
    return "".join(map(_visible, text))


def _visible(character: str) -> str:
    if character == "\t":
        return TAB
    return "\N{REPLACEMENT CHARACTER}" if unicodedata.category(character)[0] == "C" else character


def width_of(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(map(_columns, text))


def _width(pieces: Iterable[str]) -> int:
    return sum(map(width_of, pieces))


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
