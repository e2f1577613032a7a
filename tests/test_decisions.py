"""The five government decisions, recomputed and compared with the tables that were published."""

from fractions import Fraction
from pathlib import Path

import pytest

from dsl.findings import errors
from engine.comparison.verify import ColumnVerdict
from engine.inputs.files import Folder, Memory
from engine.outcome import Outcome
from engine.pipeline import run_ruleset, verify
from engine.records.lock import LOCK_FILE

RULESETS = Path(__file__).parents[1] / "rulesets"


def outcome_of(name: str) -> Outcome:
    outcome = run_ruleset(Folder(RULESETS / name))
    assert outcome.result is not None, outcome.findings
    assert errors(outcome.findings) == ()
    return outcome


def verdicts_of(name: str) -> dict[tuple[str, str], ColumnVerdict]:
    verdicts, findings = verify(outcome_of(name))
    assert findings == ()
    return {(one.table.split(".")[0], one.heading): one for one in verdicts}


EQUAL = [
    ("2024/god-och-nara-vard", "Bilaga 1", "Befolkning november 2023"),
    ("2024/god-och-nara-vard", "Bilaga 1", "Ambulans (kronor)"),
    ("2024/god-och-nara-vard", "Bilaga 2", "Befolkning november 2023"),
    ("2024/god-och-nara-vard", "Bilaga 2", "Andel befolkning"),
    ("2024/god-och-nara-vard", "Bilaga 2", "Antal insatser per län"),
    ("2024/god-och-nara-vard", "Bilaga 2", "Andel insatser per län"),
    ("2024/god-och-nara-vard", "Bilaga 2", "Nära vård (kronor)"),
    ("2024/okad-tillganglighet", "Tabell 1", "Befolkning 0–18 år"),
    ("2024/okad-tillganglighet", "Tabell 1", "Prestationskrav juli–november"),
    ("2024/okad-tillganglighet", "Tabell 1", "Bonuspott"),
    ("2024/okad-tillganglighet", "Tabell 1", "Befolkning totalt"),
    ("2024/okad-tillganglighet", "Tabell 1", "Totalt"),
    (
        "2023/okad-tillganglighet",
        "Tabell 1",
        "Medel för uppfyllda prestationskrav juli–november (kronor)",
    ),
    ("2023/okad-tillganglighet", "Tabell 1", "Medel från bonuspotten (kronor)"),
    ("2023/okad-tillganglighet", "Tabell 1", "Totalt (kronor)"),
    ("2025/sektorsbidrag", "Tabell 1", "Fördelade medel (kr)"),
]


@pytest.mark.parametrize(("ruleset", "table", "heading"), EQUAL)
def test_every_cell_and_the_total_are_the_published_ones(
    ruleset: str, table: str, heading: str
) -> None:
    verdict = verdicts_of(ruleset)[table, heading]
    assert (verdict.equal, verdict.cells) == (21, 21)
    assert verdict.total is None
    assert verdict.published_sum is None


def test_no_published_column_is_left_out() -> None:
    names = {ruleset for ruleset, _, _ in EQUAL}
    found = {(name, *key) for name in names for key in verdicts_of(name)}
    differing = {
        ("2024/god-och-nara-vard", "Bilaga 1", "Nära vård (kronor)"),
        ("2024/god-och-nara-vard", "Bilaga 1", "Totalt (kronor)"),
    }
    assert found == set(EQUAL) | differing


def test_the_differences_of_nara_vard_are_shown_and_small() -> None:
    verdict = verdicts_of("2024/god-och-nara-vard")["Bilaga 1", "Nära vård (kronor)"]
    assert verdict.cells == 21
    assert 8 <= len(verdict.differences) <= 9
    assert all(1 <= abs(one.difference) <= 2 for one in verdict.differences)
    assert sum(one.difference for one in verdict.differences) == 0
    assert verdict.total is None


def test_the_overview_differs_everywhere_and_says_so() -> None:
    verdict = verdicts_of("2024/besked")["Besked om medel per region", "Miljoner kronor"]
    assert (verdict.equal, verdict.cells) == (0, 21)
    assert all(one.calculated < one.asserted for one in verdict.differences)


def test_amounts_earned_in_the_first_half_of_2024_are_what_the_text_states() -> None:
    result = outcome_of("2024/okad-tillganglighet").result
    assert result is not None
    earned = result.values["intjänat januari–juni"]
    assert earned.total().scalar == 141_759_535


def test_earned_amounts_can_overdraw_by_twelve_kronor_at_most() -> None:
    outcome = outcome_of("2024/okad-tillganglighet")
    (note,) = [one for one in outcome.findings if one.code == "N207"]
    assert getattr(note.data["overdraft"], "value", None) == 12


def test_the_ambulance_pot_has_the_rate_that_a_spreadsheet_can_use() -> None:
    result = outcome_of("2024/god-och-nara-vard").result
    assert result is not None
    (rate,) = [m.rate for m in result.ledger.by_source["Ambulans"] if m.rate is not None]
    assert rate == Fraction("3.362480561")


