"""Writes what a run rests on, and what it claims, so that a program that is not ours can prove it.

The certificate states numbers: figures, values, weights, limits and amounts. Its proof is the work
of ``certificate_checker.py``, which shares no code with this; docs/certificate.md explains both.
"""

import hashlib
import json
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any

from attrs import evolve, frozen

from dsl import syntax as s
from dsl.printer import print_line
from dsl.program import Program, statements
from engine import lines
from engine.column import Column
from engine.evaluate import Result
from engine.expressions import HOLDS, NOWHERE, Setting, in_ledger_units, value_of
from engine.grid import Cell, Grid, Values
from engine.ledger import Movement, Nested, RoundingResidue, Shared
from engine.outcome import Outcome
from engine.records.engine_version import engine_version
from engine.records.lock import inputs
from engine.rounding import certifying_rate, round_each

FORMAT = "fordela-certificate-1"

# The checker takes no number of more than 4 000 digits.
_MAX_BITS = 13_000

Data = dict[str, Any]


class TooLong(ArithmeticError):  # noqa: N818 - named for the fact
    """A number has more digits than anyone could check."""


def certificate_text(outcome: Outcome, read: Mapping[str, bytes], engine: str | None = None) -> str:
    """The certificate of a run that has a result: JSON that people can read.

    Args:
        outcome: the run.
        read: every file that it read, by its path from the ruleset's folder.
        engine: the version of the program that it names; None for the one that runs.

    Raises:
        TooLong: a number has too many digits.
    """
    assert outcome.result is not None
    data = _Writer(outcome, outcome.result, engine or engine_version()).data(read)
    plain = json.dumps({**data, "seal": None}, sort_keys=True, separators=(",", ":"))
    data["seal"] = hashlib.sha256(plain.encode()).hexdigest()
    return _laid_out(data, "") + "\n"


def exact(value: Fraction | int) -> int | str:
    """A whole number, or a fraction in lowest terms such as ``"1/3"``."""
    top, bottom = value.as_integer_ratio()
    if max(top.bit_length(), bottom.bit_length()) > _MAX_BITS:
        raise TooLong
    return top if bottom == 1 else f"{top}/{bottom}"


def _laid_out(data: Any, margin: str) -> str:
    """JSON with a line for each thing: a row of plain values stands on one line."""
    inner = f"{margin} "
    if isinstance(data, dict) and data:
        pairs = (f"{_plain(key)}: {_laid_out(one, inner)}" for key, one in data.items())
        return "{\n" + ",\n".join(f"{inner}{one}" for one in pairs) + f"\n{margin}}}"
    if isinstance(data, list) and any(isinstance(one, dict | list) for one in data):
        rows = ",\n".join(f"{inner}{_laid_out(one, inner)}" for one in data)
        return f"[\n{rows}\n{margin}]"
    return _plain(data)


def _plain(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False)


