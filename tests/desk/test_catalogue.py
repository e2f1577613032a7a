"""What the program says stands in the catalogue, in both languages, and nowhere else."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from dsl.catalogue import LANGUAGES, phrases_table

DESK = Path(__file__).parents[2] / "desk"
SOURCES = sorted(DESK.rglob("*.py"))

# The groups of phrases that belong to the command line.
GROUPS = {
    *("ui", "help", "option", "misuse", "table", "run", "check", "plan", "verify", "csv"),
    *("demo", "new", "why", "audit", "receipt"),
}


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def texts_of(file: Path) -> Iterator[str]:
    """The text constants of a module, without docstrings and comments."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in docstrings:
            yield from [node.value] if isinstance(node.value, str) else []


def mine() -> list[str]:
    return [key for key in phrases_table() if key.partition(".")[0] in GROUPS]


@pytest.mark.parametrize("key", mine())
def test_a_phrase_says_the_same_in_both_languages(key: str) -> None:
    texts = phrases_table()[key]
    assert set(texts) == set(LANGUAGES)
    assert fields(texts["sv"]) == fields(texts["en"])
    assert all(text.strip() == text and text for text in texts.values())


@pytest.mark.parametrize("file", SOURCES, ids=lambda file: file.relative_to(DESK).as_posix())
def test_no_sentence_stands_in_the_code(file: Path) -> None:
    """Three words of letters in a row are taken for a sentence."""
    sentence = re.compile(r"[^\W\d_]{2,} [^\W\d_]{2,} [^\W\d_]{2,}")
    assert [text for text in texts_of(file) if sentence.search(text)] == []


def test_every_phrase_that_is_named_in_the_code_exists() -> None:
    """A key that ends in an underscore is the beginning of several."""
    named = re.compile(rf"(?:{'|'.join(GROUPS)})\.[a-z_0-9]+")
    used = {text for file in SOURCES for text in texts_of(file) if named.fullmatch(text)}
    known = tuple(phrases_table())
    assert used
    assert [key for key in used if not any(_is_meant(key, one) for one in known)] == []


def _is_meant(used: str, known: str) -> bool:
    return known.startswith(used) if used.endswith("_") else known == used
