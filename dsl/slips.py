"""Slips that writers of rules make: for a line that cannot be read, changed lines to try."""

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from itertools import chain

from attrs import evolve, frozen

from dsl.catalogue import LANGUAGES
from dsl.numbers import Language
from dsl.words import (
    BEHAVIOURS,
    GETS,
    HEADS,
    INNER,
    KEYWORDS,
    NOUNS,
    PARTS,
    SYNONYMS,
    UNITS,
    Forms,
    as_number,
    canonical,
)

# More words in small letters are hardly a name.
LONGEST_LOWER_NAME = 2

# What stands before an item of a list.
BULLET = r"^(?:[-–•*·]|\d+[.)]|[a-z]\))\s+"

# Words that a name follows: a new one, and one from another line.
_DECLARING = ("POT", "STATISTIC", "AMOUNT", "VALUE")
_USING = ("TO", "BY")


@frozen
class Slip:
    """A changed line: the words replaced, their place in the code, and the whole new code.

    No wrong words mean that the right ones were missing before that place; no right words mean
    that the wrong ones were too many. A guess is not fit to be computed with.
    """

    wrong: str
    right: str
    start: int
    code: str
    guess: bool = False


def slips(code: str, position: int, language: Language) -> Iterator[Slip]:
    """Changed lines to try, the likeliest slips first; reading stopped at the position."""
    yield from _rungs(code, language)
    yield from _percent_of(code, language)
    yield from _phase_ins(code, language)
    yield from _shares_of(code, language)
    yield from _synonyms(code, language)
    yield from _bounds(code, language)
    yield from _demands(code, language)
    yield from _removals(code, language)
    yield from _signs(code, language)
    yield from _missing_signs(code, position, language)
    yield from _quotations(code, language)
    yield from _spellings(code, position, language)
    yield from _missing_openings(code, language)
    yield from _turned(code, language)
    yield from _missing_words(code, position, language)


def _rungs(code: str, language: Language) -> Iterator[Slip]:
    """A step with other words for its limits: “från 70 % till 80 % ger hälften”, “minst 80 % …”."""
    gives = canonical("GIVES", language)
    opening, up_to = canonical("FROM_VALUE", language), canonical("UP_TO", language)
    number = r"\d[\d\s.,]*[^\W\d]*%?"
    to = "|".join((*INNER["TO"][language], "–", "-", "men inte", "but not"))
    lower = "|".join((*HEADS["FROM"][language], *HEADS["AT_LEAST"][language], opening))
    found = re.fullmatch(
        rf"(?i)(?:(?:{lower}) +)?({number}?)(?: *(?:{to}) *({number}?))? +{gives} +(.+)", code
    )
    if found:
        limits = f"{opening} {found[1]}"
        if found[2]:  # whose unit is said once for both: 70–80 %
            unit = found[2].lstrip("0123456789 .,") if found[1][-1].isdigit() else ""
            limits += f" {unit} {up_to} {found[2]}" if unit else f" {up_to} {found[2]}"
        given = as_number(found[3], language)
        end = len(code) if given else found.end(2 if found[2] else 1)
        yield replaced(code, 0, end, f"{limits} {gives} {given}" if given else limits)


def _percent_of(code: str, language: Language) -> Iterator[Slip]:
    """A share of something in a formula: “95 % av utfall 2025”."""
    words = {"sv": ("%|procent", "av"), "en": ("%|percent|per cent", "of")}
    percent, of = words[language]
    for found in re.finditer(rf"(?i)(?:{percent})( {of})(?= )", code):
        yield replaced(code, found.start(1), found.end(1), " ×")


def _shares_of(code: str, language: Language) -> Iterator[Slip]:
    """An amount by a key, as a pot is shared: “belopp fullt = Potten efter befolkning”."""
    by, share = canonical("BY", language), canonical("SHARE", language)
    found = re.match(rf"(?i){canonical('AMOUNT', language)} [^=]+= [^=]*?\S( {by}) ", code)
    if found:
        slip = replaced(code, found.start(1), found.end(1), f" × {share}")
        yield evolve(slip, guess=True)


def _phase_ins(code: str, language: Language) -> Iterator[Slip]:
    """The years of a phase-in without colons; a key that is a formula without parentheses."""
    to, by = canonical("TO", language), canonical("PHASE_IN", language)
    key = re.search(rf"(?i){by} .+? {to} ([^()]+ [×*/+−-] [^()]+?) (?=\(\d{{4}})", code)
    if key:
        yield replaced(code, key.start(1), key.end(1), f"({key[1]})")
    found = re.search(r"\((?:\d{4} +\d+ *%(?:, *)?)+\)", code)
    if found:
        right = re.sub(r"(\d{4}) +(?=\d+ *%)", r"\1: ", found[0])
        yield replaced(code, found.start(), found.end(), right)


