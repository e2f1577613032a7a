"""The formatter: one form for everything, nothing lost, and the other language and back."""

from pathlib import Path

import pytest

from dsl.document import read_document
from dsl.formatter import format_rules
from dsl.numbers import Language
from dsl.printer import print_document

ROOT = Path(__file__).parents[2]
FILES = sorted(
    [*ROOT.glob("rulesets/*/*/regler.md"), *ROOT.glob("examples/*/*.md"), *ROOT.glob("docs/*.md")]
)

UNTIDY = """# Ambulans

   pott   Ambulans =  46 000 000  kronor   # beslutets bilaga 1
500 000 kr till varje region#inte en kommentar
      Resten efter befolkning	# resten

  # en rad för sig
anslag 1:6 Bidrag
post 17 Ambulans
    750 000 kr till SKR
"""


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", FILES, ids=_name)
def test_everything_in_the_repository_is_in_canonical_form(path: Path) -> None:
    if path.parent.name == "docs" and path.name not in {"spraket.md", "language.md"}:
        pytest.skip("a page without rules")
    text = path.read_text(encoding="utf-8")
    assert format_rules(path.name, text.encode()) == text


@pytest.mark.parametrize("path", [p for p in FILES if "docs" not in p.parts], ids=_name)
def test_the_other_language_and_back_loses_nothing(path: Path) -> None:
    data = path.read_bytes()
    document = read_document(path.name, data).document
    other: Language = "en" if document.language == "sv" else "sv"
    translated = format_rules(path.name, data, other).encode()
    assert read_document(path.name, translated).document == document
    assert format_rules(path.name, translated, document.language).encode() == data


def test_margins_words_and_comments() -> None:
    text = UNTIDY.replace("region#inte en kommentar", "region # till alla")
    formatted = format_rules("regler.fordela", text.encode())
    assert (
        formatted
        == """# Ambulans

pott Ambulans = 46 000 000 kr  # beslutets bilaga 1
  500 000 kr till varje region  # till alla
  resten efter befolkning  # resten

  # en rad för sig
anslag 1:6 Bidrag
  post 17 Ambulans
    750 000 kr till SKR
"""
    )
    assert format_rules("regler.fordela", formatted.encode()) == formatted


@pytest.mark.parametrize(
    "rounding",
    [
        "närmast",
        "till 1 000 kr, närmast",
        "till 1 öre, nedåt",
        "till 0 decimaler, närmast",
        "till 1 decimal, uppåt",
        "till 5 decimaler, närmast, skillnaden till den största",
        "till 5 decimaler, uddatalsmetoden",
    ],
)
def test_what_a_value_is_rounded_to_is_kept_as_written(rounding: str) -> None:
    text = f"värde x, avrunda {rounding} = befolkning\n"
    assert format_rules("regler.fordela", text.encode()) == text


@pytest.mark.parametrize("shown", ["med 0 decimaler", "med 1 decimal", "i procent med 2 decimaler"])
def test_how_a_column_is_shown_is_kept_as_written(shown: str) -> None:
    text = f"tabell T\n  kolumn x, {shown}, som Rubrik\n"
    assert format_rules("regler.fordela", text.encode()) == text
    english = format_rules("regler.fordela", text.encode(), "en")
    assert format_rules("rules.fordela", english.encode(), "sv") == text


def test_fractions_of_a_mix_are_kept_in_figures() -> None:
    text = "pott P\n  allt efter blandning (1/2 skatt, 2/4 befolkning)\n"
    assert format_rules("regler.fordela", text.encode()) == text


@pytest.mark.parametrize(
    ("name", "marks"),
    [
        ("avrundad andel", False),
        ("kostnad per elev", False),
        ("andel äldre", True),
        ("per elev", True),
        ("Medel till skolor", True),
    ],
)
def test_a_word_that_can_follow_no_name_needs_no_marks_within_one(
    name: str, *, marks: bool
) -> None:
    quoted = f"”{name}”"
    shown = quoted if marks else name
    rules = "värde {0} = andel {0} × 5 kr per person\npott P\n  allt efter {0}, högst {0} var\n"
    written = format_rules("regler.fordela", rules.format(quoted).encode())
    assert written == rules.format(shown)
    meant = read_document("regler.fordela", rules.format(quoted).encode()).document
    assert read_document("regler.fordela", written.encode()).document == meant


@pytest.mark.parametrize("blank", [" ", "\t", "\u00a0", "\u2009", "\u2029", "\u3000"])
def test_any_blank_stands_between_the_words_of_a_keyword(blank: str) -> None:
    """Found by fuzzing: with an odd blank the line was read as a path, and printed as a step."""
    line = f"  från och{blank}med 80 % ger 100 %\n"
    written = format_rules("regler.fordela", line.encode())
    assert written.strip() == "från och med 80 % ger 100 %"


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("ger lika", "sv"),
        ("GER LIKA", "sv"),
        ("delas lika", "sv"),
        ("hela summan", "sv"),
        ("paid equally", "en"),
        ("the whole sum", "en"),
        ("what equals the", "en"),
    ],
)
def test_a_name_that_ends_as_a_keyword_begins_stays_a_name(name: str, language: Language) -> None:
    """“X lika till varje region” shares X equally, and does not pay out what is called “X lika”."""
    rules = f"""regelverk P
budgetår 1999
mottagare regioner
avrunda största rest

underlag folk, antal
  från a.csv
  källa x

belopp ”{name}”, avrunda närmast = 1 kr × andel folk
värde v = 2 × ”{name}”
värde w = infasning från ”{name}” till folk (1998: 20 %, 1999: 50 %)

pott Y
  ”{name}” till varje region
  resten efter folk
"""
    document = read_document("regler", rules.encode()).document
    again = read_document("regler", print_document(document, language).encode())
    assert not again.findings
    assert again.document == document


@pytest.mark.parametrize("line", ["Tabell# # 1", "tabell#1", "post# x = 5 kr"])
def test_a_number_sign_right_after_a_keyword_begins_no_text(line: str) -> None:
    """After a blank it is a comment; a title that begins with it could not be printed."""
    found = read_document("regler", f"regelverk P\nbudgetår 2024\n{line}\n".encode()).findings
    assert {one.code for one in found} == {"F001"}
