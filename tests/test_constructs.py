"""Floors, ceilings, conditions, claims, steps and mixes: where the line goes between yes and no."""

from fractions import Fraction

import pytest

from desk.report.page import page
from desk.speaker import Speaker
from dsl import syntax as s
from dsl.catalogue import sentences
from dsl.document import read_document
from dsl.findings import Percent, errors
from dsl.numbers import Language
from dsl.printer import print_line
from dsl.program import statements
from engine.column import Column
from engine.grid import Grid
from engine.inputs.files import Folder, Memory
from engine.inputs.statistics import Figures
from engine.outcome import Outcome
from engine.pipeline import run_ruleset
from engine.tabulate import TableColumn
from tests.specification import meaning
from tests.test_examples import EXAMPLES, names

RECIPIENTS = "kod,namn\nA,Alby\nB,Berga\nC,Centrum\n"
FIGURES = "kod,namn,bef,grad,kr\nA,Alby,100,85,400\nB,Berga,200,70,400\nC,Centrum,5000,69,800\n"
HEAD = """regelverk Prov
budgetår 2026
mottagare mottagare, från data/mottagare.csv
övriga mottagare SKR
avrunda till 1 kr, {rounding}
avrunda belopp till 1 kr, närmast
underlag befolkning, personer per mottagare
  från data/u.csv, kolumn bef
  källa påhittade tal
underlag grad, procent per mottagare
  från data/u.csv, kolumn grad
  källa påhittade tal
underlag sökt, kr per mottagare
  från data/u.csv, kolumn kr
  källa påhittade tal
belopp ansökan = sökt
"""
ROUNDINGS = (
    "största rest",
    "uddatalsmetoden",
    "närmast, skillnaden till den största",
    "närmast, skillnaden till Alby",
    "nedåt, resten till Berga",
)


def ran(rules: str, rounding: str = "största rest", unit: str = "1 kr") -> Outcome:
    text = HEAD.format(rounding=rounding).replace("avrunda till 1 kr", f"avrunda till {unit}")
    text += rules
    files = {"regler.fordela": text, "data/mottagare.csv": RECIPIENTS, "data/u.csv": FIGURES}
    return run_ruleset(Memory({name: one.encode() for name, one in files.items()}))


def given(rules: str, rounding: str = "största rest") -> tuple[int, ...] | None:
    outcome = ran(rules, rounding)
    assert outcome.result is not None, [one.code for one in outcome.findings]
    return outcome.result.ledger.of_pot("P")


def codes(rules: str) -> set[str]:
    return {one.code for one in ran(rules).findings} - {"N101", "N207"}


@pytest.mark.parametrize("rounding", ROUNDINGS)
def test_reduced_claims_pay_nobody_more_than_was_claimed(rounding: str) -> None:
    line = "  ansökan till varje mottagare, i proportion om potten inte räcker\n  resten till SKR\n"
    for held in (1, 799, 1000, 1599, 1600, 2000):
        paid = given(f"pott P = {held} kr\n{line}", rounding)
        assert paid is not None
        assert sum(paid) == min(held, 1600)
        assert all(0 <= one <= claim for one, claim in zip(paid, (400, 400, 800), strict=True))


def test_a_pot_that_other_lines_overdraw_pays_no_claims() -> None:
    claims = "  ansökan till varje mottagare, i proportion om potten inte räcker\n"
    other = "belopp annat = 2 × sökt\npott P = 1 000 kr\n  annat till varje mottagare\n"
    assert codes(f"{other}{claims}  resten till SKR\n") == {"F503"}


def test_a_step_begins_at_its_lower_limit() -> None:
    steps = "trappa t efter grad\n  under 70 % ger 0\n  från och med 70 % ger 1\n"
    assert given(f"{steps}pott P = 1 000 kr\n  allt efter t\n") == (500, 500, 0)


@pytest.mark.parametrize("unit", ["1 kr", "1 öre"])
def test_a_step_in_kronor_is_the_same_where_ore_are_counted(unit: str) -> None:
    steps = "trappa t efter sökt\n  under 500 kr ger 1\n  från och med 500 kr ger 3\n"
    pot = f"pott P = 1 000 kr, avrunda till {unit}, största rest\n  allt efter t\n"
    outcome = ran(steps + pot)
    assert outcome.program is not None
    assert outcome.result is not None
    base = outcome.program.base
    assert outcome.result.ledger.of_pot("P") == (200 * base, 200 * base, 600 * base)


