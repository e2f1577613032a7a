"""Builds the nodes of one rule line from Lark's parse tree."""

import re
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Any, Literal, TypeVar

from attrs import evolve
from lark import Token, Transformer, v_args
from lark.tree import Meta

from dsl import syntax as s
from dsl.findings import Exact, Phrase, Value
from dsl.numbers import Language, NotANumber, parse_number
from dsl.printer import print_line
from dsl.source import RuleLine, Span
from dsl.words import BEHAVIOURS, NOUNS, PARTS, SCALES, UNITS, canonical, key_of

T = TypeVar("T")

# A date by itself, not the end of a longer number (12024-01-01, S2023-0001-2024-01-01).
_DATE = re.compile(r"(?<![\w/-])\d{4}-\d{2}-\d{2}$")

# An amount at the end of a name; a name may well end in a number, such as a year.
_AMOUNT = re.compile(
    r"\s((?:(?:på|om|of) )?\d[\d\s]*"
    r"(?:kr|kronor|[tm]n?kr|mdkr|(?:miljon|miljard|million|billion).*))$"
)

# Longer than any real name.
MAX_NAME_LENGTH = 200

# Decimals that a table column may show.
MAX_DECIMALS = 9


class Misread(Exception):  # noqa: N818 - a finding on its way, not an error class of the API
    """A word or number in a line that the grammar lets pass but that cannot be read."""

    def __init__(self, code: str, data: Mapping[str, Value], position: int = 0, end: int = 0):
        """Keep the finding's code and data, and the place within the line's code."""
        super().__init__(code)
        self.code, self.data, self.position, self.end = code, data, position, end


