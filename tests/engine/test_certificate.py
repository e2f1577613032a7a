"""A certificate of every run is proved by the checker alone, and none that says anything else."""

import ast
import copy
import hashlib
import json
import random
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from dsl import syntax as s
from engine import certificate_checker
from engine.bounded import CeilingsFallShort, FloorAboveCeiling, FloorsExceed, apportion_within
from engine.certificate_checker import Refused, Split, verdict
from engine.inputs.files import Folder, Memory, Recorded
from engine.outcome import Outcome
from engine.pipeline import run_ruleset
from engine.records.certificate import certificate_text
from tests.strategies import Case, cases
from tests.test_properties import ran
from tools.tamper import Place, at, tables

ROOT = Path(__file__).parents[2]
CHECKER = ROOT / "engine/certificate_checker.py"
RULESETS = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (*ROOT.glob("examples/*"), *ROOT.glob("rulesets/*/*"))
    if path.is_dir()
)
SMALL = [
    *("already-paid", "ansprak-i-proportion", "blandning", "equally-on-condition", "golv-och-tak"),
    *("half-and-half", "hold-harmless", "intjanat-och-bonus", "justering", "lan-och-kommun"),
    *("lika-och-resten", "nedat-till-pott", "repayment", "rest-med-tak", "trappa-och-bonus"),
]


@cache
def written(folder: str) -> str:
    """The certificate of a ruleset in the repository."""
    recorded = Recorded(Folder(ROOT / folder))
    return certificate_text(run_ruleset(recorded), recorded.seen)


def proved(data: Any, *, sealed: bool = True) -> bool:
    """Whether a certificate is accepted; with a seal that fits what it says now."""
    if sealed:
        plain = json.dumps({**data, "seal": None}, sort_keys=True, separators=(",", ":"))
        data = {**data, "seal": hashlib.sha256(plain.encode()).hexdigest()}
    return verdict(json.dumps(data).encode())[0]


def places(data: Any, place: Place = ()) -> Iterator[Place]:
    """Where everything stands."""
    inner = data.items() if isinstance(data, dict) else enumerate(data)
    for key, one in inner:
        yield (*place, key)
        if isinstance(one, dict | list):
            yield from places(one, (*place, key))


def with_change(data: Any, *changes: tuple[Place, Callable[[Any], Any]]) -> Any:
    changed = copy.deepcopy(data)
    for place, change in changes:
        inner = at(changed, place[:-1])
        inner[place[-1]] = change(inner[place[-1]])
    return changed


def more(by: int) -> Callable[[Any], Any]:
    """A number that is larger, as a certificate writes it."""

    def changed(number: int | str) -> int | str:
        value = Fraction(number) + by
        return value.numerator if value.denominator == 1 else str(value)

    return changed


def always(new: Any) -> Callable[[Any], Any]:
    return lambda _: new


def is_number(value: Any) -> bool:
    if isinstance(value, str):
        return re.fullmatch(r"-?\d+/[1-9]\d*", value) is not None
    return isinstance(value, int) and not isinstance(value, bool)


# ---------------------------------------------------------------- what is accepted


@pytest.mark.parametrize("folder", RULESETS)
def test_every_run_is_proved(folder: str) -> None:
    good, said = verdict(written(folder).encode())
    assert good, said
    assert [one.partition(":")[0] for one in said] == ["PROVED", "BEVISAT"]


@pytest.mark.parametrize("folder", RULESETS[:6])
def test_the_same_run_gives_the_same_bytes(folder: str) -> None:
    recorded = Recorded(Folder(ROOT / folder))
    assert certificate_text(run_ruleset(recorded), recorded.seen) == written(folder)


def test_the_files_are_those_that_were_read() -> None:
    folder = ROOT / "rulesets/2024/god-och-nara-vard"
    files = json.loads(written("rulesets/2024/god-och-nara-vard"))["inputs"]["files"]
    assert "regler.md" in files
    for path, fingerprint in files.items():
        assert hashlib.sha256((folder / path).read_bytes()).hexdigest() == fingerprint


