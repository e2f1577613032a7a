"""Registers: every spelling that the decisions use, and an author's own register from a file."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsl.registers import Register, folded
from dsl.source import Span
from engine.inputs.files import Memory
from engine.registers import builtin, read_register
from engine.registers.matching import Names, Roster, match_rows
from engine.tables import read_sheet

CODES = [f"{n:02}" for n in (1, *range(3, 11), *range(12, 15), *range(17, 26))]

# Every spelling in the tables of the five decisions (rulesets/*/*/facit), and the official names.
REGIONS = {
    "01": "Stockholm|Region Stockholm|Stockholms län",
    "03": "Uppsala|Region Uppsala|Uppsala län",
    "04": "Sörmland|Södermanland|Region Sörmland|Södermanlands län",
    "05": "Östergötland|Region Östergötland|Östergötlands län",
    "06": "Jönköping|Jönköpings län|Region Jönköping|Region Jönköpings län",
    "07": "Kronoberg|Region Kronoberg|Kronobergs län",
    "08": "Kalmar|Kalmar län|Region Kalmar|Region Kalmar län",
    "09": "Gotland|Region Gotland|Gotlands län",
    "10": "Blekinge|Region Blekinge|Blekinge län",
    "12": "Skåne|Region Skåne|Skåne län",
    "13": "Halland|Region Halland|Hallands län",
    "14": "Västra Götaland|Västra Götalandsregionen|Västra Götalands län",
    "17": "Värmland|Region Värmland|Värmlands län",
    "18": "Örebro|Örebro län|Region Örebro|Region Örebro län",
    "19": "Västmanland|Region Västmanland|Västmanlands län",
    "20": "Dalarna|Region Dalarna|Dalarnas län",
    "21": "Gävleborg|Region Gävleborg|Gävleborgs län",
    "22": "Västernorrland|Region Västernorrland|Västernorrlands län",
    "23": "Jämtland Härjedalen|Jämtland|Region Jämtland Härjedalen|Jämtlands län",
    "24": "Västerbotten|Region Västerbotten|Västerbottens län",
    "25": "Norrbotten|Region Norrbotten|Norrbottens län",
}
COUNTIES = {
    "04": "Södermanland|Sörmland|Södermanlands län",
    "06": "Jönköping|Jönköpings län",
    "08": "Kalmar|Kalmar län",
    "14": "Västra Götaland|Västra Götalands län",
    "18": "Örebro|Örebro län",
    "20": "Dalarna|Dalarnas län",
    "23": "Jämtland|Jämtlands län|Jämtland Härjedalen",
    "25": "Norrbotten|Norrbottens län",
}


def register(noun: str) -> Register:
    found = builtin(noun)
    assert found is not None
    return found


def own(text: str) -> tuple[Register | None, list[str]]:
    found, findings = read_register(
        "municipality", "data/k.csv", Memory({"data/k.csv": text.encode()})
    )
    return found, [one.code for one in findings]


def matched(text: str, noun: str = "region") -> Roster:
    sheet, found = read_sheet("a.csv", text.encode())
    assert sheet is not None, found
    roster = match_rows(sheet, register(noun))
    assert isinstance(roster, Roster), roster
    return roster


@pytest.mark.parametrize("noun", ["region", "county"])
def test_there_are_21_of_each_in_code_order(noun: str) -> None:
    assert [one.code for one in register(noun).recipients] == CODES
    assert (register(noun).noun, register(noun).territory) == (noun, "län")
    assert builtin(noun) is builtin(noun)


def test_other_kinds_come_from_a_file() -> None:
    assert builtin("recipient") is None


# How many municipalities each county has, as Statistics Sweden counts them since 2003.
COUNTS = (26, 8, 9, 13, 13, 8, 12, 1, 5, 33, 6, 49, 16, 12, 10, 15, 10, 7, 8, 15, 14)


def test_there_are_290_municipalities_each_in_its_county() -> None:
    recipients = register("municipality").recipients
    codes = [one.code for one in recipients]
    assert len(recipients) == len(set(codes)) == 290
    assert codes == sorted(codes)
    assert all(len(code) == 4 and code.isdecimal() for code in codes)
    assert Counter(code[:2] for code in codes) == dict(zip(CODES, COUNTS, strict=True))


def test_no_spelling_of_a_municipality_stands_for_two() -> None:
    found = register("municipality")
    spelt = [
        {folded(name) for name in (one.code, one.name, *one.aliases)} for one in found.recipients
    ]
    assert sum(map(len, spelt)) == len(set[str]().union(*spelt)) == len(found.positions)


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("0180", "Stockholm|Stockholms stad|Stockholms kommun|Stockholm kommun"),
        ("0114", "Upplands Väsby|Upplands Väsby kommun"),
        ("0331", "Heby|Heby kommun"),
        ("0980", "Gotland|Region Gotland|Gotlands kommun"),
        ("1265", "Sjöbo|Sjöbo kommun"),
        ("1480", "Göteborg|Göteborgs stad"),
        ("1864", "Ljusnarsberg|Ljusnarsbergs kommun"),
        ("2023", "Malung-Sälen|Malung-Sälens kommun"),
        ("2080", "Falun|Falu kommun"),
        ("2584", "Kiruna|Kiruna kommun"),
    ],
)
def test_spellings_of_municipalities_are_known(code: str, names: str) -> None:
    found = register("municipality")
    for name in names.split("|"):
        position = found.position(name)
        assert position is not None
        assert found.recipients[position].code == code


def test_regions_and_counties_are_shown_by_their_own_names() -> None:
    regions, counties = register("region").recipients, register("county").recipients
    both = zip(regions, counties, strict=True)
    assert [(a.name, b.name) for a, b in both if a.name != b.name] == [
        ("Sörmland", "Södermanland"),
        ("Jämtland Härjedalen", "Jämtland"),
    ]
    assert regions[0].name == "Stockholm"
    assert regions[11].name == "Västra Götaland"


@pytest.mark.parametrize(
    ("noun", "code", "name"),
    [
        (noun, code, name)
        for noun, table in (("region", REGIONS), ("county", COUNTIES))
        for code, names in table.items()
        for name in names.split("|")
    ],
)
def test_every_spelling_is_known(noun: str, code: str, name: str) -> None:
    position = register(noun).position(name)
    assert position is not None
    assert register(noun).recipients[position].code == code


@pytest.mark.parametrize("noun", ["region", "county"])
def test_no_spelling_stands_for_two(noun: str) -> None:
    keys = [
        key
        for one in register(noun).recipients
        for key in {one.code, *(folded(name) for name in (one.name, *one.aliases))}
    ]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("name", ["Norrbottn", "Region", "Sverige", "Scania", "02", ""])
def test_nothing_else_is_known(name: str) -> None:
    assert register("region").position(name) is None


def test_every_name_in_the_published_tables_is_known() -> None:
    tables = sorted((Path(__file__).parents[2] / "rulesets").glob("*/*/facit/*.csv"))
    assert tables
    for table in tables:
        sheet, _ = read_sheet(table.name, table.read_bytes())
        assert sheet is not None
        roster = match_rows(sheet, register("county" if "bilaga-2" in table.name else "region"))
        assert isinstance(roster, Roster)
        assert len(roster.having("placed")) == 21, table
        assert len(roster.having("total")) == len(roster.rows) - 21 <= 1


class TestMatching:
    @pytest.mark.parametrize(
        "row",
        [
            "kod;region;x\n09;Gotland;1",
            "kod;region;x\n9;Region Gotland;1",
            "Länskod;x\n09;1",
            "region;x\n09 Gotlands län;1",
            "region;x\nREGION  GOTLAND;1",
            ";x\nGotland;1",
            "ort;x\nGotland;1",
            "x;region\n1;Gotland",
            "år;kod;x\n2023;09;1",
        ],
    )
    def test_a_row_is_found_by_code_or_name_in_any_column(self, row: str) -> None:
        (placed,) = matched(row).having("placed")
        assert placed.position == 7

    def test_codes_need_no_heading(self) -> None:
        roster = matched("region;x\n01;5\n03;6\n")
        assert [row.position for row in roster.having("placed")] == [0, 1]

    def test_numbers_that_look_like_codes_are_no_codes(self) -> None:
        assert matched("region;x\nStockholm;01\nUppsala;03\nGotland;04").keys == (0,)

    def test_code_and_name_must_agree(self) -> None:
        roster = matched("kod;region;x\n09;Gotland;1\n10;Skåne;2\n12 Gotland;;3\n")
        assert [row.standing for row in roster.rows] == ["placed", "disputed", "disputed"]
        first = roster.findings[0]
        assert first.code == "F309"
        assert dict(first.data) == {
            "code": "10",
            "name": "Skåne",
            "by_code": "Blekinge",
            "by_name": "Skåne",
        }
        assert [label.span.column for label in first.labels] == [4, 1]

    def test_the_same_recipient_twice_is_pointed_at_twice(self) -> None:
        roster = matched("region;x\nSörmland;1\nSödermanland;2\n")
        (found,) = roster.findings
        assert found.code == "F302"
        assert [(label.key, label.span.line) for label in found.labels] == [
            ("again", 3),
            ("first", 2),
        ]

    @pytest.mark.parametrize(
        "total",
        ["Totalt", "Summa", "Riket", "total", "SUMMA:", "Sverige", "Hela riket", "00 Riket"],
    )
    def test_total_rows_are_nobody(self, total: str) -> None:
        assert [row.standing for row in matched(f"region;x\nGotland;1\n{total};1").rows] == [
            "placed",
            "total",
        ]

    def test_a_total_in_the_code_column_is_a_total(self) -> None:
        roster = matched("kod;region;x\n09;Gotland;1\nTotalt;;1\n00;Riket;1")
        assert [row.standing for row in roster.rows] == ["placed", "total", "total"]

    def test_an_unknown_name_has_a_guess(self) -> None:
        (row,) = matched("region;x\nRegion Norrbottn;1").having("unknown")
        assert row.guess == 20
        (row,) = matched("region;x\nNorge;1").having("unknown")
        assert row.guess is None
        (row,) = matched("kod;region;x\n25;Norge;1").having("unknown")
        assert row.guess == 20
        assert row.label.text == "Norge"
        (row,) = matched("kod;region;x\n26;Norrbotten;1").having("unknown")
        assert (row.guess, row.label.text) == (20, "26")

    def test_a_row_without_a_name_is_a_finding(self) -> None:
        assert [one.code for one in matched("region;x\nGotland;1\n;5").findings] == ["F335"]

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("a;b\nx;1\ny;2", "F323"),
            ("01;Stockholm;1\n03;Uppsala;2", "F337"),
            ("Uppsala;1\nGotland;2", "F337"),
        ],
    )
    def test_tables_without_names_or_headings(self, text: str, code: str) -> None:
        sheet, _ = read_sheet("a.csv", text.encode())
        assert sheet is not None
        found = match_rows(sheet, register("region"))
        assert not isinstance(found, Roster)
        assert found.code == code

    def test_codes_that_differ_by_a_zero_are_never_mixed_up(self) -> None:
        made, _ = own("kod;namn\n1;A\n01;B\n")
        assert made is not None
        assert Names(made).find("01") == 0
        assert Names(made).find("1") == 1
        assert Names(made).find("001") is None


class TestOwnRegister:
    def test_it_is_in_code_order_with_its_aliases(self) -> None:
        text = "kod;namn;alias;län\n10;Tio;Tian | X;a\n2;Två;;b\n1;Ett;;a\n"
        made, found = own(text)
        assert found == []
        assert made is not None
        assert [one.name for one in made.recipients] == ["Ett", "Två", "Tio"]
        assert made.recipients[2].aliases == ("Tian", "X")
        assert (made.noun, made.territory) == ("municipality", "data/k.csv")
        assert made.position("tian") == 2

    def test_english_headings_and_other_columns(self) -> None:
        made, found = own("population,Name,Code\n5,Upplands Väsby,0114\n")
        assert found == []
        assert made is not None
        assert made.recipients[0].code == "0114"

    def test_the_plainest_heading_has_the_names(self) -> None:
        made, _ = own("kod;län;namn\n0114;Stockholm;Upplands Väsby\n")
        assert made is not None
        assert made.recipients[0].name == "Upplands Väsby"

    @pytest.mark.parametrize(
        ("text", "codes"),
        [
            ("namn;alias\nA;B\n", ["F336"]),
            ("kod;x\n1;B\n", ["F336"]),
            ("kod;namn\n1;A\n1;B\n", ["F331"]),
            ("kod;namn\n1;A\n2;a\n", ["F331"]),
            ("kod;namn;alias\n1;A;\n2;B;A\n", ["F331"]),
            ("kod;namn;alias\n1;A;\n2;B;1\n", ["F331"]),
            ("kod;namn\n1;A\n;B\n3;\n", ["F330", "F330"]),
            ("kod;namn\n1;A\n00;Riket\n", ["F332"]),
            ("kod;namn\n1;A\n00;Sverige\n", ["F332"]),
            ("kod;namn\n1;A;x\n", ["F315"]),
            ("kod;namn\n", ["F329"]),
        ],
    )
    def test_what_is_wrong_is_found(self, text: str, codes: list[str]) -> None:
        assert own(text) == (None, codes)

    def test_a_country_with_a_code_of_its_own_is_no_total(self) -> None:
        made, codes = own("kod;namn\nNO;Norge\nSE;Sverige\n")
        assert made is not None
        assert not codes

    def test_a_missing_file_is_pointed_at_where_it_is_named(self) -> None:
        span = Span("regler.md", 3, 1, 9)
        made, (found,) = read_register("municipality", "x.csv", Memory({}), span)
        assert made is None
        assert (found.code, found.span) == ("F306", span)
        _, (found,) = read_register("municipality", "x.csv", Memory({}))
        assert found.span.file == "x.csv"

    @given(st.permutations(["1;A", "2;B", "10;C", "x;D"]))
    def test_the_order_of_rows_never_matters(self, rows: list[str]) -> None:
        assert own("kod;namn\n" + "\n".join(rows)) == own("kod;namn\n1;A\n2;B\n10;C\nx;D")

    @given(st.text(alphabet='kodnamalis;|1A\n"', max_size=60))
    def test_nothing_raises(self, text: str) -> None:
        own(f"kod;namn;alias\n{text}")


def test_a_name_longer_than_any_resembles_nobody() -> None:
    names = Names(register("region"))
    assert names.resembling("Stockhol") == names.find("Stockholm")
    assert names.resembling("Stockholm " * 20) is None
