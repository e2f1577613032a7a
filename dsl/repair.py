"""Near misses: finds what a line that does not parse was probably meant to say.

Every proposal is tried on the parser itself: what is offered to the user is known to be readable.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from fractions import Fraction
from itertools import chain, islice, takewhile
from string import ascii_letters
from typing import Any

from attrs import evolve, fields, frozen, has

from dsl.build import Misread
from dsl.catalogue import LANGUAGES, phrase
from dsl.findings import Exact, Finding, Phrase, Value, finding
from dsl.numbers import BLANKS, Language, format_number
from dsl.parser import ParsedLine, UnreadLine, parse_line
from dsl.printer import print_line
from dsl.slips import BULLET, Slip, replaced, slips
from dsl.source import RuleLine, Span
from dsl.syntax import (
    Behaviour,
    Definition,
    Demand,
    Flow,
    Largest,
    Method,
    Name,
    Node,
    Pot,
    Ref,
    Rest,
    Rounding,
    RoundingRule,
    ToName,
)
from dsl.words import (
    BEHAVIOURS,
    HEADS,
    INNER,
    NOUNS,
    PARTS,
    SYNONYMS,
    UNITS,
    Forms,
    canonical,
    key_of,
)

# More attempts than any honest slip needs; keeps hostile lines cheap.
MAX_ATTEMPTS = 80

# Longer lines are not searched for slips: some searches take time in the square of the length.
MAX_LENGTH = 300

# Lines with two slips: how many of the most promising first steps are tried further.
MAX_STEPS = 3

# What may be proposed to begin a line that begins with nothing known.
_OPENINGS = ("POT", "STATISTIC", "AMOUNT", "VALUE", "CHECK", "TABLE")

# What a finding says to choose from, when nothing is known to be meant.
_UNHELPFUL = {"units", "nouns", "share", "percent"}

# Digits between the blanks of a number.
GROUP = 3

# What may stand between two rules.
_BETWEEN = r"\s*[,;.]?\s+(?:och|samt|sedan|and|then)\s+|\s*[,;.]\s+"


@frozen
class Mended:
    """A finding about a line, and the line's node as it was meant, if there is little doubt."""

    finding: Finding
    node: Node | None


def repair(unread: UnreadLine, language: Language) -> Mended:
    """Say what is wrong with a line, and what to write instead."""
    mended = _repair(unread, language)
    node = None if mended.node is None else _as_written(mended.node, unread.line.span)
    return evolve(mended, node=node)


def _as_written(node: Any, line: Span) -> Any:
    """A mended node with its places in the line that the author wrote."""
    changes = {one.name: _place_in(getattr(node, one.name), line) for one in fields(type(node))}
    return evolve(node, **changes)


def _place_in(value: Any, line: Span) -> Any:
    if isinstance(value, Span):
        return _span_as_written(value, line)
    if isinstance(value, tuple):
        return tuple(_place_in(one, line) for one in value)
    return _as_written(value, line) if has(type(value)) else value


def _span_as_written(span: Span, line: Span) -> Span:
    """The same words in the author's line, or all of it where they have been changed."""
    changed, text = span.text, line.text[: line.end - 1]
    before = _alike(changed, text)
    after = min(_alike(changed[::-1], text[::-1]), len(text) - before)
    if span.end - 1 <= before:
        return evolve(span, text=line.text)
    if span.column - 1 >= len(changed) - after:
        moved = len(text) - len(changed)
        return evolve(span, text=line.text, column=span.column + moved, end=span.end + moved)
    return line


def _alike(one: str, other: str) -> int:
    """How many characters two texts have in common from the start."""
    pairs = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    return sum(1 for _ in pairs)


def _repair(unread: UnreadLine, language: Language) -> Mended:
    line = unread.line
    other = next(one for one in LANGUAGES if one != language)
    translated = parse_line(line, other)
    if isinstance(translated, ParsedLine):
        return Mended(_other_language(translated, language, other), translated.node)
    honest = len(line.code) <= MAX_LENGTH
    two = _two_rules(line, language) if honest else None
    if two is not None:
        return Mended(two, None)
    if unread.reason is not None:
        return _mend_misread(line, unread.reason, language)
    if not honest:
        return not_understood(unread, language)
    attempts = list(islice(slips(line.code, unread.position, language), MAX_ATTEMPTS))
    for attempt, node in chain(
        _single(line, attempts, language), _double(line, attempts, language)
    ):
        found = _proposal(line, attempt, print_line(node, language))
        return Mended(found, None if attempt.guess else node)
    return not_understood(unread, language)


