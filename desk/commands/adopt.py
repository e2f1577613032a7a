"""``fordela adopt``: freezes a ruleset, so that every later run must give the same kronor."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from desk.commands.shared import (
    FINE,
    FOUND,
    code_of,
    complain,
    complain_of_variants,
    path_argument,
)
from desk.parsing import Day, VerbCommand
from desk.speaker import Speaker
from desk.usage import Misuse

if TYPE_CHECKING:
    from datetime import date

    from dsl.program import Program


@click.pass_obj
def _adopt(speaker: Speaker, path: str, day: date | None) -> int:
    from attrs import evolve

    from desk.data.new_file import write_new
    from desk.rulesets import one_ruleset
    from desk.variants import before_changes, new_errors
    from engine.inputs.files import Recorded
    from engine.pipeline import open_ruleset, run_variant, verify
    from engine.records.installed import changed_program, installed
    from engine.records.lock import LOCK_FILE, lock_of, lock_text

    place = one_ruleset(path)
    recorded = Recorded(place.folder)
    opened = open_ruleset(recorded, place.rule_file)
    outcome = run_variant(opened)
    if outcome.lock is not None:
        adopted = outcome.lock.adopted.isoformat()
        raise Misuse("already_adopted", path=path, day=adopted, file=place.folder.shown(LOCK_FILE))
    verdicts, found = verify(outcome)
    spoiled = changed_program(installed())
    outcome = evolve(outcome, findings=(*outcome.findings, *found, *spoiled))
    earlier = before_changes(opened)
    of_earlier = new_errors(outcome, earlier.values())
    stopped = [one for one in outcome.findings if one.severity == "error"]
    if outcome.result is None or stopped or any(found for _, found in of_earlier):
        complain(outcome.findings, speaker)
        complain_of_variants(of_earlier, speaker)
        speaker.remark(speaker.say("adopt.stopped"))
        return max(code_of(outcome, outcome.findings), FOUND)
    day = day or _day_of(outcome.result.program)
    before = {change: one.result for change, one in earlier.items() if one.result is not None}
    lock = lock_of(outcome.result, outcome.rule_file, recorded.seen, day, before)
    target = place.folder.root / LOCK_FILE
    write_new({target: lock_text(lock)})
    file, adopted = place.folder.shown(LOCK_FILE), lock.adopted.isoformat()
    count = len(lock.files)
    speaker.result(
        speaker.say("adopt.done", name=lock.ruleset, day=adopted, file=file, count=count)
    )
    differing = sum(not one.agrees for one in verdicts)
    if differing:
        speaker.remark(speaker.say("adopt.differs", count=differing))
    return FINE


def _day_of(program: Program) -> date:
    """The day of the decision."""
    from dsl import syntax as s
    from dsl.program import first

    decision = first(program.document, s.Decision)
    if decision is None or decision.day is None:
        raise Misuse("no_decision_day")
    return decision.day


command = VerbCommand("adopt", callback=_adopt, params=[path_argument(), Day(["--date", "day"])])
