"""Turns the bytes of a rule file into numbered lines of rules, with the place of every character.

A rule file is either plain (every line is a rule) or Markdown (the lines inside fences marked
``fördela`` or ``fordela`` are rules, everything else is prose for people). Lines that look like
rules but whose fence is missing or damaged are never taken for prose without a word.
"""

import codecs
import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import dropwhile, groupby

from attrs import evolve, field, frozen

from dsl.words import HEADS, KEYWORDS, PARTS

FENCE_WORDS = ("fördela", "fordela")

# Words that mark blocks of other things than rules; no rules are looked for in them.
_OTHER_WORDS = frozenset(
    re.findall(
        r"\w+",
        """text txt plain plaintext none output log csv tsv json toml yaml yml xml html css ini diff
        md markdown mermaid math latex tex sh bash zsh shell console terminal powershell bat python
        py pycon r sql js javascript ts typescript rust go java c cpp lark ebnf bnf regex make""",
    )
)

# How Word and other office programs begin their documents.
_OFFICE = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")

# More letters than any misspelling of the fence's word.
LONGEST_FENCE_WORD = 12

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
    if data.startswith(_OFFICE):
        return _unreadable(file, "F029")
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


# More marks on one letter than Unicode Standard Annex 15 foresees (30 in the stream-safe format).
_HEAPED_MARKS = re.compile(r"[^\w\s\x00-\x7f]{31}")


def _composed(line: str) -> str:
    # Sorting a long run of accents takes time in the square of it, and no language has any.
    return line if _HEAPED_MARKS.search(line) else unicodedata.normalize("NFC", line)


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
    blocks = _Blocks(file, lines)
    for number, line in enumerate(lines, 1):
        blocks.add(number, line)
    return blocks.finished()


# What a block is: rules; something else; or unmarked, so that its lines must tell.
_RULES, _OTHER, _UNMARKED = "rules", "other", "unmarked"


@frozen
class _Fence:
    """A line that opens or closes a block."""

    marks: str
    info: str
    number: int
    column: int

    @property
    def word(self) -> str:
        return self.info.split()[0].casefold() if self.info else ""

    @property
    def misspelt(self) -> bool:
        # A damaged fence word would otherwise turn its rules into prose without a sound.
        from difflib import get_close_matches

        word = self.word
        alike = word[:3] in {"för", "for"} and word[-2:] == "la"
        close = get_close_matches(word[:LONGEST_FENCE_WORD], FENCE_WORDS, 1, 0.75)
        return word not in FENCE_WORDS and (alike or bool(close))

    def closes(self, opened: "_Fence") -> bool:
        alike = self.marks.startswith(opened.marks) or opened.marks[0] in "´'’‘"
        return alike and not self.info

    @property
    def kind(self) -> str:
        if self.word in FENCE_WORDS or self.misspelt:
            return _RULES
        return _OTHER if self.word in _OTHER_WORDS else _UNMARKED


class _Blocks:
    """The blocks of a Markdown file so far, and the one that is open."""

    def __init__(self, file: str, lines: list[str]) -> None:
        self._file, self._lines = file, lines
        self._open: _Fence | None = None
        self._inside: list[tuple[int, str]] = []
        self._prose: list[tuple[int, str]] = []
        self._chosen: list[tuple[int, str]] = []
        self._faults: list[Fault] = []

    def add(self, number: int, line: str) -> None:
        mark = re.match(r" {0,3}(`{3,}|~{3,})\s*(.*)", line.rstrip())
        fence = _Fence(mark[1], mark[2], number, mark.start(2)) if mark else None
        if self._open is None:
            damaged = re.fullmatch(r"\s*(`{1,2}|~{1,2}|[´'’‘]{2,4})\s*(\w+)\s*", line)
            wrong = _Fence(damaged[1], damaged[2], number, 0) if damaged else None
            if wrong and wrong.kind == _RULES:
                self._fault("F027", number, line=number)
                self._open, self._inside = wrong, []
            elif fence is None or "`" in fence.info:
                self._prose.append((number, line))
            elif fence.info or not self._close_stray():
                self._begin(fence)
        elif line.strip() == self._open.marks or (fence and fence.closes(self._open)):
            self._end()
        elif fence and self._forgot_to_close(self._open, fence):
            self._fault("F028", number, opened=self._open.number, fence=line.strip())
            self._inside = list(_without_prose(self._inside))
            self._end()
            self._begin(fence)
        else:
            self._inside.append((number, line))

    def finished(self) -> tuple[list[tuple[int, str]], list[Fault]]:
        """The rules and the faults, when all lines have been added."""
        if self._open is None or self._open.kind == _OTHER:
            return self._chosen, self._faults
        if self._open.kind == _RULES:
            self._fault("F014", self._open.number)
            # Where its rules end is unknown, so none are read: prose is no mistake in a rule.
            return [], self._faults
        self._inside = list(_without_prose(self._inside))
        self._end()
        return self._chosen, self._faults

    def _begin(self, fence: _Fence) -> None:
        self._open, self._inside, self._prose = fence, [], []
        if fence.misspelt:
            self._fault("F015", fence.number, fence.column, word=fence.info)

    def _end(self) -> None:
        assert self._open is not None
        lost = self._open.kind == _UNMARKED and any(_is_rule(line) for _, line in self._inside)
        if lost:
            self._fault("F027", self._open.number, line=self._open.number)
        if lost or self._open.kind == _RULES:
            self._chosen += self._inside
        self._open, self._inside, self._prose = None, [], []

    def _close_stray(self) -> bool:
        """Whether a fence closes rules that no fence opens; they stand in the prose above it."""
        above: list[tuple[int, str]] = []
        paragraphs = [
            list(part) for _, part in groupby(self._prose, lambda one: not one[1].strip())
        ]
        for paragraph in reversed(paragraphs):
            rules = list(dropwhile(lambda one: not _begins_as_rule(one[1]), paragraph))
            comments = all(_may_be_rule(line) for _, line in paragraph)
            above = [*(paragraph if comments else rules), *above]
            if not comments and len(rules) < len(paragraph):
                break
        rules = [one for one in above if _begins_as_rule(one[1])]
        if not any(_is_rule(line) for _, line in rules):
            return False
        self._fault("F027", rules[0][0], line=rules[0][0])
        self._chosen += [one for one in above if one[0] >= rules[0][0]]
        self._prose = []
        return True

    def _forgot_to_close(self, opened: _Fence, fence: _Fence) -> bool:
        """Whether a fence in a block begins another one, so that the first has no end."""
        if opened.word in {"md", "markdown"} or not fence.marks.startswith(opened.marks):
            return False
        return fence.kind == _RULES or (fence.kind == _OTHER and opened.kind == _RULES)

    def _fault(self, code: str, number: int, column: int = 0, /, **data: object) -> None:
        line = self._lines[number - 1]
        end = len(line.rstrip()) + 1 if column else len(line) + 1
        span = Span(self._file, number, column + 1, end, line)
        self._faults.append(Fault(code, span, dict(data)))


