"""Near misses: finds what a line that does not parse was probably meant to say.

Every proposal is tried on the parser itself: what is offered to the user is known to be readable.
"""

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from itertools import islice

from attrs import evolve, frozen

from dsl.build import Misread
from dsl.catalogue import LANGUAGES
from dsl.findings import Exact, Finding, Phrase, Value, finding
from dsl.numbers import Language, format_number
from dsl.parser import ParsedLine, UnreadLine, parse_line
from dsl.printer import print_line
from dsl.source import RuleLine, Span
from dsl.syntax import Node
from dsl.words import HEADS, INNER, KEYWORDS, NOUNS, PARTS, SYNONYMS, UNITS, Forms, canonical

# More attempts than any honest slip needs; keeps hostile lines cheap.
MAX_ATTEMPTS = 80

# Lines with two slips: how many of the most promising first steps are tried further.
MAX_STEPS = 3

# What may be proposed to begin a line that begins with nothing known.
_OPENINGS = ("POT", "STATISTIC", "AMOUNT", "VALUE", "CHECK", "TABLE")

# Words that a name follows: a new one, and one from another line.
_DECLARING = ("POT", "STATISTIC", "AMOUNT", "VALUE")
_USING = ("TO", "BY")


@frozen
class Mended:
    """A finding about a line, and the line's node as it was meant, if there is little doubt."""

    finding: Finding
    node: Node | None


@frozen
class _Attempt:
    """A changed line: the words replaced, their place in the code, and the whole new code.

    No wrong words mean that the right ones were missing before that place; no right words mean
    that the wrong ones were too many. A guess is not fit to be computed with.
    """

    wrong: str
    right: str
    start: int
    code: str
    guess: bool = False


def repair(unread: UnreadLine, language: Language) -> Mended:
    """Say what is wrong with a line, and what to write instead."""
    line = unread.line
    other = next(one for one in LANGUAGES if one != language)
    translated = parse_line(line, other)
    if isinstance(translated, ParsedLine):
        return Mended(_other_language(translated, language, other), translated.node)
    if unread.reason is not None:
        return _mend_misread(line, unread.reason, language)
    attempts = list(islice(_attempts(unread, language), MAX_ATTEMPTS))
    for attempt, node in (*_single(line, attempts, language), *_double(line, attempts, language)):
        found = _proposal(line, attempt, print_line(node, language))
        return Mended(found, None if attempt.guess else node)
    return Mended(_not_understood(unread, language), None)


def _other_language(translated: ParsedLine, language: Language, other: Language) -> Finding:
    return finding(
        "F002",
        translated.line.span,
        key="here",
        file_language=Phrase(f"language.{language}"),
        line_language=Phrase(f"language.{other}"),
        line=print_line(translated.node, language),
    )


# ---------------------------------------------------------------- words and numbers with a place


def _mend_misread(line: RuleLine, reason: Misread, language: Language) -> Mended:
    """A word or number with a place of its own: try what it was probably meant to be."""
    data: dict[str, Value] = dict(reason.data)
    start, end = reason.position, reason.end or reason.position + 1
    word = line.code[start:end]
    replacement = _replacement(word, reason, language)
    node = None
    if replacement is not None:
        node = _reparse(line, line.code[:start] + replacement + line.code[end:], language)
    if replacement is not None and node is not None:
        data = {key: value for key, value in data.items() if key not in {"units", "nouns"}}
        data["suggestion"] = replacement
        data["line"] = print_line(node, language)
    return Mended(finding(reason.code, _within(line, start, end), key="here", **data), node)


def _replacement(word: str, reason: Misread, language: Language) -> str | None:
    number = reason.data.get("number")
    if isinstance(number, Exact):
        return format_number(number.value, language, blank=" ") + str(reason.data.get("unit", ""))
    if reason.code == "F023":
        return f"{reason.data['missing']} {word}"
    tables = {"F107": UNITS, "F108": NOUNS}
    if reason.code not in tables:
        return None
    forms = [form for forms in tables[reason.code].values() for form in forms[language]]
    if word.casefold() in SYNONYMS[language]:
        return SYNONYMS[language][word.casefold()]
    close = get_close_matches(word.casefold(), forms, 1, 0.7)
    return close[0] if close else None


def _reparse(line: RuleLine, code: str, language: Language) -> Node | None:
    """The node of a changed line; a misread word in it is mended as well."""
    parsed = parse_line(RuleLine(code, line.comment, line.span), language)
    if isinstance(parsed, ParsedLine):
        return parsed.node
    if parsed.reason is None or code == line.code:
        return None
    return _mend_misread(parsed.line, parsed.reason, language).node


