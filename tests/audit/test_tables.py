"""The audit names the method of tables made by another hand, and says what it cannot know.

The tables are shared here by plain integers and fractions, not by the engine.
"""

import json
from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import assume, given
from hypothesis import strategies as st

from desk.cli import main
from engine.audit.budget import Budget
from engine.audit.columns import Audit, ColumnAudit
from engine.audit.judging import Request, audit
from engine.audit.recovery import recover
from engine.audit.ways import Trial
from engine.inputs.files import Memory

NAMES = ("Stockholm", "Uppsala", "Sörmland", "Östergötland", "Jönköping", "Kronoberg", "Kalmar")
WEIGHTS = (2_455_914, 404_714, 302_310, 472_660, 369_201, 204_028, 247_063)
OTHER = (24_975, 16_349, 12_377, 23_232, 17_543, 11_714, 20_089)
POT = 12_345_678


def half_up(value: Fraction) -> int:
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def exact(pot: int, weights: Sequence[int]) -> list[Fraction]:
    return [Fraction(pot * weight, sum(weights)) for weight in weights]


def hamilton(pot: int, shares: Sequence[Fraction]) -> list[int]:
    amounts = [int(share) for share in shares]
    order = sorted(range(len(shares)), key=lambda i: (amounts[i] - shares[i], i))
    for i in order[: pot - sum(amounts)]:
        amounts[i] += 1
    return amounts


def webster(pot: int, weights: Sequence[int]) -> list[int]:
    """One unit after another to the strongest claim; for small pots."""
    amounts = [0] * len(weights)
    for _ in range(pot):
        claims = [Fraction(weight, 2 * n + 1) for weight, n in zip(weights, amounts, strict=True)]
        amounts[claims.index(max(claims))] += 1
    return amounts


def borne(pot: int, amounts: list[int], bearer: int) -> list[int]:
    amounts = list(amounts)
    amounts[bearer] += pot - sum(amounts)
    return amounts


def table(**columns: Sequence[object]) -> Memory:
    lines = [",".join(["region", *columns])]
    rows = zip(NAMES, *columns.values(), strict=False)
    lines += [",".join(map(str, row)) for row in rows]
    return Memory({"tabell.csv": "\n".join(lines).encode()})


def audited(files: Memory, request: Request | None = None) -> Audit:
    return audit("tabell.csv", files, request or Request())[0]


def money(files: Memory, request: Request | None = None) -> ColumnAudit:
    (one,) = [one for one in audited(files, request).columns if "kr" in one.column.heading]
    return one


def ways(trials: tuple[Trial, ...]) -> set[tuple[str, str, object]]:
    return {
        (
            one.way.method.value,
            one.way.stage,
            "largest" if one.way.to_largest else one.way.bearer,
        )
        for one in trials
        if one.agrees
    }


# ---------------------------------------------------------------- methods that it is not told

# A pot whose quotas, rounded to nearest, do not come to it.
NEAREST = [half_up(share) for share in exact(POT, WEIGHTS)]
DOWN = [int(share) for share in exact(POT, WEIGHTS)]


@pytest.mark.parametrize(
    ("amounts", "way"),
    [
        (hamilton(POT, exact(POT, WEIGHTS)), ("largest_remainder", "line", None)),
        (borne(POT, NEAREST, 0), ("nearest", "line", "largest")),
        (borne(POT, NEAREST, 4), ("nearest", "line", 4)),
        (borne(POT, DOWN, 0), ("down", "line", "largest")),
        (borne(POT, DOWN, 3), ("down", "line", 3)),
    ],
)
def test_a_method_is_found(amounts: list[int], way: tuple[str, str, object]) -> None:
    assert sum(NEAREST) != POT
    found = money(table(befolkning=WEIGHTS, kr=amounts))
    assert way in ways(found.formulas[0])


def test_sainte_lague_is_found() -> None:
    amounts = webster(1_003, WEIGHTS)
    found = money(table(befolkning=WEIGHTS, kr=amounts))
    assert ("sainte_lague", "line", None) in ways(found.formulas[0])


def test_two_lines_rounded_once_are_told_from_lines_rounded_each() -> None:
    parts = (7_000_000, 5_000_000)
    shares = [exact(parts[0], WEIGHTS), exact(parts[1], OTHER)]
    once = hamilton(sum(parts), [a + b for a, b in zip(*shares, strict=True)])
    lines = [hamilton(pot, each) for pot, each in zip(parts, shares, strict=True)]
    each = [a + b for a, b in zip(*lines, strict=True)]
    assert once != each
    for amounts, stage, other in ((once, "sum", "line"), (each, "line", "sum")):
        found = money(table(befolkning=WEIGHTS, insatser=OTHER, kr=amounts))
        (trials,) = found.formulas
        assert sorted(line.amount for line in trials[0].lines) == sorted(parts)
        assert ("largest_remainder", stage, None) in ways(trials)
        assert ("largest_remainder", other, None) not in ways(trials)


