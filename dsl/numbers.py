"""Reads and writes numbers strictly as Swedes and the English-speaking write them; no floats.

Swedish: groups of three by a blank (ordinary, no-break, thin), decimal comma.
English: groups of three by a blank or a comma, decimal point.
"""

import re
from fractions import Fraction
from typing import Literal

from attrs import frozen

Language = Literal["sv", "en"]

BLANKS = " \u00a0\u2009\u202f"
NO_BREAK = "\u00a0"
MINUS = "\u2212"
MAX_DIGITS = 40

_SEPARATORS = re.compile(rf"[{BLANKS}.,]")
# A group that opens with a zero is none: 0,123 has decimals in Swedish, and 0 123 is a mistake.
_GROUPED = re.compile(rf"[1-9]\d{{0,2}}([{BLANKS}])\d{{3}}(?:\1\d{{3}})*|\d+")
_COMMA_GROUPED = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+")


@frozen
class NotANumber:
    """Why a text is not a number, and the number that was probably meant, if any.

    Attributes:
        reason: ``not_a_number``, ``grouping``, ``separator``, ``ambiguous`` or ``too_long``.
        suggestion: what the digits would make, to be offered, never taken.
    """

    reason: str
    suggestion: Fraction | None = None


def parse_number(text: str, language: Language) -> Fraction | NotANumber:
    """Read one unsigned or signed decimal number in one language's way of writing.

    Returns:
        The exact value, or why it cannot be read. Never guesses: a wrong grouping is refused
        with the number that its digits would make.
    """
    text = text.strip()
    sign = 1
    if text[:1] in {"-", MINUS, "–"}:
        sign, text = -1, text[1:].lstrip(BLANKS)
    if not re.fullmatch(rf"[0-9](?:[0-9{BLANKS}.,]*[0-9])?", text):
        return NotANumber("not_a_number")
    if len(_SEPARATORS.sub("", text)) > MAX_DIGITS:
        return NotANumber("too_long")
    decimal_mark = "," if language == "sv" else "."
    whole, mark, decimals = (
        text.rpartition(decimal_mark) if decimal_mark in text else (text, "", "")
    )
    if _well_grouped(whole, language) and (not mark or decimals.isdigit()):
        digits = _SEPARATORS.sub("", whole)
        return sign * Fraction(f"{digits}.{decimals}" if mark else digits)
    return NotANumber(*_diagnose(text, sign, decimal_mark))


def parse_data_number(text: str) -> Fraction | NotANumber:
    """Read a number from a data file, whose writer may have used either way of writing.

    A text that the two ways read differently (``1,234``) is refused as ambiguous; so is a point
    before exactly three decimals, which a Swede may have meant as a thousands separator.
    """
    swedish, english = parse_number(text, "sv"), parse_number(text, "en")
    if isinstance(swedish, Fraction) and isinstance(english, Fraction):
        return swedish if swedish == english else NotANumber("ambiguous")
    if isinstance(english, Fraction):
        looks_grouped = re.fullmatch(r"\D*[1-9]\d{0,2}\.\d{3}", text.strip())
        return NotANumber("ambiguous") if looks_grouped else english
    return swedish


def _well_grouped(whole: str, language: Language) -> bool:
    if _GROUPED.fullmatch(whole):
        return True
    return language == "en" and _COMMA_GROUPED.fullmatch(whole) is not None


def _diagnose(text: str, sign: int, decimal_mark: str) -> tuple[str, Fraction | None]:
    marks = {char for char in text if char in ".,"}
    digits = _SEPARATORS.sub("", text)
    if not marks:
        return "grouping", sign * Fraction(digits)
    continental = re.fullmatch(r"([1-9]\d{0,2}(?:\.\d{3})+),(\d+)", text)
    if continental:
        whole = _SEPARATORS.sub("", continental[1])
        return "separator", sign * Fraction(f"{whole}.{continental[2]}")
    if re.fullmatch(rf"[1-9]\d{{0,2}}(?:[.,{BLANKS}]\d{{3}})+", text):
        return "separator", sign * Fraction(digits)
    other = re.fullmatch(rf"([0-9{BLANKS}]+)[.,](\d+)", text)
    if other and decimal_mark not in marks:
        return "separator", sign * Fraction(f"{_SEPARATORS.sub('', other[1])}.{other[2]}")
    return "grouping", None


def format_number(value: Fraction | int, language: Language, blank: str = NO_BREAK) -> str:
    """Write an exact number: groups of three by a blank, the language's decimal mark.

    A number without a finite decimal form is written as a fraction (``61 093/10 557 682``).
    """
    value = Fraction(value)
    if not has_finite_decimals(value):
        top = format_number(value.numerator, language, blank)
        return f"{top}/{format_number(value.denominator, language, blank)}"
    sign = MINUS if value < 0 else ""
    whole, decimals = _decimal_digits(abs(value))
    grouped = f"{whole:,}".replace(",", blank)
    mark = "," if language == "sv" else "."
    return f"{sign}{grouped}{mark + decimals if decimals else ''}"


def has_finite_decimals(value: Fraction) -> bool:
    """Whether the number can be written exactly with decimals."""
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return rest == 1


def _decimal_digits(value: Fraction) -> tuple[int, str]:
    """The whole part, and the digits after the decimal mark without closing zeros."""
    whole, rest = divmod(value, 1)
    digits = ""
    while rest:
        digit, rest = divmod(rest * 10, 1)
        digits += str(digit)
    return whole, digits