def _other_language(translated: ParsedLine, language: Language, other: Language) -> Finding:
    return finding(
        "F002",
        translated.line.span,
        key="here",
        file_language=Phrase(f"language.{language}"),
        line_language=Phrase(f"language.{other}"),
        line=print_line(translated.node, language),
    )


def _two_rules(line: RuleLine, language: Language) -> Finding | None:
    """A line in which two lines of a pot have been written after each other."""
    for between in re.finditer(_BETWEEN, line.code):
        parts = line.code[: between.start()], line.code[between.end() :]
        if _says_within(parts[-1], language):
            continue
        nodes = [_reparse(line, part, language) for part in parts]
        flows = [node for node in nodes if isinstance(node, Flow)]
        if len(flows) == len(parts) and not any(_only_quoted(one, "", language) for one in flows):
            first, second = (print_line(one, language) for one in flows)
            place = _within(line, between.end(), len(line.code))
            return finding("F026", place, key="here", first=first, second=second)
    return None


def _says_within(code: str, language: Language) -> bool:
    """Whether words begin a second step of sharing, or were meant to."""
    form = canonical("WITHIN_EACH", language)
    meant = [wrong for wrong, right in SYNONYMS[language].items() if right.startswith(form)]
    forms = (*(canonical("WITHIN_EACH", one) for one in LANGUAGES), *meant)
    return code.casefold().startswith(forms)


# ---------------------------------------------------------------- words and numbers with a place


def _mend_misread(line: RuleLine, reason: Misread, language: Language) -> Mended:
    """A word or number with a place of its own: try what it was probably meant to be."""
    bullet = re.match(BULLET, line.code)
    if bullet and reason.position == 0:  # the number of a list, read as part of the amount
        unnumbered = replaced(line.code, 0, bullet.end(), "")
        for attempt, found in _single(line, [unnumbered], language):
            return Mended(_proposal(line, attempt, print_line(found, language)), found)
    data: dict[str, Value] = dict(reason.data)
    start, end = reason.position, reason.end or reason.position + 1
    word = line.code[start:end]
    broken = _broken_groups(word) if reason.code == "F004" else {}
    if broken:
        data = {key: value for key, value in data.items() if key != "number"} | broken
        return Mended(finding("F004", _within(line, start, end), key="here", **data), None)
    replacement = _replacement(word, reason, language)
    node = None
    if replacement is not None:
        node = _reparse(line, line.code[:start] + replacement + line.code[end:], language)
    if replacement is not None and node is not None:
        data = {key: value for key, value in data.items() if key not in _UNHELPFUL}
        data["suggestion"] = replacement
        data["line"] = print_line(node, language)
    elif reason.code == "F004":
        data["unclear"] = word
    return Mended(finding(reason.code, _within(line, start, end), key="here", **data), node)


def _broken_groups(word: str) -> dict[str, Value]:
    """The readings of a number whose groups of three lack a digit or have one too many."""
    word = word.strip()
    marks = re.findall(rf"[{BLANKS}.,]", word)
    groups = re.split(rf"[{BLANKS}.,]", word)
    if not all(one.isdigit() for one in groups):
        return {}
    odd = [one for one in groups[1:] if len(one) != GROUP]
    joined = Exact(int("".join(groups)))
    if len(marks) == 1 and marks[0] in ".,":  # a group or decimals
        unclear = not odd and len(groups[0]) > GROUP
        return {"one": joined, "other": Exact(int(groups[0]))} if unclear else {}
    if not odd or len(set(marks)) > 1:
        return {}
    if any(one.strip("0") for one in odd):
        return {"alone": joined}
    filled = groups[0] + "".join(one.ljust(GROUP, "0")[:GROUP] for one in groups[1:])
    short = all(len(one) < GROUP for one in odd)
    return {
        "filled" if short else "one": Exact(int(filled)),
        "joined" if short else "other": joined,
    }


def _replacement(word: str, reason: Misread, language: Language) -> str | None:
    number = reason.data.get("number")
    if isinstance(number, Exact):
        return format_number(number.value, language, blank=" ") + str(reason.data.get("unit", ""))
    if reason.code == "F023":
        return f"{reason.data['missing']} {word.lstrip(ascii_letters + 'å ')}"
    tables = {"F107": UNITS, "F108": NOUNS}
    return known_word(word, tables[reason.code], language) if reason.code in tables else None


