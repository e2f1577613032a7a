"""Times alternatives in turn (A B A B …), so that a machine that drifts drifts for both."""

from collections.abc import Callable, Mapping
from statistics import median
from time import perf_counter


def medians(
    work: Mapping[str, Callable[[], object]], rounds: int, warm_up: int = 1
) -> dict[str, float]:
    """The median seconds of each piece of work over a number of rounds."""
    times: dict[str, list[float]] = {name: [] for name in work}
    for turn in range(rounds + warm_up):
        for name, run in work.items():
            start = perf_counter()
            run()
            if turn >= warm_up:
                times[name].append(perf_counter() - start)
    return {name: median(found) for name, found in times.items()}


def show(title: str, found: Mapping[str, float], base: str, scale: float, unit: str) -> None:
    """Print one table: median, and ratio to the named base."""
    print(f"\n{title}")
    for name, seconds in found.items():
        print(f"  {name:<52}{seconds * scale:>10.1f} {unit}{seconds / found[base]:>9.2f} ×")
