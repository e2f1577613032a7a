"""Says why somebody gets an amount in one sentence, to paste into a message."""

from collections.abc import Sequence
from fractions import Fraction
from functools import reduce

from desk.speaker import Speaker
from dsl.findings import Kronor, Phrase, Value
from engine.explain.steps import Answer, Receipt, Step, Subject, Valuation
from engine.outcome import Outcome


def who(outcome: Outcome, subject: Subject) -> Value:
    """A recipient's name, with its kind where it is not the ruleset's own."""
    assert outcome.program is not None
    register = subject.register
    if register is None or register.noun == outcome.program.noun:
        return subject.name
    facts: dict[str, Value] = {"recipient": subject.name, "noun": Phrase(f"noun.{register.noun}")}
    return Phrase("why.kind", facts)


def why_sentences(outcome: Outcome, answer: Answer, speaker: Speaker) -> str:
    """A sentence for each receipt and value."""
    said = [sentence(outcome, one) for one in answer.receipts]
    said += [value_sentence(outcome, one) for one in answer.values]
    return "\n".join(map(speaker.show, said))


def value_sentence(outcome: Outcome, one: Valuation) -> Phrase:
    """Why a definition has its value, in one sentence."""
    formula = next((step.text for step in one.step.steps if step.kind == "formula"), "")
    exact = next((step.text for step in one.step.steps if step.kind == "exact"), one.step.text)
    said: dict[str, Value] = {
        "ruleset": _ruleset(outcome),
        "name": one.step.name or "",
        "recipient": who(outcome, one.subject),
        "value": one.step.text,
        "formula": Phrase("why.equals", {"formula": formula, "value": exact}) if formula else exact,
    }
    return Phrase("why.say_is", said)


def _ruleset(outcome: Outcome) -> Value:
    """The ruleset's name, and its decision."""
    program = outcome.program
    assert program is not None
    if not program.decision:
        return program.name
    return Phrase("why.decision", {"ruleset": program.name, "decision": program.decision})


def sentence(outcome: Outcome, receipt: Receipt) -> Phrase:
    """Why somebody gets an amount, in one sentence for a message."""
    result = outcome.result
    assert result is not None
    amount = Fraction(receipt.amount, result.program.base)
    back = receipt.pot is not None and result.holds[receipt.pot] < 0
    said: dict[str, Value] = {
        "ruleset": _ruleset(outcome),
        "recipient": who(outcome, receipt.subject),
        "amount": Kronor(abs(amount)),
        "pot": receipt.pot or "",
        "lines": _reasons(receipt.lines),
    }
    if receipt.pot is not None:
        return Phrase("why.say_back" if back else "why.say", said)
    return Phrase(
        "why.say_holds" if receipt.subject.name in result.holds else "why.say_in_all", said
    )


def _reasons(lines: Sequence[Step]) -> Value:
    """What each line gives and why; of a single one only why, and why every line gives nothing."""
    giving = [one for one in lines if one.value] or list(lines)
    if len(giving) == 1 or not any(one.value for one in giving):
        said = [_reason(one) for one in giving]
        return _joined([one for n, one in enumerate(said) if one not in said[:n]])
    facts = [{"amount": Kronor(one.value or 0), "reason": _reason(one)} for one in giving]
    return _joined([Phrase("why.because", one) for one in facts])


def _reason(step: Step) -> Value:
    return step.sentence or Phrase("why.say_line", {"rule": step.text})


def _joined(said: Sequence[Value]) -> Value:
    """a, b and c."""
    if not said:
        return Phrase("why.nothing")
    if len(said) == 1:
        return said[0]
    first = reduce(lambda one, other: Phrase("why.comma", {"one": one, "other": other}), said[:-1])
    return Phrase("why.and", {"one": first, "other": said[-1]})
