"""Findings as people see them in a terminal, and as other programs read them."""

import json
import re
from fractions import Fraction

import pytest

from desk.excerpt import width_of
from desk.findings import as_json, explain, github, plain, render, sarif
from dsl.catalogue import LANGUAGES, findings_table
from dsl.findings import Exact, Finding, Kronor, Label, Percent, Phrase, Value, finding
from dsl.numbers import Language
from dsl.source import Span


def span(text: str, part: str, line: int = 1, file: str = "regler.fordela") -> Span:
    column = text.index(part) + 1
    return Span(file, line, column, column + len(part), text)


POT = "pott RSS = 750 000 000 kr"
TWICE = Finding(
    "F212",
    (
        Label(span("  allt efter b", "allt efter b", 12), "again"),
        Label(span("  allt efter b", "allt efter b", 9), "before"),
    ),
)


def empty_pot(where: Span) -> Finding:
    return finding("F213", where, "pot", pot="RSS", line="allt efter befolkning")


def lines(found: Finding, language: Language = "sv") -> list[str]:
    return render(found, language).split("\n")


# ---------------------------------------------------------------- in a terminal


def test_a_finding_has_its_title_its_place_and_a_way_out() -> None:
    assert lines(empty_pot(span(POT, "RSS", 12))) == [
        "fel[F213]: potten RSS har inga rader, så ingen får dess pengar",
        "  ╭─▸ regler.fordela:12:6",
        "  │",
        "12│ pott RSS = 750 000 000 kr",
        "  │      ^^^ hur delas den?",
        "  │",
        "  = hjälp: skriv under den hur pengarna delas, till exempel ”allt efter befolkning”",
        "",
    ]


def test_lines_stand_in_the_order_of_the_file_with_the_main_place_marked() -> None:
    assert lines(TWICE)[2:8] == [
        "  │",
        " 9│   allt efter b",
        "  │   ------------ raden står redan här",
        "  ┆",
        "12│   allt efter b",
        "  │   ^^^^^^^^^^^^ här en gång till",
    ]


def test_several_places_on_a_line_are_stacked_from_left_to_right() -> None:
    text = "value topup = base + population"
    labels = (
        Label(span(text, "base"), "left", {"unit": "kr"}),
        Label(span(text, "population"), "right", {"unit": "persons"}),
    )
    data = {"left": "kr", "right": "persons", "done": "added"}
    assert lines(Finding("F103", labels, data), "en")[3:6] == [
        "1│ value topup = base + population",
        " │               ^^^^ kr",
        " │                      ---------- persons",
    ]


def test_marks_stand_under_their_places_whatever_the_width_of_letters() -> None:
    # A tab, a letter of double width, and a letter with a mark of its own that takes no room.
    text = "\tpott 漢e\u0301 = 0 kr"
    _, _, _, shown, marked, *_ = lines(empty_pot(span(text, "0 kr")))
    assert width_of(shown[: shown.index("0 kr")]) == marked.index("^")


def test_places_in_several_files_have_a_header_each() -> None:
    labels = (
        Label(span("09,Gotland,75", "75", 9, "data/kvartar.csv"), "here"),
        Label(span("  högst 72", "högst 72", 10), "bound"),
    )
    data: dict[str, Value] = {"name": "Gotland", "value": 75, "limit": 72, "relation": "större än"}
    headers = [one for one in lines(Finding("F310", labels, data)) if "╭─▸" in one]
    assert headers == ["  ╭─▸ data/kvartar.csv:9:12", "  ╭─▸ regler.fordela:10:3"]


def test_a_long_line_is_cut_around_the_place() -> None:
    text = "x" * 500 + " RSS " + "y" * 500
    shown, marked = lines(empty_pot(span(text, "RSS")))[3:5]
    assert len(shown) <= 100
    assert shown.startswith("1│ …")
    assert shown.endswith("…")
    assert shown[marked.index("^") :].startswith("RSS")


def test_a_text_that_does_not_fit_after_its_mark_stands_before_it() -> None:
    text = "y" * 90 + " RSS"
    assert lines(empty_pot(span(text, "RSS")))[4].endswith(" hur delas den? ^^^")


def test_a_place_without_text_is_a_file_or_a_cell() -> None:
    assert lines(empty_pot(Span("data/x.csv", 1, 1, 1)))[1:3] == [
        " ╭─▸ data/x.csv",
        " │ hur delas den?",
    ]
    cell = Span("data/x.xlsx", 14, 3, 4, cell="Blad1!C14")
    assert lines(empty_pot(cell))[1] == " ╭─▸ data/x.xlsx:Blad1!C14"


