"""Whole rule documents that the checker accepts, with a small register and figures to match."""

from datetime import date
from fractions import Fraction

from attrs import define
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from dsl import syntax as s
from dsl.numbers import Language
from dsl.units import COUNT, NUMBER, SHARE
from tests.strategies.draft import ROUND_ALONE, Case, Wishes
from tests.strategies.money import MoneyWriter
from tests.strategies.wording import paths, times


@st.composite
def cases(
    draw: DrawFn, *, plain_keys: bool = False, own_files: bool = False, dense: bool = False
) -> Case:
    """A document that the checker accepts, and figures for it."""
    author = _Author(draw, Wishes(plain_keys, own_files, dense))
    author.write()
    language: Language = draw(st.sampled_from(["sv", "en"]))
    document = s.Document(language, author.document())
    return Case(document, author.registers, author.figures)


@define
class _Author(MoneyWriter):
    """Writes one document, each part only of what there is already."""

    def write(self) -> None:
        self._register("region", 4)
        if not (self.wishes.own_files or self.wishes.dense) and self.chance(30):
            self._register("municipality", 3)
        self._header()
        for noun in self.registers:
            for _ in range(self.number(1, 3)):
                self._statistic(noun)
            for _ in range(self.number(0, 3)):
                self._definition(noun)
        self._pots()
        if self.wishes.dense:
            return
        for _ in range(self.number(0, 2)):
            self._check()
        for _ in range(self.number(0, 2)):
            self._demand()
        for _ in range(self.number(0, 2)):
            self._table()
        if self.chance(20):
            self.statements.append(s.Listing(self.text(), self._list_file()))

    def document(self) -> tuple[s.Statement, ...]:
        if self.others:
            half = self.number(0, len(self.others))
            for names_ in (self.others[:half], self.others[half:]):
                if names_:
                    self.statements.append(s.OtherRecipients(tuple(names_)))
        if self.chance(30):
            return tuple(self.draw(st.permutations(self.statements)))
        return tuple(self.statements)

    def _header(self) -> None:
        path = "register.csv" if self.wishes.own_files or self.chance(20) else None
        self.statements += [
            s.RulesetName(self.text()),
            s.BudgetYear(self.number(1999, 2031)),
            s.Recipients("region", path),
        ]
        if self.chance(50):
            day = date(2024, 1, self.number(1, 31)) if self.chance(50) else None
            self.statements.append(s.Decision(f"S2024/{self.number(1, 999)}", day))
        if self.option(20):
            self.step = Fraction(1, 100)
        self._rounding_rules()

    def _rounding_rules(self) -> None:
        noun = "region" if len(self.registers) == 1 else None
        unit = self.step if self.step != 1 else self.one_of(None, Fraction(1))
        shares = self._share_rounding(noun, unit)
        self.statements.append(s.RoundingRule("shares", shares))
        if self.chance(60):
            amounts = s.Rounding(
                self.draw(ROUND_ALONE),
                None,
                self.one_of(None, Fraction(1), self.step),
                self.one_of(None, s.Ties.CODE),
            )
            self.statements.append(s.RoundingRule("amounts", amounts))

    def _check(self) -> None:
        kr, relation = s.Quantity(Fraction(self.number(0, 60)), ("kr",)), self._relation()
        pot = s.Ref(self.one_of(*self.pots))
        column = self.one_of(*self.columns["region"]).expression
        sums: list[s.Expression] = [s.AllPosts(), pot, s.SumOf(pot)]
        sums += [s.SumTo(name) for name in self.others]
        sides: tuple[tuple[s.Expression, s.Expression], ...] = (
            (self.one_of(*sums), kr),
            (self.one_of(*sums), s.Binary("+", self.one_of(*sums), kr)),
            (column, column),
            (s.SumOf(column), s.SumOf(column)),
            (column, times(s.Quantity(Fraction(2)), column)),
        )
        left, right = self.one_of(*sides)
        printed = s.Quantity(Fraction(7), ("kr",)) if right == kr and self.chance(30) else None
        self.statements.append(s.Check(left, relation, right, printed))

    def _demand(self) -> None:
        kr = s.Quantity(Fraction(self.number(0, 60)), ("kr",))
        place = self.number(0, len(self.pots) - 1)
        pot, figures = self.pots[place], self._measure(self.nouns[place]).name
        column = self.one_of(*self.columns["region"]).expression
        claims: tuple[s.Claim, ...] = (
            s.Behaviour("more", self.one_of(figures, pot), self.one_of(None, pot)),
            s.Behaviour("equal", figures, self.one_of(None, pot)),
            s.Behaviour("double", figures, self.one_of(None, pot)),
            s.Comparison(s.Ref(pot), self._relation(), kr),
            s.Comparison(column, self._relation(), column),
        )
        demand = s.Demand(self.one_of(*claims))
        if demand not in self.statements:
            self.statements.append(demand)

    def _relation(self) -> s.Relation:
        relations: tuple[s.Relation, ...] = ("equal", "at_most", "at_least")
        return self.one_of(*relations)

    def _table(self) -> None:
        noun = self.one_of(*self.nouns)
        pots = [name for name, to in zip(self.pots, self.nouns, strict=True) if to == noun]
        parts: list[s.TablePart] = [s.Column(s.Ref(pots[0]), self.text(), self._millions())]
        parts += [self._shown(noun, n) for n in range(self.number(0, 2))]
        parts += [s.Total(f"{self.text()} +")] if self.chance(40) else []
        parts += [s.Remark(self.text())] if self.chance(30) else []
        if not self.wishes.own_files:
            parts += [s.Facit(self.draw(paths(".csv")))] if self.chance(20) else []
        self.statements.append(s.Table(self.text(), tuple(parts)))

    def _shown(self, noun: str, place: int) -> s.Column:
        term = self.one_of(*self.columns[noun])
        percent = s.Display("percent", self.number(0, 3))
        dimensionless = term.unit in {NUMBER, COUNT, SHARE}
        display = percent if dimensionless and self.chance(50) else None
        return s.Column(term.expression, f"{self.text()} {place + 2}", display)

    def _millions(self) -> s.Display | None:
        return s.Display("millions", self.number(0, 2)) if self.chance(30) else None

    def _list_file(self) -> str:
        # The grammar takes the last “from” of either language for the word before the file.
        words = self.draw(paths(".csv")).split()
        return " ".join(word for word in words if word not in {"från", "from"})