def test_the_rate_for_a_spreadsheet_gives_every_amount() -> None:
    data = json.loads(written("rulesets/2025/sektorsbidrag"))
    split = data["pots"][0]["lines"][-1]["gives"]["split"]
    rate = Fraction(split["spreadsheet"]) / split["over"]
    for _, weight, _, _, amount in split["rows"]:
        assert int(rate * weight + Fraction(1, 2)) * split["unit"] == amount


@pytest.mark.parametrize("dense", [False, True])
def test_every_document_that_means_something_is_proved(dense: bool) -> None:
    @given(cases(dense=dense))
    def accepted(case: Case) -> None:
        good, said = verdict(text_of(case).encode())
        assert good, said

    accepted()


def text_of(case: Case) -> str:
    result = ran(case)
    program = result.program
    return certificate_text(Outcome(Memory({}), "", (), program=program, result=result), {})


def test_figures_with_decimals_that_areas_add_up_to_whole_ones_are_proved() -> None:
    """0,5 and 1,5 km² are 2 in one county, 0,5 and 0,5 are 1 in the other."""
    files = {
        "regler.fordela": """regelverk Prov
budgetår 2026
mottagare kommuner, från kommuner.csv
mottagare län, från lan.csv
avrunda till 1 kr, största rest
underlag areal, km² per kommun
  från kommuner.csv, kolumn areal
  källa påhittade tal
pott P = 1 000 kr
  allt efter areal, inom varje län efter areal
""",
        "lan.csv": "kod,namn\nA,Alfa\nB,Beta\n",
        "kommuner.csv": """kod,namn,län,areal
1,Alby,A,"0,5"
2,Berga,A,"1,5"
3,Centrum,B,"0,5"
4,Dal,B,"0,5"
""",
    }
    recorded = Recorded(Memory({name: text.encode() for name, text in files.items()}))
    good, said = verdict(certificate_text(run_ruleset(recorded), recorded.seen).encode())
    assert good, said


@pytest.mark.parametrize(
    "method",
    [
        *("största rest", "uddatalsmetoden", "närmast, skillnaden till den största"),
        *("nedåt, resten till den största", "närmast", "nedåt", "uppåt"),
    ],
)
def test_values_that_are_rounded_together_or_alone_are_proved(method: str) -> None:
    """Of 1/6, 1/6 and 4/6 the shares are 0,17, 0,17 and 0,66 where their sum stands."""
    files = {
        "regler.fordela": f"""regelverk Prov
budgetår 2026
mottagare mottagare, från r.csv
avrunda till 1 kr, största rest
underlag folk, personer per mottagare
  från r.csv, kolumn folk
  källa påhittade tal
värde andelar, avrunda till 2 decimaler, {method} = andel folk
pott P = 1 000 kr
  allt efter andelar
""",
        "r.csv": "kod,namn,folk\n1,Alby,1\n2,Berga,1\n3,Centrum,4\n",
    }
    recorded = Recorded(Memory({name: text.encode() for name, text in files.items()}))
    certificate = certificate_text(run_ruleset(recorded), recorded.seen)
    good, said = verdict(certificate.encode())
    assert good, said
    (step,) = json.loads(certificate)["steps"]
    assert (step["rounded"] is None) == (method not in {"närmast", "nedåt", "uppåt"})


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize("name", SMALL)
def test_no_number_can_be_changed(name: str) -> None:
    data = json.loads(written(f"examples/{name}"))
    numbers = [place for place in places(data) if is_number(at(data, place))]
    assert len(numbers) > 10
    for place in numbers:
        for by in (1, -1):
            assert not proved(with_change(data, (place, more(by))), sealed=False)


@pytest.mark.parametrize("name", SMALL)
def test_no_krona_can_be_changed_even_under_a_new_seal(name: str) -> None:
    data = json.loads(written(f"examples/{name}"))
    claims = [place for place in places(data) if is_claim(place) and is_number(at(data, place))]
    assert claims
    for place in claims:
        for by in (1, -1):
            assert not proved(with_change(data, (place, more(by)))), place


