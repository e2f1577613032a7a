"""Tables: text and workbooks become the same grid of cells, and hostile bytes become findings."""

import datetime as dt
import struct
from fractions import Fraction
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from dsl.catalogue import sentences
from dsl.findings import Exact, Finding, Phrase
from dsl.source import Span
from engine.inputs.files import MAX_BYTES, Memory
from engine.tables import load, read_sheet
from engine.tables import text as text_module
from engine.tables import workbook as workbook_module
from engine.tables.numbers import Number, read_number
from engine.tables.sheet import MAX_FINDINGS, Cell, Sheet, capped
from engine.tables.workbook import shown_as

TABLE = "kod;region;antal\n01;Stockholm;5\n12;Skåne;7\n"


def sheet_of(data: bytes | str, name: str = "a.csv") -> Sheet:
    sheet, found = read_sheet(name, data.encode() if isinstance(data, str) else data)
    assert sheet is not None, found
    assert not [one for one in found if one.severity == "error"], found
    return sheet


def texts(sheet: Sheet) -> list[list[str]]:
    return [[cell.text for cell in row] for row in (sheet.header, *sheet.rows)]


def codes(data: bytes | str, name: str = "a.csv") -> list[str]:
    _, found = read_sheet(name, data.encode() if isinstance(data, str) else data)
    return [one.code for one in found]


def only(data: bytes | str, name: str = "a.csv") -> Finding:
    _, (found,) = read_sheet(name, data.encode() if isinstance(data, str) else data)
    return found


def book(*sheets: list[list[Any]], formats: dict[str, str] | None = None) -> bytes:
    """A workbook with these rows on its sheets; number formats of the first sheet's cells."""
    made = Workbook()
    made.remove(made.worksheets[0])
    for number, rows in enumerate(sheets, 1):
        sheet = made.create_sheet(f"Blad{number}")
        for row in rows:
            sheet.append(row)
    for name, number_format in (formats or {}).items():
        made.worksheets[0][name].number_format = number_format
    out = BytesIO()
    made.save(out)
    return out.getvalue()


