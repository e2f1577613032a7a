"""Registers of recipients: who can receive money, under which codes and names.

A register is plain data; reading one from a file is the engine's work.
"""

from collections.abc import Mapping
from functools import cached_property

from attrs import field, frozen


def folded(name: str) -> str:
    """A name as it is compared: blanks single, letters lower-case."""
    return " ".join(name.split()).casefold()


@frozen
class Recipient:
    """One recipient.

    Attributes:
        code: the official code, such as ``09``; also the order in which ties are broken.
        name: the name to show.
        aliases: every other spelling that is accepted for it.
    """

    code: str
    name: str
    aliases: tuple[str, ...] = ()


@frozen(slots=False)
class Register:
    """All recipients of one kind, in code order.

    Attributes:
        noun: the kind, a key of ``words.NOUNS``.
        territory: registers over the same territories (regions and counties) share their codes,
            and a statistic for one serves the other.
        recipients: in order of code.
        within: for kinds of larger areas in which the recipients lie (the counties of
            municipalities): the position of each recipient's area in the register of the areas.
            Only those that the rules share among.
    """

    noun: str
    territory: str
    recipients: tuple[Recipient, ...] = field()
    within: Mapping[str, tuple[int, ...]] = field(factory=dict, eq=False)

    @cached_property
    def positions(self) -> Mapping[str, int]:
        """Position of the recipient for each code and each folded name or alias."""
        return {
            key: position
            for position, one in enumerate(self.recipients)
            for key in map(folded, (one.code, one.name, *one.aliases))
        }

    def position(self, name: str) -> int | None:
        """Where the recipient with this code, name or alias stands, or None."""
        return self.positions.get(folded(name))

    def __len__(self) -> int:
        return len(self.recipients)


Registers = Mapping[str, Register]
