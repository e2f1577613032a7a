"""Hostile input through the command line: findings with places, soon, and in little memory.

Every run is a process of its own under limits on memory and time. What each module refuses by
itself is tested beside it; SECURITY.md lists both.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from random import Random
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook

from dsl.source import MAX_LINES

ROOT = Path(__file__).parents[1]

# Plenty for the largest honest ruleset, too little for what is made to burst.
MEMORY = 1_000_000_000
SECONDS = 60

RULES = """regelverk Stöd
budgetår 2025
beslut N1, 2025-01-15
mottagare mottagare, från data/vilka.csv
avrunda till 1 kr, största rest

underlag barn, personer per mottagare
  från data/barn.csv, kolumn barn
  källa påhittade tal

pott P = 1 000 kr
  allt efter barn

tabell T
  kolumn P som Kronor
  facit från facit/t.csv
"""
FILES = {
    "data/vilka.csv": "kod,namn\nA,Alby\nB,Berg\n",
    "data/barn.csv": "kod,namn,barn\nA,Alby,3\nB,Berg,7\n",
    "facit/t.csv": "kod,namn,Kronor\nA,Alby,300\nB,Berg,700\n",
}

_LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[1]), int(sys.argv[1])))
from desk.cli import main
main(sys.argv[2:])
"""


def written(folder: Path, rules: str | bytes = RULES, **files: str | bytes) -> Path:
    """A ruleset on disk; of the files given by name only the ending is not said: ``barn``."""
    named = {name: files.get(Path(name).stem, text) for name, text in FILES.items()}
    for name, text in {**named, "regler.fordela": rules}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
    return folder


def fordela(*arguments: str | Path) -> tuple[int, str]:
    """The exit code and everything that is said, of a run under limits."""
    command = [sys.executable, "-c", _LIMITED, str(MEMORY), *map(str, arguments), "--lang", "sv"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    done = subprocess.run(
        command, capture_output=True, timeout=SECONDS, check=False, env=environment
    )
    said = (done.stdout + done.stderr).decode()
    assert done.returncode in {0, 1, 2}, said[-2000:]
    assert "Traceback" not in said
    return done.returncode, said


def codes(said: str) -> set[str]:
    return set(re.findall(r"\bfel\[([FN]\d+)\]", said))


def refused(folder: Path, verb: str = "run") -> set[str]:
    """The codes with which a ruleset is refused; every finding has a place."""
    code, said = fordela(verb, folder)
    assert code != 0, said
    assert "╭─▸ " in said
    return codes(said)


# ---------------------------------------------------------------- numbers


@pytest.mark.parametrize(
    "number",
    ["9" * 41, "9" * 1_900, "1e400", "1E9", "NaN", "inf", "-inf", "Infinity", "１２３", "٣", "²"],
    ids=lambda text: text[:8],
)
def test_odd_numbers_are_refused_in_rules_and_figures(number: str, tmp_path: Path) -> None:
    assert refused(written(tmp_path / "a", RULES.replace("1 000", number)))
    figures = FILES["data/barn.csv"].replace(",3", f",{number}")
    assert refused(written(tmp_path / "b", barn=figures)) & {"F303", "F324"}


def test_thousands_of_digits_are_refused(tmp_path: Path) -> None:
    figures = FILES["data/barn.csv"].replace(",3", "," + "9" * 100_000)
    assert refused(written(tmp_path, barn=figures)) == {"F324"}


def test_definitions_that_explode_are_refused(tmp_path: Path) -> None:
    squares = "".join(f"värde v{n + 1} = v{n} × v{n}\n" for n in range(60))
    rules = RULES.replace("pott P", f"värde v0 = 3\n{squares}\npott P")
    rules = rules.replace("allt efter barn", "allt efter barn × v60")
    assert refused(written(tmp_path, rules))


# ---------------------------------------------------------------- encodings


@pytest.mark.parametrize(
    "encoding", ["utf-16", "utf-16-le", "utf-32", "latin-1", "cp850", "cp1252"]
)
def test_rules_in_other_encodings_are_refused(encoding: str, tmp_path: Path) -> None:
    assert refused(written(tmp_path, RULES.encode(encoding))) <= {"F011", "F018", "F010", "F001"}


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-32", "latin-1", "cp850", "cp1252"])
def test_figures_in_other_encodings_are_refused(encoding: str, tmp_path: Path) -> None:
    figures = FILES["data/barn.csv"].replace("Alby", "Ålby").encode(encoding)
    assert refused(written(tmp_path, barn=figures))


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf"])
def test_a_byte_order_mark_changes_nothing(mark: bytes, tmp_path: Path) -> None:
    usual = fordela("run", written(tmp_path / "a"))
    marked = {Path(name).stem: mark + text.encode() for name, text in FILES.items()}
    assert fordela("run", written(tmp_path / "b", mark + RULES.encode(), **marked)) == usual


# ---------------------------------------------------------------- letters that look alike


@pytest.mark.parametrize("alike", ["bаrn", "ｂarn", "bar\u200bn", "\u202ebarn", "ba\u00adrn"])
def test_a_name_that_only_looks_the_same_is_another_name(alike: str, tmp_path: Path) -> None:
    rules = RULES.replace("allt efter barn", f"allt efter {alike}")
    assert refused(written(tmp_path, rules))


@pytest.mark.parametrize("alike", ["Аlby", "Al\u200bby", "\u202eAlby", "Alby\x1b[31m"])
def test_a_recipient_that_only_looks_the_same_is_refused(alike: str, tmp_path: Path) -> None:
    figures = FILES["data/barn.csv"].replace("Alby", alike)
    assert refused(written(tmp_path, barn=figures))


# ---------------------------------------------------------------- duplicates


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("barn", "A,Alby,3\n", "A,Alby,3\nA,Alby,3\n"),
        ("vilka", "A,Alby\n", "A,Alby\nA,Alby\n"),
        ("barn", "kod,namn,barn", "kod,barn,barn"),
    ],
)
def test_what_stands_twice_in_a_table_is_refused(
    name: str, old: str, new: str, tmp_path: Path
) -> None:
    text = next(text for path, text in FILES.items() if Path(path).stem == name)
    assert refused(written(tmp_path, **{name: text.replace(old, new)}))