class TestText:
    @pytest.mark.parametrize(
        "data",
        [
            TABLE.encode(),
            TABLE.encode("utf-8-sig"),
            TABLE.encode("utf-16"),
            b"\xfe\xff" + TABLE.encode("utf-16-be"),
            TABLE.replace("\n", "\r\n").encode(),
            TABLE.replace("\n", "\r").encode(),
            TABLE.replace(";", ",").encode(),
            TABLE.replace(";", "\t").encode(),
            TABLE.replace(";", " ; ").encode(),
            TABLE.replace("å", "a\u030a").encode(),
            f"sep=;\n{TABLE}".encode(),
            f"# Källa: SCB, 2023\n\n{TABLE}# slut; på; allt; det här\n".encode(),
            b'"# K\xc3\xa4lla; SCB";;\n' + TABLE.encode(),
            TABLE.replace("\n", ";;\n").encode(),
            TABLE.replace("Stockholm", '"Stockholm"').encode(),
        ],
    )
    def test_every_common_form_gives_the_same_table(self, data: bytes) -> None:
        expected = [["kod", "region", "antal"], ["01", "Stockholm", "5"], ["12", "Skåne", "7"]]
        assert texts(sheet_of(data)) == expected

    def test_cells_know_their_places(self) -> None:
        sheet = sheet_of("# ett\nkod; region ;antal\n\n01;Skåne;  7\n")
        assert sheet.header[1].span == Span("a.csv", 2, 6, 12)
        assert sheet.rows[0][2].span == Span("a.csv", 4, 12, 13)
        assert sheet.rows[0][2].span.text == "01;Skåne;  7"

    def test_a_semicolon_wins_over_a_comma_in_the_header(self) -> None:
        assert texts(sheet_of("Område, mottagare;kr\nA, B;1\n"))[1] == ["A, B", "1"]

    def test_quotes_protect_delimiters_quotes_and_line_ends(self) -> None:
        sheet = sheet_of('namn,"antal, ""st""","kr\nper år"\nA,"1,5",2\n')
        assert texts(sheet) == [["namn", 'antal, "st"', "kr per år"], ["A", "1,5", "2"]]
        assert sheet.header[1].span == Span("a.csv", 1, 6, 21)
        assert sheet.rows[0][1].span.line == 3

    def test_a_quote_within_a_text_is_just_a_quote(self) -> None:
        assert texts(sheet_of('namn;mått\nA;5" rör\n'))[1] == ["A", '5" rör']

    @pytest.mark.parametrize("data", ['a;b\n"x;1\ny;2\n', 'a;b\n"x"y;1\n', 'a;b\nx;"'])
    def test_quotes_that_do_not_match_are_refused(self, data: str) -> None:
        assert codes(data) == ["F325"]

    def test_a_code_page_is_refused_with_the_line_and_the_letter(self) -> None:
        found = only("kod;region\r\n12;Skåne\r\n".encode("cp1252"))
        assert found.code == "F313"
        assert dict(found.data) == {"file": "a.csv", "line": 2, "byte": "0xE5", "letter": "å"}
        assert found.span == Span("a.csv", 2, 6, 7)
        assert found.span.text == "12;Skåne"

    def test_half_a_letter_of_utf_16_is_refused(self) -> None:
        assert codes(TABLE.encode("utf-16") + b"\x00") == ["F313"]

    @pytest.mark.parametrize("data", [TABLE.encode("utf-16-le"), TABLE.encode() + b"\0"])
    def test_nul_bytes_are_refused(self, data: bytes) -> None:
        assert codes(data) == ["F316"]

    @pytest.mark.parametrize("odd", ["\u200b", "\u202e", "\x07", "\ufeff", "\u00ad", "\u2028"])
    def test_hidden_characters_are_pointed_at(self, odd: str) -> None:
        found = only(f"namn;antal\nSk{odd}åne;1\n")
        assert (found.code, found.span.line, found.span.column) == ("F316", 2, 1)
        assert found.data["character"] == f"U+{ord(odd):04X}"

    @pytest.mark.parametrize("row", ["12;Skåne;7;8", "12;Skåne", "12"])
    def test_ragged_rows_are_findings_and_their_numbers_are_not_used(self, row: str) -> None:
        sheet, (found,) = read_sheet("a.csv", f"{TABLE}{row}\n".encode())
        assert sheet is not None
        assert found.code == "F315"
        assert (found.data["count"], found.data["expected"]) == (row.count(";") + 1, 3)
        assert {cell.obstacle for cell in sheet.rows[-1]} == {"told"}

    def test_an_unquoted_decimal_comma_is_a_ragged_row(self) -> None:
        assert codes("region,andel\nSkåne,23,5\n") == ["F315"]

    @pytest.mark.parametrize(
        "data", ["", "\n\n", "# bara en kommentar\n", "kod;antal\n", "\u200b\n\u200b\n"]
    )
    def test_a_file_without_rows_is_refused(self, data: str) -> None:
        assert codes(data) == ["F329"]

    def test_a_title_above_the_header_is_pointed_at(self) -> None:
        found = only("Tabell 1. Befolkning\nkod;antal\n01;2\n")
        assert (found.code, found.data["text"]) == ("F319", "Tabell 1. Befolkning")

    def test_columns_without_anything_are_left_out(self) -> None:
        assert texts(sheet_of(";kod;;antal\n;01;;2\n")) == [["kod", "antal"], ["01", "2"]]

    @pytest.mark.parametrize(
        "data",
        [
            "kod;antal\n" + "01;2\n" * 100_001,
            ";".join("a" * 501) + "\n" + ";".join("1" * 501),
            "kod;antal\n01;" + "9" * 2_001,
            (";".join("abcde" * 60) + "\n") * 2_000,
            ";" * 3_000_000,
            "\n" * 2_000_001,
        ],
    )
    def test_limits_on_rows_columns_cells_and_length(self, data: str) -> None:
        assert codes(data) == ["F324"]