def is_claim(place: Place) -> bool:
    """What the checker proves; not the inputs, declared limits or the size that is rounded to."""
    if place[0] not in {"items", "pots", "others", "sums"} or place[-2:] == ("takes", 1):
        return False
    if "rows" in place:
        # Of those who are paid alike a row has three columns, of a split five.
        table = place[place.index("rows") - 1]
        return place[-1] in ({2} if table == "gives" else {1, 4})
    return place[-1] not in {"unit", "spreadsheet", "by"}


@pytest.mark.parametrize("name", SMALL)
def test_no_krona_can_be_moved_between_two_recipients(name: str) -> None:
    data = json.loads(written(f"examples/{name}"))
    for n, pot in enumerate(data["pots"]):
        codes = [code for code, _ in pot["amounts"]]
        for m, line in enumerate(pot["lines"]):
            for rows in tables(line["gives"]):
                column = 4 if len(at(pot, ("lines", m, "gives", *rows))[0]) == 5 else 2
                shown = at(line["gives"], rows)
                for one, other in permutations(range(len(shown)), 2):
                    changes: list[tuple[Place, Callable[[Any], Any]]] = []
                    for i, by in ((one, 1), (other, -1)):
                        place = codes.index(shown[i][0])
                        line_at = ("pots", n, "lines", m, "gives", *rows, i, column)
                        changes += [
                            (line_at, more(by)),
                            (("pots", n, "amounts", place, 1), more(by)),
                        ]
                    assert not proved(with_change(data, *changes))


@pytest.mark.parametrize("name", ["half-and-half", "blandning"])
def test_no_pot_states_a_unit_that_nothing_rests_on(name: str) -> None:
    data = json.loads(written(f"examples/{name}"))
    for n, pot in enumerate(data["pots"]):
        has_parts = any(line["takes"][0] == "part" for line in pot["lines"])
        assert (pot["unit"] is not None) == has_parts
        other = always(None if has_parts else 1)
        assert not proved(with_change(data, (("pots", n, "unit"), other)))


METHODS = st.sampled_from(
    [
        (s.Method.LARGEST_REMAINDER, None),
        (s.Method.SAINTE_LAGUE, None),
        (s.Method.NEAREST, 0),
        (s.Method.NEAREST, "largest"),
        (s.Method.DOWN, 1),
        (s.Method.DOWN, None),
    ]
)
ROWS = st.lists(
    st.tuples(st.integers(0, 9), st.integers(0, 8) | st.none(), st.integers(0, 25) | st.none()),
    min_size=2,
    max_size=4,
)


@settings(max_examples=settings().max_examples * 30)
@given(METHODS, st.sampled_from(s.Ties), ROWS, st.integers(0, 40), st.data())
def test_of_all_tables_only_the_methods_own_is_proved(
    way: tuple[s.Method, int | str | None],
    ties: s.Ties,
    rows: list[tuple[int, int | None, int | None]],
    total: int,
    data: st.DataObject,
) -> None:
    weights = [row[0] for row in rows]
    assume(any(weights))
    low = [row[1] for row in rows]
    high = [row[2] for row in rows]
    if data.draw(st.booleans()):
        low, high = [None] * len(rows), [None] * len(rows)
    bearer = way[1] if isinstance(way[1], int) else None
    try:
        right = apportion_within(
            *(total, weights, way[0], [one or 0 for one in low], high),
            ties=ties,
            bearer=bearer,
            to_largest=way[1] == "largest",
        )
    except (FloorsExceed, CeilingsFallShort, FloorAboveCeiling):
        event("impossible")
        return
    assume(min(right.amounts) >= 0)
    said: dict[str, Any] = {
        "by": None,
        "conditions": False,
        "method": way[0].value,
        "ties": ties.value,
        "bearer": None if bearer is None else ["recipient", str(bearer)],
        "unit": 1,
        "over": 1,
        "rate": None,
        "spreadsheet": None,
        "residue": right.residue,
        "rows": [
            [str(i), w, lo, hi, a]
            for i, (w, lo, hi, a) in enumerate(zip(weights, low, high, right.amounts, strict=True))
        ],
    }
    said["bearer"] = "largest" if way[1] == "largest" else said["bearer"]
    said["rate"] = rate_of(said, total)
    codes = [str(i) for i in range(len(rows))]
    Split(codes, total, said)
    other = data.draw(st.lists(st.integers(-1, 3), min_size=len(rows), max_size=len(rows)))
    other[0] -= sum(other)
    assume(any(other))
    for row, by in zip(said["rows"], other, strict=True):
        row[4] += by
    with pytest.raises(Refused):
        Split(codes, total, said)


