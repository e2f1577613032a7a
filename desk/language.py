"""Chooses the language to speak: what ``--lang`` says, else the environment, else Swedish."""

from collections.abc import Mapping, Sequence

from dsl.numbers import Language

OPTION = "--lang"
LANGUAGES: tuple[Language, ...] = ("sv", "en")

# The first of these that is set decides, as POSIX has it.
_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")


def language_of(arguments: Sequence[str], environment: Mapping[str, str]) -> Language:
    """The language for a command line; a wrong ``--lang`` is left for the parser to refuse."""
    return _said(arguments) or _local(environment) or "sv"


def _said(arguments: Sequence[str]) -> Language | None:
    """What the last ``--lang`` says, wherever it stands."""
    found: Language | None = None
    for place, argument in enumerate(arguments):
        if argument == "--":
            break
        option, equals, value = argument.partition("=")
        if option == OPTION:
            value = value if equals else "".join(arguments[place + 1 : place + 2])
            found = _known(value) or found
    return found


def _local(environment: Mapping[str, str]) -> Language | None:
    """The language of a locale such as ``en_GB.UTF-8``; none for C, POSIX and other languages."""
    locale = next(filter(None, map(environment.get, _VARIABLES)), "")
    return _known(locale.replace(".", "_").replace("-", "_").partition("_")[0])


def _known(text: str) -> Language | None:
    return next((language for language in LANGUAGES if language == text.lower()), None)
