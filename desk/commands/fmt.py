"""``fordela fmt``: writes rule files in their canonical form, or in the other language."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from desk.commands.shared import FINE, FOUND, UNREADABLE, complain, paths_argument
from desk.parsing import VerbCommand, Word
from desk.speaker import Speaker
from desk.usage import Misuse
from dsl.numbers import Language

if TYPE_CHECKING:
    from desk.rulesets import Place


@click.pass_obj
def _fmt(
    speaker: Speaker, paths: tuple[str, ...], check: bool, diff: bool, language: Language | None
) -> int:
    from desk.rulesets import all_rulesets

    only_show = check or diff
    codes = [
        _one(place, speaker, language, write=not only_show, diff=diff)
        for place in all_rulesets(paths)
    ]
    return max(codes)


def _one(
    place: Place, speaker: Speaker, language: Language | None, *, write: bool, diff: bool
) -> int:
    """Format one rule file; a file that cannot be read whole is left as it is."""
    from dsl.document import read_document
    from dsl.findings import errors
    from dsl.formatter import format_rules
    from engine.inputs.rule_file import rule_file

    name, found = rule_file(place.folder, place.rule_file)
    if name is None:
        complain(found, speaker)
        return UNREADABLE
    shown, data = place.folder.shown(name), place.folder.read(name)
    unread = errors(read_document(shown, data).findings)
    if unread:
        complain(unread, speaker)
        return FOUND
    text = format_rules(name, data, language)
    if text.encode() == data:
        return FINE
    if diff:
        speaker.result(_difference(shown, data.decode("utf-8-sig"), text))
    if write:
        _replace(place.folder.root / name, text)
    speaker.remark(speaker.say("fmt.changed" if write else "fmt.would_change", file=shown))
    return FINE if write else FOUND


def _difference(shown: str, before: str, after: str) -> str:
    from difflib import unified_diff

    lines = unified_diff(before.splitlines(), after.splitlines(), shown, shown, n=1, lineterm="")
    return "\n".join(lines)


def _replace(path: Path, text: str) -> None:
    """Put the new text in the file's place in one step, so that nothing is ever half written."""
    try:
        with tempfile.NamedTemporaryFile("wb", dir=path.parent, delete=False) as written:
            written.write(text.encode())
        Path(written.name).chmod(path.stat().st_mode)
        os.replace(written.name, path)  # noqa: PTH105 - the one step
    except OSError as error:
        raise Misuse("cannot_write", path=str(path), reason=error.strerror or "") from None


command = VerbCommand(
    "fmt",
    callback=_fmt,
    params=[
        paths_argument(),
        click.Option(["--check"], is_flag=True),
        click.Option(["--diff"], is_flag=True),
        Word(["--to", "language"], words=("sv", "en"), default=None),
    ],
)
