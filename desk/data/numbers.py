"""Numbers and roundings as JSON has them."""

from fractions import Fraction
from typing import Any

from desk.figures import exact
from dsl import syntax as s

SCHEMA = 1


def rounding_data(rounding: s.Rounding) -> dict[str, Any]:
    """A rounding: its method, who bears a difference, the order among equals."""
    bearer = rounding.difference
    who = bearer.text if isinstance(bearer, s.Name) else "largest" if bearer else None
    return {
        "method": rounding.method.value,
        "difference_to": who,
        "ties": (rounding.ties or s.Ties.CODE).value,
        "unit": exact(rounding.unit) if rounding.unit is not None else 1,
    }


def growth_data(growth: Fraction) -> dict[str, Any]:
    """What published figures are multiplied by, if they are."""
    return {} if growth == 1 else {"multiplied_by": exact(growth)}


def unit_of_amounts(base: int) -> str:
    """The unit of whole amounts of which so many make a krona."""
    return "kr" if base == 1 else "öre"
