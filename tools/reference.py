"""Writes the reference of the handbook: every line of the language, its parts and its words.

``python -m tools.reference`` writes both pages anew from the grammar, the word tables and the
catalogue's example lines; a test fails when a page is not what this gives.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from dsl.catalogue import LANGUAGES, phrase
from dsl.document import homes, language_of
from dsl.numbers import Language
from dsl.parser import ParsedLine, parse_line
from dsl.source import read_source
from dsl.words import HEADS, INNER, KEYWORDS, NOUNS, PARTS, SYNONYMS, UNITS, Forms
from tools.shapes import Texts, after_comma, alternatives, opening_with, rules, shape

ROOT = Path(__file__).parents[1]
PAGES: Mapping[Language, Path] = {
    "sv": ROOT / "docs" / "handbok" / "referens.md",
    "en": ROOT / "docs" / "handbook" / "reference.md",
}

_INTRODUCTION: Texts = {
    "sv": """# Slå upp: alla rader och ord

[In English](../handbook/reference.md) · [Innehåll](README.md) · [Språket på en sida](../spraket.md)

Sidan är gjord av `python -m tools.reference` ur språkets egen grammatik och ordlistor; ändra inte i den.

En rad säger en sak. **Fet** text är språkets egna ord. *Kursiv* text är något du fyller i. Det som står inom
[hakparentes] kan utelämnas, och `…` betyder att det kan upprepas. Indrag och tomrader betyder ingenting:
en rad hör till den närmaste raden ovanför som den kan höra till.
""",
    "en": """# Look up: all lines and words

[På svenska](../handbok/referens.md) · [Contents](README.md) · [The language on one page](../language.md)

This page is made by `python -m tools.reference` from the language's own grammar and word lists; do not edit it.

