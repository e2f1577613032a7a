"""Promises as JSON: each claim with its place, its verdict, and what it rests on."""

from typing import Any

from desk.report.promises import Proved, because, claim_text
from desk.speaker import Speaker
from dsl.catalogue import LANGUAGES
from engine.outcome import Outcome
from engine.proof.promises import Promise


def promises_data(proved: Proved) -> list[dict[str, Any]]:
    """The promises of a ruleset in one of its variants, in the order of the claims."""
    outcome, written = proved.outcome, proved.written
    return [_promise(outcome, one, written.get(one.claim)) for one in proved.promises]


def _promise(outcome: Outcome, promise: Promise, path: str | None) -> dict[str, Any]:
    program, claim = outcome.program, promise.claim
    assert program is not None
    speakers = {language: Speaker(language) for language in LANGUAGES}
    data: dict[str, Any] = {
        "claim": claim.sort.value,
        "verdict": promise.verdict.value,
        "line": claim.span.line,
        "text": {key: claim_text(program, claim, one) for key, one in speakers.items()},
        "because": {key: list(because(outcome, promise, one)) for key, one in speakers.items()},
    }
    data |= _variant(outcome)
    if claim.pot is not None:
        data["pot"] = claim.pot
    if promise.place is not None:
        data["place"] = {"file": promise.place.file, "line": promise.place.line}
    if path is not None:
        data["counterexample"] = path
    return data


def _variant(outcome: Outcome) -> dict[str, Any]:
    """The scenario or the day, where it is not the ruleset as it is."""
    variant = outcome.variant
    at = None if variant.at is None else variant.at.isoformat()
    said = {"scenario": variant.scenario, "at": at}
    return {key: value for key, value in said.items() if value is not None}