def _within(line: RuleLine, start: int, end: int) -> Span:
    span = line.span
    return Span(span.file, span.line, span.column + start, span.column + end, span.text)


# ---------------------------------------------------------------- trying


def _single(
    line: RuleLine, attempts: Iterable[_Attempt], language: Language
) -> Iterator[tuple[_Attempt, Node]]:
    """The first attempt that makes the line readable."""
    for attempt in attempts:
        node = _reparse(line, attempt.code, language)
        if node is not None and not _only_quoted(node, attempt.code, language):
            yield attempt, node
            return


def _only_quoted(node: Node, code: str, language: Language) -> bool:
    """Whether a line can be read only by taking words of the language for a name."""
    return "”" in print_line(node, language) and not set('”“"') & set(code)


def _double(
    line: RuleLine, attempts: Iterable[_Attempt], language: Language
) -> Iterator[tuple[_Attempt, Node]]:
    """The first of two attempts that together make the line readable."""
    for attempt in sorted(attempts, key=lambda one: _unread(line, one, language))[:MAX_STEPS]:
        changed = RuleLine(attempt.code, line.comment, line.span)
        parsed = parse_line(changed, language)
        if isinstance(parsed, UnreadLine):
            further = islice(_attempts(parsed, language), MAX_ATTEMPTS)
            yield from ((attempt, node) for _, node in _single(changed, further, language))


def _unread(line: RuleLine, attempt: _Attempt, language: Language) -> int:
    """How much of a changed line is still not read."""
    parsed = parse_line(RuleLine(attempt.code, line.comment, line.span), language)
    return len(attempt.code) - parsed.position if isinstance(parsed, UnreadLine) else 0


def _proposal(line: RuleLine, attempt: _Attempt, text: str) -> Finding:
    wrong, right = attempt.wrong.strip(), attempt.right.strip()
    if not wrong:
        after = re.compile(r"\s*(\S+)").match(line.code, attempt.start)
        start, end = after.span(1) if after else (len(line.code), len(line.code) + 1)
        return finding("F023", _within(line, start, end), key="here", missing=right, line=text)
    start = attempt.start + len(attempt.wrong) - len(attempt.wrong.lstrip())
    span = _within(line, start, start + len(wrong))
    if not right:
        return finding("F024", span, key="here", wrong=wrong, line=text)
    if right == f"”{wrong}”":
        return finding("F025", span, key="here", name=wrong, line=text)
    return finding("F003", span, key="here", wrong=wrong, right=right, line=text)


# ---------------------------------------------------------------- what to try


def _attempts(unread: UnreadLine, language: Language) -> Iterator[_Attempt]:
    code, position = unread.line.code, unread.position
    yield from _synonym_attempts(code, language)
    yield from _removal_attempts(code, language)
    yield from _sign_attempts(code)
    yield from _missing_signs(code, position, language)
    yield from _quoting_attempts(code, language)
    yield from _spelling_attempts(code, position, language)
    yield from _missing_words(code, position, language)


def _synonym_attempts(code: str, language: Language) -> Iterator[_Attempt]:
    synonyms = {**_translations(language), **SYNONYMS[language]}
    present = [wrong for wrong in synonyms if wrong in code.casefold()]
    for wrong in sorted(present, key=len, reverse=True):
        pattern = rf"(?i)(?<!\w){re.escape(wrong)}(?!\w)"
        for found in re.finditer(pattern, code):
            yield _replaced(code, found.start(), found.end(), synonyms[wrong])


def _translations(language: Language) -> dict[str, str]:
    """Keywords of the other language, in a line that is otherwise in this one."""
    other = next(one for one in LANGUAGES if one != language)
    tables: tuple[Iterable[Forms], ...] = (KEYWORDS.values(), PARTS.values(), NOUNS.values())
    return {
        form.casefold(): forms[language][0]
        for table in tables
        for forms in table
        for form in forms[other]
        if form not in forms[language]
    }


def _removal_attempts(code: str, language: Language) -> Iterator[_Attempt]:
    """What comes along from a list or a sentence in Word: bullets, a colon, a full stop."""
    nouns = "|".join(form for forms in NOUNS.values() for form in forms[language])
    recipients = rf"(?i)\b(?:till|mellan|bland|för|to|between|among|for) (?:{nouns}) +"
    for pattern in (
        r"^(?:[-–•*·]|\d+[.)]|[a-z]\))\s+",
        r"(?<=\w)\s*:(?=\s)",
        rf"{recipients}(?={canonical('BY', language)}\b)",
        r"\s*[.;,:]$",
    ):
        for found in re.finditer(pattern, code):
            yield _replaced(code, found.start(), found.end(), "")


