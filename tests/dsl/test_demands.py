"""``alltid``: how a demand is read, written, translated, laid over others and mended."""

import pytest

from dsl import syntax as s
from dsl.document import Reading, read_document
from dsl.formatter import format_rules
from dsl.numbers import Language
from dsl.overlay import in_force, layers
from dsl.source import read_source
from engine.comparison.difference import rule_changes

HEADS: dict[Language, str] = {"sv": "budgetår 2026\n", "en": "budget year 2026\n"}
FORMS = (
    ("mer befolkning ger aldrig mindre", "more befolkning never gives less"),
    ("mer befolkning ger aldrig mindre ur Bas 2", "more befolkning never gives less from Bas 2"),
    ("lika befolkning ger lika", "equal befolkning gives equal"),
    ("lika andel äldre 2024 ger lika ur P", "equal andel äldre 2024 gives equal from P"),
    ("dubbel befolkning ger samma", "double befolkning gives the same"),
    ("dubbel befolkning ger samma ur P", "double befolkning gives the same from P"),
    ("Bonus ≥ 0 kr", "Bonus ≥ 0 kr"),
    ("summan av P − 1 kr < 2 × Bonus", "sum of P − 1 kr < 2 × Bonus"),
    ("P = Bonus", "P = Bonus"),
)


def read(text: str, language: Language = "sv") -> Reading:
    return read_document("regler.fordela", f"{HEADS[language] * 9}{text}\n".encode())


def only(text: str, language: Language = "sv") -> s.Statement:
    reading = read(text, language)
    assert not reading.findings
    return reading.document.statements[-1]


@pytest.mark.parametrize(("swedish", "english"), FORMS)
@pytest.mark.parametrize(
    "opening", [("alltid", "always"), ("stryk alltid", "delete always")], ids=["said", "deleted"]
)
def test_a_demand_is_the_same_in_both_languages(
    swedish: str, english: str, opening: tuple[str, str]
) -> None:
    one, other = f"{opening[0]} {swedish}", f"{opening[1]} {english}"
    assert only(one) == only(other, "en")
    quoted = one.replace("andel äldre 2024", "”andel äldre 2024”")
    assert format_rules("r.fordela", f"{one}\n".encode()) == f"{quoted}\n"
    back = format_rules("r.fordela", f"{quoted}\n".encode(), "en")
    assert format_rules("r.fordela", back.encode(), "sv") == f"{quoted}\n"


def test_what_a_demand_says() -> None:
    name, pot = s.Name("befolkning"), s.Name("Bas")
    said = only("alltid mer befolkning ger aldrig mindre ur Bas")
    assert said == s.Demand(s.Behaviour("more", name, pot))
    said = only("Alltid  Lika befolkning GER lika")
    assert said == s.Demand(s.Behaviour("equal", name))
    assert isinstance(said, s.Demand)
    assert said.claim.span.column == len("Alltid  ") + 1


@pytest.mark.parametrize(
    "rules",
    [
        "värde mer pengar = 2",
        "värde vad det ger lika = 2",
        "värde ur askan = dubbel nytta + lika mer",
        "kontroll mer ur = lika 2 − dubbel ger samma",
        "underlag medel ur fonden, kr per region\n  från data/ur.csv, kolumn mer",
        "pott Mer ur staten = 5 kr\n  resten efter mer tid ger aldrig mindre",
        "pott from state = 5 kr",
    ],
)
def test_words_of_demands_are_words_like_others_elsewhere(rules: str) -> None:
    reading = read(rules)
    assert not reading.findings
    written = format_rules("r.fordela", f"{rules}\n".encode())
    assert written == f"{rules}\n"


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("alltid ”mer pengar” ≥ 0 kr", "alltid ”mer pengar” ≥ 0 kr"),
        ("alltid ”Lika” − 1 kr ≥ 0 kr", "alltid ”Lika” − 1 kr ≥ 0 kr"),
        ("alltid ”merit” ≥ 0 kr", "alltid merit ≥ 0 kr"),
        ("alltid (mer + 1 kr) × 2 ≥ dubbel", "alltid (mer + 1 kr) × 2 ≥ dubbel"),
        ("alltid mer mer ger aldrig mindre", "alltid mer mer ger aldrig mindre"),
        (
            "alltid mer ”det som ger lika” ger aldrig mindre",
            "alltid mer ”det som ger lika” ger aldrig mindre",
        ),
    ],
)
def test_a_name_is_in_marks_where_a_demand_would_be_read_otherwise(
    written: str, canonical: str
) -> None:
    assert format_rules("r.fordela", f"{written}\n".encode()) == f"{canonical}\n"
    assert only(written) == only(canonical)


