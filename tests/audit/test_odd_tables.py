"""Audits of tables that lack something, and searches that stop before they are done."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import pytest

from engine.audit.budget import Budget
from engine.audit.columns import Audit, ColumnAudit
from engine.audit.judging import Request, audit, given_keys
from engine.audit.recovery import Recovery, recover, recover_at
from engine.audit.stepping import find_steps
from engine.audit.ways import Key
from engine.inputs.files import Memory
from tests.audit.test_tables import (
    NAMES,
    OTHER,
    POT,
    WEIGHTS,
    exact,
    half_up,
    hamilton,
    money,
    table,
)
from tests.desk.test_commands import fordela


def read(
    text: str, name: str = "tabell.csv", request: Request | None = None
) -> tuple[Audit, list[str]]:
    """The audit of a file, and the codes of what was found."""
    found, faults = audit(name, Memory({name: text.encode()}), request or Request())
    return found, [one.code for one in faults]


def rows(*columns: Sequence[object], names: Sequence[str] = NAMES) -> list[str]:
    return [",".join(map(str, row)) for row in zip(names, *columns, strict=True)]


# ---------------------------------------------------------------- what is read


def test_a_file_that_is_gone_is_said_to_be() -> None:
    found, faults = audit("saknas.csv", Memory({}), Request())
    assert (found.columns, [one.code for one in faults]) == ((), ["F306"])


@pytest.mark.parametrize(
    "line", ["Alby " + "1" * 1_500 + "x", "Alby " + "-1" * 900 + "x", "Alby" + " " * 1_900 + "x"]
)
def test_a_long_line_that_is_no_row_is_soon_seen_to_be_none(line: str) -> None:
    # A pattern that could divide the digits in many ways would take longer than anyone has.
    assert read(f"{line}\n" * 40, "text.txt")[1] == ["F801"]


@pytest.mark.parametrize("last", ["", "Källa: egen.\n"])
def test_tables_of_names_in_no_register_end_where_their_shape_does(last: str) -> None:
    tables = "Namn;Belopp\nAlfa;100\nBeta;200\nSumma;300\n\nText emellan.\n\n"
    tables += "Namn;Belopp;Andel\nGamma;10;1\nDelta;20;2\nSumma;30;3\n"
    found, _ = read(tables + last, "text.txt")
    assert [one.amounts for one in found.columns] == [(100, 200), (10, 20), (1, 2)]


def test_a_line_of_very_many_numbers_is_not_taken_apart() -> None:
    text = "".join(f"{name} {'1 ' * 990}\n" for name in ("Stockholm", "Uppsala", "Sörmland"))
    assert read(text, "text.txt")[1] == ["F802"]


def test_a_file_of_numbers_alone_has_no_table() -> None:
    found, codes = read("a,b\n1.5,2\n2.5,4\n3.5,6\n")
    assert (found.document.tables, codes) == ((), ["F801"])


def test_a_table_without_headings_does_not_lose_its_first_row() -> None:
    found, codes = read("Stockholm,1\nUppsala,2\nGotland,3\n")
    assert (found.document.tables, codes) == ((), ["F337"])
    found, codes = read("Stockholm;1\nUppsala;2\nGotland;3\n")
    assert (found.columns[0].amounts, codes) == ((1, 2, 3), [])


def test_a_table_with_too_many_columns_is_refused() -> None:
    heads = ",".join(f"k{n}" for n in range(31))
    lines = rows(*[WEIGHTS] * 31)
    found, codes = read("\n".join([f"region,{heads}", *lines]))
    assert (found.document.tables, codes) == ((), ["F324"])


def test_a_table_with_too_many_rows_is_refused() -> None:
    lines = [f"Förening {chr(65 + n % 26)}{n},{n}" for n in range(501)]
    found, codes = read("\n".join(["förening,kr", *lines]))
    assert (found.document.tables, codes) == ((), ["F803"])


@pytest.mark.parametrize("gap", ["  ", "          "])
def test_numbers_are_told_apart_by_the_gaps_between_them(gap: str) -> None:
    # Nothing adds up on the rows, and 2 455 914 5 223 could be read in many ways.
    rows = (("Stockholm", "2 455 914", "5 223"), ("Uppsala", "404 714", "860"))
    found, codes = read("\n".join(gap.join(row) for row in rows), "t.txt")
    (table,) = found.document.tables
    amounts = [[int(cell.value) for cell in column.cells if cell] for column in table.columns]
    assert amounts == [[2455914, 404714], [5223, 860]]
    assert not codes


def test_a_wrong_row_is_named_by_the_key_though_other_keys_would_give_it(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(
        "k;Bidrag\nA;2004255\nB;889362\nC;6670213\nD;436171\nSumma;10000000\n"
    )
    (tmp_path / "n.csv").write_text("k;folk\nA;9420\nB;4180\nC;31350\nD;2050\n")
    page = fordela("audit", tmp_path / "t.csv", "--key", tmp_path / "n.csv").stdout
    assert "Närmast är 10 000 000 efter folk:" in page.replace("\xa0", " ")
    assert page.count("största rest: 1 fel: D −1") == 1


def test_a_row_of_nobody_is_told_and_left_out() -> None:
    lines = rows(WEIGHTS, hamilton(POT, exact(POT, WEIGHTS)))
    found, codes = read("\n".join(["region,befolkning,kr", *lines, "Atlantis,5,5"]))
    assert codes == ["F305"]
    assert found.columns[0].whole == tuple(hamilton(POT, exact(POT, WEIGHTS)))


def test_a_row_between_others_whose_name_resembles_nothing_is_no_row() -> None:
    lines = [f"{name}\t{weight}" for name, weight in zip(NAMES, WEIGHTS, strict=True)]
    lines[3:3] = ["Zzyzx qqq\t17"]
    found, codes = read("\n".join(["Region\tkr", *lines]), "tabell.txt")
    assert found.columns[0].whole == WEIGHTS
    assert codes == []


def test_a_cell_without_a_figure_leaves_its_row_out() -> None:
    text = "\n".join(["region,kr", *rows([10, 20, "..", 40, 50, "", 70])])
    (column,) = read(text)[0].columns
    assert column.amounts == (10, 20, 40, 50, 70)


def test_a_column_of_remarks_is_no_column() -> None:
    found, codes = read("\n".join(["region,kr,not", *rows(WEIGHTS, ["se not"] * 7)]))
    assert [one.heading for one in found.document.tables[0].columns] == ["kr"]
    assert codes == []


def test_numbers_that_no_reading_gives_are_refused() -> None:
    lines = [f"{name} 012 {weight}" for name, weight in zip(NAMES, WEIGHTS, strict=True)]
    found, codes = read("\n".join(lines), "tabell.txt")
    assert (found.document.tables, codes) == ((), ["F802"])


def test_a_key_with_others_in_it_is_used_for_those_in_the_table() -> None:
    files = Memory(
        {
            "nyckel.csv": b"klubb,medlemmar\nEk,5\nCypress,1\nAlm,3\nBok,6\n",
            "tabell.csv": b"klubb,kr\nBok,60\nAlm,30\nCypress,10\n",
        }
    )
    keys, faults = given_keys("nyckel.csv", None, files)
    found, more = audit("tabell.csv", files, Request(keys=keys))
    assert (*faults, *more) == ()
    (line,) = found.columns[0].formulas[0][0].lines
    assert (line.amount, line.key.whole) == (100, (6, 3, 1))


# ---------------------------------------------------------------- sums


def test_a_sum_of_many_columns_is_looked_for_among_those_before_it() -> None:
    parts = [[10**k * (n + k) for n in range(1, 8)] for k in range(9)]
    total = [sum(row) for row in zip(*parts[-2:], strict=True)]
    heads = ",".join(f"kr {n}" for n in range(1, 11))
    found, _ = read("\n".join([f"region,{heads}", *rows(*parts, total)]))
    assert found.columns[-1].parts == (8, 9)


def test_a_column_that_is_a_sum_in_few_rows_is_no_sum() -> None:
    one, other = (10, 20, 30, 40, 50, 60, 70), (1, 2, 3, 4, 5, 6, 7)
    total = (11, 22, 33, 1, 2, 3, 4)
    found, _ = read("\n".join(["region,kr a,kr b,kr c", *rows(one, other, total)]))
    assert [column.parts for column in found.columns] == [(), (), ()]


def test_a_row_where_a_part_is_missing_is_not_held_against_a_sum() -> None:
    one, other = (10, 20, 30, 40, 50, 60, 70), (1, 2, 3, 4, 5, 6, "")
    total = (11, 22, 33, 44, 55, 66, 77)
    found, codes = read("\n".join(["region,kr a,kr b,kr c", *rows(one, other, total)]))
    assert found.columns[2].parts == (1, 2)
    assert "N805" not in codes


# ---------------------------------------------------------------- formulas


def test_two_lines_are_found_where_a_row_has_the_same_share_of_both_keys() -> None:
    one = (100, 200, 300, 400, 500, 600, 700)
    other = (100, 700, 300, 600, 400, 200, 500)
    pots = (7_000_000, 5_000_000)
    shares = [exact(pot, key) for pot, key in zip(pots, (one, other), strict=True)]
    amounts = hamilton(sum(pots), [a + b for a, b in zip(*shares, strict=True)])
    (trials,) = money(table(a=one, b=other, kr=amounts)).formulas
    assert sorted(line.amount for line in trials[0].lines) == sorted(pots)


def test_a_row_with_the_same_share_of_both_keys_and_another_amount_refutes_them() -> None:
    one = (100, 200, 300, 400, 500, 600, 700)
    other = (100, 700, 300, 600, 400, 200, 500)
    amounts = (9_999_999, 1_111_111, 2_222_222, 3_333_333, 4_444_444, 5_555_555, 6_666_666)
    found = money(table(a=one, b=other, kr=amounts))
    assert not found.explained


def test_a_judgement_that_runs_out_of_steps_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    amounts = (501, 777, 123, 999, 654, 321, 888)
    whole = money(table(befolkning=WEIGHTS, insatser=OTHER, kr=amounts))
    assert not whole.stopped
    assert whole.tried == 3
    for steps, tried in ((400, 1), (1_200, 3)):
        monkeypatch.setattr("engine.audit.budget.STEPS_PER_COLUMN", steps)
        found = money(table(befolkning=WEIGHTS, insatser=OTHER, kr=amounts))
        assert found.stopped
        assert found.tried == tried


# ---------------------------------------------------------------- recovery


AMOUNTS = (117 * 12, 327 * 12, 276 * 12, 455 * 12)


def recovered(steps: int, between: tuple[int, int] | None = None) -> Recovery:
    found = recover(AMOUNTS, sum(AMOUNTS), Budget(steps), between)
    assert found is not None
    return found


def test_however_early_a_search_stops_what_it_says_is_so() -> None:
    whole = recovered(10**6)
    assert not whole.stopped
    stopped = set()
    for steps in range(0, 3_000, 7):
        found = recovered(steps)
        stopped.add(found.stopped)
        if found.stopped:
            assert found.high <= whole.high or not whole.answers
            below = [one for one in whole.answers if one.total <= found.high]
            assert list(found.answers)[: len(below)] == below
        else:
            assert found.answers == whole.answers
    assert True in stopped


def test_a_range_that_is_none_or_beyond_the_pot_has_no_answer() -> None:
    pot = sum(AMOUNTS)
    for between in ((0, 10), (10, 9), (1, pot)):
        assert recover(AMOUNTS, pot, Budget(), between) is None
    files = table(kr=(1_404, 3_924, 3_312, 5_460, 77, 1_313, 999))
    assert money(files, Request(between=(1, 10**9))).recovery is None


def test_amounts_of_a_krona_or_two_bound_the_largest_by_nothing() -> None:
    found = recover((1, 1, 1, 90), 93, Budget(10**6), (50, 62))
    assert found is not None
    assert {one.units for one in found.answers}


def test_no_total_that_cannot_be_one_gives_an_indicator() -> None:
    pot = sum(AMOUNTS)
    assert recover_at(AMOUNTS, pot, 0) is None
    assert recover_at(AMOUNTS, pot, pot) is None
    assert recover_at((-12, *AMOUNTS), pot - 12, 100) is None
    answer = recover_at(AMOUNTS, pot, 1_175)
    assert answer is not None
    assert answer.units == (117, 327, 276, 455)


def test_steps_are_looked_for_no_longer_than_the_budget() -> None:
    key = Key("nyckel", tuple(map(Fraction, (10**6, 2 * 10**6, 3 * 10**6, 5 * 10**6, 7 * 10**6))))
    amounts = [half_up(Fraction(w * n, 7)) for w, n in zip(key.whole, (3, 1, 4, 2, 5), strict=True)]
    whole = find_steps(amounts, key, Budget())
    assert whole is not None
    given = {find_steps(amounts, key, Budget(steps)) is None for steps in range(60)}
    assert given == {True, False}


# ---------------------------------------------------------------- what columns say of each other

UNITS = (1_171, 3_271, 2_763, 4_557, 999, 1_503, 2_221)
ODD = (501, 777, 123, 999, 654, 321, 888)


def two(one: Sequence[object], other: Sequence[object]) -> tuple[ColumnAudit, ...]:
    return read("\n".join(["region,kr a,kr b", *rows(one, other)]))[0].columns


def test_a_column_is_explained_by_what_another_was_shared_by() -> None:
    """Though not by that column's own amounts, which are rounded."""
    total = sum(UNITS)
    first = hamilton(24 * total + 5_000, exact(24 * total + 5_000, UNITS))
    second = hamilton(5 * total + 5_354, exact(5 * total + 5_354, UNITS))
    one, other = two(first, second)
    assert not one.explained
    assert one.recovery is not None
    assert one.recovery.answers[0].units == UNITS
    assert {line.key.name for trials in other.formulas for line in trials[0].lines} == {"*1"}
    assert other.explained


