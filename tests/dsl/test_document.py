"""Lines become one document: each under the statement that it belongs to."""

import pytest

from dsl import syntax as s
from dsl.document import Reading, read_document
from dsl.printer import print_document

RULES = """regelverk A
budgetår 2024
mottagare regioner
avrunda till 1 kr, uddatalsmetoden
underlag b, personer
  från data/b.csv
  källa SCB
  minst 0 personer
anslag 1:6 Bidrag
  post 38 Insatser
    10 kr till P
    2 kr till SKR, redan utbetalt
  post 17 Ambulans = 1 kr
    1 kr till SKR
övriga mottagare SKR
pott P
  4 kr till varje region
  resten efter b, avrunda största rest
  justera Skåne +1 kr, enligt bilagan
tabell Bilaga 1
  kolumn P som Medel
  summa Totalt
  facit från facit/a.csv
  anmärkning preliminärt
"""


def read(text: str) -> Reading:
    return read_document("regler.fordela", text.encode())


def codes(reading: Reading) -> list[tuple[str, int]]:
    return [(one.code, one.span.line) for one in reading.findings]


def shapes(document: s.Document) -> list[tuple[str, int]]:
    return [(type(one).__name__, len(getattr(one, "parts", ()))) for one in document.statements]


def test_lines_stand_under_the_statement_before_them() -> None:
    reading = read(RULES)
    assert not reading.findings
    assert shapes(reading.document) == [
        ("RulesetName", 0),
        ("BudgetYear", 0),
        ("Recipients", 0),
        ("RoundingRule", 0),
        ("Statistic", 3),
        ("Appropriation", 2),
        ("OtherRecipients", 0),
        ("Pot", 3),
        ("Table", 4),
    ]
    (appropriation,) = (
        one for one in reading.document.statements if isinstance(one, s.Appropriation)
    )
    assert [(post.number, len(post.parts)) for post in appropriation.parts] == [
        ("38", 2),
        ("17", 1),
    ]


def test_margins_and_blank_lines_mean_nothing() -> None:
    ragged = "\n\n".join(
        f"{' ' * (7 * n % 5)}{line.strip()}" for n, line in enumerate(RULES.split("\n"))
    )
    assert read(ragged).document == read(RULES).document


def test_every_node_knows_its_place() -> None:
    document = read(RULES).document
    lines = RULES.splitlines()
    pot = document.statements[7]
    assert isinstance(pot, s.Pot)
    flow = pot.flows[1]
    assert isinstance(flow.destination, s.ByKey)
    assert flow.rounding is not None
    spans = [
        pot.span,
        pot.name.span,
        flow.amount.span,
        flow.destination.key.span,
        flow.rounding.span,
    ]
    assert [lines[span.line - 1][span.column - 1 : span.end - 1] for span in spans] == [
        "pott P",
        "P",
        "resten",
        "b",
        "avrunda största rest",
    ]


def test_places_take_no_part_in_equality() -> None:
    moved = read(f"\n\n# kommentar\n{RULES}").document
    assert moved == read(RULES).document
    assert moved.statements[0].span != read(RULES).document.statements[0].span


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("ruleset A\nbudget year 2024\nrecipients regions\n", "en"),
        ("regelverk A\nbudgetår 2024\nrecipients regions\n", "sv"),
        ("ruleset A\nbudgetår 2024\n", "sv"),
        ("# bara en kommentar\n", "sv"),
        ("RULESET A\nBudget Year 2024\n", "en"),
        ("potato\nrulesets\nregelverk A\n", "sv"),
    ],
)
def test_a_file_is_in_the_language_that_opens_most_of_its_lines(text: str, language: str) -> None:
    assert read(text).document.language == language


def test_a_line_in_the_other_language_is_found_and_still_understood() -> None:
    reading = read(RULES.replace("budgetår 2024", "budget year 2024"))
    assert codes(reading) == [("F002", 2)]
    assert reading.document == read(RULES).document


def test_three_mistakes_give_three_findings() -> None:
    wrong = RULES.replace("budgetår 2024", "budgetår tjugo")
    wrong = wrong.replace("10 kr till P", "10.000.000 kr till P").replace("summa Totalt", "sum X")
    assert [line for _, line in codes(read(wrong))] == [2, 11, 22]


@pytest.mark.parametrize(
    "line",
    [
        "  från a.csv",
        "  källa SCB",
        "  post 1 A",
        "  4 kr till SKR",
        "  kolumn P som M",
        "  summa X",
    ],
)
def test_a_line_without_a_statement_to_stand_under_is_found(line: str) -> None:
    reading = read(f"regelverk A\nbudgetår 2024\n{line}\n")
    assert codes(reading) == [("F009", 3)]
    assert shapes(reading.document) == [("RulesetName", 0), ("BudgetYear", 0)]


def test_a_line_under_the_wrong_statement_is_found() -> None:
    reading = read("pott P = 4 kr\n  källa SCB\n  allt efter b\n")
    assert codes(reading) == [("F009", 2)]
    assert shapes(reading.document) == [("Pot", 1)]


def test_a_statement_that_lost_a_line_is_known_to_be_damaged() -> None:
    reading = read(RULES.replace("resten efter b, avrunda största rest", "¤¤¤ obegripligt ¤¤¤"))
    assert [line for _, line in codes(reading)] == [18]
    assert [line.code for line in reading.lost] == ["¤¤¤ obegripligt ¤¤¤"]
    damaged = {span.line for span in reading.damaged}
    assert 16 in damaged
    assert 10 not in damaged


def test_a_damaged_item_leaves_the_others_whole() -> None:
    reading = read(RULES.replace("10 kr till P", "¤¤¤ obegripligt ¤¤¤"))
    damaged = {span.line for span in reading.damaged}
    assert 10 in damaged
    assert 13 not in damaged


@pytest.mark.parametrize("text", ["pott ””= 4 kr", "pott ” ” = 4 kr", "värde ” ” = 5"])
def test_a_name_has_at_least_one_letter(text: str) -> None:
    reading = read(f"regelverk A\n{text}\n")
    assert {line for _, line in codes(reading)} == {2}


def test_the_two_languages_have_the_same_tree() -> None:
    document = read(RULES).document
    english = print_document(document, "en")
    assert "budget year 2024" in english
    again = read(english)
    assert again.document.language == "en"
    assert again.document == document
