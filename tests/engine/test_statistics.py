"""Figures: every recipient has one exact number, or the file is refused with what is wrong."""

import random
import tomllib
from fractions import Fraction
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from dsl.catalogue import phrases_table, sentences
from dsl.findings import Exact, Finding, Kronor, Percent, Phrase
from dsl.numbers import Language
from dsl.registers import Recipient, Register
from dsl.source import Span
from dsl.syntax import AsOf, Bound, Citation, FromFile, Name, Quantity, Recovered, Statistic
from engine.column import Column
from engine.inputs.files import Folder, Memory
from engine.inputs.statistics import Figures, read_figures
from engine.registers import builtin

RULES = Span("regler.md", 3, 3, 23, "  från data/x.csv")
BOUND = Span("regler.md", 5, 3, 10, "  minst 0")
RULESETS = Path(__file__).parents[2] / "rulesets"

SMALL = Register(
    "recipient",
    "x",
    (Recipient("1", "Ask", ("Asken",)), Recipient("2", "Björk"), Recipient("3", "Cypress")),
)


def regions() -> Register:
    register = builtin("region")
    assert register is not None
    return register


def statistic(
    *parts: Any,
    unit: tuple[str, ...] = ("person",),
    path: str = "data/x.csv",
    column: str | None = None,
) -> Statistic:
    origin = FromFile(path, column, span=RULES)
    return Statistic(Name("nyckel"), unit, parts=(origin, *parts))


def read(
    text: str | bytes, one: Statistic | None = None, register: Register = SMALL
) -> tuple[Figures | None, tuple[Finding, ...]]:
    data = text.encode() if isinstance(text, str) else text
    wanted = one or statistic()
    origin = wanted.parts[0]
    assert isinstance(origin, FromFile)
    return read_figures(wanted, register, Memory({origin.path: data}))


def figures(text: str | bytes, one: Statistic | None = None, register: Register = SMALL) -> Figures:
    found, findings = read(text, one, register)
    assert found is not None, findings
    return found


def column(made: Figures) -> Column:
    assert isinstance(made.column, Column)
    return made.column


def values(made: Figures) -> tuple[object, ...]:
    return column(made).values


def codes(text: str | bytes, one: Statistic | None = None, register: Register = SMALL) -> list[str]:
    return [finding.code for finding in read(text, one, register)[1]]


def only(text: str | bytes, one: Statistic | None = None, register: Register = SMALL) -> Finding:
    (found,) = read(text, one, register)[1]
    return found


def bound(side: Any, number: int, *unit: str) -> Bound:
    return Bound(side, Quantity(Fraction(number), unit), span=BOUND)


def xlsx(*rows: list[Any], formats: dict[str, str] | None = None) -> bytes:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    for name, number_format in (formats or {}).items():
        book.worksheets[0][name].number_format = number_format
    out = BytesIO()
    book.save(out)
    return out.getvalue()


IN_BOOK = statistic(path="data/x.xlsx")