def test_a_key_that_lacks_a_row_of_another_column_is_not_tried_on_it() -> None:
    pot = 24 * sum(UNITS) + 5_000
    first: list[object] = [*hamilton(pot, exact(pot, UNITS))]
    assert [one.tried for one in two(first, ODD)] == [2, 4]
    first[3] = ""
    one, other = two(first, ODD)
    assert one.recovery is not None
    assert one.recovery.answers[0].units == (*UNITS[:3], *UNITS[4:])
    assert other.tried == 1
    assert not other.explained


def test_a_column_that_lacks_a_row_of_its_total_is_not_taken_for_steps() -> None:
    trees = ("Al", "Ask", "Asp", "Bok", "Ek", "Lind", "Lönn")
    lines = rows(WEIGHTS, [*ODD[:6], ""], names=trees)
    lines += [f"Totalt,{sum(WEIGHTS)},{sum(ODD)}"]
    found, codes = read("\n".join(["träd,befolkning,kr", *lines]))
    assert found.columns[0].whole is None
    assert found.columns[0].steps is None
    assert codes == ["N803"]


def stated(other: Sequence[int]) -> ColumnAudit:
    """A column of four kronor for each unit, of which the text states all but another column's."""
    lines = [f"{n}\t{4 * w}\t{v}" for n, w, v in zip(NAMES, WEIGHTS, other, strict=True)]
    total = f"{sum(WEIGHTS) - sum(other):,}".replace(",", " ")
    text = "\n".join([f"De gjorde {total} besök.", "", "Region\tkr\tbesök", *lines])
    return read(text, "tabell.txt")[0].columns[0]


