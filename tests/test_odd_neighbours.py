"""Rulesets among odd neighbours: damaged locks, empty folders, tables that lack something."""

import json
from datetime import date
from pathlib import Path

import pytest

from dsl import syntax as s
from engine.comparison.alternatives import alternatives
from engine.inputs.files import Folder, Memory
from engine.pipeline import run_ruleset, verify
from engine.records.lock import LOCK_FILE
from engine.records.versions import versions_of
from tests.desk.test_commands import fordela
from tests.test_versions import FIGURES, FILES, RECIPIENTS, RULES, codes, ran

# ---------------------------------------------------------------- locks and versions


def folder_of(place: Path, rules: str = RULES, **more: str) -> Path:
    """The ruleset as files, with other files beside its rules."""
    for path, text in {**FILES, "regler.fordela": rules, **more}.items():
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        (place / path).write_text(text, encoding="utf-8")
    return place


def adopted(place: Path, rules: str = RULES, **more: str) -> Path:
    assert fordela("adopt", folder_of(place, rules, **more)).exit_code == 0
    return place


def status(folder: Path) -> str:
    """What ``fordela versions`` says that the only version in a folder is."""
    found = json.loads(fordela("versions", folder, "--format", "json").stdout)["versions"]
    (one,) = found
    return str(one["status"])


def test_an_adopted_version_with_a_changed_byte_is_neither_draft_nor_adopted(
    tmp_path: Path,
) -> None:
    folder = adopted(tmp_path / "2025/stod")
    assert status(folder) == "adopted"
    (folder / "data/barn.csv").write_text(FIGURES.replace("100", "101"), encoding="utf-8")
    assert status(folder) == "changed"


def test_a_lock_that_is_a_folder_or_lists_too_many_files_is_damaged(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "2025/stod")
    (folder / LOCK_FILE).mkdir()
    assert "F710" in fordela("run", folder).stderr
    (folder / LOCK_FILE).rmdir()
    adopted(folder)
    lock = json.loads((folder / LOCK_FILE).read_text("utf-8"))
    one = lock["files"]["data/barn.csv"]
    lock["files"] |= {f"data/{n}.csv": one for n in range(2_000)}
    (folder / LOCK_FILE).write_text(json.dumps(lock), encoding="utf-8")
    assert "F710" in fordela("run", folder).stderr


def test_a_change_in_thousands_of_lines_is_told_by_its_first(tmp_path: Path) -> None:
    long = FIGURES + "".join(f"# anmärkning {n}\n" for n in range(2_500))
    folder = adopted(tmp_path / "2025/stod", **{"data/barn.csv": long})
    (folder / "data/barn.csv").write_text(long.replace("anm", "Anm"), encoding="utf-8")
    said = fordela("run", folder).stderr
    assert "fel[F708]" in said
    assert "data/barn.csv:5:1\n" in said
    assert said.count("Anmärkning") == 1


def test_a_file_of_more_lines_than_a_lock_follows_is_told_without_them(tmp_path: Path) -> None:
    long = FIGURES + "# anmärkning\n" * 20_000
    folder = adopted(tmp_path / "2025/stod", **{"data/barn.csv": long})
    lock = json.loads((folder / LOCK_FILE).read_text("utf-8"))
    assert lock["files"]["data/barn.csv"]["lines"] == ""
    (folder / "data/barn.csv").write_text(long.replace("700", "701"), encoding="utf-8")
    assert "F708" in fordela("run", folder).stderr


def test_a_version_without_a_day_or_a_decision_begins_with_the_year(tmp_path: Path) -> None:
    rules = RULES.replace("beslut N1, 2025-01-15\n", "")
    (one,) = versions_of(Folder(folder_of(tmp_path / "2025/stod", rules)))
    assert one.from_day == date(2025, 1, 1)


def test_neighbours_that_cannot_be_read_are_no_versions(tmp_path: Path) -> None:
    rulesets = tmp_path / "rulesets"
    folder = folder_of(rulesets / "2025/stod")
    folder_of(rulesets / "2025/trasig", RULES + "detta är ingen regel\n")
    (rulesets / "2025/tom").mkdir()
    elsewhere = folder_of(tmp_path / "annat/stod-tva", "ersätter stod\n" + RULES)
    (rulesets / "2025/bort").symlink_to(elsewhere, target_is_directory=True)
    assert [one.name for one in versions_of(Folder(folder))] == ["stod"]
    assert fordela("run", folder).exit_code == 0


