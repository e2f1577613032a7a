"""Two levels: areas share first, then the recipients within each of them, and nothing is lost."""

from collections.abc import Mapping
from fractions import Fraction

import pytest
from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st

from desk.data.run_json import run_data
from desk.report.page import page
from desk.speaker import Speaker
from dsl.numbers import Language
from engine.inputs.files import Memory
from engine.ledger import Nested
from engine.outcome import Outcome
from engine.pipeline import run_ruleset
from engine.registers import builtin

HEAD = """regelverk Prov
budgetår 2026
mottagare kommuner, från kommuner.csv
mottagare län, från lan.csv
avrunda till {unit}, {rounding}
underlag arbetslösa, personer per län
  från lan.csv, kolumn arb
  källa påhittade tal
underlag befolkning, personer per kommun
  från kommuner.csv, kolumn bef
  källa påhittade tal
underlag barn, personer per kommun
  från kommuner.csv, kolumn barn
  källa påhittade tal
"""
COUNTIES = "kod,namn,arb\nA,Alfa,60\nB,Beta,30\nC,Gamma,10\n"
MUNICIPALITIES = """kod,namn,län,bef,barn
1,Alby,A,100,10
2,Berga,Alfa,200,5
3,Centrum,B,50,5
4,Dal,B,50,20
5,Ek,Gamma,7,0
"""
TWO = "pott P = 1 000 kr\n  allt efter arbetslösa, inom varje län efter befolkning\n"
ROUNDINGS = ("största rest", "uddatalsmetoden", "närmast, skillnaden till den största",
             "nedåt, resten till den största")  # fmt: skip


def ran(
    rules: str,
    municipalities: str = MUNICIPALITIES,
    counties: str = COUNTIES,
    *,
    rounding: str = "största rest",
    unit: str = "1 kr",
) -> Outcome:
    text = HEAD.format(rounding=rounding, unit=unit) + rules
    contents = {"regler.fordela": text, "kommuner.csv": municipalities, "lan.csv": counties}
    return run_ruleset(Memory({name: one.encode() for name, one in contents.items()}))


def paid(rules: str, *files: str, pot: str = "P", **said: str) -> tuple[int, ...] | None:
    outcome = ran(rules, *files, **said)
    assert outcome.result is not None, [one.code for one in outcome.findings]
    return outcome.result.ledger.of_pot(pot)


def codes(rules: str, *files: str, **said: str) -> list[str]:
    found = ran(rules, *files, **said).findings
    return [one.code for one in found if one.code not in {"N101", "N207"}]


# ---------------------------------------------------------------- what it means


def test_each_area_shares_its_own_whole_amount() -> None:
    # 600, 300 and 100; then 1 : 2, 1 : 1, and all.
    assert paid(TWO) == (200, 400, 150, 150, 100)
    # 601 of 1001 : 200,33 and 400,67; the krona more is Berga's.
    assert paid(TWO.replace("1 000", "1 001")) == (200, 401, 150, 150, 100)


def test_figures_for_the_recipients_are_added_up_for_the_areas() -> None:
    # Children: 15, 25 and 0 of 40. Gamma gets nothing, and Ek needs none.
    pot = "pott P = 1 000 kr\n  allt efter barn, inom varje län efter befolkning\n"
    assert paid(pot) == (125, 250, 313, 312, 0)
    named = "värde unga = barn + 0 personer\n" + pot.replace("efter barn", "efter unga")
    assert paid(named) == paid(pot)