def test_all_conditions_must_hold_and_one_alternative_is_enough() -> None:
    pot = "pott P = 900 kr\n  allt lika till varje mottagare, om grad ≥ 70 %"
    assert given(f"{pot}\n") == (450, 450, 0)
    assert given(f"{pot}, om befolkning > 100 personer\n") == (0, 900, 0)
    assert given(f"{pot} eller befolkning > 1 000 personer\n") == (300, 300, 300)


def test_a_floor_less_than_zero_is_no_floor() -> None:
    pot = "pott P = 5 300 kr\n  allt efter befolkning, minst sökt − 900 kr var\n"
    assert given(pot) == (100, 200, 5000)


def test_a_pot_that_takes_money_back_pays_nobody() -> None:
    assert given("pott P = −1 001 kr\n  hälften efter befolkning\n  resten efter befolkning\n")
    assert codes("pott P = −500 kr\n  100 kr till varje mottagare\n  resten till SKR\n") == {"F203"}


def test_a_total_of_another_unit_or_two_totals_are_not_overlooked() -> None:
    one = "underlag x, personer per mottagare\n  från data/u.csv, kolumn bef\n  källa x\n"
    pot = "pott P = 1 000 kr\n  allt efter x\n"
    assert codes(f"{one}  summerar till 5 300 kr\n{pot}") == {"F103"}
    two = "  summerar till 5 300 personer\n  summerar till 5 301 personer\n"
    assert codes(f"{one}{two}{pot}") == {"F338"}


@pytest.mark.parametrize(
    ("language", "said"),
    [("sv", ("hålls uppe av golvet: Alby", "hålls nere av taket: Centrum")),
     ("en", ("held up by the floor: Alby", "held down by the ceiling: Centrum"))],
)  # fmt: skip
def test_the_page_says_whom_limits_hold(language: Language, said: tuple[str, str]) -> None:
    outcome = ran("pott P = 1 000 kr\n  allt efter befolkning, minst 100 kr var, högst 80 % var\n")
    text, _ = page(outcome, Speaker(language))
    assert all(one in " ".join(text.split()) for one in said)


def _by_code(figures: Figures, column: Column) -> dict[str, Fraction]:
    codes = (one.code for one in figures.register.recipients)
    return dict(zip(codes, column.values, strict=True))


def _value(figures: Figures, column: Column) -> dict[str, Fraction] | Fraction:
    return column.scalar if len(column) == 1 else _by_code(figures, column)


@pytest.mark.parametrize("name", names())
def test_the_examples_mean_what_the_specification_says(name: str) -> None:
    outcome = run_ruleset(Folder(EXAMPLES / name))
    assert outcome.program is not None
    assert outcome.result is not None
    figures = {
        key: _by_code(one, one.column)
        for key, one in outcome.figures.items()
        if isinstance(one.column, Column)
    }
    grids = {
        key: {members: _value(one, column) for members, column in one.column.columns.items()}
        for key, one in outcome.figures.items()
        if isinstance(one.column, Grid)
    }
    meant = meaning(outcome.program, figures, grids)
    for pot, row in meant.pots.items():
        paid = outcome.result.ledger.of_pot(pot) or (0,) * len(row)
        assert tuple(row.values()) == tuple(Fraction(one, outcome.program.base) for one in paid)


# Königsteiner Schlüssel 2014 as a public page prints it, by the codes of the Länder: Brandenburg
# (12) has the figure of 2015, so that the column adds up to 99.97961.
MISPRINTED = (
    *("01 3,38791", "02 2,52738", "03 9,35696", "04 0,94097", "05 21,24052", "06 7,31557"),
    *("07 4,83472", "08 12,97496", "09 15,33048", "10 1,21566", "11 5,04557", "12 3,06053"),
    *("13 2,04165", "14 5,10067", "15 2,85771", "16 2,74835"),
)  # fmt: skip


def test_a_published_key_that_does_not_add_up_is_refused_with_the_difference() -> None:
    folder = Folder(EXAMPLES / "koenigsteiner")
    files = {name: folder.read(name) for name in folder.paths()}
    rows = "\n".join(row.replace(" ", ";") for row in MISPRINTED)
    outcome = run_ruleset(Memory({**files, "data/nyckel.csv": f"kod;procent\n{rows}\n".encode()}))
    (found,) = errors(outcome.findings)
    assert found.code == "F338"
    said = sentences(found, "sv")
    assert "99,97961\u00a0%" in said.title
    assert "0,02039\u00a0%" in said.notes[0]


