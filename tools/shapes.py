"""Says in a reader's words how each line of ``dsl/grammar.lark`` is built.

Lark reads the grammar with its own grammar of grammars, so nothing about a line is said twice.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from lark import Lark, Token, Tree

from dsl.numbers import Language
from dsl.words import KEYWORDS, PARTS

Texts = Mapping[Language, str]

# What a part of a line is called; a rule that is not here is shown by its own parts.
_PARTS: Mapping[str, Texts] = {
    "name": {"sv": "namn", "en": "name"},
    "ref": {"sv": "namn", "en": "name"},
    "demanded": {"sv": "namn", "en": "name"},
    "quantity": {"sv": "tal med enhet", "en": "number with unit"},
    "signed_quantity": {"sv": "belopp", "en": "amount"},
    "expression": {"sv": "uträkning", "en": "calculation"},
    "term": {"sv": "uträkning", "en": "calculation"},
    "factor": {"sv": "tal eller namn", "en": "number or name"},
    "axis": {"sv": "indelning", "en": "dimension"},
    "label": {"sv": "medlem", "en": "member"},
    "member": {"sv": "medlem", "en": "member"},
    "noun": {"sv": "slags mottagare", "en": "kind of recipient"},
    "unit": {"sv": "enhet", "en": "unit"},
    "size": {"sv": "storlek", "en": "size"},
    "method": {"sv": "metod", "en": "method"},
    "relation": {"sv": "= < > ≤ ≥", "en": "= < > ≤ ≥"},
    "amount": {"sv": "hur mycket", "en": "how much"},
    "destination": {"sv": "vart", "en": "where to"},
    "TEXT": {"sv": "text", "en": "text"},
    "PATH": {"sv": "fil", "en": "file"},
    "NUMBER": {"sv": "tal", "en": "number"},
    "TITLE": {"sv": "nummer och rubrik", "en": "number and title"},
    "TITLE_BEFORE_FROM": {"sv": "rubrik", "en": "title"},
    "SIGN": {"sv": "+ eller −", "en": "+ or −"},
}
# Where a part means something narrower in one rule.
_NARROWER: Mapping[tuple[str, str], Texts] = {
    ("from_ruleset", "PATH"): {"sv": "mapp", "en": "folder"},
    ("from_ruleset", "TEXT"): {"sv": "pott", "en": "pot"},
    ("from_file", "TEXT"): {"sv": "rubrik", "en": "heading"},
    ("column", "TEXT"): {"sv": "rubrik", "en": "heading"},
    ("total", "TEXT"): {"sv": "rubrik", "en": "heading"},
    ("table", "TEXT"): {"sv": "rubrik", "en": "title"},
    ("appropriation", "TEXT"): {"sv": "nummer och rubrik", "en": "number and title"},
    ("statistic", "unit_word"): {"sv": "enhet", "en": "unit"},
    ("statistic", "WORD"): {"sv": "indelning", "en": "dimension"},
    ("amended", "pot"): {"sv": "pottens rad", "en": "the pot's line"},
    ("amended", "statistic"): {"sv": "underlagets rad", "en": "the statistic's line"},
    ("amended", "appropriation"): {"sv": "anslagets rad", "en": "the appropriation's line"},
    ("amended", "table"): {"sv": "tabellens rad", "en": "the table's line"},
    ("behaviour", "name"): {"sv": "pott", "en": "pot"},
    ("deleted", "behaviour"): {"sv": "krav", "en": "demand"},
    ("deleted", "comparison"): {"sv": "jämförelse", "en": "comparison"},
    ("dimension", "WORD"): {"sv": "indelning", "en": "dimension"},
    ("year", "NUMBER"): {"sv": "år", "en": "year"},
    ("stage", "NUMBER"): {"sv": "år", "en": "year"},
    ("adjustment", "TEXT"): {"sv": "skäl", "en": "reason"},
    ("builds_on", "PATH"): {"sv": "mapp", "en": "folder"},
    ("replaces", "PATH"): {"sv": "mapp", "en": "folder"},
    ("in_force", "TEXT"): {"sv": "datum", "en": "date"},
    ("amendment", "TEXT"): {"sv": "datum", "en": "date"},
    ("what_if", "TEXT"): {"sv": "namn", "en": "name"},
    ("deleted", "TEXT"): {"sv": "rubrik", "en": "title"},
}
_SIGNS = {"SLASH": "/", "TIMES": "×", "PERCENT_SIGN": "%", "SCALE": ""}
_ADDED: Texts = {"sv": "tillägg", "en": "addition"}
_OR: Texts = {"sv": " eller ", "en": " or "}


def rules() -> Mapping[str, Tree[Token]]:
    """Every rule of the grammar by its name."""
    return _rules()


@cache
def _rules() -> dict[str, Tree[Token]]:
    reader = Lark.open_from_package("lark", "lark.lark", ("grammars",), parser="lalr")
    text = (files("dsl") / "grammar.lark").read_text(encoding="utf-8")
    found = [tree for tree in reader.parse(text).children if _kind(tree) == "rule"]
    return {str(tree.children[0]).lstrip("?!"): tree.children[-1] for tree in found}  # type: ignore[union-attr, misc]


def opening_with(token: str) -> list[str]:
    """The rules of the lines that begin with a keyword."""
    return [line for line in _lines() if token in _first(rules()[line])]


def shape(rule: str, language: Language) -> str:
    """How what a rule describes is written: words of the language in bold, the rest in italics."""
    return " ".join(_shown(rules()[rule], rule, language).split()).replace(" ,", ",")


def alternatives(rule: str, language: Language) -> Iterator[tuple[str, str]]:
    """What may stand for a rule with several forms: the part's name, and how it is written."""
    tree = rules()[rule]
    for one in tree.children if tree.data == "expansions" else [tree]:
        assert isinstance(one, Tree)
        name = str(one.children[-1] or next(_names(one)))
        yield name, " ".join(_part_shown(one, rule, language).split())


