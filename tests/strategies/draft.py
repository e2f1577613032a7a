"""What is known of a document while it is being written, and how a choice is made in it."""

from collections.abc import Mapping
from fractions import Fraction
from typing import TypeVar

from attrs import define, evolve, field, frozen
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn
from hypothesis.vendor.pretty import RepresentationPrinter

from dsl import syntax as s
from dsl.printer import print_document
from dsl.registers import Recipient, Register, Registers, folded
from dsl.units import Unit
from tests.strategies.wording import names, texts

T = TypeVar("T")
PRESERVING = (s.Method.LARGEST_REMAINDER, s.Method.SAINTE_LAGUE)
ROUND_ALONE = st.sampled_from([s.Method.NEAREST, s.Method.DOWN, s.Method.UP])


@frozen(repr=False)
class Case:
    """A document, the registers of its recipients, and figures for its statistics."""

    document: s.Document
    registers: Registers
    figures: Mapping[str, Mapping[str, Fraction]]

    def __repr__(self) -> str:
        """As the author would have it, so that a failing example can be read."""
        rows = (
            f"# {name}: {', '.join(f'{code} {value}' for code, value in row.items())}"
            for name, row in self.figures.items()
        )
        rules = print_document(self.document, self.document.language)
        return "\n".join(("", rules, *rows, ""))

    def _repr_pretty_(self, printer: RepresentationPrinter, _cycle: bool) -> None:
        printer.text(repr(self))


@frozen
class Wishes:
    """What a test needs of its documents.

    Attributes:
        plain_keys: every key is a statistic by itself.
        own_files: one kind of recipients, every statistic from a file: what the file reader needs.
        dense: short documents, nearly all of them lines with options.
    """

    plain_keys: bool = False
    own_files: bool = False
    dense: bool = False


_NAMES = {
    "region": ("Alfa", "Östra Ås", "S:t Per", "Resten till Sjö"),
    "municipality": ("Berg", "Dal 2", "Ö-vik"),
}


def _register(noun: str, size: int) -> Register:
    recipients = [
        Recipient(f"{2 * place + 1:02}", name, (f"{name} {noun}",))
        for place, name in enumerate(_NAMES[noun][:size])
    ]
    return Register(noun, noun, tuple(recipients))


@frozen
class Term:
    """An expression that is nowhere negative, and positive for the anchor of its register."""

    expression: s.Expression
    unit: Unit


@frozen
class PotDraft:
    """A pot being written.

    Attributes:
        place: which of the pots.
        noun: who it goes to.
        static: what the rules alone say that it holds, if they do.
    """

    place: int
    noun: str
    static: Fraction | None


@define
class Draft:
    """A document so far, with choices drawn by Hypothesis."""

    draw: DrawFn
    wishes: Wishes
    registers: dict[str, Register] = field(factory=dict)
    anchors: dict[str, str] = field(factory=dict)
    figures: dict[str, dict[str, Fraction]] = field(factory=dict)
    statements: list[s.Statement] = field(factory=list)
    used: set[str] = field(factory=set)
    columns: dict[str, list[Term]] = field(factory=dict)
    plain: dict[str, list[s.Expression]] = field(factory=dict)
    scalars: dict[str, list[Term]] = field(factory=dict)
    others: list[s.Name] = field(factory=list)
    posts: list[s.Flow] = field(factory=list)
    pots: list[s.Name] = field(factory=list)
    nouns: list[str] = field(factory=list)
    feeds: dict[int, list[Fraction | None]] = field(factory=dict)
    targets: set[int] = field(factory=set)
    step: Fraction = Fraction(1)

    # ------------------------------------------------------------ choosing

    def one_of(self, *choices: T) -> T:
        return self.draw(st.sampled_from(choices))

    def chance(self, percent: int) -> bool:
        # Hypothesis shrinks towards False: the plainer document.
        return self.draw(st.integers(0, 99)) >= 100 - percent

    def option(self, percent: int) -> bool:
        """Whether a line, or a pot, has something that few have: most have in dense documents."""
        return self.chance(50 if self.wishes.dense else percent)

    def number(self, low: int, high: int) -> int:
        return self.draw(st.integers(low, high))

    def text(self) -> str:
        return "x" if self.wishes.dense else self.draw(texts())

    def name(self, *, paid: bool = False) -> s.Name:
        """A name that is free; one that is paid is a pot's, or of a recipient of another kind."""
        free = names().filter(lambda text: self._is_free(text, paid=paid))
        name = f"n{len(self.used)}" if self.wishes.dense else self.draw(free)
        self.used.add(folded(name))
        return s.Name(name)

    def _is_free(self, text: str, *, paid: bool) -> bool:
        # Money to a name must not be able to go two ways.
        recipient = any(one.position(text) is not None for one in self.registers.values())
        return folded(text) not in self.used and not (paid and recipient)

    def _register(self, noun: str, limit: int) -> None:
        register = _register(noun, self.number(1, limit))
        if noun == "municipality":
            last = len(self.registers["region"]) - 1
            places = tuple(self.number(0, last) for _ in register.recipients)
            register = evolve(register, within={"region": places})
        self.registers[noun] = register
        self.columns[noun], self.plain[noun], self.scalars[noun] = [], [], []
        self.anchors[noun] = self.one_of(*register.recipients).code

    def _share_rounding(self, noun: str | None, unit: Fraction | None = None) -> s.Rounding:
        method = self.one_of(*(PRESERVING * 4), s.Method.NEAREST, s.Method.DOWN)
        bearer: s.Largest | s.Name | None = None
        if method not in PRESERVING:
            named = noun is not None and self.chance(50)
            bearer = self._recipient(noun or "") if named else s.Largest()
        return s.Rounding(method, bearer, unit, self.one_of(None, *s.Ties))

    def _recipient(self, noun: str) -> s.Name:
        recipient = self.one_of(*self.registers[noun].recipients)
        return s.Name(self.one_of(recipient.name, recipient.code, *recipient.aliases))

    def _money(self, low: int, high: int) -> s.Quantity:
        return s.Quantity(self.number(low, max(low, high)) * self.step, ("kr",))

    def _is_whole(self, amount: Fraction) -> bool:
        return (amount / self.step).denominator == 1
