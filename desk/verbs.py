"""The verbs of the command line, in English and Swedish, and the module behind each."""

import unicodedata
from importlib import import_module

import click
from attrs import frozen


@frozen
class Verb:
    """One verb.

    Attributes:
        name: its name, and its module's in ``desk.commands``.
        aliases: its Swedish names, the first to be shown.
    """

    name: str
    aliases: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Everything that it may be called."""
        return (self.name, *self.aliases)

    def load(self) -> click.Command:
        """The command; only now is its module imported."""
        command: click.Command = import_module(f"desk.commands.{self.name}").command
        return command


# In the order in which one meets them.
VERBS = (
    Verb("demo"),
    Verb("new", ("ny",)),
    Verb("check", ("kontrollera",)),
    Verb("run", ("kör", "kor")),
    Verb("why", ("varför", "varfor")),
    Verb("verify", ("facit",)),
    Verb("audit", ("granska",)),
    Verb("diff", ("jämför", "jamfor")),
    Verb("scenario", ("scenarier",)),
    Verb("rules", ("regler",)),
    Verb("fmt", ("snygga",)),
    Verb("versions", ("versioner",)),
    Verb("adopt", ("fastställ", "faststall")),
    Verb("error", ("felkod",)),
)


def verb_called(name: str) -> Verb | None:
    """The verb with this name, however the terminal composes its letters."""
    wanted = unicodedata.normalize("NFC", name).casefold()
    return next((verb for verb in VERBS if wanted in verb.names), None)