def test_an_indicator_may_be_a_stated_total_and_another_column() -> None:
    (found,) = stated(OTHER).inferred
    assert found.answer.units == WEIGHTS
    assert found.other == 2
    assert found.rest == tuple(w - v for w, v in zip(WEIGHTS, OTHER, strict=True))


def test_an_indicator_is_no_sum_with_a_column_that_has_more_in_a_row() -> None:
    assert stated((*OTHER[:5], WEIGHTS[5] + 1, OTHER[6])).inferred == ()


def earned(steps: Sequence[int], key: Sequence[int] = WEIGHTS, noise: int = 0) -> list[int]:
    """What so many quarters of a full amount give: six millions shared by the key."""
    full = [half_up(Fraction(6_000_000 * weight, sum(key))) for weight in key]
    quarters = [half_up(Fraction(f * n, 4)) for f, n in zip(full, steps, strict=True)]
    return [amount + (-noise) ** (n % 2) * noise for n, amount in enumerate(quarters)]


def test_steps_that_are_beyond_those_of_no_other_column_are_only_counted() -> None:
    heads = "region,befolkning,insatser,kr a,kr b,kr c,kr d"
    steps = (3, 1, 4, 2, 4, 3, 1)
    more, fewer = (5, 2, 7, 3, 9, 3, 2), (1, 2, 7, 3, 9, 3, 2)
    plain, other = earned(steps), earned((3, 1, 4, 2, 4, 3, 2), OTHER)
    lines = rows(WEIGHTS, OTHER, other, plain, earned(more, noise=1), earned(fewer, noise=1))
    found, _ = read("\n".join([heads, *lines]))
    said = [(one.steps.key.name, one.steps.numbers) for one in found.columns if one.steps]
    assert said == [
        ("insatser", (3, 1, 4, 2, 4, 3, 2)),
        ("befolkning", steps),
        ("befolkning", more),
        ("befolkning", fewer),
    ]
    assert [bool(one.steps and one.steps.structures) for one in found.columns] == [
        True, True, False, False
    ]  # fmt: skip
    assert [one.beyond for one in found.columns] == [None] * 4
