"""Every test and every limit that SECURITY.md names exists."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
INPUT = PAGE.partition("## Bad input")[2].partition("\n## ")[0]
TABLE = [line for line in INPUT.splitlines() if line.startswith("| ")][1:]


def test_every_test_that_is_named_exists() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::([\w:]+)`", PAGE)
    assert named
    for file, name in named:
        places = list(ast.parse((ROOT / file).read_text(encoding="utf-8")).body)
        for part in name.split("::"):
            found = [
                one
                for one in places
                if isinstance(one, ast.FunctionDef | ast.ClassDef) and one.name == part
            ]
            assert found, f"{file}::{name}"
            places = list(found[0].body)


def test_every_class_of_input_has_a_test() -> None:
    assert TABLE
    assert all("::test_" in row for row in TABLE)


def test_every_limit_that_is_named_is_in_its_module() -> None:
    for module, limits in re.findall(r"`([\w/]+\.py)`((?:,? `[A-Za-z_]+`)*)", PAGE):
        source = (ROOT / module).read_text(encoding="utf-8")
        for limit in re.findall(r"`([A-Za-z_]+)`", limits):
            assert re.search(rf"\b{limit}\b", source), (module, limit)
