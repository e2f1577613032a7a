"""Counts the errors that the tests would miss: ``python -m tools.mutants engine/rounding.py``.

Mutation testing. Every mutant of a module (``tools/mutations.py``) is loaded in its place in a
process of its own, and the tests that reach the changed lines are run until one of them fails.
A mutant is killed by a test that fails, or stopped by one that takes ten times its time; one that
survives is an error that no test notices, or a change that makes no difference. Without an
argument all of ``TARGETS`` are tried, each with the tests named there.

Everything is imported once; a mutant costs a fork and the tests that it needs. Hypothesis draws
the same few examples each time, so that results repeat. Exit code 1 if anything survives that
``tools/survivors.toml`` has no reason for.
"""

import functools
import importlib.util
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

import pytest
from _pytest.runner import runtestprotocol
from attrs import field, frozen, mutable

from tools.mutations import Mutant, mutants

ROOT = Path(__file__).parents[1]
ARGUED = ROOT / "tools" / "survivors.toml"
PROJECT = ("dsl", "engine", "desk", "tests", "tools")

MAX_SECONDS = 2.0
"""A test that takes the processor longer takes no part."""

MAX_WAIT = 600.0
"""A mutant that waits for something longer, which takes the processor no time, is stopped."""

MAX_BYTES = 3_000_000_000
"""What a mutant may use of memory."""


@frozen
class Target:
    """A module whose mutants are made.

    Attributes:
        tests: the files and folders whose tests are tried on them.
        chosen: which of those tests, as pytest's own ``-k`` has it.
        warm: what the names of the tests contain that are run once beforehand, so that what they
            keep need not be made for every mutant.
        keeps: whether what the engine and the tests have kept by then holds for mutants too: it
            does if the module takes no part in making it.
    """

    tests: tuple[str, ...]
    warm: str
    keeps: bool = False
    chosen: str = ""


TARGETS = {
    "engine/rounding.py": Target(("tests/engine/test_rounding.py",), "test_ambulance_2024"),
    "engine/evaluate.py": Target(
        (
            "tests/test_semantics.py",
            "tests/test_constructs.py",
            "tests/engine/test_gridded.py",
            "tests/engine/test_levels.py",
            "tests/engine/test_evaluate.py",
            "tests/errors/test_errors.py",
        ),
        "test_parts_are_rounded",
        chosen="not errors or (shown_as_expected and sv and (F2 or F5))",
    ),
    "engine/certificate_checker.py": Target(
        ("tests/engine/test_certificate.py", "tests/engine/test_certificate_checker.py"),
        "test_every_run_is_proved",
        keeps=True,
    ),
}

KILLED, SURVIVED, STOPPED = "killed", "survived", "stopped"


# ---------------------------------------------------------------- one test


@mutable
class Test:
    """A test, and what is known of it.

    Attributes:
        lines: of the module, those that it reaches.
        seconds: what it takes.
        kills: how many mutants it has killed, so that good killers come first.
    """

    item: pytest.Item
    lines: frozenset[int]
    seconds: float
    kills: int = 0

    @property
    def cost(self) -> float:
        """What it takes for each mutant that it may be expected to kill."""
        return (self.seconds + 0.01) / (1 + self.kills)


def passes(item: pytest.Item) -> bool:
    """Run one test, with what it asks for; whether nothing of it fails."""
    return not any(one.failed for one in runtestprotocol(item, log=False))


def in_child(work: Callable[[], object]) -> tuple[Any, bool]:
    """What a function returns in a process of its own, and whether it was stopped for its time."""
    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # whatever a mutant raises
            resource.setrlimit(resource.RLIMIT_AS, (MAX_BYTES, MAX_BYTES))
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.signal(signal.SIGPROF, signal.SIG_DFL)
            signal.setitimer(signal.ITIMER_REAL, MAX_WAIT)
            os.write(into, json.dumps(work()).encode())
            code = 0
        finally:
            os._exit(code)
    os.close(into)
    with os.fdopen(out, "rb") as reader:
        said = reader.read()
    _, status = os.waitpid(child, 0)
    late = os.WIFSIGNALED(status) and os.WTERMSIG(status) in {signal.SIGALRM, signal.SIGPROF}
    return (json.loads(said) if said else None), late


def measured(item: pytest.Item, path: str) -> tuple[bool, list[int], float]:
    """Whether a test passes, the module's lines that it reaches, and how long it takes."""
    lines: set[int] = set()

    def of_line(frame: FrameType, event: str, _: object) -> Any:
        if event == "line":
            lines.add(frame.f_lineno)
        return of_line

    def of_call(frame: FrameType, _: str, __: object) -> Any:
        if frame.f_code.co_filename != path:
            return None
        lines.add(frame.f_lineno)
        return of_line

    started = time.process_time()
    signal.setitimer(signal.ITIMER_PROF, MAX_SECONDS)
    sys.settrace(of_call)
    try:
        good = passes(item)
    finally:
        sys.settrace(None)
    return good, sorted(lines), time.process_time() - started


# ---------------------------------------------------------------- one mutant


def put_in_place(name: str, mutant: Mutant, folder: str) -> None:
    """Load a mutant as the module, also wherever something of the module was imported."""
    path = Path(folder) / Path(sys.modules[name].__file__ or "").name
    path.write_text(mutant.source, encoding="utf-8")
    old = sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    new = importlib.util.module_from_spec(spec)
    sys.modules[name] = new
    spec.loader.exec_module(new)
    put: dict[int, object] = {id(old): new}
    for key, value in vars(old).items():
        if getattr(value, "__module__", None) == name:
            put[id(value)] = vars(new)[key]
    for module in of_project():
        if module is new:
            continue
        for key, value in list(vars(module).items()):
            if id(value) in put:
                setattr(module, key, put[id(value)])
            elif value is vars(old).get(key) and key.isupper():
                setattr(module, key, vars(new)[key])


