"""Runs the benchmarks and prints their tables: ``make bench``."""

from benchmarks import splits, startup


def main() -> None:
    """Whole processes first, then splits within one process."""
    startup.main()
    splits.main()


if __name__ == "__main__":
    main()