class TestWorkbook:
    def test_it_reads_like_text(self) -> None:
        rows: list[list[Any]] = [
            ["kod", "region", "antal"],
            ["01", "Stockholm", 5],
            [12, "Skåne", 7],
        ]
        sheet = sheet_of(book([["# Källa: SCB"], [], *rows]), "a.xlsx")
        assert texts(sheet) == [
            ["kod", "region", "antal"],
            ["01", "Stockholm", "5"],
            ["12", "Skåne", "7"],
        ]
        assert sheet.rows[0][2].span == Span("a.xlsx", 4, 3, 4, cell="Blad1!C4")

    def test_a_table_may_start_anywhere(self) -> None:
        sheet = sheet_of(book([[], [None, None, "namn", "antal"], [None, None, "A", 1]]), "a.xlsx")
        assert texts(sheet) == [["namn", "antal"], ["A", "1"]]
        assert sheet.rows[0][1].span.cell == "Blad1!D3"

    def test_the_only_sheet_with_anything_is_read(self) -> None:
        assert texts(sheet_of(book([], [["a", "b"], ["x", 1]]), "a.xlsx"))[1] == ["x", "1"]

    def test_sheets_that_are_not_read_are_told_of(self) -> None:
        rows: list[list[Any]] = [["a", "b"], ["x", 1]]
        sheet, (note,) = read_sheet("a.xlsx", book(rows, [], rows, rows))
        assert sheet is not None
        assert (note.code, note.data["sheet"]) == ("N302", "Blad1")
        assert note.data["others"] == ("Blad3", "Blad4")

    @pytest.mark.parametrize(
        ("number", "exact"),
        [
            (0.1, Fraction(1, 10)),
            (172.652531, Fraction(172652531, 10**6)),
            (2**53, Fraction(2**53)),
            (-0.5, Fraction(-1, 2)),
            (1e-7, Fraction(1, 10**7)),
        ],
    )
    def test_numbers_are_the_shortest_decimals_of_their_floats(
        self, number: float, exact: Fraction
    ) -> None:
        cell = sheet_of(book([["a", "b"], ["x", number]]), "a.xlsx").rows[0][1]
        assert read_number(cell) == Number(exact, exact, _decimals_of(number), percent=False)

    @pytest.mark.parametrize(
        ("value", "code"),
        [
            (2**53 + 2, "F312"),
            (1e300, "F312"),
            (dt.date(2023, 11, 1), "F326"),
            (dt.datetime(2023, 11, 1, 12, 30), "F326"),  # noqa: DTZ001 - cells have no zone
            (dt.time(12, 30), "F326"),
            (dt.timedelta(hours=30), "F326"),
            (True, "F326"),
            ("#REF!", "F326"),
            ("=1+1", "F327"),
            ("=", "F303"),
            ("text", "F303"),
            (None, "F317"),
        ],
    )
    def test_what_is_no_number_is_refused_as_one(self, value: object, code: str) -> None:
        cell = sheet_of(book([["a", "b", "c"], ["x", value, 1]]), "a.xlsx").rows[0][1]
        found = read_number(cell)
        assert isinstance(found, Finding)
        assert (found.code, found.span.cell) == (code, "Blad1!B2")

    def test_a_formula_with_a_stored_value_is_a_number(self) -> None:
        data = _with_part(
            book([["a", "b"], ["x", "=1+1"]]),
            "xl/worksheets/sheet1.xml",
            lambda xml: xml.replace(b"<v />", b"<v>2</v>").replace(b"<v></v>", b"<v>2</v>"),
        )
        assert texts(sheet_of(data, "a.xlsx"))[1] == ["x", "2"]

    def test_a_row_of_formulas_without_values_is_not_blank(self) -> None:
        assert len(sheet_of(book([["a", "b"], ["x", 1], ["=A2", "=B2"]]), "a.xlsx").rows) == 2

    def test_the_size_that_a_sheet_claims_is_not_believed(self) -> None:
        data = _with_part(
            book([["a", "b"], ["x", 1], ["y", 2]]),
            "xl/worksheets/sheet1.xml",
            lambda xml: xml.replace(b'ref="A1:B3"', b'ref="A1:A2"'),
        )
        assert texts(sheet_of(data, "a.xlsx")) == [["a", "b"], ["x", "1"], ["y", "2"]]

    def test_a_row_number_beyond_every_sheet_is_refused(self) -> None:
        data = _with_part(
            book([["a", "b"], ["x", 1]]),
            "xl/worksheets/sheet1.xml",
            lambda xml: xml.replace(b'<row r="2">', b'<row r="999999999999">'),
        )
        assert codes(data, "a.xlsx") == ["F324"]

    @pytest.mark.parametrize(
        "rows",
        [[["a"] * 501, ["x"] * 501], [["a", "b"], ["x", "y" * 2_001]]],
    )
    def test_limits_hold_for_workbooks_too(self, rows: list[list[Any]]) -> None:
        assert codes(book(rows), "a.xlsx") == ["F324"]

    def test_rows_and_cells_are_limited(self, monkeypatch: pytest.MonkeyPatch) -> None:
        data = book([["a", "b"], ["x", 1], ["y", 2]])
        monkeypatch.setattr(workbook_module, "MAX_ROWS", 2)
        assert codes(data, "a.xlsx") == ["F324"]
        monkeypatch.setattr(workbook_module, "MAX_ROWS", 3)
        monkeypatch.setattr(workbook_module, "MAX_CELLS", 5)
        assert codes(data, "a.xlsx") == ["F324"]

    def test_blank_cells_are_limited_too(self, monkeypatch: pytest.MonkeyPatch) -> None:
        data = book([["a", "b"], ["x", 1, *[None] * 20, "y"]])
        monkeypatch.setattr(workbook_module, "MAX_LOOKED_AT", 20)
        assert codes(data, "a.xlsx") == ["F324"]

    def test_data_beside_the_table_is_a_ragged_row(self) -> None:
        (found,) = read_sheet("a.xlsx", book([["a", "b"], ["x", 1, None, "se här"]]))[1]
        assert (found.code, found.span.cell) == ("F315", "Blad1!D2")
        assert sentences(found, "sv").helps == (
            "ta bort kommentaren ”se här”, eller ge kolumnen en rubrik",
        )

    def test_a_sheet_without_anything_is_refused(self) -> None:
        assert codes(book([]), "a.xlsx") == ["F329"]