@frozen(slots=False)
class _Writer:
    outcome: Outcome
    result: Result
    engine: str

    @property
    def _program(self) -> Program:
        return self.result.program

    def data(self, read: Mapping[str, bytes]) -> Data:
        program, variant = self._program, self.outcome.variant
        pots = [self._pot(pot) for pot in program.pots]
        others = self._others()
        paid = sum(amount for pot in pots for _, amount in pot["amounts"])
        out = paid + sum(others.values())
        return {
            "format": FORMAT,
            "about": {
                "ruleset": program.name,
                "year": program.year,
                "decision": program.decision or None,
                "engine": self.engine,
                "day": variant.at.isoformat() if variant.at else None,
                "scenario": variant.scenario,
            },
            "unit": "kr" if program.base == 1 else "öre",
            "inputs": {
                "files": {one.path: one.sha256 for one in inputs(read)},
                "recipients": {noun: self._register(noun) for noun in program.registers},
                "figures": [one for name in program.statistics for one in self._figures(name)],
            },
            "steps": [one for said in program.definitions for one in self._steps(said)],
            "items": list(self._items()),
            "pots": pots,
            "others": others,
            "sums": {"in": out, "out": out},
        }

    # ------------------------------------------------------------ what it rests on

    def _register(self, noun: str) -> Data:
        register = self._program.registers[noun]
        within = {kind: list(places) for kind, places in register.within.items()}
        return {"codes": [[one.code, one.name] for one in register.recipients], "within": within}

    def _figures(self, statistic: s.Statistic) -> Iterator[Data]:
        name = statistic.name.text
        figures = self.outcome.figures.get(name)
        for cell, column in _cells(self.result.values[name]):
            yield {
                **self._named(name, cell, column),
                "source": figures.source if figures else None,
                "values": [exact(value) for value in column.values],
            }

    def _steps(self, said: s.Defined) -> Iterator[Data]:
        name = said.name.text
        for cell, column in _cells(self.result.values[name]):
            yield {
                **self._named(name, cell, column),
                "text": print_line(said, self._program.document.language),
                "rounded": self._rounded(said, cell, len(column)),
                "values": [exact(value) for value in column.values],
            }

    def _named(self, name: str, cell: tuple[str, ...], column: Column) -> Data:
        noun = self._program.noun_behind(name)
        per_recipient = noun is not None and len(column) == len(self._program.registers[noun])
        return {"name": name, "cell": list(cell), "of": noun if per_recipient else None}

    def _rounded(self, said: s.Defined, cell: tuple[str, ...], length: int) -> Data | None:
        """How each number was rounded alone, and what it was before; None if none was."""
        program = self._program
        rounding: s.Rounding | None
        if said.sort == "amount":
            rounding = program.rounding_of_amount(said)
            size = Fraction(lines.rounding_unit(program, rounding))
        else:
            rounding = said.rounding
            # Numbers that are rounded together are values as others are: none follows by itself.
            if rounding is None or rounding.unit is None or rounding.keeps_total:
                return None
            measure = in_ledger_units(program.units[said.name.text], program.base).scalar
            size = rounding.unit * measure
        axes = program.grids.get(said.name.text, ())
        before = self._value(said.expression, dict(zip(axes, cell, strict=True))).spread(length)
        numbers = [exact(value) for value in before.values]
        return {"method": rounding.method.value, "unit": exact(size), "exact": numbers}

    def _value(self, expression: s.Expression, cell: Cell = NOWHERE) -> Column:
        setting = Setting(self._program.base, self._program.year, self._program.axes)
        return value_of(expression, self.result.values.__getitem__, setting, cell=cell)

    # ------------------------------------------------------------ money

    @cached_property
    def _moved(self) -> Mapping[tuple[bool, str, int], list[Movement]]:
        found: dict[tuple[bool, str, int], list[Movement]] = {}
        for one in self.result.ledger.movements:
            found.setdefault((one.is_item, one.source, one.line), []).append(one)
        return found

    def _others(self) -> dict[str, int]:
        """What goes to each name outside the registers."""
        pots = {pot.name.text for pot in self._program.pots}
        ledger = self.result.ledger
        names = dict.fromkeys(one.target for one in ledger.movements if one.target is not None)
        return {name: ledger.to_other(name) for name in names if name not in pots}

    def _items(self) -> Iterator[Data]:
        for appropriation in statements(self._program.document, s.Appropriation):
            for post in appropriation.parts:
                name = lines.item(appropriation, post)
                rows = [
                    {
                        "text": self._text(flow),
                        "to": one.target,
                        "amount": one.total,
                        "paid": flow.paid,
                    }
                    for number, flow in enumerate(post.flows)
                    for one in self._moved[True, name, number]
                ]
                yield {"item": name, "amount": sum(one["amount"] for one in rows), "lines": rows}

    def _text(self, flow: s.Flow) -> str:
        return print_line(flow, self._program.document.language)

    def _pot(self, pot: s.Pot) -> Data:
        program, name = self._program, pot.name.text
        register = program.register_of(pot)
        given = self.result.ledger.of_pot(name) or (0,) * len(register)
        pairs = zip(register.recipients, given, strict=True)
        adjusted = self._moved.get((False, name, len(pot.flows)), [])
        return {
            "pot": name,
            "recipients": pot.noun or program.noun,
            "held": self.result.holds[name],
            "stated": lines.whole_amount(program, pot.amount) if pot.amount else None,
            "unit": self._unit_of_parts(pot),
            "parts": self._parts(pot),
            "lines": [self._line(pot, number) for number in range(len(pot.flows))],
            "adjustments": [
                {
                    "text": said.reason,
                    "to": register.recipients[register.position(said.recipient.text) or 0].code,
                    "amount": moved.total,
                }
                for said, moved in zip(pot.adjustments, adjusted, strict=True)
            ],
            "amounts": [[one.code, amount] for one, amount in pairs],
        }

    def _sent(self, pot: s.Pot, number: int) -> int:
        return sum(one.total for one in self._moved[False, pot.name.text, number])

    def _unit_of_parts(self, pot: s.Pot) -> int | None:
        """What the parts of a pot are rounded to; a number that nothing rests on is not written."""
        if not any(self._takes(pot, flow)[0] == "part" for flow in pot.flows):
            return None
        return lines.rounding_unit(self._program, self._program.rounding_of(pot))

    def _parts(self, pot: s.Pot) -> Data | None:
        """How the parts of a pot were rounded together, if they are not whole."""
        program = self._program
        shares = {n: one for n, flow in enumerate(pot.flows) if (one := lines.share_of(flow))}
        codes = [str(n + 1) for n in shares]
        amounts = [self._sent(pot, n) for n in shares]
        weights, held = [*shares.values()], self.result.holds[pot.name.text]
        total = held * sum(weights, Fraction(0))
        if any(isinstance(flow.amount, s.Rest) for flow in pot.flows):
            codes, total = [*codes, "rest"], Fraction(held)
            weights.append(1 - sum(weights, Fraction(0)))
            amounts.append(held - sum(amounts))
        rounding = program.rounding_of(pot)
        unit = lines.dividing_unit(program, rounding, total)
        if all((held * one / unit).denominator == 1 for one in shares.values()):
            return None
        split = _Split(Column.of(weights), int(total), tuple(amounts), rounding, unit)
        return split.data(codes)

    def _line(self, pot: s.Pot, number: int) -> Data:
        flow = pot.flows[number]
        return {
            "text": self._text(flow),
            "paid": flow.paid,
            "takes": self._takes(pot, flow),
            "gives": self._gives(pot, number),
            "total": self._sent(pot, number),
        }

    def _takes(self, pot: s.Pot, flow: s.Flow) -> list[Any]:
        match flow.amount:
            case s.Rest():
                ceiling = flow.limit("at_most") if isinstance(flow.destination, s.ToName) else None
                held = self.result.holds[pot.name.text]
                top = None if ceiling is None else self._limit(ceiling, held).total().scalar
                return ["rest", None if top is None else exact(top)]
            case s.All():
                return ["all"]
            case s.Ref(name):
                return ["name", name.text]
            case s.Quantity(_, ("kr",)) as quantity:
                return ["amount", lines.whole_amount(self._program, quantity)]
        return ["part", exact(lines.share_of(flow))]

    def _limit(self, limit: s.Expression, moved: int) -> Column:
        """A limit in the ledger's unit, exactly; a percentage is of what the line moves."""
        value = self._value(limit)
        if isinstance(limit, s.Quantity) and limit.unit == ("percent",):
            value *= Column((moved,))
        return value

    # ------------------------------------------------------------ who gets it

    def _gives(self, pot: s.Pot, number: int) -> Data:
        flow, (first, *more) = pot.flows[number], self._moved[False, pot.name.text, number]
        register = self._program.register_of(pot)
        if isinstance(first.reason, Nested):
            return self._levels(pot, number, first, first.reason)
        match flow.destination:
            case s.ToName() if first.target is not None:
                return {"to": "out", "name": first.target}
            case s.ToName(name):
                position = register.position(name.text) or 0
                return {"to": "recipient", "code": register.recipients[position].code}
            case s.ToEach():
                return self._each(pot, number, first)
        assert isinstance(first.reason, Shared)
        residue = sum(one.total for one in more if isinstance(one.reason, RoundingResidue))
        split = self._split(pot, first.reason, first.amounts, residue)
        limits = self._limits(flow, first.reason.total, len(register))
        codes = [one.code for one in register.recipients]
        by = self._by(flow.destination)
        return {"to": "shares", "split": split.data(codes, limits, by, bool(flow.conditions))}

    def _by(self, by: s.Destination) -> int | str | None:
        """The key, where it is equal weights or a name by itself."""
        if isinstance(by, s.Equally):
            return 1
        key = by.key if isinstance(by, s.ByKey) else None
        name = key.name.text if isinstance(key, s.Ref) else None
        known = isinstance(self.result.values.get(name or ""), Column)
        return name if known and not self._is_pot(name) else None

    def _is_pot(self, name: str | None) -> bool:
        return isinstance(self._program.symbols.get(name or ""), s.Pot)

    def _split(
        self, pot: s.Pot, reason: Shared, amounts: tuple[int, ...], residue: int = 0
    ) -> "_Split":
        bearer = self._bearer(pot, reason.rounding)
        return _Split(
            reason.key, reason.total, amounts, reason.rounding, reason.unit, bearer, residue
        )

    def _bearer(self, pot: s.Pot, rounding: s.Rounding) -> str | list[str] | None:
        """Who bears the difference of rounding, or gets what rounding down leaves."""
        bearer, register = rounding.difference, self._program.register_of(pot)
        if not isinstance(bearer, s.Name):
            return "largest" if bearer else None
        position = register.position(bearer.text)
        to_pot = rounding.method is s.Method.DOWN and self._is_pot(bearer.text)
        if to_pot or position is None:
            return ["out", bearer.text]
        return ["recipient", register.recipients[position].code]

    def _met(self, flow: s.Flow, length: int) -> list[int]:
        """One for each recipient who meets the line's conditions, zero for the others."""
        met = [1] * length
        for condition in flow.conditions:
            gaps = [
                self._value(one.left) - self._value(one.right) for one in condition.alternatives
            ]
            rows = [gap.spread(length).values for gap in gaps]
            holds = [HOLDS[one.relation] for one in condition.alternatives]
            for place in range(length):
                met[place] *= any(hold(row[place]) for hold, row in zip(holds, rows, strict=True))
        return met

    def _limits(self, flow: s.Flow, moved: int, length: int) -> "_Limits":
        """Floors and ceilings of a line, zero for those who do not take part."""
        met = Column(tuple(self._met(flow, length)))
        sides = []
        for side in (flow.limit("at_least"), flow.limit("at_most")):
            row = None if side is None else self._limit(side, moved).spread(length) * met
            sides.append(None if row is None else row.values)
        return sides[0], sides[1]

    def _each(self, pot: s.Pot, number: int, moved: Movement) -> Data:
        flow, register = pot.flows[number], self._program.register_of(pot)
        met = self._met(flow, len(register))
        rows = zip(register.recipients, met, moved.amounts, strict=True)
        return {
            "to": "each",
            "rows": [[one.code, part, amount] for one, part, amount in rows],
            "reduced": self._reduced(pot, number, met, moved.amounts),
        }

    def _reduced(
        self, pot: s.Pot, number: int, met: Sequence[int], amounts: tuple[int, ...]
    ) -> Data | None:
        """How claims were reduced in proportion, if they were."""
        flow, program = pot.flows[number], self._program
        if not flow.in_proportion:
            return None
        amount = flow.amount
        stated = lines.whole_amount(program, amount) if isinstance(amount, s.Quantity) else None
        earned = self._value(amount) if isinstance(amount, s.Ref) else Column((stated or 0,))
        claims = earned.spread(len(met)) * Column(tuple(met))
        others = [
            n
            for n, one in enumerate(pot.flows)
            if n != number and not isinstance(one.amount, s.Rest)
        ]
        left = max(self.result.holds[pot.name.text] - sum(self._sent(pot, n) for n in others), 0)
        if sum(claims.numerators) <= left:
            return None
        rounding = program.rounding_of(pot, flow)
        unit = lines.rounding_unit(program, rounding)
        total = min(left // unit, sum(one // unit for one in claims.numerators)) * unit
        bearer, residue = self._bearer(pot, rounding), total - sum(amounts)
        split = _Split(claims, total, amounts, rounding, unit, bearer, residue)
        codes = [one.code for one in program.register_of(pot).recipients]
        return split.data(codes, (None, claims.values))

    def _levels(self, pot: s.Pot, number: int, moved: Movement, reason: Nested) -> Data:
        flow = pot.flows[number]
        assert flow.within is not None
        assert moved.register is not None
        destination = flow.destination
        key = destination.key if isinstance(destination, s.ByKey) else None
        register = moved.register
        outer = self._split(pot, reason.outer, reason.amounts)
        areas = [one.code for one in reason.areas.recipients]
        lows, highs = self._limits(flow, moved.total, len(register))
        inner: list[Data | None] = []
        for area, shared in enumerate(reason.inner):
            if shared is None:
                inner.append(None)
                continue
            places = [place for place, one in enumerate(reason.area_of) if one == area]
            split = self._split(pot, shared, moved.amounts).at(places)
            limits = tuple(
                None if row is None else [row[place] for place in places] for row in (lows, highs)
            )
            codes = [register.recipients[place].code for place in places]
            by = self._by(flow.within.destination)
            inner.append(split.data(codes, (limits[0], limits[1]), by, bool(flow.conditions)))
        return {
            "to": "levels",
            "areas": reason.areas.noun,
            "added": key is not None and self._program.adds_up(key, register),
            "outer": outer.data(areas, by=self._by(destination)),
            "inner": inner,
        }


def _cells(values: Values) -> Iterator[tuple[tuple[str, ...], Column]]:
    """The columns of a name, each with its members of the axes, if there are any."""
    yield from values.columns.items() if isinstance(values, Grid) else (((), values),)


# ---------------------------------------------------------------- splits


_Limits = tuple[Sequence[Fraction] | None, Sequence[Fraction] | None]


@frozen
class _Split:
    """A sum shared in whole units; money in the ledger's unit."""

    key: Column
    total: int
    amounts: tuple[int, ...]
    rounding: s.Rounding
    unit: int
    bearer: str | list[str] | None = None
    residue: int = 0

    def at(self, places: Sequence[int]) -> "_Split":
        """The split among some of the recipients, who got all of it."""
        amounts = tuple(self.amounts[place] for place in places)
        return evolve(self, key=self.key.at(places), amounts=amounts)

    def data(
        self,
        codes: Sequence[str],
        limits: _Limits = (None, None),
        by: int | str | None = None,
        conditions: bool = False,
    ) -> Data:
        low, high = ([None] * len(codes) if row is None else map(exact, row) for row in limits)
        tops = map(exact, self.key.numerators)
        rate, plain = self._rate(*limits), self._plain_rate()
        return {
            "by": by,
            "conditions": conditions,
            "method": self.rounding.method.value,
            "ties": (self.rounding.ties or s.Ties.CODE).value,
            "bearer": self.bearer,
            "unit": self.unit,
            "over": exact(self.key.denominator),
            "rate": None if rate is None else exact(rate),
            "spreadsheet": None if plain is None else exact(plain),
            "rows": [list(row) for row in zip(codes, tops, low, high, self.amounts, strict=True)],
            "residue": self.residue,
        }

    def _rate(
        self, low: Sequence[Fraction] | None, high: Sequence[Fraction] | None
    ) -> Fraction | None:
        """Units for each unit of weight at which exact shares, kept within limits, are the sum."""
        units = self.total // self.unit
        size, length = Column((self.unit,)), len(self.key)
        floors, ceilings = [0] * length, [units] * length
        if low is not None:
            raised = round_each(Column.of(low) / size, s.Method.UP)
            floors = [max(one, 0) for one in raised]
        if high is not None:
            ceilings = list(round_each(Column.of(high) / size, s.Method.DOWN))
        if not any(floors) and high is None:
            return units / self.key.total().scalar
        if self.rounding.method is s.Method.SAINTE_LAGUE:
            return None  # its limits are kept by rounded shares, at a rate of their own
        return _common_rate(units, self.key.values, list(zip(floors, ceilings, strict=True)))

    def _plain_rate(self) -> Fraction | None:
        """The rate with which plain rounding gives every amount of a Sainte-Laguë table."""
        if self.rounding.method is not s.Method.SAINTE_LAGUE:
            return None
        return certifying_rate([one // self.unit for one in self.amounts], self.key.values)


def _common_rate(
    units: int, weights: Sequence[Fraction], bounds: Sequence[tuple[int, int]]
) -> Fraction:
    """The lowest rate at which rate × weight, kept within bounds, uses up the units."""

    def used(rate: Fraction) -> Fraction:
        pairs = zip(weights, bounds, strict=True)
        shares = (min(max(rate * w, Fraction(lo)), Fraction(hi)) for w, (lo, hi) in pairs)
        return sum(shares, Fraction(0))

    weighed = [(w, pair) for w, pair in zip(weights, bounds, strict=True) if w]
    points = sorted({Fraction(0), *(bound / w for w, pair in weighed for bound in pair)})
    place = bisect_left(points, True, key=lambda rate: used(rate) >= units)
    if place == 0:
        return points[0]
    low, high = points[place - 1 : place + 1]
    return low + (units - used(low)) * (high - low) / (used(high) - used(low))
