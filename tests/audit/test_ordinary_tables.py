"""The audit of tables as they are: rounded to thousands, at a price, with floors, typed wrong.

The tables are shared here by plain integers and fractions, not by the engine.
"""

from collections.abc import Sequence
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.data.audit_json import audit_data
from desk.report.audit import audit_page
from desk.speaker import Speaker
from dsl.numbers import Language
from engine.audit.columns import Audit, ColumnAudit
from engine.audit.judging import Request, audit
from engine.audit.ways import Trial
from engine.inputs.files import Memory
from tests.audit.test_tables import (
    NAMES,
    OTHER,
    WEIGHTS,
    borne,
    exact,
    half_up,
    hamilton,
    money,
    table,
)

CLUBS = ("Alby BK", "Berga IF", "Dals SK", "Ekens FF", "Forsa GK", "Hults KK", "Insjöns RF")

FURTHER = ("Gotland", "Blekinge", "Skåne", "Halland", "Västra Götaland", "Värmland", "Örebro",
           "Västmanland", "Dalarna", "Gävleborg", "Västernorrland", "Jämtland Härjedalen",
           "Västerbotten", "Norrbotten")  # fmt: skip


def page(found: Audit, language: Language = "sv") -> str:
    """What is said of it, in one line."""
    said = audit_page(found, Speaker(language))
    return " ".join(said.replace("\u00a0", " ").split())


def said(files: Memory, language: Language = "sv") -> str:
    return page(audit("tabell.csv", files, Request())[0], language)


def agreeing(one: ColumnAudit) -> list[Trial]:
    return [trial for trials in one.formulas for trial in trials if trial.agrees]


def dhondt(pot: int, weights: Sequence[int]) -> list[int]:
    """One unit after another to the strongest claim by d'Hondt's divisors."""
    amounts = [0] * len(weights)
    for _ in range(pot):
        claims = [Fraction(weight, n + 1) for weight, n in zip(weights, amounts, strict=True)]
        amounts[claims.index(max(claims))] += 1
    return amounts


# ---------------------------------------------------------------- what amounts are rounded to


def test_a_pot_rounded_to_thousands_is_seen_to_be() -> None:
    amounts = [1_000 * one for one in hamilton(12_346, exact(12_346, WEIGHTS))]
    found = money(table(befolkning=WEIGHTS, kr=amounts))
    assert {(one.way.method.value, one.way.unit) for one in agreeing(found)} >= {
        ("largest_remainder", 1_000)
    }
    assert found.recovery is None
    assert "största rest, i hela 1 000: ger varje rad" in said(
        table(befolkning=WEIGHTS, kr=amounts)
    )


def test_amounts_in_whole_thousands_are_not_taken_for_a_recovered_key() -> None:
    """A thousand kronor to a unit, or rounded to thousands: nobody can tell."""
    amounts = [1_000 * half_up(Fraction(weight * 7, 3_000)) for weight in WEIGHTS]
    found = money(table(kr=amounts))
    assert found.recovery is not None
    assert [one.price for one in found.recovery.answers] == [1_000]
    assert not found.recovery.is_telling
    assert not found.accounted_for
    text = said(table(kr=amounts))
    assert "Tabellen avgör inte vilket" in text
    assert "går nyckeln att återvinna" not in text


def test_a_fixed_amount_beside_an_unknown_key_is_no_recovered_key() -> None:
    amounts = [500_000 + 40 * weight for weight in WEIGHTS]
    found = money(table(kr=amounts))
    assert found.recovery is not None
    assert not found.recovery.is_telling
    assert "cannot be determined" in said(table(kr=amounts), "en")


# ---------------------------------------------------------------- each amount by itself


def test_the_pot_of_amounts_that_are_rounded_one_by_one_is_found() -> None:
    amounts = [half_up(share) for share in exact(12_300_000, WEIGHTS)]
    assert sum(amounts) != 12_300_000
    found = money(table(befolkning=WEIGHTS, kr=amounts))
    assert (12_300_000, "nearest", "each") in {
        (one.lines[0].amount, one.way.method.value, one.way.stage) for one in agreeing(found)
    }