def test_a_ruleset_replaces_neither_itself_nor_what_has_no_rules() -> None:
    for replaced in ("stod", "tom"):
        outcome = ran(f"ersätter {replaced}\n", tom="")
        assert codes(outcome)[0] in {"F712", "F009"}
    contents = {f"2025/stod/{path}": text.encode() for path, text in FILES.items()}
    contents["2025/stod/regler.fordela"] = RULES.replace(
        "budgetår", "ersätter tom\nbudgetår", 1
    ).encode()
    outcome = run_ruleset(Memory({**contents, "2025/tom/data/x.csv": b""}, "2025/stod"))
    assert codes(outcome) == ["F712"]


def test_a_folder_without_rules_is_nothing_to_build_on() -> None:
    contents = {f"2025/stod/{path}": text.encode() for path, text in FILES.items()}
    above = b"regelverk Mer 2025\nbudget\xc3\xa5r 2025\nbygger p\xc3\xa5 tom\n"
    contents |= {"2025/mer/regler.fordela": above, "2025/tom/data/x.csv": b""}
    assert codes(run_ruleset(Memory(contents, "2025/mer"))) == ["F706"]


def test_figures_of_a_ruleset_with_more_recipients_are_refused() -> None:
    other = {**FILES, "data/mottagare.csv": f"{RECIPIENTS}D,Dalby\n"}
    other["data/barn.csv"] = f"{FIGURES}D,Dalby,5\n"
    contents = {f"2025/annat/{path}": text.encode() for path, text in other.items()}
    contents |= {f"2025/stod/{path}": text.encode() for path, text in FILES.items()}
    ours = RULES.replace(
        "underlag barn, antal per mottagare\n  från data/barn.csv\n  källa påhittade tal\n",
        "underlag barn, kr per mottagare\n  från regelverket annat, pott P\n",
    )
    contents["2025/stod/regler.fordela"] = ours.encode()
    assert codes(run_ruleset(Memory(contents, "2025/stod"))) == ["F610"]


def test_a_rule_file_by_another_name_that_cannot_be_read_is_still_proposed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("engine.inputs.files.MAX_BYTES", 3)
    outcome = run_ruleset(Memory({"regler.txt": b"pott"}))
    (found,) = outcome.findings
    assert (found.code, found.data["found"]) == ("F020", "regler.txt")
    assert found.data["renamed"] == "regler.fordela"


# ---------------------------------------------------------------- published tables


FACIT = RULES + "tabell T\n  kolumn {} som Andel\n  facit från facit/t.csv\n"


def verdicts(column: str, facit: str | None) -> tuple[list[tuple[int, int]], list[str]]:
    """Of every published column how many cells are the same of how many; and what is found."""
    files = {**FILES, "regler.fordela": FACIT.format(column)}
    files |= {} if facit is None else {"facit/t.csv": facit}
    outcome = run_ruleset(Memory({path: text.encode() for path, text in files.items()}))
    assert outcome.result is not None, codes(outcome)
    compared, found = verify(outcome)
    return [(one.equal, one.cells) for one in compared], [one.code for one in found]


def test_a_published_table_that_is_gone_is_said_to_be() -> None:
    assert verdicts("andel barn", None) == ([], ["F306"])


def test_a_share_is_compared_with_a_published_number_of_percent() -> None:
    percent = "namn,Andel\nAlby,10 %\nBerga,20 %\nCentrum,71 %\n"
    assert verdicts("andel barn", percent) == ([(2, 3)], [])
    assert verdicts("andel barn, i procent", percent) == ([(2, 3)], [])


def test_a_published_cell_without_a_figure_is_not_compared() -> None:
    facit = "namn,Andel\nAlby,100\nBerga,..\nCentrum,700\n"
    assert verdicts("barn", facit) == ([(2, 2)], [])


def test_ways_of_rounding_that_cannot_share_a_pot_are_not_proposed() -> None:
    rules = RULES.replace("  resten efter barn\n", "  1/7 efter barn\n  resten efter barn\n")
    table = "tabell T\n  kolumn P som P\n  facit från facit/t.csv\n"
    files = {**FILES, "regler.fordela": rules + table, "facit/t.csv": "namn,P\nAlby,0\n"}
    outcome = run_ruleset(Memory({path: text.encode() for path, text in files.items()}))
    (verdict,), _ = verify(outcome)
    ways = [one.rounding.method for one in alternatives(outcome, verdict)]
    assert ways == [s.Method.SAINTE_LAGUE]
