"""Splits per second of the engine's rounding, beside the same definitions written with Fraction."""

from collections.abc import Callable
from fractions import Fraction
from random import Random

from benchmarks.measure import medians, show
from dsl.syntax import Method
from engine.rounding import apportion

SIZES = {21: 2000, 290: 200, 10_000: 3}


def main(rounds: int = 7) -> None:
    """Time splits of a pot among 21, 290 and 10 000 recipients."""
    for size, repeats in SIZES.items():
        chance = Random(size)
        weights = [chance.randrange(1, 2_500_000) for _ in range(size)]
        work = _alternatives(2_420_000_000, weights)
        repeated = {name: _repeat(run, repeats) for name, run in work.items()}
        found = {name: time / repeats for name, time in medians(repeated, rounds).items()}
        show(f"One split among {size} recipients, median", found, next(iter(work)), 1e6, "µs")


def _alternatives(total: int, weights: list[int]) -> dict[str, Callable[[], object]]:
    return {
        "Fraction, largest remainder by sorting": lambda: _reference(total, weights),
        "engine, largest remainder": lambda: apportion(total, weights, Method.LARGEST_REMAINDER),
        "engine, Sainte-Laguë": lambda: apportion(total, weights, Method.SAINTE_LAGUE),
    }


def _repeat(run: Callable[[], object], times: int) -> Callable[[], object]:
    return lambda: [run() for _ in range(times)]


def _reference(total: int, weights: list[int]) -> list[int]:
    """Largest remainder as a textbook writes it."""
    whole = sum(weights)
    quotas = [Fraction(total * weight, whole) for weight in weights]
    amounts = [int(quota) for quota in quotas]
    left = total - sum(amounts)
    order = sorted(range(len(weights)), key=lambda n: (amounts[n] - quotas[n], n))
    for position in order[:left]:
        amounts[position] += 1
    return amounts


if __name__ == "__main__":
    main()
