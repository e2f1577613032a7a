"""Proves a certificate of Fördela's, alone: ``python certificate_checker.py FILE``.

It shares no code with the engine, which finds the amounts; this only sees that they are the one
answer, by arguments that docs/certificate.md explains. Exit code 0 when all is proved, otherwise 1.
"""

import hashlib
import json
import re
import sys
from collections.abc import Iterable
from fractions import Fraction
from graphlib import TopologicalSorter
from math import ceil, floor, lcm, trunc
from pathlib import Path
from typing import Any, NoReturn

MAX_BYTES, MAX_DIGITS, MAX_PARTS, MAX_BITS = 20_000_000, 4_000, 200, 20_000
EXACT = re.compile(r"-?[1-9][0-9]{0,3999}/[1-9][0-9]{0,3999}")
FORMAT = "fordela-certificate-1"
POT = "pot recipients held stated unit parts lines adjustments amounts"
LINE = "text paid takes gives total"
SPLIT = "by conditions method ties bearer unit over rate spreadsheet rows residue"
WHY = {
    "file": ("cannot be read, or is too large", "går inte att läsa, eller är för stor"),
    "form": ("missing, unknown or of the wrong kind", "saknas, är okänt eller av fel slag"),
    "seal": ("changed since it was written", "ändrat sedan det skrevs"),
    "value": ("does not follow from what is stated", "följer inte av det som står"),
    "total": ("not what there is to share", "inte det som finns att dela"),
    "answer": ("not the method's answer", "inte metodens svar"),
    "sums": ("what comes in is not what goes out", "det som kommer in är inte det som går ut"),
}
CONSERVING = ("largest_remainder", "sainte_lague")
NOT_PROVED = (
    "not proved: that other weights and limits are the rules', and figures the files'",
    "inte bevisat: att andra vikter och gränser är reglernas, och siffrorna filernas",
)


class Refused(Exception):  # noqa: N818 - named for the fact
    """The certificate does not prove what it claims."""


def refuse(why: str) -> NoReturn:
    """Stop: something does not hold."""
    raise Refused(why)


def need(holds: bool, why: str = "form") -> None:
    """Stop unless something holds."""
    if not holds:
        refuse(why)


def fields(value: Any, names: str) -> list[Any]:
    """What stands under these names, and there are no others."""
    need(type(value) is dict and sorted(value) == sorted(names.split()))
    return [value[name] for name in names.split()]


def listed(value: Any, length: int | None = None) -> list[Any]:
    """A list, of this length."""
    need(type(value) is list and length in (None, len(value)))
    return list(value)


def text(value: Any) -> str:
    """A text."""
    need(type(value) is str)
    return str(value)


def whole(value: Any) -> int:
    """A whole number, which ``true`` is not."""
    need(type(value) is int)
    return int(value)


def exact(value: Any) -> Fraction:
    """A whole number, or a fraction in lowest terms as ``"1/3"``: each number has one spelling."""
    if type(value) is not str:
        return Fraction(whole(value))
    need(EXACT.fullmatch(value) is not None)
    need(str(Fraction(value)) == value)
    return Fraction(value)


def alone(value: Fraction, method: str) -> int:
    """A number rounded by itself; a negative one as the mirror image of the positive one."""
    over = {"nearest": abs(value) % 1 * 2 >= 1, "up": value % 1 > 0, "down": False}
    need(method in over)
    return (floor(abs(value)) + over[method]) * (1 if value >= 0 else -1)


