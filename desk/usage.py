"""Says what is wrong with a command line, in our words instead of click's."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import click

from desk.speaker import Speaker
from dsl.findings import Value


class Misuse(click.UsageError):
    """Wrong use of the command line.

    Attributes:
        key: what is wrong, a phrase under ``misuse``.
        data: what the phrase needs.
        suggestion: what was probably meant.
    """

    def __init__(self, key: str, /, suggestion: str | None = None, **data: Value) -> None:
        super().__init__(key, click.get_current_context(silent=True))
        self.key = key
        self.data = data
        self.suggestion = suggestion


def closest(word: str, known: Iterable[str]) -> str | None:
    """The known word that resembles this one most, if any does."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(word, list(known), n=1)), None)


@contextmanager
def placed(context: click.Context) -> Iterator[None]:
    """Let an error of click's know on which verb's line it is."""
    try:
        yield
    except click.UsageError as error:
        error.ctx = error.ctx or context
        raise


def spoken(error: click.ClickException, speaker: Speaker) -> str:
    """The error, what was probably meant, and where help is."""
    from desk.excerpt import cleaned

    misuse = error if isinstance(error, Misuse) else _as_misuse(error)
    text = cleaned(speaker.say(f"misuse.{misuse.key}", **misuse.data))
    lines = [speaker.say("misuse.error", text=text)]
    if misuse.suggestion:
        lines.append(speaker.say("misuse.suggestion", suggestion=misuse.suggestion))
    context = error.ctx if isinstance(error, click.UsageError) else None
    verb = context.command_path.removeprefix("fordela") if context else ""
    lines.append(speaker.say("misuse.help", command=speaker.program + verb))
    return "\n".join(lines)


def _as_misuse(error: click.ClickException) -> Misuse:
    """What click found wrong, as one of ours."""
    match error:
        case click.NoSuchOption():
            close = closest(error.option_name, _options_of(error.ctx))
            return Misuse("no_such_option", close, option=error.option_name)
        case click.BadOptionUsage():
            takes_value = not _is_flag(error.option_name, error.ctx)
            key = "option_without_value" if takes_value else "option_with_value"
            return Misuse(key, option=error.option_name)
        case click.MissingParameter() if isinstance(error.param, click.Argument):
            return Misuse(f"no_{error.param.name}")
    return Misuse("other", message=error.format_message())


def _options_of(context: click.Context | None) -> Sequence[str]:
    return [name for parameter in _parameters(context) for name in parameter.opts]


def _is_flag(name: str, context: click.Context | None) -> bool:
    options = (one for one in _parameters(context) if isinstance(one, click.Option))
    return any(one.is_flag for one in options if name in one.opts)


def _parameters(context: click.Context | None) -> Sequence[click.Parameter]:
    return context.command.get_params(context) if context else ()
