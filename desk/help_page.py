"""The pages of help: of the whole program, of one verb, and the welcome."""

import re

import click

from desk.speaker import Speaker
from desk.text_table import broken_text, explained, listed
from desk.verbs import VERBS


def welcome(speaker: Speaker) -> str:
    """What to do first."""
    steps = [
        (f"{speaker.program} {speaker.say(f'help.first_{n}')}", speaker.say(f"help.first_{n}_does"))
        for n in "123"
    ]
    return "\n".join(
        [
            *_paragraph(speaker, "help.about"),
            "",
            speaker.say("help.first"),
            *explained(steps, speaker.width),
            "",
            speaker.say("help.more", program=speaker.program),
        ]
    )


def of_program(group: click.Command, ctx: click.Context) -> str:
    """All verbs, the options, and how to have words completed."""
    speaker = ctx.ensure_object(Speaker)
    verbs = [(", ".join(verb.names), speaker.say(f"help.{verb.name}")) for verb in VERBS]
    return "\n".join(
        [
            *_paragraph(speaker, "help.about"),
            "",
            speaker.say("help.usage", usage=speaker.say("help.program_usage")),
            "",
            speaker.say("help.verbs"),
            *listed(verbs, speaker.width),
            "",
            *_options(group, ctx, speaker),
            "",
            *_paragraph(speaker, "help.exit_codes"),
            "",
            speaker.say("help.completion"),
            *(f"  {shell}" for shell in _COMPLETION),
        ]
    )


def of_verb(command: click.Command, ctx: click.Context) -> str:
    """What a verb does, its arguments and options, and examples."""
    speaker = ctx.ensure_object(Speaker)
    name = str(command.name)
    return "\n".join(
        [
            speaker.say("help.usage", usage=speaker.say(f"help.{name}_usage")),
            "",
            *_paragraph(speaker, f"help.{name}_about"),
            "",
            *_options(command, ctx, speaker),
        ]
    )


_COMPLETION = (
    'bash:  eval "$(_FORDELA_COMPLETE=bash_source fordela)"',
    'zsh:   eval "$(_FORDELA_COMPLETE=zsh_source fordela)"',
    "fish:  _FORDELA_COMPLETE=fish_source fordela | source",
)


def _paragraph(speaker: Speaker, key: str) -> list[str]:
    return broken_text(speaker.say(key), speaker.width)


def _options(command: click.Command, ctx: click.Context, speaker: Speaker) -> list[str]:
    options = [one for one in command.get_params(ctx) if isinstance(one, click.Option)]
    rows = [(_written(one, speaker), speaker.say(_key(one))) for one in options if not one.hidden]
    return [speaker.say("help.options"), *listed(rows, speaker.width)]


def _written(option: click.Option, speaker: Speaker) -> str:
    """How an option is written: ``--format table|csv|json``, ``--receipt FILE``."""
    names = ", ".join(sorted(option.opts, key=len))
    if option.is_flag:
        return names
    # Words in capitals stand for what the user writes, and are the user's own.
    value = re.sub("[A-Z]{2,}", lambda word: speaker.say(f"value.{word[0]}"), str(option.metavar))
    return f"{names} {value}"


def _key(option: click.Option) -> str:
    """The phrase of an option; click names its own help option as it likes."""
    return "option.help" if "--help" in option.opts else f"option.{option.name}"