def test_shares_rounded_to_four_decimals_first_are_found() -> None:
    shares = [Fraction(half_up(share * 10**4), 10**4) for share in exact(1, WEIGHTS)]
    amounts = [half_up(POT * share) for share in shares]
    found = money(table(befolkning=WEIGHTS, kr=amounts), Request(pot=POT))
    agreeing = [one for one in found.formulas[0] if one.agrees]
    assert {one.way.decimals for one in agreeing} == {4}


def test_equal_shares_are_found() -> None:
    found = money(table(kr=[501, 501, 500, 500, 500, 500, 500]))
    (trials,) = found.formulas
    assert trials[0].lines[0].key.name == ""
    assert ("largest_remainder", "line", None) in ways(trials)


def test_a_krona_moved_between_two_rows_is_told() -> None:
    amounts = hamilton(POT, exact(POT, WEIGHTS))
    moved = [amounts[0] - 1, amounts[1] + 1, *amounts[2:]]
    found = money(table(befolkning=WEIGHTS, kr=moved))
    best = next(one for one in found.formulas[0] if one.way.method.value == "largest_remainder")
    assert best.misses == ((0, 1), (1, -1))


def test_a_krona_added_to_a_row_is_told() -> None:
    amounts = hamilton(POT, exact(POT, WEIGHTS))
    lines = ["region,befolkning,kr"]
    lines += [f"{n},{w},{a}" for n, w, a in zip(NAMES, WEIGHTS, amounts, strict=True)]
    lines += [f"Totalt,{sum(WEIGHTS)},{POT}"]
    lines[3] = f"Sörmland,{WEIGHTS[2]},{amounts[2] + 1}"
    files = Memory({"tabell.csv": "\n".join(lines).encode()})
    found, faults = audit("tabell.csv", files, Request())
    assert [one.code for one in faults] == ["N803"]
    trials = found.columns[0].formulas[0]
    assert trials[0].misses == ((2, -1),)


# ---------------------------------------------------------------- what it says is so


@given(
    weights=st.lists(st.integers(1, 5_000), min_size=3, max_size=6),
    pot=st.integers(50, 400),
    method=st.sampled_from(["hamilton", "webster", "nearest", "down"]),
    data=st.data(),
)
def test_what_is_said_to_give_a_table_gives_it(
    weights: list[int], pot: int, method: str, data: st.DataObject
) -> None:
    shares = exact(pot, weights)
    rounded = {
        "hamilton": lambda: hamilton(pot, shares),
        "webster": lambda: webster(pot, weights),
        "nearest": lambda: borne(pot, [half_up(share) for share in shares], 0),
        "down": lambda: borne(pot, [int(share) for share in shares], 1),
    }[method]()
    assume(min(rounded) >= 0)
    if data.draw(st.booleans(), "changed by a krona"):
        rounded[0] += 1
        rounded[1] -= 1
        assume(rounded[1] >= 0)
    found = money(table(vikt=weights, kr=rounded))
    for trials in found.formulas:
        for one in trials:
            if len(one.lines) > 1 or one.way.decimals is not None or one.lines[0].key.name == "":
                continue
            expected = {
                "largest_remainder": lambda: hamilton(pot, shares),
                "sainte_lague": lambda: webster(pot, weights),
                "nearest": lambda: [half_up(share) for share in shares],
                "down": lambda: [int(share) for share in shares],
            }[one.way.method.value]()
            if one.way.stage == "line" and not one.way.method.preserves_total:
                largest = weights.index(max(weights))
                bearer = largest if one.way.bearer is None else one.way.bearer
                expected = borne(pot, expected, bearer)
            pairs = enumerate(zip(expected, rounded, strict=True))
            misses = tuple((i, ours - theirs) for i, (ours, theirs) in pairs if ours != theirs)
            if one.way.ties.value == "code":
                assert one.misses == misses


# ---------------------------------------------------------------- recovering a key


