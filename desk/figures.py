"""Writes exact numbers for people: columns with equally many decimals, amounts, differences."""

from collections.abc import Iterable
from fractions import Fraction

from attrs import frozen

from dsl.numbers import MINUS, NO_BREAK, Language, format_number, has_finite_decimals
from engine.tabulate import TableColumn

# A number that needs more decimals than these is cut, with an ellipsis; it is never rounded.
_MOST_DECIMALS = 6
_ORE_DECIMALS = 2


@frozen
class Form:
    """How the numbers of one column are written.

    Attributes:
        language: the language.
        decimals: how many decimals.
        suffix: what follows the number.
    """

    language: Language
    decimals: int = 0
    suffix: str = ""

    def write(self, value: Fraction) -> str:
        """The number."""
        scaled = abs(value) * 10**self.decimals
        digits = f"{int(scaled):0{self.decimals + 1}d}"
        cut = "" if scaled.denominator == 1 else "…"
        whole, decimals = (
            digits[: len(digits) - self.decimals],
            digits[len(digits) - self.decimals :],
        )
        mark = ("," if self.language == "sv" else ".") if decimals else ""
        sign = MINUS if value < 0 else ""
        grouped = format_number(int(whole), self.language)
        return f"{sign}{grouped}{mark}{decimals}{cut}{self.suffix}"

    def signed(self, value: Fraction) -> str:
        """The number with its sign, also a plus."""
        return ("+" if value > 0 else "") + self.write(value)


def form_of(column: TableColumn, language: Language, *more: Fraction) -> Form:
    """How the numbers of a table's column are written, with others that stand beside them."""
    display = column.display
    if display is not None:
        percent = display.scale == "percent"
        return Form(language, display.decimals, f"{NO_BREAK}%" if percent else "")
    total = (column.total,) if column.adds_up else ()
    decimals = max(map(_decimals, (*column.cells, *total, *more)))
    if decimals and column.unit.is_money:
        decimals = max(decimals, _ORE_DECIMALS)
    return Form(language, decimals)


def form_of_amounts(base: int, language: Language) -> Form:
    """How amounts are written beside each other in kronor: with öre where a krona has them."""
    return Form(language, _ORE_DECIMALS if base > 1 else 0)


def _decimals(value: Fraction) -> int:
    """How many decimals it takes to write the number, up to a limit."""
    if not has_finite_decimals(value):
        return _MOST_DECIMALS
    counts = (n for n in range(_MOST_DECIMALS) if (value * 10**n).denominator == 1)
    return next(counts, _MOST_DECIMALS)


def exact(value: Fraction) -> int | str:
    """An exact number for a program: an integer, or a fraction such as ``"61093/10557682"``."""
    return value.numerator if value.denominator == 1 else f"{value.numerator}/{value.denominator}"


def decimal(value: Fraction) -> int | str:
    """A number as shown, for a program: an integer, a decimal ``"23.3"``, or else a fraction."""
    if value.denominator == 1 or not has_finite_decimals(value):
        return exact(value)
    return format_number(value, "en", blank="").replace(MINUS, "-")


def all_exact(values: Iterable[Fraction]) -> list[int | str]:
    """Exact numbers for a program."""
    return [exact(value) for value in values]