@pytest.mark.parametrize("line", ["värde barn = 2", "pott P = 5 kr\n  allt efter barn"])
def test_a_name_that_is_given_twice_is_refused(line: str, tmp_path: Path) -> None:
    assert refused(written(tmp_path, f"{RULES}\n{line}\n"))


# ---------------------------------------------------------------- formulas in CSV, terminals


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝", "＠"])
def test_no_cell_of_our_csv_is_a_formula(start: str, tmp_path: Path) -> None:
    name = f"{start}HYPERLINK(1)"
    files = {Path(path).stem: text.replace("Alby", name) for path, text in FILES.items()}
    code, said = fordela("run", written(tmp_path, **files), "--format", "csv")
    assert code == 0
    assert f"'{name}" in said
    assert f",{name}" not in said


@pytest.mark.parametrize("odd", ["\x1b]0;x\x07", "\x1b[2J", "\x9b31m", "\u202e"])
def test_no_name_steers_a_terminal(odd: str, tmp_path: Path) -> None:
    files = {Path(path).stem: text.replace("Alby", f"Al{odd}by") for path, text in FILES.items()}
    rules = RULES.replace("Stöd", f"St{odd}öd")
    folder = written(tmp_path / f"a{odd}b", rules, **files)
    for verb in ("check", "versions"):
        assert odd not in fordela(verb, folder)[1], verb
    clean = written(tmp_path / f"c{odd}d")
    for verb in ("check", "verify", "scenario", "adopt"):
        assert odd not in fordela(verb, clean)[1], verb
    assert odd not in fordela("run", tmp_path / f"missing{odd}")[1]


# ---------------------------------------------------------------- workbooks that burst

_SPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SHEET = "xl/worksheets/sheet1.xml"


def workbook(parts: dict[str, str] | None = None, sheets: int = 0) -> bytes:
    """A workbook with other parts, and padding that hides how much they shrink."""
    made, plain, out = Workbook(), BytesIO(), BytesIO()
    for row in (["kod", "namn", "barn"], ["A", "Alby", 3], ["B", "Berg", 7]):
        made.worksheets[0].append(row)
    made.save(plain)
    with ZipFile(plain) as source, ZipFile(out, "w", ZIP_DEFLATED) as archive:
        texts = {name: source.read(name).decode() for name in source.namelist()}
        if sheets:
            texts |= _with_sheets(texts, sheets)
        for name, text in {**texts, **(parts or {})}.items():
            archive.writestr(name, text)
        archive.writestr("padding.bin", Random(1).randbytes(300_000))
    return out.getvalue()


def _with_sheets(texts: dict[str, str], count: int) -> dict[str, str]:
    """The same sheet many times over, by names alone."""
    book, links = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
    listed = "".join(
        f'<sheet xmlns:r="{_RELATED}" name="s{n}" sheetId="{n + 1}" r:id="x{n}"/>'
        for n in range(count)
    )
    linked = "".join(
        f'<Relationship Type="{_RELATED}/worksheet" Target="/{SHEET}" Id="x{n}"/>'
        for n in range(count)
    )
    named = re.sub(
        "<sheets>.*</sheets>", f"<sheets>{listed}</sheets>", texts[book], flags=re.DOTALL
    )
    return {
        book: named,
        links: texts[links].replace("</Relationships>", f"{linked}</Relationships>"),
    }