@pytest.mark.parametrize(("key", "rate"), [("befolkning", "0.05"), ("sökt", "0.05")])
def test_a_rate_for_the_spreadsheet_is_in_kronor_where_ore_are_counted_too(
    key: str, rate: str
) -> None:
    # 20 kr to 100 : 200 : 100; the fifth of an öre per krona or person gives it exactly.
    figures = "kod,namn,bef,grad,kr\nA,Alby,100,1,100\nB,Berga,200,1,200\nC,Centrum,100,1,100\n"
    for unit in ("1 öre", "1 kr"):
        text = HEAD.format(rounding="uddatalsmetoden").replace("till 1 kr, u", f"till {unit}, u")
        pot = f"pott P = 20 kr\n  allt efter {key}\n"
        files = {"regler.fordela": text + pot, "data/mottagare.csv": RECIPIENTS}
        files["data/u.csv"] = figures
        outcome = run_ruleset(Memory({name: one.encode() for name, one in files.items()}))
        assert outcome.result is not None
        (moved,) = outcome.result.ledger.by_source["P"]
        assert moved.rate == Fraction(rate)


def test_a_key_that_does_not_count_this_year_may_sum_to_zero() -> None:
    nothing = "värde inget = befolkning − befolkning\n"
    phased = "infasning från befolkning till inget (2027: 100 %)"
    assert given(f"{nothing}pott P = 5 300 kr\n  allt efter {phased}\n") == (100, 200, 5000)
    other = "infasning från inget till befolkning (2026: 100 %)"
    assert given(f"{nothing}pott P = 5 300 kr\n  allt efter {other}\n") == (100, 200, 5000)
    mixed = "blandning (100 % befolkning, 0 % inget)"
    assert given(f"{nothing}pott P = 5 300 kr\n  allt efter {mixed}\n") == (100, 200, 5000)
    half = "infasning från befolkning till inget (2026: 50 %)"
    assert codes(f"{nothing}pott P = 5 300 kr\n  allt efter {half}\n") == {"F504"}


def test_a_stage_in_decimals_does_not_run_into_the_year_after_it() -> None:
    phased = "infasning från befolkning till grad (2025: 0,5, 2026: 100 %)"
    outcome = ran(f"pott P = 1 kr\n  allt efter {phased}\n")
    (weight,) = [one for one in outcome.findings if one.code == "F229"]
    line = weight.span.text
    assert line[weight.span.column - 1 : weight.span.end - 1] == "0,5"
    assert weight.data["percent"] == Percent(Fraction(1, 2))


@pytest.mark.parametrize("said", ["x 12024-01-01", "S2024-0001-2024-01-01", "S2024/1/2024-01-01"])
def test_a_date_is_not_taken_out_of_a_longer_number(said: str) -> None:
    outcome = ran(f"beslut {said}\npott P = 5 300 kr\n  allt efter befolkning\n")
    assert outcome.program is not None
    (decision,) = statements(outcome.program.document, s.Decision)
    assert (decision.text, decision.day) == (said, None)


def test_the_title_of_a_list_may_have_the_word_before_its_file() -> None:
    text = "lista Medel från staten och from abroad från data/medel.csv\n"
    reading = read_document("regler.fordela", text.encode())
    assert reading.findings == ()
    (listing,) = reading.document.statements
    assert isinstance(listing, s.Listing)
    assert (listing.title, listing.path) == ("Medel från staten och from abroad", "data/medel.csv")
    assert print_line(listing, "sv") == text.strip()


SHARE = "pott P = 100 000 kr\n  allt efter nyckel\n"


