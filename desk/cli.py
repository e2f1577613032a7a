"""The command ``fordela``: finds the language and the verb, and turns outcomes into exit codes."""

import os
import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from desk.language import language_of
from desk.parsing import language_option
from desk.speaker import Speaker
from desk.terminal import close_output, has_colour, prepare, width_of
from desk.usage import Misuse, closest, placed, spoken
from desk.verbs import VERBS, verb_called

WRONG_USE = 2
BROKEN = 70  # as sysexits.h has it: the program itself is wrong
INTERRUPTED = 130
READER_LEFT = 141

_HELP = frozenset({"help", "hjälp", "hjalp"})


class Program(click.Group):
    """All verbs; each is imported when it is used."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run a command line and leave with its exit code."""
        arguments = kwargs.get("args", args[0] if args else None)
        speaker = _speaker(sys.argv[1:] if arguments is None else list(arguments))
        prepare()
        code = _coded(speaker, lambda: self._run(arguments, speaker))
        sys.exit(code)

    def _run(self, arguments: list[str] | None, speaker: Speaker) -> int:
        code = super().main(arguments, "fordela", standalone_mode=False, obj=speaker)
        return code if isinstance(code, int) else 0

    def invoke(self, ctx: click.Context) -> Any:
        """Run the verb; a reader of the output who leaves early is no error."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            close_output()
            return READER_LEFT

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse what stands before the verb; ``help run`` is another way to say ``run --help``."""
        if args and args[0].casefold() in _HELP:
            args = [*args[1:2], "--help"]
        with placed(ctx):
            return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - as click has it
        """The verbs by their first names."""
        return [verb.name for verb in VERBS]

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002 - as click has it
        cmd_name: str,
    ) -> click.Command | None:
        """The verb with this name or alias."""
        verb = verb_called(cmd_name)
        return verb.load() if verb else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The verb that the arguments begin with."""
        command = self.get_command(ctx, args[0])
        if command is None and not ctx.resilient_parsing:
            names = [name for verb in VERBS for name in verb.names]
            raise Misuse("no_such_verb", closest(args[0].casefold(), names), verb=args[0])
        return command.name if command else None, command, args[1:]

    def get_help(self, ctx: click.Context) -> str:
        """The page of help."""
        from desk.help_page import of_program

        return of_program(self, ctx)


def _speaker(arguments: list[str]) -> Speaker:
    return Speaker(
        language=language_of(arguments, os.environ),
        colour=has_colour(sys.stdout, os.environ),
        colour_errors=has_colour(sys.stderr, os.environ),
        width=width_of(sys.stdout),
        error_width=width_of(sys.stderr),
        program=called(sys.argv[0]),
    )


def called(path: str) -> str:
    """How to call the program from where the user is: by name, or by its path when not on PATH.

    Args:
        path: the path that it was called by.
    """
    from shutil import which

    if Path(path).name != "fordela" or which("fordela"):
        return "fordela"
    try:
        relative = os.path.relpath(path)
    except ValueError:  # on another drive
        relative = path
    if os.sep not in relative:
        relative = f"{os.curdir}{os.sep}{relative}"
    return shlex.quote(min(relative, str(Path(path).absolute()), key=len))


def _coded(speaker: Speaker, run: Callable[[], int]) -> int:
    """The exit code of what is run."""
    try:
        return run()
    except click.ClickException as error:
        speaker.remark(spoken(error, speaker))
        return WRONG_USE
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except OSError as error:
        speaker.remark(speaker.say("ui.system", reason=error.strerror or str(error)))
        return WRONG_USE
    except Exception:  # noqa: BLE001 - a fault of ours is said to be ours, with all that is known
        return _broken(speaker)


def _broken(speaker: Speaker) -> int:
    from traceback import format_exc

    speaker.remark(format_exc())
    speaker.remark(speaker.say("ui.broken"))
    return BROKEN


def _print_version(ctx: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if not wanted or ctx.resilient_parsing:
        return
    from importlib.metadata import PackageNotFoundError, version

    speaker = ctx.ensure_object(Speaker)
    try:
        speaker.result(speaker.say("ui.version", version=version("fordela")))
    except PackageNotFoundError:
        speaker.result(speaker.say("ui.not_installed"))
    ctx.exit()


@click.pass_context
def _welcome(ctx: click.Context) -> None:
    if ctx.invoked_subcommand is None:
        from desk.help_page import welcome

        speaker = ctx.ensure_object(Speaker)
        speaker.result(welcome(speaker))


main = Program(
    "fordela",
    callback=_welcome,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    params=[
        language_option(),
        click.Option(
            ["--version"], is_flag=True, is_eager=True, expose_value=False, callback=_print_version
        ),
    ],
)

if __name__ == "__main__":
    main()
