"""What holds for a ruleset: pot by pot in one line, its checks, and the plan of the computation."""

from desk.excerpt import cleaned
from desk.report.pots import kronor, used_up
from desk.report.proofs import checks_count
from desk.speaker import Speaker
from desk.text_table import listed
from engine.outcome import Outcome


def soundness(outcome: Outcome, speaker: Speaker) -> list[str]:
    """The rule file, and one line per pot and for the checks."""
    title = outcome.files.shown(outcome.rule_file) or outcome.files.shown("") or "."
    lines = [speaker.paint(cleaned(title), "title")]
    if outcome.result is None:
        key = "check.stopped" if outcome.rule_file else "check.nothing"
        return [*lines, f"  {speaker.mark(False)} {speaker.say(key)}"]
    return [*lines, *_pots(outcome, speaker), *_checks(outcome, speaker)]


def variant_line(outcome: Outcome, speaker: Speaker) -> str:
    """Whether a ruleset holds in one of its scenarios, or on another day."""
    good = all(one.severity != "error" for one in outcome.findings)
    key = "check.holds" if good else "check.fails"
    return f"  {speaker.mark(good)} {speaker.say(key, variant=variant_name(outcome, speaker))}"


def variant_name(outcome: Outcome, speaker: Speaker) -> str:
    """A scenario by its name, other days by the day."""
    variant = outcome.variant
    if variant.scenario is not None:
        return speaker.say("check.scenario", name=variant.scenario)
    assert variant.at is not None
    return speaker.say("check.day", day=variant.at.isoformat())


def _pots(outcome: Outcome, speaker: Speaker) -> list[str]:
    result = outcome.result
    assert result is not None
    if not result.program.pots:
        return [f"  {speaker.mark(True)} {speaker.say('check.no_pots')}"]
    lines = []
    for pot in result.program.pots:
        name = pot.name.text
        good = used_up(result, name)
        held = kronor(result, result.holds[name])
        key = "check.used_up" if good else "check.not_used_up"
        text = speaker.say(key, pot=name, amount=held)
        lines.append(f"  {speaker.mark(good)} {text}")
    return lines


def _checks(outcome: Outcome, speaker: Speaker) -> list[str]:
    if not outcome.checks:
        return []
    good = all(one.holds for one in outcome.checks)
    return [f"  {speaker.mark(good)} {checks_count(outcome, speaker)}"]


def plan_lines(outcome: Outcome, speaker: Speaker) -> list[str]:
    """The steps of the computation in order."""
    if outcome.plan is None:
        return []
    steps = [sentence.split("  ", 1) for sentence in plan_sentences(outcome, speaker)]
    return ["", speaker.say("plan.title"), *listed(steps, speaker.width, right={0})]


def plan_sentences(outcome: Outcome, speaker: Speaker) -> list[str]:
    """Each step with its number."""
    return [speaker.show(line) for line in outcome.plan.lines()] if outcome.plan else []
