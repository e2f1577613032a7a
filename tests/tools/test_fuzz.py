"""The fuzzing reaches all that reads files, tells what fails, and is the same by the same seed."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from tools.fuzz import __main__ as fuzz
from tools.fuzz import guarded, targets
from tools.fuzz.corpus import bases
from tools.fuzz.guarded import Block
from tools.fuzz.targets import TARGETS, Files, Target


@pytest.mark.slow
@pytest.mark.parametrize("name", TARGETS)
def test_nothing_that_reads_files_stumbles(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    count = 2 if name == "audits" else 30
    assert fuzz.main([name, "--count", str(count), "--seed", "7"]) == 0
    assert f"{count} inputs" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["parser", "rules", "tables", "certificates"])
def test_the_same_seed_gives_the_same_inputs(name: str) -> None:
    def some(seed: int) -> Iterator[Files]:
        return islice(Block(name, seed, 0).inputs(), 5)

    assert list(some(1)) == list(some(1)) != list(some(2))


def test_what_fails_is_told_saved_and_made_smaller(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def reads(files: Files) -> None:
        if b"x" in files["a"]:
            raise KeyError("x")

    odd = Target(lambda _: {"a": b"one\ntwo\nx\nthree"}, reads, 1)
    monkeypatch.setitem(targets.TARGETS, "odd", odd)
    assert fuzz.main(["odd", "--count", "3", "--failures", str(tmp_path)]) == 1
    (place,) = tmp_path.iterdir()
    assert (place / "input/a").read_bytes() == b"x"
    assert "KeyError" in (place / "traceback.txt").read_text("utf-8")
    assert "KeyError" in capsys.readouterr().out


def test_what_never_ends_and_what_takes_all_memory_fails(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def hangs(_files: Files) -> None:
        while True:
            pass

    def takes(_files: Files) -> None:
        bytearray(2 << 30)

    monkeypatch.setattr(guarded, "SECONDS", 0.2)
    for run, said in ((hangs, "TookTooLong"), (takes, "MemoryError")):
        monkeypatch.setitem(targets.TARGETS, "odd", Target(lambda _: {"a": b""}, run, 1))
        done = guarded.run(Block("odd", 1, 0, 1))
        assert said in done.failures[0].what


def test_every_ruleset_and_case_is_damaged() -> None:
    assert len(bases()) > 250
    assert sum(target.weight for target in TARGETS.values()) > 9_000
