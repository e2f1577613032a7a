"""Corners of the meaning of rules: what small rulesets give, or why they are refused."""

import pytest

from engine.inputs.files import Memory
from engine.outcome import Outcome
from engine.pipeline import run_ruleset

HEAD = """regelverk Prov
budgetår 2026
mottagare mottagare, från data/m.csv
övriga mottagare SKR, LO
avrunda till 1 kr, största rest
avrunda belopp till 1 kr, närmast
underlag a, antal per mottagare
  från data/a.csv
  källa prov
"""
DATA = {
    "data/m.csv": b"kod,namn\n1,Ask\n2,Bok\n3,Ceder\n",
    "data/a.csv": b"kod,namn,a\n1,Ask,10\n2,Bok,20\n3,Ceder,30\n",
}


def run(rules: str, head: str = HEAD, **files: bytes) -> Outcome:
    more = {name.replace("__", "/"): data for name, data in files.items()}
    return run_ruleset(Memory({**DATA, **more, "regler.fordela": (head + rules).encode()}))


def given(outcome: Outcome, pot: str) -> tuple[int, ...] | None:
    assert outcome.result is not None, outcome.findings
    return outcome.result.ledger.of_pot(pot)


def codes(outcome: Outcome) -> set[str]:
    return {one.code for one in outcome.findings}


def test_parts_are_rounded_by_the_pots_own_method_in_the_pots_own_unit() -> None:
    rules = """pott P = 100 000 kr, avrunda till 1 000 kr, största rest
  en tredjedel efter a
  två tredjedelar till SKR
"""
    outcome = run(rules)
    assert outcome.result is not None
    assert sum(given(outcome, "P") or ()) == 33_000
    assert outcome.result.ledger.to_other("SKR") == 67_000


def test_a_line_that_says_only_its_method_is_rounded_to_the_pots_size() -> None:
    rules = """pott P = 6 000 kr, avrunda till 1 000 kr, största rest
  allt efter a, avrunda uddatalsmetoden
"""
    assert given(run(rules), "P") == (1_000, 2_000, 3_000)


def test_ore_in_one_pot_leave_whole_kronor_in_another() -> None:
    rules = """pott P = 100 kr
  1/3 efter a
  2/3 till SKR
pott Q = 1 kr, avrunda till 1 öre, största rest
  allt efter a
"""
    outcome = run(rules)
    assert outcome.result is not None
    assert outcome.result.program.base == 100
    assert all(amount % 100 == 0 for amount in given(outcome, "P") or ())
    assert given(outcome, "Q") == (17, 33, 50)


def test_the_order_of_lines_with_their_own_rounding_does_not_matter() -> None:
    one = "  1/3 efter a, avrunda närmast, skillnaden till den största\n"
    two = "  2/3 till LO\n"
    first, second = run("pott P = 100 kr\n" + one + two), run("pott P = 100 kr\n" + two + one)
    assert sum(given(first, "P") or ()) == 33
    assert sum(given(second, "P") or ()) in {33, 34}


def test_a_second_total_does_not_count_the_first() -> None:
    rules = """pott P = 60 kr
  allt efter a
pott Q = 30 kr
  allt efter a
tabell T
  kolumn P som P
  summa S1
  kolumn Q som Q
  summa S2
"""
    (table,) = run(rules).tables
    assert [column.total for column in table.columns] == [60, 60, 30, 90]


def test_inherited_rounding_down_gives_no_false_circle() -> None:
    head = HEAD.replace("största rest", "nedåt, resten till Reserv")
    outcome = run("pott P = 100 kr\n  allt efter a\npott Reserv\n  allt till SKR\n", head)
    assert outcome.result is not None, outcome.findings
    assert given(outcome, "P") == (16, 33, 50)
    assert outcome.result.ledger.to_other("SKR") == 1


def test_who_bears_the_rounding_must_be_a_recipient_of_each_pot() -> None:
    head = HEAD.replace("största rest", "nedåt, resten till Ask")
    rules = """underlag r, antal per region
  från data/r.csv
  källa prov
pott Q = 1 000 kr, till regionerna
  allt efter r
"""
    assert "F101" in codes(run(rules, head))


