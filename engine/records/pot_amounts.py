"""What each pot of a run gave, as records keep it: and which pots no longer give it."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from attrs import frozen

from dsl import syntax as s
from dsl.findings import Finding, Kronor, Value, finding
from engine.evaluate import Result
from engine.ledger import Movement
from engine.records.engine_version import engine_version
from engine.records.strict_json import text_of, units_of, whole_of


@frozen
class Amounts:
    """What a pot gave, in the ledger's unit: by recipients' codes, and to other names."""

    recipients: Mapping[str, int]
    others: Mapping[str, int]


@frozen
class Given:
    """What a run gave.

    Attributes:
        base: units of the ledger per krona.
        pots: what each pot gave.
    """

    base: int
    pots: Mapping[str, Amounts]


def given_amounts(result: Result) -> Given:
    """What every pot of a run gave."""
    by_source = result.ledger.by_source
    names = [pot.name.text for pot in result.program.pots]
    pots = {name: _amounts(by_source.get(name, ())) for name in names}
    return Given(result.program.base, pots)


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


def given_data(given: Given) -> dict[str, Any]:
    """What a run gave as JSON has it."""
    pots = {
        name: {"recipients": dict(one.recipients), "others": dict(one.others)}
        for name, one in given.pots.items()
    }
    return {"units_per_krona": given.base, "pots": pots}


def decoded_given(data: Any) -> Given:
    """What a run gave out of JSON that may say more; raises one of ``NOT_OURS``."""
    pots = {
        name: Amounts(_numbers(one["recipients"]), _numbers(one["others"]))
        for name, one in data["pots"].items()
    }
    return Given(units_of(data["units_per_krona"]), pots)


def _numbers(data: Any) -> dict[str, int]:
    return {text_of(name): whole_of(amount) for name, amount in data.items()}


# ---------------------------------------------------------------- comparing


def other_version(said: Mapping[str, Value]) -> dict[str, Value]:
    """What a finding says, with this program's version if another one ("engine") wrote it down."""
    now = engine_version()
    return dict(said) if said.get("engine") == now else {**said, "now": now}


def amount_changes(
    code: str, given: Given, result: Result, said: Mapping[str, Value]
) -> tuple[Finding, ...]:
    """Pots that do not give what they gave.

    Args:
        code: of the findings.
        given: what they gave.
        result: what they give.
        said: what every finding says beside the amounts.
    """
    now = given_amounts(result).pots
    known = {pot.name.text: pot for pot in result.program.pots}
    findings = []
    for name, before in given.pots.items():
        after = now.get(name)
        if after != before:
            pot = known.get(name)
            span = pot.span if pot else result.program.document.statements[0].span
            # Looked up only here: it takes longer than the comparison, in every run.
            data = {**said, **_difference(result, given.base, pot, before, after)}
            findings.append(finding(code, span, "here", **other_version(data)))
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
