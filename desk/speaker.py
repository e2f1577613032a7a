"""Speaks to one user: in one language, on streams that do or do not show colours."""

import sys
from typing import Literal

import click
from attrs import frozen

from desk.terminal import harmless
from dsl.catalogue import phrase, shown
from dsl.findings import Value
from dsl.numbers import Language

Manner = Literal["title", "good", "bad", "quiet"]

_CODES: dict[Manner, str] = {"title": "1", "good": "32", "bad": "31", "quiet": "2"}


@frozen
class Speaker:
    """How to speak to the user.

    Attributes:
        language: in which language.
        colour: whether results are coloured.
        colour_errors: whether what is said beside the results is coloured.
        width: how many characters a line of results may have.
        error_width: the same of what is said beside the results.
        program: how the user calls the program where they are.
    """

    language: Language
    colour: bool = False
    colour_errors: bool = False
    width: int = 100
    error_width: int = 100
    program: str = "fordela"

    def say(self, key: str, /, **data: Value) -> str:
        """A phrase of the catalogue."""
        return phrase(key, self.language, **data)

    def show(self, value: Value) -> str:
        """A value as a reader of the language expects it."""
        return shown(value, self.language)

    def paint(self, text: str, manner: Manner) -> str:
        """The text in its manner, where results are coloured."""
        return f"\x1b[{_CODES[manner]}m{text}\x1b[0m" if self.colour else text

    def mark(self, good: bool) -> str:
        """A tick or a cross."""
        return self.paint("✓", "good") if good else self.paint("✗", "bad")

    def result(self, text: str) -> None:
        """Write a result to standard output."""
        click.echo(harmless(text), file=sys.stdout, color=self.colour)

    def remark(self, text: str) -> None:
        """Write to standard error what is said beside the results."""
        click.echo(harmless(text), file=sys.stderr, color=self.colour_errors)
