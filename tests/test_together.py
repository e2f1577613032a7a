"""Many constructs in one ruleset: axes, two steps, öre, limits, growth, changes, building on.

What everybody should get was computed apart from the engine, with Python's integers and
fractions: earned amounts to the nearest öre in each month, everything else by largest remainder.
"""

from datetime import date
from pathlib import Path

import pytest

from engine.inputs.files import Folder
from engine.inputs.stack import AS_IS, Variant
from engine.pipeline import run_ruleset
from tests.desk.test_commands import fordela

FILES = {
    "data/kommuner.csv": "kod,namn,län\nA,Alby,X\nB,Berga,X\nC,Centrum,Y\n",
    "data/lan.csv": "kod,namn\nX,Norra\nY,Södra\n",
    "data/kostnad.csv": """kod,namn,månad,kostnad
A,Alby,januari,10.5
A,Alby,februari,3
B,Berga,januari,7
B,Berga,februari,0
C,Centrum,januari,1.25
C,Centrum,februari,9
""",
    "regler.fordela": """regelverk Allt på en gång
budgetår 2025
beslut N1, 2025-01-15
mottagare kommuner, från data/kommuner.csv
mottagare län, från data/lan.csv
avrunda till 1 öre, största rest
avrunda belopp till 1 öre, närmast
indelning månad = januari, februari

underlag kostnad, kr per kommun och månad
  från data/kostnad.csv
  källa påhittade tal

belopp månadens = kostnad / 3
belopp intjänat = summan av månadens över månad
värde nyckel = summan av kostnad över månad

pott P = 1 000,01 kr
  intjänat till varje kommun
  40 % efter nyckel, inom varje län efter nyckel, minst 1 kr var, högst 45 % var
  resten lika till varje län, inom varje län efter nyckel, högst 600,55 kr var

ändring från 2025-07-01

ändra pott P = 2 000,01 kr

ändra underlag kostnad
  växer med 2,5 %

om Mindre

ändra underlag kostnad
  minskar med 50 %

ändra pott P
  resten lika till varje län, inom varje län lika till varje kommun
""",
}
ABOVE = """regelverk Det nya året
budgetår 2026
beslut N2, 2026-01-15
bygger på 2025/allt
"""
AFTER = (74_750, 38_759, 86_492)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / "2025/allt" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    above = tmp_path / "2026/allt/regler.fordela"
    above.parent.mkdir(parents=True)
    above.write_text(ABOVE, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("ruleset", "variant", "ore"),
    [
        ("2025/allt", AS_IS, AFTER),
        ("2025/allt", Variant(at=date(2025, 6, 30)), (37_430, 19_408, 43_163)),
        ("2025/allt", Variant(at=date(2025, 7, 1)), AFTER),
        ("2025/allt", Variant(scenario="Mindre"), (65_219, 48_200, 86_582)),
        ("2026/allt", AS_IS, AFTER),
    ],
)
def test_constructs_work_together(
    ruleset: str, variant: Variant, ore: tuple[int, ...], folder: Path
) -> None:
    result = run_ruleset(Folder(folder / ruleset), variant=variant).result
    assert result is not None
    assert result.ledger.of_pot("P") == ore


@pytest.mark.parametrize("ruleset", ["2025/allt", "2026/allt"])
def test_they_are_adopted_together(ruleset: str, folder: Path) -> None:
    assert fordela("adopt", folder / ruleset).exit_code == 0
    assert "F7" not in fordela("check", folder / ruleset).stderr
    figures = folder / "2025/allt/data/kostnad.csv"
    figures.write_text(FILES["data/kostnad.csv"].replace("10.5", "10.6"), encoding="utf-8")
    assert "F708" in fordela("check", folder / ruleset).stderr


@pytest.mark.parametrize("who", ["Alby", "Berga", "Centrum"])
def test_they_are_explained_together(who: str, folder: Path) -> None:
    for chosen in ((), ("--scenario", "mindre"), ("--at", "2025-02-01")):
        result = fordela("why", folder / "2025/allt", who, *chosen, "--lang", "sv")
        assert result.exit_code == 0, result.stderr
        assert ("45 % × 800" in result.stdout.replace("\u00a0", " ")) == ("--at" not in chosen)


def test_a_list_of_recipients_takes_the_place_of_those_of_its_kind(folder: Path) -> None:
    above = folder / "2026/allt"
    (above / "lan.csv").write_text("kod,namn\nX,Norra länet\nY,Södra länet\n", encoding="utf-8")
    rules = f"{ABOVE}mottagare län, från lan.csv\n"
    (above / "regler.fordela").write_text(rules, encoding="utf-8")
    outcome = run_ruleset(Folder(above))
    assert outcome.result is not None, outcome.findings
    assert outcome.result.ledger.of_pot("P") == AFTER
    names = [one.name for one in outcome.result.program.registers["county"].recipients]
    assert names == ["Norra länet", "Södra länet"]