def test_the_pot_of_which_the_residue_was_kept_is_found() -> None:
    amounts = [int(share) for share in exact(12_300_000, WEIGHTS)]
    found = money(table(befolkning=WEIGHTS, kr=amounts))
    assert (12_300_000, "down", "each") in {
        (one.lines[0].amount, one.way.method.value, one.way.stage) for one in agreeing(found)
    }


@pytest.mark.parametrize("fixed", [0, 500_000])
def test_a_price_in_ore_is_found(fixed: int) -> None:
    amounts = [fixed + half_up(Fraction(3_745, 100) * weight) for weight in WEIGHTS]
    found = money(table(befolkning=WEIGHTS, kr=amounts))
    prices = {line.rate for one in agreeing(found) for line in one.lines if line.rate is not None}
    assert prices == {Fraction(3_745, 100)}
    text = said(table(befolkning=WEIGHTS, kr=amounts))
    assert "37,45 per enhet av befolkning" in text


def test_dhondts_method_is_told_from_others() -> None:
    amounts = dhondt(1_003, WEIGHTS)
    found = money(table(befolkning=WEIGHTS, kr=amounts))
    assert {(one.way.method.value, one.way.stage) for one in agreeing(found)} == {
        ("down", "divisor")
    }
    assert "d’Hondts metod" in said(table(befolkning=WEIGHTS, kr=amounts))


@given(st.lists(st.integers(1, 900), min_size=3, max_size=7), st.integers(1, 300))
def test_whatever_is_said_to_be_dhondts_is(weights: list[int], pot: int) -> None:
    amounts = dhondt(pot, weights)
    for one in agreeing(money(table(vikt=weights, kr=amounts))):
        if one.way.stage == "divisor":
            rate = one.way.rate or Fraction(0)
            assert [int(rate * weight) for weight in one.lines[0].key.whole] == amounts


def test_another_pot_by_shares_that_do_not_come_to_one_is_found() -> None:
    shares = [Fraction(half_up(share * 10**5), 10**5) for share in exact(1, WEIGHTS)]
    assert sum(shares) != 1
    found = money(table(befolkning=WEIGHTS, kr=[half_up(share * 27_000_000) for share in shares]))
    assert 27_000_000 in {one.lines[0].amount for one in agreeing(found)}


# ---------------------------------------------------------------- more lines


def test_a_third_of_a_pot_and_the_rest_are_found() -> None:
    parts = (16_666_666, 33_333_334)
    lines = [hamilton(parts[0], exact(parts[0], WEIGHTS))]
    lines += [hamilton(parts[1], exact(parts[1], OTHER))]
    amounts = [a + b for a, b in zip(*lines, strict=True)]
    found = money(table(befolkning=WEIGHTS, insatser=OTHER, kr=amounts))
    assert sorted(line.amount for line in agreeing(found)[0].lines) == list(parts)


def test_a_fixed_amount_and_two_keys_are_found() -> None:
    parts = (7_000_000, 5_000_000)
    lines = [hamilton(parts[0], exact(parts[0], WEIGHTS))]
    lines += [hamilton(parts[1], exact(parts[1], OTHER))]
    amounts = [250_000 + a + b for a, b in zip(*lines, strict=True)]
    files = table(befolkning=WEIGHTS, insatser=OTHER, kr=amounts)
    best = agreeing(money(files))[0]
    assert [line.amount for line in best.lines] == [1_750_000, *parts]
    assert "250 000 till varje + 7 000 000 efter befolkning + 5 000 000 efter insatser" in said(
        files
    )


# ---------------------------------------------------------------- rows that do not follow


def test_two_rows_that_have_each_others_amounts_are_told() -> None:
    amounts = hamilton(12_345_678, exact(12_345_678, WEIGHTS))
    amounts[2], amounts[3] = amounts[3], amounts[2]
    files = table(befolkning=WEIGHTS, kr=amounts)
    found = money(files)
    assert not found.explained
    assert found.recovery is None
    assert found.swapped(found.formulas[0][0])
    assert "Byter Sörmland och Östergötland belopp med varandra" in said(files)


