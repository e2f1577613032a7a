"""What other programs get: JSON that keeps its shape, CSV that no spreadsheet runs."""

import csv
import io
import json
import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from desk.cli import main
from desk.data.csv_rows import as_csv
from tests.desk.test_commands import AS_DRAFT

ROOT = Path(__file__).parents[2]
NEAR = ROOT / "rulesets/2024/god-och-nara-vard"
ACCESS = ROOT / "rulesets/2024/okad-tillganglighet"
RESERVE = ROOT / "examples/nedat-till-pott"
ALL = sorted(file.parent for file in ROOT.glob("rulesets/*/*/regler.md"))
ALL += sorted(file.parent for file in ROOT.glob("examples/*/r*.md"))

EXACT = re.compile(r"-?\d+/[1-9]\d*")
SHOWN = re.compile(r"-?\d+\.\d+")


def output(*arguments: str | Path) -> str:
    runner = CliRunner(env={"LC_ALL": "sv_SE.UTF-8"})
    return runner.invoke(main, [str(one) for one in arguments]).stdout


def run_data(ruleset: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(output("run", ruleset, "--format", "json"))
    return data


def numbers_of(data: Any) -> Iterator[Any]:
    if isinstance(data, dict):
        for value in data.values():
            yield from numbers_of(value)
    elif isinstance(data, list):
        for value in data:
            yield from numbers_of(value)
    elif not isinstance(data, str | None):
        yield data


def test_the_amounts_are_those_of_the_decision() -> None:
    data = run_data(NEAR)
    assert [data[key] for key in ("schema", "ruleset", "year", "unit")] == [
        1,
        "God och nära vård 2024",
        2024,
        "kr",
    ]
    gotland = {"pot": "Ambulans", "recipient": "09", "name": "Gotland", "amount": 705424}
    assert gotland in data["amounts"]
    assert len(data["amounts"]) == 3 * 21
    assert sum(one["amount"] for one in data["others"] if one["name"] == "SKR") == 34_250_000
    assert {one["rate"] for one in data["lines"]} >= {"3.362480561", None}


@pytest.mark.parametrize("ruleset", ALL, ids=lambda folder: folder.name)
def test_every_run_has_the_same_shape(ruleset: Path) -> None:
    data = run_data(ruleset)
    assert list(data) == [
        *("schema", "ruleset", "year", "decision", "rule_file", "adopted", "at", "scenario"),
        *("unit", "rounding", "amounts", "others", "already_paid", "pots", "items", "lines"),
        *("ties", "limits", "statistics", "checks", "tables", "findings"),
    ]
    for one in data["amounts"]:
        assert {key: type(value) for key, value in one.items()} == {
            "pot": str,
            "recipient": str,
            "name": str,
            "amount": int,
        }
    for one in data["statistics"]:
        assert re.fullmatch(r"[0-9a-f]{64}", one["sha256"] or "0" * 64)
        assert not Path(one["file"]).is_absolute()
    for table in data["tables"]:
        for column in table["columns"]:
            assert len(column["exact"]) == len(column["shown"]) == len(table["recipients"])
            for value in column["exact"]:
                assert isinstance(value, int) or EXACT.fullmatch(value)
            for value in column["shown"]:
                assert isinstance(value, int) or SHOWN.fullmatch(value) or EXACT.fullmatch(value)


@pytest.mark.parametrize("ruleset", ALL, ids=lambda folder: folder.name)
def test_no_number_is_a_float(ruleset: Path) -> None:
    assert {type(one) for one in numbers_of(run_data(ruleset))} <= {int, bool}


@pytest.mark.parametrize("ruleset", ALL, ids=lambda folder: folder.name)
def test_the_amounts_of_a_pot_and_what_it_sends_on_are_the_pot(ruleset: Path) -> None:
    data = run_data(ruleset)
    for pot in data["pots"]:
        assert pot["sum"] == pot["amount"]
        out = [one["amount"] for one in data["lines"] if one["pot"] == pot["pot"]]
        assert sum(out) == pot["amount"]
        here = [one["amount"] for one in data["amounts"] if one["pot"] == pot["pot"]]
        to_all = [one for one in data["lines"] if one["pot"] == pot["pot"]]
        nouns = {"region", "county", "municipality", "recipient"}
        assert sum(here) == sum(one["amount"] for one in to_all if one["to"] in nouns)


def test_the_same_run_gives_the_same_bytes() -> None:
    assert output("run", NEAR, "--format", "json") == output("run", NEAR, "--format", "json")


def test_an_amount_in_ore_is_an_integer_too() -> None:
    data = run_data(ROOT / "examples/oren")
    assert data["unit"] == "öre"
    assert [one["amount"] for one in data["amounts"]] == [3334, 3333, 3333]


def test_ties_are_told() -> None:
    ties = run_data(ROOT / "examples/oren")["ties"]
    assert [(one["recipients"], one["order"]) for one in ties] == [(["A", "B", "C"], "code")]


def test_errors_are_told_when_nothing_came_of_the_run(tmp_path: Path) -> None:
    data = run_data(tmp_path)
    assert list(data) == ["schema", "findings"]
    assert [one["code"] for one in data["findings"]] == ["F020"]


@pytest.mark.parametrize("form", ["json", "sarif"])
def test_a_check_is_json(form: str, tmp_path: Path) -> None:
    assert json.loads(output("check", NEAR, "--format", form))
    assert json.loads(output("check", tmp_path, "--format", form))


def test_a_check_tells_the_plan_when_asked() -> None:
    data = json.loads(output("check", NEAR, "--format", "json", "--plan"))
    assert len(data["plans"]) == len(data["files"]) == 1
    assert data["plans"][0][0].startswith("1  läs underlag befolkning")


def test_a_check_annotates_on_github_with_paths_as_they_were_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "regler/regler.fordela"
    file.parent.mkdir()
    file.write_text("pott Stöd = 10 kr\n", encoding="utf-8")
    lines = output("check", "regler", "--format", "github").splitlines()
    assert lines
    assert all(line.startswith("::error file=regler/regler.fordela,line=") for line in lines)


def test_a_comparison_shows_decimals_as_they_are_shown() -> None:
    data = json.loads(output("verify", ROOT / "rulesets/2024", "--format", "json"))
    assert [one["ruleset"] for one in data["rulesets"]] == [
        "Besked om medel per region 2024",
        "God och nära vård 2024",
        "Ökad tillgänglighet 2024",
    ]
    near = data["rulesets"][1]
    share = next(one for one in near["columns"] if one["column"] == "Andel befolkning")
    assert (share["cells"], share["equal"], share["differences"]) == (21, 21, [])


def test_a_shown_decimal_is_a_text(tmp_path: Path) -> None:
    import shutil

    ruleset = Path(shutil.copytree(NEAR, tmp_path / "x", ignore=AS_DRAFT))
    file = ruleset / "facit/bilaga-2.csv"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('"23,3%"', '"23,4%"'), encoding="utf-8")
    data = json.loads(output("verify", ruleset, "--format", "json"))
    share = next(one for one in data["columns"] if one["column"] == "Andel befolkning")
    assert share["differences"] == [
        {
            "recipient": "01",
            "name": "Stockholm",
            "asserted": "23.4",
            "calculated": "23.3",
            "difference": "-0.1",
        }
    ]