def test_a_factor_that_no_recipient_has_does_not_hide_whose_the_figures_are() -> None:
    axis = "indelning månad = maj, juni\nunderlag vikt, antal per månad\n"
    axis += "  från vikt.csv\n  källa påhittade tal\n"
    key = "värde unga = barn × summan av vikt över månad\n"
    pot = "pott P = 1 000 kr, till kommunerna\n  allt efter unga, inom varje län efter befolkning\n"
    text = HEAD.format(unit="1 kr", rounding="största rest") + axis + key + pot
    # With counties as the usual kind: a figure of no kind must not be taken for theirs.
    first, second = "mottagare kommuner, från kommuner.csv\n", "mottagare län, från lan.csv\n"
    text = text.replace(first, "").replace(second, second + first)
    contents = {
        "regler.fordela": text,
        "kommuner.csv": MUNICIPALITIES,
        "lan.csv": COUNTIES,
        "vikt.csv": "månad,tal\nmaj,2\njuni,3\n",
    }
    outcome = run_ruleset(Memory({name: one.encode() for name, one in contents.items()}))
    assert outcome.result is not None, [one.code for one in outcome.findings]
    assert outcome.result.ledger.of_pot("P") == (125, 250, 313, 312, 0)


def test_both_steps_can_share_equally() -> None:
    pot = "pott P = 900 kr\n  allt lika till varje län, inom varje län lika till varje {}\n"
    for noun in ("kommun", "mottagare"):
        assert paid(pot.format(noun)) == (150, 150, 150, 150, 300)


def test_conditions_and_limits_are_for_the_recipients_within_the_areas() -> None:
    assert paid(TWO[:-1] + ", om barn < 10 personer\n") == (0, 600, 300, 0, 100)
    floor = ", minst 22 kr per person × barn var, om barn < 20 personer\n"
    assert paid(TWO[:-1] + floor) == (220, 380, 300, 0, 100)
    assert paid(TWO[:-1] + ", högst 35 % var\n") == (250, 350, 150, 150, 100)
    assert codes(TWO[:-1] + ", minst 160 kr var\n") == ["F522"]
    assert codes(TWO[:-1] + ", högst 99 kr var\n") == ["F523"]


def test_money_can_be_taken_back_through_the_areas() -> None:
    assert paid(TWO.replace("= 1 000", "= −1 001")) == (-200, -401, -150, -150, -100)


def test_the_unit_of_rounding_holds_on_both_levels() -> None:
    assert paid(TWO, unit="100 kr") == (200, 400, 200, 100, 100)
    ore = paid(TWO.replace("1 000", "1"), unit="1 öre")
    assert ore == (20, 40, 15, 15, 10)
    assert codes(TWO.replace("1 000", "1 050"), unit="100 kr") == ["F506"]


def test_a_line_in_two_levels_stands_beside_others() -> None:
    lines = TWO + "pott Q = 1 500 kr\n  100 kr till varje kommun\n  resten efter barn\n"
    split = TWO.replace("allt", "hälften") + "  resten efter befolkning\n"
    assert paid(lines, pot="Q") == (350, 225, 225, 600, 100)
    # 500 in two levels, and 500 by 100 : 200 : 50 : 50 : 7 of 407.
    assert paid(split) == (100 + 123, 200 + 246, 75 + 61, 75 + 61, 50 + 9)


# ---------------------------------------------------------------- where recipients lie


def test_an_area_is_known_by_code_or_name_whatever_its_column_is_called() -> None:
    wanted = paid(TWO)
    for heading in ("län", "Län", "county", "länskod", "länsnamn"):
        assert paid(TWO, MUNICIPALITIES.replace("län", heading)) == wanted
    both = MUNICIPALITIES.replace("län", "länskod,län").replace(",A,", ",A,Alfa,")
    both = (
        both.replace("Alfa,200", "A,Alfa,200")
        .replace(",B,", ",B,Beta,")
        .replace("Gamma,7", "C,Gamma,7")
    )
    assert paid(TWO, both) == wanted
    assert paid(TWO, both.replace("kod,namn", "kommunkod,kommun")) == wanted


def test_a_municipality_lies_in_the_county_that_its_code_begins_with() -> None:
    own = "kod,namn,bef,barn\n0980,Gotland,5,1\n1080,Karlskrona,7,1\n1060,Olofström,1,1\n"
    lan = "kod,namn,arb\n09,Gotland,1\n10,Blekinge,3\n"
    assert paid(TWO, own, lan) == (250, 94, 656)
    assert codes(TWO, own.replace("0980", "980"), lan) == ["F350"]
    assert codes(TWO, own.replace("0980", "1980"), lan) == ["F351"]