def test_a_floor_is_told_and_not_taken_for_a_key() -> None:
    amounts = [max(700_001, half_up(share)) for share in exact(12_345_678, WEIGHTS)]
    files = table(befolkning=WEIGHTS, kr=amounts)
    found = money(files)
    assert found.followed is not None
    assert {NAMES[row] for row in found.followed.rows} == {
        name for name, amount in zip(NAMES, amounts, strict=True) if amount == 700_001
    }
    assert found.recovery is None
    assert "det ser ut som ett golv" in said(files)
    data = audit_data(*audit("tabell.csv", files, Request()))
    assert data["columns"][0]["follows"]["key"] == "befolkning"


def test_a_ceiling_is_told() -> None:
    amounts = [min(1_222_221, half_up(share)) for share in exact(12_345_678, WEIGHTS)]
    assert amounts.count(1_222_221) == 2
    text = said(table(befolkning=WEIGHTS, kr=amounts), "en")
    assert "5 of 7 rows" in text
    assert "it looks like a ceiling" in text


def test_a_key_that_nearly_all_divides_is_not_claimed() -> None:
    """Nineteen rows by a key half as large, and two that were given otherwise."""
    units = [2 * (10_007 + 1_401 * n + n**4 * 37 % 9_113) for n in range(21)]
    units[4] += 1
    units[9] += 1
    pot = 40 * sum(units) + 123_456
    rows = zip((*NAMES, *FURTHER), hamilton(pot, exact(pot, units)), strict=True)
    text = "\n".join(["region,kr", *(f"{name},{amount}" for name, amount in rows)])
    files = Memory({"tabell.csv": text.encode()})
    found = money(files)
    assert found.recovery is not None
    assert found.recovery.verdict == "one"
    assert not found.recovery.is_telling
    assert "En mindre nyckel ger då alla rader utom Jönköping, Skåne" in said(files)


def test_a_wrong_digit_where_no_total_is_printed_names_the_row() -> None:
    amounts = hamilton(12_345_678, exact(12_345_678, WEIGHTS))
    amounts[4] += 90_000
    text = said(table(befolkning=WEIGHTS, kr=amounts))
    assert "6 av 7 rader" in text
    assert "Undantagen är: Jönköping" in text


def test_a_key_by_another_method_is_not_recovered_as_another_key() -> None:
    """The difference to a row that is named nowhere, and a krona more to another."""
    amounts = borne(93_675_659, [int(one) for one in exact(93_675_659, WEIGHTS)], 2)
    amounts[5] += 1
    amounts[6] -= 1
    found = money(table(befolkning=WEIGHTS, kr=amounts))
    assert not found.explained
    assert found.nearly
    assert found.recovery is None


def test_a_missing_row_of_a_key_is_what_its_total_has_beyond_the_others() -> None:
    weights = (*WEIGHTS, *range(60_000, 60_000 + 14_001 * len(FURTHER), 14_001))
    amounts = hamilton(12_345_000, exact(12_345_000, weights))
    rows = zip((*NAMES, *FURTHER), weights, amounts, strict=True)
    lines = [f"{n},{w},{a}" for n, w, a in rows if n != "Kalmar"]
    text = "\n".join(["region,befolkning,kr", *lines, f"Totalt,{sum(weights)},12345000"])
    found = money(Memory({"tabell.csv": text.encode()}))
    assert {one.way.method.value for one in agreeing(found)} >= {"largest_remainder"}
    assert agreeing(found)[0].lines[0].key.name == "befolkning"


def test_steps_that_are_rounded_once_are_told_from_those_of_a_rounded_amount() -> None:
    """The same key of weights times steps is a key in whole numbers too, and both are said."""
    steps = (30, 34, 13, 14, 26, 31, 21)
    amounts = [
        half_up(Fraction(45_000_000 * weight * n, 11 * 4 * sum(WEIGHTS)))
        for weight, n in zip(WEIGHTS, steps, strict=True)
    ]
    files = table(befolkning=WEIGHTS, kr=amounts)
    found = money(files)
    assert found.steps is not None
    assert found.steps.numbers == steps
    (structure,) = found.steps.structures
    assert structure.once
    assert Fraction(structure.sum, structure.divisor) == Fraction(45_000_000, 44)
    assert "gånger stegen, avrundat en gång" in said(files)