def _bounds(code: str, language: Language) -> Iterator[Slip]:
    """A comparison with the word of a limit: “alltid Bonus högst 4 000 kr”."""
    signs = dict.fromkeys(HEADS["AT_MOST"][language], "≤")
    signs |= dict.fromkeys(HEADS["AT_LEAST"][language], "≥")
    heads = "|".join(canonical(one, language) for one in ("ALWAYS", "CHECK"))
    found = re.match(rf"(?i)(?:{heads}) [^=<>≤≥]+? ({'|'.join(signs)}) (?=\S)", code)
    if found:
        yield replaced(code, found.start(1), found.end(1), signs[found[1].casefold()])


def _demands(code: str, language: Language) -> Iterator[Slip]:
    """A demand without its second word, or whose end is misspelt or of another beginning."""
    always, *words = (canonical(one, language) for one in ("ALWAYS", *chain(*BEHAVIOURS.values())))
    openings, closings = words[::2], words[1::2]
    some = "|".join(openings)
    gives = "|".join(sorted({one.split()[0] for one in closings}))
    limited = canonical("FROM_POT", language)
    for opening, closing in zip(openings, closings, strict=True):
        found = re.match(rf"(?i){always}(?= (?!(?:{some}) ).+ {closing}(?!\w))", code)
        if found:
            yield Slip("", opening, found.end(), f"{found[0]} {opening}{code[found.end() :]}")
        ending = rf"((?:{gives})(?: \w+)+?)(?= {limited}(?!\w)|$)"
        said = re.match(rf"(?i){always} {opening} .+? {ending}", code)
        others = closings[1:] if closing in closings[1:] else ()
        if said and (said[1] in others or get_close_matches(said[1], [closing], 1, 0.9)):
            yield replaced(code, said.start(1), said.end(1), closing)


def _synonyms(code: str, language: Language) -> Iterator[Slip]:
    synonyms = {**_translations(language), **SYNONYMS[language]}
    present = [wrong for wrong in synonyms if wrong in code.casefold()]
    for wrong in sorted(present, key=len, reverse=True):
        before = r"(?<!\w)" if wrong[0].isalnum() else ""
        for found in re.finditer(rf"(?i){before}{re.escape(wrong)}(?!\w)", code):
            yield replaced(code, found.start(), found.end(), synonyms[wrong])


def _translations(language: Language) -> dict[str, str]:
    """Keywords of the other language, in a line that is otherwise in this one."""
    other = next(one for one in LANGUAGES if one != language)
    # “from” opens more lines than it ends.
    words = [forms for key, forms in KEYWORDS.items() if key != "FROM_POT"]
    tables: tuple[Iterable[Forms], ...] = (words, PARTS.values(), NOUNS.values())
    return {
        form.casefold(): forms[language][0]
        for table in tables
        for forms in table
        for form in forms[other]
        if form not in forms[language]
    }


def _removals(code: str, language: Language) -> Iterator[Slip]:
    """What comes along from a list or a sentence in Word: bullets, a colon, a full stop."""
    nouns = "|".join(form for forms in NOUNS.values() for form in forms[language])
    recipients = rf"(?i)\b(?:till|mellan|bland|för|to|between|among|for) (?:{nouns}) +"
    for pattern in (
        BULLET,
        r"(?<=\w)\s*:(?=\s)",
        rf"{recipients}(?={canonical('BY', language)}\b)",
        r"\s*[.;,:]$",
    ):
        for found in re.finditer(pattern, code):
            yield replaced(code, found.start(), found.end(), "")
    colon = re.match(r"[^\W\d_]+(?: [^\W\d_]+)?(:)\S", code)
    if colon:
        yield replaced(code, colon.start(1), colon.end(1), " ")


def _quotations(code: str, language: Language) -> Iterator[Slip]:
    """A name with a word in it that means something, such as “Medel till regionerna”."""
    share = canonical("SHARE", language)
    for found in re.finditer(rf"(?<!\w){share}(?= *(?:$|[,)×*/+−]))", code):
        yield replaced(code, found.start(), found.end(), f"”{found[0]}”")
    for tokens, guess in ((_DECLARING, False), (_USING, True)):
        before = "|".join(form for token in tokens for form in KEYWORDS[token][language])
        for found in re.finditer(rf"(?i)(?<!\w)(?:{before}) +", code):
            name = re.compile(r"[^\W\d_][^=,”“\"]*[^=,”“\"\s]").match(code, found.end())
            if name and (not guess or (" " in name[0] and not re.search(r" [×*/+−] ", name[0]))):
                quoted = replaced(code, name.start(), name.end(), f"”{name[0]}”")
                yield evolve(quoted, guess=guess)


def _signs(code: str, language: Language) -> Iterator[Slip]:
    """A colon for an equals sign, kronor as :-, and quotation marks of other kinds."""
    for found in re.finditer(r"\s*(?::=|==|:)(?=\s*\d)", code):
        yield replaced(code, found.start(), found.end(), " =")
    for found in re.finditer(r"(?<=\d)\s*(?::-|,-|kr\.)(?!\w)", code):
        yield replaced(code, found.start(), found.end(), " kr")
    for found in re.finditer(r"(?i)\b(?:SEK|kr|kronor)\s*(\d[\d\s.,]*\d)", code):
        yield replaced(code, found.start(), found.end(), f"{found[1]} kr")
    for found in re.finditer(r"['’‘«»„](\w[^'’‘«»„”“\"]*)['’‘«»”“\"]", code):
        for right in (found[1], f"”{found[1]}”"):
            yield replaced(code, found.start(), found.end(), right)
    for found in re.finditer(r"\s*\(([^()]+)\)$", code):
        yield replaced(code, found.start(), found.end(), f", {found[1]}")
    over, joined = canonical("OVER", language), canonical("AND", language)
    for found in re.finditer(rf"(?i)(?<!\w){over} [^,]*?[^,\s](\s*,)(?= [^\W\d_])", code):
        yield evolve(replaced(code, found.start(1), found.end(1), f" {joined}"), guess=True)
    if code.count("(") > code.count(")"):
        yield Slip("", ")", len(code), f"{code})")


