"""Proposes figures on which claims tend to break: limits, zeros, equals, and others by chance.

Everything is drawn from whole numbers by one source of chance with a fixed seed, so that the same
rules and figures always give the same proposals.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from functools import cached_property, partial
from itertools import chain, product
from random import Random

from attrs import field, frozen

from dsl import syntax as s
from dsl.program import Program
from engine.refutation.allowed import Flat, Room
from engine.refutation.trial import Draft

# At most so many statistics are taken to their limits in every combination.
MAX_CORNERED = 6

# What figures are where there are none at hand.
USUAL = 1_000

# Shares of 10 and 11 by which the largest remainder gives the third less of 11; it is so again for
# every 14 more (Balinski and Young 1982, on the Alabama paradox).
ALABAMA = (600, 600, 200)

# Equal figures are as large as those at hand, or so many times larger: one more of many changes
# nobody's share by a krona, but may change who bears what rounding leaves.
TIMES = (1, 10, 10_000)

# Two recipients are enough to differ, four for most that can happen between them.
FEW = 4


@frozen(slots=False)
class Proposer:
    """Proposes figures for the statistics that matter, the others being at hand.

    Attributes:
        program: the rules.
        rooms: what each statistic may be.
        hand: the figures at hand, before growth; made up where there are none.
        varied: the statistics that matter.
        chance: the source of chance.
    """

    program: Program
    rooms: Mapping[str, Room]
    hand: Mapping[str, Flat]
    varied: tuple[str, ...]
    chance: Random = field(factory=lambda: Random(1787))  # noqa: S311 - no secret is made of it

    # ------------------------------------------------------------ in a fixed order

    def first(self, *, all_corners: bool) -> Iterator[Draft]:
        """Everything equal, corners, only one recipient with any.

        Args:
            all_corners: whether statistics without a limit are taken to their ends as well.
        """
        if not self.varied:
            return
        for name in self.varied:
            same = self.rooms[name].filled(self._equal(10, self.rooms[name]))
            if same is not None:
                yield Draft(self.hand).having(name, same)
        for times in TIMES:
            yield from self._draft(partial(self._equal, times))
        for value in (1, 10, 100):
            yield from self._draft(partial(_all_at, value))
        corners = list(self.corners())
        yield from chain.from_iterable(corners if all_corners else corners[:1])
        for place in range(FEW):
            yield from self._draft(partial(_usual_at, place))

    def _equal(self, times: int, room: Room) -> list[Fraction]:
        return [times * self._size(room)] * room.size

    def alabama(self) -> Iterator[Draft]:
        """One statistic at a time for which the largest remainder is known to fail."""
        for name in self.varied:
            for draft in self._draft(partial(_all_at, 1)):
                room = self.rooms[name]
                shares = [*ALABAMA, *[0] * room.length][: room.length]
                flat = room.filled([room.step * one for one in shares] * len(room.keys))
                if flat is not None:
                    yield draft.having(name, flat)

    def corners(self) -> Iterator[list[Draft]]:
        """Statistics wholly at their least and most: those with limits, then others as well.

        The figures at hand are among them, as what is so of them needs no others.
        """
        limited = [name for name in self.varied if self.rooms[name].high is not None]
        others = [name for name in self.varied if name not in limited]
        for names in (limited, [*limited, *others]) if others else (limited,):
            ends = [self._ends(self.rooms[name]) for name in names[:MAX_CORNERED]]
            corners = (dict(zip(names, corner, strict=False)) for corner in product(*ends))
            yield [Draft(self.hand), *(Draft({**self.hand, **corner}) for corner in corners)]

    def _ends(self, room: Room) -> list[Flat]:
        most = 10 * self._size(room) if room.high is None else room.high
        if room.total is not None:
            found = [
                room.filled(_only_at(room, place, Fraction(1))) for place in (0, room.length - 1)
            ]
        else:
            found = [room.filled([most] * room.size), room.filled([room.low] * room.size)]
        return [one for one in found if one is not None]

    # ------------------------------------------------------------ by chance

    def by_chance(self, most: int) -> Iterator[Draft]:
        """So many drafts by chance, all figures of one kind or each statistic's of its own."""
        for _ in range(most if self.varied else 0):
            mixed = self.chance.randrange(3) == 0
            kind = self._of_any_kind if mixed else self.chance.choice(self._kinds)
            yield from self._draft(kind)

    def _of_any_kind(self, room: Room) -> Iterable[Fraction]:
        return self.chance.choice(self._kinds)(room)

    @cached_property
    def _kinds(self) -> tuple[Callable[[Room], Iterable[Fraction]], ...]:
        return (
            self._small,
            self._sparse,
            self._moderate,
            self._in_size,
            self._of_all_sizes,
            self._perturbed,
            self._nearly_equal,
            self._nearly_equal,
            self._at_ends,
            self._at_landmarks,
            self._one_large,
        )

    def below_nothing(self) -> Iterator[Draft]:
        """Figures in kronor that are less than nothing, where the rules let them be."""
        for name in self.varied:
            if self.rooms[name].below:
                flat = self.hand[name]
                yield Draft(self.hand).having_one(name, 0, -max(flat[0], Fraction(1)))
                yield Draft(self.hand).having(name, tuple(Fraction(-1) for _ in flat))

    def _draft(self, figures: Callable[[Room], Iterable[Fraction]]) -> Iterator[Draft]:
        """A draft whose statistics that matter have these figures, when that is allowed."""
        found = {name: self.rooms[name].filled(figures(self.rooms[name])) for name in self.varied}
        allowed = {name: flat for name, flat in found.items() if flat is not None}
        if len(allowed) == len(found):
            yield Draft({**self.hand, **allowed})

    def _numbers(self, room: Room, most: int) -> list[Fraction]:
        """Numbers up to so many steps above the least."""
        return [room.low + room.step * self.chance.randrange(most + 1) for _ in range(room.size)]

    def _small(self, room: Room) -> Iterable[Fraction]:
        return self._numbers(room, self.chance.choice((1, 2, 3, 5)))

    def _moderate(self, room: Room) -> Iterable[Fraction]:
        return self._numbers(room, self.chance.choice((12, 30, 100)))

    def _sparse(self, room: Room) -> Iterable[Fraction]:
        few = self.chance.sample(range(room.size), min(room.size, FEW))
        numbers = self._numbers(room, self.chance.choice((5, 30, 100)))
        return [one if n in few else room.low for n, one in enumerate(numbers)]

    def _in_size(self, room: Room) -> Iterable[Fraction]:
        return self._numbers(room, max(int(2 * self._size(room) / room.step), 1))

    def _of_all_sizes(self, room: Room) -> Iterable[Fraction]:
        digits = len(str(int(self._size(room) / room.step)))
        return [
            room.low + room.step * self.chance.randrange(10 ** self.chance.randrange(1, digits + 1))
            for _ in range(room.size)
        ]

    def _perturbed(self, room: Room) -> Iterable[Fraction]:
        part = self.chance.choice((1, 10, 50, 100))
        changes = self.chance.randrange(1, FEW)
        flat = list(self.hand[room.name])
        for place in self.chance.choices(range(room.size), k=changes):
            flat[place] *= 1 + Fraction(self.chance.randrange(-part, part + 1), 100)
        return flat

    def _nearly_equal(self, room: Room) -> Iterable[Fraction]:
        size = int(self._size(room) / room.step)
        level = self.chance.choice((self.chance.randrange(1, 20), 100, USUAL, size))
        apart = self.chance.choice((0, 1, 1, 2))
        return [room.step * (level + self.chance.randrange(apart + 1)) for _ in range(room.size)]

    def _at_ends(self, room: Room) -> Iterable[Fraction]:
        most = self._size(room) if room.high is None else room.high
        return [self.chance.choice((room.low, most)) for _ in range(room.size)]

    def _at_landmarks(self, room: Room) -> Iterable[Fraction]:
        marks = self.landmarks.get(room.name)
        if not marks:
            return self._small(room)
        return [
            self.chance.choice(marks) + room.step * self.chance.choice((-1, 0, 1))
            for _ in range(room.size)
        ]

    def _one_large(self, room: Room) -> Iterable[Fraction]:
        flat = self._numbers(room, self.chance.choice((3, 12, 30)))
        flat[self.chance.randrange(room.size)] = room.step * self.chance.randrange(10, USUAL)
        return flat

    # ------------------------------------------------------------ sizes and landmarks

    def _size(self, room: Room) -> Fraction:
        """How large the statistic's figures are at hand."""
        return max((*self.hand[room.name], Fraction(1)))

    @cached_property
    def landmarks(self) -> Mapping[str, tuple[Fraction, ...]]:
        """The figures at which the rules treat a recipient otherwise: of steps and conditions."""
        found: dict[str, list[Fraction]] = {}
        for measure, limit in _limits(self.program):
            if isinstance(measure, s.Ref) and measure.name.text in self.rooms:
                name = measure.name.text
                found.setdefault(name, []).append(limit.value / self.rooms[name].growth)
        return {name: tuple(dict.fromkeys(values)) for name, values in found.items()}


def _all_at(value: int, room: Room) -> list[Fraction]:
    return [room.step * value] * room.size


def _usual_at(place: int, room: Room) -> list[Fraction]:
    return _only_at(room, place, room.step * USUAL)


def _only_at(room: Room, place: int, value: Fraction) -> list[Fraction]:
    """Figures for one recipient only."""
    one = place % room.length
    return [value if n % room.length == one else Fraction(0) for n in range(room.size)]


def _limits(program: Program) -> Iterator[tuple[s.Expression, s.Quantity]]:
    """Everything that is compared with a number, and the number."""
    for definition in program.definitions:
        for part in s.parts_of(definition.expression):
            if isinstance(part, s.StepFunction):
                for rung in part.rungs:
                    yield from ((part.measure, q) for q in (rung.low, rung.high) if q is not None)
    for pot in program.pots:
        for flow in pot.flows:
            for condition in flow.conditions:
                for one in condition.alternatives:
                    yield from _sides(one)


def _sides(one: s.Comparison) -> Iterator[tuple[s.Expression, s.Quantity]]:
    for side, other in ((one.left, one.right), (one.right, one.left)):
        if isinstance(other, s.Quantity):
            yield side, other
