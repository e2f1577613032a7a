"""An audit as JSON: every column, every formula tried on it, and what was recovered."""

from collections.abc import Iterable
from typing import Any

from desk.data.findings_json import findings_data
from desk.data.numbers import SCHEMA
from dsl.findings import Finding
from engine.audit.columns import Audit, Beyond, ColumnAudit, Inferred
from engine.audit.following import Followed
from engine.audit.recovery import Answer, Recovery
from engine.audit.stepping import Steps
from engine.audit.ways import Trial

Data = dict[str, Any]


def audit_data(found: Audit, findings: Iterable[Finding]) -> Data:
    """The whole audit."""
    return {
        "schema": SCHEMA,
        "stated": [{"amount": one.amount, "line": one.span.line} for one in found.document.stated],
        "columns": [_column(one) for one in found.columns],
        "findings": findings_data(findings),
    }


def _column(one: ColumnAudit) -> Data:
    return {
        "table": one.table.number,
        "file": one.table.file,
        "sha256": one.table.sha256,
        "number": one.number,
        "heading": one.column.heading,
        "unit_decimals": one.decimals,
        "rows": len(one.places),
        "sum": one.added,
        "printed_total": one.total,
        "stated_on_line": one.stated.span.line if one.stated else None,
        "sum_of": list(one.parts),
        "explained": one.explained,
        "formulas_tried": one.tried,
        "formulas": [
            {"lines": _lines(trials[0]), "ways": [_trial(one, each) for each in trials]}
            for trials in one.formulas
        ],
        "recovery": _recovery(one, one.recovery) if one.recovery else None,
        "inferred": [_inferred(one, each) for each in one.inferred],
        "steps": _steps(one, one.steps) if one.steps else None,
        "beyond": _beyond(one, one.beyond) if one.beyond else None,
        "follows": _followed(one, one.followed) if one.followed else None,
        "stopped": one.stopped,
    }


def _followed(one: ColumnAudit, found: Followed) -> Data:
    return {
        "key": found.key.name,
        "rate": [str(found.low), str(found.high)],
        "exceptions": [_code(one, row) for row in found.rows],
    }


def _lines(trial: Trial) -> list[Data]:
    return [
        {"amount": one.amount, "key": one.key.name or None}
        if one.rate is None
        else {"rate": str(one.rate), "key": one.key.name}
        for one in trial.lines
    ]


def _trial(one: ColumnAudit, trial: Trial) -> Data:
    way = trial.way
    bearer = None if way.bearer is None else _code(one, way.bearer)
    return {
        "method": way.method.value,
        "stage": way.stage,
        "difference_to": "largest" if way.to_largest else bearer,
        "share_decimals": way.decimals,
        "ties": way.ties.value,
        "unit": way.unit,
        "agrees": trial.agrees,
        "misses": {_code(one, row): miss for row, miss in trial.misses},
        "swapped": one.swapped(trial),
    }


def _code(one: ColumnAudit, row: int) -> str:
    return one.table.register.recipients[one.places[row]].code


def _by_code(one: ColumnAudit, numbers: Iterable[int]) -> dict[str, int]:
    return {_code(one, row): number for row, number in enumerate(numbers)}


def _recovery(one: ColumnAudit, found: Recovery) -> Data:
    return {
        "verdict": found.verdict,
        "searched": [found.low, found.high],
        "stopped": found.stopped,
        "more": found.more,
        "telling": found.is_telling,
        "answers": [_answer(one, each) for each in found.answers],
    }


def _answer(one: ColumnAudit, found: Answer) -> Data:
    ways = [_trial(one, each) for each in found.reproduced]
    return {
        "total": found.total,
        "units": _by_code(one, found.units),
        "ways": ways,
        "price": found.price,
    }


def _inferred(one: ColumnAudit, found: Inferred) -> Data:
    return {
        "total": found.total,
        "stated": found.stated.amount,
        "with_column": found.other,
        "rest": None if found.rest is None else _by_code(one, found.rest),
        **_answer(one, found.answer),
        "assumed_total": found.total,
    }


def _steps(one: ColumnAudit, found: Steps) -> Data:
    return {
        "key": found.key.name,
        "numbers": _by_code(one, found.numbers),
        "structures": [
            {
                "parts": each.parts,
                "sum": each.sum,
                "divisor": each.divisor,
                "rounded_once": each.once,
            }
            for each in found.structures
        ],
    }


def _beyond(one: ColumnAudit, found: Beyond) -> Data:
    return {
        "column": found.other,
        "numbers": _by_code(one, found.numbers),
        "earned": _by_code(one, found.earned),
        "sum": sum(found.earned),
        "stated_on_line": found.stated.span.line if found.stated else None,
    }
