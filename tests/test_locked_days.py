"""The lock of rules that change within the year has what they gave before every change."""

import json
import shutil
from collections.abc import Callable
from datetime import date, timedelta
from functools import reduce
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.inputs.files import Memory
from engine.inputs.stack import Variant
from engine.pipeline import run_ruleset
from engine.records.lock import LOCK_FILE
from tests.desk.test_commands import fordela
from tests.test_versions import ADOPTED, FILES, ODD, RULES, codes, places_in, written

ROOT = Path(__file__).parents[1]
NEW = "kod,namn,barn\nA,Alby,500\nB,Berga,300\nC,Centrum,200\n"
CHANGES = """ändring från 2025-04-01
ändra pott P = 3 000 kr
ändring från 2025-09-01
ändra underlag barn
  från data/nya.csv
"""

# 100 kr to SKR, and 900 kr or 2 900 kr by 100, 200 and 700 children, then by 500, 300 and 200.
BEFORE_APRIL = {"P": {"recipients": {"A": 90, "B": 180, "C": 630}, "others": {"SKR": 100}}}
BEFORE_SEPTEMBER = {"P": {"recipients": {"A": 290, "B": 580, "C": 2030}, "others": {"SKR": 100}}}
AT_LAST = {"P": {"recipients": {"A": 1450, "B": 870, "C": 580}, "others": {"SKR": 100}}}


def amended(folder: Path, rules: str = RULES + CHANGES) -> Path:
    written(folder, rules)
    (folder / "data/nya.csv").write_text(NEW, encoding="utf-8")
    return folder


@pytest.fixture
def adopted(tmp_path: Path) -> Path:
    folder = amended(tmp_path / "2025/stod")
    result = fordela("adopt", folder)
    assert result.exit_code == 0, result.stderr
    return folder


