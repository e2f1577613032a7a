"""Units of numbers (kr, persons, counts, shares, kr per person) and what may be done with them."""

from collections import Counter
from typing import Literal

from attrs import frozen

Kind = Literal["number", "count", "share"]


@frozen
class Unit:
    """What a number measures.

    Attributes:
        powers: sorted (dimension, power) pairs, such as ``(("kr", 1), ("person", -1))``.
        kind: for a number without dimensions, what it is; only a plain ``number`` may be added
            to either of the others.
    """

    powers: tuple[tuple[str, int], ...] = ()
    kind: Kind = "number"

    @property
    def is_money(self) -> bool:
        """Whether it is plain kronor."""
        return self.powers == (("kr", 1),)

    @property
    def is_share(self) -> bool:
        """Whether it is a share of something, as percent are."""
        return not self.powers and self.kind == "share"

    @property
    def adds_up(self) -> bool:
        """Whether the figures of several recipients make one figure for them together.

        Persons, kronor and counts do; shares, points and kr per person do not.
        """
        if not self.powers:
            return self.kind == "count"
        return all(power > 0 and name != "point" for name, power in self.powers)

    def __mul__(self, other: "Unit") -> "Unit":
        return _unit(self, other, 1)

    def __truediv__(self, other: "Unit") -> "Unit":
        return _unit(self, other, -1)

    def added_to(self, other: "Unit") -> "Unit | None":
        """The unit of a sum, or None when the two cannot be added."""
        if self.powers != other.powers:
            return None
        if self.powers or other.kind in {self.kind, "number"}:
            return self
        return other if self.kind == "number" else None


NUMBER = Unit()
COUNT = Unit(kind="count")
SHARE = Unit(kind="share")
MONEY = Unit((("kr", 1),))

# Units that are numbers without a dimension; every other unit word is a dimension of its own.
_DIMENSIONLESS = {"count": COUNT, "share": SHARE, "percent": SHARE, "number": NUMBER}


def unit_of(words: tuple[str, ...]) -> Unit:
    """The unit of ``("kr", "person")``: kr per person. Words are keys of ``words.UNITS``."""
    unit = NUMBER
    for place, word in enumerate(words):
        part = _DIMENSIONLESS.get(word, Unit(((word, 1),)))
        unit = unit * part if place == 0 else unit / part
    return unit


def words_of(unit: Unit) -> tuple[str, ...] | None:
    """How rules say a unit, as ``unit_of`` reads it; None for one that they have no words for."""
    above = [word for word, power in unit.powers if power == 1]
    below = [word for word, power in unit.powers if power == -1]
    if len(above) != 1 or len(above) + len(below) != len(unit.powers):
        return None
    return (*above, *below)


def _unit(left: Unit, right: Unit, sign: int) -> Unit:
    powers = Counter(dict(left.powers))
    for dimension, power in right.powers:
        powers[dimension] += sign * power
    kept = tuple(sorted((name, power) for name, power in powers.items() if power))
    return Unit(kept) if kept else Unit((), _kind(left, right, sign))


def _kind(left: Unit, right: Unit, sign: int) -> Kind:
    if left.powers or right.powers:
        return "number"
    if sign < 0:
        return left.kind if right.kind == "number" else "number"
    if "count" in (left.kind, right.kind):
        return "count"
    return "share" if "share" in (left.kind, right.kind) else "number"
