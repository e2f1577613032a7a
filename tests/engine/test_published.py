"""Published tables: each cell as printed, in the order in which it was printed."""

from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from dsl.catalogue import sentences
from dsl.findings import Finding
from dsl.registers import Recipient, Register
from dsl.source import Span
from dsl.syntax import Facit
from engine.inputs.files import Folder, Memory
from engine.inputs.published import Published, PublishedCell, read_listing, read_published
from engine.registers import builtin

RULES = Span("regler.md", 9, 3, 20)
RULESETS = Path(__file__).parents[2] / "rulesets"
SMALL = Register(
    "region",
    "x",
    tuple(Recipient(c, n) for c, n in (("1", "Ask"), ("2", "Björk"), ("3", "Cypress"))),
)


def read(
    text: str | bytes, path: str = "facit/x.csv"
) -> tuple[Published | None, tuple[Finding, ...]]:
    data = text.encode() if isinstance(text, str) else text
    return read_published(Facit(path, span=RULES), SMALL, Memory({path: data}))


def table(text: str | bytes, path: str = "facit/x.csv") -> Published:
    made, found = read(text, path)
    assert made is not None, found
    return made


def codes(text: str | bytes) -> list[str]:
    return [one.code for one in read(text)[1]]


def of(ruleset: str, path: str, noun: str = "region") -> Published:
    register = builtin(noun)
    assert register is not None
    made, found = read_published(Facit(path, span=RULES), register, Folder(RULESETS / ruleset))
    assert found == ()
    assert made is not None
    return made


def test_cells_are_exact_and_know_their_decimals() -> None:
    made = table("Region;Andel;Belopp\nAsk;23,3%;2 455 914\nBjörk;5,0%;1\nCypress;71,7%;133,5\n")
    share, amount = made.columns
    assert share.heading == "Andel"
    assert share.span == Span("facit/x.csv", 1, 8, 13)
    assert share.cells[0] == PublishedCell(
        Fraction(233, 1000), 1, percent=True, span=Span("facit/x.csv", 2, 5, 10)
    )
    assert [cell and (cell.value, cell.decimals) for cell in amount.cells] == [
        (2455914, 0),
        (1, 0),
        (Fraction(267, 2), 1),
    ]
    assert share.total is None


def test_the_printed_order_is_kept_and_cells_are_in_the_registers() -> None:
    made = table("Region;A\nCypress;3\nAsk;1\nBjörk;2\nTotalt;6\n")
    assert made.order == (2, 0, 1)
    assert [cell and cell.value for cell in made.columns[0].cells] == [1, 2, 3]
    assert made.columns[0].total is not None
    assert made.columns[0].total.value == 6


def test_rows_and_cells_may_be_missing() -> None:
    made = table("Region;A;B\nAsk;1;\nCypress;-;3\n")
    assert made.order == (0, 2)
    assert [[cell and cell.value for cell in column.cells] for column in made.columns] == [
        [1, None, None],
        [None, None, 3],
    ]


def test_columns_of_words_are_left_out() -> None:
    assert [one.heading for one in table("Region;A;Not\nAsk;1;ca\nBjörk;2;\n").columns] == ["A"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Region;A\nAsk;1\nAlm;2\n", ["F305"]),
        ("Region;A\nAsk;1\nAsk;1\n", ["F302"]),
        ("Region;A\nAsk;1\nBjörk;97 08 737\n", ["F303"]),
        ("Region;A\nAsk;1\nBjörk;1,234\n", ["F318"]),
        ("Region;A\nAsk;1\n;2\n", ["F335"]),
        ("Region;A\nAsk;ett\n", ["F334"]),
        ("x;A\ny;1\n", ["F323"]),
        ("Region;A\n", ["F329"]),
    ],
)
def test_what_is_wrong_is_found(text: str, expected: list[str]) -> None:
    made, found = read(text)
    assert made is None
    assert [one.code for one in found] == expected


def test_a_missing_file_is_pointed_at_in_the_rules() -> None:
    _, (found,) = read_published(Facit("facit/y.csv", span=RULES), SMALL, Memory({}))
    assert (found.code, found.span) == ("F306", RULES)


