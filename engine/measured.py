"""Says an exact number with the unit that it measures."""

from fractions import Fraction

from dsl.check.units import unit_phrase
from dsl.findings import Exact, Kronor, Percent, Phrase, Value
from dsl.units import Unit


def bare(value: Fraction, unit: Unit) -> Value:
    """A number within a formula: without its unit, but for percent."""
    return Percent(value) if unit.is_share else Exact(value)


def measured(value: Fraction, unit: Unit) -> Value:
    """A number with its unit."""
    if unit.is_money:
        return Kronor(value)
    if not unit.powers:
        return bare(value, unit)
    others = {name: power for name, power in unit.powers if name != "kr"}
    if dict(unit.powers).get("kr") == 1 and list(others.values()) == [-1]:
        (one,) = others
        return Phrase("why.per", {"amount": Kronor(value), "unit": Phrase(f"unit_one.{one}")})
    return Phrase("why.measured", {"number": Exact(value), "unit": unit_phrase(unit)})