def test_regions_are_areas_too() -> None:
    rules = TWO.replace("inom varje län", "inom varje region").replace("arbetslösa", "befolkning")
    kommuner = "kod,namn,bef,barn\n0980,Gotland,5,1\n1080,Karlskrona,7,1\n1060,Olofström,1,1\n"
    assert paid(rules, kommuner) == (385, 77, 538)


def test_what_is_wrong_with_a_register_is_said_once() -> None:
    assert codes(TWO, MUNICIPALITIES.replace("Dal,B", "Dal,D")) == ["F351"]
    assert codes(TWO, MUNICIPALITIES.replace("Dal,B", "Dal,")) == ["F350"]
    assert codes(TWO, MUNICIPALITIES.replace(",län", ",ort")) == ["F350"]
    assert codes(TWO, MUNICIPALITIES + "5,Ek,Beta,7,0\n") == ["F352"]
    assert codes(TWO, MUNICIPALITIES.replace("4,Dal", "3,Dal"))[0] == "F331"
    assert codes(TWO, MUNICIPALITIES, COUNTIES.replace("kod", "nummer"))[0] == "F336"


def test_an_area_that_gets_nothing_needs_no_recipients() -> None:
    assert paid(TWO, MUNICIPALITIES, COUNTIES + "D,Delta,0\n") == paid(TWO)
    assert codes(TWO, MUNICIPALITIES, COUNTIES + "D,Delta,1\n") == ["F520"]
    assert codes(TWO, MUNICIPALITIES.replace(",7,", ",0,")) == ["F521"]


def test_columns_that_no_rule_asks_for_may_say_anything() -> None:
    plain = "pott P = 407 kr\n  allt efter befolkning\n"
    assert paid(plain, MUNICIPALITIES.replace("Dal,B", "Dal,någonstans")) == (100, 200, 50, 50, 7)


# ---------------------------------------------------------------- what cannot be said


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("allt efter arbetslösa, inom varje kommun efter befolkning", "F160"),
        ("allt till Alby, inom varje län efter befolkning", "F161"),
        ("1 000 kr till SKR, inom varje län efter befolkning", "F161"),
        ("200 kr till varje kommun, inom varje län efter befolkning", "F161"),
        ("allt efter befolkning / barn, inom varje län efter befolkning", "F162"),
        ("allt efter arbetslösa × befolkning, inom varje län efter befolkning", "F162"),
        ("allt efter kvot, inom varje län efter befolkning", "F162"),
        ("allt efter arbetslösa, inom varje län efter arbetslösa", "F112"),
        ("allt efter arbetslösa, om arbetslösa > 3 personer, inom varje län efter barn", "F112"),
        ("allt lika till varje kommun, inom varje län efter befolkning", "F164"),
        ("allt efter barn, inom varje län lika till varje län", "F164"),
        ("allt efter barn, inom varje län efter summan av barn", "F111"),
        ("allt efter barn, inom varje län efter okänt", "F101"),
        ("allt efter barn, inom varje mottagare efter barn", "F412"),
        ("allt efter barn, inom varje stad efter barn", "F108"),
        ("allt efter barn, inom varje län efter barn, inom varje län efter barn", "F030"),
    ],
)
def test_what_means_nothing_is_refused(line: str, code: str) -> None:
    quotient = "värde kvot = barn / befolkning\nvärde rest = arbetslösa\n"
    found = codes(f"övriga mottagare SKR\n{quotient}pott P = 1 000 kr\n  {line}\n")
    assert found == [code]


def test_nobody_named_bears_the_difference_of_two_levels() -> None:
    assert codes(TWO, rounding="närmast, skillnaden till Alby") == ["F163"]
    assert codes(TWO, rounding="nedåt, resten till Alby") == ["F163"]
    own = TWO[:-1] + ", avrunda nedåt, resten till Q\npott Q\n  allt efter befolkning\n"
    assert codes(own) == ["F163"]
    assert paid(TWO[:-1] + ", avrunda största rest\n", rounding="närmast, skillnaden till Alby")


# ---------------------------------------------------------------- several kinds of recipients


