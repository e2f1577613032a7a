"""The judge of splits knows right from wrong without the engine; the command counts."""

from itertools import product

import pytest

from dsl.syntax import Method, Ties
from engine.rounding import Apportionment, apportion
from tools import split_judge, splits


def judged(pot: int, weights: list[int], method: str, ties: str, amounts: list[int]) -> str:
    tied = apportion(pot, weights, Method(method), ties=Ties(ties)).tied
    return split_judge.wrong(pot, weights, method, ties, None, amounts, 0, tied)


@pytest.mark.parametrize("method", ["largest_remainder", "sainte_lague"])
@pytest.mark.parametrize("ties", ["code", "largest"])
def test_of_all_tables_one_is_right(method: str, ties: str) -> None:
    """Of all ways to give 7 units to three recipients, the judge accepts exactly one."""
    tables = [list(one) for one in product(range(8), repeat=3) if sum(one) == 7]
    for weights in ([3, 3, 1], [2, 2, 2], [5, 0, 1], [1, 2, 4], [4, 2, 1], [1, 1, 0], [3, 1, 1]):
        right = [one for one in tables if not judged(7, weights, method, ties, one)]
        assert right == [list(apportion(7, weights, Method(method), ties=Ties(ties)).amounts)]


@pytest.mark.parametrize(
    ("amounts", "residue", "said"),
    [
        ([3, 4], 0, "is not its quota rounded down"),
        ([3, 3], 0, "do not add up"),
        ([3, 3, 1], 0, "not one amount for each"),
    ],
)
def test_what_is_wrong_is_said(amounts: list[int], residue: int, said: str) -> None:
    assert said in split_judge.wrong(7, [1, 1], "down", "code", None, amounts, residue, ())
    assert not split_judge.wrong(7, [1, 1], "down", "code", None, [3, 3], 1, ())
    assert not split_judge.wrong(-7, [1, 1], "down", "code", None, [-3, -3], -1, ())


def test_the_same_seed_gives_the_same_splits_whoever_runs_them() -> None:
    one = sum(splits.run(45_000, 3, workers=1), splits.Tally())
    two = sum(splits.run(45_000, 3, workers=2), splits.Tally())
    assert one == two
    assert one.count == 45_000
    assert one.counts["tied"] > 1_000
    assert one.counts["bounded"] > 300
    assert one.counts["negative"] > 1_000
    assert one.wrong == ()


def test_the_command_counts_and_is_quiet_when_all_is_right(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert splits.main(["--count", "5000", "--seed", "2"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("5000 splits judged")
    assert "0 disagreements" in said


def test_a_krona_too_much_is_told_with_the_call_that_gives_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def moved(total: int, weights: tuple[int, ...], method: Method, **how: object) -> Apportionment:
        split = apportion(total, weights, method, **how)  # type: ignore[arg-type]
        first, *rest = split.amounts
        return Apportionment((first + 1, *rest), split.residue, split.tied)

    monkeypatch.setattr(splits, "apportion", moved)
    assert splits.main(["--count", "1000"]) == 1
    said = capsys.readouterr().out
    assert "the amounts do not add up to the pot" in said
    assert "apportion(" in said