def test_long_sentences_are_wrapped_and_numbers_stay_whole() -> None:
    data: dict[str, Value] = {
        "pot": "Ambulans",
        "stated": Kronor(45_250_000),
        "sent": Kronor(46_000_000),
        "difference": Kronor(750_000),
        "line": "pott Ambulans " * 10,
    }
    found = Finding("F209", (Label(span(POT, "RSS"), "pot", {"amount": Kronor(1)}),), data)
    shown = lines(found, "en")
    assert all(len(one) <= 100 for one in shown)
    assert any(one.startswith("         ") for one in shown)  # below where the sentence began
    assert any("46\u00a0000\u00a0000\u00a0kr" in one for one in shown)


def test_characters_that_steer_a_terminal_are_not_passed_on() -> None:
    text = "pott \x1b[31mRSS"
    found = finding("F213", span(text, "RSS"), "pot", pot="\x1b[2J", line="\x07")
    assert not set("\x1b\x07") & set(render(found, "sv"))


def test_colour_changes_nothing_but_colour() -> None:
    for found in (TWICE, empty_pot(span(POT, "RSS"))):
        coloured = render(found, "sv", color=True)
        assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == render(found, "sv")
        assert "\x1b[" in coloured


def test_a_note_is_called_a_note() -> None:
    found = finding("N101", span(POT, "RSS"), "here", name="RSS", kind=Phrase("kind.pot"))
    assert render(found, "sv").startswith("obs[N101]: ")
    assert render(found, "en").startswith("note[N101]: ")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", findings_table())
def test_every_code_is_explained_without_loose_ends(code: str, language: Language) -> None:
    text = explain(code.lower(), language)
    assert text.startswith(f"{code}: ")
    assert not set("{}") & set(text)
    assert all(len(line) <= 100 for line in text.split("\n"))


def test_an_unknown_code_has_no_explanation() -> None:
    with pytest.raises(KeyError):
        explain("F999", "sv")


# ---------------------------------------------------------------- for other programs


def test_json_has_every_place_and_both_languages() -> None:
    found = json.loads(json.dumps(as_json(TWICE)))
    assert (found["code"], found["severity"]) == ("F212", "error")
    assert [one["line"] for one in found["places"]] == [12, 9]
    assert found["places"][0]["label"] == {"sv": "här en gång till", "en": "here once more"}
    assert set(found["title"]) == set(found["notes"]) == set(found["helps"]) == {"sv", "en"}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Kronor(750_000_000), "750000000"),
        (Exact(Fraction(61_093, 10_557_682)), "61093/10557682"),
        (Percent(Fraction(1, 2)), "1/2"),
        (21, "21"),
        (("a", Kronor(2)), "a, 2"),
        (Phrase("kind.pot"), "a pot"),
    ],
)
def test_values_are_exact_for_programs(value: Kronor, text: str) -> None:
    assert plain(value) == text


def test_github_gets_one_line_for_each_finding() -> None:
    said = github([TWICE, empty_pot(span(POT, "RSS", 12, "a,b:c.md"))], "sv", "rulesets/2024/rss")
    first, second = said.splitlines()
    assert first.startswith(
        "::error file=rulesets/2024/rss/regler.fordela,line=12,endLine=12,col=3,"
    )
    assert "file=rulesets/2024/rss/a%2Cb%3Ac.md" in second
    assert "%0A" in second


def test_notes_are_notices_on_github() -> None:
    found = finding("N101", span(POT, "RSS"), "here", name="100 %", kind=Phrase("kind.pot"))
    assert github([found], "en").startswith("::notice ")
    assert "100 %25" in github([found], "en")


def test_sarif_points_at_rules_and_places() -> None:
    log = json.loads(json.dumps(sarif([TWICE, empty_pot(span(POT, "RSS", 12, "å.md"))], "en")))
    (run,) = log["runs"]
    assert log["version"] == "2.1.0"
    rules = run["tool"]["driver"]["rules"]
    assert [rules[one["ruleIndex"]]["id"] for one in run["results"]] == ["F212", "F213"]
    places = [one["locations"][0]["physicalLocation"] for one in run["results"]]
    assert places[0]["region"] == {
        "startLine": 12,
        "startColumn": 3,
        "endLine": 12,
        "endColumn": 15,
    }
    assert places[1]["artifactLocation"]["uri"] == "%C3%A5.md"
    assert len(run["results"][0]["relatedLocations"]) == 1