def known_word(word: str, table: Mapping[str, Forms], language: Language) -> str | None:
    """The word of a table (units, recipients) that another one was probably meant to be."""
    forms = [form for forms in table.values() for form in forms[language]]
    if word.casefold() in SYNONYMS[language]:
        return SYNONYMS[language][word.casefold()]
    last = word.casefold().split()[-1]
    key = key_of(table, last, language)
    if key is not None:
        return table[key][language][1]
    close = get_close_matches(word.casefold(), forms, 1, 0.7)
    return close[0] if close else None


def _reparse(line: RuleLine, code: str, language: Language) -> Node | None:
    """The node of a changed line; a misread word in it is mended as well."""
    parsed = parse_line(_changed(line, code), language)
    if isinstance(parsed, ParsedLine):
        return parsed.node
    if parsed.reason is None or code == line.code:
        return None
    return _mend_misread(parsed.line, parsed.reason, language).node


def _changed(line: RuleLine, code: str) -> RuleLine:
    """The line as it would be with other words, whose places are in the changed text."""
    text = line.span.text[: line.span.column - 1] + code
    span = evolve(line.span, text=text, end=line.span.column + len(code))
    return RuleLine(code, line.comment, span)


def _within(line: RuleLine, start: int, end: int) -> Span:
    span = line.span
    return Span(span.file, span.line, span.column + start, span.column + end, span.text)


# ---------------------------------------------------------------- trying


def _single(
    line: RuleLine, attempts: Iterable[Slip], language: Language
) -> Iterator[tuple[Slip, Node]]:
    """The first attempt that makes the line readable."""
    for attempt in attempts:
        node = _reparse(line, attempt.code, language)
        if node is None or _only_quoted(node, attempt.code, language):
            continue
        if not attempt.guess or _is_plausible(node):
            yield attempt, node
            return


def _is_plausible(node: Node) -> bool:
    """Whether a guess has made a line of a kind that the guessed words belong to."""
    if isinstance(node, Flow):
        return not isinstance(node.amount, Ref)
    return isinstance(node, Pot | Definition)


def _only_quoted(node: Node, code: str, language: Language) -> bool:
    """Whether a line can be read only by taking words of the language for a name."""
    return "”" in print_line(node, language) and not set('”“"') & set(code)


def _double(
    line: RuleLine, attempts: Iterable[Slip], language: Language
) -> Iterator[tuple[Slip, Node]]:
    """The first of two attempts that together make the line readable."""
    certain = [one for one in attempts if not one.guess]
    for attempt in sorted(certain, key=lambda one: _unread(line, one, language))[:MAX_STEPS]:
        changed = _changed(line, attempt.code)
        parsed = parse_line(changed, language)
        if isinstance(parsed, UnreadLine):
            further = islice(slips(attempt.code, parsed.position, language), MAX_ATTEMPTS)
            second = [one for one in further if not one.guess]
            yield from ((attempt, node) for _, node in _single(changed, second, language))


def _unread(line: RuleLine, attempt: Slip, language: Language) -> int:
    """How much of a changed line is still not read."""
    parsed = parse_line(_changed(line, attempt.code), language)
    return len(attempt.code) - parsed.position if isinstance(parsed, UnreadLine) else 0


def _proposal(line: RuleLine, attempt: Slip, text: str) -> Finding:
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


# ---------------------------------------------------------------- nothing helps


def not_understood(unread: UnreadLine, language: Language) -> Mended:
    """Say only where a line stops making sense, and what such a line looks like."""
    code, position = unread.line.code, unread.position
    word = re.compile(r"\S+").match(code, position)
    span = _within(unread.line, position, word.end() if word else position + 1)
    found = finding("F001", span, key="here" if word else "end", **_examples(code, language))
    return Mended(found, None)


def _examples(code: str, language: Language) -> dict[str, Value]:
    rounding = re.search(rf"(?<!\w){canonical('ROUND', language)}(?!\w)", code)
    head = "ROUND" if rounding else _head_of(code, language)
    if any(_says_within(part.strip(), language) for part in code.split(",")):
        return {"form": Phrase("form.WITHIN", wording=language)}
    special = _special_help(code, head, language)
    if special:
        return dict(special)
    if head is not None:
        return {"form": Phrase(f"form.{head}", wording=language)}
    heads = tuple(Phrase(f"head.{token}", wording=language) for token in _OPENINGS)
    return {"heads": heads, "flow": Phrase("form.FLOW", wording=language)}


