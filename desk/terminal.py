"""What the streams can carry: characters, colours, and a reader who leaves early."""

import codecs
import os
import re
import shutil
import sys
import unicodedata
from collections.abc import Mapping
from io import TextIOWrapper
from typing import TextIO

# How wide a page is where there is no terminal, and the limits where there is one.
PAGE = 100
NARROWEST, WIDEST = 60, 120

# What stands for a character that a stream cannot carry, when taking its marks off is not enough.
_PLAIN = {
    "✓": "ok", "✗": "!!", "·": "-", "…": "...", "−": "-", "–": "-", "—": "-", "×": "x", "→": "->",
    "≤": "<=", "≥": ">=", "”": '"', "“": '"', "’": "'", "█": "#", "▏": "", "▎": "", "▍": "",
    "▌": "#", "▋": "#", "▊": "#", "▉": "#", "─": "-", "│": "|", "├": "|", "└": "`", "╭": "-",
    "╰": "-", "▸": ">", "§": "par. ", "½": "1/2", "æ": "ae", "ø": "o", "ß": "ss", "€": "EUR",
}  # fmt: skip


# What steers a terminal or turns text around; of what begins with an escape only our colours pass.
_STEERING = re.compile(
    r"\x1b(?!\[\d{1,2}m)|[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069]"
)


def harmless(text: str) -> str:
    """A text that steers no terminal, whatever is in the names of files and folders."""
    return _STEERING.sub("\N{REPLACEMENT CHARACTER}", text)


def prepare() -> None:
    """Let no character stop a report: what a stream cannot carry is written more plainly."""
    codecs.register_error("fordela", _plainer)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="fordela")


def send_data(newline: str | None = None) -> None:
    """Make standard output UTF-8, as a program that reads data expects wherever it runs.

    Args:
        newline: how lines end; else as the computer has it.
    """
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="fordela", newline=newline)


def close_output() -> None:
    """Give up standard output whose reader has left, so that nothing complains at the exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())


def has_colour(stream: TextIO | None, environment: Mapping[str, str]) -> bool:
    """Whether to colour: only on a terminal, and not if its owner objects (no-color.org)."""
    if environment.get("NO_COLOR") or environment.get("TERM") == "dumb":
        return False
    return stream is not None and stream.isatty()


def width_of(stream: TextIO | None) -> int:
    """How many characters a line may have."""
    if stream is None or not stream.isatty():
        return PAGE
    return min(max(shutil.get_terminal_size((PAGE, 24)).columns, NARROWEST), WIDEST)


def _plainer(error: UnicodeError) -> tuple[str, int]:
    """The error handler behind ``errors="fordela"``; always ASCII."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end]
    return "".join(map(_plain, text)), error.end


def _plain(character: str) -> str:
    known = _PLAIN.get(character)
    if known is not None:
        return known
    bare = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode("ascii")
    return bare or "?"