def sheet(rows: str) -> dict[str, str]:
    return {SHEET: f'<worksheet xmlns="{_SPACE}"><sheetData>{rows}</sheetData></worksheet>'}


_LAUGHS = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(12))
BURSTING: dict[str, Callable[[], bytes]] = {
    "a cell in the last column of every row": lambda: workbook(
        sheet("".join(f'<row r="{n}"><c r="XFD{n}"/></row>' for n in range(1, 100_001)))
    ),
    "a row of millions of cells": lambda: workbook(sheet(f"<row>{'<c/>' * 20_000_000}</row>")),
    "the same in pieces that look like rows": lambda: workbook(
        sheet(f"<row>{('<c/>' * 100_000 + '<!--<row -->') * 30}</row>")
    ),
    "millions of styles": lambda: workbook(
        {"xl/styles.xml": f'<styleSheet xmlns="{_SPACE}">{"<xf/>" * 15_000_000}</styleSheet>'}
    ),
    "millions of shared texts": lambda: workbook(
        {"xl/sharedStrings.xml": f'<sst xmlns="{_SPACE}">{"<si/>" * 15_000_000}</sst>'}
    ),
    "a thousand sheets with a row far down": lambda: workbook(
        sheet('<row r="1048570"/>'), sheets=1_500
    ),
    "a column beyond every sheet": lambda: workbook(sheet('<row><c r="ZZZZZZ1"/></row>')),
    "an encoding whose tags cannot be counted": lambda: workbook(
        {SHEET: '<?xml version="1.0" encoding="cp037"?><worksheet/>'}
    ),
    "entities within entities": lambda: workbook(
        {SHEET: f'<!DOCTYPE a [<!ENTITY a0 "ha">{_LAUGHS}]><worksheet>&a12;</worksheet>'}
    ),
    "an entity that is a file": lambda: workbook(
        {SHEET: '<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]><worksheet>&a;</worksheet>'}
    ),
    "half of it": lambda: workbook()[:4_000],
}


@pytest.mark.slow
@pytest.mark.parametrize("make", BURSTING.values(), ids=BURSTING)
def test_a_workbook_that_bursts_is_refused(make: Callable[[], bytes], tmp_path: Path) -> None:
    folder = written(tmp_path, RULES.replace("barn.csv", "barn.xlsx"))
    (folder / "data/barn.xlsx").write_bytes(make())
    assert refused(folder) <= {"F333", "F324"}


def test_parts_that_lead_out_of_an_archive_are_never_unpacked(tmp_path: Path) -> None:
    folder = written(tmp_path / "a/b", RULES.replace("barn.csv", "barn.xlsx"))
    odd = {"../../../escaped.xml": "<a/>", "/escaped.xml": "<a/>", "..\\escaped.xml": "<a/>"}
    (folder / "data/barn.xlsx").write_bytes(workbook(odd))
    assert fordela("run", folder)[0] == 0
    assert not [*tmp_path.rglob("*escaped*")]


# ---------------------------------------------------------------- depth and number


@pytest.mark.parametrize(("depth", "code"), [(150, "F017"), (10_000, "F016")])
def test_deep_parentheses_are_refused(depth: int, code: str, tmp_path: Path) -> None:
    line = f"värde v = {'(1 +' * depth}barn{')' * depth}"
    assert code in refused(written(tmp_path, f"{RULES}\n{line}\n"))


@pytest.mark.slow
def test_ten_thousand_definitions_in_a_row_are_run(tmp_path: Path) -> None:
    rest = "".join(f"värde v{n + 1} = v{n} + 1\n" for n in range(10_000))
    rules = RULES.replace("pott P", f"värde v0 = 1\n{rest}\npott P")
    assert fordela("run", written(tmp_path, rules))[0] == 0


def test_more_lines_than_there_can_be_are_refused(tmp_path: Path) -> None:
    assert refused(written(tmp_path, RULES + "värde v = 1\n" * MAX_LINES)) == {"F012"}


@pytest.mark.slow
def test_rulesets_that_all_use_each_other_are_run_once_each(tmp_path: Path) -> None:
    count = 40
    for mine in range(count):
        used = "".join(
            f"underlag u{n}, kr per mottagare\n  från regelverket r{n}, pott P\n"
            for n in range(count)
        )
        written(tmp_path / f"2025/r{mine}", f"{RULES}\n{used}")
    assert "F606" in refused(tmp_path / "2025/r0")


def test_a_long_chain_of_rulesets_is_refused(tmp_path: Path) -> None:
    written(tmp_path / "2025/r0")
    for n in range(30):
        head = f"regelverk R\nbudgetår 2025\nbygger på r{n}\n"
        written(tmp_path / f"2025/r{n + 1}", head)
    assert refused(tmp_path / "2025/r30")


# ---------------------------------------------------------------- paths