def test_amounts_of_a_few_rows_that_follow_nothing_are_in_no_steps() -> None:
    """Five rows agree with some whole numbers of steps by chance in every tenth table."""
    drawn = Random(1)
    for _ in range(40):
        keys = {f"k{n}": [drawn.randrange(1, 60) for _ in range(5)] for n in range(4)}
        amounts = [drawn.randrange(10**5, 10**6) for _ in range(5)]
        found = money(table(**keys, kr=amounts))
        assert not found.explained
        assert found.steps is None


def test_small_numbers_are_no_parts_of_a_pot_by_chance() -> None:
    drawn = Random(2)
    for _ in range(40):
        keys = {f"k{n}": [drawn.randrange(1, 60) for _ in range(4)] for n in range(6)}
        found = money(table(**keys, kr=[drawn.randrange(60) for _ in range(4)]))
        assert not found.explained


# ---------------------------------------------------------------- pasted text


def grouped(number: int) -> str:
    return f"{number:,}".replace(",", " ")


def pasted(lines: Sequence[str]) -> tuple[Audit, list[str]]:
    text = "\n".join(["Bilaga 1", "", "Medlen fördelas så här.", "", *lines, "", "* Preliminärt."])
    found, faults = audit("tabell.txt", Memory({"tabell.txt": text.encode()}), Request())
    return found, [one.code for one in faults]


def test_columns_that_only_blanks_part_are_read_by_their_printed_sums() -> None:
    amounts = hamilton(12_345_678, exact(12_345_678, WEIGHTS))
    rows = [
        f"{n} {grouped(w)} {grouped(a)}" for n, w, a in zip(NAMES, WEIGHTS, amounts, strict=True)
    ]
    found, codes = pasted([*rows, f"Totalt {grouped(sum(WEIGHTS))} {grouped(12_345_678)}"])
    assert codes == []
    assert [one.amounts for one in found.columns] == [WEIGHTS, tuple(amounts)]


def test_marks_of_footnotes_between_blanks_are_no_figures() -> None:
    amounts = hamilton(12_345_678, exact(12_345_678, WEIGHTS))
    marks = ("", "*", "1)", "", "", "", "")
    rows = [f"{n}{m} {grouped(a)}" for n, m, a in zip(NAMES, marks, amounts, strict=True)]
    found, codes = pasted([*rows, f"Totalt {grouped(12_345_678)}"])
    assert codes == []
    assert found.columns[0].amounts == tuple(amounts)


def test_columns_that_only_blanks_part_and_no_sums_are_refused() -> None:
    rows = [f"{n} {grouped(w)} {grouped(w + 7)}" for n, w in zip(NAMES, WEIGHTS, strict=True)]
    found, codes = pasted(rows)
    assert (found.columns, codes) == ((), ["F802"])


def test_names_of_no_register_are_read_between_tabs() -> None:
    amounts = hamilton(12_345_678, exact(12_345_678, WEIGHTS))
    rows = [
        f"{n}\t{grouped(w)}\t{grouped(a)}" for n, w, a in zip(CLUBS, WEIGHTS, amounts, strict=True)
    ]
    total = f"Totalt\t{grouped(sum(WEIGHTS))}\t12 345 678"
    found, codes = pasted(["Klubb\tMedlemmar\tkr", *rows, total])
    assert codes == []
    (one,) = found.columns
    assert one.explained
    assert agreeing(one)[0].lines[0].key.name == "Medlemmar"


def test_a_table_of_names_of_no_register_ends_where_its_lines_do() -> None:
    rows = [f"{name}\t{weight}" for name, weight in zip(CLUBS, WEIGHTS, strict=True)]
    found, codes = pasted([*rows, "Alby BK\t7\t8", "Berga IF\t9\t10"])
    assert codes == []
    assert [one.amounts for one in found.columns] == [WEIGHTS, (7, 9), (8, 10)]


def test_two_readings_that_both_add_up_are_refused() -> None:
    rows = ["Stockholm 1 100 200", "Uppsala 1 100 200", "Gotland 1 100 200"]
    found, codes = pasted([*rows, "Totalt 3 300 600"])
    assert (found.columns, codes) == ((), ["F802"])
