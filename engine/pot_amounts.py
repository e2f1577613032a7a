"""What each pot of a run gave, as records keep it: and which pots no longer give it."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from attrs import frozen

from dsl import syntax as s
from dsl.findings import Finding, Kronor, Value, finding
from engine.engine_version import engine_version
from engine.evaluate import Result
from engine.ledger import Movement
from engine.strict_json import text_of, whole_of


@frozen
class Amounts:
    """What a pot gave, in the ledger's unit: by recipients' codes, and to other names."""

    recipients: Mapping[str, int]
    others: Mapping[str, int]


def given_amounts(result: Result) -> Mapping[str, Amounts]:
    """What every pot of a run gave."""
    return {
        pot.name.text: _amounts(result.ledger.by_source.get(pot.name.text, ()))
        for pot in result.program.pots
    }


def _amounts(movements: Iterable[Movement]) -> Amounts:
    recipients: dict[str, int] = {}
    others: dict[str, int] = {}
    for one in movements:
        if one.register is None:
            target = one.target or ""
            others[target] = others.get(target, 0) + one.total
            continue
        for recipient, amount in zip(one.register.recipients, one.amounts, strict=True):
            recipients[recipient.code] = recipients.get(recipient.code, 0) + amount
    return Amounts(recipients, others)


# ---------------------------------------------------------------- as JSON


def pots_data(pots: Mapping[str, Amounts]) -> dict[str, Any]:
    """What pots gave as JSON has it."""
    return {
        name: {"recipients": dict(one.recipients), "others": dict(one.others)}
        for name, one in pots.items()
    }


def decoded_pots(data: Any) -> dict[str, Amounts]:
    """What pots gave out of JSON; raises one of ``NOT_OURS``."""
    return {
        name: Amounts(_numbers(one["recipients"]), _numbers(one["others"]))
        for name, one in data.items()
    }


def _numbers(data: Any) -> dict[str, int]:
    return {text_of(name): whole_of(amount) for name, amount in data.items()}


# ---------------------------------------------------------------- comparing


def amount_changes(
    code: str, pots: Mapping[str, Amounts], base: int, result: Result, said: Mapping[str, Value]
) -> tuple[Finding, ...]:
    """Pots that do not give what they gave.

    Args:
        code: of the findings.
        pots: what they gave.
        base: units of those amounts per krona.
        result: what they give.
        said: what every finding says beside the amounts.
    """
    now = given_amounts(result)
    known = {pot.name.text: pot for pot in result.program.pots}
    findings = []
    for name, before in pots.items():
        after = now.get(name)
        if after != before:
            pot = known.get(name)
            span = pot.span if pot else result.program.document.statements[0].span
            # Looked up only here: it takes longer than the comparison, in every run.
            data = {**_difference(result, base, pot, before, after), **said}
            findings.append(finding(code, span, "here", now=engine_version(), **data))
    return tuple(findings)


def _difference(
    result: Result, base: int, pot: s.Pot | None, before: Amounts, after: Amounts | None
) -> dict[str, Value]:
    old = {**before.recipients, **before.others}
    new = {**after.recipients, **after.others} if after else {}
    names = dict.fromkeys((*old, *new))
    changed = [name for name in names if old.get(name, 0) != new.get(name, 0)]
    first = changed[0] if changed else ""
    register = result.program.register_of(pot)
    position = register.position(first) if first in before.recipients else None
    return {
        "pot": pot.name.text if pot else "",
        "count": len(changed),
        "recipient": first if position is None else register.recipients[position].name,
        "before": Kronor(Fraction(old.get(first, 0), base)),
        "after": Kronor(Fraction(new.get(first, 0), result.program.base)),
    }
