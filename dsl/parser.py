"""Parses rule lines with Lark, one line at a time, so that three mistakes give three findings."""

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from attrs import frozen
from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedInput, UnexpectedToken, VisitError

from dsl.build import Builder, Misread
from dsl.numbers import Language
from dsl.source import RuleLine
from dsl.syntax import Node
from dsl.table_cache import table_file
from dsl.words import KEYWORDS, PARTS, SCALES, Forms

# More terms and parentheses than any formula needs, fewer than the interpreter's stack holds.
MAX_DEPTH = 100


@frozen
class ParsedLine:
    """A rule line and its node."""

    line: RuleLine
    node: Node


@frozen
class UnreadLine:
    """A rule line that does not parse.

    Attributes:
        line: the line.
        position: index in the line's code where reading stopped.
        reason: why, when it is more precise than “not understood”: a finding's code and data.
    """

    line: RuleLine
    position: int
    reason: Misread | None = None


def parse_line(line: RuleLine, language: Language) -> ParsedLine | UnreadLine:
    """Read one line in one language."""
    try:
        tree = grammar(language).parse(line.code)
    except UnexpectedInput as error:
        return UnreadLine(line, _stopped_at(error, line))
    if _depth(tree) > MAX_DEPTH:
        return UnreadLine(line, 0, Misread("F017", {"limit": MAX_DEPTH}, 0, len(line.code)))
    try:
        node: Node = Builder(line, language).transform(tree)
    except VisitError as error:
        if not isinstance(error.orig_exc, Misread):
            raise
        return UnreadLine(line, error.orig_exc.position, error.orig_exc)
    return ParsedLine(line, node)


def _stopped_at(error: UnexpectedInput, line: RuleLine) -> int:
    if isinstance(error, UnexpectedToken) and error.token.type == "$END":
        return len(line.code)
    position: int | None = error.pos_in_stream
    return max(position or 0, 0)


@cache
def grammar(language: Language) -> Lark:
    """The grammar with one language's keywords. LALR only: linear time on any input."""
    text = (files("dsl") / "grammar.lark").read_text(encoding="utf-8")
    return Lark(
        text + "\n".join(_terminals(language)),
        parser="lalr",
        lexer="contextual",
        propagate_positions=True,
        maybe_placeholders=False,
        cache=table_file(language) or False,
    )


def _terminals(language: Language) -> list[str]:
    lines = [_terminal(token, forms[language]) for token, forms in KEYWORDS.items()]
    lines.append(_terminal("PART_WORD", _all_forms(PARTS, language)))
    lines.append(_terminal("SCALE", tuple(SCALES[language])))
    return lines


def _all_forms(table: Mapping[tuple[int, int], Forms], language: Language) -> tuple[str, ...]:
    return tuple(form for forms in table.values() for form in forms[language])


def _terminal(token: str, forms: tuple[str, ...]) -> str:
    # More words win over fewer (“till varje” over “till”), and any keyword over a name.
    priority = 2 + max(len(form.split()) for form in forms)
    pattern = "|".join(_pattern(form) for form in sorted(forms, key=len, reverse=True))
    return rf"{token}.{priority}: /(?:{pattern})(?!\w|[-–:]\w)/"


def _pattern(form: str) -> str:
    words = ("".join(map(_either_case, word)) for word in form.split())
    # Any blank, as in names and paths: what looks like a keyword must not be a path.
    return r"\s+".join(words).replace(",", r"[ \t]*,")


def _either_case(char: str) -> str:
    # Spelt out: to the flag for this, a Turkish ı is an i as well, and “mıljoner” a known word.
    small, capital = char.lower(), char.upper()
    return f"[{small}{capital}]" if small != capital else re.escape(char).replace("/", r"\/")


def _depth(tree: Tree[Token]) -> int:
    """How deeply a tree is nested; iterative, as the tree may be deeper than the stack."""
    depth, layer = 0, [tree]
    while layer:
        depth += 1
        layer = [kid for node in layer for kid in node.children if isinstance(kid, Tree)]
    return depth