class TestFigures:
    def test_they_come_in_the_registers_order_with_their_places(self) -> None:
        made = figures("namn;antal\nCypress;3\nAsken;1\nBjörk;2\n")
        assert values(made) == (1, 2, 3)
        assert [span.line for span in made.spans] == [3, 4, 2]
        assert made.spans[0] == Span("data/x.csv", 3, 7, 8)

    def test_they_say_where_they_come_from(self) -> None:
        parts = (Citation("SCB"), AsOf("1 november 2023"), Recovered("ur tabell 1"))
        text = "kod;antal\n1;1\n2;2\n3;3"
        made = figures(text, statistic(*parts))
        assert (made.name, made.file) == ("nyckel", "data/x.csv")
        assert (made.source, made.as_of, made.recovered) == (
            "SCB",
            "1 november 2023",
            "ur tabell 1",
        )
        assert made.sha256 == sha256(text.encode()).hexdigest()

    def test_a_statistic_from_another_ruleset_is_not_read_here(self) -> None:
        assert read_figures(Statistic(Name("x"), ("kr",)), SMALL, Memory({})) == (None, ())

    def test_a_sibling_is_named_as_seen_from_here(self) -> None:
        files = Memory(
            {"2023/b/data/x.csv": b"kod;n\n1;1\n2;2\n3;x\n", "2024/a/r.md": b""}, "2024/a"
        )
        _, (found,) = read_figures(statistic(), SMALL, files.sibling("2023/b"))
        assert found.span.file == "../../2023/b/data/x.csv"

    @pytest.mark.parametrize(
        ("path", "unit", "total"),
        [
            ("2024/god-och-nara-vard/data/befolkning.csv", "person", 10557682),
            ("2024/god-och-nara-vard/data/insatser.csv", "count", 416151),
            ("2024/god-och-nara-vard/data/landsbygd.csv", "kr", 150000000),
            ("2024/okad-tillganglighet/data/befolkning-0-18.csv", "person", 2283179),
            ("2023/okad-tillganglighet/data/intjanat-februari-juni.csv", "kr", 625746834),
            ("2023/okad-tillganglighet/data/intjanat-juli-november.csv", "kr", 474694939),
        ],
    )
    def test_the_figures_of_the_decisions(self, path: str, unit: str, total: int) -> None:
        year, name, *rest = path.split("/")
        one = statistic(unit=(unit,), path="/".join(rest))
        made, found = read_figures(one, regions(), Folder(RULESETS / year / name))
        assert found == ()
        assert made is not None
        assert made.column.total().scalar == total

    def test_costs_per_person_keep_their_decimals(self) -> None:
        one = statistic(unit=("kr", "person"), path="data/standardkostnad.csv")
        made, found = read_figures(one, regions(), Folder(RULESETS / "2025/sektorsbidrag"))
        assert found == ()
        assert made is not None
        assert column(made).values[0] == Fraction("172.652531")


class TestColumns:
    TWO = "kod;namn;vår;höst\n1;Ask;1;4\n2;Björk;2;5\n3;Cypress;3;6\n"

    def test_a_named_column_is_used(self) -> None:
        assert values(figures(self.TWO, statistic(column="höst"))) == (4, 5, 6)

    def test_several_columns_are_listed_and_none_is_guessed(self) -> None:
        found = only(self.TWO)
        assert found.code == "F307"
        assert found.data["headings"] == tuple(
            Phrase("data.quoted", {"text": text}) for text in ("vår", "höst")
        )
        assert "från data/x.csv, kolumn vår" in sentences(found, "sv").helps[0]

    def test_a_column_that_is_not_there_is_refused_with_a_suggestion(self) -> None:
        found = only(self.TWO, statistic(column="Höst"))
        assert (found.code, found.data["suggestion"]) == ("F321", "höst")
        assert only(self.TWO, statistic(column="zzz")).data.get("suggestion") is None

    def test_a_heading_that_is_there_twice_is_refused(self) -> None:
        assert codes("kod;a;a\n1;1;1\n2;2;2\n3;3;3\n", statistic(column="a")) == ["F322"]

    def test_a_table_of_names_alone_has_no_figures(self) -> None:
        assert codes("kod;namn\n1;Ask\n2;Björk\n3;Cypress\n") == ["F334"]

    def test_empty_columns_are_no_columns(self) -> None:
        assert values(figures("kod;antal;\n1;1;\n2;2;\n3;3;\n")) == (1, 2, 3)
        assert values(figures("kod;antal;not\n1;1;\n2;2;\n3;3;\n")) == (1, 2, 3)

    def test_a_column_of_codes_may_be_named_as_figures(self) -> None:
        text = "poäng;namn\n3;Ask\n2;Björk\n1;Cypress\n"
        assert values(figures(text, statistic(column="poäng"))) == (3, 2, 1)

    def test_a_missing_column_does_not_hide_missing_recipients(self) -> None:
        assert codes("namn;a;b\nAsk;1;1\nBjörk;2;2\n") == ["F301", "F307"]


