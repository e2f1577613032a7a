"""A run as JSON: every amount an integer, every other number exact."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

from desk.data.findings_json import findings_data
from desk.data.numbers import SCHEMA, growth_data, rounding_data, unit_of_amounts
from desk.figures import all_exact, decimal, exact
from desk.report.pots import given, reached, sum_of
from desk.report.proofs import SharedLine, check_text, shared_lines
from desk.rulesets import relative
from dsl import syntax as s
from dsl.findings import Finding
from dsl.printer import Printer
from dsl.program import statements
from engine.checks import CheckOutcome
from engine.evaluate import Result
from engine.ledger import Adjusted, Earned, Fixed, Movement, Nested, RoundingResidue, Shared
from engine.outcome import Outcome
from engine.tabulate import TableColumn, TableView

Data = dict[str, Any]

_REASONS: dict[type, str] = {
    Fixed: "fixed",
    Earned: "earned",
    Shared: "shared",
    Nested: "nested",
    RoundingResidue: "residue",
    Adjusted: "adjusted",
}


def run_data(outcome: Outcome, findings: Iterable[Finding]) -> Data:
    """Everything that a run gave."""
    result, program = outcome.result, outcome.program
    assert result is not None
    assert program is not None
    return {
        **ruleset_data(outcome),
        **version_data(outcome),
        "unit": unit_of_amounts(program.base),
        "rounding": [_rounding(line) for line in shared_lines(result) if line.area is None],
        "amounts": list(_amounts(result, paid_only=False)),
        "others": list(_others(result)),
        "already_paid": list(_amounts(result, paid_only=True)),
        "pots": [_pot(result, pot.name.text) for pot in program.pots],
        "items": list(_items(outcome)),
        "lines": [_line(one) for one in result.ledger.movements],
        "ties": [_tie(line) for line in shared_lines(result) if line.reason.tied],
        "limits": [_limits(line) for line in shared_lines(result) if _is_limited(line)],
        "statistics": list(_statistics(outcome)),
        "checks": [check_data(outcome, one) for one in outcome.checks],
        "tables": [_table(view) for view in outcome.tables],
        "findings": findings_data(findings),
    }


def ruleset_data(outcome: Outcome) -> Data:
    """What opens every object about one ruleset."""
    program = outcome.program
    assert program is not None
    return {
        "schema": SCHEMA,
        "ruleset": program.name,
        "year": program.year,
        "decision": program.decision or None,
        "rule_file": outcome.rule_file,
    }


def version_data(outcome: Outcome) -> Data:
    """Whether the ruleset is adopted, and which of its changes hold."""
    at, lock = outcome.variant.at, outcome.lock
    return {
        "adopted": lock.adopted.isoformat() if lock else None,
        "at": at.isoformat() if at else None,
        "scenario": outcome.variant.scenario,
    }


# ---------------------------------------------------------------- money


def _rounding(line: SharedLine) -> Data:
    at = {"pot": line.pot, "line": line.movement.line + 1}
    # The size of a whole unit in the unit of the amounts.
    return {**at, **rounding_data(line.reason.rounding), "unit": line.reason.unit}


def _amounts(result: Result, *, paid_only: bool) -> Iterator[Data]:
    """One object for each pot and recipient, its lines added; of earlier payments those made."""
    for pot in result.program.pots:
        name = pot.name.text
        amounts = result.ledger.of_pot(name, paid_only=paid_only) or ()
        recipients = result.program.register_of(pot).recipients
        for recipient, amount in zip(recipients, amounts, strict=False):
            who = {"recipient": recipient.code, "name": recipient.name}
            yield {"pot": name, **who, "amount": amount}


def _others(result: Result) -> Iterator[Data]:
    """What each pot and appropriation item sends out of the register."""
    for one in result.ledger.movements:
        if one.target in result.program.others:
            yield {"pot": one.source, "name": one.target, "amount": one.total, "paid": one.paid}


def _pot(result: Result, pot: str) -> Data:
    held = result.holds[pot]
    return {
        "pot": pot,
        "amount": held,
        "recipients": reached(result, pot),
        "sum": given(result, pot),
    }


def _items(outcome: Outcome) -> Iterator[Data]:
    program = outcome.program
    assert program is not None
    for one in statements(program.document, s.Appropriation):
        for post in one.parts:
            amount = exact(sum_of(post) * program.base)
            about = {"number": post.number, "title": post.title}
            yield {"appropriation": one.code, **about, "amount": amount}


def _line(movement: Movement) -> Data:
    """One line of a pot or an item."""
    rate = movement.rate
    return {
        "pot": movement.source,
        "line": movement.line + 1,
        "at": {"file": movement.span.file, "line": movement.span.line},
        "to": movement.target if movement.register is None else movement.register.noun,
        "amount": movement.total,
        "paid": movement.paid,
        "reason": _REASONS[type(movement.reason)],
        "text": movement.reason.text if isinstance(movement.reason, Adjusted) else None,
        "rate": None if rate is None else str(decimal(rate)),
        **_levels(movement),
    }


def _levels(movement: Movement) -> Data:
    """Of a line that is shared in two levels: what each larger area gets."""
    reason = movement.reason
    if not isinstance(reason, Nested):
        return {}
    pairs = zip(reason.areas.recipients, reason.amounts, strict=True)
    areas = [{"area": one.code, "name": one.name, "amount": amount} for one, amount in pairs]
    return {"within": reason.areas.noun, "areas": areas}


def _tie(line: SharedLine) -> Data:
    order = (line.reason.rounding.ties or s.Ties.CODE).value
    codes = _codes(line, line.reason.tied)
    found = {"pot": line.pot, "line": line.movement.line + 1, "recipients": codes, "order": order}
    if isinstance(line.movement.reason, Nested):
        # Of two levels the first is among the areas, the second within one of them.
        found["among"] = line.register.noun
        found["area"] = line.area.code if line.area else None
    return found


def _is_limited(line: SharedLine) -> bool:
    # In a line with two levels limits are for those who get the money in the end.
    innermost = line.register is line.movement.register
    return innermost and bool(line.flow.limits)


def _limits(line: SharedLine) -> Data:
    """Of a line with limits: whom its floor holds up, and whom its ceiling holds down."""
    held = {"at_floor": line.reason.at_floor, "at_ceiling": line.reason.at_ceiling}
    codes = {side: _codes(line, places) for side, places in held.items()}
    within = {"area": line.area.code} if line.area else {}
    return {"pot": line.pot, "line": line.movement.line + 1, **within, **codes}


def _codes(line: SharedLine, places: tuple[int, ...]) -> list[str]:
    return [line.register.recipients[place].code for place in places]


# ---------------------------------------------------------------- what it rests on


def _statistics(outcome: Outcome) -> Iterator[Data]:
    assert outcome.program is not None
    for statistic in outcome.program.statistics:
        one = outcome.figures[statistic.name.text]
        yield {
            "name": statistic.name.text,
            "unit": Printer("en").unit(statistic.unit, statistic.noun),
            **({"axes": [axis.text for axis in statistic.axes]} if statistic.axes else {}),
            "source": one.source,
            "as_of": one.as_of,
            "file": relative(outcome, one.file),
            "sha256": one.sha256 or None,
            "recovered": one.recovered,
            **growth_data(one.growth),
        }


def check_data(outcome: Outcome, one: CheckOutcome) -> Data:
    """A check of the ruleset and how it came out; money in the unit of the amounts."""
    program, printed = outcome.program, one.check.printed
    assert program is not None
    return {
        "check": check_text(outcome, one),
        "line": one.check.span.line,
        "holds": one.holds,
        "calculated": all_exact(one.calculated.values),
        "asserted": all_exact(one.asserted.values),
        "printed": None if printed is None else exact(printed.number * program.base),
    }


# ---------------------------------------------------------------- tables


def _table(view: TableView) -> Data:
    return {
        "title": view.title,
        "recipients": [{"code": one.code, "name": one.name} for one in view.register.recipients],
        "columns": [_column(column) for column in view.columns],
        "remarks": list(view.remarks),
    }


def _column(column: TableColumn) -> Data:
    """A column's numbers exactly, and as the table shows them."""
    total: Fraction | None = column.exact.total().scalar if column.adds_up else None
    return {
        "heading": column.heading,
        "exact": all_exact(column.exact.values),
        "shown": [decimal(value) for value in column.cells],
        "total": None if total is None else exact(total),
        "statistics": sorted(column.statistics),
    }