PATHS = [
    "/etc/passwd",
    "../../secret.csv",
    "data/../../secret.csv",
    "~/secret.csv",
    "data\\barn.csv",
    "C:/secret.csv",
    "//server/share/a.csv",
    "data/out.csv",
    "data/pipe.csv",
    "data/device.csv",
    "data",
    "data/" + "a" * 1_500 + ".csv",
]
NAMED = {
    "a statistic": "data/barn.csv, kolumn barn",
    "the recipients": "data/vilka.csv",
    "the published table": "facit/t.csv",
}


@pytest.mark.parametrize("named", NAMED.values(), ids=NAMED)
@pytest.mark.parametrize("path", PATHS, ids=lambda path: path[:20])
def test_no_line_reads_what_is_not_the_rulesets(named: str, path: str, tmp_path: Path) -> None:
    folder = written(tmp_path / "2025/stod", RULES.replace(named, f"”{path}”"))
    (tmp_path / "secret.csv").write_text("kod,namn,HEMLIGT\nA,Alby,1\n")
    (folder / "data/out.csv").symlink_to(tmp_path / "secret.csv")
    (folder / "data/device.csv").symlink_to("/dev/zero")
    os.mkfifo(folder / "data/pipe.csv")
    code, said = fordela("verify", folder)
    assert code != 0
    assert "HEMLIGT" not in said
    assert "root:" not in said


@pytest.mark.parametrize("head", ["bygger på {}", "ersätter {}"])
@pytest.mark.parametrize("name", ["../2025/a", "/etc", "~", "..", "ut", "a\\b", "a" * 300, "stod"])
def test_no_line_leads_to_a_ruleset_elsewhere(head: str, name: str, tmp_path: Path) -> None:
    line = head.format(name)
    folder = written(tmp_path / "r/2025/stod", RULES.replace("beslut", f"{line}\nbeslut"))
    written(tmp_path / "elsewhere")
    (folder.parent / "ut").symlink_to(tmp_path / "elsewhere")
    assert refused(folder, "check")


@pytest.mark.parametrize("name", ["../2025/a", "/etc", "~", "..", "ut", "a\\b", "a" * 300, "stod"])
def test_no_figures_come_from_a_ruleset_elsewhere(name: str, tmp_path: Path) -> None:
    line = f"underlag u, kr per mottagare\n  från regelverket {name}, pott P\n"
    folder = written(tmp_path / "r/2025/stod", f"{RULES}\n{line}")
    written(tmp_path / "elsewhere")
    (folder.parent / "ut").symlink_to(tmp_path / "elsewhere")
    assert refused(folder, "check")


# ---------------------------------------------------------------- locks


@pytest.fixture
def adopted(tmp_path: Path) -> Path:
    folder = written(tmp_path / "2025/stod")
    assert fordela("adopt", folder)[0] == 0
    return folder


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"a":' * 100_000, "9" * 1_000_000, "NaN", "\ufeff{}"], ids=len
)
def test_a_lock_that_is_nested_deep_is_damaged(text: str, adopted: Path) -> None:
    (adopted / "fordela.lock").write_text(text, encoding="utf-8")
    assert refused(adopted) == {"F710"}


@pytest.mark.parametrize("path", ["C:/a", "a\\b", "~/a", "a" * 9_999, "/dev/zero", "data/pipe.csv"])
def test_a_lock_opens_nothing_else(path: str, adopted: Path) -> None:
    lock = json.loads((adopted / "fordela.lock").read_text(encoding="utf-8"))
    lock["files"][path] = {"sha256": "0" * 64, "lines": ""}
    (adopted / "fordela.lock").write_text(json.dumps(lock), encoding="utf-8")
    os.mkfifo(adopted / "data/pipe.csv")
    assert refused(adopted) <= {"F709", "F710"}


def test_a_lock_of_very_many_files_is_damaged(adopted: Path) -> None:
    lock = json.loads((adopted / "fordela.lock").read_text(encoding="utf-8"))
    lock["files"] |= {f"data/{n}.csv": {"sha256": "", "lines": ""} for n in range(100_000)}
    (adopted / "fordela.lock").write_text(json.dumps(lock), encoding="utf-8")
    assert refused(adopted) == {"F710"}


def test_lines_that_are_all_alike_are_compared_soon(adopted: Path) -> None:
    lock = json.loads((adopted / "fordela.lock").read_text(encoding="utf-8"))
    lock["files"]["data/barn.csv"]["lines"] = "abcdefgh12345678" * 1_000_000
    (adopted / "fordela.lock").write_text(json.dumps(lock), encoding="utf-8")
    (adopted / "data/barn.csv").write_text("A,Alby,3\nB,Berg,7\n" * 9_999)
    code, said = fordela("check", adopted)
    assert code == 1
    assert "fel[F708]" in said
    assert "data/barn.csv:1:1" in said