class TestRecipients:
    def test_a_misspelt_name_is_the_missing_recipient(self) -> None:
        text = (RULESETS / "2024/god-och-nara-vard/data/insatser.csv").read_text(encoding="utf-8")
        counties = builtin("county")
        assert counties is not None
        found = only(text.replace("25,Norrbotten", "25,Norrbottn"), register=counties)
        said = sentences(found, "sv")
        assert found.code == "F301"
        assert said.title == (
            "”Norrbottn” finns inte bland länen, så Norrbotten saknar uppgift i underlaget nyckel"
        )
        assert said.labels == ("okänt namn, raden räknas inte",)
        assert said.notes == (
            "radens 16\u00a0117 räknas inte så länge namnet är okänt",
            "utan raden skulle det som hör till Norrbotten gå till de andra 20",
        )
        assert said.helps == ("menade du ”Norrbotten” (kod 25)?",)
        assert found.span.text[found.span.column - 1 : found.span.end - 1] == "Norrbottn"

    def test_missing_recipients_are_listed_at_the_line_of_the_rules(self) -> None:
        found = only("namn;antal\nBjörk;2\n")
        assert (found.code, found.span) == ("F301", RULES)
        assert found.data["missing"] == ("1 Ask", "3 Cypress")
        assert (found.data["count"], found.data["total"], found.data["remaining"]) == (2, 3, 1)

    def test_many_missing_recipients_are_not_all_listed(self) -> None:
        found = only("kod;antal\n01;1\n", register=regions())
        assert found.data["missing"] == (
            "03 Uppsala",
            "04 Sörmland",
            "05 Östergötland",
            "06 Jönköping",
            "07 Kronoberg",
            "…",
        )

    def test_an_unknown_recipient_beside_all_others_is_a_stranger(self) -> None:
        found = only("namn;antal\nAsk;1\nBjörk;2\nCypress;3\nDruvfläder;4\n")
        assert (found.code, found.data["text"]) == ("F305", "Druvfläder")
        assert "suggestion" not in found.data

    def test_a_name_that_resembles_one_that_is_there_has_a_suggestion(self) -> None:
        found = only("namn;antal\nAsk;1\nBjörk;2\nCypress;3\nCypres;4\n")
        assert (found.code, found.data["suggestion"]) == ("F305", "Cypress")

    def test_a_remark_below_the_table_is_pointed_at_once(self) -> None:
        rows: list[list[Any]] = [
            ["namn", "n"],
            ["Ask", 1],
            ["Björk", 2],
            ["Cypress", 3],
            ["Källa: SCB"],
        ]
        assert codes(xlsx(*rows), IN_BOOK) == ["F305"]

    def test_the_same_recipient_twice(self) -> None:
        assert codes("namn;antal\nAsk;1\nBjörk;2\nCypress;3\nAsken;1\n") == ["F302"]

    def test_a_row_without_a_name_is_told_of_once(self) -> None:
        assert codes("namn;antal\nAsk;1\nBjörk;2\nCypress;3\n;ca 4\n") == ["F335"]

    def test_a_table_without_names_says_so_beside_its_column(self) -> None:
        assert codes("x;y\na;1\nb;2\n", statistic(column="z")) == ["F321", "F323"]

    def test_a_code_and_a_name_that_disagree(self) -> None:
        text = "kod;namn;antal\n1;Ask;1\n2;Cypress;2\n3;Björk;3\n"
        assert codes(text) == ["F309", "F309"]