def after_comma(rule: str, language: Language) -> Iterator[tuple[str, str]]:
    """What may be added to a line after commas, any number of times: name and how it is written."""
    for expression in rules()[rule].find_data("expr"):
        if expression.children[1] == "*":
            chosen = next(expression.find_data("expansions"), None)
            for one in chosen.children if chosen else []:
                assert isinstance(one, Tree)
                yield next(_names(one)), " ".join(_part_shown(one, rule, language).split())


def _part_shown(tree: Tree[Token], rule: str, language: Language) -> str:
    """An alternative, shown by its own parts where it is a rule and nothing else."""
    names = list(_names(tree))
    alone = len(names) == 1 and not list(tree.find_data("literal"))
    if alone and names[0] in rules() and names[0] not in _PARTS:
        return shape(names[0], language)
    return _shown(tree, rule, language)


def _shown(tree: Tree[Token], rule: str, language: Language) -> str:
    match _kind(tree):
        case "expansions":
            return _OR[language].join(_kids_shown(tree, rule, language))
        case "maybe":
            return f"[{' '.join(_kids_shown(tree, rule, language)).strip()}]"
        case "expr":
            return _repeated(tree, rule, language)
        case "name":
            return _named(str(tree.children[0]), rule, language)
        case "literal":
            sign = str(tree.children[0]).strip('"')
            return sign if sign in ",:()" else f"**{sign}**"
    return " ".join(_kids_shown(tree, rule, language))


def _repeated(tree: Tree[Token], rule: str, language: Language) -> str:
    inner, operator = tree.children[0], tree.children[1]
    assert isinstance(inner, Tree)
    shown = _shown(inner, rule, language)
    if operator != "*":
        return shown
    many = len(list(inner.find_data("expansions")))
    return f"[, *{_ADDED[language]}* …]" if many else f"[{shown} …]"


def _kids_shown(tree: Tree[Token], rule: str, language: Language) -> list[str]:
    return [_shown(kid, rule, language) for kid in tree.children if isinstance(kid, Tree)]


def _named(symbol: str, rule: str, language: Language) -> str:
    if symbol in KEYWORDS:
        return f"**{KEYWORDS[symbol][language][0]}**"
    if symbol == "PART_WORD":
        return _OR[language].join(f"**{forms[language][0]}**" for forms in PARTS.values())
    if symbol in _SIGNS:
        return _SIGNS[symbol]
    part = _NARROWER.get((rule, symbol)) or _PARTS.get(symbol)
    if part is not None:
        return f"*{part[language]}*"
    if symbol in _lines():  # a line that has its own row says there how it goes on
        return f"{_OR[language].join(_words(_first(rules()[symbol]), language))} …"
    return shape(symbol, language)


def _words(tokens: set[str], language: Language) -> list[str]:
    return [f"**{KEYWORDS[token][language][0]}**" for token in sorted(tokens)]


@cache
def _lines() -> tuple[str, ...]:
    """The rules that are a whole line."""
    return tuple(_names(rules()["start"]))


def _first(tree: Tree[Token]) -> set[str]:
    """The symbols that a rule may begin with."""
    match _kind(tree):
        case "name":
            return {str(tree.children[0])}
        case "expansions":
            return {name for kid in tree.children if isinstance(kid, Tree) for name in _first(kid)}
    kids = [kid for kid in tree.children if isinstance(kid, Tree)]
    return _first(kids[0]) if kids else set()


def _names(tree: Tree[Token]) -> Iterator[str]:
    for found in tree.find_data("name"):
        yield str(found.children[0])


def _kind(tree: Any) -> str:
    return str(tree.data) if isinstance(tree, Tree) else ""
