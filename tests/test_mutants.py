"""Mutants are what the source says with one small error; those that survive have a reason."""

import ast
from pathlib import Path

import pytest

from tools.mutants import TARGETS, reasons
from tools.mutations import mutants

ROOT = Path(__file__).parents[1]
SOURCE = '''"""Docstring."""

LIMIT: int = 3


def shared(total: int, rows: list[int]) -> list[int]:
    """Docstring."""
    if total < LIMIT and rows:
        return sorted(rows)
    return [max(one, 0) for one in rows[1:] if one]
'''


def test_a_mutant_differs_from_its_source_in_one_place() -> None:
    found = {(one.line, one.within, one.after) for one in mutants(SOURCE)}
    assert found == {
        (3, "", "LIMIT: int = 2"),
        (3, "", "LIMIT: int = 4"),
        (3, "", "LIMIT: int = None"),
        (8, "shared", "if rows:"),
        (8, "shared", "if (total < LIMIT or rows):"),
        (8, "shared", "if (total < LIMIT):"),
        (8, "shared", "if (total <= LIMIT) and rows:"),
        (8, "shared", "if (total >= LIMIT) and rows:"),
        (9, "shared", "return None"),
        (9, "shared", "return sorted(rows, reverse=True)"),
        (10, "shared", "return None"),
        (10, "shared", "return ([max(one, 0) for one in rows[1:]])"),
        (10, "shared", "return [max(one, -1) for one in rows[1:] if one]"),
        (10, "shared", "return [max(one, 0) for one in rows[0:] if one]"),
        (10, "shared", "return [max(one, 0) for one in rows[1:] if (not one)]"),
        (10, "shared", "return [max(one, 0) for one in rows[2:] if one]"),
        (10, "shared", "return [max(one, 0) for one in rows[:] if one]"),
        (10, "shared", "return [max(one, 1) for one in rows[1:] if one]"),
        (10, "shared", "return [min(one, 0) for one in rows[1:] if one]"),
    }


@pytest.mark.parametrize("path", TARGETS)
def test_every_mutant_can_be_read_and_every_reason_is_for_one(path: str) -> None:
    source = (ROOT / path).read_text(encoding="utf-8")
    found = mutants(source)
    assert len({one.source for one in found} - {source}) == len(found) > 300
    for one in found[::20]:
        ast.parse(one.source)
    known = {(one.within, one.before, one.after) for one in found}
    assert set(reasons(path)) <= known
    assert all(len(why.split()) > 5 for why in reasons(path).values())