class TestTotals:
    TABLE = "namn;antal\nAsk;1\nBjörk;2\nCypress;3\n"

    @pytest.mark.parametrize("row", ["Totalt;6", "Summa;6", "Riket;6", "Hela riket;", "Sum;.."])
    def test_a_total_that_is_right_is_no_figure(self, row: str) -> None:
        assert values(figures(self.TABLE + row)) == (1, 2, 3)

    def test_a_total_that_differs_is_refused_with_the_difference(self) -> None:
        found = only(self.TABLE + "Totalt;7")
        assert found.code == "F304"
        assert [found.data[key] for key in ("asserted", "calculated", "difference")] == [
            Exact(Fraction(7)),
            Exact(Fraction(6)),
            Exact(Fraction(1)),
        ]

    def test_money_is_compared_in_kronor(self) -> None:
        found = only(self.TABLE + "Totalt;7", statistic(unit=("kr",)))
        assert found.data["difference"] == Kronor(Fraction(1))

    def test_a_lost_row_shows_in_the_total_too(self) -> None:
        assert codes("namn;antal\nAsk;1\nBjörk;2\nTotalt;6") == ["F301", "F304"]

    def test_rates_need_not_add_up(self) -> None:
        made, (note,) = read(self.TABLE + "Riket;2", statistic(unit=("kr", "person")))
        assert made is not None
        assert note.code == "N303"

    def test_a_broken_total_is_a_broken_number(self) -> None:
        assert codes(self.TABLE + "Totalt;6 6") == ["F303"]

    def test_no_total_is_compared_with_numbers_that_cannot_be_read(self) -> None:
        assert codes("namn;antal\nAsk;ett\nBjörk;2\nCypress;3\nTotalt;6") == ["F303"]


class TestNumbers:
    def with_ask(
        self, text: str, *parts: Any, unit: tuple[str, ...] = ("person",)
    ) -> list[Finding]:
        data = f"namn\tantal\nAsk\t{text}\nBjörk\t2\nCypress\t3\n"
        return list(read(data, statistic(*parts, unit=unit))[1])

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("97 08 737", "F303"),
            ("fem", "F303"),
            ("1,234", "F318"),
            ("", "F317"),
            ("..", "F317"),
            ("-", "F317"),
            ("1,5", "F314"),
            ("5 %", "F328"),
            ("-1", "F308"),
        ],
    )
    def test_a_number_that_cannot_be_used_is_pointed_at(self, text: str, code: str) -> None:
        (found,) = self.with_ask(text)
        assert (found.code, found.span.line) == (code, 2)
        if code in {"F303", "F318", "F317", "F314", "F308"}:
            assert found.data["name"] == "Ask"

    def test_broken_grouping_has_the_number_that_its_digits_make(self) -> None:
        (found,) = self.with_ask("97 08 737")
        assert "9\u00a0708\u00a0737" in sentences(found, "sv").helps[0]

    def test_decimals_are_fine_where_the_unit_allows_them(self) -> None:
        assert self.with_ask("1,5", unit=("point",)) == []
        assert self.with_ask("2,0") == []

    def test_negative_money_is_a_repayment(self) -> None:
        assert self.with_ask("-1", unit=("kr",)) == []

    def test_negative_numbers_need_a_bound_that_allows_them(self) -> None:
        assert self.with_ask("-1", bound("at_least", -2)) == []
        (found,) = self.with_ask("-3", bound("at_least", -2))
        assert found.code == "F310"
        (found,) = self.with_ask("-1", bound("at_most", 5))
        assert found.code == "F308"

    def test_a_bound_is_pointed_at_with_the_cell(self) -> None:
        (found,) = self.with_ask("11", bound("at_most", 10))
        assert found.code == "F310"
        assert [label.span.file for label in found.labels] == ["data/x.csv", "regler.md"]
        assert found.data["relation"] == Phrase("data.above")
        assert self.with_ask("10", bound("at_most", 10), bound("at_least", 1)) == []

    @pytest.mark.parametrize(
        ("unit", "text", "value"),
        [
            ("share", "0,5", Fraction(1, 2)),
            ("share", "50 %", Fraction(1, 2)),
            ("percent", "50 %", Fraction(1, 2)),
            ("percent", "50", Fraction(1, 2)),
        ],
    )
    def test_percent_and_shares(self, unit: str, text: str, value: Fraction) -> None:
        made = figures(f"kod\tandel\n1\t{text}\n2\t0\n3\t0\n", statistic(unit=(unit,)))
        assert column(made).values[0] == value

    def test_a_bound_without_a_unit_has_the_statistics(self) -> None:
        (found,) = self.with_ask("101", bound("at_most", 100), unit=("percent",))
        assert found.data["limit"] == Percent(Fraction(1))
        one = statistic(bound("at_most", 100, "percent"), unit=("share",))
        found = only("kod;andel\n1;101 %\n2;1\n3;0,5\n", one)
        assert found.data["value"] == Percent(Fraction(101, 100))

    def test_every_problem_of_a_file_is_found_in_one_run(self) -> None:
        text = "namn;antal\nAsk;-1\nBjork;2\nBjörk;ett\nX;1,5\nTotalt;6 6\n"
        assert codes(text) == ["F301", "F308", "F305", "F303", "F305", "F314", "F303"]

    def test_beyond_twenty_they_are_counted(self) -> None:
        text = "namn;antal\n" + "".join(f"Okänd {n};{n}\n" for n in range(100))
        found = read(text)[1]
        assert len(found) == 21
        assert (found[-1].code, found[-1].data["count"]) == ("F320", 81)