class TestNumberFormats:
    @pytest.mark.parametrize(
        ("value", "number_format", "text", "shown", "decimals"),
        [
            (0.233, "0.0%", "23,3%", Fraction(233, 1000), 1),
            (0.2334, "0.0%", "23,3%", Fraction(233, 1000), 1),
            (1, "0.0%", "100,0%", Fraction(1), 1),
            (0.5, "0%", "50%", Fraction(1, 2), 0),
            (1234.5, "#,##0", "1235", Fraction(1235), 0),
            (-1234.5, "#,##0;[Red]-#,##0.0", "-1234,5", Fraction(-2469, 2), 1),
            (2.5, "0", "3", Fraction(3), 0),
            (2, "0.00", "2,00", Fraction(2), 2),
            (2.5, '_-* # ##0.00\\ "kr"_-;-* # ##0', "2,50", Fraction(5, 2), 2),
            (0.125, "0.##", "0,13", Fraction(13, 100), 2),
            (2_111_000_000, "#,##0,,", "2111", Fraction(2111), 0),
            (0.1, "General", "0,1", Fraction(1, 10), 1),
            (1234.5, "0.00E+00", "1234,5", Fraction(2469, 2), 1),
            (5, ";;;", "5", Fraction(5), 0),
            (1, "00", "1", Fraction(1), 0),
        ],
    )
    def test_a_cell_has_what_a_reader_sees(
        self, value: float, number_format: str, text: str, shown: Fraction, decimals: int
    ) -> None:
        data = book([["a", "b"], ["x", value]], formats={"B2": number_format})
        cell = sheet_of(data, "a.xlsx").rows[0][1]
        assert cell.stored is not None
        assert (cell.text, cell.stored.shown, cell.stored.decimals) == (text, shown, decimals)
        assert cell.stored.value == Fraction(str(value))
        assert cell.stored.percent == ("%" in number_format)

    @given(st.fractions(max_denominator=10**6), st.text(alphabet='0#?,.%;"\\_*[] -Ek', max_size=20))
    def test_any_format_shows_something(self, value: Fraction, number_format: str) -> None:
        finite = Fraction(round(value * 10**6), 10**6)
        stored = shown_as(finite, number_format)
        assert stored.value == finite
        assert (stored.shown * 100 * 10**stored.decimals).denominator == 1


