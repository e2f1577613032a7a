"""The rules shown in the documentation can be read, and stand as the formatter writes them."""

import re
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
        for p in [*ROOT.glob("*.md"), *DOCS.glob("*.md"), *ROOT.glob("benchmarks/*.md")]
    ),
)
def test_every_link_leads_somewhere(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text):
        if "://" not in target:
            assert ((ROOT / page).parent / target).exists(), target