@pytest.mark.parametrize(
    ("rounding", "expected"),
    [
        # 100, 200 and 5 000 of 5 300 are 1.88, 3.77 and 94.33 hundredths.
        ("2 decimaler, närmast", (2, 4, 94)),
        ("1 decimal, närmast", (0, 0, 9)),
        ("1 decimal, närmast, skillnaden till den största", (0, 0, 10)),
        ("1 decimal, uddatalsmetoden", (0, 0, 10)),
        ("2 decimaler, nedåt, resten till den största", (1, 3, 96)),
        ("2 decimaler, största rest", (2, 4, 94)),
        # 18.86, 37.73 and 943.39 thousandths: down 18, 37 and 943, two left.
        ("3 decimaler, största rest", (19, 38, 943)),
    ],
)
def test_shares_rounded_together_still_make_one(
    rounding: str, expected: tuple[int, int, int]
) -> None:
    outcome = ran(f"värde nyckel, avrunda till {rounding} = andel befolkning\n{SHARE}")
    assert outcome.result is not None
    values = outcome.result.values["nyckel"]
    assert isinstance(values, Column)
    size = 10 ** int(rounding[0])
    assert values.values == tuple(Fraction(one, size) for one in expected)
    if rounding.endswith(("största", "rest", "uddatalsmetoden")):
        assert values.total().scalar == 1


def test_a_value_may_be_rounded_to_whole_numbers() -> None:
    outcome = ran(f"värde nyckel, avrunda till 0 decimaler, närmast = grad × 10\n{SHARE}")
    assert outcome.result is not None
    # 85, 70 and 69 per cent of ten.
    assert outcome.result.values["nyckel"] == Column((9, 7, 7))


def test_numbers_rounded_together_make_their_sum_rounded() -> None:
    rules = f"värde nyckel, avrunda till 0 decimaler, största rest = grad × 10\n{SHARE}"
    outcome = ran(rules)
    assert outcome.result is not None
    # 8.5, 7 and 6.9 are 22.4 together: of 22, 8.35, 6.87 and 6.78.
    assert outcome.result.values["nyckel"] == Column((8, 7, 7))


def test_a_calculated_share_as_a_limit_is_of_what_the_line_shares_out() -> None:
    # Half of 1 060 kr is shared out: 10, 20 and 500 by the key; the ceilings 85, 70 and 69 per
    # cent of 530 are 450, 371 and 365, and the 165 above the last go to the others as 1 : 2.
    pot = "pott P = 1 060 kr\n  hälften efter befolkning, högst grad var\n  hälften till SKR\n"
    assert given(pot) == (55, 110, 365)
    # A floor of a tenth of each one's share of the applications, of 1 600 kr: 40, 40 and 80;
    # the 1 560 that the first floor leaves are shared as 200 : 5 000.
    pot = "pott P = 1 600 kr\n  allt efter befolkning, minst 10 % × andel sökt var\n"
    assert given(pot) == (40, 60, 1500)


@pytest.mark.parametrize("rounding", ROUNDINGS)
def test_a_share_as_a_limit_means_what_the_same_percentage_does(rounding: str) -> None:
    said = "pott P = 7 001 kr\n  allt efter befolkning, högst 69 % var\n"
    calculated = "värde tak = 3 × 23 %\npott P = 7 001 kr\n  allt efter befolkning, högst tak var\n"
    assert given(said, rounding) == given(calculated, rounding)


def test_a_line_whose_condition_nobody_meets_says_so() -> None:
    pot = "pott P = 900 kr\n  allt {by}, om grad ≥ 90 %, om sökt > 0 kr\n"
    for by in ("efter befolkning", "lika till varje mottagare"):
        assert codes(pot.format(by=by)) == {"F517"}
    (found,) = errors(ran(pot.format(by="efter befolkning")).findings)
    assert found.data["conditions"] == ("om grad ≥ 90 %", "om sökt > 0 kr")
    # Somebody meets it, but has nothing of the key.
    assert codes("pott P = 900 kr\n  allt efter befolkning − 100 personer, om grad ≥ 80 %\n") == {
        "F501"
    }


def test_a_check_that_fails_says_in_what_unit() -> None:
    rules = "pott P = 5 kr\n  allt efter sökt\nkontroll summan av befolkning = 47 100 personer\n"
    (found,) = errors(ran(rules).findings)
    said = sentences(found, "sv").title.replace("\N{NO-BREAK SPACE}", " ")
    assert "regeln säger 47 100 personer, uträknat blir det 5 300 personer" in said


def columns(lines: str) -> dict[str, TableColumn]:
    rules = f"pott P = 1 600 000 kr\n  allt efter sökt\ntabell T\n{lines}"
    outcome = ran(rules)
    assert not errors(outcome.findings)
    (view,) = outcome.tables
    return {one.heading: one for one in view.columns}