def ways_of_rounding(language: Language) -> dict[str, Value]:
    """Whole lines for the three ways of rounding that decisions use."""
    krona = Fraction(1)
    nearest = Rounding(Method.NEAREST, Largest(), krona)
    ways = {
        "nearest": nearest,
        "remainder": Rounding(Method.LARGEST_REMAINDER, None, krona),
        "sainte": Rounding(Method.SAINTE_LAGUE, None, krona),
    }
    return {key: print_line(RoundingRule("shares", way), language) for key, way in ways.items()}


def _special_help(code: str, head: str | None, language: Language) -> Mapping[str, Value]:
    """What to write instead of lines that do not exist in the language, but that people write."""
    methods = ("LARGEST_REMAINDER", "SAINTE_LAGUE", "NEAREST", "DOWN", "UP")
    said = (form for token in methods for form in INNER[token][language])
    if head == "ROUND" and not any(form.casefold() in code.casefold() for form in said):
        return ways_of_rounding(language)
    if head in {"AT_MOST", "AT_LEAST"}:
        bound = next(one for one in HEADS[head][language] if code.casefold().startswith(one))
        flow = _parsed(code[len(bound) :].strip(), language)
        if isinstance(flow, Flow):
            return {"bound": bound, "flow_line": print_line(flow, language)}
    always = canonical("ALWAYS", language)
    if head == "ALWAYS" or (head == "DELETE" and f" {always}" in code.casefold()):
        return _forms_of_demands(code, language)
    of_rest = re.fullmatch(
        rf"(?i)(.+?) (?:av|of) (?:{'|'.join(INNER['REST'][language])}) (.+)", code
    )
    share = _parsed(f"{of_rest[1]} {of_rest[2]}", language) if of_rest else None
    if isinstance(share, Flow):
        name = Name({"sv": "Regionpott", "en": "Regional pot"}[language])
        feed, pot = Flow(Rest(), ToName(name)), Pot(name)
        lines: dict[str, Node] = {"feed": feed, "pot": pot, "line": share}
        return {key: print_line(node, language) for key, node in lines.items()}
    return {}


def _forms_of_demands(code: str, language: Language) -> Mapping[str, Value]:
    """Every form of a demand, about the name that the author wrote where that can be told."""
    first, last = zip(*BEHAVIOURS.values(), strict=True)
    openings = "|".join(canonical(one, language) for one in first)
    gives = "|".join({canonical(one, language).split()[0] for one in last})
    always, delete = canonical("ALWAYS", language), canonical("DELETE", language)
    before = rf"(?i)(?:{delete} +)?{always} (?:(?:{openings}) )?"
    found = re.match(rf"{before}(\w[\w ]*?) (?:{gives})(?!\w)", code)
    name = Name(found[1] if found else phrase("example.key", language))
    opening = f"{delete} " if code.casefold().startswith(f"{delete} ") else ""
    demands = {sort: Demand(Behaviour(sort, name)) for sort in BEHAVIOURS}
    larger = Demand(Behaviour("more", Name(phrase("example.pot", language))))
    forms: dict[str, Value] = {
        "holds": opening + phrase("form.HOLDS", language),
        "larger": opening + print_line(larger, language),
    }
    return forms | {sort: opening + print_line(one, language) for sort, one in demands.items()}


def _parsed(code: str, language: Language) -> Node | None:
    """The node of a line by itself."""
    parsed = parse_line(RuleLine(code, "", Span("", 1, 1, len(code) + 1, code)), language)
    return parsed.node if isinstance(parsed, ParsedLine) else None


def _head_of(code: str, language: Language) -> str | None:
    start = code.casefold()
    found = [
        (len(form), token)
        for token, forms in HEADS.items()
        for form in forms[language]
        if re.match(rf"{re.escape(form.casefold())}(?!\w)", start)
    ]
    if found:
        return max(found)[1]
    amounts = [form for token in ("REST", "ALL") for form in INNER[token][language]]
    amounts += [form for forms in PARTS.values() for form in forms[language]]
    moved = start[:1].isdigit() or any(start.startswith(form) for form in amounts)
    return "FLOW" if moved else None
