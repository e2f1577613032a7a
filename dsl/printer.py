"""Prints nodes as rule text in either language: the one way to write each thing."""

import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cache
from typing import Any

from attrs import evolve

from dsl import syntax as s
from dsl.numbers import Language, format_number, has_finite_decimals
from dsl.words import (
    BEHAVIOURS,
    FREE_WITHIN_NAMES,
    HEADS,
    INNER,
    KEYWORDS,
    NOUNS,
    PARTS,
    RELATIONS,
    UNITS,
    Forms,
)

# A name as the grammar reads it without quotation marks.
_WORD = r"[^\W\d_](?:\w|[-–:.'’&](?=\w)|-(?= ))*"
_NUMERAL = r"\d(?:\w|[-–:.](?=\w))*"
_PLAIN_LABEL = re.compile(rf"(?:{_WORD}|{_NUMERAL})(?: (?:{_WORD}|{_NUMERAL}))*")
_PLAIN_NAME = re.compile(rf"{_WORD}(?: (?:{_WORD}|{_NUMERAL}))*")
INDENT = "  "


def print_document(document: s.Document, language: Language) -> str:
    """The whole document: a blank line before every statement that has lines of its own."""
    printer = Printer(language)
    lines: list[str] = []
    for statement in document.statements:
        parts = getattr(statement, "parts", ())
        if lines and (parts or lines[-1].startswith(INDENT)):
            lines.append("")
        lines.append(printer.line(statement))
        lines += _inner_lines(printer, parts, 1)
    return "\n".join(lines) + "\n"


def print_line(node: s.Node, language: Language) -> str:
    """One line, without its margin."""
    return Printer(language).line(node)


def print_block(node: s.Statement, language: Language) -> str:
    """A statement with all its lines."""
    printer = Printer(language)
    return "\n".join([printer.line(node), *_inner_lines(printer, getattr(node, "parts", ()), 1)])


def _inner_lines(printer: "Printer", parts: tuple[Any, ...], depth: int) -> list[str]:
    lines = []
    for part in parts:
        lines.append(INDENT * depth + printer.line(part))
        lines += _inner_lines(printer, getattr(part, "parts", ()), depth + 1)
    return lines


@cache
def _inside(language: Language) -> re.Pattern[str]:
    """The words that end a name; or, first in it, make another word of the one before it."""
    forms = {form for forms in INNER.values() for form in forms[language]}
    # “varje” after “till”, “alla poster” after “summan av”.
    ends = {one.removeprefix(f"{two} ") for one in forms for two in forms} - forms
    ending = {token: forms for token, forms in INNER.items() if token not in FREE_WITHIN_NAMES}
    ends |= {form for token in FREE_WITHIN_NAMES for form in INNER[token][language]}
    first = "|".join(map(re.escape, sorted(ends)))
    inside = _alternatives(ending, language)
    return re.compile(rf"(?i)(?<!\w)(?:{inside})(?!\w)|^(?:{first})(?!\w)")


@cache
def _before_to(language: Language) -> re.Pattern[str]:
    """The words that make another word of “to” after a name: “lika” before “till varje”."""
    forms = {form for forms in INNER.values() for form in forms[language]}
    begins = {one.removesuffix(f" {two}") for one in forms for two in forms} - forms
    return re.compile(rf"(?i)(?<!\w)(?:{'|'.join(map(re.escape, sorted(begins)))})$")


@cache
def _opening(language: Language) -> re.Pattern[str]:
    """The words that open a line."""
    heads, parts = _alternatives(HEADS, language), _alternatives(PARTS, language)
    return re.compile(rf"(?i)(?:{heads}|{parts})(?!\w)")


def _alternatives(table: Mapping[Any, Forms], language: Language) -> str:
    return "|".join(re.escape(form) for forms in table.values() for form in forms[language])


