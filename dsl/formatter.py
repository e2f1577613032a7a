"""Rewrites a rule file in its one canonical form, or in the other language; keeps every comment.

Only rule lines change. Prose, fences, blank lines and comments stay where they are.
"""

from codecs import BOM_UTF8

from dsl import syntax as s
from dsl.document import is_inner, language_of
from dsl.numbers import Language
from dsl.parser import ParsedLine, parse_line
from dsl.printer import INDENT, print_line
from dsl.source import RuleLine, read_source, split_lines


def format_rules(file: str, data: bytes, language: Language | None = None) -> str:
    """The file in canonical form.

    Args:
        file: its name; ``.md`` means rules inside fences.
        data: its bytes, which must be readable (``document.read_document`` finds nothing).
        language: to write the rules in; the language that they are in when not given.
    """
    source = read_source(file, data)
    spoken = language_of(source.lines)
    formatted = {}
    in_item = False
    for line in source.lines:
        parsed = parse_line(line, spoken)
        if not isinstance(parsed, ParsedLine):
            continue
        in_item = _in_item(parsed.node, inside=in_item)
        depth = _depth(parsed.node, in_item=in_item)
        formatted[line.span.line] = _written(line, parsed.node, depth, language or spoken)
    lines = split_lines(data.removeprefix(BOM_UTF8).decode("utf-8"))
    return "\n".join(formatted.get(n, one) for n, one in enumerate(lines, 1))


def _in_item(node: s.Node, *, inside: bool) -> bool:
    """Whether the lines of money that follow belong to an appropriation item."""
    if isinstance(node, s.Post):
        return True
    return inside and isinstance(node, s.Flow)


def _depth(node: s.Node, *, in_item: bool) -> int:
    if not is_inner(node):
        return 0
    return 2 if in_item and isinstance(node, s.Flow) else 1


def _written(line: RuleLine, node: s.Node, depth: int, language: Language) -> str:
    comment = f"  {line.comment.strip()}" if line.comment else ""
    return INDENT * depth + print_line(node, language) + comment