@pytest.fixture(scope="module")
def contents(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The same in memory."""
    folder = amended(tmp_path_factory.mktemp("locked") / "2025/stod")
    assert fordela("adopt", folder).exit_code == 0
    found = [path for path in folder.rglob("*") if path.is_file()]
    return {f"2025/stod/{path.relative_to(folder).as_posix()}": path.read_bytes() for path in found}


def with_lock(contents: dict[str, bytes], lock: object) -> Memory:
    data = {f"2025/stod/{LOCK_FILE}": json.dumps(lock).encode()}
    return Memory(contents | data, "2025/stod")


def lock_of(folder: Path) -> Any:
    return json.loads((folder / LOCK_FILE).read_text(encoding="utf-8"))


def mended(folder: Path, change: Callable[[Any], object]) -> Path:
    """The ruleset with something else in its lock."""
    data = lock_of(folder)
    change(data)
    (folder / LOCK_FILE).write_text(json.dumps(data, indent=1), encoding="utf-8")
    return folder


def first_of(data: Any) -> Any:
    """What the recipients got before the first change, in a lock."""
    return data["before"]["2025-04-01"]["pots"]["P"]["recipients"]


def test_what_was_given_before_every_change_is_locked(adopted: Path) -> None:
    lock = lock_of(adopted)
    assert lock["pots"] == AT_LAST
    assert lock["before"] == {
        "2025-04-01": {"units_per_krona": 1, "pots": BEFORE_APRIL},
        "2025-09-01": {"units_per_krona": 1, "pots": BEFORE_SEPTEMBER},
    }
    # The earlier figures are read only by the earlier rules.
    assert set(lock["files"]) == {*FILES, "data/nya.csv"}
    for verb in ("check", "run", "verify"):
        assert fordela(verb, adopted).exit_code == 0


@given(day=st.integers(-500, 500))
def test_every_day_is_held_to_its_own_kronor(contents: dict[str, bytes], day: int) -> None:
    variant = Variant(at=date(2025, 6, 1) + timedelta(days=day))
    assert codes(run_ruleset(Memory(contents, "2025/stod"), variant=variant)) == []
    lock = json.loads(contents[f"2025/stod/{LOCK_FILE}"])
    for one in (*lock["before"].values(), lock):
        one["pots"]["P"]["recipients"]["A"] += 1
    (found,) = run_ruleset(with_lock(contents, lock), variant=variant).findings
    assert found.code == "F711"
    to_come = [one for one in lock["before"] if str(variant.at) < one]
    assert found.data.get("day") == (to_come[0] if to_come else None)


def test_other_kronor_before_a_change_are_said_with_the_day(adopted: Path) -> None:
    mended(adopted, lambda data: first_of(data).update(A=91, C=629))
    assert fordela("run", adopted).exit_code == 0
    assert fordela("run", adopted, "--at", "2025-04-01").exit_code == 0
    for verb, *options in (["check"], ["verify"], ["run", "--at", "2025-03-31"]):
        result = fordela(verb, adopted, *options)
        assert result.exit_code == 1, verb
        assert "fel[F711]: potten P" in result.stderr
        said = " ".join(result.stderr.split())
        assert "2 belopp skiljer, först Alby: 91 kr då, 90 kr nu" in said
        assert "reglerna före 2025-04-01" in said
    assert "omräkningen ger andra kronor" in fordela("verify", adopted).stdout
    answer = json.loads(fordela("verify", adopted, "--format", "json").stdout)
    assert answer["adopted"]["same_amounts"] is False


def test_a_scenario_is_held_to_nothing(tmp_path: Path) -> None:
    folder = amended(tmp_path / "2025/stod", RULES + CHANGES + "om Mer\nändra pott P = 9 kr\n")
    rules = folder / "regler.fordela"
    rules.write_text(rules.read_text("utf-8").replace("= 9 kr", "= 9 000 kr"), encoding="utf-8")
    assert fordela("adopt", folder).exit_code == 0
    assert fordela("check", folder).exit_code == 0
    for at in ([], ["--at", "2025-03-31"]):
        assert fordela("run", folder, "--scenario", "mer", *at).exit_code == 0


def test_figures_that_only_earlier_rules_read_are_locked(adopted: Path) -> None:
    figures = adopted / "data/barn.csv"
    figures.write_text(FILES["data/barn.csv"].replace("700", "800"), encoding="utf-8")
    result = fordela("run", adopted)
    assert result.exit_code == 1
    assert "fel[F708]: data/barn.csv" in result.stderr


def test_a_lock_from_before_says_nothing_of_earlier_days(adopted: Path) -> None:
    mended(adopted, lambda data: data.pop("before"))
    for verb, *options in (["check"], ["verify"], ["run", "--at", "2025-03-31"]):
        assert fordela(verb, adopted, *options).exit_code == 0
    mended(adopted, lambda data: data["pots"]["P"]["recipients"].update(A=1))
    assert fordela("run", adopted, "--at", "2025-03-31").exit_code == 0
    assert "F711" in fordela("run", adopted, "--at", "2025-09-01").stderr


def test_ore_before_a_change_are_locked_as_ore(tmp_path: Path) -> None:
    rules = RULES.replace("avrunda till 1 kr", "avrunda till 1 öre")
    more = "ändring från 2025-04-01\navrunda till 1 kr, största rest\n"
    folder = amended(tmp_path / "2025/stod", rules + more)
    assert fordela("adopt", folder).exit_code == 0
    lock = lock_of(folder)
    assert lock["units_per_krona"] == 1
    assert lock["before"]["2025-04-01"]["units_per_krona"] == 100
    assert lock["before"]["2025-04-01"]["pots"]["P"]["recipients"]["A"] == 9000
    mended(folder, lambda data: first_of(data).update(A=9050))
    assert "90,5 kr då, 90 kr nu" in " ".join(fordela("check", folder).stderr.split())


def test_nothing_is_adopted_that_fails_before_a_change(tmp_path: Path) -> None:
    rules = RULES.replace("= 100 kr\n", "= 200 kr\n")
    folder = amended(tmp_path / "2025/stod", rules + "ändring från 2025-04-01\nändra pott P\n")
    with (folder / "regler.fordela").open("a", encoding="utf-8") as opened:
        opened.write("  200 kr till SKR\n")
    assert fordela("run", folder).exit_code == 0
    result = fordela("adopt", folder)
    assert result.exit_code == 1
    assert "reglerna som gäller 2025-03-31:" in result.stderr
    assert "Inget är fastställt" in result.stderr
    assert not (folder / LOCK_FILE).exists()


def test_changes_in_what_a_ruleset_builds_on_are_locked(tmp_path: Path) -> None:
    amended(tmp_path / "2025/stod")
    rules = "regelverk Ny\nbudgetår {year}\nbeslut N2, 2025-02-01\nbygger på {below}\n"
    same = written(tmp_path / "2025/ny", rules.format(year=2025, below="stod"))
    other = written(tmp_path / "2026/ny", rules.format(year=2026, below="2025/stod"))
    for folder in (same, other):
        assert fordela("adopt", folder).exit_code == 0
        assert fordela("check", folder).exit_code == 0
    assert list(lock_of(same)["before"]) == ["2025-04-01", "2025-09-01"]
    assert lock_of(same)["before"]["2025-04-01"]["pots"] == BEFORE_APRIL
    assert "before" not in lock_of(other)
    mended(same, lambda data: first_of(data).update(A=91))
    assert "F711" in fordela("check", same).stderr


@pytest.mark.parametrize("folder", ADOPTED, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_without_changes_a_lock_is_written_as_before(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "rulesets", tmp_path / "rulesets")
    copy = tmp_path / folder.relative_to(ROOT)
    before = (copy / LOCK_FILE).read_bytes()
    lock = json.loads(before)
    (copy / LOCK_FILE).unlink()
    assert fordela("adopt", copy, "--date", lock["adopted"]).exit_code == 0
    assert (copy / LOCK_FILE).read_bytes() == before


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: repr(odd)[:10])
def test_an_odd_value_anywhere_before_a_change_is_a_finding(
    contents: dict[str, bytes], odd: object
) -> None:
    whole = json.loads(contents[f"2025/stod/{LOCK_FILE}"])
    places = [place for place in places_in(whole) if place[0] == "before"]
    assert len(places) == 21
    for place in places:
        lock = json.loads(contents[f"2025/stod/{LOCK_FILE}"])
        reduce(lambda data, key: data[key], place[:-1], lock)[place[-1]] = odd
        variant = Variant(at=date(2025, 3, 31))
        found = codes(run_ruleset(with_lock(contents, lock), variant=variant))
        assert found in ([], ["F710"], ["F711"]), (place, odd)


@pytest.mark.parametrize("day", ["", "x", "2025-13-01", "0000-01-01"])
def test_an_odd_day_in_a_lock_is_a_finding(contents: dict[str, bytes], day: str) -> None:
    lock = json.loads(contents[f"2025/stod/{LOCK_FILE}"])
    lock["before"][day] = lock["before"].pop("2025-04-01")
    assert codes(run_ruleset(with_lock(contents, lock))) == ["F710"]
