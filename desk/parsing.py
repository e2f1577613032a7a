"""Commands and options that parse as click's do and speak our catalogue."""

from datetime import date
from pathlib import Path
from typing import Any

import click

from desk.language import LANGUAGES, OPTION
from desk.usage import Misuse, closest, placed


class Word(click.Option):
    """An option whose value is one word out of several."""

    def __init__(self, *args: Any, words: tuple[str, ...], **kwargs: Any) -> None:
        """Accept these words."""
        self.words = words
        super().__init__(*args, metavar="|".join(words), shell_complete=_fitting_words, **kwargs)

    def process_value(self, ctx: click.Context, value: Any) -> Any:
        """The word, in lower case."""
        value = super().process_value(ctx, value)
        if not isinstance(value, str) or value.lower() in self.words:
            return value.lower() if isinstance(value, str) else value
        close = closest(value.lower(), self.words)
        raise Misuse("no_such_word", close, word=value, option=self.opts[0], words=self.words)


class Day(click.Option):
    """An option whose value is a date, as year-month-day."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Accept a date."""
        super().__init__(*args, metavar="YYYY-MM-DD", **kwargs)

    def process_value(self, ctx: click.Context, value: Any) -> Any:
        """The date."""
        value = super().process_value(ctx, value)
        if not isinstance(value, str):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise Misuse("no_such_day", option=self.opts[0], value=value) from None


class NewFile(click.Option):
    """An option whose value is the name of a file that is not there yet."""

    def process_value(self, ctx: click.Context, value: Any) -> Any:
        """The name; one that is taken is refused before anything is computed."""
        from desk.data.new_file import require_free

        value = super().process_value(ctx, value)
        if isinstance(value, str):
            require_free(Path(value))
        return value


def _fitting_words(_ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    words = param.words if isinstance(param, Word) else ()
    return [word for word in words if word.startswith(incomplete.lower())]


def language_option() -> Word:
    """``--lang``, which ``language.language_of`` has read already; here it is only checked."""
    return Word([OPTION], words=LANGUAGES, expose_value=False)


class VerbCommand(click.Command):
    """A verb: it takes ``--lang`` too, and refuses arguments that it has no use for."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Add the options that every verb has."""
        super().__init__(*args, **kwargs)
        self.params.append(language_option())

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse; too many arguments are refused in our words."""
        ctx.allow_extra_args = True
        with placed(ctx):
            rest = super().parse_args(ctx, args)
        if rest and not ctx.resilient_parsing:
            raise Misuse("too_many", arguments=" ".join(rest))
        return rest

    def get_help(self, ctx: click.Context) -> str:
        """The verb's page of help."""
        from desk.help_page import of_verb

        return of_verb(self, ctx)
