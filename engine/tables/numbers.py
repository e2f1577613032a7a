"""Reads the number in a cell exactly, or says what stands in the way."""

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from attrs import frozen

from dsl.findings import Exact, Finding, Label, Percent, Phrase, Value, finding
from dsl.numbers import NotANumber, parse_data_number
from engine.tables.sheet import Cell

# What statisticians write where there is no figure.
BLANK_MARKS = frozenset({"", ".", "..", "...", "…", "-", "–", "—", "−", "x", "n/a", "na"})

_PERCENT = re.compile(r"(.*?)\s*%")
_DECIMALS = re.compile(r"[.,](\d+)\s*%?")
_ENGLISH_GROUPS = re.compile(r"\D*\d{1,3}(?:,\d{3}){2,}\s*%?")

# How many cells a note points at before it stops.
MAX_POINTED = 3

# A unit or a footnote's mark after the digits; the number before it is offered, never taken.
_TRAILED = re.compile(r"(.*[0-9])\s*[^0-9\s.,%][^0-9]*")


@frozen
class Number:
    """The number in a cell.

    Attributes:
        value: exactly; 23,3 % is 233/1000.
        shown: what a reader of the file sees, which in a workbook may be a rounded number.
        decimals: how many decimals the reader sees.
        percent: whether the cell has it in percent.
    """

    value: Fraction
    shown: Fraction
    decimals: int
    percent: bool


def is_blank(cell: Cell) -> bool:
    """Whether the cell has no figure: it is empty, or has a statistician's mark for that."""
    return not cell.obstacle and cell.stored is None and cell.text.casefold() in BLANK_MARKS


def read_number(cell: Cell) -> Number | Finding | None:
    """The number in a cell, a finding, or None when a finding has spoken of it before."""
    if cell.stored is not None:
        kept = cell.stored
        return Number(kept.value, kept.shown, kept.decimals, kept.percent)
    if cell.obstacle:
        return _hindered(cell)
    if is_blank(cell):
        return finding("F317", cell.span, key="here", text=cell.text)
    percent = _PERCENT.fullmatch(cell.text)
    value = parse_data_number(percent[1] if percent else cell.text)
    if isinstance(value, NotANumber):
        return _not_a_number(cell, value)
    exact = value / 100 if percent else value
    return Number(exact, exact, _decimals(cell.text), percent is not None)


def digits_not_shown(code: str, numbers: Sequence[tuple[Cell, Number]]) -> Iterator[Finding]:
    """A note of the numbers that a workbook keeps with other digits than it shows."""
    differing = [(cell, number) for cell, number in numbers if number.value != number.shown]
    if differing:
        labels = tuple(_kept(cell, number) for cell, number in differing[:MAX_POINTED])
        yield Finding(code, labels, {"count": len(differing)})


def _kept(cell: Cell, number: Number) -> Label:
    exact = Percent(number.value) if number.percent else Exact(number.value)
    return Label(cell.span, "here", {"shown": cell.text, "kept": exact})


def _hindered(cell: Cell) -> Finding | None:
    match cell.obstacle:
        case "formula":
            return finding("F327", cell.span, key="here", formula=cell.text)
        case "inexact":
            digits = re.fullmatch(r"-?[0-9]+", cell.text)
            text = Exact(int(cell.text)) if digits else cell.text
            return finding("F312", cell.span, key="here", text=text)
        case "date" | "truth" | "error":
            sort = Phrase(f"data.{cell.obstacle}")
            return finding("F326", cell.span, key="here", text=cell.text, sort=sort)
    return None


def _not_a_number(cell: Cell, why: NotANumber) -> Finding:
    if why.reason == "ambiguous":
        return _ambiguous(cell)
    facts: dict[str, Value] = {"text": cell.text, "reason": Phrase(f"data.{why.reason}")}
    meant = why.suggestion
    trailed = _TRAILED.fullmatch(cell.text)
    if trailed and why.reason == "not_a_number":
        value = parse_data_number(trailed[1])
        facts["reason"] = Phrase("data.trailed")
        meant = value.suggestion if isinstance(value, NotANumber) else value
    if meant is not None:
        facts["suggestion"] = Exact(meant)
    return finding("F303", cell.span, key="here", **facts)


def _ambiguous(cell: Cell) -> Finding:
    """Of a text such as ``1,234``: how to write the one number, and how the other."""
    text = cell.text.rstrip("% ")
    digits = int(re.sub(r"\D", "", text))
    facts: dict[str, Value] = {"whole": digits, "longer": f"{text}0"}
    return finding(
        "F318", cell.span, key="here", text=text, decimal=Exact(Fraction(digits, 1000)), **facts
    )


def _decimals(text: str) -> int:
    mark = None if _ENGLISH_GROUPS.fullmatch(text) else _DECIMALS.search(text)
    return len(mark[1]) if mark else 0
