"""Whole pages as users see them, kept in ``expected/`` for people to read and review.

Run with ``UPDATE_EXPECTED=1`` to write them anew, then read the difference.
"""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from desk.cli import main
from engine.records import installed

ROOT = Path(__file__).parents[2]
EXPECTED = Path(__file__).parent / "expected"

NEAR = "rulesets/2024/god-och-nara-vard"
ACCESS = "rulesets/2024/okad-tillganglighet"

PAGES = {
    "welcome.sv": (0, ""),
    "welcome.en": (0, "--lang en"),
    "help.sv": (0, "--help"),
    "help.en": (0, "--help --lang en"),
    "help-run.sv": (0, "run --help"),
    "help-check.en": (0, "check --help --lang en"),
    "demo.sv": (0, "demo"),
    "demo.en": (0, "demo --lang en"),
    "run-god-och-nara-vard.sv": (0, f"run {NEAR}"),
    "run-okad-tillganglighet-2024.sv": (0, f"run {ACCESS}"),
    "run-okad-tillganglighet-2024.en": (0, f"run {ACCESS} --lang en"),
    "run-okad-tillganglighet-2023.sv": (0, "run rulesets/2023/okad-tillganglighet"),
    "run-besked.sv": (0, "run rulesets/2024/besked"),
    "run-sektorsbidrag.en": (0, "run rulesets/2025/sektorsbidrag --lang en"),
    "run-justering.sv": (0, "run examples/justering"),
    "run-nedat-till-pott.sv": (0, "run examples/nedat-till-pott"),
    "run-oren.sv": (0, "run examples/oren"),
    "run-half-and-half.en": (0, "run examples/half-and-half --lang en"),
    "run.csv": (0, f"run {ACCESS} --format csv"),
    "run.json": (0, "run examples/nedat-till-pott --format json"),
    "check.sv": (0, "check rulesets"),
    "check-plan.en": (0, f"check {ACCESS} --plan --lang en"),
    "check-prove-near.sv": (0, f"check {NEAR} --prove"),
    "check-prove-corner.sv": (0, "check examples/tolv-kronor --prove"),
    "check-prove-halves.en": (0, "check examples/half-and-half --prove --lang en"),
    "check-prove-day.sv": (0, "check examples/andring-under-aret --prove"),
    "check-prove-scenarios.en": (0, "check examples/what-if --prove --lang en"),
    "check-prove.json": (0, "check examples/tolv-kronor --prove --format json"),
    "verify-god-och-nara-vard.sv": (1, f"verify {NEAR}"),
    "verify-okad-tillganglighet-2024.en": (0, f"verify {ACCESS} --lang en"),
    "verify-all.sv": (1, "verify rulesets"),
    "verify.csv": (1, f"verify {NEAR} --format csv --lang en"),
    "verify.json": (1, f"verify {NEAR} --format json"),
}


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_as_reviewed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    # However the program is installed where the tests run.
    monkeypatch.setattr(installed, "installed", lambda: installed.Installed(0, ()))
    code, line = PAGES[name]
    result = CliRunner(env={"LC_ALL": "sv_SE.UTF-8"}).invoke(main, line.split())
    assert result.exit_code == code, result.stderr
    file = EXPECTED / (name if name.endswith(("csv", "json")) else f"{name}.txt")
    if os.environ.get("UPDATE_EXPECTED"):
        file.write_text(result.stdout, encoding="utf-8")
    assert result.stdout == file.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [name for name in PAGES if not name.endswith(("csv", "json"))])
def test_no_page_is_wider_than_a_hundred_characters(name: str) -> None:
    lines = (EXPECTED / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if len(line) > 100] == []


def test_every_reviewed_page_is_still_made() -> None:
    made = {name if name.endswith(("csv", "json")) else f"{name}.txt" for name in PAGES}
    assert {file.name for file in EXPECTED.iterdir()} == made