# ---------------------------------------------------------------- CSV


def test_csv_has_a_row_for_each_pot_and_recipient() -> None:
    rows = list(csv.DictReader(io.StringIO(output("run", NEAR, "--format", "csv"))))
    assert list(rows[0]) == ["pott", "kod", "mottagare", "belopp", "avrundning"]
    named = [row for row in rows if row["kod"]]
    assert len(named) == 3 * 21
    others = [row for row in rows if row["mottagare"] == "SKR"]
    assert sum(int(row["belopp"]) for row in others) == 34_250_000
    ambulance = [int(row["belopp"]) for row in rows if row["pott"] == "Ambulans"]
    assert sum(ambulance) == 46_000_000


@pytest.mark.parametrize("ruleset", [NEAR, ACCESS, RESERVE])
def test_the_rows_of_a_pot_add_up_to_it(ruleset: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(output("run", ruleset, "--format", "csv"))))
    data = json.loads(output("run", ruleset, "--format", "json"))
    for pot in data["pots"]:
        given = sum(int(row["belopp"]) for row in rows if row["pott"] == pot["pot"])
        assert given == pot["amount"]


def test_csv_has_english_headings_too() -> None:
    first = output("run", NEAR, "--format", "csv", "--lang", "en").splitlines()[0]
    assert first == "pot,code,recipient,amount,rounding"


FORMULAS = ["=1+1", "+1", "-1", "@x", "\tx", "\n=1", "＝1", "＋1", "－1", "＠x"]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_that_would_be_a_formula_is_made_harmless(text: str) -> None:
    rows = list(csv.reader(io.StringIO(as_csv(["a"], [[text, 1]]), newline="")))
    assert rows[1] == [f"'{text}", "1"]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_heading_that_would_be_a_formula_is_made_harmless(text: str) -> None:
    rows = list(csv.reader(io.StringIO(as_csv(["a", text], []), newline="")))
    assert rows == [["a", f"'{text}"]]


def test_no_text_begins_a_row_of_its_own() -> None:
    rows = list(csv.reader(io.StringIO(as_csv(["a"], [["x\r=1"]]), newline="")))
    assert rows == [["a"], ["x\n=1"]]


def test_a_negative_number_is_still_a_number() -> None:
    assert as_csv(["a"], [[-1, Fraction(-5, 2), "-1"]]) == "a\n-1,-2.5,'-1"


def test_whom_floors_and_ceilings_hold_is_told_by_code() -> None:
    data = run_data(ROOT / "examples/golv-och-tak")
    held = {"at_floor": ["A"], "at_ceiling": ["C"]}
    assert data["limits"] == [{"pot": "Stöd", "line": 1, **held}]
    assert run_data(NEAR)["limits"] == []
