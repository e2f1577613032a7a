"""Outputs are the same to the byte in all circumstances; the tool names what differs."""

from random import Random

import pytest

from tools import same_bytes
from tools.fuzz.corpus import Base, bases

NAMES = ["examples/blandning", "examples/manad-och-krav", "tests/errors/F303-broken-grouping"]


@pytest.mark.slow
def test_the_same_bytes_in_all_circumstances(capsys: pytest.CaptureFixture[str]) -> None:
    assert same_bytes.main(NAMES) == 0
    said = capsys.readouterr().out
    assert said.count(", 0 differ") == len(same_bytes.CIRCUMSTANCES)
    assert "outputs of examples" in said


def test_what_differs_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made = iter("aba")

    def made_by(*_: object) -> object:
        return {"python": "3.x", "made": {"examples/blandning run.csv.sv": next(made)}}

    monkeypatch.setattr(same_bytes, "made_by", made_by)
    assert same_bytes.main([]) == 1
    assert "3.x: examples/blandning run.csv.sv" in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.parametrize(
    "base", [one for one in bases() if "errors" not in one.name], ids=lambda base: base.name
)
def test_no_amount_knows_the_order_of_rows(base: Base) -> None:
    assert same_bytes.order_of_rows(base) == ""


def test_shuffled_rows_are_other_bytes() -> None:
    base = next(one for one in bases() if one.name == "examples/blandning")
    other = same_bytes.shuffled(base, Random(1))
    assert other.files != base.files
    assert {path: sorted(data) for path, data in other.files.items()} == {
        path: sorted(data) for path, data in base.files.items()
    }
