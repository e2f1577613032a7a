"""Findings as JSON: of a run that has a result, and alone where nothing came of it."""

from collections.abc import Iterable
from typing import Any

from desk.data.numbers import SCHEMA
from desk.findings import as_json
from dsl.findings import Finding


def findings_data(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Findings in the order of their places."""
    return [as_json(one) for one in findings]


def stopped_data(findings: Iterable[Finding]) -> dict[str, Any]:
    """What there is to say when something stopped the run."""
    return {"schema": SCHEMA, "findings": findings_data(findings)}
