"""What ``check`` says of promises, and how it names the counterexamples that it writes."""

import re
import shutil
from pathlib import Path

import pytest

from tests.desk.test_commands import ACCESS, NEAR, ROOT, fordela


def folders(place: Path) -> set[str]:
    return {one.parent.relative_to(place).as_posix() for one in place.rglob("*.fordela")}


def test_folders_are_named_in_the_language_of_the_rules(tmp_path: Path) -> None:
    place = tmp_path / "M"
    told = fordela("check", ACCESS, "--prove", "--counterexamples", place, "--lang", "en")
    assert folders(place) == {
        "01-storre-vikt/fore",
        "01-storre-vikt/efter",
        "02-lika-vikt",
        "03-racker-inte",
    }
    text = "".join(told.stdout.split())
    assert f"{place}/01-storre-vikt/foreand{place}/01-storre-vikt/efter(" in text
    assert f"counterexample:{place}/02-lika-vikt" in text


def test_english_rules_have_english_folders(tmp_path: Path) -> None:
    place = tmp_path / "M"
    fordela("check", ROOT / "examples/half-and-half", "--prove", "--counterexamples", place)
    assert folders(place) == {
        f"{number}-larger-sum/{name}" for number in ("01", "02") for name in ("before", "after")
    }


def test_what_a_change_within_the_year_promises_is_written_too(tmp_path: Path) -> None:
    place = tmp_path / "M"
    fordela("check", ROOT / "examples/andring-under-aret", "--prove", "--counterexamples", place)
    assert folders(place) == {
        f"{number}-storre-summa/{name}" for number in ("01", "02") for name in ("fore", "efter")
    }


@pytest.mark.parametrize(
    ("amended", "expected"),
    [
        ("ändra underlag våren\n  växer med 0 %", {"01-racker-inte"}),
        ("ändra pott Prestation = 24 010 kr", {"01-racker-inte", "02-racker-inte"}),
    ],
)
def test_of_a_scenario_only_what_differs_is_written(
    amended: str, expected: set[str], tmp_path: Path
) -> None:
    ruleset, place = tmp_path / "regler", tmp_path / "M"
    shutil.copytree(ROOT / "examples/tolv-kronor", ruleset)
    rules = (ruleset / "regler.md").read_text("utf-8")
    scenario = f"\nom Annat\n\n{amended}\n```"
    (ruleset / "regler.md").write_text(scenario.join(rules.rsplit("```", 1)), "utf-8")
    told = fordela("check", ruleset, "--prove", "--counterexamples", place).stdout
    assert folders(place) == expected
    assert ("samma löften som ovan" in told) == (len(expected) == 1)


@pytest.mark.parametrize(
    ("ruleset", "mark", "words"),
    [
        (NEAR, "✓", "35 av 35 löften är bevisade .*, 3 av dem med villkor \\("),
        (
            ACCESS,
            "·",
            "29 av 33 löften är bevisade .*, 4 av dem med villkor; för 4 finns inget bevis \\(",
        ),
    ],
)
def test_a_tick_is_for_all_promises(ruleset: Path, mark: str, words: str) -> None:
    """A promise that is proved under conditions is counted, and one without a proof has no tick."""
    text = " ".join(fordela("check", ruleset).stdout.split())
    assert re.search(f"{mark} {words}", text)
