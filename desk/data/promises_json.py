"""Promises as JSON: each claim with its place, its verdict, and what it rests on."""

from collections.abc import Mapping, Sequence
from typing import Any

from desk.report.promises import because, claim_text
from desk.speaker import Speaker
from dsl.catalogue import LANGUAGES
from engine.outcome import Outcome
from engine.proof.promises import Claim, Promise


def promises_data(
    outcome: Outcome, promises: Sequence[Promise], written: Mapping[Claim, str]
) -> list[dict[str, Any]]:
    """The promises of one ruleset, in the order of the claims."""
    return [_promise(outcome, one, written.get(one.claim)) for one in promises]


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
    if claim.pot is not None:
        data["pot"] = claim.pot
    if promise.place is not None:
        data["place"] = {"file": promise.place.file, "line": promise.place.line}
    if path is not None:
        data["counterexample"] = path
    return data
