"""Every sentence a user reads, in Swedish and English: ``findings/*.toml`` and ``phrases.toml``.

The catalogue is read when something has to be said, never at import.
"""

import tomllib
from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Any

from attrs import frozen

from dsl.findings import Exact, Finding, Kronor, Label, Percent, Phrase, Value
from dsl.numbers import NO_BREAK, Language, format_number, has_finite_decimals
from dsl.words import HEADS, INNER, NOUNS, UNITS, Forms

LANGUAGES: tuple[Language, ...] = ("sv", "en")

# Phrases that are words of the language itself: group → their table, and which of the forms.
_WORDS: Mapping[str, tuple[Mapping[str, Forms], int]] = {
    "head": (HEADS, 0),
    "method": (INNER, 0),
    "noun": (NOUNS, 1),
    "nouns": (NOUNS, 0),
    "unit": (UNITS, 0),
    "unit_one": (UNITS, 1),
}


@frozen
class Sentences:
    """A finding in one language.

    Attributes:
        title: what is wrong, in one sentence with the actual numbers.
        labels: text per label of the finding, in the same order (may be empty).
        notes: why it matters.
        helps: concrete ways out.
    """

    title: str
    labels: tuple[str, ...]
    notes: tuple[str, ...]
    helps: tuple[str, ...]


def sentences(finding: Finding, language: Language) -> Sentences:
    """Say a finding in one language.

    A note or help whose values the finding lacks is left out: the catalogue may offer
    “did you mean {suggestion}?” and the finding decides by having a suggestion.
    """
    texts = _family(finding.code[1])[finding.code][language]
    return Sentences(
        title=_fill(texts["title"], finding.data, language),
        labels=tuple(_label(texts, label, finding, language) for label in finding.labels),
        notes=_fill_known(texts.get("notes", []), finding.data, language),
        helps=_fill_known(texts.get("helps", []), finding.data, language),
    )


def phrase(key: str, language: Language, **data: Value) -> str:
    """One phrase of the user interface in one language.

    A word of the language itself (``noun.region``) need not stand in ``phrases.toml``.
    """
    texts = phrases_table().get(key) or _word(key)
    return _fill(texts[language], data, language)


def shown(value: Value, language: Language) -> str:
    """A value as a reader of the language expects it."""
    match value:
        case Kronor(amount):
            return f"{_number(amount, language)}{NO_BREAK}kr"
        case Percent(share):
            return f"{_number(share * 100, language)}{NO_BREAK}%"
        case Exact(number):
            return _number(number, language)
        case Phrase(key, data, wording):
            return phrase(key, wording or language, **data)
        case tuple():
            return ", ".join(shown(part, language) for part in value)
        case int():
            return format_number(value, language)
    return value


@cache
def findings_table() -> Mapping[str, Mapping[str, Any]]:
    """All findings: code → language → title, labels, notes, helps."""
    return _family("")


@cache
def _family(digit: str) -> Mapping[str, Mapping[str, Any]]:
    """The findings whose number begins with a digit, from the files of that digit; else all."""
    tables = sorted((files(__name__) / "findings").iterdir(), key=lambda file: file.name)
    return {
        code: texts
        for table in tables
        if table.name.startswith(f"f{digit}")
        for code, texts in tomllib.loads(table.read_text(encoding="utf-8")).items()
    }


@cache
def phrases_table() -> Mapping[str, Mapping[str, str]]:
    """All phrases: key → language → text."""
    tree = tomllib.loads((files(__name__) / "phrases.toml").read_text(encoding="utf-8"))
    return {f"{group}.{key}": texts for group, keys in tree.items() for key, texts in keys.items()}


def _word(key: str) -> Mapping[Language, str]:
    """The forms of a word of the language: ``noun.region``, ``head.POT``, ``method.down``.

    Or the title of a finding, ``title.F503``, when one is told of within another sentence.
    """
    group, _, word = key.partition(".")
    if group == "title":
        return {language: findings_table()[word][language]["title"] for language in LANGUAGES}
    table, form = _WORDS[group]
    forms = table.get(word) or table[word.upper()]
    return {language: forms[language][form] for language in LANGUAGES}


def _number(value: Fraction | int, language: Language) -> str:
    """Exact when that is short; else six significant decimals and an ellipsis, never rounded."""
    value = Fraction(value)
    if has_finite_decimals(value) and value.denominator <= 10**12:
        return format_number(value, language)
    cut = Fraction(int(abs(value) * 10**6), 10**6)
    return format_number(-cut if value < 0 else cut, language) + "…"


def _label(texts: Mapping[str, Any], label: Label, finding: Finding, language: Language) -> str:
    if not label.key:
        return ""
    return _fill(texts["labels"][label.key], {**finding.data, **label.data}, language)


def _fill_known(
    templates: list[str], data: Mapping[str, Value], language: Language
) -> tuple[str, ...]:
    return tuple(
        _fill(template, data, language) for template in templates if _fields(template) <= set(data)
    )


def _fill(template: str, data: Mapping[str, Value], language: Language) -> str:
    return template.format_map({key: shown(value, language) for key, value in data.items()})


def _fields(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}
