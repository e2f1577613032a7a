"""Audits of tables that lack something, and searches that stop before they are done."""

from collections.abc import Sequence
from fractions import Fraction

import pytest

from engine.audit.budget import Budget
from engine.audit.judging import Audit, ColumnAudit, Request, audit
from engine.audit.recovery import Recovery, recover
from engine.files import Memory
from tests.audit.test_tables import (
    NAMES,
    OTHER,
    WEIGHTS,
    half_up,
    money,
    table,
)


def read(
    text: str, name: str = "tabell.csv", request: Request | None = None
) -> tuple[Audit, list[str]]:
    """The audit of a file, and the codes of what was found."""
    found, faults = audit(name, Memory({name: text.encode()}), request or Request())
    return found, [one.code for one in faults]


def rows(*columns: Sequence[object], names: Sequence[str] = NAMES) -> list[str]:
    return [",".join(map(str, row)) for row in zip(names, *columns, strict=True)]


# ---------------------------------------------------------------- what is read


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


# ---------------------------------------------------------------- sums


# ---------------------------------------------------------------- formulas


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


# ---------------------------------------------------------------- what columns say of each other

UNITS = (1_171, 3_271, 2_763, 4_557, 999, 1_503, 2_221)
ODD = (501, 777, 123, 999, 654, 321, 888)


def two(one: Sequence[object], other: Sequence[object]) -> tuple[ColumnAudit, ...]:
    return read("\n".join(["region,kr a,kr b", *rows(one, other)]))[0].columns


def test_a_key_that_lacks_a_row_of_another_column_is_not_tried_on_it() -> None:
    first: list[object] = [40 * unit for unit in UNITS]
    assert [one.tried for one in two(first, ODD)] == [2, 4]
    first[3] = ""
    one, other = two(first, ODD)
    assert one.recovery is not None
    assert one.recovery.answers[0].units == (*UNITS[:3], *UNITS[4:])
    assert other.tried == 1
    assert not other.explained


def stated(other: Sequence[int]) -> ColumnAudit:
    """A column of four kronor for each unit, of which the text states all but another column's."""
    lines = [f"{n}\t{4 * w}\t{v}" for n, w, v in zip(NAMES, WEIGHTS, other, strict=True)]
    total = f"{sum(WEIGHTS) - sum(other):,}".replace(",", " ")
    text = "\n".join([f"De gjorde {total} besök.", "", "Region\tkr\tbesök", *lines])
    return read(text, "tabell.txt")[0].columns[0]


def earned(steps: Sequence[int], key: Sequence[int] = WEIGHTS, noise: int = 0) -> list[int]:
    """What so many quarters of a full amount give: six millions shared by the key."""
    full = [half_up(Fraction(6_000_000 * weight, sum(key))) for weight in key]
    quarters = [half_up(Fraction(f * n, 4)) for f, n in zip(full, steps, strict=True)]
    return [amount + (-noise) ** (n % 2) * noise for n, amount in enumerate(quarters)]


