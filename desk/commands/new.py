"""``fordela new``: writes a small ruleset that works, or next year's draft of one that there is."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click
from attrs import frozen

from desk.commands.shared import FINE, FOUND, complain
from desk.data.new_file import folder_shown, write_folder
from desk.parsing import VerbCommand
from desk.speaker import Speaker
from desk.usage import Misuse
from dsl.numbers import Language

if TYPE_CHECKING:
    from desk.rulesets import Place
    from dsl import syntax as s
    from engine.records.versions import Version

_FILES: dict[Language, tuple[str, ...]] = {
    "sv": ("regler.md", "data/befolkning.csv"),
    "en": ("rules.md", "data/population.csv"),
}


@click.pass_obj
def _new(
    speaker: Speaker, folder: str | None, source: str | None, year: str | None, build_on: bool
) -> int:
    if source is not None:
        return _next_year(speaker, folder, source, _year(year), build_on=build_on)
    if folder is None:
        raise Misuse("no_folder")
    if year is not None or build_on:
        raise Misuse("only_with_from", option="--year" if year is not None else "--build-on")
    target = Path(folder)
    names = _FILES[speaker.language]
    write_folder(target, {name: _template(speaker.language, name) for name in names})
    speaker.result(_next_steps(target, names, speaker))
    return FINE


def _year(said: str | None) -> int | None:
    if said is not None and not re.fullmatch(r"[12]\d{3}", said):
        raise Misuse("no_such_year", value=said)
    return None if said is None else int(said)


def _template(language: Language, name: str) -> bytes:
    from engine.inputs.files import package_data

    return package_data("desk", f"templates/{language}/{name}")


# ---------------------------------------------------------------- next year's draft


@frozen
class _Draft:
    """A draft for another budget year.

    Attributes:
        target: its folder.
        contents: its files.
        figures: the statistics whose figures are still last year's.
    """

    target: Path
    contents: Mapping[str, bytes]
    figures: tuple[s.Statistic, ...]


def _next_year(
    speaker: Speaker, folder: str | None, source: str, year: int | None, *, build_on: bool
) -> int:
    from desk.rulesets import one_ruleset
    from desk.variants import all_variants
    from dsl.findings import errors
    from engine.inputs.rule_file import rule_file
    from engine.records.versions import version_at

    place = one_ruleset(source)
    name, found = rule_file(place.folder, place.rule_file)
    if name is None:
        complain(found, speaker)
        return FOUND
    for outcome in all_variants(place.open()):
        if outcome.result is None:
            complain(errors(outcome.findings), speaker)
            return FOUND
    version = version_at(place.folder)
    if version is None or version.year is None:
        raise Misuse("no_year")
    draft = _draft(place, name, version, folder, year, build_on=build_on)
    write_folder(draft.target, draft.contents)
    speaker.result(_what_to_change(draft, source, speaker))
    return FINE


def _draft(
    place: Place,
    name: str,
    version: Version,
    folder: str | None,
    year: int | None,
    *,
    build_on: bool,
) -> _Draft:
    from dsl import syntax as s
    from dsl.draft import building_on, draft_text
    from dsl.program import statements
    from engine.inputs.files import is_name

    before = version.year
    assert before is not None
    new = before + 1 if year is None else year
    if new == before:
        raise Misuse("same_year", year=str(before))
    root = place.folder.root
    if folder is None and root.parent.name != str(before):
        raise Misuse("no_place", year=str(before))
    target = Path(folder) if folder else root.parent.parent / str(new) / root.name
    figures = statements(version.document, s.Statistic)
    if build_on:
        if not is_name(root.name):
            raise Misuse("bad_name", path=root.name)
        said, language = s.RulesetName(version.title), version.document.language
        text = building_on(said, root.name, (before, new), language)
        rules = "rules.fordela" if language == "en" else "regler.fordela"
        return _Draft(target, {rules: text.encode()}, figures)
    contents = {path: place.folder.read(path) for path in _read_by(place, name)}
    text = draft_text(name, place.folder.read(name).decode("utf-8-sig"), before, new)
    return _Draft(target, {**contents, name: text.encode()}, figures)


def _read_by(place: Place, name: str) -> list[str]:
    """The files that the rules and their sections read, but for published tables."""
    from dsl import syntax as s
    from dsl.document import read_document
    from dsl.program import statements

    document = read_document(name, place.folder.read(name)).document
    figures = statements(document, s.Statistic)
    paths = [part.path for one in figures for part in one.parts if isinstance(part, s.FromFile)]
    paths += [one.path for one in statements(document, s.Recipients) if one.path]
    paths += [one.path for one in statements(document, s.Listing)]
    return list(dict.fromkeys(paths))


def _what_to_change(draft: _Draft, source: str, speaker: Speaker) -> str:
    from desk.text_table import explained, listed
    from dsl import syntax as s
    from dsl.printer import print_line

    shown = folder_shown(draft.target)
    rows = []
    for one in draft.figures:
        cited = [p.text for p in one.parts if isinstance(p, s.Citation | s.AsOf)]
        files = [p.path for p in one.parts if isinstance(p, s.FromFile)]
        taken = [print_line(p, speaker.language) for p in one.parts if isinstance(p, s.FromRuleset)]
        rows.append((one.name.text, ", ".join(cited or files or taken)))
    old, new = shlex.quote(source), shlex.quote(shown)
    program = speaker.program
    verbs = [
        (f"{program} run {new}", speaker.say("new.run")),
        (f"{program} diff {old} {new}", speaker.say("new.diff")),
        (f"{program} adopt {new}", speaker.say("new.adopt")),
    ]
    return "\n".join(
        [
            speaker.say("new.written"),
            *(f"  {shown}/{name}" for name in draft.contents),
            "",
            *([speaker.say("new.figures"), *listed(rows, speaker.width), ""] if rows else []),
            speaker.say("new.then"),
            *explained(verbs, speaker.width),
        ]
    )


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


command = VerbCommand(
    "new",
    callback=_new,
    params=[
        click.Argument(["folder"], required=False),
        click.Option(["--from", "source"], metavar="PATH"),
        click.Option(["--year"], metavar="YYYY"),
        click.Option(["--build-on"], is_flag=True),
    ],
)