@pytest.mark.parametrize(
    ("language", "wrong", "right"),
    [
        ("sv", "alltid befolkning ger aldrig mindre", "alltid mer befolkning ger aldrig mindre"),
        ("sv", "alltid lika barn ger samma", "alltid lika barn ger lika"),
        ("sv", "alltid dubbel barn ger lika ur P", "alltid dubbel barn ger samma ur P"),
        ("sv", "alltid fler barn ger aldrig mindre", "alltid mer barn ger aldrig mindre"),
        ("sv", "alltid mer barn ger aldrig minder", "alltid mer barn ger aldrig mindre"),
        ("sv", "alltid lika barn ger lika från P", "alltid lika barn ger lika ur P"),
        ("sv", "alltid mer barn ger inte mindre i P", "alltid mer barn ger aldrig mindre ur P"),
        ("sv", "alltid Bonus är minst 0 kr", "alltid Bonus ≥ 0 kr"),
        ("sv", "always more barn never gives less", "alltid mer barn ger aldrig mindre"),
        ("sv", "ändra alltid Bonus ≥ 0 kr", "alltid Bonus ≥ 0 kr"),
        ("en", "always larger pot never gives less", "always more pot never gives less"),
        ("en", "always equal pupils gives the same", "always equal pupils gives equal"),
        (
            "en",
            "always more pupils gives no less in P",
            "always more pupils never gives less from P",
        ),
        ("sv", "alltid Bonus minst 0 kr", "alltid Bonus ≥ 0 kr"),
        ("en", "always Bonus at most 9 kr", "always Bonus ≤ 9 kr"),
        ("sv", "kontroll summan av Bonus högst 9 kr", "kontroll summan av Bonus ≤ 9 kr"),
    ],
)
def test_a_slip_is_met_with_the_right_line(language: Language, wrong: str, right: str) -> None:
    (found,) = read(wrong, language).findings
    assert found.data["line"] == right


@pytest.mark.parametrize(
    ("language", "wrong", "more"),
    [
        ("sv", "alltid mer befolkning ger mer", "alltid mer befolkning ger aldrig mindre"),
        ("sv", "alltid lika barn ger aldrig mindre", "alltid mer barn ger aldrig mindre"),
        ("sv", "alltid mer barn", "alltid mer befolkning ger aldrig mindre"),
        ("sv", "alltid Bonus", "alltid mer befolkning ger aldrig mindre"),
        ("sv", "stryk alltid Bonus", "stryk alltid mer befolkning ger aldrig mindre"),
        ("en", "always more pupils gives more", "always more pupils never gives less"),
    ],
)
def test_a_demand_that_cannot_be_made_shows_those_that_can(
    language: Language, wrong: str, more: str
) -> None:
    (found,) = read(wrong, language).findings
    assert found.code == "F001"
    assert found.data["more"] == more
    assert found.data.keys() >= {"equal", "double", "holds"}


@pytest.mark.parametrize("line", ["alltid mer befolkning ger aldrig mindre", "Alltid Bonus ≥ 0 kr"])
def test_a_demand_outside_the_rules_is_found(line: str) -> None:
    page = "# Regler\n\n```fördela\nbudgetår 2026\n```\n\n```\n{}\n```\n"
    assert [one.code for one in read_source("r.md", page.format(line).encode()).faults] == ["F027"]
    prose = page.format("Alltid när befolkningen ger mer")
    assert not read_source("r.md", prose.encode()).faults


# ---------------------------------------------------------------- changes

FIRST = "alltid mer barn ger aldrig mindre\nalltid P ≥ 9 kr\nalltid P ≤ 90 kr\n"


def demands(changes: str) -> tuple[list[s.Statement], list[str]]:
    reading = read_document("r.fordela", f"{HEADS['sv']}{FIRST}om M\n{changes}".encode())
    assert not reading.findings
    document, findings = in_force(layers(reading.document), None, "M")
    held: list[s.Statement] = [one for one in document.statements if isinstance(one, s.Demand)]
    return held, [one.code for one in findings]


def test_a_demand_is_added_takes_the_place_of_one_like_it_or_is_left_out() -> None:
    first = [only(line) for line in FIRST.splitlines()]
    more, other = "alltid lika barn ger lika ur P", "alltid P ≥ 5 kr"
    assert demands(f"{more}\n") == ([*first, only(more)], [])
    assert demands(f"{other}\n") == ([first[0], only(other), first[2]], [])
    assert demands("stryk alltid P ≥ 9 kr\n") == ([first[0], first[2]], [])
    assert demands("stryk alltid mer barn ger aldrig mindre\n") == (first[1:], [])


def test_a_demand_that_is_not_there_cannot_be_left_out() -> None:
    first = [only(line) for line in FIRST.splitlines()]
    assert demands("stryk alltid mer barn ger aldrig mindre ur P\n") == (first, ["F701"])
    assert demands("stryk alltid P ≥ 8 kr\n") == (first, ["F701"])


def test_a_new_demand_is_a_change_of_the_rules() -> None:
    before = read("alltid mer barn ger aldrig mindre").document
    after = read("alltid mer barn ger aldrig mindre\nalltid lika barn ger lika").document
    (change,) = rule_changes(before, after)
    assert (change.before, change.after) == (None, "alltid lika barn ger lika")
