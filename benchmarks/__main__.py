"""Runs the benchmarks and prints their tables: ``make bench``."""

from benchmarks import proofs, splits, startup


def main() -> None:
    """Whole processes first, then splits and proofs within one process."""
    startup.main()
    splits.main()
    proofs.main()


if __name__ == "__main__":
    main()
