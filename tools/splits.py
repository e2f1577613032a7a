"""Splits random pots with the engine and has every split judged by whole numbers alone.

Run as ``python -m tools.splits --count 1000000``. The splits follow from the seed, whatever the
number of workers: they are made in blocks, each with a chance of its own. Some have small numbers,
where exact ties are common, and others up to thirteen digits: see ``_WEIGHTS`` and ``_pot``.
"""

import argparse
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from random import Random
from time import monotonic
from typing import Final

from attrs import field, frozen

from dsl.syntax import Method, Ties
from engine.bounded import apportion_within
from engine.rounding import apportion
from tools import split_judge

BLOCK: Final = 20_000
SHOWN: Final = 20
PROGRESS: Final = 60  # seconds between two lines about a long run

Weights = tuple[int, ...]


@frozen
class Tally:
    """What came of a number of splits: how many there were of each kind, and those that were wrong.

    Attributes:
        counts: a name of ``_KINDS``, and of how many splits it is true.
        wrong: each as a call to repeat, and what is wrong with its answer.
    """

    counts: Counter[str] = field(factory=Counter)
    wrong: tuple[str, ...] = ()

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.counts + other.counts, self.wrong + other.wrong)

    @property
    def count(self) -> int:
        """All splits."""
        return sum(self.counts[method] for method in _WORDS)


# ---------------------------------------------------------------- what is split


# How many recipients: mostly few, now and then all regions, seldom all municipalities.
_RECIPIENTS = [
    290,
    *[21] * 7,
    *([1, 2, 2, 2, 2, 3, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 6, 6, 7, 8, 9, 10, 11, 12] * 41)[:1016],
]
# The methods and the orders of ties by their words, for to look up an Enum takes long.
_WORDS = tuple(method.value for method in Method if method is not Method.UP)
_OFTEN = ("largest_remainder", "sainte_lague")
_METHODS = (*_WORDS, *_OFTEN, *_OFTEN)
_METHOD = {word: Method(word) for word in _WORDS}
_TIES = tuple(ties.value for ties in Ties)
_TIE = {word: Ties(word) for word in _TIES}

_TO_SIX = bytes(i % 7 for i in range(256))
_TO_TWO = bytes(i % 3 for i in range(256))
_WITH_ZEROS = bytes(max(i - 128, 0) for i in range(256))


def _tiny(chance: Random, length: int) -> Weights:
    return tuple(chance.randbytes(length).translate(_TO_SIX))


def _equal(chance: Random, length: int) -> Weights:
    return tuple(chance.randbytes(length).translate(_TO_TWO))


def _scaled(chance: Random, length: int) -> Weights:
    factor = chance.getrandbits(37)
    return tuple([one * factor for one in chance.randbytes(length).translate(_TO_SIX)])


def _small(chance: Random, length: int) -> Weights:
    return tuple(chance.randbytes(length))


def _sparse(chance: Random, length: int) -> Weights:
    return tuple(chance.randbytes(length).translate(_WITH_ZEROS))


def _five_digits(chance: Random, length: int) -> Weights:
    return tuple(memoryview(chance.randbytes(2 * length)).cast("H").tolist())


def _ten_digits(chance: Random, length: int) -> Weights:
    return tuple(memoryview(chance.randbytes(4 * length)).cast("I").tolist())


def _thirteen_digits(chance: Random, length: int) -> Weights:
    return tuple([n >> 24 for n in memoryview(chance.randbytes(8 * length)).cast("Q").tolist()])


def _nearly_equal(chance: Random, length: int) -> Weights:
    base = chance.getrandbits(40)
    return tuple([base + one for one in chance.randbytes(length).translate(_TO_TWO)])


_WEIGHTS: Sequence[Callable[[Random, int], Weights]] = (
    _tiny, _tiny, _tiny, _equal, _scaled, _scaled, _small, _small,
    _sparse, _five_digits, _five_digits, _ten_digits, _ten_digits, _thirteen_digits,
    _thirteen_digits, _nearly_equal,
)  # fmt: skip