class Printer:
    """Words of one language for every kind of node."""

    def __init__(self, language: Language) -> None:
        """Print in this language."""
        self.language = language

    def word(self, token: str) -> str:
        """A keyword."""
        return KEYWORDS[token][self.language][0]

    def line(self, node: s.Node) -> str:
        """A whole line."""
        print_node: Callable[[Any], str] = getattr(self, f"_{type(node).__name__}")
        amends = f"{self.word('AMEND')} " if getattr(node, "amends", False) else ""
        return amends + print_node(node)

    # ------------------------------------------------------------ names, numbers, expressions

    def name(self, name: s.Name) -> str:
        """A name, in quotation marks when it would otherwise be read as something else."""
        plain = _PLAIN_NAME.fullmatch(name.text) and not _inside(self.language).search(name.text)
        return name.text if plain else f"”{name.text}”"

    def label(self, name: s.Name) -> str:
        """A member of an axis where the axis is declared; it may be a number."""
        plain = _PLAIN_LABEL.fullmatch(name.text) and not _inside(self.language).search(name.text)
        return name.text if plain else f"”{name.text}”"

    def _member(self, name: s.Name) -> str:
        """A member in a range, where the word that joins axes is no part of a name."""
        joins = re.search(rf"(?i)(?<!\w){re.escape(self.word('AND'))}(?!\w)", name.text)
        return f"”{name.text}”" if joins else self.label(name)

    def _name_of_amount(self, name: s.Name) -> str:
        """A name that opens a line, where also the words that open other lines are taken."""
        taken = _opening(self.language).match(name.text)
        taken = taken or _before_to(self.language).search(name.text)
        return f"”{name.text}”" if taken else self.name(name)

    def number(self, value: Fraction) -> str:
        """A number with ordinary blanks between groups of three."""
        if not has_finite_decimals(value):
            raise ValueError(value)
        return format_number(value, self.language, blank=" ").replace("\u2212", "−")

    def unit(self, words: tuple[str, ...], noun: str | None = None) -> str:
        """Unit words joined by “per”."""
        forms = [UNITS[word][self.language] for word in words]
        shown = [form[0] if place == 0 else form[1] for place, form in enumerate(forms)]
        if noun:
            shown.append(NOUNS[noun][self.language][1])
        return f" {self.word('PER')} ".join(shown)

    def quantity(self, quantity: s.Quantity) -> str:
        """A number with its unit."""
        if quantity.unit == ("percent",):
            return f"{self.number(quantity.number)} %"
        unit = f" {self.unit(quantity.unit)}" if quantity.unit else ""
        return self.number(quantity.number) + unit

    def expression(self, node: s.Expression, inside: int = 0) -> str:
        """An expression; parentheses only where the tree needs them."""
        text, strength = self._expression(node)
        return f"({text})" if strength < inside else text

    def _expression(self, node: s.Expression) -> tuple[str, int]:
        match node:
            case s.Binary(operator, left, right):
                strength = 1 if operator in "+-" else 2
                sign = {"+": "+", "-": "−", "*": "×", "/": "/"}[operator]
                first = self.expression(left, strength)
                return f"{first} {sign} {self.expression(right, strength + 1)}", strength
            case s.Negative(operand):
                return f"−{self._operand(operand)}", 3
            case s.ShareOf(operand):
                return f"{self.word('SHARE')} {self._operand(operand)}", 3
            case s.SumOf(operand):
                # A sum over axes directly within could be read without parentheses, but not easily.
                inside = 4 if isinstance(operand, s.SumOver) else 3
                return f"{self.word('SUM_OF')} {self.expression(operand, inside)}", 3
            case s.SumOver():
                return self._sum_over(node), 3
            case s.SumTo(name):
                return f"{self.word('SUM_TO')} {self.name(name)}", 3
            case s.AllPosts():
                return self.word("ALL_POSTS"), 3
            case s.Mix():
                return self._mix(node), 3
            case s.PhaseIn():
                return self._phase_in(node), 3
            case s.StepFunction():
                raise TypeError(node)  # printed as a statement of its own
            case s.Ref(name):
                return self.name(name), 4
            case s.Quantity():
                return self.quantity(node), 4

    def _sum_over(self, node: s.SumOver) -> str:
        # A sum directly within would take “over” as its own.
        inside = 4 if _ends_in_sum(node.operand) else 3
        axes = f" {self.word('AND')} ".join(map(self.axis, node.axes))
        what = self.expression(node.operand, inside)
        return f"{self.word('SUM_OF')} {what} {self.word('OVER')} {axes}"

    def axis(self, axis: s.Axis) -> str:
        """An axis to add over, with its range if it has one."""
        if axis.first is None or axis.last is None:
            return axis.name.text
        first, last = self._member(axis.first), self._member(axis.last)
        return f"{axis.name.text} {self.word('FROM')} {first} {self.word('TO')} {last}"

    def _mix(self, node: s.Mix) -> str:
        parts = (f"{self._weight(one.weight)} {self._operand(one.key)}" for one in node.parts)
        return f"{self.word('MIX')} ({', '.join(parts)})"

    def _weight(self, weight: s.Quantity | s.Part) -> str:
        """A weight of a mix; a fraction always in figures."""
        if isinstance(weight, s.Part):
            return f"{weight.numerator}/{weight.denominator}"
        return self.quantity(weight)

    def _phase_in(self, node: s.PhaseIn) -> str:
        old, new = self._operand(node.old), self._operand(node.new)
        stages = ", ".join(f"{one.year}: {self.quantity(one.weight)}" for one in node.stages)
        old = f"({old})" if _before_to(self.language).search(old) else old
        head = f"{self.word('PHASE_IN')} {self.word('FROM')} {old} {self.word('TO')} {new}"
        return f"{head} ({stages})"

    def _operand(self, node: s.Expression) -> str:
        return self.expression(node, 3)

    def amount(self, amount: s.Amount) -> str:
        """How much a line moves."""
        match amount:
            case s.Part(numerator, denominator):
                forms = PARTS.get((numerator, denominator))
                return forms[self.language][0] if forms else f"{numerator}/{denominator}"
            case s.Rest():
                return self.word("REST")
            case s.All():
                return self.word("ALL")
            case s.Ref(name):
                return self._name_of_amount(name)
            case s.Quantity():
                return self.quantity(amount)

    def rounding(self, rounding: s.Rounding) -> str:
        """A rounding declaration without its first word."""
        size = ""
        if rounding.unit is not None:
            size = f"{self.word('TO')} {self._size(rounding.unit)}, "
        ties = f", {self.word(_TIES[rounding.ties])}" if rounding.ties else ""
        return size + self._method(rounding) + ties

    def _size(self, unit: Fraction) -> str:
        if unit.denominator == 1:
            return f"{self.number(unit)} kr"
        return f"{self.number(unit * 100)} öre"

    def _method(self, rounding: s.Rounding) -> str:
        if rounding.difference is None:
            return self.word(_METHODS[rounding.method])
        token = "DOWN_REST" if rounding.method is s.Method.DOWN else "NEAREST_DIFFERENCE"
        bearer = rounding.difference
        who = self.word("LARGEST") if isinstance(bearer, s.Largest) else self.name(bearer)
        return f"{self.word(token)} {who}"

    def _options(self, rounding: s.Rounding | None) -> str:
        return f", {self.word('ROUND')} {self.rounding(rounding)}" if rounding else ""

    def _amount_of(self, amount: s.Quantity | None) -> str:
        return f" = {self.quantity(amount)}" if amount else ""

    def _comparison(self, node: s.Comparison) -> str:
        sign = RELATIONS[node.relation][0]
        return f"{self.expression(node.left)} {sign} {self.expression(node.right)}"

    def _condition(self, node: s.Condition) -> str:
        either = f" {self.word('OR')} ".join(map(self._comparison, node.alternatives))
        return f"{self.word('IF')} {either}"

    def _limit(self, node: s.Limit, *, each: bool) -> str:
        every = f" {self.word('EACH_ONE')}" if each else ""
        return f"{self.word(node.side.upper())} {self.expression(node.amount)}{every}"

    # ------------------------------------------------------------ lines, by class of node

    def _RulesetName(self, node: s.RulesetName) -> str:
        return f"{self.word('RULESET')} {node.text}"

    def _BudgetYear(self, node: s.BudgetYear) -> str:
        return f"{self.word('YEAR')} {node.year}"

    def _Decision(self, node: s.Decision) -> str:
        day = node.day.isoformat() if node.day else ""
        return f"{self.word('DECISION')} {', '.join(filter(None, (node.text, day)))}"

    def _Recipients(self, node: s.Recipients) -> str:
        path = f", {self.word('FROM')} {node.path}" if node.path else ""
        return f"{self.word('RECIPIENTS')} {NOUNS[node.noun][self.language][0]}{path}"

    def _OtherRecipients(self, node: s.OtherRecipients) -> str:
        return f"{self.word('OTHERS')} {', '.join(map(self.name, node.names))}"

    def _RoundingRule(self, node: s.RoundingRule) -> str:
        scope = f" {self.word('AMOUNT')}" if node.scope == "amounts" else ""
        return f"{self.word('ROUND')}{scope} {self.rounding(node.rounding)}"

    def _Statistic(self, node: s.Statistic) -> str:
        per = [NOUNS[node.noun][self.language][1]] if node.noun else []
        per += [axis.text for axis in node.axes]
        *others, last = per or [""]
        listed = f" {self.word('AND')} ".join(filter(None, (", ".join(others), last)))
        unit = f" {self.word('PER')} ".join(filter(None, (self.unit(node.unit), listed)))
        said = f", {unit}" if unit else ""
        return f"{self.word('STATISTIC')} {self.name(node.name)}{said}"

    def _Dimension(self, node: s.Dimension) -> str:
        members = ", ".join(map(self.label, node.members))
        return f"{self.word('DIMENSION')} {node.name.text} = {members}"

    def _FromFile(self, node: s.FromFile) -> str:
        column = f", {self.word('COLUMN')} {node.column}" if node.column else ""
        return f"{self.word('FROM')} {node.path}{column}"

    def _FromRuleset(self, node: s.FromRuleset) -> str:
        pot = f", {self.word('POT')} {node.pot}" if node.pot else ""
        return f"{self.word('FROM_RULESET')} {node.ruleset}{pot}"

    def _Citation(self, node: s.Citation) -> str:
        return f"{self.word('SOURCE')} {node.text}"

    def _AsOf(self, node: s.AsOf) -> str:
        return f"{self.word('AS_OF')} {node.text}"

    def _Recovered(self, node: s.Recovered) -> str:
        return f"{self.word('RECOVERED')} {node.text}"

    def _Bound(self, node: s.Bound) -> str:
        return f"{self.word(node.side.upper())} {self.quantity(node.limit)}"

    def _SumsTo(self, node: s.SumsTo) -> str:
        return f"{self.word('SUMS_TO')} {self.quantity(node.total)}"

    def _Appropriation(self, node: s.Appropriation) -> str:
        return f"{self.word('APPROPRIATION')} {node.code} {node.title}".rstrip()

    def _Post(self, node: s.Post) -> str:
        head = f"{self.word('POST')} {node.number} {node.title}".rstrip()
        return head + self._amount_of(node.amount)

    def _Pot(self, node: s.Pot) -> str:
        noun = f", {self.word('TO')} {NOUNS[node.noun][self.language][2]}" if node.noun else ""
        head = f"{self.word('POT')} {self.name(node.name)}{self._amount_of(node.amount)}"
        return head + noun + self._options(node.rounding)

    def _Flow(self, node: s.Flow) -> str:
        each = not isinstance(node.destination, s.ToName)
        said = [f"{self.amount(node.amount)} {self._destination(node.destination)}"]
        said += [self._within(node.within)] if node.within else []
        said += [self._condition(one) for one in node.conditions]
        said += [self._limit(one, each=each) for one in node.limits]
        said += [self.word("IN_PROPORTION")] if node.in_proportion else []
        said += [self.word("PAID")] if node.paid else []
        return ", ".join(said) + self._options(node.rounding)

    def _within(self, node: s.Within) -> str:
        area = f"{self.word('WITHIN_EACH')} {NOUNS[node.noun][self.language][1]}"
        return f"{area} {self._destination(node.destination)}"

    def _destination(self, node: s.Destination) -> str:
        match node:
            case s.ByKey(key):
                return f"{self.word('BY')} {self.expression(key)}"
            case s.ToEach(noun):
                return f"{self.word('TO_EACH')} {NOUNS[noun][self.language][1]}"
            case s.Equally(noun):
                return f"{self.word('EQUALLY')} {NOUNS[noun][self.language][1]}"
            case s.ToName(name):
                return f"{self.word('TO')} {self.name(name)}"

    def _Adjustment(self, node: s.Adjustment) -> str:
        sign = "+" if node.amount.number >= 0 else "−"
        size = s.Quantity(abs(node.amount.number), node.amount.unit)
        who = self.name(node.recipient)
        return f"{self.word('ADJUST')} {who} {sign}{self.quantity(size)}, {node.reason}"

    def _Definition(self, node: s.Definition) -> str:
        head = f"{self.word(node.sort.upper())} {self.name(node.name)}"
        rounding = self._options(node.rounding)
        if node.rounding is not None and node.rounding.decimals:
            rounding = self._to_decimals(node.rounding)
        return f"{head}{rounding} = {self.expression(node.expression)}"

    def _to_decimals(self, rounding: s.Rounding) -> str:
        decimals = len(str((rounding.unit or Fraction(1)).denominator)) - 1
        form = KEYWORDS["DECIMALS"][self.language][1 if decimals == 1 else 0]
        head = f", {self.word('ROUND')} {self.word('TO')} {decimals} {form}"
        return f"{head}, {self._method(rounding)}"

    def _Steps(self, node: s.Steps) -> str:
        measure = self.expression(node.measure)
        return f"{self.word('STEPS')} {self.name(node.name)} {self.word('BY')} {measure}"

    def _Rung(self, node: s.Rung) -> str:
        gives = f"{self.word('GIVES')} {self.expression(node.value)}"
        if node.low is None:
            assert node.high is not None
            return f"{self.word('BELOW')} {self.quantity(node.high)} {gives}"
        high = f" {self.word('UP_TO')} {self.quantity(node.high)}" if node.high else ""
        return f"{self.word('FROM_VALUE')} {self.quantity(node.low)}{high} {gives}"

    def _Check(self, node: s.Check) -> str:
        left, right = self.expression(node.left), self.expression(node.right)
        relation = RELATIONS[node.relation][0]
        says = f", {self.word('SAYS')} {self.quantity(node.printed)}" if node.printed else ""
        return f"{self.word('CHECK')} {left} {relation} {right}{says}"

    def _Demand(self, node: s.Demand) -> str:
        return f"{self.word('ALWAYS')} {self.claim(node.claim)}"

    def claim(self, node: s.Claim) -> str:
        """What a demand claims."""
        if isinstance(node, s.Behaviour):
            return self._behaviour(node)
        text = self._comparison(node)
        if not _behaving(self.language, _CLAIMING).match(text):
            return text
        # The name first in it would be taken for a claim about what recipients get.
        first = self.name(_first_name(node.left))
        return f"”{first}”{text.removeprefix(first)}"

    def _behaviour(self, node: s.Behaviour) -> str:
        opening, closing = BEHAVIOURS[node.sort]
        name = self.name(node.name)
        if _behaving(self.language, _GIVING).search(name) and not name.startswith("”"):
            name = f"”{name}”"
        pot = f" {self.word('FROM_POT')} {self.name(node.pot)}" if node.pot else ""
        return f"{self.word(opening)} {name} {self.word(closing)}{pot}"

    def _Table(self, node: s.Table) -> str:
        return f"{self.word('TABLE')} {node.title}"

    def _Column(self, node: s.Column) -> str:
        shown = f", {self._display(node.display)}," if node.display else ""
        what = self.expression(node.expression)
        return f"{self.word('COLUMN')} {what}{shown} {self.word('AS')} {node.heading}"

    def _display(self, display: s.Display) -> str:
        form = KEYWORDS["DECIMALS"][self.language][1 if display.decimals == 1 else 0]
        decimals = f"{self.word('WITH')} {display.decimals} {form}"
        if display.scale == "number":
            return decimals
        scale = self.word("IN_PERCENT" if display.scale == "percent" else "IN_MILLIONS")
        return f"{scale} {decimals}" if display.decimals else scale

    def _Total(self, node: s.Total) -> str:
        return f"{self.word('SUM')} {node.heading}"

    def _RowPer(self, node: s.RowPer) -> str:
        return f"{self.word('ROW_PER')} {NOUNS[node.noun][self.language][1]}"

    def _Facit(self, node: s.Facit) -> str:
        return f"{self.word('FACIT')} {self.word('FROM')} {node.path}"

    def _Remark(self, node: s.Remark) -> str:
        return f"{self.word('REMARK')} {node.text}"

    def _Listing(self, node: s.Listing) -> str:
        return f"{self.word('LIST')} {node.title} {self.word('FROM')} {node.path}"

    def _BuildsOn(self, node: s.BuildsOn) -> str:
        return f"{self.word('BUILDS_ON')} {node.ruleset}"

    def _Replaces(self, node: s.Replaces) -> str:
        return f"{self.word('REPLACES')} {node.ruleset}"

    def _InForce(self, node: s.InForce) -> str:
        return f"{self.word('IN_FORCE')} {node.day.isoformat()}"

    def _AmendmentFrom(self, node: s.AmendmentFrom) -> str:
        return f"{self.word('AMENDMENT')} {node.day.isoformat()}"

    def _WhatIf(self, node: s.WhatIf) -> str:
        return f"{self.word('WHAT_IF')} {node.title}"

    def _Deleted(self, node: s.Deleted) -> str:
        match node.what:
            case str(title):
                what = title
            case s.Name() as name:
                what = self.name(name)
            case s.Behaviour() | s.Comparison() as claim:
                what = self.claim(claim)
            case expression:
                what = self.expression(expression)
        return f"{self.word('DELETE')} {self.word(node.kind)} {what}"

    def _DeletedLine(self, node: s.DeletedLine) -> str:
        return f"{self.word('DELETE')} {self._destination(node.destination)}"

    def _Growth(self, node: s.Growth) -> str:
        falls = node.rate.number < 0
        rate = evolve(node.rate, number=abs(node.rate.number))
        return f"{self.word('FALLS' if falls else 'GROWS')} {self.quantity(rate)}"