def test_a_total_is_in_millions_where_all_that_it_adds_is() -> None:
    mixed = columns("  kolumn P som K\n  kolumn P, i miljoner kr, som M\n  summa S\n")["S"]
    assert [*mixed.cells] == [800_000, 800_000, 1_600_000]
    one, two = (
        "  kolumn P, i miljoner kr, som A\n",
        "  kolumn P, i miljoner kr med 1 decimal, som B\n",
    )
    alike = columns(f"{one}{two}  kolumn befolkning som F\n  summa S\n")["S"]
    assert alike.cells == (Fraction(8, 10), Fraction(8, 10), Fraction(16, 10))


@pytest.mark.parametrize(
    ("column", "adds_up"),
    [
        ("sökt", True),
        ("befolkning", True),
        ("P", True),
        ("andel befolkning", True),
        ("50 % × andel befolkning + andel sökt / 2", True),
        ("blandning (60 % befolkning, 40 % sökt)", True),
        ("nyckel", True),
        ("grad", False),
        ("grad − 10 %", False),
        ("sökt / befolkning", False),
        ("andel befolkning × grad", False),
        ("summan av sökt", False),
    ],
)
def test_only_what_adds_up_has_a_total(column: str, *, adds_up: bool) -> None:
    rules = "värde nyckel, avrunda till 2 decimaler, närmast = andel befolkning\n"
    rules += f"pott P = 1 600 kr\n  allt efter sökt\ntabell T\n  kolumn {column} som K\n"
    outcome = ran(rules)
    (view,) = outcome.tables
    assert view.columns[0].adds_up is adds_up


def test_a_column_may_be_shown_with_decimals() -> None:
    shown = columns("  kolumn sökt / befolkning, med 1 decimal, som K\n")["K"]
    # 400 / 100, 400 / 200 and 800 / 5 000.
    assert [*shown.cells] == [4, 2, Fraction(2, 10)]
    whole = columns("  kolumn 2 × sökt / 3, med 0 decimaler, som K\n")["K"]
    assert [*whole.cells] == [267, 267, 533]


def test_a_bad_row_is_reported_once_for_all_that_is_read_from_the_file() -> None:
    head = HEAD.format(rounding="största rest") + "pott P = 100 kr\n  allt efter befolkning\n"
    for row, code in (("X,Xanadu,1,2,3\n", "F305"), ("A,Alby,1,2,3\n", "F302")):
        files = {
            "regler.fordela": head,
            "data/mottagare.csv": RECIPIENTS,
            "data/u.csv": FIGURES + row,
        }
        outcome = run_ruleset(Memory({name: one.encode() for name, one in files.items()}))
        assert [one.code for one in errors(outcome.findings)] == [code]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Alby kommun", "Alby"),
        ("Dals kommunn", "Dal"),
        ("Centrun", "Centrum"),
        ("Borg stads", "Borg stad"),
    ],
)
def test_the_name_with_the_longest_common_beginning_is_proposed(text: str, meant: str) -> None:
    register = "kod,namn,alias\nA,Alby,\nD,Dal,Dals kommun\nC,Centrum,\nB,Borg stad,Borg\n"
    figures = f"namn,tal\nAlby,1\nDal,2\nCentrum,3\nBorg stad,4\n{text},5\n"
    rules = (
        "regelverk Prov\nbudgetår 2026\nmottagare mottagare, från data/m.csv\n"
        "avrunda till 1 kr, största rest\nunderlag tal, antal per mottagare\n"
        "  från data/u.csv\n  källa x\npott P = 10 kr\n  allt efter tal\n"
    )
    files = {"regler.fordela": rules, "data/m.csv": register, "data/u.csv": figures}
    outcome = run_ruleset(Memory({name: one.encode() for name, one in files.items()}))
    (found,) = errors(outcome.findings)
    assert found.data["suggestion"] == meant


@pytest.mark.parametrize("rounding", ROUNDINGS)
def test_a_mix_may_have_fractions_as_weights(rounding: str) -> None:
    pot = "pott P = 1 000 kr\n  allt efter "
    as_value = f"värde v = 2 / 3 × andel befolkning + andel sökt / 3\n{pot}v\n"
    mixed = given(f"{pot}blandning (2/3 befolkning, 1/3 sökt)\n", rounding)
    assert mixed == given(as_value, rounding)