@given(
    units=st.lists(st.integers(1, 2_000), min_size=5, max_size=8, unique=True),
    kronor=st.integers(9, 60),
)
def test_a_recovered_key_shared_again_gives_the_table(units: list[int], kronor: int) -> None:
    pot = sum(units) * kronor + 7
    amounts = hamilton(pot, exact(pot, units))
    recovery = recover(amounts, pot, Budget(100_000), (1, sum(units) + 50))
    assert recovery is not None
    if not recovery.stopped and not recovery.more:
        assert tuple(units) in {one.units for one in recovery.answers}
    for answer in recovery.answers:
        assert sum(answer.units) == answer.total
        shared = [
            hamilton(pot, exact(pot, answer.units)),
            borne(
                pot, [half_up(share) for share in exact(pot, answer.units)], largest(answer.units)
            ),
            borne(pot, [int(share) for share in exact(pot, answer.units)], largest(answer.units)),
        ]
        methods = {one.way.method.value for one in answer.reproduced}
        assert amounts in shared or methods & {"sainte_lague", "nearest", "down"}


def largest(units: Sequence[int]) -> int:
    return units.index(max(units))


@given(units=st.lists(st.integers(1, 9), min_size=3, max_size=4), kronor=st.integers(3, 12))
def test_every_answer_in_a_range_is_found(units: list[int], kronor: int) -> None:
    """Against all keys there are: those that give the table by largest remainder."""
    pot = sum(units) * kronor + 1
    amounts = hamilton(pot, exact(pot, units))
    assume(min(amounts) > 0)
    high = min(sum(units) + 3, 16)
    found = recover(amounts, pot, Budget(10**7), (1, high))
    assert found is not None
    assert not found.stopped
    answers = {one.units for one in found.answers}
    for each in product(range(high + 1), repeat=len(units)):
        if 0 < sum(each) <= high and hamilton(pot, exact(pot, each)) == amounts:
            assert each in answers


def test_two_keys_that_give_the_same_table_are_several_answers() -> None:
    units = (11_750, 32_710, 27_684, 45_541, 50_597)
    pot = sum(units) * 60
    amounts = hamilton(pot, exact(pot, units))
    one = recover(amounts, pot, Budget(), (sum(units), sum(units)))
    several = recover(amounts, pot, Budget(), (sum(units), 2 * sum(units)))
    assert one is not None
    assert one.verdict == "one"
    assert several is not None
    assert several.verdict == "several"
    assert {units, tuple(2 * unit for unit in units)} <= {each.units for each in several.answers}


def test_an_answer_that_may_be_one_by_chance_is_said_to_be() -> None:
    units = (117, 327, 276, 455)
    pot = sum(units) * 12
    amounts = hamilton(pot, exact(pot, units))
    few = recover(amounts, pot, Budget(), (sum(units), sum(units)))
    assert few is not None
    assert few.verdict == "one"
    assert not few.is_telling


def test_amounts_that_follow_no_key_have_none() -> None:
    amounts = [1_000_003, 2_717_281, 3_141_592, 5_555_557, 7_777_001, 9_000_011]
    found = recover(amounts, sum(amounts), Budget(10**7), (1, 5_000))
    assert found is not None
    assert found.verdict == "none"
    assert not found.stopped


def test_a_search_that_stops_says_how_far_it_came() -> None:
    amounts = [10**12 + 1, 10**12 + 7, 10**12 + 9, 10**13 + 3]
    found = recover(amounts, sum(amounts), Budget(1_000), None)
    assert found is not None
    assert found.stopped
    assert found.high < sum(amounts) // 100


# ---------------------------------------------------------------- the command line


def fordela(*arguments: str | Path, language: str = "sv") -> Result:
    variables = {"LC_ALL": {"sv": "sv_SE.UTF-8", "en": "en_GB.UTF-8"}[language]}
    return CliRunner(env=variables).invoke(main, [str(one) for one in arguments])


@pytest.fixture
def published(tmp_path: Path) -> Path:
    amounts = hamilton(POT, exact(POT, WEIGHTS))
    lines = [f"{name}\t{amount}" for name, amount in zip(NAMES, amounts, strict=True)]
    path = tmp_path / "tabell.txt"
    path.write_text("\n".join(["Region\tMedel (kr)", *lines]), encoding="utf-8")
    figures = [
        f"{name},{weight},{other}"
        for name, weight, other in zip(NAMES, WEIGHTS, OTHER, strict=True)
    ]
    keys = "\n".join(["region,befolkning,insatser", *figures])
    (tmp_path / "nycklar.csv").write_text(keys, encoding="utf-8")
    return path


def test_the_key_is_named_by_file_and_column(published: Path) -> None:
    result = fordela(
        "granska", published, "--key", f"{published.parent / 'nycklar.csv'}:befolkning"
    )
    assert result.exit_code == 0, result.output
    assert "Kolumnen ges av 12 345 678 efter befolkning" in result.stdout.replace("\u00a0", " ")
    assert "✓ största rest: ger varje rad" in result.stdout
    plain = fordela("audit", published, language="en")
    assert plain.exit_code == 1
    assert "it may be by chance" in " ".join(plain.stdout.split())