def _pot(kind: int, bits: int, weights: Weights) -> int:
    """Few units, many, or as many as make quotas whole, halves or eighths; or nearly."""
    if kind < 2:
        return bits & 63
    if kind == 2:
        return bits & 1023
    if kind == 3:
        return bits & 0xFFFFFFFF
    if kind == 4:
        return bits & 0xFFFFFFFFFF
    if kind == 5:
        return sum(weights) * (bits & 15) // 2
    if kind == 6:
        return sum(weights) * (bits & 63) // 8
    return sum(weights) + (bits & 7)


def _bearer(method: str, bits: int, length: int) -> tuple[int | None, bool]:
    """Who bears a difference: somebody named, or the largest."""
    if method in _OFTEN or (method == "down" and bits & 1):
        return None, False
    return (None, True) if bits & 2 else ((bits >> 2) % length, False)


# ---------------------------------------------------------------- a block


def run_block(seed: int, number: int, size: int) -> Tally:
    """Make, split and judge a block of splits; the same ones whenever and wherever it is run."""
    chance = Random(f"{seed}:{number}")
    counts: Counter[str] = Counter()
    wrong: list[str] = []
    for bits in memoryview(chance.randbytes(8 * size)).cast("Q").tolist():
        length = _RECIPIENTS[bits & 1023]
        weights = _WEIGHTS[bits >> 10 & 15](chance, length)
        if not any(weights):
            weights = (*weights[1:], 1)
        pot = _pot(bits >> 14 & 7, bits >> 24, weights)
        method = _METHODS[bits >> 17 & 7]
        ties = _TIES[bits >> 20 & 1]
        kind = bits >> 21 & 7
        if kind == 0 and bits >> 61 == 0:
            said = _within(chance, pot, weights, method, ties, bits >> 24, counts)
        else:
            said = _free(-pot if kind == 1 else pot, weights, method, ties, bits >> 24, counts)
        if said:
            wrong.append(said)
    return Tally(counts, tuple(wrong))


def _free(
    pot: int, weights: Weights, method: str, ties: str, bits: int, counts: Counter[str]
) -> str:
    bearer, to_largest = _bearer(method, bits, len(weights))
    try:
        split = apportion(
            pot,
            weights,
            _METHOD[method],
            ties=_TIE[ties],
            bearer=bearer,
            to_largest=to_largest,
        )
    except Exception as error:  # noqa: BLE001 - whatever it is, it is a split that was not made
        said, tied = repr(error), False
    else:
        tied = bool(split.tied)
        said = split_judge.wrong(
            pot,
            weights,
            method,
            ties,
            weights.index(max(weights)) if to_largest else bearer,
            split.amounts,
            split.residue,
            split.tied,
        )
    counts[method] += 1
    if tied:
        counts["tied"] += 1
    if pot < 0:
        counts["negative"] += 1
    if not said:
        return ""
    order = f"{_TIE[ties]}, bearer={bearer}, to_largest={to_largest}"
    return f"apportion({pot}, {weights}, {_METHOD[method]}, ties={order}): {said}"


def _within(  # noqa: PLR0913, PLR0917 - one for each choice that makes a case
    chance: Random,
    pot: int,
    weights: Weights,
    method: str,
    ties: str,
    bits: int,
    counts: Counter[str],
) -> str:
    bearer, to_largest = _bearer(method, bits, len(weights))
    floors, ceilings = _bounds(chance, pot, weights)
    try:
        split = apportion_within(
            pot,
            weights,
            _METHOD[method],
            floors,
            ceilings,
            ties=_TIE[ties],
            bearer=bearer,
            to_largest=to_largest,
        )
        said = split_judge.wrong_within(
            pot,
            weights,
            method,
            floors,
            ceilings,
            ties,
            bearer,
            to_largest,
            split.amounts,
            split.residue,
        )
    except Exception as error:  # noqa: BLE001 - whatever it is, it is a split that was not made
        said = repr(error)
    counts[method] += 1
    counts["bounded"] += 1
    if not said:
        return ""
    order = f"ties={_TIE[ties]}, bearer={bearer}, to_largest={to_largest}"
    call = f"{pot}, {weights}, {_METHOD[method]}, {floors}, {ceilings}, {order}"
    return f"apportion_within({call}): {said}"