def test_the_first_kind_is_the_one_that_pots_go_to_unless_they_say_otherwise() -> None:
    both = (
        "pott P = 1 000 kr\n  70 % till K\n  resten till L\n"
        "pott K\n  allt efter befolkning\npott L, till länen\n  allt efter arbetslösa\n"
        "kontroll summan av K + summan av L = 1 000 kr\n"
    )
    assert paid(both, pot="L") == (180, 90, 30)
    assert paid(both, pot="K") == (172, 344, 86, 86, 12)


def test_a_kind_may_be_listed_once() -> None:
    assert codes("mottagare län\n" + TWO) == ["F408"]


def test_a_table_shows_figures_for_any_kind() -> None:
    table = "tabell T\n  kolumn arbetslösa som A\n  kolumn dubbelt som D\n"
    outcome = ran(TWO + "värde dubbelt = 2 × arbetslösa\n" + table)
    (view,) = outcome.tables
    assert view.register.noun == "county"
    assert [*map(int, view.columns[1].cells)] == [120, 60, 20]


# ---------------------------------------------------------------- tables per area


def test_a_table_can_have_one_row_per_area() -> None:
    table = (
        "tabell T\n  kolumn befolkning som B\n  kolumn P som P\n  summa S\n"
        "  kolumn andel barn, i procent, som Andel\n  en rad per län\n"
    )
    (view,) = ran(TWO + table).tables
    assert [one.name for one in view.register.recipients] == ["Alfa", "Beta", "Gamma"]
    assert [[*map(int, one.cells)] for one in view.columns] == [
        [300, 100, 7], [600, 300, 100], [600, 300, 100], [38, 63, 0],
    ]  # fmt: skip


def test_a_table_per_area_needs_no_line_in_two_levels() -> None:
    rules = (
        "pott P = 407 kr\n  allt efter befolkning\ntabell T\n  en rad per län\n  kolumn P som P\n"
    )
    (view,) = ran(rules).tables
    assert [*map(int, view.columns[0].cells)] == [300, 100, 7]
    assert codes(rules, MUNICIPALITIES.replace("Dal,B", "Dal,D")) == ["F351"]


@pytest.mark.parametrize(
    ("column", "code"),
    [
        ("arbetslösa", "F165"),
        ("befolkning / barn", "F166"),
        ("summan av befolkning", "F166"),
        ("P, i miljoner kr, som X\n  kolumn 2 × befolkning / barn", "F166"),
    ],
)
def test_what_cannot_be_added_up_has_no_row_per_area(column: str, code: str) -> None:
    more = "  kolumn P som P\n" if code == "F166" else ""
    table = f"tabell T\n{more}  kolumn {column} som K\n  en rad per län\n"
    assert codes(TWO + table) == [code]


# ---------------------------------------------------------------- the reasons


def test_the_ledger_tells_both_levels() -> None:
    outcome = ran(TWO)
    assert outcome.result is not None
    (movement,) = outcome.result.ledger.movements
    reason = movement.reason
    assert isinstance(reason, Nested)
    assert reason.amounts == (600, 300, 100)
    assert [reason.area(place).name for place in range(5)] == [
        "Alfa", "Alfa", "Beta", "Beta", "Gamma",
    ]  # fmt: skip
    within = reason.within(1)
    assert within is not None
    assert [within.total, within.exact(1), within.exact(2)] == [600, Fraction(400), Fraction(0)]
    assert reason.outer.exact(0) == 600


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("sv", ("Delat i två steg", "A Alfa 601 kr 2,003 kr per person × befolkning",
                "C Gamma 99 kr 14,1 kr",
                "inom Beta exakt lika anspråk: Centrum, Dal")),
        ("en", ("Shared in two steps", "A Alfa 601 kr 2.003 kr per person × befolkning",
                "C Gamma 99 kr 14.1 kr",
                "within Beta exactly equal claims: Centrum, Dal")),
    ],
)  # fmt: skip
def test_the_page_tells_both_levels(language: Language, said: tuple[str, ...]) -> None:
    odd = COUNTIES.replace("60", "601").replace("30", "301").replace("10", "99")
    outcome = ran(TWO.replace("1 000", "1 001"), MUNICIPALITIES, odd, rounding="uddatalsmetoden")
    text, _ = page(outcome, Speaker(language))
    flat = " ".join(text.split())
    assert all(one in flat for one in said), flat


