"""A comparison with published tables as JSON: asserted, calculated, difference."""

from collections.abc import Iterable
from typing import Any

from desk.data.findings_json import findings_data
from desk.data.numbers import SCHEMA, rounding_data
from desk.data.run_json import check_data
from desk.figures import decimal
from desk.report.verdicts import Tried
from dsl.findings import Finding
from engine.comparison.verify import Difference
from engine.outcome import Outcome

Data = dict[str, Any]


def verify_data(outcome: Outcome, tried: Iterable[Tried], findings: Iterable[Finding]) -> Data:
    """Every published column of a ruleset."""
    program = outcome.program
    assert program is not None
    return {
        "schema": SCHEMA,
        "ruleset": program.name,
        "year": program.year,
        "adopted": _adopted(outcome),
        "columns": [_column(outcome, one) for one in tried],
        "checks": [check_data(outcome, one) for one in outcome.checks],
        "findings": findings_data(findings),
    }


def _adopted(outcome: Outcome) -> Data | None:
    """When the ruleset was adopted, and whether it still gives the kronor that it gave then."""
    if outcome.lock is None:
        return None
    same = all(one.code != "F711" for one in outcome.findings)
    lock = outcome.lock
    return {"day": lock.adopted.isoformat(), "engine": lock.engine, "same_amounts": same}


def _column(outcome: Outcome, tried: Tried) -> Data:
    verdict, others = tried
    return {
        "table": verdict.table,
        "column": verdict.heading,
        "file": verdict.file,
        "cells": verdict.cells,
        "equal": verdict.equal,
        "differences": [_difference(one) for one in verdict.differences],
        "total": _total(verdict.total),
        "published_sum": _total(verdict.published_sum),
        "recovered": sorted(verdict.statistics & frozenset(outcome.recovered)),
        "alternatives": [
            {**rounding_data(one.rounding), "equal": one.equal, "agrees": one.agrees}
            for one in others
        ],
    }


def _difference(one: Difference) -> Data:
    assert one.recipient is not None
    return {"recipient": one.recipient.code, "name": one.recipient.name, **_numbers(one)}


def _total(one: Difference | None) -> Data | None:
    return None if one is None else _numbers(one)


def _numbers(one: Difference) -> Data:
    return {
        "asserted": decimal(one.asserted),
        "calculated": decimal(one.calculated),
        "difference": decimal(one.difference),
    }
