"""Explains a recipient's share of a line: weight, share, limits, and what rounding made of it."""

from collections.abc import Iterator
from fractions import Fraction

from attrs import frozen

from dsl import syntax as s
from dsl.findings import Exact, Kronor, Phrase, Value
from dsl.registers import Register
from dsl.units import NUMBER
from engine.column import Column
from engine.explain.ground import Ground, entry
from engine.explain.steps import Step
from engine.explain.values import Values, count, direction, of_total
from engine.expressions import in_ledger_units
from engine.ledger import Shared
from engine.measured import measured
from engine.rounding import certifying_rate, round_each


@frozen
class Share:
    """One recipient's part of what a line shares out.

    Attributes:
        ground: the run.
        destination: by what it was shared.
        limits: floor and ceiling.
        register: those who share.
        amounts: what each of them got, in the ledger's unit.
        reason: how it was shared.
        values: the figures behind the recipient's values.
        moved: what the whole line moves, of which limits in percent are, in the ledger's unit; on
            the second of two levels more than is shared.
    """

    ground: Ground
    destination: s.Destination
    limits: tuple[s.Limit, ...]
    register: Register
    amounts: tuple[int, ...]
    reason: Shared
    values: Values
    moved: int

    @property
    def _position(self) -> int:
        return self.values.position

    @property
    def key(self) -> s.Expression | None:
        """The key; None when the line is shared equally."""
        return self.destination.key if isinstance(self.destination, s.ByKey) else None

    @property
    def amount(self) -> Fraction:
        """What the recipient gets, in kronor."""
        return self.ground.kronor(self.amounts[self._position])

    @property
    def total(self) -> Fraction:
        """What is shared, in kronor."""
        return self.ground.kronor(self.reason.total)

    def weights(self) -> Column:
        """Everybody's weight, in the key's own unit."""
        if self.key is None:
            return self.reason.key
        return self.reason.key / in_ledger_units(
            self.ground.unit(self.key), self.ground.program.base
        )

    # ------------------------------------------------------------ the steps

    def steps(self) -> Iterator[Step]:
        """Weight, share, limits, the exact amount and how it was rounded."""
        weight = entry(self.weights(), self._position)
        yield from self._limits()
        yield from self._weight(weight)
        if self.held() is not None:
            yield self._at_limit()
            return
        if not weight:
            yield Step("share", Phrase("why.weightless"), Fraction(0))
            return
        yield from self._free()
        yield self._share(weight)
        exact = self._exact()
        yield Step("exact", Kronor(exact), exact, money=True)
        yield from self._rounding(exact)

    def added(self) -> Iterator[Step]:
        """The same of a key whose figures are added up, so that no single figure is the weight."""
        weights = self.weights()
        weight, total = entry(weights, self._position), weights.total().scalar
        unit = self.ground.unit(self.key) if self.key is not None else NUMBER
        text = of_total(measured(weight, unit), measured(total, unit), weight / total)
        yield Step("share", text, weight / total)
        exact = self._exact()
        yield Step("exact", Kronor(exact), exact, money=True)
        yield from self._rounding(exact)

    def _weight(self, weight: Fraction) -> Iterator[Step]:
        """The figures of the key; a single one is told with the share, if there is to be one."""
        key = self.key
        if key is None:
            return
        if self.held() is not None:
            yield from self.values.behind(key)
        else:
            yield from self.values.weight(key)
        if isinstance(key, s.Binary | s.Negative):
            unit = self.ground.unit(key)
            formula = self.ground.filled(key, self._position)
            text = Phrase("why.equals", {"formula": formula, "value": measured(weight, unit)})
            yield Step("weight", text, weight, unit.is_money)

    def _share(self, weight: Fraction) -> Step:
        """The recipient's weight among those whom no limit holds."""
        total = self._free_weight()
        if self.key is None:
            share = weight / total
            return Step("share", of_total(count(1), Exact(total), share), share)
        if isinstance(self.key, s.Mix | s.PhaseIn) and total == 1:
            return self.values.mixed(self.key)
        return self.values.share(weight, total, self.key)

    def _rounding(self, exact: Fraction) -> Iterator[Step]:
        if self.amount != exact:
            yield Step("rounded", self._rounded(exact), self.amount, money=True)
            yield from self._rate()
        if self._position in self.reason.tied:
            order = (self.reason.rounding.ties or s.Ties.CODE).value
            names = tuple(self._names(self.reason.tied))
            yield Step("tied", Phrase(f"run.tie_{order}", {"names": names}))

    def _names(self, places: tuple[int, ...]) -> Iterator[str]:
        return (self.register.recipients[place].name for place in places)

    def _rounded(self, exact: Fraction) -> Phrase:
        """What the method did with the exact amount; who bears a difference gets that as well."""
        rounding = self.reason.rounding
        plain = self.amount
        if rounding.method in {s.Method.NEAREST, s.Method.DOWN}:
            unit = self.ground.kronor(self.reason.unit)
            plain = round_each(Column.of([exact / unit]), rounding.method)[0] * unit
        if plain == self.amount:
            return direction(rounding.method, exact, self.amount, Kronor(self.amount))
        facts: dict[str, Value] = {
            "method": Phrase(f"method.{rounding.method.value}"),
            "plain": Kronor(plain),
            "difference": Kronor(self.amount - plain),
            "rounded": Kronor(self.amount),
        }
        return Phrase("why.borne", facts)

    def _rate(self) -> Iterator[Step]:
        """The rate by which anybody can check a line shared by the odd-number method."""
        places = self._free_places()
        if self.reason.rounding.method is not s.Method.SAINTE_LAGUE or self.key is None:
            return
        weights = [self.weights().values[place] for place in places]
        units = [self.amounts[place] // self.reason.unit for place in places]
        rate = certifying_rate(units, weights)
        if rate is None:
            return
        rate *= self.ground.kronor(self.reason.unit)
        weight = entry(self.weights(), self._position)
        formula = Phrase("why.times", {"one": Exact(weight), "other": Exact(rate)})
        text = Phrase("why.equals", {"formula": formula, "value": Kronor(weight * rate)})
        yield Step("rate", text, rate, money=True)

    # ------------------------------------------------------------ floors and ceilings

    def held(self) -> str | None:
        """Which limit holds the recipient."""
        if self._position in self.reason.at_floor:
            return "floor"
        return "ceiling" if self._position in self.reason.at_ceiling else None

    def _free_places(self) -> list[int]:
        held = {*self.reason.at_floor, *self.reason.at_ceiling}
        tops = self.reason.key.numerators
        return [place for place, top in enumerate(tops) if top and place not in held]

    def _free_weight(self) -> Fraction:
        weights = self.weights().values
        return sum((weights[place] for place in self._free_places()), Fraction(0))

    def _left(self) -> Fraction:
        """What those whom no limit holds share."""
        held = (*self.reason.at_floor, *self.reason.at_ceiling)
        taken = sum(self.amounts[place] for place in held)
        return self.ground.kronor(self.reason.total - taken)

    def _exact(self) -> Fraction:
        """The recipient's exact part of what those share whom no limit holds."""
        return self._left() * entry(self.weights(), self._position) / self._free_weight()

    def _limits(self) -> Iterator[Step]:
        for limit in self.limits:
            kind = "floor" if limit.side == "at_least" else "ceiling"
            value = self.ground.value(limit.amount, self._position)
            is_share = self.ground.unit(limit.amount).is_share
            formula = self.ground.filled(limit.amount, self._position)
            if is_share:
                moved = self.ground.kronor(self.moved)
                value *= moved
                formula = Phrase("why.times", {"one": formula, "other": Exact(moved)})
            text: Value = Kronor(value)
            if is_share or not isinstance(limit.amount, s.Quantity | s.Ref):
                text = Phrase("why.equals", {"formula": formula, "value": Kronor(value)})
            steps = (*self.values.behind(limit.amount), *self._whole(kind, value))
            yield Step(kind, text, value, money=True, span=limit.amount.span, steps=steps)

    def _whole(self, kind: str, value: Fraction) -> Iterator[Step]:
        """A floor is rounded up and a ceiling down, so that nobody's limit is broken."""
        method = s.Method.UP if kind == "floor" else s.Method.DOWN
        unit = self.ground.kronor(self.reason.unit)
        whole = round_each(Column.of([value / unit]), method)[0] * unit
        if whole != value:
            text = direction(method, value, whole, Kronor(whole))
            yield Step("rounded", text, whole, money=True)

    def _at_limit(self) -> Step:
        """What the limit makes of the amount that the others' rate would give."""
        held, free = self.held(), self._free_places()
        facts: dict[str, Value] = {"amount": Kronor(self.amount)}
        weight = entry(self.weights(), self._position)
        if not free or not weight:
            return Step("held", Phrase(f"why.at_{held}", facts), self.amount, money=True)
        by_rate = self._exact()
        top = Phrase("why.times", {"one": Exact(self._left()), "other": Exact(weight)})
        formula = Phrase("why.over", {"one": top, "other": Exact(self._free_weight())})
        rate = Phrase("why.equals", {"formula": formula, "value": Kronor(by_rate)})
        shared: dict[str, Value] = {"left": Kronor(self._left()), "count": count(len(free))}
        others = Phrase("why.others_share", shared)
        steps = (
            Step("others", others, self._left(), money=True),
            Step("alike", rate, by_rate, money=True),
        )
        text = Phrase(f"why.held_at_{held}", {**facts, "by_rate": Kronor(by_rate)})
        return Step("held", text, self.amount, money=True, steps=steps)

    def _free(self) -> Iterator[Step]:
        """What is left when those at a limit have theirs."""
        held = len(self.reason.at_floor) + len(self.reason.at_ceiling)
        if not held:
            return
        facts: dict[str, Value] = {
            "count": count(held),
            "taken": Kronor(self.total - self._left()),
            "left": Kronor(self._left()),
        }
        yield Step("limits", Phrase("why.beside_limits", facts), self._left(), money=True)