def _bounds(chance: Random, pot: int, weights: Weights) -> tuple[list[int], list[int | None]]:
    """Floors that the pot can pay, and ceilings that can take it."""
    length = len(weights)
    share = pot // length
    # At least somebody has a floor, or the split would not be one within bounds.
    floors = [share * max(one - 3, 0) // 4 for one in chance.randbytes(length).translate(_TO_SIX)]
    room = chance.randbytes(length)
    ceilings: list[int | None] = [
        None if one & 1 else low + (share * (one >> 5) // 4 if one & 2 else one >> 5)
        for low, one in zip(floors, room, strict=True)
    ]
    most = 0
    for low, high, weight in zip(floors, ceilings, weights, strict=True):
        most += low if not weight else pot if high is None else high
    if most < pot:
        ceilings[weights.index(max(weights))] = None
    if not any(floors) and ceilings.count(None) == length:
        # Without any bound it would be another split: there a bearer may get less than nothing.
        floors[weights.index(max(weights))] = min(pot, 1)
        ceilings[weights.index(max(weights))] = pot
    return floors, ceilings


# ---------------------------------------------------------------- many blocks


def run(count: int, seed: int, workers: int, seconds: float | None = None) -> Iterator[Tally]:
    """Run so many splits, or as many as there is time for; what came of each block, as it ends."""
    end = None if seconds is None else monotonic() + seconds
    blocks = ((seed, i, min(BLOCK, count - i * BLOCK)) for i in range(-(-count // BLOCK)))
    if workers == 1:
        for block in blocks:
            yield run_block(*block)
            if end is not None and monotonic() > end:
                return
        return
    with ProcessPoolExecutor(workers) as pool:
        # In rounds, so that a hundred million splits do not wait in line as five thousand tasks.
        while (some := list(islice(blocks, 8 * workers))) and (end is None or monotonic() < end):
            yield from pool.map(run_block, *zip(*some, strict=True))


def report(tally: Tally, seconds: float, seed: int) -> str:
    """The counts as text."""
    counts = tally.counts
    lines = [f"{tally.count} splits judged in {seconds:.1f} s, seed {seed}"]
    lines += [f"  {counts[method]:>12} {method}" for method in _WORDS]
    lines += [f"  {counts[kind]:>12} {text}" for kind, text in _KINDS.items()]
    lines.append(f"  {len(tally.wrong):>12} disagreements")
    return "\n".join([*lines, *tally.wrong[:SHOWN]])


_KINDS = {
    "negative": "of them with a negative pot",
    "bounded": "of them within floors and ceilings",
    "tied": "of them where an exact tie was decided by the declared order",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it; 1 if anything disagreed."""
    parser = argparse.ArgumentParser(prog="python -m tools.splits", description=__doc__)
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--seconds", type=float, help="stop after so long, whatever is left")
    chosen = parser.parse_args(arguments)
    # Whoever stops a long run wants its counts, also of one that runs by itself.
    for stopping in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stopping, signal.default_int_handler)
    start = said = monotonic()
    tally = Tally()
    try:
        for one in run(chosen.count, chosen.seed, chosen.workers, chosen.seconds):
            tally += one
            if monotonic() - said > PROGRESS:
                said = monotonic()
                wrong = f"{len(tally.wrong)} disagreements"
                print(f"{tally.count} so far, {wrong}, {said - start:.0f} s", file=sys.stderr)
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
    print(report(tally, monotonic() - start, chosen.seed))
    return 1 if tally.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