@v_args(meta=True, inline=False)
class Builder(Transformer[Token, s.Node]):
    """Turns the tree of one line into a node with places in the file."""

    def __init__(self, line: RuleLine, language: Language) -> None:
        """Build for this line, whose words are in this language."""
        super().__init__()
        self._line, self._language = line, language

    # ------------------------------------------------------------ places and words

    def _span(self, start: int, end: int) -> Span:
        line = self._line.span
        return Span(line.file, line.line, line.column + start, line.column + end, line.text)

    def _place(self, meta: Meta) -> Span:
        return self._span(meta.start_pos, meta.end_pos)

    def _at(self, token: Token) -> Span:
        return self._span(token.start_pos or 0, token.end_pos or 0)

    @property
    def _whole(self) -> Span:
        return self._line.span

    def _number(self, token: Token) -> Fraction:
        value = parse_number(token, self._language)
        if isinstance(value, Fraction):
            return value
        trouble = _number_trouble(token, value)
        raise self._misread("F004", token, rule=Phrase(f"number.{self._language}"), **trouble)

    def _misread(self, code: str, token: Token, **data: Value) -> Misread:
        return Misread(code, data, token.start_pos or 0, token.end_pos or 0)

    # ------------------------------------------------------------ small parts

    def name(self, meta: Meta, words: list[Token]) -> s.Name:
        quoted = words[0].type == "QUOTED"
        text = " ".join(words[0][1:-1].split() if quoted else words)
        if len(text) > MAX_NAME_LENGTH:
            raise self._misread("F019", words[0], length=len(text), limit=MAX_NAME_LENGTH)
        return s.Name(text, span=self._place(meta))

    def noun(self, meta: Meta, words: list[Token]) -> str:
        text = " ".join(words)
        key = key_of(NOUNS, text, self._language)
        if key is None:
            known = tuple(forms[self._language][0] for forms in NOUNS.values())
            raise Misread("F108", {"noun": text, "nouns": known}, meta.start_pos, meta.end_pos)
        return key

    def unit_word(self, _: Meta, words: list[Token]) -> Token:
        return words[0]

    def unit(self, _: Meta, words: list[Token]) -> list[Token]:
        return [word for word in words if word.type != "PER"]

    def _unit_key(self, word: Token) -> str:
        key = key_of(UNITS, word, self._language)
        if key is None:
            known = tuple(forms[self._language][0] for forms in UNITS.values())
            one = {key: UNITS[key][self._language][0] for key in ("count", "share", "percent")}
            raise self._misread("F107", word, unit=str(word), units=known, **one)
        return key

    def quantity(self, meta: Meta, parts: list[Any]) -> s.Quantity:
        number = self._number(parts[0])
        if len(parts) > 1 and isinstance(parts[1], Token):
            raise self._scaled(parts[0], parts[1], number)
        said: list[Token] = parts[1] if len(parts) > 1 else []
        if said and said[0].type == "ORE":
            rest = (self._unit_key(word) for word in said[1:])
            return s.Quantity(number / 100, ("kr", *rest), span=self._place(meta))
        words = tuple(self._unit_key(word) for word in said)
        return s.Quantity(number, words, span=self._place(meta))

    def _scaled(self, number: Token, scale: Token, value: Fraction) -> Misread:
        factor, unit = SCALES[self._language][scale.casefold()]
        start, end = number.start_pos or 0, scale.end_pos or 0
        data: dict[str, Value] = {
            "read": self._line.code[start:end],
            "number": Exact(value * factor),
            "unit": f" {unit}" if unit else "",
        }
        return Misread("F005", data, start, end)

    def ref(self, _: Meta, parts: list[s.Name]) -> s.Ref:
        return s.Ref(parts[0])

    # ------------------------------------------------------------ expressions

    def sum(self, meta: Meta, parts: list[Any]) -> s.Binary:
        left, sign, right = parts
        operator: s.Operator = "+" if sign == "+" else "-"
        return s.Binary(operator, left, right, span=self._place(meta))

    def product(self, meta: Meta, parts: list[Any]) -> s.Binary:
        left, sign, right = parts
        operator: s.Operator = "/" if sign == "/" else "*"
        return s.Binary(operator, left, right, span=self._place(meta))

    def signed(self, meta: Meta, parts: list[Any]) -> s.Expression:
        sign, operand = parts
        return operand if sign == "+" else s.Negative(operand, span=self._place(meta))

    def share_of(self, meta: Meta, parts: list[Any]) -> s.ShareOf:
        return s.ShareOf(parts[1], span=self._place(meta))

    def sum_of(self, meta: Meta, parts: list[Any]) -> s.SumOf:
        return s.SumOf(parts[1], span=self._place(meta))

    def axis(self, meta: Meta, parts: list[Any]) -> s.Axis:
        name = s.Name(str(parts[0]), span=self._at(parts[0]))
        first, last = _every(parts, s.Name) or (None, None)
        return s.Axis(name, first, last, span=self._place(meta))

    def member(self, meta: Meta, words: list[Token]) -> s.Name:
        return self.name(meta, words)

    def label(self, meta: Meta, words: list[Token]) -> s.Name:
        return self.name(meta, words)

    def sum_over(self, meta: Meta, parts: list[Any]) -> s.SumOver:
        return s.SumOver(parts[1], _every(parts, s.Axis), span=self._place(meta))

    def sum_to(self, meta: Meta, parts: list[Any]) -> s.SumTo:
        return s.SumTo(parts[1], span=self._place(meta))

    def quantity_in_percent(self, meta: Meta, parts: list[Token]) -> s.Quantity:
        return s.Quantity(self._number(parts[0]), ("percent",), span=self._place(meta))

    def ingredient(self, _: Meta, parts: list[Any]) -> s.Ingredient:
        return s.Ingredient(parts[0], parts[1])

    def mix(self, meta: Meta, parts: list[Any]) -> s.Mix:
        return s.Mix(_every(parts, s.Ingredient), span=self._place(meta))

    def stage(self, _: Meta, parts: list[Any]) -> s.Stage:
        return s.Stage(self._year(parts[0]), parts[1])

    def phase_in(self, meta: Meta, parts: list[Any]) -> s.PhaseIn:
        old, new = (part for part in parts if not isinstance(part, Token | s.Stage))
        return s.PhaseIn(old, new, _every(parts, s.Stage), span=self._place(meta))

    def all_posts(self, meta: Meta, _: list[Token]) -> s.AllPosts:
        return s.AllPosts(span=self._place(meta))

    # ------------------------------------------------------------ rounding

    def size(self, meta: Meta, parts: list[Any]) -> Fraction:
        if isinstance(parts[0], Token):  # “miljoner kr”
            return Fraction(SCALES[self._language][parts[0].casefold()][0])
        quantity: s.Quantity = parts[0]
        if quantity.unit != ("kr",) or quantity.number <= 0:
            text = self._line.code[meta.start_pos : meta.end_pos]
            form = Phrase("form.ORE", wording=self._language)
            raise Misread("F403", {"unit": text, "form": form}, meta.start_pos, meta.end_pos)
        return quantity.number

    def largest(self, meta: Meta, _: list[Token]) -> s.Largest:
        return s.Largest(span=self._place(meta))

    def method(self, meta: Meta, parts: list[Any]) -> s.Rounding:
        bearer = parts[1] if len(parts) > 1 else None
        return s.Rounding(_METHODS[parts[0].type], bearer, span=self._place(meta))

    def ties(self, _: Meta, parts: list[Token]) -> s.Ties:
        return s.Ties.CODE if parts[0].type == "TIES_CODE" else s.Ties.LARGEST

    def rounding(self, meta: Meta, parts: list[Any]) -> s.Rounding:
        return self._rounding(meta, parts)

    def _rounding(self, meta: Meta, parts: list[Any]) -> s.Rounding:
        method = _only(parts, s.Rounding)
        return s.Rounding(
            method.method,
            method.difference,
            _maybe(parts, Fraction),
            _maybe(parts, s.Ties),
            span=self._place(meta),
        )

    def rounding_rule(self, meta: Meta, parts: list[Any]) -> s.RoundingRule:
        scope: Literal["shares", "amounts"] = "amounts" if _has(parts, "AMOUNT") else "shares"
        return s.RoundingRule(scope, self._rounding(meta, parts), span=self._whole)

    # ------------------------------------------------------------ header

    def ruleset(self, _: Meta, parts: list[Token]) -> s.RulesetName:
        return s.RulesetName(_text(parts[1]), span=self._whole)

    def year(self, _: Meta, parts: list[Token]) -> s.BudgetYear:
        return s.BudgetYear(self._year(parts[1]), span=self._whole)

    def _year(self, token: Token) -> int:
        if not re.fullmatch(r"[12]\d{3}", token):
            form = Phrase("form.YEAR", wording=self._language)
            raise self._misread("F006", token, read=str(token), form=form)
        return int(token)

    def decision(self, _: Meta, parts: list[Token]) -> s.Decision:
        found = _DATE.search(parts[1])
        if found is None:
            return s.Decision(_text(parts[1]), span=self._whole)
        try:
            day = date.fromisoformat(found[0])
        except ValueError:
            end = parts[1].end_pos or 0
            form = Phrase("form.DECISION", wording=self._language)
            data: dict[str, Value] = {"read": found[0], "form": form}
            raise Misread("F007", data, end - len(found[0]), end) from None
        return s.Decision(_text(parts[1][: found.start()]).rstrip(" ,"), day, span=self._whole)

    def recipients(self, _: Meta, parts: list[Any]) -> s.Recipients:
        path = _text(parts[-1]) if _has(parts, "PATH") else None
        return s.Recipients(_only(parts[1:2], str), path, span=self._whole)

    def others(self, _: Meta, parts: list[Any]) -> s.OtherRecipients:
        return s.OtherRecipients(tuple(parts[1:]), span=self._whole)

    # ------------------------------------------------------------ statistics

    def statistic(self, _: Meta, parts: list[Any]) -> s.Statistic:
        words, listed = [parts[2]], []
        for before, word in pairwise(parts[2:]):
            if before.type == "PER":
                words.append(word)
            elif word.type == "WORD":
                listed.append(word)
        noun: str | None = None
        while len(words) > 1 and key_of(UNITS, words[-1], self._language) is None:
            found = key_of(NOUNS, words[-1], self._language)
            if found is not None and noun is not None:
                break
            noun = noun or found
            word = words.pop()
            if found is None:
                listed.insert(0, word)  # the checker knows whether there is such an axis
        keys = tuple(self._unit_key(word) for word in words)
        axes = tuple(s.Name(str(word), span=self._at(word)) for word in listed)
        return s.Statistic(parts[1], keys, noun, axes=axes, span=self._whole)

    def dimension(self, _: Meta, parts: list[Any]) -> s.Dimension:
        name = s.Name(str(parts[1]), span=self._at(parts[1]))
        return s.Dimension(name, _every(parts, s.Name), span=self._whole)

    def from_file(self, _: Meta, parts: list[Token]) -> s.FromFile:
        column = _text(parts[3]) if _has(parts, "COLUMN") else None
        return s.FromFile(_text(parts[1]), column, span=self._whole)

    def from_ruleset(self, _: Meta, parts: list[Token]) -> s.FromRuleset:
        pot = _text(parts[3]) if _has(parts, "POT") else None
        return s.FromRuleset(_text(parts[1]), pot, span=self._whole)

    def citation(self, _: Meta, parts: list[Token]) -> s.Citation:
        return s.Citation(_text(parts[1]), span=self._whole)

    def as_of(self, _: Meta, parts: list[Token]) -> s.AsOf:
        return s.AsOf(_text(parts[1]), span=self._whole)

    def recovered(self, _: Meta, parts: list[Token]) -> s.Recovered:
        return s.Recovered(_text(parts[1]), span=self._whole)

    def bound(self, _: Meta, parts: list[Any]) -> s.Bound:
        lower = parts[0].type == "AT_LEAST"
        return s.Bound("at_least" if lower else "at_most", parts[1], span=self._whole)

    def sums_to(self, _: Meta, parts: list[Any]) -> s.SumsTo:
        return s.SumsTo(parts[1], span=self._whole)

    # ------------------------------------------------------------ money

    def appropriation(self, _: Meta, parts: list[Token]) -> s.Appropriation:
        code, _blank, title = _text(parts[1]).partition(" ")
        return s.Appropriation(code, title.strip(), span=self._whole)

    def post(self, _: Meta, parts: list[Any]) -> s.Post:
        number, _blank, title = _text(parts[1]).partition(" ")
        return s.Post(number, title.strip(), _maybe(parts, s.Quantity), span=self._whole)

    def pot_recipients(self, _: Meta, parts: list[Any]) -> str:
        return _only(parts[1:], str)

    def pot(self, meta: Meta, parts: list[Any]) -> s.Pot:
        if _maybe(parts, s.Quantity) is None:
            self._refuse_amount_in(parts[1])
        self._refuse_repeats(meta, parts[2:])
        rounding = self._optional_rounding(meta, parts)
        nouns = [part for part in parts[2:] if type(part) is str]
        noun = nouns[0] if nouns else None
        return s.Pot(parts[1], _maybe(parts, s.Quantity), noun, rounding, span=self._whole)

    def _refuse_amount_in(self, name: s.Name) -> None:
        """A name that ends in an amount lacks its equals sign: “Ambulans 46 000 000 kr”."""
        start = name.span.column - self._line.span.column
        end = name.span.end - self._line.span.column
        amount = _AMOUNT.search(self._line.code[start:end])
        if amount is not None:
            raise Misread("F023", {"missing": "="}, start + amount.start(1), end)

    def _refuse_repeats(self, meta: Meta, options: list[Any]) -> None:
        """Of two roundings or two kinds of recipients on a line, one would be forgotten."""
        sorts = [one.type if isinstance(one, Token) else type(one) for one in options]
        if len(set(sorts)) < len(sorts):
            raise Misread("F030", {}, meta.start_pos, meta.end_pos)

    def _optional_rounding(self, meta: Meta, parts: list[Any]) -> s.Rounding | None:
        rounding, ties = _maybe(parts, s.Rounding), _maybe(parts, s.Ties)
        if rounding is None and ties is not None:
            raise self._ties_alone(meta, ties)
        if rounding is None:
            return None
        unit = rounding.unit
        return s.Rounding(rounding.method, rounding.difference, unit, ties, span=rounding.span)

    def _ties_alone(self, meta: Meta, ties: s.Ties) -> Misread:
        said = canonical(f"TIES_{ties.name}", self._language)
        found = re.compile(re.escape(said), re.IGNORECASE).search(self._line.code, meta.start_pos)
        start = found.start() if found else meta.start_pos
        words = canonical("ROUND", self._language), canonical("SAINTE_LAGUE", self._language)
        line = f"{' '.join(words)}, {said}"
        return Misread("F404", {"line": line}, start, meta.end_pos)

    def part(self, meta: Meta, parts: list[Token]) -> s.Part:
        if parts[0].type == "PART_WORD":
            (top, bottom) = _part_key(parts[0], self._language)
            return s.Part(top, bottom, span=self._place(meta))
        numbers = [self._number(part) for part in parts if part.type == "NUMBER"]
        if any(number.denominator != 1 or number <= 0 for number in numbers):
            text = self._line.code[meta.start_pos : meta.end_pos]
            raise Misread("F004", {"read": text}, meta.start_pos, meta.end_pos)
        return s.Part(numbers[0].numerator, numbers[1].numerator, span=self._place(meta))

    def rest(self, meta: Meta, _: list[Token]) -> s.Rest:
        return s.Rest(span=self._place(meta))

    def all(self, meta: Meta, _: list[Token]) -> s.All:
        return s.All(span=self._place(meta))

    def by_key(self, meta: Meta, parts: list[Any]) -> s.ByKey:
        return s.ByKey(parts[1], span=self._place(meta))

    def to_each(self, meta: Meta, parts: list[Any]) -> s.ToEach:
        return s.ToEach(parts[1], span=self._place(meta))

    def to_name(self, meta: Meta, parts: list[Any]) -> s.ToName:
        return s.ToName(parts[1], span=self._place(meta))

    def equally(self, meta: Meta, parts: list[Any]) -> s.Equally:
        return s.Equally(parts[1], span=self._place(meta))

    def limit(self, meta: Meta, parts: list[Any]) -> s.Limit:
        lower = parts[0].type == "AT_LEAST"
        return s.Limit("at_least" if lower else "at_most", parts[1], span=self._place(meta))

    def comparison(self, meta: Meta, parts: list[Any]) -> s.Comparison:
        return s.Comparison(parts[0], parts[1], parts[2], span=self._place(meta))

    def condition(self, meta: Meta, parts: list[Any]) -> s.Condition:
        return s.Condition(_every(parts, s.Comparison), span=self._place(meta))

    def within(self, meta: Meta, parts: list[Any]) -> s.Within:
        return s.Within(_only(parts[1:2], str), parts[2], span=self._place(meta))

    def flow(self, meta: Meta, parts: list[Any]) -> s.Flow:
        several = s.Limit | s.Condition  # a floor and a ceiling, and any number of conditions
        self._refuse_repeats(meta, [one for one in parts[2:] if not isinstance(one, several)])
        return s.Flow(
            parts[0],
            parts[1],
            self._optional_rounding(meta, parts),
            paid=_has(parts, "PAID"),
            limits=_every(parts, s.Limit),
            conditions=_every(parts, s.Condition),
            in_proportion=_has(parts, "IN_PROPORTION"),
            within=_maybe(parts, s.Within),
            span=self._whole,
        )

    def signed_quantity(self, meta: Meta, parts: list[Any]) -> s.Quantity:
        quantity = _only(parts, s.Quantity)
        negative = isinstance(parts[0], Token) and parts[0] != "+"
        number = -quantity.number if negative else quantity.number
        return s.Quantity(number, quantity.unit, span=self._place(meta))

    def adjustment(self, _: Meta, parts: list[Any]) -> s.Adjustment:
        quantity: s.Quantity = parts[3]
        sign = 1 if parts[2] == "+" else -1
        amount = s.Quantity(sign * quantity.number, quantity.unit, span=quantity.span)
        return s.Adjustment(parts[1], amount, _text(parts[4]), span=self._whole)

    def definition(self, _: Meta, parts: list[Any]) -> s.Definition:
        sort: Literal["amount", "value"] = "amount" if _has(parts, "AMOUNT") else "value"
        rounding = _maybe(parts, s.Rounding)
        if rounding is not None and sort == "amount":
            rounding = evolve(rounding, decimals=False)  # of money they are öre
        return s.Definition(sort, parts[1], parts[-1], rounding, span=self._whole)

    def to_decimals(self, meta: Meta, parts: list[Any]) -> s.Rounding:
        unit = Fraction(1, 10 ** self._decimals(_token(parts, "NUMBER")))
        method = _only(parts, s.Rounding)
        place = self._place(meta)
        return s.Rounding(method.method, method.difference, unit, decimals=True, span=place)

    def steps(self, _: Meta, parts: list[Any]) -> s.Steps:
        return s.Steps(parts[1], parts[3], span=self._whole)

    def rung(self, _: Meta, parts: list[Any]) -> s.Rung:
        first = _only(parts, s.Quantity)
        if parts[0].type == "BELOW":
            return s.Rung(None, first, parts[-1], span=self._whole)
        high = parts[3] if _has(parts, "UP_TO") else None
        return s.Rung(first, high, parts[-1], span=self._whole)

    # ------------------------------------------------------------ checks and tables

    def relation(self, _: Meta, parts: list[Token]) -> s.Relation:
        if not parts:
            return "equal"
        return _RELATIONS[parts[0].type]

    def check(self, _: Meta, parts: list[Any]) -> s.Check:
        printed = parts[-1] if _has(parts, "SAYS") else None
        return s.Check(parts[1], parts[2], parts[3], printed, span=self._whole)

    def demanded(self, meta: Meta, words: list[Token]) -> s.Name:
        return self.name(meta, words)

    def behaviour(self, meta: Meta, parts: list[Any]) -> s.Behaviour:
        name, *pot = _every(parts, s.Name)
        sort = next(one for one, (opening, _) in BEHAVIOURS.items() if _has(parts, opening))
        return s.Behaviour(sort, name, pot[0] if pot else None, span=self._place(meta))

    def demand(self, _: Meta, parts: list[Any]) -> s.Demand:
        return s.Demand(parts[1], span=self._whole)

    def table(self, _: Meta, parts: list[Token]) -> s.Table:
        return s.Table(_text(parts[1]), span=self._whole)

    def display(self, _: Meta, parts: list[Token]) -> s.Display:
        decimals = self._decimals(_token(parts, "NUMBER")) if _has(parts, "NUMBER") else 0
        return s.Display(_SCALES.get(parts[0].type, "number"), decimals)

    def _decimals(self, token: Token) -> int:
        decimals = self._number(token)
        if decimals.denominator != 1 or not 0 <= decimals <= MAX_DECIMALS:
            raise self._misread("F008", token, read=str(token))
        return int(decimals)

    def column(self, _: Meta, parts: list[Any]) -> s.Column:
        return s.Column(parts[1], _text(parts[-1]), _maybe(parts, s.Display), span=self._whole)

    def total(self, _: Meta, parts: list[Token]) -> s.Total:
        return s.Total(_text(parts[1]), span=self._whole)

    def row_per(self, _: Meta, parts: list[Any]) -> s.RowPer:
        return s.RowPer(parts[1], span=self._whole)

    def facit(self, _: Meta, parts: list[Token]) -> s.Facit:
        return s.Facit(_text(parts[2]), span=self._whole)

    def remark(self, _: Meta, parts: list[Token]) -> s.Remark:
        return s.Remark(_text(parts[1]), span=self._whole)

    def listing(self, _: Meta, parts: list[Token]) -> s.Listing:
        return s.Listing(_text(parts[1]), _text(parts[3]), span=self._whole)

    # ------------------------------------------------------------ versions and changes

    def builds_on(self, _: Meta, parts: list[Token]) -> s.BuildsOn:
        return s.BuildsOn(_text(parts[1]), span=self._whole)

    def replaces(self, _: Meta, parts: list[Token]) -> s.Replaces:
        return s.Replaces(_text(parts[1]), span=self._whole)

    def in_force(self, _: Meta, parts: list[Token]) -> s.InForce:
        return s.InForce(self._day(parts[1], "IN_FORCE"), span=self._whole)

    def amendment(self, _: Meta, parts: list[Token]) -> s.AmendmentFrom:
        return s.AmendmentFrom(self._day(parts[1], "AMENDMENT"), span=self._whole)

    def what_if(self, _: Meta, parts: list[Token]) -> s.WhatIf:
        return s.WhatIf(_text(parts[1]), span=self._whole)

    def _day(self, token: Token, head: str) -> date:
        form = Phrase(f"form.{head}", wording=self._language)
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", token):
            raise self._misread("F031", token, read=str(token), form=form)
        try:
            return date.fromisoformat(token)
        except ValueError:
            raise self._misread("F007", token, read=str(token), form=form) from None

    def amended(self, meta: Meta, parts: list[Any]) -> s.Statement:
        statement: s.Statement = parts[1]
        if isinstance(statement, s.Pot | s.Statistic | s.Appropriation | s.Table):
            return evolve(statement, amends=True)
        data: dict[str, Value] = {"line": print_line(statement, self._language)}
        raise Misread("F033", data, meta.start_pos, parts[0].end_pos or 0)

    def amended_statistic(self, _: Meta, parts: list[Any]) -> s.Statistic:
        return s.Statistic(parts[1], (), span=self._whole)

    def deleted(self, _: Meta, parts: list[Any]) -> s.Deleted:
        kind: s.Deletable = parts[1].type
        what = _text(parts[2]) if isinstance(parts[2], Token) else parts[2]
        return s.Deleted(kind, what, span=self._whole)

    def deleted_line(self, _: Meta, parts: list[Any]) -> s.DeletedLine:
        return s.DeletedLine(parts[1], span=self._whole)

    def growth(self, _: Meta, parts: list[Any]) -> s.Growth:
        rate: s.Quantity = parts[1]
        if rate.unit != ("percent",):
            form = Phrase("form.GROWS", wording=self._language)
            start, end = rate.span.column - self._line.span.column, len(self._line.code)
            raise Misread("F032", {"read": self._line.code[start:end], "form": form}, start, end)
        falls = parts[0].type == "FALLS"
        signed = evolve(rate, number=-rate.number) if falls else rate
        return s.Growth(signed, span=self._whole)