def _ends_in_sum(node: s.Expression) -> bool:
    """Whether the last operand of an expression is a sum, written without parentheses."""
    while isinstance(node, s.ShareOf | s.Negative):
        node = node.operand
    return isinstance(node, s.SumOf | s.SumOver)


def _first_name(node: s.Expression) -> s.Name:
    """The name that an expression begins with, when it begins with one."""
    while isinstance(node, s.Binary):
        node = node.left
    assert isinstance(node, s.Ref)
    return node.name


_CLAIMING, _GIVING = zip(*BEHAVIOURS.values(), strict=True)


@cache
def _behaving(language: Language, tokens: tuple[str, ...]) -> re.Pattern[str]:
    """The words that open or close a claim about what recipients get."""
    words = _alternatives({token: KEYWORDS[token] for token in tokens}, language)
    return re.compile(rf"(?i)(?<!\w)(?:{words})(?!\w)")


_METHODS = {
    s.Method.LARGEST_REMAINDER: "LARGEST_REMAINDER",
    s.Method.SAINTE_LAGUE: "SAINTE_LAGUE",
    s.Method.NEAREST: "NEAREST",
    s.Method.DOWN: "DOWN",
    s.Method.UP: "UP",
}
_TIES = {s.Ties.CODE: "TIES_CODE", s.Ties.LARGEST: "TIES_LARGEST"}
