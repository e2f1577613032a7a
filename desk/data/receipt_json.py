"""A run repeated from its receipt as JSON."""

from typing import Any

from desk.data.findings_json import findings_data
from desk.data.numbers import SCHEMA
from desk.receipts import Repeated
from engine.records.engine_version import engine_version


def repeated_data(run: Repeated, shown: str) -> dict[str, Any]:
    """What is the same and what is not; nothing is, where the run could not be repeated."""
    receipt = run.receipt
    return {
        "schema": SCHEMA,
        "receipt": shown,
        "ruleset": receipt.ruleset if receipt else None,
        "year": receipt.year if receipt else None,
        "engine": {"then": receipt.engine if receipt else None, "now": engine_version()},
        "same_files": run.same("F716", "F717"),
        "same_amounts": run.same("F718"),
        "same_output": run.same("F719"),
        "same_certificate": run.same("F722") if receipt and receipt.certificate else None,
        "same_receipt": run.same("F716", "F717", "F718", "F719", "F720", "F722"),
        "findings": findings_data(run.findings),
    }
