"""Writes the figures of a document: statistics, values, amounts, keys and conditions."""

from fractions import Fraction

from attrs import define

from dsl import syntax as s
from dsl.units import MONEY, NUMBER, SHARE, unit_of
from tests.strategies.draft import ROUND_ALONE, Draft, Term
from tests.strategies.wording import (
    OTHER_UNITS,
    POSITIVE,
    STATISTIC_UNITS,
    divided,
    paths,
    times,
)


@define
class FigureWriter(Draft):
    """Each figure is made of those that there are already."""

    def _statistic(self, noun: str) -> None:
        odd = () if self.wishes.own_files or self.wishes.dense else OTHER_UNITS
        name, unit = self.name(), self.one_of(*STATISTIC_UNITS, *odd)
        said = noun if noun != "region" or self.chance(20) else None
        self.statements.append(s.Statistic(name, unit, said, self._parts_of_statistic(unit)))
        whole = self.wishes.own_files and unit in {("count",), ("person",)}
        scale = 1 if whole else self.one_of(1, 1, 10)
        self.figures[name.text] = {
            one.code: Fraction(self.number(int(one.code == self.anchors[noun]), 12), scale)
            for one in self.registers[noun].recipients
        }
        self.columns[noun].append(Term(s.Ref(name), unit_of(unit)))
        self.plain[noun].append(s.Ref(name))
        self.scalars[noun].append(Term(s.SumOf(s.Ref(name)), unit_of(unit)))

    def _parts_of_statistic(self, unit: tuple[str, ...]) -> tuple[s.StatisticPart, ...]:
        number = len(self.figures)
        origin: s.StatisticPart = s.FromFile(f"data/{number}.csv")
        if not self.wishes.own_files and self.chance(40):
            column = self.text() if self.chance(50) else None
            file: s.StatisticPart = s.FromFile(self.draw(paths(".csv")), column)
            origin = file
            if unit == ("kr",) and self.chance(50):
                # What another ruleset gives is kronor, and has no limits here.
                return (s.FromRuleset("2023/abc", column), s.Citation(self.text()))
        more: list[s.StatisticPart] = [s.Citation(self.text())]
        more += [s.AsOf(self.text())] if self.chance(30) else []
        more += [s.Recovered(self.text())] if self.chance(20) else []
        more += [s.Bound("at_least", s.Quantity(Fraction(0), unit))] if self.chance(20) else []
        more += [s.Bound("at_most", s.Quantity(Fraction(12), unit))] if self.chance(20) else []
        return (origin, *more)

    def _definition(self, noun: str) -> None:
        term = self._column(noun)
        more = () if self.wishes.plain_keys else ("decimals", "steps")
        sort = self.one_of("value", "sum", "amount", *more)
        if sort == "amount":
            self._amount(noun, 20)
        elif sort == "decimals":
            self._in_decimals(term, noun)
        elif sort == "steps":
            self._steps(noun)
        elif sort == "value":
            name = self.name()
            self.statements.append(s.Definition("value", name, term.expression))
            self.columns[noun].append(Term(s.Ref(name), term.unit))
        else:
            name = self.name()
            self.statements.append(s.Definition("value", name, s.SumOf(term.expression)))
            self.scalars[noun].append(Term(s.Ref(name), term.unit))

    def _in_decimals(self, term: Term, noun: str) -> None:
        """A value rounded to decimals; mostly upwards, so that it is not zero for the anchor."""
        name, method = self.name(), self.one_of(s.Method.UP, s.Method.UP, s.Method.NEAREST)
        rounding = s.Rounding(method, None, Fraction(1, 10 ** self.number(1, 4)), decimals=True)
        self.statements.append(s.Definition("value", name, term.expression, rounding))
        self.columns[noun].append(Term(s.Ref(name), term.unit))

    def _steps(self, noun: str) -> None:
        """What a step gives is never zero."""
        measure, name = self._measure(noun), self.name()
        limits = sorted({self.number(0, 12) for _ in range(self.number(1, 3))})
        lows = [None, *(s.Quantity(Fraction(one), measure.unit) for one in limits)]
        unit = self.one_of((), ("percent",), ("kr",))
        rungs = [
            # The upper limit goes without saying where another step begins, but may be said.
            s.Rung(low, high, s.Quantity(self.draw(POSITIVE), unit))
            for low, high in zip(lows, [*lows[1:], None], strict=True)
        ]
        self.statements.append(s.Steps(name, s.Ref(measure.name), tuple(rungs)))
        self.columns[noun].append(Term(s.Ref(name), unit_of(unit)))

    def _measure(self, noun: str) -> s.Statistic:
        """A statistic, whose unit a limit can be written in."""
        statistics = [one for one in self.statements if isinstance(one, s.Statistic)]
        return self.one_of(*(one for one in statistics if (one.noun or "region") == noun))

    def _conditions(self, noun: str) -> tuple[s.Condition, ...]:
        """Who takes part in a line: everybody, mostly."""
        if self.wishes.plain_keys or not self.option(20):
            return ()
        return tuple(
            s.Condition(tuple(self._comparison(noun) for _ in range(self.number(1, 2))))
            for _ in range(self.one_of(1, 1, 2))
        )

    def _comparison(self, noun: str) -> s.Comparison:
        """One that holds for the anchor, mostly, so that somebody takes part."""
        measure = self._measure(noun)
        if self.chance(70):
            most = self.figures[measure.name.text][self.anchors[noun]]
            limit = s.Quantity(Fraction(self.number(0, int(most))), measure.unit)
            return s.Comparison(s.Ref(measure.name), "at_least", limit)
        relations: tuple[s.Relation, ...] = ("more", "at_most", "less", "equal")
        limit = s.Quantity(Fraction(self.number(0, 12)), measure.unit)
        alike = [one for one in self.columns[noun] if one.unit == unit_of(measure.unit)]
        other = self.one_of(limit, *(one.expression for one in alike))
        return s.Comparison(s.Ref(measure.name), self.one_of(*relations), other)

    def _column(self, noun: str) -> Term:
        """A column of its own making, of up to a few steps."""
        term = self.one_of(*self.columns[noun])
        for _ in range(0 if self.wishes.plain_keys else self.number(0, 3)):
            term = self._step(noun, term)
        return term

    def _step(self, noun: str, term: Term) -> Term:
        """One step of arithmetic that keeps it from being negative, or zero for the anchor."""
        kinds = ("add", "scale", "divide", "share", "times", "sum", "shift", "signs")
        kind = self.one_of(*kinds, "mix", "phase-in")
        x, other = term.expression, self.one_of(*self.columns[noun])
        number = s.Quantity(self.draw(POSITIVE), self.one_of((), ("percent",)))
        by = NUMBER if not number.unit else SHARE
        match kind:
            case "add" if (unit := term.unit.added_to(other.unit)) is not None:
                return Term(s.Binary("+", x, other.expression), unit)
            case "scale":
                return Term(times(x, number), term.unit * by)
            case "divide":
                return Term(divided(x, number), term.unit / by)
            case "share":
                return Term(s.ShareOf(x), SHARE)
            case "mix":
                return Term(self._mix(x, other.expression), SHARE)
            case "phase-in":
                return Term(self._phase_in(x, other.expression), SHARE)
            case "times":
                return Term(times(x, other.expression), term.unit * other.unit)
            case "sum":
                scalar = self.one_of(*self.scalars[noun])
                return Term(divided(x, scalar.expression), term.unit / scalar.unit)
            case "shift":
                positive = s.Binary("+", s.Negative(s.Negative(x)), s.SumOf(x))
                return Term(divided(other.expression, positive), other.unit / term.unit)
        return Term(s.Negative(s.Negative(x)), term.unit)

    def _mix(self, one: s.Expression, other: s.Expression) -> s.Mix:
        if self.chance(30):
            parts = self.one_of((1, 3), (2, 3), (1, 2), (1, 7))
            rest = (parts[1] - parts[0], parts[1])
            return s.Mix(
                tuple(s.Ingredient(s.Part(*w), k) for w, k in ((parts, one), (rest, other)))
            )
        first = self.one_of(100, 60, 50, 1, 0)
        weights = (s.Quantity(Fraction(each), ("percent",)) for each in (first, 100 - first))
        return s.Mix(tuple(map(s.Ingredient, weights, (one, other))))

    def _phase_in(self, old: s.Expression, new: s.Expression) -> s.PhaseIn:
        years = sorted({self.number(1999, 2031) for _ in range(self.number(1, 3))})
        weights = (Fraction(self.one_of(50, 25, 100, 0)) for _ in years)
        stages = tuple(
            s.Stage(year, s.Quantity(weight, ("percent",)))
            for year, weight in zip(years, weights, strict=True)
        )
        return s.PhaseIn(old, new, stages)

    def _amount(self, noun: str, most: int) -> s.Name:
        """A ``belopp``, in all no more than so many units (and what rounding up adds)."""
        name, money = self.name(), s.Quantity(self.number(1, max(most, 1)) * self.step, ("kr",))
        share = s.ShareOf(self.one_of(*self.plain[noun]))
        part = s.Quantity(Fraction(self.number(1, 100)), ("percent",))
        expression = self.one_of(
            times(money, share),
            times(divided(money, s.Quantity(Fraction(3))), share),
            times(times(share, part), money),
            s.Binary("-", money, times(money, share)),
        )
        units = (None, None, Fraction(1), self.step, Fraction(10))
        rounding = s.Rounding(self.draw(ROUND_ALONE), None, self.one_of(*units))
        silent = self.chance(50) and self._rounds_amounts
        said = None if silent else rounding
        self.statements.append(s.Definition("amount", name, expression, said))
        if not self.wishes.plain_keys:
            # Rounding down may leave nobody anything: the sum of two has someone's weight.
            safe = s.Binary("+", s.Ref(name), s.Quantity(Fraction(1), ("kr",)))
            self.columns[noun].append(Term(safe, MONEY))
        return name

    @property
    def _rounds_amounts(self) -> bool:
        rules = [one for one in self.statements if isinstance(one, s.RoundingRule)]
        return any(one.scope == "amounts" for one in rules)

    def _key(self, noun: str) -> s.Expression:
        if self.wishes.plain_keys:
            return self.one_of(*self.plain[noun])
        newest = self.wishes.dense and self.chance(50)
        key = (self.columns[noun][-1] if newest else self._column(noun)).expression
        if len(self.registers[noun]) > 1 and self.chance(20):
            return s.Binary("-", s.SumOf(key), key)
        return key
