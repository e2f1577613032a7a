"""What the handbook shows is what Fördela does, and its two languages say the same."""

import os
import re
from itertools import pairwise
from pathlib import Path

import pytest

from dsl.formatter import format_rules
from dsl.numbers import Language
from dsl.words import HEADS
from tests.handbook import HANDBOOKS, ROOT, blocks, pages, replayed
from tools import reference

# The reference has no blocks to run; tools/reference.py makes it, and a test holds it to that.
LANGUAGES: tuple[Language, ...] = ("sv", "en")
PAGES = [
    pytest.param(page, language, id=page.relative_to(ROOT / "docs").as_posix())
    for language in LANGUAGES
    for page in pages(language)
]


@pytest.mark.parametrize(("page", "language"), PAGES)
def test_the_page_shows_what_fordela_prints(
    page: Path, language: Language, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    now = replayed(page, language, tmp_path)
    if os.environ.get("UPDATE_EXPECTED"):
        page.write_text(now, encoding="utf-8")
    assert page.read_text(encoding="utf-8") == now


@pytest.mark.parametrize(("page", "language"), PAGES)
def test_every_rule_shown_is_run(page: Path, language: Language) -> None:
    words = [block.word for block in blocks(page.read_text(encoding="utf-8"))]
    assert not words or words[-1] == "console", "a page ends with what its last rules give"
    assert set(words) <= {"csv", "fördela", "console"}


@pytest.mark.parametrize(("page", "language"), PAGES)
def test_rules_stand_as_the_formatter_writes_them(page: Path, language: Language) -> None:
    found = blocks(page.read_text(encoding="utf-8"))
    for block, after in pairwise(found):
        if block.word == "fördela" and "fordela fmt" not in after.text:
            assert format_rules("regler.fordela", block.text.encode()) == block.text


def test_every_page_is_in_the_contents() -> None:
    for language, folder in HANDBOOKS.items():
        there = set(folder.rglob("*.md")) - {folder / "README.md"}
        assert there == set(pages(language))


def test_the_languages_have_the_same_pages_with_the_same_blocks() -> None:
    swedish, english = pages("sv"), pages("en")
    assert len(swedish) == len(english)
    for one, other in zip(swedish, english, strict=True):
        assert _leads_to(one, other), f"{one.name} does not lead to {other.name}"
        assert _leads_to(other, one), f"{other.name} does not lead to {one.name}"
        assert _shape(one) == _shape(other), f"{one.name} and {other.name}"


def _leads_to(page: Path, other: Path) -> bool:
    """Whether the first link of a page leads to its counterpart."""
    found = re.search(r"\]\(([^)]+)\)", page.read_text(encoding="utf-8"))
    return found is not None and (page.parent / found[1]).resolve() == other.resolve()


def _shape(page: Path) -> list[str]:
    """The blocks and headings in order."""
    text = page.read_text(encoding="utf-8")
    return re.findall(r"^(```[a-zö]*|#+)(?=\s|$)", text, re.MULTILINE)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_reference_is_what_the_language_is(language: Language) -> None:
    page = reference.PAGES[language]
    if os.environ.get("UPDATE_EXPECTED"):
        reference.main()
    assert page.read_text(encoding="utf-8") == reference.page(language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_reference_has_every_word_that_opens_a_line(language: Language) -> None:
    text = reference.page(language)
    for forms in HEADS.values():
        assert f"**{forms[language][0]}**" in text