def test_the_audit_as_json(published: Path) -> None:
    result = fordela(
        "audit", published, "--key", published.parent / "nycklar.csv", "--format", "json"
    )
    (column,) = json.loads(result.stdout)["columns"]
    assert column["explained"]
    assert column["formulas"][0]["lines"] == [{"amount": POT, "key": "befolkning"}]
    assert any(
        one["agrees"] and one["method"] == "largest_remainder"
        for one in column["formulas"][0]["ways"]
    )


def test_the_keys_of_a_ruleset(published: Path) -> None:
    rules = Path(__file__).parents[2] / "rulesets/2024/god-och-nara-vard"
    near = Path(__file__).parent / "decisions/2024-okad-tillganglighet-december.txt"
    result = fordela("audit", near, "--column", "4", "--rules", rules)
    assert "1 197 500 000 efter befolkning" in result.stdout.replace("\u00a0", " ")
    assert result.exit_code == 0


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--pot", "mycket"], "--pot"),
        (["--pot", "9" * 40], "--pot"),
        (["--between", "9-1"], "--between"),
        (["--column", "Medel"], "Medel (kr)"),
        (["--key", "saknas.csv"], "saknas.csv"),
    ],
)
def test_wrong_use_is_told(published: Path, options: list[str], said: str) -> None:
    result = fordela("audit", published, *options)
    assert result.exit_code == 2
    assert said in result.stderr


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\xff\xfe" * 100,
        b"Stockholm " + b"1 " * 900,
        b"Stockholm\t1\n" * 19_000,
        ("Stockholm " + "123 " * 60 + "\nUppsala " + "123 " * 60).encode(),
        b"<b>" * 1_000 + b"Gotland\t1",
        b"Gotland\t" + b"9" * 1_500 + b"\nHalland\t1",
        b"PK\x03\x04 no archive",
    ],
)
def test_hostile_text_gives_findings_and_no_traceback(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "tabell.txt"
    path.write_bytes(content)
    result = fordela("audit", path)
    assert result.exit_code in {0, 1}, result.output
    assert "Traceback" not in result.output


def test_a_row_that_the_table_lacks_is_counted_with(tmp_path: Path) -> None:
    """By its key: the printed total shows that it was there."""
    near = (Path(__file__).parent / "decisions/2024-god-och-nara-vard.txt").read_text("utf-8")
    table = near[near.index("Länsvis\t") :]
    lines = [line for line in table.split("\n") if not line.startswith("Gotland")]
    (tmp_path / "tabell.txt").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "nyckel.txt").write_text(table, encoding="utf-8")
    keys = [f"{tmp_path / 'nyckel.txt'}:{one}" for one in ("Befolkning november 2023", "3")]
    result = fordela("audit", tmp_path / "tabell.txt", "--key", keys[0], "--key", keys[1])
    said = result.stdout.replace("\u00a0", " ")
    assert "375 000 000 efter Befolkning november 2023" in said
    assert "✓ största rest, rad för rad: ger varje rad" in said
    assert "N804" in result.stderr
    assert result.exit_code == 1


@pytest.mark.slow
def test_a_key_that_a_column_gives_is_not_tried_on_rows_that_it_lacks() -> None:
    """Found by fuzzing: a cell that cannot be read gives columns other rows than each other."""
    text = (
        "namn;Ett;Två\nKronoberg;11 193 450;11 225 689\n"
        "Kalmar;13 548 291;14 393 944\nHalland;19 008 696;18 234 576\n"
        "Västra Götaland;97 114 483;94 891 404\nVärmland;15 480 821;16 555 936\n"
        "Örebro;16 871 658;17x457 881\nVästmanland;15 351 563;15 931 585\n"
    )
    found, _ = audit("bilaga.csv", Memory({"bilaga.csv": text.encode()}), Request())
    first, second = found.columns
    assert first.recovery is not None
    assert first.recovery.verdict == "one"
    assert set(first.places) != set(second.places)
    assert not second.explained


def test_an_audit_of_too_much_stops_and_says_so(tmp_path: Path) -> None:
    amounts = (i * 1_234_567_890_123 + 10**13 + i**5 for i in range(1, 8))
    rows = [f"{name},{amount}" for name, amount in zip(NAMES, amounts, strict=True)]
    path = tmp_path / "tabell.csv"
    path.write_text("\n".join(["region,kr", *rows]), encoding="utf-8")
    result = fordela("audit", path, language="en")
    assert result.exit_code == 1
    assert "The search stopped at its limit" in result.stdout
