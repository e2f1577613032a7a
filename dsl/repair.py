"""Near misses: finds what a line that does not parse was probably meant to say.

Every proposal is tried on the parser itself: what is offered to the user is known to be readable.
"""

import re
from collections.abc import Iterator
from difflib import get_close_matches

from attrs import frozen

from dsl.build import Misread
from dsl.catalogue import LANGUAGES
from dsl.findings import Exact, Finding, Phrase, Value, finding
from dsl.numbers import Language, format_number
from dsl.parser import ParsedLine, UnreadLine, parse_line
from dsl.printer import print_line
from dsl.source import RuleLine, Span
from dsl.syntax import Node
from dsl.words import HEADS, KEYWORDS, NOUNS, PARTS, SYNONYMS, UNITS

# More attempts than any honest slip needs; keeps hostile lines cheap.
MAX_ATTEMPTS = 60


@frozen
class Mended:
    """A finding about a line, and the line's node as it was probably meant, if that was found."""

    finding: Finding
    node: Node | None


@frozen
class _Attempt:
    """A changed line: the words replaced, their place in the code, and the whole new code."""

    wrong: str
    right: str
    start: int
    code: str


def repair(unread: UnreadLine, language: Language) -> Mended:
    """Say what is wrong with a line, and what to write instead."""
    line = unread.line
    other = next(one for one in LANGUAGES if one != language)
    translated = parse_line(line, other)
    if isinstance(translated, ParsedLine):
        text = print_line(translated.node, language)
        found = finding(
            "F002",
            line.span,
            key="here",
            file_language=Phrase(f"language.{language}"),
            line_language=Phrase(f"language.{other}"),
            line=text,
        )
        return Mended(found, translated.node)
    if unread.reason is not None:
        return _mend_misread(line, unread.reason, language)
    for attempt in _attempts(unread, language):
        parsed = _reparse(line, attempt.code, language)
        if parsed is not None:
            span = _within(line, attempt.start, attempt.start + len(attempt.wrong))
            wrong = attempt.wrong or line.code
            found = finding(
                "F003",
                span,
                key="here",
                wrong=wrong,
                right=attempt.right.strip(),
                line=attempt.code,
            )
            return Mended(found, parsed)
    return Mended(_not_understood(unread, language), None)


def _mend_misread(line: RuleLine, reason: Misread, language: Language) -> Mended:
    """A word or number with a place of its own: try what it was probably meant to be."""
    data: dict[str, Value] = dict(reason.data)
    start, end = reason.position, reason.end or reason.position + 1
    word = line.code[start:end]
    replacement = _replacement(word, reason, language)
    node = None
    if replacement is not None:
        code = line.code[:start] + replacement + line.code[end:]
        node = _reparse(line, code, language)
        data["suggestion"] = replacement
    return Mended(finding(reason.code, _within(line, start, end), key="here", **data), node)


def _replacement(word: str, reason: Misread, language: Language) -> str | None:
    number = reason.data.get("number")
    if isinstance(number, Exact):
        return format_number(number.value, language, blank=" ")
    tables = {"F107": UNITS, "F108": NOUNS}
    if reason.code not in tables:
        return None
    forms = [form for forms in tables[reason.code].values() for form in forms[language]]
    close = get_close_matches(word, forms, 1, 0.7)
    return close[0] if close else None


def _reparse(line: RuleLine, code: str, language: Language) -> Node | None:
    parsed = parse_line(RuleLine(code, line.comment, line.span), language)
    return parsed.node if isinstance(parsed, ParsedLine) else None


def _within(line: RuleLine, start: int, end: int) -> Span:
    span = line.span
    return Span(span.file, span.line, span.column + start, span.column + end, span.text)


def _attempts(unread: UnreadLine, language: Language) -> Iterator[_Attempt]:
    code = unread.line.code
    count = 0
    for generator in (_synonym_attempts, _spelling_attempts, _sign_attempts):
        for attempt in generator(code, unread.position, language):
            yield attempt
            count += 1
            if count >= MAX_ATTEMPTS:
                return


def _synonym_attempts(code: str, _position: int, language: Language) -> Iterator[_Attempt]:
    synonyms = SYNONYMS[language]
    for wrong in sorted(synonyms, key=len, reverse=True):
        for found in re.finditer(rf"(?i)(?<!\w){re.escape(wrong)}(?!\w)", code):
            yield _replaced(code, found.start(), found.end(), synonyms[wrong])


def _spelling_attempts(code: str, position: int, language: Language) -> Iterator[_Attempt]:
    """Words that resemble a keyword, those nearest to where reading stopped first."""
    forms = [form for table in (KEYWORDS, PARTS) for f in table.values() for form in f[language]]
    opening = [form for f in HEADS.values() for form in f[language]]
    words = [(word.start(), word.end()) for word in re.finditer(r"[^\W\d_]+", code)]
    for start, end in sorted(words, key=lambda word: abs(word[0] - position)):
        choices = opening + forms if start == 0 else forms
        for right in get_close_matches(code[start:end].casefold(), choices, 3, 0.72):
            yield _replaced(code, start, end, right)
        pair = re.compile(r"[^\W\d_]+ +[^\W\d_]+").match(code, start)
        if pair:
            for right in get_close_matches(pair[0].casefold(), choices, 2, 0.8):
                yield _replaced(code, start, pair.end(), right)


def _sign_attempts(code: str, position: int, _language: Language) -> Iterator[_Attempt]:
    """A forgotten comma or equals sign."""
    blanks = [found.start() for found in re.finditer(r"(?<=[^\s,=]) (?=\S)", code)]
    for place in sorted(blanks, key=lambda blank: abs(blank - position))[:8]:
        yield _Attempt("", ",", place, f"{code[:place]},{code[place:]}")
        yield _Attempt("", "=", place, f"{code[:place]} ={code[place:]}")


def _replaced(code: str, start: int, end: int, right: str) -> _Attempt:
    return _Attempt(code[start:end], right, start, code[:start] + right + code[end:])


def _not_understood(unread: UnreadLine, language: Language) -> Finding:
    line, position = unread.line, unread.position
    end = len(line.code)
    start = min(position, max(end - 1, 0))
    word = re.compile(r"\S+").match(line.code, start)
    span = _within(line, start, word.end() if word else end)
    head = _head_of(line.code, language)
    if head is None:
        return finding("F001", span, key="here", code=line.code)
    form = Phrase(f"form.{head}")
    return finding("F001", span, key="here", code=line.code, form=form)


def _head_of(code: str, language: Language) -> str | None:
    start = code.casefold()
    found = [
        (len(form), token)
        for token, forms in HEADS.items()
        for form in forms[language]
        if start.startswith(form.casefold())
    ]
    return max(found)[1] if found else None