def of_project(*, but: str = "") -> Iterator[ModuleType]:
    """The modules of the project that are loaded."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in PROJECT and name.partition(".")[0] != but:
            yield module


def forget() -> None:
    """Empty what functions of the engine and the tests have kept; the language is not changed."""
    for module in of_project(but="dsl"):
        for value in vars(module).values():
            if isinstance(value, functools._lru_cache_wrapper):
                value.cache_clear()


def tried(name: str, mutant: Mutant, tests: Sequence[Test], keeps: bool) -> int:
    """The number of the first test that kills a mutant, or how many there are if none does."""
    with tempfile.TemporaryDirectory() as folder:
        put_in_place(name, mutant, folder)
        if not keeps:
            forget()
        for n, test in enumerate(tests):
            signal.setitimer(signal.ITIMER_PROF, 10 * test.seconds + 2)
            if not passes(test.item):
                return n
    return len(tests)


# ---------------------------------------------------------------- one module


@frozen
class Verdict:
    """What became of a mutant."""

    mutant: Mutant
    what: str


@mutable
class Mutating:
    """Runs instead of pytest's own loop over the tests."""

    path: str
    only: str
    verdicts: list[Verdict] = field(factory=list)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try the mutants on the tests that pytest has collected."""
        target = TARGETS[self.path]
        file, name = str(ROOT / self.path), self.path.removesuffix(".py").replace("/", ".")
        found = mutants(Path(file).read_text(encoding="utf-8"))
        found = [one for one in found if one.within.startswith(self.only)]
        out = session.config.get_terminal_writer()
        for item in session.items:
            if target.warm in item.nodeid and not passes(item):
                raise AssertionError(item.nodeid)
        if not target.keeps:
            forget()
        tests = []
        for item in session.items:
            said, late = in_child(functools.partial(measured, item, file))
            if said is None or not said[0]:
                out.line(f"left out, {'slow' if late else 'fails'}: {item.nodeid}")
            else:
                tests.append(Test(item, frozenset(said[1]), said[2]))
        out.line(f"{len(tests)} tests, {len(found)} mutants")
        for mutant in found:
            verdict = self.judged(name, mutant, tests, target.keeps)
            self.verdicts.append(verdict)
            if verdict.what == SURVIVED:
                out.line(shown(self.path, mutant))
        return True

    def judged(self, name: str, mutant: Mutant, tests: list[Test], keeps: bool) -> Verdict:
        """Try one mutant on the tests that reach it, the quickest killers first."""
        reach = [one for one in tests if not mutant.reach or one.lines & set(mutant.reach)]
        reach.sort(key=lambda one: one.cost)
        killer, late = in_child(lambda: tried(name, mutant, reach, keeps))
        if killer is None:  # it cannot be loaded, takes too much memory or too long
            return Verdict(mutant, STOPPED if late else KILLED)
        if killer == len(reach):
            return Verdict(mutant, SURVIVED)
        reach[killer].kills += 1
        return Verdict(mutant, KILLED)


def shown(path: str, mutant: Mutant) -> str:
    """A mutant in one line."""
    return f"{path}:{mutant.line} {mutant.within}\n    - {mutant.before}\n    + {mutant.after}"


def reasons(path: str) -> dict[tuple[str, str, str], str]:
    """Why no test can tell some mutants of a module from it: by where, before and after."""
    said = tomllib.loads(ARGUED.read_text(encoding="utf-8")).get(path, ())
    return {
        (one["within"], one["before"], after): one["why"] for one in said for after in one["after"]
    }


def run(path: str, only: str = "") -> int:
    """Try the mutants of one module; how many survive for no known reason."""
    os.environ["HYPOTHESIS_PROFILE"] = "mutants"
    started, plugin = time.monotonic(), Mutating(path, only)
    tests = [one for one in TARGETS[path].tests if (ROOT / one).exists()]
    options = ["-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--no-header", "--no-summary"]
    options += ["-k", TARGETS[path].chosen]
    if pytest.main([*options, *tests], plugins=[plugin]) not in {0, 5}:
        return 1
    counts = Counter(one.what for one in plugin.verdicts)
    left = [one.mutant for one in plugin.verdicts if one.what == SURVIVED]
    known = reasons(path)
    unknown = [one for one in left if (one.within, one.before, one.after) not in known]
    minutes = (time.monotonic() - started) / 60
    score = 100 * (1 - len(left) / max(len(plugin.verdicts), 1))
    print(
        f"{path}: {len(plugin.verdicts)} mutants, {counts[KILLED]} killed, {counts[STOPPED]} "
        f"stopped, {len(left)} survived ({len(left) - len(unknown)} for a known reason), "
        f"{score:.1f} %, {minutes:.1f} minutes"
    )
    for one in unknown:
        print("not argued:", shown(path, one))
    return len(unknown)


def main(arguments: list[str]) -> int:
    """Try the modules named, or all, each in a process of its own; 1 if an error is missed."""
    path, *only = arguments or [""]
    if path in TARGETS:
        return 1 if run(path, *only) else 0
    codes = [
        subprocess.run([sys.executable, "-m", "tools.mutants", one], check=False).returncode
        for one in TARGETS
    ]
    return max(codes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
