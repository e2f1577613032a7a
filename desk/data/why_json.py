"""An explanation as JSON: every amount an integer, every other number exact."""

from fractions import Fraction
from typing import Any

from desk.data.findings_json import findings_data
from desk.data.numbers import growth_data, unit_of_amounts
from desk.data.run_json import ruleset_data
from desk.figures import exact
from desk.report.pots import given, reached, used_up
from desk.report.why_said import sentence, value_sentence
from desk.rulesets import relative
from dsl.catalogue import LANGUAGES, shown
from dsl.findings import Exact, Kronor, Percent, Phrase, Value
from dsl.source import Span
from engine.explain.steps import Answer, Comparison, Origin, Receipt, Step, Subject, Valuation
from engine.outcome import Outcome

Data = dict[str, Any]


def why_data(outcome: Outcome, answer: Answer) -> Data:
    """The whole answer."""
    program = outcome.program
    assert program is not None
    return {
        **ruleset_data(outcome),
        "unit": unit_of_amounts(program.base),
        "receipts": [_receipt(outcome, one) for one in answer.receipts],
        "values": [_valuation(outcome, one) for one in answer.values],
        "findings": findings_data(outcome.findings),
    }


def _receipt(outcome: Outcome, one: Receipt) -> Data:
    result = outcome.result
    assert result is not None
    return {
        "pot": one.pot,
        "held": None if one.pot is None else result.holds[one.pot],
        **_who(one.subject),
        "amount": one.amount,
        "sentence": _said(sentence(outcome, one)),
        "lines": [_step(outcome, step) for step in one.lines],
        "funding": [_step(outcome, step) for step in one.funding],
        "check": None if one.pot is None else _check(outcome, one.pot),
        "published": [_published(column) for column in one.published],
    }


def _who(subject: Subject) -> Data:
    register = subject.register
    recipient = register.recipients[subject.position] if register else None
    return {
        "to": register.noun if register else None,
        "recipient": recipient.code if recipient else None,
        "name": subject.name,
    }


def _valuation(outcome: Outcome, one: Valuation) -> Data:
    said = _said(value_sentence(outcome, one))
    return {**_who(one.subject), "sentence": said, "value": _step(outcome, one.step)}


def _check(outcome: Outcome, pot: str) -> Data:
    result = outcome.result
    assert result is not None
    return {
        "recipients": reached(result, pot),
        "sum": given(result, pot),
        "adds_up": used_up(result, pot),
    }


def _published(one: Comparison) -> Data:
    return {
        "table": one.table,
        "column": one.heading,
        "asserted": exact(one.asserted),
        "calculated": exact(one.calculated),
        "equal": one.agrees,
    }


def _step(outcome: Outcome, step: Step) -> Data:
    """A step; money in the unit of the amounts."""
    assert outcome.program is not None
    value = step.value
    if value is not None and step.money:
        value *= outcome.program.base
    return {
        "kind": step.kind,
        "name": step.name,
        "value": None if value is None else exact(value),
        "money": step.money,
        "numbers": _numbers(step.text, outcome.program.base),
        "text": _said(step.text),
        "rule": _place(outcome, step.span),
        "figure": None if step.origin is None else _origin(outcome, step.origin),
        "steps": [_step(outcome, one) for one in step.steps],
    }


def _said(value: Value) -> Data:
    return {language: shown(value, language) for language in LANGUAGES}


def _numbers(text: Value, base: int) -> Data:
    """The exact numbers that a step's text has, by the names that its phrase has for them."""
    data = text.data if isinstance(text, Phrase) else {}
    found: Data = {}
    for key, value in data.items():
        match value:
            case Kronor(number):
                found[key] = exact(Fraction(number) * base)
            case Exact(number) | Percent(number):
                found[key] = exact(Fraction(number))
    return found


def _origin(outcome: Outcome, origin: Origin) -> Data:
    return {
        "statistic": origin.statistic,
        "file": None if origin.of_ruleset else relative(outcome, origin.file),
        "ruleset": origin.source if origin.of_ruleset else None,
        "at": _place(outcome, origin.span),
        "source": None if origin.of_ruleset else origin.source,
        "as_of": origin.as_of,
        "recovered": origin.recovered,
        **growth_data(origin.growth),
    }


def _place(outcome: Outcome, span: Span | None) -> Data | None:
    if span is None:
        return None
    found: Data = {"file": relative(outcome, span.file), "line": span.line}
    return {**found, "cell": span.cell} if span.cell else found