class TestKinds:
    @pytest.mark.parametrize(
        ("name", "data", "kind"),
        [
            ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "xls"),
            ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "xls"),
            ("a.xlsx", TABLE.encode(), "text"),
            ("a.dat", TABLE.encode(), "text"),
            ("a", TABLE.encode(), "text"),
            ("a.csv", book([["a"], [1]]), "workbook"),
            ("a.pdf", b"%PDF-1.7", "pdf"),
            ("a.csv", b"%PDF-1.7", "pdf"),
            ("a.xls", b"<html><table>", "web"),
            ("a.csv", b"\x1f\x8b\x08", "packed"),
        ],
    )
    def test_another_kind_of_file_is_refused_by_name(
        self, name: str, data: bytes, kind: str
    ) -> None:
        found = only(data, name)
        assert found.code == "F311"
        assert found.data["found"] == Phrase(f"data.kind_{kind}")
        assert found.data["remedy"] == Phrase(f"data.remedy_{kind}")

    @pytest.mark.parametrize(
        ("part", "kind"),
        [("content.xml", "ods"), ("xl/workbook.bin", "xlsb"), ("word/document.xml", "packed")],
    )
    def test_other_archives_are_refused_by_name(self, part: str, kind: str) -> None:
        assert only(_archive({part: b""}), "a.xlsx").data["found"] == Phrase(f"data.kind_{kind}")


