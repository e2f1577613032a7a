"""What changed between two rulesets, and that its parts are the whole change."""

from itertools import permutations
from pathlib import Path

import pytest

from engine.comparison.difference import CAUSES, Cause, compare_rulesets
from engine.inputs.files import Memory
from engine.outcome import Outcome
from engine.pipeline import run_ruleset
from engine.records.lock import LOCK_FILE

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


RULES = """regelverk Prov
budgetår 2026
mottagare mottagare, från data/mottagare.csv
övriga mottagare SKR
avrunda till 1 kr, största rest
avrunda belopp till 1 kr, närmast
underlag barn, antal per mottagare
  från data/u.csv, kolumn barn
  källa påhittade tal
{rules}"""


def small(rules: str, *rows: tuple[str, int]) -> Outcome:
    """A run with these recipients and their numbers of children."""
    rows = rows or (("Alby", 100), ("Berga", 200), ("Centrum", 700))
    table = "".join(f"{n},{name},{barn}\n" for n, (name, barn) in enumerate(rows, 1))
    names = "".join(f"{n},{name}\n" for n, (name, _) in enumerate(rows, 1))
    files = {
        "regler.fordela": RULES.format(rules=rules),
        "data/mottagare.csv": f"kod,namn\n{names}",
        "data/u.csv": f"kod,namn,barn\n{table}",
    }
    outcome = run_ruleset(Memory({name: text.encode() for name, text in files.items()}))
    assert outcome.result is not None, [one.code for one in outcome.findings]
    return outcome


ALL = "pott P = 1 000 kr\n  allt efter barn\n"


def test_figures_that_only_one_ruleset_has_are_no_change_of_figures() -> None:
    more = "underlag vuxna, antal per mottagare\n  från data/u.csv, kolumn barn\n  källa x\n"
    with_more = small(f"{more}pott P = 1 000 kr\n  allt efter barn + vuxna\n")
    assert compare_rulesets(with_more, small(ALL)).figures == ()
    assert compare_rulesets(small(ALL), with_more).figures == ()


def test_old_rules_with_new_amounts_that_are_not_enough_say_why_there_are_no_effects() -> None:
    before = small("pott P = 1 000 kr\n  800 kr till SKR\n  resten efter barn\n")
    after = small("pott P = 500 kr\n  80 kr till SKR\n  resten efter barn\n")
    comparison = compare_rulesets(before, after)
    assert comparison.effects == ()
    assert [one.code for one in comparison.findings] == ["F203"]
    assert compare_rulesets(before, after, ("rule", "pot", "figures")).findings == ()


def test_old_rules_with_new_figures_that_stop_them_say_why_there_are_no_effects() -> None:
    rules = "belopp b = 1 kr × barn\npott P = 1 000 kr\n  b till varje mottagare\n  resten {}\n"
    before = small(rules.format("till SKR"))
    more = (("Alby", 100), ("Berga", 200), ("Centrum", 701))
    after = small(ALL, *more)
    comparison = compare_rulesets(before, after)
    assert comparison.effects == ()
    assert [one.code for one in comparison.findings] == ["F503"]


FEWER = (("Alby", 400), ("Berga", 100))
MORE = (("Alby", 100), ("Berga", 200), ("Centrum", 700), ("Dalby", 1_000))


def test_recipients_that_only_one_ruleset_has_get_nothing_in_the_other() -> None:
    for rows, other in ((FEWER, MORE), (MORE, FEWER)):
        comparison = compare_rulesets(small(ALL, *rows), small(ALL, *other))
        ((effects,), found) = comparison.effects, comparison.findings
        assert found == ()
        names = [one.recipient.name for one in effects.rows]
        assert names == ["Alby", "Berga", "Centrum", "Dalby"]
        amounts = {FEWER: [800, 200, 0, 0], MORE: [50, 100, 350, 500]}
        assert [one.before for one in effects.rows] == amounts[rows]
        assert [one.after for one in effects.rows] == amounts[other]
        # The figures come with the rules, which say who the recipients are.
        assert [one.parts for one in effects.rows] == [(0, 0, one.change) for one in effects.rows]
        assert [(one.recipient and one.recipient.name) for one in comparison.figures] == [
            "Alby",
            "Berga",
        ]
