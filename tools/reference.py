"""Writes the reference of the handbook: every line of the language, its parts and its words.

``python -m tools.reference`` writes both pages anew from the grammar, the word tables and the
catalogue's example lines; a test fails when a page is not what this gives. The sentences between
stand in ``reference.toml``.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from dsl.catalogue import LANGUAGES, phrase
from dsl.document import homes, language_of
from dsl.numbers import Language
from dsl.parser import ParsedLine, parse_line
from dsl.source import read_source
from dsl.words import (
    FREE_WITHIN_NAMES,
    HEADS,
    INNER,
    KEYWORDS,
    NOUNS,
    PARTS,
    SYNONYMS,
    UNITS,
    Forms,
)
from tools.shapes import after_comma, alternatives, opening_with, rules, shape

ROOT = Path(__file__).parents[1]
PAGES: Mapping[Language, Path] = {
    "sv": ROOT / "docs" / "handbok" / "referens.md",
    "en": ROOT / "docs" / "handbook" / "reference.md",
}

# Methods whose line goes on with who bears what is left.
_WITH_A_BEARER = ("NEAREST_DIFFERENCE", "DOWN_REST")


@cache
def _texts() -> Mapping[str, Any]:
    return tomllib.loads((ROOT / "tools" / "reference.toml").read_text(encoding="utf-8"))


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
    return "\n".join([_say("introduction", language), *sections]).rstrip("\n") + "\n"


def _say(key: str, language: Language) -> str:
    text: str = _texts()[key][language]
    return text


def _section(key: str, language: Language, level: str = "##") -> str:
    return f"{level} {_say(f'{key}_title', language)}\n\n{_say(f'{key}_text', language)}\n"


def _table(heading: str, rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """A table and the empty line after it."""
    yield heading
    yield "|---" * (heading.count("|") - 1) + "|"
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""


# ---------------------------------------------------------------- lines


def _lines(language: Language) -> Iterator[str]:
    grouped = {token for group in _texts()["groups"] for token in group["heads"]}
    rest = [token for token in HEADS if token not in grouped]
    for group in _texts()["groups"]:
        tokens = group["heads"] or rest
        if tokens:
            yield f"## {group[language]}\n"
            rows = (_line(token, language) for token in tokens)
            yield from _table(_say("line_table", language), rows)


def _line(token: str, language: Language) -> Sequence[str]:
    examples = [f"`{phrase(f'form.{token}', one)}`" for one in (language, _other(language))]
    built = (_opened(shape(rule, language), token, language) for rule in opening_with(token))
    return (*examples, "<br>".join(built), _home(token, language), _inner(token, language))


def _opened(built: str, token: str, language: Language) -> str:
    """The shape with only the head in question, where a rule has several."""
    head = f"**{HEADS[token][language][0]}**"
    rest = built.partition(head)[2]
    for other in HEADS.values():
        for either in ("eller", "or"):
            rest = rest.removeprefix(f" {either} **{other[language][0]}**")
    return f"{head}{rest}"


def _homes(form: str) -> tuple[str, ...]:
    """The heads that a line stands under, found by reading its example."""
    source = read_source("x.fordela", phrase(f"form.{form}", "sv").encode())
    parsed = parse_line(source.lines[0], language_of(source.lines))
    assert isinstance(parsed, ParsedLine), form
    return homes(type(parsed.node))


def _home(token: str, language: Language) -> str:
    found = [f"`{HEADS[home][language][0]}`" for home in _homes(token)]
    if not found:
        return _say("by_itself", language)
    return _say("under", language).format(head=", ".join(found))


def _inner(token: str, language: Language) -> str:
    inner = [f"`{HEADS[one][language][0]}`" for one in HEADS if token in _homes(one)]
    if token in _homes("FLOW"):
        inner.insert(0, _say("money_lines", language))
    return ", ".join(inner)


# ---------------------------------------------------------------- money and calculations


def _flow(language: Language) -> Iterator[str]:
    yield _section("flow", language)
    meanings = _texts()["meanings"]
    yield from _meanings("flow_how_much", alternatives("amount", language), language, meanings)
    yield from _meanings("flow_where", alternatives("destination", language), language, meanings)
    yield _section("added", language, "###")
    yield from _meanings("written", after_comma("flow", language), language, meanings)
    yield f"{_say('added_to_pot', language)}\n"
    yield from _meanings("written", after_comma("pot", language), language, meanings)


def _calculation(language: Language) -> Iterator[str]:
    yield _section("calculation", language)
    meanings = {**_texts()["meanings"], **_texts()["in_a_calculation"]}
    parts = [*alternatives("factor", language), *_operations(language)]
    yield from _meanings("written", parts, language, meanings)


def _operations(language: Language) -> Iterator[tuple[str, str]]:
    for rule in ("expression", "term"):
        for name, written in alternatives(rule, language):
            if name not in rules():
                yield name, written


def _meanings(
    heading: str,
    parts: Iterable[tuple[str, str]],
    language: Language,
    meanings: Mapping[str, Any],
) -> Iterator[str]:
    rows = ((written, _meaning(meanings.get(name, {}), language)) for name, written in parts)
    yield from _table(f"| {_say(heading, language)} | {_say('means', language)} |", rows)


def _meaning(meaning: Mapping[str, Any], language: Language) -> str:
    text: str = meaning.get(language, "")
    if "page" not in meaning:
        return text
    link = f"{_say('folder', language)}/{meaning['page'][language]}.md"
    return f"{text} · [{_say('more', language)}]({link})"


# ---------------------------------------------------------------- rounding


def _rounding(language: Language) -> Iterator[str]:
    yield _section("rounding", language)
    methods = _texts()["methods"].items()
    rows = (
        (*_both(token, language), one[language], one["use"][language]) for token, one in methods
    )
    yield from _table(_say("method_table", language), rows)
    yield f"{_say('ties', language)}\n"
    ties = (_both(token, language) for token in ("TIES_CODE", "TIES_LARGEST"))
    yield from _table(_say("tie_table", language), ties)


def _both(token: str, language: Language) -> Sequence[str]:
    bearer = " …" if token in _WITH_A_BEARER else ""
    return [f"`{KEYWORDS[token][one][0]}{bearer}`" for one in (language, _other(language))]


# ---------------------------------------------------------------- words


def _words(language: Language) -> Iterator[str]:
    yield _section("words", language)
    tables: Mapping[str, Iterable[Forms]] = {
        "units": UNITS.values(),
        "kinds": NOUNS.values(),
        "parts": PARTS.values(),
    }
    for key, table in tables.items():
        swedish = f"{_say(key, language)}, {_say('swedish', language)}"
        rows = ((_forms(forms["sv"]), _forms(forms["en"])) for forms in table)
        yield from _table(f"| {swedish} | {_say('english', language)} |", rows)


def _forms(forms: Sequence[str]) -> str:
    return ", ".join(f"`{form}`" for form in dict.fromkeys(forms))


def _quoted(language: Language) -> Iterator[str]:
    yield _section("quoted", language)
    ending = [forms for token, forms in INNER.items() if token not in FREE_WITHIN_NAMES]
    words = [form for forms in (*ending, *PARTS.values()) for form in forms[language]]
    yield f"{_forms(sorted(words, key=str.casefold))}\n"


def _synonyms(language: Language) -> Iterator[str]:
    yield _section("synonyms", language)
    said: dict[str, list[str]] = {}
    for word, proposal in SYNONYMS[language].items():
        said.setdefault(proposal.strip(), []).append(word)
    rows = ((_forms(words), f"`{right}`" if right else "–") for right, words in said.items())
    yield from _table(f"| {_say('wrong', language)} | {_say('right', language)} |", rows)


def _other(language: Language) -> Language:
    return "en" if language == "sv" else "sv"


def main() -> None:
    """Write both pages."""
    for language in LANGUAGES:
        PAGES[language].write_text(page(language), encoding="utf-8")


if __name__ == "__main__":
    main()
