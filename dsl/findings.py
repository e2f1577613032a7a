"""What is found in rules, data and results: facts first; the sentences live in the catalogue.

A finding is data. A terminal, an editor and a page render the same finding; see ``catalogue``.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Literal

from attrs import field, frozen

from dsl.numbers import Language
from dsl.source import Span

Severity = Literal["error", "note"]


@frozen
class Kronor:
    """An exact amount of money in kronor, shown with its unit."""

    value: Fraction | int


@frozen
class Percent:
    """A share of one, shown in percent."""

    value: Fraction


@frozen
class Exact:
    """An exact number, shown with grouped digits."""

    value: Fraction | int


@frozen
class Phrase:
    """A phrase of the catalogue, shown in the reader's language (``method.sainte_lague``).

    Attributes:
        key: its place in the catalogue.
        data: what it needs.
        wording: the language to show it in, when it is a line to write in a rule file.
    """

    key: str
    data: Mapping[str, "Value"] = field(factory=dict)
    wording: Language | None = None


Value = str | int | Kronor | Percent | Exact | Phrase | tuple["Value", ...]


@frozen
class Label:
    """A place that a finding points at, and which of the finding's label texts belongs there.

    Attributes:
        span: the place.
        key: name of the text under ``labels`` in the catalogue; empty for no text.
        data: what that text needs beside the finding's own data.
    """

    span: Span
    key: str = ""
    data: Mapping[str, Value] = field(factory=dict)


@frozen
class Finding:
    """One thing found: what, where, and with which numbers.

    Attributes:
        code: stable code; ``F`` for errors (nothing is paid), ``N`` for notes.
        labels: the places, the most important first.
        data: values for the sentences of this code.
    """

    code: str
    labels: tuple[Label, ...]
    data: Mapping[str, Value] = field(factory=dict)

    @property
    def severity(self) -> Severity:
        """Whether it stops the run."""
        return "note" if self.code.startswith("N") else "error"

    @property
    def span(self) -> Span:
        """The main place."""
        return self.labels[0].span


def finding(code: str, span: Span, /, key: str = "", **data: Value) -> Finding:
    """A finding at one place."""
    return Finding(code, (Label(span, key),), data)


def errors(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Only those that stop the run."""
    return tuple(one for one in findings if one.severity == "error")
