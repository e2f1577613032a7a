"""Runs the fuzzing: ``python -m tools.fuzz [--count N] [--seconds S] [TARGET ...]``.

Prints how many inputs each target got, and what failed; exit code 1 if anything did. Failing inputs
are written to a folder, each with its traceback. The inputs follow from the seed.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from pathlib import Path
from time import monotonic
from typing import Final

from tools.fuzz.guarded import Block, Done, Failure, blocks, run, warm_up
from tools.fuzz.targets import TARGETS

PROGRESS: Final = 60  # seconds between two lines about a long run


def runs(todo: Iterable[Block], workers: int, end: float | None) -> Iterator[Done]:
    """Run blocks, so many at a time, until all are done or there is no more time."""
    waiting: set[Future[Done]] = set()
    left = iter(todo)
    with ThreadPoolExecutor(workers) as pool:
        while True:
            while len(waiting) < workers and (end is None or monotonic() < end):
                block = next(left, None)
                if block is None:
                    break
                waiting.add(pool.submit(run, block))
            if not waiting:
                return
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            yield from (one.result() for one in done)


def save(failure: Failure, folder: Path) -> Path:
    """Write a failing input and its traceback."""
    place = folder / failure.mark
    for path, data in failure.files.items():
        safe = place / "input" / path.replace("..", "__").lstrip("/")
        safe.parent.mkdir(parents=True, exist_ok=True)
        safe.write_bytes(data)
    place.mkdir(parents=True, exist_ok=True)
    (place / "traceback.txt").write_text(f"{failure.what}\n\n{failure.trace}", encoding="utf-8")
    return place


def report(done: Sequence[Done], failures: Iterable[Failure], seconds: float) -> str:
    """The counts as text."""
    lines = [f"{sum(one.count for one in done)} inputs in {seconds:.0f} s"]
    for name in TARGETS:
        mine = [one for one in done if one.block.target == name]
        if mine:
            longest, memory = max(o.longest for o in mine), max(o.memory for o in mine)
            count = sum(one.count for one in mine)
            lines.append(f"  {count:>9} {name:<13} at most {longest:.2f} s, {memory >> 20} MB")
    marks = {one.mark: one for one in failures}
    lines.append(f"  {len(marks):>9} failures")
    lines += [f"{mark}: {one.what}" for mark, one in marks.items()]
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it; 1 if anything failed."""
    parser = argparse.ArgumentParser(prog="python -m tools.fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(TARGETS))
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, help="stop after so long, whatever is left")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--failures", type=Path, help="where to write failing inputs")
    chosen = parser.parse_args(arguments)
    unknown = sorted({*chosen.targets} - {*TARGETS})
    if unknown:
        parser.error(f"no such target: {', '.join(unknown)}")
    folder = chosen.failures or Path(tempfile.gettempdir()) / "fordela-fuzz"
    start = said = monotonic()
    end = None if chosen.seconds is None else start + chosen.seconds
    for name in chosen.targets or TARGETS:
        warm_up(name)
    done: list[Done] = []
    failures: dict[str, Failure] = {}
    todo = blocks(chosen.targets or [*TARGETS], chosen.count, chosen.seed)
    for one in runs(todo, chosen.workers, end):
        done.append(one)
        for failure in one.failures:
            if failure.mark not in failures:
                failures[failure.mark] = failure
                place = save(failure, folder)
                print(f"{failure.what}\n  {place}", file=sys.stderr, flush=True)
        if monotonic() - said > PROGRESS:
            said = monotonic()
            count = sum(each.count for each in done)
            print(f"{count} so far, {said - start:.0f} s", file=sys.stderr, flush=True)
    print(report(done, failures.values(), monotonic() - start))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
