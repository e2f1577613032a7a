"""A ruleset before its changes and in its scenarios, and what is wrong there alone."""

from collections.abc import Iterable
from datetime import date

from dsl.findings import Finding
from engine.inputs.stack import Variant
from engine.outcome import Outcome
from engine.pipeline import Opened, run_variant

Findings = tuple[Finding, ...]


def all_variants(opened: Opened) -> tuple[Outcome, ...]:
    """It as it is, then before its first change, from each change on, and in each scenario."""
    scenarios = opened.rules.own.scenarios if opened.rules else ()
    imagined = (run_variant(opened, Variant(scenario=name)) for name in scenarios)
    return (run_variant(opened), *before_changes(opened).values(), *imagined)


def before_changes(opened: Opened) -> dict[date, Outcome]:
    """A ruleset as it is before each day from which something changes, by the day."""
    earlier = opened.rules.earlier if opened.rules else ()
    return {day: run_variant(opened, variant) for day, variant in earlier}


def new_errors(usual: Outcome, others: Iterable[Outcome]) -> list[tuple[Outcome, Findings]]:
    """Variants of a ruleset with what is wrong in them alone.

    Every finding is told once, and of variants only errors: what one leaves out another uses.
    """
    told, found = list(usual.findings), []
    for one in others:
        new = tuple(f for f in one.findings if f.severity == "error" and f not in told)
        told += new
        found.append((one, new))
    return found