def _turned(code: str, language: Language) -> Iterator[Slip]:
    """The recipient before the amount: “SKR får 750 000 kr”, “SKR: 750 000 kr”."""
    to, gets = canonical("TO", language), "|".join((*GETS[language], ":"))
    turned = re.fullmatch(rf"(?i)(?:{to} +)?(\D+?)\s*(?:{gets})?\s+(\d[\d\s.,]*[a-z%]+)", code)
    if turned and (turned[1][0].isupper() or len(turned[1].split()) <= LONGEST_LOWER_NAME):
        yield Slip(
            code, f"{turned[2]} {to} {turned[1]}", 0, f"{turned[2]} {to} {turned[1]}", guess=True
        )


def _spellings(code: str, position: int, language: Language) -> Iterator[Slip]:
    """Words that resemble a keyword, those nearest to where reading stopped first."""
    forms = [form for table in (INNER, PARTS) for f in table.values() for form in f[language]]
    opening = [form for f in HEADS.values() for form in f[language]]
    words = [(word.start(), word.end()) for word in re.finditer(r"[^\W\d_]+", code)]
    for start, end in sorted(words, key=lambda word: abs(word[0] - position)):
        choices = opening + forms if start == 0 else forms
        word = code[start:end].casefold()
        for right in get_close_matches(word, choices, 3, 0.72):
            if word not in right.split():
                yield replaced(code, start, end, right)
        pair = re.compile(r"[^\W\d_]+ +[^\W\d_]+").match(code, start)
        if pair:
            for right in get_close_matches(pair[0].casefold(), choices, 2, 0.8):
                yield replaced(code, start, pair.end(), right)


def _missing_signs(code: str, position: int, language: Language) -> Iterator[Slip]:
    """A forgotten comma or equals sign; what always holds is seldom that two things are equal."""
    if re.match(rf"(?i){canonical('ALWAYS', language)} ", code):
        return
    for place, word in _gaps(code, position, language):
        if not word.isdigit() and code[place - 1] != ",":
            yield Slip("", ",", place, f"{code[:place]},{code[place:]}")
        yield Slip("", "=", place, f"{code[:place]} ={code[place:]}")


def _missing_words(code: str, position: int, language: Language) -> Iterator[Slip]:
    """A forgotten “to” or “by”."""
    to, by = canonical("TO", language), canonical("BY", language)
    for place, word in _gaps(code, position, language):
        # Pots and recipients have capitals, figures have not.
        named = word[0].isupper() or code.startswith(_each(language), place + 1)
        is_name = named or len(code[place:].split()) <= LONGEST_LOWER_NAME
        for right in (to, by) if named else (by, to):
            if word[0].isalpha() and is_name:
                changed = f"{code[:place]} {right}{code[place:]}"
                yield Slip("", right, place, changed, guess=True)


def _missing_openings(code: str, language: Language) -> Iterator[Slip]:
    """The first word of a line forgotten."""
    openings = (
        ("FROM", r"\S+\.(?:csv|tsv|xlsx)\b", False),
        ("POT", r"[A-ZÅÄÖ][^=]*=\s*\d[\d\s.,]*[^\W\d_]+$", False),
        ("AMOUNT", r"[^=]+=.*[^\W\d_]", True),
        ("ALL", rf"(?i){canonical('BY', language)} ", True),
    )
    for token, pattern, guess in openings:
        if re.match(pattern, code):
            opening = canonical(token, language)
            yield Slip("", opening, 0, f"{opening} {code}", guess)


def _gaps(code: str, position: int, language: Language) -> Iterator[tuple[int, str]]:
    """Blanks where something may be missing, those nearest to where reading stopped first."""
    units = {form.casefold() for forms in UNITS.values() for form in forms[language]}
    blanks = list(re.finditer(r"(?<=[^\s=]) (?=([^\W\d_]+|\S))", code))
    for found in sorted(blanks, key=lambda one: abs(one.start() - position))[:8]:
        # A number, its groups of three and its unit belong together.
        together = found[1].isdigit() or found[1].casefold() in units
        if not (together and code[found.start() - 1].isdigit()):
            yield found.start(), found[1]


def _each(language: Language) -> str:
    return canonical("TO_EACH", language).split()[-1]


def replaced(code: str, start: int, end: int, right: str) -> Slip:
    """A line with other words in a place."""
    return Slip(code[start:end], right, start, code[:start] + right + code[end:])
