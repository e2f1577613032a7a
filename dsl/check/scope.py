"""What every pass of the checker needs: the declared names, and the registers of recipients."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from functools import lru_cache
from itertools import islice

from attrs import field, frozen

from dsl import syntax as s
from dsl.axes import Axes, declared
from dsl.program import Symbol, definitions, first, statements
from dsl.registers import Register, Registers, folded

# Fewer letters than this are the beginning of too many names.
SHORTEST = 4


@frozen
class Scope:
    """The names of a document.

    Attributes:
        document: the document being checked.
        registers: the registers it may use, by noun.
        symbols: statistics, amounts, values and pots by name (the first of each).
        others: recipients outside the register, by name.
        axes: the axes of grids and their members.
    """

    document: s.Document
    registers: Registers
    symbols: Mapping[str, Symbol]
    others: Mapping[str, s.Name]
    axes: Axes = field(factory=dict)

    @classmethod
    def of(cls, document: s.Document, registers: Registers) -> "Scope":
        """Collect the names of a document."""
        symbols: dict[str, Symbol] = {}
        for one in document.statements:
            if isinstance(one, Symbol):
                symbols.setdefault(one.name.text, one)
        lines = statements(document, s.OtherRecipients)
        others = {name.text: name for line in lines for name in line.names}
        return cls(document, registers, symbols, others, declared(document))

    @property
    def noun(self) -> str | None:
        """The ruleset's kind of recipients."""
        found = first(self.document, s.Recipients)
        return found.noun if found else None

    def register_of(self, pot: s.Pot | None = None) -> Register | None:
        """The recipients of a pot, or None when they are not known."""
        noun = (pot and pot.noun) or self.noun
        return self.registers.get(noun) if noun else None

    def pot(self, name: str) -> s.Pot | None:
        """The pot of this name."""
        found = self.symbols.get(name)
        return found if isinstance(found, s.Pot) else None

    def definition_order(self) -> tuple[s.Defined, ...]:
        """The definitions, each after those it uses (circles are cut somewhere).

        Iterative, so that no chain of definitions is too long for the interpreter's stack.
        """
        ordered: dict[str, s.Defined] = {}
        begun: set[str] = set()
        for one in definitions(self.document):
            stack = [one]
            while stack:
                top = stack[-1]
                waiting = [] if top.name.text in begun else self._used_by(top)
                begun.add(top.name.text)
                waiting = [used for used in waiting if used.name.text not in begun]
                stack += waiting
                if not waiting:
                    ordered.setdefault(top.name.text, stack.pop())
        return tuple(ordered.values())

    def _used_by(self, definition: s.Defined) -> list[s.Defined]:
        names = [name.text for name in s.references(definition.expression)]
        found = [self.symbols.get(name) for name in names]
        return [one for one in found if isinstance(one, s.Defined)]


def is_amount(symbol: object) -> bool:
    """Whether a name is an amount that lines can pay."""
    return isinstance(symbol, s.Defined) and symbol.sort == "amount"


# A slip of the keyboard changes few letters; and no file makes the search for it long.
MAX_LENGTH_APART = 4
MAX_COMPARED = 200


def suggestion(name: str, known: Iterable[str]) -> str | None:
    """The known name that this one was probably meant to be."""
    return _Spellings.of(tuple(known)).nearest(_loosely(name))


@frozen
class _Spellings:
    """Names to choose from, by what a slip leaves of them; made once for all names that lack.

    Attributes:
        names: each name by its loose spelling.
        by_length: the loose spellings of each length.
        by_letters: the loose spelling by its letters, whichever order they stand in.
        in_order: the loose spellings in alphabetical order.
    """

    names: Mapping[str, str]
    by_length: Mapping[int, Sequence[str]]
    by_letters: Mapping[str, str]
    in_order: Sequence[str]

    @classmethod
    @lru_cache(maxsize=8)
    def of(cls, known: tuple[str, ...]) -> "_Spellings":
        names = {_loosely(one): one for one in known}
        letters = {"".join(sorted(one)): one for one in reversed(names)}
        lengths: dict[int, list[str]] = {}
        for one in names:
            lengths.setdefault(len(one), []).append(one)
        return cls(names, lengths, letters, sorted(names))

    def nearest(self, wanted: str) -> str | None:
        """The name itself, one that differs by a slip, or one that goes on where the other ends."""
        if wanted in self.names:
            return self.names[wanted]
        nearest = sorted(range(-MAX_LENGTH_APART, MAX_LENGTH_APART + 1), key=abs)
        alike = (one for by in nearest for one in self.by_length.get(len(wanted) + by, ()))
        close = get_close_matches(wanted, islice(alike, MAX_COMPARED), 1, 0.7)
        found = close[0] if close else self._with_letters(wanted) or self._begun(wanted)
        return None if found is None else self.names[found]

    def _with_letters(self, wanted: str) -> str | None:
        """The name in which letters have changed places."""
        return self.by_letters.get("".join(sorted(wanted)))

    def _begun(self, wanted: str) -> str | None:
        """A name that has more to it at the end, or that has got more."""
        if len(wanted) < SHORTEST:
            return None
        place = bisect_left(self.in_order, wanted)
        if place < len(self.in_order) and self.in_order[place].startswith(wanted):
            return self.in_order[place]
        shorter = (wanted[:end] for end in range(len(wanted) - 1, SHORTEST - 1, -1))
        return next((one for one in shorter if one in self.names), None)


def _loosely(name: str) -> str:
    # Capitals and kinds of dashes are the slips that are hardest to see.
    return folded(name).replace("–", "-").replace("\u2212", "-")
