"""``fordela new``: writes a small ruleset that works, to be changed into one's own."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from desk.parsing import VerbCommand
from desk.speaker import Speaker
from desk.usage import Misuse
from dsl.numbers import Language

_FILES: dict[Language, tuple[str, ...]] = {
    "sv": ("regler.md", "data/befolkning.csv"),
    "en": ("rules.md", "data/population.csv"),
}


@click.pass_obj
def _new(speaker: Speaker, folder: str) -> int:
    target = Path(folder)
    _refuse_what_is_there(target)
    names = _FILES[speaker.language]
    try:
        for name in names:
            _write(target / name, f"templates/{speaker.language}/{name}")
    except OSError as error:
        raise Misuse("cannot_write", path=folder, reason=error.strerror or "") from None
    speaker.result(_next_steps(target, names, speaker))
    return 0


def _refuse_what_is_there(target: Path) -> None:
    """Never write into a folder that has something in it."""
    if target.is_dir() and not any(target.iterdir()):
        return
    if target.exists() or target.is_symlink():
        raise Misuse("already_there", path=str(target))


def _write(path: Path, template: str) -> None:
    from engine.files import package_data

    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as opened:
        opened.write(package_data("desk", template))


def _next_steps(target: Path, names: tuple[str, ...], speaker: Speaker) -> str:
    from desk.text_table import explained

    shown = target.as_posix()
    path = shlex.quote(shown)
    program = speaker.program
    verbs = [(f"{program} {verb} {path}", speaker.say(f"new.{verb}")) for verb in ("run", "check")]
    return "\n".join(
        [
            speaker.say("new.written"),
            *(f"  {shown}/{name}" for name in names),
            "",
            speaker.say("new.next", file=f"{shown}/{names[0]}"),
            *explained(verbs, speaker.width),
        ]
    )


command = VerbCommand("new", callback=_new, params=[click.Argument(["folder"])])