class TestWorkbooks:
    def test_numbers_are_exact(self) -> None:
        data = xlsx(["kod", "n"], [1, 0.1], [2, 0.2], [3, 5])
        one = statistic(unit=("point",), path="data/x.xlsx")
        assert values(figures(data, one)) == (Fraction(1, 10), Fraction(1, 5), 5)

    def test_a_rounded_display_is_told_of_and_the_exact_number_used(self) -> None:
        data = xlsx(["kod", "n"], [1, 1.26], [2, 2], [3, 3], formats={"B2": "0.0"})
        made, (note,) = read(data, statistic(unit=("point",), path="data/x.xlsx"))
        assert made is not None
        assert column(made).values[0] == Fraction("1.26")
        assert (note.code, note.span.cell) == ("N301", "Sheet!B2")
        assert sentences(note, "sv").labels == ("visar 1,3 men innehåller 1,26",)

    def test_percent_cells_are_shares(self) -> None:
        data = xlsx(["kod", "n"], [1, 0.233], [2, 0.5], [3, 1], formats={"B2": "0.0%"})
        one = statistic(unit=("share",), path="data/x.xlsx")
        assert values(figures(data, one)) == (Fraction(233, 1000), Fraction(1, 2), 1)
        assert codes(data, statistic(unit=("point",), path="data/x.xlsx")) == ["F328"]

    def test_formulas_dates_and_errors_are_refused(self) -> None:
        data = xlsx(["kod", "n"], [1, "=1+1"], [2, "#DIV/0!"], [3, True])
        assert codes(data, IN_BOOK) == ["F327", "F326", "F326"]

    def test_floats_that_are_not_whole_are_no_persons(self) -> None:
        found = only(xlsx(["kod", "n"], [1, 100.00000000001], [2, 2], [3, 3]), IN_BOOK)
        assert found.code == "F314"
        assert not any("100" in text for text in sentences(found, "sv").helps)

    def test_an_empty_cell_at_the_end_of_a_row_is_pointed_at(self) -> None:
        data = xlsx(["kod", "namn", "n"], [1, "Ask", 1], [2, "Björk"], [3, "Cypress", 3])
        found = only(data, IN_BOOK)
        assert (found.code, found.span.cell) == ("F317", "Sheet!C3")