def test_a_printed_total_that_the_rows_do_not_give_is_told_of() -> None:
    made, (note,) = read("Region;A\nAsk;1\nBjörk;2\nTotalt;4\n")
    assert made is not None
    assert note.code == "N304"
    assert "skillnad 1" in sentences(note, "sv").notes[0]


def test_rounded_shares_may_miss_their_total_by_their_rounding() -> None:
    assert codes("Region;A\nAsk;33,4%\nBjörk;33,4%\nCypress;33,3%\nTotalt;100,0%\n") == []
    assert codes("Region;A\nAsk;33,4%\nBjörk;33,4%\nCypress;34,3%\nTotalt;100,0%\n") == ["N304"]


def test_a_workbook_counts_as_it_is_shown() -> None:
    book = Workbook()
    rows: list[list[Any]] = [["Region", "A"], ["Ask", 0.23266], ["Björk", 0.5]]
    for row in rows:
        book.worksheets[0].append(row)
    for name in ("B2", "B3"):
        book.worksheets[0][name].number_format = "0.0%"
    out = BytesIO()
    book.save(out)
    made, (note,) = read(out.getvalue(), "facit/x.xlsx")
    assert made is not None
    cell = made.columns[0].cells[0]
    assert cell is not None
    assert (cell.value, cell.decimals, cell.percent) == (Fraction(233, 1000), 1, True)
    assert (note.code, note.data["count"], note.span.cell) == ("N305", 1, "Sheet!B2")


@pytest.mark.parametrize(
    ("ruleset", "path", "noun", "total"),
    [
        ("2024/god-och-nara-vard", "facit/bilaga-1.csv", "region", 2466000000),
        ("2024/god-och-nara-vard", "facit/bilaga-2.csv", "county", 750000000),
        ("2024/okad-tillganglighet", "facit/tabell-1.csv", "region", 1545740465),
        ("2023/okad-tillganglighet", "facit/tabell-1.csv", "region", 1874253165),
        ("2025/sektorsbidrag", "facit/tabell-1.csv", "region", 2000000000),
    ],
)
def test_the_tables_of_the_decisions(ruleset: str, path: str, noun: str, total: int) -> None:
    made = of(ruleset, path, noun)
    assert sorted(made.order) == list(range(21))
    last = made.columns[-1]
    assert last.total is not None
    assert last.total.value == total
    assert sum(cell.value for cell in last.cells if cell) == total


def test_a_table_without_a_total_row() -> None:
    (column,) = of("2024/besked", "facit/besked.csv").columns
    assert column.total is None
    assert sum(cell.value for cell in column.cells if cell) == 9842


def test_a_list_is_read_as_it_stands() -> None:
    made, found = read_listing("data/ovriga-medel.csv", RULES, Folder(RULESETS / "2024/besked"))
    assert found == ()
    assert made is not None
    assert made.header == ("Område, mottagare", "Miljoner kronor", "Anmärkning")
    assert len(made.rows) == 8
    assert made.rows[4][1] == "133,5"
    assert len(made.sha256) == 64


def test_a_list_that_cannot_be_read_is_refused() -> None:
    made, (found,) = read_listing("x.csv", RULES, Memory({"x.csv": b"a;b\n1;2;3\n"}))
    assert made is None
    assert found.code == "F315"
    assert read_listing("y.csv", RULES, Memory({}))[1][0].code == "F306"


@given(st.binary(max_size=200))
def test_no_bytes_raise(data: bytes) -> None:
    read(b"Region;A\nAsk;1\n" + data)
    read_listing("x.csv", RULES, Memory({"x.csv": data}))


@given(st.permutations(["Ask;1", "Björk;2", "Cypress;3", "Totalt;6"]))
def test_order_of_rows_is_only_order(rows: list[str]) -> None:
    made = table("Region;A\n" + "\n".join(rows))
    assert [cell and cell.value for cell in made.columns[0].cells] == [1, 2, 3]
    assert [SMALL.recipients[place].name for place in made.order] == [
        row.split(";")[0] for row in rows if "Totalt" not in row
    ]
