"""Turns the bytes of a rule file into numbered lines of rules, with the place of every character.

A rule file is either plain (every line is a rule) or Markdown (the lines inside fences marked
``fördela`` or ``fordela`` are rules, everything else is prose for people).
"""

import codecs
import re
import unicodedata

from attrs import evolve, field, frozen

FENCE_WORDS = ("fördela", "fordela")

# Limits against hostile input; generous for any real decision (the largest here has 150 lines).
MAX_BYTES = 2_000_000
MAX_LINES = 20_000
MAX_LINE_LENGTH = 2_000


@frozen
class Span:
    """A place on one line of one file.

    Attributes:
        file: the file's name as the user knows it, relative to the ruleset's folder.
        line: line number, from 1.
        column: first character, from 1.
        end: the column after the last character.
        text: the whole line, so that whoever shows the place need not open the file again.
        cell: the cell's name (``Blad1!C14``) when the file is a workbook.
    """

    file: str
    line: int
    column: int
    end: int
    text: str = field(default="", eq=False, repr=False)
    cell: str | None = None

    def cover(self, other: "Span") -> "Span":
        """The span from this one's start to the other's end (same line)."""
        return Span(self.file, self.line, self.column, max(self.end, other.end), self.text)


@frozen
class RuleLine:
    """One line of rules: its words without comment and margin, and where they stand.

    Attributes:
        code: the words.
        comment: what follows ``#``.
        span: the place of the words.
        readable: whether it can be tried; a line that a fault says is too long cannot.
    """

    code: str
    comment: str
    span: Span
    readable: bool = True


@frozen
class Fault:
    """Why a file, or a place in it, cannot be read as rules: a finding's code, place and data."""

    code: str
    span: Span
    data: dict[str, object] = field(factory=dict)


@frozen
class Source:
    """A rule file that has been read.

    Attributes:
        file: its name.
        lines: the rule lines in order; blank lines and prose are left out.
        faults: what could not be read.
    """

    file: str
    lines: tuple[RuleLine, ...]
    faults: tuple[Fault, ...]


def read_source(file: str, data: bytes) -> Source:
    """Read a rule file: plain rules, or Markdown when the name ends in ``.md``."""
    if len(data) > MAX_BYTES:
        return _unreadable(file, "F010", bytes=len(data), limit=MAX_BYTES)
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return Source(file, (), (_not_utf8(file, data, error.start),))
    # One spelling of å, ä and ö, however the author's keyboard or word processor composed them.
    lines = split_lines(text)
    if len(lines) > MAX_LINES:
        return _unreadable(file, "F012", line=MAX_LINES + 1, lines=len(lines), limit=MAX_LINES)
    if file.lower().endswith((".md", ".markdown")):
        chosen, faults = _fenced(file, lines)
    else:
        chosen, faults = list(enumerate(lines, 1)), []
    rules = []
    for number, text_of_line in chosen:
        rule, fault = _rule_line(file, number, text_of_line)
        rules += [rule] if rule else []
        faults += [fault] if fault else []
    if not rules and not faults:
        faults.append(Fault("F013", Span(file, 1, 1, 1)))
    return Source(file, tuple(rules), tuple(faults))


def split_lines(text: str) -> list[str]:
    """The lines of a text, however they end and however its letters were composed."""
    return [_composed(line) for line in re.split(r"\r\n|\r|\n", text)]


def _composed(line: str) -> str:
    # Sorting a long run of accents takes time in the square of it; such a line is refused anyway.
    too_long = len(line) > MAX_LINE_LENGTH
    return line if too_long else unicodedata.normalize("NFC", line)


def _unreadable(file: str, code: str, line: int = 1, **data: object) -> Source:
    return Source(file, (), (Fault(code, Span(file, line, 1, 1), dict(data)),))


def _not_utf8(file: str, data: bytes, place: int) -> Fault:
    number = data.count(b"\n", 0, place) + 1
    start = data.rfind(b"\n", 0, place) + 1
    # Shown as older Windows programs would: they are what saves files in other ways.
    text = data[start:].partition(b"\n")[0].decode("cp1252", "replace").rstrip("\r")
    span = Span(file, number, place - start + 1, place - start + 2, text)
    return Fault("F011", span, {"line": number, "byte": f"0x{data[place]:02X}"})


def _fenced(file: str, lines: list[str]) -> tuple[list[tuple[int, str]], list[Fault]]:
    """The lines inside rule fences (CommonMark fenced code blocks), and faulty fences."""
    chosen: list[tuple[int, str]] = []
    faults: list[Fault] = []
    opened: tuple[str, int, bool] | None = None
    for number, line in enumerate(lines, 1):
        mark = re.match(r" {0,3}(`{3,}|~{3,})\s*(.*)", line.rstrip())
        if opened is None:
            if mark and "`" not in mark[2]:
                word = mark[2].split()[0].casefold() if mark[2] else ""
                misspelt = word not in FENCE_WORDS and _resembles_fence_word(word)
                opened = (mark[1], number, misspelt or word in FENCE_WORDS)
                if misspelt:
                    span = Span(file, number, mark.start(2) + 1, mark.end(2) + 1, line)
                    faults.append(Fault("F015", span, {"word": mark[2]}))
        elif mark and mark[1].startswith(opened[0]) and not mark[2]:
            opened = None
        elif opened[2]:
            chosen.append((number, line))
    if opened is not None and opened[2]:
        number = opened[1]
        span = Span(file, number, 1, len(lines[number - 1]) + 1, lines[number - 1])
        # Where its rules end is unknown, so none are read: prose is not a mistake in a rule.
        return [], [*faults, Fault("F014", span)]
    return chosen, faults


def _resembles_fence_word(word: str) -> bool:
    # A damaged fence word would otherwise turn its rules into prose without a sound.
    return word[:3] in {"för", "for"} and word[-2:] == "la"


def _rule_line(file: str, number: int, line: str) -> tuple[RuleLine | None, Fault | None]:
    whole = Span(file, number, 1, len(line) + 1, line)
    if len(line) > MAX_LINE_LENGTH:
        cut = Span(file, number, MAX_LINE_LENGTH, MAX_LINE_LENGTH + 1, line[:MAX_LINE_LENGTH])
        fault = Fault("F016", cut, {"length": len(line), "limit": MAX_LINE_LENGTH})
        margin = len(line) - len(line.lstrip())
        kept = evolve(cut, column=margin + 1)
        return RuleLine(line[:MAX_LINE_LENGTH].strip(), "", kept, readable=False), fault
    code, comment = _without_comment(line)
    stripped = code.strip()
    if not stripped:
        return None, None
    start = len(code) - len(code.lstrip())
    odd = next((i for i, char in enumerate(code) if _is_unprintable(char)), None)
    if odd is not None:
        span = Span(file, number, odd + 1, odd + 2, line)
        fault = Fault("F018", span, {"character": f"U+{ord(code[odd]):04X}"})
        visible = "".join(char for char in line if not _is_unprintable(char))
        return _rule_line(file, number, visible)[0], fault
    span = Span(file, number, start + 1, start + len(stripped) + 1, whole.text)
    return RuleLine(stripped, comment, span), None


def _without_comment(line: str) -> tuple[str, str]:
    """Split off a comment: ``#`` at the start of the line or after a blank, up to the end."""
    mark = re.search(r"(?:^|(?<=\s))#", line)
    return (line[: mark.start()], line[mark.start() :]) if mark else (line, "")


def _is_unprintable(char: str) -> bool:
    # Tabs are layout; other control and invisible formatting characters can hide text.
    return char != "\t" and unicodedata.category(char) in {"Cc", "Cf", "Co", "Cs"}