@pytest.mark.parametrize(
    ("weights", "code"),
    [
        ("2/3 befolkning, 1/4 sökt", "F228"),
        ("2/3 befolkning, 33,3 % sökt", "F228"),
        ("3/2 befolkning, 1/2 sökt", "F229"),
    ],
)
def test_fractions_of_a_mix_make_exactly_one(weights: str, code: str) -> None:
    assert code in codes(f"pott P = 1 000 kr\n  allt efter blandning ({weights})\n")
    assert not codes("pott P = 1 000 kr\n  allt efter blandning (1/2 befolkning, 50 % sökt)\n")


# ---------------------------------------------------------------- what always holds

DEMANDS = """alltid mer befolkning ger aldrig mindre
alltid mer befolkning ger aldrig mindre ur P
alltid mer P ger aldrig mindre
alltid lika befolkning ger lika ur P
alltid dubbel befolkning ger samma
alltid summan av P ≥ 0 kr
alltid befolkning = befolkning
"""


def test_demands_are_read_and_change_no_amount() -> None:
    pot = "pott P = 1 000 kr\n  allt efter befolkning\n"
    outcome = ran(pot + DEMANDS)
    # Whether they are kept is not asked here, and some are not.
    assert {one.code for one in outcome.findings} <= {"N101", "F901", "F902"}
    assert outcome.program is not None
    assert [print_line(one, "sv") for one in outcome.program.demands] == DEMANDS.splitlines()
    assert given(pot + DEMANDS) == given(pot)


@pytest.mark.parametrize(
    ("demand", "code"),
    [
        ("alltid mer folk ger aldrig mindre", "F101"),
        ("alltid mer befolkning ger aldrig mindre ur Q", "F101"),
        ("alltid P ≥ golvet", "F101"),
        ("alltid P ≥ 0 personer", "F103"),
        ("alltid P ≥ 0", "F103"),
        ("alltid summan till SKR ≥ 0 kr", "F121"),
        ("alltid summan av alla poster = P", "F121"),
        ("alltid mer ansökan ger aldrig mindre", "F170"),
        ("alltid dubbel P ger samma", "F170"),
        ("alltid lika pris ger lika", "F170"),
        ("alltid mer grad ger aldrig mindre ur sökt", "F172"),
        ("alltid mer P ger aldrig mindre ur ansökan", "F172"),
        ("alltid P ≥ 0 kr\nalltid P >= 0 kr", "F171"),
    ],
)
def test_a_demand_is_about_what_the_rules_have(demand: str, code: str) -> None:
    price = "indelning månad = juni, juli\nunderlag pris, kr per månad\n"
    price += "  från data/u.csv, kolumn kr\n  källa x\n"
    pot = "pott P = 1 000 kr\n  allt efter befolkning\n"
    found = codes(f"{price if 'pris' in demand else ''}{pot}{demand}\n")
    assert found - {"F341"} == {code}


def test_an_unknown_name_in_a_demand_is_met_with_one_that_is_like_it() -> None:
    pot = "pott Grundpott = 1 000 kr\n  allt efter befolkning\n"
    for demand, meant in (
        ("alltid mer befolkningen ger aldrig mindre", "befolkning"),
        ("alltid lika befolkning ger lika ur Grundpotten", "Grundpott"),
        ("alltid mer grundpott ger aldrig mindre", "Grundpott"),
        ("alltid lika grad 2 ger lika", "grad"),
    ):
        (found,) = ran(f"{pot}{demand}\n").findings
        assert found.code == "F101"
        assert meant in {found.data.get("suggestion"), found.data.get("opening")}


def test_a_demand_is_about_the_recipients_of_its_pot() -> None:
    # The pot goes to the ruleset's own recipients, the figures are for regions.
    other = "mottagare regioner\nunderlag läkare, antal per region\n  från data/r.csv\n  källa x\n"
    pot = "pott P = 1 000 kr\n  allt efter befolkning\n"
    demand = "alltid mer läkare ger aldrig mindre ur P\n"
    assert "F112" in codes(other + pot + demand)
    assert "F112" not in codes(other + pot + demand.replace(" ur P", ""))


def test_what_only_a_demand_uses_is_used() -> None:
    pot = "pott P = 1 000 kr\n  allt efter befolkning\n"
    names_used = {"grad", "ansökan"}
    unused = {one.data["name"] for one in ran(pot).findings if one.code == "N101"}
    assert names_used <= unused
    demands = "alltid mer grad ger aldrig mindre\nalltid ansökan ≥ 0 kr\n"
    assert not [one for one in ran(pot + demands).findings if one.code == "N101"]
