"""No float takes part in any amount: none stands in the source but where texts are likened.

What mypy adds: a quotient of two integers is a float to it, and fits nowhere where the source says
``int`` or ``Fraction``.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
MODULES = [path for folder in ("dsl", "engine", "desk") for path in (ROOT / folder).rglob("*.py")]

# How alike two words must be for one to be proposed for the other; no number of anybody's.
LIKENESS = {
    "dsl/check/scope.py",
    "dsl/check/unknown.py",
    "dsl/repair.py",
    "dsl/slips.py",
    "dsl/source.py",
    "engine/inputs/gridded.py",
    "engine/registers/matching.py",
}
# Figures that are tried against a promise are near whole steps: round() of a fraction is exact.
TRIED = {"engine/refutation/allowed.py", "engine/refutation/smaller.py"}
# A workbook keeps numbers as floats; each becomes the shortest decimal that stands for it.
WORKBOOK = "engine/tables/workbook.py"


def floats(path: Path) -> Iterator[str]:
    """What in a module is a float, or makes one."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Constant(value=float() | complex()):
                yield "constant"
            case ast.Name(id="float" | "complex" | "round"):
                yield "name"
            case ast.Attribute(attr="sqrt" | "log" | "exp" | "fsum" | "isclose" | "true_divide"):
                yield "function"
            case ast.Import(names=names) if {one.name for one in names} & {"numpy", "statistics"}:
                yield "import"


def test_no_float_is_in_the_source_of_any_amount() -> None:
    found = {path.relative_to(ROOT).as_posix(): set(floats(path)) for path in MODULES}
    found = {path: kinds for path, kinds in found.items() if kinds}
    names = {path: {"name"} for path in (*TRIED, WORKBOOK)}
    assert found == {**{path: {"constant"} for path in LIKENESS}, **names}


def test_a_number_of_a_workbook_is_the_decimal_that_was_typed() -> None:
    """The only function that is given a float makes text of it."""
    tree = ast.parse((ROOT / WORKBOOK).read_text(encoding="utf-8"))
    taking = {
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and any("float" in ast.unparse(one.annotation) for one in node.args.args if one.annotation)
    }
    assert taking == {"_number_cell", "_digits"}
