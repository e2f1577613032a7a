"""What a case officer writes at the first try is understood, or answered with the right line."""

import pytest

from engine.inputs.files import Memory
from engine.outcome import Outcome
from engine.pipeline import run_ruleset

HEAD = """regelverk Prov
budgetår 2026
mottagare regioner
avrunda till 1 kr, största rest

underlag befolkning, personer per region
  från data/tal.csv, kolumn folk
  källa påhittade tal

underlag resultat, procent per region
  från data/tal.csv, kolumn i år
  källa påhittade tal

underlag förra året, procent per region
  från data/tal.csv, kolumn i fjol
  källa påhittade tal

värde förbättring = resultat − förra året
"""
STEPS = "trappa utfall efter resultat\n  under 70 % ger 0 %\n"
POT = "pott Stöd = 1 000 000 kr\n"
# As regions have been called in published tables.
NAMES = [
    "Stockholms läns landsting",
    "Uppsala läns landsting",
    "Region Sörmland",
    "Östergötlands läns landsting",
    "Jönköpings läns landsting",
    "Kronobergs läns landsting",
    "Kalmar läns landsting",
    "Region Gotland",
    "Blekinge läns landsting",
    "Skåne",
    "Region Halland",
    "VGR",
    "Värmlands län",
    "Region Örebro län",
    "Västmanland",
    "Region Dalarna",
    "Gävleborg",
    "Region Västernorrland",
    "Jämtland/Härjedalen",
    "Västerbottens läns landsting",
    "Region Norrbotten",
]


def ran(rules: str, names: list[str] = NAMES) -> Outcome:
    rows = "".join(f"{name};{1000 + 10 * n};{60 + n};70\n" for n, name in enumerate(names))
    table = f"Region;folk;i år;i fjol\n{rows}"
    return run_ruleset(
        Memory({"regler.fordela": (HEAD + rules).encode(), "data/tal.csv": table.encode()})
    )


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("från 70 % till 80 % ger hälften", "från och med 70 % upp till 80 % ger 50 %"),
        ("från och med 70 % till 80 % ger 50 %", "från och med 70 % upp till 80 % ger 50 %"),
        ("70–80 % ger 50 %", "från och med 70 % upp till 80 % ger 50 %"),
        (
            "70 procent till 80 procent ger en tredjedel",
            "från och med 70 % upp till 80 % ger 1 / 3",
        ),
        ("från 70 % men inte 80 % ger 50 %", "från och med 70 % upp till 80 % ger 50 %"),
    ],
)
def test_a_step_with_other_words_for_its_limits(written: str, meant: str) -> None:
    rungs = f"{STEPS}  {written}\n  från och med 80 % ger 100 %\n"
    rules = f"{rungs}{POT}  allt efter befolkning × utfall\n"
    found = [one.data.get("line") for one in ran(rules).findings if one.code == "F003"]
    assert found == [meant]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("efter befolkning, dock högst 20 %", "efter befolkning, högst 20 % var"),
        ("efter befolkning, ingen mer än 20 %", "efter befolkning, högst 20 % var"),
        ("efter befolkning, om resultat når 70 %", "efter befolkning, om resultat ≥ 70 %"),
        (
            "efter infasning från befolkning till resultat (2026 50 %, 2027 100 %)",
            "efter infasning från befolkning till resultat (2026: 50 %, 2027: 100 %)",
        ),
        (
            "efter infasning från resultat till resultat × resultat (2026: 50 %, 2027: 100 %)",
            "efter infasning från resultat till (resultat × resultat) (2026: 50 %, 2027: 100 %)",
        ),
    ],
)
def test_a_line_of_a_pot_in_the_words_of_a_decision(written: str, meant: str) -> None:
    (found,) = ran(f"{POT}  allt {written}\n").findings
    assert (found.code, found.data["line"]) == ("F003", f"allt {meant}")


@pytest.mark.parametrize(
    ("word", "number"), [("inget", "0 %"), ("hälften", "50 %"), ("allt", "100 %")]
)
def test_a_part_in_words_is_a_number_in_a_formula(word: str, number: str) -> None:
    rules = f"{STEPS}  från och med 70 % ger {word}\n{POT}  allt efter befolkning × utfall\n"
    (found,) = ran(rules).findings
    assert (found.code, found.data["suggestion"]) == ("F101", number)


@pytest.mark.parametrize("nothing", ["0", "0 %", "0 procentenheter"])
def test_nothing_is_nothing_in_every_unit(nothing: str) -> None:
    outcome = ran(f"{POT}  allt efter befolkning × förbättring, om förbättring > {nothing}\n")
    assert outcome.findings == ()
    assert outcome.result is not None


def test_a_mistake_in_a_file_that_is_read_twice_is_said_once() -> None:
    outcome = ran(
        f"{POT}  hälften efter resultat\n  hälften efter förra året\n", [*NAMES, "Atlantis"]
    )
    assert [one.code for one in outcome.findings if one.code == "F305"] == ["F305"]