# ---------------------------------------------------------------- rules outside their fences


def _forms(*tokens: str) -> str:
    forms = [form for token in tokens for two in KEYWORDS[token].values() for form in two]
    return "(?:" + "|".join(map(re.escape, sorted(forms, key=len, reverse=True))) + r")(?!\w)"


_PART = "|".join(re.escape(form) for two in PARTS.values() for one in two.values() for form in one)
_MOVED = rf"(?:\d[\d\s.,]*(?:kr|kronor|SEK|%|procent|percent)|{_forms('REST', 'ALL')}|{_PART})"
_FLOW = rf"{_MOVED}\s+{_forms('TO', 'BY')}\s+\S"

# Beginnings of lines that are hardly anything but rules.
_RULE = re.compile(
    rf"(?i)\s*(?:{_FLOW}"
    rf"|{_forms('POT')}\s+[^=.]+(?:=\s*\d|$)"
    rf"|{_forms('STATISTIC')}\s+[^,.]+,\s*\w"
    rf"|{_forms('YEAR')}\s+\d{{4}}\s*$"
    rf"|{_forms('APPROPRIATION')}\s+\d+:\d"
    rf"|{_forms('RULESET')}\s+\S"
    rf"|{_forms('POST', 'AMOUNT', 'VALUE')}\s+[^=]+=\s*\S"
    rf"|{_forms('CHECK', 'ALWAYS')}\s+[^=≤≥]+[=≤≥]\s*\S"
    rf"|{_forms('ALWAYS')}\s+\S.*\s{_forms('GIVES_NO_LESS', 'GIVES_EQUAL', 'GIVES_SAME')}"
    rf"|{_forms('COLUMN')}\s+.+\s{_forms('AS')}\s"
    rf"|{_forms('ROUND')}\s+.*{_forms('TO')}\s+\d)"
)
_HEAD = re.compile(rf"(?i)\s*(?:{_FLOW}|{_forms(*HEADS)}\s+\S)")


def _is_rule(line: str) -> bool:
    """Whether a line outside the rules is hardly anything but a rule."""
    return _begins_as_rule(line) and _RULE.match(line) is not None


def _begins_as_rule(line: str) -> bool:
    """Whether a line begins as rules do, and does not end as a sentence."""
    if len(line) > MAX_LINE_LENGTH or line.rstrip().endswith((".", ":", "!", "?")):
        return False
    return _HEAD.match(line) is not None


def _may_be_rule(line: str) -> bool:
    """Whether a line can stand among rules: one of them, a blank line or a comment."""
    return not line.strip() or line.lstrip().startswith("#") or _begins_as_rule(line)


def _without_prose(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """The lines of a block without an end, up to the first paragraph that is not of rules."""
    for blank, group in groupby(lines, lambda one: not one[1].strip()):
        paragraph = list(group)
        said = [one for one in paragraph if not one[1].lstrip().startswith("#")]
        if not blank and said and not _begins_as_rule(said[0][1]):
            return
        while not blank and paragraph and not _may_be_rule(paragraph[-1][1]):
            paragraph.pop()
        yield from paragraph


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