class TestHostileWorkbooks:
    def test_a_zip_bomb_is_refused_unopened(self) -> None:
        bomb = _archive({"xl/workbook.xml": b"", "xl/worksheets/sheet1.xml": bytes(101_000_000)})
        found = only(bomb, "a.xlsx")
        assert (found.code, found.data["why"]) == ("F333", Phrase("data.unsafe"))

    def test_a_small_file_that_bursts_is_refused(self) -> None:
        bomb = _archive({"xl/workbook.xml": b"", "a": bytes(5_000_000)})
        assert only(bomb, "a.xlsx").data["why"] == Phrase("data.unsafe")

    def test_too_many_parts_are_refused(self) -> None:
        bomb = _archive({"xl/workbook.xml": b"", **{f"{n}": b"" for n in range(2_001)}})
        assert only(bomb, "a.xlsx").data["why"] == Phrase("data.unsafe")

    def test_a_lie_about_the_size_is_found_out(self) -> None:
        data = bytearray(_archive({"xl/workbook.xml": b"", "xl/worksheets/a.xml": bytes(900_000)}))
        at = data.rfind(b"PK\x01\x02")
        data[at + 24 : at + 28] = struct.pack("<I", 10)
        assert only(bytes(data), "a.xlsx").data["why"] == Phrase("data.damaged")

    @pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml"])
    def test_entities_are_refused(self, part: str) -> None:
        laughs = b'<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;">]>'
        data = _with_part(book([["a", "b"], ["x", 1]]), part, lambda xml: laughs + xml)
        assert only(data, "a.xlsx").data["why"] == Phrase("data.damaged")

    def test_an_encoding_in_which_tags_cannot_be_counted_is_refused(self) -> None:
        def encoded(xml: bytes) -> bytes:
            return b'<?xml version="1.0" encoding="utf-7"?>' + xml

        data = _with_part(book([["a", "b"], ["x", 1]]), "xl/worksheets/sheet1.xml", encoded)
        assert only(data, "a.xlsx").data["why"] == Phrase("data.unsafe")

    def test_a_part_that_is_no_xml_is_not_looked_at(self) -> None:
        parts = {"xl/media/image1.png": b"<" * 1_000}
        with ZipFile(BytesIO(book([["a", "b"], ["x", 1]]))) as archive:
            parts |= {name: archive.read(name) for name in archive.namelist()}
        assert texts(sheet_of(_archive(parts), "a.xlsx")) == [["a", "b"], ["x", "1"]]

    def test_tags_in_all_are_limited(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(workbook_module, "MAX_TAGS", 10)
        found = only(book([["a", "b"], ["x", 1]]), "a.xlsx")
        assert found.data["why"] == Phrase("data.unsafe")

    def test_of_long_parts_only_sheets_whose_rows_are_short_are_read(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def commented(xml: bytes) -> bytes:
            return xml.replace(b"<sheetData>", b"<sheetData><!-- a new <row> -->")

        monkeypatch.setattr(workbook_module, "MAX_TAGS_AT_ONCE", 300)
        long, wide = book([["a"], *[[n] for n in range(100)]]), book([["a"] * 200, [1] * 200])
        assert len(sheet_of(long, "a.xlsx").rows) == 100
        odd = _with_part(long, "xl/worksheets/sheet1.xml", commented)
        styled = _with_part(long, "xl/styles.xml", lambda xml: xml + b"<a/>" * 300)
        for data in (wide, odd, styled):
            assert only(data, "a.xlsx").data["why"] == Phrase("data.unsafe")

    @pytest.mark.parametrize("data", [b"PK\x03\x04", b"PK\x05\x06", b"PK\x03\x04" + bytes(100)])
    def test_half_an_archive_is_damaged(self, data: bytes) -> None:
        assert only(data, "a.xlsx").data["why"] == Phrase("data.damaged")


class TestNumbersInTexts:
    @pytest.mark.parametrize(
        ("text", "value", "decimals", "percent"),
        [
            ("2455914", Fraction(2455914), 0, False),
            ("2 455 914", Fraction(2455914), 0, False),
            ("2\u00a0455\u00a0914", Fraction(2455914), 0, False),
            ("1,234,567", Fraction(1234567), 0, False),
            ("172.652531", Fraction(172652531, 10**6), 6, False),
            ("133,5", Fraction(267, 2), 1, False),
            ("0,123", Fraction(123, 1000), 3, False),
            ("0,0", Fraction(0), 1, False),
            ("−5", Fraction(-5), 0, False),
            ("23,3%", Fraction(233, 1000), 1, True),
            ("100,0 %", Fraction(1), 1, True),
            ("0,0%", Fraction(0), 1, True),
        ],
    )
    def test_swedish_and_english_numbers_are_exact(
        self, text: str, value: Fraction, decimals: int, percent: bool
    ) -> None:
        assert read_number(_cell(text)) == Number(value, value, decimals, percent)

    @pytest.mark.parametrize(
        ("text", "suggestion"),
        [
            ("97 08 737", 9708737),
            ("544 99 160", 54499160),
            ("750.000.000", 750000000),
            ("2 455 914 kr", 2455914),
            ("16117*", 16117),
            ("12 345²", 12345),
            ("ca 2 000", None),
            ("1e5", None),
            ("ett", None),
            ("9" * 50, None),
        ],
    )
    def test_broken_numbers_are_refused_with_what_was_perhaps_meant(
        self, text: str, suggestion: int | None
    ) -> None:
        found = read_number(_cell(text))
        assert isinstance(found, Finding)
        assert found.code == "F303"
        assert found.data.get("suggestion") == (suggestion and Exact(Fraction(suggestion)))

    @pytest.mark.parametrize("text", ["1,234", "1.234", "-12,345", "1,234%"])
    def test_a_number_that_reads_two_ways_is_refused_with_both(self, text: str) -> None:
        found = read_number(_cell(text))
        assert isinstance(found, Finding)
        assert found.code == "F318"

    @pytest.mark.parametrize("text", ["", "..", "-", "–", ".", "x"])
    def test_blanks_are_not_nought(self, text: str) -> None:
        found = read_number(_cell(text))
        assert isinstance(found, Finding)
        assert found.code == "F317"


def test_a_missing_file_is_pointed_at_where_it_is_named() -> None:
    span = Span("regler.md", 7, 3, 27, "  från data/befolkning.csv")
    files = Memory({"data/befolknig.csv": b"", "regler.md": b""})
    sheet, (found,) = load("data/befolkning.csv", span, files)
    assert sheet is None
    assert (found.code, found.span) == ("F306", span)
    assert found.data["suggestion"] == "data/befolknig.csv"
    assert found.data["reason"] == Phrase("data.missing")


@pytest.mark.parametrize(
    ("path", "why"), [("../x.csv", "outside"), ("a\\b.csv", "bad_path"), ("stor.csv", "too_large")]
)
def test_other_unreadable_files_say_why(path: str, why: str) -> None:
    files = Memory({"stor.csv": bytes(MAX_BYTES + 1)})
    _, (found,) = load(path, Span("regler.md", 1, 1, 2), files)
    assert found.data["reason"] == Phrase(f"data.{why}")
    assert found.data["remedy"] == Phrase(f"data.remedy_{why}")
    assert "suggestion" not in found.data


def test_many_errors_are_counted_and_notes_are_kept() -> None:
    spans = [Span("a.csv", line, 1, 2) for line in range(50, 0, -1)]
    found = [Finding("F315", (_label(span),)) for span in spans]
    kept = capped([*found, Finding("N301", (_label(spans[0]),))], "a.csv")
    assert [one.span.line for one in kept[:MAX_FINDINGS]] == list(range(1, MAX_FINDINGS + 1))
    assert kept[MAX_FINDINGS].code == "F320"
    assert kept[MAX_FINDINGS].data["count"] == 50 - MAX_FINDINGS
    assert [one.code for one in kept[MAX_FINDINGS + 1 :]] == ["N301"]


@given(st.binary(max_size=300))
def test_no_bytes_raise_as_text(data: bytes) -> None:
    read_sheet("a.csv", data)


@given(st.text(alphabet='ab1";,\t\n\r #%.\u00a0å', max_size=80))
def test_no_text_raises_and_every_row_is_as_long_as_the_header(text: str) -> None:
    sheet, _ = read_sheet("a.csv", text.encode())
    if sheet:
        assert {len(row) for row in sheet.rows} == {len(sheet.header)}


VALID = book([["kod", "antal"], ["01", 5.5], ["12", "=A1"]])


@settings(deadline=None)  # opening a workbook takes its time
@given(st.integers(0, len(VALID) - 1), st.binary(min_size=1, max_size=8))
def test_no_damage_to_a_workbook_raises(at: int, patch: bytes) -> None:
    read_sheet("a.xlsx", VALID[:at] + patch + VALID[at + len(patch) :])


@settings(deadline=None)  # opening a workbook takes its time
@given(st.binary(max_size=200))
def test_no_sheet_raises(xml: bytes) -> None:
    head = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    part = head + b"<sheetData>" + xml + b"</sheetData></worksheet>"
    read_sheet("a.xlsx", _with_part(VALID, "xl/worksheets/sheet1.xml", lambda _: part))


CELLS = st.tuples(
    st.sampled_from(["n", "s", "str", "b", "e", "d", "inlineStr", "?"]),
    st.sampled_from(["1", "0.1", "1e999", "NaN", "-1E-7", "99999999999999999999", "x", "", "-1"]),
    st.sampled_from(["0", "1", "-5", "999"]),
)


@settings(deadline=None)  # opening a workbook takes its time
@given(st.lists(CELLS, max_size=4))
def test_no_cell_raises(cells: list[tuple[str, str, str]]) -> None:
    inner = "".join(f'<c t="{t}" s="{s}"><v>{v}</v></c>' for t, v, s in cells)
    xml = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        f"<row>{inner}</row><row>{inner}</row></sheetData></worksheet>"
    )
    data = _with_part(VALID, "xl/worksheets/sheet1.xml", lambda _: xml.encode())
    sheet, _ = read_sheet("a.xlsx", data)
    for row in sheet.rows if sheet else ():
        for cell in row:
            read_number(cell)


def test_heaped_accents_are_left_as_they_are_and_the_others_composed() -> None:
    heap = "e" + "\u0301\u0323" * 20_000
    grid, _ = text_module.read_text("a.csv", f"o\u0308;x\n{heap[:500]};1\n".encode())
    assert grid is not None
    assert [[cell.text for cell in row] for row in grid] == [["\u00f6", "x"], [heap[:500], "1"]]
    assert codes(f"kod;x\n01;{heap}\n") == ["F324"]


def test_the_text_reader_never_looks_far_for_a_closing_quote() -> None:
    line = '"x' + ";y" * 40
    assert codes("\n".join([line] * 5_000)) == ["F325"]
    assert text_module.MAX_QUOTED_LINES < 100


def _cell(text: str) -> Cell:
    return Cell(text, Span("a.csv", 1, 1, 2))


def _label(span: Span) -> Any:
    from dsl.findings import Label

    return Label(span)


def _decimals_of(number: float) -> int:
    text = f"{number:.10f}".rstrip("0")
    return len(text.partition(".")[2])


def _archive(parts: dict[str, bytes]) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def _with_part(data: bytes, part: str, change: Any) -> bytes:
    with ZipFile(BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return _archive({**parts, part: change(parts[part])})


def test_a_row_whose_first_text_is_a_comment_is_no_row() -> None:
    sheet = sheet_of("kod;namn\n01;Ask\n;# bara en anmärkning\n02;Björk\n")
    assert texts(sheet) == [["kod", "namn"], ["01", "Ask"], ["02", "Björk"]]