def test_the_data_of_a_run_have_both_levels() -> None:
    data = run_data(ran(TWO), ())
    (line,) = data["lines"]
    assert (line["reason"], line["within"], line["rate"]) == ("nested", "county", None)
    assert [(one["area"], one["amount"]) for one in line["areas"]] == [
        ("A", 600), ("B", 300), ("C", 100),
    ]  # fmt: skip
    assert len(data["rounding"]) == 1
    assert not data["ties"]
    (tie,) = run_data(ran(TWO.replace("1 000", "1 010")), ())["ties"]
    assert (tie["among"], tie["area"], tie["recipients"]) == ("municipality", "B", ["3", "4"])


# ---------------------------------------------------------------- for all figures


@frozen
class Land:
    """Counties with their key, and municipalities with county and figures."""

    counties: tuple[int, ...]
    municipalities: tuple[tuple[int, int, int], ...]

    def files(self, order: list[int] | None = None) -> tuple[str, str]:
        rows = [
            f"{n:03},M{n},C{county},{people},{children}\n"
            for n, (county, people, children) in enumerate(self.municipalities)
        ]
        rows = [rows[place] for place in order] if order else rows
        counties = [f"{n},C{n},{key}\n" for n, key in enumerate(self.counties)]
        counties = counties[::-1] if order else counties
        return (
            "".join(["kod,namn,län,bef,barn\n", *rows]),
            "".join(["kod,namn,arb\n", *counties]),
        )


@st.composite
def lands(draw: st.DrawFn) -> Land:
    """Each county has someone with people in it."""
    counties = draw(st.lists(st.integers(0, 30), min_size=1, max_size=5).filter(any))
    figure = st.integers(0, 40)
    places = st.integers(0, len(counties) - 1)
    more = draw(st.lists(st.tuples(places, figure, figure), max_size=8))
    first = [(n, draw(st.integers(1, 40)), draw(figure)) for n in range(len(counties))]
    return Land(tuple(counties), (*first, *more))


KEYS = st.sampled_from(["efter arbetslösa", "lika till varje län"])


@given(lands(), st.integers(1, 10_000), st.sampled_from(ROUNDINGS), KEYS, st.data())
def test_every_area_gets_what_it_gets_alone_and_gives_out_all_of_it(
    land: Land, total: int, rounding: str, key: str, data: st.DataObject
) -> None:
    rules = (
        f"pott P = {total} kr\n  allt {key}, inom varje län efter befolkning\n"
        f"pott Q = {total} kr, till länen\n  allt {key}\n"
    )
    outcome = ran(rules, *land.files(), rounding=rounding)
    if outcome.result is None:  # one bears more than it has, as on one level
        assert {one.code for one in outcome.findings} == {"F515"}
        return
    ledger = outcome.result.ledger
    given_out, alone = ledger.of_pot("P"), ledger.of_pot("Q")
    assert given_out is not None
    assert alone is not None
    sums = [0] * len(land.counties)
    for amount, (county, _, _) in zip(given_out, land.municipalities, strict=True):
        sums[county] += amount
    assert tuple(sums) == alone
    assert sum(sums) == total
    order = data.draw(st.permutations(range(len(land.municipalities))))
    assert paid(rules, *land.files(list(order)), rounding=rounding) == given_out


@given(lands(), st.integers(1, 10_000), st.sampled_from(ROUNDINGS[:2]))
def test_one_area_is_one_level_and_one_recipient_each_is_none(
    land: Land, total: int, rounding: str
) -> None:
    two = f"pott P = {total} kr\n  allt lika till varje län, inom varje län efter befolkning\n"
    one = f"pott P = {total} kr\n  allt efter befolkning\n"
    single = Land((1,), tuple((0, a, b) for _, a, b in land.municipalities))
    assert paid(two, *single.files(), rounding=rounding) == paid(
        one, *single.files(), rounding=rounding
    )
    count = len(land.counties)
    each = Land(land.counties, land.municipalities[:count])
    by_key = two.replace("lika till varje län", "efter arbetslösa")
    other = by_key.replace(", inom varje län efter befolkning", "").replace(
        " kr\n", " kr, till länen\n"
    )
    assert paid(by_key, *each.files(), rounding=rounding) == paid(
        other, *each.files(), rounding=rounding
    )


