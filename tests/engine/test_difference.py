"""What changed between two rulesets, and that its parts are the whole change."""

from itertools import permutations
from pathlib import Path

import pytest

from engine.difference import CAUSES, Cause, compare_rulesets
from engine.files import Memory
from engine.lock import LOCK_FILE
from engine.outcome import Outcome
from engine.pipeline import run_ruleset

FOLDER = Path(__file__).parents[2] / "rulesets" / "2024" / "god-och-nara-vard"
FILES = {
    path.relative_to(FOLDER).as_posix(): path.read_bytes()
    for path in FOLDER.rglob("*")
    if path.is_file() and path.name != LOCK_FILE
}


def changed(*changes: tuple[str, str, str]) -> Outcome:
    files = dict(FILES)
    for path, old, new in changes:
        text = files[path].decode()
        assert old in text
        files[path] = text.replace(old, new, 1).encode()
    return run_ruleset(Memory(files))


BEFORE = changed()
AFTER = changed(
    ("regler.md", "46 000 000 kr till Ambulans", "50 000 000 kr till Ambulans"),
    ("regler.md", "500 000 kr till varje region\n", "600 000 kr till varje region\n"),
    ("data/befolkning.csv", "09,Gotland,61093", "09,Gotland,158226"),
    ("data/befolkning.csv", "10,Blekinge,158226", "10,Blekinge,61093"),
)


@pytest.mark.parametrize("order", list(permutations(CAUSES)))
def test_the_parts_are_the_whole_change_in_any_order(order: tuple[Cause, ...]) -> None:
    comparison = compare_rulesets(BEFORE, AFTER, order)
    assert comparison.findings == ()
    regions, counties = comparison.effects
    for row in (*regions.rows, *counties.rows):
        assert row.before + sum(row.parts) == row.after
    assert sum(row.change for row in regions.rows) == 4_000_000
    assert sum(row.parts[order.index("figures")] for row in regions.rows) == 0
    assert sum(row.change for row in counties.rows) == 0


def test_changed_statements_are_found_by_what_they_declare() -> None:
    rules = compare_rulesets(BEFORE, AFTER).rules
    assert [(one.before or "").split()[1] for one in rules] == ["1:6", "Ambulans"]


def test_two_recipients_whose_figures_changed_places_are_pointed_out() -> None:
    (swap,) = compare_rulesets(BEFORE, AFTER).swaps
    assert (swap.first.name, swap.second.name) == ("Gotland", "Blekinge")


def test_nothing_differs_from_itself() -> None:
    comparison = compare_rulesets(BEFORE, BEFORE)
    assert comparison.rules == ()
    assert comparison.figures == ()
    assert all(row.change == 0 for table in comparison.effects for row in table.rows)