class TestAWholeColumn:
    @pytest.mark.parametrize(("text", "code"), [("1,234", "F318"), ("1,5", "F314")])
    def test_one_mistake_in_every_row_is_told_once(self, text: str, code: str) -> None:
        rows = "".join(f"{one.code}\t{text}\n" for one in regions().recipients)
        (found,) = read(f"kod\tantal\n{rows}", register=regions())[1]
        assert (found.code, len(found.labels), found.data["count"]) == (code, 3, 21)
        assert "20 tal till i kolumnen" in " ".join(sentences(found, "sv").notes)

    def test_of_an_ambiguous_count_only_the_whole_number_is_offered(self) -> None:
        text = "namn\tantal\nAsk\t1,234\nBjörk\t2\nCypress\t3\n"
        (in_persons,) = read(text)[1]
        assert sentences(in_persons, "sv").helps == (
            "skriv 1\u00a0234: personer och antal är hela tal",
        )
        (in_points,) = read(text, statistic(unit=("point",)))[1]
        assert "eller 1,2340" in sentences(in_points, "sv").helps[0]


ROWS = [
    f"{one.code};{one.name};{number * 7919 % 1000}"
    for number, one in enumerate(regions().recipients)
]


@given(st.permutations([*ROWS, "00;Riket;" + str(sum(int(row.split(";")[2]) for row in ROWS))]))
def test_order_of_rows_never_matters(rows: list[str]) -> None:
    made = figures("kod;namn;antal\n" + "\n".join(rows), register=regions())
    assert values(made) == tuple(int(row.split(";")[2]) for row in ROWS)


@given(st.randoms(use_true_random=False))
def test_order_of_rows_never_matters_to_what_is_found(chance: random.Random) -> None:
    rows = ["Ask;ett", "Bjork;2", "Cypress;3", "Cypress;3", "Okänd;1", ";4", "Totalt;9"]
    chance.shuffle(rows)
    assert sorted(codes("namn;antal\n" + "\n".join(rows))) == [
        "F301",
        "F302",
        "F303",
        "F305",
        "F335",
    ]


@settings(deadline=None)  # opening a workbook takes its time
@given(st.binary(max_size=200))
def test_no_bytes_raise(data: bytes) -> None:
    read(data)
    read(b"kod;namn;antal\n" + data)
    read(b"PK\x03\x04" + data, IN_BOOK)


@given(st.lists(st.text(alphabet="AskBjörk123 ;,.%-#Totalt\n", max_size=30), max_size=8))
def test_every_finding_can_be_said_in_both_languages(lines: list[str]) -> None:
    made, found = read("kod;namn;antal\n" + "\n".join(lines))
    assert made is None or len(column(made)) == len(SMALL)
    assert made is not None or found
    for one in found:
        for language in ("sv", "en"):
            sentences(one, language)


# ---------------------------------------------------------------- the catalogue

CATALOGUE = tomllib.loads(
    (Path(__file__).parents[2] / "dsl/catalogue/findings/f3_data.toml").read_text(encoding="utf-8")
)


def fields(texts: Any) -> set[str]:
    strings = [texts["title"], *texts.get("notes", []), *texts.get("helps", [])]
    strings += texts.get("labels", {}).values()
    return {name for text in strings for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("code", CATALOGUE)
def test_a_finding_is_the_same_in_both_languages(code: str) -> None:
    swedish, english = CATALOGUE[code]["sv"], CATALOGUE[code]["en"]
    assert set(swedish) == set(english) == {"title", "notes", "helps", "labels", "about"}
    assert set(swedish["labels"]) == set(english["labels"])
    assert len(swedish["notes"]) == len(english["notes"])
    assert len(swedish["helps"]) == len(english["helps"])
    assert fields(swedish) == fields(english)


@pytest.mark.parametrize("code", CATALOGUE)
def test_a_finding_has_codes_of_its_own_kind(code: str) -> None:
    assert code[:2] in {"F3", "N3"}
    assert len(code) == 4


def test_every_phrase_of_data_has_both_languages() -> None:
    mine = {key: texts for key, texts in phrases_table().items() if key.startswith("data.")}
    assert mine
    languages: tuple[Language, ...] = ("sv", "en")
    assert all(set(texts) == set(languages) for texts in mine.values())
