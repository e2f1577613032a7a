"""The rules shown in the documentation can be read, and stand as the formatter writes them."""

import re
from functools import cache
from pathlib import Path

import pytest

from dsl.document import language_of, read_document
from dsl.formatter import format_rules
from dsl.numbers import Language
from dsl.source import read_source

DOCS = Path(__file__).parents[1] / "docs"
ROOT = DOCS.parent


@pytest.mark.parametrize(("page", "language"), [("spraket.md", "sv"), ("language.md", "en")])
def test_every_line_of_the_language_pages_can_be_read(page: str, language: Language) -> None:
    data = (DOCS / page).read_bytes()
    source = read_source(page, data)
    assert len(source.lines) >= 40
    assert language_of(source.lines) == language
    assert read_document(page, data).findings == ()


@pytest.mark.parametrize("page", ["spraket.md", "language.md"])
def test_the_language_pages_show_the_canonical_form(page: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    assert format_rules(page, text.encode()) == text


@pytest.mark.parametrize(
    "page",
    sorted(
        p.relative_to(ROOT).as_posix()
        for p in [*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *ROOT.glob("benchmarks/*.md")]
    ),
)
def test_every_link_leads_somewhere(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    for target, heading in re.findall(r"\]\(([^)#]*)(?:#([^)]*))?\)", text):
        if "://" not in target:
            found = (ROOT / page).parent / target if target else ROOT / page
            assert found.exists(), target
            assert not heading or heading in headings(found), f"{target}#{heading}"


@cache
def headings(page: Path) -> set[str]:
    """What a page's headings are called in a link, as GitHub has it."""
    text = page.read_text(encoding="utf-8")
    found = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", one).strip().lower().replace(" ", "-") for one in found}