def test_checks_and_formulas_do_not_mix_kinds_of_recipients() -> None:
    rules = "underlag r, antal per region\n  från data/r.csv\n  källa prov\n"
    assert "F112" in codes(run(rules + "kontroll a ≥ r\n"))
    assert "F112" in codes(run(rules + "värde z = a / r\n"))
    table = "pott P = 60 kr\n  allt efter a\npott Q = 21 kr, till regionerna\n  allt efter r\n"
    assert "F112" in codes(run(rules + table + "tabell T\n  kolumn P som P\n  kolumn Q som Q\n"))


def test_a_sum_over_other_recipients_is_a_single_number() -> None:
    rules = """underlag r, antal per region
  från data/r.csv
  källa prov
pott P = 60 kr
  allt efter a / summan av r
"""
    assert "F112" not in codes(run(rules))


def test_limits_are_in_the_unit_of_the_statistic() -> None:
    head = HEAD.replace("  källa prov\n", "  källa prov\n  högst 30 kr\n")
    assert "F103" in codes(run("pott P = 60 kr\n  allt efter a\n", head))


@pytest.mark.parametrize(
    ("rules", "code"),
    [
        ("pott P = 60 kr\n  allt efter a\npott p = 5 kr\n  allt efter a\n", "F102"),
        (
            "anslag 1:6 Ett\n  post 1 A\n    5 kr till SKR\n  post 1 B\n    6 kr till SKR\n",
            "F102",
        ),
        (
            "pott P = 60 kr\n  allt efter a\ntabell T\n  kolumn P som X\n  kolumn a som X\n",
            "F102",
        ),
    ],
)
def test_nothing_is_declared_twice(rules: str, code: str) -> None:
    assert code in codes(run(rules))


def test_items_of_the_same_number_under_two_appropriations_are_told_apart() -> None:
    rules = (
        "anslag 1:5 Ett\n  post 1 A\n    5 kr till SKR\n"
        "anslag 1:6 Två\n  post 1 B\n    6 kr till SKR\n"
    )
    result = run(rules).result
    assert result is not None
    assert [one.source for one in result.ledger.movements] == ["1:5 post 1", "1:6 post 1"]


def test_a_failed_check_of_another_ruleset_stops_the_one_that_uses_it() -> None:
    files = {f"2026/{name}/{path}": data for name in ("ett", "tva") for path, data in DATA.items()}
    one = HEAD + "pott P = 60 kr\n  allt efter a\nkontroll P = 61 kr\n"
    two = HEAD + "underlag P, kr per mottagare\n  från regelverket ett\n"
    two += "pott Q = 6 kr\n  allt efter P\n"
    files["2026/ett/regler.fordela"] = one.encode()
    files["2026/tva/regler.fordela"] = two.encode()
    outcome = run_ruleset(Memory(files, "2026/tva"))
    assert "F608" in codes(outcome)
    assert outcome.result is None


def test_amounts_in_ore_are_shown_in_kronor_by_checks() -> None:
    head = HEAD.replace("till 1 kr, största rest", "till 1 öre, största rest")
    outcome = run("pott P = 100 kr\n  allt efter a\nkontroll P × 2 = 201 kr\n", head)
    (failed,) = [one for one in outcome.findings if one.code == "F601"]
    assert getattr(failed.data["calculated"], "value", None) == 200
    assert getattr(failed.data["asserted"], "value", None) == 201


def test_what_equal_shares_leave_reaches_its_pot_wherever_it_stands() -> None:
    rules = """pott Efteråt
  allt till Ask
pott Lika = 11 kr, avrunda till 1 kr, nedåt, resten till Efteråt
  allt lika till varje mottagare
"""
    outcome = run(rules)
    assert given(outcome, "Lika") == (3, 3, 3)
    assert given(outcome, "Efteråt") == (2, 0, 0)
