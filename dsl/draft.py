"""Rewrites the text of a rule file as a draft for another budget year.

Only what cannot be right next year is touched: the year, the decision, which version it was, and
the published tables, whose lines are kept as comments. Everything else is the author's to change.
"""

import re

from dsl import syntax as s
from dsl.document import language_of
from dsl.numbers import Language
from dsl.parser import ParsedLine, parse_line
from dsl.printer import print_line
from dsl.source import RuleLine, read_source, split_lines


def draft_text(file: str, text: str, before: int, year: int) -> str:
    """The rules of one budget year as a draft for another.

    Args:
        file: the file's name; ``.md`` means rules inside fences.
        text: a rule file that can be read.
        before: its budget year.
        year: the new one.
    """
    source = read_source(file, text.encode())
    language = language_of(source.lines)
    lines = split_lines(text)
    for line in source.lines:
        parsed = parse_line(line, language)
        if isinstance(parsed, ParsedLine):
            place = line.span.line - 1
            lines[place] = _rewritten(lines[place], line, parsed.node, (before, year), language)
    return "\n".join(lines)


def _rewritten(
    text: str, line: RuleLine, node: s.Node, years: tuple[int, int], language: Language
) -> str:
    before, year = years
    margin = text[: len(text) - len(text.lstrip())]
    match node:
        case s.RulesetName():
            return title_for(text, before, year)
        case s.BudgetYear():
            return text.replace(line.code, print_line(s.BudgetYear(year), language))
        case s.BuildsOn(name) if "/" not in name:
            return text.replace(line.code, print_line(s.BuildsOn(f"{before}/{name}"), language))
        case s.Decision() | s.Replaces() | s.InForce() | s.Facit():
            return f"{margin}# {text.strip()}"
    return text


def title_for(title: str, before: int, year: int) -> str:
    """A ruleset's name for another budget year."""
    return re.sub(rf"(?<!\d){before}(?!\d)", str(year), title)


def building_on(name: s.RulesetName, below: str, years: tuple[int, int], language: Language) -> str:
    """The rules of a draft that takes everything from another ruleset until it says otherwise."""
    before, year = years
    title = title_for(name.text, before, year)
    nodes = (s.RulesetName(title), s.BudgetYear(year), s.BuildsOn(f"{before}/{below}"))
    return "".join(f"{print_line(node, language)}\n" for node in nodes)