A line says one thing. **Bold** text is the language's own words. *Italic* text is what you fill in. What stands
within [brackets] can be left out, and `…` means that it can be repeated. Margins and blank lines mean nothing:
a line belongs to the nearest line above that it can belong to.
""",
}

# The lines in the order of a rule file: a heading, and the words that open them. A word that is
# in no group is shown in the last one.
_GROUPS: Sequence[tuple[Texts, Sequence[str]]] = (
    (
        {"sv": "Huvudet", "en": "The header"},
        ("RULESET", "YEAR", "DECISION", "RECIPIENTS", "OTHERS", "ROUND"),
    ),
    (
        {"sv": "Underlag", "en": "Statistics"},
        (
            *("STATISTIC", "FROM", "FROM_RULESET", "SOURCE", "RECOVERED", "AS_OF"),
            *("AT_LEAST", "AT_MOST", "SUMS_TO"),
        ),
    ),
    (
        {"sv": "Anslag och potter", "en": "Appropriations and pots"},
        ("APPROPRIATION", "POST", "POT", "ADJUST"),
    ),
    (
        {"sv": "Uträkningar", "en": "Calculations"},
        ("AMOUNT", "VALUE", "STEPS", "BELOW", "FROM_VALUE"),
    ),
    (
        {"sv": "Kontroller och tabeller", "en": "Checks and tables"},
        ("CHECK", "TABLE", "COLUMN", "SUM", "FACIT", "REMARK", "LIST"),
    ),
)
_MORE_LINES: Texts = {"sv": "Fler rader", "en": "More lines"}
_LINE_TABLE: Mapping[Language, str] = {
    "sv": "| Till exempel | På engelska | Så byggs den | Var den står | Vad som hör under den |",
    "en": "| For example | In Swedish | How it is built | Where it stands | What belongs under it |",
}
_BY_ITSELF: Texts = {"sv": "för sig", "en": "by itself"}
_UNDER: Texts = {"sv": "under {head}", "en": "under {head}"}
_MONEY_LINES: Texts = {
    "sv": "[rader som delar ut](#rader-som-delar-ut-pengar)",
    "en": "[lines that give out](#lines-that-give-out-money)",
}

_FLOW: Mapping[Language, tuple[str, str, str, str]] = {
    "sv": (
        "Rader som delar ut pengar",
        "Under en pott eller en post står rader som säger hur mycket, och vart. En rad om en post säger ett "
        "belopp i kronor till ett namn.",
        "Hur mycket",
        "Vart",
    ),
    "en": (
        "Lines that give out money",
        "Under a pot or an item stand lines that say how much, and where to. A line of an item says an amount "
        "in kronor to one name.",
        "How much",
        "Where to",
    ),
}
_ADDED: Mapping[Language, tuple[str, str]] = {
    "sv": (
        "Vad som kan läggas till efter ett komma",
        "På en rad som delar ut pengar, i valfri ordning:",
    ),
    "en": ("What can be added after a comma", "On a line that gives out money, in any order:"),
}
_ADDED_TO_POT: Texts = {"sv": "På raden `pott`:", "en": "On the line `pot`:"}
_MEANING: Texts = {"sv": "Betyder", "en": "Means"}
_WRITTEN: Texts = {"sv": "Skrivs", "en": "Is written"}
_PAGE: Texts = {"sv": "konstruktioner", "en": "constructs"}
_MORE: Texts = {"sv": "mer", "en": "more"}

# What the parts of a line mean, and the page that tells more. A new part without a meaning is
# shown all the same.
_MEANS: Mapping[str, tuple[str, str, str, str]] = {
    "quantity": (
        "så många kronor, eller så många procent av hela potten",
        "so many kronor, or so many percent of the whole pot",
        "flera-rader-och-resten",
        "several-lines-and-rest",
    ),
    "part": ("så stor del av hela potten", "such a part of the whole pot", "andelar", "parts"),
    "rest": (
        "det som de andra raderna lämnar",
        "what the other lines leave",
        "flera-rader-och-resten",
        "several-lines-and-rest",
    ),
    "all": ("hela potten", "the whole pot", "nyckel", "key"),
    "ref": ("ett uträknat belopp", "a computed amount", "belopp-och-varden", "values-and-amounts"),
    "by_key": (
        "delas i förhållande till uträkningen",
        "shared in proportion to the calculation",
        "nyckel",
        "key",
    ),
    "to_each": ("så mycket till var och en", "so much to every one", "till-varje", "to-each"),
    "equally": ("delas lika", "shared equally", "lika-delar", "equal-shares"),
    "to_name": (
        "allt till en mottagare eller en pott",
        "all to one recipient or one pot",
        "till-namngivna",
        "to-named-recipients",
    ),
    "PAID": (
        "räknas av, men betalas inte en gång till",
        "is deducted, but not paid again",
        "redan-utbetalt-och-bonus",
        "already-paid-and-bonus",
    ),
    "IN_PROPORTION": (
        "alla belopp på raden sänks lika mycket i förhållande till vad de är",
        "all amounts of the line are lowered in the same proportion",
        "i-proportion",
        "in-proportion",
    ),
    "rounding": (
        "en egen avrundning; utan storlek gäller regelverkets",
        "a rounding of its own; without a size the ruleset's holds",
        "avrundning",
        "rounding",
    ),
    "ties": (
        "vem som går först vid exakt lika",
        "who comes first among exact equals",
        "avrundning",
        "rounding",
    ),
    "limit": (
        "golv eller tak för var och en; utan ordet för var och en taket på en rest",
        "floor or ceiling for each; without the word for each, the ceiling of a rest",
        "golv-och-tak",
        "floors-and-ceilings",
    ),
    "condition": (
        "vilka som är med på raden",
        "who takes part in the line",
        "villkor",
        "conditions",
    ),
    "pot_recipients": (
        "potten går till ett annat slags mottagare",
        "the pot goes to another kind of recipient",
        "till-varje",
        "to-each",
    ),
    "share_of": (
        "vars och ens andel av summan",
        "each one's share of the total",
        "belopp-och-varden",
        "values-and-amounts",
    ),
    "sum_of": ("alla tillsammans", "all together", "belopp-och-varden", "values-and-amounts"),
    "sum_to": (
        "allt som en mottagare får; bara i en kontroll",
        "all that a recipient gets; only in a check",
        "kontroller",
        "checks",
    ),
    "all_posts": (
        "allt ur anslagen",
        "all from the appropriations",
        "anslagsposter",
        "appropriation-items",
    ),
    "mix": (
        "flera nycklar vägda ihop",
        "several keys weighed together",
        "blandning",
        "weighted-mix",
    ),
    "phase_in": (
        "från en nyckel till en annan, år för år",
        "from one key to another, year by year",
        "infasning",
        "phase-in",
    ),
    "signed": ("med plus eller minus framför", "with a plus or minus before it", "", ""),
    "expression": ("parenteser", "parentheses", "", ""),
    "sum": ("plus och minus", "plus and minus", "", ""),
    "product": ("gånger och delat med", "times and divided by", "", ""),
}
_IN_A_FORMULA: Mapping[str, tuple[str, str]] = {
    "quantity": ("ett tal", "a number"),
    "ref": (
        "ett underlag, ett värde, ett belopp, en trappa eller en pott",
        "a statistic, a value, an amount, steps or a pot",
    ),
}
_CALCULATION: Mapping[Language, tuple[str, str]] = {
    "sv": (
        "Vad en uträkning består av",
        "`×` och `/` går före `+` och `−`. Allt räknas exakt, med bråk, och enheterna räknas med.",
    ),
    "en": (
        "What a calculation consists of",
        "`×` and `/` go before `+` and `−`. All is computed exactly, with fractions, and units are computed too.",
    ),
}

_ROUNDING: Mapping[Language, tuple[str, str]] = {
    "sv": (
        "Avrundningens metoder",
        "Storleken är till exempel `1 kr`, `1 öre`, `100 kr` eller `1 000 kr`. [Alla metoder på samma pott]"
        "(konstruktioner/avrundning.md).",
    ),
    "en": (
        "Methods of rounding",
        "The size is for instance `1 kr`, `1 öre`, `100 kr` or `1 000 kr`. [All methods on the same pot]"
        "(constructs/rounding.md).",
    ),
}
_METHODS: Mapping[str, tuple[str, str, str, str]] = {
    "LARGEST_REMAINDER": (
        "alla avrundas nedåt; de kronor som är kvar går till dem med störst bråkdel (Hamilton)",
        "all are rounded down; the kronor that are left go to those with the largest fractions (Hamilton)",
        "det som delas",
        "what is shared",
    ),
    "SAINTE_LAGUE": (
        "kronorna delas ut en och en, till den med störst tal delat med 1, 3, 5 … (Sainte-Laguë, Webster)",
        "the kronor are given out one by one, to the largest number divided by 1, 3, 5 … (Sainte-Laguë, Webster)",
        "det som delas",
        "what is shared",
    ),
    "NEAREST_DIFFERENCE": (
        "vanlig avrundning; den som nämns, eller den med störst tal, tar skillnaden",
        "plain rounding; whoever is named, or the one with the largest number, bears the difference",
        "det som delas",
        "what is shared",
    ),
    "DOWN_REST": (
        "alla nedåt; det som är kvar går till en mottagare eller en pott",
        "all down; what is left goes to a recipient or a pot",
        "det som delas",
        "what is shared",
    ),
    "NEAREST": (
        "vanlig avrundning, en halv uppåt; varje tal för sig",
        "plain rounding, a half upwards; each number by itself",
        "belopp och värden",
        "amounts and values",
    ),
    "DOWN": (
        "nedåt; varje tal för sig",
        "down; each number by itself",
        "belopp och värden",
        "amounts and values",
    ),
    "UP": (
        "uppåt; varje tal för sig",
        "up; each number by itself",
        "belopp och värden",
        "amounts and values",
    ),
}
_METHOD_TABLE: Mapping[Language, str] = {
    "sv": "| Metod | På engelska | Betyder | För |",
    "en": "| Method | In Swedish | Means | For |",
}
_TIES: Texts = {
    "sv": "Har två exakt samma anspråk på en krona går den med lägst kod först, om inget annat sägs. Det "
    "rapporteras.",
    "en": "If two have exactly the same claim to a krona the one with the lowest code comes first, unless said "
    "otherwise. It is reported.",
}
_TIE_TABLE: Mapping[Language, str] = {
    "sv": "| Vid lika | På engelska |",
    "en": "| Ties | In Swedish |",
}

_WORDS: Mapping[Language, tuple[str, str]] = {
    "sv": (
        "Orden på båda språken",
        "Den första formen är den som `fordela fmt` skriver; de andra förstås också.",
    ),
    "en": (
        "The words in both languages",
        "The first form is the one that `fordela fmt` writes; the others are understood too.",
    ),
}
_TABLES: Sequence[tuple[Texts, Mapping[str, Forms]]] = (
    ({"sv": "Enheter", "en": "Units"}, UNITS),
    ({"sv": "Slags mottagare", "en": "Kinds of recipients"}, NOUNS),
    ({"sv": "Delar", "en": "Parts"}, {str(key): forms for key, forms in PARTS.items()}),
)
_LANGUAGE_NAMES: Mapping[Language, tuple[str, str]] = {
    "sv": ("svenska", "engelska"),
    "en": ("Swedish", "English"),
}
_QUOTED: Mapping[Language, tuple[str, str]] = {
    "sv": (
        "Ord som ett namn inte får innehålla",
        "Ett namn slutar vid de här orden. Ska de vara med skrivs hela namnet inom citattecken: "
        "`”Medel till kommunerna”`.",
    ),
    "en": (
        "Words that a name must not contain",
        "A name ends at these words. If they are to be part of it the whole name is written in quotation marks: "
        '`"Transfers to schools"`.',
    ),
}
_SAME: Mapping[Language, tuple[str, str, str, str]] = {
    "sv": (
        "Ord som Fördela föreslår ett annat för",
        "Skriver du ett av orden till vänster sägs vad det ska vara.",
        "Du skriver",
        "Det heter",
    ),
    "en": (
        "Words that Fördela proposes another for",
        "If you write one of the words to the left you are told what it should be.",
        "You write",
        "It is called",
    ),
}


def page(language: Language) -> str:
    """The whole page in one language."""
    sections = (
        *_lines(language),
        *_flow(language),
        *_calculation(language),
        *_rounding(language),
        *_words(language),
        *_quoted(language),
        *_synonyms(language),
    )
    return "\n".join([_INTRODUCTION[language], *sections]).rstrip("\n") + "\n"


# ---------------------------------------------------------------- lines


def _lines(language: Language) -> Iterator[str]:
    grouped = {token for _, tokens in _GROUPS for token in tokens}
    rest = [token for token in HEADS if token not in grouped]
    for title, tokens in (*_GROUPS, *([(_MORE_LINES, rest)] if rest else [])):
        yield f"## {title[language]}\n"
        yield _LINE_TABLE[language]
        yield "|---" * 5 + "|"
        yield from (_line(token, language) for token in tokens)
        yield ""


def _line(token: str, language: Language) -> str:
    here, there = language, _other(language)
    examples = [f"`{phrase(f'form.{token}', one)}`" for one in (here, there)]
    rule = opening_with(token)
    built = _opened(shape(rule, language), token, language) if rule else ""
    return f"| {' | '.join(examples)} | {built} | {_home(token, language)} | {_inner(token, language)} |"


def _opened(built: str, token: str, language: Language) -> str:
    """The shape with only the head in question, where a rule has several."""
    _, _, rest = built.partition(f"**{KEYWORDS[token][language][0]}**")
    heads = [f"**{HEADS[other][language][0]}**" for other in HEADS if other != token]
    for head in heads:
        rest = rest.removeprefix(f" eller {head}").removeprefix(f" or {head}")
    return f"**{KEYWORDS[token][language][0]}**{rest}"


def _homes(token: str) -> tuple[str, ...]:
    """The heads that a line stands under, found by reading its example."""
    source = read_source("x.fordela", phrase(f"form.{token}", "sv").encode())
    parsed = parse_line(source.lines[0], language_of(source.lines))
    assert isinstance(parsed, ParsedLine), token
    return homes(type(parsed.node))


def _home(token: str, language: Language) -> str:
    found = [f"`{HEADS[home][language][0]}`" for home in _homes(token)]
    return _UNDER[language].format(head=", ".join(found)) if found else _BY_ITSELF[language]


def _inner(token: str, language: Language) -> str:
    inner = [f"`{HEADS[one][language][0]}`" for one in HEADS if token in _homes(one)]
    if token in _homes("FLOW"):
        inner.insert(0, _MONEY_LINES[language])
    return ", ".join(inner)


# ---------------------------------------------------------------- money and calculations


def _flow(language: Language) -> Iterator[str]:
    title, text, how_much, where = _FLOW[language]
    yield f"## {title}\n\n{text}\n"
    yield from _meanings(how_much, alternatives("amount", language), language)
    yield from _meanings(where, alternatives("destination", language), language)
    title, text = _ADDED[language]
    yield f"### {title}\n\n{text}\n"
    yield from _meanings(_WRITTEN[language], after_comma("flow", language), language)
    yield f"{_ADDED_TO_POT[language]}\n"
    yield from _meanings(_WRITTEN[language], after_comma("pot", language), language)


def _calculation(language: Language) -> Iterator[str]:
    title, text = _CALCULATION[language]
    yield f"## {title}\n\n{text}\n"
    parts = [*alternatives("factor", language), *_operations(language)]
    yield from _meanings(_WRITTEN[language], parts, language, _IN_A_FORMULA)


def _operations(language: Language) -> Iterator[tuple[str, str]]:
    for rule in ("expression", "term"):
        for name, written in alternatives(rule, language):
            if name not in rules():
                yield name, written


def _meanings(
    heading: str,
    parts: Sequence[tuple[str, str]] | Iterator[tuple[str, str]],
    language: Language,
    first: Mapping[str, tuple[str, str]] | None = None,
) -> Iterator[str]:
    at = 0 if language == "sv" else 1
    yield f"| {heading} | {_MEANING[language]} |"
    yield "|---|---|"
    for name, written in parts:
        texts = _MEANS.get(name, ("", "", "", ""))
        means = first[name][at] if first and name in first else texts[at]
        link = (
            f" · [{_MORE[language]}]({_PAGE[language]}/{texts[2 + at]}.md)" if texts[2 + at] else ""
        )
        yield f"| {written} | {means}{link} |"
    yield ""


# ---------------------------------------------------------------- rounding


def _rounding(language: Language) -> Iterator[str]:
    title, text = _ROUNDING[language]
    at = 0 if language == "sv" else 1
    yield f"## {title}\n\n{text}\n\n{_METHOD_TABLE[language]}"
    yield "|---" * 4 + "|"
    for token, texts in _METHODS.items():
        yield f"| {_both(token, language)} | {texts[at]} | {texts[2 + at]} |"
    yield f"\n{_TIES[language]}\n\n{_TIE_TABLE[language]}"
    yield "|---" * 2 + "|"
    for token in ("TIES_CODE", "TIES_LARGEST"):
        yield f"| {_both(token, language)} |"
    yield ""


def _both(token: str, language: Language) -> str:
    bearer = (
        {"sv": " …", "en": " …"}[language] if token in ("NEAREST_DIFFERENCE", "DOWN_REST") else ""
    )
    return " | ".join(
        f"`{KEYWORDS[token][one][0]}{bearer}`" for one in (language, _other(language))
    )


# ---------------------------------------------------------------- words


def _words(language: Language) -> Iterator[str]:
    title, text = _WORDS[language]
    yield f"## {title}\n\n{text}\n"
    for heading, table in _TABLES:
        yield f"| {heading[language]}, {' | '.join(_LANGUAGE_NAMES[language])} |"
        yield "|---|---|"
        for forms in table.values():
            yield f"| {_forms(forms['sv'])} | {_forms(forms['en'])} |"
        yield ""


def _forms(forms: Sequence[str]) -> str:
    return ", ".join(f"`{form}`" for form in dict.fromkeys(forms))


def _quoted(language: Language) -> Iterator[str]:
    title, text = _QUOTED[language]
    words = [form for forms in (*INNER.values(), *PARTS.values()) for form in forms[language]]
    yield f"## {title}\n\n{text}\n\n{_forms(sorted(words, key=str.casefold))}\n"


def _synonyms(language: Language) -> Iterator[str]:
    title, text, wrong, right = _SAME[language]
    yield f"## {title}\n\n{text}\n\n| {wrong} | {right} |\n|---|---|"
    said: dict[str, list[str]] = {}
    for word, proposal in SYNONYMS[language].items():
        said.setdefault(proposal, []).append(word)
    for proposal, words in said.items():
        yield f"| {_forms(words)} | {f'`{proposal.strip()}`' if proposal.strip() else '–'} |"
    yield ""


def _other(language: Language) -> Language:
    return "en" if language == "sv" else "sv"


def main() -> None:
    """Write both pages."""
    for language in LANGUAGES:
        PAGES[language].write_text(page(language), encoding="utf-8")


if __name__ == "__main__":
    main()
