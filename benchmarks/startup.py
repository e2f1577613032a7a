"""Whole-process times of the command, beside the bare interpreter and the bare imports."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks.measure import medians, show

ROOT = Path(__file__).parents[1]
RULESET = ROOT / "rulesets" / "2024" / "god-och-nara-vard"

COMMANDS = {
    "python -c pass": ["-c", "pass"],
    "python -c 'import lark, attrs'": ["-c", "import lark, attrs"],
    "python -c 'import lark, attrs, networkx'": ["-c", "import lark, attrs, networkx"],
    "fordela --help": ["-m", "desk.cli", "--help"],
    "fordela run rulesets/2024/god-och-nara-vard": ["-m", "desk.cli", "run", str(RULESET)],
    "fordela check rulesets/2024/god-och-nara-vard": ["-m", "desk.cli", "check", str(RULESET)],
    "fordela verify rulesets/2024/god-och-nara-vard": ["-m", "desk.cli", "verify", str(RULESET)],
}


def main(rounds: int = 15) -> None:
    """Time every command as a new process."""
    work = {name: _process(arguments) for name, arguments in COMMANDS.items()}
    show("Whole process, median", medians(work, rounds), "python -c pass", 1000, "ms")


def _process(arguments: list[str]) -> Callable[[], object]:
    # `verify` exits 1 when a published table differs, which this one does.
    command = [sys.executable, *arguments]
    return lambda: subprocess.run(command, cwd=ROOT, capture_output=True, check=False)


if __name__ == "__main__":
    main()
