"""Runs inputs in processes of their own, under limits on time and memory, and keeps what fails."""

import gc
import multiprocessing
import resource
import signal
import traceback
from collections.abc import Iterator, Sequence
from contextlib import suppress
from hashlib import sha256
from multiprocessing.connection import Connection
from random import Random
from time import process_time
from types import FrameType
from typing import Final

from attrs import frozen

from tools.fuzz.targets import TARGETS, Files, Target

MEMORY: Final = 1 << 30
SECONDS: Final = 5
BLOCK: Final = 500

# Seconds that a block may take in all, if a process hangs where nothing can interrupt it.
HANGS: Final = 1_200

# How often a failing input is tried with less in it.
TRIES: Final = 300


class TookTooLong(BaseException):
    """An input took more time of the processor than it may."""


@frozen
class Failure:
    """An input that was neither read nor refused.

    Attributes:
        target: which target.
        what: the exception, and where it came from.
        trace: the whole of it.
        files: the input, with what it does not need taken out.
    """

    target: str
    what: str
    trace: str
    files: Files

    @property
    def mark(self) -> str:
        """Tells failures apart."""
        return f"{self.target}-{sha256(self.what.encode()).hexdigest()[:8]}"


@frozen
class Block:
    """Some inputs of one target.

    Attributes:
        target: its name.
        seed: with the number, what the inputs follow from.
        number: which block of the target's.
        size: how many inputs.
    """

    target: str
    seed: int
    number: int
    size: int = BLOCK

    def inputs(self) -> Iterator[Files]:
        """The inputs, the same ones every time."""
        for number in range(self.size):
            yield TARGETS[self.target].make(self.chance(number))

    def chance(self, number: int) -> Random:
        """What one input follows from."""
        return Random(f"{self.seed}:{self.target}:{self.number}:{number}")


@frozen
class Done:
    """What came of a block.

    Attributes:
        block: the block.
        count: how many inputs were run.
        failures: those that failed.
        longest: the most seconds of the processor that an input took.
        memory: the most bytes that the process had.
    """

    block: Block
    count: int
    failures: tuple[Failure, ...]
    longest: float
    memory: int


# ---------------------------------------------------------------- one process


def warm_up(target: str) -> None:
    """Read once what all inputs rest on, before there are processes that would each read it."""
    for files in Block(target, 0, 0, 3).inputs():
        with suppress(Exception):
            TARGETS[target].run(files)
    # What is there before a process begins need not be looked through for garbage in each.
    gc.freeze()


def run(block: Block) -> Done:
    """Run a block in a process of its own and wait for it."""
    context = multiprocessing.get_context("fork")
    mine, its = context.Pipe(duplex=False)
    reached = context.Value("q", -1)
    process = context.Process(target=_child, args=(block, its, reached))
    process.start()
    its.close()
    done: Done | None = None
    if mine.poll(HANGS):
        try:
            done = mine.recv()
        except EOFError:
            done = None
    if done is None:
        process.kill()
    process.join()
    return done or _lost(block, reached.value, process.exitcode)


def _lost(block: Block, number: int, code: int | None) -> Done:
    """The process ended without a word: by the input that it had reached."""
    what = f"the process ended with {code} at input {number} of block {block.number}"
    files = TARGETS[block.target].make(block.chance(number))
    return Done(block, max(number, 0), (Failure(block.target, what, what, files),), 0.0, 0)


def _child(
    block: Block, out: Connection, reached: "multiprocessing.sharedctypes.Synchronized[int]"
) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (HANGS, HANGS))
    signal.signal(signal.SIGPROF, _too_long)
    target = TARGETS[block.target]
    failures: dict[str, Failure] = {}
    longest = 0.0
    for number, files in enumerate(block.inputs()):
        reached.value = number
        start = process_time()
        failure = _tried(block.target, target, files)
        longest = max(longest, process_time() - start)
        if failure and failure.mark not in failures:
            failures[failure.mark] = _smallest(failure, target)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    out.send(Done(block, block.size, tuple(failures.values()), longest, memory))
    out.close()


def _too_long(_signal: int, _frame: FrameType | None) -> None:
    raise TookTooLong(f"more than {SECONDS} s")


def _tried(name: str, target: Target, files: Files) -> Failure | None:
    """Run one input; what it raised, if anything."""
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        target.run(files)
    except (Exception, TookTooLong) as error:  # noqa: BLE001 - that nothing is raised is the test
        signal.setitimer(signal.ITIMER_PROF, 0)
        return Failure(name, _place_of(error), traceback.format_exc(), files)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return None


def _place_of(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    last = next(
        (one for one in reversed(frames) if "site-packages" not in one.filename), frames[-1]
    )
    said = str(error)[:80] if type(error).__name__ == "Broken" else ""
    return " ".join(f"{type(error).__name__} {said} in {last.name} ({last.lineno})".split())


# ---------------------------------------------------------------- less of an input


def _smallest(failure: Failure, target: Target) -> Failure:
    """The same failure with lines taken out of its files as long as it stays the same."""
    tries = iter(range(TRIES))
    for path in sorted(failure.files, key=lambda path: len(failure.files[path])):
        lines = failure.files[path].split(b"\n")
        step = max(len(lines) // 2, 1)
        while step and len(lines) > 1:
            kept = lines
            for at in range(len(lines) - step, -1, -step):
                if next(tries, None) is None:
                    return failure
                fewer = [*kept[:at], *kept[at + step :]]
                less = {**failure.files, path: b"\n".join(fewer)}
                again = _tried(failure.target, target, less)
                if again and again.what == failure.what:
                    failure, kept = again, fewer
            lines, step = kept, step // 2
    return failure


def blocks(names: Sequence[str], count: int, seed: int) -> Iterator[Block]:
    """So many inputs over these targets by their weights, in turn and so that none is last."""
    whole = sum(TARGETS[name].weight for name in names)
    left = {name: -(-count * TARGETS[name].weight // whole) for name in names}
    numbers = dict.fromkeys(names, 0)
    total = dict(left)
    while any(left.values()):
        # The target of which the largest part is left.
        name = max(names, key=lambda one: left[one] * (1 << 40) // total[one])
        size = min(BLOCK, left[name])
        yield Block(name, seed, numbers[name], size)
        numbers[name] += 1
        left[name] -= size