def rate_of(said: dict[str, Any], total: int) -> Any:
    """The rate by search in thousands of fractions, which is not how the program finds it."""
    rows = said["rows"]
    weights = [row[1] for row in rows]
    limited = any(row[2] for row in rows) or any(row[3] is not None for row in rows)
    if not limited:
        return more(0)(str(Fraction(total, sum(weights))))
    if said["method"] == "sainte_lague":
        return None
    bounds = [(row[2] or 0, total if row[3] is None else row[3]) for row in rows]
    held = [{lo, hi} for lo, hi in bounds]
    points = sorted(
        {Fraction(0)}
        | {Fraction(bound, w) for w, pair in zip(weights, held, strict=True) for bound in pair if w}
    )

    def used(rate: Fraction) -> Fraction:
        pairs = zip(weights, bounds, strict=True)
        return sum(
            (min(max(rate * w, Fraction(lo)), Fraction(hi)) for w, (lo, hi) in pairs), Fraction(0)
        )

    for one, other in zip(points, [*points[1:], points[-1] + 1], strict=True):
        if used(one) == total:
            return more(0)(str(one))
        if used(one) < total < used(other):
            step = (total - used(one)) / (used(other) - used(one))
            return more(0)(str(one + step * (other - one)))
    raise AssertionError(said)


@given(cases(), st.randoms(use_true_random=False))
def test_no_amount_of_any_document_can_be_changed(case: Case, chance: random.Random) -> None:
    data = json.loads(text_of(case))
    claims = [
        place
        for place in places(data)
        # A name may well look like a number; weights are stated, and only in part proved. Where
        # nothing is shared by weights that are only stated, so is what they are over.
        if is_claim(place)
        and place[-1] not in {"to", "over"}
        and is_number(at(data, place))
        and not ("rows" in place and place[-1] == 1)
        # The scale of weights by which nothing is shared is stated, too.
        and not (place[-1] == "over" and not at(data, place[:-1])["rate"])
    ]
    assume(claims)
    for place in chance.sample(claims, min(10, len(claims))):
        assert not proved(with_change(data, (place, more(chance.choice((1, -1)))))), place


# ---------------------------------------------------------------- hostile files


