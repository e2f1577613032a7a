"""Every mistake gives one finding, said well in both languages, with a way out that is one.

The folders here are the mistakes. FORDELA_UPDATE=1 rewrites what is expected of them; the pages in
``docs`` are made from that (``python -m tools.error_pages``).
"""

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

from dsl.catalogue import LANGUAGES, findings_table, phrases_table, shown
from dsl.findings import Finding, Phrase, errors
from dsl.numbers import Language
from dsl.parser import ParsedLine, parse_line
from dsl.source import RuleLine, Span
from dsl.words import HEADS
from engine.inputs.files import Memory
from engine.inputs.rule_file import RULE_FILES
from engine.pipeline import run_ruleset
from tests.errors import cases
from tools import error_pages

ROOT = Path(__file__).parents[2]
CODE = re.compile(r"\"([FN]\d{3})\"")

# What a finding proposes as a whole line, by the name of its value.
LINES = ("line", "rest", "feed", "each", "shared", "form", "more", "equal", "double", "holds")
ONE_LINE_AWAY = ("F002", "F003", "F004", "F005", "F023", "F024")
TWO_READINGS = ("F004-digit-missing", "F004-digit-too-many")

# Shown in another way than they are written: too long, or not in UTF-8.
CUT = ("F011", "F016")

# Cases whose point is that several things are found.
SEVERAL = {
    "F320-many-errors": [*["F303"] * 20, "F320"],
    "three-mistakes": ["F005", "F101", "F202"],
    "three-on-mended-lines": ["F024", "F005", "F113", "F024", "F101"],
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", cases.names())
def test_a_mistake_is_shown_as_expected(name: str, language: Language) -> None:
    output = cases.shown(cases.found_in(name), language)
    expected = cases.HERE / name / f"expected.{language}.txt"
    if os.environ.get("FORDELA_UPDATE"):
        expected.write_text(output, encoding="utf-8")
    assert output == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", cases.names())
def test_one_mistake_gives_one_finding(name: str) -> None:
    codes = [one.code for one in cases.found_in(name)]
    assert codes == SEVERAL.get(name, [name.partition("-")[0]])


def test_every_code_has_a_case() -> None:
    assert set(findings_table()) == {name.partition("-")[0] for name in cases.names()} - {"three"}


def test_every_code_in_the_source_is_in_the_catalogue_and_the_other_way_round() -> None:
    sources = [
        path for folder in ("dsl", "engine", "desk") for path in (ROOT / folder).rglob("*.py")
    ]
    raised = {code for path in sources for code in CODE.findall(path.read_text(encoding="utf-8"))}
    assert raised == set(findings_table())


@pytest.mark.parametrize("name", cases.names())
def test_a_place_quotes_what_the_author_wrote(name: str) -> None:
    folder = cases.folder(name)
    for label in (label for one in cases.found_in(name) for label in one.labels):
        path = folder / label.span.file
        if path.is_file() and path.suffix in {".md", ".fordela"} and name[:4] not in CUT:
            written = path.read_text(encoding="utf-8").split("\n")[label.span.line - 1]
            assert label.span.text in ("", written)
            assert 1 <= label.span.column <= label.span.end <= len(written) + 2


# ---------------------------------------------------------------- both languages


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def _placeholders(texts: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "title": _fields(texts["title"]),
        "notes": [_fields(text) for text in texts.get("notes", [])],
        "helps": [_fields(text) for text in texts.get("helps", [])],
        "labels": {key: _fields(text) for key, text in texts.get("labels", {}).items()},
    }


@pytest.mark.parametrize("code", findings_table())
def test_a_code_says_the_same_in_both_languages(code: str) -> None:
    texts = findings_table()[code]
    assert _placeholders(texts["sv"]) == _placeholders(texts["en"])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", findings_table())
def test_a_code_is_explained_and_speaks_plainly(code: str, language: Language) -> None:
    texts = findings_table()[code][language]
    said = " ".join([texts["title"], *texts.get("notes", []), *texts.get("helps", [])]).casefold()
    assert len(texts["about"].split()) > 15
    assert code.startswith("N") or texts["helps"]
    assert not re.search(r"token|syntax|pars(?:e|a)|unexpected|oväntad|null", said)


# ---------------------------------------------------------------- ways out


def _parses(text: str, language: Language) -> bool:
    line = RuleLine(text, "", Span("", 1, 1, len(text) + 1, text))
    return isinstance(parse_line(line, language), ParsedLine)


def _forms() -> Iterator[tuple[str, Language]]:
    for key, texts in phrases_table().items():
        if key.startswith("form."):
            yield from ((texts[language], language) for language in LANGUAGES)


@pytest.mark.parametrize(("text", "language"), list(_forms()))
def test_an_example_of_a_line_can_be_read(text: str, language: Language) -> None:
    assert _parses(text, language)


def test_there_is_an_example_of_every_line() -> None:
    assert {f"form.{token}" for token in HEADS} <= set(phrases_table())


def _language_of(finding: Finding) -> Language:
    return "en" if finding.span.file.startswith("rules.") else "sv"


def _proposed(finding: Finding) -> Iterator[str]:
    for key, value in finding.data.items():
        if key in LINES and isinstance(value, str | Phrase) and finding.code != "F404":
            yield shown(value, _language_of(finding))


@pytest.mark.parametrize("name", cases.names())
def test_a_line_that_is_proposed_can_be_read(name: str) -> None:
    for finding in cases.found_in(name):
        for text in _proposed(finding):
            assert _parses(text, _language_of(finding)), text


def _one_line_away() -> list[str]:
    names = [one for one in cases.names() if one[:4] in ONE_LINE_AWAY]
    return [one for one in names if one not in TWO_READINGS]


@pytest.mark.parametrize("name", _one_line_away())
def test_writing_the_proposed_line_mends_the_ruleset(name: str) -> None:
    folder = cases.HERE / name
    contents = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
    (finding,) = cases.found_in(name)
    rules = next(file for file in RULE_FILES if file in contents)
    lines = contents[rules].decode().split("\n")
    lines[finding.span.line - 1] = str(finding.data["line"])
    contents[rules] = "\n".join(lines).encode()
    assert errors(run_ruleset(Memory(contents)).findings) == ()


# ---------------------------------------------------------------- the pages


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_of_all_errors_is_current(language: Language) -> None:
    assert error_pages.PAGES[language].read_text(encoding="utf-8") == error_pages.page(language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_a_place_on_the_page(language: Language) -> None:
    headings = re.findall(r"^### (\w+)$", error_pages.page(language), re.MULTILINE)
    assert sorted(headings) == sorted(findings_table())