@given(lands(), st.integers(1, 10_000))
def test_added_up_figures_share_as_the_sums_do(land: Land, total: int) -> None:
    sums = [0] * len(land.counties)
    for county, people, _ in land.municipalities:
        sums[county] += people
    municipalities, _ = land.files()
    _, counties = Land(tuple(sums), land.municipalities).files()
    rules = f"pott P = {total} kr\n  allt efter {{}}, inom varje län efter befolkning\n"
    added = paid(rules.format("befolkning"), municipalities, counties)
    assert added == paid(rules.format("arbetslösa"), municipalities, counties)
    assert added is not None
    everyone = sum(people for _, people, _ in land.municipalities)
    for amount, (_, people, _) in zip(added, land.municipalities, strict=True):
        assert abs(amount - Fraction(total * people, everyone)) < 2


def test_all_municipalities_of_sweden_are_shared_to_within_their_counties() -> None:
    figures: Mapping[str, bytes] = {
        "regler.fordela": (
            "regelverk Prov\nbudgetår 2026\nmottagare kommuner\n"
            "avrunda till 1 kr, uddatalsmetoden\n"
            "underlag bef, personer per kommun\n  från bef.csv\n  källa x\n"
            "pott P = 1 000 000 000 kr\n  allt efter bef, inom varje län efter bef\n"
        ).encode(),
    }
    register = builtin("municipality")
    assert register is not None
    rows = [f"{one.code};{1000 + n * 977 % 5003}\n" for n, one in enumerate(register.recipients)]
    outcome = run_ruleset(Memory({**figures, "bef.csv": "".join(["kod;tal\n", *rows]).encode()}))
    assert outcome.findings == ()
    assert outcome.result is not None
    amounts = outcome.result.ledger.of_pot("P")
    assert amounts is not None
    assert len(amounts) == 290
    assert sum(amounts) == 1_000_000_000
    assert min(amounts) > 0


def test_recipients_of_another_kind_need_a_column_that_says_where_they_lie() -> None:
    rules = """regelverk Prov
budgetår 2026
mottagare mottagare, från m.csv
avrunda till 1 kr, största rest
underlag platser, antal per mottagare
  från m.csv, kolumn platser
  källa påhittade tal
pott P = 100 kr
  allt lika till varje län, inom varje län efter platser
"""
    text = "kod,namn,platser\n0180,Ask,1\n1480,Björk,2\n"
    contents = {"regler.fordela": rules, "m.csv": text}
    outcome = run_ruleset(Memory({name: one.encode() for name, one in contents.items()}))
    (found,) = (one for one in outcome.findings if one.severity == "error")
    assert found.code == "F350"
    assert "municipalities" not in found.data


def test_a_file_for_two_kinds_of_recipients_is_found_wrong_once() -> None:
    text = MUNICIPALITIES.replace("Alby", "Alb\udcffy")
    contents = {
        "regler.fordela": (HEAD.format(rounding="största rest", unit="1 kr") + TWO)
        .replace("lan.csv", "kommuner.csv")
        .encode(),
        "kommuner.csv": text.encode("utf-8", "surrogateescape"),
    }
    outcome = run_ruleset(Memory(contents))
    assert [one.code for one in outcome.findings if one.code != "N101"] == ["F313"]


def test_a_kind_without_a_register_is_not_missed_where_a_register_is_wrong() -> None:
    usual = "underlag x, antal per mottagare\n  från lan.csv, kolumn arb\n  källa x\n"
    assert "F412" in codes(usual + TWO)
    assert codes(usual + TWO, "kod,namn,län,bef,barn\n") == ["F329"]
