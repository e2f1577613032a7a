"""``fordela versions``: which rulesets there are, their status, and from what day each holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from desk.commands.shared import FINE, as_json, paths_argument
from desk.parsing import VerbCommand, Word
from desk.speaker import Speaker
from desk.terminal import send_data

if TYPE_CHECKING:
    from desk.rulesets import Place
    from engine.records.versions import Version


@click.pass_obj
def _versions(speaker: Speaker, paths: tuple[str, ...], form: str) -> int:
    from desk.data.numbers import SCHEMA
    from desk.rulesets import all_rulesets

    found = list(_found(all_rulesets(paths or (".",))))
    if form == "json":
        send_data()
        data = [_data(place, version, status) for place, version, status in found]
        speaker.result(as_json({"schema": SCHEMA, "versions": data}))
        return FINE
    from desk.text_table import listed

    rows = [_row(place, version, status, speaker) for place, version, status in found]
    speaker.result("\n".join(listed(rows, speaker.width)) if rows else speaker.say("check.nothing"))
    return FINE


def _found(places: list[Place]) -> Iterator[tuple[Place, Version, str]]:
    """Every readable ruleset with its status, by budget year and day."""
    from datetime import date

    from engine.records.versions import status_of, version_at

    read = [(place, version_at(place.folder)) for place in places]
    known = [(place, version) for place, version in read if version is not None]
    known.sort(key=lambda one: (one[1].year or 0, one[1].from_day or date.min, one[1].name))
    for place, version in known:
        yield place, version, status_of(version)


def _row(place: Place, version: Version, status: str, speaker: Speaker) -> tuple[str, ...]:
    day = version.from_day.isoformat() if version.from_day else ""
    adopted = version.adopted.isoformat() if version.adopted else ""
    return (
        str(version.year or ""),
        version.title,
        speaker.say(f"status.{status}", day=adopted),
        speaker.say("status.from", day=day),
        place.folder.prefix.rstrip("/") or ".",
    )


def _data(place: Place, version: Version, status: str) -> dict[str, object]:
    replaces = version.replaces
    return {
        "year": version.year,
        "title": version.title,
        "status": status,
        "adopted": version.adopted.isoformat() if version.adopted else None,
        "in_force_from": version.from_day.isoformat() if version.from_day else None,
        "replaces": replaces.ruleset if replaces else None,
        "path": place.folder.prefix.rstrip("/") or ".",
    }


command = VerbCommand(
    "versions",
    callback=_versions,
    params=[
        paths_argument(required=False),
        Word(["--format", "form"], words=("table", "json"), default="table"),
    ],
)