def _quoting_attempts(code: str, language: Language) -> Iterator[_Attempt]:
    """A name with a word in it that means something, such as “Medel till regionerna”."""
    for tokens, guess in ((_DECLARING, False), (_USING, True)):
        before = "|".join(form for token in tokens for form in KEYWORDS[token][language])
        for found in re.finditer(rf"(?i)(?<!\w)(?:{before}) +", code):
            name = re.compile(r"[^\W\d_][^=,”“\"]*[^=,”“\"\s]").match(code, found.end())
            if name:
                quoted = _replaced(code, name.start(), name.end(), f"”{name[0]}”")
                yield evolve(quoted, guess=guess)


def _sign_attempts(code: str) -> Iterator[_Attempt]:
    """A colon for an equals sign, kronor as :-, and quotation marks of other kinds."""
    for found in re.finditer(r"\s*(?::=|==|:)(?=\s*\d)", code):
        yield _replaced(code, found.start(), found.end(), " =")
    for found in re.finditer(r"(?<=\d)\s*(?::-|,-|kr\.)(?!\w)", code):
        yield _replaced(code, found.start(), found.end(), " kr")
    for found in re.finditer(r"['’‘«»„](\w[^'’‘«»„”“\"]*)['’‘«»”“\"]", code):
        yield _replaced(code, found.start(), found.end(), f"”{found[1]}”")


def _spelling_attempts(code: str, position: int, language: Language) -> Iterator[_Attempt]:
    """Words that resemble a keyword, those nearest to where reading stopped first."""
    forms = [form for table in (INNER, PARTS) for f in table.values() for form in f[language]]
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


def _missing_signs(code: str, position: int, language: Language) -> Iterator[_Attempt]:
    """A forgotten comma or equals sign."""
    for place, word in _gaps(code, position, language):
        if not word.isdigit():
            yield _Attempt("", ",", place, f"{code[:place]},{code[place:]}")
        yield _Attempt("", "=", place, f"{code[:place]} ={code[place:]}")


def _missing_words(code: str, position: int, language: Language) -> Iterator[_Attempt]:
    """A forgotten “to” or “by”."""
    to, by = canonical("TO", language), canonical("BY", language)
    for place, word in _gaps(code, position, language):
        # Pots and recipients have capitals, figures have not.
        named = word[0].isupper() or code.startswith(_each(language), place + 1)
        for right in (to, by) if named else (by, to):
            if word[0].isalpha():
                changed = f"{code[:place]} {right}{code[place:]}"
                yield _Attempt("", right, place, changed, guess=True)


def _gaps(code: str, position: int, language: Language) -> Iterator[tuple[int, str]]:
    """Blanks where something may be missing, those nearest to where reading stopped first."""
    units = {form.casefold() for forms in UNITS.values() for form in forms[language]}
    blanks = list(re.finditer(r"(?<=[^\s,=]) (?=([^\W\d_]+|\S))", code))
    for found in sorted(blanks, key=lambda one: abs(one.start() - position))[:8]:
        if found[1].casefold() not in units:
            yield found.start(), found[1]


def _each(language: Language) -> str:
    return canonical("TO_EACH", language).split()[-1]


def _replaced(code: str, start: int, end: int, right: str) -> _Attempt:
    return _Attempt(code[start:end], right, start, code[:start] + right + code[end:])


# ---------------------------------------------------------------- nothing helps


def _not_understood(unread: UnreadLine, language: Language) -> Finding:
    code, position = unread.line.code, unread.position
    word = re.compile(r"\S+").match(code, position)
    span = _within(unread.line, position, word.end() if word else position + 1)
    return finding("F001", span, key="here" if word else "end", **_examples(code, language))


def _examples(code: str, language: Language) -> dict[str, Value]:
    head = _head_of(code, language)
    if head is not None:
        return {"form": Phrase(f"form.{head}", wording=language)}
    heads = tuple(Phrase(f"head.{token}", wording=language) for token in _OPENINGS)
    return {"heads": heads, "flow": Phrase("form.FLOW", wording=language)}


def _head_of(code: str, language: Language) -> str | None:
    start = code.casefold()
    amounts = [form for token in ("REST", "ALL") for form in INNER[token][language]]
    amounts += [form for forms in PARTS.values() for form in forms[language]]
    if start[:1].isdigit() or any(start.startswith(form) for form in amounts):
        return "FLOW"
    found = [
        (len(form), token)
        for token, forms in HEADS.items()
        for form in forms[language]
        if re.match(rf"{re.escape(form.casefold())}(?!\w)", start)
    ]
    return max(found)[1] if found else None
