"""``fordela demo``: a real decision, recomputed and compared with what was published."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from desk.parsing import VerbCommand
from desk.speaker import Speaker
from desk.usage import Misuse

if TYPE_CHECKING:
    from engine.comparison.verify import ColumnVerdict
    from engine.outcome import Outcome

_RULESET = "2024/god-och-nara-vard"
_POT = "Ambulans"


@click.pass_obj
def _demo(speaker: Speaker) -> int:
    from desk.report.showcase import showcase
    from engine.inputs.files import Folder
    from engine.pipeline import run_ruleset

    folder = _rulesets() / _RULESET
    outcome = run_ruleset(Folder(folder))
    verdict = _verdict(outcome)
    speaker.result(showcase(outcome, _POT, verdict, _from_here(folder), speaker))
    return 0 if verdict.agrees else 1


def _verdict(outcome: Outcome) -> ColumnVerdict:
    """How the published column of the pot compares."""
    from engine.pipeline import verify

    verdicts, _ = verify(outcome)
    return next(one for one in verdicts if one.heading.startswith(_POT))


def _rulesets() -> Path:
    """The rulesets in an installed package, or beside it in a checkout."""
    package = Path(__file__).parent.parent
    for folder in (package / "_rulesets", package.parent / "rulesets"):
        if (folder / _RULESET).is_dir():
            return folder
    raise Misuse("no_demo")


def _from_here(folder: Path) -> str:
    """The folder's path as one can type it from where one is."""
    try:
        relative = os.path.relpath(folder)
    except ValueError:  # on another drive
        return shlex.quote(str(folder))
    return shlex.quote(min(relative, str(folder), key=len))


command = VerbCommand("demo", callback=_demo)