def test_misprints_of_the_2023_decision_are_reported() -> None:
    outcome = outcome_of("2023/okad-tillganglighet")
    printed = {
        (getattr(one.data["printed"], "value", 0), getattr(one.data["asserted"], "value", 0))
        for one in outcome.findings
        if one.code == "N601"
    }
    assert printed == {(2_500_000, 2_500_000_000), (625_746_835, 625_746_834)}


def test_recovered_figures_are_marked() -> None:
    assert set(outcome_of("2025/sektorsbidrag").recovered) == {"befolkning", "standardkostnad"}
    assert "befolkning 0–18" in outcome_of("2024/okad-tillganglighet").recovered
    assert set(outcome_of("2024/besked").recovered) == {
        "BUP grunddel",
        "BUP prestation",
        "Bonuspott",
    }


# ---------------------------------------------------------------- one change, one effect


def changed(name: str, path: str, old: str, new: str) -> Outcome:
    """A draft of a ruleset with one text replaced in one file."""
    folder = RULESETS / name
    files = {
        one.relative_to(folder).as_posix(): one.read_bytes()
        for one in folder.rglob("*")
        if one.is_file() and one.name != LOCK_FILE
    }
    text = files[path].decode()
    assert text.count(old) >= 1
    files[path] = text.replace(old, new, 1).encode()
    return run_ruleset(Memory(files))


def given(outcome: Outcome, pot: str) -> tuple[int, ...]:
    assert outcome.result is not None, outcome.findings
    amounts = outcome.result.ledger.of_pot(pot)
    assert amounts is not None
    return amounts


def test_one_more_inhabitant_moves_money_to_that_region_only_from_the_others() -> None:
    before = given(outcome_of("2024/god-och-nara-vard"), "Ambulans")
    outcome = changed(
        "2024/god-och-nara-vard", "data/befolkning.csv", "09,Gotland,61093", "09,Gotland,161093"
    )
    after = given(outcome, "Ambulans")
    gotland = 7
    assert after[gotland] > before[gotland]
    assert all(new < old for n, (old, new) in enumerate(zip(before, after, strict=True)) if n != 7)
    assert sum(after) == sum(before) == 46_000_000


def test_another_amount_to_each_region_changes_every_amount_and_no_sum() -> None:
    before = given(outcome_of("2024/god-och-nara-vard"), "Ambulans")
    outcome = changed(
        "2024/god-och-nara-vard", "regler.md", "500 000 kr till varje", "600 000 kr till varje"
    )
    after = given(outcome, "Ambulans")
    assert 85_000 < after[7] - before[7] < 100_000
    assert sum(after) == 46_000_000


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("  resten efter befolkning\n", "", "F201"),
        ("  hälften efter insatser\n", "", "F202"),
        ("  hälften efter insatser\n", "  hälften efter insatser\n" * 2, "F212"),
        ("  resten efter befolkning", "  resten efter befolkninng", "F101"),
        ("  resten efter befolkning", "  resten eftr befolkning", "F003"),
        ("30 000 000 kr till SKR", "30 000 000 kr till SRK", "F113"),
        ("avrunda till 1 kr, uddatalsmetoden\n", "", "F401"),
        ("46 000 000 kr till Ambulans\n", "46 000 000 kr till Ambulanns\n", "F113"),
        ("500 000 kr till varje region", "5 000 000 kr till varje region", "F203"),
        ("500 000 kr till varje region", "500 000 personer till varje region", "F110"),
        ("3 330 250 000 kr\n", "3 330 250 001 kr\n", "F601"),
        ("750 000 000 kr till RSS", "750.000.000 kr till RSS", "F004"),
        ("750 000 000 kr till RSS", "750 miljoner kr till RSS", "F005"),
        ("pott Ambulans\n", "pot Ambulans\n", "F002"),
    ],
)
def test_a_slip_in_the_rules_is_found(old: str, new: str, code: str) -> None:
    outcome = changed("2024/god-och-nara-vard", "regler.md", old, new)
    assert code in {one.code for one in outcome.findings}


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("09,Gotland,61093\n", "", "F301"),
        ("09,Gotland,61093\n", "09,Gotland,61093\n09,Gotland,61093\n", "F302"),
        ("09,Gotland,61093\n", "09,Gotland,61O93\n", "F303"),
        ("09,Gotland,61093\n", "09,Gotlandia,61093\n", "F301"),
        ("09,Gotland,61093\n", "10,Gotland,61093\n", "F309"),
        ("25,Norrbotten,248653\n", "25,Norrbotten,248653\n,Riket,10557683\n", "F304"),
    ],
)
def test_a_slip_in_the_figures_is_found(old: str, new: str, code: str) -> None:
    outcome = changed("2024/god-och-nara-vard", "data/befolkning.csv", old, new)
    assert outcome.result is None
    assert code in {one.code for one in outcome.findings}