_RELATIONS: dict[str, s.Relation] = {
    "AT_MOST_SIGN": "at_most",
    "AT_LEAST_SIGN": "at_least",
    "LESS_SIGN": "less",
    "MORE_SIGN": "more",
}

_SCALES: dict[str, s.Scale] = {"IN_PERCENT": "percent", "IN_MILLIONS": "millions"}

_METHODS = {
    "LARGEST_REMAINDER": s.Method.LARGEST_REMAINDER,
    "SAINTE_LAGUE": s.Method.SAINTE_LAGUE,
    "NEAREST": s.Method.NEAREST,
    "NEAREST_DIFFERENCE": s.Method.NEAREST,
    "DOWN": s.Method.DOWN,
    "DOWN_REST": s.Method.DOWN,
    "UP": s.Method.UP,
}


def _text(text: str) -> str:
    return " ".join(text.split())


def _maybe(parts: list[Any], sort: type[T]) -> T | None:
    return next((part for part in parts if isinstance(part, sort)), None)


def _only(parts: list[Any], sort: type[T]) -> T:
    return next(part for part in parts if isinstance(part, sort))


def _every(parts: list[Any], sort: type[T]) -> tuple[T, ...]:
    return tuple(part for part in parts if isinstance(part, sort))


def _token(parts: list[Any], name: str) -> Token:
    return next(part for part in parts if isinstance(part, Token) and part.type == name)


def _has(parts: list[Any], token: str) -> bool:
    return any(isinstance(part, Token) and part.type == token for part in parts)


def _part_key(word: Token, language: Language) -> tuple[int, int]:
    wanted = _text(word).casefold()
    return next(key for key, forms in PARTS.items() if wanted in forms[language])


def _number_trouble(token: Token, trouble: NotANumber) -> dict[str, Value]:
    data: dict[str, Value] = {"read": str(token)}
    if trouble.suggestion is not None:
        data["number"] = Exact(trouble.suggestion)
    return data
