"""Commands that parse as click's do but speak our catalogue: help, options, wrong use."""

from collections.abc import Sequence
from typing import Any

import click

from desk.language import LANGUAGES, OPTION
from desk.speaker import Speaker
from desk.usage import Misuse, extra_arguments, not_a_choice


class Option(click.Option):
    """An option whose help is the phrase ``option.<name>`` of the catalogue."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """How it is written, and what it does."""
        speaker = ctx.find_object(Speaker)
        if self.hidden or speaker is None:
            return None
        names = ", ".join(sorted(self.opts, key=len))
        values = self.type.get_metavar(self, ctx) if isinstance(self.type, OneOf) else None
        return " ".join(filter(None, (names, values))), speaker.say(f"option.{self.name}")


class OneOf(click.ParamType):
    """A word out of several."""

    name = "word"

    def __init__(self, *words: str) -> None:
        """Accept these."""
        self.words = words

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:
        """The word itself, in lower case, if it is one of them."""
        word = str(value).lower()
        if word not in self.words:
            raise not_a_choice(str(value), self.words, param, ctx)
        return word

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        """The words, as a choice."""
        return "|".join(self.words)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[click.shell_completion.CompletionItem]:
        """The words that begin so."""
        fitting = (word for word in self.words if word.startswith(incomplete))
        return [click.shell_completion.CompletionItem(word) for word in fitting]