class Split:
    """A sum shared in whole units: rows of code, weight, floor, ceiling and amount."""

    def __init__(self, codes: list[str], total: int, said: Any) -> None:
        _, _, self.method, ties, bearer, unit, over, *rates, rows, self.left = fields(said, SPLIT)
        self.over = over
        rows = [listed(row, 5) for row in listed(rows, len(codes))]
        need([text(row[0]) for row in rows] == codes)
        need(whole(unit) > 0 and whole(over) > 0 and ties in ("code", "largest"))
        self.weights = [whole(row[1]) for row in rows]
        need(any(self.weights) and min(self.weights) >= 0, "value")
        self.amounts = [whole(row[4]) for row in rows]
        need(sum(self.amounts) + whole(self.left) == total, "total")
        need(all(one % unit == 0 for one in (*self.amounts, self.left)), "answer")
        need(sum(self.amounts) <= 0 or min(self.amounts) >= 0, "answer")
        self.floors = [0 if x is None else max(ceil(exact(x) / unit), 0) for _, _, x, _, _ in rows]
        tops = [None if x is None else trunc(exact(x) / unit) for _, _, _, x, _ in rows]
        self.limited = any(self.floors) or any(one is not None for one in tops)
        need(total >= 0 or all(row[2:4] == [None, None] for row in rows), "total")
        # A negative sum is the mirror image of the positive one.
        sign = 1 if total >= 0 else -1
        self.units = abs(total) // unit
        self.given = [sign * one // unit for one in self.amounts]
        self.ceilings = [self.units if one is None else one for one in tops]
        self.bounds = list(zip(self.floors, self.ceilings, strict=True))
        self.order = [(-w * (ties == "largest"), i) for i, w in enumerate(self.weights)]
        self.rate, self.plain = (x if x is None else exact(x) * sign / over for x in rates)
        self.bearer, self.outside = self.bearing(bearer, codes)
        self.average = Fraction(self.units, sum(self.weights))
        if self.method == "sainte_lague":
            need(bearer is None and not self.left, "answer")
            need(self.rate == (None if self.limited else self.average), "value")
            self.prove_claims()
        else:
            need(self.plain is None)
            remainders = self.method == "largest_remainder"
            self.prove_remainders() if remainders else self.prove_alone()

    def bearing(self, said: Any, codes: list[str]) -> tuple[int | str | None, str | None]:
        """Who bears a difference: a position, the largest or nobody; and who gets a residue."""
        if said is None or said == "largest":
            return said, None
        kind, name = listed(said, 2)
        need(kind == "out" or (kind == "recipient" and name in codes))
        return (codes.index(name), None) if kind == "recipient" else (None, text(name))

    def prove_claims(self) -> None:
        """Sainte-Laguë: no unit held is a weaker claim, 2n − 1 to the weight, than one not held."""
        rows = list(zip(self.given, self.weights, self.bounds, self.order, strict=True))
        need(all(lo <= a <= hi and (w or a == lo) for a, w, (lo, hi), _ in rows), "answer")
        held = [(Fraction(2 * a - 1, w), rank) for a, w, (lo, _), rank in rows if a > lo]
        wanted = [(Fraction(2 * a + 1, w), rank) for a, w, (_, hi), rank in rows if w and a < hi]
        need(not held or not wanted or max(held) < min(wanted), "answer")
        if self.plain is not None:  # a rate at which plain rounding in a spreadsheet gives them
            need(all(alone(self.plain * w, "nearest") == a for a, w, _, _ in rows), "answer")

    def shares(self) -> tuple[list[Fraction], list[int]]:
        """Exact shares at the one rate that uses up the sum, and whom no limit holds."""
        if self.rate is None:
            refuse("form")
        exactly = [self.rate * w for w in self.weights]
        if not self.limited:
            need(self.rate == self.average, "value")
            return exactly, list(range(len(exactly)))
        rows = list(zip(self.weights, exactly, self.bounds, strict=True))
        need(all(lo <= hi for lo, hi in self.bounds), "value")
        free = [i for i, (_, x, (lo, hi)) in enumerate(rows) if lo < x < hi]
        found = [min(max(x, Fraction(lo)), Fraction(hi)) for _, x, (lo, hi) in rows]
        need(sum(found) == self.units, "value")
        if not free:  # of many rates that use up the sum, the lowest
            full = (Fraction(hi, w) for w, x, (lo, hi) in rows if lo < hi <= x)
            need(self.rate == max(full, default=0), "value")
        return found, free

    def prove_remainders(self) -> None:
        """Exchange: nobody without the extra unit has a larger remainder than one with it."""
        need(self.bearer is None and self.outside is None and not self.left, "answer")
        shares, free = self.shares()
        extra = [a - floor(x) for a, x in zip(self.given, shares, strict=True)]
        need(set(extra) <= {0, 1} and sum(extra) == sum(extra[i] for i in free), "answer")
        got = [(-(shares[i] % 1), self.order[i]) for i in free if extra[i]]
        not_got = [(-(shares[i] % 1), self.order[i]) for i in free if not extra[i]]
        need(not got or max(got) < min(not_got), "answer")

    def prove_alone(self) -> None:
        """Each rounded by itself, the difference to its bearer, past limits to the next largest."""
        need(self.method in ("nearest", "down"))
        shares, free = self.shares()
        amounts = [alone(one, self.method) for one in shares]
        missing = self.units - sum(amounts)
        if self.bearer is None:
            need(self.method == "down" and self.given == amounts, "answer")
            return
        queue = sorted(free, key=lambda i: (-self.weights[i], i))
        queue = queue if self.bearer == "largest" else [int(self.bearer), *queue]
        for i in queue:
            lo, hi = self.bounds[i]
            borne = amounts[i] + missing
            borne = min(max(borne, lo), hi) if self.limited else borne
            missing -= borne - amounts[i]
            amounts[i] = borne
        need(self.given == amounts, "answer")


class Certificate:
    """A certificate, proved from its inputs to its last krona; ``where`` is what is looked at."""

    def __init__(self) -> None:
        self.where, self.splits, self.weighed, self.came, self.got = "", 0, 0, 0, 0
        self.incoming: dict[str, int] = {}
        self.values: dict[tuple[str, ...], tuple[str | None, list[Fraction]]] = {}
        self.others: dict[str, int] = {}

    def prove(self, data: Any) -> None:
        """Prove all of it, or stop."""
        form, about, unit, inputs, steps, items, pots, others, sums, seal = fields(
            data, "format about unit inputs steps items pots others sums seal"
        )
        need(form == FORMAT and unit in ("kr", "öre"))
        self.krona = 1 if unit == "kr" else 100
        plain = json.dumps({**data, "seal": None}, sort_keys=True, separators=(",", ":"))
        need(seal == hashlib.sha256(plain.encode()).hexdigest(), "seal")
        for one in fields(about, "ruleset year decision engine day scenario"):
            need(one is None or type(one) in (str, int))
        files, registers, figures = fields(inputs, "files recipients figures")
        need(type(files) is dict and type(registers) is dict)
        need(all(re.fullmatch("[0-9a-f]{64}", text(one)) for one in files.values()))
        self.codes = {noun: self.register(one) for noun, one in registers.items()}
        self.inside = {noun: self.areas(noun, one) for noun, one in registers.items()}
        for figure in listed(figures):
            name, cell, of, source, values = fields(figure, "name cell of source values")
            need(source is None or type(source) is str)
            self.define(name, cell, of, values)
        for step in listed(steps):
            name, cell, of, said, rounded, values = fields(step, "name cell of text rounded values")
            need(type(said) is str)
            self.define(name, cell, of, values)
            self.rounded(rounded, values)
        self.pots = {text(fields(one, POT)[0]): one for one in listed(pots)}
        need(len(self.pots) == len(pots))
        self.fill(listed(items))
        for pot_name, pot in self.pots.items():
            self.pot(pot_name, pot)
        need(others == self.others and all(type(one) is int for one in others.values()), "sums")
        need(fields(sums, "in out") == [self.came, self.got + sum(self.others.values())], "sums")
        need(whole(sums["in"]) == whole(sums["out"]), "sums")

    # ------------------------------------------------------------ what it rests on

    def register(self, said: Any) -> list[str]:
        """The codes of all who can receive money, in the order in which equals are served."""
        pairs = [listed(one, 2) for one in listed(fields(said, "codes within")[0])]
        codes = [text(code) for code, name in pairs if type(name) is str]
        need(len(set(codes)) == len(pairs) and bool(pairs))
        return codes

    def areas(self, noun: str, said: Any) -> dict[str, dict[int, list[int]]]:
        """For each kind of larger areas the positions of those who lie in each of them."""
        found: dict[str, dict[int, list[int]]] = {}
        need(type(said["within"]) is dict)
        for kind, places in said["within"].items():
            need(kind in self.codes)
            found[kind] = {}
            for i, area in enumerate(listed(places, len(self.codes[noun]))):
                found[kind].setdefault(whole(area), []).append(i)
            need(all(0 <= area < len(self.codes[kind]) for area in found[kind]))
        return found

    def define(self, name: Any, cell: Any, of: Any, values: Any) -> None:
        """A name's numbers: one for each recipient, or a single one."""
        key = (text(name), *map(text, listed(cell)))
        self.where = ", ".join(key)
        need(key not in self.values and (of is None or text(of) in self.codes))
        row = listed(values, 1 if of is None else len(self.codes[of]))
        self.values[key] = of, [exact(one) for one in row]
        common = 1  # without a limit of what they are over, their sum could take hours
        for one in self.values[key][1]:
            common = lcm(common, one.denominator)
            need(common.bit_length() <= MAX_BITS)

    def numbers(self, name: Any) -> tuple[str | None, list[Fraction]]:
        """A name's numbers, and the kind of recipients that they are of; None if it is one."""
        need((text(name),) in self.values, "value")
        return self.values[(name,)]

    def spread(self, name: Any, noun: str) -> list[Fraction]:
        """A name's number for each of these recipients, or of others who have the same codes."""
        of, row = self.numbers(name)
        need(of is None or self.codes[of] == self.codes[noun], "value")
        return row * len(self.codes[noun]) if of is None else row

    def rounded(self, said: Any, values: Any) -> None:
        """Amounts that are earned: each exact number rounded alone."""
        if said is None:
            return
        method, unit, before = fields(said, "method unit exact")
        size = exact(unit)
        need(size > 0)
        for one, number in zip(listed(before, len(values)), values, strict=True):
            need(alone(exact(one) / size, text(method)) * size == exact(number), "value")

    # ------------------------------------------------------------ money in, money out

    def fill(self, items: list[Any]) -> None:
        """What each pot holds: its own amount, or all that lines elsewhere send to it."""
        for item in items:
            name, amount, lines = fields(item, "item amount lines")
            self.where = text(name)
            paid = [fields(one, "text to amount paid") for one in listed(lines)]
            need(sum(whole(one) for _, _, one, _ in paid) == whole(amount), "sums")
            self.came += amount
            for said, to, one, early in paid:
                need(type(said) is str and type(early) is bool)
                self.send(to, one)
        needs: dict[str, set[str]] = {name: set() for name in self.pots}
        for name, pot in self.pots.items():
            need(text(pot["recipients"]) in self.codes)
            for line in listed(pot["lines"]):
                _, _, takes, gives, total = fields(line, LINE)
                need(bool(listed(takes)) and type(gives) is dict)
                to, amount = gives.get("name"), whole(total)
                if gives.get("to") == "shares":
                    fields(gives.get("split"), SPLIT)
                    bearer, amount = gives["split"]["bearer"], whole(gives["split"]["residue"])
                    to = listed(bearer, 2)[1] if type(bearer) is list and amount else None
                if to is not None:
                    self.send(to, amount)
                    if to in needs and takes[0] not in ("amount", "name"):
                        needs[to].add(name)
        # A pot that fills itself, by way of others, would have no one amount: that is an error.
        TopologicalSorter(needs).prepare()

    def send(self, to: Any, amount: int) -> None:
        """Money to a pot, or out of the registers."""
        chosen = self.incoming if text(to) in self.pots else self.others
        chosen[to] = chosen.get(to, 0) + amount

    def pot(self, name: str, pot: Any) -> None:
        """That a pot's lines take what they should, and all of it together."""
        _, noun, held, stated, unit, parts, lines, adjustments, amounts = fields(pot, POT)
        self.where, codes = name, self.codes[noun]
        need(whole(held) == (self.incoming.get(name, 0) if stated is None else stated), "total")
        need(held == self.incoming.get(name, held), "total")
        self.came += 0 if name in self.incoming else held
        need(stated is None or type(stated) is int)
        self.place = {code: i for i, code in enumerate(codes)}
        self.row = [0] * len(codes)
        shares = self.parts(held, unit, parts, lines)
        # Of two lines that are reduced nothing would say which of them is, and how much.
        need(sum(line["gives"].get("reduced") is not None for line in lines) <= 1)
        fixed = sum(line["total"] for line in lines if line["takes"][0] != "rest")
        left = held - fixed
        for n, line in enumerate(lines):
            self.where = f"{name}, {n + 1}"
            said, paid, (kind, *rest), gives, total = fields(line, LINE)
            need(type(said) is str and type(paid) is bool)
            if kind in ("amount", "name"):
                self.stated(noun, [kind, *rest], gives, total, held - fixed + total)
            elif kind == "rest":
                (said,) = listed(rest, 1)
                top = None if said is None else exact(said)
                need(left >= 0 if held >= 0 else (held <= left <= 0 and top is None), "total")
                need(total == (left if top is None else min(left, max(trunc(top), 0))), "total")
                left -= total
            else:
                need(kind == "part" or (kind == "all" and not rest))
                need(total == (held if kind == "all" else shares[n]), "total")
            self.share(noun, gives, total, kind in ("amount", "name"))
        self.where = name
        for one in listed(adjustments):
            said, to, amount = fields(one, "text to amount")
            need(type(said) is str and text(to) in self.place)
            self.row[self.place[to]] += whole(amount)
            left -= amount
        need(left == 0, "sums")
        need(held <= 0 or min(self.row) >= 0, "total")
        rows = [listed(one, 2) for one in listed(amounts)]
        need([text(code) for code, _ in rows] == codes)
        need([whole(one) for _, one in rows] == self.row, "sums")
        self.got += sum(self.row)

    def parts(self, held: int, unit: Any, said: Any, lines: list[Any]) -> dict[int, int]:
        """Parts of a pot, rounded together with the rest as the last of them, if there is one."""
        places = [n for n, line in enumerate(lines) if line["takes"][0] == "part"]
        need(len(places) <= MAX_PARTS)
        shares = [exact(listed(lines[n]["takes"], 2)[1]) for n in places]
        need(all(one.denominator < 10**9 and one > 0 for one in shares))
        if not places:
            need(unit is None and said is None)
            return {}
        rest = any(line["takes"][0] == "rest" for line in lines)
        weights = [*shares, 1 - sum(shares)] if rest else shares
        total = held * sum(weights, Fraction(0))
        need(whole(unit) > 0 and total.denominator == 1)
        size = next(one for one in (unit, self.krona, 1) if total % one == 0)
        amounts = [held * one for one in shares]
        if all(one % size == 0 for one in amounts):
            need(said is None)
            return dict(zip(places, map(int, amounts), strict=True))
        names = [str(n + 1) for n in places] + ["rest"] * rest
        split = self.split(names, int(total), said)
        need(said["unit"] == size and split.method in CONSERVING and not split.limited)
        need([Fraction(w, split.over) for w in split.weights] == weights, "value")
        return dict(zip(places, split.amounts, strict=False))

    def stated(self, noun: str, takes: list[Any], gives: Any, total: int, available: int) -> None:
        """A fixed or an earned amount; to each, perhaps reduced when the pot falls short."""
        kind, one = listed(takes, 2)
        if gives.get("to") != "each":
            row = [Fraction(whole(one))] if kind == "amount" else self.numbers(one)[1]
            need(min(row) >= 0 and sum(map(int, row)) == total, "total")
            need(all(one.denominator == 1 for one in row), "value")
            return
        codes, (_, rows, reduced) = self.codes[noun], fields(gives, "to rows reduced")
        rows = [listed(one, 3) for one in listed(rows, len(codes))]
        need([text(code) for code, _, _ in rows] == codes)
        fixed = kind == "amount"
        row = [Fraction(whole(one))] * len(codes) if fixed else self.spread(one, noun)
        need(all(whole(met) in (0, 1) for _, met, _ in rows), "value")
        claims = [one * met for (_, met, _), one in zip(rows, row, strict=True)]
        need(min(claims) >= 0, "value")
        amounts = [whole(one) for _, _, one in rows]
        need(sum(amounts) == total, "total")
        if reduced is None:
            need(amounts == claims, "value")
            return
        fields(reduced, SPLIT)
        unit, left = whole(reduced["unit"]), max(available, 0)
        need(unit > 0 and sum(map(int, claims)) > left, "total")
        most = min(left // unit, sum(int(one) // unit for one in claims)) * unit
        split = self.split(codes, most, reduced)
        need(split.weights == claims and split.over == 1 and split.amounts == amounts, "value")
        need(all(one[2] is None and one[3] == one[1] for one in reduced["rows"]), "value")

    def share(self, noun: str, gives: Any, total: int, each: bool) -> None:
        """Who gets what a line moves."""
        to, codes = gives.get("to"), self.codes[noun]
        if to == "out":
            text(fields(gives, "to name")[1])
        elif to == "recipient":
            need(text(fields(gives, "to code")[1]) in self.place)
            self.row[self.place[gives["code"]]] += total
        elif to == "each":
            need(each)
            self.give(range(len(codes)), [one for _, _, one in gives["rows"]])
        elif to == "shares":
            split = self.split(codes, total, fields(gives, "to split")[1], noun)
            need(not split.left or split.outside is not None, "sums")
            self.give(range(len(codes)), split.amounts)
        else:
            self.levels(noun, codes, gives, total)

    def levels(self, noun: str, codes: list[str], gives: Any, total: int) -> None:
        """Areas share first, then those who lie in each of them."""
        to, kind, added, outer, inner = fields(gives, "to areas added outer inner")
        need(to == "levels" and text(kind) in self.inside[noun] and type(added) is bool)
        areas = self.codes[kind]
        members = [self.inside[noun][kind].get(i, []) for i in range(len(areas))]
        by, conditions, *rule = fields(outer, SPLIT)[:6]
        # An area gets the sum of its recipients' figures: they must have one each.
        need(not added or by is None or self.numbers(by)[0] is not None)
        groups = members if added else None
        first = self.split(areas, total, outer, noun if added else kind, groups)
        need(not first.left, "sums")
        # The areas have no limits or conditions, and in each of them the line is the same.
        need(not first.limited and not conditions)
        within = [fields(one, SPLIT)[:6] for one in listed(inner, len(areas)) if one is not None]
        need(all(one == within[0] and one[2:] == rule for one in within))
        rows = zip(members, first.amounts, inner, strict=True)
        for places, amount, said in rows:
            if said is None:
                need(amount == 0, "total")
                continue
            own = [codes[i] for i in places]
            split = self.split(own, amount, said, noun, [[i] for i in places])
            need(not split.left, "sums")
            self.give(places, split.amounts)

    def give(self, places: Iterable[int], amounts: list[int]) -> None:
        """Add to what recipients get of the pot."""
        for i, amount in zip(places, amounts, strict=True):
            self.row[i] += amount

    def split(
        self,
        codes: list[str],
        total: int,
        said: Any,
        noun: str | None = None,
        groups: list[list[int]] | None = None,
    ) -> Split:
        """A split, proved; its weights are those of the key where that is a name by itself."""
        split = Split(codes, total, said)
        by, conditions = said["by"], said["conditions"]
        need(type(conditions) is bool)
        self.splits += 1
        if by is None:
            return split
        self.weighed += 1
        if noun is None:  # no key: the weights are parts of a pot, or claims
            refuse("form")
        groups = [[i] for i in range(len(codes))] if groups is None else groups
        equal = type(by) is int and by == 1
        row = [Fraction(1)] * len(self.codes[noun]) if equal else self.spread(by, noun)
        for weight, places in zip(split.weights, groups, strict=True):
            sought = sum(row[i] for i in places) * split.over
            need(weight == sought or (conditions and weight == 0), "value")
        return split


def strict(data: bytes) -> Any:
    """JSON with whole numbers only, no name twice, and nothing after it."""

    def number(digits: str) -> int:
        need(len(digits) <= MAX_DIGITS and digits != "-0")
        return int(digits)

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        need(len(dict(pairs)) == len(pairs))
        return dict(pairs)

    def never(_: str) -> NoReturn:
        refuse("form")

    return json.loads(
        data.decode(),
        parse_int=number,
        parse_float=never,
        parse_constant=never,
        object_pairs_hook=once,
    )


def read(path: str) -> bytes:
    """A file's bytes, if it is one and not too large."""
    need(Path(path).is_file(), "file")
    with Path(path).open("rb") as opened:
        data = opened.read(MAX_BYTES + 1)
    need(len(data) <= MAX_BYTES, "file")
    return data


def kronor(units: int, krona: int, mark: str) -> str:
    """An amount in kronor or öre, with this mark of decimals."""
    whole_kronor, rest = divmod(abs(units), krona)
    sign, blank = "\N{MINUS SIGN}" if units < 0 else "", "\N{NO-BREAK SPACE}"
    decimals = f"{mark}{rest:02}" if krona > 1 else ""
    return f"{sign}{whole_kronor:,}".replace(",", blank) + f"{decimals}{blank}kr"


def verdict(data: bytes) -> tuple[bool, list[str]]:
    """Whether a certificate is proved, and what to say of it in English and in Swedish."""
    one, why = Certificate(), "form"
    try:
        one.prove(strict(data))
    except Refused as refused:
        why = str(refused)
    except (ValueError, RecursionError, MemoryError):
        pass  # no JSON, too deep, too large, or a circle of pots
    else:
        counts = len(one.pots), one.splits, one.weighed
        english = "PROVED: {} pots, {} splits (weights recomputed in {}), in = out = {}; {}"
        swedish = "BEVISAT: {} potter, {} delningar (vikterna omräknade i {}), in = ut = {}; {}"
        sums = (kronor(one.came, one.krona, mark) for mark in ".,")
        said = zip((english, swedish), sums, NOT_PROVED, strict=True)
        return True, [words.format(*counts, money, rest) for words, money, rest in said]
    return False, refusal(one.where, ("certificate", "intyget"), why)


def refusal(where: str, unknown: tuple[str, str], why: str) -> list[str]:
    """That something does not hold, in English and in Swedish, and where if that is known."""
    place = "".join(c if c.isprintable() else "?" for c in where[:80])
    said = zip(("REFUSED", "UNDERKÄNT"), unknown, WHY[why], strict=True)
    return [f"{word}: {place or thing}: {text}" for word, thing, text in said]


def main(arguments: list[str]) -> int:
    """Say the verdict of a file in one line a language; 0 when it is proved, otherwise 1."""
    try:
        proved, said = verdict(read(arguments[0]))
    except (OSError, IndexError, ValueError, Refused):
        proved, said = False, refusal(next(iter(arguments), ""), ("FILE", "FIL"), "file")
    sys.stdout.buffer.write("".join(f"{one}\n" for one in said).encode())
    return 0 if proved else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