HOSTILE = {
    "nothing": b"",
    "not a certificate": b"[]",
    "not text": b"\xff\xfe\x00",
    "twice": b'{"format": 1, "format": 1}',
    "decimals": b'{"format": 1.5}',
    "no number": b'{"format": NaN}',
    "digits": b'{"format": ' + b"9" * 5_000 + b"}",
    "deep": b"[" * 100_000,
    "deep and closed": b"[" * 50_000 + b"]" * 50_000,
    "two": b"{} {}",
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_file_is_refused_in_one_line_a_language(kind: str) -> None:
    good, said = verdict(HOSTILE[kind])
    assert not good
    assert [one.partition(":")[0] for one in said] == ["REFUSED", "UNDERKÄNT"]
    assert all("\n" not in one for one in said)


ODD: list[Any] = [
    None,
    0,
    -1,
    10**50,
    "",
    "x",
    "1/3",
    "2/6",
    "0/1",
    [],
    {},
    [[]],
    ["out"],
    {"a": 1},
]


@pytest.mark.parametrize("name", ["ansprak-i-proportion", "half-and-half", "lan-och-kommun"])
def test_whatever_stands_anywhere_is_refused_or_proved(name: str) -> None:
    """Nothing makes the checker stumble, and nothing of another kind passes for a number."""
    data = json.loads(written(f"examples/{name}"))
    chance = random.Random(1)
    for place in (one for one in places(data) if one != ("seal",)):
        for odd in (True, False, *chance.sample(ODD, 3)):
            good = proved(with_change(data, (place, always(odd))))
            is_count = is_claim(place) and is_number(at(data, place))
            assert not good or not is_count or odd == at(data, place)
            assert not good or not isinstance(odd, bool) or isinstance(at(data, place), bool)


@pytest.mark.parametrize("name", ["ansprak-i-proportion", "half-and-half", "lan-och-kommun"])
def test_every_field_is_needed_and_no_other_is_known(name: str) -> None:
    data = json.loads(written(f"examples/{name}"))
    for place in [place for place in places(data) if isinstance(at(data, place), dict)]:
        if place[-1] in {"files", "recipients", "within", "others"}:
            continue
        assert not proved(with_change(data, (place, lambda one: {**one, "more": 1})))
        for key in at(data, place):
            without = {k: v for k, v in at(data, place).items() if k != key}
            assert not proved(with_change(data, (place, always(without))))


def test_pots_that_fill_each_other_are_refused() -> None:
    data = json.loads(written("examples/nedat-till-pott"))
    first = copy.deepcopy(data["pots"][0])
    assert first["stated"] is not None
    one = {**first, "pot": "A", "stated": None, "lines": [], "adjustments": [], "parts": None}
    one["amounts"] = [[code, 0] for code, _ in first["amounts"]]
    line = {"text": "", "paid": False, "takes": ["all"], "total": 5}
    circle = [
        {**one, "pot": a, "held": 5, "lines": [{**line, "gives": {"to": "out", "name": b}}]}
        for a, b in (("A", "B"), ("B", "A"))
    ]
    data["pots"] += circle
    assert not proved(data)


# ---------------------------------------------------------------- alone


def test_the_checker_runs_alone(tmp_path: Path) -> None:
    copied = tmp_path / "checker.py"
    copied.write_bytes(Path(certificate_checker.__file__).read_bytes())
    (tmp_path / "good.json").write_text(written("examples/blandning"), encoding="utf-8")
    (tmp_path / "bad.json").write_bytes(b"{}")
    for file, code in (("good.json", 0), ("bad.json", 1), ("none.json", 1)):
        done = subprocess.run(
            [sys.executable, "-I", "-S", copied, file],
            cwd=tmp_path,
            capture_output=True,
            check=False,
            env={"LC_ALL": "C"},
        )
        assert (done.returncode, done.stderr) == (code, b"")
        assert len(done.stdout.decode().splitlines()) == 2


def test_the_checker_knows_only_the_standard_library() -> None:
    tree = ast.parse(CHECKER.read_text(encoding="utf-8"))
    names = {
        one.name for node in ast.walk(tree) if isinstance(node, ast.Import) for one in node.names
    }
    names |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in names} <= set(sys.stdlib_module_names)
    assert certificate_checker.FORMAT in written("examples/blandning")


def test_an_area_that_gets_nothing_has_no_split_within_it() -> None:
    folder = Path(__file__).parents[2] / "examples/lan-och-kommun"
    files = {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.suffix in {".md", ".csv"} and "facit" not in path.parts
    }
    files["data/lan.csv"] = files["data/lan.csv"].replace(b"1712", b"0")
    files["data/kommuner.csv"] = files["data/kommuner.csv"].replace(b"61029", b"0")
    recorded = Recorded(Memory(files))
    outcome = run_ruleset(recorded)
    assert outcome.result is not None, outcome.findings
    text = certificate_text(outcome, recorded.seen)
    first = json.loads(text)["pots"][0]["lines"][0]["gives"]
    assert first["inner"][0] is None
    assert verdict(text.encode())[0]
